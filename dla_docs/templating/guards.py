"""Ce qui garde le document sain quand des passages disparaissent ou se répètent."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from dla_docs.templating.lexer import TagKind
from dla_docs.templating.marks import (
    CellEnd,
    ControlId,
    DrawingId,
    GridStart,
    Marks,
    Region,
    RegionEnd,
    Tag,
)
from dla_docs.word.names import (
    W_P,
    W_SDT,
    W_SDTCONTENT,
    W_SDTPR,
    W_TBL,
    W_TC,
    W_TR,
    W_VAL,
    element,
    q,
)

EMPTY_PARAGRAPH = "<w:p></w:p>"
EMPTY_RUN = "<w:r><w:t></w:t></w:r>"
STORIES = frozenset(
    map(
        q,
        ["w:hdr", "w:ftr", "w:footnote", "w:endnote", "w:comment", "w:txbxContent", "w:sdtContent"],
    )
)
BLOCKS = frozenset({W_P, W_TBL, W_SDT})
ANCHORS = tuple(
    map(
        q,
        [
            "w:bookmarkStart",
            "w:bookmarkEnd",
            "w:commentRangeStart",
            "w:commentRangeEnd",
            "w:commentReference",
        ],
    )
)
REVISION_IDS = (q("w14:paraId"), q("w14:textId"))


def guard(root: etree._Element, marks: Marks) -> None:
    """Pose les gardes : pas de cellule sans paragraphe final, de ligne sans cellule, de tableau
    sans ligne, d'histoire vide.
    """
    for row in reversed(list(root.iter(W_TR))):
        if _may_be_empty(row, marks, {W_TC}):
            _enclose(row, Region("</w:tc>"), marks)
    for table in reversed(list(root.iter(W_TBL))):
        if _has_block_in_rows(table, marks):
            _make_grid_dynamic(table, marks)
        if _may_be_empty(table, marks, {W_TR}):
            _enclose(table, Region("</w:tr>"), marks)
    for story in list(root.iter(*STORIES)):
        _guard_story(story, marks)
    for cell in root.iter(W_TC):
        if len(cell) and marks.of(cell[-1]) is not None:
            _expand_paragraphs(cell)
            cell.append(marks.node(CellEnd()))


def make_repeatable(root: etree._Element, marks: Marks) -> None:
    """Ce qu'une boucle répète ne peut garder ni signets, ni numéros uniques."""
    for item in list(_repeated(root, marks)):
        for name in REVISION_IDS:
            item.attrib.pop(name, "")
        if item.tag in ANCHORS:
            parent = item.getparent()
            assert parent is not None
            parent.remove(item)
        elif item.tag == q("wp:docPr"):
            item.set("id", marks.text(DrawingId()))
        elif item.tag == W_SDTPR:
            _number_afresh(item, marks)


def _number_afresh(properties: etree._Element, marks: Marks) -> None:
    number = properties.find(q("w:id"))
    if number is not None:
        number.set(W_VAL, marks.text(ControlId()))


def _repeated(root: etree._Element, marks: Marks) -> Iterator[etree._Element]:
    depth = 0
    for item in root.iter():
        meaning = marks.of(item)
        if isinstance(meaning, Tag) and meaning.kind is TagKind.BLOCK:
            depth += {"for": 1, "endfor": -1}.get(meaning.keyword, 0)
        elif depth > 0 and isinstance(item.tag, str):
            yield item


def _step(node: etree._Element, marks: Marks) -> int:
    meaning = marks.of(node)
    if isinstance(meaning, Region):
        return 1
    if isinstance(meaning, RegionEnd):
        return -1
    if isinstance(meaning, Tag) and meaning.kind is TagKind.BLOCK:
        return {"if": 1, "for": 1, "endif": -1, "endfor": -1}.get(meaning.keyword, 0)
    return 0


