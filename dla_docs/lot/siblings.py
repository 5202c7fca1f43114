"""De plusieurs lignes que rien ne distingue, ni leur référence ni ceux qu'elles nomment, laquelle
est celle d'un document retouché : les mots d'une main ne passent pas de l'une à l'autre.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from dla_docs.errors import DlaDocsError
from dla_docs.lot.entries import Entries
from dla_docs.lot.journal import fingerprint, row_of
from dla_docs.lot.making import WORD
from dla_docs.lot.recipe import Kitchen
from dla_docs.lot.retouched import another
from dla_docs.lot.rows import Line, Table
from dla_docs.lot.rows import data_of as data_of_line
from dla_docs.raw import RawMap
from dla_docs.retouches.rows import followed
from dla_docs.stages.envelope import data_of, open_envelope
from dla_docs.word.package import open_package

Data = Mapping[str, Any]


class Siblings:
    """Les lignes d'un tableau, et ce que les fois d'avant en ont fait."""

    def __init__(self, kitchen: Kitchen, journal: Entries, table: Table) -> None:
        self._kitchen, self._journal, self._table = kitchen, journal, table
        self._folder = kitchen.recipe.folder
        self._known: dict[str, Data | None] = {}
        self._told: dict[int, Data] = {}  # by the number of a row, asked for each of its siblings

    def owns(self, line: Line, stem: str) -> bool | None:
        """Vrai d'un document retouché qui est celui de cette ligne ; faux de celui d'une autre, ou
        dont on ne sait de laquelle il est ; ``None`` quand nul n'y a touché, ou qu'elle est seule.
        """
        file, entry = f"{stem}{WORD}", self._journal.get(stem)
        held = self._folder.read(file)
        if not held or entry is None or fingerprint(held) == entry.fichiers.get(file):
            return None
        told = self._said(line)
        left = {one: data for one, data in self._left(line, stem) if not self._apart(data, told)}
        if entry.reportes and stem in left:  # what it holds is in another too, of the same row
            mine = left[stem]
            left = {one: data for one, data in left.items() if one == stem or data != mine}
        rows = [(one, said) for one, said in self._now(line) if not self._apart(said, told)]
        if stem not in left or (len(left) < 2 and len(rows) < 2):
            return None
        return self._followed(left, rows).get(line.number) == stem

    def _followed(self, left: dict[str, Data], rows: Sequence[tuple[Line, Data]]) -> dict[int, str]:
        """What was left of each row, by its number: that of its data, then what is most like. What
        every row says tells none of them apart, whether it is found already or not.
        """
        stems, known = [*left], dict[int, int]()
        marks = {stem: entry.empreinte for stem in stems if (entry := self._journal.get(stem))}
        free = dict.fromkeys(range(len(stems)))
        for far, (line, _) in enumerate(rows):
            mark = self._mark(line)
            same = (near for near in free if marks[stems[near]] == mark)
            if (found := next(same, None)) is not None:
                known[far] = found
                del free[found]
        pairs = followed([*left.values()], [said for _, said in rows], known=known)
        return {rows[far][0].number: stems[near] for far, near in pairs.items()}

    def _left(self, line: Line, asked: str) -> Iterator[tuple[str, Data]]:
        """An old one may be that of a row that has another name now."""
        start = row_of(self._table.name, 0).removesuffix("0")
        found = (
            self._journal.from_row(line.reference)
            if line.reference
            else (
                (stem, entry)
                for stem, entry in self._journal.from_rows(start)
                if entry.tableau == self._table.name
            )
        )
        for stem, entry in found:
            if stem != asked and (entry.ancien or entry.reportes):
                continue
            if (data := self._data_in(stem)) is not None:
                yield stem, data

    def _data_in(self, stem: str) -> Data | None:
        """What it left with; nothing of a file that is not one of ours."""
        if stem not in self._known:
            self._known[stem] = None
            with suppress(DlaDocsError):
                sent = open_envelope(open_package(self._folder.read(f"{stem}{WORD}")))
                if sent is not None and sent.slug == self._kitchen.recipe.slug:
                    self._known[stem] = sent.donnees
        return self._known[stem]

    def _now(self, line: Line) -> Iterator[tuple[Line, Data]]:
        """A table that is read once has no other row to show."""
        rows = self._table.again(line.reference) if self._table.again else (line,)
        return ((one, self._said(one)) for one in rows)

    def _said(self, line: Line) -> Data:
        if line.number not in self._told:
            self._told[line.number] = self._to_tell(line)
        return self._told[line.number]

    def _to_tell(self, line: Line) -> Data:
        """What its document would say; the row itself, where there would be none."""
        kitchen, data = self._kitchen, self._raw(line)
        with suppress(Exception):  # nothing that a row holds may stop the others
            return data_of(kitchen.document(data))
        return {**kitchen.lent(data), **data}

    def _raw(self, line: Line) -> RawMap:
        with suppress(DlaDocsError):
            return data_of_line(line, self._kitchen.model, str(self._table.path or ""))
        return RawMap()

    def _mark(self, line: Line) -> str:
        return self._kitchen.fingerprint_of(self._raw(line))

    def _apart(self, one: Data, other: Data) -> bool:
        return bool(another(self._kitchen.model, one, other))
