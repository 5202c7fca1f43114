"""Ce que le seuil d'anonymat laisse voir : ce qui est trop petit se cache, et ce qui permettrait de
le retrouver par soustraction aussi.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
