"""La fusion de trois pages : celle qui était partie, celle que la main a faite, celle que la
mission fait maintenant. Elle se fait dans la page de la main : le reste n'y est pas touché.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field

from dla_docs.forms.intake import Changement
from dla_docs.model.node import Node
from dla_docs.retouches.importing import Importer
from dla_docs.retouches.keys import Keys
from dla_docs.retouches.skeleton import (
    BLOCKS,
    Element,
    dress,
    fields,
    is_field,
    paired,
    skeleton,
    value_of,
    values_in,
    words,
)
from dla_docs.retouches.tracking import Revisions, text_run, unwrap
from dla_docs.word.names import (
    W_P,
    W_PPR,
    W_R,
    W_SDT,
    W_SDTCONTENT,
    W_SDTPR,
    W_T,
    W_TBL,
    W_TC,
    W_TR,
    W,
    element,
)
from dla_docs.word.page import tag_of

PLACEHOLDER = f"{W_SDTPR}/{W}showingPlcHdr"
SPANS = (f"{W}gridSpan", f"{W}vMerge")


@dataclass
class Told:
    """Ce qu'une fusion a fait : des faits et des textes mis à jour ; des contradictions ; ce que la
    main a gardé malgré la mission.
    """

    updated: list[Changement] = field(default_factory=list)
    conflicts: list[Changement] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


@dataclass
class Names:
    """De quoi reconnaître un contrôle d'une page à l'autre, et le nommer."""

    left: Keys
    new: Keys
    node: Node

    def label(self, tag: str) -> str:
        """Le libellé d'un champ."""
        found = self.node.find(tag)
        return found.label if found is not None and found.label else tag


