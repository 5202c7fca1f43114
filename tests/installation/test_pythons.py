"""Chaque Python annoncé que porte cette machine installe le petit verrou et produit un dossier."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.docs.trees import copy_of_the_tree

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NUMBERS = re.findall(r":: (3\.\d+)$", "\n".join(PROJECT["classifiers"]), re.MULTILINE)


@pytest.mark.lent
@pytest.mark.parametrize("number", NUMBERS)
def test_le_petit_verrou_suffit_a_un_dossier(number: str, tmp_path: Path) -> None:
    tree = copy_of_the_tree(tmp_path / "depot")
    install(tree, found(number))
    said = run(tree, "documents")
    assert "cahier_des_charges" in said
    run(tree, "dossier", "samples/mission_individuelle.yaml", "-o", "dossier")
    assert any(
        path.name.endswith("Cahier des charges.docx") for path in (tree / "dossier").iterdir()
    )


def found(number: str) -> str:
    """Le Python de ce numéro, sur le chemin ; un lanceur qui n'en cache aucun ne compte pas."""
    asks = "import sys, ensurepip; print('{}.{}'.format(*sys.version_info))"
    for folder in os.get_exec_path():
        path = Path(folder, f"python{number}")
        if path.exists():
            done = subprocess.run([path, "-c", asks], capture_output=True, encoding="utf-8")
            if done.stdout.strip() == number:
                return str(path)
    pytest.skip(f"Python {number} n'est pas sur cette machine : le verrou n'y est pas essayé.")


def install(tree: Path, python: str) -> None:
    """Ce que fait ``make dossier`` d'abord ; sans réseau l'essai n'a pas de sens, et le dit."""
    done = subprocess.run(
        ["bash", ".ci/installer_python.sh", "requirements-dossier.lock"],
        cwd=tree,
        env=os.environ | {"PYTHON": python, "PIP_RETRIES": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=900,
    )
    journal = (tree / ".ci" / "journal.log").read_text(encoding="utf-8")
    if done.returncode and "Retrying (" in journal:
        pytest.skip("Les paquets ne s'atteignent pas : le verrou n'est pas essayé.")
    assert done.returncode == 0, done.stderr + journal


def run(tree: Path, *words: str) -> str:
    """Ce qu'écrit la commande installée dans cet arbre."""
    program = tree / ".venv" / "bin" / "dla-docs"
    done = subprocess.run(
        [program, *words], cwd=tree, capture_output=True, encoding="utf-8", timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
