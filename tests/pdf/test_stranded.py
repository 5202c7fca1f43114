"""Un titre gardé avec ce qu'il annonce n'est pas seul au bas d'une page du PDF, même quand
LibreOffice l'y laisse.
"""

from __future__ import annotations

import io

import pikepdf
import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from dla_docs import Mission, load, render
from dla_docs.documents.proposition import Proposition
from dla_docs.pdf import Office, convert, export
from dla_docs.pdf.pages import page_texts
from dla_docs.pdf.stranded import brought_down, stranded
from dla_docs.resources import sample_path
from dla_docs.word.package import open_package
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


@pytest.mark.parametrize("length", ["1000", "50pt", "17.6mm", "1.76cm", "peu", ""])
def test_une_marge_se_dit_dans_toute_unite(length: str) -> None:
    """Word accepte « 1.76cm » ; le lot entier s'arrêtait là."""
    parts = dict(open_package(page()))
    main = "word/document.xml"
    said = f'w:bottom="{length}"'.encode()
    parts[main] = parts[main].replace(b'w:bottom="1000"', said)
    assert said in parts[main]
    blank = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(blank)
    assert stranded(parts, blank.getvalue()) == []


ROWS = 24  # LibreOffice lets go the twenty-fifth paragraph of a page


def lines(document: WordDocument, count: int, room: float) -> None:
    for number in range(count):
        line = document.add_paragraph(f"Ligne {number}").paragraph_format
        line.space_before = line.space_after = Pt(0)
        line.line_spacing = Pt(room / (count + 0.2))


def heading(document: WordDocument, title: str, level: int = 1) -> Paragraph:
    made: Paragraph = document.add_heading(title, level)
    made.paragraph_format.space_before = made.paragraph_format.space_after = Pt(4)
    return made


def full_page(*titles: str, apart: bool = False) -> WordDocument:
    """A page whose last paragraphs are titles, and what the last one announces on the next page."""
    document = untitled_heading()
    section = document.sections[0]
    section.page_height, section.top_margin, section.bottom_margin = Pt(800), Pt(50), Pt(50)
    lines(document, ROWS + 1 - len(titles) - apart, 700 - 30 * len(titles) - 15 * apart)
    for rank, title in enumerate(titles):
        if rank and apart:
            document.add_paragraph().paragraph_format.keep_with_next = True
        heading(document, title, rank + 1)
    document.add_paragraph("Ce qu'il annonce. " * 30)
    return document


def numbered(document: WordDocument, title: Paragraph, words: str) -> None:
    """A number that Word counts: no word of the file."""
    numbers = document.part.numbering_part.element
    names = nsdecls("w")
    numbers.insert(
        0,
        parse_xml(
            f'<w:abstractNum {names} w:abstractNumId="77"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
            f'<w:numFmt w:val="decimal"/><w:lvlText w:val="{words} %1 – "/></w:lvl></w:abstractNum>'
        ),
    )
    numbers.append(parse_xml(f'<w:num {names} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    title._p.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {names}><w:ilvl w:val="0"/><w:numId w:val="77"/></w:numPr>')
    )


def first_two_pages(document: WordDocument) -> tuple[str, str]:
    first, second, *_ = page_texts(convert(saved(document)))
    return first, second


@pytest.fixture
def left(office: Office, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """The PDF that LibreOffice alone makes of it."""
    with monkeypatch.context() as without:
        without.setattr(export, "stranded", lambda *_: [])
        return convert(page())


def test_a_title_that_nothing_follows_on_its_page_is_seen(left: bytes) -> None:
    """The foot of the page is no text that follows it; a title above another is followed."""
    assert stranded(open_package(page()), left) == [1]


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
    assert stranded(open_package(saved(other)), left) == []


def test_a_page_more_is_not_worth_a_title(office: Office) -> None:
    """What it announces opens a page anyway: moved, the title would have a page for itself."""
    assert len(page_texts(convert(page()))) == 2


@pytest.mark.lent
def test_a_numbered_title_is_seen_too(office: Office) -> None:
    """The convention has its articles numbered so."""
    document = full_page("Le titre du bas")
    numbered(document, document.paragraphs[-2], "Article")
    first, second = first_two_pages(document)
    assert "Le titre du bas" not in first and "Article 1 – Le titre du bas" in second


@pytest.mark.lent
def test_a_title_in_a_table_does_not_hide_the_others(office: Office) -> None:
    document = full_page("Le titre du bas")
    cell = document.add_table(1, 1).rows[0].cells[0].paragraphs[0]
    cell.style, cell.text = document.styles["Heading 1"], "Un titre de tableau"
    first, second = first_two_pages(document)
    assert "Le titre du bas" not in first and "Le titre du bas" in second


@pytest.mark.lent
def test_an_empty_line_between_two_titles_does_not_leave_the_first_one(office: Office) -> None:
    first, second = first_two_pages(full_page(*TITLES, apart=True))
    assert not any(title in first for title in TITLES)
    assert all(title in second for title in TITLES)


@pytest.mark.lent
def test_a_title_that_has_to_stay_does_not_keep_another_one_there(office: Office) -> None:
    """What the second one announces opens a page anyway."""
    document = full_page("Le titre du bas")
    document.add_paragraph("Le milieu").paragraph_format.space_after = Pt(540)
    heading(document, "L'autre titre")
    document.add_paragraph("Son texte.").paragraph_format.page_break_before = True
    first, second, third = page_texts(convert(saved(document)))
    assert "Le titre du bas" not in first and "Le titre du bas" in second
    assert "L'autre titre" in second and "Son texte." in third


@pytest.mark.lent
def test_no_title_is_alone_at_the_foot_of_a_page_of_a_proposition(office: Office) -> None:
    """It is the twenty-fifth paragraph of its page, and LibreOffice does not take it along."""
    mission = load(sample_path("mission_individuelle"))
    assert isinstance(mission, Mission)
    offers = mission.tous(Proposition)
    for offer in offers:
        docx = render(offer)
        assert stranded(open_package(docx), convert(docx)) == []
