"""Le PDF montre ce que montre le fichier Word, même là où LibreOffice calculerait pour lui-même."""

from __future__ import annotations

import pytest

from dla_docs.pdf.settled_fields import settled
from dla_docs.word.package import MAIN, open_package
from tests.word_packages import with_body, zipped

STEP = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'


def field(code: str, shown: str) -> str:
    instruction = f"<w:r><w:instrText>{code}</w:instrText></w:r>"
    text = f"<w:r><w:t>{shown}</w:t></w:r>"
    return STEP.format("begin") + instruction + STEP.format("separate") + text + STEP.format("end")


def body_of(xml: str) -> str:
    return open_package(settled(zipped(with_body(xml))))[MAIN].decode()


@pytest.mark.parametrize(
    "code", [" FILENAME \\p ", 'SAVEDATE \\@ "dd/MM/yyyy"', "DOCPROPERTY Ref", "REF _Ref1 \\h"]
)
def test_a_field_about_the_scratch_file_keeps_what_it_shows(code: str) -> None:
    body = body_of(f"<w:p>{field(code, 'ancien')}</w:p>")
    assert "<w:t>ancien</w:t>" in body
    assert "fldChar" not in body and "instrText" not in body


def test_so_does_a_simple_one() -> None:
    simple = '<w:fldSimple w:instr="AUTHOR"><w:r><w:t>Zoé</w:t></w:r></w:fldSimple>'
    body = body_of(f"<w:p>{simple}</w:p>")
    assert "<w:t>Zoé</w:t>" in body and "fldSimple" not in body


@pytest.mark.parametrize("code", ["PAGE", 'DATE \\@ "d MMMM yyyy"', "NUMPAGES"])
def test_page_numbers_and_the_day_are_still_computed(code: str) -> None:
    docx = zipped(with_body(f"<w:p>{field(code, '1')}</w:p>"))
    assert settled(docx) == docx


def test_a_field_in_the_code_of_another_is_left_to_it() -> None:
    nested = STEP.format("begin") + "<w:r><w:instrText>IF </w:instrText></w:r>"
    nested += field("FILENAME", "a.docx") + STEP.format("separate") + STEP.format("end")
    assert body_of(f"<w:p>{nested}</w:p>").count("<w:fldChar ") == 6


@pytest.mark.parametrize("code", [" PAGEREF _Toc9 \\h ", ' PAGEREF "_Toc9"'])
def test_the_page_of_a_bookmark_that_is_gone_keeps_what_it_shows(code: str) -> None:
    """LibreOffice would print an error there, in English."""
    body = body_of(f"<w:p>{field(code, '7')}</w:p>")
    assert "<w:t>7</w:t>" in body and "PAGEREF" not in body
    there = '<w:bookmarkStart w:id="1" w:name="_toc9"/><w:bookmarkEnd w:id="1"/>'
    assert "PAGEREF" in body_of(f"<w:p>{field(code, '7')}{there}</w:p>")
