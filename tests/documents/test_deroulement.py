"""Ce que la mission tient elle-même : rencontres, paiements, cycle d'une ingénierie collective ; et où chaque demande y est."""

from __future__ import annotations

from typing import Any

import pytest

from dla_docs import DOCUMENTS, check
from dla_docs.catalogue import requirements
from dla_docs.exigence import referentiel
from dla_docs.loading import load_text
from dla_docs.mission import Mission
from dla_docs.profil import load_profil
from dla_docs.resources import sample_path
from dla_docs.schema import Node
from tests.corpus import PROFILS, holders
from tests.documents.verdict import mission, named, paths, raw, verdict

SANS_RAPPORT: dict[str, Any] = {"documents.rapport_final": None}
RUPTURES: dict[str, list[tuple[str, str, dict[str, Any]]]] = {
    "RX-03": [("individuelle", "npdc", SANS_RAPPORT), ("individuelle", "npdc", {"paiements[1].verse_le": "15/12/2005"})],
    "RF-20": [("individuelle", "npdc", SANS_RAPPORT)],
    "RX-02": [("collective", "npdc", {"documents.fiche_prestataire": None})],
}


def asked() -> list[tuple[str, str]]:
    """Each content that the mission itself is asked for, with its place; what only a document of it is asked for is tried with that document."""
    nodes = [(node, exigence) for node in Mission.schema_node().walk() for exigence in node.exigences]
    return [(exigence.id, node.path) for node, exigence in nodes if exigence.nature in ("champ", "processus") and exigence.force.value in "OSR"]


@pytest.mark.parametrize(("identifiant", "path"), asked())
def test_what_a_mission_lacks_is_named(identifiant: str, path: str) -> None:
    nature = next(nature for nature in ("individuelle", "collective") if holders(raw(f"mission_{nature}"), path))
    for profil in PROFILS:
        found = verdict(f"mission_{nature}", {path: None}, profil)
        assert (identifiant in {one for constat in found if constat.chemin == path for one in constat.exigences}) == load_profil(profil).follows(
            referentiel()[identifiant]
        )


@pytest.mark.parametrize("identifiant", [row.id for row in referentiel().values() if "mission" in row.documents])
def test_the_listing_says_where_the_mission_keeps_it(identifiant: str) -> None:
    row = next(row for row in requirements() if row["id"] == identifiant)
    to_come = [slug for slug in row["documents"] if slug not in DOCUMENTS and slug != "mission"]
    assert row["ou"] or to_come, row
    for place in row["ou"]:
        slug, _, path = place.partition(".")
        if not path.endswith("()") and not path.startswith("documents."):
            model = Mission if slug == "mission" else DOCUMENTS[slug]
            assert isinstance(model.schema_node().find(path.replace("[]", "")), Node), place


def test_what_comes_later_does_not_lack_yet() -> None:
    for text in ("document: mission\n", "document: mission\nnature: individuelle\nstructures: [{nom: Une association}]\n"):
        assert check(load_text(text, sample_path("mission_individuelle"))) == []
    begun = "document: mission\nevenements: {comite_appui: {date: 14/06/2005}}\n"
    assert named(check(load_text(begun, sample_path("mission_individuelle")))) == {"CA-01", "CA-02"}


def test_a_mission_under_way_is_warned_and_what_it_must_hold_blocks() -> None:
    begun = "document: mission\nevenements: {comite_appui: {date: 14/06/2005}}\n"
    found = check(load_text(begun, sample_path("mission_individuelle")))
    assert {constat.chemin.rpartition(".")[2]: str(constat.gravite) for constat in found} == {
        "presents": "avertissement",
        "avis": "avertissement",
        "regles_de_diffusion": "bloquant",
    }


def test_an_individual_mission_has_no_cycle() -> None:
    held = mission("collective", {"nature": "individuelle"})
    assert not {"EC-01", "EC-18"} & named([constat for constat in check(held, "national") if constat.chemin.startswith(("type", "capitalisation"))])


def test_the_balance_is_told_once_and_the_report_takes_it_over() -> None:
    held = mission("individuelle", {})
    assert held.premier("rapport_final").remise.solde_verse_le == held.solde_verse_le is not None
    found = verdict("mission_individuelle", {"paiements[1].verse_le": "15/12/2005"}, "npdc")
    assert (named(found), paths(found)) == ({"RX-03", "RF-20"}, ["documents.rapport_final.remise.solde_verse_le"])
    assert verdict("mission_individuelle", {"paiements[1].verse_le": "15/12/2005"}, "centre") == []


def test_a_payment_on_account_needs_the_sheet_too() -> None:
    assert "RX-02" in named(verdict("mission_collective", {"documents.fiche_prestataire": None}, "npdc"))
    unpaid = {"documents.fiche_prestataire": None, "paiements": None}
    assert "RX-02" not in named(verdict("mission_collective", unpaid, "npdc"))


def test_the_steps_of_the_cycle_are_those_of_the_guide() -> None:
    cycle = Mission.schema_node().find("cycle")
    assert cycle is not None
    assert [part.label for part in cycle.children.values()] == ["Identifier", "Engager", "Confirmer", "Finaliser"]
    assert [len(part.children) for part in cycle.children.values()] == [3, 3, 3, 3]
    assert {str(exigence) for node in cycle.walk() for exigence in node.exigences} == {"EC-06", "EC-07", "EC-08", "EC-09"}
