"""Tout ce qu'une balise d'un modèle docxtpl peut faire des valeurs : la liste est fermée, chaque
opération est bornée, et le texte qu'elle rend sait de quels champs il vient.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, time
from typing import Any

from jinja2.filters import do_title

from dla_docs.docxtpl_engine.bounds import ITEMS, bounded, flat
from dla_docs.docxtpl_engine.values import (
    Leaf,
    Part,
    Refusal,
    blank,
    is_number,
    joined,
    paths_of,
    raw_of,
    rows_of,
    text_of,
)
from dla_docs.templating.operators import (
    ARITHMETIC,
    FORMAT_FILTERS,
    TEXT_FILTERS,
    VALUE_FILTERS,
)
from dla_docs.templating.operators import TESTS as OUR_TESTS
from dla_docs.templating.printing import formatter
from dla_docs.templating.scope import LOOP as OUR_LOOP

OPERATORS = {"+": "Add", "-": "Sub", "*": "Mul", "/": "Div", "//": "FloorDiv", "%": "Mod"}
# In figures: Python names the months in English.
DIRECTIVES = re.compile(r"(?:%[dmYyHMSj%]|[^%]){0,60}")


def computed(operator: str, left: Any, right: Any) -> Any:
    """Un calcul : des nombres ; par « + », des textes ou des suites aussi."""
    first, second = raw_of(left), raw_of(right)
    if operator == "+" and isinstance(first, str) and isinstance(second, str):
        return _said(joined([left, right]))
    if operator == "+" and isinstance(first, list | tuple) and isinstance(second, list | tuple):
        return bounded([*first, *second])
    bounded(first), bounded(second)
    return bounded(ARITHMETIC[OPERATORS[operator]](first, second))


def together(values: Sequence[Any]) -> Leaf:
    """``a ~ b`` : des textes bout à bout."""
    return _said(joined(values))


def _said(made: Leaf) -> Leaf:
    bounded(made.text)
    return made


def _on_text(change: Callable[..., str]) -> Callable[..., Leaf]:
    def on_text(value: Any, *arguments: Any) -> Leaf:
        text = bounded(change(text_of(value), *map(raw_of, arguments)))
        return Leaf(text, text, paths_of(value))

    return on_text


def _on_value(change: Callable[..., Any]) -> Callable[..., Any]:
    def on_value(value: Any, *arguments: Any) -> Any:
        given = raw_of(value)
        held = list(_few(given)) if isinstance(given, range | dict | Part) else given
        return bounded(change(held, *map(raw_of, arguments)))

    return on_value


def _in_format(name: str) -> Callable[[Any], Leaf]:
    def in_format(value: Any) -> Leaf:
        text = str(formatter(name)(raw_of(value)))
        return Leaf(text, text, paths_of(value))

    return in_format


def _few(value: Any) -> Iterable[Any]:
    for rank, row in enumerate(rows_of(value)):
        if rank >= ITEMS:
            raise Refusal("une balise réunit trop de lignes", "Réunissez-en moins.")
        yield row


def _held(row: Any, attribute: str) -> Any:
    """A field of a row, by the same door as « row.field »."""
    for name in str(attribute).split("."):
        row = field_of(row, name)
    return row


def field_of(value: Any, name: str) -> Any:
    """Un champ d'une partie ; ``Refusal`` du reste."""
    if name.startswith("_"):
        raise Refusal("un nom ne peut pas commencer par « _ »", "Écrivez le nom d'un champ.")
    if isinstance(value, Part):
        return value.child(name)
    if isinstance(value, dict) and name in value:
        return value[name]
    raise Refusal(f"« {name} » n'est le champ d'aucune partie ici", "Écrivez le nom d'un champ.")


def _default(value: Any, other: Any = "", boolean: Any = False) -> Any:
    return other if blank(value) else value


def _join(rows: Any, separator: Any = ", ", attribute: Any = "") -> Leaf:
    found = [_held(row, attribute) if attribute else row for row in _few(rows)]
    return _said(joined([one for one in found if not blank(one)], text_of(separator)))


def _sum(rows: Any, attribute: Any = "", start: Any = 0) -> Any:
    total = raw_of(start)
    for row in _few(rows):
        value = raw_of(_held(row, attribute) if attribute else row)
        total = total if value is None else computed("+", total, value)
    return total


def _map(rows: Any, attribute: Any) -> list[Any]:
    return [_held(row, attribute) for row in _few(rows)]


def _is_true(value: Any, *_: Any) -> bool:
    return bool(value)


def _selected(kept: bool) -> Callable[..., list[Any]]:
    def select(rows: Any, attribute: Any, test: Any = "", operand: Any = None) -> list[Any]:
        holds = TESTS[str(test)] if test else _is_true
        return [row for row in _few(rows) if bool(holds(_held(row, attribute), operand)) is kept]

    return select


