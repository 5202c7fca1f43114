"""Où vit un fait : le fichier, et l'endroit de ce fichier, où une valeur d'un document est écrite.

Un document reçoit la plupart de ses faits d'ailleurs : de l'en-tête de la mission, de la liste des
sollicités, d'un fichier cité. Un chemin du document mène donc à plusieurs endroits possibles ;
celui qui convient est celui dont la retouche, relue, change ce fait-là et lui seul.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from dla_docs.files import read_text
from dla_docs.mission import Mission
from dla_docs.model.bloc import Bloc, bloc_of
from dla_docs.model.document import Document
from dla_docs.model.formats import format_value
from dla_docs.model.node import Kind, Node
from dla_docs.profils.profil import Profil
from dla_docs.raw.editing import Way, edited
from dla_docs.raw.nodes import Step
from dla_docs.raw.overlaying import CLE, says_something
from dla_docs.raw.written import Written, read_nodes, value_of
from dla_docs.stages.cited_files import is_citation
from dla_docs.stages.loading import load_text


class Row(NamedTuple):
    """Un pas vers une ligne : sa clé, et son rang là où le fichier n'en donne pas."""

    cle: str
    rank: int


Trail = tuple[str | Row, ...]
Flat = dict[Trail, str]
Here = tuple[str, int]  # a document: its kind and its rank; the mission itself under no name


@dataclass
class State:
    """Ce que disent des fichiers : chaque document à sa place, la mission elle-même sans nom."""

    whole: Document
    said: dict[Here, Flat]


def flat(document: Document) -> Flat:
    """Ce que dit un document, une valeur imprimée par chemin ; les lignes y portent leur clé, sinon
    leur rang.
    """
    found: Flat = {}
    _gather(found, document, type(document).schema_node(), ())
    return found


def _gather(found: Flat, bloc: Bloc, node: Node, way: Trail) -> None:
    held = vars(bloc)
    for name, child in node.children.items():
        kind = child.kind
        if kind is Kind.NOTE:
            continue
        value = held[name]
        if kind is Kind.LEAF:
            if value is not None and value != "":
                found[*way, name] = format_value(child.format, value)
        elif kind is Kind.PART:
            _gather(found, value, child, (*way, name))
        else:
            for rank, row in enumerate(value):
                key = Row(str(getattr(row, CLE, None) or ""), rank)
                _gather(found, row, child, (*way, name, key))


def keyed(way: Trail) -> tuple[str, ...]:
    """Le même chemin, où une ligne est nommée par sa clé, sinon par son rang : ce qui compare deux
    états d'un document.
    """
    return tuple([step if isinstance(step, str) else step.cle or f"#{step.rank}" for step in way])


def nested(said: Mapping[Trail, str]) -> Any:
    """Ces valeurs en parties et en lignes, comme un fichier les écrit."""
    if () in said:
        return said[()]
    below: dict[str | Row, dict[Trail, str]] = {}
    for (step, *rest), value in said.items():
        below.setdefault(step, {})[tuple(rest)] = value
    rows = sorted(
        (step for step in below if isinstance(step, Row)), key=lambda row: (row.rank, row.cle)
    )
    if rows:
        return [nested(below[row]) for row in rows]
    return {str(step): nested(one) for step, one in below.items()}


