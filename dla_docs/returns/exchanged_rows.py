"""Les lignes d'un formulaire face à celles que tient le document : où est chacune, et celles qui ne
sont pas prises parce que leurs textes ont changé de clé, dans le formulaire ou dans la mission.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
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
        d'une autre, et d'autres documents répondent sous leur clé.
        """
        lists = dict.fromkeys(
            way[:number]
            for way in (steps(change.chemin) for change in one.changes())
            for number, step in enumerate(way)
            if isinstance(step, int)
        )
        return {
            (*above, slid.rank): said
            for above in lists
            for slid in slid_rows(value_at(one.parti, above, []), value_at(one.rendu, above, []))
            for said in self._slid(above, slid, one)
        }

    def _slid(self, above: Way, slid: Slid, one: Contribution) -> Iterator[Constat]:
        was = value_at(one.parti, (*above, slid.rank))
        title = titled(was)
        way = (*above, slid.rank, *title)
        place = self.place(way, one)
        rely = (
            those_who_rely(value_at(self.data, place[: -len(title)]), self.others) if place else []
        )
        if place is None or not rely or self._is_forced(place):
            return
        old, new = (
            str(value_at(said, (*above, slid.rank, *title), "") or "")
            for said in (one.parti, one.rendu)
        )
        node, path = self.node.find(dotted(above)), dotted(place)
        moved = (
            f"{quoted(new)} y remplace {quoted(old)}, et était le texte de la ligne "
            f"{slid.other + 1}"
            if slid.takes
            else f"{quoted(old)} est passé à la ligne {slid.other + 1}"
        )
        yield Constat(
            f"{node.label if node else dotted(above)}, ligne {slid.rank + 1} : {moved} ; rien n'en "
            f"est pris, car sous sa clé, « {was[CLE]} », {_named(rely)} ({path}).",
            chemin=path,
            fichier=one.auteur,
            conseil="Pour échanger ou ôter des lignes, faites-le dans le fichier, chacune avec sa "
            f"clé ; pour changer seulement son texte : « --forcer {path} ».",
        )

    def _is_forced(self, place: Way) -> bool:
        return dotted(place) in self.forced


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
