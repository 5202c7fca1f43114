"""L'environnement clos où docxtpl fait calculer les balises : celui de Jinja, dont tout ce qui
atteint un objet est fermé.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from jinja2 import StrictUndefined, Undefined, nodes, pass_eval_context
from jinja2.runtime import LoopContext
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from dla_docs.docxtpl_engine.bounds import Budget
from dla_docs.docxtpl_engine.grammar import (
    COUNTED,
    EXACT,
    NAMED_SEVERAL,
    SEVERAL,
    TOGETHER,
    Counted,
    Fault,
    faults,
)
from dla_docs.docxtpl_engine.operations import (
    FILTERS,
    LOOP,
    LOOP_CALLS,
    METHODS,
    OPERATORS,
    TESTS,
    computed,
    field_of,
    several,
    together,
)
from dla_docs.docxtpl_engine.values import Leaf, Part, Refusal, raw_of
from dla_docs.templating.operators import exact
from dla_docs.templating.scope import Scope

Printer = Callable[[Any], Markup]


class Allowed:
    """Ce qu'une balise peut appeler, et rien d'autre ne peut l'être."""

    __slots__ = ("_call",)

    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call

    def __call__(self, *given: Any, **named: Any) -> Any:
        return self._call(*given, **named)


class FaultyTemplate(Exception):
    """Un modèle écrit ce qui n'est pas admis : ``faults`` dit tout."""

    def __init__(self, found: list[Fault]) -> None:
        super().__init__(found[0].message)
        self.faults = found


class Sandbox(SandboxedEnvironment):
    """Un environnement d'un seul rendu. ``calls`` : ce qu'une balise peut appeler ; ``printer`` :
    ce qui imprime une valeur.
    """

    intercepted_unops = frozenset(("+", "-"))
    intercepted_binops = frozenset(OPERATORS)  # « ** » is none that a template may write

    def __init__(
        self, scope: Scope, calls: Mapping[str, Callable[..., Any]], printer: Printer
    ) -> None:
        super().__init__(
            autoescape=True,
            # With the context, it prints constants too, which Jinja would print « 1.5 », « True ».
            finalize=pass_eval_context(lambda _, value: printer(value)),
            undefined=StrictUndefined,
            optimized=False,
            cache_size=0,
        )
        self.scope, self.budget = scope, Budget()
        self.globals = {name: Allowed(call) for name, call in calls.items()}
        self.filters = {
            **FILTERS,
            COUNTED: self.budget.rows,
            TOGETHER: together,
            SEVERAL: several,
            NAMED_SEVERAL: lambda held: several(held.values()) and held,
            EXACT: exact,
        }
        self.tests = dict(TESTS)

    def parsed(self, source: str) -> nodes.Template:
        """L'arbre d'un modèle, relu ; ``FaultyTemplate`` dit tout ce qui n'y est pas admis."""
        tree = self.parse(source)
        if found := faults(tree, self.scope, frozenset(self.globals)):
            raise FaultyTemplate(found)
        return tree

    def compile(self, source: Any, *given: Any, **named: Any) -> Any:
        """Rien n'est compilé qui n'ait été relu."""
        tree = Counted().visit(self.parsed(str(source)))
        return super().compile(tree, *given, **named)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """``a.b`` : un champ, l'avancement d'une boucle, ou une opération de la liste."""
        if isinstance(obj, LoopContext):
            return self._of_loop(obj, attribute)
        if isinstance(obj, Part | dict) and not (
            attribute in METHODS and attribute not in _names(obj)
        ):
            return field_of(obj, attribute)
        if attribute in METHODS:
            return Allowed(partial(METHODS[attribute], obj))
        raise Refusal(f"« .{attribute} » n'est pas admis ici", "Écrivez le nom d'un champ.")

    def getitem(self, obj: Any, argument: Any) -> Any:
        """``a["b"]`` et ``a[0]``."""
        key = raw_of(argument)
        if isinstance(key, str):
            return field_of(obj, key)
        if isinstance(obj, list | tuple) and isinstance(key, int):
            return obj[key] if -len(obj) <= key < len(obj) else Leaf(None, "")
        raise Refusal("un rang entre crochets ne vaut que pour une suite", "Écrivez [0], [1]…")

    def _of_loop(self, loop: LoopContext, name: str) -> Any:
        if name in LOOP_CALLS:
            return Allowed(getattr(loop, name))
        if name in LOOP:
            value = getattr(loop, name)
            return None if isinstance(value, Undefined) else value  # before the first, nothing
        raise Refusal(f"« loop.{name} » n'est pas admis", "")

    def call(self, context: Any, obj: Any, /, *given: Any, **named: Any) -> Any:
        """Un appel de la liste."""
        if not isinstance(obj, Allowed):
            raise Refusal("cet appel n'est pas admis", "")
        own = {name: value for name, value in named.items() if not name.startswith("_")}
        return obj(*given, **own)  # Jinja adds the names that its loops hold

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Un calcul, borné."""
        return computed(operator, left, right)

    def call_unop(self, context: Any, operator: str, arg: Any) -> Any:
        """« -n » et « +n »."""
        return computed(operator, 0, arg)


def _names(obj: Any) -> Any:
    return obj.names() if isinstance(obj, Part) else obj
