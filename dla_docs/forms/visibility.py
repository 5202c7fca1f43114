"""Ce qu'un formulaire montre à celui qui le remplit : ni les mots que les autres ne lui ont pas
encore donnés, ni la part d'un autre.
"""

from __future__ import annotations

from typing import TypeVar

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.model.bloc import Bloc, declaration
from dla_docs.model.document import Document

B = TypeVar("B", bound=Bloc)


def only_view(document: Document, role: str) -> Document:
    """Le document tel que ce rôle le voit ; ``InputError`` quand chacun de ceux qui le tiennent en
    voit un autre.
    """
    views = document.vues(role)
    if len(views) > 1:
        raise InputError(
            Constat(
                f"« {document.titre} » montre à chacun ce qui le concerne seul : il y a "
                f"{len(views)} formulaires pour le rôle « {role} ».",
                conseil="Donnez un dossier : « -o DOSSIER/ ».",
            )
        )
    return without_hidden(views[0], role)


def without_hidden(bloc: B, role: str) -> B:
    """Le même, sans ce qui est caché à ce rôle."""
    changed = {}
    for name in type(bloc).model_fields:
        value = getattr(bloc, name)
        kept = None if role in declaration(type(bloc), name).cache_a else _below(value, role)
        if kept is not value:
            changed[name] = kept
    return bloc.model_copy(update=changed) if changed else bloc


def _below(value: object, role: str) -> object:
    if isinstance(value, Bloc):
        return without_hidden(value, role)
    if isinstance(value, tuple):
        rows = tuple(_below(row, role) for row in value)
        return value if all(one is row for one, row in zip(rows, value, strict=True)) else rows
    return value