@dataclass(frozen=True)
class Desk:
    """Les fichiers d'une mission, ouverts : leur texte, tel qu'il serait une fois retouché.
    ``counts_blank`` : une ligne où rien n'est écrit compte dans le rang des autres.
    """

    root: Path
    profil: Profil | str | Path | None = None
    texts: Mapping[Path, str] = field(default_factory=dict)
    counts_blank: bool = True

    def text(self, file: Path) -> str:
        """Le texte d'un fichier : retouché, sinon celui du disque. ``InputError`` s'il ne se lit
        pas.
        """
        return self.texts.get(file.resolve()) or read_text(file)

    def load(self) -> Document:
        """Le document ou la mission de ces textes. ``InputError`` s'ils ne se lisent pas."""
        return load_text(self.text(self.root), self.root, self.profil, self.text)

    def state(self) -> State:
        """Ce que disent ces textes, relus. ``InputError`` s'ils ne se lisent pas."""
        whole = self.load()
        said = {("", 0): flat(whole)}
        if isinstance(whole, Mission):
            for slug, documents in whole.documents.items():
                said |= {(slug, rank): flat(one) for rank, one in enumerate(documents)}
        return State(whole, said)

    def put(self, spot: Spot, value: Any) -> Desk:
        """Les mêmes fichiers, une valeur posée. ``UneditableError`` quand l'endroit ne s'y prête
        pas.
        """
        way, whole = spot.edit(value)
        text = edited(self.text(spot.file), way, whole)
        return replace(self, texts={**self.texts, spot.file.resolve(): text})

    def start_of(self, model: type[Document], rank: int) -> Way:
        """Le chemin, dans le fichier d'une mission, d'un document de cette sorte : dans la liste
        qu'ils forment, ou seul sous son nom.
        """
        slug = model.slug()
        first = self.find(model, (), ("documents", slug, 0))
        listed = not first.rest and first.before is None
        return ("documents", slug, rank) if listed or rank else ("documents", slug)

    def find(self, model: type[Bloc], way: Trail, start: Way = ()) -> Spot:
        """L'endroit du texte où mène un chemin, à travers les fichiers cités."""
        return _Walk(self, model).along(start, way)


@dataclass(frozen=True)
class Spot:
    """Un endroit d'un fichier ; ``rest`` : ce qu'il faut encore y faire pour tenir le chemin."""

    file: Path
    way: Way
    rest: Trail = ()
    first: Mapping[str, str] = field(default_factory=dict)  # what a new row says before all else
    before: Any = None  # the row that stands alone there, and becomes the first of a list

    @property
    def is_there(self) -> bool:
        """Vrai quand le fichier dit déjà quelque chose à cet endroit même."""
        return not self.rest and not self.first

    def line_in(self, desk: Desk) -> int:
        """La ligne de son fichier où il est écrit, comptée de un."""
        return desk.text(self.file).count("\n", 0, self._node(desk).start) + 1

    def says_something(self, desk: Desk) -> bool:
        """Vrai quand le fichier y dit autre chose que rien, « - {} »."""
        return self.is_there and says_something(value_of(self._node(desk)))

    def _node(self, desk: Desk) -> Written:
        node = read_nodes(desk.text(self.file))
        for step in self.way:
            child = node.real.child(step)
            if child is None:  # taken up from elsewhere: here it is to be written
                break
            node = child
        return node

    def edit(self, text: Any) -> tuple[Way, Any]:
        """Le chemin à poser dans le texte, et sa valeur ; ``None`` ôte ce qui s'y trouve."""
        if not self.rest:
            return self.way, text
        step, *others = self.rest
        if self.before is not None:
            return self.way, [self.before, {**self.first, **_made(self.rest, text)}]
        if self.first:
            return self.way, {**self.first, **_made(self.rest, text)}
        if isinstance(step, str):
            return (*self.way, step), _made(tuple(others), text)
        return self.way, _made(self.rest, text)


def _made(rest: Trail, text: Any) -> Any:
    value: Any = text
    for step in reversed(rest):
        if isinstance(step, str):
            value = {step: value}
        else:
            value = [{**({CLE: step.cle} if step.cle else {}), **value}]
    return value


