"""L'enquête de satisfaction que le DLA envoie au prestataire, une fois la prestation réalisée.

Source : fiche de Provence-Alpes-Côte d'Azur, « Évaluation », seule à la demander. Les deux thèmes
sont les siens ; les questions sont les nôtres et un DLA pose les siennes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dla_docs.documents.grille_de_suivi import fin_de_la_prestation
from dla_docs.model.fields import champ, regle
from dla_docs.model.recipients import Destinataire
from dla_docs.model.requirement import Role, exige
from dla_docs.model.values import Choix, Jour, TexteLong
from dla_docs.parties.acteurs import Personne
from dla_docs.parties.enquete import (
    Enquete,
    Question,
    Satisfaction,
    degre,
    theme,
)
from dla_docs.parties.personnes import REPONDANT

if TYPE_CHECKING:  # a document alone has no mission
    from dla_docs.mission import Mission

PRESTATAIRE = Role.PRESTATAIRE


class AvecLOperateur(Question):
    """Une question sur la collaboration avec l'opérateur DLA"""

    reponse: Choix[Satisfaction] = degre(exige("ES-06"))


class AvecLesStructures(Question):
    """Une question sur la collaboration avec les structures bénéficiaires"""

    reponse: Choix[Satisfaction] = degre(exige("ES-07"))


class EnquetePrestataire(Enquete):
    """L'enquête de satisfaction envoyée au prestataire."""

    titre = "Enquête de satisfaction du prestataire"
    titre_court = "Enquête auprès du prestataire"
    source = "Fiche « Rôle du prestataire » de Provence-Alpes-Côte d'Azur, « Évaluation »"
    communique_a = (Destinataire.RETENU, Destinataire.DLA)

    adressee_le: Jour = champ(
        "Enquête adressée le", exige("PRO-17"), par=Role.DLA, conseil="Datez l'envoi de l'enquête."
    )
    repondue_le: Jour = champ("Réponse du", par=PRESTATAIRE)
    repondant: Personne = champ("Rempli par", par=PRESTATAIRE, personnelle=REPONDANT)
    operateur_dla: tuple[AvecLOperateur, ...] = theme(
        "Les modalités de collaboration avec l'opérateur DLA",
        exige("ES-06"),
        "La clarté du cahier des charges et des informations remises",
        "La disponibilité et le suivi du ou de la chargé(e) de mission",
        "Les délais de sélection, de convention et de paiement",
    )
    beneficiaires: tuple[AvecLesStructures, ...] = theme(
        "Les modalités de collaboration avec les structures bénéficiaires",
        exige("ES-07"),
        "La mobilisation des dirigeants, des bénévoles et des salariés",
        "L'accès aux informations et aux personnes utiles à la mission",
        "Le climat de travail et le respect des engagements pris",
    )
    observations: TexteLong = champ("Ce que vous souhaitez ajouter", par=PRESTATAIRE)

    def parle_d_un_seul(self, mission: Mission) -> bool:
        """Toujours : un seul y répond."""
        return True

    @regle(
        porte_sur="prestataire",
        conseil="Dites de qui elle est (« prestataire: » et sa clé) : sans cela, aucun des retenus "
        "ne la reçoit.",
    )
    def d_un_seul_prestataire(self, mission: Mission) -> bool:
        """L'enquête est celle d'un seul des prestataires retenus."""
        return len(mission.retenus) < 2 or self.prestataire.cle is not None

    @regle(
        exige("PRO-17"),
        porte_sur="adressee_le",
        conseil="Attendez la fin de la mission, ou corrigez la date d'envoi.",
    )
    def adressee_une_fois_la_prestation_realisee(self, mission: Mission) -> bool:
        """L'enquête de satisfaction est envoyée au prestataire une fois la prestation réalisée."""
        done = fin_de_la_prestation(mission)
        return self.adressee_le is None or done is None or self.adressee_le >= done