class Merge:
    """Une partie de la page (le corps, un en-tête) : ``held`` devient la page fusionnée."""

    def __init__(
        self,
        left: Element,
        held: Element,
        new: Element,
        names: Names,
        importer: Importer,
        told: Told,
    ) -> None:
        self.left, self.held, self.new = left, held, new
        self.names, self.importer, self.told = names, importer, told
        self.revisions = Revisions(held)
        self.was = values_in(left, names.left.name)
        self.fields: dict[str, Element] = {}
        for sdt in fields(new):
            self.fields.setdefault(names.new.name(tag_of(sdt)), sdt)
        self.done: set[str] = set()
        self.settled: list[Element] = []  # kept alive: what is told apart is told by identity

    def run(self) -> None:
        """Fusionne tout."""
        self._container(_story(self.left), _story(self.held), _story(self.new))
        self._adopt()
        self._say_deleted()

    # Blocks

    def _container(self, left: Element, held: Element, new: Element) -> None:
        ours, theirs, made = _blocks(left), _blocks(held), _blocks(new)
        to_held = paired(ours, theirs, self.names.left.name, self.names.left.name)
        to_new = paired(ours, made, self.names.left.name, self.names.new.name)
        for rank, far in to_held.items():
            self.importer.learn(ours[rank], theirs[far])
        from_held = {far: rank for rank, far in to_held.items()}
        from_new = {far: rank for rank, far in to_new.items()}
        for far, item in enumerate(theirs):
            rank = from_held.get(far)
            if rank is None:
                continue
            if rank in to_new:
                self._block(ours[rank], item, made[to_new[rank]])
            else:
                self._removed(ours[rank], item)
        mates = {far: theirs[to_held[rank]] for far, rank in from_new.items() if rank in to_held}
        if _in_order([to_held[rank] for rank in sorted(to_held)]):
            _reorder([mates[far] for far in sorted(mates)])
        self._insert(held, made, mates, from_new)
        _close(held)

    def _insert(
        self,
        held: Element,
        made: list[Element],
        mates: dict[int, Element],
        from_new: dict[int, int],
    ) -> None:
        """What the mission has that it had not: each after the one that precedes it."""
        last: Element | None = None
        for far, item in enumerate(made):
            if far in mates:
                last = mates[far] if mates[far].getparent() is held else last
            elif far not in from_new:
                fresh = self._taken(item)
                self._place(held, fresh, last)
                last = fresh

    def _place(self, held: Element, fresh: Element, last: Element | None) -> None:
        blocks = _blocks(held)
        like = last if last is not None else next(iter(blocks), None)
        if fresh.tag == W_TR and like is not None:
            _shape(fresh, like)
        if last is not None:
            last.addnext(fresh)
        elif blocks:
            blocks[0].addprevious(fresh)
        else:
            held.append(fresh)

    def _taken(self, item: Element) -> Element:
        fresh = self.importer.taken(item)
        for sdt in list(fields(fresh)):
            name = self.names.new.name(tag_of(sdt))
            if name in self.done:
                unwrap(sdt)
            else:
                self._settle(name, sdt)
        if said := words(fresh):
            self.told.updated.append(Changement("", "Texte", "", said))
        return fresh

    def _removed(self, left: Element, held: Element) -> None:
        """What the mission has no longer: gone, or struck when the hand has touched it."""
        said = words(left)
        if self._is_untouched(left, held) and held.find(f"{W_PPR}/{W}sectPr") is None:
            _drop(held)
        else:
            self.told.kept.append(f"la mission n'a plus « {said} », que la main a retouché")
            self.revisions.strike(held)
        if said:
            self.told.updated.append(Changement("", "Texte", said, ""))

    def _is_untouched(self, left: Element, held: Element) -> bool:
        return words(left) == words(held) and dress(left) == dress(held)

    def _block(self, left: Element, held: Element, new: Element) -> None:
        if held.tag == W_P:
            self._paragraph(left, held, new)
        elif held.tag == W_SDT and not is_field(held):
            inner = [one.find(W_SDTCONTENT) for one in (left, held, new)]
            if all(one is not None for one in inner):
                self._container(*inner)  # type: ignore[arg-type]
        elif held.tag == W_SDT:
            self._controls(held)
        elif held.tag == W_TR:
            self._row(left, held, new)
        elif held.tag == W_TBL and _columns(left) != _columns(new):
            self._recast(left, held, new)
        else:
            self._container(left, held, new)

    def _row(self, left: Element, held: Element, new: Element) -> None:
        cells = [list(one.iterchildren(W_TC)) for one in (left, held, new)]
        if len(cells[0]) != len(cells[2]):
            self._recast(left, held, new)
        elif len(cells[0]) != len(cells[1]):
            self._controls(held)
        else:
            for one, other, made in zip(*cells, strict=True):
                _span(other, made)
                self._container(one, other, made)

    def _recast(self, left: Element, held: Element, new: Element) -> None:
        """The mission has another number of columns: its table, unless the hand has touched it."""
        if self._is_untouched(left, held):
            fresh = self._taken(new)
            parent = held.getparent()
            assert parent is not None
            parent.replace(held, fresh)
        else:
            self._controls(held)
            self.told.conflicts.append(Changement("", "Tableau", words(held), words(new)))

    # Paragraphs

    def _paragraph(self, left: Element, held: Element, new: Element) -> None:
        lost = next(fields(held), None) is None and next(fields(left), None) is not None
        ours, made = self.names.left.name, self.names.new.name
        if lost:
            by_hand = not self._is_untouched(left, held)
            by_mission = not by_hand or words(left) != words(new)
        else:
            by_hand = skeleton(left, ours) != skeleton(held, ours) or dress(left) != dress(held)
            by_mission = skeleton(left, ours) != skeleton(new, made)
        if not by_mission:
            self._controls(held)
        elif not by_hand:
            self._retake(held, new)
        else:
            self._controls(held)
            held.addnext(self.revisions.propose(self.importer.taken(new)))
            self.told.conflicts.append(Changement("", "Texte", words(held), words(new)))

    def _retake(self, held: Element, new: Element) -> None:
        """The fixed texts of the mission around the hand's own answers."""
        mine = {self.names.left.name(tag_of(sdt)): sdt for sdt in fields(held)}
        fresh = self.importer.taken(new)
        was = words(held)
        for sdt in list(fields(fresh)):
            name = self.names.new.name(tag_of(sdt))
            if name in self.done:
                unwrap(sdt)
            elif name in mine:
                _put(sdt, mine[name])
                self._update(name, mine[name])
            else:
                self._settle(name, sdt)
        about = held.find(W_PPR)
        held[:] = [*([about] if about is not None else []), *_inline(fresh)]
        if words(held) != was:
            self.told.updated.append(Changement("", "Texte", was, words(held)))

    def _controls(self, held: Element) -> None:
        """Each control where it is."""
        for sdt in list(fields(held)):
            name = self.names.left.name(tag_of(sdt))
            if name in self.fields and name not in self.done:
                self._update(name, sdt)

    # Controls

    def _settle(self, name: str, sdt: Element) -> None:
        self.done.add(name)
        self.settled.append(sdt)

    def _update(self, name: str, sdt: Element) -> None:
        new = self.fields[name]
        was, held, now = self.was.get(name, ""), value_of(sdt), value_of(new)
        blank = any(one.find(PLACEHOLDER) is not None for one in (sdt, new))
        about = new.find(W_SDTPR)
        mine = sdt.find(W_SDTPR)
        assert about is not None and mine is not None
        sdt.replace(mine, self.importer.taken(about))
        self._settle(name, sdt)
        tag = tag_of(sdt)
        change = Changement(tag, self.names.label(tag), held, now)
        if _same(held, now) or _same(was, now):
            return
        if _same(held, was):
            self._say(sdt, new, blank)
            self.told.updated.append(change)
        else:
            self._contradict(sdt, now)
            self.told.conflicts.append(change)

    def _say(self, sdt: Element, new: Element, blank: bool) -> None:
        """In the hand's own format; an invitation, and what was one, in the mission's."""
        content, made = sdt.find(W_SDTCONTENT), new.find(W_SDTCONTENT)
        assert content is not None and made is not None
        if blank or made.find(W_P) is not None or content.find(f"{W}tc") is not None:
            sdt.replace(content, self.importer.taken(made))
            return
        holder = _holder(content)
        like = _format_of(holder)
        about = holder.find(W_PPR)
        holder[:] = [
            *([about] if about is not None else []),
            text_run(value_of(new), like),
        ]

    def _contradict(self, sdt: Element, now: str) -> None:
        """The hand's answer stays, struck; the mission's is proposed beside it."""
        content = sdt.find(W_SDTCONTENT)
        assert content is not None
        holder = _holder(content)
        like = _format_of(holder)
        for run in list(content.iter(W_R)):
            self.revisions.strike_run(run)
        fresh = text_run(now, like)
        holder.append(fresh)
        self.revisions.insert_run(fresh)

    def _adopt(self) -> None:
        """What the hand has copied or moved: a control is found once, its copies are words."""
        settled = set(map(id, self.settled))
        for sdt in [one for one in fields(self.held) if id(one) not in settled]:
            name, tag = self.names.left.name(tag_of(sdt)), tag_of(sdt)
            if name in self.fields and name not in self.done:
                self._update(name, sdt)
            else:
                self.told.kept.append(f"{self.names.label(tag)} : « {value_of(sdt)} »")
                unwrap(sdt)
        settled = set(map(id, self.settled))
        for sdt in [one for one in self.held.iter(W_SDT) if is_field(one)]:
            if id(sdt) not in settled:
                unwrap(sdt)

    def _say_deleted(self) -> None:
        for name, new in self.fields.items():
            now, was = value_of(new), self.was.get(name)
            if name not in self.done and was is not None and not _same(was, now):
                tag = tag_of(new)
                self.told.conflicts.append(Changement(tag, self.names.label(tag), "", now))


