"""Les versions du référentiel : ce qu'une version a ajouté, retiré, ou rendu plus ou moins fort
(``changements.csv``). Une mission est jugée selon celle sous laquelle elle a commencé.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from dla_docs.model.requirement import VERSION_DU_REFERENTIEL, Force, rows, weakest

VERSIONS = range(1, VERSION_DU_REFERENTIEL + 1)


class Nouveaute(StrEnum):
    """Ce qui est arrivé à une exigence."""

    AJOUTEE = "ajoutee"
    RETIREE = "retiree"
    FORCE = "force"


@dataclass(frozen=True)
class Changement:
    """Ce qu'une version a fait d'une exigence ; les forces sont là quand c'est elle qui change."""

    id: str
    version: int
    nouveaute: Nouveaute
    avant: Force | None = None
    apres: Force | None = None


@cache
def changements() -> tuple[Changement, ...]:
    """Tous les changements, dans l'ordre du référentiel."""
    return tuple(
        Changement(
            row["id"],
            int(row["version"]),
            Nouveaute(row["changement"]),
            Force(row["avant"]) if row["avant"] else None,
            Force(row["apres"]) if row["apres"] else None,
        )
        for row in rows("changements.csv")
    )


def depuis(version: int) -> tuple[Changement, ...]:
    """Ce qui a changé après cette version."""
    return tuple(one for one in changements() if one.version > version)


def force_sous(version: int, identifiant: str, force: Force) -> Force | None:
    """La force d'une exigence pour une mission commencée sous cette version : jamais plus qu'elle
    ne demandait alors ; ``None`` pour une exigence ajoutée depuis.
    """
    known = _since(version).get(identifiant)
    if known is None:
        return force
    if known.nouveaute is Nouveaute.AJOUTEE:
        return None
    return weakest(force, known.avant) if known.avant else force


@cache
def _since(version: int) -> dict[str, Changement]:
    """The oldest change first: it tells what the version said."""
    return {one.id: one for one in reversed(depuis(version))}
