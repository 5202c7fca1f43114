"""Les endroits où peut vivre un fait d'un document, dans l'ordre de préférence, et ce qu'il faut y
poser.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, TypeVar

from dla_docs.mission import Mission
from dla_docs.model.bloc import Bloc, value_type
from dla_docs.parties.identite import candidats
from dla_docs.raw.overlaying import CLE
from dla_docs.stages.handed_down import lent_to
from dla_docs.stages.writing import typed
from dla_docs.writing_back.facts import Row, Spot, Trail, nested
from dla_docs.writing_back.standing import Standing

B = TypeVar("B", bound=Bloc)


def spots(at: Standing, way: Trail, text: str | None) -> Iterator[tuple[Spot, Any]]:
    """Où un fait peut vivre, et que poser là, dans l'ordre de préférence : où le document l'écrit
    déjà, là d'où il l'a reçu, dans sa part ; une liste héritée ou déjà imprimée y est écrite
    entière.
    """
    tried: list[tuple[Spot, Any]] = []
    for held in at.both_ranks():
        for one in _spots(held, way, text):
            if one not in tried:
                yield one
                tried.append(one)


def _spots(at: Standing, way: Trail, text: str | None) -> Iterator[tuple[Spot, Any]]:
    own = at.desk.find(at.model, way, at.start)
    lent = at.is_lent_to
    upwards = _lent(at, way, text) if lent else iter(())
    ordered = chain([own], upwards) if own.is_there else chain(upwards, [own])
    if lent and not own.is_there and text and (cle := _named(at, text)):
        yield from ((spot, cle) for spot in _alike(at, way, cle))
    yield from ((spot, text) for spot in ordered)
    for rank, step in enumerate(own.rest):
        if isinstance(step, Row):
            above = way[: len(way) - len(own.rest) + rank]
            yield replace(own, rest=own.rest[:rank]), whole(at, above, way, text)


def key_unwritten(at: Standing, way: Trail) -> tuple[Spot, str] | None:
    """Où s'écrirait la clé du sollicité dont parle un chemin, quand elle est faite de son nom :
    écrite, elle ne change pas avec lui, et ce qui désigne cette ligne la désigne encore.
    """
    held, whole = {step.cle for step in way if isinstance(step, Row)}, at.state.whole
    held.add(at.before.get(("prestataire", CLE), ""))
    asked = whole.mise_en_concurrence.sollicites if isinstance(whole, Mission) else ()
    for number, one in enumerate(asked):
        if one.cle and one.cle in held and one.cle == one.cle_propre():
            row = ("mise_en_concurrence", "sollicites", Row(one.cle, number))
            spot = at.desk.find(Mission, (*row, CLE))
            return None if spot.is_there else (spot, one.cle)
    return None


def _named(at: Standing, text: str) -> str:
    """The key by which the mission tells whom a document names."""
    assert isinstance(at.state.whole, Mission)
    found = candidats(at.state.whole.sollicites(), {"nom": text})
    return found[0] if len(found) == 1 else ""


def whole(at: Standing, above: Trail, way: Trail, text: str | None) -> Any:
    """Tout ce que le document dit là, tel qu'on le tape, la réponse à sa place, ou sans elle."""
    root = at.model.schema_node()
    typed_in: dict[Trail, str] = {} if text is None else {way: text}
    for one, printed in at.before.items():
        node = root.find(".".join(step for step in one if isinstance(step, str)))
        mine = one[: len(above)] == above and one[: len(way)] != way
        if mine and node is not None:
            typed_in[one] = typed(printed, node)
    return nested({one[len(above) :]: value for one, value in typed_in.items()})


def _lent(at: Standing, way: Trail, text: str | None) -> Iterator[Spot]:
    yield from _declared(at, way)
    yield from _alike(at, way, text)


def _declared(at: Standing, way: Trail) -> Iterator[Spot]:
    """The header of the mission, the first sheet of all, the row of the one solicited."""
    name = way[0]
    if name in Mission.partages():
        yield at.desk.find(Mission, way)
    if name in at.model.communs and at.here[1]:
        yield at.desk.find(at.model, way, at.desk.start_of(at.model, 0))
    taken = way if name == "prestataire" else _of_the_solicited(at, way)
    yield from (at.desk.find(Mission, (*row, *taken)) for row in _rows(at) if taken)


def _of_the_solicited(at: Standing, way: Trail) -> Trail:
    """Where the row of the one solicited says what this document says of it; nowhere, else."""
    place = at.model.tient_du_sollicite.get(".".join(map(str, way)))
    return tuple(place.split(".")) if place else ()


def _rows(at: Standing) -> Iterator[Trail]:
    """The row, among those solicited, of the one of whom this document speaks."""
    key = at.before.get(("prestataire", CLE)) or ""
    assert isinstance(at.state.whole, Mission)
    for number, asked in enumerate(at.state.whole.mise_en_concurrence.sollicites):
        if asked.cle == key:
            yield ("mise_en_concurrence", "sollicites", Row(key, number))


def _alike(at: Standing, way: Trail, text: str | None) -> Iterator[Spot]:
    """The facts of the mission that have the same value, or the same name and none, when it hands
    them down to that place.
    """
    header = at.state.said["", 0]
    said = at.before.get(way)
    if said is not None:
        yield from (at.desk.find(Mission, one) for one, value in header.items() if value == said)
        return
    for leaf in type(at.state.whole).schema_node().leaves():
        trail = _in_row(leaf.path, way)
        if trail and trail not in header and _hands_down(at, trail, way, text):
            yield at.desk.find(Mission, trail)


def _hands_down(at: Standing, place: Trail, way: Trail, text: str | None) -> bool:
    """Whether this document would say there what the mission says here; told without reading the
    files again, and true where only reading them would tell.
    """
    mission, names = at.state.whole, [step for step in place if isinstance(step, str)]
    if names != [*place] or not isinstance(mission, Mission):
        return True
    try:
        value = value_type(type(mission), ".".join(names)).load(text)
    except ValueError:
        return False
    key = at.before.get(("prestataire", CLE))
    whose = {"prestataire": {CLE: key}} if key else {}
    found: Any = lent_to(_saying(mission, names, value), at.model, whose)
    for step in way:
        if not isinstance(found, Mapping):
            return found is not None
        found = found.get(step)
    return found is not None


def _saying(bloc: B, names: Sequence[str], value: Any) -> B:
    """The same part, with another value at the end of these names."""
    first, *rest = names
    said = _saying(getattr(bloc, first), rest, value) if rest else value
    return bloc.model_copy(update={first: said})


def _in_row(path: str, way: Trail) -> Trail:
    """The way to that field of the mission, in the row that ``way`` names, when both have the same
    name, and their list too; none otherwise.
    """
    above, _, own = path.rpartition("[].")
    rows = [number for number, step in enumerate(way) if isinstance(step, Row)]
    if not rows or not above:
        alone = not rows and not above and path.rpartition(".")[2] == way[-1]
        return tuple(path.split(".")) if alone else ()
    names, below = above.split("."), way[rows[-1] + 1 :]
    same = len(rows) == 1 and names[-1] == way[rows[0] - 1] and tuple(own.split(".")) == below
    return (*names, way[rows[0]], *below) if same and "[]" not in above else ()
