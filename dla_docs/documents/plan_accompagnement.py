"""Le plan d'accompagnement d'une structure, fil conducteur de l'action du DLA : il évolue, ses
versions sont datées.

Source : guide du Centre, « La place de l'ingénierie dans le plan d'accompagnement » et « Exemple
d'un plan d'accompagnement : DLA 37 » ;
guide du Nord – Pas de Calais, « Le plan d'accompagnement » et « Principe N°5 ».
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from dla_docs.documents.diagnostic_partage import DiagnosticPartage
from dla_docs.model.bloc import Bloc
from dla_docs.model.document import Document
from dla_docs.model.fields import champ, regle
from dla_docs.model.layout import colonne
from dla_docs.model.recipients import Destinataire
from dla_docs.model.requirement import exige
from dla_docs.model.values import Choix, Cle, Jour, OuiNon, Reponse, Texte, TexteLong
from dla_docs.parties.acteurs import Operateur, OperateurAssocie, Structure, operateurs_associes
from dla_docs.parties.diagnostic import (
    Auteur,
    Besoin,
    Bilan,
    ForcesFaiblesses,
    Validation,
    valide_avant_etabli,
    valide_le,
)
from dla_docs.parties.evaluation import GrilleDEvaluation
from dla_docs.parties.ingenierie import NatureIngenierie
from dla_docs.parties.ordre import dans_l_ordre
from dla_docs.parties.plan import MissionPreconisee, Moyen, Ressource, Version, action_designee

if TYPE_CHECKING:  # a document alone has no mission
    from dla_docs.mission import Mission


def est_une_ingenierie(bloc: ActionDuPlan, document: PlanAccompagnement) -> bool:
    """L'action est une ingénierie : elle le dit,
    ou une mission d'appui est préconisée pour elle."""
    return bloc.ingenierie is not None or any(
        action_designee(advised, document.actions) is bloc for advised in document.missions
    )


class ForcesFaiblessesDuPlan(ForcesFaiblesses):
    """Points forts et points faibles"""

    points_forts: TexteLong = champ("Points forts", exige("PLA-07"))
    points_faibles: TexteLong = champ("Points faibles", exige("PLA-07"))


class BilanDuPlan(Bilan):
    """Les points forts et points faibles"""

    activite: ForcesFaiblessesDuPlan = champ("L'activité concernée")
    structure: ForcesFaiblessesDuPlan = champ("La structure dans son environnement")
    perspectives: ForcesFaiblessesDuPlan = champ("Les perspectives de sa consolidation")


class BesoinDuPlan(Besoin):
    """Une problématique à traiter et le besoin d'accompagnement"""

    problematique: TexteLong = champ("Problématique à traiter", exige("PLA-08"), exige("PLA-10"))
    besoin: TexteLong = champ("Besoin d'accompagnement", exige("PLA-08"))
    enonce_par: Choix[Auteur] = champ("Enoncé ou identifié par", exige("PLA-08"))


class ActionDuPlan(Bloc):
    """Une action du plan d'accompagnement"""

    colonnes = (
        colonne("Difficulté rencontrée", "difficulte"),
        colonne("Cause supposée", "cause"),
        colonne("Action envisagée", "action", "nature", largeur=1.2, numero="Action"),
        colonne("Echéance", "echeance", largeur=0.8),
        colonne("Moyens à mobiliser", "moyens", "ingenierie", largeur=1.2),
    )
    prefixe: ClassVar[str] = "a"

    cle: Cle = champ("Clé")
    difficulte: TexteLong = champ("Difficulté rencontrée", exige("PLA-01"))
    cause: TexteLong = champ("Cause supposée", exige("PLA-02"))
    action: TexteLong = champ("Action envisagée", exige("PLA-03"), exige("PLA-17"))
    nature: Texte = champ(
        "Nature", exige("PLA-11"), exemples=("Conseil", "Formation", "Appui technique")
    )
    echeance: Texte = champ("Echéance", exige("PLA-04"), exige("PLA-17"))
    moyens: TexteLong = champ("Moyens à mobiliser", exige("PLA-05"))
    ingenierie: Choix[NatureIngenierie] = champ(
        "Ingénierie", exige("PLA-19"), exige("EC-19"), exige("RX-15"), si=est_une_ingenierie
    )


