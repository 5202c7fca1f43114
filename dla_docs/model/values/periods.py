"""Une période : d'un jour à un autre, comprise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated, Any

from dla_docs.model import formats
from dla_docs.model.values.dates import LEAD as WEEKDAY
from dla_docs.model.values.dates import Borne, read_borne, read_jour
from dla_docs.model.values.value import Valeur, refuse
from dla_docs.spelling import fold

LONGEST = 100
EXAMPLE = "du 12/03/2013 au 15/04/2013"
LEAD = re.compile(r"^(?:du |de |d'|entre |en |courant |les )(?:le )?")
SEPARATOR = re.compile(r" ?- ?| (?:jusqu'au|jusqu'a|au|a|et) (?:le )?|/")
RANKS = {"premier": 1, "second": 2, "deuxieme": 2, "troisieme": 3, "quatrieme": 4}
PARTS = {"semestre": 6, "trimestre": 3}  # in months
PART = re.compile(
    r"(?:le |au )?(premier|second|deuxieme|troisieme|quatrieme|[1-4] ?(?:er|e|eme|nd)?) "
    r"(semestre|trimestre)(?: de)? ([0-9]{4})"
)


@dataclass(frozen=True, order=True)
class Intervalle:
    """De ``debut`` à ``fin``, jours compris ; ``fin`` ne précède pas ``debut``. ``jours`` : quand
    ce ne sont que quelques jours, lesquels.
    """

    debut: date
    fin: date
    jours: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        if self.fin < self.debut:
            raise ValueError(
                f"la période finit le {formats.jour(self.fin)}, avant de commencer, le "
                f"{formats.jour(self.debut)}"
            )

    def __str__(self) -> str:
        return formats.periode(self)

    def __contains__(self, day: date) -> bool:
        return day in self.jours if self.jours else self.debut <= day <= self.fin


def read_periode(value: str | Intervalle | Mapping[str, Any]) -> Intervalle:
    """Une période ; « mars 2013 » va du premier au dernier jour du mois."""
    if isinstance(value, Intervalle):
        return Intervalle(read_jour(value.debut), read_jour(value.fin), value.jours)
    if isinstance(value, Mapping):
        return _from_mapping(value)
    try:
        found = next(_readings(fold(value)), None) if len(value) <= LONGEST else None
    except ValueError:  # a day that does not exist
        found = None
    if found is None:
        raise refuse(value, "n'est pas une période", f"« {EXAMPLE} » ou « mars 2013 »")
    if found[1] < found[0]:
        raise refuse(value, "n'est pas une période : la fin précède le début", f"« {EXAMPLE} »")
    return Intervalle(*found)


def read_dates(value: str | Intervalle | Mapping[str, Any]) -> Intervalle:
    """Une période, ou quelques jours : « 15 mai et 22 mai 2024 »."""
    days = _days(fold(value)) if isinstance(value, str) and len(value) <= LONGEST else ()
    return Intervalle(days[0], days[-1], days) if days else read_periode(value)


def _days(text: str) -> tuple[date, ...]:
    """Several days one after the other, which are no period; nothing for any other text."""
    *before, last = [
        _left(said.removeprefix("le ").removesuffix(",").strip())
        for said in re.split(r", | et ", LEAD.sub("", text))
    ]
    if last is None or not (before and last.day and last.year):
        return ()
    found = [last]
    for one in reversed(before):
        if one is None or not one.day:
            return ()
        found.insert(0, _completed(one, found[0]))
    try:
        days = tuple(one.first_day() for one in found)
    except ValueError:  # a day that does not exist
        return ()
    follows = all(following - one == timedelta(days=1) for one, following in pairwise(days))
    return () if follows or list(days) != sorted({*days}) else days


def _from_mapping(value: Mapping[str, Any]) -> Intervalle:
    ends = {name: end for name, end in value.items() if name != "jours"}
    if set(ends) != {"debut", "fin"} or not all(ends.values()):
        raise ValueError(
            f"une période a deux clés, « debut » et « fin » ; écrivez par exemple « {EXAMPLE} »"
        )
    days = tuple(map(_end, value.get("jours") or ()))
    return Intervalle(_end(value["debut"]), _end(value["fin"]), days)


def _end(value: Any) -> date:
    return read_jour(value if isinstance(value, date) else str(value).strip())


def _readings(text: str) -> Iterator[tuple[date, date]]:
    if part := PART.fullmatch(text):
        yield _part_of_year(RANKS.get(part[1]) or int(part[1][0]), PARTS[part[2]], int(part[3]))
    if (whole := read_borne(LEAD.sub("", text))) and whole.year:
        yield whole.first_day(), whole.last_day()
    between, text = text.startswith("entre "), LEAD.sub("", text)
    for cut in SEPARATOR.finditer(text):
        left, right = _left(text[: cut.start()]), read_borne(text[cut.end() :])
        if left and right and right.year and _same_precision(left, right):
            left = _completed(left, right)
            # « 12 et 15 mars » are two days, not the four from one to the other.
            if (
                between
                or "et" not in cut[0]
                or left.last_day() + timedelta(days=1) == right.first_day()
            ):
                yield left.first_day(), right.last_day()


def _left(text: str) -> Borne | None:
    day = re.fullmatch(r"([0-9]{1,2})(?: ?er)?", WEEKDAY.sub("", text))
    return Borne(day=int(day[1])) if day else read_borne(text)


def _same_precision(left: Borne, right: Borne) -> bool:
    if left.day or right.day:
        return bool(left.day and right.day)
    return bool(left.month) == bool(right.month)


def _completed(left: Borne, right: Borne) -> Borne:
    return Borne(left.day, left.month or right.month, left.year or right.year)


def _part_of_year(rank: int, months: int, year: int) -> tuple[date, date]:
    last = rank * months
    if last > 12:
        raise ValueError("no such part of a year")
    return Borne(None, last - months + 1, year).first_day(), Borne(None, last, year).last_day()


Dates = Annotated[
    Intervalle | None,
    Valeur(
        format="periode",
        read=read_dates,
        native=(Intervalle, Mapping),
        dump=formats.periode,
        description="Une période, ou quelques jours",
        examples=(EXAMPLE, "mars 2013", "les 12/03/2013 et 19/03/2013"),
        accepts={"type": ["string", "object", "null"]},
        returns={"type": ["string", "null"]},
    ),
]
"""Une période, ou quelques jours, imprimés « les 12/03/2013 et 19/03/2013 »."""

Periode = Annotated[
    Intervalle | None,
    Valeur(
        format="periode",
        read=read_periode,
        native=(Intervalle, Mapping),
        dump=formats.periode,
        description="Une période, d'un jour à un autre",
        examples=(EXAMPLE, "mars 2013", "mars - juin 2013"),
        accepts={"type": ["string", "object", "null"]},
        returns={"type": ["string", "null"]},
    ),
]
"""Une période, imprimée « du 12/03/2013 au 15/04/2013 »."""
