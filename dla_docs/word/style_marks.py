"""Ce que les styles d'un document Word font à un texte qui ne le dit pas lui-même : le masquer, le
barrer, lui donner une police.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from dla_docs.word.names import W_P, W_PPR, W_RPR, W_TBL, W_VAL, W, ancestor, is_on
from dla_docs.word.part import of_small_parts, parse_part

STYLES = "word/styles.xml"
STYLE, STYLE_ID, BASED_ON = f"{W}style", f"{W}styleId", f"{W}basedOn"
KIND, DEFAULT, ON = f"{W}type", f"{W}default", ("1", "true", "on")
KINDS = {"character": "rStyle", "paragraph": "pStyle", "table": "tblStyle"}
W_TBLPR = f"{W}tblPr"
OF_DEFAULTS = f"{W}docDefaults/{W}rPrDefault/{W_RPR}"
MOST_BASES = 20  # of a style upon another


@dataclass(frozen=True)
class Toggled:
    """Ce que les styles d'un document marquent : le texte de ceux qui sont nommés, tout le texte si
    les réglages d'origine le font. ``usual`` : par sorte, le style de qui n'en nomme pas.
    """

    names: frozenset[str] = frozenset()
    everywhere: bool = False
    usual: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.names)

    def marks(self, run: etree._Element) -> bool:
        """Vrai d'une suite de caractères que ses styles marquent : celui de ses lettres défait ce
        que fait celui de son paragraphe, ou de son tableau.
        """
        if self.everywhere or not self:
            return self.everywhere
        return sum(name in self.names for name in styles_of(run, self.usual)) % 2 == 1


def styles_of(run: etree._Element, usual: Mapping[str, str]) -> tuple[str, str, str]:
    """Le style de ses lettres, de son paragraphe et de son tableau ; vide s'il n'y en a pas."""
    table = ancestor(run, W_TBL)
    return (
        _named(_about(run, W_RPR), "character", usual),
        _named(_about(ancestor(run, W_P), W_PPR), "paragraph", usual),
        "" if table is None else _named(_about(table, W_TBLPR), "table", usual),
    )


def _about(element: etree._Element | None, name: str) -> etree._Element | None:
    return None if element is None else next(element.iterchildren(name), None)


def _named(marks: etree._Element | None, kind: str, usual: Mapping[str, str]) -> str:
    named = None if marks is None else marks.find(f"{W}{KINDS[kind]}")
    return usual.get(kind, "") if named is None else str(named.get(W_VAL, ""))


@of_small_parts
def toggled(styles: bytes, mark: str) -> Toggled:
    """Ce que des styles marquent ainsi, par eux-mêmes ou par celui sur lequel ils reposent."""
    if mark.removeprefix(W).encode() not in styles:
        return Toggled()
    root = parse_part(styles, STYLES)
    known = known_styles(root)
    return Toggled(
        frozenset(name for name in known if is_on(own_mark(known, name, mark))),
        is_on(root.find(f"{OF_DEFAULTS}/{mark}")),
        usual_styles(known),
    )


def known_styles(root: etree._Element) -> dict[str, etree._Element]:
    """Les styles d'une feuille, par leur identifiant."""
    return {str(one.get(STYLE_ID)): one for one in root.iter(STYLE)}


def usual_styles(known: Mapping[str, etree._Element]) -> dict[str, str]:
    """Par sorte, le style de ce qui n'en nomme pas."""
    return {str(one.get(KIND)): name for name, one in known.items() if one.get(DEFAULT) in ON}


def own_mark(known: Mapping[str, etree._Element], name: str, mark: str) -> etree._Element | None:
    """Ce qu'un style dit de cette marque ; sinon, celui sur lequel il repose."""
    said = (one.find(f"{W_RPR}/{mark}") for one in _bases(known, name))
    return next((found for found in said if found is not None), None)


def _bases(known: Mapping[str, etree._Element], name: str) -> Iterator[etree._Element]:
    for _ in range(MOST_BASES):
        if name not in known:
            return
        yield known[name]
        base = known[name].find(BASED_ON)
        name = "" if base is None else str(base.get(W_VAL, ""))
