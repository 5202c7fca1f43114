"""La lecture d'un classeur XLSX, cellule par cellule : ce que le tableur montre, ou pourquoi une
cellule n'est pas une réponse ; en temps et en mémoire proportionnels au fichier.
"""

from __future__ import annotations

import io
import re
import tempfile
import warnings
import zipfile
from collections.abc import Collection, Iterator
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

from lxml import etree

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.files import read_bytes
from dla_docs.model.values.value import AsShown
from dla_docs.resources import how_to_add
from dla_docs.tables.faults import Fault
from dla_docs.tables.grids import (
    BLOCK,
    LIMIT,
    SAVE_AS,
    Grid,
    check_archive,
    checked_text,
    grid_of,
    place_of,
    refused,
    said_sheets,
    uncovered,
    unread,
)
from dla_docs.tables.kept import ROOM
from dla_docs.tables.looks import exact

NO_READER = "Lire ou écrire un classeur .xlsx demande openpyxl, qui n'est pas installé."
INSTALL = f"Installez-le : « {how_to_add('lot')} » ; ou enregistrez le tableau en CSV."
AS_IT_IS = (Fault, AsShown)  # a union would be made at each cell
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")  # how a workbook writes a character it cannot hold
DIALECTS = (  # the strict one, and that of Excel 2007 before it came out
    (b"http://schemas.microsoft.com/office/excel/2006/2", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    (b"http://purl.oclc.org/ooxml/officeDocument/", b"http://schemas.openxmlformats.org/officeDocument/2006/"),
)  # fmt: skip
UNDERSCORE = b"x005F_"  # openpyxl drops it, with the « _ » that it keeps from being an escape
IN_TEXT = re.compile(rb"<(?:\w+:)?t[ >][^<]*")
# A text, then pieces with a look of their own: openpyxl would forget the pieces
BEFORE_PIECES = re.compile(
    rb"(<(\w+:)?(?:si|is)(?:\s[^>]*)?>\s*)(<(?:\w+:)?t(?:\s[^>]*)?>[^<]*</(?:\w+:)?t>)(?=\s*<(?:\w+:)?r>)"
)
# Nothing that is changed in a part goes across the end of a row, or of a text
LAST_END = re.compile(rb".*</(?:\w+:)?(?:row|si)>", re.DOTALL)
WHOLE = ("styles.xml", "workbook.xml")  # parts that are changed as a whole
TYPES = "[Content_Types].xml"
OF_THE_FILE = "docprops/"  # openpyxl refuses a date in it that Excel does not mind
OFF = ("0", "false")  # of a mark that a style takes away
FORMAT = ("numFmtId", "formatCode")
SHOWN = re.compile(rb'\sstate\s*=\s*"(?!hidden"|veryHidden")[^"]*"')  # some programs say « show »


def read_workbook(path: Path) -> list[Grid]:
    """Les feuilles visibles et non vides d'un classeur (la première s'il n'y en a pas) : titre, et
    lignes non vides avec leur numéro. ``InputError`` s'il ne se lit pas.
    """
    openpyxl_for(str(path))
    try:
        # What it unpacks to goes elsewhere than in memory
        with tempfile.SpooledTemporaryFile(ROOM, prefix="dla_docs_") as usual:
            _write_usual(_checked(path), usual)
            return _sheets(usual, path)
    except InputError:
        raise
    except Exception as error:  # on damaged bytes openpyxl raises a dozen unrelated types
        raise unread(error, path) from error


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


def _sheets(data: IO[bytes], path: Path) -> list[Grid]:
    from dla_docs.tables.xlsx_parts import Reader

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl's remarks on styles and lists, in English
        reader = Reader(data)
        reader.read()
        sheets, is_stale = reader.wb.worksheets, reader.is_stale
        shown = [sheet for sheet in sheets if sheet.sheet_state == "visible"] or sheets[:1]
        held = [_grid(sheet, path, is_stale, reader.totals_of(sheet)) for sheet in shown]
    return said_sheets(held, [sheet.title for sheet in sheets if sheet not in shown], path)


def _grid(sheet: Any, path: Path, is_stale: bool, totals: Collection[int]) -> Grid:
    """The lines that say something; no cell stands for those that the file does not hold."""
    from dla_docs.tables.xlsx_parts import Parser

    with sheet._get_source() as source:
        parser = Parser(sheet, source, is_stale)
        rows = ((row, said) for row, said in _cells_in(parser, path) if row not in totals)
        grid = grid_of(sheet.title, rows, parser.hidden, parser.veiled, path)
    return uncovered(grid._replace(totals=tuple(totals)), parser.merged, path)


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


def _said(cell: dict[str, Any], path: Path) -> Any:
    value = cell["value"]
    if isinstance(value, AS_IT_IS):
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
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # two by two
    return whole if whole.strip() else None


def _checked(path: Path) -> bytes:
    data = read_bytes(path, LIMIT)
    if not data.startswith(b"PK"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise refused(
                "Ce classeur est protégé par un mot de passe.", path, "Retirez le mot de passe."
            )
        raise refused("Ce n'est pas un classeur Excel (.xlsx).", path, SAVE_AS)
    check_archive(data, path)
    return data


def _write_usual(data: bytes, target: IO[bytes]) -> None:
    """The same workbook as Excel writes it: the case and the slashes of its names, its dialect, and
    nothing of how it looks, which many programs write wrong.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(target, "w") as made:
        parts = {
            entry.filename.replace("\\", "/").lstrip("/"): entry
            for entry in archive.infolist()
            if entry.filename.casefold().endswith((".xml", ".rels"))
            and not entry.filename.casefold().startswith(OF_THE_FILE)
        }
        types = [archive.read(parts[name]) for name in parts if name.casefold() == TYPES.casefold()]
        declared = re.findall(rb'PartName\s*=\s*["\']/([^"\']+)', b"".join(types[:1]))
        names = [TYPES, *(name.decode(errors="replace") for name in declared)]
        usual = {name.casefold(): name for name in names}
        for name, entry in parts.items():
            with (
                archive.open(entry) as source,
                made.open(usual.get(name.casefold(), name), "w") as sink,
            ):
                for block in _blocks(source, name.casefold().endswith(WHOLE)):
                    sink.write(_usual_block(block, name))


def _blocks(source: IO[bytes], whole: bool) -> Iterator[bytes]:
    """A part, cut where nothing that is changed in it goes across."""
    held = source.read() if whole else b""
    while block := source.read(max(BLOCK, len(held))):
        held += block
        end = LAST_END.match(held)
        yield held[: end.end() if end else 0]
        held = held[end.end() if end else 0 :]
    yield held


def _usual_block(content: bytes, name: str) -> bytes:
    for dialect, usual_one in DIALECTS:
        content = content.replace(dialect, usual_one)
    if UNDERSCORE in content:
        content = IN_TEXT.sub(_kept_whole, content)
    if b"r>" in content:
        content = BEFORE_PIECES.sub(rb"\1<\2r>\3</\2r>", content)
    if name.casefold().endswith("styles.xml"):
        return _formats_alone(content)
    if name.casefold().endswith("workbook.xml"):
        return SHOWN.sub(b"", content)
    return content


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
