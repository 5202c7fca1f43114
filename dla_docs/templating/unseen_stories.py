"""Les textes d'un modèle Word que nulle page ne montre : l'en-tête d'une première page, ou de pages
paires, que rien ne distingue des autres, une note que rien n'appelle. Ce qui s'y imprimerait ne se
verrait pas.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from dla_docs.templating.parts import Package
from dla_docs.word.names import W_T, is_on, q
from dla_docs.word.package import parse_part
from dla_docs.word.part import Relationship, relationships, rels_of, serialise

ASIDE = ("header", "footer")
REFERENCES = tuple(q(f"w:{one}Reference") for one in ASIDE)
SECTION, CHANGE, KIND = q("w:sectPr"), q("w:sectPrChange"), q("w:type")
NAMED = re.compile(rb"erReference\s[^>]*\bid=\"([^\"]*)")
KINDS = re.compile(rb"erReference\s[^>]*[\"'](first|even)[\"']")
SECTION_ENDS = re.compile(rb"</(?:\w+:)?sectPr>")
DRAWN = (q("w:drawing"), q("w:pict"), q("w:object"), q("w:instrText"), q("w:fldSimple"))
NOTES = {q(f"w:{one}"): q(f"w:{one}Reference") for one in ("footnote", "endnote")}
ID = q("w:id")


def without_unseen_stories(package: Package) -> Iterator[str]:
    """Ôte d'un modèle les textes que nulle page ne montre ; dit lesquels."""
    yield from _beside_pages(package)
    yield from _notes(package)


def _beside_pages(package: Package) -> Iterator[str]:
    links = [one for one in relationships(package.parts, package.main) if one.kind in ASIDE]
    if not _may_be_unseen(package.parts[package.main], len(links)):
        return
    root = parse_part(package.parts[package.main], package.main)
    numbers = {one.get(q("r:id")) for one in _shown(root, package.has_even_pages())}
    shown = {one.target for one in links if one.id in numbers}
    for link in [one for one in links if one.target not in shown]:
        if not _says(package, link):
            continue  # what Word leaves of one that was emptied
        for one in [one for one in root.iter(*REFERENCES) if one.get(q("r:id")) == link.id]:
            _remove(one)
        package.parts[package.main] = serialise(root)
        _drop(package, link)
        yield "un en-tête ou un pied de page que nulle page ne montre"


def _may_be_unseen(main: bytes, links: int) -> bool:
    """Most templates have a first page in each of their sections, and no other kind."""
    kinds = {*KINDS.findall(main)}
    return (
        links > len({*NAMED.findall(main)})
        or b"even" in kinds
        or (b"first" in kinds and main.count(b"titlePg/>") < len(SECTION_ENDS.findall(main)))
    )


def _shown(root: etree._Element, has_even_pages: bool) -> Iterator[etree._Element]:
    """The references that some page shows; a section has those of the one before, but its own."""
    held: dict[tuple[str, str], etree._Element] = {}
    for section in root.iter(SECTION):
        above = section.getparent()
        if above is not None and above.tag == CHANGE:
            continue
        for one in section.iterchildren(*REFERENCES):
            held[str(one.tag), str(one.get(KIND, "default"))] = one
        kinds = {"default"} | ({"even"} if has_even_pages else set())
        kinds |= {"first"} if is_on(section.find(q("w:titlePg"))) else set()
        yield from (one for (_, kind), one in held.items() if kind in kinds)


def _says(package: Package, link: Relationship) -> bool:
    content = package.parts.get(link.target)
    return content is not None and _is_said(parse_part(content, link.target))


def _is_said(root: etree._Element) -> bool:
    words = any((text.text or "").strip() for text in root.iter(W_T))
    return words or next(root.iter(*DRAWN), None) is not None


def _drop(package: Package, link: Relationship) -> None:
    """Its pictures may be those of another part: what is left that nothing leads to goes later."""
    links = package.relations(package.main)
    for one in [one for one in links if one.get("Id") == link.id]:
        links.remove(one)
    package.parts[rels_of(package.main)] = serialise(links)
    package.parts.pop(rels_of(link.target), None)
    package.parts.pop(link.target, None)
    package.drop_overrides()


def _notes(package: Package) -> Iterator[str]:
    stories = package.stories()
    for name in [name for name, title in stories if title.startswith("notes")]:
        root = parse_part(package.parts[name], name)
        said = [one for one in root.iter(*NOTES) if one.get(KIND) is None and _is_said(one)]
        roots = [parse_part(package.parts[one], one) for one, _ in stories] if said else []
        for note in said:  # most templates have none: Word writes its lines, and no note
            called = (mark.get(ID) for one in roots for mark in one.iter(NOTES[str(note.tag)]))
            if note.get(ID) not in called:
                _remove(note)
                package.parts[name] = serialise(root)
                yield "une note que rien n'appelle"


def _remove(element: etree._Element) -> None:
    above = element.getparent()
    assert above is not None
    above.remove(element)
