"""Une parution d'aujourd'hui ne change rien à ce qu'un verrou d'hier installe, même pour une
bibliothèque qu'une autre demande avec un extra.
"""

from __future__ import annotations

import shutil
import venv
from pathlib import Path

import pip
import pytest

from tests.test_installation import BACKEND, ROOT, installed, wheel


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Un projet comme le nôtre : ``hote`` demande ``greffe[plus]``, le verrou tient greffe 1.0 sans
    nommer l'extra, et greffe 2.0 vient de paraître.
    """
    wheels, project = tmp_path / "roues", tmp_path / "projet"
    wheels.mkdir()
    shutil.copytree(ROOT / ".ci", project / ".ci", ignore=shutil.ignore_patterns("node_modules"))
    host = wheel(wheels, "hote", "1.0", "greffe[plus]>=1.0")
    graft = wheel(wheels, "greffe", "1.0")
    wheel(wheels, "greffe", "2.0")
    lock = f"greffe==1.0 --hash=sha256:{graft}\nhote==1.0 --hash=sha256:{host}\n"
    (project / "essai.lock").write_text(lock, encoding="utf-8")
    (project / "backend.py").write_text(BACKEND, encoding="utf-8")
    (project / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
        '[project]\nname = "essai"\nversion = "1.0"\n',
        encoding="utf-8",
    )
    return project


@pytest.mark.lent
def test_le_pip_qu_apporte_python_prend_la_version_du_verrou(project: Path) -> None:
    assert installed(project) == "1.0"


def test_le_pip_le_plus_recent_prend_la_version_du_verrou(project: Path) -> None:
    venv.EnvBuilder().create(project / ".venv")
    home = next((project / ".venv").glob("lib/*/site-packages"))
    shutil.copytree(Path(pip.__file__).parent, home / "pip")
    assert installed(project) == "1.0"
