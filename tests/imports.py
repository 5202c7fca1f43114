"""Ce qu'un module Python importe, sous quelque forme qu'il l'écrive."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
BY_NAME = ("import_module", "__import__", "importorskip", "find_spec")


@dataclass(frozen=True)
class Import:
    """Un module, la chose qui y est prise, et si le chargement suffit à l'importer : ni dans une
    fonction, ni pour les seuls types, ni sous un « except ImportError ».
    """

    module: str
    thing: str = ""
    at_load: bool = True


@cache
def imports_of(path: Path) -> tuple[Import, ...]:
    """Les importations d'un fichier du dépôt."""
    place = path.relative_to(ROOT).with_suffix("").parts
    return tuple(read_imports(path.read_text(encoding="utf-8"), ".".join(place[:-1])))


def read_imports(text: str, package: str) -> Iterator[Import]:
    """Les importations de ce texte, celui d'un module de ``package``."""
    tree = ast.parse(text)
    return _walk(tree, _Names(package, _constants(tree), _bound(tree)), True)


@dataclass(frozen=True)
class _Names:
    """What the names of a module stand for."""

    package: str
    constants: dict[str, str]
    bound: dict[str, str]


def _constants(tree: ast.Module) -> dict[str, str]:
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _bound(tree: ast.Module) -> dict[str, str]:
    """``import a.b`` binds ``a``, ``import a.b as c`` binds ``c``: then ``c.d`` is taken in it."""
    return {
        alias.asname or alias.name.partition(".")[0]: alias.name
        if alias.asname
        else alias.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }


def _walk(node: ast.AST, names: _Names, at_load: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        sure = at_load and not _waits(child)
        yield from (Import(module, thing, sure) for module, thing in _written(child, names))
        yield from _walk(child, names, sure)


def _waits(node: ast.AST) -> bool:
    if isinstance(node, ast.If):
        return "TYPE_CHECKING" in ast.unparse(node.test)
    if isinstance(node, ast.Try):
        caught = " ".join(ast.unparse(one.type) for one in node.handlers if one.type)
        return "ImportError" in caught or "ModuleNotFoundError" in caught
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)


def _written(node: ast.AST, names: _Names) -> Iterator[tuple[str, str]]:
    """The module, and the thing taken from it, a module too perhaps."""
    if isinstance(node, ast.Import):
        yield from ((alias.name, "") for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        home = _resolved("." * node.level + (node.module or ""), names.package)
        yield from ((home, alias.name) for alias in node.names)
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        bound = names.bound.get(node.value.id)
        yield from [(bound, node.attr)] if bound else []
    elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(BY_NAME):
        said = (_said(one, names.constants) for one in node.args[:1])
        yield from ((_resolved(module, names.package), "") for module in said if module)


def _said(node: ast.expr, constants: dict[str, str]) -> str:
    if isinstance(node, ast.Name):
        return constants.get(node.id, "")
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _resolved(module: str, package: str) -> str:
    """``..stages`` in ``dla_docs.parties`` is ``dla_docs.stages``."""
    level = len(module) - len(module.lstrip("."))
    if not level:
        return module
    above = package.split(".")[: len(package.split(".")) - level + 1]
    return ".".join([*above, module.lstrip(".")]).rstrip(".")
