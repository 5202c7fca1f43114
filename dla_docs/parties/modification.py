"""Ce qui change dans une mission, et l'alerte qui le fait savoir : dit une fois dans la demande,
repris par la grille de suivi.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import ClassVar, Protocol

from dla_docs.model.bloc import Bloc
from dla_docs.model.fields import Stade, champ, mention
from dla_docs.model.layout import colonne
from dla_docs.model.requirement import Role, exige
from dla_docs.model.values import Choix, Cle, Jour, Texte, TexteLong
from dla_docs.parties.collectif import collective
from dla_docs.parties.tenus import MissionTenue
from dla_docs.spelling import unaccented

PRESTATAIRE, LES_DEUX = Role.PRESTATAIRE, (Role.CHARGE_DE_MISSION, Role.STRUCTURE)


class NatureModification(Enum):
    """Ce sur quoi porte une modification par rapport à la commande initiale."""

    DATE = "Date"
    CONTENU = "Contenu"
    RESTITUTION = "Restitution"
    PROBLEMATIQUE = "Problématique traitée"
    FIN_DE_MISSION = "Date de fin de mission"


CONTACT_REQUIS = (NatureModification.PROBLEMATIQUE, NatureModification.FIN_DE_MISSION)
"""Ce qui ne change pas sans un contact préalable avec le DLA."""

NOTE_CONTACT = (
    "La modification doit faire l'objet d'un contact supplémentaire (téléphone /RV) avec le chargé "
    "de mission DLA quand elle porte sur la problématique traitée, la date de fin de mission. "
    "L'initiative du contact relève de la responsabilité du prestataire qui ne peut engager de "
    "changement dans la mission sans contact préalable avec le DLA."
)


class MoyenContact(Enum):
    """Comment le prestataire a joint le DLA avant de modifier la mission."""

    TELEPHONE = "Téléphone"
    RENDEZ_VOUS = "RV"


class SuiteDeLaMission(Enum):
    """Ce que le DLA décide quand la mission ne peut pas se poursuivre comme prévu."""

    REORIENTATION = "Réorientation de l'accompagnement"
    SUSPENSION = "Suspension de l'accompagnement"
    ARRET = "Arrêt de l'accompagnement"


class StadeDeLaDemande(Stade):
    """Déposée auprès du DLA, puis décidée par lui, avec la structure."""

    DEPOSEE = 1
    DECIDEE = 2


class Origine(Enum):
    """Qui est à l'initiative de la demande."""

    PRESTATAIRE = "Le prestataire"
    STRUCTURE = "La structure, par une demande directe au prestataire"
    DLA = "Le DLA"


class VoieDeLaDemande(Enum):
    """Comment la demande est faite au DLA."""

    ECRITE = "Par écrit"
    ELECTRONIQUE = "Par voie électronique"
    ORALE = "Oralement"


class Objet(Enum):
    """Ce qui appelle la demande."""

    MODIFICATION = "Une modification par rapport à la commande initiale"
    REORIENTATION = "Une réorientation nécessaire de l'étude"
    INEFFICIENCE = "Une inefficience de l'action par rapport à des contraintes externes"


class Accord(Enum):
    """Ce que le DLA répond, avec la structure."""

    ACCEPTEE = "Acceptée"
    REFUSEE = "Refusée"


NON_FAIT = re.compile(
    r"\b(?:non|pas(?: ete)?|jamais(?: ete)?|rien(?: ete)?) (?:\w+ )?"
    r"(?:realis|men|condui|fai|effectu|engag|commenc|execut|ten|remi|livr|produi|abord|termin|"
    r"achev|eu lieu)\w*"
    r"|\b(?:arret|annul|abandon|suspen|interromp|interrupt)\w*",
)


def dit_non_fait(texte: str | None) -> bool:
    """Vrai quand un texte dit que ce dont il parle n'a pas été fait : « Non réalisée : … »."""
    return NON_FAIT.search(unaccented(texte or "").casefold()) is not None


SI_INTERROMPUE = (
    " Si la mission a été arrêtée, suspendue ou réorientée, tenez-y la demande de modification qui "
    "le décide (« decision.suite ») et écrivez ici en commentaire « Non réalisée : » et pourquoi."
)
"""Le remède, quand une étape n'a pas été conduite."""


class DansUneMission(Protocol):
    """Un document, qui connaît sa mission quand il en a une."""

    @property
    def _mission(self) -> MissionTenue | None: ...


class DemandeEtudiee(DansUneMission, Protocol):
    """La demande de modification."""

    @property
    def demande(self) -> Demande: ...
    @property
    def refusee(self) -> bool: ...


def acceptee(bloc: object, document: DemandeEtudiee) -> bool:
    """La demande n'est pas refusée."""
    return not document.refusee


