"""Ce que LibreOffice répète de page en page sans dire ce que c'est : les titres de colonne d'un
tableau qui continue redeviennent le texte de leurs cellules, l'en-tête et le pied de page sont
annoncés comme tels (PDF/UA-1, 7.8).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

import pikepdf
from pikepdf import Array, ContentStreamInstruction, Dictionary, Name, Operator, String

from dla_docs.pdf.structure import elements, kids

Edits = dict[int, list[Any]]


@dataclass(frozen=True)
class _Words:
    """Letters drawn at once: ``place``, where they stand, and in what marked content; ``block`` :
    the rank of the instruction that opens the artifact.
    """

    rank: int
    shown: Any
    place: Any
    mcid: int | None
    block: int | None

    @cached_property
    def codes(self) -> bytes:
        parts = self.shown if isinstance(self.shown, Array) else [self.shown]
        return b"".join(bytes(part) for part in parts if isinstance(part, String))

    def is_high(self, page: _Page) -> bool:
        """Whether they stand in the upper half of their page."""
        return bool(self.place) and 2 * float(self.place[1]) > float(page.page.mediabox[3])


@dataclass(frozen=True)
class _Title:
    """A paragraph of a heading cell, and what it draws."""

    paragraph: Any
    drawn: tuple[_Words, ...]

    @property
    def codes(self) -> bytes:
        return b"".join(one.codes for one in self.drawn)


class _Page:
    """A page, its instructions, and the words that they draw."""

    def __init__(self, page: pikepdf.Page) -> None:
        self.page = page
        self.instructions = [*pikepdf.parse_content_stream(page)]
        self.words = [*self._words()]

    def _words(self) -> Iterator[_Words]:
        marks: list[tuple[int, str, int | None]] = []
        place: Any = ()
        for rank, instruction in enumerate(self.instructions):
            sign = str(instruction.operator)
            if sign in ("BDC", "BMC"):
                operands = instruction.operands
                marks.append((rank, str(operands[0]), _mcid(operands)))
            elif sign == "EMC":
                marks.pop()
            elif sign == "Td":
                place = instruction.operands
            elif sign in ("Tj", "TJ"):
                mcid = next((mcid for *_, mcid in reversed(marks) if mcid is not None), None)
                block = marks[0][0] if marks and marks[0][1] == "/Artifact" else None
                yield _Words(rank, instruction.operands[0], place, mcid, block)

    @property
    def key(self) -> int:
        """Of the page in the tree that says who owns what it draws."""
        return int(self.page.StructParents)

    def opening(self, rank: int) -> int:
        """The instruction that begins the drawing of this one."""
        return max(at for at in range(rank) if str(self.instructions[at].operator) == "q")


def own_what_repeats(document: pikepdf.Pdf) -> None:
    """Rend à leurs cellules les titres de colonne répétés, et nomme l'en-tête et le pied de chaque
    page.
    """
    pages = [_Page(page) for page in document.pages]
    known: dict[bytes, list[tuple[int, list[_Title]]]] = {}
    for start, titles in _headings(document, pages):
        known.setdefault(b"".join(title.codes for title in titles), []).append((start, titles))
    for number, page in enumerate(pages):
        edits: Edits = {}
        for block, words in groupby((one for one in page.words if one.block is not None), _block):
            drawn = [*words]
            before = known.get(b"".join(one.codes for one in drawn), ())
            if earlier := [titles for start, titles in before if start < number]:
                edits |= _given_back(document, page, block, drawn, earlier[-1])
            else:
                place = "Header" if drawn[0].is_high(page) else "Footer"
                kind = Dictionary(Type=Name.Pagination, Subtype=Name(f"/{place}"))
                edits[block] = [_instruction("BDC", Name.Artifact, kind)]
        if edits:
            _write(document, page, edits)


def _headings(document: pikepdf.Pdf, pages: Sequence[_Page]) -> Iterator[tuple[int, list[_Title]]]:
    """The titles of each table, and the page where it begins."""
    ranks = {page.page.obj.objgen: number for number, page in enumerate(pages)}
    drawn: dict[tuple[int, int], list[_Words]] = {}
    for number, page in enumerate(pages):
        for one in page.words:
            if one.mcid is not None:
                drawn.setdefault((number, one.mcid), []).append(one)
    for table, _ in elements(document):
        if table.get("/S") == Name.Table and "/Pg" in table:
            start = ranks[table.Pg.objgen]
            titles = [
                _Title(paragraph, tuple(held))
                for paragraph in _first_paragraphs(table)
                if (held := [w for mcid in _mcids(paragraph) for w in drawn.get((start, mcid), ())])
            ]
            if titles:
                yield start, titles


def _first_paragraphs(table: Any) -> Iterator[Any]:
    for row in kids(table):
        cells = [cell for cell in kids(row) if isinstance(cell, Dictionary)]
        if not all(cell.get("/S") == Name.TH for cell in cells):
            return
        for cell in cells:
            yield from (one for one in kids(cell) if isinstance(one, Dictionary) and "/S" in one)


def _mcids(element: Any) -> Iterator[int]:
    for kid in kids(element):
        if isinstance(kid, Dictionary):
            yield from _mcids(kid)
        else:
            yield int(kid)


def _owners(document: pikepdf.Pdf, page: _Page) -> Any:
    """Who owns what the page draws; nobody yet where all that it draws is fields."""
    root = document.Root.StructTreeRoot
    owners = pikepdf.NumberTree(root.ParentTree)
    if "/StructParents" not in page.page.obj:
        page.page.obj.StructParents = max(owners, default=-1) + 1
        root.ParentTreeNextKey = page.key + 1
        owners[page.key] = pikepdf.Array()
    return owners[page.key]


def _given_back(
    document: pikepdf.Pdf,
    page: _Page,
    block: int,
    drawn: Sequence[_Words],
    titles: Sequence[_Title],
) -> Edits:
    """Each title becomes content of its cell."""
    owners = _owners(document, page)
    edits: Edits = {}
    waiting = iter(drawn)
    for title in titles:
        first, taken = (one := next(waiting)), len(one.codes)
        while taken < len(title.codes):
            taken += len(next(waiting).codes)
        mark = _instruction("BDC", Name.Span, Dictionary(MCID=len(owners)))
        owners.append(_repetition(document, page, title.paragraph, len(owners)))
        if edits:
            begins = page.opening(first.rank)
            edits[begins] = [_instruction("EMC"), mark, page.instructions[begins]]
        else:
            edits[block] = [mark]
    return edits


def _repetition(document: pikepdf.Pdf, page: _Page, paragraph: Any, mcid: int) -> Any:
    """What is drawn again, of which there is nothing more to say."""
    span = document.make_indirect(
        Dictionary(
            Type=Name.StructElem,
            S=Name.Span,
            P=paragraph,
            Pg=page.page.obj,
            K=mcid,
            ActualText=String(""),
        )
    )
    paragraph.K = Array([*kids(paragraph), span])
    return span


def _write(document: pikepdf.Pdf, page: _Page, edits: Edits) -> None:
    for rank in sorted(edits, reverse=True):
        page.instructions[rank : rank + 1] = edits[rank]
    page.page.Contents = document.make_stream(pikepdf.unparse_content_stream(page.instructions))


def _mcid(operands: Any) -> int | None:
    held = operands[1] if len(operands) > 1 else None
    return int(held.MCID) if isinstance(held, Dictionary) and "/MCID" in held else None


def _block(words: _Words) -> int:
    assert words.block is not None
    return words.block


def _instruction(sign: str, *operands: Any) -> ContentStreamInstruction:
    return ContentStreamInstruction([*operands], Operator(sign))
