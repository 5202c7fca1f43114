"""Les lignes d'un lot, d'où qu'elles viennent : un tableau (.csv, .xlsx…), un DataFrame, une suite
de dictionnaires.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache, partial
from itertools import chain, count, islice
from pathlib import Path
from typing import Any

from dla_docs.constat import Constat
from dla_docs.errors import MOST_SAID, InputError
from dla_docs.lot.journal import row_of
from dla_docs.lot.row_sheets import (
    FIELD,
    REFERENCE,
    Listing,
    has_reference,
    listing_named,
    listings,
)
from dla_docs.model.bloc import Bloc
from dla_docs.model.document import Document
from dla_docs.model.node import steps
from dla_docs.model.values.value import Shown, scalar_text
from dla_docs.raw import RawList, RawMap
from dla_docs.spelling import did_you_mean, fold
from dla_docs.tables.columns import (
    clashes,
    column_named,
    is_structured,
    nearest_heading,
    put,
    row_to_data,
)
from dla_docs.tables.kept import Kept
from dla_docs.tables.reading import TABLE, Row, Sheet, read_sheets

REASON, ORIGIN = (
    "Ce qui ne va pas",
    "Ligne d'origine",
)  # what the table of failures adds, and ignores when it comes back
OURS = {fold(name): name for name in (REFERENCE, REASON, ORIGIN)}
NO_REFERENCE = "Donnez à chaque ligne de la première feuille sa référence, et reprenez-la ici."

Below = Mapping[str, Sequence[Row]]


@dataclass(frozen=True)
class Line:
    """Une ligne du tableau : ses cellules telles qu'elles sont venues, et celles des autres
    feuilles qui lui reviennent, par feuille.
    """

    number: int
    cells: Mapping[str, Any]
    reference: str = ""  # what names it in the other sheets, and from one time to the next
    below: Below = field(default_factory=dict)
    faults: tuple[Constat, ...] = ()

    def origin(self, table: str) -> str:
        """La ligne, telle qu'on la reconnaît la fois suivante : sa référence, sinon sa place dans
        son tableau.
        """
        return self.reference or _own(self.cells, ORIGIN) or row_of(table, self.number)

    @property
    def corrected(self) -> bool:
        """Vrai d'une ligne revenue du classeur à corriger : son tableau en est un autre."""
        return bool(_own(self.cells, ORIGIN))


@dataclass(frozen=True)
class Table:
    """Des lignes à lire une fois ; ``total`` quand on sait combien, ``again`` quand celles d'une
    référence peuvent l'être encore ; ``unseen`` : ce qui y est masqué, lu ou non.
    """

    lines: Iterator[Line]
    total: int | None = None
    path: Path | None = None
    again: Callable[[str], Iterator[Line]] | None = None
    unseen: tuple[Constat, ...] = ()

    @property
    def name(self) -> str:
        """Le nom du fichier, ou ce qui en tient lieu."""
        return self.path.name if self.path else "lot"


def open_table(rows: Any, model: type[Document]) -> Table:
    """Les lignes d'un lot ; ``InputError`` dit à la fois toutes les colonnes que le document n'a
    pas.
    """
    if isinstance(rows, str | Path):
        return _from_file(Path(rows), model)
    if hasattr(rows, "collect"):  # a LazyFrame of polars
        rows = rows.collect()
    if hasattr(rows, "iter_rows"):  # a DataFrame of polars
        return _from_frame(rows, rows.iter_rows, model)
    if hasattr(rows, "itertuples"):  # a DataFrame of pandas
        return _from_frame(rows, partial(rows.itertuples, index=False, name=None), model)
    return _from_dicts(rows, model)


def data_of(line: Line, model: type[Document], file: str) -> RawMap:
    """Les données d'une ligne, telles qu'un fichier YAML les aurait données ; ``InputError`` quand
    elle ne se lit pas.
    """
    if line.faults:
        raise InputError(line.faults)
    try:
        data = row_to_data(model, _fields(model, line.cells), line.number, file)
        for title, rows in line.below.items():
            _add_rows(data, listing_named(model, title), rows, line, file)
    except ValueError as error:  # a value that no cell could hold
        raise InputError(
            Constat(f"{str(error)[:1].upper()}{str(error)[1:]}.", fichier=file, ligne=line.number)
        ) from error
    return data


