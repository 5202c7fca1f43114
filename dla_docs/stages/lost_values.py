"""Les valeurs qu'un modèle Word imprime toujours, et qu'une page ne dit pas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from dla_docs.constat import Constat
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
    for path, leaf, value in _filled(request.values, node, "", _way_to(template.always)):
        if leaf.path not in template.always or value is None or value == "":
            continue  # « profil » leads to what the profile prints, and is not printed itself
        text = typesetter(leaf)(format_value(leaf.format, value))
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


def flat(text: str) -> str:
    """Un texte comme une page se lit : sans les signes que seule une police de symboles dessine, ni
    blancs de trop.
    """
    return " ".join((text if text.isascii() else PRIVATE_SIGN.sub("", text)).split())


@lru_cache(64)
def _way_to(paths: frozenset[str]) -> frozenset[str]:
    """These paths, and those of what holds them."""
    steps = (path.split(".") for path in paths)
    return paths | {
        ".".join(way[:last]).removesuffix("[]") for way in steps for last in range(1, len(way))
    }


def _filled(
    given: object, node: Node, path: str, wanted: frozenset[str]
) -> Iterator[tuple[str, Node, object]]:
    """What is given to the template at the ``wanted`` paths: each value, and each printed text that
    applies.
    """
    if not isinstance(given, Mapping):
        return
    for child in node.children.values():
        if child.path not in wanted:
            continue
        value, way = given.get(child.name), f"{path}{child.name}"
        if child.kind is Kind.LEAF or child.kind is Kind.NOTE:
            yield way, child, value
        elif child.kind is Kind.PART:
            yield from _filled(value, child, f"{way}.", wanted)
        elif isinstance(value, list):
            for number, row in enumerate(value):
                yield from _filled(row, child, f"{way}[{number}].", wanted)
