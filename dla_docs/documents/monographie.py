"""La monographie d'une ingénierie collective : la grille d'enquête auprès de ceux qui l'ont
conduite, et ce qui en est publié.

Source : carnet de pratiques du CNAR Environnement, « Clés de lecture d'une ingénierie collective »
et monographies B à E.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from dla_docs.documents.cahier_des_charges import CahierDesCharges
from dla_docs.documents.grille_de_suivi import etapes_suivies
from dla_docs.documents.proposition import Proposition, propositions_retenues
from dla_docs.mission.vues import lignes_de_tous
from dla_docs.model.document import Document
from dla_docs.model.fields import champ, regle
from dla_docs.model.recipients import PARTIES, Destinataire
from dla_docs.model.requirement import S, exige
from dla_docs.model.values import Choix, Texte, TexteLong
from dla_docs.parties.acteurs import Operateur, Prestataire
from dla_docs.parties.ingenierie import TypeCollectif
from dla_docs.parties.monographie import (
    ACCOMPAGNEMENTS,
    DEMI_JOURNEES,
    Compte,
    Contenus,
    Deroulement,
    Evaluation,
    Forme,
    Presentation,
    Temps,
)

if TYPE_CHECKING:  # a document alone has no mission
    from dla_docs.mission import Mission


class Monographie(Document):
    """La monographie d'une ingénierie collective."""

    titre = "Monographie d'ingénierie collective"
    titre_court = "Monographie"
    source = (
        "Carnet de pratiques du CNAR Environnement, « Clés de lecture d'une ingénierie collective »"
    )
    communique_a = (*PARTIES, Destinataire.COMITE)
    date_par = ()
    nomme_par = "intitule"
    textes_retires = ("evaluation.objectifs_d_une_ingenierie",)
    cles_retirees = ("capitalisation",)

    intitule: TexteLong = champ("Monographie", exige("MON-29"))
    forme: Choix[Forme] = champ("Forme")
    type: Choix[TypeCollectif] = champ(
        "Type d'ingénierie collective", exige("MON-02"), exige("EC-01"), exige("EC-02")
    )
    sous_titre: Texte = champ(
        "Précision", exemples=("Réponse collective aux structures d'un même territoire",)
    )
    operateur: Operateur = champ("DLA")
    prestataire: Prestataire = champ("Prestataire")
    presentation: Presentation = champ()
    contenus: Contenus = champ(
        "", exige("MON-12"), conseil="Remplissez au moins l'un des quatre axes."
    )
    deroulement: Deroulement = champ()
    evaluation: Evaluation = champ()

    @classmethod
    def depuis(cls, mission: Mission) -> dict[str, Any]:
        """La monographie reprend les structures, les objectifs et les intervenants de la commande,
        le budget et les étapes de la proposition retenue, et celles qu'une modification a ajoutées.
        """
        names = (mission.operateur.nom, *(one.nom for one in mission.autres_operateurs))
        pilots = [{"intitule": one} for one in names if one]
        intervening = [row.model_dump() for row in mission.cycle.engager.systeme_intervenant]
        count = mission.nombre_de_structures or len(mission.structures) or None
        order, offer = mission.premier(CahierDesCharges), mission.retenue(Proposition)
        return {
            "presentation": {
                "pilotage": {"pilotes": pilots},
                "beneficiaires": {"structures": count},
                "problematique": _ordered(order),
                "moyens": {"systeme_intervenant": intervening, **_budget(offer)},
            },
            "deroulement": {"phases": [*_phases(offer), *_added(mission)]},
        }

    @regle(
        exige("RX-37"),
        porte_sur="deroulement.types",
        conseil="Ajoutez l'accompagnement aux types d'intervention.",
    )
    def solution_accompagnee(self) -> bool:
        """Produire une solution avec les structures comporte au moins une intervention du type
        accompagnement.
        """
        said = {row.type for row in self.deroulement.types}
        return (
            self.type is not TypeCollectif.PRODUCTION_SOLUTION
            or not said
            or bool(said & ACCOMPAGNEMENTS)
        )

    @regle(
        exige("RX-37", S),
        porte_sur="deroulement.types",
        conseil="Ajoutez l'information ou la formation aux types d'intervention.",
    )
    def reponse_en_sessions(self) -> bool:
        """Une réponse collective aux structures met en place des sessions d'information ou de
        formation.
        """
        said = {row.type for row in self.deroulement.types}
        return (
            self.type is not TypeCollectif.REPONSE_COLLECTIVE
            or not said
            or bool(said - ACCOMPAGNEMENTS)
        )

    @regle(
        porte_sur="presentation.moyens.jours",
        conseil="Vérifiez les jours, ou dites dans « Nombre de journées » d'où vient l'écart.",
    )
    def jours_additionnes(self) -> bool:
        """Le nombre de jours du budget est la somme de ceux des étapes ou phases."""
        return _agree(
            self.presentation.moyens.jours, [phase.jours for phase in self.deroulement.phases]
        )

    @regle(
        porte_sur="presentation.moyens.par_phase",
        conseil="Vérifiez les montants et les jours de chaque phase.",
    )
    def budget_additionne(self) -> bool:
        """Le budget d'intervention est la somme de celui des phases, en coût et en jours."""
        rows = self.presentation.moyens.par_phase
        return _agree(self.presentation.moyens.montant, [row.montant for row in rows]) and _agree(
            self.presentation.moyens.jours, [row.jours for row in rows]
        )

    @regle(
        exige("MON-13"),
        porte_sur="deroulement.par_structure",
        conseil="Dites de chaque temps s'il est compté pour chaque structure ou au total.",
    )
    def temps_par_structure(self) -> bool:
        """Le nombre de demi-journées pour chaque structure est la somme des temps, ceux comptés au
        total étant partagés entre les structures.
        """
        return _agree(
            self.deroulement.par_structure,
            [
                _share(row, self.presentation.beneficiaires.structures)
                for row in self.deroulement.temps
            ],
        )


