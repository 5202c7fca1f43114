"""Ce que ``--format json`` retient d'une commande pendant qu'elle travaille ; ses phrases vont
alors à la sortie d'erreur, et la sortie ne tient que des données.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from dla_docs.constat import Constat
from dla_docs.spelling import unaccented


@dataclass
class Kept:
    """Ce qui est retenu : ``asked`` quand c'est demandé, ``shown`` quand la commande a déjà écrit
    des données à elle.
    """

    asked: bool = False
    shown: bool = False
    files: dict[str, None] = field(default_factory=dict)
    constats: dict[Constat, None] = field(default_factory=dict)
    results: list[dict[str, Any]] = field(default_factory=list)

    def data(self, code: int) -> dict[str, Any]:
        """Le compte rendu, tel que ``compte_rendu.schema.json`` le décrit."""
        return {
            "code": code,
            "fichiers": list(self.files),
            "constats": [one.to_dict() for one in self.constats],
            "suites": self.results,
        }


_now: list[Kept] = []


def asks_for_data(arguments: list[str]) -> bool:
    """Vrai d'une ligne qui dit « --format json » : même mal écrite, elle vient d'un programme."""
    words = list(map(unaccented, arguments))
    return "--format=json" in words or ("--format", "json") in pairwise(words)


@contextmanager
def opened(asked: bool) -> Iterator[Kept]:
    """Le temps d'une commande."""
    _now.append(Kept(asked))
    try:
        yield _now[-1]
    finally:
        _now.pop()


def current() -> Kept:
    """Ce qui est retenu de la commande en cours ; rien d'utile hors d'elle."""
    return _now[-1] if _now else Kept()


def whole_path(path: Path | str) -> str:
    """Le chemin entier d'un fichier ; une adresse (s3://…) reste ce qu'elle est."""
    text = str(path)
    return text if "://" in text else os.path.abspath(text)


def keep_file(path: Path | str) -> None:
    """Retient un fichier qui est en place."""
    current().files[whole_path(path)] = None


def keep_result(
    name: Path | str,
    fate: str,
    files: Iterable[Path | str] = (),
    constats: Iterable[Constat] = (),
    changes: int = 0,
) -> None:
    """Retient ce qu'est devenue une chose parmi d'autres, quand c'est demandé."""
    if current().asked:
        current().results.append(
            {
                "nom": str(name),
                "sort": fate,
                "fichiers": [whole_path(path) for path in files],
                "changements": changes,
                "constats": [one.to_dict() for one in constats],
            }
        )
