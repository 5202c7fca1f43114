"""Les objectifs, les résultats attendus et les productions d'une ingénierie : dits une fois, repris
jusqu'à l'évaluation.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import field_validator

from dla_docs.model.bloc import Bloc
from dla_docs.model.fields import champ
from dla_docs.model.requirement import exige
from dla_docs.model.values import Cle, TexteLong


class Objectif(Bloc):
    """Un objectif opérationnel"""

    principal: ClassVar[str] = "intitule"
    prefixe: ClassVar[str] = "o"

    cle: Cle = champ("Clé")
    intitule: TexteLong = champ("Objectif opérationnel")


class ResultatAttendu(Bloc):
    """Un résultat attendu"""

    principal: ClassVar[str] = "intitule"
    prefixe: ClassVar[str] = "r"

    cle: Cle = champ("Clé")
    intitule: TexteLong = champ("Résultat attendu")


class Objectifs(Bloc):
    """Les objectifs et les résultats attendus"""

    theme: TexteLong = champ("Thème de l'accompagnement", exige("CDC-04"))
    general: TexteLong = champ("Objectif général", exige("CDC-05"))
    operationnels: tuple[Objectif, ...] = champ(
        "Objectifs opérationnels",
        exige("CDC-06"),
        conseil="Ajoutez au moins un objectif opérationnel.",
    )
    resultats: tuple[ResultatAttendu, ...] = champ(
        "Résultats attendus", exige("CDC-07"), conseil="Ajoutez au moins un résultat."
    )

    @field_validator("theme", "general", mode="before")
    @classmethod
    def _several(cls, value: Any) -> Any:
        # Two objectives are a fault of content, not of form: the rule below says it with its guide.
        return "\n".join(map(str, value)) if isinstance(value, list) else value


class ProductionAttendue(Bloc):
    """Une production attendue"""

    principal: ClassVar[str] = "intitule"
    prefixe: ClassVar[str] = "p"

    cle: Cle = champ("Clé")
    intitule: TexteLong = champ("Production")
