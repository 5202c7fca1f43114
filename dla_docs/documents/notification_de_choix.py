"""La notification du choix à chaque prestataire consulté, retenu ou non.

Source : guide du Centre, « Les axes de progrès » (restitution sur la base de la grille de lecture)
; guide du Nord – Pas de Calais,
« Procédure de sélection » (le prestataire non retenu est informé ; le motif, s'il le demande
expressément).
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar

from dla_docs.documents.grille_de_lecture import GrilleDeLecture
from dla_docs.documents.proposition import Proposition
from dla_docs.model.bloc import Bloc, is_blank
from dla_docs.model.document import Document
from dla_docs.model.fields import champ, regle
from dla_docs.model.layout import Genre, Lettre, Signataire, colonne
from dla_docs.model.recipients import PRESTATAIRES, Destinataire
from dla_docs.model.requirement import R, exige
from dla_docs.model.values import Choix, Cle, Jour, Texte, TexteLong
from dla_docs.parties.acteurs import (
    OperateurAssocie,
    Prestataire,
    StructureNommee,
    operateurs_associes,
)
from dla_docs.parties.collectif import collective
from dla_docs.parties.couverture import OperateurDeCouverture
from dla_docs.parties.lecture import criteres

if TYPE_CHECKING:  # a document alone has no mission
    from dla_docs.mission import Mission


class ResultatDuChoix(Enum):
    """Le résultat du choix."""

    RETENU = "Votre proposition est retenue"
    NON_RETENU = "Votre proposition n'est pas retenue"


def non_retenu(bloc: object, document: NotificationDeChoix) -> bool:
    """Le prestataire n'est pas retenu."""
    return document.resultat is ResultatDuChoix.NON_RETENU


def grille_utilisee(bloc: object, document: NotificationDeChoix) -> bool:
    """La grille de lecture est utilisée ; elle l'est toujours en ingénierie individuelle."""
    mission: Mission | None = document._mission
    free = mission is not None and collective(mission, mission)
    return mission is None or not free or mission.premier(GrilleDeLecture) is not None


class LigneDeLaGrille(Bloc):
    """Une ligne de la grille de lecture"""

    colonnes = (
        colonne("Critère de lecture", "critere"),
        colonne("Appréciation de votre projet", "appreciation", largeur=1.3),
    )
    intertitre: ClassVar[str] = "appreciation"
    prefixe: ClassVar[str] = "c"
    lignes_closes: ClassVar[bool] = True

    cle: Cle = champ("Clé")
    critere: TexteLong = champ("Critère de lecture")
    appreciation: TexteLong = champ("Appréciation de votre projet")


class Motif(Bloc):
    """Le motif"""

    demande_le: Jour = champ("Motif expressément demandé par le prestataire le")
    motif: TexteLong = champ("Motif")
    donne_le: Jour = champ("Motif donné le")


class NotificationDeChoix(Document):
    """La notification du choix à un prestataire consulté."""

    titre = "Notification de choix"
    source = (
        "Guide du Centre, « Les axes de progrès » ; guide du Nord – Pas de Calais, « Procédure de "
        "sélection »"
    )
    communique_a = (*PRESTATAIRES, Destinataire.DLA)
    alias = ("notification du choix", "information de non-retenue")
    multiple = True
    un_par_sollicite = True
    tient_du_sollicite: ClassVar[dict[str, str]] = {"proposition_recue_le": "recue_le"}
    genre = Genre.LETTRE
    lettre = Lettre(
        "Notification de choix",
        (
            "{resultat}[ pour l'accompagnement suivant : {structures.nom}].",
            "Nous avons reçu votre proposition le {proposition_recue_le}.",
        ),
    )
    signataires = (
        Signataire("Le ou la chargé(e) de mission DLA", "operateur", "charge_de_mission"),
    )

    operateur: OperateurDeCouverture = champ("DLA")
    autres_operateurs: tuple[OperateurAssocie, ...] = operateurs_associes()
    structures: tuple[StructureNommee, ...] = champ("Structures bénéficiaires")
    prestataire: Prestataire = champ("Prestataire")
    reference: Texte = champ("Référence")
    date: Jour = champ("Date de la notification")
    proposition_recue_le: Jour = champ("Votre proposition reçue le")
    resultat: Choix[ResultatDuChoix] = champ("Résultat du choix", exige("PRO-08"))
    message: TexteLong = champ("Message")
    extrait: tuple[LigneDeLaGrille, ...] = champ(
        "Extrait de la grille de lecture des projets",
        exige("GL-19"),
        exige("RX-27", guides="C"),
        si=grille_utilisee,
        conseil="Reprenez la colonne de ce prestataire dans la grille de lecture, et elle seule.",
    )
    motif: Motif = champ(si=non_retenu)

    @classmethod
    def pour(cls, mission: Mission, cle: str) -> dict[str, Any]:
        """La notification reprend le résultat du choix, la date de la proposition reçue et la seule
        colonne de ce prestataire dans la grille.
        """
        chosen, grid = mission.retenus, mission.premier(GrilleDeLecture)
        own = next((projet for projet in grid.projets if projet.cle == cle), None) if grid else None
        offer = next(
            (one for one in mission.tous(Proposition) if one.prestataire.cle == cle),
            None,
        )
        rows = [] if own is None else [*_appreciated(own)]
        lent, noted = super().pour(mission, cle), offer.recue_le if offer else None
        return {
            **lent,
            "resultat": (
                ResultatDuChoix.RETENU if cle in chosen else ResultatDuChoix.NON_RETENU
            ).value
            if chosen
            else None,
            **({"proposition_recue_le": noted} if noted else {}),
            "extrait": rows,
        }

    @regle(
        exige("RX-27", R, guides="N"),  # « pourra expliciter » : to say it is never due
        porte_sur="motif.demande_le",
        conseil="Datez sa demande, ou retirez le motif.",
    )
    def motif_sur_demande_expresse(self) -> bool:
        """Le motif du refus est explicité si le prestataire en fait expressément la demande."""
        unasked = self.motif.demande_le is None and not is_blank(self.motif.motif)
        return not (non_retenu(self, self) and unasked)

    @regle(
        porte_sur="date",
        conseil="Vérifiez la date de la notification, et celle de la concertation.",
    )
    def notifie_apres_la_concertation(self, mission: Mission) -> bool:
        """Le résultat du choix est notifié une fois le choix fait."""
        grid = mission.premier(GrilleDeLecture)
        chosen = grid.concertation.date if grid else None
        return self.date is None or chosen is None or chosen <= self.date

    @regle(
        exige("PRO-08"),
        porte_sur="resultat",
        conseil="Accordez la notification et le prestataire retenu de la mission.",
    )
    def resultat_de_la_mission(self, mission: Mission) -> bool:
        """Le résultat annoncé à un prestataire est celui de la mission."""
        chosen, own = mission.retenus, self.prestataire.cle
        unsaid = not chosen or None in (own, self.resultat)
        return unsaid or (self.resultat is ResultatDuChoix.RETENU) == (own in chosen)


def _appreciated(projet: Bloc) -> Iterator[dict[str, Any]]:
    """The rows of a project in the grid, each under the criterion that it details."""
    said = ""
    for path, label, row in criteres(projet):
        part = path.partition(".")[0]
        held: Bloc = getattr(projet, part)
        title = str(type(projet).model_fields[part].title or held.titre_de_partie())
        if row.appreciation and part != said:
            said = part
            yield {"cle": part, "critere": title}
        if row.appreciation:
            yield {
                "cle": path.replace(".", "_"),
                "critere": f"– {label}",
                "appreciation": row.appreciation,
            }
