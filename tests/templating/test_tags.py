"""Les balises telles que Word les écrit : découpées, corrigées, suivies, et pourtant comprises."""

from __future__ import annotations

import pytest

from dla_docs.word.package import open_package
from tests.templating.word import W, findings, lines, p, part, r, render, template, text_in
from tests.word_packages import zipped

INS = '<w:ins w:id="1" w:author="A" w:date="2020-01-01T00:00:00Z">{}</w:ins>'
DEL = (
    '<w:del w:id="2" w:author="A" w:date="2020-01-01T00:00:00Z"><w:r><w:delText>{}</w:delText>'
    "</w:r></w:del>"
)
M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def test_a_tag_cut_over_runs_keeps_the_look_of_its_first_run() -> None:
    made = render(
        template(p(r("Nom : {{ st", "<w:b/>"), r("ructure.", "<w:i/>"), r("nom }} fin"))),
        {"structure": {"nom": "Les Amis"}},
    )
    assert lines(made) == ["Nom : Les Amis fin"]
    run = next(run for run in part(made).iter(f"{W}r") if "Les Amis" in text_in(run))
    assert run.find(f"{W}rPr/{W}b") is not None


@pytest.mark.parametrize(
    "middle",
    [
        INS.format(r("no")),
        f'<w:hyperlink w:anchor="x">{r("no")}</w:hyperlink>',
        f'<w:bookmarkStart w:id="5" w:name="b"/>{r("no")}<w:bookmarkEnd w:id="5"/>',
        f'<w:proofErr w:type="spellStart"/>{r("no")}<w:proofErr w:type="spellEnd"/>',
        f"<w:sdt><w:sdtContent>{r('no')}</w:sdtContent></w:sdt>",
        f'<w:smartTag w:element="x">{r("no")}</w:smartTag>',
        "<w:r><w:lastRenderedPageBreak/><w:t>no</w:t></w:r>",
    ],
)
def test_a_tag_runs_across_what_word_puts_in_its_way(middle: str) -> None:
    assert lines(render(template(p(r("{{ "), middle, r("m }}."))), {"nom": "Zoé"})) == ["Zoé."]


def test_a_tag_broken_by_a_line_end_or_a_tab_is_one_tag() -> None:
    broken = "<w:r><w:t>{{</w:t><w:tab/><w:t>nom</w:t><w:br/><w:t>}}</w:t></w:r>"
    assert lines(render(template(p("a\u00a0", broken, "b")), {"nom": "X"})) == ["a\u00a0Xb"]


ROW = (
    "<w:tbl><w:tblGrid><w:gridCol/></w:tblGrid><w:tr>"
    '<w:trPr><w:del w:id="3" w:author="A"/></w:trPr>'
    "<w:tc><w:p><w:r><w:t>ôtée</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
)


MARK = '<w:p><w:pPr><w:rPr><w:del w:id="4" w:author="A"/></w:rPr></w:pPr></w:p>'
CELL = (
    "<w:tbl><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc>"
    '<w:tcPr><w:cellDel w:id="3" w:author="A"/></w:tcPr>'
    "<w:p><w:r><w:t>ôtée</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
)


@pytest.mark.parametrize("body", [p("Reste", DEL.format("{{ inconnu() }}")), ROW, CELL, MARK])
def test_what_was_deleted_with_tracked_changes_would_reach_its_reader(body: str) -> None:
    [told] = findings(template(body))
    assert "une suppression en suivi des modifications est encore dans le modèle" in told
    assert told.startswith(("Corps, paragraphe 1", "Corps, tableau 1, ligne 1"))


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (f'<m:oMath xmlns:m="{M}"><m:r><m:t>{{{{ nom }}}}</m:t></m:r></m:oMath>', "une équation"),
        (
            "<w:r><w:ruby><w:rubyBase>" + r("{{ nom }}") + "</w:rubyBase></w:ruby></w:r>",
            "deux étages",
        ),
        (
            f'<mc:AlternateContent xmlns:mc="{MC}"><mc:Choice>{r("{{ nom }}")}</mc:Choice>'
            "</mc:AlternateContent>",
            "plusieurs versions de Word",
        ),
    ],
)
def test_a_tag_that_nothing_fills_is_refused_with_its_place(body: str, where: str) -> None:
    [told] = findings(template(p("Ici", body)))
    assert told.startswith("Corps, paragraphe 1")
    assert where in told and "{{ nom }}" in told


