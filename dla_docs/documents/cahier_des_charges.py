"""Le cahier des charges d'une ingénierie, individuelle ou collective, écrit par le ou la chargé(e)
de mission DLA.

Source : guide du Centre, « Le cahier des charges : ses contenus principaux » (la liste des éléments
indispensables y est perdue, elle est rebâtie des phrases qui l'entourent) ; guide du Nord – Pas de
Calais, « Procédure de sélection » ; carnet du CNAR Environnement pour l'ingénierie collective.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import TYPE_CHECKING, Any

from dla_docs.documents.diagnostic_partage import DiagnosticPartage
from dla_docs.documents.plan_accompagnement import PlanAccompagnement
from dla_docs.model.bloc import Bloc
from dla_docs.model.document import Document
from dla_docs.model.fields import champ, mention, regle
from dla_docs.model.formats import format_value
from dla_docs.model.recipients import TOUS
from dla_docs.model.requirement import R, S, exige
from dla_docs.model.values import Choix, Jour, Jours, MontantParJour, Texte, TexteLong
from dla_docs.parties.acteurs import Operateur, OperateurAssocie, Structure, operateurs_associes
from dla_docs.parties.collectif import Collectif, collective
from dla_docs.parties.diagnostic import FormeDiagnostic, valide_le
from dla_docs.parties.enonces import coordonnes, enonces, juxtaposes
from dla_docs.parties.ingenierie import (
    FAIRE_AVEC,
    NatureAction,
    NatureIngenierie,
    TypeCollectif,
    dit_faire_a_la_place,
    dit_un_audit,
)
from dla_docs.parties.objectifs import Objectifs, ProductionAttendue, ResultatAttendu
from dla_docs.parties.ordre import dans_l_ordre
from dla_docs.parties.plan import Action, MissionPreconisee, action_designee

if TYPE_CHECKING:  # a document alone has no mission
    from dla_docs.mission import Mission


class ButMission(Enum):
    """Les trois façons d'entendre le but d'une mission, selon les prestataires du Centre."""

    AUDIT = "Une mission d'audit"
    SOLUTIONS = "Une mission de solutions"
    OPERATIONNELLE = "Une mission opérationnelle qui outille"


class Diagnostic(Bloc):
    """Le diagnostic partagé"""

    forme: Choix[FormeDiagnostic] = champ("Forme du diagnostic joint", exige("DP-03"))
    contenu: TexteLong = champ(
        "Diagnostic joint", exige("CDC-01"), aide="La synthèse, ou le nom de la pièce jointe"
    )
    valide_le: Jour = champ("Validé par les instances dirigeantes le")


class Plan(Bloc):
    """Le plan d'accompagnement"""

    cles_retirees = ("inscription",)

    contexte: TexteLong = champ(
        "Contexte dans lequel se situe l'ingénierie commandée", exige("CDC-03")
    )
    etabli_le: Jour = champ("Plan établi le")
    valide_le: Jour = champ("Validé par les instances dirigeantes le")
    actions: tuple[Action, ...] = champ("Plan d'accompagnement", exige("CDC-02"))


class Demande(Bloc):
    """La demande"""

    beneficiaire: TexteLong = champ("Le bénéficiaire")
    problematique: TexteLong = champ("La problématique")
    enjeux: TexteLong = champ("Les enjeux")
    origine: TexteLong = champ("Origine de la demande d'intervention", exige("CDC-21"))


class Commande(Bloc):
    """La commande"""

    cles_retirees = ("specificites",)

    note_methodologique = mention(
        "Le consultant devra établir une note méthodologique précise permettant au chargé de "
        "mission DLA et à l'association d'identifier comment il va atteindre les objectifs, étape "
        "par étape.",
        exige("CDC-10"),
        apres="contenu",
    )
    note_etapes = mention(
        "Le consultant devra préciser le contenu et la durée prévisionnelle de chacune des étapes.",
        exige("CDC-11"),
        apres="contenu",
    )
    note_hors_site = mention(
        "En cas d'intervention hors site, avec demande de financement, le consultant devra "
        "présenter le contenu précis de ces séquences et les productions éventuelles qui y "
        "seraient attachées.",
        exige("CDC-12"),
        exige("RX-18"),
        apres="contenu",
    )
    note_integration = mention(
        "Il est attendu du consultant qu'il présente les modalités d'intégration de la démarche "
        "par la structure.",
        exige("CDC-13"),
        apres="contenu",
    )

    mission: TexteLong = champ("La mission")
    but: Choix[ButMission] = champ("But de la mission", exige("CDC-22"))
    contenu: TexteLong = champ("Contenu attendu", exige("CDC-09"))
    productions: tuple[ProductionAttendue, ...] = champ(
        "A la fin de la mission, il est attendu que l'association possède les documents suivants :",
        exige("CDC-14"),
        conseil="Ajoutez au moins une production.",
    )


