"""Les blocs de paragraphes, de lignes et de cellules : ce qui reste est toujours un document que
Word ouvre.
"""

from __future__ import annotations

import io
from itertools import product

import docx
import pytest

from dla_docs.templating import lint
from tests.templating.word import (
    W,
    findings,
    lines,
    p,
    part,
    r,
    render,
    saved,
    table_texts,
    tbl,
    tc,
    template,
    tr,
)

SECTION = (
    '<w:p><w:pPr><w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr></w:pPr><w:r><w:t>{}</w:t>'
    "</w:r></w:p>"
)
FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'


def test_paragraph_blocks_leave_no_blank_line() -> None:
    source = template(
        "avant",
        "{%p if a %}",
        "oui",
        "{%p else %}",
        "non",
        "{%p endif %}",
        "{%p for x in xs %}",
        "- {{ x }}",
        "{%p endfor %}",
        "après",
    )
    assert lines(render(source, {"a": True, "xs": ["un", "deux"]})) == [
        "avant",
        "oui",
        "- un",
        "- deux",
        "après",
    ]
    assert lines(render(source, {"a": False, "xs": []})) == ["avant", "non", "après"]


def test_a_comment_with_a_level_takes_its_place_away() -> None:
    """As docxtpl does; without a level, it takes its own words only."""
    source = template(
        "avant",
        "rien {#p une remarque #} de {{ tout }} cela",
        tbl(
            tr("Nom", "Âge"),
            tr("{#tr ni cette ligne #}x", "{{ y }}"),
            tr("Ana {# ici #}", "{#tc ni cette cellule #}"),
        ),
        "entre",
        tbl(tr("{#tr plus rien #}", "z")),
        tbl(tr("{#tr ni ceci #}{#tc ni cela #}")),
        tbl(tr("{#p ni ceci #}{#tc ni cela #}", "ni {#p ni #}{#tr rien #}")),
        tbl(tr("{#p vide #}", "b")),
        "après",
    )
    made = render(source, {})
    assert lines(made)[0] == "avant" and lines(made)[-1] == "après"
    assert table_texts(made) == [["Nom", "Âge"], ["Ana "]]
    assert table_texts(made, 1) == [["", "b"]]
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "{#p pas d'en-tête #}reste"
    document.core_properties.title = "{#p une remarque #}Titre"
    document.add_paragraph("a")
    made = render(saved(document), {})
    assert lines(made, "word/header1.xml") == [""]
    assert docx.Document(io.BytesIO(made)).core_properties.title == "Titre"


def test_a_comment_with_a_level_is_in_what_it_takes_away() -> None:
    assert "n'est pas dans une ligne" in findings(template("{#tr une remarque #}"))[0]
    begun = f"{r('{#p une remarque #}')}{FIELD.format('begin')}"
    assert "coupe un champ" in findings(template(p(begun), p(FIELD.format("end"))))[0]


def test_a_loop_without_rows_prints_its_else() -> None:
    source = template("{%p for x in xs %}", "{{ x }}", "{%p else %}", "Aucune.", "{%p endfor %}")
    assert lines(render(source, {"xs": None})) == ["Aucune."]


def test_two_paragraph_tags_may_share_a_paragraph() -> None:
    source = template("{%p for x in xs %}{%p if x.v %}", "{{ x.v }}", "{%p endif %}{%p endfor %}")
    assert lines(render(source, {"xs": [{"v": "a"}, {"v": ""}, {"v": "c"}]})) == ["a", "c"]


def test_table_rows_repeat_with_their_loop_variables() -> None:
    source = template(
        tbl(
            tr("Nom", "N°"),
            tr("{%tr for x in xs %}", ""),
            tr("{{ x.nom }}", "{{ loop.index }}/{{ loop.length }}"),
            tr("{%tr endfor %}", ""),
            tr("fin", ""),
        )
    )
    assert table_texts(render(source, {"xs": [{"nom": "A"}, {"nom": "B"}]})) == [
        ["Nom", "N°"],
        ["A", "1/2"],
        ["B", "2/2"],
        ["fin", ""],
    ]


