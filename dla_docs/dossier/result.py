"""Ce que rend la fabrication d'un dossier."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dla_docs.constat import Constat
from dla_docs.errors import DlaDocsError

if TYPE_CHECKING:  # it is imported when a hand has been there
    from dla_docs.retouches.refresh import Rafraichi

Suivi = Callable[[str, int, int], None]
"""Ce qui reçoit l'avancement : ce qui se fait (« Word », « PDF »), combien sont faits, sur
combien.
"""


@dataclass(frozen=True)
class Dossier:
    """Ce que tient le dossier, et ce qui n'a pas pu y être : ``refus`` associe à chaque nom la
    raison.

    ``fichiers`` : les documents de la mission ; ``pieces`` : le sommaire, la preuve du verdict, le
    manifeste ; ``inchanges`` : ceux des uns et des autres qui étaient déjà ainsi ; ``anciens`` :
    ceux d'une fois d'avant qui ne se font plus, et qui sont restés ; ``repris`` : vrai quand une
    fois d'avant avait été coupée pendant qu'elle écrivait, et que celle-ci l'a achevée ;
    ``rafraichis`` : ceux que quelqu'un avait retouchés, et ce que chacun est devenu ; ``otes`` :
    d'un dossier remis à un autre que l'archive, ceux d'une fois d'avant qu'il n'a plus à lire.
    """

    fichiers: tuple[Path, ...]
    refus: tuple[tuple[str, DlaDocsError], ...]
    constats: tuple[Constat, ...]
    pieces: tuple[Path, ...] = ()
    inchanges: tuple[Path, ...] = ()
    anciens: tuple[Path, ...] = ()
    repris: bool = False
    rafraichis: tuple[tuple[Path, Rafraichi], ...] = ()
    otes: tuple[Path, ...] = ()
