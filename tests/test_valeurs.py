"""Les types de valeur : ce que les gens tapent est compris, ce qui est faux est refusé en français,
ce qui est imprimé se relit.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from stdnum.fr import siren, siret

from dla_docs.model import values as valeurs
from dla_docs.model.formats import format_value, telephone, telephone_by_library
from dla_docs.model.node import place
from dla_docs.model.values import (
    Annee,
    Choix,
    Cle,
    CodePostal,
    Courriel,
    Entier,
    Heure,
    Intervalle,
    Jour,
    JourLong,
    Jours,
    JoursLongs,
    Montant,
    MontantHt,
    Nombre,
    OuiNon,
    Periode,
    Pourcentage,
    Printed,
    Reponse,
    Rna,
    Siren,
    Siret,
    Telephone,
    Texte,
    TexteLong,
    Url,
    contacts,
    identifiers,
    parse,
)
from dla_docs.model.values.periods import read_dates
from dla_docs.registry import FORMULAIRES

NB, NNB = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"


class Nature(Enum):
    INDIVIDUELLE = "Individuelle"
    REPONSE_COLLECTIVE = "Réponse à une demande collective"


class Etape(IntEnum):
    VIERGE = 0
    EN_COURS = 1

    def __str__(self) -> str:
        return self.name.lower()


NatureChoisie = Choix[Nature]
EtapeChoisie = Choix[Etape]

ALIASES: dict[str, Any] = {
    "Annee": Annee,
    "Cle": Cle,
    "CodePostal": CodePostal,
    "Courriel": Courriel,
    "Entier": Entier,
    "Heure": Heure,
    "Jour": Jour,
    "JourLong": JourLong,
    "Jours": Jours,
    "JoursLongs": JoursLongs,
    "Montant": Montant,
    "MontantHt": MontantHt,
    "Nature": NatureChoisie,
    "Nombre": Nombre,
    "OuiNon": OuiNon,
    "Periode": Periode,
    "Pourcentage": Pourcentage,
    "Rna": Rna,
    "Siren": Siren,
    "Siret": Siret,
    "Telephone": Telephone,
    "Texte": Texte,
    "TexteLong": TexteLong,
    "Url": Url,
}
every_alias = pytest.mark.parametrize("name", ALIASES)

MARCH_12 = date(2013, 3, 12)


def marker(alias: Any) -> Printed:
    return next(mark for mark in alias.__metadata__ if isinstance(mark, Printed))


def printed(alias: Any, value: Any) -> str:
    return format_value(marker(alias).format, value)


@pytest.mark.parametrize(
    "text",
    [
        "12/03/2013", "12/3/13", "12/3/2013", "2013-03-12", "12-03-2013", "12.03.2013",
        "12 03 2013", "2013/03/12", "12 / 03 / 2013", "12/03/2013.", "12 mars 2013", "12 Mars 2013",
        "12 MARS 2013", "12 mars 13", "12-mars-2013", "12-mars-13", f"12{NB}mars{NNB}2013",
        "le 12 mars 2013", "Le 12/03/2013", "mardi 12 mars 2013", "Mardi 12/03/2013",
        "lundi 12 mars 2013", "mar. 12 mars 2013", "mardi, 12 mars 2013", "2013-03-12T00:00:00Z",
        "2013-03-12 00:00:00", "12mars2013", "  12/03/2013\n", date(2013, 3, 12),
        datetime(2013, 3, 12, 9, 30),
    ],
)  # fmt: skip
def test_a_date_is_read_as_people_type_it(text: Any) -> None:
    assert parse(Jour, text) == MARCH_12
    assert type(parse(Jour, text)) is date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1er mars 2013", date(2013, 3, 1)), ("1 er mars 2013", date(2013, 3, 1)),
        ("1ᵉʳ mars 2013", date(2013, 3, 1)), ("le 1er Août 2013", date(2013, 8, 1)),
        ("3 fevrier 2013", date(2013, 2, 3)), ("3 févr. 2013", date(2013, 2, 3)),
        ("3 fév 2013", date(2013, 2, 3)), ("29/02/2012", date(2012, 2, 29)),
        ("5 aout 2013", date(2013, 8, 5)), ("14 juil. 2013", date(2013, 7, 14)),
        ("24 DÉCEMBRE 2013", date(2013, 12, 24)), ("24 de\u0301cembre 2013", date(2013, 12, 24)),
        ("09/09/1901", date(1901, 9, 9)), ("1er sept. 2013", date(2013, 9, 1)),
    ],
)  # fmt: skip
def test_months_are_read_without_accents_or_shortened(text: str, expected: date) -> None:
    assert parse(Jour, text) == expected


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2,5 j", "2.5"), ("2.5", "2.5"), ("2,5", "2.5"), ("2 jours et demi", "2.5"),
        ("2 jours et demie", "2.5"), ("5 demi-journées", "2.5"), ("5 demi journees", "2.5"),
        ("½ journée", "0.5"), ("1/2 journée", "0.5"), ("une demi-journée", "0.5"),
        ("demi-journée", "0.5"), ("0,5", "0.5"), ("0.25 j", "0.25"),
        ("un quart de journée", "0.25"), ("3/4 de journée", "0.75"), ("une journée", "1"),
        ("un jour", "1"), ("1 j", "1"), ("1j", "1"), ("9,5j", "9.5"), ("2½ jours", "2.5"),
        ("2½", "2.5"), ("2 1/2 jours", "2.5"), ("2 j 1/2", "2.5"), ("deux jours", "2"),
        ("trois journées et demie", "3.5"), ("deux et demi", "2.5"),
        ("2 jours et une demi-journée", "2.5"), ("2 jours + 1 demi-journée", "2.5"),
        ("3 journées et 2 demi-journées", "4"), ("14 demi-journées", "7"),
        ("15 jours d'interventions", "15"), ("15 jours d’intervention", "15"), ("24 jours", "24"),
        ("24 Jours.", "24"), ("0", "0"), (f"2,5{NB}j", "2.5"), ("1 250 j", "1250"), (2, "2"),
        (2.5, "2.5"), (Decimal("0.25"), "0.25"), (0.1 + 0.2, "0.3"), ("zéro jour", "0"),
    ],
)  # fmt: skip
def test_days_are_read_as_people_type_them(text: Any, days: str) -> None:
    assert parse(Jours, text) == Decimal(days)


@pytest.mark.parametrize(
    ("text", "euros"),
    [
        ("23 824,32 €", "23824.32"), ("23824.32", "23824.32"), ("23824,32", "23824.32"),
        ("1 200 € TTC", "1200.00"), (f"23{NNB}824,32{NB}€", "23824.32"), ("1200", "1200.00"),
        ("1 200 euros TTC", "1200.00"), ("14800 euros TTC", "14800.00"), ("1200€", "1200.00"),
        ("1200€TTC", "1200.00"), ("1 200 EUR", "1200.00"), ("€ 1 200", "1200.00"),
        ("1.234,56 €", "1234.56"), ("1,234.56", "1234.56"), ("1.234.567", "1234567.00"),
        ("0", "0.00"), ("0,5", "0.50"), ("1 euro", "1.00"), ("800 € net de taxes", "800.00"),
        (1200, "1200.00"), (23824.32, "23824.32"), (Decimal("23824.32"), "23824.32"),
        ("1 200,00 €.", "1200.00"), ("+ 3 €", "3.00"),
    ],
)  # fmt: skip
def test_amounts_are_read_as_people_type_them(text: Any, euros: str) -> None:
    assert str(parse(Montant, text)) == euros


def test_an_amount_before_tax_and_an_amount_with_tax_are_not_confused() -> None:
    assert (
        parse(MontantHt, "1 000 € HT")
        == parse(MontantHt, "1 000 hors taxes")
        == parse(MontantHt, "1000")
        == Decimal(1000)
    )
    with pytest.raises(ValueError, match="est un montant hors taxes, le montant TTC est attendu"):
        parse(Montant, "1 200 € HT")
    with pytest.raises(ValueError, match="est un montant TTC, le montant hors taxes est attendu"):
        parse(MontantHt, "1 200 € TTC")


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("du 12/03/2013 au 15/04/2013", "2013-03-12", "2013-04-15"),
        ("Du 12 mars au 15 avril 2013", "2013-03-12", "2013-04-15"),
        ("12/03/2013 - 15/04/2013", "2013-03-12", "2013-04-15"),
        ("12/03/2013 – 15/04/2013", "2013-03-12", "2013-04-15"),
        ("12-03-2013 - 15-04-2013", "2013-03-12", "2013-04-15"),
        ("12/03/2013-15/04/2013", "2013-03-12", "2013-04-15"),
        ("12/03 - 15/04/2013", "2013-03-12", "2013-04-15"),
        ("entre le 12 mars et le 15 avril 2013", "2013-03-12", "2013-04-15"),
        ("du mardi 12 mars au lundi 15 avril 2013", "2013-03-12", "2013-04-15"),
        ("du 12 au 15 mars 2013", "2013-03-12", "2013-03-15"),
        ("du 1er au 15 mars 2013", "2013-03-01", "2013-03-15"),
        ("12-15 mars 2013", "2013-03-12", "2013-03-15"),
        ("du 12 mars jusqu’au 15 avril 2013", "2013-03-12", "2013-04-15"),
        ("2013-03-12 au 2013-04-15", "2013-03-12", "2013-04-15"),
        ("mars 2013", "2013-03-01", "2013-03-31"), ("février 2012", "2012-02-01", "2012-02-29"),
        ("03/2013", "2013-03-01", "2013-03-31"), ("en mars 2013", "2013-03-01", "2013-03-31"),
        ("mars-13", "2013-03-01", "2013-03-31"), ("Févr.-13", "2013-02-01", "2013-02-28"),
        ("mars - juin 2013", "2013-03-01", "2013-06-30"),
        ("mars-juin 2013", "2013-03-01", "2013-06-30"),
        ("de mars à juin 2013", "2013-03-01", "2013-06-30"),
        ("mars/juin 2013", "2013-03-01", "2013-06-30"),
        ("décembre 2012 - février 2013", "2012-12-01", "2013-02-28"),
        ("décembre 2013", "2013-12-01", "2013-12-31"),
        ("d’avril à juin 2013", "2013-04-01", "2013-06-30"), ("2013", "2013-01-01", "2013-12-31"),
        ("2012-2013", "2012-01-01", "2013-12-31"), ("en 2013", "2013-01-01", "2013-12-31"),
        ("1er semestre 2013", "2013-01-01", "2013-06-30"),
        ("2ème semestre 2013", "2013-07-01", "2013-12-31"),
        ("second semestre 2013", "2013-07-01", "2013-12-31"),
        ("3e trimestre 2013", "2013-07-01", "2013-09-30"),
        ("12/03/2013", "2013-03-12", "2013-03-12"), ("le 12 mars 2013", "2013-03-12", "2013-03-12"),
        ({"debut": "12/03/2013", "fin": "15 avril 2013"}, "2013-03-12", "2013-04-15"),
        ({"debut": MARCH_12, "fin": MARCH_12}, "2013-03-12", "2013-03-12"),
    ],
)  # fmt: skip
def test_a_period_is_read_as_people_type_it(text: Any, start: str, end: str) -> None:
    assert parse(Periode, text) == Intervalle(date.fromisoformat(start), date.fromisoformat(end))


def test_a_period_prints_its_ends_and_knows_its_days() -> None:
    period = parse(Periode, "du 12 mars au 15 avril 2013")
    assert str(period) == "du 12/03/2013 au 15/04/2013"
    assert MARCH_12 in period
    assert date(2013, 4, 16) not in period
    assert str(parse(Periode, "12/03/2013")) == "le 12/03/2013"
    with pytest.raises(ValueError, match="avant de commencer"):
        Intervalle(date(2013, 4, 1), date(2013, 3, 1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9 h 30", time(9, 30)), ("9h30", time(9, 30)), ("09:30", time(9, 30)),
        ("9H30", time(9, 30)), ("9 heures 30", time(9, 30)), ("09:30:00", time(9, 30)),
        ("à 9h30", time(9, 30)), ("14h", time(14)), ("14 heures", time(14)), ("midi", time(12)),
        (f"9{NB}h{NB}30", time(9, 30)), (time(9, 30), time(9, 30)), ("0h", time(0)),
        ("9 h 30 min", time(9, 30)),
    ],
)  # fmt: skip
def test_an_hour_is_read_as_people_type_it(text: Any, expected: time) -> None:
    assert parse(Heure, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((text, Reponse.OUI) for text in (
            "oui", "OUI", "Oui", "o", "O", " oui ", "Oui.", "true", True, Reponse.OUI,
        )),
        *((text, Reponse.NON) for text in ("non", "NON", "n", "Non", "false", False)),
        *((text, Reponse.SANS_OBJET) for text in (
            "Sans objet", "sans objet", "sans-objet", "s.o.", "S.O.", "so", "SO", "non applicable",
            "N/A", "sans_objet", f"sans{NB}objet", "non concerné",
        )),
    ],
)  # fmt: skip
def test_an_answer_is_read_as_people_type_it(text: Any, expected: Reponse) -> None:
    assert parse(OuiNon, text) is expected


@pytest.mark.parametrize(
    "text", ["Individuelle", "individuelle", "INDIVIDUELLE", "individuelle ", Nature.INDIVIDUELLE]
)
def test_a_closed_list_is_read_whatever_the_case(text: Any) -> None:
    assert parse(NatureChoisie, text) is Nature.INDIVIDUELLE


@pytest.mark.parametrize(
    "text",
    [
        "Réponse à une demande collective",
        "reponse a une demande collective",
        "reponse_collective",
        "REPONSE COLLECTIVE",
    ],
)
def test_a_closed_list_is_read_by_its_text_or_its_name(text: str) -> None:
    assert parse(NatureChoisie, text) is Nature.REPONSE_COLLECTIVE


def test_a_closed_list_shows_its_choices_to_the_form() -> None:
    assert marker(OuiNon).choices == ("Oui", "Non", "Sans objet")
    assert marker(NatureChoisie).choices == ("Individuelle", "Réponse à une demande collective")
    assert marker(EtapeChoisie).choices == ("vierge", "en_cours")


def test_an_ordered_list_is_kept_in_order_and_read_back_from_json() -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(EtapeChoisie)
    assert adapter.validate_python("en cours") is Etape.EN_COURS
    assert adapter.validate_json(adapter.dump_json(Etape.VIERGE)) is Etape.VIERGE


@pytest.mark.parametrize(
    ("alias", "text", "stored", "shown"),
    [
        (Siret, "123 456 782 00010", "12345678200010", "123 456 782 00010"),
        (Siret, "12345678200010", "12345678200010", "123 456 782 00010"),
        (Siret, "123.456.782.00010", "12345678200010", "123 456 782 00010"),
        (Siret, f"123{NB}456{NNB}782-00010", "12345678200010", "123 456 782 00010"),
        (Siret, 12345678200010, "12345678200010", "123 456 782 00010"),
        (Siret, 12345678200010.0, "12345678200010", "123 456 782 00010"),
        (Siret, "356 000 000 00048", "35600000000048", "356 000 000 00048"),
        (Siret, "35600000049837", "35600000049837", "356 000 000 49837"),
        (Siren, "123 456 782", "123456782", "123 456 782"),
        (Rna, "w370001234", "W370001234", "W370001234"),
        (Rna, "W37 000 1234", "W370001234", "W370001234"),
        (Rna, "W9R1000123", "W9R1000123", "W9R1000123"),
        (Rna, "W2A1000123", "W2A1000123", "W2A1000123"), (CodePostal, "37000", "37000", "37000"),
        (CodePostal, "37 000", "37000", "37000"), (CodePostal, "04000", "04000", "04000"),
        (CodePostal, 4000, "04000", "04000"), (CodePostal, 37000, "37000", "37000"),
        (CodePostal, "20090", "20090", "20090"), (CodePostal, "97400", "97400", "97400"),
        (CodePostal, "98800", "98800", "98800"), (CodePostal, "F-37000", "37000", "37000"),
        (CodePostal, 37000.0, "37000", "37000"),
        (Telephone, "02 00 00 00 00", "+33200000000", "02 00 00 00 00"),
        (Telephone, "02.00.00.00.00", "+33200000000", "02 00 00 00 00"),
        (Telephone, "0200000000", "+33200000000", "02 00 00 00 00"),
        (Telephone, "02-00-00-00-00", "+33200000000", "02 00 00 00 00"),
        (Telephone, "+33 2 00 00 00 00", "+33200000000", "02 00 00 00 00"),
        (Telephone, "+33 (0)2 00 00 00 00", "+33200000000", "02 00 00 00 00"),
        (Telephone, "0033 2 00 00 00 00", "+33200000000", "02 00 00 00 00"),
        (Telephone, "Tél. : 02 00 00 00 00", "+33200000000", "02 00 00 00 00"),
        (Telephone, 200000000, "+33200000000", "02 00 00 00 00"),
        (Telephone, "01 99 00 12 34", "+33199001234", "01 99 00 12 34"),
        (Telephone, "02 61 91 00 00", "+33261910000", "02 61 91 00 00"),
        (Telephone, "03 53 01 00 00", "+33353010000", "03 53 01 00 00"),
        (Telephone, "04 65 71 00 00", "+33465710000", "04 65 71 00 00"),
        (Telephone, "05 36 49 00 00", "+33536490000", "05 36 49 00 00"),
        (Telephone, "06 39 98 00 00", "+33639980000", "06 39 98 00 00"),
        (Telephone, "+32 2 555 12 12", "+3225551212", "+32 2 555 12 12"),
        (Telephone, "+262 262 12 34 56", "+262262123456", "+262 262 12 34 56"),
        (Courriel, "Prenom.Nom@Example.ORG", "Prenom.Nom@example.org", "Prenom.Nom@example.org"),
        (Courriel, "mailto:a@example.org", "a@example.org", "a@example.org"),
        (Courriel, "<a@example.org>", "a@example.org", "a@example.org"),
        (Courriel, "dla@structure.invalid", "dla@structure.invalid", "dla@structure.invalid"),
        (Courriel, "dla@structure.test", "dla@structure.test", "dla@structure.test"),
        (Url, "https://www.example.org/dla?x=1", "https://www.example.org/dla?x=1", (
            "https://www.example.org/dla?x=1"
        )),
        (Url, "www.example.org", "https://www.example.org", "https://www.example.org"),
        (Url, "example.org/dla", "https://example.org/dla", "https://example.org/dla"),
        (Url, "http://example.org:8080", "http://example.org:8080", "http://example.org:8080"),
        (Cle, "e1", "e1", "e1"), (Cle, 1, "1", "1"), (Cle, "alpha_2-b", "alpha_2-b", "alpha_2-b"),
        (Entier, "22", 22, "22"), (Entier, "1 200", 1200, "1 200"), (Entier, 22.0, 22, "22"),
        (Entier, "Aucun", 0, "0"), (Entier, "Pas de salariés", 0, "0"),
        (Entier, "22,0", 22, "22"), (Annee, "2013", 2013, "2013"), (Annee, 2013, 2013, "2013"),
        (Pourcentage, "12,5 %", Decimal("12.5"), "12,5 %"),
        (Pourcentage, "12.5%", Decimal("12.5"), "12,5 %"), (Pourcentage, "20", Decimal(20), "20 %"),
        (Pourcentage, "100 pour cent", Decimal(100), "100 %"),
        (Nombre, "3,5", Decimal("3.5"), "3,5"),
        (Jour, "1er mars 2013", date(2013, 3, 1), "01/03/2013"),
        (JourLong, "01/03/2013", date(2013, 3, 1), "1er mars 2013"),
        (JourLong, "12/03/2013", MARCH_12, "12 mars 2013"),
        (JourLong, "11/08/2013", date(2013, 8, 11), "11 août 2013"),
        (Heure, "9h30", time(9, 30), "9 h 30"), (Heure, "14:00", time(14), "14 h"),
        (Montant, "23824.32", Decimal("23824.32"), "23 824,32 €"),
        (MontantHt, "1000", Decimal(1000), "1 000,00 € HT"),
        (Jours, "2 jours et demi", Decimal("2.5"), "2,5 j"), (OuiNon, "oui", Reponse.OUI, "Oui"),
        (Periode, "de mars à juin 2013", Intervalle(date(2013, 3, 1), date(2013, 6, 30)), (
            "du 01/03/2013 au 30/06/2013"
        )),
        (NatureChoisie, "individuelle", Nature.INDIVIDUELLE, "Individuelle"),
        (Texte, 37, "37", "37"), (Texte, 37.0, "37", "37"), (Texte, 2.5, "2,5", "2,5"),
        (Texte, True, "Oui", "Oui"), (Texte, MARCH_12, "12/03/2013", "12/03/2013"),
        (Texte, "a\r\nb\rc", "a\nb\nc", "a\nb\nc"),
        (
            TexteLong, f" {NB}l’eau & « feu »\t<b> {{{{ x }}}} \n\n fin \u200b\n",
            "l’eau & « feu »\t<b> {{ x }} \n\n fin", "l’eau & « feu »\t<b> {{ x }} \n\n fin",
        ),
    ],
)  # fmt: skip
def test_a_value_is_kept_in_one_form_and_printed_the_french_way(
    alias: Any, text: Any, stored: Any, shown: str
) -> None:
    value = parse(alias, text)
    assert value == stored
    assert type(value) is type(stored)
    assert printed(alias, value).replace(NB, " ") == shown


@pytest.mark.parametrize(
    ("alias", "text", "sentence"),
    [
        (Jour, "31/02/2013", "« 31/02/2013 » n'est pas une date ; écrivez par exemple 12/03/2013"),
        (Jour, "29 février 2013", (
            "« 29 février 2013 » n'est pas une date ; écrivez par exemple 12/03/2013"
        )),
        (Jour, "courant mars", (
            "« courant mars » n'est pas une date ; écrivez par exemple 12/03/2013"
        )),
        (Jour, "12/25/2013", "« 12/25/2013 » n'est pas une date"),
        (Jour, "12/03/0213", "n'est pas une date"), (Jour, "00/03/2013", "n'est pas une date"),
        (Jour, "12/03/20113", "n'est pas une date"),
        (Jour, "12 mars", (
            "« 12 mars » n'est pas une date entière (il manque l'année ou le jour) ; écrivez"
        )),
        (Jour, "mars 2013", "pas une date entière"), (Jour, "12/03", "pas une date entière"),
        (Jour, "12/03/85", (
            "« 12/03/85 » ne dit pas le siècle de son année ; écrivez par exemple 12/03/2013"
        )),
        (Jour, "41345", "n'est pas une date"), (Jour, 41345, "« 41345 » n'est pas une date"),
        (Jour, "１２/03/2013", "n'est pas une date"), (Jour, "12/03-2013", "n'est pas une date"),
        (Jour, date(213, 3, 12), "n'est pas une date"), (Jour, True, "« Oui » n'est pas une date"),
        (Jour, "12²/03/2013", "n'est pas une date"),
        (Periode, "du 15/04/2013 au 12/03/2013", "la fin précède le début"),
        (Periode, "du 31/02/2013 au 12/03/2013", ("n'est pas une période ; écrivez par exemple « "
            "du 12/03/2013 au 15/04/2013 » ou « mars 2013 »")),
        (Periode, "12 mars", "n'est pas une période"),
        (Periode, "prochainement", "n'est pas une période"),
        (Periode, "5e trimestre 2013", "n'est pas une période"),
        (Periode, "3e semestre 2013", "n'est pas une période"),
        (Periode, {"debut": "12/03/2013"}, "une période a deux clés, « debut » et « fin »"),
        (Periode, {"debut": "31/02/2013", "fin": "12/03/2013"}, (
            "« 31/02/2013 » n'est pas une date"
        )),
        (Periode, {"debut": "12/03/2013", "fin": "11/03/2013"}, (
            "la période finit le 11/03/2013, avant de commencer"
        )),
        (Periode, ["12/03/2013"], "une seule valeur est attendue ici, pas une liste"),
        (Periode, "du 12 mars à juin 2013", "n'est pas une période"),
        (Heure, datetime(2013, 3, 12), "« 12/03/2013 » n'est pas une heure"),
        (Heure, "25h", "« 25h » n'est pas une heure ; écrivez par exemple 9 h 30"),
        (Heure, "9h75", "n'est pas une heure"), (Heure, "9h5", "n'est pas une heure"),
        (Heure, "matin", "n'est pas une heure"), (Heure, time(9, 30, 15), "n'est pas une heure"),
        (Jours, "beaucoup", (
            "« beaucoup » n'est pas un nombre de jours ; écrivez par exemple 2,5 j"
        )),
        (Jours, "-2", "« -2 » n'est pas un nombre de jours positif"),
        (Jours, -2, "n'est pas un nombre de jours positif"),
        (Jours, "7 h", "n'est pas un nombre de jours"),
        (Jours, "2 et 3 jours", "n'est pas un nombre de jours"),
        (Jours, "4 1/2 journées", (
            "se lit de deux façons ; écrivez par exemple « 2,5 j » ou « 4 demi-journées »"
        )),
        (Jours, "j", "n'est pas un nombre de jours"), (Jours, "2 à 3 jours", "n'est pas un nombre"),
        (Jours, "2,333", "« 2,333 » se lit de deux façons"),
        (Jours, "0,333", "a plus de 2 décimales"),
        (Jours, float("nan"), "n'est pas un nombre de jours"),
        (Jours, Decimal("Infinity"), "n'est pas un nombre de jours"),
        (Jours, True, "« Oui » n'est pas"),
        (Montant, "1.234,56,7", (
            "« 1.234,56,7 » n'est pas un montant en euros ; écrivez par exemple 1 200 €"
        )),
        (Montant, "-12 €", "n'est pas un montant en euros positif"), (Montant, "−12 €", "positif"),
        (Montant, "1.200", "« 1.200 » se lit de deux façons ; écrivez par exemple"),
        (Montant, "1,200 €", "« 1,200 € » se lit de deux façons"),
        (Montant, "12€50", "n'est pas un montant en euros"),
        (Montant, "12 34 €", "n'est pas un montant en euros"),
        (Montant, "1 200,555", "a plus de 2 décimales"),
        (Montant, "1 200 $", "n'est pas un montant"), (Texte, 10**400, "ce nombre est trop grand"),
        (Jours, Decimal("1E+999999"), "trop grand"),
        (Montant, "9" * 20, "est un nombre trop grand"),
        (Montant, 10**400, "ce nombre est trop grand"), (Montant, "1e5", "n'est pas un montant"),
        (Montant, "€", "n'est pas un montant"),
        (Montant, "environ 1 200 €", "n'est pas un montant"),
        (Entier, "2,5", "« 2,5 » n'est pas un nombre entier ; écrivez par exemple 22"),
        (Entier, "-1", "positif"), (Entier, "vingt", "n'est pas un nombre entier"),
        (Entier, "1.200", "se lit de deux façons"), (Entier, 2.5, "n'est pas un nombre entier"),
        (Pourcentage, "120 %", "« 120 % » dépasse 100 % ; écrivez par exemple 12,5 %"),
        (Pourcentage, "moitié", "n'est pas un pourcentage"),
        (Annee, "13", "« 13 » n'est pas une année ; écrivez par exemple 2013"),
        (Annee, "20133", "n'est pas une année"),
        (Siret, "123 456 782 00011", ("sa clé de contrôle est fausse, un chiffre a dû être mal "
            "recopié ; écrivez par exemple 123 456 782 00010")),
        (Siret, "123 456 782", "14 chiffres sont attendus, il y en a 9"),
        (Siret, "0" * 14, "n'est pas un numéro SIRET"),
        (Siret, "ABC", "« ABC » n'est pas un numéro SIRET (14 chiffres)"),
        (Siret, "1,23457E+13", "n'est pas un numéro SIRET"),
        (Siret, "１2345678200010", "n'est pas un numéro SIRET"),
        (Siret, "35600000049838", "clé de contrôle"), (Siren, "123456789", "clé de contrôle"),
        (Rna, "0370001234", ("« 0370001234 » n'est pas un numéro RNA (W suivi de 9 chiffres) ; "
            "écrivez par exemple W370001234")),
        (Rna, "W37000123", "n'est pas un numéro RNA"),
        (CodePostal, "4000", (
            "« 4000 » n'est pas un code postal (5 chiffres) ; écrivez par exemple 37000"
        )),
        (CodePostal, "2A004", "est un code de commune ; en Corse le code postal commence par 20"),
        (CodePostal, "99123", "n'est pas un code postal"), (CodePostal, "00000", "pas un code"),
        (Telephone, "02 00 00 00", ("n'est pas un numéro de téléphone (10 chiffres, ou + et "
            "l'indicatif du pays) ; écrivez par exemple 02 00 00 00 00")),
        (Telephone, "02 00 CHAT 00", "n'est pas un numéro de téléphone"),
        (Telephone, "02 00 00 00 00 poste 12", "n'est pas"),
        (Telephone, "02 00 00 00 00 / 06 39 98 00 00", "n'est pas un numéro de téléphone"),
        (Telephone, "+999 123", "n'est pas un numéro"),
        (Telephone, "000187689230", "n'est pas un numéro"),
        (Telephone, "()", "n'est pas un numéro"), (Telephone, "0000000000", "n'est pas un numéro"),
        (Courriel, "a.example.org", ("« a.example.org » n'est pas une adresse électronique ; "
            "écrivez par exemple prenom.nom@example.org")),
        (Courriel, "a@example", "n'est pas une adresse électronique"),
        (Courriel, "a@b.fr ; c@d.fr", "n'est pas une adresse électronique"),
        (Courriel, "a@[127.0.0.1]", "n'est pas"),
        (Url, "javascript:alert(1)", ("« javascript:alert(1) » n'est pas l'adresse d'un site ; "
            "écrivez par exemple https://www.example.org")),
        (Url, "https://exa mple.org", "n'est pas l'adresse d'un site"),
        (Url, "https://u:p@example.org", "n'est pas l'adresse"),
        (Url, "http://example.org:99999", "n'est pas l'adresse"),
        (Url, "file:///etc/passwd", "n'est pas l'adresse"),
        (Url, "http://[", "n'est pas l'adresse"), (Url, "12.5", "n'est pas l'adresse"),
        (Cle, "étape 1", "« étape 1 » n'est pas une clé"), (Cle, "-a", "n'est pas une clé"),
        (Cle, "a" * 41, "n'est pas une clé"), (Cle, "٣", "n'est pas une clé"),
        (OuiNon, "peut-être", (
            "« peut-être » n'est pas un des choix ; écrivez « Oui », « Non » ou « Sans objet »"
        )),
        (OuiNon, "x", "n'est pas un des choix"), (OuiNon, "oui / non", "n'est pas un des choix"),
        (OuiNon, 1, "« 1 » n'est pas un des choix"),
        (NatureChoisie, "autre", (
            "écrivez « Individuelle » ou « Réponse à une demande collective »"
        )),
        (NatureChoisie, True, "n'est pas un des choix"),
        (NatureChoisie, Reponse.OUI, "« Oui » n'est pas un des choix"),
        (Texte, ["a"], "une seule valeur est attendue ici, pas une liste"),
        (Texte, {"a": 1}, "une seule valeur est attendue ici, pas un ensemble de clés"),
        (Texte, object(), "pas autre chose"),
        (Texte, "a\x07b", ("« a\N{REPLACEMENT CHARACTER}b » contient un caractère de contrôle "
            "interdit (U+0007) ; effacez-le")),
        (Texte, "a\ud800", "(U+D800)"), (TexteLong, "\x0b", "(U+000B)"),
        (Texte, "a\uf0b7b", "un signe d'une police de symboles interdit (U+F0B7) ; effacez"),
        (Texte, "\x1fa", "(U+001F)"), (Texte, "a\uffff", "(U+FFFF)"),
        (Jour, "\x0012/03/2013", "(U+0000)"),
        (Jour, "z" * 100, f"« {'z' * 60}… » n'est pas une date"),
        (Jour, "a\nb", "« a b » n'est pas une date"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_a_sentence_that_quotes_it(
    alias: Any, text: Any, sentence: str
) -> None:
    with pytest.raises(ValueError) as refusal:
        parse(alias, text)
    assert sentence in str(refusal.value)


@every_alias
@pytest.mark.parametrize(
    "blank", [None, "", "   ", f"{NB}{NNB}", "\r\n\t", "\u200b", "\ufeff \u2060"]
)
def test_a_blank_is_an_absence(name: str, blank: str | None) -> None:
    assert parse(ALIASES[name], blank) is None


class RawText(str):
    """Ce que rend la lecture du YAML : un texte qui sait sa ligne."""


def test_a_text_that_carries_its_line_becomes_a_plain_text() -> None:
    assert type(parse(Texte, RawText("abc"))) is str
    assert type(parse(Siret, RawText("12345678200010"))) is str


def test_parse_refuses_what_is_not_a_value_type() -> None:
    with pytest.raises(TypeError, match="n'est pas un type de valeur"):
        parse(int, "1")


class Fiche(BaseModel):
    """Un modèle qui emploie chaque type, comme le fait un document."""

    jour: Jour = Field(default=None, title="Date limite")
    periode: Periode = None
    reponse: OuiNon = None
    nature: Choix[Nature] = None
    montant: Montant = None
    siret: Siret = None
    texte: TexteLong = None


def test_a_model_gives_typed_values_and_all_refusals_at_once() -> None:
    fiche = Fiche.model_validate(
        {"jour": "1er mars 2013", "nature": "individuelle", "reponse": "s.o.", "montant": "1 200 €"}
    )
    assert (fiche.jour, fiche.nature, fiche.reponse, fiche.montant) == (
        date(2013, 3, 1),
        Nature.INDIVIDUELLE,
        Reponse.SANS_OBJET,
        Decimal(1200),
    )
    assert fiche.siret is None
    with pytest.raises(ValidationError) as refusals:
        Fiche.model_validate({"jour": "31/02/2013", "montant": "cher", "siret": "1", "nature": "x"})
    assert [error["loc"] for error in refusals.value.errors()] == [
        ("jour",),
        ("nature",),
        ("montant",),
        ("siret",),
    ]
    assert {error["type"] for error in refusals.value.errors()} == {"value_error"}


def test_a_model_keeps_the_mark_that_tells_how_to_print() -> None:
    marks = {
        name: next(mark for mark in field.metadata if isinstance(mark, Printed))
        for name, field in Fiche.model_fields.items()
    }
    assert [marks[name].format for name in ("jour", "periode", "montant", "siret", "texte")] == [
        "date",
        "periode",
        "montant",
        "siret",
        "texte",
    ]
    assert marks["texte"].multiline
    assert not marks["jour"].multiline
    assert marks["nature"].choices == ("Individuelle", "Réponse à une demande collective")


def test_a_model_is_read_back_from_the_json_it_writes() -> None:
    fiche = Fiche.model_validate(
        {
            "jour": "12/03/2013",
            "periode": "mars 2013",
            "reponse": "oui",
            "nature": "individuelle",
            "montant": "0,50",
            "siret": "123 456 782 00010",
            "texte": "a\nb",
        }
    )
    assert Fiche.model_validate_json(fiche.model_dump_json()) == fiche
    assert Fiche.model_validate(fiche.model_dump()) == fiche
    assert Fiche.model_validate_json(Fiche().model_dump_json()) == Fiche()


@every_alias
def test_the_json_schema_describes_each_type_in_french_and_admits_its_examples(name: str) -> None:
    for mode in ("validation", "serialization"):
        schema = TypeAdapter(ALIASES[name]).json_schema(mode=mode)
        assert schema["description"]
        types = schema.get("type", [])
        assert "null" in types or None in schema["enum"]
        assert name in ("Texte", "TexteLong") or schema["examples"]
        for example in schema["examples"]:
            assert parse(ALIASES[name], example) is not None
            assert mode == "serialization" or re.search(schema.get("pattern", ""), example)
            assert example in schema.get("enum", [example])


def test_the_json_schema_of_a_closed_list_offers_the_usual_spellings() -> None:
    schema = TypeAdapter(NatureChoisie).json_schema()
    assert schema["enum"] == [
        "Individuelle",
        "Réponse à une demande collective",
        "individuelle",
        "réponse à une demande collective",
        "reponse_collective",
        None,
    ]
    assert {"oui", True, False} <= set(TypeAdapter(OuiNon).json_schema()["enum"])
    for alias in (ALIASES["Nature"], ALIASES["OuiNon"]):
        assert all(
            parse(alias, spelling)
            for spelling in TypeAdapter(alias).json_schema()["enum"]
            if spelling is not None
        )


def test_the_json_schema_of_a_field_keeps_its_label() -> None:
    assert Fiche.model_json_schema()["properties"]["jour"]["title"] == "Date limite"


def test_importing_the_types_loads_no_heavy_library() -> None:
    heavy = "phonenumbers", "email_validator", "babel", "stdnum", "dns"
    code = (
        f"import sys, dla_docs.model.values; print([name for name in {heavy!r} if name in "
        f"sys.modules])"
    )
    assert (
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.strip()
        == "[]"
    )


def test_the_public_names_are_sorted() -> None:
    assert valeurs.__all__ == sorted(valeurs.__all__)
    assert all(hasattr(valeurs, name) for name in valeurs.__all__)


# What must hold for all values.

dates = st.dates(date(1800, 1, 1), date(2199, 12, 31))
numbers = st.decimals(0, 999_999_999_999, places=2)
xml_text = st.text(
    st.characters(exclude_categories=["Cs", "Co"], exclude_characters="\ufffe\uffff"), max_size=60
)


def siret_of(body: int) -> str:
    return next(
        number
        for number in (f"{siren_of(body)}{body % 10000:04d}{digit}" for digit in range(10))
        if luhn(number)
    )


def siren_of(body: int) -> str:
    return next(number for number in (f"{body:08d}{digit}" for digit in range(10)) if luhn(number))


def luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    return sum(digits[::2]) % 10 == -sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2]) % 10


bodies = st.integers(1, 99_999_999).filter(
    lambda body: body != 35_600_000
)  # La Poste checks its own otherwise

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "Annee": st.integers(1800, 2199),
    "Cle": st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}", fullmatch=True),
    "CodePostal": st.from_regex(r"(0[1-9]|[1-8][0-9]|9[0-578])[0-9]{3}", fullmatch=True).filter(
        str.isascii
    ),
    "Courriel": st.from_regex(
        r"[a-z0-9]{1,20}(\.[a-z0-9]{1,9})?@[a-z]{1,9}\.(org|test|invalid)", fullmatch=True
    ),
    "Entier": st.integers(0, 999_999_999_999),
    "Heure": st.times().map(lambda hour: time(hour.hour, hour.minute)),
    "Jour": dates,
    "JourLong": dates,
    "Jours": numbers,
    "JoursLongs": numbers,
    "Montant": numbers,
    "MontantHt": numbers,
    "Nature": st.sampled_from(Nature),
    "Nombre": numbers,
    "OuiNon": st.sampled_from(Reponse),
    "Periode": st.tuples(dates, dates).map(lambda ends: Intervalle(min(ends), max(ends))),
    "Pourcentage": st.decimals(0, 100, places=2),
    "Rna": st.from_regex(r"W[0-9][0-9A-Z][0-9]{7}", fullmatch=True),
    "Siren": bodies.map(siren_of),
    "Siret": bodies.map(siret_of),
    "Telephone": st.from_regex(r"\+33[1-9][0-9]{8}", fullmatch=True)
    | st.sampled_from(["+3225551212", "+262262123456", "+41215551212"]),
    "Texte": xml_text.map(lambda text: text.replace("\r", ""))
    .filter(lambda text: not re.search("[\x00-\x08\x0b-\x1f]", text))
    .map(lambda text: f"a{text}z"),
    "TexteLong": st.lists(st.from_regex(r"[a-zé’ «»\t]{0,9}", fullmatch=True)).map(
        lambda lines: "\n".join(["a", *lines, "z"])
    ),
    "Url": st.from_regex(r"https?://[a-z]{1,9}\.[a-z]{2,9}(/[a-z0-9?=&#%]{0,9})?", fullmatch=True),
}


def test_every_type_has_a_strategy() -> None:
    assert VALUES.keys() == ALIASES.keys()


@every_alias
@given(data=st.data())
def test_what_is_printed_is_read_back(name: str, data: st.DataObject) -> None:
    value = data.draw(VALUES[name])
    assert parse(ALIASES[name], value) == value
    assert parse(ALIASES[name], printed(ALIASES[name], value)) == value
    assert (
        name.startswith("Texte")
        or parse(ALIASES[name], printed(ALIASES[name], value).replace(NB, " ")) == value
    )


@every_alias
@given(data=st.data())
def test_what_is_dumped_to_json_is_read_back(name: str, data: st.DataObject) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(ALIASES[name])
    value = data.draw(VALUES[name])
    assert adapter.validate_json(adapter.dump_json(value)) == value


PIECES = (
    "12 1er 2013 13 31 / - . , le du au à et demi ½ 1/2 journée jours j mars févr. lundi un 200 € "
    "TTC h 30 % oui 33 + ( ) 0 00"
)
SIGNS = "0123456789/.-,: €%½jhWw@+()'éûma\N{NO-BREAK SPACE}"
typed = st.text(SIGNS, max_size=20) | st.lists(st.sampled_from(PIECES.split()), max_size=7).map(
    " ".join
)


@every_alias
@given(text=st.text(max_size=40) | typed)
def test_any_text_is_a_value_or_one_french_sentence(name: str, text: str) -> None:
    alias = ALIASES[name]
    try:
        value = parse(alias, text)
    except ValueError as refusal:
        sentence = str(refusal)
        assert sentence.startswith("« ")
        assert " ; " in sentence
        assert "\n" not in sentence
        sentence.encode()
    else:
        assert value is None or parse(alias, printed(alias, value)) == value
        assert parse(alias, value) == value


anything = st.one_of(
    st.booleans(),
    st.integers(),
    st.floats(),
    st.decimals(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.binary(),
    st.complex_numbers(),
    st.lists(st.integers()),
    st.dictionaries(st.text(), st.integers()),
)


@every_alias
@given(value=anything)
def test_any_python_object_is_a_value_or_a_refusal(name: str, value: Any) -> None:
    alias = ALIASES[name]
    try:
        found = parse(alias, value)
    except ValueError as refusal:
        assert re.search("[«»]|une seule valeur|trop grand", str(refusal))
    else:
        assert parse(alias, printed(alias, found)) == found


@pytest.mark.parametrize("name", sorted(set(ALIASES) - {"Texte", "TexteLong"}))
@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "a",
        " ",
        "-",
        "a-",
        "1 ",
        "1.",
        "1,",
        "a.",
        "1 et ",
        "½",
        "€",
        "@",
        "/",
        "(",
        "a@",
        "https://a.",
    ],
)
def test_a_very_long_text_is_refused_like_any_other(name: str, unit: str) -> None:
    text = f"x{unit * 20_000}x"
    with pytest.raises(ValueError, match="…"):
        parse(ALIASES[name], text)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("15 mai et 22 mai 2024", "les 15/05/2024 et 22/05/2024"),
        ("les 3, 10 et 17 juin 2024", "les 03/06/2024, 10/06/2024 et 17/06/2024"),
        ("mars, 15 mai 2024", None),
        ("31/02/2024 et 15/03/2024", None),
    ],
)
def test_quelques_jours_ne_sont_pas_une_periode(text: str, printed: str | None) -> None:
    if printed is None:
        with pytest.raises(ValueError, match="n'est pas une période"):
            read_dates(text)
        return
    days = read_dates(text)
    assert format_value("periode", days) == printed
    assert format_value("periode", vars(days) | {"jours": days.jours}) == printed


def test_la_place_d_un_chemin_se_dit_comme_la_page() -> None:
    root = FORMULAIRES["rapport_final"].schema_node()
    assert place(root, "productions[1].remise_le").endswith(", ligne 2 › Remise le")
    assert place(root, "nulle.part") == ""


PHONES = st.from_regex(r"(0|\+33 ?|\+)[0-9]( ?[0-9]){7,9}", fullmatch=True)
MAILS = st.from_regex(
    r"[a-z0-9]([a-z0-9._-]{0,3}[a-z0-9])?@([a-z0-9-]{1,3}\.){1,2}(fr|org|com)", fullmatch=True
)


@given(PHONES)
def test_un_numero_ordinaire_est_celui_que_la_bibliotheque_lirait(text: str) -> None:
    """Lu sans elle, qui est longue à charger : le même numéro, et aucun qu'elle refuse."""
    assert _read(contacts.read_telephone, text) == _read(
        lambda one: contacts.by_library(one, one), text
    )


