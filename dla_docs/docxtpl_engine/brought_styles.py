"""Les styles qu'un sous-document apporte sans ceux dont ils sont faits : docxtpl prend celui d'un
tableau, et laisse « Tableau normal » sur lequel il repose.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy

from lxml import etree

from dla_docs.word.names import W_VAL, W
from dla_docs.word.package import parse_part, serialise

STYLES = "word/styles.xml"
STYLE, ID, DEFAULT = f"{W}style", f"{W}styleId", f"{W}default"
MADE_OF = (f"{W}basedOn", f"{W}next", f"{W}link")


def complete(styles: bytes, brought: Iterable[bytes]) -> bytes:
    """La feuille de styles, avec ce que les siens citent et qui lui manque, repris des feuilles
    d'où ils viennent ; ce qu'aucune n'a n'est plus cité.
    """
    root = parse_part(styles, STYLES)
    theirs = {
        str(one.get(ID)): one for sheet in brought for one in parse_part(sheet, STYLES).iter(STYLE)
    }
    ahead = list(root.iter(STYLE))
    known = {str(one.get(ID)) for one in ahead}
    while ahead:
        for cited in [one for one in ahead.pop() if one.tag in MADE_OF]:
            name = str(cited.get(W_VAL))
            if name in known:
                continue
            if name in theirs:
                root.append(taken := _taken(theirs[name]))
                known.add(name)
                ahead.append(taken)
            else:
                _drop(cited)
    return serialise(root)


def _taken(style: etree._Element) -> etree._Element:
    """The same, which does not become the default of the template that receives it."""
    made = deepcopy(style)
    if DEFAULT in made.attrib:
        del made.attrib[DEFAULT]
    return made


def _drop(cited: etree._Element) -> None:
    parent = cited.getparent()
    if parent is not None:
        parent.remove(cited)
