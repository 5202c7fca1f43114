"""Les styles qu'un sous-document apporte sans ceux dont ils sont faits : docxtpl prend celui d'un
tableau, et laisse « Tableau normal » sur lequel il repose.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy

from lxml import etree

from dla_docs.word.names import W_VAL, W, dissolve
from dla_docs.word.package import parse_part, serialise
from dla_docs.word.style_marks import DEFAULT, STYLES, known_styles

MADE_OF = (f"{W}basedOn", f"{W}next", f"{W}link")


def complete(styles: bytes, brought: Iterable[bytes]) -> bytes:
    """La feuille de styles, avec ce que les siens citent et qui lui manque, repris des feuilles
    d'où ils viennent ; ce qu'aucune n'a n'est plus cité.
    """
    root = parse_part(styles, STYLES)
    theirs: dict[str, etree._Element] = {}
    for sheet in brought:
        theirs |= known_styles(parse_part(sheet, STYLES))
    known = known_styles(root)
    ahead = list(known.values())
    while ahead:
        for cited in [one for one in ahead.pop() if one.tag in MADE_OF]:
            name = str(cited.get(W_VAL))
            if name in known:
                continue
            if name in theirs:
                root.append(taken := _taken(theirs[name]))
                known[name] = taken
                ahead.append(taken)
            else:
                dissolve(cited)
    return serialise(root)


def _taken(style: etree._Element) -> etree._Element:
    """The same, which does not become the default of the template that receives it."""
    made = deepcopy(style)
    if DEFAULT in made.attrib:
        del made.attrib[DEFAULT]
    return made
