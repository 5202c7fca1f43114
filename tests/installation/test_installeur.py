"""Ce que l'installateur de ``make`` dit de chaque chose qui l'arrête : une phrase, et sa cause."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pip
import pytest

from tests.test_installation import BACKEND, ROOT, wheel


class Projet:
    """Un petit projet, l'installateur du nôtre, et un dossier au lieu du réseau."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.wheels = folder / "projet", folder / "roues"
        self.wheels.mkdir()
        left_out = shutil.ignore_patterns("node_modules", "journal.log")
        shutil.copytree(ROOT / ".ci", self.folder / ".ci", ignore=left_out)
        (self.folder / "backend.py").write_text(BACKEND, encoding="utf-8")
        (self.folder / "pyproject.toml").write_text(
            '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
            '[project]\nname = "essai"\nversion = "1.0"\n',
            encoding="utf-8",
        )
        self.fingerprint = wheel(self.wheels, "greffe", "1.0")
        self.locks(f"greffe==1.0 --hash=sha256:{self.fingerprint}")

    def locks(self, text: str) -> None:
        """Écrit le verrou."""
        (self.folder / "essai.lock").write_text(f"{text}\n", encoding="utf-8")

    def with_pip(self) -> Projet:
        """Le même, l'environnement fait, pip compris, sans attendre que Python l'y mette."""
        environment = self.folder / ".venv"
        venv.EnvBuilder().create(environment)
        home = next(environment.glob("lib/*/site-packages"))
        shutil.copytree(Path(pip.__file__).parent, home / "pip")
        return self

    def install(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Lance l'installateur."""
        chosen = {
            "PYTHON": sys.executable,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.wheels),
        }
        return subprocess.run(
            ["bash", ".ci/installer_python.sh", *words],
            cwd=self.folder,
            env=os.environ | chosen | variables,
            capture_output=True,
            encoding="utf-8",
            timeout=300,
        )


@pytest.fixture
def projet(tmp_path: Path) -> Projet:
    return Projet(tmp_path)


@pytest.fixture(scope="module")
def refusant(tmp_path_factory: pytest.TempPathFactory) -> Projet:
    """Un projet, pip compris, que plusieurs refus se partagent : rien ne s'y installe."""
    return Projet(tmp_path_factory.mktemp("refus")).with_pip()


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """La phrase qui dit le refus, la dernière."""
    assert done.returncode == 1
    return done.stderr.strip().splitlines()[-1]


def test_sans_verrou_il_dit_lequel_donner(projet: Projet) -> None:
    done = projet.install()
    assert refused(done) == done.stderr.strip()
    assert done.stderr.startswith("Dites quel verrou installer")


def test_un_verrou_absent_est_nomme(projet: Projet) -> None:
    said = refused(projet.install("autre.lock"))
    assert said.startswith("« autre.lock » manque") and "git checkout -- autre.lock" in said


def test_un_python_impossible_est_nomme(projet: Projet) -> None:
    said = refused(projet.install("essai.lock", PYTHON="python9.9"))
    assert said.startswith("« python9.9 » ne lance pas un Python 3.11 ou plus récent")
    assert not (projet.folder / ".venv").exists()


@pytest.mark.lent
def test_une_empreinte_qui_differe_n_est_pas_une_panne_du_reseau(refusant: Projet) -> None:
    refusant.locks(f"greffe==1.0 --hash=sha256:{'0' * 64}")
    said = refused(refusant.install("essai.lock"))
    assert "l'empreinte diffère" in said and "Internet" not in said


@pytest.mark.lent
def test_une_version_qui_n_existe_pas_est_nommee(refusant: Projet) -> None:
    refusant.locks(f"greffe==9.0 --hash=sha256:{refusant.fingerprint}")
    said = refused(refusant.install("essai.lock"))
    assert "« greffe==9.0 », que « essai.lock » demande" in said and "Internet" not in said


@pytest.mark.lent
def test_sans_reseau_il_parle_du_reseau(refusant: Projet) -> None:
    nobody = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_NO_INDEX": "0", "PIP_FIND_LINKS": ""}
    refusant.locks(f"autre==1.0 --hash=sha256:{'0' * 64}")
    said = refused(refusant.install("essai.lock", PIP_RETRIES="1", **nobody))
    assert "vérifiez l'accès à Internet" in said


@pytest.mark.lent
def test_une_bibliotheque_dont_les_fichiers_manquent_est_nommee(projet: Projet) -> None:
    assert projet.with_pip().install("essai.lock").returncode == 0
    next((projet.folder / ".venv").glob("lib/*/site-packages/greffe.py")).unlink()
    said = refused(projet.install("essai.lock"))
    assert said.startswith("Des fichiers manquent dans .venv à greffe") and "make clean" in said


@pytest.mark.lent
def test_l_environnement_d_un_dossier_copie_est_refait_et_l_original_demeure(
    projet: Projet, tmp_path: Path
) -> None:
    assert projet.with_pip().install("essai.lock").returncode == 0
    copy = tmp_path / "copie"
    shutil.copytree(projet.folder, copy, symlinks=True)
    original, projet.folder = projet.folder, copy
    done = projet.install("essai.lock")
    assert done.returncode == 0, done.stderr
    assert str(copy / ".venv") in (copy / ".venv/bin/activate").read_text(encoding="utf-8")
    said = subprocess.check_output([copy / ".venv/bin/pip", "--version"], encoding="utf-8")
    assert str(copy) in said
    assert str(original) in (original / ".venv/bin/activate").read_text(encoding="utf-8")
