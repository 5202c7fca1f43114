"""Un constat dit où est la faute, dès que la mission en est là, et ne la dit pas deux fois."""

from __future__ import annotations

from typing import Any

import pytest

from tests.documents.verdict import named, verdict

INDIVIDUELLE = "mission_individuelle"
DOC = "documents."


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"evenements.restitution.date": ""}, "Restitution › Date : contenu obligatoire absent"),
        (
            {f"{DOC}enquete_beneficiaire.modalites.q2.reponse": ""},
            "Les modalités d'intervention, ligne 2 › Réponse : contenu prévu par le guide absent",
        ),
    ],
)
def test_a_label_that_says_nothing_alone_is_told_with_its_place(
    changes: dict[str, Any], said: str
) -> None:
    assert any(said in one.message for one in verdict(INDIVIDUELLE, changes, "npdc"))


CONSULTANT = {"nom": "Claude Fictif", "fonction": "Consultant"}
DU_DLA = {"nom": "Camille Exemple", "fonction": "Chargée de mission DLA"}


@pytest.mark.parametrize(
    ("fonctions", "lacking"),
    [
        (["Présidente"], ""),
        (["Directrice salariée"], ""),
        (["Salariée", "Trésorier"], ""),
        ([None], ""),
        (["Secrétaire de l'association"], ""),
        (["Assistante de direction"], "un responsable de la structure"),
        (["Secrétaire comptable, Conseil général"], "un responsable de la structure"),
        (["Directeur, financeur de l'association"], "un responsable de la structure"),
        (["Salarié", "Vice-présidente du Conseil Régional"], "un responsable de la structure"),
    ],
)
def test_an_employee_or_a_funder_is_not_in_charge_of_the_structure(
    fonctions: list[str | None], lacking: str
) -> None:
    """« associant systématiquement les responsables de la structure concernée »."""
    came = [{"nom": f"Lou Gabarit {n}", "fonction": said} for n, said in enumerate(fonctions)]
    changes = {"evenements.restitution.presents": [CONSULTANT, DU_DLA, *came]}
    found = verdict(INDIVIDUELLE, changes, "npdc")
    assert ("RES-01" in named(found)) == bool(lacking)
    assert all(f"il manque {lacking} (" in one.message for one in found)


def test_the_one_in_charge_is_also_known_by_name() -> None:
    came = [DU_DLA, {"nom": "Andrea Modèle", "fonction": "Salariée"}]
    changes = {"evenements.restitution.presents": came, "structures[0].responsable": came[1]}
    assert "RES-01" not in named(verdict(INDIVIDUELLE, changes, "npdc"))


ETABLIE = f"{DOC}evaluation_individuelle."


@pytest.mark.parametrize("profil", ["centre", "national"])
def test_an_evaluation_left_as_answered_is_still_to_be_handed_back(profil: str) -> None:
    left = {f"{ETABLIE}stade": "repondue", f"{ETABLIE}restituee_le": None}
    [told] = verdict(INDIVIDUELLE, left, profil)
    assert (told.exigences, told.chemin, str(told.gravite)) == (
        ("RX-30", "EVI-21"),
        f"{ETABLIE}restituee_le",
        "bloquant",
    )
    assert verdict(INDIVIDUELLE, {f"{ETABLIE}stade": "repondue"}, profil) == []
    early = {f"{ETABLIE}stade": "vierge", f"{ETABLIE}restituee_le": None}
    assert "EVI-21" not in named(verdict(INDIVIDUELLE, early, profil))


ENQUETES = {  # what the sample says of the answers
    "enquete_beneficiaire": "modalites deroulement competences resultats impact",
    "enquete_prestataire": "operateur_dla beneficiaires",
}


def unanswered(slug: str) -> dict[str, Any]:
    answers = f"repondue_le repondant observations {ENQUETES[slug]}".split()
    return {f"{DOC}{slug}.{name}": None for name in answers}


@pytest.mark.parametrize("slug", ENQUETES)
@pytest.mark.parametrize("profil", ["npdc", "paca"])
def test_a_survey_that_was_sent_waits_for_its_answers(slug: str, profil: str) -> None:
    path = f"{DOC}{slug}"
    assert verdict(INDIVIDUELLE, unanswered(slug), profil) == []
    assert verdict(INDIVIDUELLE, {path: {}}, "paca")  # not even sent, the mission is over
    assert verdict(INDIVIDUELLE, {**unanswered(slug), f"{path}.stade": "repondue"}, "paca")
    begun = {**unanswered(slug), f"{path}.observations": "Un point au printemps."}
    assert verdict(INDIVIDUELLE, begun, "paca")


PLAN = "mise_en_concurrence.sollicites"


def test_an_offer_that_the_mission_alone_tells_still_came_by_some_way() -> None:
    """« écrites et transmises par voie postale ou voie électronique »."""
    alone: dict[str, Any] = {f"{DOC}proposition": [], f"{PLAN}[0].voie": None}
    found = [one for one in verdict(INDIVIDUELLE, alone, "npdc") if "PROP-26" in one.exigences]
    assert [one.chemin for one in found] == [f"{PLAN}[0].voie"]  # beta is not retained
    told = {**alone, f"{PLAN}[0].voie": "electronique"}
    assert "PROP-26" not in named(verdict(INDIVIDUELLE, told, "npdc"))
    assert "PROP-26" not in named(verdict(INDIVIDUELLE, alone, "centre"))
