"""Le rapport final d'une mission, que le prestataire remet à la structure et au DLA.

Source : guide du Centre, « Le contenu du rapport final de mission » ; guide du Nord – Pas de
Calais, « Le rapport final doit permettre » ; fiche de Provence-Alpes-Côte d'Azur, « Réalisation de
la mission ».
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar

from dla_docs.documents.cahier_des_charges import CahierDesCharges
from dla_docs.documents.demande_de_modification import interrompue
from dla_docs.documents.grille_de_suivi import etapes_suivies
from dla_docs.documents.proposition import propositions_retenues
from dla_docs.mission.vues import lignes_de_tous
from dla_docs.model.bloc import Bloc, is_blank
from dla_docs.model.document import Document
from dla_docs.model.fields import Stade, champ, regle
from dla_docs.model.layout import Diaporama, Genre, colonne, diapo, ligne
from dla_docs.model.recipients import PARTIES, Destinataire
from dla_docs.model.requirement import Role, S, exige
from dla_docs.model.values import Choix, Cle, Dates, Jour, Texte, TexteLong
from dla_docs.parties.acteurs import (
    Financeur,
    Logo,
    OperateurAssocie,
    Personne,
    Prestataire,
    Structure,
    operateurs_associes,
)
from dla_docs.parties.couverture import (
    OperateurDeCouverture,
    couverture_reprise,
    financeurs_absents,
    mention_changee,
)
from dla_docs.parties.deroulement import Avancement
from dla_docs.parties.modification import SI_INTERROMPUE, dit_non_fait
from dla_docs.parties.objectifs import Objectif
from dla_docs.parties.personnes import CONSULTANT, INTERVENANT_DU_RAPPORT, RENCONTREE_EN_MISSION
from dla_docs.profils.loading import profil_of

if TYPE_CHECKING:  # a document alone has no mission
    from dla_docs.mission import Mission


class StadeDuRapport(Stade):
    """Rendu par le prestataire, puis reçu par le DLA, qui verse le solde."""

    RENDU = 1
    RECU = 2


class FormeRapport(Enum):
    """Ce qui fait le corps du rapport : l'une des deux formes, ou les deux."""

    NOTE = "Note de synthèse"
    PRESENTATION = "Présentation PowerPoint"
    LES_DEUX = "Note de synthèse et présentation PowerPoint"


class Couverture(Bloc):
    """Page de garde"""

    en_bref = (
        ligne("mention", fort=True),
        ligne("financeurs"),
    )
    pied_de_garde = True

    logo_dla: Logo = champ(
        "Logo DLA", exige("RF-08"), conseil="Citez-le dans la fiche de l'opérateur : « logo_dla »."
    )
    logo_operateur: Logo = champ(
        "Logo de l'opérateur DLA",
        exige("RF-08"),
        conseil="Citez-le dans la fiche de l'opérateur : « logo ».",
    )
    mention: Texte = champ(
        "Mention des financeurs",
        exige("RF-09"),
        conseil="Écrivez « Accompagnement DLA financé par : ».",
    )
    financeurs: tuple[Financeur, ...] = champ(
        "Logos des financeurs",
        exige("RF-10"),
        conseil="Citez-les dans la fiche de l'opérateur, avec leur logo.",
    )


class Rappel(Bloc):
    """Rappel des objectifs"""

    commande: TexteLong = champ("Bref rappel de la commande", exige("RF-12"), exige("RF-22"))
    general: TexteLong = champ("Objectif général", exige("RF-01"), exige("RF-12"))
    operationnels: tuple[Objectif, ...] = champ("Objectifs opérationnels", exige("RF-01"))
    methodologie: TexteLong = champ("Méthodologie employée", exige("RF-12"))


def a_eu_lieu(bloc: EtapeRealisee, document: RapportFinal) -> bool:
    """L'étape a été conduite : d'une mission interrompue, ne l'a pas été celle dont le commentaire
    le dit, ou que la grille de suivi montre telle.
    """
    mission: Mission | None = document._mission
    if mission is None or not interrompue(mission) or is_blank(bloc.commentaire):
        return True
    done = {cle: not is_blank(step.realise) for cle, step in etapes_suivies(mission).items()}
    return done.get(bloc.cle or "", not dit_non_fait(bloc.commentaire))


