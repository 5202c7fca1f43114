"""La valeur d'une cellule d'un classeur OpenDocument : ce qu'elle vaut, et ce qu'elle en montre."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from lxml import etree

from dla_docs.tables.day_shapes import day_as_it_reads
from dla_docs.tables.looks import USUAL, as_shown, error_shown, exact, percentage
from dla_docs.tables.number_shapes import as_it_reads, unseen
from dla_docs.tables.odf_texts import OFFICE

LASTS = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,]\d+)?S)?")
ERROR = re.compile(r"#[^\W\d_/]+\s?[!?]")  # of a spreadsheet, in its language: « #WERT! »
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
    if shown is not None and not shown.strip() and value.strip():
        return unseen(value)
    return value if shown is None else shown


def _number(value: str, shown: str | None) -> Any:
    number = exact(float(value))
    if shown is None or not number.is_finite():
        return shown if shown else _whole(number)
    text = shown.strip()
    if ERROR.fullmatch(text):
        return error_shown(text)
    if number == number.to_integral_value() and 0 <= number < WHOLE:
        found = as_shown(int(number), text)
        if isinstance(found, str):
            return found
    return as_it_reads(number, text)


def _whole(number: Decimal) -> Any:
    whole = number == number.to_integral_value() and abs(number) < WHOLE
    return int(number) if whole else number


def _percentage(value: str, shown: str | None) -> Any:
    return percentage(float(value)) if shown is None else as_it_reads(exact(float(value)), shown)


def _date(value: str, shown: str | None) -> Any:
    try:
        moment = datetime.fromisoformat(value).replace(tzinfo=None)
    except ValueError:  # a year that no calendar of ours has
        return shown or value
    return day_as_it_reads(moment, shown.strip()) if shown and shown.strip() else moment


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
    "currency": ("value", _number),
    "percentage": ("value", _percentage),
    "date": ("date-value", _date),
    "time": ("time-value", _time),
    "boolean": ("boolean-value", _boolean),
}
