"""Ce que le diagnostic partagé et le plan d'accompagnement ont en commun : qui énonce un besoin,
quelle instance valide, ce que la commande en reprend.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import Enum
from typing import ClassVar

from dla_docs.model.bloc import Bloc
from dla_docs.model.fields import champ
from dla_docs.model.layout import colonne
from dla_docs.model.requirement import Role, exige
from dla_docs.model.values import Choix, Cle, Jour, Texte, TexteLong
from dla_docs.parties.acteurs import Personne
from dla_docs.parties.personnes import EXPERT, VALIDATEUR


class FormeDiagnostic(Enum):
    """Les deux formes sous lesquelles le diagnostic est joint ; la forme complète est plus
    explicite.
    """

    COMPLET = "Document complet"
    SYNTHESE = "Sous forme de synthèse"


class Auteur(Enum):
    """Qui énonce ou identifie un besoin d'accompagnement."""

    STRUCTURE = "La structure"
    DLA = "Le DLA"
    LES_DEUX = "La structure et le DLA"


class Decision(Enum):
    """Ce que l'instance dirigeante a décidé."""

    VALIDE = "Validé"
    VALIDE_SOUS_RESERVE = "Validé sous réserve"
    AJOURNE = "Ajourné"


class ForcesFaiblesses(Bloc):
    """Points forts et points faibles"""

    points_forts: TexteLong = champ("Points forts")
    points_faibles: TexteLong = champ("Points faibles")


class Bilan(Bloc):
    """Les points forts et points faibles"""

    colonnes = (
        colonne("Objet", largeur=1.2),
        colonne("Points forts", largeur=1.8),
        colonne("Points faibles", largeur=1.8),
    )

    activite: ForcesFaiblesses = champ("L'activité concernée")
    structure: ForcesFaiblesses = champ("La structure dans son environnement")
    perspectives: ForcesFaiblesses = champ("Les perspectives de sa consolidation")


class Besoin(Bloc):
    """Une problématique à traiter et le besoin d'accompagnement"""

    colonnes = (
        colonne("Les problématiques à traiter", "problematique", largeur=1.8),
        colonne("Les besoins d'accompagnement", "besoin", largeur=1.8),
        colonne("Enoncés ou identifiés par", "enonce_par"),
    )
    prefixe: ClassVar[str] = "b"

    cle: Cle = champ("Clé")
    problematique: TexteLong = champ("Problématique à traiter")
    besoin: TexteLong = champ("Besoin d'accompagnement")
    enonce_par: Choix[Auteur] = champ("Enoncé ou identifié par")


class Validation(Bloc):
    """La validation par une instance dirigeante"""

    colonnes = (
        colonne("Instance dirigeante", "instance", largeur=1.3),
        colonne("Représentée par", "validateur", largeur=1.3),
        colonne("Décision", "decision"),
        colonne("Date", "date", largeur=0.8),
        colonne("Observations", "observations", largeur=1.6),
    )
    prefixe: ClassVar[str] = "v"
    lignes_vierges: ClassVar[int] = 1

    cle: Cle = champ("Clé")
    instance: Texte = champ("Instance dirigeante", exemples=("Conseil d'administration", "Bureau"))
    validateur: Texte = champ("Représentée par", personnelle=VALIDATEUR)
    decision: Choix[Decision] = champ("Décision")
    date: Jour = champ("Date", exige("DP-05"))
    observations: TexteLong = champ("Observations")


class Comite(Bloc):
    """L'enrichissement en comité d'appui"""

    date: Jour = champ("Comité d'appui du")
    presents: tuple[Personne, ...] = champ("Experts", personnelle=EXPERT)
    avis: TexteLong = champ("Apport et avis du comité d'appui", exige("DP-07"), exige("PRO-03"))


class Communication(Bloc):
    """Une communication du diagnostic à un tiers"""

    colonnes = (
        colonne("Destinataire", "destinataire", largeur=1.4),
        colonne("Informations communiquées", "informations", largeur=2),
        colonne("Accord de la structure le", "accord_le"),
        colonne("Communiquées le", "date"),
    )
    prefixe: ClassVar[str] = "t"
    lignes_vierges: ClassVar[int] = 1

    cle: Cle = champ("Clé")
    destinataire: Texte = champ("Destinataire")
    informations: TexteLong = champ("Informations communiquées")
    accord_le: Jour = champ("Accord de la structure le", par=Role.STRUCTURE)
    date: Jour = champ("Communiquées le")


class Confidentialite(Bloc):
    """La confidentialité"""

    regles_de_diffusion: TexteLong = champ(
        "Règles de diffusion des informations définies avec la structure"
    )
    communications: tuple[Communication, ...] = champ("Communications à des tiers")


def valide_le(validations: Iterable[Validation]) -> date | None:
    """Le jour de la première validation, ou ``None`` tant qu'aucune instance n'a validé."""
    said = (Decision.VALIDE, Decision.VALIDE_SOUS_RESERVE)
    return min(
        (row.date for row in validations if row.date is not None and row.decision in said),
        default=None,
    )


def valide_avant_etabli(validations: Iterable[Validation], etabli_le: date | None) -> list[str]:
    """Les validations datées d'avant ce qu'elles valident."""
    return [
        f"validations[{n}].date"
        for n, row in enumerate(validations)
        if row.date and etabli_le and row.date < etabli_le
    ]
