"""Ce qu'un document donne à son modèle Word : des valeurs simples, rangées comme ses champs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from enum import Enum
from functools import cache, lru_cache
from typing import Any

from dla_docs.model.bloc import Bloc, bloc_of, declaration, is_blank
from dla_docs.model.document import Document
from dla_docs.model.fields import Condition, Mention
from dla_docs.model.formats import format_value
from dla_docs.model.node import Kind, Node
from dla_docs.model.requirement import COMPELLING, Exigence

Followed = Callable[[Exigence], bool]
PLAIN = (str, int, Decimal, date, time)
NO_ROWS: Mapping[str, int] = {}


def values(
    document: Document,
    form: bool = False,
    suivie: Followed = bool,
    draft: bool = False,
    lignes: Mapping[str, int] = NO_ROWS,
) -> dict[str, Any]:
    """Les valeurs du document, par nom de champ. ``form`` ajoute aux suites les lignes vierges d'un
    formulaire à remplir, ou de quoi en avoir le nombre que dit ``lignes``, par chemin ; ``suivie``
    dit si le profil suit une exigence : un texte imprimé n'y est que si l'une des siennes l'est ;
    ``draft`` garde les parties encore blanches qu'un guide demande.
    """
    page = _Page(document, form, suivie, draft, lignes)
    return _bloc(document, type(document).schema_node(), page)


@dataclass(frozen=True)
class _Page:
    """What the values are for."""

    document: Document
    form: bool
    followed: Followed
    draft: bool
    rows: Mapping[str, int]

    def keeps(self, part: Bloc, node: Node) -> bool:
        """A part without a word, not even a printed text below its title nor a criterion, is empty
        for the template's conditions; a draft shows those that are due.
        """
        if self.form or not is_blank(part):
            return True
        due = self.draft and any(
            exigence.force in COMPELLING for below in node.walk() for exigence in below.exigences
        )
        said = any(below.kind is Kind.NOTE and not below.heading for below in node.walk())
        return due or said or bool(part.colonnes)

    def says(self, note: Mention, bloc: Bloc) -> bool:
        asked = not note.exigences or any(map(self.followed, note.exigences))
        return asked and not _hidden(note.si, bloc, self.document)


@dataclass(frozen=True, slots=True)
class _Field:
    """A field of a block, at its place in a document."""

    name: str
    node: Node
    kind: Kind
    condition: Condition | None
    late: bool  # filled after the fact: a form alone shows it


@lru_cache(8192)
def _fields(
    document: type[Document], model: type[Bloc], path: str
) -> tuple[tuple[_Field, ...], tuple[tuple[str, Mention], ...]]:
    """The fields that a block of this class has there, and its printed texts: neither depends on
    what is filled.
    """
    root = document.schema_node()
    node = root.at[path] if path else root
    found = (
        _Field(
            child.name,
            child,
            child.kind,
            declaration(model, child.name).si,
            child.path in document.apres_coup,
        )
        for child in node.children.values()
        if child.kind is not Kind.NOTE
    )
    return tuple(found), tuple(model.mentions().items())


def _bloc(bloc: Bloc, node: Node, page: _Page) -> dict[str, Any]:
    fields, notes = _fields(type(page.document), type(bloc), node.path)
    found = {one.name: _child(bloc, one, page) for one in fields}
    for name, note in notes:
        found[name] = note.texte if page.says(note, bloc) else None
    return found


def _child(bloc: Bloc, field: _Field, page: _Page) -> Any:
    value, kind, condition = getattr(bloc, field.name), field.kind, field.condition
    hidden = (field.late and not page.form) or (
        condition is not None and not condition(bloc, page.document)
    )
    if kind is Kind.LEAF:
        if hidden:
            return ""  # no gap: a draft does not ask for what does not apply
        return value if value is None or value.__class__ is str else _leaf(value, field.node)
    if kind is Kind.PART:
        return {} if hidden or not page.keeps(value, field.node) else _bloc(value, field.node, page)
    if hidden:
        return []
    blank = blank_rows(bloc, field.node, page.form, len(value), page.rows) if page.form else ()
    return [_bloc(row, field.node, page) for row in (*value, *blank)]


def blank_rows(
    bloc: Bloc, node: Node, form: bool, held: int, wanted: Mapping[str, int] = NO_ROWS
) -> tuple[Bloc, ...]:
    """Les lignes vierges d'un formulaire, après les ``held`` que tient déjà cette suite : celles de
    l'usage, ou de quoi en avoir le nombre que dit ``wanted``, par chemin.
    """
    model = bloc_of(type(bloc), node.name)
    if not form or model is None:
        return ()
    usual = 0 if held and model.lignes_closes else model.lignes_vierges
    whole = wanted.get(node.path, held + bloc.lignes_de.get(node.name, usual))
    return (_blank(model),) * (whole - held) if whole > held else ()


@cache
def _blank(model: type[Bloc]) -> Bloc:
    return model()


def _hidden(condition: Any, bloc: Bloc, document: Document) -> bool:
    return condition is not None and not condition(bloc, document)


def _leaf(value: Any, node: Node) -> Any:
    if isinstance(value, Enum):
        return str(value.value)
    return value if isinstance(value, PLAIN) else format_value(node.format, value)
