"""Ce qu'une expression peut faire des valeurs : vérité, comparaisons, calculs, filtres et tests
admis.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from dla_docs.model.formats import FORMATS

MAX_TEXT = 100_000  # a computed text longer than this is no text of a form


def is_empty(value: Any) -> bool:
    """Vrai pour ce qui ne dit rien : absence, texte blanc, suite vide, partie dont tout est vide.
    « Non » et zéro disent quelque chose.
    """
    if value is None:
        return True
    if isinstance(value, str):
        return not value or value.isspace()
    if isinstance(value, Mapping):
        return all(map(is_empty, value.values()))
    return isinstance(value, list | tuple) and not value


def truth(value: Any) -> bool:
    """Ce que ``{% if %}`` comprend d'une valeur : une partie qui s'applique est vraie, même si rien
    n'y est encore rempli.
    """
    if value.__class__ is bool:  # nearly always
        return value is True
    return not value.isspace() and bool(value) if isinstance(value, str) else bool(value)


def exact(value: Any) -> Any:
    """Un nombre à virgule d'un modèle vaut ce qu'il écrit : 0.1 est un dixième, comme le montant
    auquel il se compare.
    """
    return Decimal(str(value)) if isinstance(value, float) else value


def _numbers(compute: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def on_numbers(left: Any, right: Any) -> Any:
        if not _is_number(left) or not _is_number(right):
            raise TypeError
        return compute(exact(left), exact(right))

    return on_numbers


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def on_values(left: Any, right: Any) -> bool:
        if left is None or right is None:
            return False  # what is absent is neither more nor less
        return compare(exact(left), exact(right))

    return on_values


def _same(left: Any, right: Any) -> bool:
    return bool(exact(left) == exact(right))


def _among(item: Any, items: Any) -> bool:
    if isinstance(items, list | tuple):
        return any(_same(item, one) for one in items)
    return items is not None and item in items


ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "Add": _numbers(operator.add),
    "Sub": _numbers(operator.sub),
    "Mul": _numbers(operator.mul),
    "Div": _numbers(operator.truediv),
    "FloorDiv": _numbers(operator.floordiv),
    "Mod": _numbers(operator.mod),
}
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": _same,
    "ne": lambda left, right: not _same(left, right),
    "lt": _ordered(operator.lt),
    "lteq": _ordered(operator.le),
    "gt": _ordered(operator.gt),
    "gteq": _ordered(operator.ge),
    "in": _among,
    "notin": lambda item, items: not _among(item, items),
}
TESTS: dict[str, Callable[..., bool]] = {
    "none": lambda value: value is None,
    "odd": lambda value: value % 2 == 1,
    "even": lambda value: value % 2 == 0,
    "divisibleby": lambda value, by: value % by == 0,
    "true": lambda value: value is True,
    "false": lambda value: value is False,
    **{name: COMPARISONS[name] for name in ("eq", "ne", "in")},
}


def _round(value: Any, digits: int = 0) -> Any:
    if value is None:
        return None
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-int(digits)), ROUND_HALF_UP)


def _replace(text: str, old: str, new: str) -> str:
    if len(text) * max(1, len(new)) > MAX_TEXT * 100:
        raise ValueError
    return text.replace(old, new)


def _capitalize(text: str) -> str:
    return text[:1].upper() + text[1:]  # Jinja's puts the rest in lower case, names included


def _shortened(text: str, most: int | str, *beside: object) -> str:
    """The words that hold in so many characters, and in those that the texts ``beside`` leave of
    theirs, as many for each.
    """
    room = int(most) + sum(max(0, int(most) - len(str(one or ""))) for one in beside)
    if len(text) <= room:
        return text
    return text[:room].rpartition(" ")[0].rstrip(" ,;:–-\N{NO-BREAK SPACE}") + "…"


# A filter on texts receives its operand as printed; a filter on values receives the value itself.
TEXT_FILTERS: dict[str, Callable[..., str]] = {
    "upper": str.upper,
    "lower": str.lower,
    "capitalize": _capitalize,
    "trim": str.strip,
    "replace": _replace,
    "abrege": _shortened,
    "string": str,
}
MANY = {"abrege": 4}  # arguments of the filters that take more than two
VALUE_FILTERS: dict[str, Callable[..., Any]] = {
    "length": lambda value: 0 if value is None else len(value),
    "count": lambda value: 0 if value is None else len(value),
    "first": lambda value: value[0] if value else None,
    "last": lambda value: value[-1] if value else None,
    "round": _round,
    "abs": lambda value: None if value is None else abs(value),
}
FORMAT_FILTERS = tuple(FORMATS)
FILTERS = ("default", "d", "join", "sum", *TEXT_FILTERS, *VALUE_FILTERS, *FORMAT_FILTERS)
