"""La fusion de trois pages : celle qui était partie, celle que la main a faite, celle que la
mission fait maintenant. Elle se fait dans la page de la main : le reste n'y est pas touché.
"""

from __future__ import annotations

from dla_docs.forms.answers_taken import Changement
from dla_docs.retouches.brought_styles import Importer
from dla_docs.retouches.keys import Names
from dla_docs.retouches.saying import agree, same
from dla_docs.retouches.shaping import (
    blocks,
    close,
    columns,
    drop,
    holder_of,
    in_order,
    inline,
    kin,
    landmarks,
    place,
    put,
    recaption,
    reorder,
    shape,
    span,
    story,
)
from dla_docs.retouches.skeleton import (
    Element,
    described,
    dress,
    fields,
    fields_in,
    is_field,
    is_untouched,
    kind,
    paired,
    pictures,
    skeleton,
    told_apart,
    value_of,
    values_in,
    words,
)
from dla_docs.retouches.standing import PLACEHOLDER
from dla_docs.retouches.telling import Told
from dla_docs.retouches.tracking import (
    Revisions,
    amended,
    anchors,
    give_up,
    is_pending,
    is_proposal,
    rewrite,
    struck_by_us,
    take_up,
    taken_over,
    unwrap,
)
from dla_docs.word.names import W_P, W_PPR, W_SDT, W_SDTCONTENT, W_SDTPR, W_TBL, W_TC, W_TR, W
from dla_docs.word.page import tag_of


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
        put: frozenset[str],
    ) -> None:
        self.left, self.held, self.new = left, held, new
        self.names, self.importer, self.told, self.put = names, importer, told, put
        self.revisions = Revisions(held)
        self.was = values_in(left, names.left.name)
        self.leaving = fields_in(left, names.left.name)
        self.fields = fields_in(new, names.new.name)
        self.done: set[str] = set()
        self.proposed: set[str] = set()
        self.settled: list[Element] = []  # kept alive: what is told apart is told by identity

    def run(self) -> None:
        """Fusionne tout."""
        self._container(story(self.left), story(self.held), story(self.new))
        self._adopt()
        self._say_deleted()

    def _container(self, left: Element, held: Element, new: Element) -> None:
        ours, theirs, made = blocks(left), blocks(held), blocks(new)
        before, now = self.names.left.name, self.names.new.name
        to_held = paired(ours, theirs, before, before, lambda item: len(pictures(item)))
        amended(theirs, to_held)
        to_new = paired(ours, made, before, now, pictures, kind)
        for one, other in to_held.items():
            self.importer.learn(ours[one], theirs[other])
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
        if in_order([to_held[rank] for rank in sorted(to_held)]):
            moved = reorder([mates[far] for far in sorted(mates)])
            was, is_now = (" ; ".join(words(pair[side]) for pair in moved) for side in (0, 1))
            self._tell_change("Ordre", was, is_now)
        self._insert(held, made, mates, from_new)
        close(held)

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
                if fresh.tag == W_TR and (like := kin(far, made, mates)) is not None:
                    shape(fresh, like)
                place(held, fresh, last)
                last = fresh

    def _taken(self, item: Element) -> Element:
        fresh = self.importer.taken(item)
        for sdt in list(fields(fresh)):
            name = self.names.new.name(tag_of(sdt))
            if name in self.done:
                unwrap(sdt)
            else:
                self._settle(name, sdt)
        self._tell("", words(fresh), "", described(fresh))
        return fresh

    def _tell(self, was: str, said: str, seen: str, shown: str, label: str = "Texte") -> None:
        """The texts and the pictures that the mission has changed."""
        self._tell_change(label, was, said)
        self._tell_change("Image", seen, shown)

    def _tell_change(self, label: str, before: str, now: str) -> None:
        if before != now:
            self.told.updated.append(Changement("", label, before, now))

    def _removed(self, left: Element, held: Element) -> None:
        """What the mission has no longer: gone, or struck when the hand has touched it."""
        said, label = words(left), "Ligne" if held.tag == W_TR else "Texte"
        if self._is_untouched(left, held) and next(held.iter(f"{W}sectPr"), None) is None:
            drop(held)
            self._tell(said, "", described(left), "", label)
        else:
            self.told.kept.append(f"la mission n'a plus « {said} », que la main a retouché")
            for sdt in list(fields(held)):
                taken_over(sdt, self.was.get(self.names.left.name(tag_of(sdt)), ""))
            self.revisions.strike(held)

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
        elif held.tag == W_TBL and columns(left) != columns(new):
            self._recast(left, held, new)
        else:
            recaption(left, held, new)
            self._container(left, held, new)

    def _row(self, left: Element, held: Element, new: Element) -> None:
        cells = [list(one.iterchildren(W_TC)) for one in (left, held, new)]
        if len(cells[0]) != len(cells[2]):
            self._recast(left, held, new)
        elif len(cells[0]) != len(cells[1]):
            self._controls(held)
        else:
            for one, other, made in zip(*cells, strict=True):
                span(other, made)
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
            self._choose("Tableau", held, new)

    def _paragraph(self, left: Element, held: Element, new: Element) -> None:
        lost = next(fields(held), None) is None and next(fields(left), None) is not None
        ours, made = self.names.left.name, self.names.new.name
        if lost:
            by_hand = not self._is_untouched(left, held)
            by_mission = not by_hand or words(left) != words(new)
        else:
            by_hand = skeleton(left, ours) != skeleton(held, ours) or dress(left) != dress(held)
            by_hand = by_hand or self._has_no_place(held, new) or self._has_pictures(held)
            by_mission = skeleton(left, ours) != skeleton(new, made)
        by_mission = by_mission or pictures(left) != pictures(new)
        if not by_mission:
            self._controls(held)
        elif not by_hand:
            self._retake(held, new)
        else:
            self._controls(held)
            following = held.getnext()
            old = following is not None and is_proposal(following)  # of a mission that has changed
            if following is not None and old and not taken_over(following, words(left)):
                drop(following)
            if self._says(held, new):
                self._retake(held, new)
                return
            held.addnext(self.revisions.propose(self.importer.taken(new)))
            self._choose("Texte", held, new)

    def _says(self, held: Element, new: Element) -> bool:
        alike = words(held) == words(new) and dress(held) == dress(new)
        return alike and not self._has_pictures(held)

    def _is_untouched(self, left: Element, held: Element) -> bool:
        return is_untouched(left, held) and not self._has_pictures(held)

    def _has_pictures(self, held: Element) -> bool:
        """Of the hand's own."""
        return not self.put.isdisjoint(pictures(held))

    def _has_no_place(self, held: Element, new: Element) -> bool:
        """An answer of the hand's is in none of the controls that the mission has there."""
        kept = values_in(new, self.names.new.name).keys() - self.done
        answers = values_in(held, self.names.left.name).items()
        return any(
            name not in kept and not same(value, self.was.get(name, "")) for name, value in answers
        )

    def _choose(self, label: str, held: Element, new: Element) -> None:
        self.proposed |= values_in(new, self.names.new.name).keys()
        self.told.conflicts.append(Changement("", *told_apart(label, held, new)))

    def _retake(self, held: Element, new: Element) -> None:
        """The fixed texts of the mission around the hand's own answers."""
        mine = {self.names.left.name(tag_of(sdt)): sdt for sdt in fields(held)}
        fresh = self.importer.taken(new)
        was, seen = words(held), described(held)
        for sdt in list(fields(fresh)):
            name = self.names.new.name(tag_of(sdt))
            if name in self.done:
                unwrap(sdt)
            elif name in mine:
                put(sdt, mine[name])
                self._update(name, mine[name])
            else:
                self._settle(name, sdt)
        about, (starts, ends) = held.find(W_PPR), landmarks(held)
        held[:] = [*([about] if about is not None else []), *starts, *inline(fresh), *ends]
        self._tell(was, words(held), seen, described(held))

    def _controls(self, held: Element) -> None:
        """Each control where it is."""
        for sdt in list(fields(held)):
            name = self.names.left.name(tag_of(sdt))
            if name in self.fields and name not in self.done:
                self._update(name, sdt)

    def _settle(self, name: str, sdt: Element) -> None:
        self.done.add(name)
        self.settled.append(sdt)

    def _update(self, name: str, sdt: Element) -> None:
        new = self.fields[name]
        was, now = self.was.get(name, ""), value_of(new)
        blank = any(one.find(PLACEHOLDER) is not None for one in (sdt, new))
        about, mine = new.find(W_SDTPR), sdt.find(W_SDTPR)
        assert about is not None and mine is not None
        sdt.replace(mine, self.importer.taken(about))
        self._settle(name, sdt)
        if same(was, now):
            return
        give_up(sdt, was)
        held = value_of(sdt)
        change = Changement(tag := tag_of(sdt), self.names.label(tag), held, now)
        if self.names.agree(tag, held, now):
            return
        if (mine_said := struck_by_us(sdt)) and self.names.agree(tag, mine_said, now):
            take_up(sdt)
        elif agree(held, was) and not is_pending(sdt):
            self._say(sdt, new, blank, self.leaving.get(name))
        else:
            self.revisions.contradict(sdt, now)
            self.told.conflicts.append(change)
            return
        self.told.updated.append(change)

    def _say(self, sdt: Element, new: Element, blank: bool, left: Element | None) -> None:
        """In the hand's own format; an invitation, and what was one, in the mission's. What the
        hand has put there besides words stays.
        """
        content, made = sdt.find(W_SDTCONTENT), new.find(W_SDTCONTENT)
        assert content is not None and made is not None
        if blank or made.find(W_P) is not None or content.find(f"{W}tc") is not None:
            fresh = self.importer.taken(made)
            sdt.replace(content, fresh)
            holder_of(fresh).extend(anchors(content, left))
        else:
            rewrite(holder_of(content), value_of(new))

    def _adopt(self) -> None:
        """What the hand has copied or moved: a control is found once, its copies are words."""
        settled = set(map(id, self.settled))
        for sdt in [one for one in fields(self.held) if id(one) not in settled]:
            name, tag = self.names.left.name(tag_of(sdt)), tag_of(sdt)
            if name in self.fields and name not in self.done:
                self._update(name, sdt)
            else:
                if said := value_of(sdt):
                    self.told.kept.append(f"{self.names.label(tag)} : « {said} »")
                unwrap(sdt)
        settled = set(map(id, self.settled))
        for sdt in [one for one in self.held.iter(W_SDT) if is_field(one)]:
            if id(sdt) not in settled:
                unwrap(sdt)

    def _say_deleted(self) -> None:
        """What the mission has changed or says anew, where the hand has taken its place away."""
        for name, new in self.fields.items():
            now, was = value_of(new), self.was.get(name)
            told = was is None and (name in self.proposed or new.find(PLACEHOLDER) is not None)
            if name not in self.done and not told and not same(was or "", now):
                tag = tag_of(new)
                self.told.placeless.append(Changement(tag, self.names.label(tag), "", now))
