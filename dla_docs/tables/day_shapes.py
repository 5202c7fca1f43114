"""Ce qu'une date montre dans sa cellule : un jour entier, ou un texte qui en tait une part."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from functools import lru_cache
from typing import NamedTuple

from dla_docs.model.typography import MONTHS
from dla_docs.model.values.value import AsShown
from dla_docs.spelling import fold

TOKEN = re.compile(
    r'"(?P<text>[^"]*)"|\\(?P<sign>.)|\[[^\]]*\]|_.|\*.|(?P<half>AM/PM|A/P)'
    r"|(?P<part>d+|j+|m+|y+|a+|h+|s+(?:\.0+)?)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
FRENCH = {"j": "d", "a": "y"}  # « jj/mm/aaaa », as some programs write it
WEEK = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
SHORT = "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc."
ENGLISH = (
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday"
)
NAMES = tuple(map(fold, (*MONTHS, *WEEK, *ENGLISH.split())))  # of a month, of a day of the week
BESIDE = "le du de d of the er st nd rd th at h min s am pm"
WHOLE = frozenset("dmy")
LONGEST = 255  # signs of a format: a spreadsheet has no more
NUMERALS, WORDS, HOUR = re.compile(r"\d+"), re.compile(r"[^\W\d_]+"), re.compile(r"\d ?[h:]\d?")
MONTH_OR_YEAR = re.compile(  # « mars 2013 », « 03/2013 », « 2013 »
    r"(?P<month>(?P<word>[^\W\d]+)\.?[ /.-]|\d{1,2}[ /.-])?(?P<year>\d{2}|\d{4})"
)


class Part(NamedTuple):
    """Un morceau d'un format de dates : la lettre de ce qu'il montre, ou un texte."""

    letter: str
    text: str


@lru_cache(4096)
def parts_of(shape: str) -> tuple[Part, ...]:
    """Les morceaux d'un format, vides quand il n'a rien d'une date."""
    if len(shape) > LONGEST:
        return ()
    found = list(_parts(shape.partition(";")[0]))
    for rank, (letter, text) in enumerate(found):
        beside = [one.letter for one in found[:rank] if one.letter][-1:]
        after = [one.letter for one in found[rank + 1 :] if one.letter][:1]
        if letter == "m" and len(text) < 3 and (beside == ["h"] or after == ["s"]):
            found[rank] = Part("n", text)  # minutes
    return tuple(found) if any(one.letter for one in found) else ()


def _parts(shape: str) -> Iterator[Part]:
    for token in TOKEN.finditer(shape):
        if part := token["part"]:
            letter = FRENCH.get(part[0].lower(), part[0].lower())
            yield Part("w" if letter == "d" and len(part) > 2 else letter, part)
        elif not token["half"]:
            yield Part("", token["text"] or token["sign"] or token["other"] or "")


def day_as_it_shows(value: datetime, parts: tuple[Part, ...]) -> datetime | time | AsShown:
    """La date, sans l'heure que sa cellule ne montre pas ; le texte de la cellule, quand il tait le
    jour, le mois ou l'année, ou dit autre chose.
    """
    letters = {one.letter for one in parts} - {""}
    said = [word for one in parts if not one.letter for word in WORDS.findall(one.text)]
    if any(fold(word) not in BESIDE.split() for word in said):
        return AsShown(_text(value, parts), value)
    if letters >= WHOLE:
        return value if "h" in letters else _midnight(value)
    if letters <= {"h", "n", "s"}:
        return value.time()
    if letters in ({"m", "y"}, {"y"}):
        return _without_day(value, "m" in letters)
    return AsShown(_text(value, parts), value)


def day_as_it_reads(value: datetime, shown: str) -> datetime | AsShown:
    """De même, d'une cellule dont le tableur a gardé le texte."""
    found = MONTH_OR_YEAR.fullmatch(shown)
    short = f"{value.year % 100:02d}"
    if found and (found["year"] == str(value.year) or (found["word"] and found["year"] == short)):
        return _without_day(value, bool(found["month"]))
    numbers = [int(one) for one in NUMERALS.findall(shown)]
    words = [word for word in map(fold, WORDS.findall(shown)) if word not in BESIDE.split()]
    unknown = [word for word in words if not any(name.startswith(word) for name in NAMES)]
    whole = any(_taken(numbers, year) for year in (value.year, value.year % 100))
    whole = whole and _taken(numbers, value.day)
    if whole and not _taken(numbers, value.month):
        whole = bool(words)
        unknown = unknown if len(words) > len(unknown) else unknown[1:]  # a foreign month
    if not whole or unknown:
        return AsShown(shown, value)
    return value if HOUR.search(shown) else _midnight(value)


def _taken(numbers: list[int], one: int) -> bool:
    if one in numbers:
        numbers.remove(one)
        return True
    return False


def _without_day(value: date, month: bool) -> AsShown:
    said = f"{MONTHS[value.month - 1]} {value.year}" if month else str(value.year)
    return AsShown(said, value)


def _midnight(value: datetime) -> datetime:
    return datetime.combine(value.date(), time())


def _text(value: datetime, parts: tuple[Part, ...]) -> str:
    return "".join(_shown(value, *one) if one.letter else one.text for one in parts).strip()


def _shown(value: datetime, letter: str, text: str) -> str:
    size = len(text)
    if letter == "w":
        name = WEEK[value.weekday()]
        return name if size > 3 else f"{name[:3]}."
    if letter == "m" and size > 2:
        name = MONTHS[value.month - 1]
        return name[0] if size == 5 else name if size == 4 else SHORT.split()[value.month - 1]
    if letter == "y":
        return str(value.year) if size > 2 else f"{value.year % 100:02d}"
    at = {"d": value.day, "m": value.month, "h": value.hour, "n": value.minute, "s": value.second}
    return f"{at[letter]:0{min(size, 2)}d}"
