"""La charte d'un opérateur habille ses documents, et dit les couleurs qui se lisent mal."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pikepdf
import pytest

from dla_docs import DOCUMENTS, Document, Mission, check, load, read, render, trame, verify
from dla_docs.model.bloc import attribute_at
from dla_docs.model.typography import PLAIN
from dla_docs.model.values import Couleur, parse
from dla_docs.parties.charte import LEAST, WHITE, Charte, contrast
from dla_docs.pdf import convert_many
from dla_docs.pdf.pages import page_texts
from dla_docs.resources import sample_path
from dla_docs.word.package import open_package
from tests import one_in
from tests.bench.pages import across, badly_broken, headless, outside
from tests.offices import need_office
from tests.pdf_checks import check_pdf

CHARTE = {
    "couleur_principale": "#1b2a6b",
    "couleur_secondaire": "#A3352B",
    "police": "Liberation Serif",
    "pied_de_page": "Association Exemple d'appui, 1 rue de l'Exemple",
}
CHARTES = {  # as different as three operators may be
    "bleue": CHARTE,
    "verte": {
        "couleur_principale": "#0B5D3B",
        "couleur_secondaire": "#7A4A00",
        "police": "Liberation Sans",
        "pied_de_page": "Un pied de page aussi long qu'un opérateur peut en vouloir : "
        "1 rue de l'Exemple, 00100 Villexemple, 02 61 91 00 10, contact@exemple.example.org",
    },
    "violette": {
        "couleur_principale": "#4B1D6B",
        "couleur_secondaire": "#B0005A",
        "police": "Caladea",
        "pied_de_page": "DLA 00",
    },
}
KINDS = ("convention_tripartite", "grille_de_lecture", "rapport_final")
FOOT = "Association Exemple d’appui, 1 rue de l’Exemple"
MISSION = """document: mission
operateur:
  charte: {couleur_principale: 1B2A6B, couleur_secondaire: F08A00}
documents:
  grille_de_suivi: {}
  fiche_prestataire: {}
