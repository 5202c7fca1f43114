"""Ce qui jalonne une mission : ses rencontres, ses envois, ses paiements.

Source : guides du Nord – Pas de Calais et de Provence-Alpes-Côte d'Azur, « Réalisation de la
mission ».
"""

from __future__ import annotations

from enum import Enum
from typing import ClassVar

from dla_docs.model.bloc import Bloc, is_blank
from dla_docs.model.fields import Stade, champ
from dla_docs.model.layout import colonne
from dla_docs.model.requirement import Exigence, Force, L, Role
from dla_docs.model.requirement import exige as exige_de
from dla_docs.model.values import Choix, Cle, Jour, Montant, Texte, TexteLong
from dla_docs.parties.acteurs import Personne
from dla_docs.parties.personnes import EXPERT, PRESENTE


def exige(identifiant: str, force: Force | None = None) -> Exigence:
    """Une exigence portée par la mission : c'est le ou la chargé(e) de mission qui en tient le
    fichier, quel que soit celui qui agit.
    """
    return exige_de(identifiant, force, Role.CHARGE_DE_MISSION)


class Avancement(Stade):
    """Où en est une mission, d'après ce qu'elle tient : ce qui vient plus tard n'y manque pas
    encore.
    """

    BESOIN = 1
    COMMANDE = 2
    CONSULTATION = 3
    CHOIX = 4
    CONDUITE = 5
    RENDUE = 6
    SOLDEE = 7
    EVALUEE = 8

    @property
    def phrase(self) -> str:
        """Ce stade, tel qu'un message le dit."""
        return PHRASES[self]


PHRASES = {
    Avancement.BESOIN: "la structure est accueillie",
    Avancement.COMMANDE: "la commande se prépare",
    Avancement.CONSULTATION: "des prestataires sont consultés",
    Avancement.CHOIX: "le prestataire est choisi",
    Avancement.CONDUITE: "la mission est conduite",
    Avancement.RENDUE: "la mission est rendue",
    Avancement.SOLDEE: "la mission est soldée",
    Avancement.EVALUEE: "la mission est évaluée",
}


def abordee(bloc: ComiteAppui, document: object) -> bool:
    """La rencontre a eu lieu : quelque chose en est dit."""
    return not is_blank(bloc)


class Accueil(Bloc):
    """L'accueil de la structure"""

    date: Jour = champ("Date", exige("PRO-01", L))
    presents: tuple[Personne, ...] = champ("Présents", personnelle=PRESENTE)
    avis: TexteLong = champ("Demande de la structure")


class Lancement(Bloc):
    """La réunion de lancement"""

    date: Jour = champ("Date", exige("PRO-09"), des=Avancement.CONDUITE)
    presents: tuple[Personne, ...] = champ(
        "Présents",
        personnelle=PRESENTE,
        des=Avancement.CONDUITE,
        conseil="Nommez qui est venu pour la structure, le DLA et le prestataire.",
    )
    enjeux: TexteLong = champ("Enjeux")
    problematiques: TexteLong = champ("Problématiques")
    objectifs: TexteLong = champ("Objectifs")
    methodologie: TexteLong = champ("Méthodologie")
    avis: TexteLong = champ("Avis")


class ComiteAppui(Bloc):
    """Le comité d'appui"""

    date: Jour = champ(
        "Date", exige("CA-01"), exige("PRO-03", L), exige("DP-07", L), des=Avancement.COMMANDE
    )
    presents: tuple[Personne, ...] = champ(
        "Experts présents", exige("CA-01"), des=Avancement.COMMANDE, personnelle=EXPERT
    )
    avis: TexteLong = champ("Avis", exige("CA-01"), des=Avancement.COMMANDE)
    regles_de_diffusion: TexteLong = champ(
        "Règles de diffusion des informations définies avec la structure",
        exige("CA-02"),
        exige_de("RX-20", par=Role.CHARGE_DE_MISSION, guides="A"),
        des=Avancement.COMMANDE,
        si=abordee,
        conseil="Dites ce que la structure accepte de voir transmis au comité.",
    )


