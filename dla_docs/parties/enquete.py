"""Ce que les deux enquêtes de satisfaction ont en commun : l'échelle, la question, l'en-tête.

Les thèmes sont ceux des guides ; les questions sont au choix du DLA.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import Enum
from typing import Any, ClassVar

from pydantic import model_validator

from dla_docs.model.bloc import Bloc, bloc_of, is_blank
from dla_docs.model.document import Document
from dla_docs.model.fields import Nature, Stade, champ, mention
from dla_docs.model.layout import colonne
from dla_docs.model.requirement import Exigence, Role
from dla_docs.model.values import Choix, Cle, Jour, Texte, TexteLong
from dla_docs.parties.acteurs import (
    Operateur,
    OperateurAssocie,
    Personne,
    Prestataire,
    Structure,
    operateurs_associes,
)
from dla_docs.parties.personnes import REPONDANT
from dla_docs.raw import keyed_rows, overlay


class Satisfaction(Enum):
    """Les quatre degrés d'une réponse."""

    TRES_SATISFAISANT = "Très satisfaisant"
    SATISFAISANT = "Satisfaisant"
    PEU_SATISFAISANT = "Peu satisfaisant"
    PAS_SATISFAISANT = "Pas satisfaisant"


class StadeDeLEnquete(Stade):
    """Adressée avec ses questions, puis répondue."""

    ADRESSEE = 1
    REPONDUE = 2


class Question(Bloc):
    """Une question de l'enquête"""

    colonnes = (
        colonne("Question", "question", largeur=2),
        colonne("Réponse", "reponse", largeur=1.2),
        colonne("Commentaires", "commentaire", largeur=1.8),
    )
    prefixe: ClassVar[str] = "q"
    principal: ClassVar[str] = "question"
    lignes_closes: ClassVar[bool] = True
    enonce: ClassVar[str] = "question"

    cle: Cle = champ("Clé")
    question: TexteLong = champ("Question", par=(Role.DLA, Role.CHARGE_DE_MISSION))
    reponse: Choix[Satisfaction] = champ("Réponse")
    commentaire: TexteLong = champ("Commentaires")


def degre(*exigences: Exigence) -> Any:
    """La réponse à une question, demandée dès que l'enquête est répondue."""
    return champ(
        "Réponse",
        *exigences,
        des=StadeDeLEnquete.REPONDUE,
        conseil="Choisissez une des quatre réponses.",
    )


def theme(libelle: str, exigence: Exigence, *questions: str) -> Any:
    """Un thème de l'enquête et les questions posées quand le DLA n'en écrit pas d'autres."""
    rows = tuple(
        {"cle": f"q{rank}", "question": question} for rank, question in enumerate(questions, 1)
    )
    return champ(
        libelle, exigence, defaut=rows, conseil="Posez au moins une question sur ce thème."
    )


class Enquete(Document):
    """L'en-tête d'une enquête ; ses thèmes sont ceux de chacune."""

    nature_du_document = Nature.FORMULAIRE
    stades = StadeDeLEnquete
    date_par = ("repondue_le", "adressee_le")

    operateur: Operateur = champ("DLA")
    autres_operateurs: tuple[OperateurAssocie, ...] = operateurs_associes()
    structures: tuple[Structure, ...] = champ("Structures bénéficiaires")
    prestataire: Prestataire = champ("Prestataire")
    reference_convention: Texte = champ("Référence de la convention")
    adressee_le: Jour = champ("Enquête adressée le")
    retour_avant_le: Jour = champ("Réponse attendue avant le")
    repondue_le: Jour = champ("Réponse du")
    repondant: Personne = champ("Rempli par", personnelle=REPONDANT)

    consigne = mention(
        "Pour chaque question, choisissez une des quatre réponses et, si vous le souhaitez, dites "
        "pourquoi. Vos réponses servent à améliorer les accompagnements suivants.",
        apres="repondant",
    )

    @property
    def a_rendre_le(self) -> date | None:
        """La réponse est attendue avant cette date."""
        return self.retour_avant_le

    @property
    def stade_courant(self) -> Stade | None:
        """Le stade que dit l'enquête ; sinon, partie et sans aucune réponse, elle est adressée."""
        sent = self.stade is None and self.adressee_le is not None
        return StadeDeLEnquete.ADRESSEE if sent and not self._answered else super().stade_courant

    @property
    def _answered(self) -> bool:
        held = [getattr(self, name) for name in type(self).model_fields]
        rows = [row for rows in held if isinstance(rows, tuple) for row in rows]
        return any(
            not is_blank(said)
            for said in (
                self.repondue_le,
                self.repondant,
                getattr(self, "observations", None),
                *(
                    one
                    for row in rows
                    if isinstance(row, Question)
                    for one in (row.reponse, row.commentaire)
                ),
            )
        )

    @model_validator(mode="before")
    @classmethod
    def _with_usual_questions(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        themes = [
            name for name in cls.model_fields if issubclass(bloc_of(cls, name) or Bloc, Question)
        ]
        return {
            **data,
            **{
                name: questions_posees(data.get(name), cls.model_fields[name].default)
                for name in themes
            },
        }


def questions_posees(typed: Any, usual: Sequence[Mapping[str, str]]) -> Any:
    """Les questions d'un thème : celles que le DLA écrit, sinon les nôtres, auxquelles on répond
    par leur clé, ou à leur rang, sans les récrire.
    """
    if typed is None:
        return usual
    rows = (
        keyed_rows(typed, Question.model_fields, Question.principal)
        if isinstance(typed, Mapping)
        else typed
    )
    if not rows or not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        return rows
    said: list[Mapping[str, Any]] = rows
    if all(row.get("question") is None for row in said):
        return overlay(list(usual), rows, Question.prefixe)
    known = {row["cle"]: row["question"] for row in usual}
    keys = [row.get("cle") or f"{Question.prefixe}{rank}" for rank, row in enumerate(said, 1)]
    return [
        {**row, "question": row.get("question") or known.get(key)}
        for key, row in zip(keys, said, strict=True)
    ]
