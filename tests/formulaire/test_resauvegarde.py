"""Ce que les gens font aux fichiers : un autre traitement de texte, des lignes ôtées ou ajoutées,
des copies, du texte hors des champs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from dla_docs import read, trame
from dla_docs.constat import Gravite
from dla_docs.errors import InputError
from dla_docs.forms import Lecture
from dla_docs.registry import FORMULAIRES
from dla_docs.stages.envelope import open_envelope
from dla_docs.word.boxes import path_of
from dla_docs.word.invitations import INVITATIONS, REMINDER
from dla_docs.word.names import W
from dla_docs.word.package import open_package
from dla_docs.word.page import MARK
from tests import examples
from tests.formulaire.conftest import HALVES, half_changed
from tests.formulaire.formulaires import (
    answers,
    as_read,
    changed,
    control_of,
    edited,
    form,
    own,
    paragraph_of,
    paragraph_saying,
    removed,
    row_of,
    without_controls,
    without_tags,
    xml,
)
from tests.word_forms import fill, parts_of, resaved_by_word, without_data, zipped

Edit = Callable[[etree._Element], None]
LOSSES = pytest.mark.parametrize(
    "loss", [without_tags, without_controls], ids=["étiquettes tombées", "contrôles ôtés"]
)
SUIVI = "grille_de_suivi"


# Le fichier enregistré par un autre traitement de texte


@pytest.mark.parametrize("slug", FORMULAIRES)
def test_word_changes_nothing(slug: str) -> None:
    lecture = read(resaved_by_word(form(slug)))
    assert (lecture.changements, lecture.refus, own(lecture.constats)) == ((), (), [])


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("slug", FORMULAIRES)
def test_the_changed_controls_change_their_fields_alone_after_word(slug: str, half: int) -> None:
    answered = half_changed(slug, half)
    lecture = read(resaved_by_word(fill(form(slug), answered)))
    assert lecture.refus == ()
    assert list(changed(lecture)) == list(answered)


@pytest.mark.lent
@pytest.mark.parametrize("slug", FORMULAIRES)
def test_libreoffice_changes_nothing(slug: str, resaves: Mapping[str, bytes]) -> None:
    lecture = read(resaves[slug])
    assert (lecture.changements, lecture.refus, own(lecture.constats)) == ((), (), [])


@pytest.mark.lent
@pytest.mark.parametrize("slug", FORMULAIRES)
def test_the_controls_alone_give_every_field_back_after_libreoffice(
    slug: str, resaves: Mapping[str, bytes]
) -> None:
    lecture = read(without_data(resaves[slug]))
    assert lecture.refus == ()
    assert changed(lecture) == {
        control.tag: as_read(slug, control.tag, control.text)
        for control in answers(form(slug))
        if control.text
    }


@pytest.mark.lent
@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("slug", FORMULAIRES)
def test_the_changed_controls_change_their_fields_alone_after_libreoffice(
    slug: str, half: int, resaves: Mapping[str, bytes]
) -> None:
    lecture = read(resaves[f"{slug}-{half}"])
    assert lecture.refus == ()
    assert list(changed(lecture)) == list(half_changed(slug, half))


@pytest.mark.lent
@LOSSES
@pytest.mark.parametrize("slug", FORMULAIRES)
def test_an_old_libreoffice_changes_nothing(
    slug: str, loss: Edit, resaves: Mapping[str, bytes]
) -> None:
    lecture = read(edited(resaves[slug], loss))
    said = own(lecture.constats)
    assert (lecture.changements, lecture.refus, len(said)) == ((), (), 1)
    assert "ont perdu leur étiquette et ont été retrouvés par leur place dans la page" in said[0]


@pytest.mark.lent
@LOSSES
@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("slug", FORMULAIRES)
def test_fields_without_their_tags_are_found_by_their_place(
    slug: str, half: int, loss: Edit, resaves: Mapping[str, bytes]
) -> None:
    resaved = resaves[f"{slug}-{half}"]
    lecture = read(edited(resaved, loss))
    assert lecture.refus == ()
    assert changed(lecture) == changed(read(resaved))


@LOSSES
def test_a_blank_form_that_lost_its_tags_is_read(loss: Edit) -> None:
    blank = trame("cahier_des_charges")
    given_answers = {
        "conditions.debut": "2/4/2013",
        "objectifs.general": "Choisir deux axes\net les tenir",
        "reponse.date_limite": "12 mars 2013",
    }
    assert changed(read(edited(fill(blank, given_answers), loss))) == changed(
        read(fill(blank, given_answers))
    )


LETTERS = st.characters(categories=("L", "N", "P", "Zs")) | st.just("\n")
texts = st.text(LETTERS, max_size=60).filter(lambda text: MARK not in text)  # ours on the page
TEXTES = [
    f"etapes[{rank}].{name}" for rank in range(3) for name in ("commentaires", "prevu.personnes")
]


ours = st.sampled_from((*INVITATIONS, REMINDER, "Date"))


@LOSSES
@examples(25)
@given(given_answers=st.fixed_dictionaries({}, optional=dict.fromkeys(TEXTES, texts | ours)))
def test_whatever_was_typed_is_read_as_with_its_tags(
    loss: Edit, given_answers: dict[str, str]
) -> None:
    filled = fill(form(SUIVI), given_answers)
    assert changed(read(edited(filled, loss))) == changed(read(filled))


# Des lignes ôtées, ajoutées, collées


@pytest.mark.parametrize(
    "loss",
    [lambda root: None, without_tags, without_controls],
    ids=["étiquettes gardées", "étiquettes tombées", "contrôles ôtés"],
)
def test_a_row_deleted_is_said_and_the_others_are_right(loss: Edit) -> None:
    def without_a_row(root: etree._Element) -> None:
        removed(row_of(root, "etapes[1].commentaires"))
        loss(root)

    lecture = read(
        edited(
            fill(
                form(SUIVI), {"etapes[2].commentaires": "Trois", "etapes[3].commentaires": "Quatre"}
            ),
            without_a_row,
        )
    )
    assert changed(lecture) == {
        "etapes[2].commentaires": "Trois",
        "etapes[3].commentaires": "Quatre",
    }
    [gone] = [constat for constat in lecture.constats if "ont disparu" in constat.message]
    assert (
        "etapes[1].commentaires" in gone.message
        and "etapes[2]" not in gone.message
        and gone.gravite is Gravite.AVERTISSEMENT
    )


def test_a_blank_row_deleted_is_no_warning() -> None:
    blank = trame(SUIVI)
    lecture = read(edited(blank, lambda root: removed(row_of(root, "etapes[2].commentaires"))))
    assert [
        constat.gravite for constat in lecture.constats if "ont disparu" in constat.message
    ] == [Gravite.INFORMATION]


@pytest.mark.parametrize("loss", [lambda root: None, without_controls], ids=["collée", "ajoutée"])
def test_a_row_added_is_read_as_one_more(loss: Edit) -> None:
    last = max(
        int(control.tag[7]) for control in answers(form(SUIVI)) if control.tag.startswith("etapes[")
    )

    def with_a_row(root: etree._Element) -> None:
        row = row_of(root, f"etapes[{last}].commentaires")
        more = deepcopy(row)
        row.addnext(more)
        control = control_of(more, f"etapes[{last}].commentaires")
        next(control.iter(f"{W}t")).text = "Une de plus"
        etree.strip_elements(control, f"{W}showingPlcHdr")
        loss(more)

    lecture = read(edited(form(SUIVI), with_a_row))
    row = f"etapes[{last + 1}]"
    assert changed(lecture)[f"{row}.commentaires"] == "Une de plus" and {
        tag.partition(".")[0] for tag in changed(lecture)
    } == {row}
    assert any(
        "Une ligne a été ajoutée au tableau" in text and f"etapes[{last + 1}]" in text
        for text in own(lecture.constats)
    )


# Une copie


def test_a_table_copied_into_a_new_file_is_read_by_its_tags() -> None:
    lecture = read(copied(fill(form(SUIVI), {"etapes[0].commentaires": "Bien"})))
    assert lecture.document.etapes[0].commentaires == "Bien"  # type: ignore[attr-defined]  # the kind is known
    assert any("a perdu ses données jointes" in text for text in own(lecture.constats))


def test_a_field_pasted_twice_keeps_its_first_answer_and_says_so() -> None:
    tag = "fin_de_mission.commentaires"

    def twin(text: str) -> Lecture:
        def paste(root: etree._Element) -> None:
            paragraph_of(root, tag).addnext(pasted := deepcopy(paragraph_of(root, tag)))
            [*pasted.iter(f"{W}t")][-1].text = text

        return read(edited(fill(form(SUIVI), {tag: "Bien"}), paste))

    assert any(
        "deux réponses pour le même champ, « Bien » et « Autre chose »" in text
        and "la première est gardée" in text
        for text in own(twin("Autre chose").constats)
    )
    assert changed(twin("Autre chose")) == {tag: "Bien"}
    assert not any("deux réponses" in text for text in own(twin("Bien").constats))


def test_a_table_copied_without_its_tags_is_refused_with_a_remedy() -> None:
    with pytest.raises(
        InputError, match=r"perdus dans une copie.*Recopiez ses réponses dans le formulaire"
    ):
        read(edited(copied(form(SUIVI)), without_tags))


def copied(docx: bytes) -> bytes:
    """Les tableaux seuls, dans un fichier sans en-tête ni données."""

    def tables_only(root: etree._Element) -> None:
        body = root[0]
        body[:] = [child for child in body if child.tag == f"{W}tbl"]

    return edited(without_data(docx), tables_only)


# Ce qui est collé dans un champ, ou écrit à côté


PASTED = {
    "en gras et en plusieurs morceaux": (
        "<w:r><w:rPr><w:b/></w:rPr><w:t>Une </w:t></w:r><w:r><w:t>réponse</w:t></w:r>"
    ),
    "dans un lien": "<w:hyperlink><w:r><w:t>Une réponse</w:t></w:r></w:hyperlink>",
    "avec une balise active": "<w:smartTag><w:r><w:t>Une réponse</w:t></w:r></w:smartTag>",
    "en suivi des modifications": (
        "<w:del><w:r><w:delText>Ancienne</w:delText></w:r></w:del><w:ins><w:r><w:t>Une réponse"
        "</w:t></w:r></w:ins>"
    ),
    "avec un lien en champ": '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r>'
    '<w:instrText> HYPERLINK "x" </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/>'
    '</w:r><w:r><w:t>Une réponse</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>',
    "avec une tabulation": "<w:r><w:t>Une</w:t><w:t> réponse</w:t><w:lastRenderedPageBreak/></w:r>",
}


@pytest.mark.parametrize("pasted", PASTED.values(), ids=PASTED)
def test_a_pasted_answer_is_read_without_its_formatting(pasted: str) -> None:
    def paste(root: etree._Element) -> None:
        control = control_of(root, "etapes[0].commentaires")
        control[-1][:] = list(xml(f"<w:p>{pasted}</w:p>"))

    assert changed(read(edited(form(SUIVI), paste))) == {"etapes[0].commentaires": "Une réponse"}


def test_pasted_paragraphs_and_tables_keep_their_lines() -> None:
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    table = f"<w:tbl><w:tr>{cell.format('a')}{cell.format('b')}</w:tr></w:tbl>"
    block = xml(
        '<w:sdt><w:sdtPr><w:tag w:val="T"/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>Voici :</w:t>'
        f"</w:r></w:p>{table}<w:p/></w:sdtContent></w:sdt>"
    )

    def paste(root: etree._Element) -> None:
        block[0][0].set(f"{W}val", "etapes[0].commentaires")
        paragraph = paragraph_of(root, "etapes[0].commentaires")
        paragraph.addprevious(block)
        removed(paragraph)

    assert changed(read(edited(form(SUIVI), paste)))["etapes[0].commentaires"] == "Voici :\na\nb"


def beside(tag: str, text: str) -> Edit:
    """Du texte tapé dans la cellule, après le contrôle."""
    return lambda root: control_of(root, tag).addnext(xml(f"<w:r><w:t>{text}</w:t></w:r>"))


def test_text_beside_a_blank_field_is_its_answer_and_is_said() -> None:
    lecture = read(edited(trame(SUIVI), beside("etapes[0].commentaires", "Une réponse")))
    assert changed(lecture) == {"etapes[0].commentaires": "Une réponse"}
    assert any(
        "« Une réponse » a été écrit à côté de son champ" in text for text in own(lecture.constats)
    )


def before(root: etree._Element, text: str) -> None:
    control_of(root, "etapes[0].intitule").addprevious(xml(f"<w:r><w:t>{text}</w:t></w:r>"))


def in_the_mark(root: etree._Element, text: str) -> None:
    mark = control_of(root, "etapes[0].intitule").getprevious()
    assert mark is not None and mark[-1].text == MARK
    mark[-1].text += text


@pytest.mark.parametrize("typed", [before, in_the_mark])
def test_the_mark_of_a_due_field_is_no_part_of_what_is_typed_behind_it(
    typed: Callable[[etree._Element, str], None],
) -> None:
    lecture = read(edited(trame(SUIVI), lambda root: typed(root, "Diagnostic")))
    assert changed(lecture) == {"etapes[0].intitule": "Diagnostic"}


def test_text_beside_an_answer_is_quoted_and_left() -> None:
    filled = fill(trame(SUIVI), {"etapes[0].commentaires": "Une réponse"})
    lecture = read(edited(filled, beside("etapes[0].commentaires", " et encore")))
    assert changed(lecture) == {"etapes[0].commentaires": "Une réponse"}
    assert any(
        "« et encore » a été écrit à côté d'un champ déjà rempli" in text
        and "etapes[0].commentaires" in text
        for text in own(lecture.constats)
    )


def test_a_new_paragraph_under_a_blank_field_of_the_page_is_its_answer() -> None:
    tag = "objectifs.general"

    def under(root: etree._Element) -> None:
        paragraph_of(root, tag).addnext(xml("<w:p><w:r><w:t>Tenir deux axes.</w:t></w:r></w:p>"))

    assert changed(read(edited(trame("cahier_des_charges"), under))) == {tag: "Tenir deux axes."}


def test_a_comment_of_the_margin_is_quoted() -> None:
    parts = parts_of(form(SUIVI))
    comment = (
        f'<w:comments xmlns:w="{W[1:-1]}"><w:comment w:id="1"><w:p><w:r><w:t>À revoir ensemble'
        "</w:t></w:r></w:p></w:comment></w:comments>"
    )
    lecture = read(zipped({**parts, "word/comments.xml": comment.encode()}))
    assert lecture.changements == ()
    assert any("« À revoir ensemble »" in text for text in own(lecture.constats))


# Le texte fixe


def rewritten(old: str, new: str) -> Edit:
    """Ce texte récrit."""

    def rewrite(root: etree._Element) -> None:
        paragraph = paragraph_saying(root, old)
        first, *others = paragraph.iter(f"{W}t")
        text = "".join(str(mark.text or "") for mark in (first, *others))
        first.text = text.replace(old, new)
        for mark in others:
            mark.text = ""

    return rewrite


def test_a_clause_that_was_changed_is_said_with_both_texts() -> None:
    lecture = read(
        edited(
            form("evaluation_individuelle"),
            rewritten("Adéquation avec les délais", "Aucun souci avec les délais"),
        )
    )
    [said] = own(lecture.constats)
    assert (
        "Le texte fixe « Adéquation avec les délais" in said
        and "a été changé en « Aucun souci avec les délais" in said
    )
    assert lecture.changements == ()


def test_a_clause_that_was_removed_is_said_with_its_place() -> None:
    lecture = read(
        edited(form("evaluation_individuelle"), lambda root: removed(paragraph_saying(root, "2) ")))
    )
    [said] = own(lecture.constats)
    assert "Le texte fixe « 2) " in said and "a été ôté (après « " in said


def test_a_text_added_to_the_page_is_quoted() -> None:
    def add(root: etree._Element) -> None:
        root[0].insert(
            0, xml("<w:p><w:r><w:t>Sous réserve de l'accord du bureau.</w:t></w:r></w:p>")
        )

    [said] = own(read(edited(form("evaluation_individuelle"), add)).constats)
    assert "« Sous réserve de l'accord du bureau. » a été ajouté à la page" in said


def test_a_header_that_was_changed_is_said() -> None:
    parts = parts_of(form("evaluation_individuelle"))
    [name] = [name for name in parts if name.startswith("word/footer") and b"<w:t" in parts[name]][
        :1
    ]
    root = etree.fromstring(parts[name])
    mark = next(mark for mark in root.iter(f"{W}t") if len(mark.text or "") > 5)
    mark.text = f"{mark.text} modifié"
    [said] = own(read(zipped({**parts, name: etree.tostring(root)})).constats)
    assert "modifié" in said and "pied de page" in said


# Des fichiers forgés


def test_a_forged_page_costs_nothing() -> None:
    parts = parts_of(form(SUIVI))
    name = next(
        name
        for name, data in parts.items()
        if name.startswith("customXml/") and b"urn:dla-docs" in data
    )
    for old, new in (
        (b'"page": [', b'"page": [3, '),
        (b'"page": [', b'"page": [[], '),
        (b'"page": [', b'"pages": ['),
        (b'"version": 1', b'"version": []'),
    ):
        assert old in parts[name]
        lecture = read(zipped({**parts, name: parts[name].replace(old, new)}))
        assert type(lecture.document).slug() == SUIVI


@pytest.mark.lent
def test_a_page_that_has_nothing_to_do_with_what_was_sent_is_read_by_its_tags() -> None:
    def swollen(root: etree._Element) -> None:
        root[0][0:0] = [xml(f"<w:p><w:r><w:t>{rank}</w:t></w:r></w:p>") for rank in range(15_000)]

    lecture = read(edited(fill(form(SUIVI), {"etapes[0].commentaires": "Bien"}), swollen))
    assert changed(lecture) == {"etapes[0].commentaires": "Bien"}


def test_a_form_says_its_page_as_it_left() -> None:
    carried = open_envelope(open_package(form(SUIVI)))
    assert carried is not None
    fields = dict.fromkeys(map(path_of, carried.champs))
    assert [*fields] == [control.tag for control in answers(form(SUIVI))]
