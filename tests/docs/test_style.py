"""La taille des fonctions et des modules : ce qui tient sur un écran se lit."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from statistics import median

from tests.docs.pages import ROOT

LONGEST_FUNCTION, USUAL_FUNCTION, LONGEST_MODULE = 40, 8, 350  # lines
PACKAGE = ROOT / "dla_docs"

# The modules that are longer, and why.
LONGER = {
    "cli/forms.py": "les commandes d'un formulaire ; options et exemples en font la moitié",
    "cli/production.py": "produire, dossier, extrait, et ce que chacune dit ; options et exemples",
    "documents/cahier_des_charges.py": "les libellés et les règles du guide",
    "documents/grille_de_lecture.py": "les critères des trois guides, l'extrait, les notes",
    "documents/grille_de_suivi.py": "les libellés et les règles du guide",
    "documents/proposition.py": "les libellés et les règles du guide",
    "documents/rapport_final.py": "les libellés et les règles du guide",
    "forms/finder.py": "où une réponse se trouve quand son étiquette est perdue",
    "forms/answers_taken.py": "la lecture d'un champ, et la place de chaque constat : à partager",
    "lot/rows.py": "les lignes d'un tableau et celles de ses autres feuilles : à partager",
    "mission/contenu.py": "ce qu'une mission tient, et ce que chacun en lit : à partager",
    "model/bloc.py": "la base des modèles : ses comportements, et ce que ses déclarations disent",
    "raw/editing.py": "retoucher un texte YAML : ce qui y est, ce qui n'y est pas encore",
    "returns/contribution_merge.py": "champ par champ, ligne par ligne : à partager",
    "returns/bringing_back.py": "les formulaires d'un dossier, chacun dans sa mission : à partager",
    "stages/verdict.py": "ce qui se vérifie, et ce qui en va au registre : à partager",
}


def functions() -> Iterator[tuple[str, int]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{path.name} : {node.name}", _lines(node) - _docstring(node)


def _docstring(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """What a public function says of its arguments and errors is not to be cut short."""
    return _lines(node.body[0]) if ast.get_docstring(node) else 0


def _lines(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_function_is_longer_than_a_screen() -> None:
    assert {name: size for name, size in functions() if size > LONGEST_FUNCTION} == {}


def test_functions_are_short_as_a_rule() -> None:
    assert median(size for _, size in functions()) <= USUAL_FUNCTION


def test_no_module_is_long_without_a_reason() -> None:
    sizes = {
        path.relative_to(PACKAGE).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in PACKAGE.rglob("*.py")
    }
    assert {name for name, size in sizes.items() if size > LONGEST_MODULE} == set(LONGER)
