"""Combien de lignes un formulaire donne à ses suites, quand on le dit : ``etapes=8``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.forms.answers_taken import MOST_ROWS
from dla_docs.model.document import Document
from dla_docs.model.node import Kind, schema_path
from dla_docs.spelling import did_you_mean, nearest, slugged


def row_counts(model: type[Document], asked: Mapping[str, int]) -> dict[str, int]:
    """Ces nombres, par chemin de suite (« objectifs.resultats », ou « resultats » s'il n'y en a
    qu'une). ``InputError`` dit ensemble les noms inconnus, le plus proche, et les nombres hors
    limites.
    """
    known, found, problems = _lists(model), dict[str, int](), list[Constat]()
    for name, number in asked.items():
        paths = known.get(slugged(schema_path(name)), [])
        if len(paths) != 1:
            problems.append(_not_one(model, name, paths, known))
        elif not (isinstance(number, int) and 1 <= number < MOST_ROWS):
            message = f"« {name}={number} » : le nombre de lignes va de 1 à {MOST_ROWS - 1}."
            problems.append(Constat(message, conseil=f"Écrivez par exemple « {name}=8 »."))
        else:
            found[paths[0]] = number
    if problems:
        raise InputError(problems)
    return found


@cache
def _lists(model: type[Document]) -> dict[str, list[str]]:
    """The paths that each way of naming a list may mean: its path, the end of it, its label."""
    said: dict[str, list[str]] = {}
    for node in model.schema_node().walk():
        if node.kind is Kind.ROWS:
            steps = node.path.split(".")
            ends = (".".join(steps[rank:]) for rank in range(len(steps)))
            for name in {slugged(one) for one in (*ends, node.label)}:
                said.setdefault(name, []).append(node.path)
    # a path names its list alone, whatever other list has that name for its own
    return said | {slugged(path): [path] for paths in said.values() for path in paths}


def _not_one(
    model: type[Document], name: str, paths: list[str], known: Mapping[str, list[str]]
) -> Constat:
    if paths:
        return Constat(
            f"« {name} » peut être plusieurs listes de « {model.titre} ».",
            conseil=f"Écrivez le chemin de l'une : {', '.join(paths)}.",
        )
    near = known.get(nearest(slugged(name), known), [""])[0]
    every = sorted({path for paths in known.values() for path in paths})
    listed = f"Ses listes sont : {', '.join(every)}." if every else "Il n'en a aucune."
    return Constat(
        f"« {name} » n'est pas une liste de « {model.titre} ».", conseil=did_you_mean(near, listed)
    )
