"""Quand tout ce qu'un tableau dit d'abord est refusé, le défaut est le sien, et non celui de ses
lignes : il ne sert à rien de les dire toutes.
"""

from __future__ import annotations

from collections.abc import Iterable

from dla_docs.constat import Constat
from dla_docs.errors import InputError

HOPELESS = 2_000  # rows
NO_HOPE = Constat(
    "Les 2\u202f000 premières lignes sont toutes refusées : les suivantes n'ont pas été vérifiées.",
    conseil="Corrigez d'abord dans le tableau ce qui leur est commun, puis recommencez.",
)


def check_hope(refused: int, told: int, why: Iterable[Constat] = ()) -> None:
    """``InputError`` quand toutes les lignes vues (``told``) sont refusées, et qu'elles sont
    nombreuses ; ``why`` : ce qui en a été dit, quand rien d'autre ne le dira.
    """
    if refused == told > HOPELESS:
        raise InputError([NO_HOPE, *why])
