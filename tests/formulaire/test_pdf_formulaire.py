"""Le formulaire PDF : les champs du formulaire Word, à leur place sur la page, et les réponses qui
en reviennent.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from copy import deepcopy
from itertools import combinations, groupby
from typing import Any

import pikepdf
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dla_docs import read, to_yaml
from dla_docs.builder.wml import w
from dla_docs.forms.blank_form import open_paths
from dla_docs.forms.pdf_form import to_pdf
from dla_docs.forms.prepared_page import hold, let_tall_rows_go_on
from dla_docs.forms.writing_space import shown
from dla_docs.model.bloc import value_type
from dla_docs.model.document import Document
from dla_docs.model.formats import format_value
from dla_docs.model.node import Node, schema_path, steps
from dla_docs.model.requirement import Role
from dla_docs.model.typography import PLAIN, typeset_words
from dla_docs.pdf import Field, read_fields
from dla_docs.pdf.appearance import (
    LEADING,
    LONG_ANSWER,
    PADDING,
    SIZE,
    SMALLEST,
    TIGHT,
    text_width,
)
from dla_docs.pdf.layout import lay
from dla_docs.pdf.pages import page_texts
from dla_docs.word.answers import controls_in
from dla_docs.word.boxes import MOST
from dla_docs.word.names import W
from dla_docs.word.package import open_package
from tests import examples, long
from tests.bench.pages import across, badly_broken, headless, outside
from tests.offices import need_office
from tests.pdf_checks import check_standard, claims, pdf_text
from tests.pdf_forms import (
    FORMS,
    OFTEN,
    drawn,
    fill_pdf,
    model_of,
    named_fields,
    other_answers,
    pdf_form,
    word_forms,
)

SUIVI = "grille_de_suivi du prestataire"
A4 = 842.0  # points, its long side
MM = 72 / 25.4  # points


pytestmark = pytest.mark.usefixtures("office")


@pytest.fixture(scope="module")
def office() -> None:
    """LibreOffice, or a skip that says what is missing."""
    need_office()


@pytest.mark.lent
def test_no_form_is_forgotten() -> None:
    assert sorted(word_forms()) == FORMS


@pytest.mark.parametrize("name", [name if name in OFTEN else long(name) for name in FORMS])
def test_the_fields_are_the_open_controls_of_the_word_form(name: str) -> None:
    roles = {"controle": Role.CHARGE_DE_MISSION, SUIVI: Role.PRESTATAIRE}
    opened = open_paths(model_of(name), roles.get(name))
    controls = {
        control.tag: control.text
        for control in controls_in(open_package(word_forms()[name]))
        if schema_path(control.tag) in opened
    }
    fields = read_fields(pdf_form(name))
    assert sorted(field for field, _ in fields) == sorted(controls)
    assert dict(fields) == {
        tag: text.translate({0xA0: " ", 0x202F: " "}) for tag, text in controls.items()
    }


@pytest.mark.parametrize("name", [name if name in OFTEN else long(name) for name in FORMS])
def test_each_field_says_what_it_asks_and_how(name: str) -> None:
    root = model_of(name).schema_node()
    with pikepdf.open(io.BytesIO(pdf_form(name))) as document:
        for path, field in named_fields(document):
            node = root.find(path)
            assert node is not None
            assert node.label in str(field.TU), path
            assert ("jj/mm/aaaa" in str(field.TU)) == (node.format == "date"), path
            assert shape_of(node) == field.FT, path
            said = [str(one) for one in field.get("/Opt", pikepdf.Array()).as_list()]
            told = [shown(typeset_words(choice)) for choice in node.choices]
            assert said == ([" ", *told] if len(told) > MOST else told), path
            assert bool(int(field.Ff) & 1 << 15) == (shape_of(node) == pikepdf.Name.Btn), path
            assert not node.multiline or int(field.Ff) & 1 << 12, path


def shape_of(node: Node) -> pikepdf.Name:
    """Boxes for a few answers, a list for more, a space for words."""
    if not node.choices:
        return pikepdf.Name.Tx
    return pikepdf.Name.Btn if len(node.choices) <= MOST else pikepdf.Name.Ch


@pytest.mark.parametrize("name", [name if name in OFTEN else long(name) for name in FORMS])
def test_a_field_is_high_enough_for_a_pen_and_its_border_is_seen(name: str) -> None:
    with pikepdf.open(io.BytesIO(pdf_form(name))) as document:
        for _, widget in drawn(document):
            _, bottom, _, top = box_of(widget)
            least = 5 if is_box(widget) else 8  # mm: a box to cross, or a line to write on
            assert top - bottom >= least * MM, (full_name(widget), top - bottom)
            edge, tint = (colour_of(widget.MK[key]) for key in ("/BC", "/BG"))
            assert min(contrast(edge, (1, 1, 1)), contrast(edge, tint)) >= 3, full_name(widget)
            states = widget.AP.N
            drawings = [states] if not is_box(widget) else [*states.values()]
            said = " ".join(f"{part:g}" for part in edge) + " RG"
            assert all(said.encode() in one.read_bytes() for one in drawings), full_name(widget)


@pytest.mark.parametrize(("fields", "lines", "held"), [(6, 1, True), (6, 3, False), (4, 6, True)])
def test_a_row_of_many_fields_goes_on_over_the_page_when_it_is_half_a_page_high(
    fields: int, lines: int, held: bool
) -> None:
    """Held whole, it would leave the foot of the page before it empty."""
    one = w("p", w("sdt"), *(w("br") for _ in range(lines - 1)))
    row = w("tr", w("trPr", w("cantSplit")), w("tc", *(deepcopy(one) for _ in range(fields))))
    let_tall_rows_go_on(w("tbl", row))
    hold(row)
    assert (row.find(f"{W}trPr/{W}cantSplit") is not None) is held


@pytest.mark.parametrize("name", [name if name in OFTEN else long(name) for name in FORMS])
def test_two_boxes_one_below_the_other_are_each_on_a_line_of_8_mm(name: str) -> None:
    with pikepdf.open(io.BytesIO(pdf_form(name))) as document:
        boxes = [(page, box_of(one)) for page, one in drawn(document) if is_box(one)]
    for (page, one), (other_page, other) in combinations(boxes, 2):
        if page == other_page and abs(one[0] - other[0]) < 1:
            assert abs(one[3] - other[3]) >= 8 * MM, (page, one, other)


def is_box(widget: pikepdf.Object) -> bool:
    holder = widget if "/FT" in widget else widget.Parent
    return bool(pikepdf.Name.Btn == holder.FT)


def colour_of(parts: pikepdf.Object) -> tuple[float, ...]:
    return tuple(float(part) for part in parts.as_list())


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """WCAG 2, 1.4.11."""
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: tuple[float, ...]) -> float:
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("name", [name if name in OFTEN else long(name) for name in FORMS])
def test_each_field_has_room_for_its_answer_and_none_covers_another(name: str) -> None:
    root = model_of(name).schema_node()
    with pikepdf.open(io.BytesIO(pdf_form(name))) as document:
        widgets = [
            (page, box_of(widget), root.find(full_name(widget)), full_name(widget))
            for page, widget in drawn(document)
        ]
        boxes = {full_name(widget) for _, widget in drawn(document) if is_box(widget)}
    for page, of_page in groupby(widgets, key=lambda one: one[0]):
        for one, other in combinations(list(of_page), 2):
            assert not overlap(one[1], other[1]), (page, one[3], other[3])
    for _, (left, bottom, right, top), node, path in widgets:
        assert 0 < left < right < A4 and 0 < bottom < top < A4, path
        assert node is not None
        assert path in boxes or right - left > least_width(node), (path, right - left)


def least_width(node: Node) -> float:
    """Points: a figure or a page in a narrow column, a closed list, a name;
    a long text has more."""
    return (
        90
        if node.multiline
        else 45
        if node.format == "texte" and not node.choices and "code_postal" not in node.path
        else 20
    )


@pytest.mark.parametrize("name", [name if name in OFTEN else long(name) for name in FORMS])
def test_what_a_field_already_holds_is_seen_whole(name: str) -> None:
    held = dict(read_fields(pdf_form(name)))
    with pikepdf.open(io.BytesIO(pdf_form(name))) as document:
        for widget in (one for _, one in drawn(document) if not is_box(one)):
            left, bottom, right, top = box_of(widget)
            field = widget if "/FT" in widget else widget.Parent
            size = float(str(field.DA).split()[-2])
            lines = (
                list(wrapped(held[full_name(widget)], right - left, size))
                if int(field.Ff) & 1 << 12
                else [held[full_name(widget)]]
            )
            leading = LEADING if size == SIZE else TIGHT * size
            assert top - bottom + 0.5 > leading * len(lines), full_name(widget)
            assert size == SMALLEST or max(map(text_width, lines)) * size / SIZE < right - left, (
                full_name(widget)
            )


@pytest.mark.parametrize("name", [name if name in OFTEN else long(name) for name in FORMS])
def test_an_answer_that_may_be_long_is_never_cut_at_the_edge_of_its_field(name: str) -> None:
    """Fifty letters: on the lines of the field, in its own size; a date or a figure has one."""
    typed = LONG_ANSWER[:50]
    root = model_of(name).schema_node()
    with pikepdf.open(io.BytesIO(pdf_form(name))) as document:
        for widget in (one for _, one in drawn(document) if not is_box(one)):
            field = widget if "/FT" in widget else widget.Parent
            path = full_name(widget)
            node = root.find(path)
            assert node is not None
            if node.choices or node.format != "texte" or value_type(model_of(name), path).width:
                continue
            assert int(field.Ff) & 1 << 12, path
            left, bottom, right, top = box_of(widget)
            size = float(str(field.DA).split()[-2])
            lines = list(wrapped(typed, right - left, size))
            assert top - bottom > TIGHT * size * len(lines), (path, right - left, size, lines)


def wrapped(text: str, width: float, size: float = SIZE) -> Iterator[str]:
    """The lines of a text, cut between words as readers do."""
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            if line and text_width(f"{line} {word}") * size / SIZE > width - 2 * PADDING:
                yield line
                line = word
            else:
                line = f"{line} {word}".strip()
        yield line


def box_of(widget: pikepdf.Object) -> tuple[float, ...]:
    return tuple(float(side) for side in widget.Rect.as_list())


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return (
        min(one[2], other[2]) - max(one[0], other[0]) > 0.5
        and min(one[3], other[3]) - max(one[1], other[1]) > 0.5
    )


def full_name(widget: pikepdf.Object) -> str:
    above = widget.get("/Parent")
    return ".".join(
        filter(None, (full_name(above) if above is not None else "", str(widget.get("/T", ""))))
    )


@pytest.mark.parametrize("name", [name if name in OFTEN else long(name) for name in FORMS])
def test_the_text_stays_in_its_margins_and_cells_on_numbered_pages(name: str) -> None:
    pdf = pdf_form(name)
    assert (outside(pdf), across(pdf), badly_broken(pdf)) == ([], [], [])
    assert headless(pdf) == []
    pages = page_texts(pdf)
    for number, page in enumerate(pages, 1):
        assert f"Page {number} / {len(pages)}" in page.translate(PLAIN)


@pytest.mark.parametrize("name", [name if name in OFTEN else long(name) for name in FORMS])
def test_a_form_that_nobody_touched_comes_back_as_it_left(name: str) -> None:
    lecture = read(pdf_form(name))
    assert (
        lecture.changements,
        lecture.refus,
        [one for one in lecture.constats if not one.exigences],
    ) == ((), (), [])
    assert to_yaml(lecture.document) == to_yaml(read(word_forms()[name]).document)


@pytest.mark.parametrize("name", [name if name in OFTEN else long(name) for name in FORMS])
def test_every_answer_changes_its_own_field(name: str) -> None:
    model, pdf = model_of(name), pdf_form(name)
    answers = other_answers(model, dict(read_fields(pdf)))
    lecture = read(fill_pdf(pdf, answers))
    assert lecture.refus == ()
    said = {
        path: format_value(node_of(model, path).format, value_type(model, path).load(text))
        for path, text in answers.items()
    }
    assert {change.chemin: change.apres for change in lecture.changements} == said


@pytest.mark.parametrize("name", [name if name in OFTEN else long(name) for name in FORMS])
def test_one_answer_changes_that_field_alone(name: str) -> None:
    model, pdf = model_of(name), pdf_form(name)
    for path, text in list(other_answers(model, dict(read_fields(pdf))).items())[::20]:
        assert [change.chemin for change in read(fill_pdf(pdf, {path: text})).changements] == [path]


def node_of(model: type[Document], path: str) -> Node:
    node: Node | None = model.schema_node().find(path)
    assert node is not None
    return node


def test_a_cell_that_cannot_be_read_is_quoted_and_the_rest_is_kept() -> None:
    lecture = read(
        fill_pdf(
            pdf_form("cahier_des_charges"),
            {"conditions.debut": "31 février", "reponse.date_limite": "2/4/2013"},
        )
    )
    assert [constat.chemin for constat in lecture.refus] == ["conditions.debut"]
    assert "31 février" in str(lecture.refus[0])
    assert [change.chemin for change in lecture.changements] == ["reponse.date_limite"]


TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Co", "Cc", "Cn", "Zs", "Zl", "Zp", "Cf")),
    min_size=1,
    max_size=30,
)


@given(paragraphs=st.lists(TEXTS, min_size=1, max_size=4), compact=st.booleans())
@examples(40)
@example(paragraphs=["L'œuvre « d'été » coûte 5 €", "", "n° 2 – 日本語 😀"], compact=True)
@example(paragraphs=["mot " * 2000], compact=False)
@example(paragraphs=["(\\une parenthèse", "(y1"], compact=False)
def test_accents_long_texts_and_line_breaks_survive_any_writer(
    paragraphs: list[str], compact: bool
) -> None:
    said = "\n".join(paragraphs).strip()
    mode = pikepdf.ObjectStreamMode.generate if compact else pikepdf.ObjectStreamMode.disable
    lecture = read(
        fill_pdf(
            pdf_form("evaluation_individuelle vierge"),
            {COMMENT: said.replace("\n", "\r")},
            object_stream_mode=mode,
            linearize=compact,
        )
    )
    assert unicodedata.normalize("NFC", at(lecture.document, COMMENT)) == unicodedata.normalize(
        "NFC", said
    )


COMMENT = "conditions.delais.commentaire"


def test_the_fields_of_the_others_are_plain_text() -> None:
    pdf = pdf_form(SUIVI)
    fields = {path for path, _ in read_fields(pdf)}
    assert "etapes[0].realise.dates" in fields and not any(
        path.startswith("operateur") for path in fields
    )
    assert "Camille Exemple" in pdf_text(pdf)


@pytest.mark.parametrize("name", ["evaluation_individuelle vierge", "evaluation_individuelle"])
def test_a_form_is_accessible_blank_or_filled(name: str) -> None:
    form = pdf_form(name)
    assert claims(form) == {"PDF/UA-1"}
    assert check_standard(form, "PDF/UA-1") == []


def test_the_fields_are_in_a_font_that_the_file_holds_whole() -> None:
    with pikepdf.open(io.BytesIO(pdf_form("evaluation_individuelle vierge"))) as document:
        [font] = document.Root.AcroForm.DR.Font.values()
        assert len(font.FontDescriptor.FontFile2.read_bytes()) > 20_000
        assert len(font.Widths) == 224 and "+" not in str(font.BaseFont)


def test_two_boxes_that_a_program_ticked_are_named_and_nothing_is_guessed() -> None:
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf_form("evaluation_individuelle"))) as document:
        field = dict(named_fields(document))[ANSWER]
        for rank, box in enumerate(field.Kids.as_list()):
            box.AS = pikepdf.Name(f"/{rank}") if rank else pikepdf.Name.Off
        document.save(output)
    lecture = read(output.getvalue())
    assert lecture.changements == ()
    [refused] = lecture.refus
    assert refused.chemin == ANSWER
    assert "2 cases sont cochées, « Non » et « Sans objet »" in refused.message


def test_a_box_that_is_unticked_takes_its_answer_back() -> None:
    lecture = read(fill_pdf(pdf_form("evaluation_individuelle"), {ANSWER: ""}))
    assert [(one.chemin, one.apres) for one in lecture.changements] == [(ANSWER, "")]


ANSWER = "conditions.delais.reponse"


def test_an_answer_outside_the_role_is_said() -> None:
    """A field that someone adds with another program is not taken in silence."""
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf_form(SUIVI))) as document:
        added = pikepdf.Dictionary(
            T=pikepdf.String("operateur.nom"), FT=pikepdf.Name.Tx, V=pikepdf.String("X")
        )
        document.Root.AcroForm.Fields.append(document.make_indirect(added))
        document.save(output)
    lecture = read(output.getvalue())
    assert any(
        "n'était pas ouvert" in str(constat) and constat.chemin == "operateur.nom"
        for constat in lecture.constats
    )


def test_the_fields_alone_give_the_answers_back() -> None:
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf_form("cahier_des_charges"))) as document:
        del document.attachments["dla_docs.json"]
        document.save(output)
    lecture = read(output.getvalue())
    assert any("perdu ses données jointes" in str(constat) for constat in lecture.constats)
    sent = read(word_forms()["cahier_des_charges"]).document
    for path, text in read_fields(pdf_form("cahier_des_charges")):
        read_as = value_type(type(sent), path)
        assert read_as.load(plain(at(lecture.document, path))) == read_as.load(
            plain(at(sent, path))
        ), (path, text)


def at(document: Document, path: str) -> Any:
    """What a document holds there; a form has blank rows that a document has not."""
    held: Any = document
    for step in steps(path):
        held = (
            (held[step] if step < len(held) else None)
            if isinstance(step, int)
            else getattr(held, step, None)
        )
    return held


def plain(value: Any) -> Any:
    """Without what left with it, a field of a PDF has but ordinary spaces."""
    return value.replace("\N{NO-BREAK SPACE}", " ") if isinstance(value, str) else value


def test_a_field_that_is_gone_is_said_and_kept() -> None:
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf_form("cahier_des_charges"))) as document:
        dict(named_fields(document))["reponse.date_limite"].T = pikepdf.String("autre")
        document.save(output)
    lecture = read(output.getvalue())
    assert any(
        "ont disparu" in str(constat) and "reponse.date_limite" in str(constat)
        for constat in lecture.constats
    )
    assert lecture.changements == ()


@pytest.mark.lent
def test_a_form_whose_rows_libreoffice_loses_is_made_without_repeated_headings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever version of LibreOffice is here, the first page it gives is one that lost a field."""
    first = iter([True])

    def with_fields(pdf: bytes, fields: tuple[Field, ...]) -> bytes:
        return lay(pdf, (*fields, Field("absent", "Absent")) if next(first, False) else fields)

    monkeypatch.setattr("dla_docs.pdf.with_fields", with_fields)
    made = to_pdf(word_forms()["enquete_prestataire"])
    assert read_fields(made) == read_fields(pdf_form("enquete_prestataire"))