@pytest.mark.parametrize(
    ("name", "held"),
    [
        ("numbering", '<w:abstractNum><w:lvlText w:val="Réf {{ nom }} %1."/></w:abstractNum>'),
        ("settings", '<w:docVars><w:docVar w:name="a" w:val="{{ nom }}"/></w:docVars>'),
    ],
)
def test_a_tag_in_a_setting_that_prints_is_refused(name: str, held: str) -> None:
    part = f'<w:{name} xmlns:w="{W[1:-1]}">{held}</w:{name}>'
    whole = open_package(template(p("Ici"))) | {f"word/{name}.xml": part.encode()}
    [told] = findings(zipped(whole))
    assert "{{ nom }}" in told and f"« word/{name}.xml », où rien ne la remplira" in told


def test_what_another_program_keeps_in_its_field_is_no_tag() -> None:
    code = 'ADDIN ZOTERO_ITEM {"a":{"b":{"c":1}}}'
    step = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    held = f"<w:r><w:instrText>{code}</w:instrText></w:r>"
    cited = step.format("begin") + held + step.format("separate") + r("(2013)") + step.format("end")
    made = render(template(p(cited, r(" {{ nom }}"))), {"nom": "Zoé"})
    assert lines(made) == ["(2013) Zoé"]


def test_a_control_bound_to_a_property_shows_what_it_holds() -> None:
    bound = (
        '<w:sdt><w:sdtPr><w:alias w:val="Titre"/><w:dataBinding w:xpath="/a" '
        'w:storeItemID="{6C3C8BC8-F283-45AE-878A-BAB7291924A1}"/><w:text/></w:sdtPr>'
        "<w:sdtContent>" + r("Avis {{ nom }}") + "</w:sdtContent></w:sdt>"
    )
    made = render(template(p(bound)), {"nom": "Zoé"})
    assert lines(made) == ["Avis Zoé"]
    assert not [*part(made).iter(f"{W}dataBinding")]


def test_what_google_docs_wraps_is_filled_like_the_rest() -> None:
    wrapped = (
        '<w:sdt><w:sdtPr><w:tag w:val="goog_rdk_0"/></w:sdtPr><w:sdtContent>'
        + r("{{ nom }}")
        + "</w:sdtContent></w:sdt>"
    )
    assert lines(render(template(p("Nom : ", wrapped)), {"nom": "Zoé"})) == ["Nom : Zoé"]


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("{{ 'l’eau' }}", "l’eau"),
        ("{{ ‘l’eau’ }}", "l’eau"),
        ("{{ “aujourd’hui” }}", "aujourd’hui"),
        ("{%- if reponse == 'oui' -%}vrai{%- endif -%}", "vrai"),
        ("{{ « oui » }}", "oui"),
        ("{{ « non » }}", "non"),
        ("{% if reponse == « oui » %}vrai{% else %}faux{% endif %}", "vrai"),
        ("{% if reponse == ‘oui’ and 'l’eau' == “l’eau” %}vrai{% endif %}", "vrai"),
        ("{%\u00a0if\u00a0reponse\u202f%}vrai{% endif %}", "vrai"),
        ("{{ 5 – 2 }}", "3"),
        ("{{ '}}' }}", "}}"),
        ('{{ "«\u00a0vu\u00a0»" }}', "«\u00a0vu\u00a0»"),
        ("{{- reponse -}}", "oui"),
        ("a {#- rien -#} b", "ab"),
        ("a {{- reponse -}} b {{ reponse -}}  ", "aouib oui"),
        ("a {%- if reponse == 'oui' -%} vrai {%- endif %} b", "avrai b"),
        ("a {%– if reponse == 'oui' –%} vrai {% endif %}b", "avrai b"),
        ("{% if reponse -%} {%- endif %}a - {{ reponse }} - b", "a - oui - b"),
        ("{{reponse}}", "oui"),
        ("{{r reponse }}", "oui"),
        ("{# une remarque #}reste", "reste"),
        ("{_{ x }_} {_% y %_}", "{{ x }} {% y %}"),
        ("un { seul } reste, 100 % aussi", "un { seul } reste, 100 % aussi"),
    ],
)
def test_word_typography_is_repaired_where_it_delimits_only(written: str, printed: str) -> None:
    assert lines(render(template(written), {"reponse": "oui"})) == [printed]


