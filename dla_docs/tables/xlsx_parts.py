"""Les parties d'un classeur XLSX, lues par openpyxl : ses textes et ses cellules, et rien d'autre,
que d'autres programmes écrivent de façons qu'il refuse. Il n'est chargé que par qui ouvre un
classeur.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import IO, Any

from openpyxl.packaging.relationship import get_dependents, get_rels_path
from openpyxl.reader.excel import SHARED_STRINGS, ExcelReader
from openpyxl.utils import range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._reader import (
    COL_TAG,
    FORMULA_TAG,
    INLINE_STRING,
    MERGE_TAG,
    ROW_TAG,
    VALUE_TAG,
    WorkSheetParser,
    parse_richtext_string,
)
from openpyxl.xml.constants import REL_NS, SHEET_MAIN_NS
from openpyxl.xml.functions import fromstring, iterparse

from dla_docs.tables.faults import Fault
from dla_docs.tables.grids import LAST_COLUMN, LAST_ROW, Range
from dla_docs.tables.looks import NEVER, STALE, USUAL, error_shown, looks_of, rich

VIEW_TAG, STRING_TAG, TEXT_TAG = (f"{{{SHEET_MAIN_NS}}}{one}" for one in ("sheetView", "si", "t"))
DROPPED = "x005F_"  # by openpyxl, from a text in pieces; so it is from one that it does not see
OFF = ("0", "false")  # of a mark that is taken away
FLAT = ("0", "0.0")  # the height of a row, the width of a column, that some programs hide so
TEXTS = ("str", "inlineStr")  # of a formula: what it says may be nothing
TABLE, TOTALS, LAST = f"{REL_NS}/table", "totalsRowCount", re.compile(r"[0-9]:[A-Z$]+([0-9]+)\Z")
RICH = Fault(
    "tient une image, une donnée liée ou une erreur, que seul Excel montre",
    "Tapez-y la réponse, ou effacez-la.",
    "#VALUE!",
)
# The values of a formula that some programs leave: nought, or what it gave before
TO_CALCULATE = re.compile(
    rb'<(?:\w+:)?calcPr\s[^>]*\b(?:fullCalcOnLoad\s*=\s*["\'](?:1|true)|calcCompleted\s*=\s*["\'](?:0|false))'
)
DAYS = (date, time, timedelta)  # a union would be made at each cell
DATE = "Retapez la date, ou donnez à la cellule le format Standard."


class Sheet(ReadOnlyWorksheet):  # type: ignore[misc]
    """Une feuille qui ne se lit pas d'avance jusqu'au bout, quand rien n'y dit jusqu'où elle va."""

    def _get_size(self) -> None: ...


class Reader(ExcelReader):  # type: ignore[misc]
    """Un classeur ; rien n'est bâti pour un texte d'un seul morceau, comme ils le sont presque
    tous.
    """

    def __init__(self, data: IO[bytes]) -> None:
        super().__init__(data, read_only=True, data_only=True, keep_links=False, rich_text=True)

    def read_worksheets(self) -> None:
        """Les feuilles, dans l'ordre."""
        for sheet, link in self.parser.find_sheets():
            if link.target not in self.valid_files:
                continue
            if "chartsheet" in link.Type:
                self.read_chartsheet(sheet, link)
                continue
            made = Sheet(self.wb, sheet.name, link.target, self.shared_strings)
            made.sheet_state = sheet.state
            self.wb._sheets.append(made)

    @property
    def is_stale(self) -> bool:
        """Vrai d'un classeur qui dit que ses formules restent à calculer."""
        return TO_CALCULATE.search(self.archive.read(self.parser.workbook_part_name)) is not None

    def totals_of(self, sheet: Any) -> list[int]:
        """Les lignes de totaux des tableaux d'une feuille : elles n'en sont pas des réponses."""
        rels = get_rels_path(sheet._worksheet_path)
        if rels not in self.valid_files:
            return []
        links = get_dependents(self.archive, rels).find(TABLE)
        held = [one.Target for one in links if one.Target in self.valid_files]
        tables = [fromstring(self.archive.read(one)) for one in held]
        ends = (
            LAST.search(one.get("ref", "")) for one in tables if one.get(TOTALS, "0") not in OFF
        )
        return [int(end[1]) for end in ends if end]

    def read_strings(self) -> None:
        """Les textes que plusieurs cellules peuvent dire."""
        if part := self.package.find(SHARED_STRINGS):
            with self.archive.open(part.PartName[1:]) as source:
                events = iterparse(source, events=("start", "end"))
                _, every = next(events)
                for event, element in events:
                    if event == "end" and element.tag == STRING_TAG:
                        self.shared_strings.append(_string(element))
                        every.clear()