def _add_rows(
    data: RawMap, listing: Listing | None, rows: Sequence[Row], line: Line, file: str
) -> None:
    if listing is None:
        return
    if any(
        (column := column_named(listing.model, heading)) and column.path.startswith(listing.path)
        for heading in _fields(listing.model, line.cells)
    ):
        message = f"« {listing.title} » est donné ici et dans la feuille de ce nom."
        raise InputError(
            Constat(message, fichier=file, ligne=line.number, conseil="Gardez l'un des deux.")
        )
    place = f"{file}, feuille « {listing.title} »"
    held = (row_to_data(listing.rows, _without_ours(row.cells), row.line, place) for row in rows)
    put(data, steps(listing.path), RawList(held, rows[0].line, place), line.number, file)


def _from_file(path: Path, model: type[Document]) -> Table:
    first, *others = read_sheets(path)
    headings, rows = first.table()
    fields = _fields(model, headings)
    problems = _first(_faults_of(model, fields, file=str(path), line=first.titled))
    below = _others(others, model, str(path), problems)
    known = {_reference(model, row.cells) for row in rows} if below.ranks else set()
    problems += [
        _orphan(title, row, path)
        for title, found in below.ranks.items()
        for reference, ranks in found.items()
        if reference not in known
        for row in map(below.rows.at, ranks)
    ]
    if problems:
        raise InputError(problems)

    @cache
    def named() -> Mapping[str, Sequence[int]]:
        found: dict[str, list[int]] = {}
        for rank, row in enumerate(first.table()[1]):
            found.setdefault(_reference(model, row.cells), []).append(rank)
        return found

    def again(reference: str) -> Iterator[Line]:
        return _lines_of(first.table(named().get(reference, ()))[1], below, model, path)

    unseen = [
        said for sheet in (first, *others) for said in sheet.unseen(_place(sheet, first, path))
    ]
    lines = _lines_of(first.table()[1], below, model, path)
    return Table(lines, len(first.lines) - 1, path, again, tuple(unseen))


def _place(sheet: Sheet, first: Sheet, path: Path) -> str:
    return str(path) if sheet is first else f"{path}, feuille « {sheet.title} »"


@dataclass(frozen=True)
class _Others:
    """The rows of the other sheets, and the ranks there of those of each reference, by sheet."""

    rows: Kept[Row]
    ranks: Mapping[str, Mapping[str, Sequence[int]]]

    def of(self, reference: str) -> Below:
        return {
            title: [self.rows.at(rank) for rank in found[reference]]
            for title, found in self.ranks.items()
            if reference in found
        }


def _lines_of(
    rows: Iterable[Row], below: _Others, model: type[Document], path: Path
) -> Iterator[Line]:
    seen: dict[str, int] = {}
    others = lru_cache(8)(below.of)  # rows without a reference all have the same ones
    for row in rows:
        reference = _reference(model, row.cells)
        owned = others(reference)
        first = seen.setdefault(reference, row.line) if owned else row.line
        faults = [*row.faults, *([_stray(row, path)] if row.stray else [])]
        faults += [fault for rows in owned.values() for one in rows for fault in one.faults]
        if first != row.line:
            faults.append(_twice(reference, first, row, path))
        yield Line(row.line, row.cells, reference, owned, tuple(faults))


def _others(
    sheets: Iterable[Sheet], model: type[Document], file: str, problems: list[Constat]
) -> _Others:
    ranks: dict[str, dict[str, list[int]]] = {}
    return _Others(Kept(_rows_of(sheets, model, file, problems, ranks)), ranks)


