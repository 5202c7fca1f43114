"""Le rendu : un document, un profil, un modèle Word, des octets. Un définitif auquel il manque un
contenu obligatoire ne part pas.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from dla_docs.builder import build_template
from dla_docs.constat import bloquants
from dla_docs.errors import NonConformityError
from dla_docs.model.document import Document
from dla_docs.profils.grafting import is_official, under
from dla_docs.profils.loading import profil_of
from dla_docs.profils.profil import Profil
from dla_docs.resources import template_path
from dla_docs.stages.charts import charts
from dla_docs.stages.checking import check
from dla_docs.stages.envelope import envelope
from dla_docs.stages.logos import logos
from dla_docs.stages.printable import values
from dla_docs.templating import BROUILLON, DEFINITIF, CompiledTemplate, Mode, compile_template
from dla_docs.word.package import open_package
from dla_docs.word.page import page_in


def render(
    document: Document,
    profil: Profil | str | Path | None = None,
    *,
    stade: str | None = None,
    brouillon: bool = False,
    modele: str | Path | None = None,
) -> bytes:
    """Le document Word. ``NonConformityError`` tant qu'un bloquant demeure, sauf en ``brouillon`` :
    les manques y sont montrés à leur place.
    """
    chosen = profil_of(document, profil)
    if not brouillon and (stopping := bloquants(check(document, chosen, stade))):
        raise NonConformityError(stopping)
    return fill(document, chosen, BROUILLON if brouillon else DEFINITIF, modele=modele)


def fill(
    document: Document, profil: Profil, mode: Mode, role: str = "", modele: str | Path | None = None
) -> bytes:
    """Le modèle Word rempli, sans verdict : le document, le brouillon ou le formulaire selon
    ``mode``.
    """
    document = under(document, profil)
    template, given = template_of(type(document), modele), printable(document, profil, mode)
    # A form carries its page as it left: what was lost on the way is found again by its place, and
    # what was changed is seen.
    page = page_in(open_package(template.render(given, mode))) if mode.is_form else ()
    return template.render(
        given, mode, envelope(document, str(profil.cle), role, template.paths, page).to_xml()
    )


def template_of(model: type[Document], modele: str | Path | None = None) -> CompiledTemplate:
    """Le modèle Word compilé : celui de l'opérateur, ou celui qui est livré ; bâti sur place quand
    le profil d'un DLA ajoute au document.
    """
    if modele:
        return compile_template(Path(modele), model)
    return compile_template(
        template_path(model.slug()) if is_official(model) else _built(model), model
    )


@cache
def _built(model: type[Document]) -> bytes:
    return build_template(model)


def printable(document: Document, profil: Profil, mode: Mode) -> dict[str, Any]:
    """Tout ce qu'un modèle Word peut imprimer : le document, son profil, et s'il est brouillon ou
    formulaire.
    """
    images = logos(document, profil)
    said = {
        "nom": profil.nom,
        "mention_des_financeurs": profil.logos_du(document.jour).mention,
        "suivies": profil.suivies(),
    }
    return {
        **values(document, mode.is_form, profil.suivies(), mode is BROUILLON),
        "profil": {**said, "logos": images.porteurs, "logos_financeurs": images.financeurs},
        "graphiques": {} if mode.is_form else charts(document),
        "brouillon": mode is BROUILLON,
        "formulaire": mode.is_form,
    }
