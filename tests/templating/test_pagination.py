"""Ce qu'une page garde ensemble : chaque seuil, de part et d'autre, sur de petites pages faites."""

from __future__ import annotations

import re

import pytest

from dla_docs.templating.pagination import kept_whole

KEPT, LOOSE = "<w:keepNext/>", '<w:cantSplit w:val="off"/>'
GAP = '<w:p><w:pPr><w:pStyle w:val="Intervalle"/></w:pPr></w:p>'
END = GAP.replace("/></w:pPr>", f"/>{KEPT}</w:pPr>")
A_LINE = "mot " * 13  # of a cell 10 cm wide, on one line
GRID, SHEET = "TableauDLA", "FicheDLA"


def said(text: str = "Un texte.", style: str = "Reponse") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'


def row(lines: int, height: float = 0) -> str:
    least = f'<w:trHeight w:val="{height * 567:.0f}"/>' if height else ""
    texts = said(A_LINE, "TexteTableau") * lines
    return (
        f"<w:tr><w:trPr><w:cantSplit/>{least}</w:trPr>"
        f'<w:tc><w:tcPr><w:tcW w:w="5670" w:type="dxa"/></w:tcPr>{texts}</w:tc></w:tr>'
    )


def table(rows: int, lines: int = 1, style: str = GRID, height: float = 0) -> str:
    head = f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/></w:tblPr>'
    return f"{head}{row(lines, height) * rows}</w:tbl>"


def signed(height: float) -> str:
    """The end of a document, about as high as that, in centimetres."""
    return END + table(1, 1, "SignaturesDLA", height)


def printed(page: str, tall: float = 29.7) -> str:
    """The page as it is printed, on a sheet as tall as that."""
    size = f'<w:sectPr><w:pgSz w:w="11907" w:h="{tall * 567:.0f}"/></w:sectPr>'
    return "".join(kept_whole([page, size]))


def kept_rows(page: str) -> list[int]:
    """The rows of its first table that stay with what follows them."""
    rows = re.findall("<w:tr>.*?</w:tr>", page.partition("</w:tbl>")[0])
    return [rank for rank, one in enumerate(rows) if KEPT in one]


@pytest.mark.parametrize(("rows", "kept"), [(1, 0), (8, 7), (9, 0)])
def test_eight_rows_are_never_cut(rows: int, kept: int) -> None:
    assert kept_rows(printed(table(rows))) == list(range(kept))


@pytest.mark.parametrize(
    ("style", "lines", "whole"), [(GRID, 3, True), (GRID, 4, False), ("AutreTableau", 3, False)]
)
def test_a_grid_is_cut_when_it_is_higher_than_28_percent_of_a_page(
    style: str, lines: int, whole: bool
) -> None:
    assert (kept_rows(printed(table(4, lines, style))) == [0, 1, 2]) is whole


@pytest.mark.parametrize(("lines", "kept"), [(6, [0, 1, 2]), (8, [1, 2])])
def test_labels_and_values_are_cut_when_higher_than_45_percent_of_a_page(
    lines: int, kept: list[int]
) -> None:
    assert kept_rows(printed(table(4, lines, SHEET))) == kept


def test_the_last_rows_of_a_tall_table_of_labels_fill_40_percent_of_a_page() -> None:
    assert kept_rows(printed(table(12, 3, SHEET))) == [4, 5, 6, 7, 8, 9, 10]
    assert kept_rows(printed(table(12, 3))) == []


def test_a_tall_table_of_labels_in_the_middle_of_a_document_may_be_cut_anywhere() -> None:
    """What follows it keeps its last rows company."""
    assert kept_rows(printed(table(12, 3, SHEET) + GAP + said())) == []


def test_a_note_is_on_the_page_of_the_last_row_of_its_table() -> None:
    page = printed(table(9) + GAP + said("(1) Une note.", "Mention"))
    assert kept_rows(page) == [8]
    assert KEPT in page.partition("</w:tbl>")[2].partition("</w:p>")[0]  # the gap between them
    assert kept_rows(printed(table(9) + GAP + said())) == []


@pytest.mark.parametrize(("rows", "held"), [(20, True), (30, False)])
def test_the_note_of_a_table_of_several_pages_is_not_taken_away_by_the_end(
    rows: int, held: bool
) -> None:
    """LibreOffice takes the last rows of a table to the next page on its first page only."""
    page = printed(table(rows) + GAP + said("(1) Une note.", "Mention") + GAP + signed(5.0))
    note = page.partition("</w:tbl>")[2].split("</w:p>")[1]
    assert "Une note" in note
    assert (KEPT in note) is held


def closed(rows: int, *, labels: int = 1, lines: int = 1) -> str:
    """A table whose last rows bear their own label."""
    own = row(lines).replace("TexteTableau", "LibelleTableau") * labels
    look = '<w:tblLook w:val="0420" w:firstRow="1" w:lastRow="0" w:firstColumn="0"/></w:tblPr>'
    return table(rows).replace("</w:tblPr>", look, 1).replace("</w:tbl>", f"{own}</w:tbl>")


