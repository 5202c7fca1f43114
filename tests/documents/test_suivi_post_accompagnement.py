"""Ce qui est propre au suivi post-accompagnement : ce qu'il reprend de la mission, les besoins
qu'il rend au plan.
"""

from __future__ import annotations

import pytest

from dla_docs import (
    CahierDesCharges,
    GrilleDeSuivi,
    Proposition,
    RapportFinal,
    SuiviPostAccompagnement,
    check,
)
from tests.documents.verdict import loaded, mission, named, paths, tenu, verdict

SLUG = "suivi_post_accompagnement"
DOC = f"documents.{SLUG}[0]."


def test_it_takes_over_what_the_mission_produced() -> None:
    held = mission("individuelle", {})
    followed, report, order = (
        tenu(held.premier(SuiviPostAccompagnement)),
        tenu(held.premier(RapportFinal)),
        tenu(held.premier(CahierDesCharges)),
    )
    assert [row.intitule for row in followed.appropriation.productions] == [
        row.intitule for row in report.productions
    ]
    assert [row.intitule for row in followed.impact.resultats] == [
        row.intitule for row in order.objectifs.resultats
    ]
    done = tenu(held.premier(GrilleDeSuivi)).fin_de_mission.realise.dates
    assert done is not None and followed.fin == done.fin


def test_without_a_report_the_productions_are_those_promised() -> None:
    held = mission("individuelle", {"documents.rapport_final": None})
    promised = [row.intitule for row in tenu(held.retenue(Proposition)).productions]
    assert [
        row.intitule
        for row in tenu(held.premier(SuiviPostAccompagnement)).appropriation.productions
    ] == promised


def test_a_need_may_receive_another_answer_than_the_plan() -> None:
    assert (
        verdict(
            "mission_individuelle",
            {
                f"{DOC}besoins[0].repris_le": None,
                f"{DOC}besoins[0].suite": "Orientation vers la fédération",
            },
        )
        == []
    )
    assert verdict(SLUG, {"besoins[1].suite": None}) != []


def test_a_need_taken_up_before_it_was_found_is_told_so_without_a_plan_too() -> None:
    changes = {"documents.plan_accompagnement": None, f"{DOC}besoins[0].repris_le": "12/06/2006"}
    found = [
        constat for constat in verdict("mission_individuelle", changes) if SLUG in constat.chemin
    ]
    assert (paths(found), named(found)) == ([f"documents.{SLUG}.besoins[0].repris_le"], {"RX-31"})


def test_what_a_dla_may_do_is_never_demanded() -> None:
    lacking = SuiviPostAccompagnement()
    assert not {"DS-01", "DS-02", "DS-03", "PRO-18"} & named(check(lacking, "npdc"))
    assert "DS-02" in named(check(lacking, "centre"))  # an activity of the Centre's own list


@pytest.mark.parametrize(
    ("profil", "asked"), [("centre", True), ("national", True), ("npdc", False), ("paca", False)]
)
def test_the_summary_is_asked_for_where_the_list_of_activities_is_followed(
    profil: str, asked: bool
) -> None:
    found = verdict(SLUG, {"synthese": None}, profil)
    assert ("DS-05" in named(found)) == asked


def test_a_mission_may_be_followed_twice() -> None:
    first = loaded("mission_individuelle", {}).documents[SLUG]
    assert len(first) == 1 and type(first[0]).multiple
