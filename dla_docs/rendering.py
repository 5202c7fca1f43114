"""Le rendu : un document, un profil, un modèle Word, des octets. Un définitif auquel il manque un contenu obligatoire ne part pas."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dla_docs.checking import check
from dla_docs.constat import bloquants
from dla_docs.controles import controls_in
from dla_docs.document import Document
from dla_docs.enveloppe import envelope
from dla_docs.errors import NonConformityError
from dla_docs.logos import logos
from dla_docs.package import open_package
from dla_docs.profil import Profil, profil_of
from dla_docs.resources import template_path
from dla_docs.templating import BROUILLON, DEFINITIF, CompiledTemplate, Mode, compile_template
from dla_docs.values import values


def render(
    document: Document,
    profil: Profil | str | Path | None = None,
    *,
    stade: str | None = None,
    brouillon: bool = False,
    modele: str | Path | None = None,
) -> bytes:
    """Le document Word. ``NonConformityError`` tant qu'un bloquant demeure, sauf en ``brouillon`` : les manques y sont montrés à leur place."""
    chosen = profil_of(document, profil)
    if not brouillon and (stopping := bloquants(check(document, chosen, stade))):
        raise NonConformityError(stopping)
    return fill(document, chosen, BROUILLON if brouillon else DEFINITIF, modele=modele)


def fill(document: Document, profil: Profil, mode: Mode, role: str = "", modele: str | Path | None = None) -> bytes:
    """Le modèle Word rempli, sans verdict : le document, le brouillon ou le formulaire selon ``mode``."""
    template, given = template_of(type(document), modele), printable(document, profil, mode)
    # A form says which fields it left with, so that a field lost on the way is noticed when it comes back.
    sent = tuple(control.tag for control in controls_in(open_package(template.render(given, mode)))) if mode.is_form else ()
    return template.render(given, mode, envelope(document, str(profil.cle), role, template.paths, sent).to_xml())


def template_of(model: type[Document], modele: str | Path | None = None) -> CompiledTemplate:
    """Le modèle Word compilé : celui de l'opérateur, ou celui qui est livré."""
    return compile_template(Path(modele) if modele else template_path(model.slug()), model)


def printable(document: Document, profil: Profil, mode: Mode) -> dict[str, Any]:
    """Tout ce qu'un modèle Word peut imprimer : le document, son profil, et s'il est brouillon ou formulaire."""
    images = logos(document, profil)
    said = {"nom": profil.nom, "mention_des_financeurs": profil.mention_des_financeurs, "suivies": profil.suivies()}
    return {
        **values(document, mode.is_form),
        "profil": {**said, "logos": images.porteurs, "logos_financeurs": images.financeurs},
        "brouillon": mode is BROUILLON,
        "formulaire": mode.is_form,
    }
