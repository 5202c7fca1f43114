"""La charte d'un opérateur : deux couleurs, une famille de caractères, une ligne de pied de page.
Elle habille tous ses documents sans qu'un modèle Word soit touché.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from typing import ClassVar

from dla_docs.constat import Constat, Gravite
from dla_docs.model.bloc import Bloc
from dla_docs.model.document import Document
from dla_docs.model.fields import champ
from dla_docs.model.values import Choix, Couleur, Texte
from dla_docs.raw.nodes import line_of

LEAST = 4.5  # WCAG 2.2, 1.4.3 (AA): a text and what it stands on
WHITE, TINT = "#FFFFFF", 0.91  # the share of white in the tint of the labels of a table


class Police(StrEnum):
    """Une famille de caractères libre : le PDF la contient."""

    CARLITO = "Carlito"
    CALADEA = "Caladea"
    LIBERATION_SANS = "Liberation Sans"
    LIBERATION_SERIF = "Liberation Serif"


class Charte(Bloc):
    """La charte graphique de l'opérateur."""

    hors_page: ClassVar[tuple[str, ...]] = (
        "couleur_principale",
        "couleur_secondaire",
        "police",
        "pied_de_page",
    )  # the page wears them

    couleur_principale: Couleur = champ("Couleur des titres et des libellés")
    couleur_secondaire: Couleur = champ("Couleur des sous-titres et des filets")
    police: Choix[Police] = champ("Famille de caractères")
    pied_de_page: Texte = champ("Ligne ajoutée au pied de page")

    def teinte(self) -> str:
        """Le fond des libellés d'un tableau : la couleur principale, presque blanche."""
        return mixed(self.couleur_principale or WHITE, WHITE, TINT)


def charte_de(document: Document) -> Charte:
    """La charte d'un document : celle de son opérateur, sinon de celui de sa mission."""
    holders = (document, document._mission)
    chartes = (getattr(getattr(held, "operateur", None), "charte", None) for held in holders)
    return next((charte for charte in chartes if charte), None) or _none()


@cache
def _none() -> Charte:
    return Charte()


def couleurs_illisibles(document: Document) -> Iterator[Constat]:
    """Un constat par couleur que sa page ne laisse pas lire."""
    charte = charte_de(document)
    for name in ("couleur_principale", "couleur_secondaire"):
        colour = getattr(charte, name)
        grounds = [WHITE] if name == "couleur_secondaire" else [WHITE, charte.teinte()]
        if colour is None or (seen := min(contrast(colour, one) for one in grounds)) >= LEAST:
            continue
        path = f"operateur.charte.{name}"
        file, line = line_of(document._raw, ("operateur", "charte", name))
        yield Constat(
            f"La couleur {colour} se lit mal sur son fond : un contraste de "
            f"{f'{seen:.1f}'.replace('.', ',')} pour 1, au lieu de 4,5 ({path}).",
            Gravite.AVERTISSEMENT,
            path,
            (),
            file,
            line,
            f"Prenez une couleur plus foncée, {_darker(colour, name)} par exemple.",
            "WCAG 2.2, critère 1.4.3.",
        )


def _darker(colour: str, name: str) -> str:
    """The first shade of this colour that is read on its ground."""
    shades = (mixed(colour, "#000000", share / 20) for share in range(1, 21))
    fits = (
        shade
        for shade in shades
        if contrast(shade, WHITE) >= LEAST
        and (name == "couleur_secondaire" or contrast(shade, mixed(shade, WHITE, TINT)) >= LEAST)
    )
    return next(fits)


def mixed(one: str, other: str, share: float) -> str:
    """Deux couleurs mêlées ; ``share`` : la part de la seconde."""
    pairs = zip(_parts(one), _parts(other), strict=True)
    return "#" + "".join(f"{round(a * (1 - share) + b * share):02X}" for a, b in pairs)


def contrast(one: str, other: str) -> float:
    """Le contraste de deux couleurs, de 1 à 21, comme WCAG le calcule."""
    low, high = sorted(map(_luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (part / 255 for part in _parts(colour))
    ]
    weights = (0.2126, 0.7152, 0.0722)
    return sum(weight * part for weight, part in zip(weights, linear, strict=True))


def _parts(colour: str) -> list[int]:
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
