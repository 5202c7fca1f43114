"""Les valeurs qu'un modèle Word imprime toujours, et qu'une page ne dit pas."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from dla_docs.constat import Constat
from dla_docs.model.document import Document
from dla_docs.model.formats import format_value
from dla_docs.model.node import Kind, Node
from dla_docs.stages.request import Request
from dla_docs.templating import Hole, Template
from dla_docs.templating.printing import typesetter
from dla_docs.word.signs import PRIVATE_SIGN


def lost(request: Request, template: Template, shown: Iterable[Hole]) -> Iterator[Constat]:
    """Les valeurs que le modèle lui-même a perdues en route ; ``shown`` : celles que la page montre
    comme imprimées.
    """
    printed: dict[str, set[str]] = {}
    for hole in shown:
        printed.setdefault(hole.path, set()).add(hole.text)
    node = type(request.document).schema_node()
    plan = _plan(type(request.document), template.always)
    for path, step, value in _filled(request.values, plan, ""):
        text = step.set_in_type(format_value(step.node.format, value))
        if text in (said := printed.get(path, ())):
            continue
        if (expected := flat(text)) and expected not in map(flat, said):
            yield missing(Hole(path, expected), node)


def missing(hole: Hole, node: Node) -> Constat:
    """Le constat d'une valeur qui devait être imprimée."""
    field, text = node.find(hole.path) if hole.path else None, flat(hole.text)
    label = f"{field.label} : " if field and field.label else ""
    where = f" ({hole.path})" if hole.path else ""
    return Constat(
        f"{label}« {text[:60]}{'…' * (len(text) > 60)} » devait être imprimé et ne l'est pas, "
        f"entier et à sa place{where}.",
        chemin=hole.path,
        exigences=tuple(e.id for e in field.exigences) if field else (),
    )


@lru_cache(4096)  # most of what a page says is said by others
def flat(text: str) -> str:
    """Un texte comme une page se lit : sans les signes que seule une police de symboles dessine, ni
    blancs de trop.
    """
    return " ".join((text if text.isascii() else PRIVATE_SIGN.sub("", text)).split())


@dataclass(frozen=True, slots=True)
class _Step:
    """A field that a template always prints, or that holds some: how its text is set, and what is
    below it.
    """

    name: str
    node: Node
    always: bool
    is_value: bool
    is_part: bool
    set_in_type: Callable[[str], str]
    below: tuple[_Step, ...]


Plan = tuple[_Step, ...]


@lru_cache(64)
def _plan(model: type[Document], always: frozenset[str]) -> Plan:
    """What is to be looked for in the documents of a kind, found once for each template."""
    return _steps(model.schema_node(), always, way_to(always))


def _steps(node: Node, always: frozenset[str], wanted: frozenset[str]) -> Plan:
    return tuple(
        _Step(
            child.name,
            child,
            child.path in always,
            child.kind in (Kind.LEAF, Kind.NOTE),
            child.kind is Kind.PART,
            typesetter(child),
            _steps(child, always, wanted),
        )
        for child in node.children.values()
        if child.path in wanted
    )


@lru_cache(64)
def way_to(paths: frozenset[str]) -> frozenset[str]:
    """Ces chemins, et ceux de ce qui les tient."""
    steps = (path.split(".") for path in paths)
    return paths | {
        ".".join(way[:last]).removesuffix("[]") for way in steps for last in range(1, len(way))
    }


def _filled(given: object, plan: Plan, path: str) -> Iterator[tuple[str, _Step, object]]:
    """What is given to the template there, and always printed: each value, each printed text that
    applies.
    """
    if not isinstance(given, Mapping):
        return
    for step in plan:
        value = given.get(step.name)
        if step.is_value:
            # « profil » leads to what the profile prints, and is not printed itself
            if step.always and value is not None and value != "":
                yield f"{path}{step.name}", step, value
        elif step.is_part:
            yield from _filled(value, step.below, f"{path}{step.name}.")
        elif isinstance(value, list):
            for number, row in enumerate(value):
                yield from _filled(row, step.below, f"{path}{step.name}[{number}].")
