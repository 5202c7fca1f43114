"""Un champ là où le modèle Word l'imprime : le nœud, sa classe, et son chemin tel que la personne qui retouche le modèle l'écrit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from dla_docs.document import Bloc, Document, bloc_of, declaration
from dla_docs.exigence import Exigence, Force
from dla_docs.modele.typography import typeset
from dla_docs.schema import Kind, Node

RESERVED = frozenset({"profil", "brouillon", "formulaire", "loop", "if", "elif", "else", "for", "in", "is", "not", "and", "or", "none", "true", "false"})
MOST_FACTS = 16  # an expression has its limits; a longer part is always printed
COMPELLING = (Force.OBLIGATOIRE, Force.STRUCTURE)
NUMBERS = frozenset({"nombre", "montant", "montant_ht", "annee", "jours", "pourcentage", "heure"})  # whose zero says something


@dataclass(frozen=True)
class Item:
    """``names`` : les noms déjà pris autour ; ``first`` : la première valeur d'une partie exigée, imprimée même vide."""

    node: Node
    owner: type[Bloc]
    path: str
    names: frozenset[str] = frozenset()
    first: bool = False

    @property
    def kind(self) -> Kind:
        return self.node.kind

    @property
    def label(self) -> str:
        """Le libellé officiel, avec ses espaces insécables."""
        return typeset(self.node.label)

    @property
    def bloc(self) -> type[Bloc]:
        """La classe d'une partie ou d'une suite de lignes."""
        found = bloc_of(self.owner, self.node.name)
        if found is None:
            raise TypeError(f"{self.path} is a leaf")
        return found

    @property
    def long(self) -> bool:
        """Vrai pour un texte de plusieurs lignes."""
        return self.kind is Kind.LEAF and self.node.multiline

    @property
    def compact(self) -> bool:
        """Vrai pour une partie, ou des lignes, dont chacune tient dans une cellule."""
        return self.kind in (Kind.PART, Kind.ROWS) and bool(self.bloc.en_bref)

    @property
    def conditional(self) -> bool:
        """Vrai quand le champ n'est demandé que dans certains cas."""
        if self.kind is Kind.NOTE:
            return self.owner.mentions()[self.node.name].si is not None
        return declaration(self.owner, self.node.name).si is not None

    @property
    def leading(self) -> bool:
        """Vrai pour un texte en tête de sa partie : il ne se sépare pas de ce qu'il présente."""
        return self.kind is Kind.NOTE and not self.owner.mentions()[self.node.name].apres

    @property
    def compelled(self) -> bool:
        """Vrai quand un guide demande que ce champ, ou l'un de ceux qu'il contient, soit imprimé."""
        return self.first or _compels(self.node)

    @property
    def guard(self) -> str:
        """Ce qui doit être vrai pour que le champ soit imprimé ; vide quand il l'est toujours."""
        if self.conditional:
            return self._applies()
        return "" if self.compelled or len(self.facts) > MOST_FACTS else f"{self.filled} or formulaire"

    @property
    def filled(self) -> str:
        """Ce qui est vrai quand le champ dit quelque chose."""
        return " or ".join(self.facts)

    @property
    def facts(self) -> list[str]:
        """Ce qui est vrai quand l'une des valeurs du champ est là : une partie blanche est vraie, elle aussi."""
        if self.kind is Kind.PART:
            return [fact for child in self.children() if child.kind is not Kind.NOTE for fact in child.facts]
        return [f"{self.path} is not none" if self.node.format in NUMBERS else self.path]

    def _applies(self) -> str:
        if self.kind is not Kind.LEAF:
            return self.path  # a part that does not apply is an empty mapping, a part still blank is not
        gap = f" or brouillon and {self.path} is none" if self.compelled else ""
        return f"{self.filled} or formulaire{gap}"

    def children(self) -> Iterator[Item]:
        """Ce que contient une partie, dans l'ordre du formulaire, ôté ce que la page ne montre pas."""
        yield from _printable(self.bloc, self.node, f"{self.path}.", self.names, self.first or compels(self.node.exigences))

    def child(self, name: str) -> Item:
        """Le champ de ce nom, ou de ce chemin ; ``LookupError`` quand une indication de mise en page en nomme un que la page ne montre pas."""
        first, _, below = name.partition(".")
        for child in self.children():
            if child.node.name == first:
                return child.child(below) if below else child
        raise LookupError(f"{self.bloc.__name__} : la mise en page nomme « {name} », qui n'est pas un champ imprimé")

    def row(self) -> Item:
        """Une ligne, telle que la boucle la nomme."""
        name = self._row_name()
        return replace(self, path=name, names=self.names | {name}, first=self.first)

    @property
    def loop(self) -> str:
        """La boucle qui parcourt les lignes : ``for etape in etapes``."""
        return f"for {self._row_name()} in {self.path}"

    def leaves(self) -> Iterator[Item]:
        """Les valeurs d'une partie ou d'une ligne, dans l'ordre, sans celles des lignes qu'elle contient."""
        for child in self.children():
            if child.kind is Kind.LEAF:
                yield child
            elif child.kind is Kind.PART:
                yield from child.leaves()

    def answers(self) -> Iterator[Item]:
        """Ce que montre une ligne de grille, cellule par cellule : les valeurs, et chaque suite de lignes d'un seul tenant."""
        for child in self.children():
            if child.kind is Kind.PART:
                yield from child.answers()
            elif child.kind is not Kind.NOTE:
                yield child

    def _row_name(self) -> str:
        name = self.node.name[:-1] if self.node.name.endswith(("s", "x")) else _snake(self.bloc.__name__)
        while name in self.names:
            name += "_"
        return name


def items_of(model: type[Document]) -> list[Item]:
    """Les champs d'un document, dans l'ordre du formulaire."""
    root = model.schema_node()
    return list(_printable(model, root, "", RESERVED | frozenset(root.children), False))


def compels(exigences: tuple[Exigence, ...]) -> bool:
    """Vrai quand l'une de ces exigences veut que le champ soit imprimé."""
    return any(exigence.force in COMPELLING for exigence in exigences)


def _compels(node: Node) -> bool:
    """What a guide asks of the cells of a table bears on its rows, and there may be none."""
    return compels(node.exigences) or (node.kind is Kind.PART and any(map(_compels, node.children.values())))


def _printable(bloc: type[Bloc], node: Node, prefix: str, names: frozenset[str], compelled: bool) -> Iterator[Item]:
    titles = {typeset(held.label) for held in (node, *node.children.values())}  # printed anyway, as headings
    for child in node.children.values():
        item = Item(child, bloc, f"{prefix}{child.name}", names, first=compelled)
        if child.name in bloc.hors_page or _is_empty(item) or (child.heading and typeset(child.text) in titles):
            continue
        yield item
        compelled = compelled and child.kind is Kind.NOTE


def _is_empty(item: Item) -> bool:
    """A part of which the page shows nothing: a logo, whose picture is printed elsewhere."""
    return bool(item.node.children) and not any(item.children())


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
