"""L'état d'un rendu : il naît et meurt avec un document, rien d'autre ne change pendant que le
modèle s'imprime.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, NamedTuple

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.templating.images import Image

MAX_ITERATIONS = 1_000_000


class Blank(IntEnum):
    """Ce qu'imprime une valeur absente : rien, un rappel surligné, ou l'invite d'un champ à
    remplir.
    """

    RIEN = 0
    BROUILLON = 1
    FORMULAIRE = 2


@dataclass(frozen=True, slots=True)
class PrintMode:
    """Pourquoi on imprime. ``open_paths`` : les champs (``etapes[].prevu``) que le destinataire
    d'un formulaire peut remplir ; ``choices`` : ce que l'on sait d'avance pouvoir y être répondu.
    """

    blank: Blank = Blank.RIEN
    open_paths: frozenset[str] = frozenset()
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)

    @property
    def is_form(self) -> bool:
        """Vrai pour un formulaire à remplir."""
        return self.blank is Blank.FORMULAIRE


DEFINITIF = PrintMode()
BROUILLON = PrintMode(Blank.BROUILLON)


def form_mode(
    open_paths: Iterable[str], choices: Mapping[str, tuple[str, ...]] | None = None
) -> PrintMode:
    """Le mode d'un formulaire dont ces champs seuls sont ouverts à l'écriture, et où ceux de
    ``choices`` se choisissent dans une liste.
    """
    return PrintMode(Blank.FORMULAIRE, frozenset(open_paths), choices or {})


@dataclass(slots=True)
class Loop:
    """L'avancement d'une boucle, tel que ``loop`` le montre."""

    length: int
    index0: int = 0

    def get(self, name: str) -> int | bool:
        """La valeur de ``loop.<name>``."""
        index, length = self.index0, self.length
        values = {
            "index0": index,
            "index": index + 1,
            "first": index == 0,
            "last": index == length - 1,
            "length": length,
        }
        return {**values, "revindex": length - index, "revindex0": length - index - 1}[name]


class Hole(NamedTuple):
    """Une valeur imprimée : son chemin (celui du modèle, ``etapes[].duree``, quand la balise
    calcule), et le texte à lire à sa place.
    """

    path: str
    text: str


class Said(str):
    """Le XML d'une valeur imprimée, qui sait son numéro parmi elles."""

    __slots__ = ("number",)
    number: int


DAY = "jour_du_document"  # among the values: a date, or nothing


@dataclass(slots=True)
class Frame:
    """Les données, les boucles en cours, et ce que le document a déjà employé (numéros, images)."""

    values: Mapping[str, Any]
    mode: PrintMode
    depth: int
    next_drawing: int
    control_ids: set[int]
    stamp: str = ""  # the day of the document, as the core properties write it
    blank: int = 0
    locals: list[Any] = field(init=False)
    indices: list[int] = field(init=False)
    loops: list[Loop] = field(init=False)
    images: dict[str, Image] = field(
        default_factory=dict
    )  # of the part being rendered, by relationship id
    iterations: int = 0
    holes: dict[Hole, int] | None = None  # what is printed, when it is to be told apart

    def __post_init__(self) -> None:
        self.blank = int(self.mode.blank)
        modes = {"brouillon": self.mode.blank is Blank.BROUILLON, "formulaire": self.mode.is_form}
        self.locals = [{**modes, **self.values}, *[None] * self.depth]
        self.indices = [0] * (self.depth + 1)
        self.loops = [Loop(0)] * (self.depth + 1)

    def drawing_number(self) -> int:
        """Un numéro de dessin qui n'a pas encore servi."""
        self.next_drawing += 1
        return self.next_drawing - 1

    def control_number(self, wanted: int) -> int:
        """Le numéro d'un contrôle : celui qu'il demande, ou le premier libre après lui."""
        while wanted in self.control_ids:
            wanted = wanted % 0x7FFFFFFF + 1
        self.control_ids.add(wanted)
        return wanted

    def count_iterations(self, number: int) -> None:
        """InputError quand des boucles imbriquées n'en finissent pas."""
        self.iterations += number
        if self.iterations > MAX_ITERATIONS:
            raise InputError(
                Constat(
                    "Ce modèle répète trop de lignes pour ces données.",
                    conseil="Réduisez le nombre de boucles imbriquées du modèle.",
                )
            )