def _rows_of(
    sheets: Iterable[Sheet],
    model: type[Document],
    file: str,
    problems: list[Constat],
    ranks: dict[str, dict[str, list[int]]],
) -> Iterator[Row]:
    rank = count()
    for sheet in sheets:
        listing = listing_named(model, sheet.title)
        if listing is None:
            problems.append(_unknown_sheet(sheet, model, file))
            continue
        place = f"{file}, feuille « {sheet.title} »"
        headings, rows = sheet.table()
        if REFERENCE not in map(_ours, headings):
            problems.append(
                Constat(
                    f"La colonne « {REFERENCE} » manque.",
                    fichier=place,
                    ligne=sheet.titled,
                    conseil=NO_REFERENCE,
                )
            )
            continue
        theirs = [heading for heading in headings if not _ours(heading)]
        problems += _first(_faults_of(listing.rows, theirs, file=place, line=sheet.titled))
        for row in rows:
            reference = _own(row.cells, REFERENCE)
            ranks.setdefault(listing.title, {}).setdefault(reference, []).append(next(rank))
            yield replace(row, faults=tuple(replace(one, fichier=place) for one in row.faults))


def _from_frame(
    frame: Any, rows: Callable[[], Iterable[Sequence[Any]]], model: type[Document]
) -> Table:
    headings = tuple(map(str, frame.columns))
    if problems := _first(_faults_of(model, _fields(model, headings))):
        raise InputError(problems)

    def lines() -> Iterator[Line]:
        dicts = (dict(zip(headings, row, strict=True)) for row in rows())
        return _numbered(dicts, model, {(headings, frozenset()): ()})

    return Table(lines(), len(frame), again=partial(_named, lines))


def _named(lines: Callable[[], Iterator[Line]], reference: str) -> Iterator[Line]:
    return (line for line in lines() if line.reference == reference)


def _from_dicts(rows: Any, model: type[Document]) -> Table:
    if not isinstance(rows, Iterable) or isinstance(rows, Mapping):
        raise InputError(
            f"Un lot se fait d'{TABLE}, d'un DataFrame ou d'une suite de dictionnaires, un par "
            "document."
        )
    total = len(rows) if isinstance(rows, Sequence) else None
    every = partial(_numbered, rows, model, {})
    again = partial(_named, every) if total is not None else None
    lines = _numbered(rows, model, {})
    first = next(lines, None)
    if first is not None and first.faults:
        raise InputError(first.faults)
    return Table(chain([first] if first else [], lines), total, again=again)


Shape = tuple[tuple[str, ...], frozenset[str]]


def _numbered(
    rows: Iterable[Any], model: type[Document], known: dict[Shape, tuple[Constat, ...]]
) -> Iterator[Line]:
    """``known``: what is wrong with the sets of keys that were looked at already."""
    for number, row in enumerate(rows, 1):
        if not isinstance(row, Mapping):
            yield Line(
                number,
                {},
                faults=(
                    Constat(
                        "Cette ligne n'est pas un dictionnaire.",
                        ligne=number,
                        conseil="Donnez ses champs par leur nom.",
                    ),
                ),
            )
            continue
        cells = {
            str(name): value for name, one in row.items() if (value := _plain(one)) is not None
        }
        shape = (
            tuple(map(str, row)),
            frozenset(name for name, value in cells.items() if is_structured(value)),
        )
        faults = known.get(shape)
        if faults is None:
            faults = tuple(_first(_faults_of(model, _fields(model, shape[0]), shape[1])))
            if len(known) < MOST_SHAPES:
                known[shape] = faults
        if cells:
            yield Line(number, cells, _reference(model, cells), faults=faults)


MOST_SHAPES = 1000


def _plain(value: Any) -> Any:
    """A value as Python has it: numpy's and pandas' own wrap it, and say what is missing in their
    own ways.
    """
    if hasattr(value, "item") and not is_structured(value):
        value = value.item() if getattr(value, "ndim", 0) == 0 else value.tolist()
    elif hasattr(value, "tolist") or hasattr(value, "to_list"):
        value = value.tolist() if hasattr(value, "tolist") else value.to_list()
    if (
        value is None
        or type(value).__name__ in ("NAType", "NaTType")
        or (isinstance(value, float) and value != value)
    ):
        return None
    if isinstance(value, str) and not value.strip():
        return None
    return value


def _first(faults: Iterator[Constat]) -> list[Constat]:
    """As many as a refusal says, and one more: each unknown heading is compared with all others."""
    return list(islice(faults, MOST_SAID + 1))


