"""La grille d'évaluation d'une ingénierie collective : une fiche par participant, commentée par le
prestataire.

Source : guide du Centre, « La grille d'évaluation et le suivi de l'ingénierie collective » et « A
propos de l'évaluation de l'ingénierie ». La partie 1 revient au ou à la chargé(e) de mission : dans
une mission elle s'écrit une fois, sur la première fiche.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from dla_docs.constat import Constat, Gravite
from dla_docs.documents.cahier_des_charges import resultats_attendus
from dla_docs.documents.grille_de_suivi import DelaisSelonLeSuivi, GrilleDeSuivi
from dla_docs.documents.proposition import Proposition
from dla_docs.model.bloc import Bloc, is_blank
from dla_docs.model.fields import champ, mention, regle
from dla_docs.model.layout import ligne
from dla_docs.model.recipients import Destinataire
from dla_docs.model.requirement import L, Role, exige
from dla_docs.model.values import Cle, Jour, Jours, OuiNon, Reponse, Texte, TexteLong
from dla_docs.parties import personnes
from dla_docs.parties.evaluation import (
    A_NOTER,
    RESULTATS_ATTENDUS,
    RESULTATS_OBTENUS,
    Avis,
    AvisLibre,
    GrilleDEvaluation,
    LigneDeResultat,
    critere,
    remarque_du_prestataire,
    repondu,
    resultats_changes,
)

if TYPE_CHECKING:  # a document alone has no mission
    from dla_docs.mission import Mission

CHARGE, PARTICIPANT, PRESTATAIRE = Role.CHARGE_DE_MISSION, Role.PARTICIPANT, Role.PRESTATAIRE
AU_DELA_D_UNE_JOURNEE = (
    "operationnalite.rythme",
    "operationnalite.realisme",
    "operationnalite.specificites",
    "relation.disponibilite",
)


def modifiee(bloc: object, document: EvaluationCollective) -> bool:
    """Le contenu réalisé n'est pas conforme, ou la grille de suivi garde une modification."""
    mission: Mission | None = document._mission
    followed = mission.premier(GrilleDeSuivi) if mission else None
    return document.conditions.contenu.reponse is Reponse.NON or bool(
        followed and followed.modifications
    )


def plusieurs_jours(bloc: object, document: EvaluationCollective) -> bool:
    """L'ingénierie dure plus d'une journée, ou sa durée n'est pas dite."""
    return document.jours is None or document.jours > 1


class Participant(Bloc):
    """Qui remplit la fiche"""

    en_bref = (ligne("nom", "fonction", "structure"),)
    prefixe: ClassVar[str] = "p"
    principal: ClassVar[str] = "nom"

    cle: Cle = champ("Clé")
    nom: Texte = champ("Nom")
    fonction: Texte = champ("Fonction")
    structure: Texte = champ("Structure")


class Modification(Bloc):
    """Si modification, information et explication au chargé de mission DLA"""

    reponse: OuiNon = critere(
        "Si modification, information et explication au chargé de mission DLA",
        exige("EVC-06", par=CHARGE),
        si=modifiee,
    )
    commentaire: TexteLong = champ("Commentaires", par=CHARGE)
    commentaire_prestataire: TexteLong = remarque_du_prestataire()


class PointDeMethode(Bloc):
    """Un point de la méthodologie, si plusieurs journées"""

    reponse: OuiNon = critere(
        "Méthodologie d'accompagnement adaptée dont si plusieurs journées",
        exige("EVC-09", L, PARTICIPANT),
        si=plusieurs_jours,
    )
    commentaire: TexteLong = champ("Commentaires", par=PARTICIPANT)
    commentaire_prestataire: TexteLong = remarque_du_prestataire()


class Disponibilite(Bloc):
    """Disponibilité entre les sessions si plusieurs jours"""

    reponse: OuiNon = critere(
        "Disponibilité entre les sessions si plusieurs jours",
        exige("EVC-16", par=PARTICIPANT),
        si=plusieurs_jours,
    )
    commentaire: TexteLong = champ("Commentaires", par=PARTICIPANT)
    commentaire_prestataire: TexteLong = remarque_du_prestataire()


class Conditions(Bloc):
    """1) Conditions de réalisation"""

    colonnes = ("Oui/Non", "Commentaires chargé(e) de mission DLA", "Commentaires prestataire")

    titre_1 = mention("1) Conditions de réalisation", exige("EVC-07"), exige("EVC-02"), titre=True)
    a_noter = mention(A_NOTER, exige("EVC-07"))

    delais: Avis = critere(
        "Adéquation avec les délais et échéances prévus", exige("EVC-03", par=CHARGE)
    )
    contenu: Avis = critere(
        "Contenu réalisé en conformité avec le cahier des charges initial en terme de "
        "méthodologie et contenu",
        exige("EVC-04", par=CHARGE),
    )
    productions: Avis = critere(
        "Conformité des productions produites vers le DLA (rapport de mission)",
        exige("EVC-05", par=CHARGE),
    )
    modification: Modification = champ(
        "Si modification, information et explication au chargé de mission DLA. Si ingénierie sur "
        "plusieurs jours, validation des transformations par le chargé de mission",
        par=CHARGE,
    )


