"""La page d'un formulaire, habillée pour qui la remplit, à l'écran comme à la main : les cellules
ouvertes teintées, hautes d'au moins 8 mm, sans virgule entre deux champs.
"""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from dla_docs.builder.wml import w
from dla_docs.model.document import Document
from dla_docs.model.node import Node
from dla_docs.stages.boxes import show_boxes, with_word_2010
from dla_docs.word.boxes import MOST
from dla_docs.word.names import (
    W_P,
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
from dla_docs.word.package import MAIN, parse_part
from dla_docs.word.page import text_of

TINT = "FFFAE7"  # a cream that says « write here » on the screen, and nearly nothing on paper
LINE = 500  # twentieths of a point: 8.8 mm, for a pen
ESSAY = 910  # 16 mm: what a long answer is given in a row
JOINING = ",;–"  # what joins two values, and would stand between two fields
APART = " \N{MIDDLE DOT} "
SINK = 90  # twentieths of a point, below a line of fields: each is centred on its label


def dressed(parts: Mapping[str, bytes], model: type[Document]) -> dict[str, bytes]:
    """Les parties d'un formulaire Word, son corps habillé pour être rempli."""
    root, schema = parse_part(parts[MAIN], MAIN), model.schema_node()
    for sdt in open_controls(root):
        node = schema.find(tag_of(sdt))
        _part(sdt)
        _make_room(sdt, node)
        if node is not None and 0 < len(node.choices) <= MOST and ancestor(sdt, W_P) is not None:
            show_boxes(sdt, node)
    made = with_word_2010(root)
    written = etree.tostring(made, xml_declaration=True, encoding="UTF-8", standalone=True)
    return {**parts, MAIN: written}


def open_controls(root: etree._Element) -> list[etree._Element]:
    """Les contrôles qu'un formulaire laisse ouverts, dans l'ordre de la page."""
    locks = ((sdt, sdt.find(f"{W_SDTPR}/{W}lock")) for sdt in root.iter(W_SDT))
    return [sdt for sdt, lock in locks if lock is not None and lock.get(W_VAL) == "sdtLocked"]


def tag_of(sdt: etree._Element) -> str:
    """L'étiquette d'un contrôle ; vide s'il n'en a pas."""
    tag = sdt.find(f"{W_SDTPR}/{W}tag")
    return "" if tag is None else str(tag.get(W_VAL, ""))


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


def _make_room(sdt: etree._Element, node: Node | None) -> None:
    """A field is tinted, and as high as a pen wants it."""
    essay = node is not None and node.multiline
    cell, paragraph = _around(sdt, W_TC), _around(sdt, W_P)
    if cell is not None:
        _shade(_properties(cell, "tcPr"), CELL_PROPERTIES)
        row = ancestor(cell, W_TR)
        if row is not None:
            _heighten(_properties(row, "trPr"), ESSAY if essay else LINE)
    elif paragraph is not None:
        _shade(_properties(paragraph, "pPr"), PARAGRAPH_PROPERTIES)
    alone = cell is not None and text_of(cell).strip() == text_of(sdt).strip()
    if paragraph is not None and not essay and not alone:
        _space(_properties(paragraph, "pPr"))


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


def _space(properties: etree._Element) -> None:
    insert_ordered(
        properties, w("spacing", line=LINE, lineRule="atLeast", after=SINK), PARAGRAPH_PROPERTIES
    )


def _properties(element: etree._Element, name: str) -> etree._Element:
    properties = element.find(f"{W}{name}")
    if properties is None:
        element.insert(0, properties := w(name))
    return properties
