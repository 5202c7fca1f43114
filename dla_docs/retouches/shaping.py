"""Les morceaux d'une page : les prendre, les ôter, les ranger, leur donner la forme des voisins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy

from dla_docs.retouches.skeleton import BLOCKS, Element
from dla_docs.word.names import W_P, W_PPR, W_R, W_T, W_TBL, W_TC, W_TR, W_VAL, W, element

RANGES = ("bookmark", "perm", "commentRange")
SPANS = (f"{W}gridSpan", f"{W}vMerge")


def story(root: Element) -> Element:
    """Ce qui tient les blocs d'une partie."""
    body = root.find(f"{W}body")
    return root if body is None else body


def blocks(container: Element) -> list[Element]:
    """Les paragraphes, tableaux, lignes ou cellules que tient un morceau."""
    return [child for child in container if child.tag in BLOCKS]


def columns(table: Element) -> int:
    """Le nombre de colonnes d'un tableau."""
    grid = table.find(f"{W}tblGrid")
    return 0 if grid is None else len(grid)


def in_order(ranks: list[int]) -> bool:
    """Vrai quand ces rangs se suivent."""
    return ranks == sorted(ranks)


def reorder(items: list[Element]) -> list[tuple[Element, Element]]:
    """Met ces voisins dans cet ordre, aux places qu'ils ont ; rend, pour chaque place qui en tient
    un autre, celui d'avant et celui d'après.
    """
    parents = {id(item.getparent()) for item in items}
    if len(parents) != 1 or None in [item.getparent() for item in items]:
        items = [item for item in items if item.getparent() is not None]
    parent = items[0].getparent() if items else None
    if parent is None:
        return []
    items = [item for item in items if item.getparent() is parent]
    places = sorted(parent.index(item) for item in items)
    if [parent.index(item) for item in items] == places:
        return []
    before = sorted(items, key=parent.index)
    marks = [element("w:p") for _ in items]
    for place, mark in zip(places, marks, strict=True):
        parent[place] = mark
    for mark, item in zip(marks, items, strict=True):
        parent.replace(mark, item)
    return [pair for pair in zip(before, items, strict=True) if pair[0] is not pair[1]]


def place(container: Element, fresh: Element, last: Element | None) -> None:
    """Met un morceau derrière un autre, ou devant tous."""
    if last is not None:
        last.addnext(fresh)
    elif there := blocks(container):
        there[0].addprevious(fresh)
    else:
        container.append(fresh)


def close(container: Element) -> None:
    """Une cellule finit par un paragraphe, un tableau a une ligne."""
    if container.tag == W_TC and (not len(container) or container[-1].tag != W_P):
        container.append(element("w:p"))
    if container.tag == W_TBL and next(container.iter(W_TR), None) is None:
        drop(container)


def recaption(left: Element, held: Element, new: Element) -> None:
    """Un tableau garde le nom qu'entend qui ne le voit pas, ou prend celui de la mission quand la
    main n'y a pas touché.
    """
    one, other, made = (table.find(f"{W}tblPr/{W}tblCaption") for table in (left, held, new))
    if one is None or other is None or made is None:
        return
    if one.get(W_VAL) == other.get(W_VAL):
        other.set(W_VAL, str(made.get(W_VAL)))


def shape(fresh: Element, like: Element) -> None:
    """Met une ligne dans la forme de sa voisine."""
    cells, models = list(fresh.iterchildren(W_TC)), list(like.iterchildren(W_TC))
    if len(cells) != len(models):
        return
    for cell, model in zip(cells, models, strict=True):
        about, wanted = cell.find(f"{W}tcPr"), model.find(f"{W}tcPr")
        if about is not None and wanted is not None:
            shaped = deepcopy(wanted)
            cell.replace(about, shaped)
            for name in SPANS:
                _copy(about, shaped, name)


def kin(rank: int, made: Sequence[Element], mates: Mapping[int, Element]) -> Element | None:
    """La ligne de la main dont une ligne nouvelle, à ce rang dans la page de la mission, prend la
    forme : la plus proche de celles qui y ont les mêmes fonds. Celle d'avant peut être un titre.
    """
    wanted = _face(made[rank])
    alike = (far for far in mates if made[far].tag == W_TR and _face(made[far]) == wanted)
    nearest = min(alike, key=lambda far: abs(far - rank), default=None)
    return None if nearest is None else mates[nearest]


def _face(row: Element) -> list[str]:
    """The ground of each cell."""
    fills = (cell.find(f"{W}tcPr/{W}shd") for cell in row.iterchildren(W_TC))
    return ["" if fill is None else str(fill.get(f"{W}fill")) for fill in fills]


def span(held: Element, new: Element) -> None:
    """Une cellule qui continue d'une ligne à l'autre le fait là où celles de la mission le font."""
    one, other = held.find(f"{W}tcPr"), new.find(f"{W}tcPr")
    if one is not None and other is not None:
        _copy(other, one, f"{W}vMerge")


def _copy(source: Element, target: Element, name: str) -> None:
    wanted, held = source.find(name), target.find(name)
    if wanted is None and held is not None:
        target.remove(held)
    elif wanted is not None and held is not None:
        target.replace(held, deepcopy(wanted))
    elif wanted is not None:
        before = [f"{W}{one}" for one in ("cnfStyle", "tcW", "gridSpan", "hMerge")]
        target.insert(sum(child.tag in before for child in target), deepcopy(wanted))


def drop(item: Element) -> None:
    """Ôte un morceau de la page."""
    parent = item.getparent()
    if parent is not None:
        parent.remove(item)


def put(place: Element, item: Element) -> None:
    """Met un morceau à la place d'un autre."""
    parent = place.getparent()
    assert parent is not None
    parent.replace(place, item)
    item.tail = None


def inline(paragraph: Element) -> Iterator[Element]:
    """Ce que tient un paragraphe, hors de ses propriétés."""
    return (child for child in list(paragraph) if child.tag != W_PPR)


def landmarks(paragraph: Element) -> tuple[list[Element], list[Element]]:
    """Ce qui y commence ou y finit sans rien y montrer : les signets où mènent des renvois, les
    passages commentés ou permis.
    """
    starts, ends = ([f"{W}{name}{end}" for name in RANGES] for end in ("Start", "End"))
    return list(paragraph.iter(*starts)), list(paragraph.iter(*ends))


def holder_of(content: Element) -> Element:
    """Où sont les mots d'un contrôle."""
    inner = content.find(f".//{W_P}")
    return content if inner is None else inner


def format_of(holder: Element) -> Element | None:
    """Le morceau dont les mots ont la mise en forme de tous."""
    said = (run for run in holder.iter(W_R) if run.find(W_T) is not None)
    return next(said, next(holder.iter(W_R), None))