def _story(root: Element) -> Element:
    body = root.find(f"{W}body")
    return root if body is None else body


def _blocks(container: Element) -> list[Element]:
    return [child for child in container if child.tag in BLOCKS]


def _columns(table: Element) -> int:
    grid = table.find(f"{W}tblGrid")
    return 0 if grid is None else len(grid)


def _in_order(ranks: list[int]) -> bool:
    return ranks == sorted(ranks)


def _reorder(items: list[Element]) -> None:
    """Puts these siblings in this order, at the places that they have."""
    parents = {id(item.getparent()) for item in items}
    if len(parents) != 1 or None in [item.getparent() for item in items]:
        items = [item for item in items if item.getparent() is not None]
    parent = items[0].getparent() if items else None
    if parent is None:
        return
    items = [item for item in items if item.getparent() is parent]
    places = sorted(parent.index(item) for item in items)
    if [parent.index(item) for item in items] == places:
        return
    marks = [element("w:p") for _ in items]
    for place, mark in zip(places, marks, strict=True):
        parent[place] = mark
    for mark, item in zip(marks, items, strict=True):
        parent.replace(mark, item)


def _close(container: Element) -> None:
    """A cell ends with a paragraph, a table has a row."""
    if container.tag == W_TC and (not len(container) or container[-1].tag != W_P):
        container.append(element("w:p"))
    if container.tag == W_TBL and next(container.iter(W_TR), None) is None:
        _drop(container)


def _shape(fresh: Element, like: Element) -> None:
    """A row in the form of the one beside it."""
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


def _span(held: Element, new: Element) -> None:
    """Cells that go on from one row to the next do so where the mission's rows do."""
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


def _drop(item: Element) -> None:
    parent = item.getparent()
    if parent is not None:
        parent.remove(item)


def _put(place: Element, item: Element) -> None:
    parent = place.getparent()
    assert parent is not None
    parent.replace(place, item)
    item.tail = None


def _inline(paragraph: Element) -> Iterator[Element]:
    return (child for child in list(paragraph) if child.tag != W_PPR)


def _holder(content: Element) -> Element:
    inner = content.find(f".//{W_P}")
    return content if inner is None else inner


def _format_of(holder: Element) -> Element | None:
    said = (run for run in holder.iter(W_R) if run.find(W_T) is not None)
    return next(said, next(holder.iter(W_R), None))


def _same(one: str, other: str) -> bool:
    return one.split() == other.split()
