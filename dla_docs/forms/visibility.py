"""Ce qu'un formulaire montre à celui qui le remplit : ni les mots que les autres ne lui ont pas
encore donnés, ni la part d'un autre.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypeVar

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.model.bloc import Bloc, bloc_of, declaration, is_blank, kind_of, questions
from dla_docs.model.document import Document
from dla_docs.model.node import Kind, schema_path
from dla_docs.model.recipients import DonneePersonnelle
from dla_docs.model.requirement import Role
from dla_docs.parties.cloison import Hides, cited, texts

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
    return without(bloc, lambda declared, _: role in declared.cache_a)


def without(bloc: B, hides: Hides, whose: DonneePersonnelle | None = None) -> B:
    """Le même, sans ce que cache ``hides``, qui reçoit ce qu'un champ déclare et la personne dont
    il parle ; ``whose`` : celle dont parle déjà le bloc.
    """
    changed = {}
    for name in type(bloc).model_fields:
        value, declared = getattr(bloc, name), declaration(type(bloc), name)
        personal = declared.personnelle or whose
        hidden = hides(declared, personal) and not is_blank(value)
        kept = _nothing(type(bloc), name) if hidden else _below(value, hides, personal)
        if kept is not value:
            changed[name] = kept
    return bloc.model_copy(update=changed) if changed else bloc


def _nothing(model: type[Bloc], name: str) -> object:
    inner = bloc_of(model, name)
    if inner is None:
        return None
    return () if kind_of(model, name) is Kind.ROWS else inner()


def _below(value: object, hides: Hides, whose: DonneePersonnelle | None) -> object:
    if isinstance(value, Bloc):
        return without(value, hides, whose)
    if isinstance(value, tuple):
        rows = tuple(_below(row, hides, whose) for row in value)
        return value if all(one is row for one, row in zip(rows, value, strict=True)) else rows
    return value


def check_cites_nobody(document: Document, opened: frozenset[str]) -> None:
    """``InputError`` quand ce que lirait un prestataire dit qui est l'un de ses concurrents, ou
    son prix ; ce que ses fiches sont seules à dire, dans ses propres champs (``opened``), est sa
    parole.
    """
    mission = document._mission
    if mission is None:
        return
    own, chosen = {*keys_of(document)}, {*mission.retenus}
    allies = own | chosen if not own or own & chosen else own
    others = mission.tus_a(own or chosen, allies)
    held = (one for sheets_held in mission.documents.values() for one in sheets_held)
    elsewhere = {text for one in held if not own & keys_of(one) for _, text in texts(one)}
    given = (
        (path, text)
        for path, text in texts(document)
        if schema_path(path) not in opened or text in elsewhere
    )
    if found := cited(given, others, "Le formulaire"):
        raise InputError(found)


def keys_of(document: Document) -> set[str]:
    """Les clés des prestataires dont parle ce document."""
    own = getattr(getattr(document, "prestataire", None), "cle", None)
    return {cle for cle in (own, *(cle for _, cle, _ in document.prestataires_cites())) if cle}


@lru_cache(256)
def open_among(model: type[Document], role: Role | None, paths: tuple[str, ...]) -> frozenset[str]:
    """Les champs de cette sorte de document, parmi ceux qui s'y impriment, qu'un rôle remplit."""
    printed = {*paths} - {*(questions(model) if role is None else ())}
    return frozenset(
        node.path
        for node in model.schema_node().leaves()
        if node.path in printed and (role is None or role.value in node.roles)
    )
