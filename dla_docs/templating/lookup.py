"""La lecture d'un chemin dans les données : des dictionnaires et des listes, rien d'autre."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.raw import value_at
from dla_docs.templating.frame import Frame
from dla_docs.templating.scope import Ref, Step

Evaluate = Callable[[Frame], Any]


class MissingValueError(InputError):
    """Une valeur que le modèle imprime ne lui a pas été donnée, pas même vide."""


def lookup(slot: int, keys: tuple[Step, ...], ref: Ref) -> Evaluate:
    """Ce qui lit un chemin depuis une case ; le champ d'une partie absente est absent."""
    if len(keys) == 1:
        return _single(slot, keys[0], ref)

    def read(frame: Frame) -> Any:
        value = frame.locals[slot]
        try:
            for key in keys:
                value = value[key]
        except (KeyError, IndexError, TypeError):
            return _walk(frame, frame.locals[slot], keys, ref)
        return value

    return read


def _single(slot: int, key: Step, ref: Ref) -> Evaluate:
    def read(frame: Frame) -> Any:
        try:
            return frame.locals[slot][key]
        except (KeyError, IndexError, TypeError):
            return _walk(frame, frame.locals[slot], (key,), ref)

    return read


def _walk(frame: Frame, value: Any, keys: tuple[Step, ...], ref: Ref) -> Any:
    """The slow way round, to say which step failed."""
    for key in keys:
        if value is None or value == {}:  # a part that does not apply has no fields
            return None
        if isinstance(key, int) and isinstance(value, list | tuple):
            value = value[key] if key < len(value) else None
        elif isinstance(key, str) and isinstance(value, Mapping) and key in value:
            value = value[key]
        else:
            raise _missing(ref.path(frame.indices))
    return value


def _missing(path: str) -> MissingValueError:
    return MissingValueError(
        Constat(
            f"Le modèle imprime « {path} », qui ne lui a pas été donné.",
            chemin=path,
            conseil="Donnez cette valeur, même vide.",
        )
    )


def is_defined(operand: Evaluate, wanted: bool) -> Evaluate:
    """Ce qui dit si une valeur a été donnée, ``wanted`` étant la réponse attendue."""

    def test(frame: Frame) -> bool:
        try:
            operand(frame)
        except MissingValueError:
            return not wanted
        return wanted

    return test


def gathered(rows: Any, attribute: str) -> Iterator[Any]:
    """Ce que chaque ligne a sous ce nom, ``None`` quand elle ne l'a pas ; sans nom, les lignes."""
    if not attribute:
        return iter(rows or ())
    steps = attribute.split(".")
    return (value_at(row, steps, None) for row in rows or ())


def is_attribute(path: str) -> bool:
    """Vrai quand un modèle peut nommer ainsi un champ de ses lignes."""
    return all(name.isidentifier() and not name.startswith("_") for name in path.split("."))
