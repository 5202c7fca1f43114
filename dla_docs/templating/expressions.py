"""Une expression comprise : ce qu'elle vaut, comment elle s'imprime, ce qu'elle imprime au sens du
contrat.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property

from jinja2 import nodes

from dla_docs.model.formats import FORMATS
from dla_docs.model.node import Kind
from dla_docs.templating.conditions import ALWAYS, Conditions, conditions_of, strictly
from dla_docs.templating.evaluation import ToText, ValueBinder, nothing
from dla_docs.templating.frame import Frame
from dla_docs.templating.grammar import Problem, path_of
from dla_docs.templating.lookup import Evaluate, MissingValueError
from dla_docs.templating.operators import TEXT_FILTERS, is_empty, truth
from dla_docs.templating.printing import TEXT, Formatter, Printable, formatter
from dla_docs.templating.scope import Ref, Scope


@dataclass(frozen=True)
class Bound:
    """``path`` : ce que désigne un chemin tout simple ; ``prints`` : les chemins imprimés et leurs
    conditions ; ``reads`` : tous les chemins lus ; ``test`` : de ce qui ne s'imprime pas, son arbre
    et ce que ses chemins désignent.
    """

    evaluate: Evaluate
    text: ToText
    path: Ref | None = None
    prints: tuple[tuple[str, Conditions], ...] = ()
    reads: frozenset[str] = frozenset()
    test: tuple[nodes.Expr, Mapping[nodes.Expr, Ref]] | None = None
    problems: tuple[Problem, ...] = ()

    @cached_property
    def holds(self) -> Conditions:
        """De quoi dépend, au sens du contrat, qu'une condition soit vraie."""
        return conditions_of(*self.test) if self.test else ALWAYS

    @cached_property
    def fails(self) -> Conditions:
        """De quoi dépend qu'elle soit fausse."""
        return strictly(*self.test) if self.test else ALWAYS


class Use(Enum):
    """Ce qu'on attend d'une expression : un texte, une suite de lignes, ou qu'elle soit vraie."""

    PRINT = auto()
    ROWS = auto()
    TEST = auto()


def bind(tree: nodes.Expr | Problem, scope: Scope, use: Use = Use.PRINT) -> Bound:
    """Attache les noms d'une expression à ce qu'ils désignent ; tout ce qu'elle a de faux est dans
    ``problems``. ``evaluate`` d'une condition dit si elle est vraie.
    """
    if isinstance(tree, Problem):
        return Bound(nothing, _no_text, problems=(tree,))
    binder = _TextBinder(scope)
    text = binder.text(tree) if use is Use.PRINT else _no_text
    evaluate = binder.test(tree) if use is Use.TEST else binder.value(tree)
    return Bound(
        evaluate,
        text,
        path=binder.paths.get(tree),
        prints=tuple(dict.fromkeys(binder.prints)),
        reads=frozenset(binder.reads),
        test=None if use is Use.PRINT else (tree, binder.paths),
        problems=tuple(dict.fromkeys(binder.problems)),
    )


class _TextBinder(ValueBinder):
    """How each node prints: a path by the format of its field,
    the rest by the type of its value."""

    def text(self, node: nodes.Expr) -> ToText:
        if path_of(node):
            return self._path_text(node)
        if isinstance(node, nodes.CondExpr):
            return self._choice(node)
        if isinstance(node, nodes.Or):
            return self._alternative(node)
        if isinstance(node, nodes.Concat):
            return self._concatenation(node)
        if isinstance(node, nodes.Filter) and node.node is not None:
            return self._filtered(node, node.node)
        return _formatted(self.value(node), formatter(TEXT))

    def _path_text(self, node: nodes.Expr) -> ToText:
        evaluate, ref = self.value(node), self.paths.get(node)
        if ref is None:
            return _formatted(evaluate, formatter(TEXT))
        self.prints.append((ref.schema, self.conditions))
        if ref.node is not None and (ref.node.kind is Kind.PART or ref.node.kind is Kind.ROWS):
            self.problems.append(
                Problem(
                    f"« {ref.node.path} » est un ensemble de valeurs, qui ne s'imprime pas",
                    "Imprimez ses valeurs une à une.",
                )
            )
        return _formatted(evaluate, formatter(ref.node.format if ref.node else TEXT))

    def _choice(self, node: nodes.CondExpr) -> ToText:
        test = self.value(node.test)
        yes = self._under(conditions_of(node.test, self.paths), node.expr1)
        no = self._under(strictly(node.test, self.paths), node.expr2) if node.expr2 else _no_text
        return lambda frame: yes(frame) if truth(test(frame)) else no(frame)

    def _alternative(self, node: nodes.Or) -> ToText:
        test = self.value(node.left)
        left, right = self.text(node.left), self._under(strictly(node.left, self.paths), node.right)
        return lambda frame: left(frame) if truth(test(frame)) else right(frame)

    def _under(self, conditions: Conditions, node: nodes.Expr) -> ToText:
        before, self.conditions = self.conditions, self.conditions | conditions
        text, self.conditions = self.text(node), before
        return text

    def _concatenation(self, node: nodes.Concat) -> ToText:
        pieces = [self.text(piece) for piece in node.nodes]
        return lambda frame: "".join(str(piece(frame)) for piece in pieces)

    def _filtered(self, node: nodes.Filter, operand: nodes.Expr) -> ToText:
        if node.name in ("default", "d"):
            return self._default(node, operand)
        if node.name in TEXT_FILTERS:
            text, arguments, apply = (
                self.text(operand),
                self.arguments(node),
                TEXT_FILTERS[node.name],
            )
            return lambda frame: apply(
                str(text(frame)), *(str(argument(frame)) for argument in arguments)
            )
        if node.name in FORMATS:
            self.text(operand)  # it counts as printed
            self.arguments(node, 0)
            return _formatted(self.value(operand), formatter(node.name))
        if node.name in ("first", "last"):
            self.text(operand)
        return _formatted(self.value(node), formatter(self._format_of(operand)))

    def _default(self, node: nodes.Filter, operand: nodes.Expr) -> ToText:
        value, text = self.value(operand), self.text(operand)
        others = [self.text(argument) for argument in node.args[:1]]
        self.arguments(node, 1)

        def first_present(frame: Frame) -> Printable:
            try:
                empty = is_empty(value(frame))
            except MissingValueError:
                empty = True
            return (others[0](frame) if others else "") if empty else text(frame)

        return first_present

    def _format_of(self, operand: nodes.Expr) -> str:
        ref = self.paths.get(operand)
        return ref.node.format if ref is not None and ref.node is not None else TEXT


def _no_text(frame: Frame) -> str:
    return ""


def _formatted(evaluate: Evaluate, to_text: Formatter) -> ToText:
    def text(frame: Frame) -> Printable:
        value = evaluate(frame)
        return value if value.__class__ is str and plain else to_text(value)

    plain = to_text is formatter(TEXT)
    return text
