"""Ce que ``pipx install dla-docs`` donne : le paquet, construit puis installé hors du dépôt avec
ses seules dépendances, produit un document.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path

import docx
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from dla_docs import resources
from dla_docs.errors import InputError
from tests import as_keyed

ROOT = Path(__file__).parent.parent
SHELVES = {
    "dla_docs": "dla_docs",
    "samples": "dla_docs/samples",
    "templates_docx": "dla_docs/templates_docx",
}  # in the checkout, in the wheel
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@dataclass(frozen=True)
class Installation:
    """Un environnement neuf où le paquet est installé, et un dossier de travail loin du dépôt."""

    programs: Path
    folder: Path

    def run(self, program: str, *words: str) -> str:
        """Ce que le programme écrit ; l'essai échoue avec ce qu'il a dit quand il ne sort pas par
        0.
        """
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTHON", "COV_CORE", "COVERAGE"))
        }
        done = subprocess.run(
            [self.programs / program, *words],
            cwd=self.folder,
            env=kept | {"PYTHONUTF8": "1"},
            capture_output=True,
            encoding="utf-8",
            timeout=300,
        )
        assert done.returncode == 0, (
            f"{program} {' '.join(words)} : sortie {done.returncode}\n{done.stdout}{done.stderr}"
        )
        return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Le dossier où se trouvent la source (.tar.gz) et le paquet (.whl) qui en est tiré."""
    folder = tmp_path_factory.mktemp("paquet")
    done = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT],
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def installation(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Le paquet installé, sans réseau, dans un environnement où seules ses dépendances obligatoires
    sont visibles.
    """
    folder = tmp_path_factory.mktemp("ailleurs")
    builder = venv.EnvBuilder(with_pip=False, symlinks=os.name != "nt")
    context = builder.ensure_directories(folder / "env")
    builder.create(folder / "env")
    _lend(
        PROJECT["dependencies"],
        Path(
            subprocess.check_output([context.env_exe, "-c", PRINT_SITE], encoding="utf-8").strip()
        ),
    )
    wheel = next(built.glob("*.whl"))
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "--python",
            context.env_exe,
            "install",
            "--quiet",
            "--no-index",
            "--no-deps",
            wheel,
        ],
        check=True,
    )
    return Installation(Path(context.bin_path), folder)


PRINT_SITE = "import sysconfig; print(sysconfig.get_path('purelib'))"


WITH_MORE = """
import sys, unittest
more, tool = sys.argv[1:]
sys.path.append(more)
unittest.main(module=None, argv=["unittest", "discover", "-s", tool, "-t", tool])
"""


def _lend(requirements: list[str], site_packages: Path) -> None:
    for dist in required(requirements):
        for name in {Path(file).parts[0] for file in dist.files or ()} - {"..", "__pycache__"}:
            if not (site_packages / name).exists():
                (site_packages / name).symlink_to(
                    str(dist.locate_file(name)), target_is_directory=True
                )


def required(requirements: list[str]) -> list[Distribution]:
    """Les bibliothèques que ces exigences entraînent, extras demandés compris."""
    found: dict[tuple[str, str], Distribution] = {}
    waiting = [Requirement(text) for text in requirements]
    while waiting:
        requirement = waiting.pop()
        for extra in ("", *requirement.extras):
            key = (canonicalize_name(requirement.name), extra)
            if key not in found:
                found[key] = distribution(requirement.name)
                waiting += [
                    needed
                    for needed in map(Requirement, found[key].requires or ())
                    if not needed.marker or needed.marker.evaluate({"extra": extra})
                ]
    return list(found.values())


@pytest.mark.lent
def test_le_paquet_porte_tous_les_fichiers_du_depot_et_rien_d_autre(built: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        carried = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert carried == {
        f"{inside}/{path.relative_to(ROOT / outside).as_posix()}"
        for outside, inside in SHELVES.items()
        for path in _tracked(ROOT / outside)
    }


def test_le_paquet_porte_sa_licence_et_l_inventaire_de_ce_qu_il_installe(built: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        inside = {name.rpartition(".dist-info/")[2]: name for name in wheel.namelist()}
        licence = wheel.read(inside["licenses/LICENSE"]).decode()
        inventory = json.loads(wheel.read(inside["sboms/sbom.cdx.json"]))
        metadata = wheel.read(inside["METADATA"]).decode()
    assert licence == (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "License-Expression: EUPL-1.2" in metadata
    carried = {(one["name"], one["version"]) for one in inventory["components"]}
    lock = (ROOT / "requirements-dossier.lock").read_text(encoding="utf-8")
    assert carried == set(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", lock, re.MULTILINE))


def _tracked(folder: Path) -> Iterator[Path]:
    return (
        path
        for path in folder.rglob("*")
        if path.is_file()
        and "__pycache__" not in path.parts
        and not path.name.startswith((".", "~$"))
    )


@pytest.mark.lent
def test_la_source_suffit_a_verifier_le_projet(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as source:
        names = {name.split("/", 1)[1] for name in source.getnames()}
    assert {
        "pyproject.toml",
        "requirements.lock",
        "Makefile",
        ".ci/run",
        "tests/test_wheel.py",
        "dla_docs/resources.py",
    } <= names
    assert not [
        name
        for name in names
        if "node_modules" in name or name.startswith((".venv", "dossiers/", ".git/"))
    ]


@pytest.mark.lent
def test_la_commande_installee_ne_doit_rien_au_depot(installation: Installation) -> None:
    place = installation.run("python", "-c", "import dla_docs; print(dla_docs.__file__)").strip()
    assert Path(place).resolve().is_relative_to(installation.folder.resolve())
    assert "dossier" in installation.run("dla-docs", "--help")


@pytest.mark.lent
def test_la_commande_installee_produit_un_cahier_des_charges(installation: Installation) -> None:
    sample = installation.run("dla-docs", "exemple", "cahier_des_charges")
    (installation.folder / "cahier.yaml").write_text(sample, encoding="utf-8")
    installation.run(
        "dla-docs", "produire", "cahier.yaml", "-o", "cahier.docx", "--profil", "centre"
    )
    printed = _words(_text(installation.folder / "cahier.docx"))
    assert _words(yaml.safe_load(sample)["objectifs"]["general"]) in printed
    assert "cahier des charges" in printed.lower()


@pytest.mark.lent
def test_un_outil_tiers_s_appuie_sur_le_paquet_installe(
    installation: Installation, tmp_path: Path
) -> None:
    tool = tmp_path / "outil_tiers"
    shutil.copytree(ROOT / "samples" / "outil_tiers", tool)
    python = installation.programs / "python"
    lot = tmp_path / "lot"  # what its own dependency, dla-docs[lot], brings besides
    lot.mkdir()
    _lend(PROJECT["optional-dependencies"]["lot"], lot)
    installation.run("python", "-c", WITH_MORE, str(lot), str(tool))
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--python-executable", python],
        cwd=tool,
        capture_output=True,
        encoding="utf-8",
        timeout=600,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def _text(path: Path) -> str:
    """Tout le texte du corps, contrôles de contenu compris."""
    body = docx.Document(str(path)).element.body
    shown = " ".join("".join(paragraph.itertext("{*}t")) for paragraph in body.iter("{*}p"))
    return as_keyed(shown)


def _words(text: str) -> str:
    return " ".join(text.split())


def _declared() -> list[str]:
    return [
        *PROJECT["dependencies"],
        *(text for extra in PROJECT["optional-dependencies"].values() for text in extra),
    ]


def test_le_verrou_fixe_tout_ce_qui_est_declare_sans_nommer_de_depot_de_paquets() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = {
        canonicalize_name(line.partition("==")[0])
        for line in lock.splitlines()
        if "==" in line and not line.startswith(" ")
    }
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
        "dependency-groups"
    ]["dev"]
    groups = [text for text in groups if isinstance(text, str)]
    assert {canonicalize_name(Requirement(text).name) for text in [*_declared(), *groups]} <= pinned
    assert "://" not in lock + (ROOT / ".ci" / "validateur" / "package-lock.json").read_text(
        encoding="utf-8"
    )


def test_les_modeles_les_exemples_et_les_profils_du_depot_sont_trouves() -> None:
    assert {"cahier_des_charges", "grille_de_suivi"} <= set(resources.template_names()) & set(
        resources.sample_names()
    )
    assert {"national", "centre", "npdc", "paca"} <= set(resources.profile_names())
    assert all(
        resources.template_path(slug).read_bytes().startswith(b"PK")
        for slug in resources.template_names()
    )


def test_un_nom_inconnu_propose_le_plus_proche() -> None:
    with pytest.raises(
        InputError,
        match=r"Aucun profil livré ne porte le nom « centr »\. Vouliez-vous dire « centre »",
    ):
        resources.profile_path("centr")


@pytest.mark.parametrize(
    "name", ["", "..", "../pyproject", "/etc/passwd", "cahier_des_charges.yaml", "CENTRE\x00"]
)
def test_un_nom_ne_mene_jamais_hors_de_l_etagere(name: str) -> None:
    for find in (resources.template_path, resources.sample_path, resources.profile_path):
        with pytest.raises(InputError):
            find(name)
