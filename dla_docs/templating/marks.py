"""Les marques : ce que la compilation laisse dans l'arbre, à l'endroit où le document produit
changera.

Une marque est une instruction de traitement (``<?dla 12?>``) que l'arbre porte comme n'importe quel
nœud, ou, dans un attribut,
un nombre entre deux caractères qu'aucun texte ne contient. Le registre dit ce que chaque numéro
veut dire.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from dla_docs.templating.frame import Blank
from dla_docs.templating.lexer import TagKind
from dla_docs.templating.places import Place
from dla_docs.word.field_codes import Spot

TARGET = "dla"
OPEN, CLOSE = "\ufdd0", "\ufdd1"  # Unicode noncharacters: allowed by XML, never found in a text
PATTERN = re.compile(rf"<\?{TARGET} (\d+)\?>|{OPEN}(\d+){CLOSE}")


def as_text(number: int) -> str:
    """Un numéro, entre deux caractères qu'aucun texte ne contient."""
    return f"{OPEN}{number}{CLOSE}"


@dataclass(frozen=True, slots=True)
class Tag:
    """Une balise du modèle : ``{{ … }}`` ou ``{% … %}`` ; ``spot`` : où elle s'imprime."""

    kind: TagKind
    source: str
    level: str
    raw: str
    place: Place
    spot: Spot = Spot.RUN

    @property
    def keyword(self) -> str:
        """Le premier mot d'une balise de bloc : if, for, endif…"""
        return self.source.split(None, 1)[0] if self.source else ""


@dataclass(frozen=True, slots=True)
class Region:
    """Un passage qui peut se vider : sans ``needle`` dans ce qu'il produit, ``fallback`` prend sa
    place.
    """

    needle: str
    fallback: str = ""


@dataclass(frozen=True, slots=True)
class RegionEnd:
    """La fin d'un passage ouvert par ``Region``."""


@dataclass(frozen=True, slots=True)
class CellEnd:
    """La fin d'une cellule, que Word veut terminée par un paragraphe."""


@dataclass(frozen=True, slots=True)
class GridStart:
    """Le début d'un tableau dont le nombre de colonnes dépend des données ; ``width`` : sa largeur,
    en vingtièmes de point.
    """

    width: int


@dataclass(frozen=True, slots=True)
class OnlyIn:
    """Un passage qui ne s'écrit que dans un mode : un brouillon, un formulaire."""

    blank: Blank
    xml: str


@dataclass(frozen=True, slots=True)
class DrawingId:
    """Le numéro d'un dessin répété par une boucle : un par exemplaire."""


@dataclass(frozen=True, slots=True)
class ControlId:
    """Le numéro d'un contrôle sans champ répété par une boucle : un par exemplaire."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Une date de la fiche du fichier, entre deux balises : celle du document. Sans elle, rien :
    celle du modèle Word n'est pas la sienne.
    """

    before: str
    after: str


class Marks:
    """Le registre des marques d'une partie. ``rewritten`` : une balise en a été ôtée, même quand il
    n'en reste aucune marque (une remarque, un signe échappé).
    """

    def __init__(self) -> None:
        self._meanings: list[object] = []
        self.rewritten = False

    def __len__(self) -> int:
        return len(self._meanings)

    @property
    def meanings(self) -> tuple[object, ...]:
        """Ce que veut dire chaque numéro, dans l'ordre."""
        return tuple(self._meanings)

    def node(self, meaning: object) -> etree._ProcessingInstruction:
        """Une marque à poser dans l'arbre."""
        return etree.ProcessingInstruction(TARGET, str(self._number(meaning)))

    def text(self, meaning: object) -> str:
        """Une marque à poser dans un attribut."""
        return as_text(self._number(meaning))

    def change(self, node: etree._Element, meaning: object) -> None:
        """Donne un autre sens à une marque déjà posée."""
        self._meanings[int(node.text or 0)] = meaning

    def of(self, node: etree._Element) -> object:
        """Ce que dit un nœud de l'arbre ; ``None`` si ce n'est pas une marque."""
        if isinstance(node, etree._ProcessingInstruction) and node.target == TARGET:
            return self._meanings[int(node.text or 0)]
        return None

    def _number(self, meaning: object) -> int:
        self._meanings.append(meaning)
        return len(self._meanings) - 1
