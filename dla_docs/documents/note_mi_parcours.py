"""La note de mi-parcours : le prestataire y informe le DLA de l'avancement de sa mission, et
l'alerte s'il le faut.

Source : guide du Nord – Pas de Calais, « Réalisation de la mission » ; fiche de Provence-Alpes-Côte
d'Azur, « Réalisation de la mission ». Aucun guide n'en donne la trame ; dans le Centre, la grille
de suivi en tient lieu.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar

from dla_docs.documents.grille_de_suivi import etapes_suivies
from dla_docs.documents.proposition import propositions_retenues
from dla_docs.mission.vues import lignes_de_tous
from dla_docs.model.bloc import Bloc
from dla_docs.model.document import Document
from dla_docs.model.fields import champ, regle
from dla_docs.model.layout import colonne
from dla_docs.model.recipients import PARTIES
from dla_docs.model.requirement import Role, exige
from dla_docs.model.values import Choix, Cle, Jour, Texte, TexteLong
from dla_docs.parties.acteurs import (
    Operateur,
    OperateurAssocie,
    Personne,
    Prestataire,
    Structure,
    operateurs_associes,
)
from dla_docs.parties.personnes import CONSULTANT

if TYPE_CHECKING:  # a document alone has no mission
    from dla_docs.mission import Mission


class VoieDeLaNote(Enum):
    """Comment la note parvient au DLA."""

    ELECTRONIQUE = "Voie électronique"
    POSTALE = "Voie postale"


class EtatDeLEtape(Enum):
    """Où en est une étape."""

    REALISEE = "Réalisée"
    EN_COURS = "En cours"
    A_VENIR = "A venir"


class EtapeAMiParcours(Bloc):
    """Une étape, à mi-parcours"""

    colonnes = (
        colonne("Etapes", "intitule", largeur=1.3, numero="Etape"),
        colonne("Etat", "etat", largeur=0.7),
        colonne("Commentaires du prestataire", "commentaire", largeur=2),
    )
    prefixe: ClassVar[str] = "e"

    cle: Cle = champ("Clé")
    intitule: TexteLong = champ("Intitulé de l'étape")
    etat: Choix[EtatDeLEtape] = champ("Etat")
    commentaire: TexteLong = champ("Commentaires du prestataire")


class Avancement(Bloc):
    """L'avancement de la mission"""

    realise: TexteLong = champ("Le travail réalisé", exige("NMP-02"))
    etapes: tuple[EtapeAMiParcours, ...] = champ("Etapes")
    difficultes: TexteLong = champ("Les difficultés rencontrées")
    a_venir: TexteLong = champ("Le travail à venir")


class Envoi(Bloc):
    """L'envoi de la note"""

    voie: Choix[VoieDeLaNote] = champ("Note envoyée au DLA par")
    envoyee_le: Jour = champ("Envoyée le")


class NoteMiParcours(Document):
    """La note de mi-parcours d'une mission."""

    titre = "Note de mi-parcours"
    source = "Guide du Nord – Pas de Calais, « Réalisation de la mission »"
    reprend_apres = ("grille_de_suivi",)
    communique_a = PARTIES
    alias = ("note à mi-parcours",)
    textes_retires = ("alerte.regle_d_alerte",)
    cles_retirees = ("alerte",)

    operateur: Operateur = champ("DLA")
    autres_operateurs: tuple[OperateurAssocie, ...] = operateurs_associes()
    structures: tuple[Structure, ...] = champ("Structures accompagnées")
    prestataire: Prestataire = champ("Prestataire")
    consultant: Personne = champ("Consultant", personnelle=CONSULTANT)
    reference_convention: Texte = champ("Référence de la convention")
    date: Jour = champ("Date de la note", par=Role.PRESTATAIRE)
    avancement: Avancement = champ("", par=Role.PRESTATAIRE)
    envoi: Envoi = champ("", par=Role.PRESTATAIRE)

    @classmethod
    def depuis(cls, mission: Mission) -> dict[str, Any]:
        """La note reprend les étapes de la grille de suivi, où une modification a pu en ajouter ;
        sans elle, celles de la proposition retenue, de chacune quand elle est commune à plusieurs.
        """
        offered = lignes_de_tous(propositions_retenues(mission), lambda one: one.etapes)
        steps = etapes_suivies(mission) or offered
        lent = [{"cle": cle, "intitule": step.intitule} for cle, step in steps.items()]
        return {"avancement": {"etapes": lent}} if lent else {}

    @regle(
        exige("NMP-01"),
        exige("PRO-12"),
        porte_sur="envoi",
        conseil="Envoyez la note par mel et datez l'envoi.",
    )
    def envoyee_par_voie_electronique(self) -> Iterator[str]:
        """A minima, le prestataire envoie au DLA une note à mi-parcours par voie électronique."""
        if self.envoi.voie is not VoieDeLaNote.ELECTRONIQUE:
            yield "envoi.voie"
        if self.envoi.envoyee_le is None:
            yield "envoi.envoyee_le"

    @regle(
        exige("NMP-01"),
        exige("PRO-12"),
        porte_sur="envoi.envoyee_le",
        conseil="Vérifiez la date de l'envoi.",
    )
    def envoyee_pendant_la_mission(self, mission: Mission) -> bool:
        """La note à mi-parcours est envoyée pendant la mission."""
        plans, day = (
            [one.calendrier for one in propositions_retenues(mission)],
            self.envoi.envoyee_le,
        )
        starts = min((plan.debut for plan in plans if plan.debut), default=None)
        ends = max((plan.fin for plan in plans if plan.fin), default=None)
        return day is None or ((starts is None or starts <= day) and (ends is None or day <= ends))
