"""La page d'un formulaire, habillée pour qui la remplit, à l'écran comme à la main : les cellules
ouvertes teintées, hautes d'au moins 8 mm, sans virgule entre deux champs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from lxml import etree

from dla_docs.builder.wml import keep_whole, properties_of, run, w
from dla_docs.model.bloc import declared
from dla_docs.model.document import Document
from dla_docs.model.node import Kind, Node, schema_path
from dla_docs.model.requirement import COMPELLING
from dla_docs.model.typography import typeset
from dla_docs.stages.boxes import (
    INDENTED,
    declaring_word_2010,
    has_boxes,
    indents,
    names_word_2010,
    room,
    show_boxes,
    with_word_2010,
)
from dla_docs.stages.form_head import Way, head_lines
from dla_docs.stages.request import Request
from dla_docs.word.boxes import MOST
from dla_docs.word.cutting import HERE, MOST_KEPT, Cut, Piece, cut_body, once_a_piece
from dla_docs.word.names import (
    W_P,
    W_PPR,
    W_SDT,
    W_SDTCONTENT,
    W_SDTPR,
    W_T,
    W_TC,
    W_TR,
    W_VAL,
    W,
    ancestor,
    insert_ordered,
)
from dla_docs.word.order import CELL_PROPERTIES, PARAGRAPH_PROPERTIES
from dla_docs.word.package import MAIN, parse_part, serialise
from dla_docs.word.page import MARK, said_in, tag_of, text_of

TITLE, NOTICE = "Titre", "EAF0F4"  # the style that it goes under, the tint of the head
MARK_WIDTH = 160  # twentieths of a point
MARK_COLOUR = "9B1C31"  # 8 to 1 on the tint of a cell
TINT = "FFFAE7"  # a cream that says « write here » on the screen, and nearly nothing on paper
LINE = 500  # twentieths of a point: 8.8 mm, for a pen
ESSAY = 910  # 16 mm: what a long answer is given in a row
BODY_OPENS = b"<w:body>"
Sheets = tuple[tuple[str, bytes], ...]  # the parts that say how far a paragraph is indented
TAG = re.compile(rb'<w:tag w:val="([^"]*)"')
JOINING = ",;–"  # what joins two values, and would stand between two fields
FEW_LETTERS = 200  # of a cell
USUAL_LINE = 1.5  # a line may hold half as much again as the room that it surely has
APART = " \N{MIDDLE DOT} "
SINK = 90  # twentieths of a point, below a line of fields: each is centred on its label


def dressed(parts: Mapping[str, bytes], request: Request) -> dict[str, bytes]:
    """Les parties d'un formulaire Word, son corps habillé pour être rempli."""
    cut = cut_body(parts[MAIN])
    written = _whole(parts, request) if cut is None else _by_pieces(cut, parts, request)
    return {**parts, MAIN: written}


def _whole(parts: Mapping[str, bytes], request: Request) -> bytes:
    root, model = parse_part(parts[MAIN], MAIN), type(request.document)
    due = _due(request)
    _introduce(root, head_lines(request, _dress_all(root, model, due, indents(parts))))
    return serialise(with_word_2010(root))


@dataclass(frozen=True, slots=True)
class _Dressed:
    """A paragraph, or a row, that has been dressed: how it is filled, whether it is the title of
    the page, whether it holds boxes; as it is written in a part that declares them, or does not.
    """

    ways: frozenset[Way]
    is_title: bool
    boxed: bool
    written: bytes
    beside_boxes: bytes

    def xml(self, with_boxes: bool) -> bytes:
        return self.beside_boxes if with_boxes else self.written


def _by_pieces(cut: Cut, parts: Mapping[str, bytes], request: Request) -> bytes:
    """The same: a paragraph or a row that another form held is dressed already."""
    model = type(request.document)
    due = _due(request)
    sheets = tuple((name, parts[name]) for name in INDENTED if name in parts)
    made = [
        [_dressed(piece, model, due & _paths_in(piece), sheets) for piece in held]
        for held in cut.runs
    ]
    pieces = [*chain.from_iterable(made)]
    lines = head_lines(request, frozenset(way for one in pieces for way in one.ways))
    boxed = any(one.boxed for one in pieces)
    fixed = _fixed(cut.skeleton, boxed)
    head, written = _head(lines, cut.piece(HERE), boxed), [fixed[0]]
    for held, after in zip(made, fixed[1:], strict=True):
        for one in held:
            written.append(one.xml(boxed))
            if one.is_title:  # the first that is
                written.append(head)
                head = b""
        written.append(after)
    if head:
        written[0] = fixed[0].replace(BODY_OPENS, BODY_OPENS + head, 1)
    return b"".join(written)