def _agree(total: Decimal | None, parts: list[Decimal | None]) -> bool:
    said = [part for part in parts if part is not None]
    return total is None or not said or sum(said) == total


def _share(temps: Temps, structures: int | None) -> Decimal | None:
    """What one structure has of it, in half-days; meetings count by themselves."""
    if temps.nombre is None or temps.unite not in DEMI_JOURNEES:
        return None
    whole = temps.nombre * DEMI_JOURNEES[temps.unite]
    return round(whole / structures, 2) if temps.compte is Compte.AU_TOTAL and structures else whole


def _ordered(order: CahierDesCharges | None) -> dict[str, Any]:
    """The problem and the goals, as the cahier des charges says them."""
    if order is None:
        return {}
    goals = [goal.model_dump() for goal in order.objectifs.operationnels]
    return {
        "globale": order.demande.problematique,
        "objectif_global": order.objectifs.general,
        "objectifs": goals,
    }


def _budget(offer: Proposition | None) -> dict[str, Any]:
    return {} if offer is None else {"montant": offer.budget.montant, "jours": offer.budget.jours}


def _added(mission: Mission) -> list[dict[str, Any]]:
    """The steps of the suivi that nobody had offered."""
    offered = lignes_de_tous(propositions_retenues(mission), lambda one: one.etapes)
    return [
        {"cle": cle, "intitule": step.intitule, "resultats": step.objectif}
        for cle, step in etapes_suivies(mission).items()
        if offered and cle not in offered
    ]


def _phases(offer: Proposition | None) -> list[dict[str, Any]]:
    steps = offer.etapes if offer else ()
    return [
        {
            "cle": s.cle,
            "intitule": s.intitule,
            "jours": s.duree,
            "contenu": s.contenu,
            "resultats": s.objectif,
        }
        for s in steps
    ]
