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
from dla_docs.model.typography import typeset_words
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


def titles_of_a_guide(slug: str) -> set[str]:
    nodes = DOCUMENTS[slug].schema_node().walk()
    return {typeset_words(node.text) for node in nodes if node.heading and node.exigences}


def bare_titles(slug: str, body: etree._Element) -> list[str]:
    """The headings that another of the same rank, or nothing, follows; those that a guide wants are
    printed whatever they hold.
    """
    held, due = list(lines(body)), titles_of_a_guide(slug)
    return [
        text
        for (level, text), (after, _) in pairwise(held)
        if after <= level < TEXT and text not in due
    ]


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
    assert bare_titles(slug, body) == []
    assert slug in ANSWERED or unanswered(body) == []
