"""Ce qui est saisi, posé sur ce qui est repris : clé par clé, les lignes d'un tableau jointes sur
leur ``cle``.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, count, islice
from typing import Any, NamedTuple

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.raw.nodes import (
    MAPS,
    FileLine,
    RawList,
    RawMap,
    RawText,
    Step,
    line_of,
    place_of,
    value_at,
)
from dla_docs.raw.quoting import quoted
from dla_docs.spelling import capitalised

CLE = "cle"


class OtherKeyError(InputError, ValueError):
    """Une ligne se donne une autre clé que celle sous laquelle elle est écrite, ou prend de son
    rang celle d'une autre ; ``ValueError`` pour les validateurs de pydantic.
    """


class Borrowed(NamedTuple):
    """Une ligne sans clé, au rang ``rank``, qui prendrait de ce rang celle qu'une autre, au rang
    ``owner``, écrit : rien ne dit si c'est d'elle que parlent les autres documents.
    """

    rank: int
    owner: int
    key: str
    free: str  # a key that no row has

    def __str__(self) -> str:
        return (
            f"la ligne {self.rank + 1}, sans clé, prend de son rang « {self.key} », que la ligne "
            f"{self.owner + 1} écrit"
        )

    @property
    def remedy(self) -> str:
        """Ce qu'on peut y faire."""
        return (
            f"donnez à la ligne {self.rank + 1} une clé à elle, « cle: {self.free} » par exemple, "
            "ou celle qu'elle a dans un autre document"
        )


def borrowed(written: Sequence[str], prefix: str) -> list[Borrowed]:
    """Les lignes sans clé (``""``) dont le rang donne une clé qu'une autre écrit."""
    ranked = ((rank, f"{prefix}{rank + 1}") for rank, key in enumerate(written) if not key)
    return [
        Borrowed(rank, written.index(key), key, _free(key, written))
        for rank, key in ranked
        if key in written
    ]


def _free(key: str, written: Sequence[str]) -> str:
    tried = chain([f"{key}_bis"], (f"{key}_{number}" for number in count(3)))
    return next(one for one in tried if one not in written)


def overlay(
    derived: Any, typed: Any, prefix: str = "", prefixes: Mapping[str, str] | None = None
) -> Any:
    """Ce qui est repris, complété et corrigé par ce qui est saisi ; une saisie vide laisse ce qui
    est repris.

    Les lignes sont jointes sur leur ``cle`` ; sans ``cle`` de part et d'autre, la liste saisie
    remplace l'autre. Une ligne sans clé reçoit celle de son rang : ``prefixes[champ]``, sinon
    ``prefix``, sinon ce que montrent les clés reprises (e1, e2…).
    """
    return _Overlay(prefix, prefixes or {}).value(derived, typed)


def keyed_rows(
    raw: Mapping[str, Any], champs: Collection[str] = (), principal: str = ""
) -> list[Any]:
    """Les lignes données par clé (``{e1: {…}, e2: {…}}``), en liste de lignes qui portent leur
    ``cle`` ; une ligne vide est laissée.

    Ce qui porte un des ``champs`` d'une ligne est une seule ligne ; un texte vaut le champ
    ``principal``. ``OtherKeyError`` si une ligne se donne une autre clé.
    """
    if _is_single_row(raw, champs, principal):
        rows: list[Any] = [raw]
    else:
        _refuse_other_keys(raw)
        rows = [
            _with_cle(_as_row(row, principal), key, line_of(raw, (key,)))
            for key, row in raw.items()
            if row is not None
        ]
    return RawList(rows, raw.line, raw.file) if isinstance(raw, RawMap) else rows


def says_something(value: Any) -> bool:
    """Vrai d'une ligne ou d'une partie dont une valeur est écrite ; la clé d'une ligne ne dit
    rien.
    """
    if isinstance(value, Mapping):
        return any(says_something(item) for name, item in value.items() if name != CLE)
    return any(map(says_something, value)) if isinstance(value, list) else value not in (None, "")


def as_written(raw: Any, loc: Iterable[Step]) -> Iterator[Step]:
    """Un chemin d'un document, tel que ses données le comptent : les lignes où rien n'est dit, que
    le document n'a pas, y ont un rang.
    """
    for step in loc:
        if isinstance(step, int):
            rows = list(raw.values()) if isinstance(raw, Mapping) else raw
            said = (rank for rank, row in enumerate(rows or ()) if says_something(row))
            step = next(islice(said, step, None), step)
        yield step
        raw = value_at(raw, (step,), None)


def as_in_file(
    whole: Any, typed: Any, loc: Iterable[Step], prefixes: Mapping[str, str]
) -> Iterator[Step]:
    """Un chemin de ce qui est réuni, tel que le compte ce qui a été saisi : une ligne que seul le
    repris donne y a le rang qu'elle prendrait, ajoutée après les autres.
    """
    field = ""
    for step in loc:
        own = (
            step
            if isinstance(step, str)
            else _rank_typed(whole, typed, step, prefixes.get(field, ""))
        )
        yield own
        whole, typed = value_at(whole, (step,), None), value_at(typed, (own,), None)
        field = step if isinstance(step, str) else field


def _rank_typed(whole: Any, typed: Any, rank: int, prefix: str) -> int:
    rows, own = (list(one.values()) if isinstance(one, Mapping) else one for one in (whole, typed))
    if not (_are_rows(rows) and own and _are_rows(own) and any(map(_cle_of, rows))):
        return rank
    prefix = prefix or _prefix_shown(rows)
    keys = list(typed) if isinstance(typed, Mapping) else _keys(own, prefix)
    free: dict[str, deque[int]] = defaultdict(deque)
    for place, key in enumerate(keys):
        free[key].append(place)
    places = [free[key].popleft() if free[key] else None for key in _keys(rows, prefix)]
    if rank >= len(places) or all(place is None for place in places):
        return rank
    found = places[rank]
    return len(keys) + places[:rank].count(None) if found is None else found


