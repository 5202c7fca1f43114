"""Des règles que peu de missions rencontrent : la faute est dite, à sa place."""

from __future__ import annotations

from typing import Any

import pytest

from dla_docs import Mission
from tests.documents.verdict import mission, verdict

OFFER, EVALUATION = "documents.proposition[0].", "documents.evaluation_individuelle"
FAULTS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("demande_de_modification", {"demande.voie": "orale"}, "demande.voie"),
    ("demande_de_modification", {"changements": None}, "changements"),
    ("note_mi_parcours", {"envoi.voie": "postale"}, "envoi.voie"),
    ("note_mi_parcours", {"envoi.envoyee_le": None}, "envoi.envoyee_le"),
    (
        "appel_a_competences",
        {
            "reponse": {"positionnement": "non"},
            "criteres": None,
            "refus": {"raison": "hors champs de compétences", "dit_le": "20/02/2013"},
        },
        "refus.dit_le",
    ),
    (
        "grille_de_suivi",
        {"modifications[0].nature": "problematique", "modifications[0].contact_le": None},
        "modifications[0].contact_le",
    ),
    (
        "mission_individuelle",
        {f"documents.plan_accompagnement.versions[{n}].date": "17/06/2005" for n in range(3)},
        "documents.plan_accompagnement.versions",
    ),
    (
        "mission_individuelle",
        {f"{OFFER}budget.jours": "12 j", f"{OFFER}budget.justification_des_jours": None},
        f"{OFFER}budget.jours",
    ),
    (
        "mission_individuelle",
        {"mise_en_concurrence.sollicites[0].dossier_complet_le": "01/01/2005"},
        "mise_en_concurrence.sollicites[0].dossier_complet_le",
    ),
    (
        "mission_individuelle",
        {EVALUATION: [{"stade": "repondue", "date": "09/01/2006"}] * 2},
        f"{EVALUATION}[1].restituee_le",
    ),
    (
        "mission_collective",
        {"cycle.confirmer.modalites.conditions.fait_le": "26/01/2016"},
        "mise_en_concurrence.sollicites[0].date",
    ),
)
OF_A_PROFIL = {"demande_de_modification": "npdc", "note_mi_parcours": "npdc"}


@pytest.mark.parametrize(("name", "changes", "path"), FAULTS)
def test_la_faute_est_dite_la_ou_elle_est(name: str, changes: dict[str, Any], path: str) -> None:
    profil = OF_A_PROFIL.get(name, "centre")
    told = [one for one in verdict(name, changes, profil) if one.chemin == path]
    assert told and all(f"({path})" in one.message and one.conseil for one in told)
    assert path not in {one.chemin for one in verdict(name, {}, profil)}


SILENCES: tuple[tuple[str, dict[str, Any], dict[str, Any], str], ...] = (
    (
        "mission_individuelle",
        {f"{OFFER}budget.justification_du_cout": None, f"{OFFER}budget.montant": "80 000 €"},
        {f"{OFFER}budget.montant": "1 000 €"},
        f"{OFFER}budget.montant",
    ),
    (
        "plan_accompagnement",
        {f"actions[{rank}].ingenierie": "individuelle" for rank in (1, 2, 3)},
        {"structures": [{"nom": f"Association {name}"} for name in "ABC"]},
        "actions",
    ),
)


@pytest.mark.parametrize(("name", "changes", "excuse", "path"), SILENCES)
def test_ce_qui_n_est_pas_une_faute_n_est_pas_dit(
    name: str, changes: dict[str, Any], excuse: dict[str, Any], path: str
) -> None:
    """Un coût sous le coût moyen, sans justification ; trois structures que l'on accompagne."""
    assert path in {one.chemin for one in verdict(name, changes)}
    assert path not in {one.chemin for one in verdict(name, changes | excuse)}


def test_une_alerte_se_donne_avant_la_fin_de_la_mission() -> None:
    request = "documents.demande_de_modification[0]."
    late = {
        f"{request}demande": {"objet": "inefficience", "constat": "L'essai n'a pas pu se tenir."},
        f"{request}decision.suite": "reorientation",
        f"{request}contact.date": None,
        f"{request}date": "19/12/2005",
    }
    path = "documents.demande_de_modification.date"
    for day, told in (("19/12/2005", True), ("15/12/2005", False)):
        found = verdict("mission_individuelle", late | {f"{request}date": day}, "npdc")
        assert (path in {one.chemin for one in found}) is told


def test_le_formulaire_de_la_mission_sait_le_jour_ou_chaque_proposition_est_venue() -> None:
    """De chacune le sien, et non celui d'une autre."""
    held = Mission.tenu_par(mission("individuelle", {})).mise_en_concurrence.sollicites
    days = [f"{one.recue_le:%d/%m/%Y}" for one in held]
    assert days == ["20/07/2005", "22/07/2005", "30/06/2005"]


def test_ce_qui_est_dit_de_chacun_n_est_que_de_lui() -> None:
    whole = mission("individuelle", {})
    each = whole.dits_de_chacun()
    offers = whole.documents["proposition"]
    assert [[one in said for said in each.values()] for one in offers] == [
        [True, False, False],
        [False, True, False],
    ]
    assert [whole.consultant in said for said in each.values()] == [True, False, False]
