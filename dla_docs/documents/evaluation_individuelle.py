"""La grille d'évaluation d'une ingénierie individuelle : le ou la chargé(e) de mission y interroge
la structure, puis le prestataire.

Source : guide du Centre, « La grille d'évaluation et le suivi de l'ingénierie individuelle » et « A
propos de l'évaluation de l'ingénierie ». La partie 1 revient au ou à la chargé(e) de mission, les
parties 2 à 4 à la structure ; le prestataire commente.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from dla_docs.documents.cahier_des_charges import resultats_attendus
from dla_docs.documents.grille_de_suivi import DelaisSelonLeSuivi, GrilleDeSuivi
from dla_docs.model.bloc import Bloc, is_blank
from dla_docs.model.fields import champ, mention, regle
from dla_docs.model.recipients import PARTIES, Destinataire
from dla_docs.model.requirement import L, Role, exige
from dla_docs.model.values import Jour, OuiNon, Reponse, TexteLong
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
    resultats_changes,
)
from dla_docs.parties.modification import NatureModification

if TYPE_CHECKING:  # a document alone has no mission
    from dla_docs.mission import Mission

CHARGE, STRUCTURE, PRESTATAIRE = Role.CHARGE_DE_MISSION, Role.STRUCTURE, Role.PRESTATAIRE
DE_CONTENU = {
    NatureModification.CONTENU,
    NatureModification.RESTITUTION,
    NatureModification.PROBLEMATIQUE,
}


def contenu_non_conforme(bloc: object, document: EvaluationIndividuelle) -> bool:
    """Le contenu réalisé n'est pas conforme au cahier des charges."""
    return document.conditions.contenu.reponse is Reponse.NON


class Transformation(Bloc):
    """Si non, transformation proposée et validée par la structure
    et par le chargé de mission DLA"""

    reponse: OuiNon = critere(
        "Si non, transformation proposée et validée par la structure et par le chargé de mission "
        "DLA",
        exige("EVI-05", par=CHARGE),
        exige("RX-13", par=CHARGE),
        si=contenu_non_conforme,
    )
    commentaire: TexteLong = champ("Commentaires", par=CHARGE)
    commentaire_prestataire: TexteLong = remarque_du_prestataire()


class Conditions(Bloc):
    """1) Conditions de réalisation"""

    colonnes = ("Oui/Non", "Commentaires chargé(e) de mission DLA", "Commentaires prestataire")

    titre_1 = mention("1) Conditions de réalisation", exige("EVI-01"), titre=True)
    a_noter = mention(A_NOTER, exige("EVI-01"))

    delais: Avis = critere(
        "Adéquation avec les délais et échéances prévus", exige("EVI-02", par=CHARGE)
    )
    productions: Avis = critere(
        "Conformité des productions produites vers le DLA (rapport(s) de mission)",
        exige("EVI-03", par=CHARGE),
    )
    contenu: Avis = critere(
        "Contenu réalisé en conformité avec le cahier des charges initial en terme de "
        "méthodologie et de restitution à l'association",
        exige("EVI-04", par=CHARGE),
    )
    transformation: Transformation = champ(par=CHARGE)


class Operationnalite(Bloc):
    """2) Opérationnalité de la mission"""

    colonnes = ("OUI/NON", "Commentaires du bénéficiaire", "Commentaires du prestataire")
    sous_points: ClassVar[tuple[str, ...]] = (
        "rythme",
        "personnes",
        "realisme",
        "specificites",
    )  # one Oui/Non in the guide, on the line above them: theirs are free

    titre_2 = mention("2) Opérationnalité de la mission", exige("EVI-07"), titre=True)

    methodologie: Avis = critere(
        "Méthodologie d'accompagnement adaptée dont", exige("EVI-08", par=STRUCTURE)
    )
    rythme: Avis = critere("rythme", exige("EVI-08", L, STRUCTURE))
    personnes: Avis = critere(
        "pertinence du choix des personnes ou groupes de personnes associées",
        exige("EVI-08", L, STRUCTURE),
    )
    realisme: Avis = critere(
        "réalisme des productions demandées entre les rencontres", exige("EVI-08", L, STRUCTURE)
    )
    specificites: Avis = critere(
        "Prise en compte des réalités et spécificités du secteur de l'utilité sociale dans la "
        "production des démarches et outils",
        exige("EVI-08", L, STRUCTURE),
    )
    expertise: Avis = critere(
        "Pertinence de(s) l'expertise(s) spécifique(s) du prestataire pour la conduite de "
        "l'ingénierie (soit la plus value apportée par la spécialisation - filière, territoire, "
        "technique, thématique)",
        exige("EVI-09", par=STRUCTURE),
    )
    appui: Avis = critere(
        "Qualité de l'appui pour l'appropriation des outils et démarches par la structure dont "
        "qualité des productions fournies, au cours de la mission",
        exige("EVI-10", par=STRUCTURE),
    )
    libre: AvisLibre = champ("Ligne libre", exige("EVI-11", par=STRUCTURE))