def test_nested_loops_over_rows_and_paragraphs() -> None:
    inner = tc("{%p for y in x.ys %}", "{{ x.nom }}{{ y }}", "{%p endfor %}")
    source = template(
        tbl(
            tr("{%tr for x in xs %}", ""),
            f"<w:tr>{tc('{{ x.nom }}')}{inner}</w:tr>",
            tr("{%tr endfor %}", ""),
        ),
        "fin",
    )
    values = {"xs": [{"nom": "A", "ys": ["1", "2"]}, {"nom": "B", "ys": []}]}
    assert table_texts(render(source, values)) == [["A", "A1\nA2"], ["B", ""]]


def test_columns_repeat_and_the_grid_follows() -> None:
    head = (
        f"<w:tr>{tc('Nom')}{tc('{%tc for c in cs %}')}{tc('{{ c.t }}')}{tc('{%tc endfor %}')}"
        "</w:tr>"
    )
    body = (
        f"<w:tr>{tc('x')}{tc('{%tc for c in cs %}')}{tc('{{ c.v }}')}{tc('{%tc endfor %}')}</w:tr>"
    )
    source = template(tbl(head, body, columns=4), "fin")
    made = render(source, {"cs": [{"t": f"T{n}", "v": f"{n}"} for n in range(5)]})
    assert table_texts(made) == [["Nom", *(f"T{n}" for n in range(5))], ["x", *"01234"]]
    table = next(part(made).iter(f"{W}tbl"))
    widths = [int(str(column.get(f"{W}w"))) for column in table.findall(f"{W}tblGrid/{W}gridCol")]
    assert len(widths) == 6 and sum(widths) == pytest.approx(8000, abs=6)
    assert [child.tag.removeprefix(W) for child in table][:3] == ["tblPr", "tblGrid", "tr"]


def test_a_table_whose_rows_all_vanish_vanishes() -> None:
    source = template(
        "avant",
        tbl(tr("{%tr for x in xs %}", ""), tr("{{ x }}", ""), tr("{%tr endfor %}", "")),
        "après",
    )
    made = render(source, {"xs": []})
    assert lines(made) == ["avant", "après"] and next(part(made).iter(f"{W}tbl"), None) is None


def test_a_row_whose_cells_all_vanish_vanishes() -> None:
    source = template(
        tbl(
            tr("reste"),
            f"<w:tr>{tc('{%tc if a %}')}{tc('x')}{tc('{%tc endif %}')}</w:tr>",
            columns=3,
        ),
        "fin",
    )
    assert table_texts(render(source, {"a": False})) == [["reste"]]


@pytest.mark.parametrize(("a", "b"), list(product((True, False), repeat=2)))
def test_a_cell_always_ends_with_a_paragraph(a: bool, b: bool) -> None:
    inner = tbl(tr("{%tr if b %}"), tr("dedans"), tr("{%tr endif %}"), columns=1)
    cell = tc(
        "{%p if a %}", "oui", "{%p endif %}", inner, "{%p if a %}", "<w:p></w:p>", "{%p endif %}"
    )
    render(template(tbl(f"<w:tr>{cell}{tc('x')}</w:tr>"), "fin"), {"a": a, "b": b})


def test_a_footer_whose_text_vanishes_keeps_a_paragraph() -> None:
    document = docx.Document()
    footer = document.sections[0].footer
    footer.paragraphs[0].text = "{%p if a %}"
    footer.add_paragraph("confidentiel")
    footer.add_paragraph("{%p endif %}")
    for a in (True, False):
        made = render(saved(document), {"a": a})
        assert lines(made, "word/footer1.xml") == (["confidentiel"] if a else [""])


def test_a_paragraph_tag_keeps_its_section_break() -> None:
    source = template("{%p if a %}", "dedans", SECTION.format("{%p endif %}"), "après")
    for a in (True, False):
        made = render(source, {"a": a})
        assert len(part(made).findall(f".//{W}sectPr")) == 2
        assert "après" in lines(made)


