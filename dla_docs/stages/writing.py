"""L'écriture d'un document en YAML : lisible, relisible, les textes longs sur plusieurs lignes."""

from __future__ import annotations

from typing import Any

from dla_docs.model.bloc import Bloc, is_blank
from dla_docs.model.document import Document
from dla_docs.model.formats import format_value
from dla_docs.model.node import Kind, Node
from dla_docs.profils.loading import check_document
from dla_docs.raw.dumping import dumped


def to_yaml(document: Document) -> str:
    """Le fichier YAML d'un document : ``load`` en refait le même.

    Arguments :
    - ``document`` : le document.

    Rend : le texte du fichier.

    Erreurs :
    - ``InputError`` : ce n'est ni un document ni une mission.
    """
    check_document(document)
    said = {"document": type(document).slug(), **_bloc(document, type(document).schema_node())}
    return dumped(said) + "\n"


def _bloc(bloc: Bloc, node: Node) -> dict[str, Any]:
    held = {
        child.name: getattr(bloc, child.name)
        for child in node.children.values()
        if child.kind is not Kind.NOTE
    }
    return {
        name: _written(value, node.children[name])
        for name, value in held.items()
        if not is_blank(value)
    }


def _written(value: Any, node: Node) -> Any:
    if node.kind is Kind.LEAF:
        return typed(format_value(node.format, value), node)
    return _bloc(value, node) if node.kind is Kind.PART else [_bloc(row, node) for row in value]


def typed(text: str, node: Node) -> str:
    """Une valeur imprimée telle qu'on la taperait : les espaces insécables d'un nombre ou d'une
    date redeviennent des espaces.
    """
    return text if node.format == "texte" else text.replace("\N{NO-BREAK SPACE}", " ")
