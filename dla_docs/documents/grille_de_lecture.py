"""La grille de lecture des projets présentés par les prestataires : une ligne par critère, une
colonne par projet.

Source : guide du Centre, « Grille de lecture des projets présentés par les prestataires » ; les six
critères sont ceux des guides du Nord – Pas de Calais et de Provence-Alpes-Côte d'Azur, ceux du
collectif du carnet du CNAR Environnement. Les notes sont facultatives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dla_docs.constat import Constat, Gravite
from dla_docs.documents.proposition import Proposition
from dla_docs.errors import InputError
from dla_docs.model.bloc import Bloc, bloc_of
from dla_docs.model.document import Document
from dla_docs.model.fields import Nature, Stade, champ, mention, regle
from dla_docs.model.formats import nombre
from dla_docs.model.layout import colonne
from dla_docs.model.node import steps
from dla_docs.model.recipients import PRESTATAIRES, Destinataire
from dla_docs.model.requirement import Role, exige
from dla_docs.model.values import Choix, Cle, Jour, Nombre, Texte, TexteLong
from dla_docs.parties.acteurs import Operateur, OperateurAssocie, Structure, operateurs_associes
from dla_docs.parties.cloison import cited, nommes, texts
from dla_docs.parties.collectif import collective
from dla_docs.parties.deroulement import Avancement
from dla_docs.parties.identite import cle_du_nom
from dla_docs.parties.ingenierie import NatureIngenierie, Procedure
from dla_docs.parties.lecture import (
    Conformite,
    Couts,
    Intervenants,
    Partenariat,
    Qualite,
    Selection,
    criteres,
)
from dla_docs.raw import line_of
from dla_docs.spelling import did_you_mean, fold, meant

if TYPE_CHECKING:  # a document alone has no mission
    from dla_docs.mission import Mission


class StadeDeLaLecture(Stade):
    """Les projets sont lus, le choix est fait, puis chaque prestataire reçoit l'extrait qui le
    concerne.
    """

    LECTURE = 1
    CHOIX = 2
    RESTITUEE = 3


def simplifiee(bloc: object, document: GrilleDeLecture) -> bool:
    """Procédure simplifiée."""
    return document.procedure is Procedure.SIMPLIFIEE


def demandees(bloc: Precisions, document: object) -> bool:
    """Des précisions sont demandées à ce prestataire."""
    return bloc.demandees_le is not None


def entiere(bloc: object, document: GrilleDeLecture) -> bool:
    """La grille entière, et non l'extrait que reçoit un prestataire."""
    return document.extrait_pour is None


class Precisions(Bloc):
    """Précisions demandées par écrit"""

    demandees_le: Jour = champ("Précisions demandées par écrit le")
    demande: TexteLong = champ(
        "Précisions demandées", exige("GL-18"), si=demandees, par=Role.CHARGE_DE_MISSION
    )
    reponse: TexteLong = champ(
        "Réponse écrite du prestataire", exige("GL-18"), si=demandees, par=Role.PRESTATAIRE
    )
    recues_le: Jour = champ("Réponse reçue le")


class Projet(Bloc):
    """Appréciation du projet prestataire"""

    en_colonnes = ("Critères", "Appréciation du projet prestataire")
    prefixe: ClassVar[str] = "p"
    lignes_closes: ClassVar[bool] = True

    titre_des_criteres = mention("Critères", exige("GL-01"), titre=True)
    titre_des_projets = mention("Appréciation du projet prestataire", exige("GL-02"), titre=True)

    def cle_propre(self) -> str:
        """La clé est faite du nom, comme celle d'un prestataire sollicité."""
        return cle_du_nom(self.nom)

    cle: Cle = champ("Clé")
    nom: Texte = champ("Prestataire")
    conformite: Conformite = champ()
    qualite: Qualite = champ()
    intervenants: Intervenants = champ()
    couts: Couts = champ()
    selection: Selection = champ()
    partenariat: Partenariat = champ(si=collective)
    commentaires: TexteLong = champ("Autres commentaires", exige("GL-16"))
    precisions: Precisions = champ()
    note_globale: Nombre = champ("Note globale (facultative)")
    restitue_le: Jour = champ(
        "Extrait de la grille restitué au prestataire le",
        exige("GL-19"),
        exige("RX-27", guides="C"),
        des=StadeDeLaLecture.RESTITUEE,
    )


