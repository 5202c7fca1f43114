"""Les textes d'un classeur OpenDocument : ce qu'une cellule en montre, ce qui y est barré, et les
styles qui le disent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from dla_docs.tables.grids import LONGEST

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
PARAGRAPHS = (f"{TEXT}p", f"{TEXT}h")
BESIDE = (f"{TEXT}note", f"{TEXT}ruby-text")  # said next to the text, not in it
SIGNS = {f"{TEXT}tab": "\t", f"{TEXT}line-break": "\n"}
SPACES = re.compile(r"[ \t\r\n]+")
STRIKES = (f"{STYLE}text-line-through-style", f"{STYLE}text-line-through-type")
CELL, SPAN = "table-cell", "text"  # the families of the styles that strike out

Piece = tuple[str, bool]


class Text(NamedTuple):
    """Le texte d'une cellule : ce qui s'y lit, et ce qui y est barré ; ``None`` quand elle n'a pas
    de paragraphe.
    """

    kept: str | None
    lost: str


class Styles:
    """Les styles d'un classeur, à mesure qu'ils se lisent : lesquels barrent, lesquels masquent une
    feuille.
    """

    def __init__(self) -> None:
        self._struck: dict[tuple[str, str], bool] = {}
        self._parents: dict[tuple[str, str], str] = {}
        self._hidden: set[str] = set()

    def add(self, style: etree._Element) -> None:
        """Retient un style."""
        name, family = style.get(f"{STYLE}name", ""), style.get(f"{STYLE}family", "")
        for one in style.iterchildren(f"{STYLE}text-properties"):
            said = [strike for key in STRIKES if (strike := one.get(key)) is not None]
            if said:
                self._struck[family, name] = any(strike != "none" for strike in said)
        for one in style.iterchildren(f"{STYLE}table-properties"):
            if one.get(f"{TABLE}display") == "false":
                self._hidden.add(name)
        if parent := style.get(f"{STYLE}parent-style-name"):
            self._parents[family, name] = parent

    def strikes(self, family: str, name: str | None) -> bool:
        """Vrai d'un style qui barre, par lui-même ou par celui dont il vient."""
        if not name or not self._struck:
            return False
        way = {name: None}
        while (family, name) not in self._struck:
            name = self._parents.get((family, name), "")
            if not name or name in way:
                break
            way[name] = None
        found = self._struck.get((family, name), False)
        self._struck |= {(family, one): found for one in way}
        return found

    def hides(self, name: str | None) -> bool:
        """Vrai d'un style de feuille masquée."""
        return name in self._hidden


def text_of(cell: etree._Element, styles: Styles, struck: bool) -> Text:
    """Le texte d'une cellule, sans ses remarques ni ses dessins ; ``struck`` : la cellule entière
    est barrée. Il est coupé quand il dépasse ce qu'un tableur y met.
    """
    paragraphs = [child for child in cell if child.tag in PARAGRAPHS]
    if not paragraphs:
        return Text(None, "")
    if len(paragraphs) == 1 and not len(paragraphs[0]) and not struck:
        return Text(_collapsed(paragraphs[0].text), "")
    kept: list[str] = []
    lost: list[str] = []
    room = LONGEST
    for piece, gone in _pieces_of(paragraphs, styles, struck):
        (lost if gone else kept).append(piece)
        room -= len(piece)
        if room < 0:
            break
    return Text("".join(kept), "".join(lost))


def _pieces_of(paragraphs: list[etree._Element], styles: Styles, struck: bool) -> Iterator[Piece]:
    for rank, paragraph in enumerate(paragraphs):
        if rank:
            yield "\n", struck
        yield from _pieces(paragraph, styles, struck)


def _pieces(element: etree._Element, styles: Styles, gone: bool) -> Iterator[Piece]:
    """``element``: a paragraph, or a stretch of it."""
    yield _collapsed(element.text), gone
    for child in element:
        tag = child.tag if isinstance(child.tag, str) else ""  # a remark of the file has none
        if tag in SIGNS:
            yield SIGNS[tag], gone
        elif tag == f"{TEXT}s":
            yield " " * min(int(child.get(f"{TEXT}c", "1")), LONGEST + 1), gone
        elif tag.startswith(TEXT) and tag not in BESIDE:
            struck = gone or styles.strikes(SPAN, child.get(f"{TEXT}style-name"))
            yield from _pieces(child, styles, struck)
        yield _collapsed(child.tail), gone


def _collapsed(text: str | None) -> str:
    """Several blanks of the file show as one."""
    return SPACES.sub(" ", text) if text else ""
