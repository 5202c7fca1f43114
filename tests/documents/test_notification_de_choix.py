"""Ce qui est propre à la notification : le résultat et l'extrait viennent de la mission, le motif
ne se donne que s'il est demandé.
"""

from __future__ import annotations

from typing import Any

import pytest

from dla_docs import check, render
from dla_docs.constat import Gravite
from dla_docs.word.names import W_P, W
from dla_docs.word.package import open_package, parse_part
from dla_docs.word.page import text_of
from tests.documents.verdict import mission, named, paths, verdict

SLUG = "notification_de_choix"
NOTIF = f"documents.{SLUG}"
AVERTISSEMENT = Gravite.AVERTISSEMENT


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


def test_to_explain_the_refusal_is_never_due_and_said_unasked_is_only_noticed() -> None:
    """« Le DLA pourra expliciter le motif du refus si le prestataire en fait expressément la
    demande ».
    """
    asked = {f"{NOTIF}[1].motif": {"demande_le": "05/09/2005"}}
    assert verdict("mission_individuelle", asked, "npdc") == []
    (noticed,) = verdict("mission_individuelle", {f"{NOTIF}[1].motif": {"motif": "Prix"}}, "npdc")
    assert (noticed.chemin, noticed.gravite) == (f"{NOTIF}[1].motif.demande_le", AVERTISSEMENT)


def test_without_a_grid_a_collective_mission_owes_no_extract_of_it() -> None:
    bare: dict[str, Any] = {
        "documents.grille_de_lecture": None,
        "mise_en_concurrence.choisi_le": "12/02/2013",
    }
    assert not {"GL-19", "RX-27"} & named(verdict("mission_collective", bare, "centre"))
    kept = {"documents.grille_de_lecture.projets": None}
    assert "GL-19" in named(verdict("mission_collective", kept, "centre"))


def test_a_criterion_that_holds_others_reads_as_their_heading() -> None:
    [chosen, _] = mission("individuelle", {}).documents[SLUG]
    page = parse_part(open_package(render(chosen, "centre"))["word/document.xml"], "page")
    styles = {text_of(one): one.find(f"{W}pPr/{W}pStyle") for one in page.iter(W_P)}
    worn = {text: str(style.get(f"{W}val")) for text, style in styles.items() if style is not None}
    assert worn["Qualité des intervenants"] == "LibelleTableau"
    assert worn["– Résultats attendus"] == "TexteTableau"
