"""Le compte rendu d'une commande, pour un programme : ce qu'elle a écrit, ce qu'elle en dit. Sa
forme publique est ``compte_rendu.schema.json``.
"""

from __future__ import annotations

from typing import Any

from pydantic import Field

from dla_docs.stages.evidence import ConstatEcrit, Partie, schema_of

SCHEMA_ID = "urn:dla-docs:compte-rendu:1"


class Suite(Partie):
    """Ce qu'est devenue une chose parmi d'autres : un document d'un dossier, une mission, une ligne
    d'un tableau, un fichier revenu.
    """

    nom: str
    sort: str = Field(description="Ce qu'il en est, en un mot ou deux : « pas produit », « pris »")
    fichiers: tuple[str, ...] = Field(default=(), description="Leurs chemins entiers")
    changements: int = Field(default=0, description="Réponses écrites dans la mission")
    constats: tuple[ConstatEcrit, ...] = ()


class CompteRendu(Partie):
    """Ce qu'une commande a fait. ``fichiers`` : ceux qu'on lui demandait et qui sont en place,
    écrits à l'instant ou déjà ainsi, et le classeur à corriger d'un lot ; ``code`` : 0 fait, 1 fait
    autant que possible, 2 rien.
    """

    code: int = Field(ge=0, le=2)
    fichiers: tuple[str, ...] = Field(default=(), description="Leurs chemins entiers")
    constats: tuple[ConstatEcrit, ...] = ()
    suites: tuple[Suite, ...] = ()


def schema() -> dict[str, Any]:
    """Le JSON Schema d'un compte rendu."""
    return schema_of(CompteRendu, SCHEMA_ID)
