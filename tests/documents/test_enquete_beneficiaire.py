"""Ce qui est propre à l'enquête auprès de l'association : ses questions, que le DLA choisit ;
l'envoi une fois la prestation réalisée.
"""

from __future__ import annotations

from typing import Any

import pytest

from dla_docs import EnqueteBeneficiaire, check, trame
from dla_docs.forms.blank_form import open_paths
from dla_docs.model.requirement import Role
from tests import as_keyed
from tests.documents.verdict import loaded, mission, named, paths, tenu, verdict
from tests.word_forms import page_text

SLUG = "enquete_beneficiaire"
DOC = f"documents.{SLUG}."
USUAL = [
    "La durée et le rythme de l'intervention",
    "La méthode de travail proposée à votre structure",
    "Le choix des personnes associées",
]


def asked(rows: Any) -> list[str | None]:
    return [row.question for row in rows]


def test_the_questions_that_nobody_wrote_are_ours() -> None:
    assert asked(EnqueteBeneficiaire().modalites) == USUAL
    assert asked(loaded(SLUG, {"modalites": None}).modalites) == USUAL


@pytest.mark.parametrize(
    "written",
    [["Une question à nous ?"], [{"question": "Une question à nous ?", "reponse": "satisfaisant"}]],
)
def test_the_questions_of_the_dla_replace_ours(written: Any) -> None:
    assert asked(loaded(SLUG, {"modalites": written}).modalites) == ["Une question à nous ?"]
    assert asked(
        tenu(
            mission("individuelle", {f"{DOC}modalites": written}).premier(EnqueteBeneficiaire)
        ).modalites
    ) == ["Une question à nous ?"]


@pytest.mark.parametrize(
    "written", [{"q2": {"reponse": "satisfaisant"}}, [{"cle": "q2", "reponse": "satisfaisant"}]]
)
def test_an_answer_by_its_key_leaves_the_other_questions_to_answer(written: Any) -> None:
    held = loaded(SLUG, {"modalites": written})
    assert asked(held.modalites) == USUAL
    assert paths(check(held)) == ["modalites[0].reponse", "modalites[2].reponse"]


def test_an_answer_at_its_rank_is_to_our_question_beside_one_of_the_dla() -> None:
    written = [{"reponse": "satisfaisant"}, {"question": "Une question à nous ?"}]
    assert asked(loaded(SLUG, {"modalites": written}).modalites) == [
        USUAL[0],
        "Une question à nous ?",
    ]


def test_a_question_may_be_rewritten_and_another_kept() -> None:
    held = loaded(
        SLUG,
        {
            "modalites": {
                "q1": {"question": "Le nombre de jours", "reponse": "satisfaisant"},
                "q2": {"reponse": "satisfaisant"},
            }
        },
    )
    assert asked(held.modalites) == ["Le nombre de jours", USUAL[1]]


@pytest.mark.parametrize(("theme", "identifiant"), [("modalites", "ES-01"), ("impact", "ES-05")])
def test_a_theme_without_a_question_is_refused(theme: str, identifiant: str) -> None:
    found = verdict(SLUG, {theme: []}, "npdc")
    assert [(constat.exigences, constat.chemin) for constat in found] == [((identifiant,), theme)]


def test_a_row_that_is_no_question_is_told_in_french() -> None:
    with pytest.raises(Exception, match="modalites"):
        loaded(SLUG, {"modalites": [{"quetsion": "?"}]})


def test_an_answer_is_asked_for_once_the_survey_is_answered() -> None:
    assert "ES-01" in named(check(EnqueteBeneficiaire()))
    assert not {f"ES-0{number}" for number in range(1, 6)} & named(
        check(EnqueteBeneficiaire(stade="adressee"))
    )


@pytest.mark.parametrize(
    ("sent", "faults"), [("15/12/2005", [f"{DOC}adressee_le"]), ("16/12/2005", [])]
)
@pytest.mark.parametrize("profil", ["npdc", "paca"])
def test_it_is_sent_once_the_work_is_done(sent: str, faults: list[str], profil: str) -> None:
    found = verdict("mission_individuelle", {f"{DOC}adressee_le": sent}, profil)
    assert (paths(found), named(found)) == (faults, {"PRO-16"} if faults else set())


def test_the_structure_opens_its_answers_and_not_the_questions() -> None:
    opened = open_paths(EnqueteBeneficiaire, Role.STRUCTURE)
    assert {
        "modalites[].reponse",
        "modalites[].commentaire",
        "repondant.nom",
        "observations",
    } <= opened
    assert not {"modalites[].question", "adressee_le", "prestataire.nom"} & opened


def test_the_blank_form_asks_our_questions() -> None:
    text = page_text(trame(SLUG, role=Role.STRUCTURE))
    assert all(question in as_keyed(text) for question in USUAL)
