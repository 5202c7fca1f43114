"""Ce qui distingue les ingénieries : individuelle ou collective, et de quel type quand elle est
collective.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import cache
from typing import Any


class NatureIngenierie(Enum):
    """Individuelle : pour une structure. Collective : pour plusieurs."""

    INDIVIDUELLE = "Ingénierie individuelle"
    COLLECTIVE = "Ingénierie collective"


class TypeCollectif(Enum):
    """Les deux types d'ingénierie collective du carnet du CNAR Environnement
    (fiche technique 1)."""

    REPONSE_COLLECTIVE = "Réponse collective aux structures"
    PRODUCTION_SOLUTION = "Production d'une solution avec les structures"


class NatureAction(Enum):
    """Ce qu'une action d'ingénierie collective apporte aux structures."""

    INFORMATION = "Information"
    FORMATION = "Formation"
    ACCOMPAGNEMENT = "Accompagnement"


class Procedure(Enum):
    """Comment la mise en concurrence est faite."""

    NORMALE = "Procédure normale"
    SIMPLIFIEE = "Procédure simplifiée"
    ABSENTE = "Pas de mise en concurrence"


class Voie(Enum):
    """Comment la proposition écrite est parvenue au DLA."""

    POSTALE = "Voie postale"
    ELECTRONIQUE = "Voie électronique"


CONTRAIRES = {
    NatureIngenierie.INDIVIDUELLE: "collective",
    NatureIngenierie.COLLECTIVE: "individuelle",
    TypeCollectif.REPONSE_COLLECTIVE: "si type B",
    TypeCollectif.PRODUCTION_SOLUTION: "si type A",
    Procedure.NORMALE: "procédure simplifiée",
    Procedure.ABSENTE: "procédure simplifiée",
}
"""La condition du référentiel que chacune de ces réponses rend fausse."""


def conditions_fausses(document: object, mission: object) -> frozenset[str]:
    """Les conditions du référentiel qu'un document, ou à défaut sa mission, dit fausses."""
    places: tuple[Any, ...] = (
        document,
        getattr(document, "collectif", None),
        getattr(document, "mise_en_concurrence", None),
        mission,
        getattr(mission, "mise_en_concurrence", None),
    )
    said = (
        next(
            (
                value
                for place in places
                if _has(place.__class__, name) and (value := getattr(place, name, None))
            ),
            None,
        )
        for name in ("nature", "type", "procedure")
    )
    return frozenset(CONTRAIRES[value] for value in said if value in CONTRAIRES)


@cache
def _has(kind: Any, name: str) -> bool:
    """Whether these tell it; pydantic takes its time to say that one of its own does not."""
    return name in getattr(kind, "model_fields", ()) or hasattr(kind, name)


def dit_un_audit(texte: str | None) -> bool:
    """Vrai pour un texte qui annonce un audit : non pour qui l'écarte, ni pour qui s'appuie sur
    celui qu'un autre a fait.
    """
    return any(
        not ECARTE.search(sentence[: named.start()]) and not DEJA_FAIT.search(sentence)
        for sentence in PHRASES.split(texte or "")
        for named in AUDIT.finditer(sentence)
    )


def dit_faire_a_la_place(texte: str | None) -> bool:
    """Vrai pour un texte qui parle de faire à la place de la structure, autrement que pour
    l'écarter ; une mission technique très spécifique en a le droit.
    """
    said = texte or ""
    return not TECHNIQUE.search(said) and any(
        A_LA_PLACE.search(sentence) and not ECARTE.search(sentence)
        for sentence in PHRASES.split(said)
    )


FAIRE_AVEC = (
    "Dites comment la structure fait avec le prestataire ou, si c'est le cas, que la mission est "
    "« technique et très spécifique »."
)
A_LA_PLACE = re.compile(
    r"\bà (?:la place (?:de|du|des)\b|(?:sa|leur|votre) place\b)", re.IGNORECASE
)
ECARTE = re.compile(
    r"\b(?:pas|jamais|non|sans|plutôt qu(?:e|['’]une?)|au lieu de|ni|aucun(?:e|ement)?)\b",
    re.IGNORECASE,
)
PHRASES = re.compile(r"[.;\n]")
TECHNIQUE = re.compile(r"\btechniques? (?:et )?(?:très )?spécifiques?\b", re.IGNORECASE)
AUDIT = re.compile(r"\baudit(?:er|s)?\b", re.IGNORECASE)
DEJA_FAIT = re.compile(
    r"\b(?:sur|depuis|après|d['’]après|partir de|suite à|issues? de|conclusions de|résultats de) "
    r"(?:l['’]|cet |leur |son |votre )audit\b"
    r"|\baudit (?:\w+ )?(?:déjà |de 20|de 19|réalisé|mené|conduit|fait|rendu|remis)",
    re.IGNORECASE,
)
