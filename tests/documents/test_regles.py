"""Des règles que peu de missions rencontrent : la faute est dite, à sa place."""

from __future__ import annotations

from typing import Any

import pytest

from tests.documents.verdict import verdict

OFFER = "documents.proposition[0]."
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
