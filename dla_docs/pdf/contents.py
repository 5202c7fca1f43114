"""La table des matières d'un modèle Word, telle qu'il fut enregistré : LibreOffice la laisse ainsi.
Le PDF montre les titres que tient le document une fois rempli, et leurs pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from dla_docs.word.lengths import TWIPS, points
from dla_docs.word.names import W_P, W_PPR, W_R, W_VAL, XML_SPACE, W, ancestor, element, q
from dla_docs.word.package import MAIN, parse_part, serialise
from dla_docs.word.page import skips, text_of
from dla_docs.word.style_marks import STYLES

CODE = re.compile(r"\s*TOC\b")
RANGE = re.compile(r"\\o\s*(?:\"\s*(\d)\s*-\s*(\d)\s*\")?")
OTHERS = re.compile(r"\\[abcfst]\b")  # of figures, of a passage, of marked words, of styles
LEVELS = 9
LEVELS_AS_WRITTEN = tuple(map(str, range(LEVELS)))  # from zero: the next one is body text
HEADING = re.compile(r"heading ([1-9])", re.IGNORECASE)
FIELD_CHAR, STEP, INSTRUCTION = f"{W}fldChar", f"{W}fldCharType", f"{W}instrText"
PLACE = "_dla_titre_"  # how the bookmark of a heading is named
A4_TEXT, INDENT = 9638, 240  # twentieths of a point


@dataclass(frozen=True)
class Heading:
    """Un titre du corps : son paragraphe, son niveau, ce qu'il dit."""

    paragraph: etree._Element
    level: int
    text: str