class Veiled(set[int]):
    """Les colonnes qui ne se montrent pas. Chacune n'est dite qu'une fois, dans l'ordre : un
    fichier qui en dit davantage ne coûte pas davantage.
    """

    last = 0  # of those of which something was said

    def tell(self, columns: Any) -> None:
        """Ce qu'un élément dit de plusieurs colonnes."""
        first = max(int(columns.get("min")), self.last + 1)
        self.last = max(self.last, min(int(columns.get("max")), LAST_COLUMN))
        if columns.get("hidden", "0") not in OFF or columns.get("width") in FLAT:
            self.update(range(first, self.last + 1))


class Parser(WorkSheetParser):  # type: ignore[misc]
    """Les cellules d'une feuille : ce que chacune montre de sa valeur, ou pourquoi elle n'est pas
    une réponse.
    """

    def __init__(self, sheet: Any, source: Any, is_stale: bool) -> None:
        book = sheet.parent
        super().__init__(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
            rich_text=True,
        )
        self.looks, self.is_stale = looks_of(book), is_stale
        self.hidden: set[int] = set()
        self.veiled = Veiled()
        self.merged: list[Range] = []
        self.shows_zeros = True

    def parse(self) -> Iterator[Any]:
        """Les lignes, et ce qui est dit de la feuille en passant."""
        for _, element in iterparse(self.source):
            if element.tag == ROW_TAG:
                hides = element.get("ht", "") in FLAT or element.get("hidden", "0") not in OFF
                row = self.parse_row(element)
                self.hidden.update(row[:1] if hides else ())
                yield row
            elif element.tag == COL_TAG:
                self.veiled.tell(element)
            elif element.tag == VIEW_TAG:
                self.shows_zeros = element.get("showZeros") not in OFF
            elif element.tag == MERGE_TAG:
                self.merged += (_merged(one.get("ref", "")) for one in element)
            if element.tag in (ROW_TAG, MERGE_TAG):
                element.clear()

    def parse_cell(self, element: Any) -> Any:
        """Une cellule."""
        kind = element.get("t")
        inline = element.find(INLINE_STRING) if kind == "inlineStr" else None
        if inline is not None:
            element.remove(inline)
        cell = super().parse_cell(element)
        value = cell["value"] if inline is None else _string(inline)
        if (cell["data_type"] == "e" and value) or self._is_no_day(element, value):
            value = _error(element, str(value))  # whatever word the program has for it
        if element.find(FORMULA_TAG) is not None and (
            told := self._uncomputed(element, inline, value)
        ):
            cell["value"] = told
        elif value == 0 and cell["data_type"] == "n" and not self.shows_zeros:
            cell["value"] = None
        else:
            cell["value"] = self.looks.get(cell["style_id"], USUAL).shown(rich(value))
        return cell

    def _is_no_day(self, cell: Any, value: Any) -> bool:
        """A day before all others, which shows as « #### »; those that begin in 1904 have some."""
        if not isinstance(value, DAYS) or (
            self.epoch == CALENDAR_MAC_1904 and isinstance(value, timedelta)
        ):
            return False
        return (cell.findtext(VALUE_TAG) or "").strip().startswith("-")

    def _uncomputed(self, cell: Any, inline: Any, value: Any) -> Fault | None:
        """What is said of a formula that the program which wrote it left to others."""
        said = cell.find(VALUE_TAG) if inline is None else inline
        if said is None or not (said.text or cell.get("t") in TEXTS):
            return NEVER
        return STALE if self.is_stale and not isinstance(value, Fault) else None


def _string(element: Any) -> Any:
    """A text in one piece, or openpyxl's pieces, each with its looks."""
    if len(element) == 1 and element[0].tag == TEXT_TAG:
        return (element[0].text or "").replace(DROPPED, "")
    return parse_richtext_string(element)


def _merged(ref: str) -> Range:
    """Whole columns (« A:B ») and whole rows (« 2:3 ») name no other bound."""
    column, row, last_column, last_row = range_boundaries(ref)
    return row or 1, column or 1, last_row or LAST_ROW, last_column or LAST_COLUMN


def _error(cell: Any, shown: str) -> Fault:
    if cell.get("t") != "e":  # openpyxl's own word for a number that no date is
        held = "".join(child.text or "" for child in cell if child.tag == VALUE_TAG)
        return Fault(f"est au format Date et vaut {held}, qui n'en est pas une", DATE, held)
    return RICH if cell.get("vm") else error_shown(shown)
