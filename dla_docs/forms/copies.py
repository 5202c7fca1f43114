"""Une ligne copiée puis collée garde les étiquettes de la première : c'en est une autre."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from dla_docs.raw.overlaying import CLE
from dla_docs.stages.envelope import Enveloppe
from dla_docs.word.page import Control

ROW = re.compile(r"(?P<rows>[^\[\]]+)\[(?P<rank>\d+)\]\.(?P<field>.+)")
Instance = dict[str, Control]


def rows_apart(sent: Enveloppe | None, controls: Iterable[Control]) -> tuple[Control, ...]:
    """Les mêmes champs, ceux d'une ligne copiée menant à une ligne de plus.

    Celle des deux qui dit encore ce qui était parti garde sa place, qu'on ait collé au-dessus ou
    au-dessous. Ce que la page imprimait déjà deux fois n'est pas une copie.
    """
    found = tuple(controls)
    printed = Counter(sent.champs) if sent is not None else Counter[str]()
    once = {tag for tag, number in printed.items() if number == 1}
    copied = {tag for tag, number in Counter(one.tag for one in found).items() if number > 1}
    rows = {match.group("rows", "rank") for tag in copied & once if (match := ROW.fullmatch(tag))}
    said = {one.tag: one.text for line in (sent.page if sent else ()) for one in line.controls}
    for name, rank in sorted(rows):
        found = tuple(_apart(found, name, rank, said))
    return found


def _apart(
    found: tuple[Control, ...], name: str, rank: str, said: dict[str, str]
) -> Iterator[Control]:
    prefix = f"{name}[{rank}]."
    instances = _instances(one for one in found if one.tag.startswith(prefix))
    kept = max(
        range(len(instances)), key=lambda number: (_likeness(instances[number], said), -number)
    )
    first = _first_free(found, name)
    new = {
        number: first + place
        for place, number in enumerate(
            number
            for number, one in enumerate(instances)
            if number != kept and _texts(one) != _texts(instances[kept])
        )
    }
    seen: Counter[str] = Counter()
    for one in found:
        if not one.tag.startswith(prefix):
            yield one
            continue
        number = seen[one.tag]
        seen[one.tag] += 1
        if number == kept:
            yield one
        elif number in new and not one.tag.endswith(f".{CLE}"):
            yield replace(one, tag=f"{name}[{new[number]}].{one.tag.removeprefix(prefix)}")


def _instances(controls: Iterable[Control]) -> list[Instance]:
    """Each copy of the row, in the order of the page: the first of each field, the second…"""
    made: list[Instance] = []
    seen: Counter[str] = Counter()
    for one in controls:
        number = seen[one.tag]
        seen[one.tag] += 1
        made += [{}] * (number + 1 - len(made))
        made[number] = {**made[number], one.tag: one}
    return made


def _likeness(row: Instance, said: dict[str, str]) -> int:
    return sum(said.get(tag) == one.text for tag, one in row.items())


def _texts(row: Instance) -> dict[str, str]:
    return {tag: one.text for tag, one in row.items()}


def _first_free(found: Iterable[Control], name: str) -> int:
    ranks = [
        int(match["rank"])
        for one in found
        if (match := ROW.fullmatch(one.tag)) and match["rows"] == name
    ]
    return max(ranks) + 1
