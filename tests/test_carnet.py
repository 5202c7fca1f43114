"""Le carnet d'exemple, joué d'un bout à l'autre comme dans Jupyter : ce qu'il montre est ce qu'il
dit.
"""

from __future__ import annotations

import os
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


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    need_office()
    folder = tmp_path_factory.mktemp("carnet")
    for name in ("lot_evaluations.ipynb", "evaluations.csv"):
        shutil.copy(ROOT / "samples" / name, folder)
    notebook = nbformat.reads(
        (folder / "lot_evaluations.ipynb").read_text(encoding="utf-8"), as_version=4
    )
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


def test_it_is_kept_without_what_it_writes() -> None:
    notebook = nbformat.reads(
        (ROOT / "samples" / "lot_evaluations.ipynb").read_text(encoding="utf-8"), as_version=4
    )
    assert all(
        not cell.get("outputs") and cell.get("execution_count") is None for cell in notebook.cells
    )