def test_several_blocks_in_one_paragraph() -> None:
    source = template(
        "{% if a %}A{% endif %}{% if b %}B{% else %}b{% endif %}-{% for x in xs %}{{ x }}{% if "
        "not loop.last %}, {% endif %}{% endfor %}."
    )
    assert lines(render(source, {"a": True, "b": False, "xs": ["1", "2", "3"]})) == ["Ab-1, 2, 3."]


def test_a_block_over_differently_formatted_runs_keeps_each_look() -> None:
    made = render(
        template(p(r("{% if a %}gras", "<w:b/>"), r("maigre{% endif %}", "<w:i/>"), r("!"))),
        {"a": True},
    )
    runs = part(made).findall(f".//{W}r")
    looks = {
        text_in(run): [mark.tag.removeprefix(W) for mark in run.findall(f"{W}rPr/*")]
        for run in runs
    }
    assert looks["gras"] == ["b"] and looks["maigre"] == ["i"]


@pytest.mark.parametrize(
    "wrap",
    [
        INS.format(r("{% if a %}oui ")) + r("non{% endif %}"),
        r("x{% if a %}") + INS.format(r("y{% endif %}z")),
    ],
)
def test_a_block_may_begin_or_end_inside_an_insertion(wrap: str) -> None:
    for a in (True, False):
        render(template(p(wrap)), {"a": a})


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Bonjour {{ nom", "n'est pas fermée"),
        ("Bonjour {% if nom }}", "n'est pas fermée"),
        ("Bonjour nom }}", "« }} » ferme une balise que rien n'ouvre"),
        ("Bonjour ${nom#}", "« #} » ferme une balise que rien n'ouvre"),
        ("{{ nom prenom }}", "ne se lit pas"),
        ("{{ 'abc }} puis l'eau", "ne se lit pas"),
        ("{{ }}", "ne se lit pas"),
        ("{{ l’eau }}", "ne se lit pas"),
        ("{% set x = 1 %}", "n'est pas une balise connue"),
        ("{% include 'x' %}", "n'est pas une balise connue"),
        ("{% cellbg couleur %}", "n'est pas une balise connue"),
        ("{% if %}x{% endif %}", "ne se lit pas"),
        ("{% for x %}y{% endfor %}", "ne se lit pas"),
        ("{% for a, b in xs %}y{% endfor %}", "n'est pas admise"),
        ("{% for x in xs recursive %}y{% endfor %}", "n'est pas admise"),
        ("{% endif %}", "ne correspond à aucun « if » ouvert"),
        ("{% if a %}{% for x in xs %}{% endif %}{% endfor %}", "ne correspond à aucun"),
        ("{% if a %}1{% else %}2{% else %}3{% endif %}", "ne correspond à aucun"),
        ("{% if a %}x", "n'est jamais fermé"),
        ("{%tr if a %}x{%tr endif %}", "n'est pas dans une ligne de tableau"),
    ],
)
def test_a_faulty_tag_is_told_in_french_with_its_place(written: str, said: str) -> None:
    found = findings(template("Titre", written))
    assert any(
        said in message and message.startswith("Corps, paragraphe 2 (« ") for message in found
    ), found


def test_all_faults_are_told_at_once() -> None:
    found = findings(
        template("{{ a", "{{ b() }}", "{% if c %}", "{{ d|inconnu }}", "{%p for e in f %}texte")
    )
    assert len(found) >= 5 and len(set(found)) == len(found)


def test_two_drawings_of_one_number_get_each_their_own() -> None:
    drawing = (
        '<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/'
        'wordprocessingDrawing"><wp:docPr id="1" name="Forme"/></wp:inline></w:drawing></w:r>'
    )
    made = render(template(p(drawing, drawing, r("{{ nom }}"))), {"nom": "Zoé"})
    numbers = [one.get("id") for one in part(made).iter("{*}docPr")]
    assert len(numbers) == len({*numbers}) == 2


def test_an_instruction_of_another_program_is_no_tag() -> None:
    source = template(p("Nom : ", "<?autre programme?>", "{{ nom }}"))
    assert lines(render(source, {"nom": "Les Amis"})) == ["Nom : Les Amis"]


def test_a_dash_takes_away_the_blanks_that_word_makes_of_a_tab_or_of_a_new_run() -> None:
    broken = "<w:r><w:tab/><w:br/></w:r>"
    made = render(template(p(r("a "), broken, r("{{- nom -}}"), broken, r(" b"))), {"nom": "X"})
    assert lines(made) == ["aXb"]
