"""Ce qu'il est advenu d'une ligne d'un lot."""

from __future__ import annotations

from dataclasses import dataclass

from dla_docs.constat import Constat
from dla_docs.retouches.refresh import Rafraichi


@dataclass(frozen=True)
class Resultat:
    """Une ligne : son numéro dans le tableau, les fichiers qu'elle a, ce qui a empêché de les faire
    (``refus``), ce qui reste à dire (``constats``), et de qui elle est (``nom``, celui de ses
    fichiers). ``laisse`` : le fichier qui y était tient le travail de quelqu'un, et y est resté ;
    ``rafraichi`` : ce qu'une main en avait fait, et ce qu'il est devenu.
    """

    ligne: int
    reference: str = ""
    fichiers: tuple[str, ...] = ()
    refus: tuple[Constat, ...] = ()
    constats: tuple[Constat, ...] = ()
    deja_fait: bool = False
    nom: str = ""
    laisse: bool = False
    rafraichi: Rafraichi | None = None
