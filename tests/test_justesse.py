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
