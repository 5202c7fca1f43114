"""Les articles de la convention tripartite que les guides nomment, et les textes fixes qu'elle
porte.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from enum import Enum
from typing import Any, ClassVar

from dla_docs.model.bloc import Bloc
from dla_docs.model.fields import Stade, champ, mention
from dla_docs.model.layout import colonne
from dla_docs.model.requirement import Role, exige
from dla_docs.model.values import (
    Choix,
    Cle,
    Entier,
    Jour,
    JoursLongs,
    Montant,
    OuiNon,
    Reponse,
    Texte,
    TexteLong,
)
from dla_docs.parties.deroulement import NatureDePaiement, Paiement


class StadeDeLaConvention(Stade):
    """Un projet à signer, puis la convention signée."""

    PROJET = 1
    SIGNEE = 2


class ModeDeSuivi(Enum):
    """Comment le prestataire informe le DLA de l'avancement de sa mission."""

    NOTE = "Une note à mi-parcours"
    GRILLE = "La grille de suivi, à la fin de chaque étape"
    LES_DEUX = "La grille de suivi et une note à mi-parcours"


class Diffusion(Enum):
    """Ce que deviennent les informations rassemblées : chaque guide a sa limite."""

    AUCUNE = "Aucune diffusion"
    SUR_ACCORD = "Avec l'accord préalable de la structure"
    REGLES = "Selon les règles définies avec la structure"


def note_prevue(bloc: Engagements, document: object) -> bool:
    """Le suivi comprend une note à mi-parcours."""
    return bloc.suivi is not ModeDeSuivi.GRILLE


def sans_diffusion(bloc: Confidentialite, document: object) -> bool:
    """Rien n'est diffusé."""
    return bloc.diffusion is Diffusion.AUCUNE


def diffusion_sur_accord(bloc: Confidentialite, document: object) -> bool:
    """Une information se diffuse avec l'accord de la structure."""
    return bloc.diffusion is Diffusion.SUR_ACCORD


def diffusion_reglee(bloc: Confidentialite, document: object) -> bool:
    """Une information se diffuse selon les règles définies avec la structure."""
    return bloc.diffusion is Diffusion.REGLES


def a_des_avenants(bloc: Modification, document: object) -> bool:
    """La convention a été modifiée."""
    return bloc.modifiee is Reponse.OUI


class Engagements(Bloc):
    """Les engagements réciproques des parties prenantes"""

    respect = mention(
        "Le prestataire s'engage à respecter, tout au long de sa mission, le cahier des charges, "
        "les objectifs généraux du dispositif et les clauses de la convention tripartite.",
        exige("CV-08"),
        apres="prestataire",
    )
    cadre = mention(
        "Le prestataire ne peut pas sortir du cadre de la mission prescrite par le DLA, pour "
        "répondre à une demande directe de la structure, sans demander l'autorisation à "
        "l'opérateur DLA par écrit ou par voie électronique. Toutes demandes devront être "
        "motivées.",
        exige("CV-09"),
        exige("RX-33"),
        apres="prestataire",
    )
    restitution = mention(
        "Le prestataire conventionné par le DLA s'engage à organiser un temps de restitution de la "
        "mission réalisée associant systématiquement les responsables de la structure concernée et "
        "le chargé de mission DLA.",
        exige("CV-11"),
        apres="prestataire",
    )
    solde = mention(
        "La restitution est conduite par le prestataire, sur la base d'un rapport final en version "
        "numérique et papier remis à l'opérateur DLA (pièce indispensable pour procéder au "
        "versement du solde).",
        exige("CV-12"),
        apres="prestataire",
    )
    information = mention(
        "Le prestataire s'engage à informer régulièrement le DLA de l'avancement de sa mission (a "
        "minima, il enverra une note à mi-parcours par voie électronique).",
        exige("CV-10"),
        apres="suivi",
        si=note_prevue,
    )

    dla: TexteLong = champ("Le DLA s'engage à", exige("CV-03"))
    structure: TexteLong = champ("L'association s'engage à", exige("CV-03"))
    prestataire: TexteLong = champ("Le prestataire s'engage à", exige("CV-03"))
    suivi: Choix[ModeDeSuivi] = champ("Le suivi de la mission")


class Confidentialite(Bloc):
    """La confidentialité"""

    obligation = mention(
        "Le prestataire est tenu à une obligation de confidentialité.", exige("CV-13")
    )
    absolue = mention(
        "Les informations rassemblées par le DLA et le prestataire ne devront, en aucun cas, être "
        "diffusées.",
        exige("RX-20", guides="N"),
        apres="diffusion",
        si=sans_diffusion,
    )
    levee = mention(
        "Les informations rassemblées par le DLA et le prestataire ne sont, en aucun cas, "
        "diffusées sans accord préalable de la structure bénéficiaire.",
        exige("RX-20", guides="P"),
        apres="diffusion",
        si=diffusion_sur_accord,
    )
    reglee = mention(
        "Les informations sur la structure ne sont diffusées que dans le respect des règles "
        "définies avec celle-ci.",
        exige("RX-20", guides="A"),
        apres="diffusion",
        si=diffusion_reglee,
    )

    diffusion: Choix[Diffusion] = champ("Diffusion des informations rassemblées")
    regles_de_diffusion: TexteLong = champ("Règles définies avec la structure")


