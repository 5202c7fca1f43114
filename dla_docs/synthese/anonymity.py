"""Ce que le seuil d'anonymat laisse voir : ce qui est trop petit se cache, et ce qui permettrait de
le retrouver aussi.

La règle : d'aucune somme ni différence des nombres montrés, toutes vues réunies, ne se calcule le
nombre d'un groupe qui a moins de personnes que le seuil.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from itertools import combinations
from math import comb
from random import Random
from typing import TypeVar

Item = TypeVar("Item")


def too_few(sizes: Sequence[int], threshold: int) -> set[int]:
    """Les rangs des nombres à cacher : tous ceux sous le seuil (0 n'a rien à cacher), et les
    suivants tant que les cachés, réunis, y sont aussi.

    Qui connaît le total retrouverait sinon, en ôtant ce qui est montré, ce qui ne l'est pas.
    """
    ranks = sorted((rank for rank, size in enumerate(sizes) if size), key=lambda rank: sizes[rank])
    hidden: set[int] = set()
    total = 0
    for rank in ranks:
        if sizes[rank] >= threshold and (not hidden or total >= threshold):
            break
        hidden.add(rank)
        total += sizes[rank]
    return hidden


def gathered(groups: Iterable[tuple[Item, int]], threshold: int) -> tuple[list[Item], list[Item]]:
    """Ceux qui se montrent, et ceux qui se réunissent en un seul ; dans l'ordre donné."""
    held = list(groups)
    small = too_few([size for _, size in held], threshold)
    return [item for rank, (item, _) in enumerate(held) if rank not in small], [
        item for rank, (item, _) in enumerate(held) if rank in small
    ]


class Shown:
    """Ce qui est déjà montré, vue après vue : pour chaque question, les groupes dont on lit le
    nombre.
    """

    def __init__(self, threshold: int) -> None:
        self._threshold = threshold
        self._held: dict[Hashable, list[frozenset[int]]] = {}

    def accepts(self, question: Hashable, groups: Iterable[frozenset[int]]) -> bool:
        """Vrai, et ces groupes sont montrés, quand rien ne s'en déduit avec ce qui l'est déjà."""
        together = [*self._held.get(question, ()), *filter(None, groups)]
        if reveals(together, self._threshold):
            return False
        self._held[question] = together
        return True


PRIME = 2**61 - 1
MOST_TRIED = 200_000


def reveals(groups: Sequence[frozenset[int]], threshold: int) -> bool:
    """Vrai quand les nombres de ces groupes donnent, par sommes et différences, celui d'un ensemble
    de moins de ``threshold`` personnes. Dans le doute, quand il y en a trop à essayer, vrai.

    Les personnes que les mêmes groupes comptent vont ensemble. Un ensemble se calcule quand aucun
    changement qui laisse tous les nombres montrés tels quels ne change le sien.
    """
    people = frozenset().union(*groups)
    atoms = Counter(tuple(one in group for group in groups) for one in people)
    small = [(atom, size) for atom, size in atoms.items() if size < threshold]
    if threshold < 2 or not small:
        return False
    free = _freedoms(list(atoms), len(groups))
    marks = [(free[atom], size) for atom, size in small]
    if any(mark == 0 for mark, _ in marks):
        return True
    return _cancels(marks, threshold - 1)


def _cancels(marks: Sequence[tuple[int, int]], most: int) -> bool:
    """Whether the marks of some atoms, ``most`` people at the most together, add up to nothing: two
    halves of two atoms or less, then more atoms at a time when there are few.
    """
    halves = [
        chosen
        for count in range(3)
        for chosen in combinations(range(len(marks)), count)
        if sum(marks[rank][1] for rank in chosen) <= most
    ]
    if len(halves) > MOST_TRIED:
        return True
    known: dict[int, list[tuple[int, ...]]] = {}
    for half in halves:
        for other in known.get(-sum(marks[rank][0] for rank in half) % PRIME, ()):
            both = {*half, *other}
            if len(both) == len(half) + len(other) and _people(both, marks) <= most:
                return True
        known.setdefault(sum(marks[rank][0] for rank in half) % PRIME, []).append(half)
    return any(_at_once(marks, count, most) for count in range(5, most + 1))


def _at_once(marks: Sequence[tuple[int, int]], count: int, most: int) -> bool:
    if comb(len(marks), count) > MOST_TRIED:
        return True
    return any(
        sum(marks[rank][0] for rank in chosen) % PRIME == 0 and _people(chosen, marks) <= most
        for chosen in combinations(range(len(marks)), count)
    )


def _people(ranks: Iterable[int], marks: Sequence[tuple[int, int]]) -> int:
    return sum(marks[rank][1] for rank in ranks)


def _freedoms(atoms: Sequence[tuple[bool, ...]], rows: int) -> dict[tuple[bool, ...], int]:
    """A change at random that leaves every shown number as it is: what it does to each atom; 0 for
    those that it cannot touch. One is enough: two that differ would cancel once in 10^18.
    """
    matrix = [[int(atom[row]) for atom in atoms] for row in range(rows)]
    pivots = _reduced(matrix)
    chance = Random(0)
    change = [
        0 if column in pivots.values() else chance.randrange(1, PRIME)
        for column in range(len(atoms))
    ]
    for row, column in pivots.items():
        others = (value * change[at] for at, value in enumerate(matrix[row]) if at != column)
        change[column] = -sum(others) % PRIME
    return dict(zip(atoms, change, strict=True))


def _reduced(matrix: list[list[int]]) -> dict[int, int]:
    """Row by row, in place, modulo a prime; the column that each row is about."""
    pivots: dict[int, int] = {}
    for column in range(len(matrix[0]) if matrix else 0):
        row = len(pivots)
        found = next((r for r in range(row, len(matrix)) if matrix[r][column]), None)
        if found is None:
            continue
        matrix[row], matrix[found] = matrix[found], matrix[row]
        inverse = pow(matrix[row][column], -1, PRIME)
        matrix[row] = [value * inverse % PRIME for value in matrix[row]]
        for other, held in enumerate(matrix):
            if other != row and held[column]:
                times = held[column]
                matrix[other] = [
                    (value - times * own) % PRIME
                    for value, own in zip(held, matrix[row], strict=True)
                ]
        pivots[row] = column
    return pivots
