"""Ce que vaut une expression : chaque nœud admis de son arbre devient une fonction de l'état du
rendu.

Le langage est fermé : noms, champs, rangs, comparaisons, calculs, ``and``/``or``/``not``, ``x if y
else z``, filtres et tests d'une liste.
Aucun appel, aucun nom en ``_`` : ce qui n'est pas nommé ici est refusé.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import nodes

from dla_docs.model.node import Kind
from dla_docs.templating.conditions import ALWAYS, Conditions
from dla_docs.templating.frame import Frame
from dla_docs.templating.grammar import Problem, path_of
from dla_docs.templating.lookup import (
    Evaluate,
    MissingValueError,
    gathered,
    is_attribute,
    is_defined,
    lookup,
)
from dla_docs.templating.operators import (
    ARITHMETIC,
    COMPARISONS,
    FILTERS,
    FORMAT_FILTERS,
    MANY,
    TESTS,
    TEXT_FILTERS,
    VALUE_FILTERS,
    is_empty,
    truth,
)
from dla_docs.templating.printing import TEXT, Formatter, Printable, formatter
from dla_docs.templating.scope import LOOP, Ref, Scope, Step, UnknownPath

ToText = Callable[[Frame], Printable]
Test = Callable[[Frame], bool]


class ValueBinder:
    """Ce que vaut chaque nœud d'une expression ; tient la liste de ce qu'elle lit, imprime, et de
    ce qu'elle a de faux.
    """

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.paths: dict[nodes.Expr, Ref] = {}
        self.prints: list[tuple[str, Conditions]] = []
        self.reads: set[str] = set()
        self.problems: list[Problem] = []
        self.conditions = ALWAYS

    def text(self, node: nodes.Expr) -> ToText:
        """Ce qui imprime un nœud."""
        raise NotImplementedError

    def value(self, node: nodes.Expr) -> Evaluate:
        """Ce qui calcule un nœud."""
        if path := path_of(node):
            return self._path(node, *path)
        build = getattr(self, f"_value_{type(node).__name__.lower()}", None)
        if isinstance(node, nodes.BinExpr) and type(node).__name__ in ARITHMETIC:
            return self._arithmetic(node)
        return build(node) if build else self._refuse(node)

    def test(self, node: nodes.Expr) -> Test:
        """Ce qui dit si la valeur d'un nœud est vraie (``operators.truth``), sans la faire passer
        de l'un à l'autre : la plupart des balises d'un modèle ne demandent que cela.
        """
        if isinstance(node, nodes.Not):
            operand = self.test(node.node)
            return lambda frame: not operand(frame)
        if isinstance(node, (nodes.And, nodes.Or)):  # a union would be made at each call
            left, right = self.test(node.left), self.test(node.right)
            if isinstance(node, nodes.And):
                return lambda frame: left(frame) and right(frame)
            return lambda frame: left(frame) or right(frame)
        return _is_true(self.value(node))

    def _refuse(self, node: nodes.Node) -> Evaluate:
        what = {
            "Call": "un appel (« nom() »)",
            "Getitem": "cet accès entre crochets",
            "Dict": "un dictionnaire",
        }.get(type(node).__name__, "cette opération")
        self.problems.append(
            Problem(
                f"{what} n'est pas admis dans une balise",
                "Une balise lit et compare des valeurs ; elle n'appelle rien.",
            )
        )
        return nothing

    def _path(self, node: nodes.Expr, name: str, steps: tuple[Step, ...]) -> Evaluate:
        if [one for one in (name, *steps) if one.__class__ is str and one[:1] == "_"]:
            self.problems.append(
                Problem("un nom ne peut pas commencer par « _ »", "Écrivez le nom d'un champ.")
            )
            return nothing
        if name == "loop":
            return self._loop(steps)
        try:
            slot, keys, ref = self.scope.resolve(name, steps)
        except UnknownPath as unknown:
            self.problems.append(Problem(unknown.problem, unknown.advice, unknown.misfit))
            return nothing
        self.paths[node] = ref
        self.reads.add(ref.schema)
        if ref.node is not None and ref.node.kind is Kind.NOTE:
            return _note(lookup(slot, keys, ref), ref.node.text)
        return lookup(slot, keys, ref) if keys else _local(slot)

    def _loop(self, steps: tuple[Step, ...]) -> Evaluate:
        depth = self.scope.loops
        if not depth or len(steps) != 1 or steps[0] not in LOOP:
            self.problems.append(
                Problem(
                    "« loop » ne vaut que dans une boucle",
                    f"Il offre {', '.join(f'loop.{name}' for name in LOOP)}.",
                )
            )
            return nothing
        name = str(steps[0])
        self.reads.add("loop")
        return lambda frame: frame.loops[depth].get(name)

    def _value_const(self, node: nodes.Const) -> Evaluate:
        return _constant(node.value)

    def _value_list(self, node: nodes.List) -> Evaluate:
        items = [self.value(item) for item in node.items]
        return lambda frame: [item(frame) for item in items]

    def _value_tuple(self, node: nodes.Tuple) -> Evaluate:
        items = [self.value(item) for item in node.items]
        return lambda frame: tuple(item(frame) for item in items)

    def _value_not(self, node: nodes.Not) -> Evaluate:
        operand = self.value(node.node)
        return lambda frame: not truth(operand(frame))

    def _value_and(self, node: nodes.And) -> Evaluate:
        left, right = self.value(node.left), self.value(node.right)
        return lambda frame: right(frame) if truth(value := left(frame)) else value

    def _value_or(self, node: nodes.Or) -> Evaluate:
        left, right = self.value(node.left), self.value(node.right)
        return lambda frame: value if truth(value := left(frame)) else right(frame)

    def _value_neg(self, node: nodes.Neg) -> Evaluate:
        operand, subtract = self.value(node.node), ARITHMETIC["Sub"]
        return lambda frame: subtract(0, operand(frame))

    def _arithmetic(self, node: nodes.BinExpr) -> Evaluate:
        left, right, compute = (
            self.value(node.left),
            self.value(node.right),
            ARITHMETIC[type(node).__name__],
        )
        return lambda frame: compute(left(frame), right(frame))

    def _value_condexpr(self, node: nodes.CondExpr) -> Evaluate:
        test, yes, no = (
            self.value(node.test),
            self.value(node.expr1),
            self.value(node.expr2) if node.expr2 else nothing,
        )
        return lambda frame: yes(frame) if truth(test(frame)) else no(frame)

    def _value_concat(self, node: nodes.Concat) -> Evaluate:
        return self.text(node)

    def _value_compare(self, node: nodes.Compare) -> Evaluate:
        first = self.value(node.expr)
        rest = [(COMPARISONS[operand.op], self.value(operand.expr)) for operand in node.ops]

        def compare(frame: Frame) -> bool:
            left = first(frame)
            for holds, operand in rest:
                right = operand(frame)
                if not holds(left, right):
                    return False
                left = right
            return True

        return compare

    def _value_test(self, node: nodes.Test) -> Evaluate:
        operand, arguments = (
            self.value(node.node),
            [self.value(argument) for argument in node.args or ()],
        )
        if node.name in ("defined", "undefined"):
            return is_defined(operand, node.name == "defined")
        test = TESTS.get(node.name)
        if test is None or node.kwargs:
            self.problems.append(
                Problem(
                    f"le test « is {node.name} » n'est pas admis",
                    f"Les tests admis sont : {', '.join(('defined', *TESTS))}.",
                )
            )
            return nothing
        return lambda frame: test(operand(frame), *(argument(frame) for argument in arguments))

    def _value_filter(self, node: nodes.Filter) -> Evaluate:
        if node.name not in FILTERS or node.node is None:
            self.problems.append(
                Problem(
                    f"le filtre « {node.name} » n'est pas admis",
                    f"Les filtres admis sont : {', '.join(FILTERS)}.",
                )
            )
            return nothing
        if node.name in ("default", "d"):
            operand, other = self.value(node.node), self.arguments(node, 1)
            return lambda frame: _first_present(frame, operand, other)
        if node.name in ("join", "sum"):
            return self._gather(node)
        if node.name in TEXT_FILTERS or node.name in FORMAT_FILTERS:
            return self.text(node)
        operand, arguments, apply = (
            self.value(node.node),
            self.arguments(node),
            VALUE_FILTERS[node.name],
        )
        return lambda frame: apply(operand(frame), *(argument(frame) for argument in arguments))

    def arguments(self, node: nodes.Filter, most: int = 2) -> list[Evaluate]:
        """Les arguments d'un filtre, au plus ``most``, ou ceux d'une ligne de noms."""
        most = MANY.get(node.name, most)
        if len(node.args) > most or node.kwargs or node.dyn_args or node.dyn_kwargs:
            self.problems.append(
                Problem(f"le filtre « {node.name} » ne prend pas ces arguments", "Retirez-les.")
            )
        return [self.value(argument) for argument in node.args[:most]]

    def _gather(self, node: nodes.Filter) -> Evaluate:
        """``lignes|join(", ", attribute="nom")`` and ``lignes|sum(attribute="montant")``."""
        rows, attribute = self.value(node.node or node), self._attribute(node)
        arguments = [self.value(argument) for argument in node.args[:1]]
        to_text = self._row_formatter(node, attribute)
        if node.name == "sum":
            return lambda frame: sum(
                item for item in gathered(rows(frame), attribute) if item is not None
            )

        def join(frame: Frame) -> str:
            separator = str(arguments[0](frame)) if arguments else ", "
            return separator.join(
                str(to_text(item))
                for item in gathered(rows(frame), attribute)
                if not is_empty(item)
            )

        return join

    def _attribute(self, node: nodes.Filter) -> str:
        named: dict[str, nodes.Expr] = {str(pair.key): pair.value for pair in node.kwargs}
        if not named:
            return ""
        constant = named.get("attribute")
        if (
            len(named) > 1
            or not isinstance(constant, nodes.Const)
            or not is_attribute(str(constant.value))
        ):
            conseil = "Écrivez par exemple lignes|join(', ', attribute='nom')."
            self.problems.append(
                Problem(f"le filtre « {node.name} » ne prend que attribute='champ'", conseil)
            )
            return ""
        return str(constant.value)

    def _row_formatter(self, node: nodes.Filter, attribute: str) -> Formatter:
        rows = self.paths.get(node.node) if isinstance(node.node, nodes.Expr) else None
        if rows is None or rows.node is None:
            return formatter(TEXT)
        leaf = rows.node.find(attribute) if attribute else rows.node
        if leaf is None or leaf.kind is not Kind.LEAF:
            self.problems.append(
                Problem(
                    f"« {rows.node.path} » n'a pas de valeur « {attribute} » à réunir",
                    "Nommez une valeur de ces lignes.",
                    misfit=True,
                )
            )
            return formatter(TEXT)
        if node.name == "join":
            self.prints.append((leaf.path, self.conditions))
        return formatter(leaf.format)


def nothing(frame: Frame) -> None:
    """La valeur d'une expression fautive : le modèle sera refusé avant de servir."""
    return None


def _is_true(evaluate: Evaluate) -> Test:
    def test(frame: Frame) -> bool:
        value = evaluate(frame)
        if value.__class__ is str:  # nearly always
            return value != "" and not value.isspace()
        return truth(value)

    return test


def _constant(value: Any) -> Evaluate:
    return lambda frame: value


def _local(slot: int) -> Evaluate:
    return lambda frame: frame.locals[slot]


def _note(given: Evaluate, text: str) -> Evaluate:
    """The data may withhold a note (it does not apply) by giving it empty; without a word from the
    data, it is printed.
    """

    def read(frame: Frame) -> Any:
        try:
            return given(frame)
        except MissingValueError:
            return text

    return read


def _first_present(frame: Frame, operand: Evaluate, other: list[Evaluate]) -> Any:
    try:
        value = operand(frame)
    except MissingValueError:
        value = None
    return other[0](frame) if is_empty(value) and other else value
