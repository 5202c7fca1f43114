"""Le contrat d'un modèle Word avec son document : ôter ce qu'un guide demande d'imprimer empêche de
le compiler.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest
from lxml import etree

from dla_docs import DOCUMENTS
from dla_docs.builder.printed_words import typeset
from dla_docs.errors import TemplateError
from dla_docs.model.node import Kind, Node
from dla_docs.registry import FORMULAIRES
from dla_docs.resources import template_path
from dla_docs.templating import CompiledTemplate, compile_template
from dla_docs.word.names import W
from tests import as_keyed, one_in
from tests.word_forms import parts_of, zipped


@cache
def shipped(slug: str) -> tuple[bytes, CompiledTemplate]:
    content = template_path(slug).read_bytes()
    return content, compile_template(content, FORMULAIRES[slug])


def printed_by_duty() -> Iterator[tuple[str, str, str]]:
    for slug, model in DOCUMENTS.items():
        for node in model.schema_node().walk():
            yield from (
                (slug, node.path, exigence.id)
                for exigence in node.exigences
                if exigence.force.value in "OS"
                and (node.kind is not Kind.NOTE or exigence.nature == "libelle")
            )


@pytest.mark.parametrize(("slug", "path", "identifiant"), one_in(30, printed_by_duty()))
def test_a_template_that_no_longer_prints_it_is_refused(
    slug: str, path: str, identifiant: str
) -> None:
    node = DOCUMENTS[slug].schema_node().find(path)
    assert node is not None
    with pytest.raises(TemplateError) as refused:
        compile_template(without(slug, node), DOCUMENTS[slug])
    assert identifiant in {name for constat in refused.value.constats for name in constat.exigences}


def without(slug: str, node: Node) -> bytes:
    """A copy of the shipped template that prints nothing of this node."""
    content, compiled = shipped(slug)
    if node.picture:
        return without_logos(content, node.picture)
    parts = parts_of(content)
    root = etree.fromstring(parts["word/document.xml"])
    removed = (
        remove_note(root, node) if node.kind is Kind.NOTE else remove_controls(root, node, compiled)
    )
    assert removed, "le modèle livré n'imprime rien de ce champ"
    body = etree.tostring(root)
    lines = re.findall(rf" for (\w+) in {re.escape(node.path)} ".encode(), body)  # of a list
    names = b"|".join([re.escape(node.path).encode(), *lines])
    tag = re.compile(
        rb"\{\{ (?:%s)(\[\d+\])?(\.\w+)*(\|[^}]*)? \}\}" % names
    )  # beside the controls
    margins = {
        name: tag.sub(b"", data)
        for name, data in parts.items()
        if re.match(r"word/(header|footer)", name)
    }
    elsewhere = {
        name: data.replace(typeset(node.text).encode(), b"") if node.text else data
        for name, data in margins.items()
    }
    return zipped({**parts, **elsewhere, "word/document.xml": tag.sub(b"", body)})


@pytest.mark.parametrize(
    ("slug", "logos", "identifiant"),
    [
        ("rapport_final", "profil.logos", "RF-08"),
        ("rapport_final", "profil.logos_financeurs", "RF-10"),
        ("proposition", "profil.logos_financeurs", "PROP-06"),
    ],
)
def test_a_cover_without_its_logos_is_refused(slug: str, logos: str, identifiant: str) -> None:
    with pytest.raises(TemplateError) as refused:
        compile_template(without_logos(shipped(slug)[0], logos), DOCUMENTS[slug])
    for constat in refused.value.constats:
        assert identifiant in constat.exigences, constat
        assert f"Ajoutez une boucle sur « {logos} »" in str(constat.conseil)


def without_logos(content: bytes, logos: str) -> bytes:
    """A copy of the template whose loop on these logos prints nothing."""
    loop = f"for logo in {logos} %}}".encode()
    parts = parts_of(content)
    assert any(loop in data for data in parts.values())
    return zipped({name: data.replace(loop + b"{{ logo }}", loop) for name, data in parts.items()})


def remove_controls(root: etree._Element, node: Node, compiled: CompiledTemplate) -> int:
    controls = [sdt for sdt in root.iter(f"{W}sdt") if sdt.find(f"{W}sdtPr/{W}tag") is not None]
    assert len(controls) == len(compiled.controls)
    bare = re.escape(node.path) + r"(\[\])?(\..*)?"
    doomed = [
        sdt
        for sdt, control in zip(controls, compiled.controls, strict=True)
        if re.fullmatch(bare, control.path)
    ]
    for sdt in doomed:
        parent = sdt.getparent()
        assert parent is not None
        parent.remove(sdt)
    return len(doomed)


def remove_note(root: etree._Element, node: Node) -> int:
    tag, text = f"{{{{ {node.path} }}}}", " ".join(node.text.split())
    numbered = f"{text} {{{{ loop.index }}}}"  # the heading of each of the columns
    doomed = [
        paragraph
        for paragraph in root.iter(f"{W}p")
        if tag in said(paragraph) or said(paragraph) in (text, numbered)
    ]
    for run in (run for paragraph in doomed for run in paragraph.iter(f"{W}t")):
        run.text = ""
    return len(doomed)


def said(paragraph: etree._Element) -> str:
    written = "".join(str(text.text or "") for text in paragraph.iter(f"{W}t"))
    return " ".join(as_keyed(written).split())
