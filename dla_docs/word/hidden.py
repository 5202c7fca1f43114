"""Le texte masqué d'un document Word : celui que ni l'écran ni le papier ne montrent, par lui-même,
par son style, ou parce que la zone de texte qui le tient est masquée (volet Sélection).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from lxml import etree

from dla_docs.word.bounds import refuse_long
from dla_docs.word.cutting import Piece, cut_to_read, once_a_piece
from dla_docs.word.names import DOC_PR, W_R, W_RPR, W, is_on
from dla_docs.word.package import MAIN, parse_part, serialise
from dla_docs.word.page import BOX, is_story
from dla_docs.word.signs import FLDCHAR, own_text
from dla_docs.word.style_marks import STYLES, switches

SIGNS = b"anish", b' hidden="', b"visibility"  # vanish and specVanish, a drawing, one of VML
VANISH, ALWAYS = f"{W}vanish", f"{W}specVanish"


def seen(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Les mêmes parties, sans le texte masqué : ce que voit qui lit la page. ``PackageError`` d'une
    partie trop longue.
    """
    found = dict(parts)
    for name, (root, runs) in _covered(parts).items():
        for run in runs:
            for child in [one for one in run if one.tag != FLDCHAR and own_text(one) is not None]:
                run.remove(child)
        found[name] = serialise(root)
    return found


def runs_under(parts: Mapping[str, bytes]) -> Iterator[etree._Element]:
    """Les suites de caractères masquées d'un document, dans l'ordre de chaque partie."""
    for _, runs in _covered(parts).values():
        yield from runs


Runs = list[etree._Element]


def _covered(parts: Mapping[str, bytes]) -> dict[str, tuple[etree._Element, Runs]]:
    """By name, what is hidden in each part; most may hide nothing, and are not read for it."""
    styles = switches(parts.get(STYLES, b""), VANISH)
    may = {
        one: part
        for one, part in parts.items()
        if is_story(one) and (styles or _may_hide(part, one))
    }
    refuse_long(may.values())
    found = {}
    for name, part in may.items():
        root = parse_part(part, name)
        marked, boxed = styles.switched_on(root), {*_in_hidden_boxes(root)}
        runs = [run for run in root.iter(W_R) if run in boxed or _is_hidden(run, run in marked)]
        if runs:
            found[name] = root, runs
    return found


@lru_cache(16)  # asked of each part of a page when it is read, and of what it holds besides
def _may_hide(part: bytes, name: str) -> bool:
    cut = cut_to_read(part) if name == MAIN else None
    if cut is None:
        return _bears_sign(part)
    return _bears_sign(cut.skeleton) or any(map(_is_signed, cut.pieces()))


@once_a_piece
def _is_signed(piece: Piece) -> bool:
    return _bears_sign(piece.xml)


def _bears_sign(xml: bytes) -> bool:
    return any(sign in xml for sign in SIGNS)


def _in_hidden_boxes(root: etree._Element) -> Iterator[etree._Element]:
    for box in root.iter(BOX):
        if any(_hides(around) for around in box.iterancestors()):
            yield from box.iter(W_R)


def _hides(around: etree._Element) -> bool:
    """A drawing, a shape within it, or one of VML, that the selection pane hides."""
    named = next(around.iterchildren(DOC_PR, "{*}cNvPr"), None)
    if named is not None and named.get("hidden", "0") not in ("0", "false"):
        return True
    return "visibility:hidden" in around.get("style", "").replace(" ", "")


def _is_hidden(run: etree._Element, by_its_styles: bool) -> bool:
    """The run itself has the last word. What is hidden in a web layout is printed."""
    marks = next(run.iterchildren(W_RPR), None)
    if marks is not None and is_on(marks.find(ALWAYS)):
        return True
    own = None if marks is None else marks.find(VANISH)
    return is_on(own) if own is not None else by_its_styles
