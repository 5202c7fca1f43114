"""Les jours et les heures, comme on les tape : « 12/03/2013 », « 1er mars 2013 », « 9 h 30 »."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Annotated, NamedTuple

from dla_docs.model.formats import jour
from dla_docs.model.values.value import Valeur, as_date, refuse
from dla_docs.spelling import fold

EXAMPLE = "12/03/2013"
FIRST_YEAR, LAST_YEAR = 1800, 2199  # beyond, it is a slip of the keyboard: 0213, 20113
LAST_SHORT_YEAR = 69  # « 85 » in a form may be 1985 or 2085: better to ask

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier janv jan",
            "fevrier fevr fev",
            "mars mar",
            "avril avr",
            "mai",
            "juin",
            "juillet juil juill",
            "aout aou",
            "septembre sept sep",
            "octobre oct",
            "novembre nov",
            "decembre dec",
        ),
        1,
    )
    for name in names.split()
}

LEAD = re.compile(
    r"^(?:(?:le|l'|ce) ?)?"
    r"(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    r"|(?:lun|mar|mer|jeu|ven|sam|dim)\b\.?),? ?)?"
    r"(?:le )?(?=[0-9])"
)
NUMERIC = re.compile(r"([0-9]{1,2})([/.\- ])([0-9]{1,2})(?:\2([0-9]{4}|[0-9]{2}))?")
ISO = re.compile(r"([0-9]{4})([/-])([0-9]{1,2})\2([0-9]{1,2})(?:t[0-9:.]*z?|[ ][0-9:.]+)?")
LETTERS = re.compile(r"([0-9]{1,2})(?: ?er)?[ \-/]?([a-z]+)\.?(?:[ \-/]?([0-9]{4}|[0-9]{2}))?")
IN_TEXT = re.compile(
    r"(?<![0-9./-])[0-9]{1,2}(?:([/.-])[0-9]{1,2}\1|(?: ?er)? [a-z]+\.? )[0-9]{4}(?![0-9])"
)
MONTH = re.compile(  # « mars-13 » is how a spreadsheet shows « mars 2013 »
    r"([a-z]+)\.?(?:[ \-/]?([0-9]{4})|-([0-9]{2}))?|([0-9]{1,2})[/-]([0-9]{4})"
)


class CenturyError(ValueError):
    """Une année en deux chiffres dont le siècle est douteux."""


class Borne(NamedTuple):
    """Ce qu'un texte dit d'une date, ce qu'il tait étant ``None`` :
    « mars 2013 » n'a pas de jour."""

    day: int | None = None
    month: int | None = None
    year: int | None = None

    def first_day(self) -> date:
        """Le premier jour de la borne ; lève ``ValueError`` pour un jour qui n'existe pas."""
        return in_range(date(self.year or 0, self.month or 1, self.day or 1))

    def last_day(self) -> date:
        """Le dernier jour de la borne."""
        year, month = self.year or 0, self.month or 12
        return in_range(date(year, month, self.day or monthrange(year, month)[1]))


def read_jour(value: str | date) -> date:
    """Une date ; une année en deux chiffres est des années 2000."""
    try:
        if isinstance(value, date):
            return in_range(as_date(value))
        borne = read_borne(fold(value))
        if borne and borne.day and borne.year:
            return borne.first_day()
    except CenturyError:
        raise refuse(value, "ne dit pas le siècle de son année", EXAMPLE) from None
    except ValueError:
        raise refuse(value, "n'est pas une date", EXAMPLE) from None
    raise refuse(
        value,
        "n'est pas une date entière (il manque l'année ou le jour)"
        if borne
        else "n'est pas une date",
        EXAMPLE,
    )


def read_borne(text: str) -> Borne | None:
    """Ce que dit un texte déjà plié par ``fold`` ; ``None`` quand ce n'est pas une date."""
    text = re.sub(r" ?([/.-]) ?", r"\1", LEAD.sub("", text)).rstrip(".,")
    if match := ISO.fullmatch(text):
        return Borne(int(match[4]), int(match[3]), int(match[1]))
    if match := NUMERIC.fullmatch(text):
        return Borne(int(match[1]), int(match[3]), _year(match[4]))
    if (match := LETTERS.fullmatch(text)) and match[2] in MONTHS:
        return Borne(int(match[1]), MONTHS[match[2]], _year(match[3]))
    return _without_day(text)


def days_in(text: str) -> Iterator[date]:
    """Les jours entiers, année comprise, qu'une phrase écrit."""
    for match in IN_TEXT.finditer(fold(text)):
        try:
            borne = read_borne(match[0])
            if borne and borne.day:
                yield borne.first_day()
        except ValueError:  # « 31/02/2005 »
            continue


def _without_day(text: str) -> Borne | None:
    match = MONTH.fullmatch(text)
    if match and match[4]:
        return Borne(None, int(match[4]), int(match[5]))
    if match and match[1] in MONTHS:
        return Borne(None, MONTHS[match[1]], _year(match[2] or match[3]))
    return Borne(None, None, int(text)) if re.fullmatch(r"[0-9]{4}", text) else None


def _year(digits: str | None) -> int | None:
    if digits is None or len(digits) == 4:
        return int(digits) if digits else None
    if int(digits) > LAST_SHORT_YEAR:
        raise CenturyError(digits)
    return 2000 + int(digits)


def in_range(day: date) -> date:
    """La date, si son année est vraisemblable ; lève ``ValueError`` sinon."""
    if FIRST_YEAR <= day.year <= LAST_YEAR:
        return day
    raise ValueError("year out of range")


def read_heure(value: str | time | datetime) -> time:
    """Une heure, à la minute."""
    if isinstance(value, datetime):  # at midnight, it is a day that says no hour
        value = value.time() if value.time() != time() else jour(value)
    if isinstance(value, time):
        value = f"{value:%H:%M:%S}"
    text = {"midi": "12h", "minuit": "0h"}.get(fold(value), fold(value))
    match = re.fullmatch(
        r"(?:a )?([0-9]{1,2}) ?(?:h|heures?|:) ?([0-9]{2})?(?: ?(?:mn|min|minutes?)|:00)?", text
    )
    if match and int(match[1]) < 24 and int(match[2] or 0) < 60:
        return time(int(match[1]), int(match[2] or 0))
    raise refuse(value, "n'est pas une heure", "9 h 30")


Jour = Annotated[
    date | None,
    Valeur(
        format="date",
        read=read_jour,
        native=(date,),
        description="Une date",
        examples=(EXAMPLE, "12 mars 2013", "2013-03-12"),
        returns={"type": ["string", "null"], "format": "date"},
    ),
]
"""Une date, imprimée « 12/03/2013 »."""

JourLong = Annotated[
    date | None,
    Valeur(
        format="date_longue",
        read=read_jour,
        native=(date,),
        description="Une date, imprimée en toutes lettres",
        examples=(EXAMPLE, "12 mars 2013", "2013-03-12"),
        returns={"type": ["string", "null"], "format": "date"},
    ),
]
"""Une date, imprimée « 12 mars 2013 »."""

Heure = Annotated[
    time | None,
    Valeur(
        format="heure",
        read=read_heure,
        native=(time, datetime),
        description="Une heure",
        examples=("9 h 30", "14h"),
    ),
]
"""Une heure de la journée, imprimée « 9 h 30 »."""
