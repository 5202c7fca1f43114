"""Les durées en jours d'intervention, comme on les tape : « 2,5 j », « 2 jours et demi », « 5
demi-journées », « ½ journée ».
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated

from dla_docs.model.values.numbers import EITHER, NUMBERS, WRITTEN, Expected, Number, positive
from dla_docs.model.values.value import Valeur, refuse
from dla_docs.raw.quoting import quoted
from dla_docs.spelling import fold

NAMES = (
    "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
)
WORDS = {word: rank for rank, word in enumerate(NAMES.split())}
WORDS |= {"une": 1, "vingt": 20, "trente": 30}
TENS = {"vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60}
TENS |= {"quatre vingts": 80, "quatre vingt": 80}
COMPOUND = re.compile(
    rf"\b({'|'.join(sorted(TENS, key=len, reverse=True))})"
    rf"(?: (?:et )?({'|'.join(NAMES.split()[1:])}|une)(?: (sept|huit|neuf))?)?\b(?! demi)"
)  # « vingt et un », « soixante dix sept »
PARTS = {
    "demi": Decimal("0.5"),
    "quart": Decimal("0.25"),
    "1/2": Decimal("0.5"),
    "1/4": Decimal("0.25"),
    "3/4": Decimal("0.75"),
}
SIGNS = {"½": "1/2", "¼": "1/4", "¾": "3/4"}

NUMBER = rf"-?[0-9][0-9 .,]*|(?:{'|'.join(sorted(WORDS, key=len, reverse=True))})\b"
PART = r"demie?s?\b|quarts?\b|1/2|1/4|3/4"
UNIT = r"j|jrs?|jours?|journees?"
TERM = re.compile(
    rf"(?:(?P<number>{NUMBER}) ?)?(?:(?P<part>{PART}) ?)?(?:de )?(?P<unit>{UNIT})?(?: "
    rf"?(?P<rest>{PART}))?"
)
TAIL = re.compile(r" (?:d'intervention|de travail|d'accompagnement)s?$")
JOURS = Expected("n'est pas un nombre de jours", "2,5 j")


def read_jours(value: str | Number) -> Decimal:
    """Un nombre de jours, positif ou nul, en fractions de journée s'il le faut."""
    return positive(_total(value) if isinstance(value, str) else value, JOURS, value)


def _total(value: str) -> Decimal:
    text = TAIL.sub("", fold(_spell_out(value))).rstrip(".")
    spaced = re.sub(r"(?<=[a-z0-9])-(?=[a-z])", " ", text)
    counted = COMPOUND.sub(lambda found: str(_compound(*found.groups())), spaced)
    terms = [TERM.fullmatch(term.strip()) for term in re.split(r" et |\+", counted)]
    amounts = [_days(term, value) for term in terms if term and (term["number"] or term["part"])]
    if len(amounts) < len(terms) or not _speaks_of_days(terms):
        raise refuse(value, *JOURS)
    return sum(amounts, Decimal(0))


def _compound(tens: str, unit: str | None, more: str | None) -> int:
    return TENS[tens] + WORDS.get(unit or "", 0) + WORDS.get(more or "", 0)


def _spell_out(value: str) -> str:
    for sign, fraction in SIGNS.items():
        decimals = f"{PARTS[fraction]:f}".removeprefix("0").replace(".", ",")
        value = re.sub(rf"(?<=[0-9]){sign}", decimals, value).replace(sign, fraction)
    return value


def _days(term: re.Match[str], value: str) -> Decimal:
    part, rest = _part(term["part"]), _part(term["rest"])
    if not term["number"]:
        return part + rest
    number = _number(term["number"].strip(), value)
    if not part:
        return number + rest
    if "/" not in term["part"]:
        return number * part
    if (term["unit"] or "").startswith("journee"):
        raise ValueError(
            f"{quoted(value)} se lit de deux façons ; écrivez par exemple « 2,5 j » ou « 4 "
            f"demi-journées »"
        )
    return number + part


def _number(text: str, value: str) -> Decimal:
    return Decimal(WORDS[text]) if text in WORDS else positive(text, JOURS, value)


def _part(text: str | None) -> Decimal:
    return PARTS[text.removesuffix("s").removesuffix("e")] if text else Decimal(0)


def _speaks_of_days(terms: list[re.Match[str] | None]) -> bool:
    """« 2 et 3 jours » n'est pas une durée ; « deux et demi » en est une."""
    bare = [term for term in terms if term and not term["unit"] and not term["part"]]
    return (
        not bare
        or len(terms) == 1
        or (len(terms) == 2 and bare == [terms[0]] and bool(terms[1] and not terms[1]["number"]))
    )


Jours = Annotated[
    Decimal | None,
    Valeur(
        format="jours",
        read=read_jours,
        native=NUMBERS,
        description="Un nombre de jours, à deux décimales au plus",
        examples=(JOURS.example, "2 jours et demi", "5 demi-journées"),
        accepts=EITHER,
        returns=WRITTEN,
    ),
]
"""Un nombre de jours, imprimé « 2,5 j »."""

JoursLongs = Annotated[
    Decimal | None,
    Valeur(
        format="jours_longs",
        read=read_jours,
        native=NUMBERS,
        description="Un nombre de jours, à deux décimales au plus",
        examples=("2,5 jours", "2 jours et demi", "5 demi-journées"),
        accepts=EITHER,
        returns=WRITTEN,
    ),
]
"""Un nombre de jours, imprimé « 2,5 jours »."""
