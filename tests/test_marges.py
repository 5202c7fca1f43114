"""Ce que disent les marges d'un document, et ce que sa page ne redit pas."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from dla_docs import load, render
from dla_docs.builder.tables import _roomy
from dla_docs.documents.evaluation_collective import EvaluationCollective
from dla_docs.documents.monographie import Monographie
from dla_docs.mission import Mission
from dla_docs.model.document import Document
from dla_docs.resources import sample_path


def words(docx: bytes, part: str) -> list[str]:
    """Le texte de chaque paragraphe d'une partie."""
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        xml = package.read(part).decode()
    found = ("".join(re.findall(r"<w:t[^>]*>([^<]*)", one)) for one in xml.split("</w:p>"))
    return [text.replace("\N{NO-BREAK SPACE}", " ") for text in found if text]


def documents(nature: str) -> list[Document]:
    mission = load(sample_path(f"mission_{nature}"))
    assert isinstance(mission, Mission)
    return [one for held in mission.documents.values() for one in held]


@pytest.mark.parametrize("nature", ["individuelle", "collective"])
def test_every_foot_of_a_mission_says_a_day_and_a_reference(nature: str) -> None:
    for document in documents(nature):
        foot = words(render(document), "word/footer1.xml")[0]
        assert re.search(r" – (dossier au )?\d\d/\d\d/\d{4}Page", foot), foot
        assert "DLA00" in foot or document.slug() == "fiche_prestataire", foot


def test_what_nobody_has_dated_says_the_last_day_of_its_mission_not_the_one_of_its_making() -> None:
    [page] = [one for one in documents("collective") if isinstance(one, Monographie)]
    assert "dossier au 14/12/2006" in words(render(page), "word/footer1.xml")[0]


def test_the_structure_is_before_the_prestataire_in_every_foot() -> None:
    feet = [words(render(one), "word/footer1.xml") for one in documents("individuelle")]
    both = [foot[1] for foot in feet if len(foot) > 1 and " – " in foot[1]]
    assert len(both) > 9
    assert all(foot.startswith("Association Exemple Insertion – C") for foot in both)


def test_a_monograph_is_named_under_its_title_and_once() -> None:
    [page] = [one for one in documents("collective") if isinstance(one, Monographie)]
    body = words(render(page), "word/document.xml")
    assert body[1:3] == ["Monographie d’ingénierie collective", page.intitule]
    assert "Monographie" not in body and body.count(page.intitule or "") == 1
    assert "12 route du Col" not in " ".join(body[:15])


def test_the_first_page_of_a_participant_leaves_the_days_of_its_return_to_the_end() -> None:
    sheet = next(one for one in documents("collective") if isinstance(one, EvaluationCollective))
    body = words(render(sheet), "word/document.xml")
    assert body.index("Suivi de la fiche") > body.index("Coordonnées")
    assert body.index("Fiche commentée par le prestataire le") > body.index("Suivi de la fiche")


def test_a_quality_is_said_once() -> None:
    for document in documents("individuelle"):
        body = "\n".join(words(render(document), "word/document.xml"))
        assert not re.search(r"Chargé\(e\) de mission DLA : .*, Chargée de mission DLA", body)


def test_a_letter_is_signed_with_the_quality_of_who_signs() -> None:
    body = words(render(load(sample_path("notification_de_choix"))), "word/document.xml")
    assert body[-2:] == ["Chargée de mission DLA", "Camille Exemple"]


def test_each_structure_has_a_place_for_its_name_its_quality_and_its_day() -> None:
    [page] = [one for one in documents("collective") if one.slug() == "convention_tripartite"]
    body = words(render(page), "word/document.xml")
    after = body[body.index("Association Exemple Faune des cimes", 40) + 1 :]
    assert [text.partition("…")[0].strip(" :") for text in after[:3]] == [
        "Nom",
        "Qualité",
        "Signé le",
    ]


def test_a_cover_says_who_pays_and_lists_no_way_of_reporting() -> None:
    offer = words(render(load(sample_path("proposition"))), "word/document.xml")
    assert "Accompagnement DLA financé par :" in offer
    report = words(render(load(sample_path("rapport_final"))), "word/document.xml")
    assert report.index("Rappel des objectifs") < next(
        rank for rank, text in enumerate(report) if text.startswith("Note de synthèse et/ou")
    )


def test_an_answer_has_the_room_to_stand_on_one_line_beside_its_box() -> None:
    widths = [3.27, 3.27, 3.92, 2.62, 3.92]
    made = _roomy(widths, [0, 0, 0, 0, 4.5], [0, 0, 0.3, 0.62, 0])
    assert made[-1] == 4.5 and made[:2] == widths[:2] and round(sum(made), 2) == 17.0
    assert _roomy(widths, [0, 0, 0, 0, 0], [0, 0, 0.3, 0.62, 0]) == widths
