"""La place que prend un texte : la largeur de chaque signe, dans les quatre familles d'une charte
et celles qui les remplacent ; mesurée une fois sur les polices, elle tient dans « largeurs.csv ».
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import accumulate, takewhile

from dla_docs.parties.charte import Police
from dla_docs.stages.styling import STAND_INS

EM = 1000  # widths are in thousandths of the size
HEIGHTS = {Police.CARLITO: 1.22, Police.CALADEA: 1.3}  # of a line, in sizes
USUAL_HEIGHT = 1.15
UNKNOWN, WIDER = Police.LIBERATION_SANS, 1.1  # a family that nobody measured: the widest, and more
KERNING = 0.98  # the share of a line that is filled: an office rounds each sign to its own grid
ALIKE = {
    **{family.value.casefold(): family for family in Police},
    **{stand_in.casefold(): family for family, stand_in in STAND_INS.items()},
    "helvetica": Police.LIBERATION_SANS,
}
BREAKS = re.compile(r"[^ \-\N{EN DASH}\N{EM DASH}]*[ \-\N{EN DASH}\N{EM DASH}]*")


@dataclass(frozen=True)
class Font:
    """Une famille de caractères et le corps où elle s'imprime, en points."""

    family: str
    size: float
    bold: bool = False
    capitals: bool = False

    @property
    def line(self) -> float:
        """La hauteur d'une ligne, en points."""
        known = ALIKE.get(self.family.casefold())
        return self.size * (HEIGHTS.get(known, USUAL_HEIGHT) if known else max(HEIGHTS.values()))

    def width(self, text: str) -> float:
        """La largeur d'un texte sur une ligne, en points."""
        return _measured(self, text)

    def lines(self, text: str, room: float) -> int:
        """Le nombre de lignes d'un texte dans cette largeur, en points."""
        room, count, used = room * KERNING, 1, 0.0
        for word in _words(text):
            width = self.width(word.rstrip(" "))
            if used and used + width > room:
                count, used = count + 1, 0.0
            while width > room and word:  # a word longer than a line is cut anywhere
                count, word = count + 1, word[self._held(word, room) :]
                width = self.width(word.rstrip(" "))
            used += self.width(word)
        return count

    def _held(self, word: str, room: float) -> int:
        """How many signs of a word a line holds: one at least."""
        reached = accumulate(map(self.width, word))
        return max(1, sum(1 for _ in takewhile(lambda width: width <= room, reached)))


@lru_cache(maxsize=1 << 15)  # the same words come again at each size that is tried
def _measured(font: Font, text: str) -> float:
    family = ALIKE.get(font.family.casefold())
    widths = _widths()[f"{family or UNKNOWN} {'gras' if font.bold else 'normal'}"]
    shown = text.upper() if font.capitals else text
    total = sum(_width_of(sign, widths) for sign in shown)
    return total * font.size / EM * (1 if family else WIDER)


def _words(text: str) -> Iterator[str]:
    return filter(None, BREAKS.findall(text))


def _width_of(sign: str, widths: Mapping[str, int]) -> int:
    return widths.get(sign) or widths.get(unicodedata.normalize("NFD", sign)[0]) or EM


@cache
def _widths() -> Mapping[str, Mapping[str, int]]:
    text = (resources.files(__package__) / "largeurs.csv").read_text(encoding="ascii")
    rows = list(csv.DictReader(text.splitlines(), delimiter=";"))
    faces = [name for name in rows[0] if name != "signe"]
    return {
        face: {chr(int(row["signe"], 16)): int(row[face]) for row in rows if row[face]}
        for face in faces
    }
