"""Ce qu'un prestataire ne doit pas lire des autres : leur nom, dans aucun texte qu'il reçoit."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from dla_docs.constat import Constat
from dla_docs.model.bloc import Bloc
from dla_docs.spelling import fold


def texts(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Chaque texte d'un bloc, avec son chemin."""
    if isinstance(value, Bloc):
        for name in type(value).model_fields:
            yield from texts(getattr(value, name), f"{path}.{name}".lstrip("."))
    elif isinstance(value, tuple):
        for number, row in enumerate(value):
            yield from texts(row, f"{path}[{number}]")
    elif isinstance(value, str) and value:
        yield path, value


def cited(said: Iterable[tuple[str, str]], names: Collection[str], what: str) -> list[Constat]:
    """Les ``names`` que ces textes, chacun avec son chemin, citeraient ; ``what`` : ce qui les
    porte, tel qu'une phrase le dit (« Le document »).
    """
    whole = {name: re.compile(rf"(?<!\w){re.escape(fold(name))}(?!\w)") for name in names if name}
    return [
        Constat(
            f"{what} citerait un autre prestataire, « {name} »{f' ({path})' if path else ''}.",
            chemin=path,
            conseil="Réécrivez ce texte sans le nommer.",
        )
        for path, text in said
        for name, shape in whole.items()
        if shape.search(fold(text))
    ]
