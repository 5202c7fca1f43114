"""Une liste fermée de quelques réponses, montrée par des cases à cocher."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from types import MappingProxyType

from lxml import etree

from dla_docs.builder.wml import properties_of, run, w
from dla_docs.model.node import Node
from dla_docs.model.typography import typeset_words
from dla_docs.templating.controls import MAX_TAG, control_number
from dla_docs.word.boxes import CHECKED, UNCHECKED, box_tag
from dla_docs.word.names import (
    MC,
    NAMESPACES,
    W_P,
    W_RPR,
    W_SDTPR,
    W_TBL,
    W_TC,
    W_TR,
    W_VAL,
    W,
    ancestor,
    insert_ordered,
    q,
)
from dla_docs.word.order import PARAGRAPH_PROPERTIES, RUN_PROPERTIES
from dla_docs.word.package import parse_part
from dla_docs.word.page import text_of
from dla_docs.word.part import of_small_parts
from dla_docs.word.style_marks import STYLES

NUMBERING = "word/numbering.xml"
INDENTED = STYLES, NUMBERING
BOX_STATE = q("w14:checkbox")
OF_2010 = {"w14": NAMESPACES["w14"], "mc": NAMESPACES["mc"]}
LETTER, LARGE = 100, 112  # twentieths of a point: a letter of a cell, of a paragraph
MARGINS = 216  # of a cell, likewise
LEAST = 4  # letters
NARROW, WIDE = 34, 68  # letters: of a cell, or of a page, that does not say its width
BOX = 3  # letters that a box takes
BOX_LINE, BOX_AFTER = 460, 60  # twentieths of a point: 8.1 mm, and 1 mm below the last
BOX_SIZE = 28  # halves of a point
FONT = "MS Gothic"  # the one in which Word draws its boxes
IN_LINE = 3 * "\N{NO-BREAK SPACE}" + " "  # between two answers


def show_boxes(sdt: etree._Element, node: Node, indents: Mapping[str, int]) -> None:
    """Remplace, dans sa ligne, un contrôle ouvert par une case devant chacune de ses réponses ;
    ``indents`` : le retrait de chaque style.
    """
    parent, tag = sdt.getparent(), sdt.find(f"{W_SDTPR}/{W}tag")
    assert parent is not None and tag is not None
    path = str(tag.get(W_VAL))
    look, said = sdt.find(f"{W_SDTPR}/{W_RPR}"), typeset_words(text_of(sdt).strip())
    before = sum(len(text_of(one)) for one in sdt.itersiblings(preceding=True))
    wanted = before + sum(BOX + len(choice) + len(IN_LINE) for choice in node.choices)
    fits = wanted <= room(sdt, indents)
    made: list[etree._Element] = []
    for rank, choice in enumerate(map(typeset_words, node.choices), 1):
        made.append(_box(box_tag(path, rank), f"{node.label} : {choice}", choice == said, look))
        ends = rank == len(node.choices)
        words = choice.replace(" ", "\N{NO-BREAK SPACE}", 1) if fits else choice
        made.append(_text(f"\N{NO-BREAK SPACE}{words}", look))
        made += [] if ends else [_text(IN_LINE if fits else "\n", look)]
    if any(text_of(one).strip() for one in sdt.itersiblings()):
        made.append(_text("\n", look))  # what goes on after the last box is none of its words
    at = parent.index(sdt)
    parent[at : at + 1] = made
    if parent.tag == W_P:
        _spread(parent)


def _spread(paragraph: etree._Element) -> None:
    """Each box has the room that a pen wants."""
    properties = properties_of(paragraph, "pPr")
    if properties.find(f"{W}spacing") is None:
        spacing = w("spacing", after=BOX_AFTER, line=BOX_LINE, lineRule="atLeast")
        insert_ordered(properties, spacing, PARAGRAPH_PROPERTIES)


def indents(parts: Mapping[str, bytes]) -> Mapping[str, int]:
    """Le retrait de chaque style de paragraphe, des deux côtés, et le numéro qui y ouvre la ligne
    (« Article 1 – »), en vingtièmes de point.
    """
    beside = _openings_in(parts[NUMBERING]) if NUMBERING in parts else {}
    own = _indents_in(parts[STYLES]) if STYLES in parts else {}
    return {name: indent + beside.get(name, 0) for name, indent in own.items()}


@of_small_parts
def _indents_in(data: bytes) -> Mapping[str, int]:
    found = parse_part(data, STYLES).iter(f"{W}style")
    styles = {str(style.get(f"{W}styleId")): style for style in found}
    return MappingProxyType(
        {name: _of_style(style, styles, len(styles)) for name, style in styles.items()}
    )


@of_small_parts
def _openings_in(data: bytes) -> Mapping[str, int]:
    return MappingProxyType(dict(map(_opening, parse_part(data, NUMBERING).iter(f"{W}lvl"))))


def _opening(level: etree._Element) -> tuple[str, int]:
    """The style that a level numbers, and what its number takes of a line; one that stands within
    the indent takes nothing more.
    """
    style, follows, number = (level.find(f"{W}{name}") for name in ("pStyle", "suff", "lvlText"))
    named = "" if style is None else str(style.get(W_VAL))
    beside = follows is not None and follows.get(W_VAL) == "space"
    return named, len(str(number.get(W_VAL)) + " ") * LARGE if beside and number is not None else 0


def _of_style(style: etree._Element, styles: Mapping[str, etree._Element], depth: int) -> int:
    """``depth``: a damaged file may base a style on itself."""
    own, base = style.find(f"{W}pPr/{W}ind"), style.find(f"{W}basedOn")
    above = None if base is None else styles.get(str(base.get(W_VAL)))
    if own is not None or above is None or not depth:
        return _sides(own)
    return _of_style(above, styles, depth - 1)


def _sides(indent: etree._Element | None) -> int:
    return _number(indent, "left") + _number(indent, "right")


def room(element: etree._Element, indents: Mapping[str, int]) -> int:
    """Le nombre de lettres que tient à peu près une ligne, là où est cet élément ; ``indents`` : le
    retrait de chaque style.
    """
    cell, width = ancestor(element, W_TC), line_width(element, indents)
    if not width:
        return WIDE if cell is None else NARROW
    return max(LEAST, width // (LARGE if cell is None else LETTER))


def line_width(element: etree._Element, indents: Mapping[str, int]) -> int:
    """La largeur d'une ligne, là où est cet élément, en vingtièmes de point ; 0 quand rien ne la
    dit.
    """
    cell = ancestor(element, W_TC)
    if cell is not None:
        return max(0, _width(cell) - MARGINS)
    section = [*element.getroottree().getroot().iter(f"{W}sectPr")][-1:]
    if not section:
        return 0
    size, margins = section[0].find(f"{W}pgSz"), section[0].find(f"{W}pgMar")
    return max(0, _number(size, "w") - _sides(margins) - _indent(element, indents))


def _width(cell: etree._Element) -> int:
    """That of its column, when it does not say its own: 0 when nothing says it."""
    own = cell.find(f"{W}tcPr/{W}tcW")
    if own is not None and own.get(q("w:type")) == "dxa":
        return _number(own, "w")
    row, table = ancestor(cell, W_TR), ancestor(cell, W_TBL)
    cells = [] if row is None else [*row.iter(W_TC)]
    columns = [] if table is None else [*table.iterfind(f"{W}tblGrid/{W}gridCol")]
    return _number(columns[cells.index(cell)], "w") if len(cells) == len(columns) else 0


def _indent(element: etree._Element, indents: Mapping[str, int]) -> int:
    paragraph = element if element.tag == W_P else ancestor(element, W_P)
    if paragraph is None:
        return 0
    own, style = (paragraph.find(f"{W}pPr/{W}{name}") for name in ("ind", "pStyle"))
    named = "" if style is None else str(style.get(W_VAL))
    return indents.get(named, 0) if own is None else _sides(own)


def with_word_2010(root: etree._Element) -> etree._Element:
    """La même partie, qui déclare le vocabulaire des cases : Word 2007 en passe les propriétés."""
    return declaring_word_2010(root) if has_boxes(root) else root


def has_boxes(root: etree._Element) -> bool:
    """Vrai d'une partie où il y a des cases."""
    return next(root.iter(BOX_STATE), None) is not None


