"""La trame : le document à remplir, où ce que l'on sait est déjà écrit et où seuls les champs du rôle sont ouverts."""

from __future__ import annotations

from pathlib import Path

from dla_docs.document import Document
from dla_docs.documents import DOCUMENTS, FORMULAIRES
from dla_docs.errors import InputError
from dla_docs.exigence import Role
from dla_docs.formulaires_annexes.controle import Controle
from dla_docs.loading import derived
from dla_docs.mission import Mission
from dla_docs.profil import Profil, profil_of
from dla_docs.rendering import fill
from dla_docs.templating import form_mode
from dla_docs.validation import validated


def trame(
    slug: str, mission: Mission | None = None, role: Role | None = None, profil: Profil | str | Path | None = None, modele: str | Path | None = None
) -> bytes:
    """Le formulaire Word d'un document. Sans mission il est vierge ; sans rôle, tous ses champs sont ouverts.

    ``InputError`` quand le rôle n'y remplit rien.
    """
    document = _known(FORMULAIRES[slug], mission)
    return form(document, role, profil_of(document, profil), modele)


def form(document: Document, role: Role | None, profil: Profil, modele: str | Path | None = None) -> bytes:
    """Le formulaire Word d'un document déjà commencé."""
    opened = open_paths(type(document), role)
    if role is not None and not opened:
        raise InputError(f"« {document.titre} » n'a rien à remplir pour le rôle « {role.value} ».{_roles(type(document))}")
    return fill(document, profil, form_mode(opened), role.value if role else "", modele)


def controle(slug: str, mission: Mission | None = None, profil: Profil | str | Path | None = None, modele: str | Path | None = None) -> bytes:
    """La fiche Word où contrôler un document venu du dehors : tout ce que demandent de lui les guides que suit le profil."""
    chosen = profil_of(mission, profil)
    return form(Controle.de(DOCUMENTS[slug], chosen, mission), Role.CHARGE_DE_MISSION, chosen, modele)


def _roles(model: type[Document]) -> str:
    known = [role.value for role in Role if open_paths(model, role)]
    return f" Y remplissent quelque chose : {', '.join(known)}."


def open_paths(model: type[Document], role: Role | None) -> frozenset[str]:
    """Les champs qu'un rôle remplit : ceux que l'exigence lui donne, ou tous quand il n'y a pas de rôle."""
    return frozenset(node.path for node in model.schema_node().leaves() if role is None or role.value in node.roles)


def _known(model: type[Document], mission: Mission | None) -> Document:
    if mission is None:
        return model()
    held = model.tenu_par(mission)
    if isinstance(held, Document):
        return held
    known = derived(mission, model)
    return validated(model, known, known).placed(mission, known, mission._dossier)
