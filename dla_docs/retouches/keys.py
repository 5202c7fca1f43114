"""Le nom d'un contrôle, qui ne change pas quand ses lignes changent de rang :
``etapes[e2].date`` pour ``etapes[1].date``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from dla_docs.model.node import Node, steps
from dla_docs.raw.overlaying import CLE


class Keys:
    """Les clés des lignes d'un document, d'après les données qu'il emporte."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data
        self.name = cache(self._name)

    def _name(self, tag: str) -> str:
        value: Any = self._data
        said: list[str] = []
        for step in steps(tag):
            value = _below(value, step)
            key = value.get(CLE) if isinstance(step, int) and isinstance(value, Mapping) else None
            said.append(f"[{key or f'#{step}'}]" if isinstance(step, int) else f".{step}")
        return "".join(said)


def _below(value: Any, step: str | int) -> Any:
    if isinstance(step, int):
        return value[step] if isinstance(value, list) and step < len(value) else None
    return value.get(step) if isinstance(value, Mapping) else None


@dataclass
class Names:
    """De quoi reconnaître un contrôle d'une page à l'autre, et le nommer."""

    left: Keys
    new: Keys
    node: Node

    def label(self, tag: str) -> str:
        """Le libellé d'un champ."""
        found = self.node.find(tag)
        return found.label if found is not None and found.label else tag