class EtapeRealisee(Bloc):
    """Une étape de la mission, telle qu'elle s'est déroulée"""

    colonnes = (
        colonne("Etapes", "intitule", "objectif", numero="Etape"),
        colonne("Calendrier précis du travail réalisé", "dates", "personnes"),
        colonne(
            "Commentaires synthétiques (contenu, méthodes, difficultés, etc.)",
            "commentaire",
            largeur=1.6,
        ),
    )
    prefixe: ClassVar[str] = "e"

    cle: Cle = champ("Clé")
    intitule: TexteLong = champ("Intitulé de l'étape", exige("RF-02"))
    objectif: TexteLong = champ("Objectif de l'étape")
    dates: Dates = champ(
        "Dates",
        exige("RF-13"),
        si=a_eu_lieu,
        conseil=f"Datez l'étape.{SI_INTERROMPUE}",
    )
    personnes: TexteLong = champ("Personnes rencontrées", personnelle=RENCONTREE_EN_MISSION)
    commentaire: TexteLong = champ(
        "Commentaire synthétique de l'étape", exige("RF-02"), exige("RX-11")
    )


class Travail(Bloc):
    """Le travail réalisé"""

    presentation: TexteLong = champ(
        "Présentation du travail réalisé", exige("RF-14"), exige("RF-18", guides="N")
    )
    actions: TexteLong = champ("Actions concrètes de l'accompagnement", exige("RF-19", S))
    explications: TexteLong = champ("Explications", exige("RF-14"))
    difficultes: TexteLong = champ(
        "Difficultés rencontrées",
        exige("RF-14"),
        conseil="Écrivez « Aucune » s'il n'y en a pas eu.",
    )


class ProductionRemise(Bloc):
    """Une production remise"""

    colonnes = (
        colonne("Production", "intitule", largeur=1.4),
        colonne("Description sommaire", "description", largeur=2),
        colonne("Remise le", "remise_le", largeur=0.7),
    )
    principal: ClassVar[str] = "intitule"
    prefixe: ClassVar[str] = "p"

    cle: Cle = champ("Clé")
    intitule: TexteLong = champ("Production", exige("RF-03"))
    description: TexteLong = champ("Description sommaire", exige("RF-03"))
    remise_le: Jour = champ("Remise le")


class ResultatAtteint(Bloc):
    """Un résultat attendu, et ce qui en est atteint"""

    colonnes = (
        colonne("Résultat attendu", "intitule"),
        colonne("Résultat atteint", "atteint", largeur=1.4),
    )
    prefixe: ClassVar[str] = "r"

    cle: Cle = champ("Clé")
    intitule: TexteLong = champ("Résultat attendu")
    atteint: TexteLong = champ("Résultat atteint", exige("RF-04"), exige("RF-14"))


class Preconisation(Bloc):
    """Une préconisation et son échéance"""

    colonnes = (colonne("Préconisations", "intitule", largeur=2), colonne("Échéancier", "echeance"))
    principal: ClassVar[str] = "intitule"
    prefixe: ClassVar[str] = "a"

    cle: Cle = champ("Clé")
    intitule: TexteLong = champ("Préconisation", exige("RF-15"))
    echeance: Texte = champ("Échéance", exige("RF-15"))


class Suites(Bloc):
    """Les observations et les suites"""

    observations: TexteLong = champ(
        "Les observations ou préconisations éventuelles",
        exige("RF-06"),
        rubrique=True,
    )
    besoins: TexteLong = champ(
        "Les nouveaux besoins éventuels",
        exige("RF-19"),
        rubrique=True,
    )
    plan_d_actions: tuple[Preconisation, ...] = champ(
        "Plan d'actions : préconisations et échéancier", exige("RF-15")
    )


class Annexe(Bloc):
    """Un outil utilisé ou réalisé"""

    principal: ClassVar[str] = "intitule"
    prefixe: ClassVar[str] = "x"

    cle: Cle = champ("Clé")
    intitule: TexteLong = champ("Outil")


class Remise(Bloc):
    """La remise du rapport final"""

    hors_page = ("solde_verse_le",)  # the DLA's to know: the prestataire's report does not say it

    numerique_le: Jour = champ(
        "Version numérique remise le", exige("RF-17"), des=StadeDuRapport.RECU
    )
    papier_le: Jour = champ("Version papier remise le", exige("RF-17"), des=StadeDuRapport.RECU)
    solde_verse_le: Jour = champ("Solde versé le", par=Role.DLA)

    @property
    def premiere_le(self) -> datetime.date | None:
        """Le jour où l'une des deux versions est remise, la première venue."""
        return min((day for day in (self.numerique_le, self.papier_le) if day), default=None)


