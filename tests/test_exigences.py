"""Chaque exigence du référentiel tient sa place : un seul essai par nature lit le CSV et les
métadonnées, sans liste d'exceptions.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from dla_docs import DOCUMENTS
from dla_docs.cli.application import run
from dla_docs.model.fields import Nature
from dla_docs.model.node import Node
from dla_docs.model.requirement import Exigence, referentiel
from dla_docs.profils.loading import load_profil
from tests.corpus import PROFILS, holders, specimens, without


def champs() -> list[tuple[str, str]]:
    asked = [
        exigence
        for exigence in referentiel().values()
        if exigence.nature == "champ" and exigence.force.value in "OSR"
    ]
    return [
        (exigence.id, slug)
        for exigence in asked
        for slug in exigence.documents
        if slug in DOCUMENTS
    ]


def carrying(slug: str, identifiant: str) -> list[Node]:
    return [
        node
        for node in DOCUMENTS[slug].schema_node().walk()
        if identifiant in map(str, node.exigences)
    ]


@pytest.mark.parametrize(("identifiant", "slug"), champs())
def test_a_required_content_that_is_missing_is_named(
    identifiant: str, slug: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nodes = carrying(slug, identifiant)
    assert nodes, f"rien ne porte {identifiant} dans {slug}"
    for node in nodes:
        data, ways = filled(slug, node.path)
        emptied = without(data, *(ways if node.column else ways[:1]))
        for profil in PROFILS:
            code, constats = verdict(emptied, profil, tmp_path, capsys)
            named = [constat for constat in constats if identifiant in constat["exigences"]]
            followed = load_profil(profil).follows(referentiel()[identifiant])
            assert bool(named) == followed, f"{node.path} effacé, profil {profil}"
            if followed:
                expected = gravity(node, slug, profil)
                assert expected in {constat["gravite"] for constat in named}, (
                    f"{node.path}, profil {profil}"
                )
                assert code == (
                    1 if any(constat["gravite"] == "bloquant" for constat in constats) else 0
                )


@pytest.mark.parametrize("slug", DOCUMENTS)
@pytest.mark.parametrize("profil", PROFILS)
def test_the_samples_lack_nothing(
    slug: str, profil: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, constats = verdict(specimens(slug)[0], profil, tmp_path, capsys)
    assert (code, constats) == (0, [])


def filled(slug: str, path: str) -> tuple[Any, list[tuple[str | int, ...]]]:
    """A sample that holds something there: what cannot be emptied cannot be tested, so it fails."""
    for data in specimens(slug):
        if ways := holders(data, path):
            return data, ways
    pytest.fail(f"aucun exemple ne remplit {slug}.{path}")


def verdict(
    data: Any, profil: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> tuple[int, list[dict[str, Any]]]:
    path = folder / "document.yaml"
    path.write_text(yaml.dump(data, Dumper=yaml.CSafeDumper, allow_unicode=True), encoding="utf-8")
    code = run(["verifier", str(path), "--profil", profil, "--format", "json"])
    return code, json.loads(capsys.readouterr().out)["constats"]


def gravity(node: Node, slug: str, profil: str) -> str:
    """What an absence weighs: the heaviest of the ids that this place carries and that the profile
    follows.
    """
    form = DOCUMENTS[slug].nature_du_document is Nature.FORMULAIRE
    weights = {"O": 2, "S": 2 if form else 1, "R": 1, "L": 0}
    asked = [exigence for exigence in node.exigences if load_profil(profil).follows(exigence)]
    return ("information", "avertissement", "bloquant")[
        max(weights[force(exigence)] for exigence in asked)
    ]


def force(exigence: Exigence) -> str:
    return exigence.force.value
