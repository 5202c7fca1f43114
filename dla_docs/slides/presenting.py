"""Présenter un document : ce qui se dit, mis en diapositives, écrit, puis relu."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from dla_docs.builder.printed_words import typeset
from dla_docs.constat import Constat
from dla_docs.errors import InputError, TemplateError, VerificationError
from dla_docs.model.bloc import attribute_at
from dla_docs.model.document import Document
from dla_docs.model.layout import Diaporama
from dla_docs.parties.charte import charte_de
from dla_docs.profils.profil import Profil
from dla_docs.registry import DOCUMENTS
from dla_docs.slides.delivered import delivered
from dla_docs.slides.fitting import Slide, fitted, fitted_cover, title_size
from dla_docs.slides.layouts import Model, opened
from dla_docs.slides.outline import Outline, outline
from dla_docs.slides.verification import verified
from dla_docs.slides.writing import BETWEEN, STRIP, About, written
from dla_docs.stages.rendering import refuse_non_conforming
from dla_docs.stages.request import Request, resolve
from dla_docs.stages.styling import style_of
from dla_docs.stages.verdict import verdict
from dla_docs.templating.template import stamp_of


def present(
    document: Document,
    profil: Profil | str | Path | None = None,
    *,
    stade: str | None = None,
    brouillon: bool = False,
    modele: str | Path | None = None,
) -> bytes:
    """La présentation PowerPoint d'un document, relue avant d'être rendue.

    Arguments :
    - ``document`` : le document ; le rapport final se présente.
    - ``profil`` : un profil livré (« centre »), le fichier d'un DLA ou un ``Profil`` ; sans lui,
      celui du document, sinon celui de sa mission, sinon ``national``.
    - ``stade`` : le nom du stade d'un document qui se remplit par étapes ; sans lui, celui du
      document.
    - ``brouillon`` : rend la présentation malgré ce qui manque, et le montre à sa place.
    - ``modele`` : la présentation de l'opérateur (.pptx), dont les dispositions « Diapositive de
      titre » et « Titre et contenu » servent ; sans elle, le modèle livré.

    Rend : les octets d'un .pptx.

    Erreurs :
    - ``InputError`` : ce document n'a pas de présentation ; le profil, le stade ou un logo n'existe
      pas ou ne se lit pas ; l'extra ``pptx`` n'est pas installé.
    - ``PackageError`` : le modèle ne s'ouvre pas sans danger.
    - ``TemplateError`` : une disposition manque au modèle, ou n'a pas la place d'un texte.
    - ``NonConformityError`` : un bloquant demeure, et ce n'est pas un brouillon.
    - ``VerificationError`` : le fichier produit n'est pas fidèle à ses données.
    """
    request = resolve(document, profil, stade, brouillon=brouillon, modele=modele)
    return presented(request, () if brouillon else verdict(request))


def presented(request: Request, constats: Iterable[Constat]) -> bytes:
    """La présentation d'une demande et de son verdict, relue ; refusée là où le document Word
    l'est.
    """
    declared = declared_by(request.document)
    refuse_non_conforming(request, constats)
    style = style_of(charte_de(request.document))
    model = opened(request.modele, delivered(style))
    said = outline(request, declared)
    slides = _slides(said, model)
    _check_titles(slides, model, request)
    octets = written(model, slides[0], said.logos, slides[1:], _about(request))
    if faults := verified(octets, request, declared):
        raise VerificationError(faults)
    return octets


def declared_by(document: Document) -> Diaporama:
    """La présentation que déclare un document ; ``InputError`` dit lesquels en ont une."""
    if document.diaporama is None:
        known = [one.titre for one in DOCUMENTS.values() if one.diaporama is not None]
        raise InputError(
            Constat(
                f"« {document.titre} » ne se présente pas en diapositives.",
                conseil=f"Écrivez un .docx, un .pdf ou un .odt ; se présente : {', '.join(known)}.",
            )
        )
    return document.diaporama


def _slides(said: Outline, model: Model) -> list[Slide]:
    """All of them, the cover first."""
    box, content = model.cover.text, model.content.text
    strip = STRIP + BETWEEN if said.logos else 0
    covers = fitted_cover(said.garde, replace(box, height=box.height - strip), content)
    return [*covers, *(slide for one in said.sections for slide in fitted(one, content))]


def _check_titles(slides: Sequence[Slide], model: Model, request: Request) -> None:
    places = [model.cover, *[model.content] * (len(slides) - 1)]
    faults = [
        Constat(
            f"Le titre « {slide.section.titre} » ne tient pas dans la zone de titre de la "
            f"disposition « {place.layout.name} ».",
            fichier=Path(request.modele).name if request.modele else "",
            conseil="Agrandissez cette zone dans le Masque des diapositives.",
        )
        for slide, place in zip(slides, places, strict=True)
        if title_size([slide.section.titre], place.title) is None
    ]
    if faults:
        raise TemplateError(faults)


def _about(request: Request) -> About:
    document = request.document
    who = attribute_at(document, "operateur.nom") or "DLA"
    whose = attribute_at(document, "reference_convention") or ""
    titre = " – ".join(filter(None, (typeset(document.titre), whose)))
    foot = charte_de(document).pied_de_page
    return About(titre, who, typeset(foot) if foot else titre, stamp_of(document.jour_signe))
