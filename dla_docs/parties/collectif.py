"""L'organisation d'une ingénierie collective (carnet du CNAR Environnement, « CONFIRMER »)."""

from __future__ import annotations

from typing import ClassVar, Protocol

from dla_docs.model.bloc import Bloc
from dla_docs.model.fields import champ
from dla_docs.model.layout import colonne
from dla_docs.model.requirement import Role, exige
from dla_docs.model.values import Choix, Cle, Texte, TexteLong
from dla_docs.parties.deroulement import Avancement
from dla_docs.parties.ingenierie import NatureAction, NatureIngenierie, TypeCollectif


class DeNature(Protocol):
    """Un document, ou une mission, qui dit sa nature."""

    @property
    def nature(self) -> NatureIngenierie | None: ...


def collective(bloc: object, document: DeNature) -> bool:
    """Ingénierie collective."""
    return document.nature is NatureIngenierie.COLLECTIVE


class Intervenant(Bloc):
    """Un membre du système intervenant"""

    colonnes = (colonne("Intervenant", "nom"), colonne("Rôle", "role", largeur=2))
    principal: ClassVar[str] = "nom"
    prefixe: ClassVar[str] = "i"

    cle: Cle = champ("Clé")
    nom: Texte = champ("Intervenant")
    role: TexteLong = champ("Rôle")


class ActionCollective(Bloc):
    """Une action de l'ingénierie collective"""

    colonnes = (colonne("Action", "intitule", largeur=3), colonne("Nature", "nature"))
    principal: ClassVar[str] = "intitule"
    prefixe: ClassVar[str] = "a"

    cle: Cle = champ("Clé")
    intitule: TexteLong = champ("Action")
    nature: Choix[NatureAction] = champ("Nature")


class Collectif(Bloc):
    """L'organisation de l'ingénierie collective"""

    cles_retirees = ("systeme_intervenant",)

    type: Choix[TypeCollectif] = champ(
        "Type d'ingénierie collective", exige("EC-01"), exige("EC-02")
    )
    actions: tuple[ActionCollective, ...] = champ(
        "Actions prévues",
        exige("EC-21"),
        exige("EC-22"),
        conseil="Ajoutez les actions d'accompagnement, ou les sessions, que l'ingénierie prévoit.",
    )
    complements: TexteLong = champ(
        "Actions d'information ou de formation en complémentarité", exige("EC-05")
    )
    rythme: Texte = champ("Le rythme", exige("EC-10"))
    duree: Texte = champ("La durée", exige("EC-10"))
    periode: Texte = champ("La période d'intervention auprès des structures", exige("EC-10"))
    lieu: Texte = champ("Lieu adapté aux origines géographiques des participants", exige("EC-11"))
    logistique: TexteLong = champ("Conditions logistiques nécessaires", exige("EC-12"))


class Capitalisation(Bloc):
    """La capitalisation et son transfert"""

    nature: TexteLong = champ(
        "Nature de la capitalisation",
        exige("EC-18", par=Role.CHARGE_DE_MISSION),
        des=Avancement.CONDUITE,
        aide="Méthode, procédés utilisés, information sur le secteur ou le territoire",
    )
    transferable: TexteLong = champ(
        "Caractère transférable",
        exige("EC-18", par=Role.CHARGE_DE_MISSION),
        des=Avancement.CONDUITE,
    )
    destinataires: TexteLong = champ(
        "Destinataires du transfert",
        exige("EC-18", par=Role.CHARGE_DE_MISSION),
        des=Avancement.CONDUITE,
    )
    responsables: TexteLong = champ(
        "Responsable(s) du transfert",
        exige("EC-18", par=Role.CHARGE_DE_MISSION),
        des=Avancement.CONDUITE,
    )
    modalites: TexteLong = champ(
        "Modalités du transfert",
        exige("EC-18", par=Role.CHARGE_DE_MISSION),
        des=Avancement.CONDUITE,
    )
