"""La vérification de ce qui vient d'être produit : le fichier est sain, et sa page dit, dans
l'ordre, ce qui devait être imprimé, rien de moins, rien de plus.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from html import escape
from itertools import chain, zip_longest
from pathlib import Path

from dla_docs.constat import Constat, bloquants
from dla_docs.model.document import Document
from dla_docs.model.node import Node
from dla_docs.profils.profil import Profil
from dla_docs.stages.lost_values import flat, lost, missing
from dla_docs.stages.rendering import drawn_for, envelope_of, template_for
from dla_docs.stages.request import Request, resolve
from dla_docs.stages.sent_page import carries
from dla_docs.stages.surroundings import PROPERTIES, beside, otherwise_laid, outside, strangers
from dla_docs.templating import Drawn, Hole, Template
from dla_docs.templating.marks import CLOSE, OPEN
from dla_docs.templating.unfilled import LEFTOVER
from dla_docs.word.field_codes import Spot, argument, spot_in
from dla_docs.word.package import open_package
from dla_docs.word.page import Control, PageLine, page_in, plain
from dla_docs.word.soundness import soundness

NEXT = '</w:t>{}<w:t xml:space="preserve">'
IN_A_RUN = {"\n": NEXT.format("<w:br/>"), "\t": NEXT.format("<w:tab/>")}
ON_A_LINE = {'"': "&quot;", "\n": " ", "\t": " "}
OTHER_DATA = "Les données qui voyagent dans le fichier ne sont pas celles du document."
NUMBER = re.compile(f"{OPEN}([0-9]+){CLOSE}")
SPECIAL = re.compile("[&<>\n\t]").search  # of a text that its run does not hold as it is


def verify(
    octets: bytes,
    document: Document,
    profil: Profil | str | Path | None = None,
    *,
    brouillon: bool = False,
    modele: str | Path | None = None,
    moteur: str | None = None,
) -> list[Constat]:
    """Les constats d'un .docx produit : il est sain, et fidèle à ses données.

    Arguments :
    - ``octets`` : le .docx.
    - ``document`` : ce qu'il devait dire.
    - ``profil`` : celui que ``render`` a reçu.
    - ``brouillon`` : vrai quand ``render`` a rendu un brouillon.
    - ``modele`` : le modèle Word que ``render`` a reçu.
    - ``moteur`` : celui que ``render`` a reçu.

    Rend : une liste de ``Constat``, vide quand tout y est.

    Erreurs :
    - ``PackageError`` : ces octets ne sont pas un fichier Word, ou ne s'ouvrent pas sans danger.
    - ``InputError`` : le profil, le modèle Word ou un logo n'existe pas ou ne se lit pas.
    - ``TemplateError`` : le modèle Word ne s'accorde pas avec le document.
    """
    request = resolve(document, profil, brouillon=brouillon, modele=modele, moteur=moteur)
    return verified(octets, request, template_for(request))


@dataclass(frozen=True)
class Drawing:
    """Un document tel qu'il devait être imprimé, ses valeurs à part."""

    drawn: Drawn

    @property
    def parts(self) -> dict[str, bytes]:
        """Ses parties, un numéro à la place de chaque valeur."""
        return self.drawn.numbered

    @property
    def holes(self) -> tuple[Hole, ...]:
        """Ces valeurs."""
        return self.drawn.holes

    @cached_property
    def wanted(self) -> dict[str, bytes]:
        """Les parties, valeurs comprises : échappées ici, et non par le moteur."""
        return _with_values(self.parts, self.holes)

    @cached_property
    def page(self) -> tuple[PageLine, ...]:
        """Les lignes de la page, un numéro à la place de chaque valeur."""
        return page_in(self.parts)

    @cached_property
    def passages(self) -> list[_Passage]:
        """Ces lignes, valeurs comprises."""
        return _passages(self.page, self.holes)

    @property
    def shown(self) -> frozenset[int]:
        """Les numéros des valeurs que montre la page."""
        cells = (cell for line in self.page for cell in line.cells)
        return frozenset(int(number) for cell in cells for number in NUMBER.findall(plain(cell)))


