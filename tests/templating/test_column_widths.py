"""Des colonnes assez larges pour leurs mots : la largeur se prend aux autres colonnes, et rien
d'autre ne change sur la page.
"""

from __future__ import annotations

import re

import pytest

from dla_docs.templating.column_widths import LEAST, ROOM, SHORT, fitted, shared

LONG = "prévisionnellement"
NAMED = "<w:tblStyle w:val='TableauDLA'/>".replace("'", '"')


def cell(width: int, text: str) -> list[str]:
    """The piece that the template writes, the value, and the piece after it."""
    head = f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr><w:p><w:r><w:t>'
    return [head, text, "</w:t></w:r></w:p></w:tc>"]


def table(widths: tuple[int, ...], *rows: tuple[str, ...], style: str = NAMED) -> list[str]:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    pieces = [f"<w:tbl><w:tblPr>{style}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>"]
    for row in rows:
        inner = [piece for said in zip(widths, row, strict=True) for piece in cell(*said)]
        pieces += ["<w:tr>", *inner, "</w:tr>"]
    return [*pieces, "</w:tbl>"]


def widths_in(page: str) -> list[int]:
    return [int(width) for width in re.findall(r'<w:(?:gridCol|tcW) w:w="(\d+)"', page)]


def test_a_column_takes_from_the_others_what_its_longest_word_wants() -> None:
    pieces = table((4000, 1400, 2000), ("Un texte", "Échéance", "Des moyens"), ("", LONG, "À voir"))
    made = fitted(pieces)
    assert len(made) == len(pieces)
    assert [one for one in made if "<" not in one] == [one for one in pieces if "<" not in one]
    grid, *rows = (widths_in("".join(made))[rank : rank + 3] for rank in (0, 3, 6))
    assert rows == [grid, grid]
    assert sum(grid) == 7400 and 1900 < grid[1] < 2100
    assert 4000 > grid[0] > grid[2] and grid[2] < 2000


def test_a_date_is_a_word() -> None:
    """The column that just holds it gives hardly anything."""
    made = fitted(table((4000, 1400, 1250), ("Un texte", LONG, "28/06/2005")))
    assert 1220 < widths_in("".join(made))[2] <= 1250


@pytest.mark.parametrize(
    "pieces",
    [
        table((4000, 1400), ("Un texte", "mot " * 90)),  # short words, cut between two
        table((4000, 1400), ("Un texte", "demi-journées – demi-journées")),
        table((4000, 2600), ("Un texte", LONG)),
        table((4000, 2600), ("Un texte", f"{LONG}</w:t><w:br/><w:t>{LONG}")),  # two lines
        table((1400, 1400), (LONG, LONG)),  # nobody has anything to give
        table((4000, 1400), ("Un texte", LONG), style='<w:tblStyle w:val="Autre"/>'),
        table((4000, 0), ("Un texte", LONG)),  # columns that share the page
        ["<w:p><w:r><w:t>", '<w:gridCol w:w="9"/>' + LONG, "</w:t></w:r></w:p>"],
    ],
)
def test_a_page_whose_columns_hold_their_words_is_left_as_it_is(pieces: list[str]) -> None:
    assert fitted(pieces) == pieces


def test_a_table_that_joins_cells_keeps_its_columns() -> None:
    joined = '<w:tr><w:tc><w:tcPr><w:tcW w:w="5400" w:type="dxa"/></w:tcPr></w:tc></w:tr></w:tbl>'
    pieces = [*table((4000, 1400), ("Un texte", LONG))[:-1], joined]
    assert fitted(pieces) == pieces


def test_a_column_never_loses_more_than_its_share_nor_its_own_words() -> None:
    assert shared([2000, 2000, 2000], [2600, 0, 1900]) == [2600, 1486, 1914]
    assert shared([2000, 2000], [9000, 0]) == [2600, round(2000 * LEAST)]
    assert shared([1000, 1000], [900, 1000]) == [1000, 1000]


def test_where_one_writes_at_length_or_a_word_there_is_still_room() -> None:
    assert shared([2000, 2500], [9000, 0]) == [2450, ROOM]
    assert shared([2000, 1300, 1000], [9000, 0, 0]) == [2180, SHORT, 1000]


def test_a_sign_that_xml_spells_is_one_letter_and_the_widest_word_counts() -> None:
    spelt = fitted(table((4000, 1400), ("Un texte", "R&amp;D&lt;R&amp;D&gt;")))
    assert widths_in("".join(spelt))[1] == 1400
    wide, thin = "MMMMMMMMMM", "iiiiiiiiiiii"
    both, alone = (
        widths_in("".join(fitted(table((4000, 1400), ("Un texte", said)))))
        for said in (f"{thin} {wide}", wide)
    )
    assert both == alone and both[1] > 1400
