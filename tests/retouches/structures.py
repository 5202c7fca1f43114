"""Ce qui change toute une page d'un coup : ce qui était vide se remplit, des listes se vident, des
conditions basculent, des lignes viennent ou s'en vont, un autre profil, une autre charte, un autre
stade, un brouillon devenu définitif. Deux situations du même document, dans l'un ou l'autre sens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from dla_docs.errors import DlaDocsError
from dla_docs.model.document import Document
from dla_docs.model.validation import validated
from dla_docs.resources import profile_names
from dla_docs.retouches.refresh import Rafraichi, merged, refresh
from dla_docs.stages.envelope import data_of, open_envelope
from dla_docs.stages.rendering import fill
from dla_docs.stages.request import Request, resolve
from dla_docs.word.package import open_package

Data = dict[str, Any]
Edit = Callable[[Data], object]
CHARTERS = (
    {"couleur_principale": "#7A1F5C", "couleur_secondaire": "#2F6B1D"},
    {"police": "Caladea"},
    {"pied_de_page": "Une ligne de charte neuve"},
)
ASIDE = ("cle", "profil", "stade", "document", "fichier", "texte_alternatif")


@dataclass(frozen=True)
class Situation:
    """Un document, et comment on l'imprime."""

    document: Document
    profil: str | None = None
    brouillon: bool = True

    @property
    def request(self) -> Request:
        return resolve(self.document, self.profil, brouillon=self.brouillon)

    def page(self) -> bytes:
        """Ce que la mission en fait."""
        return fill(self.request)

    def on(self, held: bytes) -> Rafraichi:
        """Cette page retouchée, mise à cette situation : un définitif auquel il manque quelque
        chose ne se refait pas, et se compare pourtant.
        """
        sent = open_envelope(open_package(held))
        if self.brouillon and sent is not None and sent.brouillon:
            return refresh(held, self.document, self.profil)
        request = self.request
        return merged(held, fill(request), request.document)


def structured(document: Document, number: int) -> tuple[Situation, Situation]:
    """Deux situations de ce document qui n'ont pas la même page ; le numéro en dit la sorte."""
    random = Random(number)
    change = STRUCTURES[number % len(STRUCTURES)]
    before, after = change(Situation(document), random)
    return (after, before) if random.random() < 0.5 else (before, after)


def edited(document: Document, edits: Sequence[Edit]) -> Document:
    """Le même, avec tous ces changements, sauf ceux qui ne se peuvent pas."""
    data = _settled(type(document), data_of(document), edits)
    return validated(type(document), data).placed(document._mission, data, document._dossier)


def _settled(model: type[Document], data: Data, edits: Sequence[Edit]) -> Data:
    tried = deepcopy(data)
    try:
        for edit in edits:
            edit(tried)
        validated(model, tried)
    except (DlaDocsError, ValueError, LookupError):
        if len(edits) < 2:
            return data
        half = len(edits) // 2
        return _settled(model, _settled(model, data, edits[:half]), edits[half:])
    return tried


def emptied(held: Situation, random: Random) -> tuple[Situation, Situation]:
    """Ce qui est dit ne l'est plus : tout, ou la moitié."""
    most = random.choice((0.5, 1.0))
    names = [path for path in _leaves(data_of(held.document)) if isinstance(path[-1], str)]
    return held, _with(held, [_without(path) for path in names if random.random() < most])


def cleared(held: Situation, random: Random) -> tuple[Situation, Situation]:
    """Des listes n'ont plus de ligne."""
    most = random.choice((0.5, 1.0))
    chosen = [one for one in _lists(held) if random.random() < most]
    return held, _with(held, [_rows(one, list.clear) for one in chosen])


def flipped(held: Situation, random: Random) -> tuple[Situation, Situation]:
    """Chaque choix devient un autre, et avec lui les conditions qui en dépendent."""
    data, node = data_of(held.document), type(held.document).schema_node()
    edits = []
    for path in _leaves(data):
        said = "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in path)
        found, value = node.find(said.lstrip(".")), _at(data, path)
        others = [one for one in (found.choices if found is not None else ()) if one != value]
        if isinstance(value, bool):
            edits.append(_put(path, not value))
        elif others:
            edits.append(_put(path, random.choice(others)))
    return held, _with(held, edits)


