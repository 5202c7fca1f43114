"""Ce que les styles d'un document Word font à un texte qui ne le dit pas lui-même : le masquer, le
barrer, lui donner une police.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from dla_docs.word.names import (
    W_P,
    W_PPR,
    W_R,
    W_RPR,
    W_TBL,
    W_TC,
    W_VAL,
    W,
    ancestor,
    is_on,
)
from dla_docs.word.part import of_small_parts, parse_part
from dla_docs.word.table_areas import AREAS, Areas, areas_of, number

STYLES = "word/styles.xml"
STYLE, STYLE_ID, BASED_ON = f"{W}style", f"{W}styleId", f"{W}basedOn"
KIND, DEFAULT, ON = f"{W}type", f"{W}default", ("1", "true", "on")
KINDS = {"character": "rStyle", "paragraph": "pStyle", "table": "tblStyle"}
W_TBLPR = f"{W}tblPr"
OF_DEFAULTS = f"{W}docDefaults/{W}rPrDefault/{W_RPR}"
MOST_BASES = 20  # of a style upon another


AREA, BANDS = f"{W}tblStylePr", ("tblStyleRowBandSize", "tblStyleColBandSize")
Key = tuple[str, str]  # a style, and the area of a table that it tells apart; "" for all of it


@dataclass(frozen=True)
class Said:
    """Ce que les styles d'un document disent d'une marque. ``values`` : par style, et par zone d'un
    style de tableau. ``everywhere`` : ce qu'en disent les réglages d'origine. ``usual`` : par
    sorte, le style de qui n'en nomme pas. ``bands`` : combien de lignes et de colonnes tient une
    bande, pour un style qui distingue des zones.
    """

    values: Mapping[Key, str] = field(default_factory=dict)
    everywhere: str | None = None
    usual: Mapping[str, str] = field(default_factory=dict)
    bands: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.values) or self.everywhere is not None

    def switched_on(self, root: etree._Element) -> frozenset[etree._Element]:
        """Les suites de caractères dont les styles allument la marque : celui de ses lettres défait
        ce que fait celui de son paragraphe, ou de son tableau.
        """
        if not self:
            return frozenset()
        everywhere = self.everywhere in ON
        return frozenset(
            run
            for run, said in self.by_run(root)
            if everywhere or sum(one in ON for one in said) % 2 == 1
        )

    def by_run(self, root: etree._Element) -> Iterator[tuple[etree._Element, list[str]]]:
        """Chaque suite de caractères, et ce qu'en disent le style de ses lettres, celui de son
        paragraphe et celui de son tableau, quand ils en disent quelque chose.
        """
        areas: dict[etree._Element, Areas] = {}
        for run in root.iter(W_R):
            own, above = _about(run, W_RPR), _about(ancestor(run, W_P), W_PPR)
            said = (
                self.values.get((_named(own, "character", self.usual), "")),
                self.values.get((_named(above, "paragraph", self.usual), "")),
                self._of_table(run, areas),
            )
            yield run, [one for one in said if one is not None]

    def _of_table(self, run: etree._Element, areas: dict[etree._Element, Areas]) -> str | None:
        """What the area where it stands says, or the whole style."""
        table, cell = ancestor(run, W_TBL), ancestor(run, W_TC)
        if table is None or cell is None:
            return None
        name = _named(_about(table, W_TBLPR), "table", self.usual)
        if name in self.bands and table not in areas:
            areas[table] = areas_of(table, self.bands[name])
        keys = ((name, area) for area in (*areas.get(table, {}).get(cell, ()), ""))
        return next((self.values[key] for key in keys if key in self.values), None)


def _about(element: etree._Element | None, name: str) -> etree._Element | None:
    return None if element is None else next(element.iterchildren(name), None)


def _named(marks: etree._Element | None, kind: str, usual: Mapping[str, str]) -> str:
    named = None if marks is None else marks.find(f"{W}{KINDS[kind]}")
    return usual.get(kind, "") if named is None else str(named.get(W_VAL, ""))


@of_small_parts
def switches(styles: bytes, mark: str) -> Said:
    """Ce que des styles disent d'une marque qui s'allume ; rien quand aucun ne l'allume."""
    if mark.removeprefix(W).encode() not in styles:
        return Said()
    root = parse_part(styles, STYLES)
    return said_in(root, mark) if any(map(is_on, root.iter(mark))) else Said()


def said_in(root: etree._Element, mark: str, attribute: str = W_VAL, usual: str = "1") -> Said:
    """Ce que des styles disent d'une marque, par eux-mêmes ou par celui sur lequel ils reposent :
    la valeur de son attribut, ou ``usual`` quand elle n'en dit pas.
    """
    known = known_styles(root)
    plain = {(name, ""): own_mark(known, name, mark) for name in known}
    tables = [name for name, one in known.items() if one.get(KIND) == "table"]
    apart = {
        (name, area): own_mark(known, name, f"{AREA}[@{KIND}='{area}']", mark)
        for name in tables
        for area in AREAS
    }
    found = {key: one for key, one in {**plain, **apart}.items() if one is not None}
    everywhere = root.find(f"{OF_DEFAULTS}/{mark}")
    return Said(
        {key: str(one.get(attribute, usual)) for key, one in found.items()},
        None if everywhere is None else str(everywhere.get(attribute, usual)),
        usual_styles(known),
        {name: _bands(known, name) for name, area in found if area},
    )


def _bands(known: Mapping[str, etree._Element], name: str) -> tuple[int, int]:
    sizes = (_first(known, name, f"{W_TBLPR}/{W}{band}") for band in BANDS)
    rows, columns = (number(one, 1) for one in sizes)
    return rows, columns


def known_styles(root: etree._Element) -> dict[str, etree._Element]:
    """Les styles d'une feuille, par leur identifiant."""
    return {str(one.get(STYLE_ID)): one for one in root.iter(STYLE)}


def usual_styles(known: Mapping[str, etree._Element]) -> dict[str, str]:
    """Par sorte, le style de ce qui n'en nomme pas."""
    return {str(one.get(KIND)): name for name, one in known.items() if one.get(DEFAULT) in ON}


def own_mark(known: Mapping[str, etree._Element], name: str, *path: str) -> etree._Element | None:
    """Ce qu'un style dit de cette marque ; sinon, celui sur lequel il repose."""
    *above, mark = path
    return _first(known, name, "/".join((*above, W_RPR, mark)))


def _first(known: Mapping[str, etree._Element], name: str, path: str) -> etree._Element | None:
    said = (one.find(path) for one in _bases(known, name))
    return next((found for found in said if found is not None), None)


def _bases(known: Mapping[str, etree._Element], name: str) -> Iterator[etree._Element]:
    for _ in range(MOST_BASES):
        if name not in known:
            return
        yield known[name]
        base = known[name].find(BASED_ON)
        name = "" if base is None else str(base.get(W_VAL, ""))
