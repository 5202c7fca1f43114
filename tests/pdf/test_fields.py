"""Les champs se posent où la page est peinte, sous leur nom, et la peinture s'en va."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, String

from dla_docs.errors import InputError
from dla_docs.pdf import Field, LostFieldsError, alias, colour, read_fields, with_fields
from dla_docs.pdf.appearance import (
    LEADING,
    LONG_ANSWER,
    LONG_WORD,
    LOW,
    PADDING,
    SIZE,
    appearance,
    free_size,
    size_for,
    text_width,
)
from dla_docs.pdf.fields import place_of
from tests.pdf_forms import drawn, named_fields

BLUE = "0.5 0.6 0.9"


def page(*widgets: str, painted: str = "", pages: int = 1) -> bytes:
    """Pages as LibreOffice gives them: here each widget is 20 points wide, at 100, 700."""
    output = io.BytesIO()
    with pikepdf.new() as document:
        document.Root.AcroForm = Dictionary(Fields=Array())
        for number in range(pages):
            document.add_blank_page()
            document.pages[number].Contents = document.make_stream(painted.encode())
            made = [
                Dictionary(
                    Type=Name.Annot,
                    Subtype=Name.Widget,
                    TU=String(one),
                    Rect=Array([100, 700, 120, 712]),
                )
                for one in widgets
            ]
            kept = [document.make_indirect(one) for one in made]
            document.Root.AcroForm.Fields.extend(kept)
            document.pages[number].Annots = Array(
                [*kept, document.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Link))]
            )
        document.save(output)
    return output.getvalue()


def rgb(place: int) -> str:
    """The colour of a place, as a PDF says it."""
    code = colour(place)
    return " ".join(f"{int(code[at : at + 2], 16) / 255:.7f}" for at in (0, 2, 4))


def boxes(pdf: bytes) -> list[list[int]]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [
            [round(float(side)) for side in widget.Rect.as_list()] for _, widget in drawn(document)
        ]


def painting(pdf: bytes) -> str:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return document.pages[0].Contents.read_bytes().decode()


@given(
    st.integers(min_value=1, max_value=20_000),
    st.lists(st.floats(min_value=0, max_value=1), min_size=3, max_size=3),
)
def test_a_colour_says_its_place_and_no_other(place: int, other: Sequence[float]) -> None:
    assert place_of([float(part) for part in rgb(place).split()]) == place
    found = place_of(other)
    assert found == 0 or colour(found) == "".join(f"{round(part * 255):02X}" for part in other)


@pytest.mark.parametrize(
    ("field", "box"),
    [
        (Field("nom", "Nom", place=3, whole=True), [51, 651, 299, 749]),
        (Field("nom", "Nom", place=3, stretches=True), [101, 701, 299, 711]),
        (Field("nom", "Nom", place=3), [101, 701, 119, 711]),
    ],
    ids=["toute la cellule", "jusqu'au bord", "sa largeur"],
)
@pytest.mark.parametrize(
    "path", ["50 650 250 100 re f*", "50 650 m 300 650 l 300 750 l 50 750 l h f"]
)
def test_a_field_takes_its_place_and_the_paint_goes(
    field: Field, box: list[int], path: str
) -> None:
    painted = f"q {rgb(3)} rg {path} Q {BLUE} rg 0 0 5 5 re f"
    made = with_fields(page(alias(0), painted=painted), [field])
    assert boxes(made) == [box]
    assert "1 1 1 rg" in painting(made) and f"{BLUE} rg" in painting(made)
    assert rgb(3)[:6] not in painting(made)


def test_a_line_drawn_over_a_place_is_no_part_of_it() -> None:
    painted = f"{rgb(1)} rg 90 690 60 30 re f 0 0 m 500 800 l S 0 0 600 800 re n"
    assert boxes(
        with_fields(page(alias(0), painted=painted), [Field("nom", "Nom", place=1, whole=True)])
    ) == [[91, 691, 149, 719]]


def test_a_page_of_that_very_colour_keeps_it() -> None:
    made = with_fields(
        page(alias(0), painted=f"{rgb(7)} rg 0 0 5 5 re f"), [Field("nom", "Nom", place=1)]
    )
    assert "1 1 1 rg" not in painting(made)


def test_each_level_of_a_name_is_a_node_and_a_repeated_field_is_one() -> None:
    fields = [
        Field("etapes[0].date", "Date"),
        Field("etapes[0].lieu", "Lieu", "Ici"),
        Field("titre", "Titre"),
    ]
    made = with_fields(page(*map(alias, range(3)), pages=2), fields)
    assert read_fields(made) == (("etapes[0].date", ""), ("etapes[0].lieu", "Ici"), ("titre", ""))
    with pikepdf.open(io.BytesIO(made)) as document:
        assert [str(root.T) for root in document.Root.AcroForm.Fields.as_list()] == [
            "etapes[0]",
            "titre",
        ]
        assert [len(field.Kids.as_list()) for _, field in named_fields(document)] == [2, 2, 2]
        assert all("/V" not in widget and "/TU" not in widget for _, widget in drawn(document))


def test_the_fields_of_somebody_else_leave_the_page_and_the_links_stay() -> None:
    made = with_fields(page("Widget", alias(0), "dla-docs, champ x"), [Field("nom", "Nom")])
    with pikepdf.open(io.BytesIO(made)) as document:
        assert [str(one.Subtype) for one in document.pages[0].Annots.as_list()] == [
            "/Link",
            "/Widget",
        ]


def test_a_field_that_libreoffice_lost_is_named() -> None:
    with pytest.raises(LostFieldsError, match="« Date de fin »"):
        with_fields(page(alias(0)), [Field("debut", "Date de début"), Field("fin", "Date de fin")])


def test_the_type_of_a_list_is_small_enough_for_its_choices() -> None:
    assert size_for(["Oui", "Non"], 100) == size_for([], 100) == SIZE
    long = "Actions d'ingénieries individuelles et collectives"
    size = size_for([long], 150)
    assert 5 <= size < SIZE and text_width(long) * size / SIZE < 150


def test_a_free_text_is_no_smaller_than_its_place_makes_it() -> None:
    """High, the usual size; low, the one of two lines; narrow, the one that a long word wants."""
    assert free_size(200, 100) == SIZE and free_size(400, 21) == LOW
    narrow = free_size(70, 100)
    assert 7 <= narrow < SIZE and text_width(LONG_WORD) * narrow / SIZE <= 70 - 2 * PADDING


def test_a_long_answer_typed_on_a_line_is_seen_on_two() -> None:
    size = free_size(180, 21)
    drawn_there = appearance(180, 21, LONG_ANSWER, wraps=True, size=size)
    assert drawn_there.count(b"Tj") == 2 and drawn_there.count(b"Tj") * size < 21 < 2 * LEADING


@given(st.text(max_size=200), st.booleans())
def test_any_text_can_be_drawn(text: str, wraps: bool) -> None:
    output = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.pages[0].Contents = document.make_stream(appearance(100, 40, text, wraps))
        signs = [str(one.operator) for one in pikepdf.parse_content_stream(document.pages[0])]
        document.save(output)
    assert signs[:7] == ["q", "rg", "RG", "w", "re", "B", "Q"] and signs[-3:] == ["ET", "Q", "EMC"]
    assert "Tj" in signs and len(set(signs)) <= 21


def test_arrays_within_arrays_are_not_followed() -> None:
    with pikepdf.new() as document:
        document.add_blank_page()
        answer = Array([String("fin")])
        for _ in range(40):  # two to the fortieth texts
            answer = document.make_indirect(Array([answer, answer]))
        field = Dictionary(T=String("a"), FT=Name.Tx, V=Array([answer, String("dit")]))
        document.Root.AcroForm = Dictionary(Fields=[document.make_indirect(field)])
        document.save(target := io.BytesIO())
    assert read_fields(target.getvalue()) == (("a", "dit"),)


def test_an_answer_that_swells_is_refused() -> None:
    with pikepdf.new() as document:
        document.add_blank_page()
        swollen = document.make_stream(bytes(120_000_000))
        field = Dictionary(T=String("a"), FT=Name.Tx, V=swollen)
        document.Root.AcroForm = Dictionary(Fields=[document.make_indirect(field)])
        document.save(target := io.BytesIO(), compress_streams=True)
    assert len(target.getvalue()) < 1_000_000
    with pytest.raises(InputError, match="une réponse anormalement longue"):
        read_fields(target.getvalue())
