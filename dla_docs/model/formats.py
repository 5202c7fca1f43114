"""Comment une valeur s'imprime, selon le type de son champ : dates, montants, durées, réponses, en
français.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, time
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Any

NBSP = "\N{NO-BREAK SPACE}"
FRENCH = re.compile(r"\+33([1-79])" + "([0-9]{2})" * 4)
"""What nearly everybody has, printed without phonenumbers, which is slow to load; those in 08 are
grouped in many ways (tests/test_valeurs.py holds both against each other).
"""


def texte(value: Any) -> str:
    """Un texte tel quel ; un nombre, une date, une heure à la française ; le libellé d'un choix."""
    if type(value) is str:  # nearly always
        return value
    if isinstance(value, Enum):
        return value.value if isinstance(value.value, str) else str(value)
    if isinstance(value, bool):
        return "Oui" if value else "Non"
    if isinstance(value, int | float | Decimal):
        return nombre(value)
    if isinstance(value, date):
        return jour(value)
    return heure(value) if isinstance(value, time) else str(value)


def nombre(value: Any) -> str:
    """``1234.5`` → « 1 234,5 » ; aucune décimale n'est perdue."""
    return _nombre(str(value))


@lru_cache(1024)
def _nombre(written: str) -> str:
    from babel.numbers import format_decimal

    return _nbsp(format_decimal(Decimal(written), locale="fr_FR", decimal_quantization=False))


def montant(value: Any) -> str:
    """``Decimal("23824.32")`` → « 23 824,32 € » ; unité : l'euro."""
    from babel.numbers import format_currency

    return _nbsp(format_currency(value, "EUR", locale="fr_FR"))


def montant_ht(value: Any) -> str:
    """``Decimal("1000")`` → « 1 000,00 € HT » ; unité : l'euro, hors taxes."""
    return f"{montant(value)}{NBSP}HT"


def annee(value: int) -> str:
    """``2013`` → « 2013 »."""
    return str(value)


def jours(value: Any) -> str:
    """``Decimal("1.5")`` → « 1,5 j » ; unité : la journée."""
    return f"{nombre(value)}{NBSP}j"


def jours_longs(value: Any) -> str:
    """``Decimal("1.5")`` → « 1,5 jour », « 8 jours » : dans un contrat, le mot s'écrit."""
    return f"{nombre(value)}{NBSP}{'jours' if value >= 2 else 'jour'}"


def pourcentage(value: Any) -> str:
    """``Decimal("12.5")`` → « 12,5 % » ; la valeur est déjà en centièmes."""
    return f"{nombre(value)}{NBSP}%"


@lru_cache(1024)
def jour(value: date) -> str:
    """Une date → « 12/03/2013 »."""
    # Strftime does not pad years everywhere
    return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"


def date_longue(value: date) -> str:
    """Une date → « 12 mars 2013 », « 1er mars 2013 »."""
    from babel.dates import format_date

    text = format_date(value, "d MMMM y", locale="fr_FR")
    return f"1er{text.removeprefix('1')}" if value.day == 1 else text


def periode(value: Any) -> str:
    """Une période (ses ``debut`` et ``fin``) → « du 12/03/2013 au 15/04/2013 », « le 12/03/2013 »
    pour un seul jour, « les 12/03/2013 et 19/03/2013 » pour quelques-uns.
    """
    if isinstance(value, str):
        return value
    said = value if isinstance(value, Mapping) else vars(value)
    debut, fin, days = said["debut"], said["fin"], said.get("jours")
    if days:
        return f"les {', '.join(map(jour, days[:-1]))} et {jour(days[-1])}"
    return f"le {jour(debut)}" if debut == fin else f"du {jour(debut)} au {jour(fin)}"


def heure(value: time) -> str:
    """Une heure → « 9 h 30 »."""
    return (
        f"{value.hour}{NBSP}h{NBSP}{value.minute:02d}" if value.minute else f"{value.hour}{NBSP}h"
    )


def siret(value: str) -> str:
    """« 12345678200010 » → « 123 456 782 00010 »."""
    return NBSP.join((value[:3], value[3:6], value[6:9], value[9:]))


def siren(value: str) -> str:
    """« 123456782 » → « 123 456 782 »."""
    return NBSP.join((value[:3], value[3:6], value[6:]))


@lru_cache(1024)
def telephone(value: str) -> str:
    """« +33200000000 » → « 02 00 00 00 00 » ; un numéro étranger garde son indicatif."""
    if french := FRENCH.fullmatch(value):
        return NBSP.join(("0" + french[1], *french.groups()[1:]))
    return telephone_by_library(value)


def telephone_by_library(value: str) -> str:
    """Le même, mis en forme par phonenumbers."""
    import phonenumbers

    try:
        number = phonenumbers.parse(value, "FR")
    except phonenumbers.NumberParseException:
        return value
    shape = (
        phonenumbers.PhoneNumberFormat.NATIONAL
        if number.country_code == 33
        else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(number, shape).replace(" ", NBSP)


def _nbsp(text: str) -> str:
    # Babel's fr_FR groups thousands with U+202F, which several fonts of office suites lack.
    return text.replace("\N{NARROW NO-BREAK SPACE}", NBSP)


def suite(values: str | Iterable[Any]) -> str:
    """Plusieurs choix → « Un ; Deux »."""
    return values if isinstance(values, str) else f"{NBSP}; ".join(map(texte, values))


FORMATS: dict[str, Callable[[Any], str]] = {
    "texte": texte,
    "nombre": nombre,
    "montant": montant,
    "montant_ht": montant_ht,
    "annee": annee,
    "jours": jours,
    "jours_longs": jours_longs,
    "pourcentage": pourcentage,
    "date": jour,
    "date_longue": date_longue,
    "periode": periode,
    "heure": heure,
    "suite": suite,
    "siret": siret,
    "siren": siren,
    "telephone": telephone,
}


def format_value(format_name: str, value: Any) -> str:
    """Le texte imprimé d'une valeur ; une absence, ou ce qui n'est pas demandé (un texte vide),
    n'imprime rien.
    """
    return "" if value is None or value == "" else FORMATS[format_name](value)
