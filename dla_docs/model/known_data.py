"""Les mêmes données, lues dans une partie de même sorte, ont déjà donné la même valeur : elle est
gardée. Une valeur ne change pas, et ne sait ni son fichier ni sa ligne.
"""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Any

from dla_docs.raw import RawList, RawMap, RawText

LARGEST, MOST_KEPT = 400, 2048  # words of the data that are remembered, how many of them

TEXTS = frozenset({str, RawText, type(None)})
MAPS, LISTS = frozenset({dict, RawMap}), frozenset({list, RawList})
EXACT = (bool, int, float, Decimal, date, datetime, time)


class _UnknownDataError(Exception):
    """Something whose words do not say everything, or too much of it."""


def wording(data: Any) -> tuple[Hashable, ...] | None:
    """Ce que disent des données, mot pour mot et dans l'ordre, sans leurs lignes ; ``None`` quand
    elles tiennent autre chose que des textes et des valeurs simples, ou sont trop longues.
    """
    said: list[Hashable] = []
    try:
        _spell(data, said)
    except _UnknownDataError:
        return None
    return tuple(said)


def _spell(data: Any, said: list[Hashable]) -> None:
    """How many it holds stands before what it holds: no two of them are told alike."""
    kind = data.__class__
    if kind in TEXTS:
        said.append(data)
    elif kind in MAPS:
        said += (dict, len(data))
        for name, value in data.items():
            if name.__class__ not in TEXTS:
                raise _UnknownDataError
            said.append(name)
            if value.__class__ in TEXTS:  # nearly always
                said.append(value)
            else:
                _spell(value, said)
    elif kind in LISTS:
        said += (list, len(data))
        for value in data:
            _spell(value, said)
    elif kind in EXACT or issubclass(kind, Enum):
        said.append((kind, repr(data)))  # 1 is True, and 1.50 is 1.5, but they print otherwise
    else:
        raise _UnknownDataError
    if len(said) > LARGEST:
        raise _UnknownDataError


@lru_cache(MOST_KEPT)
def known(part: type, in_rows: bool, words: tuple[Hashable, ...]) -> list[Any]:
    """Ce que ces mots ont donné, lus dans cette sorte de partie ou dans une suite de ses lignes :
    seul dans une liste, vide tant qu'on ne le sait pas, et à remplir.
    """
    return []
