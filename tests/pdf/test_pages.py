"""Les pages d'un PDF, relues : leur image, leur texte, ce qu'un lecteur y trouve."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from dla_docs import DOCUMENTS, trame
from dla_docs.cli.application import run
from dla_docs.errors import InputError
from dla_docs.model.layout import Genre
from dla_docs.pdf import convert_many, picture
from dla_docs.pdf.pages import page_texts, text
from dla_docs.resources import sample_path
from tests.bench.pages import across, badly_broken, each_pdf, headless, measure, outside
from tests.corpus import PROFILS
from tests.offices import need_office


def pages(count: int) -> bytes:
    output = io.BytesIO()
    with pikepdf.new() as document:
        for _ in range(count):
            document.add_blank_page(page_size=(595, 842))
        document.save(output)
    return output.getvalue()


def test_a_page_comes_out_at_the_resolution_asked_for() -> None:
    with Image.open(io.BytesIO(picture(pages(2), page=2, dpi=144))) as seen:
        assert (seen.format, seen.size) == ("PNG", (1190, 1684))


@pytest.mark.parametrize("page", [0, 3, -1])
def test_a_page_that_is_not_there_is_said(page: int) -> None:
    with pytest.raises(InputError, match="il en compte 2"):
        picture(pages(2), page=page)


def test_what_is_no_pdf_is_said() -> None:
    with pytest.raises(InputError, match="ne s'ouvre pas"):
        picture(b"%PDF-1.7 rien")


def test_several_threads_read_at_the_same_time() -> None:
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(text, [pages(3)] * 200)) == ["\n\n"] * 200


def plain(words: str) -> str:
    """The words, whatever their typography."""
    return " ".join(words.replace("’", "'").replace("É", "E").split())


OUVERTES = frozenset(
    plain(model.titre)
    for model in DOCUMENTS.values()
    if model.genre in (Genre.DOSSIER, Genre.LETTRE)
)


@pytest.fixture(scope="module", params=["mission_individuelle", "mission_collective"])
def dossier(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample mission, made as PDF."""
    need_office()
    made: Path = tmp_path_factory.mktemp(request.param)
    assert run(["dossier", str(sample_path(request.param)), "-o", str(made), "--pdf"]) == 0
    return made


def first_page(path: Path) -> str:
    return page_texts(path.read_bytes())[0]


@pytest.mark.lent
def test_a_section_begins_on_page_1(dossier: Path) -> None:
    late = [one for one in map(measure, sorted(dossier.glob("*.pdf"))) if one.starts_late]
    for one in late:
        assert plain(one.title).partition(" –")[0] in OUVERTES, one.path.name


@pytest.mark.lent
def test_no_two_pdfs_have_the_same_title_nor_the_same_first_page(dossier: Path) -> None:
    made = sorted(dossier.glob("*.pdf"))
    titles = [measure(path).title for path in made]
    assert sorted(set(titles)) == sorted(titles)
    assert len({first_page(path) for path in made}) == len(made)


SHORT = {plain(one.titre): one.titre_court or one.titre for one in DOCUMENTS.values()}


@pytest.mark.lent
def test_each_page_says_of_what_it_is(dossier: Path) -> None:
    for path in each_pdf(dossier):
        title, pages = measure(path).title, page_texts(path.read_bytes())
        for number, page in enumerate(pages, 1):
            assert f"Page {number} / {len(pages)}" in plain(page), path.name
            whole, *about = title.split(" – ")
            kind = whole if number == 1 else SHORT.get(plain(whole), whole)
            for words in (kind, *about):
                assert plain(words)[:24] in plain(page), path.name  # a long name is shortened there


@pytest.mark.lent
def test_pages_are_filled_and_headings_are_followed(dossier: Path) -> None:
    measured = [measure(path) for path in each_pdf(dossier)]
    assert sum(len(one.half_empty) for one in measured) <= 2
    assert sum(len(one.orphans) for one in measured) <= 1


@pytest.mark.lent
def test_text_stays_in_its_margins_and_cells_and_no_line_begins_with_a_sign(dossier: Path) -> None:
    for path in each_pdf(dossier):
        pdf = path.read_bytes()
        assert (outside(pdf), across(pdf), badly_broken(pdf)) == ([], [], []), path.name


@pytest.mark.lent
def test_so_does_the_text_of_a_form_under_another_profile() -> None:
    need_office()
    others = cycle(PROFILS[1:])
    forms = {
        slug: trame(slug, profil=profil) for slug, profil in zip(DOCUMENTS, others, strict=False)
    }
    for slug, pdf in convert_many(forms.items()):
        assert isinstance(pdf, bytes), pdf
        assert (outside(pdf), across(pdf), badly_broken(pdf)) == ([], [], []), slug
        assert headless(pdf) == [], slug


def test_a_word_across_an_edge_is_seen() -> None:
    """The measure itself: « cellule » from 100 points on, an edge at 110 then at 300."""
    assert across(with_an_edge(110)) and not across(with_an_edge(300))


def with_an_edge(at: float) -> bytes:
    return drawn(f"BT /F 11 Tf 100 500 Td (cellule) Tj ET {at} 480 m {at} 530 l S")


def test_a_word_off_the_page_is_seen() -> None:
    def starting(at: float) -> bytes:
        return drawn(f"BT /F 11 Tf {at} 500 Td (marge) Tj ET")

    assert outside(starting(10)) and outside(starting(575)) and not outside(starting(100))


def test_a_line_that_begins_with_a_sign_is_seen() -> None:
    def on_two_lines(first: str, second: str) -> bytes:
        return drawn(f"BT /F 11 Tf 100 500 Td ({first}) Tj 0 -20 Td ({second}) Tj ET")

    assert badly_broken(on_two_lines("Dates", ": du 3")) == [(1, ": du 3")]
    assert not badly_broken(on_two_lines("Dates :", "du 3"))


@pytest.mark.parametrize(("cell", "found"), [("TD", [1]), ("TH", [])])
def test_a_table_without_a_header_cell_is_seen(cell: str, found: list[int]) -> None:
    with pikepdf.new() as document:
        document.add_blank_page()
        inner = pikepdf.Dictionary(S=pikepdf.Name(f"/{cell}"))
        row = pikepdf.Dictionary(S=pikepdf.Name.TR, K=pikepdf.Array([inner]))
        table = pikepdf.Dictionary(S=pikepdf.Name.Table, K=pikepdf.Array([row]))
        document.Root.StructTreeRoot = pikepdf.Dictionary(K=pikepdf.Array([table]))
        document.save(output := io.BytesIO())
    assert headless(output.getvalue()) == found


def drawn(content: str) -> bytes:
    """A page of these drawing operations."""
    output = io.BytesIO()
    with pikepdf.new() as document:
        page = document.add_blank_page(page_size=(595, 842))
        page.Resources = pikepdf.Dictionary(
            Font=pikepdf.Dictionary(
                F=pikepdf.Dictionary(
                    Type=pikepdf.Name.Font,
                    Subtype=pikepdf.Name.Type1,
                    BaseFont=pikepdf.Name.Helvetica,
                )
            )
        )
        page.Contents = document.make_stream(content.encode())
        document.save(output)
    return output.getvalue()


@pytest.mark.lent
def test_every_table_says_what_its_cells_are(dossier: Path) -> None:
    for path in each_pdf(dossier):
        assert headless(path.read_bytes()) == [], path.name
