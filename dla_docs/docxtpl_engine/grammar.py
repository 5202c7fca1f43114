"""Ce qu'un modèle docxtpl a le droit d'écrire : l'arbre de ses balises est relu avant d'être
exécuté, et n'a que des nœuds d'une liste ; les boucles et les textes mis bout à bout y deviennent
des opérations comptées.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from jinja2 import nodes
from jinja2.visitor import NodeTransformer

from dla_docs.docxtpl_engine.operations import FILTERS, LOOP, LOOP_CALLS, METHODS, TESTS
from dla_docs.spelling import did_you_mean, meant
from dla_docs.templating.grammar import Path, path_of
from dla_docs.templating.scope import Scope, UnknownPath

# Names that no template can write.
COUNTED, TOGETHER, SEVERAL, NAMED_SEVERAL = " boucle", " ensemble", " suite", " suite nommée"
EXACT = " nombre exact"
ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.For, nodes.If, nodes.Assign,
    nodes.Name, nodes.Const, nodes.List, nodes.Tuple, nodes.Dict, nodes.Pair, nodes.Keyword,
    nodes.CondExpr, nodes.Filter, nodes.Test, nodes.Call, nodes.Getattr, nodes.Getitem, nodes.Not,
    nodes.And, nodes.Or, nodes.Neg, nodes.Pos, nodes.Add, nodes.Sub, nodes.Mul, nodes.Div,
    nodes.FloorDiv, nodes.Mod, nodes.Concat, nodes.Compare, nodes.Operand,
)  # fmt: skip
NAMED = {
    "Include": "{% include %}", "Import": "{% import %}", "FromImport": "{% from … import %}",
    "Extends": "{% extends %}", "Block": "{% block %}", "Macro": "{% macro %}",
    "CallBlock": "{% call %}", "FilterBlock": "{% filter %}",
    "AssignBlock": "{% set %} … {% endset %}",
    "With": "{% with %}", "Pow": "l'opération « ** »", "Slice": "cette tranche (« [a:b] »)",
    "Scope": "{% autoescape %}",
    "NSRef": "une affectation à un champ", "Break": "{% break %}", "Continue": "{% continue %}",
}  # fmt: skip
OURS = "Une balise lit, compare et imprime des valeurs ; elle n'en fait pas plus."
PRIVATE = ("self", "super", "caller", "varargs", "kwargs")


@dataclass(frozen=True)
class Fault:
    """Ce qu'une balise a de faux ; ``line`` : celle du texte que lit Jinja."""

    message: str
    conseil: str
    line: int


def faults(tree: nodes.Template, scope: Scope, calls: frozenset[str]) -> list[Fault]:
    """Tout ce que ce modèle n'a pas le droit d'écrire ; ``calls`` : ce qu'il peut appeler."""
    found = [*_Reader(calls).read(tree, _Names(scope))]
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class _Names:
    """What is visible at a place; ``free``: the names that the template gave a computed value."""

    scope: Scope
    free: frozenset[str] = frozenset()

    def freed(self, *names: str) -> _Names:
        return replace(self, free=self.free | {*names})


