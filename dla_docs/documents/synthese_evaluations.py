"""La synthèse des évaluations : ce que disent, réunies, les fiches d'évaluation revenues, pour le
DLA et son comité de pilotage.

Source : guide du Centre, « A propos de l'évaluation de l'ingénierie » ; le guide n'en donne pas de
modèle. Ses chiffres sont ceux que compte ``dla-docs synthese`` : là où trop peu de fiches
répondent, ils n'y sont déjà plus.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pydantic import PrivateAttr

from dla_docs.constat import Constat, Gravite
from dla_docs.model.document import Document
from dla_docs.model.fields import champ, mention
from dla_docs.model.recipients import Destinataire
from dla_docs.model.requirement import exige
from dla_docs.model.values import Entier, Jour, Periode, Texte
from dla_docs.parties.acteurs import Operateur
from dla_docs.parties.synthese import Bilan, Groupe


def anonyme(bloc: object, document: SyntheseEvaluations) -> bool:
    """Un seuil d'anonymat est fixé."""
    return (document.seuil or 0) > 1


def collectives_recues(bloc: object, document: SyntheseEvaluations) -> bool:
    """Des fiches d'ingénieries collectives ont été dépouillées."""
    return bool(document.fiches_collectives)


def individuelles_recues(bloc: object, document: SyntheseEvaluations) -> bool:
    """Des fiches d'ingénieries individuelles ont été dépouillées."""
    return bool(document.fiches_individuelles)


class SyntheseEvaluations(Document):
    """La synthèse des évaluations des ingénieries."""

    titre = "Synthèse des évaluations des ingénieries"
    titre_court = "Synthèse des évaluations"
    source = "Guide du Centre, « A propos de l'évaluation de l'ingénierie »"
    communique_a = (Destinataire.COMITE, Destinataire.DLA)
    alias = ("synthèse des fiches des participants",)
    paysage = True

    operateur: Operateur = champ("DLA")
    date: Jour = champ("Date de la synthèse")
    periode: Periode = champ("Période des évaluations")
    destinataires: Texte = champ(
        "Destinataires",
        exige("EVI-23"),
        conseil="Nommez le comité de pilotage à qui elle est transmise.",
    )
    fiches_individuelles: Entier = champ("Fiches d'ingénieries individuelles")
    fiches_collectives: Entier = champ("Fiches d'ingénieries collectives")
    seuil: Entier = champ(
        "Seuil d'anonymat",
        aide="En dessous de ce nombre de réponses, ni chiffres ni commentaires ne sont montrés",
    )
    fichiers_non_lus: Entier = champ("Fichiers non lus")
    doublons: Entier = champ("Fiches reçues deux fois, comptées une fois")

    base_des_parts = mention(
        "Chaque fiche compte une fois. Les parts se comptent sur les réponses données au critère, "
        "« sans objet » compris ; une ligne laissée sans réponse ne compte pas. La partie 1, "
        "écrite une fois pour toutes les fiches d'une ingénierie collective, y compte avec chacune "
        "d'elles.",
        apres="doublons",
    )
    anonymat = mention(
        "Là où le nombre de réponses est sous le seuil d'anonymat, ni les chiffres ni les "
        "commentaires ne sont montrés, et les plus petits groupes sont réunis ; le total d'un "
        "groupe ne compte que ce qui en est montré. Les commentaires montrés sont tels qu'ils ont "
        "été écrits : relisez-les avant de transmettre cette synthèse.",
        si=anonyme,
        apres="doublons",
    )

    individuelles: Bilan = champ("Les ingénieries individuelles", si=individuelles_recues)
    collectives: Bilan = champ(
        "Les ingénieries collectives", exige("EVC-21"), si=collectives_recues
    )
    par_prestataire: tuple[Groupe, ...] = champ("Par prestataire")
    par_structure: tuple[Groupe, ...] = champ("Par structure")
    par_annee: tuple[Groupe, ...] = champ("Par année")
    par_theme: tuple[Groupe, ...] = champ("Par thème")

    _recus: tuple[Constat, ...] = PrivateAttr(default=())

    def constats_propres(self) -> Iterator[Constat]:
        """Ce qui n'a pas été lu, ou l'a été deux fois : la synthèse s'en passe, et le dit."""
        return (
            replace(constat, gravite=min(constat.gravite, Gravite.AVERTISSEMENT))
            for constat in self._recus
        )

    def depouillee(self, constats: tuple[Constat, ...]) -> SyntheseEvaluations:
        """La même synthèse, qui sait ce que le dépouillement a laissé de côté."""
        self._recus = constats
        return self

    def tableau(self) -> list[dict[str, Any]]:
        """Une ligne par critère et par sorte d'ingénierie, prête pour pandas : partie, critère,
        réponses, oui, non, parts…
        """
        return [
            {
                "ingenierie": sort,
                "partie": row.partie,
                "critere": row.critere,
                **row.chiffres.model_dump(),
            }
            for sort, held in (
                ("individuelle", self.individuelles),
                ("collective", self.collectives),
            )
            for row in held.criteres
        ]
