"""Ce qu'un modèle Word tient et que sa page ne montre pas : des variables, des insertions
automatiques, les réglages d'une imprimante, des parties que rien ne cite.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from dla_docs.templating.parts import Package
from dla_docs.word.names import q
from dla_docs.word.package import CONTENT_TYPES, parse_part
from dla_docs.word.part import is_xml, owner_of, relationships, rels_of, serialise

VALUE = q("w:val")
CODE, SIMPLE = q("w:instrText"), q("w:fldSimple")
FIELDS = (CODE, SIMPLE, q("w:fldChar"))
NAMED = r"\b{}\s+(?:\"([^\"]*)\"|(\S+))"
COMPUTED = re.compile(r"\{[{%]")  # what a tag says, which only its document knows


def without_unshown(package: Package) -> Iterator[str]:
    """Ôte d'un modèle ce que rien n'en montre ; dit ce qui s'en va."""
    yield from _variables(package)
    yield from _building_blocks(package)
    yield from _printers(package)
    yield from _strays(package)


def codes_of(package: Package) -> Iterator[str]:
    """Le code des champs, une partie après l'autre ; « {% » est devant chacun."""
    for name, _ in package.stories():
        said: list[str] = []
        for one in parse_part(package.parts[name], name).iter(*FIELDS):
            is_open = one.tag == SIMPLE or one.get(q("w:fldCharType")) == "begin"
            said += [" {% " if is_open else " "] if one.tag != CODE else []
            said.append(one.get(q("w:instr"), "") if one.tag == SIMPLE else one.text or "")
        yield "".join(said)


def named_in(codes: Iterable[str], kind: str) -> set[str] | None:
    """Ce que nomment les champs de cette sorte, en minuscules ; ``None`` quand un calcul le dit."""
    said = " ".join(codes)
    found = re.findall(NAMED.format(kind), said, re.IGNORECASE)
    names = {(quoted or bare).casefold() for quoted, bare in found}
    asked = len(re.findall(rf"\b{kind}\b", said, re.IGNORECASE))
    return None if asked > len(found) or any(map(COMPUTED.search, names)) else names


def _variables(package: Package) -> Iterator[str]:
    name = package.settings()
    if b"docVar" not in package.parts[name]:
        return
    root = parse_part(package.parts[name], name)
    shown = named_in(codes_of(package), "DOCVARIABLE")
    held = [*root.iter(q("w:docVar"))] if shown is not None else []
    gone = [
        one
        for one in held
        if one.get(q("w:name"), "").casefold() not in (shown or ())
        and not COMPUTED.search(one.get(VALUE, ""))
    ]
    for one in gone:
        _remove(one)
        yield "des variables que rien n'imprime"
    for empty in [one for one in root.iter(q("w:docVars")) if not len(one)]:
        _remove(empty)
    if gone:
        package.parts[name] = serialise(root)


def variables_kept(package: Package) -> str:
    """Ce que dit une variable qu'un modèle garde parce qu'un calcul fait le nom de celle qui
    s'imprime ; rien quand il n'en garde pas ainsi.
    """
    name = package.settings()
    if (
        b"docVar" not in package.parts[name]
        or named_in(codes_of(package), "DOCVARIABLE") is not None
    ):
        return ""
    held = parse_part(package.parts[name], name).iter(q("w:docVar"))
    texts = (one.get(VALUE, "").strip() for one in held)
    return next((one for one in texts if one and not COMPUTED.search(one)), "")


def _building_blocks(package: Package) -> Iterator[str]:
    """AutoText; what an empty control shows is there too, and stays."""
    for link in relationships(package.parts, package.main):
        if link.kind != "glossaryDocument" or link.target not in package.parts:
            continue
        asked = {
            one.get(VALUE, "")
            for name, _ in package.stories()
            for one in parse_part(package.parts[name], name).iterfind(
                f".//{q('w:placeholder')}/{q('w:docPart')}"
            )
        }
        root = parse_part(package.parts[link.target], link.target)
        blocks = [*root.iter(q("w:docPart"))]
        gone = [one for one in blocks if _title(one) not in asked]
        for one in gone:
            _remove(one)
            yield "des insertions automatiques"
        if len(gone) == len(blocks):
            package.drop(package.main, link.id, link.target)
        elif gone:
            package.parts[link.target] = serialise(root)


def _title(block: etree._Element) -> str:
    title = block.find(f"{q('w:docPartPr')}/{q('w:name')}")
    return "" if title is None else str(title.get(VALUE, ""))


def _printers(package: Package) -> Iterator[str]:
    links = relationships(package.parts, package.main)
    for link in [one for one in links if one.kind == "printerSettings"]:
        root = parse_part(package.parts[package.main], package.main)
        for one in [*root.iter(q("w:printerSettings"))]:
            _remove(one)
        package.parts[package.main] = serialise(root)
        package.drop(package.main, link.id, link.target)
        yield "les réglages d'une imprimante"


def _strays(package: Package) -> Iterator[str]:
    """Parts that no other leads to; names are compared as Word does, whatever their case."""
    known = {_folded(name): name for name in package.parts}
    reached, waiting = set[str](), [""]
    while waiting:
        owner = waiting.pop()
        for link in relationships(package.parts, owner):
            name = known.get(_folded(link.target), "")
            if name and not link.external and name not in reached:
                reached.add(name)
                waiting.append(name)
    kept = {CONTENT_TYPES, rels_of(""), *reached, *map(rels_of, reached)}
    gone = [name for name in package.parts if name not in kept]
    for name in gone:
        del package.parts[name]
        if not (is_xml(name) and name.endswith(".rels") and owner_of(name) not in reached):
            yield "une partie que rien n'y cite"
    if gone:
        package.drop_overrides()


def _folded(name: str) -> str:
    return name.replace("\\", "/").casefold()


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
