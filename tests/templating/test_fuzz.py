"""Un auteur écrit n'importe quoi : ou bien on le lui dit,
ou bien tout document produit est sain. Jamais autre chose."""

from __future__ import annotations

import re
from itertools import accumulate, cycle
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from dla_docs.constat import bloquants
from dla_docs.errors import TemplateError
from dla_docs.templating import BROUILLON, DEFINITIF, compile_template, form_mode, lint
from dla_docs.templating.annotate import annotate
from dla_docs.templating.blocks import MAX_LOOPS
from dla_docs.word.package import open_package
from dla_docs.word.soundness import soundness
from tests.templating.word import p, r, sdt, tbl, tc, template

BALANCED = [
    "{% if a %}x{% endif %}",
    "{% if a %}{{ b }}{% else %}y{% endif %}",
    "{% for x in xs %}{{ x }}{% if loop.last %}.{% endif %}{% endfor %}",
    "{{ b }}",
    "{{ xs|length }}",
    "texte",
    "",
    "{# rien #}",
    "{_{",
    "l’eau « vive »",
]
PAIRS = [
    ("{%p if a %}", "{%p endif %}"),
    ("{%p for x in xs %}", "{%p endfor %}"),
    ("{%tr if b %}", "{%tr endif %}"),
    ("{%tr for x in xs %}", "{%tr endfor %}"),
]
LOOSE = ["{% if a %}", "{% endif %}", "{% else %}", "{% for x in xs %}", "{{", "}}", "{{ 'a"]
LOOSE += ["{%p if a %}", "{%p else %}", "{%tr endfor %}", "{%tc if a %}", "{%tc endif %}"]
OOXML, OPC = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://schemas.openxmlformats.org/package/2006",
)
SMALLEST = {  # so that each of a thousand documents is checked whole
    "[Content_Types].xml": f'<Types xmlns="{OPC}/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override '
    'PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
    "</Types>",
    "_rels/.rels": f'<Relationships xmlns="{OPC}/relationships">'
    f'<Relationship Id="r1" Type="{OOXML}/officeDocument" Target="word/document.xml"/>'
    "</Relationships>",
}

WRAPPERS = [
    "{}",
    '<w:ins w:id="1" w:author="A" w:date="2020-01-01T00:00:00Z">{}</w:ins>',
    '<w:hyperlink w:anchor="x">{}</w:hyperlink>',
]


@st.composite
def paragraphs(draw: st.DrawFn, extra: tuple[str, ...] = ()) -> str:
    """A text cut over runs of various looks, some within an insertion or a link."""
    text = "".join(draw(st.lists(st.sampled_from([*BALANCED, *extra]), max_size=3)))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=3)))
    pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    runs = [
        draw(st.sampled_from(WRAPPERS)).format(r(piece, draw(st.sampled_from(["", "<w:b/>"]))))
        for piece in pieces
    ]
    return p(*runs, *draw(st.sampled_from([(), (), (sdt("b"),)])))


@st.composite
def stories(draw: st.DrawFn, depth: int = 2, extra: tuple[str, ...] = ()) -> list[str]:
    """Paragraphs, tables, and blocks around them."""
    content: list[str] = []
    for _ in range(draw(st.integers(1, 3))):
        if depth and draw(st.booleans()):
            content.append(draw(tables(depth - 1, extra)))
        else:
            content.append(draw(paragraphs(extra)))
    if draw(st.booleans()):
        opening, closing = draw(st.sampled_from(PAIRS[:2]))
        content = [p(opening), *content, p(closing)]
    return content


@st.composite
def tables(draw: st.DrawFn, depth: int, extra: tuple[str, ...] = ()) -> str:
    """A table of one or two columns, whose rows or cells may be in a block."""
    rows = [
        "<w:tr>"
        + "".join(cell(draw(stories(depth, extra))) for _ in range(draw(st.integers(1, 2))))
        + "</w:tr>"
        for _ in range(draw(st.integers(1, 2)))
    ]
    if draw(st.booleans()):
        opening, closing = draw(st.sampled_from(PAIRS[2:]))
        rows = [f"<w:tr>{tc(opening)}</w:tr>", *rows, f"<w:tr>{tc(closing)}</w:tr>"]
    if draw(st.booleans()):
        rows.append(
            f"<w:tr>{tc('{%tc for x in xs %}')}{tc('{{ x }}')}{tc('{%tc endfor %}')}</w:tr>"
        )
    return tbl(*rows)


def cell(content: list[str]) -> str:
    return tc(*content, *(() if content[-1].startswith("<w:p>") else (p(),)))


def loops_within_loops(xml: str) -> int:
    """How many loops hold one another, at the deepest; the text of a tag may be cut over runs."""
    text = re.sub(r"<[^>]*>", "", xml)
    return max(
        accumulate(
            (-1 if tag == "endfor" else 1 for tag in re.findall(r"\{%\w*\s+(endfor|for)\b", text)),
            initial=0,
        )
    )


VALUES: list[dict[str, Any]] = [
    {"a": a, "b": b, "xs": xs}
    for a in (True, False)
    for b in ("mot", None)
    for xs in ([], ["1"], ["1", "2"])
]


@pytest.mark.lent
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(stories())
def test_well_written_templates_compile_and_make_sound_documents(content: list[str]) -> None:
    assume(
        loops_within_loops("".join(content)) <= MAX_LOOPS
    )  # beyond, a template is told that it goes too deep
    source = template(
        *content, p("fin"), parts={name: text.encode() for name, text in SMALLEST.items()}
    )
    assert not bloquants(lint(source))  # of tracked changes, their author is told
    check_all_outputs(source)


@pytest.mark.lent
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(stories(extra=tuple(LOOSE)))
def test_badly_written_templates_are_told_or_make_sound_documents(content: list[str]) -> None:
    source = template(
        *content, p("fin"), parts={name: text.encode() for name, text in SMALLEST.items()}
    )
    found = lint(source)
    assert all(constat.message and constat.conseil for constat in found)
    if found:
        assert set(soundness(open_package(annotate(source)))) <= set(
            soundness(open_package(source))
        )
    else:
        check_all_outputs(source)


def check_all_outputs(source: bytes) -> None:
    try:
        compiled = compile_template(source)
    except TemplateError as error:
        raise AssertionError("lint n'avait rien trouvé") from error
    for values, mode in zip(VALUES, cycle((DEFINITIF, BROUILLON, form_mode({"b"}))), strict=False):
        made = open_package(compiled.render(values, mode))
        assert [constat.message for constat in soundness(made)] == []
        assert b"{%" not in made["word/document.xml"] and b"<?dla" not in made["word/document.xml"]
