"""Où s'imprime chaque ``{{ }}`` : dans une suite de caractères, dont il faut pouvoir sortir et où
il faut revenir, ou dans un simple texte.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass

from lxml import etree

from dla_docs.templating.controls import ControlHead, PrintedTag
from dla_docs.templating.lexer import TagKind
from dla_docs.templating.marks import Marks, Tag
from dla_docs.word.field_codes import Spot
from dla_docs.word.names import (
    W_R,
    W_RPR,
    W_T,
    W_TC,
    ancestor,
    element,
    fragment,
    insert_ordered,
    q,
)
from dla_docs.word.order import RUN_PROPERTIES

OPEN_TEXT = '<w:t xml:space="preserve">'


@dataclass(frozen=True, slots=True)
class RunContext:
    """Les propriétés des caractères autour de la balise : telles quelles, surlignées, grisées."""

    plain: str = ""
    highlighted: str = ""
    grey: str = ""
    in_cell: bool = False

    def around(self, content: str, properties: str = "") -> str:
        """Ferme la suite de caractères, pose ``content`` dans la sienne, rouvre la première."""
        return f"</w:t></w:r><w:r>{properties}{content}</w:r><w:r>{self.plain}{OPEN_TEXT}"

    def text(self, words: str, properties: str) -> str:
        """La même chose pour quelques mots."""
        return self.around(f"{OPEN_TEXT}{words}</w:t>", properties)


@dataclass(frozen=True, slots=True)
class Printing:
    """Un ``{{ }}`` situé ; ``run`` manque dans un attribut ou une propriété ; ``head`` : le
    contrôle qui l'entoure.
    """

    tag: Tag
    run: RunContext | None
    head: ControlHead | None = None

    @property
    def spot(self) -> Spot:
        """Où elle s'imprime : sur une ligne, dans ce qui n'est ni un texte ni un code."""
        return self.tag.spot if self.run or self.tag.spot.is_code else Spot.LINE


def locate_prints(root: etree._Element, marks: Marks) -> None:
    """Donne à chaque balise ``{{ }}`` de l'arbre le contexte où elle s'imprime."""
    for node in root.iter(etree.ProcessingInstruction):
        meaning = marks.of(node)
        if isinstance(meaning, PrintedTag):
            marks.change(node, Printing(meaning.tag, _context(node), meaning.head))
        elif isinstance(meaning, Tag) and meaning.kind is TagKind.PRINT:
            marks.change(node, Printing(meaning, _context(node)))


def _context(node: etree._Element) -> RunContext | None:
    run = ancestor(node, W_R)
    parent = node.getparent()
    if run is None or parent is None or parent.tag != W_T:
        return None
    properties = run.find(W_RPR)
    given = element("w:rPr") if properties is None else properties
    return RunContext(
        plain="" if properties is None else fragment(properties),
        highlighted=_with(given, element("w:highlight", val="yellow")),
        grey=_with(given, element("w:color", val="808080")),
        in_cell=ancestor(node, W_TC) is not None,
    )


def _with(properties: etree._Element, change: etree._Element) -> str:
    changed = deepcopy(properties)
    for tracked in changed.findall(q("w:rPrChange")):
        changed.remove(tracked)
    insert_ordered(changed, change, RUN_PROPERTIES)
    return fragment(changed)