def _dressed(piece: Piece, model: type[Document], due: frozenset[str], sheets: Sheets) -> _Dressed:
    return (_dress_again if piece.is_small else _dress_piece)(piece, model, due, sheets)


def _dress_piece(
    piece: Piece, model: type[Document], due: frozenset[str], sheets: Sheets
) -> _Dressed:
    root = piece.root()
    ways = _dress_all(root, model, due, indents(dict(sheets)))
    is_title = any(_style(one) == TITLE for one in root[0].iterchildren(W_P))
    boxed, written = has_boxes(root), _inside(root, piece, False)
    alike = b"xmlns" not in written and names_word_2010(root)
    beside_boxes = written if alike else _inside(root, piece, True)
    return _Dressed(ways, is_title, boxed, written, beside_boxes)


_dress_again = lru_cache(MOST_KEPT)(_dress_piece)


def _inside(root: etree._Element, piece: Piece, boxed: bool) -> bytes:
    """What stands there in the place of a piece, as its part writes it."""
    before, after = _fixed(piece.before + HERE + piece.after, boxed)
    written = serialise(declaring_word_2010(root) if boxed else root)
    return written[len(before) : len(written) - len(after)]


@lru_cache(64)
def _fixed(skeleton: bytes, boxed: bool) -> tuple[bytes, ...]:
    """What is around the pieces, as a part writes it."""
    root = parse_part(skeleton, MAIN)
    return tuple(serialise(declaring_word_2010(root) if boxed else root).split(HERE))


@lru_cache(64)
def _head(lines: tuple[str, ...], place: Piece, boxed: bool) -> bytes:
    root = place.root()
    root[0][:1] = _notices(lines)
    return _inside(root, place, boxed)


@once_a_piece
def _paths_in(piece: Piece) -> frozenset[str]:
    """Without ranks: what a guide asks of a row, it asks of all."""
    return frozenset(schema_path(one.decode()) for one in TAG.findall(piece.xml))


def _dress_all(
    root: etree._Element, model: type[Document], due: frozenset[str], indents: Mapping[str, int]
) -> frozenset[Way]:
    """Makes all fields fit to be filled, and says what their reader must know to fill them."""
    schema = model.schema_node()
    ways = [_dress(sdt, schema.find(tag_of(sdt)), due, indents) for sdt in open_controls(root)]
    for row in root.iter(W_TR):
        if _is_to_fill(row):
            keep_whole(row)
    return frozenset(chain.from_iterable(ways))


def _dress(
    sdt: etree._Element, node: Node | None, due: frozenset[str], indents: Mapping[str, int]
) -> list[Way]:
    _part(sdt)
    _make_room(sdt, node, indents)
    ways = [Way.TINTED]
    if node is None or ancestor(sdt, W_P) is None:
        return ways
    if node.path in due:
        ways.append(Way.MARKED)
        _mark(sdt)
    if 0 < len(node.choices) <= MOST:
        ways.append(Way.TICKED)
        show_boxes(sdt, node, indents)
    return ways


def _introduce(root: etree._Element, lines: tuple[str, ...]) -> None:
    """What the recipient must know, under the title, or at the top of a page without one."""
    body = root.find(f"{W}body")
    assert body is not None
    title = next((p for p in body.iterchildren(W_P) if _style(p) == TITLE), None)
    at = 0 if title is None else body.index(title) + 1
    body[at:at] = _notices(lines)


def _notices(lines: tuple[str, ...]) -> list[etree._Element]:
    return [w("p", _notice(last=line is lines[-1]), run(typeset(line))) for line in lines]


def _notice(last: bool) -> etree._Element:
    shade = w("shd", val="clear", color="auto", fill=NOTICE)
    return w("pPr", shade, w("spacing", before=40, after=160 if last else 40))


def _style(paragraph: etree._Element) -> str:
    style = paragraph.find(f"{W_PPR}/{W}pStyle")
    return "" if style is None else str(style.get(W_VAL, ""))


def _due(request: Request) -> frozenset[str]:
    """The fields, without ranks, that a guide asks for: what is filled changes none of them."""
    known, model = request.profil._dus, type(request.document)
    if (model, request.referentiel) not in known:
        nodes = model.schema_node().at.values()
        due = (one.path for one in nodes if one.kind is not Kind.NOTE and _is_due(one, request))
        known[model, request.referentiel] = frozenset(due)
    return known[model, request.referentiel]


