"""Où en est le document d'un formulaire revenu : les fichiers tels qu'ils sont, ce qu'ils disent,
et la place qu'il y a.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dla_docs.forms.reader import Changement
from dla_docs.mission import Mission
from dla_docs.model.document import Document
from dla_docs.raw import RawMap
from dla_docs.raw.editing import Way
from dla_docs.raw.overlaying import CLE
from dla_docs.stages.loading import build_document
from dla_docs.writing_back.facts import Desk, Flat, Here, Row, Spot, State, Trail, flat, keyed


@dataclass(frozen=True)
class Answer:
    """Un changement en route vers le document : tel qu'on le tape, et tel qu'une page l'imprime."""

    change: Changement
    way: Trail
    text: str | None
    printed: str


@dataclass(frozen=True)
class Put:
    """Une réponse, l'endroit où elle a été posée, et ce qui y a été posé ; ``own`` : il est dans la
    part du document.
    """

    answer: Answer
    spot: Spot
    said: Any
    own: bool


@dataclass(frozen=True)
class Standing:
    """Un document dans les fichiers d'une mission : sa place, et ce que tout y dit maintenant."""

    desk: Desk
    state: State
    model: type[Document]
    here: Here
    start: Way

    @property
    def is_lent_to(self) -> bool:
        """Vrai d'un document que tient une mission, qui lui prête ce qu'il ne dit pas."""
        return isinstance(self.state.whole, Mission) and bool(self.here[0])

    def both_ranks(self) -> Iterator[Standing]:
        """Lui-même, puis lui où une ligne que le fichier ne remplit pas, « - {} », ne compte plus
        dans le rang des autres : ce qui lit une liste dit lequel est le bon.
        """
        yield self
        yield replace(self, desk=replace(self.desk, counts_blank=False))

    @property
    def held(self) -> Document | None:
        """Le document, tel que la mission le tient ; ``None`` quand elle ne le tient pas."""
        slug, rank = self.here
        whole = self.state.whole
        is_held = bool(slug) and self.here in self.state.said
        return whole.documents[slug][rank] if is_held and isinstance(whole, Mission) else None

    @property
    def before(self) -> Flat:
        """Ce que dit le document maintenant."""
        return self.said_in(self.state)

    def said_in(self, state: State) -> Flat:
        """Ce qu'il dit dans ces fichiers ; si la mission ne le tient pas, ce qu'elle lui prête."""
        if self.here in state.said:
            return state.said[self.here]
        assert isinstance(state.whole, Mission)
        return flat(build_document(state.whole, self.model, RawMap()))

    def holds(self, spot: Spot) -> bool:
        """Vrai d'un endroit de la part du document, qu'elle soit là ou qu'il la commence."""
        own = self.desk.find(self.model, (), self.start)
        start = (*own.way, *own.rest)
        within = (*spot.way, *spot.rest)[: len(start)] == start
        return within and spot.file == own.file and own.before in (None, spot.before)

    def asked(self, answers: Sequence[Answer] = ()) -> dict[tuple[str, ...], str]:
        """Ce que le document doit dire, une fois ces réponses écrites."""
        asked = {keyed(one): said for one, said in self.before.items()}
        for answer in answers:
            asked.pop(keyed(answer.way), None)
            asked |= {keyed(answer.way): answer.printed} if answer.text else {}
        return asked

    def is_new_row(self, way: Trail) -> bool:
        """Vrai d'un chemin vers une ligne que le document n'a pas encore."""
        known = {keyed(one)[:rank] for one in self.before for rank in range(len(one))}
        return any(
            isinstance(step, Row) and keyed(way[: rank + 1]) not in known
            for rank, step in enumerate(way)
        )


def speaking(said: Mapping[tuple[str, ...], str]) -> dict[tuple[str, ...], str]:
    """Sans les clés des lignes qui ne disent rien d'autre : il n'y a pas là de ligne."""
    holders = {one[:rank] for one in said if one[-1] != CLE for rank in range(len(one))}
    return {one: value for one, value in said.items() if one[:-1] in holders}
