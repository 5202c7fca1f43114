"""La page d'un formulaire, habillée pour qui la remplit, à l'écran comme à la main : les cellules
ouvertes teintées, hautes d'au moins 8 mm, sans virgule entre deux champs.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from lxml import etree

from dla_docs.builder.wml import properties_of, run, w
from dla_docs.model.bloc import declared
from dla_docs.model.node import Node
from dla_docs.model.requirement import COMPELLING
from dla_docs.model.typography import typeset
from dla_docs.stages.boxes import indents, room, show_boxes, with_word_2010
from dla_docs.stages.form_head import Way, head_lines
from dla_docs.stages.request import Request
from dla_docs.word.boxes import MOST
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
JOINING = ",;–"  # what joins two values, and would stand between two fields
FEW_LETTERS = 200  # of a cell
USUAL_LINE = 1.5  # a line may hold half as much again as the room that it surely has
APART = " \N{MIDDLE DOT} "
SINK = 90  # twentieths of a point, below a line of fields: each is centred on its label


def dressed(parts: Mapping[str, bytes], request: Request) -> dict[str, bytes]:
    """Les parties d'un formulaire Word, son corps habillé pour être rempli."""
    root, schema = parse_part(parts[MAIN], MAIN), type(request.document).schema_node()
    known = indents(parts)
    ways = [_dress(sdt, schema.find(tag_of(sdt)), request, known) for sdt in open_controls(root)]
    _introduce(root, head_lines(request, [*chain.from_iterable(ways)]))
    for row in root.iter(W_TR):
        _hold(row)
    made = with_word_2010(root)
    written = serialise(made)
    return {**parts, MAIN: written}


def _dress(
    sdt: etree._Element, node: Node | None, request: Request, indents: Mapping[str, int]
) -> list[Way]:
    """Makes a field fit to be filled, and says what its reader must know to fill it."""
    _part(sdt)
    _make_room(sdt, node, indents)
    ways = [Way.TINTED]
    if node is None or ancestor(sdt, W_P) is None:
        return ways
    if _is_due(node, request):
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
    body[at:at] = [w("p", _notice(last=line is lines[-1]), run(typeset(line))) for line in lines]


def _notice(last: bool) -> etree._Element:
    shade = w("shd", val="clear", color="auto", fill=NOTICE)
    return w("pPr", shade, w("spacing", before=40, after=160 if last else 40))


def _style(paragraph: etree._Element) -> str:
    style = paragraph.find(f"{W_PPR}/{W}pStyle")
    return "" if style is None else str(style.get(W_VAL, ""))


def _is_due(node: Node, request: Request) -> bool:
    """Whether a guide asks for this very answer, whatever the others are."""
    conditional = declared(type(request.document), node.path).si is not None
    forces = {request.force(exigence, node.path) for exigence in node.exigences}
    return not node.column and not conditional and not forces.isdisjoint(COMPELLING)


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


def _hold(row: etree._Element) -> None:
    """A row to fill goes on over the page for a long text only."""
    properties = row.find(f"{W}trPr")
    if properties is None or properties.find(f"{W}cantSplit") is not None:
        return
    if all(len(text_of(cell)) <= FEW_LETTERS for cell in row.iterfind(W_TC)):
        properties.insert(0, w("cantSplit"))


def _space(properties: etree._Element) -> None:
    insert_ordered(
        properties, w("spacing", line=LINE, lineRule="atLeast", after=SINK), PARAGRAPH_PROPERTIES
    )
