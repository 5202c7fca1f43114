"""Le diagnostic de suivi post-accompagnement : ce qu'il reste d'une mission quelques mois après, et
ce qu'il faut maintenant.

Source : guide du Nord – Pas de Calais, « Evaluation » ; fiche de Provence-Alpes-Côte d'Azur,
« Évaluation » ; référentiel d'activités du Centre,
« Suivi du parcours de développement et de consolidation des activités ».
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from dla_docs.documents.cahier_des_charges import resultats_attendus
from dla_docs.documents.grille_de_suivi import fin_de_la_prestation
from dla_docs.documents.plan_accompagnement import PlanAccompagnement
from dla_docs.documents.proposition import Proposition
from dla_docs.documents.rapport_final import RapportFinal
from dla_docs.model.bloc import Bloc
from dla_docs.model.document import Document
from dla_docs.model.fields import champ, regle
from dla_docs.model.layout import colonne
from dla_docs.model.recipients import Destinataire
from dla_docs.model.requirement import exige
from dla_docs.model.values import Choix, Cle, Jour, OuiNon, Texte, TexteLong
from dla_docs.parties.acteurs import (
    Operateur,
    OperateurAssocie,
    Personne,
    Prestataire,
    Structure,
    operateurs_associes,
)
from dla_docs.parties.diagnostic import Auteur
from dla_docs.parties.personnes import RENCONTREE

if TYPE_CHECKING:  # a document alone has no mission
    from dla_docs.mission import Mission


def sans_autre_suite(bloc: BesoinNouveau, document: object) -> bool:
    """Le besoin n'a pas reçu d'autre suite que le plan d'accompagnement."""
    return bloc.suite is None


class Realisation(Bloc):
    """La réalisation du suivi"""

    modalites: Texte = champ(
        "Modalités", exemples=("Visite dans les locaux de la structure", "Entretien téléphonique")
    )
    rencontres: tuple[Personne, ...] = champ("Personnes rencontrées", personnelle=RENCONTREE)
    outil: TexteLong = champ(
        "Outil de diagnostic post-accompagnement",
        exige("DS-04"),
        conseil="Dites sur quoi s'est appuyé le questionnement.",
    )


class Usage(Bloc):
    """Ce que la structure fait d'une production"""

    colonnes = (
        colonne("Production remise", "intitule", largeur=1.4),
        colonne("Utilisée", "utilisee", largeur=0.6),
        colonne("Usage", "usage", largeur=2),
    )
    prefixe: ClassVar[str] = "p"
    principal: ClassVar[str] = "intitule"

    cle: Cle = champ("Clé")
    intitule: TexteLong = champ("Production remise")
    utilisee: OuiNon = champ("Utilisée", exige("DS-01"))
    usage: TexteLong = champ("Usage", exige("DS-01"))


class Appropriation(Bloc):
    """L'appropriation de l'accompagnement"""

    productions: tuple[Usage, ...] = champ("Les productions de la mission")
    appreciation: TexteLong = champ("Appréciation", exige("DS-01"))


class ResultatSuivi(Bloc):
    """Ce qu'il reste d'un résultat"""

    colonnes = (
        colonne("Résultat attendu", "intitule", largeur=1.6),
        colonne("Acquis", "acquis", largeur=0.6),
        colonne("Constat", "constat", largeur=1.8),
    )
    prefixe: ClassVar[str] = "r"
    principal: ClassVar[str] = "intitule"

    cle: Cle = champ("Clé")
    intitule: TexteLong = champ("Résultat attendu")
    acquis: OuiNon = champ("Acquis aujourd'hui", exige("DS-02"))
    constat: TexteLong = champ("Constat", exige("DS-02"))


class Indicateur(Bloc):
    """Un indicateur, avant et après"""

    colonnes = (
        colonne("Indicateur", "intitule", largeur=2),
        colonne("Avant l'accompagnement", "avant"),
        colonne("Aujourd'hui", "aujourd_hui"),
    )
    prefixe: ClassVar[str] = "i"

    cle: Cle = champ("Clé")
    intitule: Texte = champ(
        "Indicateur",
        exige("DS-02"),
        exemples=("Emplois (équivalents temps plein)", "Budget", "Adhérents"),
    )
    avant: Texte = champ("Avant l'accompagnement", exige("DS-02"))
    aujourd_hui: Texte = champ("Aujourd'hui", exige("DS-02"))


class Impact(Bloc):
    """L'impact de la mission"""

    resultats: tuple[ResultatSuivi, ...] = champ("Les résultats attendus")
    indicateurs: tuple[Indicateur, ...] = champ("Les indicateurs")
    effets: TexteLong = champ("Autres effets constatés", exige("DS-02"))


