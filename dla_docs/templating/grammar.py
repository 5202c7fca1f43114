"""Le langage des balises, lu par l'analyseur de Jinja : d'un texte à un arbre, ou à un problème dit
en français.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

from jinja2 import Environment, TemplateSyntaxError, nodes

from dla_docs.templating.scope import RESERVED, Step

MAX_SOURCE, MAX_NODES = 1000, 100
SHORT = MAX_NODES // 2 - 2  # characters that cannot make that many nodes: each makes two at most


@dataclass(frozen=True, slots=True)
class Problem:
    """Ce qu'une expression a de faux ; ``misfit`` : elle nomme un champ que le modèle ne connaît
    pas.
    """

    message: str
    advice: str = ""
    misfit: bool = False


Body = list[nodes.Node]
Parse = Callable[[str, str], "Body | Problem"]
"""Ce qui rend l'arbre d'un texte et de l'expression qui y est : ``parsed``, ou qui l'a déjà."""


def parse_print(source: str, parse: Parse) -> nodes.Expr | Problem:
    """L'arbre de ``{{ source }}``."""
    body = parse("{{ " + source + " }}", source)
    if isinstance(body, Problem):
        return body
    expressions = body[0].nodes if len(body) == 1 and isinstance(body[0], nodes.Output) else []
    return (
        expressions[0]
        if len(expressions) == 1 and isinstance(expressions[0], nodes.Expr)
        else _unreadable(source)
    )


def parse_test(source: str, parse: Parse) -> nodes.Expr | Problem:
    """L'arbre de la condition de ``{% if source %}``."""
    body = parse("{% if " + source + " %}{% endif %}", source)
    if isinstance(body, Problem):
        return body
    test = body[0].test if len(body) == 1 and isinstance(body[0], nodes.If) else None
    return test if isinstance(test, nodes.Expr) else _unreadable(source)


def parse_loop(source: str, parse: Parse) -> tuple[str, nodes.Expr, nodes.Expr | None] | Problem:
    """Le nom, la suite et la condition de ``{% for nom in suite if condition %}``."""
    body = parse("{% for " + source + " %}{% endfor %}", source)
    if isinstance(body, Problem):
        return body
    loop = body[0] if len(body) == 1 else None
    if not isinstance(loop, nodes.For) or not isinstance(loop.target, nodes.Name) or loop.recursive:
        return Problem(
            f"la boucle « for {source} » n'est pas admise", "Écrivez « for ligne in lignes »."
        )
    if loop.target.name.startswith("_") or loop.target.name in ("loop", *RESERVED):
        return Problem(
            f"« {loop.target.name} » est un nom réservé", "Donnez un autre nom à la ligne."
        )
    rows, test = loop.iter, loop.test
    if not isinstance(rows, nodes.Expr) or not (test is None or isinstance(test, nodes.Expr)):
        return _unreadable(source)
    return loop.target.name, rows, test


Path = tuple[str, tuple[Step, ...]]


@lru_cache(8192)  # a tree is asked for its paths to be printed, tested, and held to the contract
def path_of(node: nodes.Expr) -> Path | None:
    """Le nom d'où part un chemin (``a``, ``a.b``, ``a["b"]``, ``a[0].b``), et ses pas ; ``None``
    quand ce n'en est pas un.
    """
    steps: list[Step] = []
    while not isinstance(node, nodes.Name):
        if isinstance(node, nodes.Getattr):
            steps.append(node.attr)
        elif (
            isinstance(node, nodes.Getitem)
            and isinstance(node.arg, nodes.Const)
            and isinstance(node.arg.value, str | int)
        ):
            steps.append(node.arg.value)
        else:
            return None
        node = node.node
    return node.name, tuple(reversed(steps))


@lru_cache(4096)
def paths_in(tree: nodes.Node) -> tuple[nodes.Expr, ...]:
    """Les chemins que dit un arbre, chacun entier : de ``a.b or c``, ``a.b`` et ``c``."""
    if isinstance(tree, nodes.Expr) and path_of(tree):
        return (tree,)
    return tuple(path for below in tree.iter_child_nodes() for path in paths_in(below))


@cache
def _environment() -> Environment:
    return Environment()  # its parser only: nothing is ever rendered by it


@lru_cache(4096)  # templates say the same things over and over; nobody changes a tree
def parsed(text: str, source: str) -> Body | Problem:
    """Ce que Jinja rend de ``text``, où est ``source``."""
    if len(source) > MAX_SOURCE:
        return Problem(
            "cette expression est trop longue", "Calculez la valeur avant, et imprimez-la."
        )
    try:
        tree = _environment().parse(text)
        if len(source) > SHORT and sum(1 for _ in tree.find_all(nodes.Node)) > MAX_NODES:
            return Problem(
                "cette expression est trop compliquée", "Calculez la valeur avant, et imprimez-la."
            )
        return tree.body
    except (TemplateSyntaxError, RecursionError, ValueError):
        return _unreadable(source)


def _unreadable(source: str) -> Problem:
    return Problem(
        f"l'expression « {source} » ne se lit pas",
        "Vérifiez les guillemets, les parenthèses et les noms (sans accent ni espace).",
    )