def declaring_word_2010(root: etree._Element) -> etree._Element:
    """La même partie, qui le déclare, qu'elle ait des cases ou non."""
    known = {prefix: uri for prefix, uri in root.nsmap.items() if prefix}
    made = etree.Element(root.tag, nsmap={**known, **OF_2010})
    for name, value in root.items():
        made.set(name, value)
    ignorable = f"{MC}Ignorable"
    made.set(ignorable, " ".join(dict.fromkeys([*root.get(ignorable, "").split(), "w14"])))
    made.extend(root)
    etree.cleanup_namespaces(made, keep_ns_prefixes=[*known, *OF_2010])
    return made


def names_word_2010(root: etree._Element) -> bool:
    """Vrai d'une partie qui ne le nomme qu'ainsi, ou pas : le déclarer n'y récrit aucun élément."""
    usual = {uri: prefix for prefix, uri in OF_2010.items()}
    return all(usual.get(uri, prefix) == prefix for prefix, uri in root.nsmap.items())


def _box(tag: str, label: str, ticked: bool, look: etree._Element | None) -> etree._Element:
    state = etree.Element(BOX_STATE, nsmap={"w14": NAMESPACES["w14"]})
    for name, value in (
        ("checked", str(int(ticked))),
        ("checkedState", f"{ord(CHECKED):04X}"),
        ("uncheckedState", f"{ord(UNCHECKED):04X}"),
    ):
        child = etree.SubElement(state, q(f"w14:{name}"), {q("w14:val"): value})
        if name != "checked":
            child.set(q("w14:font"), FONT)
    drawn = _text(CHECKED if ticked else UNCHECKED, look)
    fonts = w("rFonts", ascii=FONT, eastAsia=FONT, hAnsi=FONT, hint="eastAsia")
    own = properties_of(drawn, "rPr")
    insert_ordered(own, fonts, RUN_PROPERTIES)
    insert_ordered(own, w("sz", val=BOX_SIZE), RUN_PROPERTIES)
    properties = w(
        "sdtPr",
        None if look is None else deepcopy(look),
        w("alias", val=label[:MAX_TAG]),
        w("tag", val=tag),
        w("id", val=control_number(tag)),
        w("lock", val="sdtLocked"),
        state,
    )
    return w("sdt", properties, w("sdtContent", drawn))


def _text(words: str, look: etree._Element | None) -> etree._Element:
    made = run(words)
    if look is not None:
        made.insert(0, deepcopy(look))
    return made


def _number(element: etree._Element | None, name: str) -> int:
    value = "" if element is None else str(element.get(f"{W}{name}", ""))
    return int(value) if value.isdecimal() else 0