def _sorted(rows: Any, reverse: Any = False, attribute: Any = "") -> list[Any]:
    def key(row: Any) -> tuple[bool, Any]:
        value = raw_of(_held(row, attribute) if attribute else row)
        return (value is None, value.casefold() if isinstance(value, str) else value or 0)

    return sorted(_few(rows), key=key, reverse=bool(reverse))


def _items(part: Any) -> list[tuple[str, Any]]:
    if isinstance(part, Part):
        return [(name, part.child(name)) for name in part.names()]
    if isinstance(part, dict):
        return list(part.items())
    if raw_of(part) is None:
        return []
    raise Refusal("ce n'est pas une partie du document", "Parcourez-la par {% for %} seul.")


def _strftime(value: Any, pattern: Any) -> Leaf:
    day, wanted = raw_of(value), text_of(pattern)
    if not isinstance(day, date | time) or not DIRECTIVES.fullmatch(wanted):
        raise Refusal(
            "strftime ne s'écrit qu'avec %d, %m, %Y, %y, %H, %M, %S ou %j, sur une date",
            "Imprimez la date seule, ou par le filtre « date_longue ».",
        )
    text = day.strftime(wanted)
    return Leaf(text, text, paths_of(value))


FILTERS: dict[str, Callable[..., Any]] = {
    **{name: _on_text(change) for name, change in TEXT_FILTERS.items()},
    **{name: _on_value(change) for name, change in VALUE_FILTERS.items()},
    **{name: _in_format(name) for name in FORMAT_FILTERS},
    "default": _default,
    "d": _default,
    "e": _on_text(str),  # what is printed is always escaped, once
    "escape": _on_text(str),
    "title": _on_text(do_title),
    "int": lambda value: int(raw_of(value) or 0),
    "join": _join,
    "sum": _sum,
    "map": _map,
    "selectattr": _selected(True),
    "rejectattr": _selected(False),
    "sort": _sorted,
    "reverse": lambda rows: list(_few(rows))[::-1],
    "list": lambda rows: list(_few(rows)),
    "items": _items,
}


def _on_raw(test: Callable[..., bool]) -> Callable[..., bool]:
    def on_raw(value: Any, *others: Any) -> bool:
        return bool(test(raw_of(value), *(raw_of(one) for one in others if one is not None)))

    return on_raw


TESTS: dict[str, Callable[..., bool]] = {
    **{name: _on_raw(test) for name, test in OUR_TESTS.items()},
    "none": lambda value, *_: raw_of(value) is None,
    "defined": lambda value, *_: raw_of(value) is not None,
    "undefined": lambda value, *_: raw_of(value) is None,
    "mapping": lambda value, *_: isinstance(value, Part | dict),
    "sequence": lambda value, *_: isinstance(value, list | tuple),
    "iterable": lambda value, *_: isinstance(value, list | tuple | range | Part),
    "string": lambda value, *_: isinstance(raw_of(value), str),
    "number": lambda value, *_: is_number(raw_of(value)),
    "integer": lambda value, *_: type(raw_of(value)) is int,
    "gt": lambda value, other: value > other,
    "ge": lambda value, other: value >= other,
    "lt": lambda value, other: value < other,
    "le": lambda value, other: value <= other,
    "equalto": lambda value, other: bool(raw_of(value) == raw_of(other)),
}
METHODS: dict[str, Callable[..., Any]] = {
    "upper": FILTERS["upper"],
    "lower": FILTERS["lower"],
    "capitalize": FILTERS["capitalize"],
    "title": _on_text(str.title),  # Python's own: « L'École », where the filter says « L'école »
    "strip": FILTERS["trim"],
    "replace": FILTERS["replace"],
    "startswith": lambda value, start: text_of(value).startswith(text_of(start)),
    "endswith": lambda value, end: text_of(value).endswith(text_of(end)),
    "split": lambda value, mark: bounded(text_of(value).split(text_of(mark))),
    "strftime": _strftime,
    "items": _items,
    "keys": lambda part: [name for name, _ in _items(part)],
    "values": lambda part: [value for _, value in _items(part)],
    "get": lambda part, name, other=None: _default(field_of(part, text_of(name)), other),
}
LOOP = (*OUR_LOOP, "previtem", "nextitem")
LOOP_CALLS = ("cycle", "changed")


def several(values: Any) -> Any:
    """Une suite écrite dans une balise."""
    return bounded(flat(values))


def counted_range(*bounds: Any) -> range:
    """``range``, borné."""
    made = range(*(int(raw_of(bound)) for bound in bounds))
    if len(made) > ITEMS:
        raise Refusal(f"« range » compte plus de {ITEMS} fois", "Comptez moins loin.")
    return made
