"""La page « Les noms publics » : tout ce que la documentation fait importer y est, et chaque
fonction dit ses arguments, ce qu'elle rend et toutes ses erreurs.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest

import dla_docs
from dla_docs import DlaDocsError, Role, errors, load
from dla_docs.manual.api import SINCE, functions, page
from dla_docs.resources import sample_path
from tests.docs.pages import ROOT, blocs, pages
from tests.offices import need_office

ENTRY = re.compile(r"^- ``(\w+)`` :", re.MULTILINE)


def test_the_page_is_what_the_docstrings_say() -> None:
    written = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    assert written == page(), "« python -m dla_docs.manual.api » remet la page à jour"
    assert [name for name in dla_docs.__all__ if f"`{name}`" not in written] == []


def code_of_users() -> Iterator[tuple[str, str]]:
    """What the documentation and the samples give to copy; a block that goes into a file of the
    package says so, and is not a user's.
    """
    for path in pages():
        for bloc in blocs(path):
            if bloc.langue == "python" and not bloc.infos:
                yield f"{path.name}, ligne {bloc.ligne}", bloc.texte
    for path in (*pages(), ROOT / "SECURITY.md", ROOT / "CONTRIBUTING.md"):
        for _, text in re.findall(r"""python -c (["'])(.+?)\1""", path.read_text("utf-8")):
            yield path.name, text
    for path in (ROOT / "samples").glob("*.py"):
        yield path.name, path.read_text(encoding="utf-8")
    for path in (ROOT / "samples").glob("*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                yield path.name, "".join(cell["source"])


def test_each_public_name_says_since_which_version_of_the_journal() -> None:
    said = [name for names in SINCE.values() for name in names]
    assert sorted(said) == dla_docs.__all__
    journal = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert all(f"## [{version}]" in journal for version in SINCE)


def test_the_documentation_imports_public_names_only() -> None:
    found = {
        (where, str(node.module), alias.name)
        for where, text in code_of_users()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom) and str(node.module).partition(".")[0] == "dla_docs"
        for alias in node.names
    }
    assert {name for _, _, name in found} >= {"batch", "load", "reunir", "picture", "workbook"}
    assert [one for one in sorted(found) if one[1] != "dla_docs"] == []
    assert [one for one in sorted(found) if one[2] not in dla_docs.__all__] == []


def test_type_checkers_see_the_names_that_are_loaded() -> None:
    tree = ast.parse(Path(str(dla_docs.__file__)).read_text(encoding="utf-8"))
    seen = {
        alias.asname: f"{node.module}"
        for block in tree.body
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == {name: f"dla_docs.{home}" for name, home in dla_docs._HOMES.items()}


def test_importing_the_package_loads_nothing_else() -> None:
    code = "import sys; before = set(sys.modules); import dla_docs; print(*set(sys.modules)-before)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT)
    ours = {name for name in said.stdout.decode().split() if name.startswith("dla_docs")}
    assert ours == {"dla_docs", "dla_docs.registry"}


def test_every_error_of_the_tree_is_public() -> None:
    tree = {
        name
        for name, held in vars(errors).items()
        if isinstance(held, type) and issubclass(held, DlaDocsError)
    }
    assert len(tree) == 9 and tree <= set(dla_docs.__all__)


def part(function: FunctionType, title: str) -> str:
    """What a docstring says under « Arguments : », « Rend : » or « Erreurs : »."""
    said = re.findall(rf"^{title} :(.*?)(?=^\w+ :|\Z)", inspect.getdoc(function) or "", re.M | re.S)
    return str(said[0]).strip() if len(said) == 1 else ""


@pytest.mark.parametrize("name", functions())
def test_a_function_says_its_arguments_what_it_returns_and_its_errors(name: str) -> None:
    function = functions()[name]
    given = [one for one in inspect.signature(function).parameters if one not in {"self", "cls"}]
    assert ENTRY.findall(part(function, "Arguments")) == given
    assert part(function, "Rend").endswith(".")
    raised = part(function, "Erreurs")
    assert raised == "aucune." or ENTRY.findall(raised)
    for error in ENTRY.findall(raised):
        assert error in dla_docs.__all__ and issubclass(getattr(dla_docs, error), DlaDocsError)


def mission() -> Any:
    return load(sample_path("mission_individuelle"))


def one() -> Any:
    return mission().documents["cahier_des_charges"][0]


HERE = Path(__file__)
ABSENT = HERE.with_name("absent.yaml")
MISUSES: list[tuple[str, Callable[[Path], Any]]] = [
    ("batch", lambda folder: dla_docs.batch(ABSENT, "proposition", folder)),
    ("batch", lambda folder: dla_docs.batch([], "zzz", folder)),
    ("batch", lambda folder: dla_docs.batch([{"zzz": 1}], "proposition", folder)),
    ("check", lambda folder: dla_docs.check(one(), "zzz")),
    ("check", lambda folder: dla_docs.check(sample_path("proposition"))),  # type: ignore[arg-type]
    ("render", lambda folder: dla_docs.render("proposition.yaml")),  # type: ignore[arg-type]
    ("attest", lambda folder: dla_docs.attest("proposition.yaml")),  # type: ignore[arg-type]
    ("check", lambda folder: dla_docs.check(mission().documents["grille_de_suivi"][0], None, "z")),
    ("examine", lambda folder: dla_docs.examine(ABSENT, "proposition")),
    ("examine", lambda folder: dla_docs.examine([], "zzz")),
    ("gather", lambda folder: dla_docs.gather([ABSENT])),
    ("generate", lambda folder: dla_docs.generate(one(), folder / "x.zzz")),
    ("generate", lambda folder: dla_docs.generate(one(), HERE / "x.docx")),
    ("generate", lambda folder: dla_docs.generate(type(one())(), folder / "x.docx")),
    ("generate", lambda folder: dla_docs.generate(sample_path("mission_individuelle"), "x.docx")),
    ("generate", lambda folder: dla_docs.generate(mission(), folder / "x.docx")),
    ("load", lambda folder: dla_docs.load(ABSENT)),
    ("load", lambda folder: dla_docs.load(folder)),
    ("load_profil", lambda folder: dla_docs.load_profil(ABSENT)),
    ("make_dossier", lambda folder: dla_docs.make_dossier(ABSENT, folder)),
    ("make_dossier", lambda folder: dla_docs.make_dossier(mission(), HERE)),
    ("picture", lambda folder: dla_docs.picture(b"zzz")),
    ("read", lambda folder: dla_docs.read(b"zzz")),
    ("read", lambda folder: dla_docs.read(ABSENT)),
    ("read", lambda folder: dla_docs.read(dla_docs.trame("proposition"), "m.yaml")),  # type: ignore[arg-type]
    ("read", lambda folder: dla_docs.read(dla_docs.trame("proposition"), mission())),
    ("refresh", lambda folder: dla_docs.refresh(dla_docs.trame("proposition"), one())),
    ("refresh", lambda folder: dla_docs.refresh(b"zzz", one())),
    ("render", lambda folder: dla_docs.render(type(one())())),
    ("render", lambda folder: dla_docs.render(one(), modele=ABSENT)),
    ("reunir", lambda folder: dla_docs.reunir([])),
    ("reunir", lambda folder: dla_docs.reunir([b"zzz"])),
    ("synthesise", lambda folder: dla_docs.synthesise([])),
    ("synthesise", lambda folder: dla_docs.synthesise([], seuil=0)),
    ("to_yaml", lambda folder: dla_docs.to_yaml("x")),  # type: ignore[arg-type]
    ("trame", lambda folder: dla_docs.trame("zzz")),
    ("trame", lambda folder: dla_docs.trame("proposition", "m.yaml")),  # type: ignore[arg-type]
    ("trame", lambda folder: dla_docs.trame("proposition", role=Role.COMITE)),
    ("trames", lambda folder: dla_docs.trames("zzz", mission())),
    ("trames", lambda folder: dla_docs.trames("evaluation_collective", mission())),
    ("verify", lambda folder: dla_docs.verify(b"zzz", one())),
    ("write_back", lambda folder: dla_docs.write_back(dla_docs.Lecture(one()), ABSENT)),
    ("Portefeuille.load", lambda folder: dla_docs.Portefeuille.load(ABSENT)),
    ("Portefeuille.check", lambda folder: dla_docs.Portefeuille().check("zzz")),
    ("Portefeuille.incomplete", lambda folder: dla_docs.Portefeuille().incomplete("zzz")),
]


@pytest.mark.parametrize(
    ("name", "misuse"), MISUSES, ids=[f"{name}-{rank}" for rank, (name, _) in enumerate(MISUSES)]
)
def test_a_misuse_raises_an_error_that_the_function_says(
    name: str, misuse: Callable[[Path], Any], tmp_path: Path
) -> None:
    said = ENTRY.findall(part(functions()[name], "Erreurs"))
    with pytest.raises(tuple(getattr(dla_docs, error) for error in said)):
        misuse(tmp_path)


def test_what_is_no_word_file_does_not_convert() -> None:
    need_office()
    with pytest.raises(dla_docs.ConversionError):
        dla_docs.convert(b"zzz")