class _Overlay:
    def __init__(self, prefix: str, prefixes: Mapping[str, str]) -> None:
        self._prefix, self._prefixes = prefix, prefixes

    def value(self, derived: Any, typed: Any, field: str = "") -> Any:
        if _is_absent(typed):
            return derived
        if derived is None or isinstance(typed, str):
            return typed
        if isinstance(derived, list | tuple) and isinstance(typed, MAPS):
            typed = keyed_rows(typed)
        if isinstance(derived, MAPS) and isinstance(typed, MAPS):
            return self._map(derived, typed)
        if (
            _are_rows(derived)
            and _are_rows(typed)
            and any(_cle_of(row) for row in (*derived, *typed))
        ):
            return self._rows(derived, typed, self._prefixes.get(field, self._prefix))
        return typed

    def _map(self, derived: Mapping[str, Any], typed: Mapping[str, Any]) -> Mapping[str, Any]:
        keys = dict.fromkeys((*derived, *typed))
        items = {key: self.value(derived.get(key), typed.get(key), key) for key in keys}
        if not isinstance(typed, RawMap):
            return items
        # A key left empty in the file shows what is derived, which was written elsewhere.
        written = {
            key: line
            for key, line in typed.key_lines.items()
            if items.get(key) is None or not _is_absent(typed.get(key))
        }
        return RawMap(items, typed.line, typed.file, written)

    def _rows(self, derived: Sequence[Any], typed: Sequence[Any], prefix: str) -> list[Any]:
        prefix = prefix or _prefix_shown((*derived, *typed))
        typed = _without_borrowing(typed, prefix)
        rows, ranks = list(derived), _ranks(_keys(derived, prefix))
        for key, row in zip(_keys(typed, prefix), typed, strict=True):
            if row is None:
                continue
            row = _with_cle(row, key, place_of(row))
            rank = ranks.pop(
                key, None
            )  # taken once: a second row with the same key is left for the model to refuse
            if rank is None:
                rows.append(row)
            else:
                rows[rank] = self.value(rows[rank], row)
        return RawList(rows, typed.line, typed.file) if isinstance(typed, RawList) else rows


def _keys(rows: Sequence[Mapping[str, Any] | None], prefix: str) -> list[str]:
    return [_cle_of(row) or f"{prefix}{number}" for number, row in enumerate(rows, 1)]


def _ranks(keys: Sequence[str]) -> dict[str, int]:
    return {key: rank for rank, key in reversed(list(enumerate(keys)))}


def _cle_of(row: Any) -> str:
    cle = row.get(CLE) if isinstance(row, MAPS) else None
    return "" if cle is None else str(cle).strip()


def _with_cle(row: Any, key: str, place: FileLine) -> Any:
    if not isinstance(row, MAPS) or _cle_of(row):
        return row
    items = {
        CLE: RawText(key, place[1] or 0, place[0]),
        **{name: value for name, value in row.items() if name != CLE},
    }
    return row.with_items(items) if isinstance(row, RawMap) else items


def _is_single_row(raw: Mapping[str, Any], champs: Collection[str], principal: str) -> bool:
    if champs:
        return any(key in champs for key in raw)
    return not principal and any(
        row is not None and not isinstance(row, Mapping) for row in raw.values()
    )


def _as_row(row: Any, principal: str) -> Any:
    return (
        RawMap({principal: row}, place_of(row)[1] or 0, place_of(row)[0])
        if principal and isinstance(row, str)
        else row
    )


def _prefix_shown(rows: Sequence[Any]) -> str:
    shown = (re.fullmatch(r"(.*\D)\d+", _cle_of(row)) for row in rows)
    return next((match[1] for match in shown if match), "l")


def _refuse_other_keys(raw: Mapping[str, Any]) -> None:
    others = [(key, row) for key, row in raw.items() if _cle_of(row) not in ("", key)]
    if others:
        raise OtherKeyError(_other_key(key, row) for key, row in others)


def _without_borrowing(rows: Sequence[Any], prefix: str) -> Sequence[Any]:
    """The same rows, those that say nothing, and would take another's key, being none."""
    found = {one.rank: one for one in borrowed([_cle_of(row) for row in rows], prefix)}
    if refused := [one for one in found.values() if says_something(rows[one.rank])]:
        raise OtherKeyError(_borrowing(one, rows[one.rank]) for one in refused)
    left = [None if rank in found else row for rank, row in enumerate(rows)]
    return rows.with_items(left) if isinstance(rows, RawList) else left


def _borrowing(found: Borrowed, row: Any) -> Constat:
    file, line = place_of(row)
    told, remedy = str(found), found.remedy
    return Constat(
        f"{capitalised(told)}.",
        fichier=file,
        ligne=line,
        conseil=f"{capitalised(remedy)}.",
    )


def _other_key(key: str, row: Mapping[str, Any]) -> Constat:
    file, line = line_of(row, (CLE,))
    return Constat(
        f"La ligne {quoted(key)} se donne une autre clé, {quoted(_cle_of(row))}.",
        fichier=file,
        ligne=line,
        conseil="Gardez une seule des deux.",
    )


def _is_absent(value: Any) -> bool:
    if value is None or isinstance(value, str):
        return not value or value.isspace()
    return not value and isinstance(value, list | tuple | Mapping)


def _are_rows(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(
        row is None or isinstance(row, MAPS) for row in value
    )
