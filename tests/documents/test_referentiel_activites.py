"""Ce qui est propre au référentiel d'activités : son arbre écrit d'avance, mot pour mot, et les %
temps que le DLA y porte.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dla_docs import ReferentielActivites, check, render, to_yaml
from dla_docs.parties.activites import ACTIVITES, MissionDuDla
from dla_docs.resources import sample_path
from dla_docs.stages.loading import load_text
from tests import as_keyed
from tests.documents.verdict import loaded, named, page, paths, verdict
from tests.word_forms import page_text

SLUG = "referentiel_activites"
MISSIONS = ("mission_1", "mission_2", "mission_3", "mission_4")
FONCTIONS = {
    "mission_1": ["accueil", "ingenieries", "parcours"],
    "mission_2": ["comite_appui", "instances", "pilotage", "regional", "national"],
    "mission_3": ["regulation"],
    "mission_4": ["reseau", "formations"],
}


def held(document: Any) -> list[tuple[str, str, str]]:
    parts: list[tuple[str, MissionDuDla]] = [(name, getattr(document, name)) for name in MISSIONS]
    return [
        (name, fonction, row.intitule)
        for name, part in parts
        for fonction in part.fonctions()
        for row in getattr(part, fonction).activites
    ]


def test_the_tree_is_the_one_of_the_guide() -> None:
    blank = ReferentielActivites()
    assert {name: getattr(blank, name).fonctions() for name in MISSIONS} == FONCTIONS
    assert [sum(row[0] == name for row in held(blank)) for name in MISSIONS] == [18, 17, 8, 4]
    assert [len(getattr(blank, name).axes) for name in MISSIONS] == [4, 6, 1, 1]
    assert [row[2] for row in held(blank)] == [
        text for texts in ACTIVITES.values() for text in texts
    ]


@pytest.mark.parametrize(
    "written",
    [
        None,
        {},
        {"accueil": None},
        {"accueil": {"temps": "10 %"}},
        {"accueil": {"activites": None}},
        {"axes": {"x2": {"bilan": "24 diagnostics"}}},
    ],
)
def test_what_is_written_of_a_function_keeps_its_activities(written: Any) -> None:
    document = loaded(SLUG, {"mission_1": written})
    assert held(document) == held(ReferentielActivites())
    assert [axis.axe for axis in document.mission_1.axes] == [
        axis.axe for axis in ReferentielActivites().mission_1.axes
    ]


def test_a_dla_may_write_its_own_activities() -> None:
    document = loaded(
        SLUG, {"mission_4.formations": {"temps": "1 %", "activites": ["Une formation à nous"]}}
    )
    assert [row.intitule for row in document.mission_4.formations.activites] == [
        "Une formation à nous"
    ]


def test_every_activity_is_printed_once_and_in_order() -> None:
    text = page(SLUG)
    places = [text.index(activity) for texts in ACTIVITES.values() for activity in texts]
    assert places == sorted(places)


def test_a_function_without_a_share_of_time_is_named_with_its_place() -> None:
    found = verdict(SLUG, {"mission_2.national.temps": None})
    assert (paths(found), named(found)) == (["mission_2.national.temps"], {"REF-03"})


def test_no_time_at_all_is_an_answer() -> None:
    assert verdict(SLUG, {"mission_2.national.temps": "0 %"}) == []


@given(
    st.lists(
        st.integers(0, 1000).map(lambda tenths: Decimal(tenths) / 10), min_size=11, max_size=11
    )
)
def test_more_than_all_the_time_is_told_and_nothing_else_is(shares: list[Decimal]) -> None:
    rest = iter(shares)
    parts: dict[str, Any] = {
        name: {fonction: {"temps": next(rest)} for fonction in fonctions}
        for name, fonctions in FONCTIONS.items()
    }
    parts["etats"] = [{"etat": "Conception initiale"}]
    found = check(ReferentielActivites(**parts), "centre")
    assert [constat.chemin for constat in found] == (["mission_1"] if sum(shares) > 100 else [])
    assert all(constat.gravite.name == "AVERTISSEMENT" for constat in found)


def test_a_share_above_the_whole_is_malformed() -> None:
    with pytest.raises(Exception, match="100"):
        loaded(SLUG, {"mission_1.accueil.temps": "120 %"})


def test_what_is_written_back_reads_the_same() -> None:
    document = loaded(SLUG, {})
    assert load_text(to_yaml(document), sample_path(SLUG)).model_dump() == document.model_dump()


def test_the_list_prints_before_any_time_is_known() -> None:
    blank = ReferentielActivites()
    text = page_text(render(blank, brouillon=True))
    assert all(activity in as_keyed(text) for activity in ACTIVITES["regulation"])
