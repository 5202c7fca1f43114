"""Les lignes d'un formulaire face à celles que tient le document : où est chacune, et celles qui ne
sont pas prises parce que leurs textes ont changé de clé, dans le formulaire ou dans la mission.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dla_docs.constat import Constat
from dla_docs.forms.answers_taken import Changement
from dla_docs.model.document import Document
from dla_docs.model.node import Node, dotted, steps
from dla_docs.raw import value_at
from dla_docs.raw.overlaying import CLE
from dla_docs.raw.quoting import quoted
from dla_docs.returns.contributions import Contribution
from dla_docs.returns.same_row import (
    Slid,
    Tie,
    linked,
    rank_now,
    slid_rows,
    taken_for,
    those_who_rely,
    titled,
    written_ties,
)

Way = tuple[str | int, ...]


@dataclass
class HeldRows:
    """Les lignes que tient un document. ``forced`` : les chemins pris quand même ; ``ours`` : le
    document, tel que la mission le tient ; ``known`` : tout ce qu'elle tient.
    """

    node: Node
    data: Mapping[str, Any]
    forced: Collection[str]
    ours: Document | None = None
    known: Iterable[Document] = ()
    tied: Collection[Tie] = field(init=False)
    others: list[Document] = field(init=False)

    def __post_init__(self) -> None:
        self.tied = written_ties(self.ours)
        self.others = [one for one in self.known if one is not self.ours]

    def place(self, way: Way, one: Contribution) -> Way | None:
        """Le même endroit dans nos données ; ``None`` quand la ligne n'y est plus."""
        found: Way = ()
        for number, step in enumerate(way):
            if isinstance(step, int):
                left, back = (value_at(said, way[:number], []) for said in (one.parti, one.rendu))
                held = value_at(self.data, found, None) or []
                rank = rank_now(left, back, step, held, self.tied)
                if rank is None:
                    return None
                step = rank
            found = (*found, step)
        return found

    def left(self, change: Changement, way: Way, one: Contribution) -> Constat | None:
        """Ce qu'il faut dire d'une réponse dont la clé parle maintenant d'une autre ligne, quand
        elle n'est pas prise ; ``way`` : où elle était à l'envoi.
        """
        place = self.place(way, one)
        if place is None or self._is_forced(place):
            return None
        for number, step in enumerate(way):
            if not isinstance(step, int):
                continue
            sent = value_at(one.parti, way[:number], [])
            held = value_at(self.data, place[:number], None) or []
            own = way[number + 1 :] == titled(sent[step])  # what it says now, it is told already
            now = taken_for(sent, step, held, int(place[number]), self.tied)
            if now and not own:
                return _taken(change, now, dotted(place), one.auteur)
        return None

    def apart(self, one: Contribution) -> dict[Way, Constat]:
        """Les lignes du formulaire dont rien n'est pris, par leur chemin : on y a retapé le texte
        d'une autre, et d'autres documents répondent sous leur clé. Celles dont les textes se sont
        suivis sont prises ensemble, ou laissées ensemble.
        """
        lists = dict.fromkeys(
            way[:number]
            for way in (steps(change.chemin) for change in one.changes())
            for number, step in enumerate(way)
            if isinstance(step, int)
        )
        found: dict[Way, Constat] = {}
        for above in lists:
            back = value_at(one.rendu, above, [])
            for group in linked(slid_rows(value_at(one.parti, above, []), back)):
                rows = {slid: self._whose(above, slid, one) for slid in group}
                if any(rely for _, rely in rows.values()):
                    found |= {
                        (*above, slid.rank): _left_aside(self.node, above, slid, one, place, rely)
                        for slid, (place, rely) in rows.items()
                        if place and not self._is_forced(place)
                    }
        return found

    def _whose(self, above: Way, slid: Slid, one: Contribution) -> tuple[Way | None, list[str]]:
        """Where that row is, and which documents would answer of another one; none when forced."""
        title = titled(value_at(one.parti, (*above, slid.rank)))
        place = self.place((*above, slid.rank, *title), one)
        if place is None or self._is_forced(place):
            return place, []
        row = value_at(self.data, place[: -len(title)])
        return place, those_who_rely(row, self.others, self.ours)

    def _is_forced(self, place: Way) -> bool:
        return dotted(place) in self.forced


def _left_aside(
    node: Node, above: Way, slid: Slid, one: Contribution, place: Way, rely: list[str]
) -> Constat:
    was = value_at(one.parti, (*above, slid.rank))
    way = (*above, slid.rank, *titled(was))
    old, new = (str(value_at(said, way, "") or "") for said in (one.parti, one.rendu))
    rows, path = node.find(dotted(above)), dotted(place)
    moved = (
        f"{quoted(new)} y remplace {quoted(old)}, et était le texte de la ligne {slid.other + 1}"
        if slid.takes
        else f"{quoted(old)} est passé à la ligne {slid.other + 1}"
    )
    why = (
        f"sous sa clé, « {was[CLE]} », {_named(rely)}"
        if rely
        else "elle va avec d'autres, qui ne sont pas prises"
    )
    return Constat(
        f"{rows.label if rows else dotted(above)}, ligne {slid.rank + 1} : {moved} ; rien n'en "
        f"est pris, car {why} ({path}).",
        chemin=path,
        fichier=one.auteur,
        conseil="Pour échanger ou ôter des lignes, faites-le dans le fichier, chacune avec sa "
        f"clé ; pour changer seulement son texte : « --forcer {path} ».",
    )


def _named(titles: list[str]) -> str:
    more = len(titles) - 1
    also = f" et {more} autre{'s' * (more > 1)} document{'s' * (more > 1)} y répondent"
    return f"« {titles[0]} »{also if more else ' y répond'}"


def _taken(change: Changement, now: str, path: str, author: str) -> Constat:
    return Constat(
        f"{change.libelle} : {quoted(change.apres)} n'est pas pris, la ligne de cette clé parle "
        f"maintenant de {quoted(now)} ({path}).",
        chemin=path,
        fichier=author,
        conseil=f"Vérifiez de laquelle il s'agit ; pour le prendre là : « --forcer {path} ».",
    )