def drawing_of(request: Request) -> Drawing:
    """Ce que cette demande devait imprimer."""
    return Drawing(drawn_for(request))


def verified(
    octets: bytes,
    request: Request,
    template: Template,
    drawing: Drawing | None = None,
    *,
    with_data: bool = True,
) -> list[Constat]:
    """Les mêmes constats, d'une demande et de son modèle Word. ``drawing`` : ce qui devait être
    imprimé, quand on le sait déjà ; ``with_data`` : le fichier emporte les données de son document.
    """
    parts, drawing = open_package(octets), drawing or drawing_of(request)
    node = type(request.document).schema_node()
    drawn, holes, planned = drawing.parts, drawing.holes, drawing.passages
    found = _passages(page_in({name: parts[name] for name in drawn if name in parts}))
    shown = [hole for passage in planned for hole in passage.holes]
    faults = [
        *outside(octets),
        *lost(request, template, shown),
        *_changed(planned, found, node),
        *strangers(drawing.wanted, drawing.drawn.shell.fixed, parts),
        *_tags(found, holes),
    ]
    sent = envelope_of(request) if with_data else None
    data = parts.get(drawing.drawn.shell.data_name, b"")
    if sent and not carries(data, sent, drawing.wanted, drawing.drawn.shell.look):
        faults.append(Constat(OTHER_DATA))  # what travels unseen is what the page says
    damages = soundness(parts)
    if not bloquants([*damages, *faults]):
        around = drawing.drawn.around(request.mode, data if sent else None)
        faults += [*otherwise_laid(drawing.wanted, parts), *beside(around, drawn, parts)]
    return [*damages, *faults]


@dataclass(frozen=True)
class _Piece:
    """What a paragraph or a cell holds: a text, or a control with its tag. ``holes`` : the values
    that were to be printed there.
    """

    text: str
    tag: str | None = None
    holes: tuple[Hole, ...] = ()

    def says(self, other: _Piece | None) -> bool:
        return other is not None and (self.text, self.tag) == (other.text, other.tag)


@dataclass(frozen=True)
class _Passage:
    """A line of the page, its cells made of pieces."""

    cells: tuple[tuple[_Piece, ...], ...]

    @cached_property
    def said(self) -> tuple[tuple[tuple[str, str | None], ...], ...]:
        """What is compared: the texts, spaces aside, and the tags of the controls."""
        return tuple(tuple((piece.text, piece.tag) for piece in cell) for cell in self.cells)

    @property
    def text(self) -> str:
        return " | ".join(" ".join(piece.text for piece in cell) for cell in self.cells)

    @property
    def holes(self) -> Iterator[Hole]:
        return (hole for cell in self.cells for piece in cell for hole in piece.holes)


def _passages(page: Iterable[PageLine], holes: tuple[Hole, ...] = ()) -> list[_Passage]:
    """A header that several pages share is read once, whatever its holes."""
    lines: dict[object, _Passage] = {}
    for rank, line in enumerate(page):
        passage = _Passage(tuple(tuple(_piece(one, holes) for one in cell) for cell in line.cells))
        lines.setdefault((line.endroit, passage.said, line.endroit or rank), passage)
    return list(lines.values())


def _piece(piece: str | Control, holes: tuple[Hole, ...]) -> _Piece:
    shown = piece if isinstance(piece, str) else piece.text
    inside = tuple(holes[int(number)] for number in NUMBER.findall(shown)) if holes else ()
    if inside:
        shown = NUMBER.sub(lambda number: holes[int(number[1])].text, shown)
    if isinstance(piece, str):
        return _Piece(flat(shown), None, inside)
    return _Piece(flat(shown), piece.tag, inside)


def _changed(planned: list[_Passage], found: list[_Passage], node: Node) -> Iterator[Constat]:
    wanted, got = [passage.said for passage in planned], [passage.said for passage in found]
    if wanted == got:
        return
    for step, low, high, first, last in SequenceMatcher(None, wanted, got, False).get_opcodes():
        if step == "insert":
            yield from map(_added, found[first:last])
        elif step != "equal":
            paired = found[first:last] if high - low == last - first else []
            for passage, other in zip_longest(planned[low:high], paired):
                yield from _faults(passage, other, node)