def _may_be_empty(parent: etree._Element, marks: Marks, wanted: set[str] | frozenset[str]) -> bool:
    """True when what ``parent`` must contain stands only within blocks."""
    return not _always_has(parent, marks, wanted) and any(
        _step(child, marks) for child in _reach(parent)
    )


def _always_has(parent: etree._Element, marks: Marks, wanted: set[str] | frozenset[str]) -> bool:
    depth = 0
    for child in parent:
        depth += _step(child, marks)
        if depth == 0 and child.tag in wanted:
            return True
        if (
            depth == 0
            and child.tag == W_SDT
            and any(_always_has(content, marks, wanted) for content in child.findall(W_SDTCONTENT))
        ):
            return True
    return False


def _reach(parent: etree._Element) -> Iterator[etree._Element]:
    for child in parent:
        yield child
        if child.tag == W_SDT:
            for content in child.findall(W_SDTCONTENT):
                yield from _reach(content)


def _enclose(item: etree._Element, region: Region, marks: Marks) -> None:
    item.addprevious(marks.node(region))
    item.addnext(marks.node(RegionEnd()))


def _guard_story(story: etree._Element, marks: Marks) -> None:
    if story.tag == W_SDTCONTENT and not any(child.tag in BLOCKS for child in story):
        wanted, region = frozenset({q("w:r")}), Region("</w:r>", EMPTY_RUN)
    else:
        wanted, region = BLOCKS, Region("</w:p>", EMPTY_PARAGRAPH)
    held = next((child.tag for child in story if child.tag in (W_TR, W_TC)), None)
    if held is not None:
        _guard_rows(story, str(held), marks)
        return
    if not _may_be_empty(story, marks, wanted):
        return
    _expand_paragraphs(story)
    story.insert(0, marks.node(region))
    story.append(marks.node(RegionEnd()))


def _guard_rows(content: etree._Element, held: str, marks: Marks) -> None:
    """A control around rows or cells goes with them."""
    control = content.getparent()
    if control is not None and _may_be_empty(content, marks, {held}):
        _enclose(control, Region("</w:tr>" if held == W_TR else "</w:tc>"), marks)


def _expand_paragraphs(parent: etree._Element) -> None:
    """An empty paragraph is written ``<w:p></w:p>``: the guards look for its end."""
    for paragraph in parent.iter(W_P):
        if len(paragraph) == 0 and not paragraph.text:
            paragraph.text = ""


def _has_block_in_rows(table: etree._Element, marks: Marks) -> bool:
    return any(_step(child, marks) for row in table.findall(W_TR) for child in row)


def _make_grid_dynamic(table: etree._Element, marks: Marks) -> None:
    grid = table.find(q("w:tblGrid"))
    if grid is None:
        return
    width = sum(int(column.get(q("w:w"), 0) or 0) for column in grid.iter(q("w:gridCol")))
    table.replace(grid, marks.node(GridStart(width)))
    table.append(marks.node(RegionEnd()))
    for cell in table.iter(W_TC):
        for properties in cell.findall(q("w:tcPr")):
            for old in properties.findall(q("w:tcW")):
                properties.replace(old, element("w:tcW", w="0", type="auto"))


def used_numbers(root: etree._Element) -> tuple[int, set[int]]:
    """Le premier numéro de dessin libre après ceux de la partie, et les numéros de contrôle qu'elle
    emploie.
    """
    drawings = [
        int(item.get("id", 0) or 0)
        for item in root.iter(q("wp:docPr"))
        if str(item.get("id", "")).isdigit()
    ]
    controls = {int(item.get(W_VAL, 0)) for item in root.iter(q("w:id")) if _is_control_id(item)}
    return max(drawings, default=0) + 1, controls


def _is_control_id(item: etree._Element) -> bool:
    parent = item.getparent()
    return (
        parent is not None
        and parent.tag == W_SDTPR
        and str(item.get(W_VAL, "")).lstrip("-").isdigit()
    )