def _is_due(node: Node, request: Request) -> bool:
    """Whether a guide asks for this very answer, whatever the others are."""
    if node.column or declared(type(request.document), node.path).si is not None:
        return False
    return any(request.force(exigence, node.path) in COMPELLING for exigence in node.exigences)


def _mark(sdt: etree._Element) -> None:
    made = run(MARK)
    made.insert(0, w("rPr", w("b"), w("color", val=MARK_COLOUR)))
    sdt.addprevious(made)
    paragraph = ancestor(sdt, W_P)
    if paragraph is not None and made in paragraph and _begins_with_mark(paragraph):
        properties = properties_of(paragraph, "pPr")
        if not _style(paragraph).startswith("Liste"):  # which has an indent of its own
            hanging = w("ind", left=MARK_WIDTH, hanging=MARK_WIDTH)
            insert_ordered(properties, hanging, PARAGRAPH_PROPERTIES)


def _begins_with_mark(paragraph: etree._Element) -> bool:
    """Its words are read no further than the mark may reach."""
    begun = ""
    for said in said_in(paragraph):
        begun = (begun + said).lstrip("\n")
        if len(begun) >= len(MARK):
            break
    return begun.startswith(MARK)


def open_controls(root: etree._Element) -> list[etree._Element]:
    """Les contrôles qu'un formulaire laisse ouverts, dans l'ordre de la page."""
    locks = ((sdt, sdt.find(f"{W_SDTPR}/{W}lock")) for sdt in root.iter(W_SDT))
    return [sdt for sdt, lock in locks if lock is not None and lock.get(W_VAL) == "sdtLocked"]


def _part(sdt: etree._Element) -> None:
    """Two fields side by side are not joined by a comma, as their values will be."""
    between: list[etree._Element] = []
    for element in sdt.itersiblings(preceding=True):
        if element.tag == W_SDT:
            break
        between[:0] = element.iter(W_T)
    else:
        return
    text = next((text for text in between if (text.text or "").strip()), None)
    if text is not None and (said := (text.text or "").lstrip())[0] in JOINING:
        text.text = APART + said[1:].lstrip()


def _make_room(sdt: etree._Element, node: Node | None, indents: Mapping[str, int]) -> None:
    """A field is tinted, and as high as a pen wants it; a name of several lines already is."""
    essay = node is not None and node.multiline
    cell, paragraph = _around(sdt, W_TC), _around(sdt, W_P)
    if cell is not None:
        _shade(properties_of(cell, "tcPr"), CELL_PROPERTIES)
        row = ancestor(cell, W_TR)
        if row is not None:
            _heighten(properties_of(row, "trPr"), ESSAY if essay else LINE)
    elif paragraph is not None:
        _shade(properties_of(paragraph, "pPr"), PARAGRAPH_PROPERTIES)
    ticked = node is not None and 0 < len(node.choices) <= MOST
    if paragraph is None or essay or ticked or _is_alone(sdt, cell):
        return
    if len(text_of(sdt)) <= USUAL_LINE * room(paragraph, indents):
        _space(properties_of(paragraph, "pPr"))


def _is_alone(sdt: etree._Element, cell: etree._Element | None) -> bool:
    if cell is None:
        return False
    own, begun = text_of(sdt).strip(), ""
    for said in said_in(cell):  # a large cell is read no further than it takes
        begun = (begun + said).lstrip()
        if len(begun.rstrip()) > len(own):
            return False
    return begun.rstrip() == own


def _around(sdt: etree._Element, name: str) -> etree._Element | None:
    """The paragraph or the cell that holds a control, or the one that it holds."""
    found = ancestor(sdt, name)
    return next(sdt.iterfind(f"{W_SDTCONTENT}/{name}"), None) if found is None else found


def _shade(properties: etree._Element, order: tuple[str, ...]) -> None:
    insert_ordered(properties, w("shd", val="clear", color="auto", fill=TINT), order)


def _heighten(properties: etree._Element, least: int) -> None:
    height = properties.find(f"{W}trHeight")
    if height is None:
        properties.append(height := w("trHeight", val=0, hRule="atLeast"))
    height.set(W_VAL, str(max(least, int(height.get(W_VAL, "0")))))


def _is_to_fill(row: etree._Element) -> bool:
    """A row that was made higher, for a pen; it goes on over the page for a long text only."""
    return row.find(f"{W}trPr") is not None and all(
        len(text_of(cell)) <= FEW_LETTERS for cell in row.iterfind(W_TC)
    )


def _space(properties: etree._Element) -> None:
    insert_ordered(
        properties, w("spacing", line=LINE, lineRule="atLeast", after=SINK), PARAGRAPH_PROPERTIES
    )
