"""La table des matières d'un modèle : le PDF montre les titres du document, et leurs vraies pages ;
ce qu'elle montrait quand le modèle fut enregistré n'y est plus.
"""

from __future__ import annotations

import io

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from lxml import etree

from dla_docs.pdf import Office, convert
from dla_docs.pdf.pages import page_texts
from dla_docs.pdf.settled_fields import settled
from tests.pdf.sample import plain, saved
from tests.pdf_checks import check_pdf

OLD = "ANCIEN TITRE"
ALL = ["Rapport", "Le constat", "Les chiffres", "La suite", "Sa part", "Un détail"]
TEXT = (qn("w:t"), qn("w:tab"))
STEP = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def with_contents(code: str = 'TOC \\o "1-3" \\h \\z \\u') -> WordDocument:
    """Une table enregistrée jadis, sur deux paragraphes, avec la page d'un ancien titre ; puis des
    titres, dont le second d'une page à l'autre.
    """
    document = plain("Rapport")
    first, last = document.add_paragraph(), document.add_paragraph()
    old = f"<w:r><w:t>{OLD}</w:t></w:r>"
    page = (
        STEP.format("begin")
        + "<w:r><w:instrText>PAGEREF _Toc1 \\h</w:instrText></w:r>"
        + STEP.format("separate")
        + "<w:r><w:t>9</w:t></w:r>"
        + STEP.format("end")
    )
    begun = f"<w:r><w:instrText>{code.replace(chr(34), '&quot;')}</w:instrText></w:r>"
    for paragraph, runs in (
        (first, STEP.format("begin") + begun + STEP.format("separate") + old + page),
        (last, f"<w:r><w:t>{OLD} 2</w:t></w:r>" + STEP.format("end")),
    ):
        for run in _runs(runs):
            paragraph._p.append(run)
    document.add_heading("Le constat", 1)
    document.add_paragraph("Rien à signaler.")
    document.add_heading("Les chiffres", 2)
    document.add_heading("La suite", 1).paragraph_format.page_break_before = True
    document.add_heading("Sa part", 2)
    document.add_heading("Un détail", 3)
    return document


def _runs(xml: str) -> list[etree._Element]:
    paragraph = parse_xml(f'<w:p xmlns:w="{W}">{xml}</w:p>')
    return list(paragraph.iterchildren())


def lines(document: WordDocument) -> list[str]:
    """Ce que montre la page donnée au convertisseur, paragraphe par paragraphe."""
    body = Document(io.BytesIO(settled(saved(document)))).element.body
    return [
        "".join(
            "\t" if one.tag == qn("w:tab") else one.text or ""
            for run in paragraph.iter(qn("w:r"))
            for one in run.iter(*TEXT)
        )
        for paragraph in body.iter(qn("w:p"))
    ]


def entries(document: WordDocument) -> list[str]:
    """Ses lignes de table, sans le numéro de page."""
    return [line.split("\t")[0] for line in lines(document) if "\t" in line]


def test_it_says_the_headings_of_today() -> None:
    document = with_contents()
    assert not [line for line in lines(document) if OLD in line]
    assert entries(document) == [
        "Rapport",
        "Le constat",
        "Les chiffres",
        "La suite",
        "Sa part",
        "Un détail",
    ]


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ('TOC \\o "1-1"', ["Rapport", "Le constat", "La suite"]),
        ('TOC \\o "2-3"', ["Les chiffres", "Sa part", "Un détail"]),
        ("TOC \\o", ALL),
    ],
)
def test_it_holds_the_levels_that_it_asks_for(code: str, wanted: list[str]) -> None:
    assert entries(with_contents(code)) == wanted


@pytest.mark.parametrize("length", ["2cm", "56.7pt", "peu", ""])
def test_une_marge_se_dit_dans_toute_unite(length: str) -> None:
    """Word accepte « 2cm » ; le lot entier s'arrêtait là."""
    document = with_contents()
    document.element.body.find(f"{qn('w:sectPr')}/{qn('w:pgMar')}").set(qn("w:left"), length)
    assert entries(document) == ALL


def test_without_page_numbers_it_has_none() -> None:
    said = lines(with_contents('TOC \\o "1-1" \\n'))
    assert said.count("La suite") == 2 and not [line for line in said if "\t" in line]


@pytest.mark.parametrize(
    "code", ['TOC \\c "Figure"', "TOC \\b passage", "TOC \\f", 'TOC \\t "Annexe;1"']
)
def test_a_table_of_something_else_is_left_as_it_is(code: str) -> None:
    document = with_contents(code)
    assert any(OLD in line for line in lines(document))


def test_a_document_without_one_is_not_touched() -> None:
    docx = saved(plain("Rapport"))
    assert settled(docx) == docx


def test_the_pdf_shows_the_true_pages(office: Office) -> None:
    pdf = convert(saved(with_contents()))
    assert check_pdf(pdf) == []
    first, second = page_texts(pdf)
    assert OLD not in first + second
    shown = {line.rstrip(" .0123456789"): line[-1] for line in first.splitlines() if "..." in line}
    assert shown["Le constat"] == shown["Les chiffres"] == "1"
    assert shown["La suite"] == shown["Un détail"] == "2" and "La suite" in second