@pytest.mark.parametrize("note", ["", said("(1) Une note.", "Mention") + GAP])
def test_the_row_that_closes_a_table_of_several_pages_goes_with_the_signatures(note: str) -> None:
    """LibreOffice takes it to their page only when it is a table of its own."""
    page = printed(closed(30) + GAP + note + signed(5.0))
    tables = page.split("<w:tbl>")[1:]
    assert [one.count("<w:tr>") for one in tables] == [30, 1, 1]
    before, own = tables[0].partition("</w:tbl>")[2], tables[1]
    assert KEPT in before and 'w:after="0"' in before  # hardly parted from the rows above it
    assert 'w:firstRow="0"' in own and 'w:firstColumn="1"' in own and LOOSE in own
    assert own.count(KEPT) == own.count("<w:p>")  # down to the signatures


@pytest.mark.parametrize(("field", "said_again"), [("", True), ("<w:sdt>", False)])
def test_the_row_set_apart_keeps_the_titles_of_its_columns(field: str, said_again: bool) -> None:
    """Unless one of them is a field, which is asked once."""
    titles = (
        '<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr><w:tc><w:tcPr><w:tcW w:w="5670"/>'
        f"</w:tcPr>{said('Échéance', 'TitreColonne')}{field}</w:tc></w:tr>"
    )
    page = printed(closed(30).replace("<w:tr>", f"{titles}<w:tr>", 1) + GAP + signed(5.0))
    own = page.split("<w:tbl>")[2]
    assert own.count("Échéance") == said_again
    assert ('w:firstRow="1"' in own) is said_again
    assert own.partition("</w:tbl>")[0].count(KEPT) == 1 + said_again


@pytest.mark.parametrize(
    "page",
    [
        closed(20),  # on one page
        closed(30, labels=2),  # a grid, whose rows all bear a label
        closed(30, lines=19),  # LibreOffice would cut it
    ],
)
def test_no_other_row_is_set_apart(page: str) -> None:
    assert printed(page + GAP + signed(5.0)).count("<w:tbl>") == 2


def test_a_row_that_closes_a_table_stays_when_the_end_fills_a_page() -> None:
    assert printed(closed(30) + GAP + signed(17.0)).count("<w:tbl>") == 2


def listed(*lines: int, style: str = "Listepuces") -> str:
    return "".join(said("mot " * 19 * count, style) for count in lines)


@pytest.mark.parametrize("style", ["Listepuces", "Listenumros"])
@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        ((1,), []),
        ((1, 1), [0]),
        ((1, 1, 1), [0, 1]),
        ((1, 1, 1, 1, 1), [0, 3]),
        ((4, 1), []),  # two of its lines stand on each page
    ],
)
def test_no_point_of_a_list_is_alone_on_its_page(
    lines: tuple[int, ...], kept: list[int], style: str
) -> None:
    points = printed(said() + listed(*lines, style=style) + said()).split("</w:p>")[1:-2]
    assert [rank for rank, one in enumerate(points) if KEPT in one] == kept


def test_two_lists_parted_by_a_text_are_two_lists() -> None:
    page = printed(listed(1) + said() + listed(1))
    assert KEPT not in page


@pytest.mark.parametrize(
    ("style", "rows", "after", "kept"),
    [
        (SHEET, 1, said("Motif", "Titre2"), [0]),
        (SHEET, 2, said(), [0, 1]),
        (SHEET, 2, table(9), [0, 1]),
        (SHEET, 3, said(), [0, 1]),  # enough to be read on its own
        (SHEET, 2, said("La suite", "Titre1"), [0]),  # another section
        (SHEET, 2, "", [0]),
        (GRID, 2, said(), [0]),
    ],
)
def test_a_title_is_not_alone_with_a_label_or_two(
    style: str, rows: int, after: str, kept: list[int]
) -> None:
    page = printed(said("La décision", "Titre1") + table(rows, 1, style) + GAP + after)
    assert kept_rows(page) == kept
    gap = page.partition("</w:tbl>")[2].partition("</w:p>")[0]
    assert (KEPT in gap) is (kept == list(range(rows)))


@pytest.mark.parametrize(("lines", "rows", "held"), [(15, 9, True), (19, 9, False), (15, 1, False)])
def test_a_row_that_may_be_cut_is_not_when_it_is_short(lines: int, rows: int, held: bool) -> None:
    """The template lets the rows of eight projects side by side go on over the page."""
    whole, form = "<w:cantSplit/>", '<w:trPr><w:cantSplit/><w:trHeight w:val="454"/></w:trPr>'
    for properties in (f"<w:trPr>{whole}</w:trPr>", form):
        made = table(rows, lines, height=0.8 if properties == form else 0)
        free = made.replace(
            properties, properties.replace(whole, "").replace("<w:trPr></w:trPr>", "")
        )
        assert whole not in free and printed(free).count(properties) == (rows if held else 0)


