"""Ce qui est propre à l'appel à compétences : l'appel et la réponse sur un même formulaire, les
réponses conditionnelles, peu d'information.
"""

from __future__ import annotations

from typing import Any

import pytest

from dla_docs import load, render, trame
from dla_docs.forms import read
from dla_docs.model.document import Document
from dla_docs.model.requirement import Role
from dla_docs.resources import sample_path
from dla_docs.word.answers import controls_in
from dla_docs.word.package import open_package
from tests.documents.verdict import named, paths, verdict
from tests.word_forms import fill, page_text

SLUG = "appel_a_competences"


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"reponse.positionnement": "non"}, ["refus.raison"]),
        (
            {
                "reponse.positionnement": "non",
                "refus": {"raison": "hors_champ", "dit_le": "05/02/2013"},
            },
            [],
        ),
        (
            {
                "reponse.positionnement": "non",
                "refus": {"raison": "non_disponible", "dit_le": "05/02/2013"},
            },
            ["refus.de_nouveau_le"],
        ),
        ({"reponse.rencontre_des_le": None}, ["reponse.rencontre_des_le"]),
        ({"reponse.rencontre_possible": "oui", "reponse.rencontre_des_le": None}, []),
        ({"reponse.coherence": None, "reponse.prix": None}, ["reponse.coherence", "reponse.prix"]),
    ],
)
def test_what_is_asked_depends_on_the_answers_above(
    changes: dict[str, Any], faults: list[str]
) -> None:
    assert paths(verdict(SLUG, changes, "national")) == faults


def test_the_call_leaves_before_anything_is_answered() -> None:
    call = {
        "reponse": {"rencontre_debut": "25/02/2013", "rencontre_fin": "01/03/2013"},
        "criteres": None,
        "stade": "emis",
    }
    assert verdict(SLUG, call) == []
    assert {"AC-06"} == named(verdict(SLUG, {**call, "stade": "repondu"}))


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("court", 0),
        ("x" * 330, 0),
        ("x" * 331, 1),
        ("une\ndeux\ntrois", 0),
        ("une\ndeux\ntrois\nquatre", 1),
    ],
)
def test_the_problem_is_said_in_three_lines(text: str, faults: int) -> None:
    found = verdict(SLUG, {"contexte.problematique": text})
    assert len(found) == faults
    assert not faults or "2 ou 3 lignes" in str(found[0])


def test_the_name_of_the_structure_is_nowhere_in_the_call() -> None:
    held: Any = load(sample_path("mission_simplifiee"))
    for document in held.documents[SLUG]:
        assert (
            document.contexte.secteur == "Environnement"
            and document.contexte.taille == "4 salariés"
        )
        assert f"{document.date:%d/%m/%Y}" == "09/09/2013"
        assert all(
            "Jardin partagé".encode() not in part
            for part in open_package(render(document)).values()
        )


def test_the_refusal_is_not_printed_for_who_positions_himself() -> None:
    def shown(document: Document) -> str:
        return page_text(render(document))

    held: Any = load(sample_path("mission_simplifiee"))
    accepted, refused = held.documents[SLUG]
    assert "Si vous ne souhaitez pas vous positionner" not in shown(accepted)
    assert "Si vous ne souhaitez pas vous positionner" in shown(
        refused
    ) and "Tarification" not in shown(refused)


def test_the_prestataire_answers_the_form_and_only_his_cells_are_open() -> None:
    form = trame(SLUG, role=Role.PRESTATAIRE)
    tags = {control.tag for control in controls_in(open_package(form))}
    assert {"reponse.positionnement", "refus.raison", "reponse.prix"} <= tags
    answered = fill(
        form, {"reponse.positionnement": "Non", "refus.raison": "hors champs de compétences"}
    )
    document = read(answered).document
    assert document.reponse.positionnement == "Non" and document.refus.raison.name == "HORS_CHAMP"  # type: ignore[attr-defined]  # the kind is known


def test_the_sample_prints_the_four_questions_in_their_order() -> None:
    sample = load(sample_path(SLUG))
    assert isinstance(sample, Document)
    text = page_text(render(sample)).replace("\N{NO-BREAK SPACE}", " ")
    heads = [
        "1. Positionnement possible",
        "2. 1ère rencontre",
        "3. Cohérence de l'offre",
        "4. À quel prix moyen",
    ]
    places = [text.replace("’", "'").index(head) for head in heads]
    assert places == sorted(places)
