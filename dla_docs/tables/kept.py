"""Des lignes gardées hors de la mémoire dès qu'elles y pèseraient, et relues l'une après l'autre
autant de fois qu'il le faut.
"""

from __future__ import annotations

import pickle
import tempfile
import weakref
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Generic, TypeVar

from dla_docs.file_faults import unwritable

GROUP = 16  # lines that are written, and read back, together
MOST_NEAR = 16  # groups that stay in memory for who asks for a line by its rank
ROOM = 1 << 20  # bytes that stay in memory

Kind = TypeVar("Kind")


class Kept(Generic[Kind]):
    """Ce qui a été lu d'un fichier, dans l'ordre ; ``first`` : le premier, ``None`` s'il n'y a
    rien. ``DiskError`` quand la place manque où les garder.
    """

    first: Kind | None = None

    def __init__(self, lines: Iterable[Kind]) -> None:
        # closed with this object
        self._file: Any = tempfile.SpooledTemporaryFile(ROOM, prefix="dla_docs_")  # noqa: SIM115
        weakref.finalize(self, self._file.close)
        self._places: list[int] = []
        self._size = 0
        self._near: dict[int, list[Kind]] = {}
        rest = iter(lines)
        while group := list(islice(rest, GROUP)):
            self.first = self.first or group[0]
            self._write(group)

    def _write(self, group: list[Kind]) -> None:
        self._size += len(group)
        self._places.append(self._file.tell())
        try:
            pickle.dump(group, self._file, pickle.HIGHEST_PROTOCOL)
        except OSError as error:
            raise unwritable(tempfile.gettempdir(), error) from error

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Kind]:
        for rank in range(len(self._places)):
            yield from self._group(rank)

    def at(self, rank: int) -> Kind:
        """Celui de ce rang ; ses voisins se lisent avec lui."""
        number, place = divmod(rank, GROUP)
        if number not in self._near:
            if len(self._near) == MOST_NEAR:
                del self._near[next(iter(self._near))]
            self._near[number] = self._group(number)
        return self._near[number][place]

    def _group(self, rank: int) -> list[Kind]:
        self._file.seek(self._places[rank])
        group: list[Kind] = pickle.load(self._file)
        return group