class Poids(Bloc):
    """Le poids d'un critère, quand les projets sont notés"""

    colonnes = (colonne("Critère noté", "critere", largeur=3), colonne("Poids", "poids"))
    prefixe: ClassVar[str] = "w"

    cle: Cle = champ("Clé")
    critere: Texte = champ(
        "Critère noté", aide="Le libellé d'un critère ou d'un bloc, ou son chemin : qualite.enjeux"
    )
    poids: Nombre = champ("Poids")


class Concertation(Bloc):
    """Choix par concertation entre le chargé de mission DLA et la structure bénéficiaire"""

    date: Jour = champ("Date du choix")
    avis_charge_de_mission: TexteLong = champ(
        "Avis du ou de la chargé(e) de mission DLA",
        exige("GL-21"),
        par=Role.CHARGE_DE_MISSION,
        des=StadeDeLaLecture.CHOIX,
    )
    avis_structure: TexteLong = champ(
        "Avis de la structure bénéficiaire",
        exige("GL-21"),
        par=Role.STRUCTURE,
        des=StadeDeLaLecture.CHOIX,
    )
    retenu: Texte = champ("Prestataire retenu")


class GrilleDeLecture(Document):
    """La grille de lecture des projets."""

    titre = "Grille de lecture des projets présentés par les prestataires"
    titre_court = "Grille de lecture"
    source = "Guide du Centre, « Grille de lecture des projets présentés par les prestataires »"
    communique_a = (Destinataire.STRUCTURE, *PRESTATAIRES, Destinataire.DLA)
    nature_du_document = Nature.FORMULAIRE
    stades = StadeDeLaLecture
    stade_du = (
        (Avancement.CHOIX, StadeDeLaLecture.CHOIX),
        (Avancement.CONDUITE, StadeDeLaLecture.RESTITUEE),
    )
    alias = ("grille de lecture", "grille de lecture des projets")
    paysage = True
    un_par_prestataire = ("projets",)

    operateur: Operateur = champ("DLA")
    autres_operateurs: tuple[OperateurAssocie, ...] = operateurs_associes()
    structures: tuple[Structure, ...] = champ("Structures bénéficiaires")
    reference: Texte = champ("Référence")
    nature: Choix[NatureIngenierie] = champ("Nature de l'ingénierie")
    procedure: Choix[Procedure] = champ("Procédure")
    date: Jour = champ("Date de la lecture des projets")
    extrait_pour: Texte = champ("Extrait de la grille restitué à")
    presentee_le: Jour = champ("Présentée au prestataire pré-retenu le", si=simplifiee)
    projets: tuple[Projet, ...] = champ(
        "Les projets", conseil="Ajoutez une colonne par prestataire qui a remis un projet."
    )
    poids: tuple[Poids, ...] = champ("Poids des notes")
    points: Nombre = champ(
        "Total des points", aide="Quand les notes s'additionnent, sur 70 points par exemple"
    )
    concertation: Concertation = champ(si=entiere)

    def prestataires_cites(self) -> Iterator[tuple[str, str, str]]:
        """Une colonne par prestataire."""
        for number, projet in enumerate(self.projets):
            yield f"projets[{number}]", projet.cle or "", projet.nom or ""

    @classmethod
    def depuis(cls, mission: Mission) -> dict[str, Any]:
        """La grille reprend la procédure et une colonne par proposition reçue ; la seule du
        prestataire retenu, ou à qui le dossier complet a été envoyé, en procédure simplifiée.
        """
        competition, known = mission.mise_en_concurrence, mission.sollicites()
        asked = [
            row
            for row in competition.sollicites
            if getattr(row.reponse, "name", "") == "PROPOSITION"
        ]
        if competition.procedure is Procedure.SIMPLIFIEE:
            chosen = competition.retenus or [row.cle for row in asked if row.dossier_complet_le]
            asked = [row for row in asked if row.cle in chosen]
        columns = [{"cle": row.cle, "nom": known[row.cle].nom} for row in asked if row.cle]
        return {
            "procedure": competition.procedure,
            "projets": columns,
            "concertation": {"retenu": mission.prestataire.nom},
        }

    def reponses_connues(self) -> dict[str, tuple[str, ...]]:
        """Le prestataire retenu est l'un de ceux qui ont un projet."""
        names = tuple(projet.nom for projet in self.projets if projet.nom)
        return {"concertation.retenu": names} if names else {}

    @property
    def nom_distinctif(self) -> str | None:
        """Celui à qui va l'extrait."""
        return self.extrait_pour

    def vues(self, role: str) -> tuple[Document, ...]:
        """À chaque prestataire sa colonne, et rien des autres."""
        if role != Role.PRESTATAIRE.value or self.extrait_pour or not self.projets:
            return (self,)
        return tuple(self.vu_par(str(projet.cle)) for projet in self.projets)

    def vu_par(self, cle: str) -> Self:
        """La grille sans les autres colonnes : ni nom, ni prix, ni appréciation d'un autre.
        ``InputError`` si sa colonne cite un autre prestataire, quelqu'un de chez lui, ou son prix.
        """
        made = self.part_de(cle)
        if found := self.dits_des_autres(cle):
            raise InputError(found)
        return made

    def part_de(self, cle: str) -> Self:
        """La grille sans les autres colonnes, quoi que dise la sienne."""
        own = next((projet for projet in self.projets if projet.cle == cle), None)
        if own is None:
            near = did_you_mean(meant(cle, [str(projet.cle) for projet in self.projets]))
            known = ", ".join(
                f"{projet.cle} ({projet.nom})" if projet.nom else str(projet.cle)
                for projet in self.projets
            )
            raise InputError(
                f"Aucune colonne de la grille n'est celle de « {cle} » ; ses prestataires sont : "
                f"{known}. {near}".strip()
            )
        kept = ("operateur", "structures", "reference", "nature", "procedure", "date", "poids")
        held = {name: getattr(self, name) for name in (*kept, "points")} | {
            "projets": (own,),
            "extrait_pour": own.nom or cle,
            "stade": "lecture",
        }
        held["profil"] = self.profil or getattr(self._mission, "profil", None)
        return (
            type(self)
            .model_validate({**held, "presentee_le": self.presentee_le})
            .placed(None, None, self._dossier)
        )

    def dits_des_autres(self, cle: str) -> list[Constat]:
        """Ce que l'extrait d'un prestataire citerait d'un autre, là où la grille le dit."""
        keys = [row.cle for row in self.projets]
        rank, mission = keys.index(cle), self._mission
        theirs = [row.nom for row in self.projets if row.cle != cle]
        others = nommes(theirs, [self.projets[rank].nom, *(one.nom for one in self.structures)])
        if mission is not None:
            others |= mission.tus_a({cle}, {cle})
        said = (
            (re.sub(r"^projets\[0\]", f"projets[{rank}]", path), text)
            for path, text in texts(self.part_de(cle))
        )
        return [self.situe(one) for one in cited(said, others, "L'extrait")]

    def note_ponderee(self, projet: Projet) -> Decimal | None:
        """La moyenne des notes d'un projet, pondérée par ``poids`` (1 pour un critère qui n'y est
        pas), ou leur somme quand la grille est sur ``points`` ; ``None`` sans note.
        """
        marks = [
            (row.note, self._poids(path, label))
            for path, label, row in criteres(projet)
            if row.note is not None
        ]
        weighted = sum((Decimal(mark) * weight for mark, weight in marks), Decimal(0))
        total = sum((weight for _, weight in marks), Decimal(0))
        if self.points is not None:
            return weighted if marks else None
        return round(weighted / total, 2) if total else None

    def _poids(self, path: str, label: str) -> Decimal:
        found = [
            Decimal(row.poids)
            for row in self.poids
            if row.poids is not None and _key(row.critere) in self._names(path, label)
        ]
        return found[0] if found else Decimal(1)

    def constats_propres(self) -> Iterator[Constat]:
        """La note globale écrite est celle que donnent les notes, et ne passe pas le total des
        points ; chaque poids est celui d'un critère.
        """
        for number, projet in enumerate(self.projets):
            path, given, said = (
                f"projets[{number}].note_globale",
                self.note_ponderee(projet),
                projet.note_globale,
            )
            highest = given if given is not None else said
            if highest is not None and self.points is not None and highest > self.points:
                yield self._avertissement(
                    path,
                    f"Note globale : {nombre(highest)} passe le total de {nombre(self.points)} "
                    "points",
                    "Corrigez une note, un poids, ou le total des points.",
                )
            elif said is not None and given is not None and abs(Decimal(said) - given) > ECART:
                yield self._avertissement(
                    path,
                    f"Note globale : les notes et leurs poids donnent {nombre(given)}",
                    "Corrigez-la, une note ou un poids.",
                )
        known = {
            name
            for path, label, _ in criteres(self._projet()())
            for name in self._names(path, label)
        }
        for number, row in enumerate(self.poids):
            if row.critere is not None and _key(row.critere) not in known:
                yield self._avertissement(
                    f"poids[{number}].critere",
                    f"Poids : « {row.critere} » n'est pas un critère de la grille",
                    CHEMIN,
                )

    def _projet(self) -> type[Bloc]:
        """A DLA may have added criteria to those of the guides."""
        return bloc_of(type(self), "projets") or Projet

    def _names(self, path: str, label: str) -> set[str]:
        """What a weight may call a criterion: its path or label, or those of its whole block."""
        block = path.partition(".")[0]
        title = self._projet().schema_node().children[block].label
        return {path, block, _key(label.partition("\n")[0]), _key(title)}

    def _avertissement(self, path: str, message: str, conseil: str) -> Constat:
        file, line = line_of(self._raw, steps(path))
        return Constat(
            f"{message} ({path}).",
            Gravite.AVERTISSEMENT,
            path,
            fichier=file,
            ligne=line,
            conseil=conseil,
        )

    @regle(
        exige("RX-25"),
        exige("AC-17"),
        porte_sur="projets",
        conseil=(
            "Gardez la seule colonne du prestataire pré-retenu, dites la procédure en tête de la "
            "mission aussi, et datez la présentation."
        ),
    )
    def une_colonne_en_procedure_simplifiee(self) -> Iterator[str]:
        """En procédure simplifiée, la grille reste identique, n'a qu'une colonne et est présentée
        au prestataire pré-retenu.
        """
        if simplifiee(self, self):
            if len(self.projets) > 1:
                yield "projets"
            if (
                self.presentee_le is None
                and self.stade_dans(self._mission) is not StadeDeLaLecture.LECTURE
            ):
                yield "presentee_le"

    @regle(
        exige("GL-22"),
        porte_sur="concertation.avis_charge_de_mission",
        des=StadeDeLaLecture.CHOIX,
        conseil="Écrivez l'avis du ou de la chargé(e) de mission sur ce choix.",
    )
    def choix_non_laisse_a_la_seule_structure(self) -> bool:
        """Le choix n'est pas laissé à la seule association : le DLA la soutient et l'outille."""
        said = self.concertation
        return said.avis_structure is None or said.avis_charge_de_mission is not None

    @regle(
        exige("RX-24"),
        porte_sur="concertation.retenu",
        conseil="Retenez un projet reçu à temps, ou corrigez la date de sa réception.",
    )
    def retenu_recu_a_temps(self, mission: Mission) -> bool:
        """Le projet retenu est reçu au plus tard à la date limite de réponse."""
        limit = mission.mise_en_concurrence.date_limite
        seen = (one.retenue(Proposition) for _, one in mission.vues_des_retenus())
        received = [offer.recue_le for offer in seen if offer and offer.recue_le]
        return limit is None or all(day <= limit for day in received)


ECART = Decimal("0.05")  # marks are written with one decimal
CHEMIN = "Écrivez le libellé du critère, ou son chemin, tel que qualite.enjeux."


def _key(text: str | None) -> str:
    return fold(text or "").rstrip(" :")