def doubled(held: Situation, random: Random) -> tuple[Situation, Situation]:
    """Des lignes de plus, qui disent la même chose et n'ont pas de clé."""

    def more(rows: list[Any]) -> None:
        rows[1:1] = [_again(rows[0]) for _ in range(2)]

    return held, _with(held, [_rows(one, more) for one in _lists(held)])


def lengthened(held: Situation, random: Random) -> tuple[Situation, Situation]:
    """Une ligne de plus à chaque liste, en tête ou à la fin."""
    place = random.choice((0, 99))

    def more(rows: list[Any]) -> None:
        rows.insert(place, _again(rows[-1], "neuve"))

    return held, _with(held, [_rows(one, more) for one in _lists(held)])


def hollowed(held: Situation, random: Random) -> tuple[Situation, Situation]:
    """Une ligne de chaque liste ne dit plus rien."""

    def hollow(rows: list[Any]) -> None:
        rows[len(rows) // 2] = {"cle": "creuse"}

    return held, _with(held, [_rows(one, hollow) for one in _lists(held)])


def turned(held: Situation, random: Random) -> tuple[Situation, Situation]:
    """Les lignes dans l'autre ordre, ou la première ôtée."""
    turn: Callable[[list[Any]], object] = random.choice((list.reverse, lambda rows: rows.pop(0)))
    return held, _with(held, [_rows(one, turn) for one in _lists(held)])


def profiled(held: Situation, random: Random) -> tuple[Situation, Situation]:
    """Un profil, puis un autre."""
    one, other = random.sample(profile_names(), 2)
    return replace(held, profil=one), replace(held, profil=other)


def settled(held: Situation, random: Random) -> tuple[Situation, Situation]:
    """Un brouillon, puis un définitif ; plein, ou dont la moitié manque."""
    hollow = random.choice((held, emptied(held, random)[1]))
    return hollow, replace(hollow, brouillon=False)


def chartered(held: Situation, random: Random) -> tuple[Situation, Situation]:
    """La charte de l'opérateur."""
    charter = random.choice(CHARTERS)

    def wear(data: Data) -> None:
        data.setdefault("operateur", {})["charte"] = charter

    return held, _with(held, [wear])


def staged(held: Situation, random: Random) -> tuple[Situation, Situation]:
    """Un autre stade ; d'un document qui n'en a pas, ses choix."""
    stages = list(type(held.document).stades or ())
    if not stages:
        return flipped(held, random)
    one, other = random.sample(stages, 2)
    first, then = (_with(held, [_put(("stade",), str(stage))]) for stage in (one, other))
    return first, then


STRUCTURES = (
    emptied,
    cleared,
    flipped,
    doubled,
    lengthened,
    hollowed,
    turned,
    profiled,
    settled,
    chartered,
    staged,
)


def _with(held: Situation, edits: Sequence[Edit]) -> Situation:
    return replace(held, document=edited(held.document, edits))


def _again(row: Any, key: str = "") -> Any:
    fresh = deepcopy(row)
    if isinstance(fresh, dict):
        fresh.pop("cle", None)
        fresh |= {"cle": key} if key else {}
    return fresh


def _at(data: Any, path: Sequence[str | int]) -> Any:
    for step in path:
        data = data[step]
    return data


def _put(path: Sequence[str | int], value: Any) -> Edit:
    return lambda data: _at(data, path[:-1]).__setitem__(path[-1], value)


def _without(path: Sequence[str | int]) -> Edit:
    return lambda data: _at(data, path[:-1]).pop(path[-1], None)


def _rows(path: Sequence[str | int], change: Callable[[list[Any]], object]) -> Edit:
    return lambda data: change(_at(data, path))


def _lists(held: Situation) -> list[tuple[str | int, ...]]:
    """Those of the document itself: one in a row goes with it."""
    data = data_of(held.document)
    return [
        path
        for path in _paths(data)
        if path and isinstance(found := _at(data, path), list) and found
        if not any(isinstance(step, int) for step in path)
    ]


def _leaves(data: Data) -> list[tuple[str | int, ...]]:
    return [
        path
        for path in _paths(data)
        if path and not isinstance(_at(data, path), list) and path[-1] not in ASIDE
    ]


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if not isinstance(value, dict | list):
        yield path
        return
    if isinstance(value, list):
        yield path
    for step, one in value.items() if isinstance(value, dict) else enumerate(value):
        yield from _paths(one, (*path, step))
