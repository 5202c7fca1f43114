"""Les données les plus longues et les plus courtes qu'un document accepte, tirées de sa classe et
de son exemple : ce que ses pages doivent tenir.
"""

from __future__ import annotations

import copy
import io
import re
from datetime import date, time, timedelta
from functools import cache
from itertools import count, cycle
from pathlib import Path
from typing import Any

from PIL import Image

from dla_docs import DOCUMENTS, Document, check
from dla_docs.constat import bloquants
from dla_docs.model.bloc import Bloc, bloc_of, kind_of, value_type
from dla_docs.model.node import Kind
from dla_docs.model.values import Valeur
from tests.corpus import at, specimens, without

NAME, LONG, LONGEST = 120, 300, 3_000  # characters of a name, of a text, of one text in thirty
ONE_IN = 30
END = re.compile(r"\bfin\d{4}\b")  # the last word of each text
MACHINE = ("cle", "stade", "profil")  # what no page prints
ROWS, INNER = 6, 3  # of a list, of a list within a list
MANY = {"etapes": 15, "structures": 8, "financeurs": 8, "autres_operateurs": 3}
TEXT = (
    "L'accompagnement de la structure porte sur son organisation : gouvernance « partagée », "
    "professionnalisation des équipes et modèle socio-économique ; est-il, aujourd'hui, à 50 % "
    "associatif ? "
)
FIGURES: dict[str, Any] = {
    "montant": "1234567,89", "montant_ht": "1234567,89", "nombre": 12345, "pourcentage": "99,99",
    "jours": "123,5", "jours_longs": "123,5", "annee": 2013, "heure": time(23, 59),
    "telephone": "+262 262 12 34 56",
}  # fmt: skip
COURRIEL = "prenom-compose.nom-de-famille@federation-departementale.exemple.example.org"
LOGOS = ("large.png", "haut.png", "carre.png")


def longest(slug: str, folder: Path) -> Document:
    """Le document de cette sorte où tout est rempli, et long ; ``folder`` tient les logos."""
    _draw_logos(folder)
    model = DOCUMENTS[slug]
    return model.model_validate(_Longest().bloc(model, 0)).placed(dossier=folder)


class _Longest:
    """Remplit tout ; chaque texte finit par un numéro qui n'est qu'à lui."""

    def __init__(self) -> None:
        self.numbers, self.logos = count(1), cycle(LOGOS)

    def bloc(self, model: type[Bloc], depth: int) -> dict[str, Any]:
        names = [name for name in model.model_fields if name not in ("stade", "profil", "charte")]
        return {name: self.child(model, name, depth) for name in names}

    def child(self, model: type[Bloc], name: str, depth: int) -> Any:
        inner = bloc_of(model, name)
        if inner is None:
            return self.value(value_type(model, name), name)
        if kind_of(model, name) is Kind.PART:
            return self.bloc(inner, depth)
        rows = MANY.get(name, INNER if depth else ROWS)
        return [self.bloc(inner, depth + 1) for _ in range(rows)]

    def value(self, mark: Valeur, name: str) -> Any:
        if mark.choices:
            return max(mark.choices, key=len)
        if name in ("cle", "fichier", "courriel"):
            return {
                "cle": f"cle_{next(self.numbers)}",
                "fichier": next(self.logos),
                "courriel": COURRIEL,
            }[name]
        if mark.read is str:
            return self.text(mark)
        return self.figure(mark)

    def text(self, mark: Valeur) -> str:
        number = next(self.numbers)
        size = (LONG if number % ONE_IN else LONGEST) if mark.multiline else NAME
        end = f" fin{number:04}"
        return (TEXT * (size // len(TEXT) + 1))[: size - len(end)].rstrip() + end

    def figure(self, mark: Valeur) -> Any:
        day = date(2013, 9, 30) + timedelta(days=next(self.numbers) % 90)
        if mark.format.startswith("date"):
            return day
        if mark.format == "periode":
            return {"debut": day, "fin": day + timedelta(days=30)}
        return FIGURES.get(mark.format, mark.examples[-1] if mark.examples else None)


def _draw_logos(folder: Path) -> None:
    """Un logo dix fois plus large que haut, un quatre fois plus haut que large, un carré."""
    for name, size in zip(LOGOS, ((1000, 100), (100, 400), (300, 300)), strict=True):
        output = io.BytesIO()
        Image.new("RGB", size, "teal").save(output, "PNG")
        (folder / name).write_bytes(output.getvalue())


@cache
def shortest(slug: str) -> Document:
    """Le document de cette sorte le plus court que le profil de son exemple accepte : ce que
    l'exemple a de trop en est ôté, le reste tient en un mot.
    """
    data = _brief(without(specimens(slug)[0], ("document",)), DOCUMENTS[slug])
    assert _conforms(slug, data), slug
    return DOCUMENTS[slug].model_validate(_pruned(slug, data, ()))


def _pruned(slug: str, data: Any, way: tuple[str | int, ...]) -> Any:
    """The same data without what may go, the largest pieces first."""
    here = at(data, way)
    keys = list(here) if isinstance(here, dict) else list(reversed(range(len(here))))
    for key in [key for key in keys if key not in MACHINE]:
        shorter = without(data, (*way, key))
        if _conforms(slug, shorter):
            data = shorter
        elif isinstance(here[key], dict | list):
            data = _pruned(slug, data, (*way, key))
    return data


def _conforms(slug: str, data: Any) -> bool:
    try:
        return not bloquants(check(DOCUMENTS[slug].model_validate(data)))
    except ValueError:
        return False


def _brief(data: Any, model: type[Bloc]) -> dict[str, Any]:
    """The same data, each free text a word."""
    brief = copy.deepcopy(data)
    for name in set(brief) & set(model.model_fields):
        inner, value = bloc_of(model, name), brief[name]
        if inner is None:
            mark = value_type(model, name)
            free = mark.read is str and not mark.choices and name not in MACHINE
            brief[name] = "Oui." if free and isinstance(value, str) and len(value) > 4 else value
        else:
            brief[name] = (
                [_brief(row, inner) for row in value]
                if isinstance(value, list)
                else _brief(value, inner)
            )
    return dict(brief)
