"""Ce qui se contredit se voit sous tous les profils, et à l'endroit où c'est écrit ; ce qu'on sait
d'un projet qui n'est pas retenu n'arrête pas la mission.
"""

from __future__ import annotations

import pytest

from dla_docs.constat import bloquants
from tests.corpus import PROFILS
from tests.documents.verdict import named, paths, verdict

NOM = "mission_individuelle"
ORDER, OFFER = "documents.cahier_des_charges", "documents.proposition[0]"
ASKED, TOLD = "mise_en_concurrence.sollicites[0]", "documents.notification_de_choix[1]"

CONTRADICTIONS = {
    f"{ORDER}.conditions.jours_maximum": {f"{ORDER}.conditions.jours_maximum": "5 j"},
    f"{ORDER}.conditions.fin": {f"{ORDER}.conditions.fin": "01/01/2005"},
    "documents.plan_accompagnement.fin": {"documents.plan_accompagnement.fin": "01/01/2001"},
    f"{OFFER}.budget.jours_hors_site": {f"{OFFER}.budget.jours_site": "7 j"},
    f"{OFFER}.calendrier.fin": {f"{OFFER}.calendrier.fin": "01/03/2005"},
    f"{OFFER}.recue_le": {f"{OFFER}.recue_le": "01/07/2005"},
    f"{ASKED}.date": {f"{ASKED}.date": "28/07/2005"},
    f"{ASKED}.dossier_complet_le": {f"{ORDER}.date": "05/07/2005"},
    "evenements.restitution.date": {"evenements.lancement.date": "20/12/2005"},
    f"{TOLD}.date": {f"{TOLD}.date": "20/07/2005"},
}


@pytest.mark.parametrize("profil", PROFILS)
@pytest.mark.parametrize("place", CONTRADICTIONS)
def test_a_contradiction_is_one_in_every_region(place: str, profil: str) -> None:
    assert place not in paths(verdict(NOM, {}, profil))
    assert place in paths(verdict(NOM, CONTRADICTIONS[place], profil))


@pytest.mark.parametrize(("rank", "stopped"), [(0, {"PROP-26"}), (1, set())])
def test_how_a_losing_bid_came_holds_nobody_up(rank: int, stopped: set[str]) -> None:
    offer = f"documents.proposition[{rank}]"
    found = verdict(NOM, {f"{offer}.voie": None, f"{offer}.recue_le": None}, "npdc")
    assert named([*bloquants(found)]) == stopped


@pytest.mark.parametrize("profil", ["centre", "npdc"])
def test_a_notification_without_its_date_has_told_nobody(profil: str) -> None:
    undated = {
        f"{TOLD}.date": None,
        "documents.grille_de_lecture.projets.beta.restitue_le": None,
    }
    asked = {"centre": "PRO-08", "npdc": "PRO-23"}[profil]
    found = verdict(NOM, undated, profil)
    assert asked in named([*bloquants(found)])
    assert asked not in named(verdict(NOM, {}, profil))


def test_a_late_bid_is_late_even_without_the_cahier_des_charges() -> None:
    late = {ORDER: None, f"{OFFER}.recue_le": "25/07/2005"}
    found = [one for one in verdict(NOM, late, "npdc") if one.chemin == f"{OFFER}.recue_le"]
    assert named(found) == {"RX-24"}