def test_what_a_loop_repeats_keeps_no_unique_name() -> None:
    drawing = (
        "<w:r><w:drawing><wp:inline "
        'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
        '<wp:extent cx="1" cy="1"/><wp:docPr id="1" name="x"/></wp:inline></w:drawing></w:r>'
    )
    other = (
        '<w:sdt><w:sdtPr><w:id w:val="77"/></w:sdtPr><w:sdtContent><w:r><w:t>x</w:t></w:r>'
        "</w:sdtContent></w:sdt>"
    )
    repeated = p(
        '<w:bookmarkStart w:id="3" w:name="ici"/>',
        "{{ x }}",
        '<w:bookmarkEnd w:id="3"/>',
        drawing,
        other,
    )
    after = p('<w:bookmarkStart w:id="4" w:name="la"/>', "fin", '<w:bookmarkEnd w:id="4"/>')
    made = render(
        template(p(drawing), "{%p for x in xs %}", repeated, "{%p endfor %}", after),
        {"xs": ["1", "2", "3"]},
    )
    numbers = [item.get("id") for item in part(made).iter("{*}docPr")]
    assert len(numbers) == 4 == len(set(numbers))
    assert [one.get(f"{W}name") for one in part(made).iter(f"{W}bookmarkStart")] == ["la"]


def test_une_fin_de_ligne_pres_d_une_balise_qui_emporte_son_paragraphe_part_avec_elle() -> None:
    source = template(p("{%p if a %}", "<w:r><w:br/></w:r>"), "x", "{%p endif %}", "fin")
    assert lines(render(source, {"a": True})) == ["x", "fin"]
    assert lines(render(source, {"a": False})) == ["fin"]


def test_a_control_around_rows_goes_with_them() -> None:
    inner = "".join((tr("{%tr for x in xs %}"), tr("{{ x }}"), tr("{%tr endfor %}")))
    control = (
        f'<w:sdt><w:sdtPr><w:id w:val="5"/></w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>'
    )
    source = template(
        tbl(tr("titre"), control, columns=1), tbl(control.replace('"5"', '"6"'), columns=1), "fin"
    )
    assert table_texts(render(source, {"xs": []})) == [["titre"]]
    assert lines(render(source, {"xs": ["a"]})) == ["titre", "a", "a", "fin"]


@pytest.mark.parametrize(
    ("content", "said", "advised"),
    [
        (["{% if a %}", "x", "{% endif %}"], "s'ouvre ici et « {% endif %} » est ailleurs", "{%p"),
        ([tbl(tr("{% for x in xs %}{{ x }}", "{% endfor %}"))], "est ailleurs", "{%tr"),
        ([tbl(tr("{% for x in xs %}"), tr("{{ x }}"), tr("{% endfor %}"))], "est ailleurs", "{%tr"),
        (["{%p if a %}", tbl(tr("x", "{%p endif %}"))], "est ailleurs", ""),
        (["{%p if a %} texte perdu", "x", "{%p endif %}"], "contient autre chose", ""),
        (
            [tbl(tr("{%tr for x in xs %}", "{{ x }}"), tr("{%tr endfor %}"))],
            "contient autre chose",
            "",
        ),
        (
            [p("{%p if a %}", '<w:r><w:br w:type="page"/></w:r>'), "{%p endif %}"],
            "contient autre chose",
            "",
        ),
        (
            [p("{% if a %}", FIELD.format("begin"), r("x"), "{% endif %}", FIELD.format("end"))],
            "coupe un champ de Word",
            "",
        ),
    ],
)
def test_a_block_that_would_break_the_document_is_refused_with_a_remedy(
    content: list[str], said: str, advised: str
) -> None:
    found = lint(template(*content))
    assert any(said in constat.message and advised in constat.conseil for constat in found), found


def test_places_are_counted_before_rows_go() -> None:
    source = template(
        "un",
        tbl(tr("{%tr for x in xs %}"), tr("{{ x }}"), tr("{%tr endfor %}")),
        tbl(tr("a"), tr("b"), tr("{{ f() }}")),
    )
    assert [message.split(" : ")[0] for message in findings(source)] == [
        "Corps, tableau 2, ligne 3"
    ]


def test_depth_is_limited() -> None:
    deep = "{% if a %}" * 25 + "x" + "{% endif %}" * 25
    assert any("trop profondément" in message for message in findings(template(deep)))
    loops = "".join(f"{{% for x{n} in xs %}}" for n in range(7)) + "{% endfor %}" * 7
    assert any("trop profondément" in message for message in findings(template(loops)))