class Conditions(Bloc):
    """Durée, coût et calendrier"""

    justification = mention(
        "Il est demandé au prestataire de justifier du coût qu'il propose au regard de son projet.",
        exige("CDC-17"),
        apres="cout_moyen",
    )

    jours_minimum: Jours = champ("Nombre de jours, au moins", exige("CDC-15"))
    jours_maximum: Jours = champ("Nombre de jours, au plus", exige("CDC-15"))
    cout_moyen: MontantParJour = champ("Coût moyen d'une ingénierie, par jour", exige("CDC-16"))
    debut: Jour = champ("Début de la mission", exige("CDC-18"))
    fin: Jour = champ("Fin de la mission", exige("CDC-18"))
    calendrier: TexteLong = champ("Le calendrier proposé", exige("CDC-18"))


class Reponse(Bloc):
    """La réponse"""

    date_limite: Jour = champ("Date limite de réponse", exige("CDC-19"))


class CahierDesCharges(Document):
    """Le cahier des charges d'une ingénierie."""

    titre = "Cahier des charges"
    source = "Guide du Centre, « Le cahier des charges : ses contenus principaux »"
    communique_a = TOUS
    du_dossier_complet = True
    signatures = ("Le ou la chargé(e) de mission DLA", "La structure bénéficiaire")
    textes_retires = ("plan.limite", "reponse.transmission")

    reference: Texte = champ("Référence")
    date: Jour = champ("Date")
    nature: Choix[NatureIngenierie] = champ("Nature de l'ingénierie")
    operateur: Operateur = champ("DLA")
    autres_operateurs: tuple[OperateurAssocie, ...] = operateurs_associes()
    structures: tuple[Structure, ...] = champ("Structures bénéficiaires")
    demande: Demande = champ()
    diagnostic: Diagnostic = champ()
    plan: Plan = champ()
    objectifs: Objectifs = champ()
    commande: Commande = champ()
    collectif: Collectif = champ(si=collective)
    conditions: Conditions = champ()
    reponse: Reponse = champ()

    @classmethod
    def depuis(cls, mission: Mission) -> dict[str, Any]:
        """Le cahier des charges reprend le diagnostic, le plan et ses objectifs, la date limite et
        le type d'ingénierie.
        """
        shared = {
            "diagnostic": _diagnosed(mission),
            "plan": _planned(mission),
            "objectifs": _goals(mission),
        }
        return {
            **shared,
            "reponse": {"date_limite": mission.mise_en_concurrence.date_limite},
            "collectif": {"type": mission.type},
        }

    @regle(
        exige("PLA-17"),
        porte_sur="plan.etabli_le",
        conseil="Datez le plan et donnez à chaque action son échéance.",
    )
    def plan_formalise(self) -> Iterator[str]:
        """Le cahier des charges s'appuie sur un plan d'accompagnement formalisé : daté, avec une
        action et une échéance par ligne.
        """
        if self.plan.etabli_le is None:
            yield "plan.etabli_le"
        for number, action in enumerate(self.plan.actions):
            for name in ("action", "echeance"):
                if getattr(action, name) is None:
                    yield f"plan.actions[{number}].{name}"

    @regle(
        exige("RX-15"),
        porte_sur="plan.actions",
        conseil="Marquez dans le plan l'action qui est l'ingénierie commandée.",
    )
    def ingenierie_dans_le_plan(self) -> bool:
        """L'ingénierie commandée est l'une des actions du plan d'accompagnement."""
        nature = self.nature or NatureIngenierie.INDIVIDUELLE
        return not self.plan.actions or any(
            action.ingenierie is nature for action in self.plan.actions
        )

    @regle(
        exige("RX-35"),
        porte_sur="plan.valide_le",
        conseil="Datez la validation, au plus tard le jour du cahier des charges.",
    )
    def valides_avant_la_commande(self) -> Iterator[str]:
        """Le diagnostic et le plan d'accompagnement sont validés par les instances dirigeantes
        avant le cahier des charges.
        """
        for part in ("diagnostic", "plan"):
            validated = getattr(self, part).valide_le
            if validated is None or (self.date is not None and validated > self.date):
                yield f"{part}.valide_le"

    @regle(
        exige("CDC-08"),
        exige("RX-14"),
        porte_sur="objectifs",
        conseil="Gardez-en un ; l'autre relève d'une autre ingénierie.",
    )
    def un_seul_objectif(self) -> Iterator[str]:
        """Un cahier des charges porte un seul thème et un seul objectif général : ne pas mélanger 2
        thèmes ou 2 objectifs.
        """
        theme = self.objectifs.theme or ""
        if len(enonces(theme)) > 1 or juxtaposes(theme):
            yield "objectifs.theme"
        if len(enonces(self.objectifs.general or "")) > 1:
            yield "objectifs.general"

    @regle(
        exige("RX-14", R),
        porte_sur="objectifs",
        conseil="Gardez l'objectif que l'autre sert ; faites de l'autre un objectif opérationnel.",
    )
    def peut_etre_deux_objectifs(self) -> Iterator[str]:
        """Deux verbes joints par « et » peuvent être deux objectifs : ne pas mélanger 2 thèmes ou 2
        objectifs.
        """
        for name in ("theme", "general"):
            said = getattr(self.objectifs, name) or ""
            if len(enonces(said)) == 1 and coordonnes(said):
                yield f"objectifs.{name}"

    @regle(
        exige("RX-34", guides="N"),
        porte_sur="commande.but",
        conseil="Choisissez un autre but que l'audit, et dites ce que la structure fera elle-même.",
    )
    def pas_un_audit(self) -> bool:
        """L'intervention n'est pas un audit : il s'agit de « faire avec » et non de « faire »."""
        return self.commande.but is not ButMission.AUDIT and not dit_un_audit(self.commande.mission)

    @regle(exige("RX-34"), porte_sur="commande.mission", conseil=FAIRE_AVEC)
    def faire_avec(self) -> bool:
        """Il s'agit de « faire avec » la structure, et non de faire à sa place."""
        return not dit_faire_a_la_place(self.commande.mission)

    @regle(
        exige("EC-04"),
        exige("RX-37"),
        porte_sur="collectif.actions",
        conseil="Ajoutez au moins une action de nature « accompagnement ».",
    )
    def produire_suppose_d_accompagner(self) -> bool:
        """Produire une solution avec des structures : des actions d'accompagnement doivent être
        envisagées.
        """
        natures = {action.nature for action in self.collectif.actions}
        return (
            self.collectif.type is not TypeCollectif.PRODUCTION_SOLUTION
            or NatureAction.ACCOMPAGNEMENT in natures
        )

    @regle(
        exige("RX-37", S),
        porte_sur="collectif.actions",
        conseil="Ajoutez au moins une session d'information ou de formation.",
    )
    def repondre_met_en_place_des_sessions(self) -> bool:
        """Une réponse collective aux structures met en place des sessions d'information ou de
        formation.
        """
        natures = {action.nature for action in self.collectif.actions}
        return (
            self.collectif.type is not TypeCollectif.REPONSE_COLLECTIVE
            or not self.collectif.actions
            or bool(natures & {NatureAction.INFORMATION, NatureAction.FORMATION})
        )

    fourchette_ordonnee = dans_l_ordre(
        "La fourchette de jours va du plus petit nombre au plus grand.",
        "conditions.jours_minimum",
        "conditions.jours_maximum",
        exige("CDC-15"),
        conseil="Donnez une fourchette du plus petit au plus grand nombre de jours.",
    )
    calendrier_ordonne = dans_l_ordre(
        "La mission finit après avoir commencé.",
        "conditions.debut",
        "conditions.fin",
        exige("CDC-18"),
    )


