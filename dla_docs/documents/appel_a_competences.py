"""L'appel à compétences simplifié : l'appel du DLA et la réponse du prestataire, sur un même
formulaire.

Source : guide du Centre, « L'appel à compétence simplifié : l'exemple du DLA 28 ». A ce stade le
prestataire a peu d'information : le nom de la structure n'y figure pas.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar

from dla_docs.documents.cahier_des_charges import CahierDesCharges
from dla_docs.documents.proposition import Proposition
from dla_docs.model.bloc import Bloc
from dla_docs.model.document import Document
from dla_docs.model.fields import Nature, Stade, champ, mention, regle
from dla_docs.model.recipients import PRESTATAIRES, Destinataire
from dla_docs.model.requirement import Role, exige
from dla_docs.model.values import Choix, Jour, Montant, OuiNon, Reponse, Texte, TexteLong
from dla_docs.parties.acteurs import Operateur, OperateurAssocie, Prestataire, operateurs_associes
from dla_docs.parties.ingenierie import Procedure

if TYPE_CHECKING:  # a document alone has no mission
    from dla_docs.mission import Mission

PRESTATAIRE, CHARGE_DE_MISSION = Role.PRESTATAIRE, Role.CHARGE_DE_MISSION
LIGNES, LARGEUR = 3, 110  # of the form: what two or three printed lines hold


class StadeDeLAppel(Stade):
    """L'appel est émis, le prestataire y répond, puis le DLA lit sa réponse."""

    EMIS = 1
    REPONDU = 2
    LU = 3


class RaisonDuRefus(Enum):
    """Pourquoi un prestataire ne se positionne pas."""

    HORS_CHAMP = "hors champs de compétences"
    NON_DISPONIBLE = "non disponible sur les échéances sollicitées"


def positionne(bloc: object, document: AppelACompetences) -> bool:
    """Le prestataire se positionne."""
    return document.reponse.positionnement is Reponse.OUI


def non_refuse(bloc: object, document: AppelACompetences) -> bool:
    """Le prestataire ne refuse pas."""
    return document.reponse.positionnement is not Reponse.NON


def non_positionne(bloc: object, document: AppelACompetences) -> bool:
    """Le prestataire ne s'est pas positionné, ou pas encore."""
    return not positionne(bloc, document)


def refuse(bloc: object, document: AppelACompetences) -> bool:
    """Le prestataire ne se positionne pas."""
    return document.reponse.positionnement is Reponse.NON


def autre_date(bloc: ReponseDuPrestataire, document: AppelACompetences) -> bool:
    """La première rencontre n'est pas possible aux dates du DLA."""
    return positionne(bloc, document) and bloc.rencontre_possible is Reponse.NON


def indisponible(bloc: Refus, document: AppelACompetences) -> bool:
    """Le prestataire n'est pas disponible."""
    return refuse(bloc, document) and bloc.raison is RaisonDuRefus.NON_DISPONIBLE


class Contexte(Bloc):
    """La structure"""

    secteur: Texte = champ("Secteur d'activité", exige("AC-03"))
    taille: Texte = champ("Taille de la structure", exige("AC-03"))
    problematique: TexteLong = champ(
        "Problématique rencontrée :", exige("AC-02"), conseil="Dites-la en 2 ou 3 lignes."
    )


class Intervention(Bloc):
    """INTERVENTION PROPOSEE : (description rapide : thème, durée, échéance)"""

    theme: Texte = champ("Thème", exige("AC-04"))
    objectif: Texte = champ("Objectif principal", exige("AC-04"))
    duree: Texte = champ("Durée", exige("AC-04"))
    echeance: Texte = champ("Echéance", exige("AC-04"))


