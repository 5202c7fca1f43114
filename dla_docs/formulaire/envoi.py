"""La trame : le document à remplir, où ce que l'on sait est déjà écrit et où seuls les champs du rôle sont ouverts."""

from __future__ import annotations

from pathlib import Path

from dla_docs.document import Document
from dla_docs.documents import DOCUMENTS
from dla_docs.exigence import Role
from dla_docs.loading import derived
from dla_docs.mission import Mission
from dla_docs.profil import Profil, profil_of
from dla_docs.rendering import fill
from dla_docs.templating import Blank, Mode
from dla_docs.validation import validated


def trame(
    slug: str, mission: Mission | None = None, role: Role | None = None, profil: Profil | str | Path | None = None, modele: str | Path | None = None
) -> bytes:
    """Le formulaire Word d'un document. Sans mission il est vierge ; sans rôle, tous ses champs sont ouverts."""
    document = _known(DOCUMENTS[slug], mission)
    chosen = profil_of(document, profil)
    return fill(document, chosen, Mode(Blank.FORMULAIRE, open_paths(type(document), role)), role.value if role else "", modele)


def open_paths(model: type[Document], role: Role | None) -> frozenset[str]:
    """Les champs qu'un rôle remplit : ceux que l'exigence lui donne, ou tous quand il n'y a pas de rôle."""
    return frozenset(node.path for node in model.schema_node().leaves() if role is None or role.value in node.roles)


def _known(model: type[Document], mission: Mission | None) -> Document:
    if mission is None:
        return model()
    held = mission.retenue(model.slug()) if "prestataire" in model.model_fields else mission.premier(model.slug())
    return held if isinstance(held, Document) else validated(model, derived(mission, model), None).placed(mission)
