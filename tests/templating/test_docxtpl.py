"""docxtpl, dont nous parlons le dialecte : les mêmes documents là où il a raison, aucun de ses
défauts là où il a tort.
"""

from __future__ import annotations

import io
import re
from itertools import chain
from pathlib import Path
from typing import Any

import docx
import pytest
from docxtpl import DocxTemplate
from lxml import etree

from dla_docs.templating import BROUILLON, DEFINITIF, PrintMode, form_mode
from dla_docs.word.package import open_package
from tests import as_keyed, long
from tests.bench.document import template as bench_template
from tests.bench.document import values as bench_values
from tests.ooxml_validator import added_errors
from tests.templating.word import W, lines, p, part, r, render, saved, sdt, tbl, tc, template, tr

VALUES: dict[str, Any] = {
    "nom": "Association É",
    "long": "une\ndeux\n\ntrois",
    "oui": True,
    "non": False,
    "n": 3,
    "gens": [{"nom": "Ana", "age": 30}, {"nom": "Léo", "age": 41}],
    "mots": ["un", "deux", "trois"],
    "vides": [],
}
SAME = {
    "texte": ["Bonjour {{ nom }}, {{ nom }}.", "fin"],
    "découpes": [p(r("{{ n", "<w:b/>"), r("om }}"), r(" maigre"))],
    "conditions": [
        "{%p if oui %}",
        "a",
        "{%p else %}",
        "b",
        "{%p endif %}",
        "{% if non %}c{% elif n == 3 %}d{% endif %}",
    ],
    "boucles": [
        "{%p for g in gens %}",
        "{{ loop.index }}. {{ g.nom }} ({{ g.age }} ans)",
        "{%p endfor %}",
        "{% for m in mots %}{{ m }}, {% endfor %}",
    ],
    "lignes": [
        tbl(
            tr("Nom", "Âge"),
            tr("{%tr for g in gens %}", ""),
            tr("{{ g.nom }}", "{{ g.age }}"),
            tr("{%tr endfor %}", ""),
        ),
        "fin",
    ],
    "colonnes": [
        tbl(
            f"<w:tr>{tc('{%tc for m in mots %}')}{tc('{{ m }}')}{tc('{%tc endfor %}')}</w:tr>",
            columns=3,
        ),
        "fin",
    ],
    "filtres": [
        "{{ nom|upper }} {{ mots|join(' - ') }} {{ mots|length }} {{ absent|default('rien') }}"
    ],
    "lignes du texte": [p(r("{{ long }}", "<w:i/>"))],
    "guillemets": ["{% if nom == “Association É” %}oui{% endif %}"],
    "échappements": ["{_{ nom }_} {_% if %_}"],
    "contrôles": [p("Nom : ", sdt("nom"))],
}


def by_docxtpl(source: bytes, values: dict[str, Any]) -> bytes:
    document = DocxTemplate(io.BytesIO(source))
    document.render(values, autoescape=True)
    return saved(document.docx)


def shape(made: bytes, name: str = "word/document.xml") -> list[tuple[str, str]]:
    """What a reader sees: paragraphs, cells and formatted texts; runs of one look are one."""
    seen: list[tuple[str, str]] = []
    for item in part(made, name).iter(f"{W}p", f"{W}tr", f"{W}tc", f"{W}t", f"{W}br"):
        kind, text = item.tag.removeprefix(W), item.text or ""
        if kind in ("t", "br"):
            run = next(item.iterancestors(f"{W}r"))
            look = "".join(mark.tag.removeprefix(W) for mark in run.findall(f"{W}rPr/*"))
            text, kind = ("\n" if kind == "br" else text), f"t:{look}"
            if seen and seen[-1][0] == kind:
                text = seen.pop()[1] + text
            if not text:
                continue
        seen.append((kind, as_keyed(text) if kind.startswith("t:") else ""))
    return seen


@pytest.mark.parametrize("content", SAME.values(), ids=list(SAME))
def test_the_same_document_where_docxtpl_is_right(content: list[str]) -> None:
    source = template(*content)
    assert shape(render(source, VALUES)) == shape(by_docxtpl(source, VALUES))


def test_the_same_benchmark_document_part_by_part() -> None:
    source, values = bench_template(), bench_values(3)
    ours, theirs = render(source, values), by_docxtpl(source, values)
    assert set(open_package(ours)) == set(open_package(theirs))
    for name in ("word/document.xml", "word/header1.xml", "word/footer1.xml"):
        assert shape(ours, name) == shape(theirs, name)


@pytest.mark.parametrize(
    "mode",
    [
        pytest.param(DEFINITIF, id="définitif"),
        long(BROUILLON, id="brouillon"),
        long(form_mode({"nom"}), id="formulaire"),
    ],
)
def test_the_output_has_no_schema_error_that_the_template_has_not(
    mode: PrintMode, tmp_path: Path
) -> None:
    before, after = tmp_path / "modele.docx", tmp_path / "document.docx"
    before.write_bytes(template(*chain.from_iterable(SAME.values())))
    blank = {"nom": None, "mots": None} if mode.blank else {}
    after.write_bytes(render(before.read_bytes(), VALUES | blank, mode=mode, data=b"<donnees/>"))
    assert added_errors(before, after) == []


# Its defects, one by one


def test_ampersands_and_tags_in_data_eat_nothing() -> None:
    hostile = "R&D, 3 < 4, <select>, </w:t> et la suite"
    assert lines(render(template("{{ x }}", "après"), {"x": hostile})) == [hostile, "après"]


def test_none_prints_nothing() -> None:
    assert lines(render(template("[{{ x }}]"), {"x": None})) == ["[]"]


def test_properties_are_escaped_once() -> None:
    document = docx.Document()
    document.core_properties.title = "{{ x }}"
    assert (
        docx.Document(io.BytesIO(render(saved(document), {"x": "A & B"}))).core_properties.title
        == "A & B"
    )


def test_a_percent_sign_in_a_paragraph_tag() -> None:
    assert lines(render(template("{%p if i % 2 %}", "impair", "{%p endif %}"), {"i": 3})) == [
        "impair"
    ]


def test_a_tag_across_a_link_leaves_good_xml() -> None:
    link = f'<w:hyperlink w:anchor="x">{r("om }} et suite")}</w:hyperlink>'
    made = render(template(p(r("{{ n"), link, r(" fin"))), {"nom": "X"})
    assert lines(made) == ["X et suite fin"]
    etree.fromstring(open_package(made)["word/document.xml"])


def test_bytes_do_not_depend_on_the_moment() -> None:
    source = template("{{ x }}")
    assert render(source, {"x": "1"}) == render(source, {"x": "1"})
    assert not re.search(
        rb"202\d-\d\d-\d\dT", open_package(render(source, {"x": "1"}))["docProps/core.xml"]
    )
