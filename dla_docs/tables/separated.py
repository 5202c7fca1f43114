"""La lecture d'un CSV ou d'un TSV, ligne par ligne."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.tables.faults import Fault
from dla_docs.tables.text_lines import text_lines

DELIMITERS = ";\t,"
QUOTED = re.compile(
    rf'(?<![^{DELIMITERS}\r\n]) *"[^"]*(?:""[^"]*)*"'
)  # a cell, its line ends with it
FIRST_LINE = re.compile(rf"(?:{QUOTED.pattern}|[^\r\n])*")
MIDNIGHT = re.compile(r"^\s*(\d{1,2}/\d{1,2}/\d{4}) 0?0:00(:00)?\s*$")  # a date, with its hour
AS_TEXT = re.compile(r'\s*="((?:[^"]|"")*)"\s*')  # « ="05000" », so that the zero is kept
FORMULA = re.compile(
    r"\s*(?:=\s*[-+(]*(?:[A-Z][A-Z.]*\(|\$?[A-Z]{1,3}\$?\d|['\"\[{]|[\d.,]+\s*(?:[-+*/^&%]|$))"
    r"|@[A-Z][A-Z.]*\()"
)
TOO_LONG = "field larger"  # what the module says of a cell, English and all
UNCLOSED = (
    "Les guillemets qui s'ouvrent ici ne se ferment pas comme il faut.",
    "Doublez ceux qui sont dans une cellule, ou enregistrez de nouveau le tableau depuis le "
    "tableur.",
)
LONG = (
    "Une cellule de cette ligne est plus longue qu'aucun tableur n'en tient.",
    "Fermez les guillemets qui s'y ouvrent, ou raccourcissez-la.",
)
BEGINNING = 2 * csv.field_size_limit()  # characters: the first line, whose cells may hold lines
END = "\r\n\x1a"  # of a file, long ago


def read_separated(path: Path, delimiter: str) -> Iterator[tuple[int, list[Any]]]:
    """Les lignes d'un tableau, chacune avec son numéro ; ``delimiter`` est vide quand le nom du
    fichier ne le dit pas. ``InputError`` s'il ne se lit pas.
    """
    lines = _without_end(text_lines(path))
    first = next(lines, "")
    told = first.strip().lower().startswith("sep=")  # what Excel itself writes to say its separator
    start = [] if told else list(_beginning(chain([first], lines)))
    delimiter = first.strip(" \r\n")[4:5] if told else delimiter or _delimiter("".join(start))
    reader = csv.reader(
        chain(start, lines), delimiter=delimiter or ";", strict=True, skipinitialspace=True
    )
    before = after = int(told)
    try:
        for cells in reader:
            before, after = after, reader.line_num + int(told)
            yield before + 1, list(map(_shown, cells))
    except csv.Error as error:
        message, conseil = LONG if str(error).startswith(TOO_LONG) else UNCLOSED
        raise InputError(
            Constat(message, fichier=str(path), ligne=after + 1, conseil=conseil)
        ) from error


def _without_end(lines: Iterable[str]) -> Iterator[str]:
    held: list[str] = []
    for line in lines:
        if line.strip(END):
            yield from held
            held.clear()
        held.append(line)
    yield from (line.rstrip(END) for line in held[:1])


def _beginning(lines: Iterable[str]) -> Iterator[str]:
    left = BEGINNING
    for line in lines:
        yield line
        left -= len(line)
        if left < 0:
            return


def _shown(cell: str) -> str:
    """What a spreadsheet shows of a cell that a program wrote for it."""
    if found := AS_TEXT.fullmatch(cell):
        return found[1].replace('""', '"')
    if FORMULA.match(cell):
        return Fault("tient une formule", "Tapez-y ce qu'elle donne.", cell)
    return MIDNIGHT.sub(r"\1", cell)


def _delimiter(text: str) -> str:
    line = FIRST_LINE.match(text.lstrip("\r\n "))
    return max(DELIMITERS, key=QUOTED.sub("", line[0] if line else "").count)