class Suivi(Bloc):
    """Le suivi et l'actualisation du plan"""

    modalites: TexteLong = champ(
        "Modalités et méthodes de suivi et d'actualisation", exige("PLA-15")
    )
    evaluation: OuiNon = champ(
        "L'évaluation modifie le plan d'accompagnement tel qu'initialement conçu",
        conseil="Répondez Oui ou Non.",
    )
    consequences: TexteLong = champ("Ce qui change dans le plan")


class PlanAccompagnement(Document):
    """Le plan d'accompagnement d'une structure."""

    titre = "Plan d'accompagnement"
    source = "Guide du Centre, « La place de l'ingénierie dans le plan d'accompagnement »"
    communique_a = (Destinataire.STRUCTURE, Destinataire.COMITE, Destinataire.DLA)
    date_par = ("versions[].date", "partage_le")
    paysage = True
    signatures = ("Le ou la chargé(e) de mission DLA", "La structure")

    operateur: Operateur = champ("DLA")
    autres_operateurs: tuple[OperateurAssocie, ...] = operateurs_associes()
    structures: tuple[Structure, ...] = champ("Structures bénéficiaires")
    debut: Jour = champ("Début du plan d'accompagnement", exige("PLA-16"))
    fin: Jour = champ("Fin du plan d'accompagnement", exige("PLA-16"))
    partage_le: Jour = champ("Partagé avec la structure le", exige("PRO-02"))
    nature: Choix[NatureIngenierie] = champ("Nature de l'ingénierie")
    versions: tuple[Version, ...] = champ(
        "Versions du plan",
        exige("PLA-14"),
        exige("PLA-17"),
        conseil="Datez au moins la première version.",
    )
    bilan: BilanDuPlan = champ()
    besoins: tuple[BesoinDuPlan, ...] = champ(
        "Les problématiques à traiter et les besoins d'accompagnement",
        exige("PLA-08"),
        exige("PLA-10"),
    )
    actions: tuple[ActionDuPlan, ...] = champ(
        "Les actions du plan",
        *(exige(f"PLA-0{number}") for number in range(1, 6)),
        exige("PLA-11"),
        exige("PLA-17"),
        exige("DP-04"),
    )
    moyens: tuple[Moyen, ...] = champ(
        "Les moyens et les résultats attendus", exige("PLA-09"), exige("PLA-13")
    )
    ressources: tuple[Ressource, ...] = champ("Les ressources mobilisées", exige("PLA-12"))
    missions: tuple[MissionPreconisee, ...] = champ(
        "Missions d'appui préconisées (ingénieries) soit partie relevant de la mission confiée à "
        "un prestataire du DLA",
        exige("PLA-06"),
        conseil="Écrivez la mission d'appui que le plan confie à un prestataire.",
    )
    suivi: Suivi = champ()
    validations: tuple[Validation, ...] = champ(
        "Validation du diagnostic et du plan d'accompagnement par les instances dirigeantes",
        exige("DP-05"),
    )

    @property
    def etabli_le(self) -> date | None:
        """Le jour de la première version ; ``None`` tant qu'une version n'est pas datée."""
        days = [version.date for version in self.versions if version.date is not None]
        return min(days) if days and len(days) == len(self.versions) else None

    @classmethod
    def depuis(cls, mission: Mission) -> dict[str, Any]:
        """Le plan reprend du diagnostic partagé les points forts et faibles, les besoins, les
        actions proposées et la validation.
        """
        shared = mission.premier(DiagnosticPartage)
        if shared is None:
            return {}
        return {
            "besoins": [row.model_dump() for row in shared.besoins],
            "validations": [row.model_dump() for row in shared.validations],
            "bilan": shared.bilan.model_dump(),
            "actions": [row.model_dump() for row in shared.plan_propose],
        }

    @regle(
        exige("PLA-10"),
        porte_sur="structures",
        conseil="Faites un plan par structure, ou dites l'accompagnement collectif.",
    )
    def une_meme_structure(self) -> bool:
        """Le plan prend en compte une ou plusieurs problématiques pour la même structure."""
        return self.nature is NatureIngenierie.COLLECTIVE or len(self.structures) <= 1

    duree_ordonnee = dans_l_ordre(
        "Le plan finit après avoir commencé.", "debut", "fin", exige("PLA-16")
    )

    @regle(
        exige("RX-15"),
        porte_sur="missions",
        conseil="Donnez le rang de l'action dans le tableau, ou sa clé.",
    )
    def missions_dans_le_plan(self) -> Iterator[str]:
        """Une mission d'appui préconisée répond à l'une des actions du plan d'accompagnement."""
        for number, advised in enumerate(self.missions):
            if action_designee(advised, self.actions) is None:
                yield f"missions[{number}].action"

    @regle(
        exige("CDC-24"),
        porte_sur="actions",
        conseil="Ajoutez ce que le plan confie à d'autres moyens, ou ôtez une ingénierie.",
    )
    def d_autres_reponses_que_l_ingenierie(self) -> bool:
        """Les crédits d'ingénierie ne sont pas prévus pour résoudre l'ensemble des problématiques
        d'une structure : le prestataire est consulté quand il n'y a pas d'autres réponses
        possibles.
        """
        several = self.nature is NatureIngenierie.COLLECTIVE or len(self.structures) > 1
        alone = len(self.actions) < 2 or any(one.ingenierie is None for one in self.actions)
        return several or alone

    @regle(exige("DP-05"), porte_sur="validations", conseil="Vérifiez les deux dates.")
    def valide_une_fois_etabli(self) -> Iterator[str]:
        """Les instances dirigeantes valident le plan une fois qu'il est établi."""
        yield from valide_avant_etabli(self.validations, self.etabli_le)

    @regle(
        exige("RX-35"),
        porte_sur="validations",
        conseil="Datez la validation dans le plan ; le cahier des charges la reprend.",
    )
    def meme_validation_que_la_commande(self, mission: Mission) -> bool:
        """Le plan est validé par les instances dirigeantes avant le cahier des charges, qui en dit
        la même date.
        """
        order = mission.commande
        return order is None or order.plan.valide_le in (None, valide_le(self.validations))

    @regle(
        exige("RX-31"),
        exige("PLA-18"),
        porte_sur="suivi.evaluation",
        conseil="Dites si le plan change et, s'il change, ajoutez-lui une version datée.",
    )
    def nourri_par_l_evaluation(self, mission: Mission) -> Iterator[str]:
        """L'évaluation et les nouveaux besoins alimentent le plan d'accompagnement."""
        assessed = list(_bilans(mission))
        if assessed and self.suivi.evaluation not in (Reponse.OUI, Reponse.NON):
            yield "suivi.evaluation"
        elif (
            assessed
            and self.suivi.evaluation is Reponse.OUI
            and all(row.date is None or row.date < min(assessed) for row in self.versions)
        ):
            yield "versions"

    @regle(
        exige("RX-31"),
        porte_sur="versions",
        conseil="Ajoutez au plan une version datée qui tienne compte de ces besoins.",
    )
    def nourri_par_le_suivi(self, mission: Mission) -> bool:
        """Les nouveaux besoins du suivi post-accompagnement entrent dans une version du plan
        d'accompagnement, au plus tôt le jour du suivi.
        """
        found = [
            followed.date
            for followed in mission.suivis_post
            if followed.date and followed.besoins_a_reprendre
        ]
        days = [version.date for version in self.versions if version.date is not None]
        return not found or any(max(found) <= day for day in days)


NO_NEED = re.compile(r"\s*(aucune?|néant|sans objet|non)\b", re.IGNORECASE)


def _bilans(mission: Mission) -> Iterator[date]:
    """The days when the engineering was assessed, and when its report told of new needs."""
    sheets = [
        sheet
        for several in mission.documents.values()
        for sheet in several
        if isinstance(sheet, GrilleDEvaluation)
    ]
    yield from (sheet.date for sheet in sheets if sheet.date is not None)
    report = mission.rapport
    needs = report.suites.besoins if report else None
    if report and report.date is not None and needs and not NO_NEED.match(needs):
        yield report.date