class Versement(Bloc):
    """Un versement"""

    colonnes = (
        colonne("Versement", "nature", largeur=1.3),
        colonne("Montant (TTC)", "montant", largeur=0.8),
        colonne("Condition", "condition", largeur=1.8),
        colonne("Prévu le", "prevu_le", largeur=0.8),
    )
    prefixe: ClassVar[str] = "v"

    cle: Cle = champ("Clé")
    nature: Choix[NatureDePaiement] = champ("Versement")
    montant: Montant = champ("Montant (TTC)")
    condition: TexteLong = champ("Condition")
    prevu_le: Jour = champ("Prévu le")


class Modalites(Bloc):
    """Les modalités opérationnelles de la mission"""

    objectif: TexteLong = champ("Objectif général de la mission")
    deroulement: TexteLong = champ("Déroulement", exige("CV-02"))
    nombre_d_etapes: Entier = champ("Nombre d'étapes")
    jours: JoursLongs = champ("Nombre de jours d'intervention")
    debut: Jour = champ("Début de la mission")
    fin: Jour = champ("Fin de la mission")


class Prix(Bloc):
    """Le prix et son versement"""

    montant: Montant = champ("Tarif définitif (TTC)", exige("CV-06"))
    versements: tuple[Versement, ...] = champ("Echéancier des versements")


class Annexe(Bloc):
    """L'annexe"""

    projet: TexteLong = champ("Projet d'intervention annexé à la convention", exige("CV-05"))
    date: Jour = champ("Daté du")


class Selection(Bloc):
    """Le choix du prestataire"""

    retenu_le: Jour = champ("Prestataire retenu le")
    precisions_le: Jour = champ("Précisions demandées, reçues par écrit le")


class Article(Bloc):
    """Un article"""

    colonnes = (colonne("Article", "titre"), colonne("Texte", "texte", largeur=3))
    en_titre: ClassVar[str] = "titre"
    prefixe: ClassVar[str] = "c"
    lignes_vierges: ClassVar[int] = 1

    cle: Cle = champ("Clé")
    titre: Texte = champ("Article")
    texte: TexteLong = champ("Texte")


class Avenant(Bloc):
    """Un avenant"""

    colonnes = (
        colonne("Avenant", "intitule"),
        colonne("Signé le", "signe_le", largeur=0.8),
        colonne("Objet", "objet", largeur=2),
    )
    principal: ClassVar[str] = "intitule"
    prefixe: ClassVar[str] = "n"
    lignes_vierges: ClassVar[int] = 1

    cle: Cle = champ("Clé")
    intitule: Texte = champ("Avenant", exemples=("Avenant n° 1",))
    signe_le: Jour = champ("Signé le")
    objet: TexteLong = champ("Objet")


class Modification(Bloc):
    """Les avenants à la convention"""

    clause = mention(
        "Toute modification de la mission est justifiée, validée par le DLA avec la structure, et "
        "notifiée par un avenant à la convention.",
        exige("RX-10"),
    )

    modifiee: OuiNon = champ("La convention a été modifiée")
    avenants: tuple[Avenant, ...] = champ(
        "Avenants",
        exige("CV-07"),
        si=a_des_avenants,
        conseil="Citez l'avenant, sa date et son objet.",
    )


class Signature(Bloc):
    """La signature"""

    dla_le: Jour = champ(
        "Signée par le DLA le",
        exige("CV-01", guides="P"),
        exige("PRO-10"),
        par=Role.DLA,
        des=StadeDeLaConvention.SIGNEE,
    )
    structure_le: Jour = champ(
        "Par l'association le",
        exige("CV-01", guides="P"),
        exige("PRO-10"),
        par=Role.STRUCTURE,
        des=StadeDeLaConvention.SIGNEE,
    )
    prestataire_le: Jour = champ(
        "Par le prestataire le",
        exige("CV-01", guides="P"),
        exige("PRO-10"),
        par=Role.PRESTATAIRE,
        des=StadeDeLaConvention.SIGNEE,
    )

    @property
    def signee_le(self) -> datetime.date | None:
        """Le jour où le dernier a signé ; ``None`` tant que personne ne l'a fait."""
        days = (self.dla_le, self.structure_le, self.prestataire_le)
        return max((day for day in days if day), default=None)


def versements_repris(paiements: Iterable[Paiement]) -> list[dict[str, Any]]:
    """L'échéancier des versements : les paiements de la mission, tels qu'ils sont prévus."""
    return [{name: getattr(row, name) for name in Versement.model_fields} for row in paiements]
