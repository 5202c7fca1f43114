"""What forbids to announce an accessible PDF is found in the Word document, and said in French."""

from __future__ import annotations

import pytest

from dla_docs.constat import Gravite
from dla_docs.pdf import accessibility
from tests.pdf.sample import HARMLESS, OBSTACLES, conforming, saved, variant


def test_a_good_document_has_no_obstacle() -> None:
    assert accessibility(saved(conforming())) == []


@pytest.mark.parametrize("name", OBSTACLES)
def test_an_obstacle_is_said_alone_with_its_remedy(name: str) -> None:
    change, words = OBSTACLES[name]
    [found] = accessibility(variant(change))
    assert words in found.message
    assert found.gravite is Gravite.AVERTISSEMENT
    assert found.conseil and "PDF/UA-1" in found.source


@pytest.mark.parametrize("name", HARMLESS)
def test_what_only_looks_like_an_obstacle_is_not_said(name: str) -> None:
    assert accessibility(variant(HARMLESS[name])) == []


def test_all_obstacles_are_said_at_once() -> None:
    document = conforming()
    for change, _ in OBSTACLES.values():
        document.add_heading("Partie", 1)
        change(document)
    found = "\n".join(str(constat) for constat in accessibility(saved(document)))
    assert [words for _, words in OBSTACLES.values() if words not in found] == []


def test_a_style_that_nobody_uses_is_no_obstacle() -> None:
    document = conforming()
    document.styles.add_style("Note", 1)
    assert accessibility(saved(document)) == []


def test_styles_based_on_each_other_in_a_circle_are_read_without_end() -> None:
    document = conforming()
    one, two = document.styles.add_style("Un", 1), document.styles.add_style("Deux", 1)
    one.base_style, two.base_style = two, one
    document.add_paragraph("texte", style="Un")
    assert accessibility(saved(document)) == []
