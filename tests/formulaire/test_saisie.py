"""Comme les gens tapent : chaque saisie est lue, ou citée avec sa place et la forme attendue ; le
reste du formulaire est lu.
"""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dla_docs import read
from dla_docs.model.formats import FORMATS, format_value
from dla_docs.model.node import Node
from dla_docs.model.values import (
    Annee,
    ChoixMultiple,
    CodePostal,
    Courriel,
    Dates,
    Entier,
    Heure,
    Intervalle,
    Jour,
    Jours,
    JoursLongs,
    Montant,
    MontantHt,
    MontantParJour,
    Nombre,
    OuiNon,
    Periode,
    Pourcentage,
    Reponse,
    Rna,
    Siret,
    Telephone,
    Url,
    parse,
)
from dla_docs.registry import FORMULAIRES
from tests.formulaire.formulaires import changed, form, held
from tests.word_forms import fill

OUI, NON, SO = Reponse
MARS = date(2013, 3, 12)
APRES = date(2013, 3, 19)
CITE = None  # quoted: it cannot be read, or in two ways

# Ce qu'on tape, dans quel champ, ce qui est lu.
SAISIES: list[tuple[Any, str, Any]] = [
    (Jour, "12/3/13", MARS),
    (Jour, "12 mars 2013", MARS),
    (Jour, "le 12.03.2013", MARS),
    (Jour, "12-03-2013", MARS),
    (Jour, "12 / 03 / 2013", MARS),
    (Jour, "12 MARS 2013", MARS),
    (Jour, "12/03/2013.", MARS),
    (Jour, "12\N{NARROW NO-BREAK SPACE}mars\N{NO-BREAK SPACE}2013", MARS),
    (Jour, "2013-03-12", MARS),
    (Jour, "mardi 12 mars 2013", MARS),
    (Jour, "mar. 12 mars 2013", MARS),
    (Jour, "lundi 12 mars 2013", MARS),  # a Tuesday: the date stands, not the day of the week
    (Jour, "1er avril 2013", date(2013, 4, 1)),
    (Jour, "1 avr. 2013", date(2013, 4, 1)),
    (Jour, "mars 2013", CITE),
    (Jour, "12 mars", CITE),
    (Jour, "31/02/2013", CITE),
    (Jour, "12/13/2013", CITE),
    (Jour, "fin mars 2013", CITE),
    (Jour, "à définir", CITE),
    (Jour, "12 ou 13 mars 2013", CITE),
    (Jour, "12/03/0213", CITE),
    (Jour, "12/03/85", CITE),
    (Periode, "du 12 au 15 mars 2013", Intervalle(MARS, date(2013, 3, 15))),
    (Periode, "12/03/13 au 15/04/13", Intervalle(MARS, date(2013, 4, 15))),
    (Periode, "12-15/03/2013", Intervalle(MARS, date(2013, 3, 15))),
    (Periode, "les 12 et 13 mars 2013", Intervalle(MARS, date(2013, 3, 13))),
    (Periode, "entre le 12 et le 15 mars 2013", Intervalle(MARS, date(2013, 3, 15))),
    (Periode, "mars 2013", Intervalle(date(2013, 3, 1), date(2013, 3, 31))),
    (Periode, "septembre-octobre 2013", Intervalle(date(2013, 9, 1), date(2013, 10, 31))),
    (Periode, "1er trimestre 2013", Intervalle(date(2013, 1, 1), date(2013, 3, 31))),
    (Periode, "12/03/2013", Intervalle(MARS, MARS)),
    (Periode, "12 et 15 mars 2013", CITE),  # two days, not four
    (Periode, "mars et juin 2013", CITE),
    (Dates, "12 mars et 19 mars 2013", Intervalle(MARS, APRES, (MARS, APRES))),
    (Dates, "les 12 et 19 mars 2013", Intervalle(MARS, APRES, (MARS, APRES))),
    (Dates, "les 12/03/2013 et 19/03/2013", Intervalle(MARS, APRES, (MARS, APRES))),
    (Dates, "12 et 13 mars 2013", Intervalle(MARS, date(2013, 3, 13))),
    (Dates, "du 12 au 19 mars 2013", Intervalle(MARS, APRES)),
    (Dates, "19 et 12 mars 2013", CITE),
    (Dates, "mars et juin 2013", CITE),
    (Periode, "du 15 au 12 mars 2013", CITE),
    (Periode, "printemps 2013", CITE),
    (Montant, "1 200 €", Decimal(1200)),
    (Montant, "1.200,50 euros", Decimal("1200.50")),
    (Montant, "1\N{NARROW NO-BREAK SPACE}200", Decimal(1200)),
    (Montant, "1200,5 € TTC", Decimal("1200.50")),
    (Montant, "1 200€ttc", Decimal(1200)),
    (Montant, "€ 1200", Decimal(1200)),
    (Montant, "1 200,00 EUR", Decimal(1200)),
    (Montant, "0", Decimal(0)),
    (Montant, "1200,5€ HT", CITE),
    (Montant, "env. 1200", CITE),
    (Montant, "1,2 k€", CITE),
    (Montant, "1.200", CITE),
    (Montant, "mille deux cents euros", CITE),
    (Montant, "2 x 600 €", CITE),
    (Montant, "12€50", CITE),
    (Montant, "900 €/jour", CITE),  # a price, not an amount
    (MontantParJour, "900 €/jour", Decimal(900)),
    (MontantParJour, "900 € TTC par jour", Decimal(900)),
    (MontantParJour, "900€/j", Decimal(900)),
    (MontantParJour, "900 € HT/jour", CITE),
    (MontantHt, "1200,5€ HT", Decimal("1200.50")),
    (MontantHt, "1 000 € hors taxes", Decimal(1000)),
    (MontantHt, "1 200 € TTC", CITE),
    (Jours, "1,5 j", Decimal("1.5")),
    (Jours, "1.5", Decimal("1.5")),
    (Jours, "1 jour et demi", Decimal("1.5")),
    (Jours, "3 demi-journées", Decimal("1.5")),
    (Jours, "une demi-journée", Decimal("0.5")),
    (Jours, "1/2 journée", Decimal("0.5")),
    (Jours, "½ j", Decimal("0.5")),
    (Jours, "2j1/2", Decimal("2.5")),
    (Jours, "deux jours et demi", Decimal("2.5")),
    (Jours, "3 JOURS.", Decimal(3)),
    (Jours, "vingt et un jours", Decimal(21)),
    (Jours, "vingt-et-un jours", Decimal(21)),
    (Jours, "soixante-dix-sept jours", Decimal(77)),
    (Jours, "vingt jours et demi", Decimal("20.5")),
    (Jours, "vingt et une demi-journées", CITE),  # twenty and a half, or twenty-one halves
    (Jours, "10,5 h", CITE),
    (Jours, "2 à 3 jours", CITE),
    (Jours, "2 1/2 journées", CITE),  # two and a half, or two halves
    (Jours, "une semaine", CITE),
    (OuiNon, "OUI", OUI),
    (OuiNon, "oui.", OUI),
    (OuiNon, "Oui !", OUI),
    (OuiNon, "o", OUI),
    (OuiNon, "✓", OUI),
    (OuiNon, "☑", OUI),
    (OuiNon, "non", NON),
    (OuiNon, "N", NON),
    (OuiNon, "Sans Objet", SO),
    (OuiNon, "s.o.", SO),
    (OuiNon, "SO", SO),
    (OuiNon, "S/O", SO),
    (OuiNon, "pas concernés", SO),
    (OuiNon, "x", CITE),  # a cross says which box was meant only when there are two
    (OuiNon, "☒", CITE),
    (OuiNon, "plutôt oui", CITE),
    (OuiNon, "oui mais tard", CITE),
    (OuiNon, "Oui/Non", CITE),
    (OuiNon, "NSP", CITE),
    (OuiNon, "/", CITE),
    (Telephone, "04.92.00.00.00", "+33492000000"),
    (Telephone, "0492000000", "+33492000000"),
    (Telephone, "+33 4 92 00 00 00", "+33492000000"),
    (Telephone, "+33 (0)4 92 00 00 00", "+33492000000"),
    (Telephone, "0033 4 92 00 00 00", "+33492000000"),
    (Telephone, "04 92 00 00 00 (standard)", "+33492000000"),
    (Telephone, "Tél. : 04-92-00-00-00", "+33492000000"),
    (Telephone, "port. 06 39 98 00 00", "+33639980000"),
    (Telephone, "04 92 00 00", CITE),
    (Telephone, "04 92 OO OO OO", CITE),
    (Telephone, "04 92 00 00 00 / 06 39 98 00 00", CITE),
    (Telephone, "04 92 00 00 00 poste 12", CITE),
    (Siret, "123 456 782 00010", "12345678200010"),
    (Siret, "123.456.782.00010", "12345678200010"),
    (Siret, "N° SIRET : 12345678200010", "12345678200010"),
    (Siret, "123 456 782", CITE),
    (Siret, "123 456 782 00011", CITE),
    (Siret, "en cours", CITE),
    (Rna, "w370001234", "W370001234"),
    (Rna, "RNA : W37 0001234", "W370001234"),
    (CodePostal, "37 000", "37000"),
    (CodePostal, "04000", "04000"),
    (CodePostal, "F-37000", "37000"),
    (CodePostal, "37000 Tours", CITE),
    (CodePostal, "3700", CITE),
    (Courriel, "nom@exemple.fr  ;", "nom@exemple.fr"),
    (Courriel, "mailto:nom@exemple.fr", "nom@exemple.fr"),
    (Courriel, "e-mail : nom@exemple.fr", "nom@exemple.fr"),
    (Courriel, "Prénom Nom <nom@exemple.fr>", "nom@exemple.fr"),
    (Courriel, "« nom@exemple.fr ».", "nom@exemple.fr"),
    (Courriel, "nom@exemple.fr, autre@exemple.fr", CITE),
    (Courriel, "nom(at)exemple.fr", CITE),
    (Courriel, "nom @exemple.fr", CITE),
    (Url, "www.exemple.fr", "https://www.exemple.fr"),
    (Url, "http://exemple.fr/page.", "http://exemple.fr/page"),
    (Url, "pas de site", CITE),
    (Pourcentage, "12,5%", Decimal("12.5")),
    (Pourcentage, "50 pour cent", Decimal(50)),
    (Pourcentage, "110 %", CITE),
    (Annee, "2013", 2013),
    (Annee, "en 2013", 2013),
    (Annee, "année 2013.", 2013),
    (Annee, "13", CITE),
    (Annee, "2012-2013", CITE),
    (Entier, "12 personnes", 12),
    (Entier, "12 salarié(e)s", 12),
    (Entier, "1 200", 1200),
    (Entier, "45 ans", 45),
    (Entier, "20 ans d'expérience", 20),
    (Entier, "14 (9,5 ETP)", 14),
    (Entier, "14 salariés (9,5 ETP)", 14),
    (Entier, "9,5 ETP", CITE),
    (Entier, "une dizaine", CITE),
    (Entier, "3,5", CITE),
    (Nombre, "3.5", Decimal("3.5")),
    (Nombre, "~3", CITE),
    (Heure, "14h", time(14)),
    (Heure, "9 h 30", time(9, 30)),
    (Heure, "14:30", time(14, 30)),
    (Heure, "9h30-12h", CITE),
]


