"""Les tableaux du plan d'accompagnement, dont celui du DLA 37 (guide du Centre, « Exemple d'un plan
d'accompagnement »), et ce que la commande en reprend.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import ClassVar, Protocol, TypeVar

from dla_docs.model.bloc import Bloc
from dla_docs.model.fields import champ
from dla_docs.model.layout import colonne
from dla_docs.model.requirement import exige
from dla_docs.model.values import Choix, Cle, Jour, Texte, TexteLong
from dla_docs.parties.ingenierie import NatureIngenierie
from dla_docs.parties.objectifs import Objectif


class Action(Bloc):
    """Une action du plan d'accompagnement"""

    colonnes = (
        colonne("Difficulté rencontrée", "difficulte"),
        colonne("Cause supposée", "cause"),
        colonne("Action envisagée", "action", largeur=1.2),
        colonne("Echéance", "echeance", largeur=0.8),
        colonne("Moyens à mobiliser", "moyens", "ingenierie", largeur=1.2),
    )
    prefixe: ClassVar[str] = "a"

    cle: Cle = champ("Clé")
    difficulte: TexteLong = champ("Difficulté rencontrée")
    cause: TexteLong = champ("Cause supposée")
    action: TexteLong = champ("Action envisagée")
    echeance: Texte = champ("Echéance")
    moyens: TexteLong = champ("Moyens à mobiliser")
    ingenierie: Choix[NatureIngenierie] = champ("Ingénierie")


class Version(Bloc):
    """Une version du plan"""

    colonnes = (
        colonne("Version", "numero", largeur=0.6),
        colonne("Date", "date", largeur=0.7),
        colonne("Nouveaux besoins pris en compte", "nouveaux_besoins", largeur=3),
    )
    prefixe: ClassVar[str] = "n"
    lignes_vierges: ClassVar[int] = 1

    cle: Cle = champ("Clé")
    numero: Texte = champ("Version", exige("PLA-14"))
    date: Jour = champ("Date", exige("PLA-14"), exige("PLA-17"))
    nouveaux_besoins: TexteLong = champ(
        "Nouveaux besoins pris en compte",
        exige("PLA-14"),
        exige("DS-03"),
        conseil="Écrivez « Première version » s'il n'y en a pas encore.",
    )


class NatureMoyen(Enum):
    """Ce que le plan combine dans le temps et dans la durée."""

    INGENIERIES = "Actions d'ingénieries individuelles et/ou collectives"
    TERRITOIRES = "Ressources mobilisées sur les territoires"
    EXPERTISE_INTERNE = "Apport d'expertise « interne » au DLA"
    STRUCTURE = "Actions à réaliser par la structure elle-même, en interne"


class Moyen(Bloc):
    """Un moyen à mettre en œuvre"""

    colonnes = (
        colonne("Nature des moyens", "nature"),
        colonne(
            "Les moyens qu'il appartient de mettre en œuvre (DLA + autres partenaires)",
            "moyen",
            largeur=1.6,
        ),
        colonne("Les résultats attendus des ressources ainsi combinées", "resultats", largeur=1.6),
    )
    prefixe: ClassVar[str] = "m"
    lignes_vierges: ClassVar[int] = 4

    cle: Cle = champ("Clé")
    nature: Choix[NatureMoyen] = champ("Nature des moyens", exige("PLA-13"))
    moyen: TexteLong = champ("Moyens à mettre en œuvre", exige("PLA-09"))
    resultats: TexteLong = champ("Résultats attendus", exige("PLA-09"))


class Ressource(Bloc):
    """Une ressource mobilisée"""

    colonnes = (
        colonne("Les ressources mobilisées", "famille", largeur=1.4),
        colonne("Organisme", "organisme"),
        colonne("Apport", "apport", largeur=1.6),
    )
    prefixe: ClassVar[str] = "s"

    cle: Cle = champ("Clé")
    famille: Texte = champ(
        "Ressources mobilisées",
        exige("PLA-12"),
        exemples=(
            "Fédérations et réseaux associatifs",
            "Dispositifs et actions des services de l'Etat, des collectivités et autres "
            "organismes publics",
            "Acteurs financiers et outils de financement de projet",
            "Autres structures d'utilité sociale",
        ),
    )
    organisme: Texte = champ("Organisme")
    apport: TexteLong = champ("Apport")


class MissionPreconisee(Bloc):
    """Mission d'appui préconisée"""

    prefixe: ClassVar[str] = "p"
    lignes_vierges: ClassVar[int] = 1
    lignes_closes: ClassVar[bool] = True

    cle: Cle = champ("Clé")
    action: Texte = champ(
        "Numéro de l'action du plan",
        aide="1 pour la première ligne du tableau, ou sa clé : a1",
    )
    contexte: TexteLong = champ("Contexte", exige("PLA-06"))
    general: TexteLong = champ("Objectif général", exige("PLA-06"))
    operationnels: tuple[Objectif, ...] = champ("Objectifs opérationnels", exige("PLA-06"))


class AvecCle(Protocol):
    """Une ligne qui a sa clé."""

    @property
    def cle(self) -> str | None: ...


Rangee = TypeVar("Rangee", bound=AvecCle)


def action_designee(advised: MissionPreconisee, actions: Sequence[Rangee]) -> Rangee | None:
    """L'action du plan que désigne une mission d'appui, par son rang ou par sa clé ; ``None`` quand
    aucune ne s'appelle ainsi.
    """
    return next(
        (row for rank, row in enumerate(actions, 1) if advised.action in (row.cle, str(rank))), None
    )
