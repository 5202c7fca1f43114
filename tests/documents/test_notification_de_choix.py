"""Ce qui est propre à la notification : le résultat et l'extrait viennent de la mission, le motif
ne se donne que s'il est demandé.
"""

from __future__ import annotations

from typing import Any

import pytest

from dla_docs import check
from tests.documents.verdict import mission, named, paths, verdict

SLUG = "notification_de_choix"
NOTIF = f"documents.{SLUG}"


def test_each_prestataire_receives_the_result_and_his_own_column() -> None:
    documents: Any = mission("individuelle", {}).documents[SLUG]
    chosen, other = documents
    assert (chosen.resultat.name, other.resultat.name) == ("RETENU", "NON_RETENU")
    assert chosen.proposition_recue_le.day == 20 and other.proposition_recue_le.day == 22
    said = {row.critere: row.appreciation for row in other.extrait}
    assert said[
        "– Pertinence des modalités d'appropriation de la démarche par l'association"
    ].startswith("Les rapporteurs")
    assert not {row.appreciation for row in chosen.extrait} & set(said.values()) - {None}


def test_the_result_agrees_with_the_mission() -> None:
    changed = mission("individuelle", {f"{NOTIF}[0].resultat": "non_retenu"})
    assert "PRO-08" in named(check(changed, "centre"))


@pytest.mark.parametrize(
    ("profil", "faults"), [("centre", ["extrait"]), ("npdc", []), ("paca", []), ("national", [])]
)
def test_the_extract_is_due_in_the_centre_alone(profil: str, faults: list[str]) -> None:
    assert paths(verdict(SLUG, {"extrait": None}, profil)) == faults


def test_who_is_retained_is_told_no_reason() -> None:
    assert verdict(SLUG, {"resultat": "retenu", "motif": None}, "npdc") == []
