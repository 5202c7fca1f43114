"""La lecture d'un classeur LibreOffice (.ods), cellule par cellule : ce que le tableur montre, ou
pourquoi une cellule n'est pas une réponse ; en temps et en mémoire proportionnels au fichier.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from dla_docs.errors import InputError
from dla_docs.files import read_bytes
from dla_docs.tables.faults import Fault
from dla_docs.tables.grids import (
    LAST_COLUMN,
    LIMIT,
    SAVE_AS,
    UNPACKED,
    Grid,
    Range,
    check_archive,
    check_place,
    checked_text,
    grid_of,
    refused,
    said_sheets,
    too_big,
    uncovered,
    unread,
)
from dla_docs.tables.looks import NEVER, error_said, error_shown, struck
from dla_docs.tables.odf_texts import CELL, OFFICE, STYLE, TABLE, Styles, text_of
from dla_docs.tables.odf_values import value_of

CONTENT, STYLES, MANIFEST = "content.xml", "styles.xml", "META-INF/manifest.xml"
MOST_CELLS = 1_000_000  # that say something, once those written once for many are counted
MOST_ALIKE = 10_000  # lines written once for many: a column filled down to the end of the sheet
CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
STYLED, TABLED = f"{STYLE}style", f"{TABLE}table"
COVERED = f"{TABLE}covered-table-cell"
CELLS = (f"{TABLE}table-cell", COVERED)
READ = (STYLED, TABLED, f"{TABLE}table-column", f"{TABLE}table-row", *CELLS)
DEFAULT = f"{TABLE}default-cell-style-name"
VISIBILITY = f"{TABLE}visibility"
NO_ODS = "Ce n'est pas un classeur LibreOffice (.ods)."


def read_ods(path: Path) -> list[Grid]:
    """Les feuilles visibles et non vides d'un classeur (la première s'il n'y en a pas) : titre, et
    lignes non vides avec leur numéro. ``InputError`` s'il ne se lit pas.
    """
    data = read_bytes(path, LIMIT)
    if not data.startswith(b"PK"):
        raise refused(NO_ODS, path, SAVE_AS)
    check_archive(data, path)
    try:
        return _sheets(data, path)
    except InputError:
        raise
    except Exception as error:  # damaged bytes raise what zipfile, lxml and numbers may raise
        raise unread(error, path) from error


def _sheets(data: bytes, path: Path) -> list[Grid]:
    reader = _Reader(path)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        if MANIFEST in names and b"encryption-data" in archive.read(MANIFEST):
            raise refused(
                "Ce classeur est protégé par un mot de passe.", path, "Retirez le mot de passe."
            )
        if CONTENT not in names:
            raise refused(NO_ODS, path, SAVE_AS)
        for name in [STYLES] * (STYLES in names) + [CONTENT]:
            with archive.open(name) as stream:
                reader.read(stream)
    if not reader.is_spreadsheet:
        raise refused(NO_ODS, path, SAVE_AS)
    return said_sheets(
        [sheet.grid(path) for sheet in reader.sheets if not sheet.hidden],
        [sheet.title for sheet in reader.sheets if sheet.hidden],
        path,
    )


@dataclass
class _Sheet:
    """A sheet as it is read: what its rows say, its merged cells, its columns struck out."""

    title: str
    hidden: bool
    rows: list[tuple[int, dict[int, Any]]] = field(default_factory=list)
    merged: list[Range] = field(default_factory=list)
    struck: set[int] = field(default_factory=set)
    unseen: set[int] = field(default_factory=set)  # rows that a filter, or a hand, hides
    veiled: set[int] = field(default_factory=set)  # and columns
    cells: dict[int, Any] = field(default_factory=dict)  # of the row being read
    row = column = columns = 1  # where the next of each one stands

    def grid(self, path: Path) -> Grid:
        made = grid_of(self.title, self.rows, self.unseen, self.veiled, path)
        return uncovered(made, self.merged, path)


class _Reader:
    """Reads the parts one element after the other, and forgets each as soon as it is read."""

    def __init__(self, path: Path) -> None:
        self.path, self.styles = path, Styles()
        self.sheets: list[_Sheet] = []
        self.is_spreadsheet = False
        self.depth = 0  # of tables: one in a cell or in a drawing is no sheet
        self.said = self.written = self.alike = 0  # cells, characters, lines written once for many

    def read(self, stream: Any) -> None:
        events = etree.iterparse(
            stream,
            events=("start", "end"),
            tag=(*READ, f"{OFFICE}spreadsheet"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
        )
        for event, element in events:
            if event == "start":
                self._open(element)
            else:
                self._close(element)

    def _open(self, element: etree._Element) -> None:
        if element.tag == f"{OFFICE}spreadsheet":
            self.is_spreadsheet = True
            if element.getroottree().docinfo.internalDTD is not None:
                raise refused("Ce classeur déclare des entités XML.", self.path, SAVE_AS)
        if element.tag == TABLED:
            self.depth += 1
            parent = element.getparent()
            if self.depth == 1 and parent is not None and parent.tag == f"{OFFICE}spreadsheet":
                hidden = self.styles.hides(element.get(f"{TABLE}style-name"))
                self.sheets.append(_Sheet(element.get(f"{TABLE}name", ""), hidden))

    def _close(self, element: etree._Element) -> None:
        inner = self.depth > 1  # in a cell or a drawing, which is still to be read
        if element.tag == TABLED:
            self.depth -= 1
        if element.tag == STYLED:
            self.styles.add(element)
        elif inner or not self.sheets:
            return
        elif element.tag == f"{TABLE}table-column":
            self._column(element, self.sheets[-1])
        elif element.tag == f"{TABLE}table-row":
            self._row(element, self.sheets[-1])
        elif element.tag in CELLS and not self.sheets[-1].hidden:
            self._cell(element, self.sheets[-1])
        _forget(element)

    def _column(self, element: etree._Element, sheet: _Sheet) -> None:
        last = sheet.columns + _times(element, "columns-repeated")
        places = range(sheet.columns, min(last, LAST_COLUMN + 1))
        if self.styles.strikes(CELL, element.get(DEFAULT)):
            sheet.struck.update(places)
        if _is_unseen(element):
            sheet.veiled.update(places)
        sheet.columns = last

    def _row(self, element: etree._Element, sheet: _Sheet) -> None:
        times, cells = _times(element, "rows-repeated"), sheet.cells
        if cells:
            self.alike += times - 1
            self.said += (times - 1) * len(cells)
            if self.alike > MOST_ALIKE:
                raise refused(
                    f"Les lignes {sheet.row} à {sheet.row + times - 1} de la feuille "
                    f"« {sheet.title} » disent toutes la même chose.",
                    self.path,
                    "Effacez celles qui ne servent pas.",
                )
            self._check_size()
            places = range(sheet.row, sheet.row + times)
            sheet.rows += ((place, cells) for place in places)
            if _is_unseen(element):
                sheet.unseen.update(places)
        sheet.row, sheet.column, sheet.cells = sheet.row + times, 1, {}

    def _cell(self, element: etree._Element, sheet: _Sheet) -> None:
        times, column = _times(element, "columns-repeated"), sheet.column
        sheet.column += times
        if element.tag == COVERED:
            return  # what a merged cell covers is not seen
        value = self._value(element, sheet)
        if value is None:
            return
        check_place(sheet.row, column + times - 1, self.path)
        self.said += times
        self._check_size()
        sheet.cells.update(dict.fromkeys(range(column, column + times), value))
        below = _times(element, "rows-spanned") - 1
        if below:
            beside = _times(element, "columns-spanned") - 1
            sheet.merged.append((sheet.row, column, sheet.row + below, column + beside))

    def _check_size(self) -> None:
        if self.said > MOST_CELLS or self.written > UNPACKED:
            raise too_big(self.path)

    def _value(self, cell: etree._Element, sheet: _Sheet) -> Any:
        """What the cell shows, ``None`` when that is nothing."""
        if not len(cell) and not cell.attrib:
            return None
        text = text_of(cell, self.styles, self._is_struck(cell, sheet))
        kept = checked_text(text.kept or "", self.path)
        self.written += len(kept) + len(text.lost)
        if any(child.tag == TABLED for child in cell):
            return Fault(
                "tient un tableau, dont rien ne serait lu", "Tapez-y la réponse seule.", kept
            )
        if text.lost.strip():
            return struck(text.lost, kept)
        if cell.get(f"{CALC}value-type") == "error":
            return error_shown(kept.strip() or "#N/A")
        value = error_said(kept) or value_of(cell, text.kept)
        if value is None and text.kept is None and cell.get(f"{TABLE}formula"):
            return NEVER
        return None if isinstance(value, str) and not value.strip() else value

    def _is_struck(self, cell: etree._Element, sheet: _Sheet) -> bool:
        row = cell.getparent()
        own = cell.get(f"{TABLE}style-name") or (row.get(DEFAULT) if row is not None else None)
        return self.styles.strikes(CELL, own) if own else sheet.column - 1 in sheet.struck


def _is_unseen(line: etree._Element) -> bool:
    """A row or a column, by itself or with the group that it stands in, which is folded."""
    group = line.getparent()
    while group is not None and group.tag != TABLED:
        if group.get(f"{TABLE}display") == "false":
            return True
        group = group.getparent()
    return line.get(VISIBILITY, "visible") != "visible"


def _times(element: etree._Element, what: str) -> int:
    return max(1, int(element.get(f"{TABLE}number-{what}", "1")))


def _forget(element: etree._Element) -> None:
    """Frees what was read, and what stood before it."""
    parent = element.getparent()
    element.clear()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