"""
DRESSED = [slug for slug, model in DOCUMENTS.items() if "operateur" in model.model_fields]


def sample(slug: str, charte: dict[str, str] | None = None) -> Document:
    document = load(sample_path(slug))
    assert isinstance(document, Document)
    if charte is None:
        return document
    operator = attribute_at(document, "operateur").model_copy(
        update={"charte": Charte.model_validate(charte)}
    )
    return document.model_copy(update={"operateur": operator})


def parts(docx: bytes) -> dict[str, str]:
    return {
        name: part.decode()
        for name, part in open_package(docx).items()
        if name.startswith("word/") and name.endswith(".xml")
    }


@pytest.mark.parametrize("slug", one_in(6, ((slug,) for slug in DRESSED)))
def test_a_charte_dresses_a_document_and_changes_none_of_its_words(slug: str) -> None:
    document = sample(slug, CHARTE)
    made = render(document, brouillon=True)
    shown = parts(made)
    assert 'typeface="Liberation Serif"' in shown["word/theme.xml"]
    assert 'w:val="1B2A6B"' in shown["word/styles.xml"]
    assert not re.findall(r'"(?:1D3A57|1F6E7A|EAF0F4|Calibri)"', "".join(shown.values()))
    assert FOOT in shown["word/footer1.xml"]
    assert verify(made, document, brouillon=True) == []
    assert read(made).changements == ()


@pytest.mark.parametrize("slug", one_in(6, ((slug,) for slug in DRESSED)))
def test_without_a_charte_the_bytes_are_the_same(slug: str) -> None:
    bare = render(sample(slug), brouillon=True)
    assert render(sample(slug, {}), brouillon=True) == bare
    assert render(sample(slug, CHARTE), brouillon=True) != bare


def test_one_colour_alone_leaves_the_rest_as_it_was() -> None:
    shown = parts(render(sample("convention_tripartite", {"couleur_secondaire": "#A3352B"})))
    assert 'w:val="A3352B"' in shown["word/styles.xml"]
    assert 'w:val="1D3A57"' in shown["word/styles.xml"] and "Calibri" in shown["word/theme.xml"]


def test_the_mission_s_operator_dresses_its_documents_and_its_forms(tmp_path: Path) -> None:
    path = tmp_path / "mission.yaml"
    path.write_text(MISSION, encoding="utf-8")
    mission = load(path)
    assert isinstance(mission, Mission)
    form = trame("grille_de_suivi", mission)
    assert "1B2A6B" in parts(form)["word/styles.xml"]
    assert "1B2A6B" in parts(trame("fiche_prestataire", mission))["word/styles.xml"]
    said = [str(one) for one in check(mission) if "se lit mal" in one.message]
    assert len(said) == 1 and "mission.yaml, ligne 3" in said[0]


@pytest.mark.parametrize(
    ("name", "colour", "seen"),
    [
        ("couleur_principale", "#757575", "4,2"),  # on the tint of the labels
        ("couleur_principale", "#FFE000", "1,3"),
        ("couleur_secondaire", "#F08A00", "2,5"),
    ],
)
def test_a_colour_that_is_not_read_is_said_with_one_that_is(
    name: str, colour: str, seen: str
) -> None:
    [found] = [
        one
        for one in check(sample("convention_tripartite", {name: colour}))
        if one.chemin.startswith("operateur.charte")
    ]
    assert found.chemin == f"operateur.charte.{name}"
    assert f"un contraste de {seen} pour 1, au lieu de 4,5" in found.message
    [better] = re.findall("#[0-9A-F]{6}", found.conseil)
    assert contrast(better, WHITE) >= LEAST
    assert not [
        one
        for one in check(sample("convention_tripartite", {name: better}))
        if one.chemin.startswith("operateur.charte")
    ]


@pytest.mark.parametrize("typed", ["bleu", "#12345", "1234567", "#GGGGGG"])
def test_what_is_no_colour_is_refused_in_french(typed: str) -> None:
    with pytest.raises(ValueError, match="n'est pas une couleur"):
        parse(Couleur, typed)


@pytest.fixture(scope="module")
def three() -> dict[str, bytes]:
    """The same documents under three chartes, all by one LibreOffice."""
    need_office()
    made = convert_many(
        (f"{slug} {named}", render(sample(slug, charte), brouillon=True))
        for slug in KINDS
        for named, charte in CHARTES.items()
    )
    return {asked: pdf for asked, pdf in made if isinstance(pdf, bytes)}


@pytest.mark.lent
@pytest.mark.parametrize("named", CHARTES)
@pytest.mark.parametrize("slug", KINDS)
def test_the_pages_of_three_chartes_hold(slug: str, named: str, three: dict[str, bytes]) -> None:
    pdf = three[f"{slug} {named}"]
    assert (outside(pdf), across(pdf), badly_broken(pdf), headless(pdf)) == ([], [], [], [])
    foot = plain(CHARTES[named]["pied_de_page"])
    for number, page in enumerate(page_texts(pdf), 1):
        assert foot in plain(page), number
    assert fonts(pdf) == {CHARTES[named]["police"].replace(" ", "")}


@pytest.mark.lent
def test_the_page_of_a_charte_keeps_both_standards(three: dict[str, bytes]) -> None:
    for named in CHARTES:
        assert check_pdf(three[f"{KINDS[0]} {named}"]) == [], named


def plain(words: str) -> str:
    """The words, whatever their typography and their lines."""
    return " ".join(words.translate(PLAIN).replace("’", "'").split())


def fonts(pdf: bytes) -> set[str]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return {
            str(held.BaseFont).rpartition("+")[2].partition("-")[0]
            for held in document.objects
            if isinstance(held, pikepdf.Dictionary) and "/BaseFont" in held
        }
