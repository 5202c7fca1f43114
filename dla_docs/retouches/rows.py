"""Quelle ligne, dans ce que la mission dit maintenant, est celle qui était partie : celle de la
même clé ; celle qui dit la même chose, ou presque, quand sa clé ne lui vient que de son rang.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from dla_docs.raw.overlaying import CLE

NUMBERED = re.compile(r"(\D*)(\d+)")
ALIKE = 0.5  # of what they alone say: below, they are two rows
SOMEWHAT = 0.2  # the same, of one that stands where the other stood
Rows = Sequence[Any]
Found = dict[int, int]
Fields = dict[str, Counter[str]]
Likeness = Callable[[int, int], float]
NONE: Counter[str] = Counter()


def followed(left: Rows, new: Rows, *, known: Mapping[int, int] | None = None) -> Found:
    """Le rang, dans les lignes parties, de chaque ligne de maintenant qui s'y retrouve ;
    ``known`` : celles que l'on connaît déjà, dont les mots communs aux autres ne distinguent rien.
    """
    found = dict(known) if known is not None else _by_key(left, new)
    _equal_in_order(left, new, found)
    if len(found) < min(len(left), len(new)):
        likeness = _Likeness(left, new)
        _best_first(likeness, left, new, found)
        _one_for_one(likeness, left, new, found)
    return found


def key_of(row: Any, rank: int) -> str:
    """La clé d'une ligne, ou son rang."""
    return str((row.get(CLE) if isinstance(row, Mapping) else None) or f"#{rank}")


def _by_key(left: Rows, new: Rows) -> Found:
    """A key that its rank would not give was written; where one was, the others of its form were
    too.
    """
    keys = [[key_of(row, rank) for rank, row in enumerate(rows)] for rows in (left, new)]
    written = {_form(key) for held in keys for n, key in enumerate(held) if not _of_rank(key, n)}
    ranks = {key: rank for rank, key in reversed([*enumerate(keys[0])])}
    return {
        far: ranks.pop(key)
        for far, key in enumerate(keys[1])
        if key in ranks and _form(key) in written and not key.startswith("#")
    }


def _of_rank(key: str, rank: int) -> bool:
    said = NUMBERED.fullmatch(key)
    return key == f"#{rank}" or (said is not None and said[2] == str(rank + 1))


def _form(key: str) -> str:
    said = NUMBERED.fullmatch(key)
    return key if said is None else said[1]


def _equal_in_order(left: Rows, new: Rows, found: Found) -> None:
    """The same rows, where a removed or added one shifts them all."""
    near, far = _left_over(left, new, found)
    ours, theirs = ([_said(row) for row in rows] for rows in (left, new))
    matcher = SequenceMatcher(None, [ours[n] for n in near], [theirs[n] for n in far], False)
    for start, first, size in matcher.get_matching_blocks():
        found |= {far[first + step]: near[start + step] for step in range(size)}


def _best_first(likeness: Likeness, left: Rows, new: Rows, found: Found) -> None:
    """What moved, or changed in part."""
    near, far = _left_over(left, new, found)
    likely = [
        (likeness(one, other), -abs(one - other), one, other) for one in near for other in far
    ]
    taken: set[int] = set()
    for alike, _, one, other in sorted(likely, reverse=True):
        if alike >= ALIKE and one not in taken and other not in found:
            found[other] = one
            taken.add(one)


def _one_for_one(likeness: Likeness, left: Rows, new: Rows, found: Found) -> None:
    """As many as there were between two that are found: each was rewritten in its place, when
    something of it is left. Where there are more or fewer, nothing says which is which.
    """
    whose = {rank: far for far, rank in found.items()}
    gaps: dict[tuple[int, int], list[int]] = {}
    for rank in range(len(left)):
        if rank not in whose:
            gaps.setdefault((_last(whose, rank), _next(whose, rank, len(new))), []).append(rank)
    for (low, high), ranks in gaps.items():
        free = [far for far in range(low + 1, high) if far not in found]
        if len(free) == len(ranks):
            pairs = zip(free, ranks, strict=True)
            found |= {far: rank for far, rank in pairs if likeness(rank, far) >= SOMEWHAT}


def _last(whose: Mapping[int, int], rank: int) -> int:
    return next((whose[one] for one in range(rank - 1, -1, -1) if one in whose), -1)


def _next(whose: Mapping[int, int], rank: int, end: int) -> int:
    return whose[min(later)] if (later := [one for one in whose if one > rank]) else end


def _left_over(left: Rows, new: Rows, found: Found) -> tuple[list[int], list[int]]:
    taken = set(found.values())
    near = [rank for rank in range(len(left)) if rank not in taken]
    return near, [far for far in range(len(new)) if far not in found]


def _said(row: Any) -> str:
    said = {**row, CLE: ""} if isinstance(row, Mapping) else row
    return json.dumps(said, sort_keys=True, ensure_ascii=False, default=str)


class _Likeness:
    """Of a row that was to one that is: field by field, by the words that no other row says."""

    def __init__(self, left: Rows, new: Rows) -> None:
        held = [[_fields(row) for row in rows] for rows in (left, new)]
        said = [Counter(_once(rows)) for rows in held]
        self._common = {word for rows in said for word, times in rows.items() if times > 1}
        self._left, self._new = (list(map(self._own, rows)) for rows in held)

    def __call__(self, one: int, other: int) -> float:
        mine, theirs = self._left[one], self._new[other]
        names = mine.keys() | theirs.keys()
        alike = (_dice(mine.get(name, NONE), theirs.get(name, NONE)) for name in names)
        return sum(alike) / len(names) if names else 0.0

    def _own(self, row: Fields) -> Fields:
        kept = {
            name: Counter({w: n for w, n in bag.items() if (name, w) not in self._common})
            for name, bag in row.items()
        }
        return {name: bag for name, bag in kept.items() if bag}


def _once(rows: Sequence[Fields]) -> Iterator[tuple[str, str]]:
    return ((name, word) for row in rows for name, bag in row.items() for word in bag)


def _fields(row: Any) -> Fields:
    found: Fields = {}
    for name, word in _words(row):
        found.setdefault(name, Counter())[word] += 1
    return found


def _words(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Each word, with the name of the field that says it."""
    if isinstance(value, Mapping):
        for key, one in value.items():
            if key != CLE:
                yield from _words(one, f"{name}.{key}")
    elif isinstance(value, list):
        for one in value:
            yield from _words(one, name)
    else:
        yield from ((name, word) for word in str(value).split())


def _dice(one: Counter[str], other: Counter[str]) -> float:
    return 2 * (one & other).total() / (one.total() + other.total())
