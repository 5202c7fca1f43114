"""Ce qui change dans une mission, tiré au sort : valeurs, lignes ôtées, ajoutées, déplacées."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import date, timedelta
from random import Random
from typing import Any

from dla_docs.errors import DlaDocsError
from dla_docs.model.document import Document
from dla_docs.model.validation import validated
from dla_docs.stages.envelope import data_of

DAY = re.compile(r"\d{4}-\d\d-\d\d")


def changed(document: Document, seed: int, times: int) -> Document:
    """Le même document, dont tant de choses ont changé."""
    random, data = Random(seed), data_of(document)
    for _ in range(times * 3):
        tried = deepcopy(data)
        _change(tried, random)
        try:
            validated(type(document), tried)
        except (DlaDocsError, ValueError):
            continue
        data = tried
    return validated(type(document), data).placed(document._mission, data, document._dossier)


def _change(data: dict[str, Any], random: Random) -> None:
    rows = list(_lists(data))
    if rows and random.random() < 0.4:
        held = random.choice(rows)
        step = random.choice(("remove", "reverse", "add"))
        if step == "remove":
            del held[random.randrange(len(held))]
        elif step == "reverse":
            held.reverse()
        else:
            fresh = deepcopy(random.choice(held))
            fresh["cle"] = f"n{random.randrange(10**5)}"
            held.insert(random.randrange(len(held) + 1), fresh)
        return
    leaves = list(_leaves(data))
    if leaves:
        holder, name = random.choice(leaves)
        holder[name] = _other(holder[name], random)


def _other(value: Any, random: Random) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if DAY.fullmatch(str(value)):
        return (date.fromisoformat(value) + timedelta(days=random.randrange(1, 9))).isoformat()
    return f"Nouveau {random.randrange(10**6)}"


def _lists(value: Any) -> Iterator[list[Any]]:
    held = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if isinstance(value, list) and value and isinstance(value[0], dict):
        yield value
    for one in held:
        yield from _lists(one)


def _leaves(value: Any) -> Iterator[tuple[Any, Any]]:
    held = (
        list(value.items())
        if isinstance(value, dict)
        else list(enumerate(value))
        if isinstance(value, list)
        else []
    )
    for name, one in held:
        if isinstance(one, dict | list):
            yield from _leaves(one)
        elif name not in ("cle", "profil", "stade") and not str(one).endswith((".png", ".svg")):
            yield value, name
