"""Les cases à cocher d'un formulaire Word : cochées comme Word les coche, elles se relisent ; rien
n'est deviné.
"""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from dla_docs import read, render
from dla_docs.builder.wml import run
from dla_docs.forms import blank_form, trame
from dla_docs.model.bloc import value_type
from dla_docs.model.node import Node
from dla_docs.profils.loading import load_profil
from dla_docs.registry import FORMULAIRES
from dla_docs.word.boxes import MOST
from dla_docs.word.names import W
from dla_docs.word.package import open_package
from dla_docs.word.page import page_in, text_of
from tests import long
from tests.formulaire.formulaires import (
    BODY,
    another,
    changed,
    control_of,
    edited,
    fillable,
    form,
    held,
    own,
    row_of,
    sample,
    without_controls,
    without_tags,
)
from tests.offices import need_office
from tests.word_forms import choice_of, fill, parts_of, resaved_many, tick

SUIVI, GRILLE, ENQUETE = "grille_de_suivi", "evaluation_individuelle", "enquete_beneficiaire"
DELAIS = "conditions.delais.reponse"  # « Oui » in the sample


def is_ticked(node: Node | None) -> bool:
    return node is not None and 0 < len(node.choices) <= MOST


@cache
def boxes_of(slug: str) -> tuple[str, ...]:
    root = FORMULAIRES[slug].schema_node()
    return tuple(tag for tag in fillable(slug) if is_ticked(root.find(tag)))


WITH_BOXES = [
    slug for slug, model in FORMULAIRES.items() if any(map(is_ticked, model.schema_node().leaves()))
]


def other_answers(slug: str) -> dict[str, str]:
    return {tag: another(slug, tag) for tag in boxes_of(slug)}


def texts(docx: bytes) -> list[str]:
    """The fixed texts of the page, those of the boxes among them."""
    page = page_in(open_package(docx))
    return [
        piece.replace("\N{NO-BREAK SPACE}", " ")
        for line in page
        for cell in line.cells
        for piece in cell
        if isinstance(piece, str)
    ]


def box(root: etree._Element, path: str, rank: int) -> etree._Element:
    return control_of(root, f"{path}#{rank}")


def test_most_forms_have_boxes() -> None:
    assert all(map(boxes_of, (SUIVI, GRILLE, ENQUETE, "mission")))


@pytest.mark.parametrize("slug", WITH_BOXES)
def test_a_form_filled_by_ticking_comes_back_as_it_was_ticked(slug: str) -> None:
    answers = other_answers(slug)
    lecture = read(fill(form(slug), answers))
    if not answers:
        pytest.skip("sa page n'imprime pas le champ qui aurait des cases")
    assert (changed(lecture), lecture.refus, own(lecture.constats)) == (answers, (), [])


@pytest.mark.parametrize("slug", WITH_BOXES)
def test_a_box_that_is_emptied_takes_its_answer_back(slug: str) -> None:
    filled = {tag: "" for tag in boxes_of(slug) if held(slug)[tag]}
    assert changed(read(fill(form(slug), filled))) == filled


@pytest.mark.lent
def test_libreoffice_keeps_what_was_ticked(tmp_path: Path) -> None:
    need_office()
    ticked = {slug: fill(form(slug), other_answers(slug)) for slug in WITH_BOXES}
    for slug, docx in resaved_many(ticked, tmp_path).items():
        lecture = read(docx)
        assert (changed(lecture), lecture.refus) == (other_answers(slug), ()), slug


@pytest.mark.parametrize("loses", [without_tags, without_controls])
def test_boxes_that_lost_what_tells_them_are_found_by_their_place(loses: object) -> None:
    assert callable(loses)
    answers = other_answers(GRILLE)
    lecture = read(edited(fill(form(GRILLE), answers), loses))
    assert (changed(lecture), lecture.refus) == (answers, ())
    assert not any("#" in str(constat) for constat in lecture.constats)


def test_two_boxes_that_are_ticked_are_named_and_nothing_is_guessed() -> None:
    lecture = read(edited(form(GRILLE), lambda root: tick(box(root, DELAIS, 3), True)))
    [refused] = lecture.refus
    assert (
        "2 cases sont cochées, « Oui » et « Sans objet » ; n'en laissez qu'une" in refused.message
    )
    assert refused.chemin == DELAIS and changed(lecture) == {}


@pytest.mark.parametrize("mark", ["x", "X", "✓"])
def test_a_mark_typed_over_a_box_ticks_it(mark: str) -> None:
    def over(root: etree._Element) -> None:
        tick(box(root, DELAIS, 1), False)
        next(box(root, DELAIS, 2).iter(f"{W}t")).text = mark

    lecture = read(edited(form(GRILLE), over))
    assert (changed(lecture), lecture.refus) == ({DELAIS: "Non"}, ())


def test_what_is_written_over_a_box_and_is_no_mark_is_refused() -> None:
    def over(root: etree._Element) -> None:
        tick(box(root, DELAIS, 1), False)
        next(box(root, DELAIS, 2).iter(f"{W}t")).text = "plutôt oui"

    [refused] = read(edited(form(GRILLE), over)).refus
    assert "« plutôt oui » n'est pas un des choix" in refused.message
    assert refused.chemin == DELAIS


