"""Les parties d'un contrat : nommées selon leur nombre, et chacune à sa place pour signer."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from dla_docs import make_dossier, render, trame
from dla_docs.documents.convention_tripartite import ConventionTripartite
from dla_docs.model.node import place
from dla_docs.resources import sample_path
from tests.documents.verdict import mission
from tests.test_marges import words

OTHERS: list[dict[str, Any]] = [
    {"nom": "DLA 05 Exemple", "charge_de_mission": {"nom": "Sacha Gabarit"}},
    {"nom": "DLA 06 Exemple"},
]


def contract(nature: str, others: list[dict[str, Any]]) -> list[str]:
    held = mission(nature, {"autres_operateurs": others})
    [page] = held.documents["convention_tripartite"]
    return words(render(page), "word/document.xml")


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("nature", ["individuelle", "collective"])
def test_each_party_that_has_a_copy_has_a_place_to_sign(
    nature: str, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(sample_path("mission_individuelle").parent)
    body = contract(nature, OTHERS[:number])
    made = next(text for text in body if text.startswith("Fait à"))
    copies = re.search(r"en (\d+) exemplaires", made)
    places = sum(text.startswith("Signature :") for text in body[body.index(made) :])
    assert (
        copies and int(copies[1]) == places == number + {"individuelle": 3, "collective": 7}[nature]
    )
    assert all(body.count(one["nom"]) > 1 for one in OTHERS[:number])


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_boxes_of_the_others_are_not_alone_on_their_page(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(sample_path("mission_individuelle").parent)
    held = mission("individuelle", {"autres_operateurs": OTHERS[:number]})
    [page] = held.documents["convention_tripartite"]
    with zipfile.ZipFile(io.BytesIO(render(page))) as package:
        xml = package.read("word/document.xml").decode()
    boxes = xml[xml.index('w:val="Signatures"') :].partition("</w:tbl>")[0]
    last = boxes.rpartition("<w:tr>")[2]
    assert ("<w:keepNext/>" in last.rpartition("<w:p>")[2]) == (number > 0)


def test_a_contract_whose_structure_is_written_by_hand_counts_its_copy() -> None:
    page = ConventionTripartite.model_validate({"operateur": {"nom": "DLA 00 Exemple"}})
    body = " ".join(words(render(page, brouillon=True), "word/document.xml"))
    assert "en 3 exemplaires originaux" in body


def test_the_parties_are_named_by_their_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(sample_path("mission_individuelle").parent)
    alone, several = contract("individuelle", OTHERS[:1]), contract("collective", OTHERS)
    said = [[text.strip() for text in body] for body in (alone, several)]
    assert {"L’association :", "L’autre DLA :"} <= set(said[0])
    assert {"Les associations :", "Les autres DLA :"} <= set(said[1])


def test_what_follows_a_name_keeps_its_plural() -> None:
    form = " ".join(words(trame("mission"), "word/document.xml"))
    assert "Autre opérateur DLA, quand la mission est conduite à plusieurs" in form


def test_a_message_names_a_field_as_its_page_does() -> None:
    root = ConventionTripartite.schema_node()
    assert place(root, "prix.versements").endswith("Échéancier des versements")


def test_the_contents_of_a_dossier_count_the_parties_whose_day_nobody_has_told(
    tmp_path: Path,
) -> None:
    """Of five structures the mission tells the day of the first one alone."""
    make_dossier(sample_path("mission_collective"), tmp_path)
    [page] = tmp_path.glob("00*.docx")
    said = " ".join(words(page.read_bytes(), "word/document.xml")).replace("’", "'")
    assert "l'association le 06/03/2006" in said and "À signer : 4 autres parties" in said


def test_the_contents_of_a_dossier_say_whose_it_is(tmp_path: Path) -> None:
    make_dossier(sample_path("mission_individuelle"), tmp_path)
    [page] = tmp_path.glob("00*.docx")
    assert "DLA 00" in words(page.read_bytes(), "word/header2.xml")[0]
    with zipfile.ZipFile(page) as package:
        assert "<dc:creator>DLA 00</dc:creator>" in package.read("docProps/core.xml").decode()