class Operationnalite(Bloc):
    """2) Opérationnalité de la mission"""

    colonnes = ("OUI/NON", "Commentaires du bénéficiaire", "Commentaires du prestataire")
    sous_points: ClassVar[tuple[str, ...]] = ("rythme", "realisme", "specificites")

    titre_2 = mention("2) Opérationnalité de la mission", exige("EVC-13"), titre=True)

    methodologie: Avis = critere(
        "Méthodologie d'accompagnement adaptée dont si plusieurs journées",
        exige("EVC-09", par=PARTICIPANT),
    )
    rythme: PointDeMethode = champ("rythme", par=PARTICIPANT)
    realisme: PointDeMethode = champ(
        "réalisme des productions demandées entre les rencontres", par=PARTICIPANT
    )
    specificites: PointDeMethode = champ(
        "Prise en compte des réalités et spécificités du secteur de l'utilité sociale dans la "
        "production des contenus, démarches et outils",
        par=PARTICIPANT,
    )
    expertise: Avis = critere(
        "Pertinence de(s) l'expertise(s) spécifique(s) du prestataire pour la conduite de "
        "l'ingénierie (soit la plus value apportée par la spécialisation - filière, territoire, "
        "technique, thématique)",
        exige("EVC-10", par=PARTICIPANT),
    )
    appui: Avis = critere(
        "Qualité de l'appui pour l'appropriation des outils et démarches par les participants. "
        "Qualité des outils fournis, au cours de la mission",
        exige("EVC-11", par=PARTICIPANT),
    )
    libre: AvisLibre = champ("Ligne libre", exige("EVC-12", par=PARTICIPANT))


class Relation(Bloc):
    """3) Relation de travail avec le prestataire"""

    colonnes = ("OUI/NON", "Commentaires de la structure", "Commentaires du prestataire")

    titre_3 = mention("3) Relation de travail avec le prestataire", exige("EVC-18"), titre=True)

    echanges: Avis = critere(
        "Qualité des échanges avec le prestataire", exige("EVC-14", par=PARTICIPANT)
    )
    animation: Avis = critere("Qualité de l'animation du groupe", exige("EVC-15", par=PARTICIPANT))
    disponibilite: Disponibilite = champ(par=PARTICIPANT)
    autre: AvisLibre = champ("Autre", exige("EVC-17", par=PARTICIPANT))


class ResultatCollectif(LigneDeResultat):
    """Un résultat attendu, et ce qu'il en est"""

    intitule: TexteLong = champ(RESULTATS_ATTENDUS, exige("EVC-19", par=CHARGE))
    obtenu: OuiNon = critere(RESULTATS_OBTENUS, exige("EVI-18", par=PARTICIPANT))
    commentaire: TexteLong = champ("Commentaires de la structure", par=PARTICIPANT)


class AutresResultats(Bloc):
    """Autres résultats ou effets produits par l'ingénierie collective"""

    ligne_de = "resultats"
    principal: ClassVar[str] = "commentaire"

    commentaire: TexteLong = champ(
        "Autres résultats ou effets produits par l'ingénierie collective",
        exige("EVC-20", par=PARTICIPANT),
    )


