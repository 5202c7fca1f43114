"""Les tableaux : un CSV ou un classeur XLSX, lu ligne par ligne avec le numéro que le tableur affiche ; un classeur écrit."""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.files import read_bytes, read_text

SUFFIXES = (".csv", ".xlsx")
LIMIT = 50 * 1024 * 1024  # bytes of a workbook
UNPACKED = 300 * 1024 * 1024  # and of what it unpacks to
DELIMITERS = ";\t,"
WIDEST, NARROWEST = 60, 12  # characters, of a written column
NO_READER = "Lire ou écrire un classeur .xlsx demande openpyxl, qui n'est pas installé."
INSTALL = "Installez-le : « pip install dla-docs[lot] » ; ou enregistrez le tableau en CSV."
OTHERS = {
    ".xls": "C'est un classeur d'avant 2007 (.xls).",
    ".xlsm": "C'est un classeur avec des macros (.xlsm).",
    ".xlsb": "C'est un classeur binaire (.xlsb).",
    ".ods": "C'est un classeur LibreOffice (.ods).",
}
SAVE_AS = "Enregistrez-le au format « Classeur Excel (.xlsx) » ou « CSV »."


@dataclass(frozen=True)
class Row:
    """Une ligne d'un tableau : son numéro, et ses cellules remplies par titre de colonne ; ``stray`` quand une cellule n'a pas de titre."""

    line: int
    cells: dict[str, Any]
    stray: bool = False


def read_rows(path: str | Path) -> tuple[tuple[str, ...], Iterator[Row]]:
    """Les titres des colonnes d'un .csv ou d'un .xlsx, puis ses lignes non vides, l'une après l'autre. ``InputError`` s'il ne se lit pas."""
    source = Path(path)
    suffix = source.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(Constat(OTHERS.get(suffix, "Ce n'est pas un tableau (.csv ou .xlsx)."), fichier=str(path), conseil=SAVE_AS))
    rows = ((line, cells) for line, cells in (_read_csv(source) if suffix == ".csv" else _read_workbook(source)) if any(map(_says, cells)))
    headings = _headings(next(rows, (1, [])), source)
    return tuple(filter(None, headings)), (_row(line, cells, headings) for line, cells in rows)


def workbook(headings: Sequence[str], rows: Iterable[Sequence[Any]], title: str) -> bytes:
    """Un classeur XLSX d'une feuille : les titres figés et filtrables, les dates et les nombres comme tels, le reste comme du texte."""
    openpyxl = _openpyxl("")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title[:31]  # Excel refuses longer
    held = [list(headings), *(list(row) for row in rows)]
    for number, row in enumerate(held, 1):
        for column, value in enumerate(row, 1):
            _write(openpyxl, sheet.cell(number, column), value, number == 1)
    for column in range(1, len(headings) + 1):
        longest = max(len(line) for row in held for line in str(row[column - 1] or "").split("\n"))
        sheet.column_dimensions[openpyxl.utils.get_column_letter(column)].width = min(max(longest + 2, NARROWEST), WIDEST)
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _write(openpyxl: Any, cell: Any, value: Any, heading: bool) -> None:
    if value is not None:
        cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"  # « =… » typed by a prestataire is a text, never a formula
    if isinstance(value, date):
        cell.number_format = "dd/mm/yyyy"
    cell.alignment = openpyxl.styles.Alignment(vertical="top", wrap_text=True)
    if heading:
        cell.font = openpyxl.styles.Font(bold=True)


def _read_csv(path: Path) -> Iterator[tuple[int, list[Any]]]:
    text = read_text(path)
    first, _, rest = text.partition("\n")
    told = first.strip().lower().startswith("sep=")  # what Excel itself writes to say its separator
    delimiter = first.strip()[4:5] if told else _delimiter(text)
    reader = csv.reader(io.StringIO(rest if told else text, newline=""), delimiter=delimiter or ";", strict=True)
    before = after = int(told)
    try:
        for cells in reader:
            before, after = after, reader.line_num + int(told)
            yield before + 1, cells
    except csv.Error as error:
        message = "Les guillemets qui s'ouvrent ici ne se ferment pas comme il faut."
        conseil = "Doublez ceux qui sont dans une cellule, ou enregistrez de nouveau le tableau depuis le tableur."
        raise InputError(Constat(message, fichier=str(path), ligne=after + 1, conseil=conseil)) from error


def _delimiter(text: str) -> str:
    line = next((line for line in text.splitlines() if line.strip()), "")
    return max(DELIMITERS, key=re.sub('"[^"]*"', "", line).count)


def _read_workbook(path: Path) -> Iterator[tuple[int, list[Any]]]:
    openpyxl = _openpyxl(str(path))
    data = read_bytes(path, LIMIT)
    _check_workbook(data, path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl's remarks on styles and lists, in English
            sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True).worksheets[0]
            sheet.reset_dimensions()  # some programs write wrong ones
            rows = [(number, list(cells)) for number, cells in enumerate(sheet.iter_rows(values_only=True), 1) if any(map(_says, cells))]
    except Exception as error:  # the boundary: on damaged bytes openpyxl raises a dozen unrelated types
        raise InputError(Constat("Ce classeur est abîmé : il ne se lit pas.", fichier=str(path), conseil=SAVE_AS)) from error
    yield from rows


def _check_workbook(data: bytes, path: Path) -> None:
    if len(data) > LIMIT:
        raise InputError(Constat(f"Ce classeur dépasse {LIMIT // 1024**2} Mo.", fichier=str(path), conseil="Partagez-le en plusieurs."))
    if not data.startswith(b"PK"):
        encrypted = "EncryptedPackage".encode("utf-16-le") in data
        message = "Ce classeur est protégé par un mot de passe." if encrypted else "Ce n'est pas un classeur Excel (.xlsx)."
        raise InputError(Constat(message, fichier=str(path), conseil="Retirez le mot de passe." if encrypted else SAVE_AS))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())  # reading stops at the size declared
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise InputError(Constat("Ce classeur est abîmé : il ne se décompresse pas.", fichier=str(path), conseil=SAVE_AS)) from error
    if size > UNPACKED:
        raise InputError(Constat("Ce classeur, décompressé, est trop gros pour être un tableau.", fichier=str(path), conseil="Partagez-le en plusieurs."))


def _openpyxl(path: str) -> Any:
    try:
        import openpyxl.styles
        import openpyxl.utils
    except ImportError as error:
        raise InputError(Constat(NO_READER, fichier=path, conseil=INSTALL)) from error
    return openpyxl


def _headings(first: tuple[int, Sequence[Any]], path: Path) -> list[str]:
    line, cells = first
    headings = [" ".join(str(cell).split()) if _says(cell) else "" for cell in cells]
    if not headings:
        raise InputError(Constat("Ce tableau est vide.", fichier=str(path), conseil="Sa première ligne porte les titres des colonnes."))
    if twice := sorted({heading for heading in headings if heading and headings.count(heading) > 1}):
        raise InputError(
            Constat(f"La colonne « {one} » est écrite deux fois.", fichier=str(path), ligne=line, conseil="Gardez-en une seule.") for one in twice
        )
    return headings


def _row(line: int, cells: Sequence[Any], headings: Sequence[str]) -> Row:
    said = {heading: _plain(cell) for heading, cell in zip(headings, cells, strict=False) if heading and _says(cell)}
    kept = sum(1 for cell in cells if _says(cell))
    return Row(line, said, kept > len(said))


def _says(cell: Any) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


def _plain(cell: Any) -> Any:
    return Decimal(str(cell)) if isinstance(cell, float) else cell
