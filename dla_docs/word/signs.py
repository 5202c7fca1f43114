"""Les signes d'un morceau de page qui ne sont pas des lettres : ceux des polices de symboles, une
case de l'ancien formulaire de Word, un texte barré.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from lxml import etree

from dla_docs.word.names import W_R, W_RPR, W_T, W_VAL, W

SYM, FLDCHAR = f"{W}sym", f"{W}fldChar"
STRIKES = (f"{W}strike", f"{W}dstrike")
BREAKS = {
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}noBreakHyphen": "-",
}
FIRST, LAST = 0x20, 0xFF  # what a font of symbols draws, moved by Word to a private place
PRIVATE, PRIVATE_SIGN = 0xF000, re.compile("[\ue000-\uf8ff]")
R_FONTS, ASCII = f"{W}rFonts", f"{W}ascii"
ENDED = re.compile(r"[€%.;:!?)»]\Z")
NO_LETTER = "\N{REPLACEMENT CHARACTER}"
OFF = ("0", "false", "off", "none")
TICKED, UNTICKED = "☑", "☐"


def own_text(element: etree._Element) -> str | None:
    """Le texte que dit cet élément à lui seul ; ``None`` quand il faut chercher plus bas.

    Un signe sans lettre n'y est pas : ``unreadable`` le nomme.
    """
    tag = element.tag
    if tag == W_T:
        return _said(element.text or "", _symbol_font(element.getparent()))
    if tag == SYM:
        return letter_of(element.get(f"{W}font", ""), _code(element)) or ""
    if tag == FLDCHAR:
        return _old_field(element)
    return BREAKS.get(str(tag))


def run_texts(run: etree._Element) -> Iterator[str | etree._Element]:
    """Ce que dit une suite de caractères : ses textes et, là où il faut chercher plus bas,
    l'élément ; rien quand elle est barrée. Ses propriétés n'y sont lues qu'une fois.
    """
    font, marks = "", next(run.iterchildren(W_RPR), None)
    if marks is not None and len(marks):
        if _is_struck(marks):
            return
        font = _font_in(marks)
    for child in run:
        tag = child.tag
        if tag == W_T:
            yield _said(child.text or "", font)
        elif tag != W_RPR:
            text = own_text(child)
            yield child if text is None else text


def unreadable(element: etree._Element) -> list[str]:
    """Les signes d'un texte ou d'un symbole qui ne valent aucune lettre, dits par leur police et
    leur code.
    """
    if element.tag == SYM:
        font, code = element.get(f"{W}font", ""), _code(element)
        return [] if letter_of(font, code) else [_named(font, code)]
    if element.tag == W_T:
        font = _symbol_font(element.getparent())
        return [name for _, name in _letters(element.text or "", font) if name]
    return []


def is_struck(run: etree._Element) -> bool:
    """Vrai d'un morceau de texte barré, d'un trait ou de deux."""
    marks = next(run.iterchildren(W_RPR), None) if run.tag == W_R else None
    return marks is not None and _is_struck(marks)


def _is_struck(marks: etree._Element) -> bool:
    return any(mark.get(W_VAL, "1") not in OFF for mark in marks.iterchildren(*STRIKES))


def told(runs: Iterable[etree._Element]) -> str:
    """Les mots de ces morceaux ; un blanc entre deux réponses, l'une finie, l'autre commencée, dont
    une main a barré l'une et tapé l'autre derrière.
    """
    said = ""
    for run in runs:
        text = "".join(map(str, run.itertext(W_T)))
        said += f"{' ' * bool(ENDED.search(said) and text[:1].isalnum())}{text}"
    return said


def letter_of(font: str, code: int) -> str | None:
    """La lettre que montre ce code d'une police de symboles ; ``None`` s'il n'y en a pas."""
    signs, rank = _fonts().get(font.casefold()), code - PRIVATE if code >= PRIVATE else code
    if signs is None or not FIRST <= rank <= LAST:
        return None
    return signs[rank - FIRST] if signs[rank - FIRST] != NO_LETTER else None


def _said(text: str, font: str) -> str:
    if not font and not PRIVATE_SIGN.search(text):
        return text
    return "".join(letter for letter, _ in _letters(text, font))


def _letters(said: str, font: str) -> list[tuple[str, str]]:
    """Each sign of a text: its letter, or how it is named when it has none."""
    if not font and not PRIVATE_SIGN.search(said):
        return [(said, "")]
    found = []
    for sign in said:
        drawn = bool(PRIVATE_SIGN.match(sign)) or (bool(font) and FIRST < ord(sign) <= LAST)
        letter = letter_of(font, ord(sign)) if drawn else sign
        found.append((letter or "", "" if letter else _named(font, ord(sign))))
    return found


def _symbol_font(run: etree._Element | None) -> str:
    marks = None if run is None else next(run.iterchildren(W_RPR), None)
    return "" if marks is None else _font_in(marks)


def _font_in(marks: etree._Element) -> str:
    fonts = next(marks.iterchildren(R_FONTS), None)
    name = "" if fonts is None else str(fonts.get(ASCII, ""))
    return name if is_font_of_symbols(name) else ""


def is_font_of_symbols(name: str) -> bool:
    """Vrai d'une police dont chaque lettre dessine un signe."""
    return bool(name) and name.casefold() in _fonts()


def _code(symbol: etree._Element) -> int:
    try:
        return int(symbol.get(f"{W}char", ""), 16)
    except ValueError:
        return 0


def _named(font: str, code: int) -> str:
    return f"un symbole sans lettre ({font or 'police inconnue'}, {code:04X})"


def _old_field(begin: etree._Element) -> str | None:
    """What a box or a list of Word's old forms shows; a text of them stands in runs."""
    box, choices = begin.find(f"{W}ffData/{W}checkBox"), begin.find(f"{W}ffData/{W}ddList")
    if box is not None:
        state = box.find(f"{W}checked")
        state = box.find(f"{W}default") if state is None else state
        return TICKED if state is not None and state.get(f"{W}val", "1") not in OFF else UNTICKED
    if choices is not None:
        entries = [str(entry.get(f"{W}val", "")) for entry in choices.findall(f"{W}listEntry")]
        chosen = choices.find(f"{W}result")
        rank = "0" if chosen is None else str(chosen.get(f"{W}val", "0"))
        return entries[int(rank)] if rank.isdecimal() and int(rank) < len(entries) else ""
    return None


@cache
def _fonts() -> dict[str, str]:
    lines = (Path(__file__).parent / "symboles.tsv").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t", 1) for line in lines if not line.startswith("#"))
    return {name.casefold(): signs for name, signs in pairs}
