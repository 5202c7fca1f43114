"""Un texte barré, ou d'une police de symboles, par son style : dit sur le texte même, où il se lit
comme s'il l'était à la main.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from dla_docs.word.bounds import refuse_long
from dla_docs.word.names import W_R, W_RPR, W
from dla_docs.word.page import is_story
from dla_docs.word.part import of_small_parts, parse_part, serialise
from dla_docs.word.signs import ASCII, R_FONTS, STRIKES, is_font_of_symbols
from dla_docs.word.style_marks import (
    OF_DEFAULTS,
    STYLES,
    Toggled,
    known_styles,
    own_mark,
    styles_of,
    toggled,
    usual_styles,
)

Fonts = tuple[Mapping[str, str], Mapping[str, str]]


def with_styles_said(parts: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Les mêmes parties, où chaque suite de caractères dit ce que ses styles lui font ; les mêmes,
    sans rien y lire, quand les styles ne barrent rien et n'ont pas de symbole. ``PackageError``
    d'une partie trop longue.
    """
    sheet = parts.get(STYLES, b"")
    strikes = {mark: found for mark in STRIKES if (found := toggled(sheet, mark))}
    fonts = _fonts(sheet)
    if not strikes and not fonts[0]:
        return parts
    stories = {name: part for name, part in parts.items() if is_story(name)}
    refuse_long(stories.values())
    return {**parts, **{name: _said(part, name, strikes, fonts) for name, part in stories.items()}}


def _said(part: bytes, name: str, strikes: Mapping[str, Toggled], fonts: Fonts) -> bytes:
    root = parse_part(part, name)
    for run in root.iter(W_R):
        marks = next(run.iterchildren(W_RPR), None)
        added = [*_added(run, marks, strikes, fonts)]
        if added and marks is None:
            run.insert(0, marks := etree.Element(W_RPR))
        if marks is not None:
            marks.extend(added)  # read here, and never written to a file
    return serialise(root)


def _added(
    run: etree._Element,
    marks: etree._Element | None,
    strikes: Mapping[str, Toggled],
    fonts: Fonts,
) -> Iterator[etree._Element]:
    own = set() if marks is None else {one.tag for one in marks}
    for mark, found in strikes.items():
        if mark not in own and found.marks(run):
            yield etree.Element(mark)
    if fonts[0] and (marks is None or _font_said(marks) is None) and (font := _font(run, fonts)):
        yield etree.Element(R_FONTS, {ASCII: font})


def _font_said(marks: etree._Element) -> str | None:
    fonts = marks.find(R_FONTS)
    return None if fonts is None else fonts.get(ASCII)


def _font(run: etree._Element, fonts: Fonts) -> str:
    """The nearest style that names a font; the defaults of the document are under the name of no
    style.
    """
    held, usual = fonts
    found = next((held[name] for name in (*styles_of(run, usual), "") if name in held), "")
    return found if is_font_of_symbols(found) else ""


@of_small_parts
def _fonts(sheet: bytes) -> Fonts:
    """By style, the font it gives; none at all when none of them is a font of symbols."""
    if not sheet or f"{R_FONTS.removeprefix(W)}".encode() not in sheet:
        return {}, {}
    root = parse_part(sheet, STYLES)
    known = known_styles(root)
    said = {name: own_mark(known, name, R_FONTS) for name in known}
    said[""] = root.find(f"{OF_DEFAULTS}/{R_FONTS}")
    held = {name: str(one.get(ASCII, "")) for name, one in said.items() if one is not None}
    if not any(map(is_font_of_symbols, held.values())):
        return {}, {}
    return held, usual_styles(known)
