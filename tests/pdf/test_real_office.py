"""With the real LibreOffice: both standards hold, or the PDF does not claim them; the network and
the disk are left alone.
"""

from __future__ import annotations

import http.server
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from docx.oxml.ns import qn

from dla_docs.errors import ConversionError
from dla_docs.pdf import Office, convert, convert_many, read_attachment
from dla_docs.pdf.conversion import Converter, Failure
from dla_docs.pdf.export import FILTERS
from dla_docs.word.package import MAIN
from tests.pdf.sample import (
    HARMLESS,
    OBSTACLES,
    add_field,
    add_picture,
    conforming,
    plain,
    saved,
    variant,
)
from tests.pdf_checks import check_pdf, check_standard, claims, pdf_text
from tests.word_forms import parts_of, zipped


def test_a_form_with_its_data_keeps_both_standards(office: Office) -> None:
    data = json.dumps({"titre": "Évaluation"}).encode()
    pdf = convert(saved(conforming()), data=data)
    assert check_pdf(pdf) == []
    assert claims(pdf) == {"PDF/A-3b", "PDF/UA-1"}
    assert read_attachment(pdf) == data
    text = pdf_text(pdf)
    assert [
        word
        for word in (
            "Fiche d'évaluation individuelle",
            "Élève, cœur, 1 234,50 €",
            "case 5",
            "texte : Oui",
            "liste : Oui",
            "ajout suivi",
        )
        if word not in text
    ] == []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert document.Root.Lang == "fr-FR"
        assert "/AcroForm" not in document.Root


@pytest.mark.lent
def test_a_pdf_claims_accessibility_only_where_it_has_it(office: Office) -> None:
    obstacles = {name: variant(change) for name, (change, _) in OBSTACLES.items()}
    harmless = {name: variant(change) for name, change in HARMLESS.items()}
    made = {
        name: pdf
        for name, pdf in convert_many((obstacles | harmless).items())
        if isinstance(pdf, bytes)
    }
    assert {name: check_pdf(made[name]) for name in harmless} == {name: [] for name in harmless}
    assert {name: claims(made[name]) for name in obstacles} == {
        name: {"PDF/A-3b"} for name in obstacles
    }
    assert {name: check_standard(made[name], "PDF/A-3b") for name in obstacles} == {
        name: [] for name in obstacles
    }
    # Each obstacle is a true one: beside the claim that is missing, the validator finds the defect
    # itself.
    missing_claim = {"PDF/UA-1, PDFUA1-ID-SCHEMA-001", "PDF/UA-1, PDFUA1-ID-PART-001"}
    assert [
        name
        for name in obstacles
        if {finding.split(":")[0] for finding in check_standard(made[name], "PDF/UA-1")}
        <= missing_claim
    ] == []


def test_a_document_without_language_is_in_french(office: Office) -> None:
    document = plain()
    for language in list(document.styles.element.iter(qn("w:lang"))):
        language.getparent().remove(language)
    with pikepdf.open(io.BytesIO(convert(saved(document)))) as pdf:
        assert pdf.Root.Lang == "fr-FR"


def test_a_temporary_folder_with_accents_and_spaces_is_no_hindrance(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "Élodie & Co 100%"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    assert "Un bilan" in pdf_text(convert(saved(plain("Un bilan"))))


def test_an_odt_is_whole(office: Office) -> None:
    with zipfile.ZipFile(io.BytesIO(convert(saved(plain("Un bilan")), "odt"))) as archive:
        assert "Un bilan" in archive.read("content.xml").decode()


@pytest.mark.lent
def test_many_at_once_do_not_disturb_each_other(office: Office) -> None:
    documents = [(f"d{number}", saved(plain(f"Titre numéro {number}"))) for number in range(6)]
    outcomes = list(convert_many(documents, processes=2, chunk=3))
    assert [
        (name, f"Titre numéro {name[1:]}" in pdf_text(pdf))
        for name, pdf in outcomes
        if isinstance(pdf, bytes)
    ] == [(name, True) for name, _ in documents]


def test_a_document_that_word_could_not_open_either_is_refused(office: Office) -> None:
    parts = parts_of(saved(plain()))
    broken = zipped({**parts, MAIN: parts[MAIN][:200]})
    with pytest.raises(ConversionError, match=r"bilan\.docx"):
        convert(broken, name="bilan.docx")


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """An address, and the paths that somebody asked of it."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

        def log_message(self, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_port}", asked
        listening.shutdown()


def test_even_unchecked_nothing_is_fetched(
    office: Office, server: tuple[str, list[str]], tmp_path: Path
) -> None:
    # Past our own check of the links, the private profile is the second wall.
    address, asked = server
    secret = tmp_path / "secret.docx"
    secret.write_bytes(saved(plain("CONFIDENTIEL")))
    documents = []
    for target in (f"{address}/image.png", secret.as_uri()):
        document = plain()
        add_picture(document, descr="x")
        relation = document.part.relate_to(
            target,
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image",
            is_external=True,
        )
        blip = next(iter(document.element.body.iter(qn("a:blip"))))
        del blip.attrib[qn("r:embed")]
        blip.set(qn("r:link"), relation)
        add_field(document.add_paragraph(), f'INCLUDETEXT "{target}"', "champ")
        add_field(document.add_paragraph(), f'INCLUDEPICTURE "{target}" \\d', "champ")
        documents.append(saved(document))
    made: dict[int, bytes | Failure] = {}
    given = dict(enumerate(documents))
    Converter(office, "pdf", FILTERS["pdf"], 120).convert(given, made.__setitem__)
    assert asked == []
    assert ["CONFIDENTIEL" in pdf_text(pdf) for pdf in made.values() if isinstance(pdf, bytes)] == [
        False,
        False,
    ]
