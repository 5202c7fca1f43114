"""Les parties prêtes des modèles livrés : égales à ce qu'on préparerait, et jamais crues."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dla_docs import CahierDesCharges
from dla_docs.model.node import Kind, Node
from dla_docs.model.requirement import exige
from dla_docs.registry import MODELES
from dla_docs.resources import template_path
from dla_docs.templating import stories, stories_kept
from dla_docs.templating.blocks import read_blocks
from dla_docs.templating.compiler import compile_parts, ready
from dla_docs.templating.conclusions import (
    concluded,
    conclusion_name,
    drafts_kept,
    package_name,
    sealed_drafts,
)
from dla_docs.templating.grammar import parsed
from dla_docs.templating.parts import Package
from dla_docs.templating.scope import Scope
from dla_docs.templating.stories import Source, Story, prepared
from dla_docs.templating.stories_kept import (
    KINDS,
    SHELF,
    kept,
    name_of,
    packed,
    sealed,
    story_of,
    unpacked,
    unsealed,
)
from dla_docs.word.package import open_package

STORIES = [path for path in SHELF.iterdir() if unsealed(path.read_bytes())[1]]
SOURCE = Source("word/document.xml", "corps", False, frozenset())


def body() -> bytes:
    """La page d'un modèle livré."""
    return open_package(template_path("sommaire"))[SOURCE.name]


def test_what_is_shipped_is_what_the_builder_makes() -> None:
    made = {
        name: unsealed(octets)
        for slug, model in MODELES.items()
        for name, octets in ready(template_path(slug), model.schema_node())
    }
    shipped = {path.name: unsealed(path.read_bytes()) for path in SHELF.iterdir()}
    assert shipped == made, "récrivez-les : python -m dla_docs.builder"


def test_the_trees_that_are_shipped_are_those_that_jinja_makes() -> None:
    trees = [
        (text, tree) for path in STORIES for text, tree in unpacked(path.read_bytes()).trees.items()
    ]
    assert len(trees) > 1000
    assert [text for text, tree in trees if repr(tree) != repr(parsed(text, text))] == []


def test_no_expression_of_a_shipped_template_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(stories, "parsed", lambda text, source: asked.append(text))
    for name, title in Package(open_package(template_path("sommaire"))).stories():
        content = open_package(template_path("sommaire"))[name]
        story = kept(content, Source(name, title, title.startswith("en-tête"), frozenset()))
        if story is not None:
            read_blocks(story.xml, story.meanings, Scope(), story.parse)
            assert story.meanings
    assert asked == []


def test_a_jinja_whose_trees_have_another_form_reads_the_texts_again(
    shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = kept(body(), SOURCE)
    assert story is not None and story.trees
    others = {kind.replace("node attr ctx", "node name ctx"): one for kind, one in KINDS.items()}
    monkeypatch.setattr(stories_kept, "KINDS", others)
    assert kept(body(), SOURCE) is None
    assert not story_of(body(), SOURCE).trees


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Une étagère à part, qui tient la page d'un modèle."""
    monkeypatch.setattr(stories_kept, "SHELF", tmp_path)
    target = tmp_path / name_of(body(), SOURCE)
    target.write_bytes(packed(prepared(body(), SOURCE)))
    return target


def test_a_story_that_is_kept_is_the_one_that_would_be_prepared(shelf: Path) -> None:
    assert kept(body(), SOURCE) == prepared(body(), SOURCE)
    shelf.unlink()
    assert kept(body(), SOURCE) is None
    assert story_of(body(), SOURCE) == prepared(body(), SOURCE)


@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param(lambda octets: b"", id="vide"),
        pytest.param(lambda octets: octets[:-1], id="coupée"),
        pytest.param(lambda octets: octets[:90] + b"\0" + octets[91:], id="un octet"),
        pytest.param(lambda octets: sealed([1, 2, 3]), id="une autre forme"),
        pytest.param(
            lambda octets: sealed([[["Path", "/"]], [0], False, False, 1, [], [], {}]),
            id="un autre type",
        ),
        pytest.param(
            lambda octets: sealed([[["Region"]], [0], False, False, 1, [], [], {}]),
            id="des champs en moins",
        ),
        pytest.param(
            lambda octets: sealed([[], [4], False, False, 1, [], [], {}]),
            id="un rang de trop",
        ),
        pytest.param(
            lambda octets: sealed([[], [], False, False, 1, [], [], {"{{ a }}": [4]}]),
            id="un arbre qui n'y est pas",
        ),
    ],
)
def test_a_damaged_story_is_prepared_again(shelf: Path, damaged: object) -> None:
    assert callable(damaged)
    shelf.write_bytes(damaged(shelf.read_bytes()))
    assert kept(body(), SOURCE) is None
    assert story_of(body(), SOURCE) == prepared(body(), SOURCE)