def with_true_contents(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Les mêmes parties, où chaque table des matières du corps dit ses titres d'aujourd'hui, et
    laisse au convertisseur le numéro de leur page.
    """
    if b"TOC" not in parts[MAIN]:
        return {**parts}
    root = parse_part(parts[MAIN], MAIN)
    tables = [*_tables(root)]
    if not tables:
        return {**parts}
    styles = parse_part(parts[STYLES], STYLES) if STYLES in parts else element("w:styles")
    inside = {paragraph for _, runs in tables for paragraph in _paragraphs_of(runs)}
    headings = [one for one in headings_of(root, styles) if one.paragraph not in inside]
    for rank, heading in enumerate(headings):
        _mark(heading.paragraph, rank)
    for code, runs in tables:
        _rewrite(runs, [*_entries(code, headings, styles, _width(root))])
    made = serialise(root)
    return {**parts, MAIN: made}


def _tables(root: etree._Element) -> Iterator[tuple[str, list[etree._Element]]]:
    """The code of each table, and the runs that are its field, from its first mark to its last."""
    depth, code, runs = 0, "", []
    for run in root.iter(W_R):
        marks = [mark.get(STEP) for mark in run.iter(FIELD_CHAR)]
        if not depth and "begin" not in marks:
            continue
        depth += marks.count("begin") - marks.count("end")
        runs.append(run)
        code += "".join(one.text or "" for one in run.iter(INSTRUCTION)) + " "
        if not depth:
            if CODE.match(code) and not OTHERS.search(code):
                yield code, runs
            code, runs = "", []


def headings_of(root: etree._Element, styles: etree._Element) -> Iterator[Heading]:
    """Les titres du corps d'un document, dans leur ordre, quel que soit le nom de leur style."""
    levels = _levels(styles)
    for paragraph in root.iter(W_P):
        own = paragraph.find(f"{W_PPR}/{W}outlineLvl")
        style = paragraph.find(f"{W_PPR}/{W}pStyle")
        level = _number(own) or levels.get("" if style is None else style.get(W_VAL, ""), 0)
        if not level or any(map(skips, paragraph.iterancestors())):
            continue
        if text := " ".join(text_of(paragraph).split()):
            yield Heading(paragraph, level, text)


def _levels(styles: etree._Element) -> dict[str, int]:
    """The level that each style gives, its own or the one of what it is based on."""
    known = {str(one.get(q("w:styleId"))): one for one in styles.iter(f"{W}style")}

    def level(name: str, seen: tuple[str, ...] = ()) -> int:
        style = known.get(name)
        if style is None or name in seen:
            return 0
        said = style.find(f"{W}name")
        named = HEADING.fullmatch("" if said is None else said.get(W_VAL, ""))
        based = style.find(f"{W}basedOn")
        return (
            _number(style.find(f"{W_PPR}/{W}outlineLvl"))
            or int(named[1] if named else 0)
            or (0 if based is None else level(based.get(W_VAL, ""), (*seen, name)))
        )

    return {name: level(name) for name in known}


def _number(outline: etree._Element | None) -> int:
    """1 for the first level; 0 for body text, or nothing."""
    said = "" if outline is None else outline.get(W_VAL, "")
    return int(said) + 1 if said in LEVELS_AS_WRITTEN else 0


def _mark(paragraph: etree._Element, rank: int) -> None:
    name, number = f"{PLACE}{rank}", str(900_000 + rank)
    properties = paragraph.find(W_PPR)
    paragraph.insert(
        0 if properties is None else 1, element("w:bookmarkStart", id=number, name=name)
    )
    paragraph.append(element("w:bookmarkEnd", id=number))


def _entries(
    code: str, headings: Iterable[Heading], styles: etree._Element, width: int
) -> Iterator[etree._Element]:
    asked = RANGE.search(code)
    first, last = (int(asked[1] or 1), int(asked[2] or LEVELS)) if asked else (1, LEVELS)
    named = {
        said.get(W_VAL, "").casefold(): str(style.get(q("w:styleId")))
        for style in styles.iter(f"{W}style")
        if (said := style.find(f"{W}name")) is not None
    }
    for rank, heading in enumerate(headings):
        if first <= heading.level <= last:
            yield _entry(heading, rank, named.get(f"toc {heading.level}"), width, "\\n" not in code)


def _entry(
    heading: Heading, rank: int, style: str | None, width: int, numbered: bool
) -> etree._Element:
    made, properties, tabs = element("w:p"), element("w:pPr"), element("w:tabs")
    if style:
        properties.append(element("w:pStyle", val=style))
    tabs.append(element("w:tab", val="right", leader="dot", pos=str(width)))
    properties.append(tabs)
    if not style:
        properties.append(element("w:ind", left=str(INDENT * (heading.level - 1))))
    made.append(properties)
    made.append(_run(_said(heading.text)))
    if numbered:
        number = element("w:fldSimple", instr=f" PAGEREF {PLACE}{rank} \\h ")
        number.append(_run(_said("1")))
        made.extend((_run(element("w:tab")), number))
    return made


def _said(text: str) -> etree._Element:
    made = element("w:t")
    made.text = text
    made.set(XML_SPACE, "preserve")
    return made


def _run(held: etree._Element) -> etree._Element:
    made = element("w:r")
    made.append(held)
    return made


def _rewrite(runs: list[etree._Element], entries: list[etree._Element]) -> None:
    """The paragraphs of the table give way to those entries; what else they say stays."""
    paragraphs = _paragraphs_of(runs)
    for run in runs:
        above = run.getparent()
        if above is not None:
            above.remove(run)
    for entry in entries:
        paragraphs[0].addprevious(entry)
    for paragraph in paragraphs:
        above = paragraph.getparent()
        if above is not None and len(above) > 1 and not text_of(paragraph).strip():
            above.remove(paragraph)


def _paragraphs_of(runs: Iterable[etree._Element]) -> list[etree._Element]:
    found = (ancestor(run, W_P) for run in runs)
    return [*dict.fromkeys(one for one in found if one is not None)]


def _width(root: etree._Element) -> int:
    """Of the text of the last section, in twentieths of a point."""
    size, margins = root.find(f".//{W}pgSz"), root.find(f".//{W}pgMar")
    if size is None or margins is None:
        return A4_TEXT
    taken = (_twips(margins, side) for side in ("left", "right"))
    return _twips(size, "w") - sum(taken) or A4_TEXT


def _twips(element: etree._Element, name: str) -> int:
    return round(points(element.get(q(f"w:{name}"), "")) * TWIPS)
