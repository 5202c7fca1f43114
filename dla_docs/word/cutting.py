"""Le corps d'un document Word coupé en morceaux, un par paragraphe et par ligne de tableau : ce qui
ne dépend que des octets d'un morceau se fait une fois, d'une page à l'autre.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from typing import Any, TypeVar

from lxml import etree

from dla_docs.errors import PackageError
from dla_docs.word.names import W_P, W_R, W_SDT, W_TR, W
from dla_docs.word.package import MAIN, parse_part

LARGEST, MOST_KEPT = 16 * 1024, 4096  # bytes of a piece that is remembered, and how many of them
HERE = b"<w:_/>"  # stands for a run of pieces
MARK, BODY, TABLE = f"{W}_", f"{W}body", f"{W}tbl"
LAST, CLOSING = f"{W}sectPr", b"</w:body></w:document>"
AROUND = {
    BODY: {MARK, TABLE, LAST, f"{W}bookmarkStart", f"{W}bookmarkEnd"},
    TABLE: {MARK, f"{W}tblPr", f"{W}tblGrid"},
}  # what stands beside the pieces
BEGINNING = re.compile(
    rb"""(?:<\?xml version=["']1.0["'] encoding=["'](?:UTF|utf)-8["']"""
    rb"""(?: standalone=["']yes["'])?\s*\?>\s*)?(<w:document[ >][^<]*<w:body>)"""
)
TOP = re.compile(rb"<(/?)w:(p|tr|tbl)(?=[\s/>])[^>]*?(/?)>")
EACH = {name: re.compile(rb"<(/?)w:%s(?=[\s/>])[^>]*?(/?)>" % name) for name in (b"p", b"tr")}
OPENS = {name: re.compile(rb"<w:%s[\s/>]" % name) for name in EACH}
CLOSES = {name: b"</w:%s>" % name for name in EACH}
TABLE_OPENS = re.compile(rb"<w:tbl[\s>]")
GRID = re.compile(rb"<w:tblGrid[ >].*</w:tblGrid>", re.DOTALL)  # one that was changed holds another
RSID, PARA = rb' w:rsid[A-Za-z]*="[0-9A-F]{8}"', rb' w14:(?:paraId|textId)="[0-9A-F]{8}"'
SAVES, SAVES_ALONE = (
    re.compile(rb"(<w:(?:p|r|tr))(?:%s)+(?=[ />])" % said) for said in (RSID + b"|" + PARA, RSID)
)  # a tag is told by its sign, which no text and no attribute may hold
APART = (b"<!", b"<?", b"fldChar")  # a field may begin in a piece and end in another


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Un paragraphe du corps, ou une ligne d'un de ses tableaux, et ce qu'il faut autour pour le
    lire seul : ``before`` (la racine, le corps, le tableau et ses colonnes) et ``after`` (la
    dernière section) ; ``found`` : ce qui en a été lu (``once_a_piece``).
    """

    xml: bytes
    before: bytes
    after: bytes
    found: dict[object, Any] = field(default_factory=dict)

    @property
    def alone(self) -> bytes:
        """Un corps qui ne tient que lui."""
        return self.before + self.xml + self.after

    @property
    def is_small(self) -> bool:
        """Vrai de ce qui peut être gardé."""
        return len(self.xml) <= LARGEST

    def root(self) -> etree._Element:
        """La racine de ce corps ; ``PackageError`` s'il est abîmé."""
        return parse_part(self.alone, MAIN)


@lru_cache(MOST_KEPT)
def _known(xml: bytes, before: bytes, after: bytes) -> Piece:
    return Piece(xml, before, after)


def piece_of(xml: bytes, before: bytes, after: bytes) -> Piece:
    """Ce morceau ; celui qu'une autre page avait, s'il est petit."""
    return (_known if len(xml) <= LARGEST else Piece)(xml, before, after)


@dataclass(frozen=True, slots=True)
class Cut:
    """Un corps coupé : ``skeleton``, ce qui en reste, ``HERE`` à la place de chaque suite de
    morceaux ; ces suites ; ``opening`` et ``section``, ce qu'il faut autour d'un paragraphe.
    """

    skeleton: bytes
    runs: tuple[tuple[Piece, ...], ...]
    opening: bytes
    section: bytes

    def piece(self, xml: bytes) -> Piece:
        """Un morceau de plus, hors de tout tableau."""
        return piece_of(xml, self.opening, self.section + CLOSING)

    def pieces(self) -> Iterator[Piece]:
        """Tous les morceaux, dans l'ordre de la page."""
        return (piece for run in self.runs for piece in run)


@lru_cache(1)  # a piece is read in several ways, one after the other
def shared_root(piece: Piece) -> etree._Element:
    """La même racine, que rien ne doit changer."""
    return piece.root()


Read = TypeVar("Read")


def once_a_piece(read: Callable[[Piece], Read]) -> Callable[[Piece], Read]:
    """``read``, dont chaque morceau garde ce qu'il rend ; une erreur n'est pas gardée."""

    @wraps(read)
    def known(piece: Piece) -> Read:
        made: Read | None = piece.found.get(read)
        if made is None:
            made = piece.found[read] = read(piece)
        return made

    return known


@lru_cache(2)  # a page is read in several ways, one after the other
def cut_body(body: bytes) -> Cut | None:
    """Les morceaux du corps d'un document ; ``None`` quand il ne se coupe pas : quelque chose y
    tient plusieurs paragraphes, ou il n'est pas écrit comme d'habitude.
    """
    begun = BEGINNING.match(body)
    if begun is None:
        return None
    found = _spans(body, begun.end())
    if found is None:
        return None
    between, runs = _joined(body, found)
    skeleton = HERE.join(between)
    if skeleton.count(HERE) != len(runs) or _holds_apart(skeleton, begun.end()):
        return None
    around = _around(skeleton)
    if around is None or around[1] != tuple(run[0][2] for run in runs):
        return None
    opening, section = begun[1], around[0]
    after = (section + CLOSING, b"</w:tbl>" + section + CLOSING)
    before = ((opening, opening + b"<w:tbl>" + grid) for grid in _grids(between))
    cut = (
        tuple(piece_of(body[start:end], ways[row], after[row]) for start, end, row in run)
        for run, ways in zip(runs, before, strict=True)
    )
    made = Cut(skeleton, tuple(cut), opening, section)
    return None if any(map(_is_apart, made.pieces())) else made


@lru_cache(2)
def cut_to_read(body: bytes) -> Cut | None:
    """Les mêmes, sans ce que Word écrit dans chaque balise pour se souvenir de ses enregistrements
    : rien ne s'y lit, et deux formulaires qu'il a enregistrés ne diffèrent souvent que par là.
    """
    begun = BEGINNING.match(body)
    if begun is None or b"rsid" not in body:
        return cut_body(body)
    saves = SAVES if b" xmlns:w14=" in begun[1] else SAVES_ALONE
    return cut_body(saves.sub(rb"\1", body))


@once_a_piece
def _is_apart(piece: Piece) -> bool:
    return HERE in piece.xml or _holds_apart(piece.xml, 0)


def _holds_apart(xml: bytes, start: int) -> bool:
    return any(xml.find(one, start) >= 0 for one in APART)


Span = tuple[int, int, bool]  # where a piece begins and ends, and whether it is a row
End = Callable[[bytes, "re.Match[bytes]"], int]


def _spans(body: bytes, at: int) -> list[Span] | None:
    """Most pieces hold no other, and end where one first closes; else that of an outer one is left,
    and all are sought again.
    """
    for end in (_first_end, _end):
        with suppress(ValueError):
            return [*_found(body, at, end)]
    return None


def _found(body: bytes, at: int, end: End) -> Iterator[Span]:
    """The paragraphs and the rows that stand in nothing but a body, or one of its tables."""
    while token := TOP.search(body, at):
        at = token.end()
        if token[2] != b"tbl":
            if token[1]:
                raise ValueError
            at = token.end() if token[3] else end(body, token)
            yield token.start(), at, token[2] == b"tr"


def _first_end(body: bytes, begun: re.Match[bytes]) -> int:
    closing = CLOSES[begun[2]]
    return body.index(closing, begun.end()) + len(closing)


def _end(body: bytes, begun: re.Match[bytes]) -> int:
    name, closing = begun[2], CLOSES[begun[2]]
    at = body.find(closing, begun.end())
    if at >= 0 and not OPENS[name].search(body, begun.end(), at):  # it holds no other
        return at + len(closing)
    depth = 0
    for token in EACH[name].finditer(body, begun.start()):
        if not token[2]:
            depth += -1 if token[1] else 1
        if not depth:
            return token.end()
    raise ValueError


def _joined(body: bytes, found: list[Span]) -> tuple[list[bytes], list[list[Span]]]:
    """What is between the runs of pieces that follow each other, and these runs."""
    between: list[bytes] = []
    runs: list[list[Span]] = []
    done = 0
    for place in found:
        if runs and place[0] == done and place[2] == runs[-1][-1][2]:
            runs[-1].append(place)
        else:
            between.append(body[done : place[0]])
            runs.append([place])
        done = place[1]
    return [*between, body[done:]], runs


def _grids(between: list[bytes]) -> Iterator[bytes]:
    """The columns of the table that each run of pieces is in: a cell may not say its own width."""
    grid = b""
    for said in between[:-1]:
        if opened := [*TABLE_OPENS.finditer(said)]:
            found = GRID.search(said, opened[-1].end())
            grid = b"" if found is None else found[0]
        yield grid


@lru_cache(64)
def _around(skeleton: bytes) -> tuple[bytes, tuple[bool, ...]] | None:
    """The last section, and whether each run of pieces is in a table; ``None`` when a piece stands
    elsewhere.
    """
    try:
        root = parse_part(skeleton, MAIN)
    except PackageError:
        return None
    body = root[0] if len(root) == 1 and root[0].tag == BODY else None
    if body is None or not _is_usual(body) or skeleton.count(b"xmlns") != _names_of(skeleton):
        return None
    inside = tuple(mark.getparent() is not body for mark in root.iter(MARK))
    return _last_section(root), inside


def _is_usual(body: etree._Element) -> bool:
    """Nothing there holds a piece but the body and its tables, nor says a word beside them; it ends
    with its section.
    """
    return (
        len(body) > 0
        and body[-1].tag == LAST
        and all(child.tag in AROUND[BODY] for child in body)
        and all(child.tag in AROUND[TABLE] for table in body.iter(TABLE) for child in table)
        and all(mark.getparent().tag in AROUND for mark in body.iter(MARK))  # type: ignore[union-attr]  # below the body
        and next(body.iter(W_P, W_TR, W_R, W_SDT), None) is None
    )


def _names_of(skeleton: bytes) -> int:
    """How many names of spaces the root alone declares."""
    begun = BEGINNING.match(skeleton)
    return 0 if begun is None else begun[1].count(b"xmlns")


def _last_section(root: etree._Element) -> bytes:
    """As it stands in its part: the root declares its names. It may hold another, that it was."""
    body = root[0]
    del body[:-1]
    body.text = body.tail = body[0].tail = None
    whole = etree.tostring(root)
    return whole[whole.index(b"<w:sectPr") : len(whole) - len(CLOSING)]