class ReponseDuPrestataire(Bloc):
    """REPONSE :"""

    rappel = mention(
        "(Pour rappel, l'accord sur votre intervention sera validé définitivement par convention. "
        "Sera annexée à celle-ci une fiche projet dans laquelle vous décrivez votre intervention "
        "si vous êtes retenu pour réaliser cette mission.)",
        exige("AC-05"),
    )
    consigne = mention(
        "(en quelques lignes : secteur d'activité / type de structure / thèmes de "
        "l'accompagnement…)",
        exige("AC-09"),
        apres="coherence",
    )
    unite = mention(
        "(Indiquez un prix moyen par demi-journée, frais de missions compris.)",
        exige("AC-10"),
        apres="prix",
    )
    tarif = mention(
        "Le tarif définitif sera négocié avec vous sur la base du projet qui sera annexé à la "
        "convention.",
        exige("AC-11"),
        apres="prix",
    )

    positionnement: OuiNon = champ(
        "1. Positionnement possible :", exige("AC-06"), des=StadeDeLAppel.REPONDU
    )
    rencontre_debut: Jour = champ(
        "2. 1ère rencontre entre le", exige("AC-07"), par=CHARGE_DE_MISSION
    )
    rencontre_fin: Jour = champ("et le", exige("AC-07"), par=CHARGE_DE_MISSION)
    rencontre_possible: OuiNon = champ(
        "1ère rencontre possible à ces dates :",
        exige("AC-07"),
        si=positionne,
        par=PRESTATAIRE,
        des=StadeDeLAppel.REPONDU,
    )
    rencontre_des_le: Jour = champ(
        "Si non, 1ère rencontre possible à partir du :",
        exige("AC-08"),
        si=autre_date,
        des=StadeDeLAppel.REPONDU,
    )
    coherence: TexteLong = champ(
        "3. Cohérence de l'offre avec vos compétences et expériences :",
        exige("AC-09"),
        si=positionne,
        des=StadeDeLAppel.REPONDU,
    )
    prix: Montant = champ(
        "4. A quel prix moyen accepteriez-vous cette mission ?",
        exige("AC-10"),
        si=positionne,
        des=StadeDeLAppel.REPONDU,
    )
    projet_complet: OuiNon = champ(
        "Vous souhaitez présenter d'emblée un projet complet (la procédure habituelle est alors "
        "remise en place) :",
        par=PRESTATAIRE,
    )


class Refus(Bloc):
    """Si vous ne souhaitez pas vous positionner, merci de le préciser :"""

    raison: Choix[RaisonDuRefus] = champ(
        "Raison", exige("AC-12"), exige("RX-40", guides="C"), si=refuse
    )
    de_nouveau_le: Jour = champ(
        "A partir de quand nous pourrons de nouveau vous solliciter :",
        exige("AC-12"),
        si=indisponible,
    )
    dit_le: Jour = champ("Opérateur DLA informé le", si=refuse)


class CriteresDeChoix(Bloc):
    """Les critères de choix"""

    echeancier: TexteLong = champ(
        "Possibilité d'intervention dans l'échéancier proposé",
        exige("AC-13"),
        si=positionne,
        des=StadeDeLAppel.LU,
    )
    experiences: TexteLong = champ(
        "Qualité des intervenants : expériences du prestataire sur le même thème, la même filière",
        exige("AC-13"),
        si=positionne,
        des=StadeDeLAppel.LU,
    )
    competences: TexteLong = champ(
        "Qualité des intervenants : cohérence entre la prestation demandée et les compétences du "
        "consultant",
        exige("AC-13"),
        si=positionne,
        des=StadeDeLAppel.LU,
    )
    tarification: TexteLong = champ(
        "Tarification", exige("AC-13"), si=positionne, des=StadeDeLAppel.LU
    )


