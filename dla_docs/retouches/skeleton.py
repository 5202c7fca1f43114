"""Ce que dit un morceau de page : ses textes fixes et ses contrôles, dans l'ordre ; et lequel,
dans une autre page, est le même.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from lxml import etree

from dla_docs.retouches.keys import rows_named
from dla_docs.retouches.page import marked, page_breaks
from dla_docs.word.beyond import MATH
from dla_docs.word.names import (
    BLIP,
    DOC_PR,
    EMBED,
    W_P,
    W_SDT,
    W_SDTCONTENT,
    W_TBL,
    W_TC,
    W_TR,
    W,
)
from dla_docs.word.page import is_transparent, skips, tag_of, text_of
from dla_docs.word.signs import own_text

Element = etree._Element
Namer = Callable[[str], str]
Look = Callable[[Element], object]
BLOCKS = frozenset({W_P, W_TBL, W_TR, W_TC, W_SDT})
CONTROL = "\x00"
FOREIGN = (
    f"{MATH}oMath",
    f"{W}commentReference",
    f"{W}commentRangeStart",
    f"{W}footnoteReference",
    f"{W}endnoteReference",
    f"{W}drawing",
    f"{W}pict",
    f"{W}object",
    f"{W}ins",
    f"{W}del",
    f"{W}moveFrom",
    f"{W}moveTo",
    f"{W}hyperlink",
)
LEAST = 0.4  # of two texts: less alike, they are two texts


def is_field(element: Element) -> bool:
    """Vrai d'un contrôle qui porte le chemin d'un champ."""
    return element.tag == W_SDT and bool(tag_of(element)) and not is_transparent(element)


def fields(element: Element) -> Iterator[Element]:
    """Les contrôles d'un morceau de page, lui compris, sauf ceux d'un passage supprimé."""
    if is_field(element):
        yield element
        return
    for child in element:
        if not skips(child):
            yield from fields(child)


def value_of(sdt: Element) -> str:
    """Ce que dit un contrôle."""
    content = sdt.find(W_SDTCONTENT)
    return "" if content is None else text_of(content)


def skeleton(element: Element, name: Namer) -> tuple[str, ...]:
    """Ses textes fixes, et le nom de chaque contrôle à sa place."""
    said = "".join(_pieces(element, name))
    return tuple(" ".join(piece.split()) for piece in said.split(CONTROL))


def words(element: Element) -> str:
    """Tout ce qu'il dit, réponses comprises."""
    return " ".join(text_of(element).split())


def pictures(element: Element) -> tuple[str, ...]:
    """Les images qu'il montre, dans l'ordre : sur une page que dla-docs a faite, le lien de chacune
    vient de ses octets.
    """
    return tuple(str(one.get(EMBED)) for one in element.iter(BLIP) if not _again(one))


def described(element: Element) -> str:
    """Les mots qui disent ses images, pour qui ne les voit pas."""
    said = (one.get("descr", "") for one in element.iter(DOC_PR) if not _again(one))
    return ", ".join(filter(None, said))


def told_apart(label: str, one: Element | None, other: Element) -> tuple[str, str, str]:
    """Ce que disent deux morceaux dont on choisira l'un, et leur nom : leurs mots, ou leurs images
    quand ils n'ont pas de mots ; lequel est lequel, quand ils disent la même chose.
    """
    was, now = "" if one is None else words(one), words(other)
    if one is not None and not was and not now:
        label, was, now = "Image", described(one), described(other)
    if was == now and was:
        return label, f"{was} (de la main)", f"{now} (proposé)"
    return label, was, now


def _pieces(element: Element, name: Namer) -> Iterator[str]:
    for child in [element] if is_field(element) else element:
        if skips(child):
            continue
        if is_field(child):
            yield f"{CONTROL}{name(tag_of(child))}{CONTROL}"
        elif (text := own_text(child)) is not None:
            yield text
        else:
            yield from _pieces(child, name)
            if child.tag == W_P:
                yield "\n"


def dress(element: Element) -> tuple[Counter[str], dict[tuple[str, str], str]]:
    """Ce qu'il porte hors de ses mots : images, équations, renvois, liens, modifications suivies,
    sauts de page ; et les mots mis en valeur.
    """
    drawn = (one for one in element.iter(*FOREIGN) if not (_is_drawn(one) and _again(one)))
    foreign = Counter(str(one.tag) for one in drawn)
    foreign["sauts de page"] = page_breaks(element)
    return foreign, marked(element)


def is_untouched(left: Element, held: Element) -> bool:
    """Vrai d'un morceau que la main a laissé tel qu'il était parti."""
    return words(left) == words(held) and dress(left) == dress(held)


def _is_drawn(element: Element) -> bool:
    return str(element.tag).endswith(("drawing", "pict"))


def _again(element: Element) -> bool:
    return any(map(skips, element.iterancestors()))


