"""La lecture d'un tableau : un CSV, un TSV, un classeur XLSX, XLSM ou ODS, ligne par ligne, avec le
numéro que le tableur affiche.
"""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from dla_docs.constat import Constat, Gravite
from dla_docs.errors import InputError
from dla_docs.files import MAX_TEXT, read_bytes
from dla_docs.raw.quoting import quoted
from dla_docs.tables.faults import Fault
from dla_docs.tables.grids import LAST_COLUMN, LIMIT, SAVE_AS
from dla_docs.tables.kept import Kept
from dla_docs.tables.looks import error_said, garbled_said, missing_said
from dla_docs.tables.ods import CONTENT, read_ods
from dla_docs.tables.separated import read_separated
from dla_docs.tables.xlsx import read_workbook
from dla_docs.word.file_kinds import other_kind

SEPARATED = {".csv": "", ".tsv": "\t"}  # the separator, where the name of the file says it
WORKBOOKS = {".xlsx": read_workbook, ".xlsm": read_workbook, ".ods": read_ods}  # no macro runs
SUFFIXES = (*SEPARATED, *WORKBOOKS)
TABLE = f"un tableau ({', '.join(SUFFIXES)})"
NO_TABLE = f"Ce n'est pas {TABLE}."
HIDDEN = "Cette ligne est masquée dans le tableur, par un filtre ou à la main."
SHOW = "Pour qu'elle compte, affichez-la (Données, Effacer le filtre) ; sinon, supprimez-la."
ABOVE = "Cette ligne, masquée au-dessus des titres, n'est pas lue."
TITLES = "Cette ligne répète les titres des colonnes."
DROP_TITLES = "Supprimez-la, si un tableau y a été collé sous un autre."
TOTALS = "Cette ligne, celle des totaux du tableau, n'est pas lue."
SHOW_TOTALS = "Si c'en est une comme les autres, décochez « Ligne des totaux » dans le tableur."
SHOW_ABOVE = "Si ce sont les titres du tableau, affichez-la dans le tableur."
VEILED = "La colonne {}, masquée dans le tableur, est lue comme les autres."
SHOW_VEILED = "Si elle ne doit pas l'être, supprimez-la."
OTHERS = {
    ".xls": "C'est un classeur d'avant 2007 (.xls).",
    ".xlsb": "C'est un classeur binaire (.xlsb).",
    ".fods": "C'est un classeur LibreOffice en XML (.fods).",
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
    avec son numéro ; ``hidden`` : celles qui y sont masquées, ``above`` celles qui le sont
    au-dessus des titres, ``veiled`` les colonnes qui le sont ; ``totals`` les lignes de totaux.
    """

    title: str
    path: Path
    lines: Kept[tuple[int, list[Any]]]
    hidden: frozenset[int] = frozenset()
    above: tuple[int, ...] = ()
    veiled: frozenset[int] = frozenset()
    totals: tuple[int, ...] = ()

    @property
    def titled(self) -> int:
        """Le numéro de la ligne des titres."""
        return self.lines.first[0] if self.lines.first else 1

    def unseen(self, place: str) -> Iterator[Constat]:
        """Ce qui n'en est pas lu, ou en est lu, sans se voir ; ``place`` la nomme."""
        said = (*((one, ABOVE, SHOW_ABOVE) for one in self.above),)
        said += (*((one, TOTALS, SHOW_TOTALS) for one in self.totals),)
        for line, message, conseil in said:
            yield Constat(message, Gravite.INFORMATION, fichier=place, ligne=line, conseil=conseil)
        told = self._told()
        for column, title in enumerate(self.lines.first[1] if self.lines.first else ()):
            if column in told and _says(title):
                message = VEILED.format(quoted(" ".join(str(_held(title)).split())))
                yield Constat(message, Gravite.INFORMATION, fichier=place, conseil=SHOW_VEILED)

    def _told(self) -> set[int]:
        """Those of the hidden columns that a row fills in."""
        left, told = {column - 1 for column in self.veiled}, set[int]()
        for _, cells in islice(self.lines if left else (), 1, None):
            found = {column for column in left if column < len(cells) and _says(cells[column])}
            told |= found
            left -= found
            if not left:
                break
        return told

    def table(self, ranks: Iterable[int] | None = None) -> tuple[tuple[str, ...], Iterator[Row]]:
        """Les titres des colonnes, puis les lignes, l'une après l'autre, ou celles de ces rangs ;
        ``InputError`` quand la première ligne n'en est pas une de titres.
        """
        headings = _headings(self.lines.first or (1, []), self.path)
        lines = (
            islice(self.lines, 1, None)
            if ranks is None
            else (self.lines.at(rank + 1) for rank in ranks)
        )
        return tuple(filter(None, headings)), (
            _row(line, cells, headings, self.path, line in self.hidden) for line, cells in lines
        )


def read_rows(path: str | Path) -> tuple[tuple[str, ...], Iterator[Row]]:
    """Les titres des colonnes d'un tableau, puis ses lignes non vides, l'une après
    l'autre. ``InputError`` s'il ne se lit pas.
    """
    return read_sheets(path)[0].table()


def read_sheets(path: str | Path) -> list[Sheet]:
    """Les feuilles d'un classeur qui se voient et ne sont pas vides ; un CSV n'en a qu'une.
    ``InputError`` s'il ne se lit pas.
    """
    source = Path(path)
    suffix = source.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(
            Constat(
                OTHERS.get(suffix) or other_kind(read_bytes(source, MAX_TEXT), TABLE) or NO_TABLE,
                fichier=str(path),
                conseil=SAVE_AS,
            )
        )
    _check_name(source, suffix)
    if suffix in SEPARATED:
        lines = read_separated(source, SEPARATED[suffix])
        said = ((line, cells) for line, cells in lines if any(map(_says, cells)))
        return [Sheet(source.stem, source, Kept(said))]
    return [
        Sheet(one.title, source, one.lines, one.hidden, one.above, one.veiled, one.totals)
        for one in WORKBOOKS[suffix](source)
    ]


def _check_name(path: Path, suffix: str) -> None:
    """A workbook that goes by the name of another kind of table."""
    if not read_bytes(path, 4).startswith(b"PK\3\4"):
        return
    data = read_bytes(path, LIMIT)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except Exception:  # damaged, in one of a dozen ways: its reader says so
        return
    named = [
        ((".ods",), "LibreOffice", CONTENT in names),
        ((".xlsx", ".xlsm"), "Excel", any(name.casefold().startswith("xl") for name in names)),
    ]
    for its_own, program, found in named:
        if found and suffix not in its_own:
            raise InputError(
                Constat(
                    f"C'est un classeur {program}, nommé {suffix}.",
                    fichier=str(path),
                    conseil=f"Renommez-le en {its_own[0]}.",
                )
            )
    other = "" if any(found for *_, found in named) else other_kind(data, TABLE)
    if other:
        raise InputError(Constat(other, fichier=str(path), conseil=SAVE_AS))


def _headings(first: tuple[int, Sequence[Any]], path: Path) -> list[str]:
    line, cells = first
    headings = [" ".join(str(_held(cell)).split()) if _says(cell) else "" for cell in cells]
    if not headings:
        raise InputError(
            Constat(
                "Ce tableau est vide.",
                fichier=str(path),
                conseil="Sa première ligne porte les titres des colonnes.",
            )
        )
    if len(headings) > LAST_COLUMN:
        raise InputError(
            Constat(
                "Ce tableau a plus de colonnes qu'aucun tableur n'en a.",
                fichier=str(path),
                ligne=line,
                conseil="Vérifiez que sa première ligne porte les titres des colonnes.",
            )
        )
    times = Counter(filter(None, headings))
    if twice := sorted(heading for heading, count in times.items() if count > 1):
        faults = {fault.held: fault for cell in cells if (fault := _fault(cell))}
        raise InputError(
            Constat(
                f"Un titre de colonne {faults[one]}."
                if one in faults
                else f"La colonne « {one} » est écrite deux fois.",
                fichier=str(path),
                ligne=line,
                conseil=faults[one].conseil if one in faults else "Gardez-en une seule.",
            )
            for one in twice
        )
    return headings


def _row(line: int, cells: Sequence[Any], headings: Sequence[str], path: Path, hidden: bool) -> Row:
    full = [_says(cell) for cell in cells]
    said = {
        heading: cell
        for heading, cell, is_full in zip(headings, cells, full, strict=False)
        if heading and is_full
    }
    found = {heading: fault for heading, cell in said.items() if (fault := _fault(cell))}
    faults = [
        Constat(
            f"La cellule « {heading} » {fault}.",
            fichier=str(path),
            ligne=line,
            conseil=fault.conseil,
        )
        for heading, fault in found.items()
    ]
    if len(said) > 1 and all(_is_titled(cell, heading) for heading, cell in said.items()):
        faults.append(Constat(TITLES, fichier=str(path), ligne=line, conseil=DROP_TITLES))
    if hidden:
        faults.append(Constat(HIDDEN, fichier=str(path), ligne=line, conseil=SHOW))
    # What is written back for correction shows the fault again, rather than nothing.
    held = {heading: _held(cell) for heading, cell in said.items()}
    return Row(line, held, sum(full) > len(said), tuple(faults))


def _is_titled(cell: Any, heading: str) -> bool:
    """The mark of a file put behind another stands before its first heading."""
    return isinstance(cell, str) and " ".join(cell.lstrip("\ufeff").split()) == heading


def _fault(cell: Any) -> Fault | None:
    if isinstance(cell, Fault):
        return cell
    return error_said(cell) or garbled_said(cell) or missing_said(cell)


def _held(cell: Any) -> Any:
    return cell.held if isinstance(cell, Fault) else cell


def _says(cell: Any) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))
