"""Les tableaux : un CSV ou un classeur XLSX, lu ligne par ligne avec le numéro que le tableur
affiche ; un classeur écrit, rempli ou à remplir.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.files import read_bytes, read_text
from dla_docs.tables.reading import SAVE_AS, Fault, error_said, openpyxl_for, read_workbook

SUFFIXES = (".csv", ".xlsx")
DELIMITERS = ";\t,"
UNWRITTEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
)  # what XML, hence a workbook, cannot hold
MIDNIGHT = re.compile(r"^\s*(\d{1,2}/\d{1,2}/\d{4}) 0?0:00(:00)?\s*$")  # a date, with its hour
NEVER = "#CALC!"  # stands for the value that a formula never had
LONGEST = 32_767  # characters of a cell
WIDEST, NARROWEST = 60, 12  # characters, of a written column
LISTS, LAST_ROW = "Choix", 10_000  # the hidden sheet of the drop-down lists; how far down they go
OTHERS = {
    ".xls": "C'est un classeur d'avant 2007 (.xls).",
    ".xlsm": "C'est un classeur avec des macros (.xlsm).",
    ".xlsb": "C'est un classeur binaire (.xlsb).",
    ".ods": "C'est un classeur LibreOffice (.ods).",
}


@dataclass(frozen=True)
class Row:
    """Une ligne d'un tableau : son numéro, et ses cellules remplies par titre de colonne ;
    ``stray`` quand une cellule n'a pas de titre ; ``faults`` : les cellules qui ne sont pas des
    réponses.
    """

    line: int
    cells: dict[str, Any]
    stray: bool = False
    faults: tuple[Constat, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """Une feuille d'un classeur, ou un CSV entier : son titre, et ses lignes non vides, chacune
    avec son numéro.
    """

    title: str
    path: Path
    lines: Iterable[tuple[int, Sequence[Any]]]

    def table(self) -> tuple[tuple[str, ...], Iterator[Row]]:
        """Les titres des colonnes, puis les lignes, l'une après l'autre ; ``InputError`` quand la
        première ligne n'en est pas une de titres.
        """
        lines = iter(self.lines)
        headings = _headings(next(lines, (1, [])), self.path)
        return tuple(filter(None, headings)), (
            _row(line, cells, headings, self.path) for line, cells in lines
        )


def read_rows(path: str | Path) -> tuple[tuple[str, ...], Iterator[Row]]:
    """Les titres des colonnes d'un .csv ou d'un .xlsx, puis ses lignes non vides, l'une après
    l'autre. ``InputError`` s'il ne se lit pas.
    """
    return read_sheets(path)[0].table()


def read_sheets(path: str | Path) -> list[Sheet]:
    """Les feuilles d'un classeur qui se voient et ne sont pas vides ; un
    CSV n'en a qu'une. ``InputError`` s'il ne se lit pas.
    """
    source = Path(path)
    suffix = source.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(
            Constat(
                OTHERS.get(suffix, "Ce n'est pas un tableau (.csv ou .xlsx)."),
                fichier=str(path),
                conseil=SAVE_AS,
            )
        )
    if suffix == ".csv":
        return [
            Sheet(
                source.stem,
                source,
                ((line, cells) for line, cells in _read_csv(source) if any(map(_says, cells))),
            )
        ]
    return [Sheet(title, source, lines) for title, lines in read_workbook(source)]


@dataclass(frozen=True)
class Heading:
    """Le titre d'une colonne à remplir : la note qu'on lit en le survolant, les réponses de sa
    liste, la forme de ses cellules.
    """

    text: str
    note: str = ""
    choices: tuple[str, ...] = ()
    number_format: str = ""


class Percentage(Decimal):
    """Une part, de 0 à 1, que le classeur montre en pourcentage."""


def workbook(headings: Sequence[str], rows: Iterable[Sequence[Any]], title: str) -> bytes:
    """Un classeur XLSX d'une feuille : les titres figés et filtrables, les dates et les nombres
    comme tels, le reste comme du texte.
    """
    return workbook_of([(title, headings, rows)])


def workbook_of(sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Any]]]]) -> bytes:
    """La même chose de plusieurs feuilles : titre, titres des colonnes, lignes."""
    openpyxl = openpyxl_for("")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, headings, rows in sheets:
        _fill_sheet(
            openpyxl, book.create_sheet(title[:31]), [list(headings), *map(list, rows)]
        )  # Excel refuses longer
    return _bytes(book)


def _fill_sheet(openpyxl: Any, sheet: Any, held: Sequence[Sequence[Any]]) -> None:
    for number, row in enumerate(held, 1):
        for column, value in enumerate(row, 1):
            _write(openpyxl, sheet.cell(number, column), value, number == 1)
    for column in range(1, len(held[0]) + 1):
        longest = max(len(line) for row in held for line in str(row[column - 1] or "").split("\n"))
        sheet.column_dimensions[openpyxl.utils.get_column_letter(column)].width = min(
            max(longest + 2, NARROWEST), WIDEST
        )
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions


def blank_workbook(sheets: Sequence[tuple[str, Sequence[Heading]]]) -> bytes:
    """Un classeur à remplir, une feuille par titre ; les listes de réponses tiennent dans une
    feuille masquée.
    """
    openpyxl = openpyxl_for("")
    book = openpyxl.Workbook()
    book.remove(book.active)
    made = [
        _blank_sheet(openpyxl, book.create_sheet(title), headings) for title, headings in sheets
    ]
    lists = book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    choices = list(
        dict.fromkeys(
            heading.choices for _, headings in sheets for heading in headings if heading.choices
        )
    )
    for column, texts in enumerate(choices, 1):
        for number, text in enumerate(texts, 1):
            lists.cell(number, column, text)
    for sheet, (_, headings) in zip(made, sheets, strict=True):
        for column, heading in enumerate(headings, 1):
            if heading.choices:
                sheet.add_data_validation(
                    _drop_down(
                        openpyxl, column, choices.index(heading.choices) + 1, len(heading.choices)
                    )
                )
    return _bytes(book)


def _blank_sheet(openpyxl: Any, sheet: Any, headings: Sequence[Heading]) -> Any:
    for column, heading in enumerate(headings, 1):
        cell = sheet.cell(1, column)
        _write(openpyxl, cell, heading.text, True)
        if heading.note:
            cell.comment = openpyxl.comments.Comment(
                heading.note, "dla-docs", height=150, width=320
            )
        dimension = sheet.column_dimensions[openpyxl.utils.get_column_letter(column)]
        dimension.width = min(max(len(heading.text) + 2, NARROWEST), WIDEST // 2)
        if heading.number_format:
            dimension.number_format = heading.number_format
    sheet.freeze_panes = "B2"
    return sheet


def _drop_down(openpyxl: Any, column: int, held: int, count: int) -> Any:
    letter, place = openpyxl.utils.get_column_letter(column), openpyxl.utils.get_column_letter(held)
    # The reading is more forgiving than a spreadsheet: it warns, and lets people go on.
    made = openpyxl.worksheet.datavalidation.DataValidation(
        "list",
        formula1=f"{LISTS}!${place}$1:${place}${count}",
        allow_blank=True,
        errorStyle="warning",
    )
    made.add(f"{letter}2:{letter}{LAST_ROW}")
    return made


def streamed_workbook(
    sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Any]]]],
) -> bytes:
    """Un classeur d'une ou plusieurs feuilles (titre, titres des colonnes, lignes), écrit à mesure
    : il ne tient pas en mémoire.
    """
    openpyxl = openpyxl_for("")
    from openpyxl.cell import WriteOnlyCell

    book = openpyxl.Workbook(write_only=True)
    for title, headings, rows in sheets:
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for column, heading in enumerate(headings, 1):
            sheet.column_dimensions[openpyxl.utils.get_column_letter(column)].width = min(
                max(len(heading) + 2, NARROWEST), WIDEST
            )
        for number, row in enumerate(chain([headings], rows)):
            cells = [WriteOnlyCell(sheet) for _ in row]
            for cell, value in zip(cells, row, strict=True):
                _write(openpyxl, cell, value, number == 0)
            sheet.append(cells)
    return _bytes(book)


def _bytes(book: Any) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _write(openpyxl: Any, cell: Any, value: Any, heading: bool) -> None:
    if value is not None:
        cell.value = (
            UNWRITTEN.sub("\N{REPLACEMENT CHARACTER}", value)[:LONGEST]
            if isinstance(value, str)
            else value
        )
    if isinstance(value, str):
        cell.data_type = "s"  # « =… » typed by a prestataire is a text, never a formula
    if isinstance(value, date):
        cell.number_format = "dd/mm/yyyy"
    if isinstance(value, Percentage):
        cell.number_format = "0.0%"
    cell.alignment = openpyxl.styles.Alignment(vertical="top", wrap_text=True)
    if heading:
        cell.font = openpyxl.styles.Font(bold=True)


def _read_csv(path: Path) -> Iterator[tuple[int, list[Any]]]:
    if read_bytes(path, 4).startswith(b"PK\3\4"):
        raise InputError(
            Constat(
                "C'est un classeur Excel, nommé .csv.",
                fichier=str(path),
                conseil="Renommez-le en .xlsx.",
            )
        )
    text = read_text(path).removesuffix("\x1a")  # the end of a file, long ago
    first, _, rest = text.partition("\n")
    told = first.strip().lower().startswith("sep=")  # what Excel itself writes to say its separator
    delimiter = first.strip()[4:5] if told else _delimiter(text)
    reader = csv.reader(
        io.StringIO(rest if told else text, newline=""), delimiter=delimiter or ";", strict=True
    )
    before = after = int(told)
    try:
        for cells in reader:
            before, after = after, reader.line_num + int(told)
            yield before + 1, [MIDNIGHT.sub(r"\1", cell) for cell in cells]
    except csv.Error as error:
        message = "Les guillemets qui s'ouvrent ici ne se ferment pas comme il faut."
        conseil = (
            "Doublez ceux qui sont dans une cellule, ou enregistrez de nouveau le tableau depuis "
            "le tableur."
        )
        raise InputError(
            Constat(message, fichier=str(path), ligne=after + 1, conseil=conseil)
        ) from error


def _delimiter(text: str) -> str:
    line = next((line for line in text.splitlines() if line.strip()), "")
    return max(DELIMITERS, key=re.sub('"[^"]*"', "", line).count)


def _headings(first: tuple[int, Sequence[Any]], path: Path) -> list[str]:
    line, cells = first
    headings = [" ".join(str(cell).split()) if _says(cell) else "" for cell in cells]
    if not headings:
        raise InputError(
            Constat(
                "Ce tableau est vide.",
                fichier=str(path),
                conseil="Sa première ligne porte les titres des colonnes.",
            )
        )
    if twice := sorted(
        {heading for heading in headings if heading and headings.count(heading) > 1}
    ):
        raise InputError(
            Constat(
                f"La colonne « {one} » est écrite deux fois.",
                fichier=str(path),
                ligne=line,
                conseil="Gardez-en une seule.",
            )
            for one in twice
        )
    return headings


def _row(line: int, cells: Sequence[Any], headings: Sequence[str], path: Path) -> Row:
    said = {
        heading: cell
        for heading, cell in zip(headings, cells, strict=False)
        if heading and _says(cell)
    }
    kept = sum(1 for cell in cells if _says(cell))
    found = {
        heading: fault
        for heading, cell in said.items()
        if (fault := cell if isinstance(cell, Fault) else error_said(cell))
    }
    faults = (
        Constat(
            f"La cellule « {heading} » {fault}.",
            fichier=str(path),
            ligne=line,
            conseil=fault.conseil,
        )
        for heading, fault in found.items()
    )
    # What is written back for correction shows the fault again, rather than nothing.
    held = {heading: NEVER if isinstance(cell, Fault) else cell for heading, cell in said.items()}
    return Row(line, held, kept > len(said), tuple(faults))


def _says(cell: Any) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))
