"""La lecture d'un classeur XLSX, cellule par cellule : ce que le tableur montre, ou pourquoi une
cellule n'est pas une réponse ; en temps et en mémoire proportionnels au fichier.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from lxml import etree

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.files import read_bytes
from dla_docs.model.values.value import AsShown
from dla_docs.resources import how_to_add
from dla_docs.tables.faults import Fault
from dla_docs.tables.grids import (
    LAST_COLUMN,
    LIMIT,
    SAVE_AS,
    Grid,
    check_archive,
    check_merged,
    checked_text,
    grid_of,
    place_of,
    refused,
    said_sheets,
)
from dla_docs.tables.looks import NEVER, USUAL, Look, error_shown, exact, looks_of, rich

NO_READER = "Lire ou écrire un classeur .xlsx demande openpyxl, qui n'est pas installé."
INSTALL = f"Installez-le : « {how_to_add('lot')} » ; ou enregistrez le tableau en CSV."
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")  # how a workbook writes a character it cannot hold
DIALECTS = (  # the strict one, and that of Excel 2007 before it came out
    (b"http://schemas.microsoft.com/office/excel/2006/2", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    (b"http://purl.oclc.org/ooxml/officeDocument/", b"http://schemas.openxmlformats.org/officeDocument/2006/"),
)  # fmt: skip
UNDERSCORE = b"x005F_"  # openpyxl drops it, with the « _ » that it keeps from being an escape
SEEN = UNDERSCORE.decode()
IN_TEXT = re.compile(rb"<(?:\w+:)?t[ >][^<]*")
TYPES = "[Content_Types].xml"
OFF = ("0", "false")  # of a mark that a style takes away
FLAT = ("0", "0.0")  # the height of a row that some programs hide so
FORMAT = ("numFmtId", "formatCode")
SHOWN = re.compile(rb'\sstate\s*=\s*"(?!hidden"|veryHidden")[^"]*"')  # some programs say « show »


def read_workbook(path: Path) -> list[Grid]:
    """Les feuilles visibles et non vides d'un classeur (la première s'il n'y en a pas) : titre, et
    lignes non vides avec leur numéro. ``InputError`` s'il ne se lit pas.
    """
    openpyxl_for(str(path))
    data = read_bytes(path, LIMIT)
    _check_workbook(data, path)
    try:
        return _sheets(_usual(data), path)
    except InputError:
        raise
    except Exception as error:  # on damaged bytes openpyxl raises a dozen unrelated types
        raise refused("Ce classeur est abîmé : il ne se lit pas.", path, SAVE_AS) from error


def openpyxl_for(path: str) -> Any:
    """Le module openpyxl, ou ``InputError`` qui dit comment l'installer."""
    try:
        import openpyxl.comments
        import openpyxl.styles
        import openpyxl.utils
        import openpyxl.worksheet.datavalidation
    except ImportError as error:
        raise InputError(Constat(NO_READER, fichier=path, conseil=INSTALL)) from error
    return openpyxl


def _sheets(data: bytes, path: Path) -> list[Grid]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl's remarks on styles and lists, in English
        sheets = _book(data).worksheets
        shown = [sheet for sheet in sheets if sheet.sheet_state == "visible"] or sheets[:1]
        held = [_grid(sheet, path) for sheet in shown]
    return said_sheets(held, [sheet.title for sheet in sheets if sheet not in shown], path)


def _book(data: bytes) -> Any:
    from openpyxl.reader.excel import SHARED_STRINGS, ExcelReader
    from openpyxl.xml.constants import SHEET_MAIN_NS
    from openpyxl.xml.functions import iterparse

    class Reader(ExcelReader):  # type: ignore[misc]
        """Builds nothing for a text in one piece, as nearly all of them are."""

        def read_strings(self) -> None:
            if part := self.package.find(SHARED_STRINGS):
                with self.archive.open(part.PartName[1:]) as source:
                    for _, element in iterparse(source):
                        if element.tag == f"{{{SHEET_MAIN_NS}}}si":
                            self.shared_strings.append(_string(element))
                            element.clear()

    reader = Reader(
        io.BytesIO(data), read_only=True, data_only=True, keep_links=False, rich_text=True
    )
    reader.read()
    return reader.wb


