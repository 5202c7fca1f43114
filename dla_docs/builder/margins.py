"""Les marges d'un modèle Word : les logos en tête de la première page, ce qui dit de quel document
est chaque page, et le titre du fichier.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dla_docs.builder.identity import leading
from dla_docs.builder.items import Item
from dla_docs.builder.printed_words import typeset
from dla_docs.builder.wml import Element, directive, field, paragraph, run, twips, w
from dla_docs.model.document import Document
from dla_docs.model.layout import Genre
from dla_docs.model.node import Kind

BETWEEN = "\N{EM SPACE}\N{EM SPACE}"
MENTION, FUNDERS = "profil.mention_des_financeurs", "profil.logos_financeurs"
AUTHOR = "operateur.nom"
# Characters, at the size of the margins: a name is shortened there to hold on its line.
PER_CM, DASH, DATE, MORE, NUMBERS = 6, 3, 24, 16, 16
DAY, REFERENCE = "profil.date", "profil.reference"  # of what says none itself, the mission's
CHARTER = "profil.pied_de_page"  # the line of the operator's charter


def first_header(model: type[Document]) -> Element:
    """L'en-tête de la première page : les logos du DLA et de l'opérateur, puis la mention et les
    logos des financeurs, s'il y en a ; tous sur une ligne quand la page est large. Une page de
    garde a ceux des financeurs à son pied.
    """
    if model.genre is Genre.DOSSIER:
        return w("hdr", *logos_line("profil.logos"), paragraph("Intervalle"))
    if model.paysage:
        mention = "{% if " + MENTION + " %}" + BETWEEN + "{{ " + MENTION + " }}{% endif %}"
        all_ = [run(_loop("profil.logos")), run(mention), run(BETWEEN + _loop(FUNDERS))]
        some = f"profil.logos or {MENTION} or {FUNDERS}"
        line = (directive(f"if {some}"), paragraph("Logos", *all_), directive("endif"))
        return w("hdr", *line, paragraph("Intervalle"))
    return w("hdr", *logos_line("profil.logos"), *funders(), paragraph("Intervalle"))


def funders() -> tuple[Element, ...]:
    """La mention des financeurs et leurs logos."""
    return (
        directive(f"if {MENTION}"),
        paragraph("En-tte", run("{{ " + MENTION + " }}")),
        directive("endif"),
        *logos_line(FUNDERS),
    )


def logos_line(images: str) -> tuple[Element, ...]:
    """Des logos sur une ligne, s'il y en a."""
    return directive(f"if {images}"), paragraph("Logos", run(_loop(images))), directive("endif")


def _loop(images: str) -> str:
    last = "{% if not loop.last %}" + BETWEEN + "{% endif %}"
    return "{% for logo in " + images + " %}{{ logo }}" + last + "{% endfor %}"


def next_header(model: type[Document], width: float) -> Element:
    """L'en-tête des pages suivantes : l'opérateur, à droite ce dont il s'agit."""
    head = leading(model)
    most = _letters(width) - len(_title(model)) - 2 * DASH
    author = printed(AUTHOR, most) if any(item.node.name == "operateur" for item in head) else ""
    line = paragraph("EnTeteCourant", run(author), w("r", w("tab")), run(_title(model)))
    return w("hdr", _with_tab(line, width))


def footer(model: type[Document], width: float) -> Element:
    """Le pied de page : le titre, la référence, la date, la page sur leur nombre ; puis la
    structure, le prestataire ou le participant ; puis la ligne de la charte.
    """
    head = leading(model)
    room = _letters(width) - len(_title(model)) - NUMBERS - 2 * DASH - DATE
    said = [*(_after(path, room) for path in _references(head)), _after(DAY)]
    pages = (run("Page\N{NO-BREAK SPACE}"), field("PAGE"), run(" / "), field("NUMPAGES"))
    title = run(_title(model) + "".join(said))
    first = _with_tab(paragraph("Pieddepage", title, w("r", w("tab")), *pages), width)
    names = _about(model, head)
    most = (_letters(width) - MORE) // max(1, len(names)) - DASH
    return w("ftr", first, *_line(names, _joined(names, most)), *_line([CHARTER], printed(CHARTER)))


def _letters(width: float) -> int:
    return int(width * PER_CM)


def _line(paths: list[str], words: str) -> tuple[Element, ...]:
    if not paths:
        return ()
    test = " or ".join(paths)
    return (
        directive(f"if {test}"),
        paragraph("PiedDePageSuite", run(words)),
        directive("endif"),
    )


def _title(model: type[Document]) -> str:
    """In the margins, a line that one takes in at a glance."""
    return typeset(model.titre_court or model.titre)


def file_title(model: type[Document]) -> str:
    """Le titre du fichier : il distingue deux documents de la même sorte."""
    head = leading(model)
    return typeset(model.titre) + "".join(map(_after, [*_about(model, head), *_references(head)]))


def file_author(model: type[Document]) -> str:
    """L'auteur du fichier : l'opérateur, que nomme le document ou non."""
    named = any(item.node.name == "operateur" for item in leading(model))
    return f"{{% if {AUTHOR} %}}{{{{ {AUTHOR} }}}}{{% else %}}DLA{{% endif %}}" if named else "DLA"


def _about(model: type[Document], head: Iterable[Item]) -> list[str]:
    """The structure, the prestataire, and what tells this sheet from the others of its kind."""
    named = [item for item in head if item.compact and item.bloc.en_garde]
    found = []
    for item in sorted(named, key=lambda item: item.bloc.en_garde):
        rows = "[0]" if item.kind is Kind.ROWS else ""
        found.append(f"{item.path}{rows}.{item.bloc.principal}")
    own = f"{model.distingue_par}.nom"
    name = [model.nomme_par] if model.nomme_par else []
    return [*name, *found, *([own] if model.multiple and own not in found else [])]


def _references(head: Sequence[Item]) -> list[str]:
    """Its own; of what an operator makes, and which bears none, that of its mission."""
    names = [item.path for item in head if item.kind is Kind.LEAF]
    own = [name for name in names if name.startswith("reference")][:1]
    return own or [REFERENCE] * any(item.node.name == "operateur" for item in head)


def _after(path: str, most: int = 0) -> str:
    return "{% if " + path + " %} – " + printed(path, most) + "{% endif %}"


def _joined(paths: list[str], most: int) -> str:
    """What is there, from the first to the last, a dash between two."""
    said = ""
    for rank, path in enumerate(paths):
        before = " or ".join(paths[:rank])
        dash = "{% if " + before + " %} – {% endif %}" if before else ""
        said += "{% if " + path + " %}" + dash + printed(path, most, paths) + "{% endif %}"
    return said


def printed(path: str, most: int = 0, line: Iterable[str] = ()) -> str:
    """Une valeur ; de plusieurs structures, la première, et combien d'autres. ``most`` : les
    caractères d'un nom là où la marge n'a qu'une ligne pour lui et pour ceux de ``line``.
    """
    rows, several, _ = path.partition("[0]")
    number = "{{ " + rows + "|length - 1 }}"
    others = f"(et\N{NO-BREAK SPACE}{number}\N{NO-BREAK SPACE}de\N{NO-BREAK SPACE}plus)"
    more = "{% if " + rows + "|length > 1 %} " + others + "{% endif %}"
    beside = (one for one in line if one != path)
    short = f"|abrege({', '.join([str(most), *beside])})" if most else ""
    return "{{ " + path + short + " }}" + (more if several else "")


def _with_tab(line: Element, width: float) -> Element:
    line[0].append(w("tabs", w("tab", val="right", pos=twips(width))))
    return line
