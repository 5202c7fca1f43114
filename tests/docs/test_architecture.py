"""La page « Architecture » : elle cite toutes les pièces, et les importations vont dans le sens
qu'elle dit.
"""

from __future__ import annotations

import ast
import importlib
import re
import xml.etree.ElementTree as ET
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import dla_docs
from dla_docs import errors
from tests.docs.pages import ROOT, blocs
from tests.imports import Import, imports_of, read_imports

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PACKAGE = ROOT / "dla_docs"
TOP_MODULES = 12


def floors() -> list[list[str]]:
    """Les étages du tableau, du haut vers le bas, chacun avec ses pièces."""
    table = PAGE.partition("| étage | pièces |")[2].partition("\n\n")[0]
    return [re.findall(r"`(\w+)`", line) for line in table.splitlines()[2:]]


@cache
def paths() -> dict[str, Path]:
    """Les modules du paquet : ``documents.proposition``, ``cli``."""
    return {
        ".".join(_parts(path)): path
        for path in PACKAGE.rglob("*.py")
        if path != PACKAGE / "__init__.py"
    }


def modules() -> dict[str, frozenset[str]]:
    """Les modules du paquet, et ceux que chacun importe, pour les seuls types aussi."""
    return {
        name: frozenset(filter(None, map(aimed_at, imports_of(path)))) - {name}
        for name, path in paths().items()
    }


def _parts(path: Path) -> tuple[str, ...]:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


def aimed_at(one: Import) -> str | None:
    """Le module du paquet que vise une importation ; un nom public vise le module dont il vient."""
    if one.module == "dla_docs" and one.thing in public_homes():
        return public_homes()[one.thing]
    names = (f"{one.module}.{one.thing}", one.module)
    inside = (name.removeprefix("dla_docs.") for name in names if name.startswith("dla_docs."))
    return next((name for name in inside if name in paths()), None)


@cache
def public_homes() -> dict[str, str]:
    """Ce que le paquet donne à qui l'importe, et le module dont chaque nom vient."""
    return {
        one.thing: one.module.removeprefix("dla_docs.")
        for one in imports_of(PACKAGE / "__init__.py")
        if one.module.startswith("dla_docs.")
    }


def room(module: str) -> str:
    """La pièce d'un module : ``documents`` pour ``documents.proposition``."""
    return module.partition(".")[0]


def test_the_page_cites_every_room_once() -> None:
    assert sorted(one for floor in floors() for one in floor) == sorted(set(map(room, modules())))


def test_few_modules_stand_at_the_top() -> None:
    assert len({path.stem for path in PACKAGE.glob("*.py")} - {"__init__"}) <= TOP_MODULES


@pytest.mark.parametrize(
    "form",
    [
        "import dla_docs.stages.verdict",
        "import dla_docs.stages.verdict as jugement",
        "from dla_docs.stages.verdict import check",
        "from dla_docs.stages import verdict",
        "from dla_docs import check",
        "import dla_docs; dla_docs.check",
        "import dla_docs as tout; tout.check",
        "from ..stages import verdict",
        "from ..stages.verdict import check",
        "from importlib import import_module; import_module('dla_docs.stages.verdict')",
        "import importlib; importlib.import_module('..stages.verdict', __package__)",
        "__import__(VERDICT)",
    ],
)
@pytest.mark.parametrize("place", ["{}", "def function():\n    {}", "if TYPE_CHECKING:\n    {}"])
def test_no_form_of_import_is_overlooked(form: str, place: str) -> None:
    text = f"VERDICT = 'dla_docs.stages.verdict'\n{place.format(form)}"
    found = map(aimed_at, read_imports(text, "dla_docs.parties"))
    assert "stages.verdict" in set(found)


def test_only_the_doors_and_what_makes_pages_write_on_the_screen() -> None:
    assert {room(name) for name, path in paths().items() if prints(path)} == {
        "builder",
        "cli",
        "gallery",
        "manual",
    }


def prints(path: Path) -> bool:
    """Vrai d'un module qui appelle ``print``."""
    text = path.read_text(encoding="utf-8")
    return "print(" in text and any(
        isinstance(node, ast.Call) and ast.unparse(node.func) == "print"
        for node in ast.walk(ast.parse(text))
    )


def test_imports_go_down() -> None:
    height = {one: -number for number, floor in enumerate(floors()) for one in floor}
    assert {
        (module, one)
        for module, imported in modules().items()
        for one in imported
        if height[room(one)] > height[room(module)]
    } == set()


def test_no_module_leads_back_to_itself() -> None:
    TopologicalSorter(modules()).prepare()  # CycleError says the way round


def test_no_room_leads_back_to_itself() -> None:
    rooms: dict[str, set[str]] = {}
    for module, imported in modules().items():
        rooms.setdefault(room(module), set()).update({*map(room, imported)} - {room(module)})
    TopologicalSorter(rooms).prepare()


def test_the_declaration_that_the_page_quotes_is_in_the_code() -> None:
    quoted = next(
        bloc.texte.strip()
        for bloc in blocs(ROOT / "docs" / "architecture.md")
        if bloc.langue == "text"
    )
    assert any(quoted in path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))


def test_the_picture_names_functions_that_exist() -> None:
    picture = ET.parse(ROOT / "docs" / "images" / "flux.svg")
    named = {
        text.text
        for text in picture.iter("{http://www.w3.org/2000/svg}text")
        if text.get("class") == "appel"
    }
    assert named == {"load", "check", "render", "verify", "convert", "trame", "read", "write_back"}
    assert named <= set(dla_docs.__all__)


NAMED = re.compile("``([a-z_]+)``")


@pytest.mark.parametrize(
    "piece", sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
)
def test_a_piece_names_modules_that_exist_and_all_of_them_when_it_lists_them(piece: str) -> None:
    said = importlib.import_module(f"dla_docs.{piece}")
    named = set(NAMED.findall(said.__doc__ or ""))
    held = {path.stem for path in Path(said.__path__[0]).glob("*.py")} - {"__init__"}
    above = {path.stem for path in PACKAGE.glob("*.py")}
    assert named - held - above - set(vars(said)) == set()
    assert not named & held or named >= held


def test_the_tree_of_errors_names_them_all() -> None:
    drawn = set(re.findall(r"\w+Error", errors.__doc__ or ""))
    assert drawn == {
        name
        for name, one in vars(errors).items()
        if isinstance(one, type) and issubclass(one, errors.DlaDocsError)
    }
