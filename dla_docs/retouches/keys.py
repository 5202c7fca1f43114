"""Le nom d'un contrôle, qui ne change pas quand ses lignes changent de rang :
``etapes[e2].date`` pour ``etapes[1].date``.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

from dla_docs.forms.answers_taken import leaf
from dla_docs.model.bloc import value_type
from dla_docs.model.document import Document
from dla_docs.model.node import steps
from dla_docs.model.typography import as_typed
from dla_docs.retouches.rows import followed, key_of
from dla_docs.retouches.saying import agree

Path = tuple[str | int, ...]


class Keys:
    """Le nom des lignes d'un document, d'après les données qu'il emporte ; ``before`` : celles
    d'avant, dont une ligne qui s'y retrouve garde le nom.
    """

    def __init__(self, data: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> None:
        self._rows: dict[Path, str] = {}
        self._read(data, before, (), is_first=before is None)
        self.name = cache(self._name)

    def _read(self, value: Any, before: Any, path: Path, *, is_first: bool) -> None:
        if isinstance(value, Mapping):
            held = before if isinstance(before, Mapping) else {}
            for name, one in value.items():
                self._read(one, held.get(name), (*path, name), is_first=is_first)
        elif isinstance(value, list):
            left = before if isinstance(before, list) else []
            found = followed(left, value)
            for rank, one in enumerate(value):
                near = found.get(rank)
                was = None if near is None else left[near]
                named = key_of(one, rank) if near is None else key_of(was, near)
                new = near is None and not is_first
                self._rows[(*path, rank)] = f"+{named}" if new else named
                self._read(one, was, (*path, rank), is_first=is_first)

    def _name(self, tag: str) -> str:
        way = steps(tag)
        return "".join(
            f"[{self._rows.get(way[: rank + 1], f'#{step}')}]"
            if isinstance(step, int)
            else f".{step}"
            for rank, step in enumerate(way)
        )


def rows_named(name: str) -> frozenset[str]:
    """Les lignes où est un contrôle de ce nom, de la plus large à la sienne."""
    return frozenset(name[: rank + 1] for rank, sign in enumerate(name) if sign == "]")


@dataclass
class Names:
    """De quoi reconnaître un contrôle d'une page à l'autre, et le nommer."""

    left: Keys
    new: Keys
    model: type[Document]

    def label(self, tag: str) -> str:
        """Le libellé d'un champ."""
        found = self.model.schema_node().find(tag)
        return found.label if found is not None and found.label else tag

    def agree(self, tag: str, one: str, other: str) -> bool:
        """Vrai de deux réponses qui disent de même dans ce champ : une main tape « 8 000 € », et
        la page imprime « 8 000,00 € ».
        """
        return agree(one, other) or (
            (read := self._read(tag, one)) is not None and read == self._read(tag, other)
        )

    def _read(self, tag: str, text: str) -> Any:
        """Nothing of what cannot be read there."""
        found = leaf(self.model, tag)
        with suppress(ValueError):
            return None if found is None else value_type(self.model, tag).load(as_typed(text))
        return None
