"""Les mutants : le code d'un module où une chose, une seule, est changée (``<`` en ``<=``, ``and``
en ``or``, une boucle qui ne tourne plus…). cosmic-ray les fait ; ce module les compte, et en tire
au sort, toujours les mêmes pour la même graine.

Seul ce qui est dans une fonction est changé : le reste n'est lu qu'à l'importation.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from itertools import groupby, islice
from operator import attrgetter
from pathlib import Path
from typing import Any

PLACE = attrgetter("module", "span")
Span = tuple[tuple[int, int], tuple[int, int]]  # (line, column) of both ends


@dataclass(frozen=True)
class Mutant:
    """Un changement d'un module : où, et lequel des changements de cette sorte."""

    module: str
    span: Span
    operator: str
    occurrence: int
    words: str  # of the line

    @property
    def kind(self) -> str:
        """La sorte de changement, en peu de mots : « Eq_NotEq »."""
        return self.operator.rpartition("/")[2].removeprefix("Replace")

    def lot(self, seed: int) -> str:
        """Son rang au tirage : un module où d'autres lignes bougent garde les mêmes mutants."""
        said = f"{seed} {self.module} {self.words} {self.span[0][1]} {self.operator}"
        return sha256(said.encode()).hexdigest()

    def source(self, tree: Path) -> str:
        """Le module ainsi changé."""
        from cosmic_ray.mutating import mutate_code

        code = (tree / self.module).read_text(encoding="utf-8")
        mutated = mutate_code(code, _operators()[self.operator], self.occurrence)
        assert isinstance(mutated, str)
        return mutated


def sample(
    mutants: list[Mutant],
    seed: int,
    count: int,
    kept: Callable[[Mutant], bool] = lambda one: True,
) -> list[Mutant]:
    """Tant de ces mutants, parmi ceux que l'on garde, un seul au même endroit : un ``+`` en a onze,
    un ``not`` un seul. Un tirage plus grand tient le plus petit.
    """
    groups = groupby(sorted(mutants, key=PLACE), key=PLACE)
    chosen = [min(group, key=lambda one: one.lot(seed)) for _, group in groups]
    chosen.sort(key=lambda one: (one.lot(seed), one.span))
    return sorted(islice(filter(kept, chosen), count), key=PLACE)


def mutants_of(tree: Path, module: str) -> Iterator[Mutant]:
    """Tous les mutants d'un module."""
    from cosmic_ray.ast import ast_nodes, get_ast

    code = (tree / module).read_text(encoding="utf-8")
    nodes, lines, inside = list(ast_nodes(get_ast(code))), code.splitlines(), _Bodies(code)
    for name, operator in _operators().items():
        spans = (span for node in nodes for span in operator.mutation_positions(node))
        for occurrence, span in enumerate(spans):
            if span in inside:
                yield Mutant(module, span, name, occurrence, lines[span[0][0] - 1].strip())


@cache
def _operators() -> dict[str, Any]:
    """Ceux de cosmic-ray qui se passent d'options."""
    from cosmic_ray.plugins import get_operator, operator_names

    classes = {name: get_operator(name) for name in sorted(operator_names())}
    return {name: one() for name, one in classes.items() if not one.arguments()}


class _Bodies:
    """Ce qui s'exécute quand une fonction est appelée : son corps, sans les types qu'il annote."""

    def __init__(self, code: str) -> None:
        self.bodies: list[Span] = []
        self.types: list[Span] = []
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, ast.FunctionDef | ast.Lambda):
                body = node.body if isinstance(node.body, list) else [node.body]
                self.bodies.append((_span(body[0])[0], _span(body[-1])[1]))
            for told in (getattr(node, "annotation", None), getattr(node, "returns", None)):
                if told is not None:
                    self.types.append(_span(told))

    def __contains__(self, span: Span) -> bool:
        return _within(span, self.bodies) and not _within(span, self.types)


def _span(node: ast.stmt | ast.expr) -> Span:
    return (node.lineno, node.col_offset), (node.end_lineno or 0, node.end_col_offset or 0)


def _within(span: Span, wholes: list[Span]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in wholes)
