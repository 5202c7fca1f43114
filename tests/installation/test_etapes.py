"""``make`` installe ce qui manque, et rien deux fois : le dossier d'abord, les essais ensuite, ou
l'inverse.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SMALL, WHOLE = "requirements-dossier.lock", "requirements.lock"


class Depot:
    """Une copie de ce que ``make`` regarde, avec un installateur qui note ce qu'on lui demande."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("Makefile", "pyproject.toml", SMALL, WHOLE):
            shutil.copy(ROOT / name, folder)
            os.utime(folder / name, (1, 1))
        (folder / ".ci").mkdir()
        (folder / ".venv").mkdir()
        script = folder / ".ci" / "installer_python.sh"
        script.write_text('echo "$1" >> installe\n', encoding="utf-8")
        os.utime(script, (1, 1))

    def make(self, target: str, *words: str) -> list[str]:
        """Les verrous que ``make`` installe avant de faire cette cible."""
        (self.folder / "installe").write_text("", encoding="utf-8")
        step = self.prepares(target)
        subprocess.run(["make", "-s", *words, step], cwd=self.folder, check=True, timeout=60)
        return (self.folder / "installe").read_text(encoding="utf-8").split()

    def prepares(self, target: str) -> str:
        """L'étape dont cette cible dépend, telle que le Makefile la nomme."""
        lines = (self.folder / "Makefile").read_text(encoding="utf-8").splitlines()
        return next(line.split()[1] for line in lines if line.startswith(f"{target}:"))


@pytest.fixture
def depot(tmp_path: Path) -> Depot:
    if shutil.which("make") is None:
        pytest.skip("make manque.")
    return Depot(tmp_path)


def test_le_dossier_n_installe_que_le_petit_verrou_et_une_seule_fois(depot: Depot) -> None:
    assert [depot.make("dossier"), depot.make("dossier")] == [[SMALL], []]


@pytest.mark.parametrize("target", ["test", "test-complet", "bench", "verrou"])
def test_apres_le_dossier_le_reste_est_ajoute(depot: Depot, target: str) -> None:
    depot.make("dossier")
    assert [depot.make(target), depot.make(target)] == [[WHOLE], []]


def test_apres_les_essais_le_dossier_n_a_rien_a_installer(depot: Depot) -> None:
    assert [depot.make("test"), depot.make("dossier")] == [[WHOLE], []]


def test_un_verrou_plus_recent_que_l_environnement_est_installe(depot: Depot) -> None:
    depot.make("test")
    for name in (SMALL, WHOLE):
        os.utime(depot.folder / name, (time.time() + 60,) * 2)
    assert depot.make("dossier") == [SMALL]
    assert depot.make("test") == [WHOLE]


def test_un_dossier_deplace_est_installe_de_nouveau(depot: Depot, tmp_path: Path) -> None:
    depot.make("test")
    moved = tmp_path / "ailleurs"
    moved.mkdir()
    for name in ("Makefile", "pyproject.toml", SMALL, WHOLE, ".ci", ".venv"):
        shutil.move(tmp_path / name, moved / name)
    depot.folder = moved
    assert [depot.make("dossier"), depot.make("dossier")] == [[SMALL], []]


def test_le_python_demande_est_celui_qui_installe(depot: Depot) -> None:
    depot.make("dossier")
    asked = "PYTHON=python3.13"
    assert [depot.make("dossier", asked), depot.make("dossier", asked)] == [[SMALL], []]
    assert depot.make("dossier") == []  # none is asked for: the one that is there will do
    assert depot.make("dossier", "PYTHON=python3.12") == [SMALL]


def test_un_python_remplace_sur_la_machine_est_installe_de_nouveau(depot: Depot) -> None:
    program = depot.folder / ".venv" / "bin" / "python"
    program.parent.mkdir()
    program.symlink_to(sys.executable)
    depot.make("dossier")
    shutil.copy(program, depot.folder / "autre")
    program.unlink()
    program.symlink_to(depot.folder / "autre")
    assert depot.make("dossier") == [SMALL]


def test_un_verrou_absent_est_dit(depot: Depot) -> None:
    (depot.folder / SMALL).unlink()
    done = subprocess.run(
        ["make", "-s", depot.prepares("dossier")],
        cwd=depot.folder,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode and done.stderr.startswith(f"« {SMALL} » manque dans ce dossier")
    assert not (depot.folder / "installe").exists()
