"""L'écriture d'un classeur XLSX, rempli ou à remplir."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any

from dla_docs.model.values.value import Shown
from dla_docs.tables.xlsx import openpyxl_for

UNWRITTEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
)  # what XML, hence a workbook, cannot hold
LONGEST = 32_767  # characters of a cell
WIDEST, NARROWEST = 60, 12  # characters, of a written column
LISTS, LAST_ROW = "Choix", 10_000  # the hidden sheet of the drop-down lists; how far down they go


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


def workbook(
    headings: Sequence[str],
    rows: Iterable[Sequence[Any]],
    title: str,
    foot: Sequence[Any] = (),
) -> bytes:
    """Un classeur XLSX d'une feuille : les titres figés et filtrables, les dates et les nombres
    comme tels, le reste comme du texte. ``foot`` : la ligne du total, qui ne se trie ni ne se
    filtre avec les autres.
    """
    return workbook_of([(title, headings, rows)], foot)


def workbook_of(
    sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Any]]]], foot: Sequence[Any] = ()
) -> bytes:
    """La même chose de plusieurs feuilles : titre, titres des colonnes, lignes."""
    openpyxl = openpyxl_for("")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, headings, rows in sheets:
        sheet = book.create_sheet(title[:31])  # Excel refuses longer
        _fill_sheet(openpyxl, sheet, [list(headings), *map(list, rows)])
        last = sheet.max_row + 2  # what is alone below an empty row is no part of the table
        for column, value in enumerate(foot, 1):
            _write(openpyxl, sheet.cell(last, column), value, True)
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
    if isinstance(value, Shown) and value.shape:
        cell.number_format = value.shape
    if isinstance(value, Percentage):
        cell.number_format = "0.0%"
    cell.alignment = openpyxl.styles.Alignment(vertical="top", wrap_text=True)
    if heading:
        cell.font = openpyxl.styles.Font(bold=True)
