"""Ce qui est propre au plan d'accompagnement : ce qu'il reprend du diagnostic, ce que la commande
en reprend, ses versions.
"""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dla_docs import CahierDesCharges, DiagnosticPartage, Mission, PlanAccompagnement, check, render
from dla_docs.parties.plan import Action
from dla_docs.resources import sample_path
from dla_docs.stages.loading import load_text
from tests.documents.verdict import loaded, mission, named, page, paths, tenu, verdict
from tests.word_forms import page_text

SLUG, CDC = "plan_accompagnement", "cahier_des_charges"
DOC, ORDER = f"documents.{SLUG}.", f"documents.{CDC}."


def said(rows: Any) -> list[tuple[Any, ...]]:
    return [tuple(getattr(row, name) for name in Action.model_fields) for row in rows]


@pytest.mark.parametrize("nature", ["individuelle", "collective"])
def test_each_fact_goes_down_from_the_diagnostic_to_the_order(nature: str) -> None:
    held = mission(nature, {})
    shared, plan, order = (
        tenu(held.premier(DiagnosticPartage)),
        tenu(held.premier(PlanAccompagnement)),
        tenu(held.premier(CahierDesCharges)),
    )
    assert said(shared.plan_propose) == said(plan.actions) == said(order.plan.actions)
    assert [row.besoin for row in plan.besoins] == [row.besoin for row in shared.besoins]
    assert plan.bilan.activite.points_forts == shared.bilan.activite.points_forts
    assert order.plan.etabli_le == plan.versions[0].date
    assert order.plan.valide_le == shared.validations[0].date
    assert order.objectifs.general == plan.missions[0].general
    assert [goal.intitule for goal in order.objectifs.operationnels] == [
        goal.intitule for goal in plan.missions[0].operationnels
    ]


@given(
    st.lists(
        st.tuples(
            st.text("abc é", min_size=1).map(str.strip).filter(bool),
            st.sampled_from([None, "individuelle", "collective"]),
        ),
        max_size=5,
    )
)
def test_whatever_the_actions_the_order_holds_those_of_the_plan(
    actions: list[tuple[str, str | None]],
) -> None:
    rows = [{"action": text, "ingenierie": nature} for text, nature in actions]
    held = load_text(
        yaml.dump({"document": "mission", "documents": {SLUG: {"actions": rows}, CDC: {}}}),
        sample_path("mission_individuelle"),
    )
    assert isinstance(held, Mission)
    assert [row.action for row in tenu(held.premier(PlanAccompagnement)).actions] == [
        text for text, _ in actions
    ]
    assert said(tenu(held.premier(CahierDesCharges)).plan.actions) == said(
        tenu(held.premier(PlanAccompagnement)).actions
    )


def test_the_context_of_the_order_is_the_one_of_the_advised_mission() -> None:
    held = mission("individuelle", {f"{ORDER}plan": None})
    assert (
        tenu(held.premier(CahierDesCharges)).plan.contexte
        == tenu(held.premier(PlanAccompagnement)).missions[0].contexte
    )


def test_what_the_order_says_itself_wins() -> None:
    held = mission("individuelle", {f"{ORDER}objectifs.general": "accompagner la direction"})
    assert tenu(held.premier(CahierDesCharges)).objectifs.general == "accompagner la direction"


def test_the_order_takes_the_objectives_of_the_mission_of_its_own_nature() -> None:
    plan = {
        f"{DOC}missions": [
            {"action": "4", "general": "la comptabilité"},
            {"action": "a3", "general": "le changement"},
        ]
    }
    assert (
        tenu(mission("individuelle", plan).premier(CahierDesCharges)).objectifs.general
        == "le changement"
    )


def test_the_order_takes_nothing_from_a_mission_of_the_other_nature() -> None:
    plan = {f"{DOC}missions": [{"action": "4", "general": "la comptabilité"}]}
    assert tenu(mission("individuelle", plan).premier(CahierDesCharges)).objectifs.general is None


@pytest.mark.parametrize(
    ("named_by", "faults"),
    [("1", []), ("a1", []), ("5", ["missions[0].action"]), (None, ["missions[0].action"])],
)
def test_an_advised_mission_names_a_line_of_the_plan(
    named_by: str | None, faults: list[str]
) -> None:
    assert paths(verdict(SLUG, {"missions[0].action": named_by})) == faults