@pytest.mark.parametrize(
    ("kind", "typed", "value"), [case for case in SAISIES if case[2] is not CITE]
)
def test_what_can_be_read_is_read(kind: Any, typed: str, value: Any) -> None:
    assert parse(kind, typed) == value


@pytest.mark.parametrize(
    ("kind", "typed"), [(kind, typed) for kind, typed, value in SAISIES if value is CITE]
)
def test_what_cannot_be_read_is_quoted_with_what_was_expected(kind: Any, typed: str) -> None:
    with pytest.raises(ValueError, match="écrivez") as refused:
        parse(kind, typed)
    assert f"« {typed} »" in str(refused.value)


CHAMPS = {  # where such a value is asked for
    "conditions.debut": "31/02/2013",
    "conditions.montant_maximum": "env. 1200",
    "conditions.jours_maximum": "10,5 h",
    "operateur.charge_de_mission.telephone": "04 92 00 00 00 poste 12",
    "operateur.charge_de_mission.courriel": "nom(at)exemple.fr",
    "operateur.adresse.code_postal": "37000 Tours",
}


def test_all_that_cannot_be_read_is_said_at_once_and_the_rest_is_read() -> None:
    slug, node = "cahier_des_charges", FORMULAIRES["cahier_des_charges"].schema_node()
    typed = {tag: text for tag, text in CHAMPS.items() if tag in held(slug)}
    assert len(typed) > 3, sorted(held(slug))
    lecture = read(
        fill(
            form(slug),
            {
                **typed,
                "objectifs.general": "Tenir deux axes",
                "reponse.date_limite": "mardi 2 avril 2013",
            },
        )
    )
    assert changed(lecture) == {
        "objectifs.general": "Tenir deux axes",
        "reponse.date_limite": "02/04/2013",
    }
    assert {constat.chemin for constat in lecture.refus} == set(typed)
    for constat in lecture.refus:
        field = node.find(constat.chemin)
        assert isinstance(field, Node)
        assert field.label in constat.message and f"« {typed[constat.chemin]} »" in constat.message
        assert f"({constat.chemin})" in constat.message and "écrivez par exemple" in constat.message


