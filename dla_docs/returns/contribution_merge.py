"""La fusion de plusieurs contributions à un document : champ par champ, ligne par ligne ; ce qui se
contredit reste comme il était.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from copy import deepcopy
from itertools import islice
from typing import Any

from dla_docs.constat import Constat, Gravite
from dla_docs.forms.answers_taken import Changement, put
from dla_docs.model.bloc import value_type
from dla_docs.model.document import Document
from dla_docs.model.formats import format_value
from dla_docs.model.node import Node, dotted, steps
from dla_docs.model.typography import accented
from dla_docs.raw import value_at
from dla_docs.raw.overlaying import CLE
from dla_docs.raw.quoting import quoted
from dla_docs.returns.added_rows import (
    AddedRow,
    Identity,
    Texts,
    agree,
    joined,
    listed,
    nameless,
    namesake,
    other_spelling,
    rivals,
    same_name,
)
from dla_docs.returns.contributions import Contribution
from dla_docs.returns.exchanged_rows import HeldRows

Way = tuple[str | int, ...]
STADE = "stade"


class Fusion:
    """Des données qui reçoivent des contributions. L'ordre où elles viennent ne change rien.

    ``changes`` : ce qui a été repris, aux chemins du document réuni ; ``refused`` : ce qui ne l'a
    pas été ; ``constats`` : ce qu'il faut savoir. ``forced`` : les chemins où
    la réponse l'emporte sur ce que dit le document. ``ours``, ``known`` : ce document, et tous
    ceux de sa mission, tels qu'elle les tient.
    """

    def __init__(
        self,
        model: type[Document],
        data: Mapping[str, Any],
        forced: Collection[str] = (),
        ours: Document | None = None,
        known: Iterable[Document] = (),
    ) -> None:
        self.forced = forced
        self.model, self.node, self.data = model, model.schema_node(), deepcopy(dict(data))
        self.held = HeldRows(self.node, self.data, forced, ours, known)
        self.changes: list[Changement] = []
        self.refused: list[Constat] = []
        self.claimed: Collection[Way] = ()
        self.constats: list[Constat] = []

    def take(self, contributions: Iterable[Contribution]) -> None:
        """Reprend tout ce qui peut l'être."""
        claims: dict[Way, list[tuple[str, Changement]]] = defaultdict(list)
        added: dict[Way, list[AddedRow]] = defaultdict(list)
        for copy, one in enumerate(contributions):
            rows: dict[tuple[Way, int], AddedRow] = {}
            apart = self.held.apart(one)
            self.refused += apart.values()
            for change in one.lecture.changements:
                way, rest = _split(steps(change.chemin), one.parti)
                place = self.held.place(way, one)
                path = change.chemin if place is None else dotted((*place, *rest))
                if not one.is_open(change) and path not in self.forced:
                    self.refused.append(one.closed(change, path))
                    continue
                if any(way[: len(row)] == row for row in apart):
                    continue
                if place is None and not change.apres:
                    continue  # what was erased is there no longer
                if place is None:
                    self.refused.append(_row_gone(change, one.auteur))
                elif rest:
                    fresh = _added(int(rest[0]), way, one, copy)
                    rows.setdefault((place, fresh.rank), fresh).said[rest[1:]] = change
                elif self._printed(place) != change.apres and (
                    said := self.held.left(change, way, one)
                ):
                    self.refused.append(said)
                else:
                    claims[place].append((one.auteur, change))
            for (place, _), row in rows.items():
                added[place].append(row)
        self.claimed = {*claims}  # a path of the form may be, here, that of another row
        for way in sorted(claims, key=self._rank):
            self._settle(way, claims[way])
        for place in sorted(added, key=self._rank):
            self._add_rows(place, added[place])
        self.changes.sort(key=lambda change: self._rank(steps(change.chemin)))

    def reach(self, sent: Collection[str], held: str | None) -> None:
        """Le stade pour lequel ils sont partis, quand le document n'en est pas encore là."""
        stades = self.model.stades
        said = max(sent, key=lambda one: stades[one.upper()], default="") if stades else ""
        if said and stades and (held is None or stades[said.upper()] > stades[held.upper()]):
            node = self.node.children[STADE]
            self.changes.append(Changement(STADE, accented(node.label), held or "", said))
            self.data[STADE] = said

    def _settle(self, way: Way, claims: list[tuple[str, Changement]]) -> None:
        """One field: what all who changed it agree upon, unless the document says something else by
        now.
        """
        now, wanted = self._printed(way), {change.apres for _, change in claims}
        forced = dotted(way) in self.forced or any(
            change.chemin in self.forced and steps(change.chemin) not in self.claimed
            for _, change in claims
        )
        if len(wanted) > 1 or (
            wanted != {now} and not forced and all(change.avant != now for _, change in claims)
        ):
            if same_name(way, now, wanted) and not any(change.avant for _, change in claims):
                self.constats.append(other_spelling(way, claims, now))
            else:
                self.refused.append(_conflict(way, claims, now))
        elif wanted != {now}:
            self._put(way, claims[0][1])

    def _put(self, way: Way, change: Changement) -> None:
        path, now = dotted(way), self._printed(way)
        put(self.data, way, value_type(self.model, path).load(change.apres))
        self.changes.append(Changement(path, change.libelle, now, change.apres))

    def _printed(self, way: Way) -> str:
        path, value = dotted(way), value_at(self.data, way, None)
        node = self.node.find(path)
        return format_value(
            node.format if node else "texte",
            None if value is None else value_type(self.model, path).load(value),
        )

    def _add_rows(self, place: Way, added: list[AddedRow]) -> None:
        """Rows typed on blank lines: one row when they complete each other on the same line of the
        form, each its own otherwise.
        """
        merged = joined(added)
        self._say_apart(place, merged)
        known = self._count(place)
        found = {self._already(place, row, known) for row in merged}
        for row in merged:
            self._add_row(place, row, known, found)

    def _add_row(
        self, place: Way, row: AddedRow, known: int, found: Collection[int | None]
    ) -> None:
        """``known`` : how many rows the document held before any of these forms, which said the
        ``found`` ones already.
        """
        fresh, identity = self._fresh(place, row), self._identity(place)
        number, count = self._already(place, row, known), self._count(place)
        if number is None:
            self.refused += [nameless(one, row, identity) for one in row.said.values()]
            return
        if number == count:  # it may be one that was corrected since it was read
            beside = not (row.is_blind(known) and row.loose)
            twins = (
                held
                for n, held in fresh.items()
                if n < known and n not in found
                if beside or identity.resembles(row.texts(), held)
            )
            path = dotted((*place, number))
            self.constats += [namesake(row, held, path) for held in islice(twins, 1)]
        twin = number < known and number in fresh
        apart = twin and not agree(row.texts(), fresh[number], identity.name)
        for way, change in row.said.items():
            if number in fresh and identity.alike(way, row.texts(), fresh[number]):
                continue
            where, claims = (*place, number, *way), [(one, change) for one in row.authors]
            if way == (CLE,) and self._is_key(place, change.apres):
                self.refused.append(_same_key(change, row))
            elif apart and not self._is_said(where, change):
                self.refused.append(_conflict(where, claims, self._printed(where)))
            else:
                self._settle(where, claims)

    def _is_said(self, way: Way, change: Changement) -> bool:
        """Whether the document says it already, or is told to. Of two rows of one name which
        contradict each other nothing else goes from one to the other.
        """
        forced = not {dotted(way), change.chemin}.isdisjoint(self.forced)
        return forced or self._printed(way) == change.apres

    def _already(self, place: Way, row: AddedRow, known: int) -> int | None:
        """The row of the document that is this very one, read before; or the next number. ``None``
        when it may be one of those that its form did not show, and does not say which.
        """
        fresh, said, identity = self._fresh(place, row), row.texts(), self._identity(place)
        for number, held in fresh.items():
            if held == {(CLE,): held[CLE,], **said}:
                return number
        if any(change.chemin in self.forced for change in row.said.values()):
            return min(row.rank, self._count(place))
        since = {n: held for n, held in fresh.items() if n < known}
        if not row.is_blind(known):
            here = {n: held for n, held in fresh.items() if n == row.rank and agree(said, held)}
            found = [n for n, held in here.items() if self._completes(place, row, held)]
            found = found or [n for n in since if identity.twin(said, since[n])]
            at_its_place = since.get(row.rank)
            if not found and at_its_place and identity.corrected(said, at_its_place):
                return row.rank
        elif identity.says(said):
            found = [n for n, held in fresh.items() if identity.same(said, held)]
            found = found or [n for n in since if identity.twin(said, since[n])]
        else:
            return None
        return None if len(found) > 1 else next(iter(found), self._count(place))

    def _completes(self, place: Way, row: AddedRow, held: Texts) -> bool:
        """Whether a row goes on with another one that it does not contradict: they have a field in
        common, or those who typed it could not say which one it is.
        """
        name = self._identity(place).name
        node = self.node.find(dotted((*place, 0, *name)))
        roles = node.roles if node else frozenset()
        apart = held.get(name) and any(not role or role in roles for role in row.roles)
        return not apart or any(held.get(way) for way in row.said)

    def _fresh(self, place: Way, row: AddedRow) -> dict[int, Texts]:
        """What the rows say that its form did not leave with, by number."""
        keys = {sent.get(CLE) for sent in row.sent}
        return {
            number: {(CLE,): held.get(CLE) or "", **self._texts((*place, number), held)}
            for number, held in enumerate(value_at(self.data, place, None) or [])
            if (held[CLE] not in keys if held.get(CLE) else number >= len(row.sent))
        }

    def _count(self, place: Way) -> int:
        return len(value_at(self.data, place, None) or [])

    def _identity(self, place: Way) -> Identity:
        node = self.node.find(dotted(place))
        assert node is not None
        return Identity.of(node)

    def _texts(self, way: Way, value: Any) -> dict[Way, str]:
        """What a row prints, by the way to each field; its key aside."""
        below = (
            value.items()
            if isinstance(value, Mapping)
            else enumerate(value)
            if isinstance(value, list)
            else ()
        )
        found = {
            (step, *rest): text
            for step, item in below
            if step != CLE
            for rest, text in self._texts((*way, step), item).items()
        }
        return found if isinstance(value, Mapping | list) else {(): self._printed(way)}

    def _is_key(self, place: Way, key: str) -> bool:
        return any(row.get(CLE) == key for row in value_at(self.data, place, None) or [])

    def _say_apart(self, place: Way, rows: list[AddedRow]) -> None:
        node = self.node.find(dotted(place))
        label = node.label if node else dotted(place)
        self.constats += rivals(rows, label, dotted(place))
        for rank in sorted({row.rank for row in rows}):
            same = [row for row in rows if row.rank == rank]
            apart = [row for row in same if not any(map(row.is_rival_of, same))]
            if len(same) > 1 and apart:
                who = listed({author for row in same for author in row.authors})
                path = dotted((*place, rank))
                self.constats.append(
                    Constat(
                        f"{label} : {who} ont ajouté chacun leur ligne, au même endroit ; elles "
                        f"sont gardées toutes ({path}).",
                        Gravite.INFORMATION,
                        path,
                        conseil="Effacez celle qui serait de trop.",
                    )
                )

    def _rank(self, way: Way) -> tuple[int, ...]:
        return tuple(_ranks(self.node, way))


