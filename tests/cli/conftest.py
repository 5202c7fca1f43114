"""La ligne de commande, appelée comme on la tape."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from dla_docs.cli.application import run
from tests.cli.commandes import english_in

Call = Callable[..., "Said"]


@dataclass(frozen=True)
class Said:
    """Ce qu'une commande a rendu : son code, sa sortie, sa sortie d'erreur."""

    code: int
    out: str
    err: str


def refused(dla_docs: Call, words: list[str], expected: str) -> None:
    """Cette ligne est refusée d'une phrase en français qui dit cela, et ne touche à rien."""
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    said = dla_docs(*words)
    assert (said.code, said.out) == (2, "")
    assert expected in said.err and said.err.count("\n") == 1 and not english_in(said.err)
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before


def without_colours(text: str) -> str:
    """Ce qu'on lit d'un texte en couleurs."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def from_here(text: str, folder: Path) -> str:
    """Les chemins entiers que disent les commandes, vus de ce dossier (test_manieres.py les voit
    entiers).
    """
    return text.replace(f"{folder}{os.sep}", "").replace(str(folder), ".")


@pytest.fixture
def dla_docs(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Call:
    """``dla_docs("verifier", "f.yaml")``, dans un dossier vide, sans terminal."""
    monkeypatch.chdir(tmp_path)
    for name in (
        "FORCE_COLOR",
        "PY_COLORS",
        "GITHUB_ACTIONS",
        "DLA_DOCS_TRACE",
        "TTY_COMPATIBLE",
        "CLICOLOR_FORCE",
    ):
        monkeypatch.delenv(name, raising=False)

    def call(*words: str | Path) -> Said:
        capsys.readouterr()
        code = run([str(word) for word in words])
        said = capsys.readouterr()
        return Said(code, from_here(said.out, tmp_path), from_here(said.err, tmp_path))

    return call


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, dla_docs: Call) -> Call:
    """La même, sur un terminal en couleurs de 80 colonnes."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return dla_docs
