"""Ce que tout classeur a en commun, quel que soit le tableur qui l'a écrit : ses bornes, ses
lignes, ses cellules fusionnées, ses feuilles masquées.
"""

from __future__ import annotations

import io
import zipfile
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from tempfile import gettempdir
from typing import Any, NamedTuple

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.file_faults import is_of_the_disk, unwritable
from dla_docs.raw.quoting import quoted
from dla_docs.tables.kept import Kept

LIMIT = 50 * 1024 * 1024  # bytes of a workbook
UNPACKED = 100 * 1024 * 1024  # and of what it unpacks to
MOST_TAGS = 4_000_000  # in one part: about a million cells
MOST_STRAYS = 1000  # rows with a cell under no heading: beyond, the heading is what is missing
BLOCK = 1 << 18  # bytes of a part that are seen together
LAST_ROW, LAST_COLUMN, LONGEST = 1_048_576, 16_384, 32_767 * 7  # of any spreadsheet, escaped
SPLIT = "Partagez-le en plusieurs."
SAVE_AS = "Enregistrez-le au format « Classeur Excel (.xlsx) » ou « CSV »."

Line = tuple[int, list[Any]]
Range = tuple[int, int, int, int]  # first row and column, last row and column


class Grid(NamedTuple):
    """Une feuille d'un classeur : son titre, ses lignes non vides à partir de celle des titres, le
    numéro de celles qui y sont masquées ; ``above`` : celles qui le sont au-dessus des titres, et
    ne se lisent pas ; ``veiled`` : les colonnes masquées ; ``totals`` : les lignes de totaux, qui
    ne se lisent pas.
    """

    title: str
    lines: Kept[Line]
    hidden: frozenset[int] = frozenset()
    above: tuple[int, ...] = ()
    veiled: frozenset[int] = frozenset()
    totals: tuple[int, ...] = ()


def refused(message: str, path: Path, conseil: str) -> InputError:
    """L'erreur d'un classeur qui ne se lit pas."""
    return InputError(Constat(message, fichier=str(path), conseil=conseil))


def unread(error: Exception, path: Path) -> InputError:
    """L'erreur d'un classeur dont la lecture s'est arrêtée : ses octets sont faux, ou la place
    manque où le déplier.
    """
    if isinstance(error, OSError) and is_of_the_disk(error):
        return unwritable(gettempdir(), error)
    return refused("Ce classeur est abîmé : il ne se lit pas.", path, SAVE_AS)


def too_big(path: Path) -> InputError:
    """L'erreur d'un classeur démesuré."""
    return refused("Ce classeur, décompressé, est trop gros pour être un tableau.", path, SPLIT)


def check_archive(data: bytes, path: Path) -> None:
    """``InputError`` d'un classeur qui ne se décompresse pas, ou qui gonfle."""
    if len(data) > LIMIT:
        raise refused(f"Ce classeur dépasse {LIMIT // 1024**2} Mo.", path, SPLIT)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            twice = _twice(entries)
            size = sum(entry.file_size for entry in entries)  # reading stops at the size declared
            heavy = size <= UNPACKED and any(_tags(archive, entry) > MOST_TAGS for entry in entries)
    except Exception as error:  # on damaged bytes zipfile raises a dozen unrelated types
        raise refused("Ce classeur est abîmé : il ne se décompresse pas.", path, SAVE_AS) from error
    if size > UNPACKED or heavy:
        raise too_big(path)
    if twice:
        raise refused(f"Ce classeur contient deux fois la partie {quoted(twice)}.", path, SAVE_AS)


def _twice(entries: Iterable[zipfile.ZipInfo]) -> str:
    """The part that two programs would not read alike: each takes one of the two."""
    times = Counter(entry.filename.replace("\\", "/").lstrip("/").casefold() for entry in entries)
    return next((name for name, count in times.items() if count > 1), "")


