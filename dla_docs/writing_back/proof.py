"""La preuve d'une écriture : la mission, relue, dit la réponse, et rien d'autre n'y a changé que ce
qui la cite ou en découle.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dla_docs.raw.overlaying import CLE
from dla_docs.registry import DOCUMENTS
from dla_docs.writing_back.facts import Flat, Here, Row, State, Trail, keyed
from dla_docs.writing_back.standing import Answer, Put, Standing, speaking

Difference = tuple[Here, Trail, str, str]  # where, what it said, what it would say


def proves(
    at: Standing, state: State, asked: Mapping[tuple[str, ...], str], puts: Sequence[Put]
) -> bool:
    """Vrai quand les fichiers, relus, disent ``asked`` et que tout ce qui y diffère en découle."""
    answers = [one.answer for one in puts]
    said = {keyed(one): value for one, value in at.said_in(state).items()}
    new = {one for one in said.keys() - asked.keys() if one[-1] == CLE}  # a new row has a key
    found = speaking({one: value for one, value in said.items() if one not in new})
    asked = speaking(asked)
    was = {keyed(one): one for one in at.before}
    now = {keyed(one): one for one in at.said_in(state)}
    strange = {one for one in {*found, *asked} if found.get(one) != asked.get(one)}
    printed = {one.printed for one in answers if one.text}
    printed |= {one.said for one in puts if isinstance(one.said, str)}
    own = {keyed(one.way) for one in answers} | {one for put in puts for one in _rewritten(put)}
    return all(
        one not in own
        and (
            _is_told(at, at.here, was[one], asked.get(one), found.get(one), answers)
            if one in was
            else found.get(one) in printed and _follows(at, at.here, now[one])
        )
        for one in strange
    ) and all(
        _kept(at, state, place, before, answers, printed)
        for place, before in at.state.said.items()
        if place != at.here
    )


def _rewritten(put: Put) -> Iterator[tuple[str, ...]]:
    """What a part says that was a plain text, and is written anew with its keys: that is not to
    change, the key by which a document names a prestataire into his name for one.
    """
    part = put.answer.way[: len(put.answer.way) - len(put.spot.rest)]
    return (keyed((*part, name)) for name in put.spot.first)


def _kept(
    at: Standing,
    state: State,
    place: Here,
    before: Flat,
    answers: Sequence[Answer],
    printed: set[str],
) -> bool:
    """Elsewhere nothing that is written is lost, and what differs is the very fact that
    changed, or follows from it.
    """
    said = state.said.get(place, {})
    if said == before:
        return True
    now = {keyed(one): (value, one) for one, value in said.items()}
    for one, value in before.items():
        found, _ = now.pop(keyed(one), (None, one))
        changed = found in printed if printed else found is None
        if found == value or changed:
            continue
        taken_back = found is None and _is_taken_back(at, state, place, one, answers)
        if not (taken_back or _is_told(at, place, one, value, found, answers)):
            return False
    return all(
        value in printed or one[-1] == CLE or _follows(at, place, one)
        for value, one in now.values()
    )


def _is_taken_back(
    at: Standing, state: State, place: Here, way: Trail, answers: Sequence[Answer]
) -> bool:
    """What another document only repeated of this one, until a question that had no answer got its
    own: a request for a change, once it is refused. This one still says it.
    """
    kept = {line for value in at.said_in(state).values() for line in value.splitlines()}
    first = all(one.text and one.way not in at.before for one in answers)
    repeated = kept.issuperset(at.state.said[place][way].splitlines())
    return first and repeated and _follows(at, place, way)


def _is_told(
    at: Standing,
    place: Here,
    way: Trail,
    value: str | None,
    found: str | None,
    answers: Sequence[Answer],
) -> bool:
    """What follows from the fact; an answer that makes another value vanish is not that."""
    if value is not None and found is None and all(one.text for one in answers):
        return False
    return _follows(at, place, way)


def _follows(at: Standing, place: Here, way: Trail) -> bool:
    """What no file holds for itself follows from elsewhere: the result that a notification
    announces, the number of the steps of a proposal.
    """
    slug, rank = place
    model = DOCUMENTS.get(slug)
    if model is None:
        return False
    return at.desk.find(model, way, at.desk.start_of(model, rank)).rest != ()


def gone(at: Standing, state: State, answer: Answer) -> dict[Here, list[Trail]]:
    """Ce que les documents ne diraient plus, par document, une fois cette réponse écrite."""
    gone = dict[Here, list[Trail]]()
    for place, before in at.state.said.items():
        kept = {keyed(one) for one in state.said.get(place, {})}
        own = keyed(answer.way) if place == at.here else ()
        lost = [one for one in before if one[-1] != CLE and keyed(one) not in {*kept, own}]
        gone |= {place: lost} if lost and answer.text else {}
    return gone


def changed(at: Standing, state: State, way: Trail) -> list[Difference]:
    """Ce que les documents diraient autrement dans ces fichiers, hors de ce que tient ``way``."""
    found = []
    for place, before in {**at.state.said, at.here: at.before}.items():
        after = at.said_in(state) if place == at.here else state.said.get(place, {})
        now = {keyed(one): value for one, value in after.items()}
        found += [
            (place, one, value, now.get(keyed(one), ""))
            for one, value in before.items()
            if now.get(keyed(one)) != value and one[-1] != CLE
            if place != at.here or keyed(one)[: len(way)] != keyed(way)
        ]
    return found


def changed_without(at: Standing, state: State, way: Trail) -> list[Difference]:
    """Ce que les documents diraient autrement dans ces fichiers, où une ligne n'est plus, que son
    absence n'explique pas.
    """
    found: list[Difference] = []
    for place, before in {**at.state.said, at.here: at.before}.items():
        after = at.said_in(state) if place == at.here else state.said.get(place, {})
        now = _ranked(after, way)
        gone = _differing(_ranked(before, way, without=True), now)
        kept = gone if place == at.here else _differing(_ranked(before, way), now)
        if place != at.here:
            kept = [
                (one, was, then)
                for one, was, then in kept
                if any(isinstance(step, Row) for step in one) or not _follows(at, place, one)
            ]
        found += [(place, *one) for one in min(gone, kept, key=len)]
    return found


Ranked = dict[tuple[str, ...], tuple[Trail, str]]


def _differing(was: Ranked, now: Ranked) -> list[tuple[Trail, str, str]]:
    return [
        ((was.get(key) or now[key])[0], was.get(key, ((), ""))[1], now.get(key, ((), ""))[1])
        for key in {**was, **now}
        if was.get(key, ((), ""))[1] != now.get(key, ((), ""))[1]
    ]


def _ranked(said: Flat, way: Trail, without: bool = False) -> Ranked:
    """What a document says, the rows of the list where ``way`` leads named by their rank alone: a
    key that follows from it changes with it; ``without``: all but the row itself.
    """
    above, row = way[:-1], way[-1]
    rows = dict.fromkeys(one[len(above)] for one in said if _is_in(one, above))
    order = [one for one in rows if not (without and isinstance(row, Row) and _is_same(one, row))]
    found: Ranked = {}
    for one, value in said.items():
        if not _is_in(one, above):
            found[keyed(one)] = one, value
        elif one[len(above)] in order and one[len(above) + 1 :] != (CLE,):
            rank = f"#{order.index(one[len(above)])}"
            found[(*keyed(above), rank, *keyed(one[len(above) + 1 :]))] = one, value
    return found


def _is_in(one: Trail, above: Trail) -> bool:
    return len(one) > len(above) and keyed(one[: len(above)]) == keyed(above)


def _is_same(one: str | Row, row: Row) -> bool:
    return isinstance(one, Row) and (one.cle == row.cle if row.cle else one.rank == row.rank)
