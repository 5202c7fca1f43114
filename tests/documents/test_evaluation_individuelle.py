"""Ce qui est propre à la grille d'évaluation individuelle : qui répond, la ligne « Si non », la
partie 4, les stades.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dla_docs import CahierDesCharges, EvaluationIndividuelle
from dla_docs.forms import read, trame
from dla_docs.model.requirement import Role
from dla_docs.model.values import Reponse
from tests import examples
from tests.documents.verdict import mission, named, page, paths, tenu, verdict
from tests.word_forms import fill, tags_of

SLUG = "evaluation_individuelle"
DOC = f"documents.{SLUG}."
DEMANDE = "documents.demande_de_modification[0]."
NODES = EvaluationIndividuelle.schema_node()


def leaves(part: str) -> dict[str, frozenset[str]]:
    return {
        node.path: node.roles
        for node in NODES.leaves()
        if node.path.startswith(part) and not node.path.endswith(".cle")
    }


def blank_sheet(role: Role) -> bytes:
    return trame(
        SLUG,
        mission("individuelle", {f"documents.{SLUG}": {"stade": "vierge"}, "operateur": "DLA 00"}),
        role,
    )


def test_the_prestataire_only_comments() -> None:
    opened = [node.path for node in NODES.leaves() if "prestataire" in node.roles]
    assert opened
    others = {path for path in opened if not path.endswith("commentaire_prestataire")}
    assert others == {"discutee_le"}  # the day its référent talked it over


def test_part_1_is_the_charge_de_mission_s_and_parts_2_to_4_the_structure_s() -> None:
    own = {"conditions": "charge_de_mission"} | dict.fromkeys(
        ("operationnalite", "relation", "resultats", "autres_resultats"), "structure"
    )
    for part, role in own.items():
        others = {
            path: roles
            for path, roles in leaves(part).items()
            if not path.endswith(("commentaire_prestataire", "resultats[].intitule"))
        }
        assert set(others.values()) == {frozenset({role})}, part
    assert leaves("resultats")["resultats[].intitule"] == {"charge_de_mission"}


def test_the_rows_of_part_1_follow_the_order_of_the_guide() -> None:
    rows = (
        "1) Conditions",
        "Adéquation avec les délais",
        "Conformité des productions",
        "Contenu réalisé en conformité",
        "Si non, transformation",
    )
    places = [page(SLUG).find(row) for row in rows]
    assert -1 not in places
    assert places == sorted(places)


def test_a_sheet_filled_by_the_structure_comes_back() -> None:
    blank = blank_sheet(Role.STRUCTURE)
    assert "conditions.transformation.reponse" in tags_of(blank)
    lecture = read(
        fill(
            blank,
            {
                "resultats[3].obtenu": "Non",
                "relation.autre.intitule": "Ponctualité",
                "operationnalite.rythme.commentaire": "Trop vite.",
            },
        )
    )
    assert (lecture.refus, lecture.document.resultats[3].obtenu) == ((), Reponse.NON)  # type: ignore[attr-defined]  # the kind is known
    assert [change.chemin for change in lecture.changements if change.apres == "Ponctualité"] == [
        "relation.autre.intitule"
    ]


def test_what_another_writes_in_its_place_is_said() -> None:
    returned = fill(blank_sheet(Role.PRESTATAIRE), {"relation.echanges.reponse": "oui"})
    assert any(
        "n'était pas ouvert" in constat.message and constat.chemin == "relation.echanges.reponse"
        for constat in read(returned).constats
    )


def test_part_4_is_the_cahier_des_charges_word_for_word() -> None:
    held = mission("individuelle", {})
    sheet, order = tenu(held.premier(EvaluationIndividuelle)), tenu(held.premier(CahierDesCharges))
    assert [row.intitule for row in sheet.resultats] == [
        row.intitule for row in order.objectifs.resultats
    ]


def test_a_result_in_other_words_is_one_constat_with_both_ids() -> None:
    found = verdict(
        "mission_individuelle", {f"{DOC}resultats.r1.intitule": "Tout le monde est d'accord."}
    )
    assert [(constat.exigences, constat.chemin) for constat in found] == [
        (("RX-12", "EVI-17"), f"{DOC}resultats[0].intitule")
    ]


@examples(20)
@given(st.text(" \n\t\N{NO-BREAK SPACE}", min_size=1))
def test_spaces_and_line_breaks_are_no_other_words(space: str) -> None:
    text = "La direction dispose de repères et d'outils pour conduire les équipes.".replace(
        " ", space
    )
    assert verdict("mission_individuelle", {f"{DOC}resultats.r4.intitule": text}) == []


def test_if_the_content_conforms_the_next_row_stays_blank() -> None:
    found = verdict(SLUG, {"conditions.contenu.reponse": "oui"})
    assert [(constat.exigences, constat.chemin) for constat in found] == [
        (("RX-13",), "conditions.transformation.reponse")
    ]


def test_if_it_does_not_the_next_row_is_asked_once_with_both_ids() -> None:
    found = verdict(SLUG, {"conditions.transformation": None})
    assert [(constat.exigences, constat.chemin) for constat in found] == [
        (("EVI-05", "RX-13"), "conditions.transformation.reponse")
    ]


@pytest.mark.parametrize("nature", ["contenu", "restitution", "problematique"])
def test_a_modified_content_and_the_suivi_must_agree(nature: str) -> None:
    changes: dict[str, Any] = {
        f"{DEMANDE}changements[0].nature": nature,
        "documents.grille_de_suivi.etapes.e3.realise.dates": "11/2005",
    }
    found = verdict("mission_individuelle", changes)
    assert {(constat.exigences, str(constat.gravite)) for constat in found} == {
        ((), "avertissement")
    }
    answered = {
        f"{DOC}conditions.contenu.reponse": "non",
        f"{DOC}conditions.transformation": {"reponse": "oui"},
    }
    assert verdict("mission_individuelle", {**changes, **answered}) == []


def test_sans_objet_is_an_answer() -> None:
    assert verdict(SLUG, {"relation.hors_site": {"reponse": "sans objet"}}) == []


def test_a_comment_is_no_answer() -> None:
    found = verdict(
        SLUG,
        {
            "operationnalite.methodologie": {"commentaire": "Adaptée."},
            "relation.autre": {"commentaire_prestataire": "Merci."},
        },
    )
    assert (named(found), paths(found)) == (
        {"RX-28"},
        ["operationnalite.methodologie.reponse", "relation.autre.reponse"],
    )


def test_the_free_rows_may_stay_blank() -> None:
    assert (
        verdict(
            SLUG, {"operationnalite.libre": None, "relation.autre": None, "autres_resultats": None}
        )
        == []
    )


def test_a_blank_sheet_is_only_asked_its_expected_results() -> None:
    blank: dict[str, Any] = dict.fromkeys(
        (
            "date",
            "modalites",
            "restituee_le",
            "conditions",
            "operationnalite",
            "relation",
            "autres_resultats",
        )
    )
    rows = [{"intitule": "Un plan de développement."}]
    assert verdict(SLUG, {**blank, "resultats": rows}, stade="vierge") == []
    assert named(verdict(SLUG, {**blank, "resultats": None}, stade="vierge")) == {"EVI-17"}


def test_before_the_restitution_what_the_form_alone_asks_does_not_block() -> None:
    found = verdict(SLUG, {"relation.echanges": None, "restituee_le": None}, stade="repondue")
    assert [(constat.exigences, str(constat.gravite)) for constat in found] == [
        (("EVI-13",), "avertissement")
    ]


def test_the_restitution_is_asked_at_the_end_and_comes_after_the_talk() -> None:
    for day in (None, "07/10/2013"):
        found = verdict(SLUG, {"restituee_le": day})
        assert [(constat.exigences, constat.chemin) for constat in found] == [
            (("RX-30", "EVI-21"), "restituee_le")
        ]


def test_a_late_end_that_the_dla_agreed_to_is_in_time() -> None:
    late = {"documents.grille_de_suivi.fin_de_mission.realise.dates": "20/12/2005"}
    assert [
        (c.exigences, str(c.gravite), c.chemin) for c in verdict("mission_individuelle", late)
    ] == [
        (("RX-08",), "bloquant", "documents.grille_de_suivi.fin_de_mission.realise.dates"),
        (("RX-23",), "avertissement", f"{DOC}conditions.delais.reponse"),
    ]
    told = verdict("mission_individuelle", {**late, f"{DOC}conditions.delais.reponse": "non"})
    assert named(told) == {"RX-08"}
    agreed = {f"{DEMANDE}changements[0].nature": "fin_de_mission"}
    assert verdict("mission_individuelle", {**late, **agreed}) == []
