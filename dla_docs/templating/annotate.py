"""La copie annotée d'un modèle : chaque défaut y est un commentaire Word,
posé là où il se trouve."""

from __future__ import annotations

import posixpath
from pathlib import Path

from lxml import etree

from dla_docs.templating.compiler import compile_parts
from dla_docs.templating.parts import OFFICE_RELATIONS, Package, with_types
from dla_docs.templating.places import Finding
from dla_docs.templating.template import Model, as_node
from dla_docs.word.archive import pack, write_archive
from dla_docs.word.names import NAMESPACES, W_P, W_PPR, W_T, WORD_TYPES, element, q
from dla_docs.word.package import CONTENT_TYPES, open_package, parse_part
from dla_docs.word.part import serialise

AUTHOR = "dla_docs"
EMPTY_COMMENTS = f'<w:comments xmlns:w="{NAMESPACES["w"]}"/>'.encode()


def annotate(source: bytes | str | Path, model: Model | None = None) -> bytes:
    """Une copie du modèle où chaque défaut est un commentaire ; ce qui n'a pas de place dans le
    corps est dit à son premier paragraphe.
    """
    parts = open_package(source)
    findings = list(dict.fromkeys(compile_parts(parts, as_node(model)).findings))
    package = Package(parts)
    document = parse_part(parts[package.main], package.main)
    comments_name, comments = _comments_part(package)
    paragraphs = list(document.iter(W_P)) or [_first_paragraph(document)]
    number = 1 + max((int(str(comment.get(q("w:id"), "0"))) for comment in comments), default=-1)
    for rank, finding in enumerate(findings, number):
        anchor = paragraphs[_rank(finding, package.main)]
        comments.append(_comment(rank, finding))
        _anchor(anchor, rank)
    parts = package.parts | {
        package.main: serialise(document),
        comments_name: serialise(comments),
        CONTENT_TYPES: with_types(package.types),
    }
    return write_archive(pack(name, content) for name, content in parts.items())


def _rank(finding: Finding, main: str) -> int:
    place = finding.place
    return (
        place.paragraph if place is not None and place.part == main and place.paragraph >= 0 else 0
    )


def _comments_part(package: Package) -> tuple[str, etree._Element]:
    name = next((name for name, title in package.stories() if title == "commentaires"), "")
    if not name:
        name = posixpath.join(posixpath.dirname(package.main), "comments.xml")
        package.relate(package.main, f"{OFFICE_RELATIONS}/comments", "comments.xml")
        package.declare(name, f"{WORD_TYPES}comments+xml")
    return name, parse_part(package.parts.get(name, EMPTY_COMMENTS), name)


def _first_paragraph(document: etree._Element) -> etree._Element:
    paragraph = element("w:p")
    document[0].insert(0, paragraph)
    return paragraph


def _comment(number: int, finding: Finding) -> etree._Element:
    comment = element("w:comment", id=str(number), author=AUTHOR, initials="DLA")
    constat = finding.constat()
    for words in filter(None, (constat.message, constat.source, constat.conseil)):
        paragraph = etree.SubElement(comment, W_P)
        etree.SubElement(etree.SubElement(paragraph, q("w:r")), W_T).text = "".join(
            char if char.isprintable() else " " for char in words
        )
    return comment


def _anchor(paragraph: etree._Element, number: int) -> None:
    properties = paragraph.find(W_PPR)
    paragraph.insert(0 if properties is None else 1, element("w:commentRangeStart", id=str(number)))
    paragraph.append(element("w:commentRangeEnd", id=str(number)))
    run = etree.SubElement(paragraph, q("w:r"))
    run.append(element("w:commentReference", id=str(number)))
