"""Un texte, des clés ou une liste, qui savent dans quel fichier et à quelle ligne ils ont été
écrits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Self, TypeVar

BREAK = re.compile("\r\n|\r|\n")  # between two lines, as an editor counts them
FileLine = tuple[str, int | None]
Step = str | int


class RawText(str):
    """Un texte tel qu'il a été écrit ; ``line`` compte à partir de 1."""

    __slots__ = ("file", "line")
    file: str
    line: int

    def __new__(cls, text: str, line: int = 0, file: str = "") -> Self:
        created = super().__new__(cls, text)
        created.line, created.file = line, file
        return created


class RawMap(dict[str, Any]):
    """Des clés et leurs valeurs ; ``key_lines`` donne la ligne
    de chaque clé écrite dans ``file``."""

    __slots__ = ("file", "key_lines", "line")

    def __init__(
        self,
        items: Mapping[str, Any] | None = None,
        line: int = 0,
        file: str = "",
        key_lines: Mapping[str, int] | None = None,
    ) -> None:
        super().__init__(items or {})
        self.line, self.file, self.key_lines = line, file, dict(key_lines or {})

    def __copy__(self) -> RawMap:
        return self.with_items(self)

    def with_items(self, items: Mapping[str, Any]) -> RawMap:
        """D'autres valeurs, écrites au même endroit."""
        return RawMap(items, self.line, self.file, self.key_lines)


class RawList(list[Any]):
    """Une liste de valeurs."""

    __slots__ = ("file", "line")

    def __init__(self, items: Iterable[Any] = (), line: int = 0, file: str = "") -> None:
        super().__init__(items)
        self.line, self.file = line, file

    def with_items(self, items: Iterable[Any]) -> RawList:
        """D'autres valeurs, écrites au même endroit."""
        return RawList(items, self.line, self.file)


Raw = TypeVar("Raw")


def copied(raw: Raw) -> Raw:
    """Les mêmes données, dont les clés et les listes sont neuves ; un texte ne change pas."""
    if isinstance(raw, RawMap):
        return raw.with_items(  # type: ignore[return-value]
            {key: one if one.__class__ is RawText else copied(one) for key, one in raw.items()}
        )
    if isinstance(raw, RawList):
        return raw.with_items(map(copied, raw))  # type: ignore[return-value]
    return raw


class _Missing:
    """Ce qu'on trouve là où il n'y a rien ; ``None`` est une valeur écrite."""


MISSING = _Missing()
LISTS, MAPS = (list, tuple), (dict, Mapping)  # nearly always a dict, which is told at once


def child(value: Any, step: Step) -> Any:
    """La valeur sous une clé ou à un rang ; ``MISSING`` s'il n'y en a pas. Les lignes données par
    clé ont aussi un rang.
    """
    if not isinstance(value, LISTS):
        if not isinstance(value, MAPS):
            return MISSING
        if isinstance(step, str):
            return value.get(step, MISSING)
        value = list(value.values())
    return value[step] if isinstance(step, int) and 0 <= step < len(value) else MISSING


def value_at(raw: Any, loc: Iterable[Step], default: Any = MISSING) -> Any:
    """La valeur au bout d'un chemin, ou ``default`` quand il n'y mène pas."""
    for step in loc:
        raw = child(raw, step)
    return default if raw is MISSING else raw


def size_of(raw: Any) -> int:
    """Combien de valeurs tiennent des données, elles-mêmes comprises."""
    held = raw.values() if isinstance(raw, Mapping) else raw if isinstance(raw, list) else ()
    return 1 + sum(map(size_of, held))


def line_of(raw: Any, loc: Iterable[Step]) -> FileLine:
    """Le fichier et la ligne de ce qui existe de plus profond sur un chemin ; ``("", None)`` quand
    on ne sait pas.
    """
    place = place_of(raw)
    for step in loc:
        found = child(raw, step)
        if found is MISSING and not str(step).isalnum() and not str(step).isidentifier():
            continue  # a name that pydantic puts in a path
        if found is MISSING:
            break  # what has the name of what is below, higher up, is something else
        place = _place_below(raw, step, found) or place
        raw = found
    return place


def place_of(value: Any) -> FileLine:
    """Où une valeur a été écrite."""
    return (
        (value.file, value.line)
        if isinstance(value, RawText | RawMap | RawList) and value.line
        else ("", None)
    )


def _place_below(raw: Any, step: Step, found: Any) -> FileLine | None:
    if isinstance(raw, RawMap) and step in raw.key_lines:
        return raw.file, raw.key_lines[str(step)]
    place = place_of(found)
    return place if place[1] else None
