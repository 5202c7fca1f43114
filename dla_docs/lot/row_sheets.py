"""Les suites de lignes d'un document qui ne tiennent pas dans une cellule : chacune a sa feuille,
jointe par la référence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from dla_docs.model.bloc import Bloc, bloc_of
from dla_docs.model.document import Document
from dla_docs.model.node import Kind, Node
from dla_docs.spelling import fold
from dla_docs.tables.columns import columns

REFERENCE, FIELD = (
    "Référence",
    "reference",
)  # the column of ours; the field that stands for it in the documents that have one
LONGEST = 31  # characters of a sheet's title, as Excel has it
REFUSED = re.compile(r"[\[\]:*?/\\]")


@dataclass(frozen=True)
class Listing:
    """Une suite de lignes : le titre de sa feuille, son chemin dans le document, la classe de ses
    lignes.
    """

    title: str
    path: str
    rows: type[Bloc]
    model: type[Document]


@cache
def listings(model: type[Document]) -> tuple[Listing, ...]:
    """Les suites de lignes d'un document dont chaque ligne a plusieurs colonnes, dans l'ordre du
    formulaire.
    """
    found: list[Listing] = []
    for node, rows in _rows_below(model, model.schema_node()):
        if len(columns(rows)) > 1:
            found.append(
                Listing(_title(node, [one.title for one in found]), node.path, rows, model)
            )
    return tuple(found)


def has_reference(model: type[Document]) -> bool:
    """Vrai quand le document a lui-même une référence : c'est elle qui désigne la ligne."""
    return FIELD in model.schema_node().children


def listing_named(model: type[Document], title: str) -> Listing | None:
    """La suite d'une feuille, nommée par son titre ou par le chemin de la suite ; ``None`` quand il
    n'y en a pas.
    """
    said = fold(title)
    return next(
        (
            one
            for one in listings(model)
            if said in (fold(one.title), fold(one.path), fold(one.path.rpartition(".")[2]))
        ),
        None,
    )


def _rows_below(model: type[Bloc], node: Node) -> list[tuple[Node, type[Bloc]]]:
    found: list[tuple[Node, type[Bloc]]] = []
    for child in node.children.values():
        inner = (
            bloc_of(model, child.name)
            if child.kind in (Kind.PART, Kind.ROWS) and child.name not in model.hors_page
            else None
        )
        if inner is not None:
            found += [(child, inner)] if child.kind is Kind.ROWS else _rows_below(inner, child)
    return found


def _title(node: Node, taken: list[str]) -> str:
    """The label, or the field's name when another sheet has that label."""
    label = REFUSED.sub(" ", node.label).strip(" '")
    short = (
        label if len(label) <= LONGEST else label[:LONGEST].rpartition(" ")[0] or label[:LONGEST]
    )
    return short if fold(short) not in map(fold, taken) else node.path.replace("[]", "")[-LONGEST:]
