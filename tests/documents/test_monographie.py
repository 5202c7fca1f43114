"""Ce qui est propre à la monographie : les quatre du carnet, leurs sommes qui ne tombent pas juste,
ce qu'elle reprend de la mission.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from dla_docs import CahierDesCharges, Monographie, Proposition, check, load
from dla_docs.parties.monographie import Compte
from dla_docs.resources import sample_path
from tests.documents.verdict import loaded, mission, named, page, paths, tenu, verdict

EMPLOIS, RECYCLERIES, INSERTION = (
    f"monographies/{name}" for name in ("emplois_environnement", "recycleries", "offre_insertion")
)
FIGURES = {
    "monographie": (
        "23 824,32 €",
        "24 j",
        "22",
        "16 membres et 6 partenaires",
        "3 mois",
        "4 j",
        "6 j",
        "2002",
        "5 hypothèses",
    ),
    EMPLOIS: (
        "14 800,00 €",
        "15 j",
        "7",
        "12",
        "13 collectivités",
        "99 %",
        "68 employeurs",
        "153 postes",
        "75 %",
        "2003",
        "10 réunions",
        "9 mois",
    ),
    RECYCLERIES: (
        "11 302,00 €",
        "9,5 j",
        "90 emplois",
        "62 aidés",
        "2 j",
        "3,5 j",
        "3 j",
        "6 mois",
        "3 départements et 2 régions",
        "5 DLA",
    ),
    INSERTION: (
        "8 100,00 €",
        "9 j",
        "12 000,00 €",
        "12 j",
        "14 demi-journées",
        "8 mois",
        "moins de 10 salariés",
        "2 entreprises",
        "2010",
    ),
}


@pytest.mark.parametrize("name", FIGURES)
def test_the_page_shows_every_figure_of_the_guide(name: str) -> None:
    shown = " ".join(page(name).split())
    assert [figure for figure in FIGURES[name] if figure not in shown] == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("monographie", []),
        (EMPLOIS, []),
        (RECYCLERIES, [((), "avertissement", "presentation.moyens.jours")]),
        (INSERTION, [(("MON-13",), "avertissement", "deroulement.par_structure")]),
    ],
)
@pytest.mark.parametrize("profil", ["national", "paca"])
def test_a_sum_of_the_guide_that_is_wrong_warns_and_refuses_nothing(
    name: str, expected: list[Any], profil: str
) -> None:
    found = check(load(sample_path(name)), profil)
    assert [
        (constat.exigences, str(constat.gravite), constat.chemin) for constat in found
    ] == expected


def test_individual_half_days_counted_in_all_make_the_average_right() -> None:
    counted = {f"deroulement.temps[{rank}].compte": Compte.AU_TOTAL.value for rank in (1, 3)}
    assert verdict(INSERTION, counted) == []
    assert paths(verdict(INSERTION, {**counted, "deroulement.par_structure": "13"})) == [
        "deroulement.par_structure"
    ]
    assert paths(
        verdict(
            INSERTION, {f"deroulement.temps[{rank}].compte": "par_structure" for rank in (1, 3)}
        )
    ) == ["deroulement.par_structure"]


def test_a_count_of_structures_that_is_missing_or_null_breaks_nothing() -> None:
    for count in ("0", None):
        held = loaded(
            INSERTION,
            {
                "presentation.beneficiaires.structures": count,
                "deroulement.temps[1].compte": "au_total",
            },
        )
        assert "deroulement.par_structure" in paths(check(held, "national"))


def test_days_and_half_days_add_up() -> None:
    days = [
        {"intitule": "Atelier", "nombre": "2", "unite": "journees"},
        {"intitule": "Bilan", "nombre": "1", "unite": "demi_journees"},
    ]
    meetings = [*days, {"intitule": "Comité", "nombre": "10", "unite": "reunions"}]
    assert verdict(EMPLOIS, {"deroulement.temps": meetings, "deroulement.par_structure": "5"}) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"presentation.moyens.montant": "20 000 €"},
        {"presentation.moyens.par_phase[1].montant": "12 100 €"},
    ],
)
def test_the_budget_of_the_phases_is_that_of_the_whole(changes: dict[str, str]) -> None:
    assert "presentation.moyens.par_phase" in paths(verdict(INSERTION, changes))


def test_a_published_one_asks_and_prints_only_what_was_answered() -> None:
    asked = "L'ingénierie a-t-elle permis d'identifier des besoins ?"
    assert asked in page("monographie") and asked not in page(EMPLOIS)
    assert named(verdict(EMPLOIS, {"forme": "grille"})) == {
        "MON-17",
        "MON-22",
        "MON-23",
        "MON-24",
    }
    assert verdict("monographie", {"forme": "publiee"}) == []


def test_one_axis_of_contents_is_enough() -> None:
    assert (
        named(verdict(RECYCLERIES, {"contenus.strategie": None, "contenus.communication": None}))
        == set()
    )
    assert named(verdict("monographie", {"contenus": None})) == {"MON-12"}


def test_type_b_accompanies_and_type_a_has_sessions() -> None:
    assert named(verdict("monographie", {"deroulement.types": ["information"]})) == {"RX-37"}
    accompanied = {"type": "reponse_collective", "deroulement.types": ["accompagnement"]}
    found = verdict("monographie", accompanied)
    assert [(one.exigences, str(one.gravite), one.chemin) for one in found] == [
        (("RX-37",), "avertissement", "deroulement.types")
    ]
    assert (
        verdict("monographie", {**accompanied, "deroulement.types": ["formation", "reseau"]}) == []
    )


def test_it_takes_over_what_the_mission_already_says() -> None:
    held = mission("collective", {"autres_operateurs": [{"nom": "DLA voisin"}]})
    one, order, offer = (
        tenu(held.premier(Monographie)),
        tenu(held.premier(CahierDesCharges)),
        tenu(held.retenue(Proposition)),
    )
    assert [row.intitule for row in one.presentation.pilotage.pilotes] == [
        held.operateur.nom,
        "DLA voisin",
    ]
    assert one.presentation.beneficiaires.structures == held.nombre_de_structures
    assert one.presentation.problematique.globale == order.demande.problematique
    assert [row.nom for row in one.presentation.moyens.systeme_intervenant] == [
        row.nom for row in held.cycle.engager.systeme_intervenant
    ]
    assert (one.presentation.moyens.montant, one.presentation.moyens.jours) == (
        offer.budget.montant,
        offer.budget.jours,
    )
    assert [(row.cle, row.jours) for row in one.deroulement.phases] == [
        (row.cle, row.duree) for row in offer.etapes
    ]
    assert sum(row.jours or 0 for row in one.deroulement.phases) == Decimal(24)
