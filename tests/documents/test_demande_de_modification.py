"""La demande de modification : ce que le DLA accepte passe dans la grille de suivi et dans la
convention, et rien d'autre.
"""

from __future__ import annotations

from datetime import date

import pytest

from dla_docs import ConventionTripartite, GrilleDeSuivi
from dla_docs.model.values import Reponse
from dla_docs.parties.modification import MoyenContact
from tests.documents.verdict import mission, named, tenu, verdict

SLUG, DOC = "demande_de_modification", "documents.demande_de_modification[0]."


def test_the_suivi_takes_over_what_was_agreed() -> None:
    (row,) = tenu(mission("individuelle", {}).premier(GrilleDeSuivi)).modifications
    assert (row.cle, row.etape, row.moyen, row.avenant) == (
        "m1",
        "3",
        MoyenContact.TELEPHONE,
        "Avenant n° 1",
    )
    assert str(row.motif).startswith(
        "Fin de l'étape reportée au 9 décembre 2005\nLaisser un mois entier"
    )


def test_the_suivi_ignores_what_was_refused() -> None:
    refused = {f"{DOC}decision": {"accord": "refusee"}}
    assert tenu(mission("individuelle", refused).premier(GrilleDeSuivi)).modifications == ()


AVENANT = "documents.convention_tripartite.modification"


def test_the_convention_takes_over_the_avenant_that_was_decided() -> None:
    told = tenu(mission("individuelle", {AVENANT: None}).premier(ConventionTripartite)).modification
    assert (told.modifiee, [row.intitule for row in told.avenants]) == (
        Reponse.OUI,
        ["Avenant n° 1"],
    )


def test_what_the_convention_says_of_the_avenant_completes_what_was_decided() -> None:
    dated = {AVENANT: {"avenants": [{"signe_le": "21/11/2005"}]}}
    told = tenu(mission("individuelle", dated).premier(ConventionTripartite)).modification
    assert [(row.intitule, row.signe_le) for row in told.avenants] == [
        ("Avenant n° 1", date(2005, 11, 21))
    ]


def test_an_avenant_that_nobody_dated_notifies_nothing() -> None:
    assert "RX-10" in named(verdict("mission_individuelle", {AVENANT: None}))


def test_a_refused_request_has_no_avenant() -> None:
    refused = {AVENANT: None, f"{DOC}decision": {"accord": "refusee", "avenant": "Avenant n° 1"}}
    told = tenu(mission("individuelle", refused).premier(ConventionTripartite)).modification
    assert (told.modifiee, told.avenants) == (None, ())


def test_a_refused_request_asks_for_no_validation_and_no_avenant() -> None:
    assert verdict(SLUG, {"decision": {"accord": "refusee", "suite": "arret"}}, "national") == []


def test_a_request_that_waits_for_its_answer_is_not_asked_for_it() -> None:
    assert verdict(SLUG, {"decision": None}, "national", "deposee") == []
    assert named(verdict(SLUG, {"decision": None}, "national")) == {
        "NMP-03",
        "SUI-14",
        "CV-07",
        "RX-33",
        "CV-08",
        "CV-09",
    }


def test_an_ordinary_change_calls_for_no_decision_on_the_whole_mission() -> None:
    assert (
        verdict(
            SLUG,
            {"demande.objet": "modification", "demande.constat": None, "decision.suite": None},
            "national",
        )
        == []
    )


@pytest.mark.parametrize("day", [None, "27/06/2013"])
def test_the_end_does_not_move_without_a_contact_before_the_agreement(day: str | None) -> None:
    assert named(verdict(SLUG, {"contact.date": day})) == {"RX-08"}


def test_a_change_of_mere_date_needs_no_contact() -> None:
    assert verdict(SLUG, {"changements[1].nature": "date", "contact.date": None}) == []
