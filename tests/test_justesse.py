"""Un constat dit où est la faute, dès que la mission en est là, et ne la dit pas deux fois."""

from __future__ import annotations

from typing import Any

import pytest

from tests.documents.verdict import verdict

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
