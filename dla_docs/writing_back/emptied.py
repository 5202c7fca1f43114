"""Les lignes vidées : celle dont toutes les cases sont vidées s'en va, sans rien laisser d'elle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dla_docs.forms.reader import Changement
from dla_docs.mission import Mission
from dla_docs.model.bloc import Bloc, bloc_of
from dla_docs.parties.acteurs import Logo
from dla_docs.raw.overlaying import CLE
from dla_docs.writing_back.answers import Answers
from dla_docs.writing_back.facts import Desk, Row, Spot, State, Trail, keyed
from dla_docs.writing_back.proof import changed_without
from dla_docs.writing_back.spots import whole
from dla_docs.writing_back.standing import Standing
from dla_docs.writing_back.unwritten import Tried

Emptied = tuple[Trail, list[Changement]]  # the way to a row, and the fields that were erased


def emptied_rows(at: Standing, answers: Answers, changes: Sequence[Changement]) -> list[Emptied]:
    """Les lignes dont ces changements ne laissent rien, et où ils n'écrivent rien, dans l'ordre du
    document ; d'une ligne qui en tient d'autres, elle seule.
    """
    ways = {keyed(answers.way(at, one.chemin)): one for one in changes}
    erased = {way: one for way, one in ways.items() if not one.apres}
    written = {way[:rank] for way, one in ways.items() if one.apres for rank in range(len(way))}
    found = dict[tuple[str, ...], Trail]()
    said = [(way, keyed(way)) for way in at.before] if erased else []
    for way, known in said:
        for rank, step in enumerate(way):
            row = known[: rank + 1]
            if isinstance(step, Row) and not any(row[:n] in found for n in range(rank + 1)):
                held = [one for _, one in said if one[: rank + 1] == row]
                own = {one for one in held if one[-1] != CLE and not _is_image(at, one)}
                if own and own <= erased.keys() and row not in written:
                    found[row] = way[: rank + 1]
    return [
        (row, [one for way, one in erased.items() if way[: len(row)] == key])
        for key, row in found.items()
    ]


def _is_image(at: Standing, way: tuple[str, ...]) -> bool:
    """Whether a field is that of an image, which no form can empty: it goes with its row."""
    model: type[Bloc] | None = at.model
    for step in way:
        if model is None or issubclass(model, Logo):
            break
        model = bloc_of(model, step) if step in model.model_fields else model
    return model is not None and issubclass(model, Logo)


@dataclass(frozen=True)
class Removal:
    """Une ligne ôtée : d'où, et les fichiers sans elle."""

    spot: Spot
    desk: Desk
    state: State


def without_row(at: Standing, way: Trail, tried: Tried) -> Removal | None:
    """La ligne ôtée de là où elle vit ; ``None`` quand autre chose changerait avec elle."""
    for spot, said in _spots(at, way):
        state = tried.load(at, spot, said)
        if state is None:
            continue
        others = changed_without(at, state, way)
        if not others:
            return Removal(spot, tried.desk, state)
        tried.others = tried.others or others
    return None


def _spots(at: Standing, way: Trail) -> Iterator[tuple[Spot, Any]]:
    """Where the document writes it, where it was lent from, the list with its last row; the whole
    list in the document's own part.
    """
    left = whole(at, way[:-1], way, None)
    for one in (way,) if left else (way, way[:-1]):
        found: list[Spot] = []
        for held in at.both_ranks():
            found.append(held.desk.find(at.model, one, at.start))
            if at.is_lent_to and way[0] in Mission.model_fields:
                found.append(held.desk.find(Mission, one))
        yield from ((spot, None) for spot in found if spot.is_there)
    if left:
        yield at.desk.find(at.model, way[:-1], at.start), left
