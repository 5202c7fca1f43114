"""Nos propres mots tapés en réponse (« Choisir », « À remplir », « ☐ »…) : ils sont lus là où le
champ ne pouvait pas les montrer, et nommés là où il les montrait ; jamais perdus sans un mot.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from dla_docs import read, trame
from dla_docs.forms import Lecture
from dla_docs.registry import FORMULAIRES
from dla_docs.word.invitations import A_DATE, INVITATIONS, REMINDER, TO_CHOOSE, TO_FILL
from dla_docs.word.names import W
from tests import examples
from tests.formulaire.formulaires import (
    answers,
    changed,
    control_of,
    edited,
    form,
    own,
    row_of,
    without_controls,
    without_tags,
    xml,
)
from tests.offices import need_office
from tests.pdf_forms import fill_pdf, pdf_form
from tests.word_forms import fill, resaved

Edit = Callable[[etree._Element], None]
SUIVI = "grille_de_suivi"
COMMENTAIRES = "etapes[0].commentaires"
OURS = (*INVITATIONS, REMINDER)
PERHAPS = "est peut-être une réponse"


def half(odd: bool) -> Edit:
    """Un contrôle sur deux est ôté."""

    def strip(root: etree._Element) -> None:
        for sdt in [*root.iter(f"{W}sdt")][odd::2]:
            content, parent = sdt.find(f"{W}sdtContent"), sdt.getparent()
            assert content is not None and parent is not None
            place = parent.index(sdt)
            parent[place : place + 1] = list(content)

    return strip


def half_without_tags(root: etree._Element) -> None:
    half(False)(root)
    without_tags(root)


LOSSES: dict[str, Edit] = {
    "champs gardés": lambda root: None,
    "étiquettes tombées": without_tags,
    "un contrôle sur deux": half(False),
    "l'autre sur deux": half(True),
    "un contrôle sur deux, sans étiquettes": half_without_tags,
    "contrôles ôtés": without_controls,
}


@cache
def blank(slug: str) -> bytes:
    return trame(slug)


def said_by(lecture: Lecture) -> str:
    return "\n".join(
        str(constat)
        for constat in (*lecture.refus, *lecture.constats)
        if not constat.exigences and "retrouvé" not in constat.message
    )


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
@pytest.mark.parametrize("words", OURS)
def test_our_words_in_a_field_that_left_filled_are_its_answer(words: str, loss: Edit) -> None:
    lecture = read(edited(fill(form(SUIVI), {COMMENTAIRES: words}), loss))
    assert changed(lecture) == {COMMENTAIRES: words}
    assert PERHAPS not in said_by(lecture)


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
@pytest.mark.parametrize("words", [one for one in OURS if one != TO_FILL])
def test_the_words_of_another_invitation_are_the_answer_of_a_blank_field(
    words: str, loss: Edit
) -> None:
    lecture = read(edited(fill(blank(SUIVI), {COMMENTAIRES: words}), loss))
    assert changed(lecture) == {COMMENTAIRES: words}


def test_its_own_invitation_typed_in_a_field_is_named_where_only_the_text_is_left() -> None:
    filled = fill(blank(SUIVI), {COMMENTAIRES: TO_FILL})
    lecture = read(edited(filled, without_controls))
    assert changed(lecture) == {}
    [said] = [one for one in lecture.constats if PERHAPS in one.message]
    assert f"« {TO_FILL} » {PERHAPS}" in said.message
    assert "Commentaires du prestataire" in said.message
    assert said.chemin == COMMENTAIRES and said in lecture.laisses
    assert "récrivez-la en d'autres mots" in said.conseil


@pytest.mark.parametrize("remedy", ["Reste à remplir ensemble", ""], ids=["récrite", "effacée"])
def test_the_remedy_of_an_invitation_that_may_be_an_answer_ends_it(remedy: str) -> None:
    lecture = read(edited(fill(blank(SUIVI), {COMMENTAIRES: remedy}), without_controls))
    assert changed(lecture) == ({COMMENTAIRES: remedy} if remedy else {})
    assert PERHAPS not in said_by(lecture)


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
@pytest.mark.parametrize("words", OURS)
@pytest.mark.parametrize(
    ("slug", "tag"),
    [
        (SUIVI, "modifications[0].contact_le"),
        (SUIVI, "modifications[2].contact_le"),
        ("grille_de_lecture", "concertation.retenu"),
        ("mission", "mise_en_concurrence.autres_retenus[0].prestataire"),
    ],
    ids=["date partie remplie", "date partie vide", "liste partie remplie", "liste partie vide"],
)
def test_our_words_in_a_date_or_a_list_are_read_or_named(
    slug: str, tag: str, words: str, loss: Edit
) -> None:
    lecture = read(edited(fill(form(slug), {tag: words}), loss))
    assert changed(lecture).get(tag) == words or f"({tag})" in said_by(lecture)


@pytest.mark.lent
@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
@examples(20, 3)
@given(data=st.data())
def test_our_words_are_never_lost_without_a_word(loss: Edit, data: st.DataObject) -> None:
    slug = data.draw(st.sampled_from(sorted(FORMULAIRES)))
    docx = data.draw(st.sampled_from([form(slug), blank(slug)]))
    fields = sorted(open_texts(docx))
    typed = data.draw(
        st.dictionaries(st.sampled_from(fields), st.sampled_from(OURS), min_size=1, max_size=4)
    )
    lecture = read(edited(fill(docx, typed), loss))
    found, said = changed(lecture), said_by(lecture)
    for tag, words in typed.items():
        assert found.get(tag) == words or f"{tag})" in said or f"{tag}," in said


def open_texts(docx: bytes) -> set[str]:
    """Ses champs, mais les clés et les cases, et la ville qu'un blanc seul sépare de son code."""
    found = set[str]()

    def note(root: etree._Element) -> None:
        for sdt in root.iter(f"{W}sdt"):
            tag = sdt.find(f"{W}sdtPr/{W}tag")
            if tag is not None and "#" not in (name := tag.get(f"{W}val", "")):
                found.add(name)

    edited(docx, note)
    return {tag for tag in found if not tag.endswith((".cle", ".ville", ".code_postal"))}


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
@pytest.mark.parametrize("slug", FORMULAIRES)
def test_an_untouched_form_changes_nothing_whatever_it_has_lost(slug: str, loss: Edit) -> None:
    for docx in (form(slug), blank(slug)):
        lecture = read(edited(docx, loss))
        assert (lecture.changements, lecture.refus) == ((), ())
        assert [one for one in own(lecture.constats) if "retrouvé" not in one] == []
        assert PERHAPS not in said_by(lecture)


