"""Les carnets d'exemple, joués d'un bout à l'autre comme dans Jupyter : ce qu'ils montrent est ce
qu'ils disent.
"""

from __future__ import annotations

import os
import re
import shutil
from base64 import b64decode
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from tests.offices import need_office

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.lent


LOT = ("lot_evaluations.ipynb", "evaluations.csv")
YEAR = (
    "synthese_annee.ipynb",
    "evaluations.csv",
    "evaluation_individuelle.yaml",
    "evaluation_collective.yaml",
    "enquete_beneficiaire.yaml",
    "enquete_prestataire.yaml",
)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    return played(tmp_path_factory.mktemp("carnet"), *LOT)


@pytest.fixture(scope="module")
def of_the_year(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    return played(tmp_path_factory.mktemp("annee"), *YEAR)


def played(folder: Path, *files: str) -> list[Any]:
    """Ce qu'un carnet montre, le premier de ces fichiers, les autres à côté de lui."""
    need_office()
    for name in files:
        shutil.copy(ROOT / "samples" / name, folder)
    notebook = nbformat.reads((folder / files[0]).read_text(encoding="utf-8"), as_version=4)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder)}}).execute(
        env=environment
    )
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def said(outputs: list[Any]) -> str:
    return "".join(
        output["text"]
        for output in outputs
        if output["output_type"] == "stream" and output["name"] == "stdout"
    )


def shown(outputs: list[Any], kind: str) -> Iterator[str]:
    return (unescape(output["data"][kind]) for output in outputs if kind in output.get("data", {}))


def test_it_makes_the_rows_that_conform_then_only_those_that_were_mended(
    outputs: list[Any],
) -> None:
    assert said(outputs).splitlines() == [
        "10 fiches faites, 2 lignes à corriger",
        "2 fiches de plus",
        "0 réponse illisible",
    ]


def test_each_row_has_its_verdict_and_its_reason(outputs: list[Any]) -> None:
    examen = next(page for page in shown(outputs, "text/html") if "✔ conforme" in page)
    assert examen.count("✔ conforme") == 10
    assert examen.count("⛔ à corriger") == 2
    assert ">Cinéma Exemple - Atelier Epsilon Exemple</td>" in examen
    assert (
        "« 31/02/2013 » n'est pas une date" in examen
        and "« plutôt » n'est pas un des choix" in examen
    )


def test_a_document_shows_itself(outputs: list[Any]) -> None:
    assert any(
        "La grille d'évaluation et le suivi de l'ingénierie individuelle" in page
        for page in shown(outputs, "text/html")
    )


def test_pages_are_shown_as_pictures(outputs: list[Any]) -> None:
    pictures = [b64decode(picture) for picture in shown(outputs, "image/png")]
    assert len(pictures) == 2
    assert all(picture.startswith(b"\x89PNG") and len(picture) > 10_000 for picture in pictures)


def test_the_synthesis_of_a_year_says_who_answered_and_counts_that_year_alone(
    of_the_year: list[Any],
) -> None:
    count, twice = said(of_the_year).splitlines()
    assert count == "10 fiches de 2013 sur 11"
    assert "a été donnée deux fois" in twice and "elle compte une fois" in twice
    who, counted, surveys = shown(of_the_year, "text/html")
    assert "Théâtre de l'Exemple" in who and "Association Exemple des Vergers" in who
    assert "Qualité des échanges" in counted and "Qualité de l'animation du groupe" not in counted
    rows = [re.findall(r"<td>(\d+)</td>", row) for row in surveys.split("<tr>")]
    assert "Enquête de satisfaction du prestataire" in surveys and "Très satisfaisant" in surveys
    assert [row for row in rows if row] == [["2", "8", "5"], ["1", "2", "3"]]


def test_it_is_drawn_and_made(of_the_year: list[Any]) -> None:
    pictures = [b64decode(picture) for picture in shown(of_the_year, "image/png")]
    assert len(pictures) == 2
    assert all(picture.startswith(b"\x89PNG") and len(picture) > 10_000 for picture in pictures)


@pytest.mark.parametrize("name", [LOT[0], YEAR[0]])
def test_it_is_kept_without_what_it_writes(name: str) -> None:
    notebook = nbformat.reads((ROOT / "samples" / name).read_text(encoding="utf-8"), as_version=4)
    assert all(
        not cell.get("outputs") and cell.get("execution_count") is None for cell in notebook.cells
    )