DIAPORAMA = Diaporama(
    garde=(
        ligne("structures", fort=True),
        ligne("prestataire.nom", libelle=True),
        ligne("operateur.nom", "operateur.structure_porteuse", separateur=" – "),
        ligne("reference_convention", "date", libelle=True, separateur=" – "),
        ligne("couverture.mention", "couverture.financeurs", separateur=" "),
    ),
    diapos=(
        diapo("Rappel de la commande", "rappel.commande"),
        diapo("Objectifs visés", "rappel.general", "rappel.operationnels"),
        diapo("Méthodologie employée", "rappel.methodologie"),
        diapo(
            "Calendrier du travail réalisé",
            "etapes",
            colonnes=(
                colonne("Étapes", "intitule", largeur=2, numero="Étape"),
                colonne("Dates", "dates", largeur=1.1),
                colonne("Personnes rencontrées", "personnes", largeur=1.4),
            ),
            notes=("etapes.objectif", "etapes.commentaire"),
        ),
        diapo(
            "Identité des intervenants",
            "intervenants",
            colonnes=(colonne("Nom", "nom"), colonne("Fonction", "fonction")),
        ),
        diapo("Présentation du travail réalisé", "travail.presentation"),
        diapo("Actions concrètes de l'accompagnement", "travail.actions"),
        diapo(
            "Explications et difficultés rencontrées", "travail.explications", "travail.difficultes"
        ),
        diapo("Productions remises", "productions"),
        diapo("Résultats obtenus, face aux résultats attendus", "resultats"),
        diapo("Effets induits", "effets"),
        diapo("Observations et nouveaux besoins", "suites.observations", "suites.besoins"),
        diapo("Plan d'actions : préconisations et échéancier", "suites.plan_d_actions"),
        diapo("Annexes : outils utilisés ou réalisés", "annexes"),
    ),
)


class RapportFinal(Document):
    """Le rapport final d'une mission."""

    titre = "Rapport final"
    source = "Guide du Centre, « Le contenu du rapport final de mission »"
    communique_a = (*PARTIES, Destinataire.COMITE)
    alias = ("rapport de fin de mission", "rapport de mission")
    stades = StadeDuRapport
    stade_du = ((Avancement.SOLDEE, StadeDuRapport.RECU),)
    genre = Genre.DOSSIER
    signatures = ("Le prestataire",)
    diaporama = DIAPORAMA

    operateur: OperateurDeCouverture = champ("DLA")
    autres_operateurs: tuple[OperateurAssocie, ...] = operateurs_associes()
    structures: tuple[Structure, ...] = champ("Structures accompagnées")
    prestataire: Prestataire = champ("Prestataire")
    consultant: Personne = champ("Consultant", personnelle=CONSULTANT)
    reference_convention: Texte = champ("Référence de la convention")
    date: Jour = champ("Date du rapport")
    couverture: Couverture = champ()
    rappel: Rappel = champ()
    etapes: tuple[EtapeRealisee, ...] = champ(
        "Le déroulement de la mission",
        exige("RF-02"),
        conseil="Reprenez les étapes de la grille de suivi.",
    )
    intervenants: tuple[Personne, ...] = champ(
        "Identité des intervenants", exige("RF-13"), personnelle=INTERVENANT_DU_RAPPORT
    )
    travail: Travail = champ()
    productions: tuple[ProductionRemise, ...] = champ(
        "La liste et la description sommaire des productions remises", exige("RF-03")
    )
    resultats: tuple[ResultatAtteint, ...] = champ(
        "Les résultats atteints", exige("RF-04"), exige("RF-14")
    )
    effets: TexteLong = champ("Les effets induits", exige("RF-05"))
    suites: Suites = champ()
    annexes: tuple[Annexe, ...] = champ(
        "Annexes : outils utilisés ou réalisés",
        exige("RF-16"),
        conseil="Citez chaque outil, ou écrivez « Aucun outil ».",
    )
    remise: Remise = champ()
    forme: Choix[FormeRapport] = champ(
        "Note de synthèse et/ou présentation PowerPoint", exige("RF-11")
    )

    @classmethod
    def depuis(cls, mission: Mission) -> dict[str, Any]:
        """Le rapport reprend les étapes de la grille de suivi, les objectifs et les résultats
        attendus du cahier des charges, les productions proposées.
        """
        financeurs = profil_of(mission).logos_du(mission.jour).financeurs
        paid = {"remise": {"solde_verse_le": mission.solde_verse_le}}
        return {
            "couverture": couverture_reprise(cls, mission.entete(cls), financeurs),
            **paid,
            **_ordered(mission),
            **_offered(mission),
            **_followed(mission),
        }

    @property
    def se_presente(self) -> bool:
        """Vrai quand sa forme est une présentation, seule ou avec la note."""
        return self.forme in (FormeRapport.PRESENTATION, FormeRapport.LES_DEUX)

    @regle(
        exige("RF-18"),
        porte_sur="suites",
        conseil="Dites ce que le DLA aura à suivre : résultats, effets, préconisations, besoins.",
    )
    def permet_le_suivi(self) -> bool:
        """Le rapport permet à l'opérateur DLA d'assurer un suivi de l'accompagnement."""
        return not all(map(is_blank, (self.resultats, self.effets, self.suites)))

    @regle(
        exige("RX-11"),
        porte_sur="etapes",
        conseil="Reprenez les étapes de la grille de suivi, dans le même ordre.",
    )
    def etapes_du_suivi(self, mission: Mission) -> bool:
        """Les étapes du rapport final sont celles de la grille de suivi : même nombre, mêmes
        intitulés, même ordre.
        """
        followed = [step.intitule for step in etapes_suivies(mission).values()]
        return not followed or [step.intitule for step in self.etapes] == followed

    @regle(
        exige("RX-21"),
        exige("RF-08"),
        porte_sur="couverture.logo_dla",
        conseil="Donnez le fichier du logo dans la fiche de l'opérateur.",
    )
    def logos_du_dla(self) -> Iterator[str]:
        """Les logos du DLA et de son opérateur s'affichent sur la page de garde."""
        for name in ("logo_dla", "logo_operateur"):
            logo = getattr(self.couverture, name)
            if logo.fichier is None and not is_blank(logo):
                yield f"couverture.{name}.fichier"

    @regle(
        exige("RX-21"),
        exige("RF-10"),
        porte_sur="couverture.financeurs",
        conseil="Complétez la fiche de l'opérateur : un logo par financeur.",
    )
    def logos_des_financeurs(self) -> Iterator[str]:
        """Les logos de la page de garde sont ceux des quatre financeurs, le Conseil Général étant
        celui du département de l'opérateur.
        """
        return financeurs_absents(self)

    @regle(
        exige("RX-21"),
        exige("RF-09"),
        porte_sur="couverture.mention",
        conseil="Écrivez « Accompagnement DLA financé par : ».",
    )
    def mention_de_la_region(self) -> bool:
        """La page de garde porte la mention « Accompagnement DLA financé par : »."""
        return not mention_changee(self.couverture.mention)

    @regle(
        exige("RX-22"),
        porte_sur="productions",
        conseil=(
            "Remettez la production et datez sa remise, ou écrivez dans sa description « Non "
            "remise : » et pourquoi."
        ),
    )
    def productions_proposees_remises(self, mission: Mission) -> Iterator[str]:
        """Les productions proposées sont remises."""
        held = {row.cle: number for number, row in enumerate(self.productions)}
        for cle in lignes_de_tous(propositions_retenues(mission), lambda one: one.productions):
            number = held.get(cle)
            if number is None:
                yield "productions"
            elif self.productions[number].remise_le is None and not dit_non_fait(
                self.productions[number].description
            ):
                yield f"productions[{number}].remise_le"

    @regle(
        exige("RX-03"),
        exige("RF-20"),
        porte_sur="remise.solde_verse_le",
        des=StadeDuRapport.RECU,
        conseil="Attendez les deux versions du rapport, ou datez leur remise.",
    )
    def solde_apres_le_rapport(self) -> bool:
        """Le solde n'est versé qu'après remise du rapport final, en version numérique et papier.

        Du jour que la mission dit, c'est elle qui parle, là où il est écrit.
        """
        if self._mission is not None and self.remise.solde_verse_le == self._mission.solde_verse_le:
            return True
        paid, handed = self.remise.solde_verse_le, (self.remise.numerique_le, self.remise.papier_le)
        return paid is None or all(day is not None and day <= paid for day in handed)