class EvaluationCollective(DelaisSelonLeSuivi, GrilleDEvaluation):
    """La grille d'évaluation d'une ingénierie collective."""

    titre = "La grille d'évaluation et le suivi de l'ingénierie collective"
    titre_court = "Grille d'évaluation"
    source = "Guide du Centre, « La grille d'évaluation et le suivi de l'ingénierie collective »"
    communique_a = (Destinataire.RETENU, Destinataire.DLA)
    multiple = True
    distingue_par = "participant"
    anonymes = ("participant",)
    communs = ("date", "modalites", "restituee_le", "conditions")
    signatures = ("Le ou la chargé(e) de mission DLA", "Le ou la participant(e)", "Le prestataire")
    cles_retirees = ("synthese",)

    titre_officiel = mention(
        "La grille d'évaluation et le suivi de l'ingénierie collective", exige("EVC-01"), titre=True
    )
    titre_4 = mention("4) Les résultats", exige("EVC-22"), apres="relation", titre=True)
    a_noter = mention(
        "A noter : les parties suivantes sont proposées aux participants et permettent de mesurer "
        "leur satisfaction. Elles seront restituées au prestataire qui apportera, s'il le "
        "souhaite, ses remarques. La fiche est remise à chaque participant et le prestataire les "
        "commente ensuite avant de les remettre à la chargée de mission DLA.",
        exige("EVC-08"),
        exige("EVC-23"),
        apres="conditions",
    )

    jours: Jours = champ("Durée de l'ingénierie")
    participant: Participant = champ(
        "Participant", par=(CHARGE, PARTICIPANT), personnelle=personnes.PARTICIPANT
    )
    commentee_le: Jour = champ("Fiche commentée par le prestataire le", par=PRESTATAIRE)
    remise_le: Jour = champ("Fiche remise au ou à la chargé(e) de mission DLA le")
    conditions: Conditions = champ()
    operationnalite: Operationnalite = champ()
    relation: Relation = champ()
    resultats: tuple[ResultatCollectif, ...] = champ(
        "4) Les résultats",
        exige("EVC-19", par=PARTICIPANT),
        conseil="Reprenez ceux du cahier des charges.",
    )
    autres_resultats: AutresResultats = champ()

    @classmethod
    def depuis(cls, mission: Mission) -> dict[str, Any]:
        """L'évaluation reprend les résultats attendus du cahier des charges, la durée de la
        proposition, et la partie 1 de la première fiche.
        """
        offer = mission.retenue(Proposition)
        head: Mapping[str, Any] = mission._raw or {}
        typed = (head.get("documents") or {}).get(cls.slug())
        first = next(iter(typed), None) if isinstance(typed, list) else typed
        shared = (
            {name: first[name] for name in cls.communs if name in first}
            if isinstance(first, dict)
            else {}
        )
        return {
            "resultats": [row.model_dump() for row in resultats_attendus(mission)],
            "jours": offer.budget.jours if offer else None,
            **shared,
        }

    def avant_l_envoi(self, role: Role) -> Iterator[Constat]:
        """Chacun son tour : le participant répond, le prestataire commente, le ou la chargé(e) de
        mission lit.
        """
        answered, who = repondu(self, PARTICIPANT), self.nom_distinctif or "sans nom"
        if role is PRESTATAIRE and not answered:
            yield _trop_tot(
                f"Fiche « {who} » : le participant n'a pas encore répondu, le prestataire "
                f"n'aurait rien à commenter."
            )
        if role is CHARGE and answered and not repondu(self, PRESTATAIRE):
            yield _trop_tot(f"Fiche « {who} » : le prestataire ne l'a pas encore commentée.")

    @regle(
        exige("RX-12"),
        exige("EVC-19"),
        porte_sur="resultats",
        conseil="Reprenez ceux du cahier des charges, sans les récrire.",
    )
    def resultats_mot_pour_mot(self, mission: Mission) -> Iterator[str]:
        """Les résultats attendus de l'évaluation reprennent mot pour mot ceux du cahier des
        charges.
        """
        return resultats_changes(self.resultats, resultats_attendus(mission))

    @regle(
        exige("RX-28"),
        porte_sur="conditions",
        conseil="Ecrivez la partie 1 sur la première fiche seulement : les autres la reprennent.",
    )
    def partie_1_commune(self, mission: Mission) -> bool:
        """La partie 1, remplie une fois par le chargé de mission, est la même sur toutes les
        fiches.
        """
        first = mission.premier(type(self))
        return first is None or self.conditions == first.conditions

    @regle(
        exige("RX-29"),
        porte_sur="commentee_le",
        conseil="Corrigez l'une des deux dates : les commentaires viennent avant la remise.",
    )
    def commentee_avant_d_etre_remise(self) -> bool:
        """Le prestataire commente, s'il le souhaite, la fiche du participant avant de la remettre
        au chargé de mission.
        """
        handed, told = self.remise_le, self.commentee_le
        return handed is None or told is None or told <= handed

    @regle(
        exige("RX-38"),
        porte_sur="jours",
        conseil="Effacez ces réponses, ou corrigez la durée de l'ingénierie.",
    )
    def au_dela_d_une_journee(self) -> Iterator[str]:
        """Les lignes « si plusieurs journées » et « si plusieurs jours » ne sont remplies que si
        l'ingénierie dure plus d'une journée.
        """
        if not plusieurs_jours(self, self):
            for path in AU_DELA_D_UNE_JOURNEE:
                part, _, name = path.partition(".")
                if not is_blank(getattr(getattr(self, part), name)):
                    yield path


def _trop_tot(message: str) -> Constat:
    told = exige("RX-29")
    return Constat(
        message,
        Gravite.AVERTISSEMENT,
        "commentee_le",
        (told.id,),
        source=told.citation(),
        conseil="Attendez sa réponse.",
    )
