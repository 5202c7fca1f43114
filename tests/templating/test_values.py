"""Ce qui entre ressort, dans l'ordre, et rien d'autre : le texte des personnes n'est jamais du code
ni du XML.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dla_docs.errors import InputError
from dla_docs.model.typography import typeset
from dla_docs.templating import BROUILLON, compile_template, form_mode
from tests import examples
from tests.templating.word import (
    findings,
    leaf,
    lines,
    p,
    part_node,
    r,
    render,
    rows,
    sdt,
    table_texts,
    tbl,
    template,
    tr,
    tree,
)

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
ANY_TEXT = st.text(
    st.characters(exclude_categories=["Cs"])
    | st.sampled_from("&<>\"'{}%#\n\r\t\u00a0\u202f\u0085\u2028🙂é"),
    max_size=40,
)
PRINTABLE = ANY_TEXT.map(lambda text: FORBIDDEN.sub("", text)).filter(str.strip)

EVERYWHERE = template(
    p("[{{ a }}]", r("{{ b.c", "<w:b/>"), "}}"),
    tbl(
        tr("{%tr for x in xs %}", ""),
        tr("{{ x.t }}", "{{ loop.index }}:{{ x.t }}"),
        tr("{%tr endfor %}", ""),
    ),
    p("{% if a %}", sdt("a"), "{% endif %}"),
)


def as_word(text: str) -> str:
    """What a reader of the page sees: its typography, and the one sort of line end Word knows."""
    return typeset(text).replace("\r\n", "\n").replace("\r", "\n")


@examples(80)
@given(
    a=PRINTABLE,
    c=PRINTABLE,
    xs=st.lists(PRINTABLE, max_size=4),
    mode=st.sampled_from([None, BROUILLON, form_mode({"a"})]),
)
def test_every_text_is_conserved_in_order(a: str, c: str, xs: list[str], mode: Any) -> None:
    made = render(
        EVERYWHERE,
        {"a": a, "b": {"c": c}, "xs": [{"t": text} for text in xs]},
        **({"mode": mode} if mode else {}),
    )
    found = [line for line in lines(made) if line != "BROUILLON"]
    rows_of_text = [
        cell
        for rank, text in enumerate(xs, 1)
        for cell in (as_word(text), f"{rank}:{as_word(text)}")
    ]
    assert found == [f"[{as_word(a)}]{as_word(c)}", *rows_of_text, as_word(a)]


@given(text=ANY_TEXT.filter(lambda text: FORBIDDEN.search(text.replace("\r", ""))))
def test_what_word_forbids_is_refused_and_named(text: str) -> None:
    with pytest.raises(InputError, match=r"« xs\[1\]\.t » contient un caractère invisible"):
        render(EVERYWHERE, {"a": "x", "b": {"c": "y"}, "xs": [{"t": "ok"}, {"t": f"a{text}b"}]})


def test_hostile_texts_are_only_texts() -> None:
    for hostile in (
        "<select>",
        "A & B",
        "{{ 7*7 }}",
        "{% for x in y %}",
        "</w:t></w:r>",
        "]]>",
        "&amp;",
        "<?dla 0?>",
        "{_{",
        "\ufdd00\ufdd1",
    ):
        said = lines(render(template("a {{ x }} b"), {"x": hostile}))
        assert said == [f"a {as_word(hostile)} b"]


def test_a_template_text_that_looks_like_a_mark_is_only_a_text() -> None:
    for strange in ("<?dla 0?>", "&lt;?dla 0?&gt;"):
        assert lines(render(template(p(r(strange + " {{ x }}"))), {"x": "y"})) == [f"{strange} y"]
    assert any("caractère réservé" in message for message in findings(template("\ufdd00\ufdd1")))
    instructed = template(p("<?dla 0?>", "{{ x }}", "<!-- {{ y }} -->"))
    assert lines(render(instructed, {"x": "y"})) == ["y"]


def test_a_long_text_keeps_its_lines() -> None:
    text = "Un.\n\nDeux\tcolonnes.\r\n  Trois  "
    assert lines(render(template("{{ x }}"), {"x": text})) == ["Un.\n\nDeux\tcolonnes.\n  Trois  "]


def test_a_megabyte_passes() -> None:
    assert lines(render(template("{{ x }}"), {"x": "é<" * 500_000})) == ["é<" * 500_000]


def test_threads_share_a_template_without_mixing_their_data() -> None:
    compiled = compile_template(EVERYWHERE)

    def one(number: int) -> bool:
        texts = [f"{number}-{rank}" for rank in range(number % 5)]
        made = compiled.render(
            {"a": f"A{number}", "b": {"c": f"C{number}"}, "xs": [{"t": text} for text in texts]}
        )
        cells = [cell for rank, text in enumerate(texts, 1) for cell in (text, f"{rank}:{text}")]
        return lines(made) == [f"[A{number}]C{number}", *cells, f"A{number}"]

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(one, range(200)))


def test_a_template_is_compiled_once_and_travels_between_processes() -> None:
    import pickle

    model = tree(leaf("a"), part_node("b", leaf("c")), rows("xs", leaf("t")))
    compiled = compile_template(EVERYWHERE, model)
    assert (
        compile_template(EVERYWHERE, model) is compiled
        and compile_template(EVERYWHERE) is not compiled
    )
    values = {"a": "1", "b": {"c": "2"}, "xs": []}
    assert pickle.loads(pickle.dumps(compiled)).render(values) == compiled.render(values)
    assert compiled.paths == ("a", "b.c", "loop", "xs", "xs[].t")


def test_values_are_left_as_they_were_given() -> None:
    values = {"a": "x", "b": {"c": "y"}, "xs": [{"t": "z"}]}
    render(EVERYWHERE, values)
    assert values == {"a": "x", "b": {"c": "y"}, "xs": [{"t": "z"}]}


def test_table_texts_of_a_list_of_names() -> None:
    source = template(
        tbl(tr("{%tr for n in noms %}"), tr("{{ n }}"), tr("{%tr endfor %}"), columns=1), "fin"
    )
    assert table_texts(render(source, {"noms": ["A", "B"]}, tree(leaf("noms")))) == [["A"], ["B"]]
    assert findings(source, tree(leaf("noms"))) == []