def _tags(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> int:
    if entry.file_size < MOST_TAGS:
        return 0
    with archive.open(entry) as stream:
        return sum(block.count(b"<") for block in iter(lambda: stream.read(BLOCK), b""))


def checked_text(text: str, path: Path) -> str:
    """Le texte d'une cellule ; ``InputError`` s'il dépasse ce qu'un tableur y met."""
    if len(text) > LONGEST:
        message = "Ce classeur a une cellule plus longue qu'aucun tableur n'en tient."
        raise refused(message, path, SAVE_AS)
    return text


def grid_of(
    title: str,
    rows: Iterable[tuple[int, Mapping[int, Any]]],
    hidden: Collection[int],
    veiled: Collection[int],
    path: Path,
) -> Grid:
    """La feuille de ces lignes ; ``InputError`` quand toutes sont masquées."""
    lines = _lines(rows, hidden, path)
    above: list[int] = []
    first = next(lines, None)
    while first and first[0] in hidden:
        above.append(first[0])
        first = next(lines, None)
    if above and not first:
        message = f"Toutes les lignes de la feuille « {title} » sont masquées."
        raise refused(message, path, "Affichez celle des titres, et celles qui comptent.")
    kept = Kept(
        chain([first], lines) if first else ()
    )  # a row says that it is hidden as it is read
    return Grid(title, kept, frozenset(hidden), tuple(above), frozenset(veiled))


def _lines(
    rows: Iterable[tuple[int, Mapping[int, Any]]], hidden: Collection[int], path: Path
) -> Iterator[Line]:
    """Those that say something, of what each row holds by number of column; nothing stands for the
    cells that the file does not hold. The first that is seen says how many columns there are.
    """
    width = strays = 0
    known: set[int] = set()
    for number, said in rows:
        check_place(number, max(said, default=1), path)
        if not said:
            continue
        if number in known:
            raise refused(f"Ce classeur écrit deux fois sa ligne {number}.", path, SAVE_AS)
        known.add(number)
        width = width or (0 if number in hidden else max(said))
        room = width or max(said)
        beyond = [value for column, value in said.items() if column > room]
        strays += bool(beyond)
        if strays > MOST_STRAYS:
            raise refused(
                f"Plus de {MOST_STRAYS} lignes ont une cellule dans une colonne sans titre.",
                path,
                "La première ligne porte les titres des colonnes : ôtez ce qui est au-dessus, "
                "donnez un titre à cette colonne, ou effacez-la.",
            )
        yield number, [*(said.get(column) for column in range(1, room + 1)), *beyond]


def check_place(row: int, column: int, path: Path) -> None:
    """``InputError`` d'une cellule hors de toute feuille."""
    if row > LAST_ROW or column > LAST_COLUMN:
        message = "Ce classeur a une cellule là où aucun tableur n'en a."
        raise refused(message, path, SAVE_AS)


def uncovered(grid: Grid, ranges: Sequence[Range], path: Path) -> Grid:
    """La même feuille, sans ce qu'une fusion recouvre, qui ne se voit pas. ``InputError`` de
    cellules fusionnées sur plusieurs lignes : seule la première se lit, et elles ne nuisent que si
    elle dit quelque chose.
    """
    if not ranges:
        return grid
    spread = {row for row, _, last_row, _ in ranges if last_row > row}
    known = {number: cells for number, cells in grid.lines if number in spread}
    for row, column, last_row, last_column in ranges:
        if last_row > row and any(
            one is not None for one in known.get(row, [])[column - 1 : column]
        ):
            place, last = place_of(row, column), place_of(last_row, last_column)
            raise refused(
                f"Les cellules {place} à {last} sont fusionnées : seule la première ligne aurait "
                "leur réponse.",
                path,
                "Séparez-les, et écrivez la réponse dans chaque ligne.",
            )
    over = _over([number for number, _ in grid.lines], ranges, path)
    lines = ((number, _seen(number, cells, over.get(number, ()))) for number, cells in grid.lines)
    return grid._replace(lines=Kept(lines))


def _over(numbers: Iterable[int], ranges: Iterable[Range], path: Path) -> dict[int, list[Range]]:
    """The ranges that each of these rows is in."""
    ordered, found, seen = sorted(numbers), dict[int, list[Range]](), 0
    for one in ranges:
        under = ordered[bisect_left(ordered, one[0]) : bisect_right(ordered, one[2])]
        seen += len(under)
        if seen > MOST_TAGS:
            raise too_big(path)
        for number in under:
            found.setdefault(number, []).append(one)
    return found


def _seen(number: int, cells: Sequence[Any], over: Iterable[Range]) -> list[Any]:
    """A row, without what these ranges hide of it: all of theirs but their first cell."""
    shown = list(cells)
    for row, column, _, last_column in over:
        hidden = range(column - (number > row), min(last_column, len(shown)))
        for rank in hidden:
            shown[rank] = None
    return shown


def place_of(row: int, column: int) -> str:
    """Le nom d'une cellule, tel que le tableur l'affiche : « B4 »."""
    letters = ""
    while column:
        column, rank = divmod(column - 1, 26)
        letters = chr(ord("A") + rank) + letters
    return f"{letters}{row}"


def said_sheets(shown: Sequence[Grid], hidden: Sequence[str], path: Path) -> list[Grid]:
    """Celles des feuilles visibles qui disent quelque chose, la première s'il n'y en a pas ;
    ``InputError`` quand il n'y a pas de feuille, ou que seules des feuilles masquées (``hidden``,
    leurs titres) peuvent tenir le tableau.
    """
    if not shown and not hidden:
        message = "Ce classeur n'a aucune feuille où écrire : que des graphiques ou des macros."
        raise refused(message, path, "Donnez celui qui tient le tableau.")
    said = [sheet for sheet in shown if sheet.lines]
    if hidden and not said:
        names = ", ".join(map(quoted, hidden))
        raise refused(
            f"Rien n'est écrit dans les feuilles visibles ; sont masquées : {names}.",
            path,
            "Affichez dans le tableur celle qui tient le tableau.",
        )
    return said or list(shown[:1])
