"""Le texte masqué d'un document Word : celui que ni l'écran ni le papier ne montrent, par lui-même
ou par son style.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from dla_docs.word.bounds import refuse_long
from dla_docs.word.names import W_P, W_PPR, W_R, W_RPR, W_TBL, W_VAL, W, ancestor, is_on
from dla_docs.word.package import parse_part, serialise
from dla_docs.word.page import is_story
from dla_docs.word.part import of_small_parts
from dla_docs.word.signs import FLDCHAR, own_text

STYLES, SIGN = "word/styles.xml", b"anish"  # of vanish and specVanish
VANISH, ALWAYS = f"{W}vanish", f"{W}specVanish"
STYLE, STYLE_ID, BASED_ON = f"{W}style", f"{W}styleId", f"{W}basedOn"
KIND, DEFAULT, ON = f"{W}type", f"{W}default", ("1", "true", "on")
KINDS = {"character": "rStyle", "paragraph": "pStyle", "table": "tblStyle"}
W_TBLPR = f"{W}tblPr"
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


@dataclass(frozen=True)
class _Hiding:
    """What the styles of a document hide: the text of those that are named, all of it if its
    defaults do. ``usual``: by kind, the style of what names none.
    """

    names: frozenset[str] = frozenset()
    everywhere: bool = False
    usual: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.names)

    def has(self, marks: etree._Element | None, kind: str) -> bool:
        """Whether what has these properties is of a style that hides."""
        named = None if marks is None else marks.find(f"{W}{KINDS[kind]}")
        own = self.usual.get(kind, "") if named is None else named.get(W_VAL, "")
        return own in self.names


def _is_hidden(run: etree._Element, styles: _Hiding) -> bool:
    """A style of its letters uncovers what that of its paragraph, or of its table, hides; the run
    itself has the last word. What is hidden in a web layout is printed.
    """
    marks = next(run.iterchildren(W_RPR), None)
    if marks is not None and is_on(marks.find(ALWAYS)):
        return True
    own = None if marks is None else marks.find(VANISH)
    if own is not None:
        return is_on(own)
    if styles.everywhere or not styles:
        return styles.everywhere
    paragraph, table = ancestor(run, W_P), ancestor(run, W_TBL)
    hiding = [
        styles.has(marks, "character"),
        styles.has(_about(paragraph, W_PPR), "paragraph"),
        table is not None and styles.has(_about(table, W_TBLPR), "table"),
    ]
    return sum(hiding) % 2 == 1


def _about(element: etree._Element | None, name: str) -> etree._Element | None:
    return None if element is None else next(element.iterchildren(name), None)


@of_small_parts
def _hiding(styles: bytes) -> _Hiding:
    """What a style hides, by itself or by the one on which it is based."""
    if SIGN not in styles:
        return _Hiding()
    root = parse_part(styles, STYLES)
    known = {str(one.get(STYLE_ID)): one for one in root.iter(STYLE)}
    usual = {str(one.get(KIND)): name for name, one in known.items() if one.get(DEFAULT) in ON}
    return _Hiding(
        frozenset(name for name in known if _hides(known, name)),
        is_on(root.find(f"{W}docDefaults/{W}rPrDefault/{W_RPR}/{VANISH}")),
        usual,
    )


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
