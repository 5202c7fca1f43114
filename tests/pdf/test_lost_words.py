"""Le PDF contient tout ce que dit le document Word : LibreOffice, parfois, en ôte des lignes de
tableau sans un mot.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from dla_docs.errors import ConversionError
from dla_docs.pdf import Office, convert, convert_many
from dla_docs.pdf.lost_words import lost, remedies
from dla_docs.word.package import open_package
from tests.offices import need_office
from tests.pdf.fake_office import FakeOffice, document
from tests.word_forms import page_text

LOSES = (
    Path(__file__).with_name("lignes_perdues.docx").read_bytes()
)  # LibreOffice 25.2 drops five rows of it, at the foot of a page


@pytest.fixture(scope="module")
def saved() -> bytes:
    """The PDF of what LibreOffice loses rows of."""
    need_office()
    return convert(LOSES)


def test_no_row_is_lost_on_the_way(saved: bytes) -> None:
    assert lost(open_package(LOSES), saved) == []


def test_what_is_not_in_the_pdf_is_noticed(saved: bytes) -> None:
    parts = open_package(LOSES)
    more = parts | {
        "word/document.xml": parts["word/document.xml"].replace(b"champ77", b"absent77")
    }
    gone = lost(more, saved)
    assert gone and all("absent77" in text for text in gone)


def test_a_remedy_changes_the_layout_and_no_word() -> None:
    words = page_text(LOSES)
    for other in remedies(LOSES):
        assert other != LOSES
        assert page_text(other) == words


def test_a_document_whose_text_is_nowhere_is_not_handed_over(fake: FakeOffice) -> None:
    lossy = document("A", text="Un texte que le faux LibreOffice ne rend pas")
    with pytest.raises(
        ConversionError, match=r"a perdu une partie de ce document \(« Un texte que"
    ):
        convert(lossy)
    [(_, outcome), (_, other)] = convert_many([("a", lossy), ("b", document("B"))])
    assert isinstance(outcome, ConversionError)
    assert isinstance(other, bytes)


def test_an_odt_is_not_read_as_a_pdf(office: Office) -> None:
    assert convert(LOSES, "odt").startswith(b"PK")


def test_a_line_that_others_say_too_is_missed(office: Office) -> None:
    """« À remplir » is still on the page of a form that has lost a row."""
    said = open_package(document("A", text="À remplir, puis à remplir"))
    body = said["word/document.xml"]
    row = b"<w:p><w:r><w:t>\xc3\x80 remplir</w:t></w:r></w:p>"
    more = said | {"word/document.xml": body.replace(b"<w:body>", b"<w:body>" + row)}
    made = convert(document("A", text="À remplir, puis à remplir"))
    assert (lost(said, made), "À remplir" in lost(more, made)) == ([], True)