def _string(element: Any) -> Any:
    """A text in one piece, or openpyxl's pieces, each with its looks."""
    if len(element) == 1 and element[0].tag.endswith("}t"):
        return (element[0].text or "").replace(SEEN, "")
    from openpyxl.worksheet._reader import parse_richtext_string

    return parse_richtext_string(element)


def _grid(sheet: Any, path: Path) -> Grid:
    """The lines that say something; no cell stands for those that the file does not hold."""
    with sheet._get_source() as source:
        parser = _parser(sheet, source)
        rows = _cells_in(parser, path)
        grid = grid_of(sheet.title, rows, parser.hidden, parser.veiled, path)
    if parser.merged_cells:
        ranges = (
            (one.min_row, one.min_col, one.max_row, one.max_col)
            for one in parser.merged_cells.mergeCell
        )
        check_merged(ranges, grid.lines, path)
    return grid


def _cells_in(parser: Any, path: Path) -> Iterator[tuple[int, dict[int, Any]]]:
    for number, cells in parser.parse():
        places = {cell["column"] for cell in cells}
        if len(places) < len(cells):
            twice = next(one for one in places if [c["column"] for c in cells].count(one) > 1)
            message = f"Ce classeur écrit deux fois sa cellule {place_of(number, twice)}."
            raise refused(message, path, SAVE_AS)
        yield (
            number,
            {cell["column"]: value for cell in cells if (value := _said(cell, path)) is not None},
        )


def _parser(sheet: Any, source: Any) -> Any:
    book = sheet.parent
    return _parser_of(looks_of(book))(
        source,
        sheet._shared_strings,
        data_only=True,
        epoch=book.epoch,
        date_formats=book._date_formats,
        timedelta_formats=book._timedelta_formats,
        rich_text=True,
    )


class _Veiled(set[int]):
    """The columns that do not show. Each is told once, in order: a file that says more costs no
    more.
    """

    last = 0  # of those of which something was said

    def tell(self, columns: Any) -> None:
        first = max(int(columns.get("min")), self.last + 1)
        self.last = max(self.last, min(int(columns.get("max")), LAST_COLUMN))
        if columns.get("hidden", "0") not in OFF or columns.get("width") in FLAT:
            self.update(range(first, self.last + 1))


def _parser_of(looks: Mapping[int, Look]) -> Any:
    from openpyxl.worksheet._reader import (
        COL_TAG,
        FORMULA_TAG,
        INLINE_STRING,
        MERGE_TAG,
        ROW_TAG,
        VALUE_TAG,
        MergeCells,
        WorkSheetParser,
    )
    from openpyxl.xml.functions import iterparse

    class Parser(WorkSheetParser):  # type: ignore[misc]
        """Reads the cells and nothing else, which other programs write in ways that openpyxl
        refuses; tells a formula that was never computed, and what a cell shows of its value.
        """

        def __init__(self, *source: Any, **how: Any) -> None:
            super().__init__(*source, **how)
            self.hidden: set[int] = set()
            self.veiled = _Veiled()

        def parse(self) -> Iterator[Any]:
            for _, element in iterparse(self.source):
                if element.tag == ROW_TAG:
                    flat = element.get("ht", "") in FLAT
                    hides = flat or element.get("hidden", "0") not in OFF
                    row = self.parse_row(element)
                    self.hidden.update(row[:1] if hides else ())
                    yield row
                elif element.tag == COL_TAG:
                    self.veiled.tell(element)
                elif element.tag == MERGE_TAG:
                    self.merged_cells = MergeCells.from_tree(element)
                if element.tag in (ROW_TAG, MERGE_TAG):
                    element.clear()

        def parse_cell(self, element: Any) -> Any:
            inline = element.find(INLINE_STRING) if element.get("t") == "inlineStr" else None
            if inline is not None:
                element.remove(inline)
            cell = super().parse_cell(element)
            if inline is not None:
                cell["value"] = _string(inline)
            look = looks.get(cell["style_id"], USUAL)
            value = cell["value"]
            if cell["data_type"] == "e" and value:  # whatever word the program has for it
                value = error_shown(str(value))
            is_computed = element.find(FORMULA_TAG) is None or element.findtext(VALUE_TAG)
            never = not is_computed and element.get("t") != "str"
            cell["value"] = NEVER if never else look.shown(rich(value))
            return cell

    return Parser


