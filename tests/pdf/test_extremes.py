"""Les pages tiennent les données les plus longues et les plus courtes de chaque sorte : le
document, le brouillon et le formulaire.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from dla_docs import DOCUMENTS, render
from dla_docs.forms.blank_form import form
from dla_docs.pdf import convert_many
from dla_docs.pdf.pages import page_texts
from dla_docs.profils.loading import load_profil
from tests.bench.pages import across, badly_broken, headless, measure, outside
from tests.extremes import END, longest, shortest
from tests.offices import need_office


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("extremes")


Made = dict[str, tuple[bytes, bytes]]


def converted(render_one: Callable[[str], bytes]) -> Made:
    """The Word file and the PDF of each kind, all by the same LibreOffice."""
    need_office()
    words = {slug: render_one(slug) for slug in DOCUMENTS}
    made: Made = {}
    for slug, pdf in convert_many(words.items()):
        assert isinstance(pdf, bytes), (slug, pdf)
        made[slug] = words[slug], pdf
    return made


def faults(pdf: bytes) -> list[object]:
    """What a reader would see go wrong on any page."""
    return [*outside(pdf), *across(pdf), *badly_broken(pdf), *headless(pdf)]


def lost(docx: bytes, pdf: bytes) -> set[str]:
    """The texts of the Word page whose end no page of the PDF shows."""
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        body = re.sub("<[^>]+>", "", package.read("word/document.xml").decode())
    printed = "".join("".join(page_texts(pdf)).split())
    written = set(END.findall(body))
    assert written
    return {end for end in written if end not in printed}


@pytest.mark.lent
def test_the_longest_data_hold_in_every_draft_and_fill_its_pages(folder: Path) -> None:
    made = converted(lambda slug: render(longest(slug, folder), brouillon=True))
    for slug, (docx, pdf) in made.items():
        assert (faults(pdf), lost(docx, pdf)) == ([], set()), slug
        (path := folder / f"{slug}.pdf").write_bytes(pdf)
        found = measure(path)
        assert (found.half_empty, found.orphans) == ([], []), slug


@pytest.mark.lent
def test_the_longest_data_hold_in_every_form(folder: Path) -> None:
    national = load_profil("national")
    made = converted(lambda slug: form(longest(slug, folder), None, national))
    for slug, (docx, pdf) in made.items():
        assert (faults(pdf), lost(docx, pdf)) == ([], set()), slug


@pytest.mark.lent
def test_the_shortest_data_hold_in_every_definitive_document() -> None:
    for slug, (_, pdf) in converted(lambda slug: render(shortest(slug))).items():
        assert faults(pdf) == [], slug
