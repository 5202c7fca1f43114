"""Ce qui est propre au rapport final : ce qu'il reprend, sa page de garde, la remise des deux
versions.
"""

from __future__ import annotations

from typing import Any

import pytest

from dla_docs import CahierDesCharges, GrilleDeSuivi, Proposition, RapportFinal
from dla_docs.manual.requirement_index import kind_named
from tests.documents.verdict import mission, named, paths, raw, tenu, verdict

SLUG = "rapport_final"
DOC = f"documents.{SLUG}."


def test_it_is_known_by_its_other_names() -> None:
    assert (
        kind_named("rapport de mission") is kind_named("Rapport de fin de mission") is RapportFinal
    )


def test_it_takes_over_what_the_mission_already_says() -> None:
    held = mission("individuelle", {})
    report, order, followed, offer = (
        tenu(held.premier(RapportFinal)),
        tenu(held.premier(CahierDesCharges)),
        tenu(held.premier(GrilleDeSuivi)),
        tenu(held.retenue(Proposition)),
    )
    assert report.rappel.general == order.objectifs.general
    assert [goal.intitule for goal in report.rappel.operationnels] == [
        goal.intitule for goal in order.objectifs.operationnels
    ]
    assert [row.intitule for row in report.resultats] == [
        row.intitule for row in order.objectifs.resultats
    ]
    assert [(step.intitule, step.dates) for step in report.etapes] == [
        (step.intitule, step.realise.dates) for step in followed.etapes
    ]
    assert [row.intitule for row in report.productions] == [
        row.intitule for row in offer.productions
    ]
    assert [person.nom for person in report.intervenants] == [
        person.nom for person in offer.intervenants
    ]


def test_without_a_suivi_its_steps_are_those_of_the_proposition() -> None:
    held = mission("individuelle", {"documents.grille_de_suivi": None})
    assert [step.intitule for step in tenu(held.premier(RapportFinal)).etapes] == [
        step.intitule for step in tenu(held.retenue(Proposition)).etapes
    ]


def test_its_steps_are_those_of_the_suivi() -> None:
    found = verdict(
        "mission_individuelle",
        {f"{DOC}etapes.e9": {"intitule": "En plus", "dates": "12/2005", "commentaire": "Faite."}},
    )
    assert [(constat.exigences, constat.chemin) for constat in found] == [
        (("RX-11",), f"{DOC}etapes")
    ]


def test_a_step_without_a_comment_is_one_constat_with_both_ids() -> None:
    found = verdict("mission_individuelle", {f"{DOC}etapes.e2": None})
    assert [(constat.exigences, constat.chemin) for constat in found] == [
        (("RF-02", "RX-11"), f"{DOC}etapes[1].commentaire")
    ]


def test_a_proposed_production_that_was_not_handed_over_is_said() -> None:
    found = verdict("mission_individuelle", {f"{DOC}productions.p2.remise_le": None})
    assert [(constat.exigences, str(constat.gravite), constat.chemin) for constat in found] == [
        (("RX-22",), "avertissement", f"{DOC}productions[1].remise_le")
    ]


@pytest.mark.parametrize(
    ("name", "identifiant"), [("rapport_final", "RF-10"), ("proposition", "PROP-06")]
)
@pytest.mark.parametrize("rank", range(4))
def test_no_funder_may_lack_on_a_cover_of_the_nord(name: str, identifiant: str, rank: int) -> None:
    funders = raw(name)["couverture"]["financeurs"]
    without_logo = {f"couverture.financeurs[{rank}].logo": None}
    without_funder = {
        "couverture.financeurs": [funder for number, funder in enumerate(funders) if number != rank]
    }
    for changes in (without_logo, without_funder):
        assert [
            (constat.exigences, str(constat.gravite)) for constat in verdict(name, changes, "npdc")
        ] == [(("RX-21", identifiant), "bloquant")]
        assert verdict(name, changes, "centre") == []


