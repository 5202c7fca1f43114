"""Un texte barré, ou d'une police de symboles, par son style : dit sur le texte même, où il se lit
comme s'il l'était à la main.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lxml import etree

from dla_docs.word.bounds import refuse_long
from dla_docs.word.names import W_R, W_RPR, W
from dla_docs.word.page import is_story
from dla_docs.word.part import of_small_parts, parse_part, serialise
from dla_docs.word.signs import ASCII, R_FONTS, STRIKES, is_font_of_symbols
from dla_docs.word.style_marks import STYLES, Said, said_in, switches


def with_styles_said(parts: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Les mêmes parties, où chaque suite de caractères dit ce que ses styles lui font ; les mêmes,
    sans rien y lire, quand les styles ne barrent rien et n'ont pas de symbole. ``PackageError``
    d'une partie trop longue.
    """
    sheet = parts.get(STYLES, b"")
    strikes = {mark: found for mark in STRIKES if (found := switches(sheet, mark))}
    fonts = _fonts(sheet)
    if not strikes and not fonts:
        return parts
    stories = {name: part for name, part in parts.items() if is_story(name)}
    refuse_long(stories.values())
    return {**parts, **{name: _said(part, name, strikes, fonts) for name, part in stories.items()}}


def _said(part: bytes, name: str, strikes: Mapping[str, Said], fonts: Said) -> bytes:
    root = parse_part(part, name)
    struck = {mark: said.switched_on(root) for mark, said in strikes.items()}
    named = dict(fonts.by_run(root)) if fonts else {}
    for run in root.iter(W_R):
        added = [etree.Element(mark) for mark, runs in struck.items() if run in runs]
        if font := _font(named.get(run, []), fonts):
            added.append(etree.Element(R_FONTS, {ASCII: font}))
        _add(run, added)
    return serialise(root)


def _font(said: Sequence[str], fonts: Said) -> str:
    """That of the nearest style, else of the defaults of the document."""
    found = next(iter(said), fonts.everywhere or "")
    return found if is_font_of_symbols(found) else ""


def _add(run: etree._Element, added: Sequence[etree._Element]) -> None:
    """What the run says itself has the last word; read here, and never written to a file."""
    marks = next(run.iterchildren(W_RPR), None)
    own = set() if marks is None else {one.tag for one in marks if _says_something(one)}
    more = [one for one in added if one.tag not in own]
    if more and marks is None:
        run.insert(0, marks := etree.Element(W_RPR))
    if marks is not None:
        for one in more:
            marks.insert(0, one)


def _says_something(mark: etree._Element) -> bool:
    return mark.tag != R_FONTS or mark.get(ASCII) is not None


@of_small_parts
def _fonts(sheet: bytes) -> Said:
    """The font that each style gives; nothing when none of them is a font of symbols."""
    if not sheet or f"{R_FONTS.removeprefix(W)}".encode() not in sheet:
        return Said()
    root = parse_part(sheet, STYLES)
    if not any(is_font_of_symbols(str(one.get(ASCII, ""))) for one in root.iter(R_FONTS)):
        return Said()
    return said_in(root, f"{R_FONTS}[@{ASCII}]", ASCII)