@given(MAILS)
def test_un_courriel_ordinaire_est_celui_que_la_bibliotheque_lirait(text: str) -> None:
    """De même."""
    assert _read(contacts.read_courriel, text) == _read(
        lambda one: contacts.checked(one, one), text
    )


@given(st.from_regex(r"\+(33[1-9]|32|4)[0-9]{8}", fullmatch=True))
def test_un_numero_s_imprime_comme_la_bibliotheque_l_imprimerait(number: str) -> None:
    """Les numéros ordinaires, sans elle ; ceux en 08 et de l'étranger, par elle."""
    assert telephone(number) == telephone_by_library(number)


SIRETS = st.one_of(
    st.from_regex(r"(356000000|[0-9]{9})[0-9]{5}", fullmatch=True), bodies.map(siret_of)
)


@given(SIRETS, st.sampled_from(range(10)))
def test_une_cle_est_celle_que_la_bibliotheque_trouverait(number: str, last: int) -> None:
    """D'un SIRET et de son SIREN, La Poste comprise, justes ou d'un chiffre à côté."""
    for one in (number, f"{number[:-1]}{last}"):
        assert identifiers._is_siret(one) == siret.is_valid(one)
        assert identifiers._has_key(one[:9]) == siren.is_valid(one[:9])


def _read(reader: Callable[[str], str], text: str) -> str:
    try:
        return reader(text)
    except ValueError as error:
        return str(error)
