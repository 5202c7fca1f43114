"""Les dossiers d'exemple, tels que ``make dossier`` les fait : chaque valeur y est, en Word et en
PDF, et les fichiers sont sains.
"""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from dla_docs import DOCUMENTS, Mission, load, verify
from dla_docs.cli.application import run
from dla_docs.dossier import make_dossier
from dla_docs.model.requirement import referentiel
from dla_docs.pdf import read_attachment
from dla_docs.profils.loading import load_profil
from dla_docs.resources import sample_path, template_path
from dla_docs.word.answers import controls_in
from dla_docs.word.package import open_package, parse_part
from dla_docs.word.page import text_of as text_in
from tests import long, one_in
from tests.corpus import PROFILS, samples
from tests.ooxml_validator import added_errors
from tests.pdf_checks import check_pdf, claims


@pytest.fixture(scope="module", params=["individuelle", long("collective")])
def dossier(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One sample mission's folder, Word and PDF."""
    folder = tmp_path_factory.mktemp(request.param)
    assert (
        run(["dossier", str(sample_path(f"mission_{request.param}")), "-o", str(folder), "--pdf"])
        == 0
    )
    return folder


def test_every_document_of_the_mission_is_there_in_both_formats(dossier: Path) -> None:
    mission = samples()[
        f"mission_{'collective' if 'collective' in dossier.name else 'individuelle'}"
    ]
    assert isinstance(mission, Mission)
    count = sum(len(documents) for documents in mission.documents.values())
    assert len(list(dossier.glob("*.docx"))) == len(list(dossier.glob("*.pdf"))) == count


def test_the_pdf_shows_every_filled_value(dossier: Path) -> None:
    for word in sorted(dossier.glob("*.docx")):
        shown = solid(without_margins(text_of(word.with_suffix(".pdf"))))
        values = [
            solid(control.text) for control in controls_in(open_package(word)) if control.text
        ]
        assert values
        assert [value for value in values if value not in shown] == [], word.name


def test_no_page_is_blank(dossier: Path) -> None:
    blank = [
        f"{path.name}, page {number}"
        for path in dossier.glob("*.pdf")
        for number, page in enumerate(text_of(path).rstrip("\f").split("\f"), 1)
        if len([line for line in page.splitlines() if line.strip()])
        < 4  # the foot of a page has two or three
    ]
    assert blank == []


def test_every_page_says_its_number_and_the_total(dossier: Path) -> None:
    for path in dossier.glob("*.pdf"):
        pages = text_of(path).rstrip("\f").split("\f")
        assert all(
            f"Page {number} / {len(pages)}" in flat(page) for number, page in enumerate(pages, 1)
        ), path.name


def test_every_pdf_keeps_the_two_standards_it_claims(dossier: Path) -> None:
    for path in dossier.glob("*.pdf"):
        content = path.read_bytes()
        assert claims(content) == {"PDF/A-3b", "PDF/UA-1"}, path.name
        assert check_pdf(content) == [], path.name
        assert b'"donnees"' in (read_attachment(content) or b"")


def test_no_tag_no_none_no_foreign_date_is_left(dossier: Path) -> None:
    for path in dossier.glob("*.pdf"):
        text = text_of(path)
        assert not re.search(r"\{[{%]|\bNone\b|\b\d{4}-\d{2}-\d{2}\b|\d+\.\d{2} €", text), path.name


@pytest.mark.lent
def test_the_word_files_have_no_error_that_their_template_does_not_have(dossier: Path) -> None:
    for path in sorted(dossier.glob("*.docx")):
        slug = next(slug for slug, model in DOCUMENTS.items() if model.titre in path.name)
        assert added_errors(template_path(slug), path) == [], path.name


def test_french_amounts_and_dates_are_printed(tmp_path: Path) -> None:
    made = make_dossier(sample_path("mission_collective"), tmp_path)
    text = " ".join(
        control.text for path in made.fichiers for control in controls_in(open_package(path))
    )
    assert "23 824,32 €" in text.replace("\u00a0", " ")
    assert "13/03/2006" in text


@pytest.mark.parametrize(
    "name",
    one_in(
        6, [("mission_individuelle",), *((slug,) for slug in DOCUMENTS), ("mission_collective",)]
    ),
)
def test_the_same_input_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    loaded = load(sample_path(name))
    if isinstance(loaded, Mission):
        first, second = (make_dossier(loaded, tmp_path / folder) for folder in "ab")
        assert [path.read_bytes() for path in first.fichiers] == [
            path.read_bytes() for path in second.fichiers
        ]
    else:
        outputs = [tmp_path / f"{n}.docx" for n in "ab"]
        for output in outputs:
            assert run(["produire", str(sample_path(name)), "-o", str(output)]) == 0
        assert outputs[0].read_bytes() == outputs[1].read_bytes()
        assert verify(outputs[0].read_bytes(), loaded) == []


@pytest.mark.parametrize("slug", one_in(3, [(slug,) for slug in DOCUMENTS]))
def test_every_official_wording_is_printed(slug: str, tmp_path: Path) -> None:
    asked = [
        exigence.id
        for exigence in referentiel().values()
        if exigence.nature == "libelle" and slug in exigence.documents
    ]
    carried = [
        (exigence, node)
        for node in DOCUMENTS[slug].schema_node().walk()
        for exigence in node.exigences
        if exigence.nature == "libelle"
    ]
    texts = {
        exigence.id: {folded(said) for said in (node.text, node.label, exigence.titre) if said}
        for exigence, node in carried
    }
    assert sorted(set(asked) - set(texts)) == [], "un libellé que rien ne porte"
    for profil in PROFILS:
        output = tmp_path / f"{profil}.docx"
        assert run(["produire", str(sample_path(slug)), "-o", str(output), "--profil", profil]) == 0
        shown, followed = folded(word_text(output)), load_profil(profil).suivies()
        assert [
            name
            for name in asked
            if name in followed and not any(text in shown for text in texts[name])
        ] == [], profil


def word_text(path: Path) -> str:
    return text_in(parse_part(open_package(path)["word/document.xml"], "word/document.xml"))


@cache
def text_of(path: Path) -> str:
    return subprocess.run(
        ["pdftotext", "-raw", str(path), "-"], check=True, capture_output=True
    ).stdout.decode()


def without_margins(text: str) -> str:
    """Without the foot of each page, which cuts a text that goes on to the next."""
    return re.sub(r"\n[^\n]*\n?Page \d+ / \d+|\n[^\n]*Page \d+ / \d+", "\n", text)


def solid(text: str) -> str:
    """Without white space: a page breaks its lines where it likes, even inside a word that has a
    hyphen.
    """
    return "".join(text.split())


def flat(text: str) -> str:
    return " ".join(text.split())


def folded(text: str) -> str:
    return flat(text).casefold().replace("’", "'").rstrip(" .")


def test_each_participant_s_sheet_bears_their_name(tmp_path: Path) -> None:
    made = make_dossier(sample_path("mission_collective"), tmp_path)
    sheets = [path.stem for path in made.fichiers if "ingénierie collective - " in path.stem]
    assert len(sheets) == len({sheet.rpartition(" - ")[2] for sheet in sheets}) == 3
    assert any("Charlie Épreuve" in sheet for sheet in sheets)
