"""La valeur d'une cellule d'un classeur OpenDocument : ce qu'elle vaut, et ce qu'elle en montre."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from lxml import etree

from dla_docs.tables.looks import USUAL, as_shown, exact, percentage, without_day
from dla_docs.tables.odf_texts import OFFICE

LASTS = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,]\d+)?S)?")
MONTH_OR_YEAR = re.compile(  # what a date shows without its day: « mars 2013 », « 03/2013 »
    r"(?P<month>(?P<word>[^\W\d]+)\.?[ /.-]|\d{1,2}[ /.-])?(?P<year>\d{2}|\d{4})"
)
WHOLE = 10**15  # a spreadsheet counts on fifteen digits


def value_of(cell: etree._Element, shown: str | None) -> Any:
    """La valeur d'une cellule, ``None`` quand elle n'en a pas ; ``shown`` est le texte que le
    tableur y a écrit, s'il en a écrit un.
    """
    kind = cell.get(f"{OFFICE}value-type", "string")
    said, read = KINDS.get(kind, KINDS["string"])
    value = cell.get(f"{OFFICE}{said}")
    return shown if value is None else read(value, shown)


def _string(value: str, shown: str | None) -> str:
    return value if shown is None else shown


def _number(value: str, shown: str | None) -> Any:
    number, text = exact(float(value)), (shown or "").strip()
    if not number.is_finite() or text.endswith("%"):
        return shown
    if number != number.to_integral_value() or abs(number) >= WHOLE:
        return number
    return as_shown(int(number), text) if number >= 0 else int(number)


def _amount(value: str, shown: str | None) -> Any:
    return _number(value, None)


def _percentage(value: str, shown: str | None) -> str:
    return percentage(float(value))


def _date(value: str, shown: str | None) -> Any:
    try:
        moment = datetime.fromisoformat(value).replace(tzinfo=None)
    except ValueError:  # a year that no calendar of ours has
        return shown or value
    found = MONTH_OR_YEAR.fullmatch((shown or "").strip())
    short = f"{moment.year % 100:02d}"
    if found and (found["year"] == str(moment.year) or (found["word"] and found["year"] == short)):
        return without_day(moment, "my" if found["month"] else "y")
    return moment


def _time(value: str, shown: str | None) -> Any:
    found = LASTS.fullmatch(value)
    if shown or not found:
        return shown or value
    hours, minutes, seconds = (int(one or 0) for one in found.groups())
    return USUAL.shown(timedelta(hours=hours, minutes=minutes, seconds=seconds))


def _boolean(value: str, shown: str | None) -> bool:
    return value == "true"


KINDS: dict[str, tuple[str, Callable[[str, str | None], Any]]] = {
    "string": ("string-value", _string),
    "float": ("value", _number),
    "currency": ("value", _amount),
    "percentage": ("value", _percentage),
    "date": ("date-value", _date),
    "time": ("time-value", _time),
    "boolean": ("boolean-value", _boolean),
}