class BesoinNouveau(Bloc):
    """Un nouveau besoin d'accompagnement"""

    colonnes = (
        colonne("Besoin", "besoin", largeur=2),
        colonne("Enoncé ou identifié par", "enonce_par"),
        colonne("Pris en compte dans la version du plan du", "repris_le"),
        colonne("Autre suite", "suite", largeur=1.2),
    )
    prefixe: ClassVar[str] = "b"
    principal: ClassVar[str] = "besoin"

    cle: Cle = champ("Clé")
    besoin: TexteLong = champ("Besoin", exige("DS-03"))
    enonce_par: Choix[Auteur] = champ("Enoncé ou identifié par")
    repris_le: Jour = champ(
        "Pris en compte dans la version du plan du",
        exige("RX-31"),
        si=sans_autre_suite,
        conseil=(
            "Donnez la date de la version du plan qui en tient compte, ou dites quelle autre "
            "suite lui est donnée."
        ),
    )
    suite: TexteLong = champ("Autre suite")


class Transmission(Bloc):
    """Une transmission de la synthèse"""

    colonnes = (colonne("Destinataire", "destinataire", largeur=3), colonne("Transmise le", "date"))
    prefixe: ClassVar[str] = "t"
    principal: ClassVar[str] = "destinataire"
    lignes_vierges: ClassVar[int] = 2

    cle: Cle = champ("Clé")
    destinataire: Texte = champ("Destinataire")
    date: Jour = champ("Transmise le", exige("PRO-19"))


class Synthese(Bloc):
    """La synthèse de suivi"""

    texte: TexteLong = champ("Synthèse", exige("DS-05"), exige("PRO-19"))
    transmissions: tuple[Transmission, ...] = champ(
        "Transmission à la structure et aux partenaires concernés",
        exige("DS-05"),
        exige("PRO-19"),
        conseil="Dites à qui la synthèse a été transmise.",
    )


class SuiviPostAccompagnement(Document):
    """Le diagnostic de suivi post-accompagnement d'une structure."""

    titre = "Diagnostic de suivi post-accompagnement"
    titre_court = "Suivi post-accompagnement"
    source = "Guide du Nord – Pas de Calais, « Evaluation »"
    communique_a = (Destinataire.STRUCTURE, Destinataire.COMITE, Destinataire.DLA)
    alias = (
        "suivi post-accompagnement",
        "outil de diagnostic post-accompagnement",
        "synthèse de suivi",
    )
    multiple = True

    operateur: Operateur = champ("DLA")
    autres_operateurs: tuple[OperateurAssocie, ...] = operateurs_associes()
    structures: tuple[Structure, ...] = champ("Structures accompagnées")
    prestataire: Prestataire = champ("Prestataire")
    reference_convention: Texte = champ("Référence de la convention")
    fin: Jour = champ("Fin de l'accompagnement")
    date: Jour = champ("Date du suivi", exige("PRO-18"))
    realisation: Realisation = champ()
    appropriation: Appropriation = champ("", exige("DS-01"))
    impact: Impact = champ("", exige("DS-02"))
    besoins: tuple[BesoinNouveau, ...] = champ(
        "Les nouveaux besoins d'accompagnement", exige("DS-03")
    )
    synthese: Synthese = champ()

    @property
    def besoins_a_reprendre(self) -> bool:
        """Vrai quand l'un des nouveaux besoins n'a pas d'autre suite que le plan
        d'accompagnement."""
        return any(row.besoin and sans_autre_suite(row, self) for row in self.besoins)

    @classmethod
    def depuis(cls, mission: Mission) -> dict[str, Any]:
        """Le suivi reprend la fin de la mission, les productions remises
        et les résultats attendus."""
        source = mission.premier(RapportFinal) or mission.retenue(Proposition)
        made = (
            [{"cle": row.cle, "intitule": row.intitule} for row in source.productions]
            if source
            else []
        )
        return {
            "fin": fin_de_la_prestation(mission),
            "appropriation": {"productions": made},
            "impact": {"resultats": [row.model_dump() for row in resultats_attendus(mission)]},
        }

    @regle(
        exige("RX-31"),
        porte_sur="besoins",
        conseil=(
            "Ajoutez au plan une version datée qui tienne compte de ce besoin, ou corrigez la date."
        ),
    )
    def besoins_dans_le_plan(self, mission: Mission) -> Iterator[str]:
        """Un nouveau besoin est pris en compte dans une version datée du plan d'accompagnement, au
        plus tôt le jour du suivi.
        """
        plan = mission.premier(PlanAccompagnement)
        versions = {version.date for version in plan.versions} if plan else set()
        for number, row in enumerate(self.besoins):
            if row.repris_le is not None and (
                (plan and row.repris_le not in versions)
                or (self.date and row.repris_le < self.date)
            ):
                yield f"besoins[{number}].repris_le"
