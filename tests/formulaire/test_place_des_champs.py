"""La place que la page d'un formulaire PDF donne à chaque champ, avant que LibreOffice la peigne :
ce que tient sa ligne, et pas plus.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from lxml import etree

from dla_docs import DOCUMENTS
from dla_docs.forms.blank_form import form
from dla_docs.forms.pdf_form import gabarit
from dla_docs.forms.writing_space import BLANK, LINES_IN_CELL, USUAL_ANSWER
from dla_docs.profils.loading import load_profil
from dla_docs.word.names import W_P, W_SDT, W_TC, W_TR, W
from dla_docs.word.package import MAIN, open_package, parse_part
from dla_docs.word.page import text_of

NAME = ("Coopérative d'études et de conseil aux associations " * 3)[:120]
PROJECTS = 6
A_COLUMN = 18  # letters, of seven columns on a wide page
POINT = f"{W}pPr/{W}pStyle[@{W}val='Listepuces']"
A_TITLE = 72  # likewise, after « Article 1 – »


def page_of(slug: str, **data: object) -> etree._Element:
    """The Word page that becomes a PDF form, a field a run of blanks."""
    national = load_profil("national")
    made = gabarit(form(DOCUMENTS[slug].model_validate(data), None, national), national)
    return parse_part(open_package(made.docx)[MAIN], MAIN)


def blanks(root: etree._Element) -> Iterator[tuple[etree._Element, list[str]]]:
    """Each field, and the lines that it takes."""
    for sdt in root.iter(W_SDT):
        if BLANK in (said := text_of(sdt)):
            yield sdt, said.split("\n")


@pytest.mark.parametrize("slug", ["proposition", "rapport_final"])
def test_the_places_of_the_financeurs_say_what_they_ask(slug: str) -> None:
    """On the cover, names alone are understood; « À remplir » alone is not."""
    lines = [text_of(line).replace("\xa0", " ") for line in page_of(slug).iter(W_P)]
    (asked,) = [rank for rank, line in enumerate(lines) if line.startswith("Financeur : ")]
    assert "Logos des financeurs" in lines[:asked] and BLANK in lines[asked]


@pytest.fixture(scope="module")
def grid() -> etree._Element:
    return page_of("grille_de_lecture", projets=[{"nom": f"{NAME} {n}"} for n in range(PROJECTS)])


def test_a_field_is_no_wider_than_the_column_of_its_project(grid: etree._Element) -> None:
    """Wider, it takes two lines for one, and a page holds a criterion."""
    rows = [row for row in grid.iter(W_TR) if len([*row.iter(W_TC)]) == PROJECTS + 1]
    found = [lines for row in rows for _, lines in blanks(row)]
    assert len(found) > PROJECTS * 10
    assert {max(map(len, lines)) <= A_COLUMN for lines in found} == {True}


def test_three_criteria_stand_on_a_page_below_six_long_names(grid: etree._Element) -> None:
    names, criterion = (
        max(len(lines) for _, lines in blanks(row))
        for row in [row for row in grid.iter(W_TR) if len([*row.iter(W_TC)]) == PROJECTS + 1][:2]
    )
    assert criterion == LINES_IN_CELL
    assert 6 <= names <= 9  # the lines of a name of 120 letters, one to go on, and no more


@pytest.mark.parametrize("titre", [NAME, "L'assurance"])
def test_the_title_of_an_article_is_on_the_line_of_its_number(titre: str) -> None:
    root = page_of("convention_tripartite", articles=[{"titre": titre, "texte": "Un texte."}])
    styles = ((p, p.find(f"{W}pPr/{W}pStyle")) for p in root.iter(W_P))
    titles = [
        found
        for p, style in styles
        if style is not None and style.get(f"{W}val") == "TitreArticle"
        for found in blanks(p)
    ]
    assert titles
    for sdt, lines in titles:
        assert max(map(len, lines)) <= A_TITLE
        assert sdt.find(f".//{W}rPr/{W}sz") is not None  # as small as the letters typed in it
    assert max(len(lines) for _, lines in titles) == (3 if titre == NAME else 1)


def test_what_a_line_has_left_goes_to_the_address_and_not_to_the_postal_code() -> None:
    """Both had the place of a usual answer, and the last one of a line takes all that is left."""
    lines = [p for p in page_of("convention_tripartite").iter(W_P) if "Code postal" in text_of(p)]
    assert len(lines) == 3  # the operator, the structure, the prestataire
    for line in lines:
        address, postal_code, *_ = (said[0] for _, said in blanks(line))
        assert len(address) > USUAL_ANSWER > len(postal_code)


def test_a_point_of_a_list_has_lines_no_wider_than_it() -> None:
    """Alone on its line, it reaches its edge: longer, each of its lines takes two."""
    points = [p for p in page_of("plan_accompagnement").iter(W_P) if p.find(POINT) is not None]
    found = [said for p in points for _, said in blanks(p)]
    assert found and {max(map(len, said)) for said in found} == {USUAL_ANSWER}


@pytest.mark.parametrize("slug", ["rapport_final", "appel_a_competences", "evaluation_collective"])
def test_the_last_row_of_a_form_takes_the_one_above_to_its_page(slug: str) -> None:
    """The consultant, in two lines, or one date of two, would be alone on the last page."""
    *_, table = page_of(slug).iterfind(f"{W}body/{W}tbl")
    held = [
        all(p.find(f"{W}pPr/{W}keepNext") is not None for p in row.iter(W_P))
        for row in table.iter(W_TR)
    ]
    assert held[-2:] == [True, False]
