"""Le corps d'un modèle Word selon son genre : une fiche, un contrat, une lettre, un dossier sous sa
page de garde.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from dla_docs.builder.compact import compact_blocks, inline_if, invitation
from dla_docs.builder.control import control
from dla_docs.builder.identity import (
    contacts,
    followed,
    identity,
    leading,
    numbered,
    printed_items,
    subject,
)
from dla_docs.builder.items import Item, find
from dla_docs.builder.margins import FUNDERS, funders, logos_line, printed
from dla_docs.builder.printed_words import introduced, typeset
from dla_docs.builder.sections import flow, rows_blocks
from dla_docs.builder.signatures import boxes, contract_boxes, letter_signature
from dla_docs.builder.wml import (
    Element,
    directive,
    ending,
    guarded,
    is_blank,
    keep_with_next,
    on_next_page,
    paragraph,
    restyle,
    run,
)
from dla_docs.model.document import Document
from dla_docs.model.layout import Genre, Ligne
from dla_docs.model.node import Kind

SOUSSIGNES, CONVENU = "Entre les soussignés", "Il est convenu ce qui suit"
APPEL = "Madame, Monsieur,"
POLITESSE = (
    "Nous vous prions d'agréer, Madame, Monsieur, l'expression de nos salutations distinguées."
)
DOTS = "…" * 12  # a place to write by hand
MOST_NAMES = 3  # in large letters on a cover; of more, the first: the table below names them all
FUNDED = "Accompagnement DLA financé par\N{NO-BREAK SPACE}:"
DISPOSITIF = "Dispositif local d'accompagnement"


def body(model: type[Document], width: float) -> list[Element]:
    """Les paragraphes et les tableaux du corps ; ``width`` : la largeur du texte, en
    centimètres.
    """
    items = printed_items(model)
    head = leading(model)
    return GENRES[model.genre](model, head, items[len(head) :], width)


def _sheet(
    model: type[Document], head: list[Item], rest: list[Item], width: float
) -> list[Element]:
    return [
        paragraph("Surtitre", run(DISPOSITIF)),
        paragraph("Titre", run(typeset(model.titre))),
        *subject(model, head),
        *(identity(model, head, width) if head else []),
        *_ended(model, head, rest, width),
    ]


def _ended(
    model: type[Document], head: Sequence[Item], rest: Sequence[Item], width: float
) -> list[Element]:
    """The fields, who signs, how to reach each: neither of these is alone on a last page."""
    names = model.signatures
    signed = [ending(), *boxes(names, width)] if names else []
    reached = contacts(model, head, width)
    return [*flow(rest, width, 1), *signed, *reached, *followed(model, head, width)]


def _booklet(
    model: type[Document], head: list[Item], rest: list[Item], width: float
) -> list[Element]:
    """The cover: the title, the structures, the prestataire, the rest at its foot."""
    foot = [item for item in head if item.compact and item.bloc.pied_de_garde]
    named = [item for item in head if item not in foot]
    return [
        paragraph("SurtitreDeGarde", run(DISPOSITIF)),
        paragraph("TitreDeGarde", run(typeset(model.titre))),
        *(block for item in named if item.compact for block in _on_cover(item)),
        *guarded("not formulaire", paragraph("EspaceDeGarde")),
        *identity(model, named, width),
        *(block for item in foot for block in _foot(item)),
        *(funders() if not foot else logos_line(FUNDERS)),
        *on_next_page(_ended(model, named, rest, width)),
    ]


def _foot(item: Item) -> list[Element]:
    """What the foot of a cover says; on a form, under its label."""
    fields = [item.child(name) for line in item.bloc.en_bref for name in line.champs]
    label = paragraph("Libelle", run(fields[-1].label), keep=True)
    said = any(field.kind is Kind.LEAF for field in fields)  # who pays, in words of its own
    intro = (
        []
        if said
        else guarded(fields[-1].filled, paragraph("PiedDeGarde", run(FUNDED, "Fort"), keep=True))
    )
    return [
        *guarded("formulaire", label),
        *guarded("not formulaire", *intro),
        *restyle(compact_blocks(item), "PiedDeGarde"),
    ]


def _on_cover(item: Item) -> list[Element]:
    """A name in large letters; the table below holds the field itself."""
    one = item.row() if item.kind is Kind.ROWS else item
    named = f"{one.path}.{one.bloc.principal}"
    if not one.bloc.en_garde:
        return []
    line = guarded(named, paragraph("SousTitreDeGarde", run("{{ " + named + " }}")))
    if item.kind is not Kind.ROWS:
        return list(line)
    looped = [directive(item.loop), *line, directive("endfor")]
    first = printed(f"{item.path}[0].{one.bloc.principal}")
    return [
        *guarded(f"{item.path}|length <= {MOST_NAMES}", *looped),
        *guarded(f"{item.path}|length > {MOST_NAMES}", paragraph("SousTitreDeGarde", run(first))),
    ]


def _contract(
    model: type[Document], head: list[Item], rest: list[Item], width: float
) -> list[Element]:
    parties = [item for item in head if item.compact]
    short = [item for item in head if not item.compact]
    dated = {signer.le.partition(".")[0] for signer in model.signataires}
    signing = {signer.partie for signer in model.signataires}
    *others, last = [
        guarded(item.guard, *_article(item, width)) for item in rest if item.node.name not in dated
    ]
    for block in last:  # a signature is not alone on its page
        keep_with_next(block)
    return [
        paragraph("Surtitre", run(DISPOSITIF)),
        paragraph("Titre", run(typeset(model.titre))),
        *(block for item in short for block in _clause(item)),
        paragraph("Formule", run(f"{SOUSSIGNES}\N{NO-BREAK SPACE}:"), keep=True),
        *(block for item in parties for block in _party(item, item.node.name in signing)),
        paragraph("Formule", run(CONVENU), keep=True),
        *(block for article in others for block in article),
        *last,
        _made_at(model, parties),
        *contract_boxes(model, [*head, *rest], width),
    ]


def _party(item: Item, signs: bool) -> list[Element]:
    """Who enters into the contract; who signs it has a place there, to be written by hand on the
    page that does not name him.
    """
    blocks = restyle(compact_blocks(item), "Expediteur")
    named = item.path if item.kind is Kind.ROWS else f"{item.path}.{item.bloc.principal}"
    place = inline_if(f"not ({named} or formulaire or brouillon)", run(DOTS)) if signs else []
    label = [*numbered(item, "NomDePartie", introduced), *place]
    if item.kind is Kind.ROWS:
        blocks = [paragraph("Partie", *label, keep=True), *blocks]
    else:
        first = next(block for block in blocks if not is_blank(block))
        first[1:1] = label
        restyle([first], "Partie")
    return guarded("" if signs else item.guard, *blocks)


def _article(item: Item, width: float) -> list[Element]:
    if item.kind is Kind.ROWS and item.bloc.en_titre:
        title = item.row().child(item.bloc.en_titre)
        inner = [one for one in item.row().children() if one.node.name != item.bloc.en_titre]
        return [
            directive(item.loop),
            paragraph("TitreArticle", control(title)),
            *(block for one in inner for block in guarded(one.guard, _value(one, ""))),
            directive("endfor"),
        ]
    heading = paragraph("TitreArticle", run(item.label))
    if item.kind is not Kind.PART:
        return [heading, *_clause(item, width)]
    return [heading, *(block for one in item.children() for block in _clause(one, width))]


def _clause(item: Item, width: float = 0.0) -> list[Element]:
    """What a contract says: its text, or a label and what it holds, on the same line."""
    if item.kind is Kind.NOTE:
        return guarded(item.guard, paragraph("Clause", run("{{ " + item.path + " }}")))
    if item.kind is Kind.LEAF:
        return guarded(item.guard, _value(item, item.label))
    label = paragraph("Clause", run(introduced(item.label).rstrip(), "Fort"), keep=True)
    if item.compact:
        return guarded(item.guard, label, *restyle(compact_blocks(item), "Clause"))
    if item.kind is Kind.ROWS:
        return guarded(item.guard, label, *rows_blocks(item, width, 1))
    return [block for one in item.children() for block in _clause(one, width)]


def _value(item: Item, label: str) -> Element:
    words = [run(introduced(label), "Fort")] if label else []
    return paragraph("Clause", *words, control(item))


def _made_at(model: type[Document], parties: Sequence[Item]) -> Element:
    """« Fait à … le … en … exemplaires »: one for each party."""
    town = f"{parties[0].path}.adresse.ville"
    days = [signer.le for signer in model.signataires]
    same = " and ".join(f"{days[0]} == {day}" for day in days[1:])
    signing = {signer.partie for signer in model.signataires}
    several = [
        f"({item.path}|length or {int(item.node.name in signing)})"  # its box stands without a name
        for item in parties
        if item.kind is Kind.ROWS
    ]
    alone = sum(bool(item.kind is Kind.PART and item.bloc.en_tete) for item in parties)
    copies = " + ".join([*several, str(alone)])
    words = (
        f"Fait à {{% if {town} %}}{{{{ {town} }}}}{{% else %}}{DOTS}{{% endif %}}, "
        f"{{% if {days[0]} and {same} %}}le {{{{ {days[0]} }}}}"
        f"{{% elif {' or '.join(days)} %}}aux dates portées ci-dessous"
        f"{{% else %}}le {DOTS}{{% endif %}}, "
        f"en {{{{ {copies} }}}} exemplaires originaux, un pour chaque partie."
    )
    return paragraph("Fait", run(words), keep=True)


def _letter(
    model: type[Document], head: list[Item], rest: list[Item], width: float
) -> list[Element]:
    letter = model.lettre
    items = [*head, *rest]
    sender, addressee = find(items, letter.expediteur), find(items, letter.destinataire)
    told = {name.partition(".")[0] for phrase in letter.phrases for name in _names(phrase)}
    told |= {letter.expediteur, letter.destinataire, letter.date, letter.reference}
    others = [item for item in head if item.node.name not in told and item.conditional]
    town = f"{sender.path}.adresse.ville"
    place = run(f"{{% if {town} %}}{{{{ {town} }}}}, le {{% endif %}}")
    day = find(items, letter.date)
    object_ = [run(introduced("Objet"), "Fort"), run(typeset(letter.objet), "Fort")]
    return [
        *restyle(compact_blocks(sender, _own(sender)), "Expediteur"),
        *(block for item in others for block in guarded(item.guard, *compact_blocks(item))),
        paragraph("EspaceDeLettre"),
        *_kept(restyle(compact_blocks(addressee), "Destinataire")),
        paragraph("LieuEtDate", place, *invitation(day), control(day)),
        paragraph("Objet", *object_),
        *_clause(find(items, letter.reference)),
        paragraph("Clause", run(APPEL)),
        *(block for phrase in letter.phrases for block in _phrase(phrase, items)),
        *(
            block
            for item in sorted(rest, key=lambda item: item.kind is Kind.ROWS)
            if item.node.name not in told
            for block in guarded(item.guard, *_paragraphs(item, width))
        ),
        ending(),
        paragraph("Clause", run(typeset(POLITESSE)), keep=True),
        *letter_signature(model, items),
    ]


def _kept(blocks: Sequence[Element]) -> Sequence[Element]:
    """An address is read in one place."""
    for block in blocks:
        if not is_blank(block):
            keep_with_next(block)
    return blocks


def _own(item: Item) -> list[Ligne]:
    """What an actor says of itself, not of others."""
    return [line for line in item.bloc.en_bref if item.child(line.champs[0]).kind is not Kind.ROWS]


def _paragraphs(item: Item, width: float) -> list[Element]:
    """What a letter says of a field: a text alone, the rest under its label."""
    if item.long:
        return [_value(item, "")]
    if item.kind is Kind.ROWS:
        return [paragraph("Titre1", run(item.label)), *rows_blocks(item, width, 1)]
    return _clause(item, width)


def _phrase(phrase: str, items: Iterable[Item]) -> list[Element]:
    """A sentence of the letter; said when all that it names is known, or when a guide wants it;
    what stands within brackets, when that is known.
    """
    whole = re.sub(r"\[[^]]*\]", "", phrase)
    wanted = any(find(items, path).compelled for path in _names(whole) if "." not in path)
    words = [
        piece
        for text in re.split(r"(\[[^]]*\])", phrase)
        if text
        for piece in (
            inline_if(_known(text, items), *_words(text[1:-1], items))
            if text[0] == "["
            else _words(text, items)
        )
    ]
    return guarded("" if wanted else _known(whole, items), paragraph("Clause", *words))


def _known(phrase: str, items: Iterable[Item]) -> str:
    named = " and ".join(find(items, path.partition(".")[0]).path for path in _names(phrase))
    return f"({named}) or formulaire" if named else ""


def _words(phrase: str, items: Iterable[Item]) -> list[Element]:
    return [
        piece
        for text in re.split(r"(\{[^}]+\})", phrase)
        if text
        for piece in (_said(text[1:-1], items) if text[0] == "{" else [run(typeset(text))])
    ]


def _names(phrase: str) -> list[str]:
    return re.findall(r"\{([^}]+)\}", phrase)


def _said(path: str, items: Iterable[Item]) -> list[Element]:
    rows, _, name = path.partition(".")
    if not name:
        return [control(find(items, path))]
    owner = find(items, rows)
    return [
        run("{% " + owner.loop + " %}"),
        control(owner.row().child(name)),
        run("{% if not loop.last %}, {% endif %}{% endfor %}"),
    ]


GENRES: dict[Genre, Callable[[type[Document], list[Item], list[Item], float], list[Element]]] = {
    Genre.FICHE: _sheet,
    Genre.DOSSIER: _booklet,
    Genre.CONTRAT: _contract,
    Genre.LETTRE: _letter,
}
