"""Un champ là où le modèle Word l'imprime : le nœud, sa classe, et son chemin tel que la personne
qui retouche le modèle l'écrit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from dla_docs.builder.printed_words import typeset
from dla_docs.model.bloc import Bloc, bloc_of, declaration
from dla_docs.model.document import Document
from dla_docs.model.node import Kind, Node
from dla_docs.model.requirement import COMPELLING, Exigence
from dla_docs.templating.scope import RESERVED as GIVEN

RESERVED = frozenset(
    {
        *GIVEN,
        "loop",
        "if",
        "elif",
        "else",
        "for",
        "in",
        "is",
        "not",
        "and",
        "or",
        "none",
        "true",
        "false",
    }
)
MOST_REASONS, MOST_GAPS = 17, 4  # an expression has its limits; a longer part is always printed
GAP = "brouillon and "
NUMBERS = frozenset(
    {"nombre", "montant", "montant_ht", "annee", "jours", "jours_longs", "pourcentage", "heure"}
)  # whose zero says something


@dataclass(frozen=True)
class Item:
    """``names`` : les noms déjà pris autour ; ``first`` : la première valeur d'une partie exigée ;
    ``due`` : un guide veut son titre, imprimé même vide.
    """

    node: Node
    owner: type[Bloc]
    path: str
    names: frozenset[str] = frozenset()
    first: bool = False
    due: bool = False
    guests: Mapping[str, list[Item]] = field(
        default_factory=dict, compare=False
    )  # fields that live elsewhere, by the path that each follows

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
            held = self.owner.mentions()[self.node.name]
            return held.si is not None or bool(held.exigences)
        return declaration(self.owner, self.node.name).si is not None

    @property
    def leading(self) -> bool:
        """Vrai pour un texte en tête de sa partie : il ne se sépare pas de ce qu'il présente."""
        return self.kind is Kind.NOTE and not self.owner.mentions()[self.node.name].apres

    @property
    def compelled(self) -> bool:
        """Vrai quand un guide demande que ce champ, ou l'un de ceux qu'il contient,
        soit imprimé."""
        return self.first or _compels(self.node)

    @property
    def guard(self) -> str:
        """Ce qui doit être vrai pour que le champ soit imprimé ; vide quand il l'est toujours."""
        return either([self])

    @property
    def reasons(self) -> list[str]:
        """Ce dont l'un suffit pour que le champ soit imprimé ; rien quand il l'est toujours. Ce
        qu'un guide demande garde sa place sur un brouillon ; un définitif où il manque, et qui part
        pourtant, ne montre pas un titre sans rien dessous.
        """
        if self.conditional:
            return self._applies()
        if self.due or (self.kind is Kind.NOTE and self.compelled):
            return []
        if self.kind is Kind.PART and self.compelled:
            return self._reasons_below()
        return [*self.facts, "formulaire", *(["brouillon"] if self.compelled else [])]

    def _reasons_below(self) -> list[str]:
        """A part that asks only for what some cases ask for is empty in the others; a text of its
        own is always due. A title that a guide asks for is that of a part that says something.
        """
        children = list(self.children())
        titles = (child.exigences for child in self.node.children.values() if child.heading)
        texts = [child for child in children if child.kind is Kind.NOTE]
        if any(not text.conditional for text in texts):
            return []
        if any(map(compels, titles)):
            return [self.path]  # a part that says nothing is an empty mapping
        if self.first or compels(self.node.exigences):
            return [*self.facts, "formulaire", "brouillon"]
        found = [child.reasons for child in children]
        return [reason for reasons in found for reason in reasons] if all(found) else []

    @property
    def filled(self) -> str:
        """Ce qui est vrai quand le champ dit quelque chose."""
        return " or ".join(self.facts)

    @property
    def facts(self) -> list[str]:
        """Ce qui est vrai quand l'une des valeurs du champ est là : une partie blanche est vraie,
        elle aussi.
        """
        if self.kind is Kind.PART:
            return [
                fact
                for child in self.children()
                if child.kind is not Kind.NOTE
                for fact in child.facts
            ]
        if self.node.format not in NUMBERS:
            return [self.path]
        return [
            f"({self.path} or {self.path} == 0)" if self.conditional else f"{self.path} is not none"
        ]

    def _applies(self) -> list[str]:
        if self.kind is not Kind.LEAF:
            below = one_of(self._reasons_below()) if self.kind is Kind.PART else ""
            return [
                f"{self.path} and ({below})" if below else self.path
            ]  # a part that does not apply is an empty mapping
        gap = (
            [f"{GAP}{self.path} is none"] if self.compelled else []
        )  # what does not apply is an empty text
        return [*self.facts, "formulaire", *gap]

    def children(self) -> Iterator[Item]:
        """Ce que contient une partie, dans l'ordre du formulaire,
        ôté ce que la page ne montre pas."""
        yield from _printable(
            self.bloc,
            self.node,
            f"{self.path}.",
            self.names,
            self.first or compels(self.node.exigences),
            self.guests,
        )

    def child(self, name: str) -> Item:
        """Le champ de ce nom, ou de ce chemin ; ``LookupError`` quand une indication de mise en
        page en nomme un que la page ne montre pas.
        """
        first, _, below = name.partition(".")
        for child in self.children():
            if child.node.name == first:
                return child.child(below) if below else child
        raise LookupError(
            f"{self.bloc.__name__} : la mise en page nomme « {name} », qui n'est pas un champ "
            f"imprimé"
        )

    def row(self) -> Item:
        """Une ligne, telle que la boucle la nomme."""
        name = self._row_name()
        return replace(self, path=name, names=self.names | {name}, first=self.first)

    @property
    def loop(self) -> str:
        """La boucle qui parcourt les lignes : ``for etape in etapes``."""
        return f"for {self._row_name()} in {self.path}"

    def leaves(self) -> Iterator[Item]:
        """Les valeurs d'une partie ou d'une ligne, dans l'ordre, sans celles des lignes qu'elle
        contient.
        """
        for child in self.children():
            if child.kind is Kind.LEAF:
                yield child
            elif child.kind is Kind.PART:
                yield from child.leaves()

    def answers(self) -> Iterator[Item]:
        """Ce que montre une ligne de grille, cellule par cellule : les valeurs, et chaque suite de
        lignes d'un seul tenant.
        """
        for child in self.children():
            if child.kind is Kind.PART:
                yield from child.answers()
            elif child.kind is not Kind.NOTE:
                yield child

    def _row_name(self) -> str:
        name = (
            self.node.name[:-1]
            if self.node.name.endswith(("s", "x"))
            else _snake(self.bloc.__name__)
        )
        while name in self.names:
            name += "_"
        return name