@pytest.mark.parametrize("logo", ["logo_dla", "logo_operateur"])
def test_both_logos_of_the_dla_stand_on_the_cover(logo: str) -> None:
    assert named(verdict(SLUG, {f"couverture.{logo}": None}, "npdc")) == {"RF-08"}
    assert named(verdict(SLUG, {f"couverture.{logo}.fichier": None}, "npdc")) == {"RX-21", "RF-08"}
    assert verdict(SLUG, {f"couverture.{logo}": None}, "centre") == []


def test_the_mention_is_the_guide_s() -> None:
    assert named(verdict(SLUG, {"couverture.mention": None}, "npdc")) == {"RF-09"}
    assert named(verdict(SLUG, {"couverture.mention": "Avec le soutien de :"}, "npdc")) == {
        "RX-21",
        "RF-09",
    }
    assert verdict(SLUG, {"couverture.mention": "accompagnement DLA financé par"}, "npdc") == []
    assert verdict(SLUG, {"couverture.mention": None}, "centre") == []


@pytest.mark.parametrize(
    ("departement", "conseil", "identifiants"),
    [
        ("Nord (59)", "Conseil Général du Nord", set()),
        ("Pas-de-Calais", "Conseil général du Pas de Calais", set()),
        ("62 Pas de Calais", "Conseil départemental du Pas-de-Calais", set()),
        ("Pas-de-Calais", "Conseil Général du Nord", {"RX-21", "RF-10"}),
        ("Nord (59)", "Conseil Général", {"RX-21", "RF-10"}),
    ],
)
def test_the_conseil_general_is_that_of_the_operator(
    departement: str, conseil: str, identifiants: set[str]
) -> None:
    changes = {"operateur.departement": departement, "couverture.financeurs[3].nom": conseil}
    assert named(verdict(SLUG, changes, "npdc")) == identifiants


def test_in_a_mission_the_cover_comes_from_the_operator() -> None:
    operator = raw("operateur")
    for document in (
        tenu(mission("individuelle", {}).premier(RapportFinal)),
        tenu(mission("individuelle", {}).retenue(Proposition)),
    ):
        assert [funder.nom for funder in document.couverture.financeurs] == [
            funder["nom"] for funder in operator["financeurs"]
        ]
    bare: dict[str, Any] = {
        key: value
        for key, value in operator.items()
        if key not in ("logo_dla", "logo", "financeurs")
    }
    found = verdict("mission_individuelle", {"operateur": bare}, "npdc")
    assert named(found) == {"RF-08", "RF-09", "RF-10", "PROP-06"}
    assert len(paths(found)) == len(set(paths(found)))
    assert verdict("mission_individuelle", {"operateur": bare}) == []


def test_the_operator_s_funders_may_come_from_the_profile() -> None:
    bare = {
        "nom": "DLA 59",
        "structure_porteuse": "Association Exemple",
        "departement": "Nord (59)",
        "charge_de_mission": "Camille Exemple",
    }
    report = tenu(
        mission("individuelle", {"operateur": bare, "profil": "npdc"}).premier(RapportFinal)
    )
    assert [funder.nom for funder in report.couverture.financeurs][:2] == [
        "DDTEFP",
        "Caisse des Dépôts",
    ]
    assert report.couverture.mention == "Accompagnement DLA financé par :"


@pytest.mark.parametrize(
    "changes", [{"remise.papier_le": "31/10/2013"}, {"remise.solde_verse_le": "28/09/2013"}]
)
def test_the_balance_waits_for_both_versions(changes: dict[str, Any]) -> None:
    found = verdict(SLUG, changes, "npdc")
    assert [(constat.exigences, constat.chemin) for constat in found] == [
        (("RX-03", "RF-20"), "remise.solde_verse_le")
    ]
    assert verdict(SLUG, changes, "centre") == []
    assert verdict(SLUG, {"remise.solde_verse_le": None}, "npdc") == []