@pytest.mark.parametrize("typed", ["x", "plutôt oui"])
@pytest.mark.parametrize("rank", [2, 3])
def test_what_is_written_between_two_boxes_ticks_neither(typed: str, rank: int) -> None:
    def between(root: etree._Element) -> None:
        tick(box(root, DELAIS, 1), False)
        box(root, DELAIS, rank).addprevious(run(typed))

    lecture = read(edited(form(GRILLE), between))
    assert changed(lecture) == {DELAIS: ""}
    said = [constat for constat in lecture.constats if f"« {typed} »" in constat.message]
    assert [(one.chemin, "à côté d'une case" in one.message) for one in said] == [(DELAIS, True)]


def test_a_row_of_boxes_that_was_copied_is_one_more() -> None:
    nature = "modifications[0].nature"

    def copied(root: etree._Element) -> None:
        row = row_of(root, f"{nature}#1")
        row.addnext(deepcopy(row))
        for rank in range(1, 6):
            tick(box(root, nature, rank), rank == 4)

    lecture = read(edited(form(SUIVI), copied))
    assert lecture.refus == ()
    assert "Problématique traitée" in changed(lecture).values()
    assert nature not in changed(lecture)


def test_the_answers_of_a_survey_are_printed() -> None:
    shown = "\n".join(texts(trame(ENQUETE)))
    assert all(shown.count(answer) >= 15 for answer in ("Très satisfaisant", "Pas satisfaisant")), (
        shown
    )


def test_a_box_says_its_field_and_its_answer_and_what_is_final_prints_words() -> None:
    root = etree.fromstring(parts_of(form(GRILLE))[BODY])
    alias = box(root, DELAIS, 1).find(f"{W}sdtPr/{W}alias")
    assert alias is not None and str(alias.get(f"{W}val")).endswith(": Oui")
    assert choice_of(box(root, DELAIS, 1)) == "Oui"
    assert not {"☐", "☒"} & set("".join(texts(render(sample(GRILLE), brouillon=True))))


def test_a_value_in_words_is_still_read_whatever_its_capitals() -> None:
    mark = value_type(FORMULAIRES[GRILLE], DELAIS)
    assert mark.load(" SANS  OBJET ") == mark.load("sans objet") == mark.load("☒ Sans objet")


@pytest.mark.parametrize("slug", [slug if slug == GRILLE else long(slug) for slug in FORMULAIRES])
def test_the_cells_to_fill_are_tinted_and_high_enough_for_a_pen(slug: str) -> None:
    root = etree.fromstring(parts_of(trame(slug) if slug != "controle" else form(slug))[BODY])
    opened = [
        sdt
        for sdt in root.iter(f"{W}sdt")
        if sdt.find(f"{W}sdtPr/{W}lock[@{W}val='sdtLocked']") is not None
    ]
    assert opened
    for sdt in opened:
        cell = next(sdt.iterancestors(f"{W}tc"), None)
        holder = next(sdt.iterancestors(f"{W}p")) if cell is None else cell
        shade = holder.find(f"{W}{'pPr' if cell is None else 'tcPr'}/{W}shd")
        assert shade is not None and shade.get(f"{W}fill") == "FFFAE7"
        if cell is not None:
            height = next(sdt.iterancestors(f"{W}tr")).find(f"{W}trPr/{W}trHeight")
            assert height is not None and int(height.get(f"{W}val", "0")) >= 8 / 25.4 * 1440


def test_a_row_to_fill_is_not_cut_at_the_foot_of_a_page_but_for_a_long_text() -> None:
    def cut(projets: list[dict[str, object]]) -> int:
        grid = FORMULAIRES["grille_de_lecture"].model_validate({"projets": projets})
        page = etree.fromstring(
            parts_of(blank_form.form(grid, None, load_profil("national")))[BODY]
        )
        rows = page.iterfind(f".//{W}trHeight/../..")
        return sum(row.find(f"{W}trPr/{W}cantSplit") is None for row in rows)

    assert cut([{"nom": "Cabinet Exemple"}]) == 0
    assert (
        cut(
            [{"nom": "Cabinet Exemple", "couts": {"justification": {"appreciation": "Mot. " * 99}}}]
        )
        == 1
    )


@pytest.mark.parametrize(("name", "spaced"), [("Cabinet Exemple", True), ("Cabinet " * 15, False)])
def test_a_name_of_several_lines_is_no_line_to_write_on(name: str, spaced: bool) -> None:
    grid = FORMULAIRES["grille_de_lecture"].model_validate({"projets": [{"nom": name}]})
    page = etree.fromstring(parts_of(blank_form.form(grid, None, load_profil("national")))[BODY])
    holder = next(control_of(page, "projets[0].nom").iterancestors(f"{W}p"))
    assert (holder.find(f"{W}pPr/{W}spacing") is not None) is spaced


@pytest.mark.parametrize("slug", WITH_BOXES)
def test_une_case_tient_dans_huit_millimetres_et_sa_reponse_dans_sa_colonne(slug: str) -> None:
    states = [*etree.fromstring(parts_of(trame(slug))[BODY]).iter("{*}checkbox")]
    holders = [next(state.iterancestors(f"{W}p")) for state in states]
    lines = [one.find(f"{W}pPr/{W}spacing") for one in holders]
    assert all(one is not None and int(one.get(f"{W}line", "0")) >= MM_8 for one in lines)
    for one in holders:
        for cell in one.iterancestors(f"{W}tc"):
            width = cell.find(f"{W}tcPr/{W}tcW")
            assert width is not None
            room = (int(width.get(f"{W}w", "0")) / 567 - 0.4) * LETTERS - BOX
            assert all(len(word) <= room for word in text_of(one).split()), text_of(one)


MM_8 = 454  # in twentieths of a point
LETTERS, BOX = 5.8, 2.5  # a centimetre of small letters; a box and its space
