"""Un titre gardé avec ce qu'il annonce n'est pas seul au bas d'une page du PDF, même quand
LibreOffice l'y laisse.
"""

from __future__ import annotations

import io

import pytest
from docx import Document
from docx.shared import Pt

from dla_docs import Mission, load, render
from dla_docs.documents.proposition import Proposition
from dla_docs.pdf import Office, convert, export
from dla_docs.pdf.pages import page_texts
from dla_docs.pdf.stranded import brought_down, stranded
from dla_docs.resources import sample_path
from tests.pdf.sample import saved, untitled_heading

TITLES = "La suite", "Le titre du bas"


def page(kept: bool = True) -> bytes:
    """Two titles at the very foot of a page: what they announce stands on the next one."""
    document = untitled_heading()
    section = document.sections[0]
    section.page_height, section.top_margin, section.bottom_margin = Pt(800), Pt(50), Pt(50)
    section.footer.paragraphs[0].text = "Le pied de page"
    document.add_paragraph("Le haut").paragraph_format.space_after = Pt(600)
    for level, title in enumerate(TITLES, 1):
        heading = document.add_heading(title, level).paragraph_format
        heading.space_before = heading.space_after = Pt(4)
        heading.keep_with_next = False
    document.add_paragraph("Ce qu'il annonce.").paragraph_format.page_break_before = True
    made = Document(io.BytesIO(saved(document)))
    for paragraph in made.paragraphs[1:3]:
        paragraph.paragraph_format.keep_with_next = kept
    return saved(made)


@pytest.fixture
def left(office: Office, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """The PDF that LibreOffice alone makes of it."""
    with monkeypatch.context() as without:
        without.setattr(export, "stranded", lambda *_: [])
        return convert(page())


def test_a_title_that_nothing_follows_on_its_page_is_seen(left: bytes) -> None:
    """The foot of the page is no text that follows it; a title above another is followed."""
    assert stranded(page(), left) == [1]


def test_it_opens_the_next_page_with_the_title_above_it(office: Office, left: bytes) -> None:
    moved = brought_down(page(), [1])
    assert moved is not None
    first, second, *_ = page_texts(convert(moved))
    assert not any(title in first for title in TITLES)
    assert all(title in second for title in TITLES)


def test_a_title_that_its_model_does_not_keep_stays_where_it_is() -> None:
    assert brought_down(page(kept=False), [1]) is None


def test_titles_that_are_not_those_of_the_pdf_are_left_alone(left: bytes) -> None:
    other = Document(io.BytesIO(page()))
    other.paragraphs[1].text = "Un autre titre"
    assert stranded(saved(other), left) == []


def test_a_page_more_is_not_worth_a_title(office: Office) -> None:
    """What it announces opens a page anyway: moved, the title would have a page for itself."""
    assert len(page_texts(convert(page()))) == 2


@pytest.mark.lent
def test_no_title_is_alone_at_the_foot_of_a_page_of_a_proposition(office: Office) -> None:
    """It is the twenty-fifth paragraph of its page, and LibreOffice does not take it along."""
    mission = load(sample_path("mission_individuelle"))
    assert isinstance(mission, Mission)
    offers = mission.tous(Proposition)
    for offer in offers:
        docx = render(offer)
        assert stranded(docx, convert(docx)) == []
