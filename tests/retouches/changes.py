"""Ce qui change dans une mission, tiré au sort : valeurs (et les conditions qui en dépendent),
vides et choix compris, lignes ôtées, ajoutées, déplacées ; profil.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from datetime import date, timedelta
from random import Random
from typing import Any

from dla_docs.errors import DlaDocsError
from dla_docs.model.document import Document
from dla_docs.model.node import Node
from dla_docs.model.validation import validated
from dla_docs.resources import profile_names
from dla_docs.stages.envelope import data_of

DAY = re.compile(r"\d{4}-\d\d-\d\d")


def changed(document: Document, seed: int, times: int) -> Document:
    """Le même document, dont tant de choses ont changé."""
    random, data = Random(seed), data_of(document)
    for _ in range(times * 3):
        tried = deepcopy(data)
        _change(tried, type(document).schema_node(), random)
        try:
            validated(type(document), tried)
        except (DlaDocsError, ValueError):
            continue
        data = tried
    return validated(type(document), data).placed(document._mission, data, document._dossier)


def other_profile(seed: int) -> str | None:
    """Une fois sur quatre, un autre profil que celui du document."""
    random = Random(f"profil {seed}")
    return random.choice(profile_names()) if random.random() < 0.25 else None


def _change(data: dict[str, Any], node: Node, random: Random) -> None:
    rows = list(_lists(data))
    if rows and random.random() < 0.4:
        _change_rows(random.choice(rows), random)
        return
    leaves = list(_leaves(data))
    if leaves:
        holder, name, path = random.choice(leaves)
        if random.random() < 0.15 and isinstance(holder, dict):
            del holder[name]
        else:
            found = node.find(path)
            choices = () if found is None else found.choices
            holder[name] = _other(holder[name], choices, random)


def _change_rows(held: list[Any], random: Random) -> None:
    step = random.choice(("remove", "clear", "reverse", "move", "add"))
    if step == "remove":
        del held[random.randrange(len(held))]
    elif step == "clear":
        held.clear()
    elif step == "reverse":
        held.reverse()
    elif step == "move":
        held.insert(random.randrange(len(held)), held.pop(random.randrange(len(held))))
    else:
        fresh = deepcopy(random.choice(held))
        fresh["cle"] = f"n{random.randrange(10**5)}"
        held.insert(random.randrange(len(held) + 1), fresh)


def _other(value: Any, choices: Sequence[str], random: Random) -> Any:
    if choices:
        return random.choice(choices)
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


def _leaves(value: Any, path: str = "") -> Iterator[tuple[Any, Any, str]]:
    """Each value, in what holds it, and its path."""
    if isinstance(value, dict):
        held = [(name, one, f"{path}.{name}".lstrip(".")) for name, one in value.items()]
    else:
        held = [(rank, one, f"{path}[{rank}]") for rank, one in enumerate(value)]
    for name, one, where in held:
        if isinstance(one, dict | list):
            yield from _leaves(one, where)
        elif name not in ("cle", "profil", "stade") and not str(one).endswith((".png", ".svg")):
            yield value, name, where