def kind(item: Element) -> tuple[str, int, bool]:
    """La balise d'un morceau, et ce qu'un paragraphe coupe, la page ou la section : vide, il ne
    fait que cela.
    """
    if item.tag != W_P:
        return str(item.tag), 0, False
    return str(item.tag), page_breaks(item), next(item.iter(f"{W}sectPr"), None) is not None


def paired(
    left: Sequence[Element],
    right: Sequence[Element],
    one: Namer,
    other: Namer,
    look: Look,
    form: Look = lambda item: item.tag,
) -> dict[int, int]:
    """Le rang, à droite, de chaque morceau de gauche qui s'y retrouve : le même d'abord, puis celui
    qui a ses contrôles, puis celui qui dit presque la même chose au même endroit. ``look`` : ce qui
    distingue encore deux morceaux qui disent la même chose, ou rien ; ``form`` : ce sans quoi deux
    morceaux ne sont pas le même, quoi qu'ils disent.
    """
    ours = [(kind(item), skeleton(item, one), look(item)) for item in left]
    theirs = [(kind(item), skeleton(item, other), look(item)) for item in right]
    found: dict[int, int] = {}
    matcher = SequenceMatcher(None, ours, theirs, False)
    for start, first, size in matcher.get_matching_blocks():
        found |= {start + rank: first + rank for rank in range(size)}
    _by_values(left, right, theirs, found)
    sides = _Sides(left, right, one, other, form)
    _by_controls(sides, found)
    _by_words(sides, found)
    return found


def _by_values(
    left: Sequence[Element],
    right: Sequence[Element],
    theirs: Sequence[object],
    found: dict[int, int],
) -> None:
    """Of several that have the same controls, a row and its copy, the one that says most of what it
    said: the other is the copy, wherever it was put.
    """
    spare: dict[object, list[int]] = {}
    for far in sorted(set(range(len(right))).difference(found.values())):
        spare.setdefault(theirs[far], []).append(far)
    for rank, far in found.items():
        if copies := spare.get(theirs[far]):
            said = words(left[rank])
            found[rank] = max((far, *copies), key=lambda one: _alike(said, words(right[one])))
            copies[:] = {far, *copies} - {found[rank]}


class _Sides(NamedTuple):
    """The pieces of two pages, what names the controls of each, and what keeps two apart."""

    left: Sequence[Element]
    right: Sequence[Element]
    one: Namer
    other: Namer
    form: Look


def _by_controls(sides: _Sides, found: dict[int, int]) -> None:
    left, right, one, other, _ = sides
    named = {rank: _names(item, other) for rank, item in enumerate(right)}
    for rank, item in enumerate(left):
        tags = _names(item, one)
        if rank in found or not tags:
            continue
        free = named.keys() - found.values()
        best = max(
            (far for far in sorted(free) if right[far].tag == item.tag and tags & named[far]),
            key=lambda far: len(tags & named[far]) / len(tags | named[far]),
            default=None,
        )
        if best is not None:
            found[rank] = best


def _names(item: Element, name: Namer) -> frozenset[str]:
    return frozenset(name(tag_of(sdt)) for sdt in fields(item))


def _by_words(sides: _Sides, found: dict[int, int]) -> None:
    """In the gaps between what is found. What is of two rows that are not the same is not, however
    alike.
    """
    left, right, one, other, form = sides
    for rank, item in enumerate(left):
        if rank in found:
            continue
        low = max((found[near] for near in found if near < rank), default=-1)
        high = min((found[near] for near in found if near > rank), default=len(right))
        taken = set(found.values())
        near = [far for far in range(low + 1, high) if far not in taken]
        said, mine = words(item), _row_of(item, one)
        likely = (
            (far, _alike(said, words(right[far])))
            for far in near
            if form(right[far]) == form(item) and _may_be(mine, _row_of(right[far], other))
        )
        best = max(likely, key=lambda pair: pair[1], default=(0, 0.0))
        if best[1] >= LEAST:
            found[rank] = best[0]


def _row_of(item: Element, name: Namer) -> frozenset[str]:
    """The row that all its controls are of, and those around it."""
    found = [rows_named(said) for said in _names(item, name)]
    return frozenset.intersection(*found) if found else frozenset()


def _may_be(one: frozenset[str], other: frozenset[str]) -> bool:
    return one <= other or other <= one


def _alike(one: str, other: str) -> float:
    if not one or not other:
        return float(one == other)
    return SequenceMatcher(None, one.split(), other.split(), False).ratio()


def fields_in(element: Element, name: Namer) -> dict[str, Element]:
    """Chaque contrôle, par son nom ; le premier quand il y est deux fois."""
    found: dict[str, Element] = {}
    for sdt in fields(element):
        found.setdefault(name(tag_of(sdt)), sdt)
    return found


def values_in(element: Element, name: Namer) -> Mapping[str, str]:
    """La valeur de chaque contrôle, par son nom."""
    return {named: value_of(sdt) for named, sdt in fields_in(element, name).items()}
