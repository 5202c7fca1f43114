"""Un texte YAML en nœuds qui savent où ils sont écrits, et d'où leur vient ce qu'ils reprennent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import yaml

from dla_docs.raw.building import MERGE, NULLS
from dla_docs.raw.nodes import Step
from dla_docs.raw.yaml_syntax import FAST_LOADER

BOM = "\ufeff"
Value = Any  # str, dict, list, None


class UneditableError(ValueError):
    """Ce texte ne peut pas être retouché à cet endroit sans être récrit."""


@dataclass(slots=True)
class Written:
    """Un nœud du texte : où il commence, où il finit, ce qu'il tient ; ``target`` : ce que cite un
    renvoi.
    """

    kind: str  # scalar, map, list, alias
    start: int
    end: int
    column: int = 0
    flow: bool = False
    style: str | None = None
    value: str = ""
    anchor: str | None = None
    tagged: bool = False
    items: list[tuple[Written | None, Written]] = field(default_factory=list)
    target: Written | None = None

    @property
    def real(self) -> Written:
        """Le nœud même, ou celui qu'il cite."""
        return self.target or self

    def child(self, step: Step) -> Written | None:
        """Ce qu'il écrit sous une clé ou à un rang ; ``None`` s'il n'y a rien."""
        if isinstance(step, int):
            listed = self.kind == "list" and step < len(self.items)
            return self.items[step][1] if listed else None
        found = (one for key, one in self.items if key is not None and key.value == step)
        return next(found, None) if self.kind == "map" else None

    def held(self, step: Step) -> Written | None:
        """Ce qu'il dit là : ce qu'il y écrit, sinon ce qu'y dit ce qu'il reprend par « << »."""
        found = (base.held(step) for base in self.bases)
        return self.child(step) or next((one for one in found if one is not None), None)

    @property
    def bases(self) -> tuple[Written, ...]:
        """Ce qu'il reprend par « << », dans l'ordre où l'un l'emporte sur l'autre."""
        merged = next((one for key, one in self.items if _is_merge(key)), None)
        if merged is None:
            return ()
        rows = [one for _, one in merged.real.items] if merged.real.kind == "list" else [merged]
        return tuple(one.real for one in rows)

    @property
    def keys(self) -> set[str]:
        """Les clés qu'il dit, reprises ou écrites."""
        own = {key.value for key, _ in self.items if key is not None and not _is_merge(key)}
        return own.union(*(base.keys for base in self.bases))


def _is_merge(key: Written | None) -> bool:
    return key is not None and key.value == MERGE and not key.style


def nodes_below(node: Written, merging: Written | None = None) -> Iterator[tuple[Written, Any]]:
    """Un nœud et tous ceux qu'il tient ; avec ce que « << » reprend, les clés qui le reprennent."""
    yield node, merging
    for key, item in node.items:
        within = merging if node.kind == "list" else None
        yield from nodes_below(item, node if _is_merge(key) else within)


def value_of(node: Written) -> Value:
    """Ce que dit un nœud, ce qu'il cite et ce qu'il reprend compris."""
    if node.kind == "alias":
        return value_of(node.real)
    if node.kind == "scalar":
        return node.value if node.style or node.value not in NULLS else None
    if node.kind == "list":
        return [value_of(item) for _, item in node.items]
    said: dict[str, Value] = {}
    for base in reversed(node.bases):
        said |= value_of(base)
    own = ((key, item) for key, item in node.items if key is not None and not _is_merge(key))
    return said | {key.value: value_of(item) for key, item in own}


@lru_cache(maxsize=8)
def read_nodes(text: str) -> Written:
    """L'arbre des nœuds d'un texte, que personne ne change : chaque réponse relit celui d'avant.
    ``UneditableError`` s'il ne se lit pas.
    """
    try:
        events: list[Any] = [
            event
            for event in yaml.parse(text.removeprefix(BOM), Loader=FAST_LOADER)
            if isinstance(event, yaml.NodeEvent | yaml.CollectionEndEvent)
        ]
    except yaml.YAMLError as error:
        raise UneditableError(str(error)) from None
    if not events:
        return Written("map", len(text), len(text))
    reading = _Reading(events, text)
    node = reading.node()
    if reading.at != len(events):
        raise UneditableError("several documents")
    return node


class _Reading:
    def __init__(self, events: Sequence[Any], text: str) -> None:
        self.events, self.text, self.at = events, text, 0
        self.anchored: dict[str, Written] = {}  # the last one of each name, as YAML has it

    def node(self) -> Written:
        event = self.events[self.at]
        self.at += 1
        place = {"start": event.start_mark.index, "column": event.start_mark.column}
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self.anchored:
                raise UneditableError("unknown anchor")
            target = self.anchored[event.anchor]
            end = self.events[self.at - 1].end_mark.index
            return Written("alias", end=end, anchor=event.anchor, target=target, **place)
        common = {**place, "anchor": event.anchor, "tagged": event.tag is not None}
        is_scalar = isinstance(event, yaml.ScalarEvent)
        node = self._scalar(event, common) if is_scalar else self._collection(event, common)
        if node.anchor:
            self.anchored[node.anchor] = node
        return node

    def _scalar(self, event: Any, common: dict[str, Any]) -> Written:
        end = event.end_mark.index
        if event.style in ("|", ">"):
            end = len(self.text[:end].rstrip("\r\n "))
        return Written("scalar", end=end, style=event.style, value=event.value, **common)

    def _collection(self, event: Any, common: dict[str, Any]) -> Written:
        kind, start = (
            "map" if isinstance(event, yaml.MappingStartEvent) else "list",
            common["start"],
        )
        node = Written(kind, end=start, flow=bool(event.flow_style), **common)
        while not isinstance(self.events[self.at], yaml.CollectionEndEvent):
            key = self.node() if kind == "map" else None
            node.items.append((key, self.node()))
        last = [one for one in node.items[-1] if one is not None] if node.items else []
        below = max((one.end for one in last), default=start)
        node.end = self.events[self.at].end_mark.index if node.flow else below
        self.at += 1
        return node