def appelee(bloc: object, document: DemandeEtudiee) -> bool:
    """Une réorientation est nécessaire, ou l'action est inefficiente."""
    return document.demande.objet in (Objet.REORIENTATION, Objet.INEFFICIENCE)


def avec_la_structure(bloc: object, document: DansUneMission) -> bool:
    """Une ingénierie individuelle : en collective, le chargé de mission valide seul."""
    mission = document._mission
    return mission is None or not collective(mission, mission)


def a_valider(bloc: object, document: DansUneMission) -> bool:
    """Une ingénierie individuelle, ou une collective de plusieurs jours."""
    mission = document._mission
    return mission is None or avec_la_structure(bloc, document) or mission.plusieurs_jours


def a_decider(bloc: object, document: DemandeEtudiee) -> bool:
    """La demande n'est pas refusée, et demande une validation."""
    return acceptee(bloc, document) and a_valider(bloc, document)


def a_decider_avec_la_structure(bloc: object, document: DemandeEtudiee) -> bool:
    """La demande n'est pas refusée, et demande la validation de la structure."""
    return acceptee(bloc, document) and avec_la_structure(bloc, document)


class Demande(Bloc):
    """La demande"""

    cadre = mention(
        "Le prestataire ne peut pas sortir du cadre de la mission prescrite par le DLA, pour "
        "répondre à une demande directe de la structure, "
        "sans demander l'autorisation à l'opérateur DLA par écrit ou par voie électronique. "
        "Toutes demandes devront être motivées.",
        exige("RX-33"),
        exige("CV-09"),
    )
    alerte = mention(
        "Si au cours de sa mission, le prestataire pressent une réorientation nécessaire de son "
        "étude ou une inefficience de son action par "
        "rapport à des contraintes externes, il devra immédiatement en informer le DLA pour prise "
        "de décision rapide : réorientation, "
        "suspension, arrêt de l'accompagnement.",
        exige("SUI-17"),
        apres="objet",
    )

    origine: Choix[Origine] = champ("A l'initiative de", par=PRESTATAIRE)
    voie: Choix[VoieDeLaDemande] = champ("Demande faite au DLA", par=PRESTATAIRE)
    objet: Choix[Objet] = champ("Ce qui l'appelle", par=PRESTATAIRE)
    constat: TexteLong = champ(
        "Constat du prestataire", exige("NMP-03", par=PRESTATAIRE), si=appelee
    )


class Changement(Bloc):
    """Ce qui change par rapport à la commande initiale"""

    colonnes = (
        colonne("Etape", "etape", largeur=1.1),
        colonne("Nature", "nature", largeur=1.4),
        colonne("Ce que prévoit la commande", "initial", largeur=1.48),
        colonne("Modification demandée", "nouveau", largeur=1.48),
        colonne("Justification", "motif", largeur=1.48),
    )
    prefixe: ClassVar[str] = "m"

    cle: Cle = champ("Clé")
    etape: Texte = champ("Etape", par=PRESTATAIRE)
    nature: Choix[NatureModification] = champ("Nature de la modification", exige("SUI-15"))
    initial: TexteLong = champ("Ce que prévoit la commande", par=PRESTATAIRE)
    nouveau: TexteLong = champ("Modification demandée", exige("NMP-04"), par=PRESTATAIRE)
    motif: TexteLong = champ("Justification", exige("SUI-14"), exige("RX-33"), par=PRESTATAIRE)


class Contact(Bloc):
    """Le contact préalable avec le DLA"""

    note = mention(NOTE_CONTACT, exige("SUI-10"), exige("SUI-16"))

    moyen: Choix[MoyenContact] = champ("Contact", par=PRESTATAIRE)
    date: Jour = champ("Date du contact", par=PRESTATAIRE)


class Decision(Bloc):
    """La décision"""

    accord: Choix[Accord] = champ("Réponse à la demande")
    suite: Choix[SuiteDeLaMission] = champ(
        "Suite donnée à l'accompagnement",
        exige("NMP-03", par=Role.DLA),
        si=appelee,
        des=StadeDeLaDemande.DECIDEE,
    )
    motif: TexteLong = champ("Motif de la décision")
    validee_dla_le: Jour = champ(
        "Validée par le DLA le",
        exige("SUI-14"),
        par=LES_DEUX,
        si=a_decider,
        des=StadeDeLaDemande.DECIDEE,
    )
    validee_structure_le: Jour = champ(
        "Avec la structure le",
        exige("SUI-14"),
        par=LES_DEUX,
        si=a_decider_avec_la_structure,
        des=StadeDeLaDemande.DECIDEE,
    )
    avenant: Texte = champ(
        "Notifiée par l'avenant à la convention",
        exige("CV-07"),
        si=acceptee,
        des=StadeDeLaDemande.DECIDEE,
        exemples=("Avenant n° 1",),
    )