@pytest.mark.parametrize("slug", MODELES)
def test_a_template_is_understood_the_same_with_what_is_shipped_and_without(
    slug: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts, node = open_package(template_path(slug)), MODELES[slug].schema_node()
    ready = compile_parts(parts, node)
    monkeypatch.setattr(stories_kept, "SHELF", tmp_path)
    anew = compile_parts(parts, node)
    assert ready.findings == anew.findings == []
    assert (ready.always, ready.paths, ready.depth) == (anew.always, anew.paths, anew.depth)
    assert ready.controls == anew.controls and ready.still == anew.still


def names(slug: str) -> list[str]:
    """Les empreintes des parties d'un modèle livré."""
    made = ready(template_path(slug), MODELES[slug].schema_node())
    return [name for name, octets in made if unsealed(octets)[1]]


def with_one_more(node: Node, **said: Any) -> Node:
    """L'arbre, un champ de plus à la fin."""
    added = Node(name="ajoute", path="ajoute", kind=Kind.LEAF, label="Ajouté", **said)
    return replace(node, children={**node.children, "ajoute": added})


def test_what_is_known_of_a_template_is_known_of_its_own_document_alone() -> None:
    node = CahierDesCharges.schema_node()
    held = names("cahier_des_charges")
    assert concluded(held, node) is not None
    assert concluded(held, with_one_more(node)) is None
    assert concluded(names("proposition"), node) is None
    assert concluded(held[::-1], node) is None


def test_a_field_that_a_guide_adds_is_missed_on_a_shipped_template() -> None:
    node = with_one_more(CahierDesCharges.schema_node(), exigences=(exige("CDC-07"),))
    made = compile_parts(open_package(template_path("cahier_des_charges")), node)
    assert [one.message for one in made.findings] == [
        "« Ajouté » doit être imprimé et ne l'est pas."
    ]


@pytest.mark.parametrize("damaged", [b"", b"\0" * 40, sealed([1]), sealed([1, 2])])
def test_a_damaged_conclusion_is_concluded_again(
    damaged: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node, held = CahierDesCharges.schema_node(), names("cahier_des_charges")
    monkeypatch.setattr(stories_kept, "SHELF", tmp_path)
    (tmp_path / conclusion_name(held, node)).write_bytes(damaged)
    assert concluded(held, node) is None


SUMMARY = template_path("sommaire")


def test_what_is_around_the_page_of_a_shipped_template_is_known_of_its_very_bytes() -> None:
    parts = open_package(SUMMARY)
    made = compile_parts(parts, None)
    assert drafts_kept(made.digest) == frozenset({"word/header1.xml", "word/header2.xml"})
    for name, content in parts.items():
        other = compile_parts({**parts, name: content + b"\n"}, None)
        assert drafts_kept(other.digest) is None, name


def test_a_shipped_template_to_which_something_is_added_is_looked_at_again() -> None:
    parts = open_package(SUMMARY)
    said = parts["docProps/core.xml"].replace(
        b"</cp:coreProperties>", b"<dc:creator>Camille Exemple</dc:creator></cp:coreProperties>"
    )
    assert b"Camille" in said
    made = compile_parts({**parts, "docProps/core.xml": said}, None)
    assert any("auteur" in one.message for one in made.findings), made.findings
    assert compile_parts(parts, None).findings == []


@pytest.mark.parametrize("damaged", [b"", b"\0" * 40, sealed([]), sealed([1]), sealed([1, 2])])
def test_what_is_known_of_a_package_is_never_believed_when_damaged(
    damaged: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = compile_parts(open_package(SUMMARY), None).digest
    monkeypatch.setattr(stories_kept, "SHELF", tmp_path)
    kept_there = tmp_path / package_name(digest)
    kept_there.write_bytes(sealed_drafts({"word/header1.xml"}))
    assert drafts_kept(digest) == frozenset({"word/header1.xml"})
    kept_there.write_bytes(damaged)
    assert drafts_kept(digest) is None


def test_another_source_is_another_story(shelf: Path) -> None:
    others = [
        Source("word/header1.xml", "corps", False, frozenset()),
        Source("word/document.xml", "en-tête", False, frozenset()),
        Source("word/document.xml", "corps", True, frozenset()),
        Source("word/document.xml", "corps", False, frozenset({"1"})),
    ]
    assert len({name_of(body(), one) for one in (SOURCE, *others)}) == 5
    assert [kept(body(), one) for one in others] == [None] * 4
    assert kept(body() + b" ", SOURCE) is None


def test_what_is_wrong_is_never_kept() -> None:
    content = body().replace(b"<w:body>", b"<w:body><w:p><w:r><w:t>{{ nom</w:t></w:r></w:p>", 1)
    story: Story = story_of(content, SOURCE)
    assert story.findings