def _ranks(node: Node | None, way: Way) -> Iterator[int]:
    """The place of a field in the order of the form."""
    for step in way:
        if isinstance(step, int):
            yield step
        else:
            yield list(node.children).index(step) if node else 0
            node = node.children[step] if node else None


def _added(rank: int, way: Way, one: Contribution, copy: int) -> AddedRow:
    return AddedRow(
        rank,
        value_at(one.parti, way, None) or [],
        authors={one.auteur},
        copies={copy},
        sendings={one.envoi.envoi},
        roles={one.envoi.role},
        loose=not one.envoi.mission,
    )


def _split(way: Way, sent: Mapping[str, Any]) -> tuple[Way, Way]:
    """The way to a field that had left; or to the rows, then the way to a field of a row that was
    added.
    """
    for number, step in enumerate(way):
        if isinstance(step, int) and step >= len(value_at(sent, way[:number], []) or []):
            return way[:number], way[number:]
    return way, ()


def _conflict(way: Way, claims: list[tuple[str, Changement]], now: str) -> Constat:
    answers: dict[str, set[str]] = defaultdict(set)
    for author, change in claims:
        answers[change.apres].add(author)
    said = ", ".join(
        f"{_quoted(text)} dans {listed(authors)}" for text, authors in sorted(answers.items())
    )
    message = (
        f"{claims[0][1].libelle} : {said}, alors que le document dit {_quoted(now)}"
        if now or len(answers) == 1
        else f"{claims[0][1].libelle} : {said}"
    )
    kept = f"le champ garde {_quoted(now)}" if now else "le champ reste vide"
    path = dotted(way)
    return Constat(
        f"{message} ; {kept} ({path}).",
        chemin=path,
        conseil=(
            "Demandez-leur laquelle est la bonne, et écrivez-la dans le fichier."
            if len(answers) > 1
            else f"Pour prendre celle du formulaire : « --forcer {path} »."
        ),
    )


def _row_gone(change: Changement, author: str) -> Constat:
    message = (
        f"{change.libelle} : {quoted(change.apres)} n'est pas repris, sa ligne n'est plus dans le "
        f"document, ou ne s'y distingue plus d'une autre ({change.chemin})."
    )
    return Constat(
        message,
        chemin=change.chemin,
        fichier=author,
        conseil="Écrivez la réponse à sa ligne dans le fichier, ou oubliez-la.",
    )


def _same_key(change: Changement, row: AddedRow) -> Constat:
    message = (
        f"{change.libelle} : « {change.apres} » est déjà la clé d'une autre ligne ; celle-ci en "
        f"reçoit une autre ({change.chemin})."
    )
    return Constat(message, chemin=change.chemin, fichier=listed(row.authors))


def _quoted(text: str) -> str:
    return quoted(text) if text else "« » (vide)"