def _said(cell: dict[str, Any], path: Path) -> Any:
    value = cell["value"]
    if isinstance(value, Fault | AsShown):
        return value
    if isinstance(value, float):
        return exact(value)
    if isinstance(value, str):
        return _text(checked_text(value, path))
    return value


@lru_cache(maxsize=256)
def _text(value: str) -> str | None:
    """What a text shows; a long one may stand in thousands of cells, and is read once."""
    text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), value).replace("\r\n", "\n")
    return text if text.strip() else None


def _check_workbook(data: bytes, path: Path) -> None:
    if not data.startswith(b"PK"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise refused(
                "Ce classeur est protégé par un mot de passe.", path, "Retirez le mot de passe."
            )
        raise refused("Ce n'est pas un classeur Excel (.xlsx).", path, SAVE_AS)
    check_archive(data, path)


def _usual(data: bytes) -> bytes:
    """The same workbook as Excel writes it: the case and the slashes of its names, its dialect, and
    nothing of how it looks, which many programs write wrong.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {
            entry.filename.replace("\\", "/").lstrip("/"): archive.read(entry)
            for entry in archive.infolist()
            if entry.filename.casefold().endswith((".xml", ".rels"))
        }
    types = next((parts[name] for name in parts if name.casefold() == TYPES.casefold()), b"")
    declared = re.findall(rb'PartName\s*=\s*["\']/([^"\']+)', types)
    names = [TYPES, *(name.decode(errors="replace") for name in declared)]
    usual = {name.casefold(): name for name in names}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            for dialect, usual_one in DIALECTS:
                content = content.replace(dialect, usual_one)
            if UNDERSCORE in content:
                content = IN_TEXT.sub(_kept_whole, content)
            if name.casefold().endswith("styles.xml"):
                content = _formats_alone(content)
            elif name.casefold().endswith("workbook.xml"):
                content = SHOWN.sub(b"", content)
            archive.writestr(usual.get(name.casefold(), name), content)
    return target.getvalue()


def _kept_whole(text: re.Match[bytes]) -> bytes:
    return text[0].replace(UNDERSCORE, UNDERSCORE[:-1] + UNDERSCORE + UNDERSCORE[-1:])


def _formats_alone(styles: bytes) -> bytes:
    """The formats of numbers, which one each cell has, and whether it is struck out: written anew,
    for taking tens of thousands of styles out of a tree takes minutes.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(styles, parser)
    space = f"{{{etree.QName(root).namespace}}}"
    made = etree.Element(root.tag)
    formats = etree.SubElement(made, f"{space}numFmts")
    for one in root.iterfind(f"{space}numFmts/{space}numFmt"):
        etree.SubElement(formats, one.tag, _kept(one))
    fonts = etree.SubElement(made, f"{space}fonts")
    etree.SubElement(fonts, f"{space}font")
    etree.SubElement(etree.SubElement(fonts, f"{space}font"), f"{space}strike")
    struck = {
        str(rank)
        for rank, font in enumerate(root.iterfind(f"{space}fonts/{space}font"))
        if (strike := font.find(f"{space}strike")) is not None and strike.get("val") not in OFF
    }
    styles_of_cells = etree.SubElement(made, f"{space}cellXfs")
    for one in root.iterfind(f"{space}cellXfs/{space}xf"):
        font = str(int(one.get("fontId") in struck))
        etree.SubElement(styles_of_cells, one.tag, {**_kept(one), "fontId": font})
    return etree.tostring(made)


def _kept(style: Any) -> dict[str, str]:
    return {name: said for name in FORMAT if (said := style.get(name)) is not None}
