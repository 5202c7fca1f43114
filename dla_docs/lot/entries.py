"""Ce qui a été fait dans un dossier, gardé hors de la mémoire : un lot repris de trente mille
lignes n'y tient pas plus qu'un petit.
"""

from __future__ import annotations

import json
import sqlite3
import weakref
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from dla_docs.constat import Constat
from dla_docs.errors import DiskError
from dla_docs.files import name_key

TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA cache_size = -1000;
CREATE TABLE done (
    stem BLOB PRIMARY KEY, key BLOB, mark BLOB, origin BLOB, said BLOB, followed INTEGER DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX by_key ON done (key);
CREATE INDEX by_mark ON done (mark);
CREATE INDEX by_origin ON done (origin);
CREATE TABLE claimed (key BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE come (origin BLOB PRIMARY KEY) WITHOUT ROWID;
"""
FREE = "NOT followed AND key NOT IN claimed"
NO_ROOM = Constat(
    "Le disque est plein là où vont les fichiers temporaires de cette machine, ou ne s'y laisse "
    "pas écrire.",
    conseil="Libérez de la place, ou dites un autre dossier (variable TMPDIR), et recommencez.",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """Un document fait : l'empreinte de ses données, la ligne dont il vient, ses fichiers, chacun
    avec l'empreinte de son contenu (vide quand une main y est), le tableau de cette ligne, et
    l'empreinte du dossier de ce tableau ; ``reportes`` : l'empreinte qu'avait chacun de ses
    fichiers quand ses retouches ont passé sous un autre nom ; ``ancien`` : plus aucune ligne ne le
    faisait, la dernière fois.
    """

    empreinte: str
    origine: str
    fichiers: Mapping[str, str] = field(default_factory=dict)
    tableau: str = ""
    lieu: str = ""
    reportes: Mapping[str, str] = field(default_factory=dict)
    ancien: bool = False


class Entries:
    """Les documents faits, par nom, et les noms qu'un lot donne. ``DiskError`` quand la place
    manque où les garder.
    """

    def __init__(self, entries: Iterable[tuple[str, Entry]] = ()) -> None:
        # of this object alone, on the disk beyond a megabyte; another thread may close its lot
        self._base = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        weakref.finalize(self, self._base.close)
        with _room():
            self._base.executescript(TABLES)
        self.add(entries)

    def add(self, entries: Iterable[tuple[str, Entry]]) -> None:
        """Ajoute des documents, ou remplace ce qui en était dit."""
        for stem, entry in entries:
            told = (stem, name_key(stem), entry.empreinte, entry.origine)
            self._do(
                "REPLACE INTO done (stem, key, mark, origin, said) VALUES (?, ?, ?, ?, ?)",
                *map(_octets, told),
                dump(asdict(entry)),
            )

    def get(self, stem: str) -> Entry | None:
        """Celui de ce nom."""
        return next((entry for _, entry in self._found("stem = ?", stem)), None)

    def named(self, name: str) -> tuple[str, Entry] | None:
        """Celui qu'un disque confond avec ce nom."""
        found = self._found("key = ?", name_key(name), order="stem DESC LIMIT 1")
        return next(found, None)

    def items(self) -> Iterator[tuple[str, Entry]]:
        """Tous, rangés par nom."""
        return self._found("TRUE")

    def from_row(self, origin: str) -> Iterator[tuple[str, Entry]]:
        """Ceux qui viennent de cette ligne."""
        return self._found("origin = ?", origin)

    def from_rows(self, start: str) -> Iterator[tuple[str, Entry]]:
        """Ceux qui viennent des lignes qu'on reconnaît à ce début."""
        return self._found("origin >= ? AND origin < CAST(? || x'FF' AS BLOB)", start, start)

    def free(self, *, mark: str = "", origin: str = "") -> dict[str, Entry]:
        """Ceux que nul n'a pris, ni suivis, faits de ces données ou de cette ligne, et dont les
        retouches n'ont pas passé ailleurs.
        """
        column, wanted = ("mark", mark) if mark else ("origin", origin)
        found = self._found(f"{column} = ? AND {FREE}", wanted)
        return {stem: entry for stem, entry in found if not entry.reportes}

    def follow(self, stem: str) -> None:
        """Une ligne suit ce document sous un autre nom."""
        self._do("UPDATE done SET followed = 1 WHERE stem = ?", _octets(stem))

    def claim(self, name: str) -> None:
        """Ce nom est donné."""
        self._do("INSERT OR IGNORE INTO claimed VALUES (?)", _octets(name_key(name)))

    def is_claimed(self, name: str) -> bool:
        """Vrai d'un nom donné cette fois."""
        asked = "SELECT 1 FROM claimed WHERE key = ?"
        return self._do(asked, _octets(name_key(name))).fetchone() is not None

    def come(self, origin: str) -> None:
        """Cette ligne est venue cette fois."""
        self._do("INSERT OR IGNORE INTO come VALUES (?)", _octets(origin))

    def unclaimed(self, table: str) -> dict[str, Entry]:
        """Ceux qui viennent des lignes venues cette fois, ou de ce tableau, et que rien ne fait
        plus.
        """
        left = self._found("key NOT IN claimed AND origin IN come")
        held = self._found("key NOT IN claimed") if table else ()
        return dict(left) | {stem: entry for stem, entry in held if entry.tableau == table}

    def _found(self, which: str, *words: str, order: str = "stem") -> Iterator[tuple[str, Entry]]:
        asked = f"SELECT stem, said FROM done WHERE {which} ORDER BY {order}"
        with _room():
            for stem, said in self._base.execute(asked, [*map(_octets, words)]):
                yield _text(stem), Entry(**json.loads(said))

    def _do(self, asked: str, *words: bytes) -> sqlite3.Cursor:
        with _room():
            return self._base.execute(asked, words)


def dump(held: Any) -> bytes:
    """Ce que tient un journal, en JSON ; un nom de fichier que rien ne peut écrire, par son
    échappement.
    """
    said = json.dumps(held, ensure_ascii=False, sort_keys=True)
    return said.encode(errors="backslashreplace")


@contextmanager
def _room() -> Iterator[None]:
    """The base is written where SQLite wants, not always where Python puts its own files."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise DiskError(NO_ROOM) from error


def _octets(text: str) -> bytes:
    return text.encode(errors="surrogatepass")


def _text(octets: bytes) -> str:
    return octets.decode(errors="surrogatepass")
