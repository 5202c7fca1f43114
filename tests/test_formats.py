"""Ce qui s'imprime : dates, montants, durées, identifiants, à la française, sans rien perdre."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dla_docs.model.formats import FORMATS, format_value

NB = "\N{NO-BREAK SPACE}"


class Forme(Enum):
    COMPLET = "Document complet"


class Stade(IntEnum):
    EN_COURS = 1

    def __str__(self) -> str:
        return "en cours"


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("date", date(2013, 3, 12), "12/03/2013"), ("date", date(987, 3, 1), "01/03/0987"),
        ("date", datetime(2013, 3, 12, 9), "12/03/2013"),
        ("date_longue", date(2013, 3, 1), "1er mars 2013"),
        ("date_longue", date(2013, 3, 11), "11 mars 2013"),
        ("date_longue", date(2013, 8, 21), "21 août 2013"),
        ("date_longue", date(2011, 1, 31), "31 janvier 2011"), ("heure", time(9, 30), "9 h 30"),
        ("heure", time(14), "14 h"), ("heure", time(9, 5), "9 h 05"),
        ("montant", Decimal("23824.32"), "23 824,32 €"), ("montant", Decimal(0), "0,00 €"),
        ("montant", 1200, "1 200,00 €"), ("montant_ht", Decimal("1000"), "1 000,00 € HT"),
        ("nombre", Decimal("1234.5"), "1 234,5"), ("nombre", 1200, "1 200"),
        ("nombre", Decimal("0.123456"), "0,123456"), ("nombre", Decimal("1E+5"), "100 000"),
        ("annee", 2013, "2013"), ("jours", Decimal("1.50"), "1,5 j"),
        ("jours", Decimal("24"), "24 j"), ("pourcentage", Decimal("12.5"), "12,5 %"),
        ("siret", "12345678200010", "123 456 782 00010"), ("siren", "123456782", "123 456 782"),
        ("telephone", "+33200000000", "02 00 00 00 00"),
        ("telephone", "+3225551212", "+32 2 555 12 12"), ("telephone", "à venir", "à venir"),
        ("periode", {"debut": date(2013, 3, 12), "fin": date(2013, 4, 15)}, (
            "du 12/03/2013 au 15/04/2013"
        )),
        ("periode", "du 12/03/2013 au 15/04/2013", "du 12/03/2013 au 15/04/2013"),
        ("texte", True, "Oui"), ("texte", False, "Non"), ("texte", 1200, "1 200"),
        ("texte", 2.5, "2,5"), ("texte", Decimal("2.5"), "2,5"),
        ("texte", date(2013, 3, 12), "12/03/2013"), ("texte", time(9, 30), "9 h 30"),
        ("texte", Forme.COMPLET, "Document complet"), ("texte", Stade.EN_COURS, "en cours"),
        ("texte", "l’eau & <b>", "l’eau & <b>"),
    ],
)  # fmt: skip
def test_a_value_is_printed_the_french_way(name: str, value: Any, shown: str) -> None:
    assert format_value(name, value).replace(NB, " ") == shown


@pytest.mark.parametrize("name", FORMATS)
def test_an_absence_prints_nothing(name: str) -> None:
    assert format_value(name, None) == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("montant", 23824),
        ("jours", 1200),
        ("heure", time(9, 30)),
        ("siret", "12345678200010"),
        ("telephone", "+33200000000"),
        ("pourcentage", 12),
    ],
)
def test_a_value_is_never_cut_at_the_end_of_a_line(name: str, value: Any) -> None:
    shown = format_value(name, value)
    assert NB in shown
    assert " " not in shown
    assert "\N{NARROW NO-BREAK SPACE}" not in shown


@given(st.decimals(-(10**9), 10**9, places=9))
def test_no_decimal_is_lost(number: Decimal) -> None:
    shown = (
        format_value("nombre", number)
        .replace(NB, "")
        .replace(",", ".")
        .replace("\N{MINUS SIGN}", "-")
    )
    assert Decimal(shown) == number
