"""Ce dont dépend un passage : des exigences qui se cumulent, chacune tenue par l'un ou l'autre de
ses chemins.

``{% if a and (b or formulaire) %}`` dépend de « a » d'une part, de « b ou formulaire » d'autre
part. Une valeur est imprimée à coup sûr quand chaque exigence peut être tenue par elle-même, ou par
une partie ou une suite qui la contient.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from jinja2 import nodes

from dla_docs.templating.grammar import path_of, paths_in
from dla_docs.templating.scope import Ref

Conditions = frozenset[frozenset[str]]
ALWAYS: Conditions = frozenset()
MOST = 32  # alternatives multiply: beyond, each path is a condition of its own


def conditions_of(test: nodes.Expr, paths: Mapping[nodes.Expr, Ref]) -> Conditions:
    """Les conditions d'un test, quand il est vrai."""
    if isinstance(test, nodes.And):
        return conditions_of(test.left, paths) | conditions_of(test.right, paths)
    if isinstance(test, nodes.Or):
        left, right = conditions_of(test.left, paths), conditions_of(test.right, paths)
        return (
            frozenset(one | other for one in left for other in right)
            if len(left) * len(right) <= MOST
            else strictly(test, paths)
        )
    return strictly(test, paths)


def strictly(test: nodes.Expr, paths: Mapping[nodes.Expr, Ref]) -> Conditions:
    """Les conditions d'un test quelle que soit sa réponse : chacun des chemins qu'il lit."""
    return each(_reads(test, paths))


def each(paths: Iterable[str]) -> Conditions:
    """Une exigence par chemin."""
    return frozenset(frozenset({path}) for path in paths)


@lru_cache(4096)
def are_about(conditions: Conditions, path: str) -> bool:
    """Vrai quand toutes portent sur cette valeur,
    ou sur une partie ou une suite qui la contient."""
    return all(any(_contains(held, path) for held in alternatives) for alternatives in conditions)


def _contains(whole: str, path: str) -> bool:
    return path == whole or path.startswith((f"{whole}.", f"{whole}[]"))


def _reads(test: nodes.Expr, paths: Mapping[nodes.Expr, Ref]) -> Iterator[str]:
    for node in paths_in(test):
        if node in paths:
            yield paths[node].schema
        elif (path := path_of(node)) and path[0] == "loop":
            yield "loop"