def test_a_page_that_is_less_tall_keeps_less() -> None:
    assert kept_rows(printed(table(4, 3), tall=21)) == []
    assert kept_rows(printed(table(4, 2), tall=21)) == [0, 1, 2]


@pytest.mark.parametrize(("high", "held"), [(14.0, True), (16.5, False)])
def test_a_text_goes_with_the_end_of_its_document_up_to_62_percent_of_a_page(
    high: float, held: bool
) -> None:
    page = printed(said() + GAP + signed(high))
    text, gap = page.split("</w:p>")[:2]
    assert (KEPT in text, KEPT in gap) == (held, held)


@pytest.mark.parametrize(
    ("rows", "high", "held"),
    [
        (9, 5.0, [*range(9)]),  # all of it fits with the signatures
        (9, 14.0, [7, 8]),
        (5, 14.0, [0, 1, 2, 3, 4]),
        (4, 14.0, [0, 1, 2]),  # too short to be cut: whole, and away from the signatures
        (9, 16.5, []),
    ],
)
def test_the_last_rows_of_a_table_go_with_the_end(rows: int, high: float, held: list[int]) -> None:
    assert kept_rows(printed(table(rows) + GAP + signed(high))) == held


@pytest.mark.parametrize(("lines", "loose"), [(1, True), (3, True), (4, False)])
def test_an_only_row_of_three_lines_may_be_cut_or_libreoffice_keeps_it_with_nothing(
    lines: int, loose: bool
) -> None:
    page = printed(table(1, lines, SHEET) + GAP + signed(5.0))
    assert kept_rows(page) == [0]
    assert (LOOSE in page.partition("</w:tbl>")[0]) is loose
    assert LOOSE not in printed(table(2, lines, SHEET) + GAP + signed(5.0))


@pytest.mark.parametrize(("high", "both"), [(5.0, True), (9.0, False)])
def test_of_two_ends_too_high_together_the_last_is_let_go(high: float, both: bool) -> None:
    """A signature without the text it signs is worse than coordinates alone."""
    page = printed(table(4) + GAP + signed(5.0) + signed(high))
    signatures = page.split("<w:tbl>")[2].partition("</w:tbl>")[0]
    assert kept_rows(page) == [0, 1, 2, 3]
    assert (KEPT in signatures) is both


def test_a_value_that_looks_like_a_page_is_left_as_it_was_written() -> None:
    pieces = ["<w:p><w:pPr><w:pStyle w:val='Reponse'/></w:pPr>", "&lt;w:tr&gt; mot", "</w:p>"]
    assert kept_whole(pieces) == pieces


def ended(sections: int, lines: int = 1) -> str:
    """A text without signatures, whose last part has that many titles."""
    part = said("Un titre", "Titre2") + said("mot " * 20 * lines)
    return said("Le début") + said("La dernière partie", "Titre1") + part * sections


def test_the_last_titles_of_a_document_leave_its_last_page_a_third_full() -> None:
    """Two lines below each title: seven of them, in about eleven centimetres."""
    page = printed(ended(12, lines=2))
    last = page.rpartition("</w:p>")[0].split("<w:p>")
    assert KEPT not in "".join(last[: -2 * 7])
    assert all(KEPT in one for one in last[-2 * 6 : -1]) and KEPT not in last[-1]


def test_the_last_titles_stand_with_the_coordinates_when_these_would_leave_it_blank() -> None:
    """Of two ends, the first one keeps what it signs, and no title with it."""
    coordinates = END + table(4, 1, SHEET)
    body, *_ = printed(ended(12, lines=2) + coordinates).partition("<w:tbl>")
    assert re.findall('<w:pStyle w:val="Titre2"/>(<w:keepNext/>)?', body)[-4:] == [KEPT] * 4
    body, *_ = printed(ended(12, lines=2) + signed(3.0) + coordinates).partition("<w:tbl>")
    assert not any(re.findall('<w:pStyle w:val="Titre2"/>(<w:keepNext/>)?', body))


@pytest.mark.parametrize(
    "page",
    [
        ended(2),  # on its page with what precedes it, wherever that is
        ended(12, lines=2) + signed(3.0),  # its signatures keep what precedes them
        ended(12, lines=2) + table(9),  # a table that may be cut
        ended(1, lines=60),  # a text that fills the page
    ],
)
def test_what_is_too_long_or_ends_otherwise_is_cut_where_the_page_ends(page: str) -> None:
    body = printed(page).partition("<w:sectPr")[0]
    titles = re.findall('<w:pStyle w:val="Titre2"/>(<w:keepNext/>)?', body)
    assert titles and not any(titles)


def test_a_small_table_goes_with_the_last_titles() -> None:
    page = printed(ended(5, lines=2) + said("Un titre", "Titre2") + table(5, 2) + GAP)
    assert kept_rows(page) == list(range(5))