def test_a_reminder_typed_in_the_grey_of_the_field_is_an_answer() -> None:
    """LibreOffice garde à ce qu'on tape le gris de l'invitation."""

    def type_in_grey(root: etree._Element) -> None:
        control = control_of(root, COMMENTAIRES)
        etree.strip_elements(control, f"{W}showingPlcHdr")
        next(text for text in control.iter(f"{W}t") if text.text == TO_FILL).text = REMINDER

    assert changed(read(edited(blank(SUIVI), type_in_grey))) == {COMMENTAIRES: REMINDER}


def test_our_words_in_a_row_that_was_added_are_read_or_named() -> None:
    last = max(int(one.tag[7]) for one in answers(form(SUIVI)) if one.tag.startswith("etapes["))

    def with_a_row(words: str) -> Edit:
        def edit(root: etree._Element) -> None:
            row = row_of(root, f"etapes[{last}].commentaires")
            row.addnext(more := deepcopy(row))
            for tag, said in (("intitule", "Un atelier de plus"), ("commentaires", words)):
                content = control_of(more, f"etapes[{last}].{tag}").find(f"{W}sdtContent")
                assert content is not None
                for old in [*content.iter(f"{W}r")][1:]:
                    old.getparent().remove(old)  # type: ignore[union-attr]  # it is in the content
                first = next(content.iter(f"{W}r"))
                first[:] = [xml(f"<w:t>{said}</w:t>")]
            without_controls(root)

        return edit

    row = f"etapes[{last + 1}]"
    assert changed(read(edited(form(SUIVI), with_a_row(TO_CHOOSE))))[f"{row}.commentaires"] == (
        TO_CHOOSE
    )
    said = said_by(read(edited(form(SUIVI), with_a_row(TO_FILL))))
    assert f"« {TO_FILL} » {PERHAPS}" in said and f"{row}.commentaires" in said


@pytest.mark.lent
def test_our_words_typed_in_a_pdf_form_are_its_answers() -> None:
    need_office()
    typed = dict(zip(["etapes[0].commentaires", "etapes[1].commentaires"], OURS[:2], strict=True))
    found = changed(read(fill_pdf(pdf_form(SUIVI), typed)))
    assert found == typed


@pytest.mark.lent
@pytest.mark.parametrize("loss", [lambda root: None, without_controls], ids=["gardés", "ôtés"])
def test_our_words_come_back_from_libreoffice(loss: Edit, tmp_path: Path) -> None:
    need_office()
    typed = {f"etapes[{rank}].commentaires": words for rank, words in enumerate(OURS[1:])}
    back = resaved(fill(form(SUIVI), typed), tmp_path)
    assert changed(read(edited(back, loss))) == typed


def test_a_date_left_as_it_was_shown_is_named_once_its_grey_is_gone() -> None:
    docx, tag = blank("cahier_des_charges"), "conditions.debut"
    lecture = read(edited(fill(docx, {tag: A_DATE}), without_controls))
    assert f"« {A_DATE} » {PERHAPS}" in said_by(lecture) and f"({tag})" in said_by(lecture)