def items_of(model: type[Document]) -> list[Item]:
    """Les champs d'un document, dans l'ordre du formulaire."""
    root = model.schema_node()
    names = RESERVED | frozenset(root.children)
    return list(_printable(model, root, "", names, False, _guests(model, root, names)))


def find(items: Iterable[Item], path: str) -> Item:
    """Le champ de ce chemin ; ``LookupError`` quand une indication de mise en page en nomme un que
    la page ne montre pas.
    """
    name, _, below = path.partition(".")
    for item in items:
        if item.node.name == name:
            return item.child(below) if below else item
    raise LookupError(f"la mise en page nomme « {path} », qui n'est pas un champ imprimé")


def _guests(model: type[Document], root: Node, names: frozenset[str]) -> dict[str, list[Item]]:
    """The fields of a part that say after which other they stand on the page."""
    found: dict[str, list[Item]] = {}
    for part in (part for part in root.children.values() if part.kind is Kind.PART):
        bloc = Item(part, model, part.path).bloc
        for leaf in part.children.values():
            if follows := _host(bloc, leaf):
                found.setdefault(follows, []).append(Item(leaf, bloc, leaf.path, names))
    return found


def _host(bloc: type[Bloc], node: Node) -> str:
    return declaration(bloc, node.name).apres if node.kind is Kind.LEAF else ""


def either(items: Iterable[Item]) -> str:
    """Ce qui doit être vrai pour que l'un de ces champs soit imprimé ; vide quand l'un d'eux l'est
    toujours.
    """
    found = [item.reasons for item in items]
    return one_of(reason for reasons in found for reason in reasons) if all(found) else ""


def one_of(reasons: Iterable[str]) -> str:
    """Ce qui est vrai quand l'une de ces raisons l'est ; vide quand elles sont trop pour être
    dites.
    """
    said = " or ".join(dict.fromkeys(reasons))
    return said if said.count(" or ") < MOST_REASONS and said.count(GAP) <= MOST_GAPS else ""


def compels(exigences: tuple[Exigence, ...]) -> bool:
    """Vrai quand l'une de ces exigences veut que le champ soit imprimé."""
    return any(exigence.force in COMPELLING for exigence in exigences)


def _compels(node: Node) -> bool:
    """What a guide asks of the cells of a table bears on its rows, and there may be none."""
    return compels(node.exigences) or (
        node.kind is Kind.PART and any(map(_compels, node.children.values()))
    )


def _printable(
    bloc: type[Bloc],
    node: Node,
    prefix: str,
    names: frozenset[str],
    compelled: bool,
    guests: Mapping[str, list[Item]],
) -> Iterator[Item]:
    titles = {
        typeset(held.label) for held in (node, *node.children.values())
    }  # printed anyway, as headings
    wanted = {
        typeset(held.text)
        for held in node.children.values()
        if held.heading and compels(held.exigences)
    }
    for child in node.children.values():
        due = typeset(child.label) in wanted
        item = Item(child, bloc, f"{prefix}{child.name}", names, compelled, due, guests)
        if (
            child.name in bloc.hors_page
            or _host(bloc, child)
            or _is_empty(item)
            or (child.heading and typeset(child.text) in titles)
        ):
            continue
        yield item
        yield from guests.get(child.path, ())
        compelled = compelled and child.kind is Kind.NOTE


def _is_empty(item: Item) -> bool:
    """A part of which the page shows nothing: a logo, whose picture is printed elsewhere."""
    return bool(item.node.children) and not any(item.children())


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
