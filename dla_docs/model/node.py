"""L'arbre de ce qu'un modèle déclare : un nœud par champ, lu par tous (verdict, contrat du modèle
Word, formulaire, docs).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property, lru_cache

from dla_docs.model.recipients import DonneePersonnelle
from dla_docs.model.requirement import Exigence
from dla_docs.model.typography import accented
from dla_docs.spelling import slugged

KEPT = 8192  # paths worked out once, a mission has a few thousand of them


class Kind(Enum):
    """Ce qu'est un nœud : une valeur, une partie, une suite de lignes, un texte imprimé."""

    LEAF = "valeur"
    PART = "partie"
    ROWS = "lignes"
    NOTE = "texte"


@dataclass(frozen=True)
class Node:
    """Un champ du modèle. ``path`` est son chemin, ``[]`` marquant les lignes :
    ``etapes[].prevu.date``.
    """

    name: str
    path: str
    kind: Kind
    label: str = ""
    children: dict[str, Node] = field(default_factory=dict)
    format: str = "texte"  # a name of dla_docs.model.formats.FORMATS; leaves only
    choices: tuple[str, ...] = ()  # what a leaf of a closed list may hold, as printed
    exigences: tuple[Exigence, ...] = ()
    roles: frozenset[str] = frozenset()  # who fills it: charge_de_mission, structure, prestataire…
    text: str = ""  # what a NOTE prints
    heading: bool = False  # this NOTE is the very title of the part that holds it
    multiline: bool = False
    picture: str = ""  # the list that a template prints to show an image of this part
    personal: DonneePersonnelle | None = None  # whom it speaks of
    contact: bool = False  # it says how to reach a person
    column: bool = False  # the column is asked for, and a cell of it may stay empty

    def walk(self) -> Iterator[Node]:
        """Ce nœud et tous ceux qu'il contient, dans l'ordre du formulaire."""
        yield self
        for child in self.children.values():
            yield from child.walk()

    def leaves(self) -> Iterator[Node]:
        """Les valeurs, dans l'ordre du formulaire."""
        return (node for node in self.walk() if node.kind is Kind.LEAF)

    @cached_property
    def spellings(self) -> dict[str, Node]:
        """Ses champs, par leur nom et comme le formulaire les imprime : les gens écrivent l'un et
        l'autre.
        """
        return _spellings(self.children.values())

    @cached_property
    def spellings_below(self) -> dict[str, Node]:
        """De même, tous les champs qu'il contient, et lui."""
        return _spellings(self.walk())

    @cached_property
    def at(self) -> dict[str, Node]:
        """Tous les champs qu'il contient, par leur chemin sans rang."""
        return {node.path: node for node in self.walk() if node.path}

    def find(self, path: str) -> Node | None:
        """Le nœud d'un chemin (``etapes[].prevu.date`` ou ``etapes[3].prevu.date``),
        ou ``None``."""
        node: Node | None = self
        for name in path.split("."):
            if node is None:
                return None
            node = node.children.get(name.split("[", 1)[0])
        return node


def _spellings(nodes: Iterable[Node]) -> dict[str, Node]:
    said: dict[str, Node] = {}
    for node in nodes:
        if node.name and node.kind is not Kind.NOTE:
            said.setdefault(node.name, node)
            said.setdefault(slugged(node.label) or node.name, node)
    return said


def place(root: Node, path: str) -> str:
    """Où la page montre un champ : « Étape 2 › État de réalisation › Date », les lignes comptées à
    partir de un ; vide d'un chemin qui n'en désigne pas.
    """
    said: list[str] = []
    node: Node | None = root
    for step in steps(path):
        if isinstance(step, int) and said:
            said[-1] = _row(said[-1], step + 1)
        elif node is None or isinstance(step, int) or (node := node.children.get(step)) is None:
            return ""
        else:
            said.append(accented(node.label.rstrip(" :")))
    return " › ".join(dict.fromkeys(filter(None, said)))


def told(root: Node, path: str) -> str:
    """Comment un message nomme un champ : son libellé quand il suffit ; sinon l'endroit qui le
    contient aussi, pour un champ d'une ligne, un libellé trop court ou que d'autres champs portent.
    """
    node = root.find(path)
    label = node.label.rstrip(" :") if node else ""
    alike = [one for one in root.walk() if one.label and one.label.rstrip(" :") == label]
    if not is_short(label) and len(alike) == 1 and "[" not in path:
        return accented(label)
    return place(root, path) or accented(label)


def is_short(label: str) -> bool:
    """Un libellé d'un seul mot (« Date »), qui ne dit pas de quoi il parle."""
    return len(re.findall(r"\w{3,}", label)) < 2


def _row(label: str, rank: int) -> str:
    one_word = label.endswith("s") and " " not in label
    return f"{label[:-1]} {rank}" if one_word else f"{label}, ligne {rank}"


@lru_cache(KEPT)
def steps(path: str) -> tuple[str | int, ...]:
    """Les pas d'un chemin : ``etapes[1].prevu.date`` → ``("etapes", 1, "prevu", "date")``."""
    return tuple(
        int(step) if step.isdigit() else step
        for step in path.replace("]", "").replace("[", ".").split(".")
        if step
    )


def dotted(loc: Iterable[str | int]) -> str:
    """Le chemin de pas : l'inverse de ``steps``."""
    return "".join(
        f"[{step}]" if isinstance(step, int) else f".{step}" for step in loc
    ).removeprefix(".")


@lru_cache(KEPT)
def schema_path(path: str) -> str:
    """Le chemin sans rangs : ``etapes[1].prevu`` → ``etapes[].prevu``."""
    return re.sub(r"\[\d+\]", "[]", path)
