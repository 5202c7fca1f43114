"""Les chemins que désigne un profil : ce qui s'y tient, ce qui peut les suivre."""

from __future__ import annotations

from typing import Any

from dla_docs.model.bloc import Bloc, bloc_of, kind_of
from dla_docs.model.document import Document
from dla_docs.model.node import Kind
from dla_docs.profils.grafting import block_at
from dla_docs.spelling import did_you_mean, nearest


def holder(model: type[Bloc], path: str) -> tuple[type[Bloc] | None, str]:
    """La classe qui tient le dernier nom d'un chemin, et ce nom."""
    *way, last = path.replace("[]", "").split(".")
    try:
        return block_at(model, way), last
    except LookupError:
        return None, last


def kind_at(model: type[Bloc], path: str) -> Kind | None:
    """Valeur, partie, lignes, ou ``None`` quand le chemin ne mène à aucun champ."""
    block, name = holder(model, path)
    return kind_of(block, name) if block is not None and name in block.model_fields else None


def takes_one_more(model: type[Bloc], path: str) -> bool:
    """Vrai d'un critère qui a sa ligne : les colonnes d'un tableau, les lignes d'une cellule, sont
    comptées."""
    *way, last = path.replace("[]", "").split(".")
    holder, rows = model, False
    for name in way:
        below = bloc_of(holder, name) if name in holder.model_fields else None
        if below is None:
            return False
        holder, rows = below, kind_of(holder, name) is Kind.ROWS
    if last not in holder.model_fields or holder.en_bref or kind_of(holder, last) is Kind.ROWS:
        return False
    return not holder.colonnes or (kind_of(holder, last) is Kind.PART and not rows)


def longest_below(block: type[Bloc], name: str, path: str) -> int:
    """Les lettres du plus long chemin sous un champ, le rang d'une ligne en comptant deux."""
    below = (
        [f"{path}.{leaf.path}" for leaf in part.schema_node().leaves()]
        if (part := bloc_of(block, name))
        else [path]
    )
    return max(len(one.replace("[]", "[00]")) for one in below)


def is_printed_alone(model: type[Bloc], path: str) -> bool:
    """Faux dans une ligne, ou dans une partie que montre une seule cellule : rien ne tient après un
    tel champ."""
    *way, last = path.split(".")
    block = model
    for name in way:
        below = bloc_of(block, name) if name in block.model_fields else None
        if below is None or below.en_bref or kind_of(block, name) is Kind.ROWS:
            return False
        block = below
    return last in block.model_fields and last not in block.hors_page


def nearest_field(model: type[Document], path: str) -> str:
    """Le remède à un chemin qui n'existe pas : celui du document qui lui ressemble."""
    return nearest_of(
        path, [node.path for node in model.schema_node().walk() if node.kind is not Kind.NOTE]
    )


def nearest_of(word: str, known: Any) -> str:
    """Le remède à un mot qui n'existe pas : celui de ``known`` qui lui ressemble."""
    return did_you_mean(
        nearest(word, known), "« dla-docs montrer DOCUMENT » dit ce qu'il contient."
    )
