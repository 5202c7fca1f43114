"""L'allure d'un fichier Word, hors de sa page : ce que montrent ses styles de paragraphe, héritage
compris, et les noms des couleurs et des caractères de son thème.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from lxml import etree

from dla_docs.templating.restyling import scheme_of
from dla_docs.word.names import W_PPR, W_RPR, W_VAL, W, local_name
from dla_docs.word.package import parse_part
from dla_docs.word.part import of_small_parts
from dla_docs.word.signs import OFF

STYLES = re.compile(r"word/styles[0-9]*\.xml")
SHOWN = {
    "b": "gras",
    "i": "italique",
    "u": "souligné",
    "caps": "capitales",
    "color": "couleur",
    "sz": "taille",
    "jc": "alignement",
}
ALIKE = {"true": "1", "on": "1", "end": "right"}
PLAIN = {*OFF, "auto", "left", "start", "none"}  # as when it is not said
THEME, SCHEMES = "thème", ("couleurs", "caractères")
Look = Mapping[str, Mapping[str, str]]


def look_of(parts: Mapping[str, bytes]) -> Look:
    """Par nom de style, ce qu'il montre (``SHOWN``) ; sous « thème », le nom de ses couleurs
    et celui de ses caractères (``SCHEMES``).
    """
    name = next((name for name in sorted(parts) if STYLES.fullmatch(name)), "")
    styles = _styles(parts[name], name) if name else {}
    return {**styles, THEME: dict(zip(SCHEMES, scheme_of(parts), strict=False))}


def packed_look(parts: Mapping[str, bytes]) -> str:
    """La même, pour voyager avec la page."""
    return json.dumps(look_of(parts), ensure_ascii=False, sort_keys=True)


def unpacked_look(data: bytes) -> Look:
    """Celle qui a voyagé ; ce qu'on y a abîmé n'y est plus."""
    try:
        said = json.loads(data)
    except ValueError:
        return {}
    held = said.items() if isinstance(said, dict) else ()
    return {
        str(name): {str(mark): str(value) for mark, value in one.items()}
        for name, one in held
        if isinstance(one, dict)
    }


@of_small_parts
def _styles(data: bytes, name: str) -> Look:
    root = parse_part(data, name)
    held = {str(one.get(f"{W}styleId")): one for one in root.iterfind(f"{W}style[@{W}type]")}
    own = {number: dict(_said(style)) for number, style in held.items()}
    defaults = root.find(f"{W}docDefaults")
    base = {} if defaults is None else dict(_said(*defaults))
    return {
        _name(style): _worn(number, held, own, base)
        for number, style in held.items()
        if style.get(f"{W}type") == "paragraph"
    }


def _name(style: etree._Element) -> str:
    named = style.find(f"{W}name")
    return "" if named is None else str(named.get(W_VAL, "")).casefold()


def _worn(
    number: str,
    held: Mapping[str, etree._Element],
    own: Mapping[str, dict[str, str]],
    base: dict[str, str],
) -> dict[str, str]:
    """From the most distant ancestor to the style itself."""
    line: list[str] = []
    while number in held and number not in line:
        line.insert(0, number)
        above = held[number].find(f"{W}basedOn")
        number = "" if above is None else str(above.get(W_VAL))
    worn = dict(base)
    for one in line:
        worn |= own[one]
    return {name: value for name, value in worn.items() if value not in PLAIN}


def _said(*holders: etree._Element) -> Iterator[tuple[str, str]]:
    for holder in holders:
        for about in holder.iter(W_RPR, W_PPR):
            for mark in about:
                if (name := local_name(mark)) in SHOWN:
                    value = str(mark.get(W_VAL, "1")).casefold()
                    yield name, ALIKE.get(value, value)
