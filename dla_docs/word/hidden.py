"""Le texte masqué d'un document Word : celui que ni l'écran ni le papier ne montrent, par lui-même
ou par son style.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from dla_docs.word.bounds import refuse_long
from dla_docs.word.names import W_P, W_PPR, W_R, W_RPR, W_VAL, W, ancestor, is_on
from dla_docs.word.package import parse_part, serialise
from dla_docs.word.page import is_story
from dla_docs.word.part import of_small_parts
from dla_docs.word.signs import FLDCHAR, own_text

STYLES, SIGN = "word/styles.xml", b"anish"  # of vanish and specVanish
VANISH, ALWAYS = f"{W}vanish", f"{W}specVanish"
STYLE, STYLE_ID, BASED_ON = f"{W}style", f"{W}styleId", f"{W}basedOn"
MOST_BASES = 20  # of a style upon another


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
    styles = _hiding(parts.get(STYLES, b""))
    may = {one: part for one, part in parts.items() if is_story(one) and (styles or SIGN in part)}
    refuse_long(may.values())
    found = {}
    for name, part in may.items():
        root = parse_part(part, name)
        if runs := [run for run in root.iter(W_R) if _is_hidden(run, styles)]:
            found[name] = root, runs
    return found


def _is_hidden(run: etree._Element, styles: frozenset[str]) -> bool:
    """A style of its letters uncovers what that of its paragraph hides; the run itself has the last
    word. What is hidden in a web layout is printed.
    """
    marks = next(run.iterchildren(W_RPR), None)
    if marks is not None and is_on(marks.find(ALWAYS)):
        return True
    own = None if marks is None else marks.find(VANISH)
    if own is not None:
        return is_on(own)
    paragraph = ancestor(run, W_P)
    about = None if paragraph is None else next(paragraph.iterchildren(W_PPR), None)
    return _is_named(marks, "rStyle", styles) != _is_named(about, "pStyle", styles)


def _is_named(marks: etree._Element | None, kind: str, styles: frozenset[str]) -> bool:
    style = None if marks is None else marks.find(f"{W}{kind}")
    return style is not None and style.get(W_VAL, "") in styles


@of_small_parts
def _hiding(styles: bytes) -> frozenset[str]:
    """The styles that hide what has them, by themselves or by the one on which they are based."""
    if SIGN not in styles:
        return frozenset()
    known = {str(one.get(STYLE_ID)): one for one in parse_part(styles, STYLES).iter(STYLE)}
    return frozenset(name for name in known if _hides(known, name))


def _hides(known: Mapping[str, etree._Element], name: str) -> bool:
    said = (one.find(f"{W_RPR}/{VANISH}") for one in _bases(known, name))
    return is_on(next((mark for mark in said if mark is not None), None))


def _bases(known: Mapping[str, etree._Element], name: str) -> Iterator[etree._Element]:
    for _ in range(MOST_BASES):
        if name not in known:
            return
        yield known[name]
        base = known[name].find(BASED_ON)
        name = "" if base is None else str(base.get(W_VAL, ""))