VALEURS: dict[str, tuple[Any, st.SearchStrategy[Any]]] = {
    "date": (Jour, st.dates(date(1800, 1, 1), date(2199, 12, 31))),
    "date_longue": (Jour, st.dates(date(1800, 1, 1), date(2199, 12, 31))),
    "montant": (Montant, st.decimals(0, 10**9, places=2)),
    "montant_ht": (MontantHt, st.decimals(0, 10**9, places=2)),
    "jours": (Jours, st.decimals(0, 400, places=2)),
    "jours_longs": (JoursLongs, st.decimals(0, 400, places=2)),
    "pourcentage": (Pourcentage, st.decimals(0, 100, places=2)),
    "nombre": (Nombre, st.decimals(0, 10**9, places=1)),
    "annee": (Annee, st.integers(1800, 2199)),
    "heure": (Heure, st.times().map(lambda moment: moment.replace(second=0, microsecond=0))),
    "periode": (
        Periode,
        st.tuples(st.dates(MARS, date(2030, 1, 1)), st.dates(MARS, date(2030, 1, 1))).map(
            lambda days: Intervalle(min(days), max(days))
        ),
    ),
    "suite": (
        ChoixMultiple[Reponse],  # type: ignore[misc]  # a class when it runs
        st.lists(st.sampled_from(Reponse), min_size=1, unique=True).map(
            lambda chosen: tuple(one for one in Reponse if one in chosen)
        ),
    ),
    "telephone": (Telephone, st.from_regex(r"\+33[1-9][0-9]{8}", fullmatch=True)),
    "siret": (Siret, st.sampled_from(["12345678200010", "00000001800010"])),
}


@pytest.mark.parametrize("name", sorted(VALEURS))
@given(data=st.data())
def test_whatever_a_form_prints_is_read_back(name: str, data: st.DataObject) -> None:
    kind, values = VALEURS[name]
    value = data.draw(values)
    assert parse(kind, format_value(name, value)) == value


def test_every_printed_format_is_tried() -> None:
    assert set(FORMATS) - set(VALEURS) <= {"texte", "siren"}
