"""Une copie du dépôt, où un essai peut écrire."""

from __future__ import annotations

import hashlib
import shutil
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.docs.pages import ROOT

# What git and tools leave behind: no part of what a newcomer changes.
LEFT_OUT = (
    ".git",
    ".venv",
    ".*_cache",
    ".hypothesis",
    ".coverage*",
    "__pycache__",
    "node_modules",
    "dossiers",
    "build",
    "dist",
    "htmlcov",
    "journal.log",
    "~$*",
)


def copy_of_the_tree(target: Path) -> Path:
    """Le dépôt copié dans ``target``, sans ce que les outils y ont laissé."""
    shutil.copytree(ROOT, target, ignore=shutil.ignore_patterns(*LEFT_OUT))
    return target


def tree_with_environment(folder: Path) -> Path:
    """Le dépôt copié, son environnement déjà fait : le faire, c'est à une machine neuve de le
    montrer.
    """
    if sys.platform == "win32" or shutil.which("make") is None:
        pytest.skip("make manque.")
    tree = copy_of_the_tree(folder / "depot")
    programs = tree / ".venv" / "bin"
    programs.mkdir(parents=True)
    script = programs / "dla-docs"
    script.write_text(f"#!/bin/sh\nexec '{sys.executable}' -m dla_docs \"$@\"\n", encoding="utf-8")
    script.chmod(0o755)
    (tree / ".venv" / "pour").write_text(f":{tree.resolve()}\n\n", encoding="utf-8")
    (tree / ".venv" / "pret").touch()
    return tree


def fingerprints(tree: Path) -> dict[str, str]:
    """L'empreinte de chaque fichier, par chemin, sans ce que les outils laissent."""
    files = (path.relative_to(tree) for path in tree.rglob("*") if path.is_file())
    return {
        path.as_posix(): hashlib.sha256((tree / path).read_bytes()).hexdigest()
        for path in files
        if not any(map(_is_left_out, path.parts))
    }


def _is_left_out(name: str) -> bool:
    return any(fnmatch(name, pattern) for pattern in LEFT_OUT)
