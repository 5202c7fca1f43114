"""Les champs d'un PDF à remplir : ceux que LibreOffice a posés, nommés, étendus à leur place et
réglés.

LibreOffice fait d'un contrôle de contenu un champ sans nom, large comme son texte. Le document
qu'on lui donne désigne donc chaque champ par son rang,
et peint d'une couleur numérotée la cellule ou le paragraphe qui le tient : la couleur dit où est la
place, puis s'efface.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dla_docs.errors import ConversionError

RANK = "dla-docs, champ "  # before the rank, in what a control calls itself
FIRST_COLOUR = (
    0xF8,
    0xC0,
    0xC0,
)  # of the places; light, for on a dark one LibreOffice writes in white


@dataclass(frozen=True)
class Field:
    """Un champ. ``name`` : ses points séparent des niveaux ; ``choices`` : une liste fermée ;
    ``wraps`` : un texte qui prend les lignes qu'il a ; ``free`` : il peut être long, où qu'il soit.

    ``required`` : la réponse en est demandée ; un astérisque est écrit devant.
    ``box`` : le rang de la réponse dont c'est la case à cocher, compté de un.
    ``sinks`` : il descend d'autant de points sous la ligne où son libellé est écrit.
    ``place`` : le numéro de la couleur qui peint sa place ; il la prend ``whole``, ou s'y étend
    jusqu'au bord droit (``stretches``), ou garde sa largeur.
    """

    name: str
    label: str
    value: str = ""
    choices: tuple[str, ...] = ()
    wraps: bool = False
    free: bool = False
    place: int = 0
    whole: bool = False
    stretches: bool = False
    sinks: float = 0.0
    box: int = 0
    required: bool = False


class LostFieldsError(ConversionError):
    """LibreOffice n'a pas posé tous les champs : il a perdu la place de certains."""


def alias(rank: int) -> str:
    """Le nom que porte, dans le document Word, le contrôle du champ de ce rang."""
    return f"{RANK}{rank}"


def rank_of(alias: str) -> int | None:
    """Le rang du champ de ce nom ; ``None`` quand le champ n'est pas des nôtres."""
    rank = alias.removeprefix(RANK)
    return int(rank) if alias.startswith(RANK) and rank.isdecimal() else None


def colour(place: int) -> str:
    """La couleur, écrite comme dans Word, qui peint la place de ce numéro."""
    red, green, blue = FIRST_COLOUR
    return f"{red + (place >> 12):02X}{green + (place >> 6 & 63):02X}{blue + (place & 63):02X}"


def place_of(rgb: Sequence[float]) -> int:
    """La place que peint une couleur, dont chaque part va de 0 à 1 ; 0 pour une autre couleur."""
    red, green, blue = (
        round(part * 255) - least for part, least in zip(rgb, FIRST_COLOUR, strict=True)
    )
    return red << 12 | green << 6 | blue if min(red, green, blue) >= 0 else 0
