"""Chaque exigence du référentiel tient sa place : un seul essai par nature lit le CSV et les
métadonnées, sans liste d'exceptions.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from dla_docs import DOCUMENTS
from dla_docs.cli.application import run
from dla_docs.model.bloc import Bloc, bloc_of, declaration
from dla_docs.model.fields import Nature
from dla_docs.model.node import Kind, Node
from dla_docs.model.requirement import GUIDES, Exigence, Force, referentiel
from dla_docs.parties.ingenierie import conditions_fausses
from dla_docs.profils.loading import load_profil
from dla_docs.reference.requirements import carriers
from dla_docs.resources import sample_path
from dla_docs.stages.loading import load_text
from tests.corpus import A_PLACER, PROFILS, holders, patched, specimens, table, without


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
        if identifiant in map(str, node.exigences) and node.kind is not Kind.NOTE
    ]


@pytest.mark.parametrize(("identifiant", "slug"), champs())
def test_a_required_content_that_is_missing_is_named(
    identifiant: str, slug: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nodes = carrying(slug, identifiant)
    assert nodes, f"rien ne porte {identifiant} dans {slug}"
    for node in nodes:
        emptied, beside = lacking(slug, node, identifiant)
        for profil in PROFILS:
            code, constats = verdict(emptied, profil, tmp_path, capsys)
            named = [constat for constat in constats if identifiant in constat["exigences"]]
            force = load_profil(profil).force(exigence_at(node, identifiant))
            expected = force not in (None, Force.LIBRE) and not rubric(slug, node.path)
            assert bool(named) == expected, f"{node.path} effacé, profil {profil}"
            if named:
                weight = gravity(node, slug, profil, beside)
                assert weight in {constat["gravite"] for constat in named}, (
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


VARIANTES: tuple[dict[str, str], ...] = (
    {},
    {"collectif.type": "reponse_collective"},
)  # no sample is of that type


def lacking(slug: str, node: Node, identifiant: str) -> tuple[Any, frozenset[str]]:
    """A sample of which it is asked, without what it held there: what cannot be emptied cannot be
    tested, so it fails. Where one line of a part is enough, the whole part is emptied.
    """
    part = node.path.rpartition(".")[0]
    place = part if part and block_of(slug, part).un_suffit else node.path
    for changes in VARIANTES:
        for data in specimens(slug):
            if ways := holders(data, place):
                changed = patched(data, changes) if "collectif" in data else data
                emptied = without(changed, *(ways if node.column else ways[:1]))
                document = load_text(yaml.safe_dump(emptied, allow_unicode=True), sample_path(slug))
                beside = conditions_fausses(document, None)
                if beside.isdisjoint(referentiel()[identifiant].conditions):
                    return emptied, beside
    pytest.fail(f"aucun exemple ne remplit {slug}.{node.path}")


def block_of(slug: str, path: str) -> type[Bloc]:
    block: type[Bloc] = DOCUMENTS[slug]
    for name in path.replace("[]", "").split("."):
        block = bloc_of(block, name) or block
    return block


def rubric(slug: str, path: str) -> bool:
    """The guide wants the rubric; what it says may be nothing."""
    part, _, name = path.rpartition(".")
    return declaration(block_of(slug, part) if part else DOCUMENTS[slug], name).rubrique


def exigence_at(node: Node, identifiant: str) -> Exigence:
    return next(one for one in node.exigences if one.id == identifiant)


def verdict(
    data: Any, profil: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> tuple[int, list[dict[str, Any]]]:
    path = folder / "document.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    code = run(["verifier", str(path), "--profil", profil, "--format", "json"])
    return code, json.loads(capsys.readouterr().out)["constats"]


def gravity(node: Node, slug: str, profil: str, beside: frozenset[str]) -> str:
    """What an absence weighs: the heaviest of the ids that this place carries and that the profile
    follows.
    """
    form = DOCUMENTS[slug].nature_du_document is Nature.FORMULAIRE
    weights = {"O": 2, "S": 2 if form else 1, "R": 1, "L": 0}
    asked = [
        load_profil(profil).force(exigence)
        for exigence in node.exigences
        if beside.isdisjoint(exigence.conditions)
    ]
    return ("information", "avertissement", "bloquant")[
        max(weights[force.value] for force in asked if force is not None)
    ]


@pytest.mark.parametrize("profil", PROFILS)
def test_the_force_is_the_strongest_that_the_followed_guides_give(profil: str) -> None:
    chosen = load_profil(profil)
    for row in (row for row in table() if not row["retiree"]):
        said = dict(one.split(":") for one in row["forces"].split(",") if one)
        given = [said.get(g, row["force"]) for g in row["guides"].split(",") if g in chosen.guides]
        region = re.findall(r"profil (\w+)", row["condition"])
        elsewhere = region and profil not in region
        found = chosen.force(referentiel()[row["id"]])
        expected = None if elsewhere or not given else min(given, key="OSRL".index)
        assert (found and found.value) == expected, row["id"]


@pytest.mark.parametrize("profil", PROFILS)
def test_a_message_cites_only_a_followed_guide_that_says_it(profil: str) -> None:
    chosen = load_profil(profil)
    for row in (row for row in table() if not row["retiree"]):
        exigence = referentiel()[row["id"]]
        if (force := chosen.force(exigence)) is not None:
            said = dict(one.split(":") for one in row["forces"].split(",") if one)
            strong = {
                GUIDES[guide]
                for guide in row["guides"].split(",")
                if guide in chosen.guides and said.get(guide, row["force"]) == force.value
            }
            guide, _, place = chosen.citation(exigence).partition(", « ")
            assert guide in strong, row["id"]
            letter = next(letter for letter, name in GUIDES.items() if name == guide)
            assert f"{letter} · {place.rpartition(' » (')[0]}" in row["source"].split(" + ")


def test_a_withdrawn_id_is_known_only_as_such(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = [row["id"] for row in table() if row["retiree"]]
    assert len(gone) == 12 and not set(gone) & {*referentiel(), *carriers()}
    profil = tmp_path / "mon_dla.yaml"
    profil.write_text("herite: npdc\nexigences: {CV-17: L}\n", encoding="utf-8")
    assert run(["verifier", str(sample_path("proposition")), "--profil", str(profil)]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "« CV-17 » est retirée du référentiel : N ne dit pas d'écrire ces objectifs" in said
    assert "ligne 2" in said


def test_everything_is_carried_but_what_is_still_to_place() -> None:
    """A field, a text or a rule carries each demand; this list only grows shorter."""
    asked = {one.id for one in referentiel().values() if one.nature != "alias"}
    assert asked - {*carriers()} == A_PLACER