def resultats_attendus(mission: Mission) -> tuple[ResultatAttendu, ...]:
    """Les résultats attendus que dit le cahier des charges de la mission ; aucun sans lui."""
    order = mission.premier(CahierDesCharges)
    return order.objectifs.resultats if order else ()


def _diagnosed(mission: Mission) -> dict[str, Any]:
    """Of the diagnostic: its form, its synthesis or its mention, its validation."""
    shared = mission.premier(DiagnosticPartage)
    if shared is None:
        return {}
    return {
        "forme": shared.forme,
        "contenu": _joined(shared),
        "valide_le": valide_le(shared.validations),
    }


def _joined(shared: DiagnosticPartage) -> str | None:
    """The synthesis stands for the diagnostic; the complete document is named, and joined."""
    if shared.forme is not FormeDiagnostic.COMPLET:
        return shared.synthese
    day = f" du {format_value('date', shared.date)}" if shared.date else ""
    return "\n".join(
        [
            f"Diagnostic partagé{day}, joint en entier.",
            *([shared.synthese] if shared.synthese else []),
        ]
    )


def _planned(mission: Mission) -> dict[str, Any]:
    """Of the plan: its actions, its dates, the context of the mission that it advises."""
    plan = mission.premier(PlanAccompagnement)
    if plan is None:
        return {}
    advised = _advised(plan, mission.nature)
    return {
        "contexte": advised.contexte if advised else None,
        "etabli_le": plan.etabli_le,
        "valide_le": valide_le(plan.validations),
        "actions": [
            {name: getattr(row, name) for name in Action.model_fields} for row in plan.actions
        ],
    }


def _goals(mission: Mission) -> dict[str, Any]:
    """The goals of the mission that the plan advises."""
    plan = mission.premier(PlanAccompagnement)
    advised = _advised(plan, mission.nature) if plan else None
    if advised is None:
        return {}
    return {
        "general": advised.general,
        "operationnels": [goal.model_dump() for goal in advised.operationnels],
    }


def _advised(plan: PlanAccompagnement, nature: NatureIngenierie | None) -> MissionPreconisee | None:
    """The advised mission that the order is about: the one whose action is an engineering of the
    same nature, or of a nature not said yet.
    """
    said = [
        (advised, getattr(action_designee(advised, plan.actions), "ingenierie", None))
        for advised in plan.missions
    ]
    wanted = (nature or NatureIngenierie.INDIVIDUELLE, None)
    return next((advised for one in wanted for advised, held in said if held is one), None)