class AppelACompetences(Document):
    """L'appel à compétences simplifié."""

    titre = "Appel à compétences"
    source = "Guide du Centre, « L'appel à compétence simplifié : l'exemple du DLA 28 »"
    communique_a = (Destinataire.STRUCTURE, *PRESTATAIRES, Destinataire.DLA)
    nature_du_document = Nature.FORMULAIRE
    stades = StadeDeLAppel
    alias = ("appel à compétence simplifié", "appel à compétences simplifié")
    multiple = True
    un_par_sollicite = True
    offert = ("reponse", "refus")
    procedure: ClassVar[Procedure] = Procedure.SIMPLIFIEE

    titre_du_formulaire = mention("Appel à compétences", exige("AC-01"), titre=True)

    operateur: Operateur = champ("DLA")
    autres_operateurs: tuple[OperateurAssocie, ...] = operateurs_associes()
    prestataire: Prestataire = champ("Prestataire sollicité")
    date: Jour = champ("Appel envoyé le")
    date_limite: Jour = champ("Réponse attendue le")
    contexte: Contexte = champ()
    intervention: Intervention = champ()
    reponse: ReponseDuPrestataire = champ(par=PRESTATAIRE)
    refus: Refus = champ(par=PRESTATAIRE, si=non_positionne)
    criteres: CriteresDeChoix = champ(si=non_refuse)

    @property
    def a_rendre_le(self) -> datetime.date | None:
        """La réponse est attendue à la date limite."""
        return self.date_limite

    @classmethod
    def depuis(cls, mission: Mission) -> dict[str, Any]:
        """L'appel reprend la date limite, le secteur et la taille de la structure, le thème et
        l'objectif de la commande ; jamais son nom.
        """
        structure, order = (
            next(iter(mission.structures), None),
            mission.premier(CahierDesCharges),
        )
        size = _size(structure.effectif) if structure else None
        context = {"secteur": structure and structure.secteur, "taille": size}
        goals = (
            {"theme": order.objectifs.theme, "objectif": order.objectifs.general} if order else {}
        )
        return {
            "date_limite": mission.mise_en_concurrence.date_limite,
            "contexte": context,
            "intervention": goals,
        }

    @classmethod
    def pour(cls, mission: Mission, cle: str) -> dict[str, Any]:
        """L'appel fait à un prestataire est parti le jour où il a été sollicité."""
        return {
            "date": next(
                (row.date for row in mission.mise_en_concurrence.sollicites if row.cle == cle), None
            )
        }

    @property
    def ecarte(self) -> bool:
        """Vrai aussi, dans une mission, pour qui ne se positionne pas."""
        return (self._mission is not None and refuse(self, self)) or super().ecarte

    @regle(
        exige("AC-02"),
        porte_sur="contexte.problematique",
        conseil="Résumez-la ; le diagnostic complet n'ira qu'au prestataire retenu.",
    )
    def problematique_en_trois_lignes(self) -> bool:
        """La problématique rencontrée se dit en 2 ou 3 lignes."""
        lines = (self.contexte.problematique or "").splitlines()
        return sum(max(1, -(-len(line) // LARGEUR)) for line in lines) <= LIGNES

    @regle(
        exige("AC-14"),
        porte_sur="reponse",
        conseil=(
            "Ne demandez de projet qu'au prestataire retenu, ou remettez en place la procédure "
            "habituelle."
        ),
    )
    def pas_de_projet_a_ce_stade(self, mission: Mission) -> bool:
        """A ce stade, il n'est pas demandé au prestataire d'écrire un projet de prestation."""
        own = self.prestataire.cle
        written = {offer.prestataire.cle for offer in mission.tous(Proposition)}
        allowed = own in mission.retenus or self.reponse.projet_complet is Reponse.OUI
        return own is None or allowed or own not in written

    @regle(
        exige("RX-26"),
        porte_sur="date",
        conseil="N'envoyez que l'appel ; le reste ira au prestataire retenu.",
    )
    def dossier_complet_apres_l_appel(self, mission: Mission) -> bool:
        """Le diagnostic et le cahier des charges complets ne partent pas avec l'appel : ils vont
        plus tard au seul prestataire retenu.
        """
        competition = mission.mise_en_concurrence
        sent = next(
            (
                row.dossier_complet_le
                for row in competition.sollicites
                if row.cle == self.prestataire.cle
            ),
            None,
        )
        usual = (
            competition.procedure is not Procedure.SIMPLIFIEE
            or self.reponse.projet_complet is Reponse.OUI
        )
        return usual or sent is None or self.date is None or sent > self.date

    @regle(
        exige("RX-40"),
        porte_sur="refus.dit_le",
        conseil="Corrigez cette date, si le prestataire a prévenu plus tôt.",
    )
    def refus_dit_des_reception(self) -> Iterator[str]:
        """Le prestataire qui décline le dit dès réception, au plus tard à la date de réponse
        attendue.
        """
        if (
            self.refus.dit_le is not None
            and self.date_limite is not None
            and refuse(self, self)
            and self.refus.dit_le > self.date_limite
        ):
            yield "refus.dit_le"


def _size(staff: int | None) -> str | None:
    if not staff:
        return None if staff is None else "Pas de salariés"
    return f"{staff} salarié{'s' if staff > 1 else ''}"
