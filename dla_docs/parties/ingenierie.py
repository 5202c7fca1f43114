"""Ce qui distingue les ingénieries : individuelle ou collective, et de quel type quand elle est
collective.
"""

from __future__ import annotations

import re
from enum import Enum
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


CONTRAIRES = {
    NatureIngenierie.INDIVIDUELLE: "collective",
    NatureIngenierie.COLLECTIVE: "individuelle",
    TypeCollectif.REPONSE_COLLECTIVE: "si type B",
    TypeCollectif.PRODUCTION_SOLUTION: "si type A",
    Procedure.NORMALE: "procédure simplifiée",
    Procedure.ABSENTE: "procédure simplifiée",
}
"""La condition du référentiel que chacune de ces réponses rend fausse."""


def conditions_fausses(document: Any, mission: Any) -> frozenset[str]:
    """Les conditions du référentiel qu'un document, ou à défaut sa mission, dit fausses."""
    places = (
        document,
        getattr(document, "collectif", None),
        getattr(document, "mise_en_concurrence", None),
        mission,
        getattr(mission, "mise_en_concurrence", None),
    )
    said = (
        next((value for place in places if (value := getattr(place, name, None))), None)
        for name in ("nature", "type", "procedure")
    )
    return frozenset(CONTRAIRES[value] for value in said if value in CONTRAIRES)


def dit_un_audit(texte: str | None) -> bool:
    """Vrai pour un texte qui parle d'un audit autrement que pour l'écarter."""
    return AUDIT.search(texte or "") is not None


AUDIT = re.compile(r"(?<!pas un )(?<!pas d'un )(?<!non un )\baudit(er|s)?\b", re.IGNORECASE)
