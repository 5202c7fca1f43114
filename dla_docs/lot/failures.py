"""Les lignes qui n'ont pas donné leur document, telles qu'elles sont venues, et ce qui ne va pas :
à corriger, puis à refaire.
"""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any, Self

from dla_docs.constat import Constat
from dla_docs.files import numbered
from dla_docs.lot.folder import Folder
from dla_docs.lot.journal import PLACE, fingerprint
from dla_docs.lot.row_sheets import REFERENCE
from dla_docs.lot.rows import ORIGIN, REASON, Line
from dla_docs.model.node import dotted
from dla_docs.spelling import fold
from dla_docs.tables.columns import is_structured
from dla_docs.tables.writing import streamed_workbook

NAME, SHEET = "erreurs.xlsx", "À corriger"
OURS = f"{PLACE}/{NAME}.empreinte"
CELLS = (str, int, float, bool, Decimal, date, time)


@dataclass(frozen=True)
class _Failure:
    line: Line
    origin: str
    reason: str


class Failures:
    """Les lignes à corriger, gardées sur le disque jusqu'à ce que le classeur s'écrive : elles
    peuvent être toutes là.
    """

    def __init__(self) -> None:
        self._kept = tempfile.TemporaryFile(prefix="dla_docs_")  # noqa: SIM115 — closed with this object
        self._headings: dict[str, None] = {}
        self._sheets: dict[str, dict[str, None]] = {}
        self.count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem: object) -> None:
        self._kept.close()

    def add(self, line: Line, origin: str, constats: Iterable[Constat]) -> None:
        """Garde une ligne et ses raisons."""
        cells = dict(_flat(line.cells))
        self._headings.update(dict.fromkeys(cells))
        for title, rows in line.below.items():
            self._sheets.setdefault(title, {REFERENCE: None}).update(
                dict.fromkeys(heading for row in rows for heading in row.cells)
            )
        pickle.dump(
            _Failure(replace(line, cells=cells, faults=()), origin, reason(constats)), self._kept
        )
        self.count += 1

    def save(self, folder: Folder, source: Path | None = None) -> str:
        """Écrit le classeur et dit où il est ; ``source`` est le tableau lu, jamais remplacé, pas
        plus qu'un classeur que quelqu'un corrige.
        """
        name = _free_name(folder, source)
        if not self.count:
            _forget(folder, name)
            return ""
        others = (
            (title, list(headings), self._below(title, headings))
            for title, headings in self._sheets.items()
        )
        octets = streamed_workbook([(SHEET, *self._main()), *others])
        folder.write(name, octets)
        folder.write(OURS, f"{name}:{fingerprint(octets)}".encode())
        return folder.place(name)

    def _main(self) -> tuple[list[str], Iterator[Sequence[Any]]]:
        headings = [
            heading
            for heading in self._headings
            if fold(heading) not in (fold(REASON), fold(ORIGIN))
        ]
        rows = (
            [
                failure.reason,
                *(failure.line.cells.get(heading) for heading in headings),
                failure.origin,
            ]
            for failure in self._all()
        )
        return [REASON, *headings, ORIGIN], rows

    def _below(self, title: str, headings: Mapping[str, None]) -> Iterator[Sequence[Any]]:
        return (
            [row.cells.get(heading) for heading in headings]
            for failure in self._all()
            for row in failure.line.below.get(title, ())
        )

    def _all(self) -> Iterator[_Failure]:
        self._kept.seek(0)
        for _ in range(self.count):
            yield pickle.load(self._kept)


def reason(constats: Iterable[Constat]) -> str:
    """Ce qui ne va pas, une phrase par ligne, sans le fichier ni la ligne : la cellule y est."""
    return "\n".join(
        dict.fromkeys(str(replace(constat, fichier="", ligne=None)) for constat in constats)
    )


def _free_name(folder: Folder, source: Path | None) -> str:
    """« erreurs.xlsx », unless it is the table being read,
    or holds what somebody has mended since."""
    said, _, content = folder.read(OURS).decode(errors="replace").rpartition(":")
    number, name = 1, NAME
    while _is_at(folder, name, source) or (
        (held := folder.read(name)) and not (name == said and fingerprint(held) == content)
    ):
        number += 1
        name = numbered(NAME, number)
    return name


def _is_at(folder: Folder, name: str, path: Path | None) -> bool:
    return path is not None and Path(folder.place(name)).absolute() == path.absolute()


def _forget(folder: Folder, name: str) -> None:
    """What the last run complained of is mended."""
    if folder.read(name):
        folder.remove(name)


def _flat(cells: Mapping[Any, Any], way: tuple[str | int, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Keys and lists, which a program may give, as the columns that say the same."""
    for name, value in cells.items():
        if is_structured(value):
            held: Mapping[Any, Any] = (
                value if isinstance(value, Mapping) else dict(enumerate(value))
            )
            yield from _flat(held, (*way, name))
        elif value is not None:
            yield (
                (dotted((*way, name)) if way else name),
                value if isinstance(value, CELLS) else str(value),
            )