def restituee(bloc: Restitution, document: object) -> bool:
    """La restitution a eu lieu."""
    return bloc.date is not None


class Restitution(Bloc):
    """La restitution"""

    date: Jour = champ("Date", exige("RES-01"), exige("PRO-14"), des=Avancement.RENDUE)
    presents: tuple[Personne, ...] = champ(
        "Présents",
        personnelle=PRESENTE,
        aide="Les responsables de la structure, le ou la chargé(e) de mission",
    )
    presentation: TexteLong = champ(
        "Présentation synthétique du travail réalisé", exige("RES-02"), si=restituee
    )
    situation: TexteLong = champ(
        "Situation de la structure après l'intervention", exige("RES-03"), si=restituee
    )
    perspectives: TexteLong = champ(
        "Perspectives de mise en œuvre des préconisations et objectifs à atteindre",
        exige("RES-04"),
        si=restituee,
    )
    avis: TexteLong = champ("Avis")


class NatureDePaiement(Enum):
    """Les paiements au prestataire, tels que la convention les prévoit :
    le dernier est le solde."""

    ACOMPTE = "Acompte"
    INTERMEDIAIRE = "Versement intermédiaire"
    SOLDE = "Solde"


class Paiement(Bloc):
    """Un paiement de la mission, prévu par la convention puis versé"""

    colonnes = (
        colonne("Paiement", "nature", largeur=1.4),
        colonne("Montant (TTC)", "montant"),
        colonne("Condition", "condition", largeur=1.6),
        colonne("Prévu le", "prevu_le", largeur=0.9),
        colonne("Versé le", "verse_le", largeur=0.9),
        colonne("Pièce", "piece", largeur=1.4),
    )
    prefixe: ClassVar[str] = "v"
    lignes_vierges: ClassVar[int] = 2

    cle: Cle = champ("Clé")
    nature: Choix[NatureDePaiement] = champ("Paiement", exige("PRO-20", L))
    montant: Montant = champ("Montant (TTC)")
    condition: TexteLong = champ("Condition")
    prevu_le: Jour = champ("Prévu le")
    verse_le: Jour = champ("Versé le", exige("PRO-20", L))
    piece: Texte = champ("Pièce")


class Envois(Bloc):
    """Les envois et les échanges"""

    trame_de_suivi_le: Jour = champ(
        "Trame vierge de la grille de suivi adressée par mel le",
        exige("SUI-11", L),
        exige("PRO-11", L),
    )
    attentes_discutees_le: Jour = champ(
        "Attentes sur le rapport discutées avec le prestataire le",
        exige("RF-07"),
        des=Avancement.RENDUE,
    )
    convention_signee_le: Jour = champ(
        "Convention tripartite signée le",
        exige("PRO-10", L),
        aide="Quand la convention elle-même n'est pas tenue avec la mission",
    )
    evaluation_au_comite_le: Jour = champ(
        "Eléments d'évaluation adressés au comité de pilotage le",
        exige("EVI-23"),
        exige("PRO-25"),
        des=Avancement.EVALUEE,
    )
    evaluation_aux_dla_le: Jour = champ(
        "Fiche d'évaluation transmise aux autres DLA de la région le", exige("EVI-22", L)
    )
    portefeuille_le: Jour = champ(
        "Portefeuille des prestataires mis à jour, au vu de l'évaluation, le",
        exige("FP-14"),
        des=Avancement.EVALUEE,
    )


class Evenements(Bloc):
    """Les rencontres de la mission"""

    accueil: Accueil = champ("Accueil")
    comite_appui: ComiteAppui = champ("Comité d'appui")
    lancement: Lancement = champ("Réunion de lancement")
    restitution: Restitution = champ("Restitution")
