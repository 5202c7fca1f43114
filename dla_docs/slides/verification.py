"""La vérification d'une présentation : le fichier relu dit, sous chaque titre et dans l'ordre, ce
que le document devait y dire, et se lit sans le voir.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from dla_docs.constat import Constat
from dla_docs.model.formats import format_value
from dla_docs.model.layout import Diapo, Diaporama
from dla_docs.model.node import Kind, Node
from dla_docs.slides.fitting import AGAIN, LEAST
from dla_docs.slides.outline import Outline, Section, outline
from dla_docs.slides.reading import TITLES, Shown, read_slides
from dla_docs.slides.writing import LANGUAGE
from dla_docs.stages.request import Request
from dla_docs.templating.printing import typesetter

RANK = re.compile(r" \(\d+/\d+\)$")
SPACES = re.compile(r"\s+")


def verified(octets: bytes, request: Request, declared: Diaporama) -> list[Constat]:
    """Les constats d'un .pptx produit ; aucun quand tout y est."""
    slides, said = read_slides(octets), outline(request, declared)
    return [
        *_unlike(slides, said),
        *_missing(slides, request, declared),
        *(fault for slide in slides for fault in _unreadable(slide)),
        *_twice(slides),
    ]


def _unlike(slides: Sequence[Shown], said: Outline) -> Iterator[Constat]:
    """What stands under each title, cut or not, and nothing else."""
    found: dict[str, list[Shown]] = {}
    for slide in slides:
        found.setdefault(RANK.sub("", slide.titre), []).append(slide)
    wanted = [said.garde, *said.sections]
    if list(found) != [one.titre for one in wanted]:
        yield Constat("Les diapositives ne sont pas celles du document, ou pas dans leur ordre.")
        return
    for section in wanted:
        held = found[section.titre]
        if _read(held) != _written(section):
            yield Constat(f"La diapositive « {section.titre} » ne dit pas ce qu'elle devait dire.")
        if [_flat(one) for one in held[0].notes] != _noted(section):
            yield Constat(f"Les notes de « {section.titre} » ne sont pas celles du document.")


def _read(slides: Sequence[Shown]) -> tuple[str, list[str]]:
    """Its texts end to end, and those of each column: where they are cut does not count."""
    texts = [text for slide in slides for text in slide.paragraphes]
    labels = {text for text in texts if text.endswith(AGAIN)}
    rows = [row for slide in slides for row in slide.lignes[1:]]
    heads = {slide.lignes[0] for slide in slides if slide.lignes}
    whole = zip_longest(*rows, fillvalue="")
    columns = [_flat("".join(one for one in column if one != AGAIN)) for column in whole]
    text = _flat("".join(text for text in texts if text not in labels))
    return text, [_flat("".join(head)) for head in heads] + columns


def _written(section: Section) -> tuple[str, list[str]]:
    text = _flat("".join(f"{one.libelle}{one.texte}" for one in section.passages))
    table = section.tableau
    if table is None:
        return text, []
    columns = [_flat("".join(column)) for column in zip(*table.lignes, strict=True)]
    return text, [_flat("".join(table.entetes)), *columns]


def _noted(section: Section) -> list[str]:
    return [_flat(line) for note in section.notes for line in note.split("\n")]


def _missing(slides: Sequence[Shown], request: Request, declared: Diaporama) -> Iterator[Constat]:
    """The values of the document, sought by themselves: the outline too may forget one."""
    node = type(request.document).schema_node()
    for slide in declared.diapos:
        text, columns = _read([one for one in slides if _is_of(one, slide)])
        seen = "\n".join((text, *columns))
        for path in slide.champs:
            for leaf, text in _printed(request.values, node, path, slide):
                if _flat(text) not in seen:
                    yield Constat(
                        f"{leaf.label} : « {text[:60]}{'…' * (len(text) > 60)} » devait être dit "
                        f"et ne l'est pas ({leaf.path}).",
                        chemin=leaf.path,
                        exigences=tuple(one.id for one in leaf.exigences),
                    )


def _is_of(shown: Shown, slide: Diapo) -> bool:
    return (
        _flat(RANK.sub("", shown.titre)).casefold()
        == _flat(typesetter(None)(slide.titre)).casefold()
    )


def _printed(
    values: Mapping[str, Any], node: Node, path: str, slide: Diapo
) -> Iterator[tuple[Node, str]]:
    """Each value that a path of the declaration leads to: of rows, those of its columns."""
    name, _, rest = path.partition(".")
    child, value = node.children[name], values.get(name)
    if rest and isinstance(value, Mapping):
        yield from _printed(value, child, rest, slide)
    elif child.kind is Kind.ROWS:
        shown = {field for column in slide.colonnes for field in column.champs}
        for row in value or ():
            for leaf in child.children.values():
                if leaf.kind is Kind.LEAF and (leaf.name in shown or not shown):
                    yield from _said(leaf, row.get(leaf.name))
    elif not rest:
        yield from _said(child, value)


def _said(leaf: Node, value: Any) -> Iterator[tuple[Node, str]]:
    text = typesetter(leaf)(format_value(leaf.format, value))
    if text.strip() and leaf.name != "cle":
        yield leaf, text


def _unreadable(slide: Shown) -> Iterator[Constat]:
    """What keeps somebody from reading it, or from hearing it read."""
    where = f"La diapositive « {slide.titre or '?'} »"
    if not slide.titre or slide.formes[0] not in TITLES:
        yield Constat(f"{where} ne commence pas par un titre, un seul.")
    if slide.sans_texte:
        yield Constat(f"{where} montre une image ou un tableau que rien ne décrit.")
    if slide.corps and slide.corps < LEAST:
        yield Constat(f"{where} s'écrit en moins de {LEAST:.0f} points.")
    if slide.langues - {LANGUAGE}:
        yield Constat(f"{where} ne dit pas que ses textes sont en français.")
    if "libre" in slide.formes:
        yield Constat(f"{where} a un texte hors des zones de son modèle.")


def _twice(slides: Sequence[Shown]) -> Iterator[Constat]:
    for titre, count in Counter(slide.titre for slide in slides).items():
        if count > 1:
            yield Constat(f"Le titre « {titre} » est celui de {count} diapositives.")


def _flat(text: str) -> str:
    return SPACES.sub("", text)
