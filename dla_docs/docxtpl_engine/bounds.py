"""Ce qu'un rendu par docxtpl peut coûter : des boucles, des textes et un temps comptés ; au-delà,
il est refusé.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from time import thread_time
from typing import Any

from dla_docs.docxtpl_engine.values import Refusal, rows_of
from dla_docs.templating.lexer import CLOSERS

ITERATIONS = 20_000
TEXT = 100_000  # characters of one computed text
WRITTEN = 40_000_000  # characters of the XML that the loops repeat
SECONDS = 8.0
ITEMS = 10_000  # of a computed list
BITS = 256  # of a computed whole number
TAGS = 5_000  # of a template
PART = 8_000_000  # bytes of one part of it
LESS = "Réduisez ce que le modèle répète ou calcule."
MARK = re.compile(r"\{[{%#]|[}%#]\}")
QUOTED = re.compile(r'="([^"]*\{[{%#][^"]*)"')


@dataclass
class Budget:
    """Ce qu'un rendu a déjà coûté."""

    iterations: int = 0
    written: int = 0
    begun: float = 0.0  # of this thread's own work: another's takes nothing from it

    def rows(self, value: Any, weight: int) -> Iterator[Any]:
        """Les lignes d'une boucle, comptées ; ``weight`` : ce que chacune écrit."""
        self.begun = self.begun or thread_time()
        for row in rows_of(value):
            self.iterations += 1
            self.written += weight
            if self.iterations > ITERATIONS or self.written > WRITTEN:
                raise Refusal("ce modèle répète trop de lignes", LESS)
            if thread_time() - self.begun > SECONDS:
                raise Refusal(f"ce modèle demande plus de {SECONDS:.0f} secondes de calcul", LESS)
            yield row


def bounded(value: Any) -> Any:
    """Une valeur calculée, quand elle n'est pas démesurée."""
    too_long = isinstance(value, str) and len(value) > TEXT
    too_many = isinstance(value, list | tuple) and len(value) > ITEMS
    if too_long or too_many or (isinstance(value, int) and value.bit_length() > BITS):
        raise Refusal("une balise calcule une valeur démesurée", LESS)
    return value


def flat(values: Any) -> Any:
    """Une suite écrite dans une balise : elle n'en tient pas d'autres, qui doubleraient à chaque
    pas.
    """
    if any(isinstance(value, list | tuple | dict) for value in values):
        raise Refusal(
            "une balise met une suite dans une suite", "Parcourez-les l'une après l'autre."
        )
    return values


def check_size(xml: str) -> None:
    """``Refusal`` quand une partie est trop grosse, ou qu'une balise n'y finit pas : docxtpl la
    chercherait jusqu'au bout, à chaque fois.
    """
    if len(xml) > PART:
        raise Refusal(f"cette partie dépasse {PART // 1_000_000} Mo", "Partagez le modèle.")
    text = re.sub(r"<[^>]*>", "", xml)
    marks = _marks(text)
    for quoted in QUOTED.findall(xml):
        marks += _marks(quoted)
    if marks > 2 * TAGS:
        raise Refusal(f"ce modèle a plus de {TAGS} balises", "Partagez-le en plusieurs modèles.")


def _marks(text: str) -> int:
    opened, seen = "", 0
    for found in MARK.finditer(text):
        mark = found.group()
        seen += 1
        if mark[0] == "{" and not opened:
            opened = mark
        elif opened and mark == CLOSERS[opened]:
            opened = ""
        elif opened in ("{{", "{%"):
            raise _unclosed(text[found.start() - 40 : found.end()])
    if opened:
        raise _unclosed(text[text.rfind(opened) :])
    return seen


def _unclosed(text: str) -> Refusal:
    return Refusal(
        f"une balise commence et ne finit pas, vers « {text.strip()[:60]} »",
        "Fermez-la : {{ … }} ou {% … %}.",
    )