@pytest.mark.parametrize("named_by", ["3", "a3"])
def test_the_action_that_a_mission_answers_must_say_its_kind(named_by: str) -> None:
    found = verdict(SLUG, {"missions[0].action": named_by})
    assert paths(found) == ["actions[2].ingenierie"]
    assert named(found) == {"RX-15"}
    assert named(verdict(SLUG, {"missions[0].action": named_by}, "npdc")) >= {"PLA-19", "RX-15"}


def test_the_table_of_the_dla_37_is_an_example() -> None:
    assert verdict(SLUG, {f"actions[{number}].cause": None for number in range(4)}) == []
    assert verdict(SLUG, {"missions": None}) == []


def test_a_version_without_a_date_leaves_the_order_without_one() -> None:
    assert (
        tenu(
            mission("individuelle", {f"{DOC}versions[0].date": None}).premier(CahierDesCharges)
        ).plan.etabli_le
        is None
    )


def test_the_order_of_the_versions_does_not_matter() -> None:
    held = mission("individuelle", {})
    turned = [{"numero": "2", "date": "24/01/2006"}, {"numero": "1", "date": "17/06/2005"}]
    assert (
        tenu(
            mission("individuelle", {f"{DOC}versions": turned}).premier(CahierDesCharges)
        ).plan.etabli_le
        == tenu(held.premier(CahierDesCharges)).plan.etabli_le
    )


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({f"{DOC}suivi.evaluation": "non", f"{DOC}versions[1].date": "16/12/2005"}, []),
        ({f"{DOC}versions[1].date": "16/12/2005"}, []),
        ({f"{DOC}suivi.evaluation": "sans objet"}, [f"{DOC}suivi.evaluation"]),
        (
            {f"{DOC}suivi": None, "documents.evaluation_individuelle": None},
            [f"{DOC}suivi.modalites", f"{DOC}suivi.evaluation"],
        ),
        (
            {
                f"{DOC}suivi.evaluation": None,
                "documents.evaluation_individuelle": None,
                "documents.rapport_final.suites.besoins": "Aucun.",
            },
            [],
        ),
    ],
)
def test_the_evaluation_and_the_new_needs_feed_the_plan(
    changes: dict[str, Any], faults: list[str]
) -> None:
    found = paths(verdict("mission_individuelle", changes))
    assert [one for one in found if one.startswith(DOC)] == faults


@pytest.mark.parametrize(
    ("besoins", "faults"),
    [
        (
            [{"besoin": "Un outil commun."}],
            ["documents.suivi_post_accompagnement.besoins[0].repris_le", f"{DOC}versions"],
        ),
        ([{"besoin": "Un outil commun.", "suite": "Orientation vers la fédération"}], []),
        ([], []),
    ],
)
def test_the_needs_found_afterwards_feed_the_plan_too(
    besoins: list[dict[str, str]], faults: list[str]
) -> None:
    changes = {
        "documents.suivi_post_accompagnement[0].besoins": besoins,
        f"{DOC}versions[2].date": "12/06/2006",
    }
    assert sorted(paths(verdict("mission_individuelle", changes, "npdc"))) == sorted(faults)


def test_a_plan_that_ends_before_it_begins_is_told_so() -> None:
    assert paths(verdict(SLUG, {"fin": "31/01/2013"}, "npdc")) == ["fin"]


def test_the_page_keeps_the_columns_of_the_dla_37_in_their_order() -> None:
    text = page(SLUG)
    heads = [
        "Difficulté rencontrée",
        "Cause supposée",
        "Action envisagée",
        "Echéance",
        "Moyens à mobiliser",
    ]
    assert [text.index(head) for head in heads] == sorted(text.index(head) for head in heads)
    assert (
        "Missions d'appui préconisées (ingénieries) soit partie relevant de la mission confiée à "
        "un prestataire du DLA" in text
    )


def draft(document: PlanAccompagnement) -> str:
    return page_text(render(document, brouillon=True))


def test_a_draft_does_not_ask_for_what_does_not_apply_nor_for_a_cell_that_may_stay_empty() -> None:
    assert "à compléter" not in draft(loaded(SLUG, {}))
    assert draft(loaded(SLUG, {"missions[0].action": "2"})).count("à compléter") == 1


@pytest.mark.parametrize("profil", ["national", "centre", "npdc", "paca"])
def test_a_plan_not_begun_says_what_is_missing_and_never_fails(profil: str) -> None:
    found = named(check(PlanAccompagnement(), profil))
    assert ("PLA-09" in found, "PLA-16" in found) == (
        profil in ("national", "centre"),
        profil in ("national", "npdc"),
    )