class _Walk:
    """Un chemin suivi dans les textes, à travers ancres et fichiers cités."""

    def __init__(self, desk: Desk, model: type[Bloc]) -> None:
        self.desk, self.model = desk, model
        self.file = desk.root
        self.way: Way = ()
        self.node = read_nodes(desk.text(desk.root))

    def along(self, start: Way, way: Trail) -> Spot:
        for number, first in enumerate(start):
            here = self._here()
            if (child := here.held(first)) is None and here.kind == "list":
                return Spot(self.file, (*self.way, len(here.items)), way)
            if child is None and here.kind == "map" and isinstance(first, int):
                return Spot(self.file, self.way, way, before=value_of(here))
            if child is None:
                return Spot(self.file, self.way, (*map(_as_step, start[number:]), *way))
            self._enter((first,), child)
        held: type[Bloc] | None = self.model
        for number, step in enumerate(way):
            spot = self._taken(step, held, way[number:])
            if spot is not None:
                return spot
            if isinstance(step, str) and held is not None:
                held = bloc_of(held, step) if step in held.model_fields else None
        return Spot(self.file, self.way)

    def _taken(self, step: str | Row, held: type[Bloc] | None, rest: Trail) -> Spot | None:
        """One step further; where it cannot go on, the place to begin from."""
        node = self._here()
        if node.kind == "scalar" and node.value and held is not None and held.principal:
            return self._as_part(node, held.principal, rest)
        if isinstance(step, str):
            child = node.held(step)
            if child is None:
                return Spot(self.file, self.way, rest)
            self._enter((step,), child)
            return None
        return self._row(node, step, held, rest)

    def _as_part(self, node: Written, principal: str, rest: Trail) -> Spot:
        """A part written as a plain text, « - Un plan », is written with its keys from now on."""
        if rest[:1] == (principal,):
            return Spot(self.file, self.way)
        return Spot(self.file, self.way, rest, {principal: node.value})

    def _row(self, node: Written, row: Row, held: type[Bloc] | None, rest: Trail) -> Spot | None:
        fields = held.model_fields if held is not None else {}
        if node.kind == "map":
            if node.keys & fields.keys():  # a single row, written without its dash
                return None if row.rank == 0 else self._second(node, row, rest, fields)
            child = node.held(row.cle)
            if child is None:
                return Spot(self.file, (*self.way, row.cle), rest[1:])
            self._enter((row.cle,), child)
            return None
        if node.kind != "list":
            return Spot(self.file, self.way, rest)
        rank = read = 0  # the row's own, among those that count, and among those that are read
        for place, (_, item) in enumerate(node.items):
            is_blank = not says_something(value_of(item))
            if is_blank and not self.desk.counts_blank:
                continue
            if self._is(item, rank, -1 if is_blank else read, row, held):
                self._enter((place,), item)
                return None
            rank, read = rank + 1, read + (not is_blank)
        first = {CLE: row.cle} if row.cle and CLE in fields else {}
        return Spot(self.file, (*self.way, len(node.items)), rest[1:], first)

    def _second(self, node: Written, row: Row, rest: Trail, fields: Mapping[str, object]) -> Spot:
        """A second row, where one is written without its dash: both are written as a list."""
        first = {CLE: row.cle} if row.cle and CLE in fields else {}
        return Spot(self.file, self.way, rest[1:], first, value_of(node))

    def _is(self, item: Written, rank: int, read: int, row: Row, held: type[Bloc] | None) -> bool:
        """Whether an item is that row, whose rank is that of the list once it is read, which drops
        the blank ones; the key made of a rank may be older, and count them.
        """
        if not row.cle:
            return read == row.rank
        whole = _Walk.__new__(_Walk)
        whole.desk, whole.file, whole.way, whole.node = self.desk, self.file, (), item
        whole._enter((), item)
        cle = whole._here().held(CLE)
        if cle is not None and cle.value:
            return cle.value == row.cle
        if held is not None and held.cle_propre is not Bloc.cle_propre:
            return read == row.rank  # its key is that of its name, which another file may hold
        return f"{held.prefixe if held is not None else ''}{rank + 1}" == row.cle

    def _enter(self, step: Way, node: Written) -> None:
        """Into a node, and into the file that is cited there, if one is."""
        self.way, self.node = (*self.way, *step), node
        while self.node.kind == "scalar" and is_citation(self.node.value):
            self.file = self.file.parent / self.node.value.strip().replace("\\", "/")
            self.way, self.node = (), read_nodes(self.desk.text(self.file))

    def _here(self) -> Written:
        """The node, or what the anchor that it cites stands for."""
        return self.node.real


def _as_step(step: Step) -> str | Row:
    return Row("", step) if isinstance(step, int) else step
