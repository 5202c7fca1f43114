"""Ce qu'un document donne à son modèle Word : des valeurs simples, rangées comme ses champs."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from enum import Enum
from typing import Any

from dla_docs.document import Bloc, Document, bloc_of, declaration, is_blank
from dla_docs.formats import format_value
from dla_docs.schema import Kind, Node

PLAIN = (str, int, Decimal, date, time)


def values(document: Document, form: bool = False) -> dict[str, Any]:
    """Les valeurs du document, par nom de champ. ``form`` ajoute aux suites les lignes vierges d'un formulaire à remplir."""
    return _bloc(document, document, type(document).schema_node(), form)


def _bloc(bloc: Bloc, document: Document, node: Node, form: bool) -> dict[str, Any]:
    found = {child.name: _child(bloc, document, child, form) for child in node.children.values() if child.kind is not Kind.NOTE}
    notes = {name: None if _hidden(text.si, bloc, document) else text.texte for name, text in type(bloc).mentions().items()}
    return {**found, **notes}


def _child(bloc: Bloc, document: Document, node: Node, form: bool) -> Any:
    value = getattr(bloc, node.name)
    hidden = _hidden(declaration(type(bloc), node.name).si, bloc, document)
    if node.kind is Kind.LEAF:
        return _not_asked(node) if hidden else _leaf(value, node)
    if node.kind is Kind.PART:
        return {} if hidden or (not form and _says_nothing(value, node)) else _bloc(value, document, node, form)
    return [] if hidden else [_bloc(row, document, node, form) for row in (*value, *_blank_rows(bloc, node, form, len(value)))]


def _says_nothing(value: Bloc, node: Node) -> bool:
    """A part without a word, not even a printed text, is empty for the template's conditions."""
    return is_blank(value) and not any(below.kind is Kind.NOTE for below in node.walk())


def _blank_rows(bloc: Bloc, node: Node, form: bool, held: int) -> tuple[Bloc, ...]:
    model = bloc_of(type(bloc), node.name)
    if not form or model is None:
        return ()
    blank, more = bloc.lignes_de.get(node.name, (model.lignes_vierges, model.lignes_en_plus))
    return tuple(model() for _ in range(more if held else blank))


def _hidden(condition: Any, bloc: Bloc, document: Document) -> bool:
    return condition is not None and not condition(bloc, document)


def _not_asked(node: Node) -> str | None:
    """An empty text is no gap: a draft that shows what is missing does not ask for what does not apply."""
    return "" if node.format == "texte" else None


def _leaf(value: Any, node: Node) -> Any:
    if isinstance(value, Enum):
        return str(value.value)
    return value if value is None or isinstance(value, PLAIN) else format_value(node.format, value)