def _faults_of(
    model: type[Bloc],
    headings: Iterable[str],
    whole: frozenset[str] = frozenset(),
    file: str = "",
    line: int | None = None,
) -> Iterator[Constat]:
    """``whole``: those under which a program gives keys or a list."""
    held = list(headings)
    for heading in held:
        if column_named(model, heading, heading in whole) is None:
            yield _unknown(model, heading, file, line)
    for one, other in clashes(model, held, bool(whole)):
        yield Constat(
            f"Les colonnes « {one} » et « {other} » disent le même champ.",
            fichier=file,
            ligne=line,
            conseil="Gardez-en une seule.",
        )


def _unknown(model: type[Bloc], heading: str, file: str, line: int | None) -> Constat:
    conseil = did_you_mean(
        nearest_heading(model, heading),
        "Donnez-lui le libellé ou le chemin d'un champ, ou retirez-la.",
    )
    return Constat(
        f"La colonne « {heading} » n'est pas un champ de ce document.",
        fichier=file,
        ligne=line,
        conseil=conseil,
    )


def _unknown_sheet(sheet: Sheet, model: type[Document], file: str) -> Constat:
    known = ", ".join(f"« {listing.title} »" for listing in listings(model))
    conseil = (
        f"Les feuilles qui se lisent sont : {known}. Masquez les autres, ou retirez-les."
        if known
        else "Masquez-la, ou retirez-la."
    )
    return Constat(
        f"La feuille « {sheet.title} » n'est celle d'aucune liste de ce document.",
        fichier=file,
        conseil=conseil,
    )


def _orphan(title: str, row: Row, path: Path) -> Constat:
    reference = _own(row.cells, REFERENCE)
    message = (
        f"La référence « {reference} » n'est celle d'aucune ligne de la première feuille."
        if reference
        else "Cette ligne n'a pas de référence."
    )
    return Constat(
        message, fichier=f"{path}, feuille « {title} »", ligne=row.line, conseil=NO_REFERENCE
    )


def _stray(row: Row, path: Path) -> Constat:
    message = "Une cellule de cette ligne est dans une colonne sans titre."
    return Constat(
        message,
        fichier=str(path),
        ligne=row.line,
        conseil="Donnez un titre à sa colonne, ou effacez-la.",
    )


def _twice(reference: str, first: int, row: Row, path: Path) -> Constat:
    message = (
        f"La référence « {reference} » est déjà celle de la ligne {first} : on ne sait à laquelle "
        f"vont les autres feuilles."
    )
    return Constat(
        message, fichier=str(path), ligne=row.line, conseil="Donnez à chaque ligne la sienne."
    )


@lru_cache(4096)
def _ours(heading: str) -> str:
    """The column of ours that a heading names, or nothing."""
    return OURS.get(fold(heading), "")


def _reference(model: type[Document], cells: Mapping[str, Any]) -> str:
    """A document that has a reference of its own is named by it."""
    if has_reference(model):
        return _text(
            next(
                (
                    value
                    for heading, value in cells.items()
                    if (column := column_named(model, heading)) and column.path == FIELD
                ),
                None,
            )
        )
    return _own(cells, REFERENCE)


def _own(cells: Mapping[str, Any], name: str) -> str:
    """What one of our own columns says."""
    return _text(next((value for heading, value in cells.items() if _ours(heading) == name), None))


def _text(found: Any) -> str:
    found = +found if isinstance(found, Shown) else found  # « 1 234 » here, 1234 in another sheet
    try:
        return (
            " ".join((found if isinstance(found, str) else scalar_text(found)).split())
            if found is not None
            else ""
        )
    except ValueError:
        return ""


def _fields(model: type[Document], cells: Mapping[str, Any] | Sequence[str]) -> dict[str, Any]:
    """The columns that are the document's: all but ours, and « Référence » too where it has one."""
    own = REFERENCE if has_reference(model) else ""
    held = cells if isinstance(cells, Mapping) else dict.fromkeys(cells)
    return {heading: value for heading, value in held.items() if _ours(heading) in ("", own)}


def _without_ours(cells: Mapping[str, Any]) -> dict[str, Any]:
    return {heading: value for heading, value in cells.items() if not _ours(heading)}