def _ordered(mission: Mission) -> dict[str, Any]:
    """What the cahier des charges says first."""
    order = mission.premier(CahierDesCharges)
    if order is None:
        return {}
    goals = order.objectifs
    rappel = {
        "general": goals.general,
        "operationnels": [goal.model_dump() for goal in goals.operationnels],
    }
    return {"rappel": rappel, "resultats": [row.model_dump() for row in goals.resultats]}


def _offered(mission: Mission) -> dict[str, Any]:
    """What the retained proposition says first; of each, when several are retained."""
    offers = propositions_retenues(mission)
    if not offers:
        return {}
    people = [
        {"nom": person.nom, "fonction": person.statut}
        for offer in offers
        for person in offer.intervenants
    ]
    made = lignes_de_tous(offers, lambda one: one.productions)
    return {
        "etapes": [
            {"cle": cle, "intitule": step.intitule, "objectif": step.objectif}
            for cle, step in lignes_de_tous(offers, lambda one: one.etapes).items()
        ],
        "intervenants": people,
        "productions": [{"cle": cle, "intitule": row.intitule} for cle, row in made.items()],
    }


def _followed(mission: Mission) -> dict[str, Any]:
    """What the suivi says, of the steps as they were made."""
    done = [
        {
            "cle": cle,
            "intitule": s.intitule,
            "objectif": s.objectif,
            "dates": s.realise.dates,
            "personnes": s.realise.personnes,
        }
        for cle, s in etapes_suivies(mission).items()
    ]
    return {"etapes": done} if done else {}
