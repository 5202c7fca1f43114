"""Le catalogue d'un portefeuille : en Word ou en PDF pour le lire, en classeur pour le trier et le
compléter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from dla_docs.documents.fiche_prestataire import FichePrestataire
from dla_docs.errors import VerificationError
from dla_docs.model.bloc import Bloc
from dla_docs.model.document import Document
from dla_docs.model.fields import champ
from dla_docs.model.layout import colonne, ligne
from dla_docs.model.values import Entier, Jour, Texte, TexteLong
from dla_docs.parties.acteurs import Adresse, Personne
from dla_docs.parties.personnes import CONTACT
from dla_docs.portefeuille.portefeuille import name_of
from dla_docs.spelling import fold
from dla_docs.stages.request import Request, resolve
from dla_docs.tables.columns import columns, data_to_row

FORMATS = (".docx", ".pdf", ".xlsx")


class ParCompetence(Bloc):
    """Les prestataires par compétence"""

    colonnes = (
        colonne("Compétence", "competence"),
        colonne("Prestataires", "prestataires", largeur=2),
    )

    competence: Texte = champ("Compétence")
    prestataires: TexteLong = champ("Prestataires")


class Coordonnees(Bloc):
    """Les coordonnées"""

    en_bref = (ligne("nom", fort=True), ligne("adresse"), ligne("contact"))

    nom: Texte = champ("Prestataire")
    adresse: Adresse = champ("Adresse")
    contact: Personne = champ("Contact", personnelle=CONTACT)


class Entree(Bloc):
    """Un prestataire"""

    colonnes = (
        colonne("Prestataire", "coordonnees", largeur=1.7),
        colonne("Compétences", "competences", largeur=1.6),
        colonne("Secteurs d'activité", "secteurs", largeur=1.2),
        colonne("Secteurs géographiques", "zones", largeur=1.1),
        colonne("Fiche mise à jour le", "mise_a_jour", "rappel", largeur=0.8),
    )

    coordonnees: Coordonnees = champ("Coordonnées")
    competences: TexteLong = champ("Compétences")
    secteurs: TexteLong = champ("Secteurs d'activité")
    zones: TexteLong = champ("Secteurs géographiques")
    mise_a_jour: Jour = champ("Fiche mise à jour le")
    rappel: Texte = champ("A noter")


class CatalogueDesPrestataires(Document):
    """Le catalogue d'un portefeuille."""

    titre = "Portefeuille de ressources des prestataires"
    source = (
        "Guide du Centre, « Présentation du portefeuille régional de ressources des prestataires »"
    )
    paysage = True

    au: Jour = champ("Établi le")
    nombre: Entier = champ("Nombre de prestataires")
    recherche: Texte = champ("Recherche")
    par_competence: tuple[ParCompetence, ...] = champ("Les prestataires par compétence")
    prestataires: tuple[Entree, ...] = champ("Les prestataires")


def catalogue(
    fiches: Iterable[FichePrestataire],
    suffix: str,
    *,
    au: date | None = None,
    recherche: str = "",
    profil: str | None = None,
    modele: Path | None = None,
) -> bytes:
    """Les octets d'un catalogue, en ``.docx``, ``.pdf`` ou ``.xlsx`` ; ``au`` : la date où les
    fiches de plus d'un an sont signalées.
    """
    held = sorted(fiches, key=lambda fiche: fold(name_of(fiche)))
    if suffix == ".xlsx":
        return _workbook(held)
    document = _document(held, au or date.today(), recherche)
    octets = _word(resolve(document, profil, modele=modele))
    return octets if suffix == ".docx" else _pdf(octets)


def catalogue_template() -> bytes:
    """Le modèle Word du catalogue, à habiller."""
    from dla_docs.builder import build_template

    return build_template(CatalogueDesPrestataires)


def _workbook(fiches: Sequence[FichePrestataire]) -> bytes:
    from dla_docs.tables.writing import workbook

    return workbook(
        [column.heading for column in columns(FichePrestataire)],
        map(data_to_row, fiches),
        "Prestataires",
    )


def _word(request: Request) -> bytes:
    from dla_docs.stages.rendering import compiled_for
    from dla_docs.stages.verification import verified

    template = compiled_for(request)
    octets = template.render(request.printable, request.mode)
    if faults := verified(octets, request, template, with_data=False):
        raise VerificationError(faults)
    return octets


def _pdf(octets: bytes) -> bytes:
    from dla_docs import pdf

    return pdf.convert(octets, "pdf")


def _document(
    fiches: Sequence[FichePrestataire], au: date, recherche: str
) -> CatalogueDesPrestataires:
    index = [
        {"competence": skill, "prestataires": " ; ".join(names)}
        for skill, names in _by_skill(fiches).items()
    ]
    data = {
        "au": au,
        "nombre": len(fiches),
        "recherche": recherche,
        "par_competence": index,
        "prestataires": [_entry(fiche, au) for fiche in fiches],
    }
    return CatalogueDesPrestataires.model_validate(data)


def _by_skill(fiches: Iterable[FichePrestataire]) -> dict[str, list[str]]:
    """Each skill as the first who has it writes it, with the names of all who have it."""
    said: dict[str, str] = {}
    names: dict[str, list[str]] = {}
    for fiche in fiches:
        for row in fiche.caracteristiques.competences:
            key = fold(row.intitule or "")
            said.setdefault(key, row.intitule or "")
            if name_of(fiche) not in names.setdefault(key, []):
                names[key].append(name_of(fiche))
    return {said[key]: names[key] for key in sorted(names)}


def _entry(fiche: FichePrestataire, au: date) -> dict[str, object]:
    identity, keys = fiche.prestataire, fiche.caracteristiques
    return {
        "coordonnees": {
            **identity.model_dump(include={"adresse", "contact"}),
            "nom": name_of(fiche),
        },
        **{
            name: "\n".join(_titles(getattr(keys, name)))
            for name in ("competences", "secteurs", "zones")
        },
        "mise_a_jour": fiche.mise_a_jour,
        "rappel": "à mettre à jour" if fiche.perimee(au) else None,
    }


def _titles(rows: Iterable[Bloc]) -> Iterator[str]:
    return (str(getattr(row, "intitule", "") or "") for row in rows)
