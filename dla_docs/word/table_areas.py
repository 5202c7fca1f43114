"""Les zones d'un tableau Word que son style distingue : première ligne, dernière colonne, une ligne
sur deux. Comptées sur la place des cellules : ce que le fichier en a noté peut être d'avant.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

from lxml import etree

from dla_docs.word.names import W_TBL, W_TC, W_TR, W_VAL, W, ancestor, is_on

LOOK, ROW, OWN_LOOK = f"{W}tblPr/{W}tblLook", f"{W}trPr", f"{W}tblPrEx/{W}tblLook"
SPAN, BEFORE = f"{W}tcPr/{W}gridSpan", f"{ROW}/{W}gridBefore"
LOOKS = {  # what a table asks of its style, and the bit that older programs write
    "firstRow": 0x20,
    "lastRow": 0x40,
    "firstColumn": 0x80,
    "lastColumn": 0x100,
    "noHBand": 0x200,
    "noVBand": 0x400,
}
CORNERS = {
    "nwCell": ("firstRow", "firstCol"),
    "neCell": ("firstRow", "lastCol"),
    "swCell": ("lastRow", "firstCol"),
    "seCell": ("lastRow", "lastCol"),
}
ORDER = ("firstCol", "lastCol", "firstRow", "lastRow")  # the first that says something wins
BANDS = ("band1Horz", "band2Horz"), ("band1Vert", "band2Vert")
WHOLE = "wholeTable"
AREAS = (*CORNERS, *ORDER, *BANDS[0], *BANDS[1], WHOLE)
Areas = dict[etree._Element, list[str]]  # by cell, from the one that wins to the one that yields


def areas_of(table: etree._Element, bands: tuple[int, int]) -> Areas:
    """Par cellule, les zones où elle est, de celle qui l'emporte à celle qui cède. ``bands`` :
    combien de lignes, de colonnes tient une bande.
    """
    rows = [row for row in table.iter(W_TR) if ancestor(row, W_TBL) is table]
    heads = max(1, len([*takewhile(_is_heading, rows)]))
    found = {}
    for rank, row in enumerate(rows):
        asked = _asked(table, row)
        edges = {
            "firstRow": rank < heads and "firstRow" in asked,
            "lastRow": rank == len(rows) - 1 and "lastRow" in asked,
        }
        band = rank - heads if "firstRow" in asked else rank
        across = "" if "noHBand" in asked or any(edges.values()) else _band(band, 0, bands)
        for cell, sides, down in _cells(row, asked, bands):
            found[cell] = [*_named({**edges, **sides}), *filter(None, (across, down)), WHOLE]
    return found


def _cells(
    row: etree._Element, asked: frozenset[str], bands: tuple[int, int]
) -> Iterator[tuple[etree._Element, dict[str, bool], str]]:
    cells = [cell for cell in row.iter(W_TC) if ancestor(cell, W_TR) is row]
    column = number(row.find(BEFORE), 0)
    start = number(cells[0].find(SPAN), 1) if cells and "firstColumn" in asked else 0
    for cell in cells:
        sides = {
            "firstCol": cell is cells[0] and "firstColumn" in asked,
            "lastCol": cell is cells[-1] and "lastColumn" in asked,
        }
        banded = "noVBand" not in asked and not any(sides.values())
        yield cell, sides, _band(column - start, 1, bands) if banded else ""
        column += number(cell.find(SPAN), 1)


def _named(edges: dict[str, bool]) -> Iterator[str]:
    yield from (name for name, sides in CORNERS.items() if all(edges[side] for side in sides))
    yield from (name for name in ORDER if edges[name])


def _band(rank: int, way: int, bands: Sequence[int]) -> str:
    return BANDS[way][rank // max(1, bands[way]) % 2]


def _asked(table: etree._Element, row: etree._Element) -> frozenset[str]:
    own = row.find(OWN_LOOK)
    look = table.find(LOOK) if own is None else own
    if look is None:
        return frozenset()
    said = str(look.get(W_VAL, "0"))
    bits = int(said, 16) if set(said) <= set("0123456789abcdefABCDEF") and said else 0
    return frozenset(
        name
        for name, bit in LOOKS.items()
        if (look.get(f"{W}{name}") in ("1", "true", "on") if look.get(f"{W}{name}") else bits & bit)
    )


def _is_heading(row: etree._Element) -> bool:
    return is_on(row.find(f"{ROW}/{W}tblHeader"))


def number(element: etree._Element | None, usual: int) -> int:
    """Le nombre que dit un réglage ; ``usual`` quand il n'y est pas, ou n'en dit pas."""
    said = "" if element is None else str(element.get(W_VAL, ""))
    return int(said) if said.isascii() and said.isdigit() else usual
