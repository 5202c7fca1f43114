"""Ce qui est propre à la grille d'évaluation collective : une fiche par participant, la partie 1
commune, les lignes « si plusieurs jours ».
"""

from __future__ import annotations

from typing import Any

import pytest

from dla_docs import CahierDesCharges, Mission
from dla_docs.documents.evaluation_collective import EvaluationCollective
from tests.documents.verdict import mission, named, page, paths, tenu, verdict

SLUG = "evaluation_collective"
DOC = f"documents.{SLUG}"
NODES = EvaluationCollective.schema_node()
POINTS = (
    "operationnalite.rythme",
    "operationnalite.realisme",
    "operationnalite.specificites",
    "relation.disponibilite",
)


def sheets(held: Mission) -> tuple[Any, ...]:
    return held.documents[SLUG]


def test_the_rows_of_part_1_follow_the_order_of_the_guide() -> None:
    rows = (
        "1) Conditions",
        "Adéquation avec les délais",
        "Contenu réalisé en conformité",
        "Conformité des productions",
        "Si modification, information",
    )
    places = [page(SLUG).find(row) for row in rows]
    assert -1 not in places
    assert places == sorted(places)


def test_each_role_has_its_own_cells() -> None:
    opened = {
        role: [node.path for node in NODES.leaves() if role in node.roles]
        for role in ("prestataire", "participant", "structure")
    }
    assert all(
        path.endswith("commentaire_prestataire") or path == "commentee_le"
        for path in opened["prestataire"]
    )
    parts = {path.split(".")[0].removesuffix("[]") for path in opened["participant"]}
    assert parts == {"participant", "operationnalite", "relation", "resultats", "autres_resultats"}
    assert opened["structure"] == []


def test_part_1_is_written_once_and_stands_on_every_sheet() -> None:
    first, *others = sheets(mission("collective", {}))
    assert len(others) == 2
    assert first.conditions.contenu.reponse is not None
    for sheet in others:
        assert (sheet.conditions, sheet.date, sheet.modalites, sheet.restituee_le) == (
            first.conditions,
            first.date,
            first.modalites,
            first.restituee_le,
        )
        assert sheet.participant.nom != first.participant.nom
        assert sheet.operationnalite != first.operationnalite


def test_a_single_sheet_need_not_be_a_list() -> None:
    held = mission(
        "collective",
        {f"{DOC}": {"participant": "Alix Maquette", "conditions": {"delais": {"reponse": "oui"}}}},
    )
    assert str(sheets(held)[0].conditions.delais.reponse) == "Oui"


def test_another_part_1_on_a_sheet_is_noticed() -> None:
    found = verdict("mission_collective", {f"{DOC}[2].conditions": {"delais": {"reponse": "non"}}})
    assert [(constat.exigences, constat.chemin) for constat in found] == [
        (("RX-28",), f"{DOC}[2].conditions")
    ]


def test_the_expected_results_and_the_length_come_from_the_mission() -> None:
    held = mission("collective", {})
    order = tenu(held.premier(CahierDesCharges))
    for sheet in sheets(held):
        assert [row.intitule for row in sheet.resultats] == [
            row.intitule for row in order.objectifs.resultats
        ]
        assert sheet.jours == 24


@pytest.mark.parametrize("path", POINTS)
def test_the_rows_for_several_days_are_asked_beyond_one_day_only(path: str) -> None:
    asked = {"operationnalite": set(), "relation": {"EVC-16"}}[path.split(".")[0]]
    assert named(verdict(SLUG, {path: None})) == asked  # a sub-point has no answer of its own
    blank: dict[str, Any] = dict.fromkeys(POINTS)
    assert verdict(SLUG, {**blank, "jours": "1 j"}) == []
    found = verdict(SLUG, {**blank, "jours": "½ journée", path: {"reponse": "oui"}})
    assert (named(found), paths(found)) == ({"RX-38"}, [path])


def test_the_criterion_itself_is_always_asked() -> None:
    blank: dict[str, Any] = dict.fromkeys(POINTS)
    assert named(
        verdict(SLUG, {**blank, "jours": "1 j", "operationnalite.methodologie": None})
    ) == {"EVC-09"}


@pytest.mark.parametrize(("contenu", "named_ids"), [("non", {"EVC-06"}), ("oui", set())])
def test_the_modification_is_asked_if_there_was_one(contenu: str, named_ids: set[str]) -> None:
    assert (
        named(
            verdict(SLUG, {"conditions.contenu.reponse": contenu, "conditions.modification": None})
        )
        == named_ids
    )


def test_a_modification_of_the_suivi_is_one() -> None:
    change = {
        "etape": "4",
        "nature": "contenu",
        "motif": "Deux hypothèses",
        "moyen": "telephone",
        "contact_le": "02/05/2006",
        "avenant": "n° 1",
    }
    agreed = {**change, "validee_dla_le": "03/05/2006", "validee_structure_le": "03/05/2006"}
    found = verdict("mission_collective", {"documents.grille_de_suivi.modifications": [agreed]})
    assert (named(found), len(found)) == ({"EVC-06"}, 3)


def test_the_prestataire_comments_before_handing_the_sheet_if_he_wishes() -> None:
    found = verdict(SLUG, {"commentee_le": "13/12/2012"})
    assert (named(found), paths(found)) == ({"RX-29"}, ["commentee_le"])
    assert verdict(SLUG, {"commentee_le": "12/12/2012"}) == []
    assert verdict(SLUG, {"commentee_le": None}) == []
