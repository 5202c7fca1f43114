"""Un constat : un problème trouvé dans un document, dit en une phrase, avec son remède."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any


class Gravite(IntEnum):
    """Ce qu'un constat empêche ; l'ordre des valeurs est celui de la sévérité."""

    INFORMATION = 0
    AVERTISSEMENT = 1
    BLOQUANT = 2

    def __str__(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Constat:
    """Un problème : quoi (``message``), où (``fichier``, ``ligne``, ``chemin``), remède
    (``conseil``), qui le demande (``source``).
    """

    message: str
    gravite: Gravite = Gravite.BLOQUANT
    chemin: str = ""
    exigences: tuple[str, ...] = ()
    fichier: str = ""
    ligne: int | None = None
    conseil: str = ""
    source: str = ""

    def __str__(self) -> str:
        """La phrase entière, telle qu'on la montre : place, message, source, conseil."""
        return " ".join(
            part for part in (self._place(), self.message, self.source, self.conseil) if part
        )

    def _place(self) -> str:
        places = [self.fichier, f"ligne {self.ligne}" if self.ligne else ""]
        place = ", ".join(part for part in places if part)
        return f"{place} :" if place else ""

    def to_dict(self) -> dict[str, Any]:
        """Les clés que promet ``--format json`` ; une ligne va avec le fichier dont elle est."""
        return {
            "exigences": list(self.exigences),
            "gravite": str(self.gravite),
            "chemin": self.chemin,
            "fichier": self.fichier,
            "ligne": self.ligne,
            "message": self.message,
            "conseil": self.conseil,
            "source": self.source,
        }


def without_path(message: str) -> str:
    """Ce que dit un constat, sans le chemin qui le termine, pour qui montre l'endroit autrement."""
    return PATH.sub(".", message)


PATH = re.compile(r" \([^\s()]+\)\.$")


def bloquants(constats: Iterable[Constat]) -> tuple[Constat, ...]:
    """Ceux qui empêchent un document de partir comme définitif."""
    return tuple(constat for constat in constats if constat.gravite is Gravite.BLOQUANT)
