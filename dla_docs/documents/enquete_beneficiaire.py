"""L'enquête de satisfaction que le DLA adresse à l'association bénéficiaire, une fois la prestation
réalisée.

Source : guide du Nord – Pas de Calais, « Evaluation » ; fiche de Provence-Alpes-Côte d'Azur,
« Évaluation ». Les cinq thèmes sont les leurs ;
les guides ne donnent pas de questions, celles-ci sont les nôtres et un DLA pose les siennes.
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

STRUCTURE = Role.STRUCTURE


class SurLesModalites(Question):
    """Une question sur les modalités d'intervention"""

    reponse: Choix[Satisfaction] = degre(exige("ES-01"))


class SurLeDeroulement(Question):
    """Une question sur le déroulement de l'intervention"""

    reponse: Choix[Satisfaction] = degre(exige("ES-02"))


class SurLesCompetences(Question):
    """Une question sur les compétences du prestataire"""

    reponse: Choix[Satisfaction] = degre(exige("ES-03"))


class SurLesResultats(Question):
    """Une question sur les résultats de l'intervention"""

    reponse: Choix[Satisfaction] = degre(exige("ES-04"))


class SurLImpact(Question):
    """Une question sur l'impact et la durabilité de l'intervention"""

    reponse: Choix[Satisfaction] = degre(exige("ES-05"))


class EnqueteBeneficiaire(Enquete):
    """L'enquête de satisfaction adressée à l'association bénéficiaire."""

    titre = "Enquête de satisfaction de l'association bénéficiaire"
    titre_court = "Enquête auprès de l'association"
    source = "Guide du Nord – Pas de Calais, « Evaluation »"
    communique_a = (Destinataire.STRUCTURE, Destinataire.DLA)
    alias = ("enquête de satisfaction", "enquête de satisfaction du bénéficiaire")
    multiple = True

    adressee_le: Jour = champ(
        "Enquête adressée le",
        exige("PRO-16"),
        exige("ES-08"),
        par=Role.DLA,
        conseil="Datez l'envoi de l'enquête.",
    )
    repondue_le: Jour = champ("Réponse du", par=STRUCTURE)
    repondant: Personne = champ("Rempli par", par=STRUCTURE, personnelle=REPONDANT)
    modalites: tuple[SurLesModalites, ...] = theme(
        "Les modalités d'intervention",
        exige("ES-01"),
        "La durée et le rythme de l'intervention",
        "La méthode de travail proposée à votre structure",
        "Le choix des personnes associées",
    )
    deroulement: tuple[SurLeDeroulement, ...] = theme(
        "Son déroulement",
        exige("ES-02"),
        "La préparation et le lancement de la mission",
        "Le respect du calendrier et des engagements pris",
        "L'information donnée en cours de mission par le prestataire et par le DLA",
    )
    competences: tuple[SurLesCompetences, ...] = theme(
        "Les compétences du prestataire",
        exige("ES-03"),
        "L'expertise apportée sur le sujet traité",
        "La connaissance de votre secteur et de ses réalités",
        "L'écoute, la pédagogie, l'animation des rencontres",
    )
    resultats: tuple[SurLesResultats, ...] = theme(
        "Les résultats de l'intervention",
        exige("ES-04"),
        "La réponse donnée à votre demande de départ",
        "La qualité et l'utilité des documents et des outils remis",
        "La part que vos bénévoles et vos salariés y ont prise",
    )
    impact: tuple[SurLImpact, ...] = theme(
        "L'impact et la durabilité de l'intervention",
        exige("ES-05"),
        "Les changements déjà visibles dans votre organisation ou votre activité",
        "Votre capacité à poursuivre sans appui extérieur",
        "Les effets attendus sur vos emplois et sur la solidité de votre structure",
    )
    observations: TexteLong = champ("Ce que vous souhaitez ajouter", par=STRUCTURE)

    @regle(
        exige("PRO-16"),
        porte_sur="adressee_le",
        conseil="Attendez la fin de la mission, ou corrigez la date d'envoi.",
    )
    def adressee_une_fois_la_prestation_realisee(self, mission: Mission) -> bool:
        """L'enquête de satisfaction est adressée à l'association
        une fois la prestation réalisée."""
        done = fin_de_la_prestation(mission)
        return self.adressee_le is None or done is None or self.adressee_le >= done