def _faults(wanted: _Passage, got: _Passage | None, node: Node) -> Iterator[Constat]:
    faulty = list(dict.fromkeys(_unsaid(wanted, got)))
    yield from (missing(hole, node) for hole in faulty)
    if not faulty:
        yield missing(Hole("", wanted.text), node)


def _unsaid(wanted: _Passage, got: _Passage | None) -> Iterator[Hole]:
    """The values of a line that its place does not hold."""
    cells = got.cells if got and len(got.cells) == len(wanted.cells) else ()
    for cell, other in zip_longest(wanted.cells, cells, fillvalue=()):
        pieces = other if len(other) == len(cell) else ()
        for piece, held in zip_longest(cell, pieces):
            if not piece.says(held):
                yield from _unsaid_in(piece, held.text if held else "")


def _unsaid_in(piece: _Piece, text: str) -> Iterator[Hole]:
    absent = [hole for hole in piece.holes if flat(hole.text) not in text]
    yield from absent or piece.holes


def _added(passage: _Passage) -> Constat:
    return Constat(f"« {passage.text[:60]} » est imprimé et ne devait pas l'être.")


def _with_values(drawn: Mapping[str, bytes], holes: tuple[Hole, ...]) -> dict[str, bytes]:
    texts = [hole.text.replace("\r\n", "\n").replace("\r", "\n") for hole in holes]
    runs = [_escaped(text, IN_A_RUN) if SPECIAL(text) else text for text in texts]
    made = {}
    for name, part in drawn.items():
        fixed, numbers = _cut(part, name.startswith(PROPERTIES))
        said = [
            runs[one] if spot is Spot.RUN else _inside(texts[one], spot) for one, spot in numbers
        ]
        made[name] = "".join(chain.from_iterable(zip(fixed, (*said, ""), strict=True))).encode()
    return made


def _inside(text: str, spot: Spot) -> str:
    return _escaped(argument(text) if spot.is_code else text, ON_A_LINE)


def _escaped(text: str, signs: Mapping[str, str]) -> str:
    text = escape(text, quote=False)
    for sign, written in signs.items():
        text = text.replace(sign, written)
    return text


@lru_cache(32)  # parts, of about 100 kB: the documents of one shape share theirs
def _cut(part: bytes, on_one_line: bool) -> tuple[tuple[str, ...], tuple[tuple[int, Spot], ...]]:
    """What stands around the numbers of a part, and these numbers, each told where it stands: on
    one line wherever in a part that is all ``on_one_line``.
    """
    page = part.decode()
    fixed, numbers, done = [], [], 0
    for number in NUMBER.finditer(page):
        here = number.start()
        fixed.append(page[done:here])
        numbers.append((int(number[1]), Spot.LINE if on_one_line else spot_in(page, here)))
        done = number.end()
    return (*fixed, page[done:]), tuple(numbers)


def _tags(found: list[_Passage], holes: tuple[Hole, ...]) -> Iterator[Constat]:
    given = {flat(hole.text) for hole in holes}
    text = "\n".join(passage.text for passage in found)
    for left in dict.fromkeys(LEFTOVER.findall(text)):
        if not _is_typed(left, given):
            yield Constat(
                f"La balise « {left} » est restée dans le document.",
                conseil="Corrigez le modèle Word : « dla-docs modele verifier » dit où.",
            )


def _is_typed(left: str, given: set[str]) -> bool:
    """Whether people typed it: whole, or its beginning in one text and its end in another."""
    return any(left in said for said in given) or (
        any(left.startswith(said[mark.start() :]) for said in given for mark in OPENS(said))
        and any(left.endswith(said[: mark.end()]) for said in given for mark in CLOSES(said))
    )


OPENS, CLOSES = re.compile(r"\{[{%]").finditer, re.compile(r"[%}]\}").finditer