class Relation(Bloc):
    """3) Relation de travail avec le prestataire"""

    colonnes = ("OUI/NON", "Commentaires de la structure", "Commentaires du prestataire")

    titre_3 = mention("3) Relation de travail avec le prestataire", exige("EVI-12"), titre=True)

    echanges: Avis = critere("Qualité des échanges", exige("EVI-13", par=STRUCTURE))
    confiance: Avis = critere(
        "Création et maintien d'une relation de confiance", exige("EVI-14", par=STRUCTURE)
    )
    sur_site: Avis = critere("Disponibilité sur site", exige("EVI-15", par=STRUCTURE))
    hors_site: Avis = critere("Hors présence sur site", exige("EVI-15", L, STRUCTURE))
    autre: AvisLibre = champ("Autre", exige("EVI-16", par=STRUCTURE))


class ResultatIndividuel(LigneDeResultat):
    """Un résultat attendu, et ce qu'il en est"""

    intitule: TexteLong = champ(RESULTATS_ATTENDUS, exige("EVI-17", par=CHARGE))
    obtenu: OuiNon = critere(RESULTATS_OBTENUS, exige("EVI-18", par=STRUCTURE))
    commentaire: TexteLong = champ("Commentaires de la structure", par=STRUCTURE)


class AutresResultats(Bloc):
    """Autres résultats ou effets produits par l'ingénierie"""

    ligne_de = "resultats"
    principal: ClassVar[str] = "commentaire"

    commentaire: TexteLong = champ(
        "Autres résultats ou effets produits par l'ingénierie", exige("EVI-19", par=STRUCTURE)
    )


class EvaluationIndividuelle(DelaisSelonLeSuivi, GrilleDEvaluation):
    """La grille d'évaluation d'une ingénierie individuelle."""

    titre = "La grille d'évaluation et le suivi de l'ingénierie individuelle"
    titre_court = "Grille d'évaluation"
    source = "Guide du Centre, « La grille d'évaluation et le suivi de l'ingénierie individuelle »"
    communique_a = (*PARTIES, Destinataire.COMITE)
    signatures = ("Le ou la chargé(e) de mission DLA", "La structure", "Le prestataire")

    titre_officiel = mention(
        "La grille d'évaluation et le suivi de l'ingénierie individuelle",
        exige("EVI-27"),
        titre=True,
    )
    titre_4 = mention("4) Les résultats", exige("EVI-28"), apres="relation", titre=True)
    a_noter = mention(
        "A noter : les parties suivantes sont proposées à la structure et permettent de mesurer "
        "sa satisfaction. Elles seront restituées au "
        "prestataire qui apportera, s'il le souhaite, ses remarques.",
        exige("EVI-06"),
        apres="conditions",
    )

    discutee_le: Jour = champ(
        "Fiche discutée avec le consultant, par le référent du prestataire, le",
        exige("EVI-26", L),
        par=PRESTATAIRE,
    )
    conditions: Conditions = champ()
    operationnalite: Operationnalite = champ()
    relation: Relation = champ()
    resultats: tuple[ResultatIndividuel, ...] = champ(
        "4) Les résultats",
        exige("EVI-17", par=STRUCTURE),
        conseil="Reprenez ceux du cahier des charges.",
    )
    autres_resultats: AutresResultats = champ()

    @classmethod
    def depuis(cls, mission: Mission) -> dict[str, Any]:
        """L'évaluation reprend les résultats attendus du cahier des charges, mot pour mot."""
        return {"resultats": [row.model_dump() for row in resultats_attendus(mission)]}

    @regle(
        exige("RX-12"),
        exige("EVI-17"),
        porte_sur="resultats",
        conseil="Reprenez ceux du cahier des charges, sans les récrire.",
    )
    def resultats_mot_pour_mot(self, mission: Mission) -> Iterator[str]:
        """Les résultats attendus de l'évaluation reprennent mot pour mot ceux du cahier des
        charges.
        """
        return resultats_changes(self.resultats, resultats_attendus(mission))

    @regle(
        exige("EVI-26"),
        porte_sur="discutee_le",
        conseil="Vérifiez cette date et celle de l'échange d'évaluation.",
    )
    def discutee_une_fois_remplie(self) -> bool:
        """Le référent du prestataire discute la fiche avec le consultant une fois qu'elle est
        remplie.
        """
        return self.discutee_le is None or self.date is None or self.date <= self.discutee_le

    @regle(
        exige("RX-13"),
        porte_sur="conditions.transformation.reponse",
        conseil="Effacez cette ligne, ou répondez Non à celle qui la précède.",
    )
    def transformation_si_non(self) -> bool:
        """La ligne « Si non, transformation proposée et validée… » n'est remplie que si le contenu
        réalisé n'est pas conforme.
        """
        return contenu_non_conforme(self.conditions, self) or is_blank(
            self.conditions.transformation
        )

    @regle(
        porte_sur="conditions.contenu.reponse",
        conseil="Rapprochez la réponse du tableau des modifications de la grille de suivi.",
    )
    def transformation_dans_le_suivi(self, mission: Mission) -> bool:
        """Le contenu n'est dit transformé que si la grille de suivi garde une modification de
        contenu, de restitution ou de problématique, et l'inverse.
        """
        followed = mission.premier(GrilleDeSuivi)
        if followed is None or self.conditions.contenu.reponse is None:
            return True
        return contenu_non_conforme(self.conditions, self) == any(
            change.nature in DE_CONTENU for change in followed.modifications
        )
