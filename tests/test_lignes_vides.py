"""Un définitif qui n'a que le strict nécessaire ne montre ni libellé sans valeur, ni titre sans
rien dessous.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from lxml import etree

from dla_docs import DOCUMENTS, render
from dla_docs.word.names import W_P, W_TC, W
from dla_docs.word.package import open_package, parse_part
from dla_docs.word.page import text_of
from tests.extremes import shortest

TEXT = 9  # below any heading
LEVELS = {"Titre1": 1, "TitreArticle": 1, "Titre2": 2, "Titre3": 3, "Libelle": 4}
BY_HAND = re.compile(r"[Ss]ignature\s*:$")  # a place left to a pen
ANSWERED = ("appel_a_competences",)  # whose second half is for its addressee to fill


def body_of(docx: bytes) -> etree._Element:
    return parse_part(open_package(docx)["word/document.xml"], "word/document.xml")[0]


def style_of(block: etree._Element) -> str:
    named = block.find(f"{W}pPr/{W}pStyle")
    return "" if named is None else str(named.get(f"{W}val"))


def lines(body: etree._Element) -> Iterator[tuple[int, str]]:
    """The level and the words of each block that shows something, then the end."""
    for block in body:
        text = text_of(block) if block.tag == W_P else "".join(map(text_of, block.iter(W_P)))
        if text.strip():
            yield LEVELS.get(style_of(block), TEXT), text.strip()
    yield 0, "la fin"


def bare_titles(body: etree._Element) -> list[str]:
    """The headings that another of the same rank, or nothing, follows."""
    return [text for (level, text), (after, _) in pairwise(lines(body)) if after <= level < TEXT]


def unanswered(body: etree._Element) -> list[str]:
    """The words that end in « : », of a paragraph after which its cell says nothing, or of a line
    of the text that none follows.
    """
    found = []
    for paragraph in body.iter(W_P):
        text = text_of(paragraph).strip()
        after = "".join(map(text_of, (one for one in paragraph.itersiblings(W_P))))
        in_a_cell = next(paragraph.iterancestors(W_TC), None) is not None
        alone = not after.strip() if in_a_cell else style_of(paragraph) not in (*LEVELS, "Formule")
        if (text.endswith(":") and alone) or re.search(r":\s*\.", text):
            found.append(text)
    return [text for text in found if not BY_HAND.search(text)]


@pytest.mark.parametrize("slug", DOCUMENTS)
def test_the_least_data_leave_no_empty_line_and_no_bare_title(slug: str) -> None:
    body = body_of(render(shortest(slug)))
    assert bare_titles(body) == []
    assert slug in ANSWERED or unanswered(body) == []
    assert [text for one in body.iter(W_P) if (text := text_of(one)).startswith(",")] == []


def test_a_title_that_a_guide_wants_keeps_its_place_on_a_draft() -> None:
    said = [text for _, text in lines(body_of(render(shortest("monographie"), brouillon=True)))]
    assert "Méthode et déroulement de l’accompagnement" in said


def test_an_actor_without_a_name_has_no_line_at_the_head() -> None:
    """The table at the head would show a label alone; the one at the end says how to reach him."""
    said = [text_of(one) for one in body_of(render(shortest("proposition"))).iter(W_P)]
    assert said.count("Structure porteuse du DLA et nom du DLA") == 1
