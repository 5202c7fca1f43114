"""Ce qui vient d'une page pour entrer dans une autre : ses styles, ses listes et ses images y ont
d'autres noms.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from copy import deepcopy

from lxml import etree

from dla_docs.retouches.skeleton import Element
from dla_docs.templating.parts import EMPTY_RELATIONS
from dla_docs.word.names import DOC_PR, NAMESPACES, W_VAL, W, local_name
from dla_docs.word.package import CONTENT_TYPES, parse_part, rels_of, serialise
from dla_docs.word.style_marks import STYLES

NUMBERING = "word/numbering.xml"
STYLED = {f"{W}pStyle", f"{W}rStyle", f"{W}tblStyle"}
LINKS = f"{{{NAMESPACES['r']}}}"
MARKS = (f"{W}bookmarkStart", f"{W}bookmarkEnd")


class Importer:
    """Ce qui fait entrer un morceau de la page nouvelle (``story``) dans une partie de celle
    qu'on a gardée (``name``) : LibreOffice renumérote les en-têtes.
    """

    def __init__(
        self, parts: dict[str, bytes], made: dict[str, bytes], name: str, story: str, root: Element
    ) -> None:
        self._parts, self._made, self._name, self._story = parts, made, name, story
        self._styles = _renamed(parts, made)
        self._known = set(_style_names(parts))
        self._lists = _numbers(parts)
        self._last = max((int(one.get("id", 0)) for one in root.iter(DOC_PR)), default=1)
        self._links: dict[str, str] = {}

    def learn(self, left: Element, held: Element) -> None:
        """Deux morceaux qui sont le même : le nom qu'un style de l'un a dans l'autre."""
        for path in (f"{W}pPr/{W}pStyle", f"{W}tblPr/{W}tblStyle"):
            one, other = left.find(path), held.find(path)
            if one is not None and other is not None:
                self._styles[str(one.get(W_VAL))] = str(other.get(W_VAL))

    def taken(self, item: Element) -> Element:
        """Le même morceau, aux noms de la page qui le reçoit."""
        made = deepcopy(item)
        made.tail = None
        for mark in list(made.iter(*MARKS)):
            _drop(mark)
        for style in list(made.iter(*STYLED)):
            self._restyle(style)
        for number in list(made.iter(f"{W}numId")):
            if (
                str(number.get(W_VAL)) not in self._lists
                and (about := number.getparent()) is not None
            ):
                _drop(about)
        for drawn in made.iter(DOC_PR):
            self._last += 1
            drawn.set("id", str(self._last))
        for one in made.iter():
            for attribute in [name for name in one.attrib if str(name).startswith(LINKS)]:
                one.set(attribute, self._linked(str(one.get(attribute))))
        return made

    def _restyle(self, style: Element) -> None:
        wanted = str(style.get(W_VAL))
        named = self._styles.get(wanted, wanted)
        if named in self._known:
            style.set(W_VAL, named)
        else:
            _drop(style)

    def _linked(self, number: str) -> str:
        """The same picture, or the same address, in the relations of the part that receives it."""
        if number not in self._links:
            self._links[number] = self._link(number)
        return self._links[number]

    def _link(self, number: str) -> str:
        source = _relations(self._made, self._story)
        wanted = next((one for one in source if one.get("Id") == number), None)
        if wanted is None:
            return number
        held = _relations(self._parts, self._name)
        taken = {one.get("Id") for one in held}
        rank = next(rank for rank in range(1, 10_000) if f"rIdDla{rank}" not in taken)
        link = deepcopy(wanted)
        link.set("Id", f"rIdDla{rank}")
        if link.get("TargetMode") != "External":
            link.set("Target", self._copied(str(link.get("Target"))))
        held.append(link)
        self._parts[rels_of(self._name)] = serialise(held)
        return f"rIdDla{rank}"

    def _copied(self, target: str) -> str:
        """A part of the new page, beside those of the old; under another name when it has one."""
        source = posixpath.normpath(posixpath.join("word", target))
        stem, _, extension = source.rpartition(".")
        name, rank = source, 1
        while name in self._parts and self._parts[name] != self._made[source]:
            rank += 1
            name = f"{stem}_{rank}.{extension}"
        self._parts[name] = self._made[source]
        self._declare(extension)
        return posixpath.relpath(name, "word")

    def _declare(self, extension: str) -> None:
        held, made = (parse_part(one[CONTENT_TYPES], "") for one in (self._parts, self._made))
        if any(one.get("Extension") == extension for one in held):
            return
        held[:0] = [deepcopy(one) for one in made if one.get("Extension") == extension]
        self._parts[CONTENT_TYPES] = serialise(held)


def _renamed(parts: dict[str, bytes], made: dict[str, bytes]) -> dict[str, str]:
    """The identifiers of the styles of the new page, in the old one: styles keep their names."""
    here = {name.casefold(): number for number, name in _named_styles(parts)}
    return {
        number: here[name.casefold()]
        for number, name in _named_styles(made)
        if name.casefold() in here
    }


def _named_styles(parts: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    if STYLES in parts:
        for style in parse_part(parts[STYLES], STYLES).iter(f"{W}style"):
            name = style.find(f"{W}name")
            if name is not None:
                yield str(style.get(f"{W}styleId")), str(name.get(W_VAL))


def _style_names(parts: dict[str, bytes]) -> Iterator[str]:
    return (number for number, _ in _named_styles(parts))


def _numbers(parts: dict[str, bytes]) -> frozenset[str]:
    if NUMBERING not in parts:
        return frozenset()
    root = parse_part(parts[NUMBERING], NUMBERING)
    return frozenset(str(one.get(f"{W}numId")) for one in root.iter(f"{W}num"))


def _relations(parts: dict[str, bytes], name: str) -> Element:
    if (found := rels_of(name)) in parts:
        return parse_part(parts[found], found)
    return etree.fromstring(EMPTY_RELATIONS)


def _drop(item: Element) -> None:
    parent = item.getparent()
    if parent is not None and local_name(item):
        parent.remove(item)
