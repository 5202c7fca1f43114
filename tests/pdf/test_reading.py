"""Le PDF de lecture : fait sans LibreOffice, entier et dans l'ordre, sans rien annoncer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dla_docs import DOCUMENTS, ConversionError, Document, load, make_dossier, pdf, render
from dla_docs.cli.application import run
from dla_docs.pdf import reading
from dla_docs.pdf.lost_words import displaced
from dla_docs.pdf.office import AbsentOfficeError
from dla_docs.pdf.pages import text
from dla_docs.resources import sample_path
from dla_docs.word.package import open_package
from tests import as_keyed, one_in
from tests.pdf.fake_office import document
from tests.pdf_checks import claims

SLUG = "notification_de_choix"


@pytest.fixture
def no_office(monkeypatch: pytest.MonkeyPatch) -> None:
    """LibreOffice n'est pas là."""

    def absent() -> Any:
        raise AbsentOfficeError("absent")

    for module in ("office", "reading", "export"):
        monkeypatch.setattr(f"dla_docs.pdf.{module}.find_office", absent)


@pytest.fixture
def engine(no_office: None) -> None:
    """dxpdf, lui, y est."""
    pytest.importorskip("dxpdf", reason="dxpdf manque : « pip install dla-docs[lecture] »")


def sample(slug: str) -> Document:
    found = load(sample_path(slug))
    assert isinstance(found, Document)
    return found


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("slug", one_in(7, [(slug,) for slug in DOCUMENTS]))
def test_every_word_is_there_in_order_and_nothing_is_claimed(slug: str) -> None:
    docx = render(sample(slug), brouillon=True)
    made = pdf.convert(docx, data=b'{"un": 1}')
    assert claims(made) == set() and pdf.norms_of(made) == ()
    assert pdf.read_attachment(made) == b'{"un": 1}'
    said = "".join(as_keyed(text(made)).split())
    assert "".join(as_keyed(sample(slug).titre).split()) in said


@pytest.mark.usefixtures("engine")
def test_the_commands_say_that_it_is_only_for_reading(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "a.pdf"
    run(["produire", str(sample_path(SLUG)), "-o", str(target)])
    assert "PDF de lecture" in capsys.readouterr().err and claims(target.read_bytes()) == set()
    run(["dossier", str(sample_path("mission_simplifiee")), "-o", str(tmp_path / "d"), "--pdf"])
    said = " ".join(capsys.readouterr().err.split())
    assert said.count("PDF de lecture") == 1 and "installez LibreOffice" in said
    assert (tmp_path / "d" / "dossier complet.pdf").is_file()


@pytest.mark.usefixtures("no_office")
@pytest.mark.parametrize("wrong", ["une ligne de moins", "deux lignes échangées", "rien", "panne"])
def test_a_page_that_lacks_a_word_or_its_order_is_refused(
    wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Un moteur qui en perd : son PDF n'est pas rendu."""
    said = ["Le premier paragraphe du document", "Le second paragraphe du document"]
    shown = {
        "une ligne de moins": said[:1],
        "deux lignes échangées": said[::-1],
        "rien": [],
        "panne": None,
    }[wrong]
    docx = document("m", text="</w:t></w:r></w:p><w:p><w:r><w:t>".join(said))
    command = "raise SystemExit(3)" if shown is None else DRAW.format(lines=shown)
    monkeypatch.setattr(reading, "COMMAND", command)
    with pytest.raises(ConversionError) as refused:
        reading.reading_pdf(docx, name="a.docx")
    assert "PDF de lecture" in str(refused.value) and "LibreOffice" in str(refused.value)
    monkeypatch.setattr(reading, "COMMAND", DRAW.format(lines=said))
    assert displaced(open_package(docx), reading.reading_pdf(docx)) == []


DRAW = """
import io, sys, pikepdf
made, lines = pikepdf.new(), {lines!r}
made.add_blank_page(page_size=(595, 842))
page = made.pages[0]
font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1,
                          BaseFont=pikepdf.Name.Helvetica)
page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
drawn = "".join("BT /F1 12 Tf 50 %d Td (%s) Tj ET\\n" % (700 - 20 * rank, line)
                for rank, line in enumerate(lines))
page.obj.Contents = made.make_stream(drawn.encode())
output = io.BytesIO()
made.save(output)
sys.stdout.buffer.write(output.getvalue())
"""


@pytest.mark.usefixtures("no_office")
def test_without_either_the_word_file_is_made_and_both_ways_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "ENGINE", "un_moteur_absent")
    made = make_dossier(sample_path("mission_simplifiee"), tmp_path, pdf=True)
    assert "PDF" in dict(made.refus) and len(made.fichiers) == 4


@pytest.mark.lent
def test_once_libreoffice_is_there_the_dossier_keeps_no_pdf_for_reading(tmp_path: Path) -> None:
    pytest.importorskip("dxpdf", reason="dxpdf manque : « pip install dla-docs[lecture] »")
    mission = sample_path("mission_simplifiee")

    def absent() -> Any:
        raise AbsentOfficeError("absent")

    with pytest.MonkeyPatch.context() as patch:
        for module in ("office", "reading", "export"):
            patch.setattr(f"dla_docs.pdf.{module}.find_office", absent)
        first = make_dossier(mission, tmp_path, pdf=True)
        again = make_dossier(mission, tmp_path, pdf=True)
    assert set(again.inchanges) == {*first.fichiers, *first.pieces}
    made = make_dossier(mission, tmp_path, pdf=True)
    pages = [one for one in made.fichiers if one.suffix == ".pdf"]
    assert pages and all(len(claims(one.read_bytes())) == 2 for one in pages)