class _Reader:
    def __init__(self, calls: frozenset[str]) -> None:
        self.calls = calls

    def read(self, node: nodes.Node, names: _Names) -> Iterator[Fault]:
        if not isinstance(node, ALLOWED):
            what = NAMED.get(type(node).__name__, "cette construction")
            yield Fault(f"ce modèle n'a pas droit à {what}", OURS, _line_of(node))
            return
        yield from self._own(node)
        if isinstance(node, nodes.For):
            yield from self._loop(node, names)
        elif isinstance(node, nodes.Call):
            yield from self._call(node, names)
        elif isinstance(node, nodes.Expr) and (path := path_of(node)):
            yield from self._path(node, path, names)
        else:
            yield from self._below(node, names)

    def _below(self, node: nodes.Node, names: _Names) -> Iterator[Fault]:
        """What is set is known to what follows, in the same block and after its conditions."""
        for child in node.iter_child_nodes():
            if isinstance(child, nodes.Assign):
                yield from self.read(child.node, names)
                if not isinstance(child.target, nodes.Name | nodes.Tuple):
                    yield from self.read(child.target, names)
            else:
                yield from self.read(child, names)
            names = names.freed(*_set_by(child))

    def _own(self, node: nodes.Node) -> Iterator[Fault]:
        if isinstance(node, nodes.Filter | nodes.Test):
            known = FILTERS if isinstance(node, nodes.Filter) else TESTS
            kind = "filtre" if isinstance(node, nodes.Filter) else "test"
            if node.name not in known:
                near = did_you_mean(meant(node.name, known))
                advice = near or f"Les {kind}s admis sont : {', '.join(known)}."
                yield Fault(f"le {kind} « {node.name} » n'est pas admis", advice, node.lineno)
            if node.dyn_args is not None or node.dyn_kwargs is not None:
                yield _starred(node)
        for name in (getattr(node, "attr", ""), getattr(node, "name", "")):
            if isinstance(name, str) and name.startswith("_"):
                yield Fault(
                    f"un nom ne peut pas commencer par « _ » (« {name} »)",
                    "Écrivez le nom d'un champ.",
                    node.lineno,
                )

    def _loop(self, node: nodes.For, names: _Names) -> Iterator[Fault]:
        if node.recursive:
            yield Fault("une boucle « recursive » n'est pas admise", OURS, node.lineno)
        yield from self.read(node.iter, names)
        inside = self._entered(node, names)
        held = [*([node.test] if node.test else ()), *node.body]
        yield from self._below(nodes.Output(held, lineno=node.lineno), inside)
        yield from self._below(nodes.Output(node.else_, lineno=node.lineno), names)

    def _entered(self, node: nodes.For, names: _Names) -> _Names:
        rows_of = node.iter
        if (
            isinstance(node.target, nodes.Name)
            and isinstance(rows_of, nodes.Expr)
            and (path := path_of(rows_of))
        ):
            name, steps = path
            if name not in names.free:
                try:
                    _, _, rows = names.scope.resolve(name, steps)
                except UnknownPath:
                    return names.freed(node.target.name, "loop")
                scope = names.scope.enter(node.target.name, rows)
                held = names.free - {node.target.name} | {"loop"}
                return _Names(scope, held)
        return names.freed("loop", *_named(node.target))

    def _call(self, node: nodes.Call, names: _Names) -> Iterator[Fault]:
        if node.dyn_args is not None or node.dyn_kwargs is not None:
            yield _starred(node)
        called = node.node
        if isinstance(called, nodes.Name) and called.name in self.calls:
            pass
        elif isinstance(called, nodes.Getattr) and called.attr in (*METHODS, *LOOP_CALLS):
            yield from self.read(called.node, names)
        else:
            shown = getattr(called, "name", None) or getattr(called, "attr", None) or "…"
            known = ", ".join(sorted({*self.calls, *METHODS}))
            yield Fault(
                f"l'appel « {shown}(…) » n'est pas admis",
                f"Une balise n'appelle que : {known}.",
                node.lineno,
            )
        for argument in (*node.args, *node.kwargs):
            yield from self.read(argument, names)

    def _path(self, node: nodes.Expr, path: Path, names: _Names) -> Iterator[Fault]:
        name, steps = path
        private = [one for one in (name, *steps) if str(one).startswith("_")]
        if private or name in PRIVATE:
            said = private[0] if private else name
            message = f"le nom « {said} » n'est pas admis dans une balise"
            yield Fault(message, "Écrivez le nom d'un champ.", node.lineno)
        elif name == "loop" and "loop" in names.free:
            if steps and str(steps[0]) not in LOOP:
                advice = f"Il offre {', '.join(f'loop.{one}' for one in LOOP)}."
                yield Fault(f"« loop.{steps[0]} » n'existe pas", advice, node.lineno)
        elif name not in names.free:
            try:
                names.scope.resolve(name, steps)
            except UnknownPath as unknown:
                yield Fault(unknown.problem, unknown.advice, node.lineno)


def _named(target: nodes.Node) -> Iterator[str]:
    """The names that « set » or « for » gives a value."""
    if isinstance(target, nodes.Name):
        yield target.name
    for child in target.iter_child_nodes():
        yield from _named(child)


def _set_by(node: nodes.Node) -> Iterator[str]:
    """The names that it leaves a value to: a loop keeps its own."""
    if isinstance(node, nodes.Assign):
        yield from _named(node.target)
    elif isinstance(node, nodes.If):
        for child in node.iter_child_nodes():
            yield from _set_by(child)


def _line_of(node: nodes.Node) -> int:
    """Its line, which Jinja leaves out of {% autoescape %}."""
    return node.lineno or next((one.lineno for one in node.iter_child_nodes() if one.lineno), 0)


def _starred(node: nodes.Node) -> Fault:
    return Fault("« * » n'est pas admis devant un argument", OURS, node.lineno)


class Counted(NodeTransformer):
    """Récrit les boucles, les textes mis bout à bout et les suites en opérations comptées."""

    def visit_For(self, node: nodes.For) -> nodes.For:
        """La boucle compte ses tours, et ce que chacun écrit."""
        self.generic_visit(node)
        data = (one.data for part in node.body for one in part.find_all(nodes.TemplateData))
        own = (part.data for part in node.body if isinstance(part, nodes.TemplateData))
        weight = nodes.Const(sum(map(len, (*data, *own))) + 1)
        node.iter = nodes.Filter(node.iter, COUNTED, [weight], [], None, None, lineno=node.lineno)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Filter:
        """``a ~ b``."""
        self.generic_visit(node)
        held = nodes.List(node.nodes, lineno=node.lineno)
        return nodes.Filter(held, TOGETHER, [], [], None, None, lineno=node.lineno)

    def visit_Const(self, node: nodes.Const) -> nodes.Expr:
        """``0.1`` : un dixième, comme le montant auquel il se compare."""
        if not isinstance(node.value, float):
            return node
        return nodes.Filter(node, EXACT, [], [], None, None, lineno=node.lineno)

    def visit_CondExpr(self, node: nodes.CondExpr) -> nodes.CondExpr:
        """``a if b`` : rien, autrement."""
        self.generic_visit(node)
        node.expr2 = node.expr2 or nodes.Const("", lineno=node.lineno)
        return node

    def visit_List(self, node: nodes.List) -> nodes.Filter:
        """``[a, b]``."""
        self.generic_visit(node)
        return nodes.Filter(node, SEVERAL, [], [], None, None, lineno=node.lineno)

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Expr:
        """``(a, b)``, sauf les noms d'une boucle."""
        self.generic_visit(node)
        if node.ctx != "load":
            return node
        return nodes.Filter(node, SEVERAL, [], [], None, None, lineno=node.lineno)

    def visit_Dict(self, node: nodes.Dict) -> nodes.Expr:
        """``{a: b}``."""
        self.generic_visit(node)
        return nodes.Filter(node, NAMED_SEVERAL, [], [], None, None, lineno=node.lineno)
