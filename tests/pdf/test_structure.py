"""Aux yeux d'un lecteur d'écran : les libellés d'un tableau sont ses en-têtes de ligne."""

from __future__ import annotations

import io
import re
from typing import Any

import pikepdf
import pytest

from dla_docs import DOCUMENTS, Document, load, render, trame
from dla_docs.forms.pdf_form import to_pdf
from dla_docs.pdf import Office, convert
from dla_docs.pdf.structure import complete_structure
from dla_docs.resources import sample_path
from tests import one_in
from tests.pdf.sample import conforming, saved
from tests.pdf_checks import check_pdf, check_standard, claims, pdf_text
from tests.word_forms import parts_of, zipped

SLUGS = one_in(8, ((slug,) for slug in sorted(DOCUMENTS)))


def elements(pdf: bytes, kind: str) -> list[Any]:
    """The structure elements of a kind, as plain values: their cells, or their attributes."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [
            _plain(held)
            for held in document.objects
            if isinstance(held, pikepdf.Dictionary) and held.get("/S") == pikepdf.Name(kind)
        ]


def _plain(element: Any) -> Any:
    rows = [kid for kid in element.get("/K", []) if isinstance(kid, pikepdf.Dictionary)]
    return [str(cell.get("/S")) for row in rows for cell in row.get("/K", []) if "/S" in row]


def headless(pdf: bytes) -> list[Any]:
    """The tables that name none of what their cells hold."""
    return [cells for cells in elements(pdf, "/Table") if "/TH" not in cells]


@pytest.mark.parametrize("slug", SLUGS)
def test_every_table_has_header_cells_and_both_standards_hold(slug: str, office: Office) -> None:
    document = load(sample_path(slug))
    assert isinstance(document, Document)
    made = convert(render(document, brouillon=True))
    assert elements(made, "/Table") and headless(made) == []
    assert elements(made, "/Intervalle") == []
    assert (check_pdf(made), claims(made)) == ([], {"PDF/A-3b", "PDF/UA-1"})


@pytest.mark.lent
@pytest.mark.parametrize("slug", SLUGS)
def test_so_has_every_table_of_a_form(slug: str, office: Office) -> None:
    form = to_pdf(trame(slug))
    assert headless(form) == [] and check_standard(form, "PDF/UA-1") == []


def test_the_two_titles_of_a_file_say_the_same(office: Office) -> None:
    parts = parts_of(saved(conforming()))
    core = re.sub(b"<dc:title>.*?</dc:title>", TITLE.encode(), parts["docProps/core.xml"])
    made = convert(zipped({**parts, "docProps/core.xml": core}))
    with pikepdf.open(io.BytesIO(made)) as document, document.open_metadata() as metadata:
        assert metadata["dc:title"] == str(document.docinfo.Title) == 'L\'appui & le "reste"'
    assert check_pdf(made) == []


TITLE = "<dc:title>L'appui &amp; le &quot;reste&quot;</dc:title>"


def test_a_label_heads_its_row_and_an_answer_does_not() -> None:
    tree = pikepdf.Pdf.new()
    label, blank, answer = (
        tree.make_indirect(pikepdf.Dictionary({"/S": pikepdf.Name(style), **held}))
        for style, held in (
            ("/Libellé de tableau", {"/K": 0}),
            ("/Libellé de tableau", {}),
            ("/Texte de tableau", {"/K": 1}),
        )
    )
    height = pikepdf.Dictionary(O=pikepdf.Name.Layout, Height=12)
    cells = [
        tree.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.TD, K=[first], A=height))
        for first in (label, blank, answer)
    ]
    gap = tree.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.Intervalle))
    row = tree.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.TR, K=pikepdf.Array(cells)))
    table = tree.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.Table, K=pikepdf.Array([row])))
    tree.Root.StructTreeRoot = pikepdf.Dictionary(
        K=pikepdf.Array([table, gap]), RoleMap=pikepdf.Dictionary(Intervalle=pikepdf.Name.P)
    )
    complete_structure(tree)
    assert [str(cell.S) for cell in cells] == ["/TH", "/TD", "/TD"]
    assert [dict(one) for one in cells[0].A.as_list()] == [
        {"/O": pikepdf.Name.Layout, "/Height": 12},
        {"/O": pikepdf.Name.Table, "/Scope": pikepdf.Name.Row},
    ]
    assert tree.Root.StructTreeRoot.K.as_list() == [table]


def test_a_title_repeated_on_the_next_page_is_still_its_cell_s(office: Office) -> None:
    suivi = load(sample_path("grille_de_suivi"))
    assert isinstance(suivi, Document)
    made = convert(render(suivi, brouillon=True))
    with pikepdf.open(io.BytesIO(made)) as document:
        heads = [
            [str(kid.Pg.objgen) for kid in one.K if isinstance(kid, pikepdf.Dictionary)]
            for one in document.objects
            if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Titre de colonne"
        ]
        named = [
            str(instruction.operands[1].Subtype)
            for page in document.pages
            for instruction in pikepdf.parse_content_stream(page)
            if str(instruction.operator) == "BDC" and "/Subtype" in instruction.operands[1]
        ]
    assert [again for again in heads if again] and check_pdf(made) == []
    assert named.count("/Footer") == named.count("/Header") == len(document.pages)


@pytest.mark.lent
def test_a_field_repeated_with_its_title_is_held_by_the_same_cell(office: Office) -> None:
    assert check_standard(to_pdf(trame("grille_de_lecture")), "PDF/UA-1") == []


@pytest.mark.lent
@pytest.mark.parametrize("slug", sorted(DOCUMENTS))
def test_no_line_begins_with_a_sign_that_closes_the_one_before(slug: str, office: Office) -> None:
    document = load(sample_path(slug))
    assert isinstance(document, Document)
    shown = pdf_text(convert(render(document, brouillon=True)))
    begun = [line.strip() for line in shown.splitlines() if line.strip().startswith(SIGNS)]
    assert [line for line in begun if line not in HEADINGS] == []


SIGNS = ("»", ":", ";", "!", "?", "%", "€")
HEADINGS = {"% temps"}  # the guide's own heading of a column: it closes no line
