"""L'installation : un verrou s'installe tel qu'il est écrit, quel que soit le jour et quel que soit
pip ; ce qui est déclaré sert, ce qui sert est déclaré.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from dla_docs.resources import how_to_add
from tests.imports import imports_of

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
NOT_FROM_PYPI = {"dla_docs", "outil_tiers", "tests"}
OF_MUTATION = "cosmic_ray"  # « make mutation » alone installs it
RUN_BY_NAME = {  # what no line of Python imports, and why it is declared
    "build": "tests/test_wheel.py le lance",
    "editables": "hatchling en a besoin pour « pip install -e »",
    "hatchling": "construit le paquet",
    "ipykernel": "exécute le carnet",
    "lxml-stubs": "les types de lxml",
    "mypy": "make test le lance",
    "pip": "l'installation s'essaie avec lui",
    "pytest-cov": "make test s'en sert",
    "pytest-xdist": "make test s'en sert",
    "ruff": "make test le lance",
    "types-pyyaml": "les types de PyYAML",
}
BACKEND = """
import zipfile
PARTS = {
    "METADATA": "Metadata-Version: 2.1\\nName: essai\\nVersion: 1.0\\n",
    "WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    "RECORD": "",
}
def get_requires_for_build_editable(config_settings=None): return []
def build_editable(folder, config_settings=None, metadata_directory=None):
    name = "essai-1.0-py3-none-any.whl"
    with zipfile.ZipFile(f"{folder}/{name}", "w") as wheel:
        for part, said in PARTS.items():
            wheel.writestr(f"essai-1.0.dist-info/{part}", said)
    return name
"""


def wheel(folder: Path, name: str, number: str, *needs: str) -> str:
    """Une roue minuscule ; son empreinte."""
    info = f"{name}-{number}.dist-info"
    said = "".join(f"Requires-Dist: {need}\n" for need in needs)
    held = {
        f"{name}.py": f"__version__ = {number!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {number}\n"
        f"Provides-Extra: plus\n{said}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(
        f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip('=')},{len(text)}\n"
        for path, text in held.items()
    )
    path = folder / f"{name}-{number}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for one, text in {**held, f"{info}/RECORD": f"{record}{info}/RECORD,,\n"}.items():
            archive.writestr(one, text)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def installed(project: Path) -> str:
    """La version de ``greffe`` que l'installateur du projet installe."""
    done = subprocess.run(
        ["bash", ".ci/installer_python.sh", "essai.lock"],
        cwd=project,
        env=os.environ
        | {
            "PYTHON": sys.executable,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(project.parent / "roues"),
        },
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )
    journal = project / ".ci" / "journal.log"
    assert done.returncode == 0, done.stderr + (journal.read_text() if journal.exists() else "")
    said = "import greffe; print(greffe.__version__)"
    return subprocess.check_output(
        [project / ".venv/bin/python", "-c", said], encoding="utf-8"
    ).strip()


def pins(name: str) -> dict[str, str]:
    """Les versions que tient un verrou."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", text, re.MULTILINE))


def test_le_petit_verrou_est_pris_dans_le_grand() -> None:
    small, whole = pins("requirements-dossier.lock"), pins("requirements.lock")
    assert small.items() <= whole.items() and len(small) < len(whole) / 2
    assert not {"mypy", "pytest", "polars", "dask", "distributed", "ruff"} & small.keys()


@pytest.mark.parametrize("name", ["requirements-docs.lock", "requirements-mutation.lock"])
def test_un_verrou_a_part_ne_contredit_pas_le_grand(name: str) -> None:
    aside, whole = pins(name), pins("requirements.lock")
    assert {name: aside[name] for name in aside.keys() & whole.keys()}.items() <= whole.items()


def test_les_verrous_ne_nomment_aucune_adresse() -> None:
    assert not any("://" in path.read_text() for path in ROOT.glob("requirements*.lock"))


def declared(*groups: str) -> set[str]:
    """Les distributions que pyproject.toml déclare sous ces noms."""
    said = {
        "": PROJECT["project"]["dependencies"],
        **PROJECT["project"]["optional-dependencies"],
        **PROJECT["dependency-groups"],
    }
    named = (one for group in groups or said for one in said[group] if isinstance(one, str))
    return {canonicalize_name(Requirement(one).name) for one in named}


def imported(*folders: str) -> set[str]:
    """Les distributions dont ces dossiers importent un module, où que ce soit."""
    homes = packages_distributions()
    modules = {
        one.module.partition(".")[0]
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        for one in imports_of(path)
    }
    outside = modules - set(sys.stdlib_module_names) - NOT_FROM_PYPI - {OF_MUTATION}
    assert outside <= homes.keys(), f"modules sans distribution : {outside - homes.keys()}"
    return {canonicalize_name(min(homes[name], key=len)) for name in outside}


def test_tout_ce_qui_sert_au_paquet_est_declare() -> None:
    groups = ("", *PROJECT["project"]["optional-dependencies"])
    assert imported("dla_docs", "samples") <= declared(*groups)


def test_tout_ce_qui_sert_aux_essais_est_declare() -> None:
    assert imported("tests") <= declared()


def test_tout_ce_qui_est_declare_sert() -> None:
    used = imported("dla_docs", "samples", "tests") | RUN_BY_NAME.keys() | of_the_notebooks()
    assert declared() - declared("docs", "mutation") <= used


def test_make_mutation_installe_ce_qui_fait_les_mutants() -> None:
    assert declared("mutation") == {canonicalize_name(OF_MUTATION)}
    assert pins("requirements-mutation.lock").keys() >= declared("mutation")
    assert not declared("mutation") & pins("requirements.lock").keys()
    modules = {one.module.partition(".")[0] for one in imports_of(ROOT / "tests/bench/mutants.py")}
    assert OF_MUTATION in modules


def test_make_docs_lance_ce_qui_fait_le_site() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert all(f"$(BIN)/{name} build" in makefile for name in declared("docs"))


def of_the_notebooks() -> set[str]:
    """Ce que les carnets d'exemple importent d'ailleurs."""
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "samples").glob("*.ipynb"))
    named = set(re.findall(r'^ *"(?:import|from) (\w+)', text, re.MULTILINE))
    return {canonicalize_name(one) for one in named - set(sys.stdlib_module_names) - NOT_FROM_PYPI}


def test_ce_que_rien_n_importe_sert_pourtant() -> None:
    assert RUN_BY_NAME.keys() <= declared()
    assert all(version(name) for name in RUN_BY_NAME)


def test_les_pythons_annonces_sont_ceux_que_le_projet_accepte() -> None:
    lowest = PROJECT["project"]["requires-python"].removeprefix(">=")
    said = [one for one in PROJECT["project"]["classifiers"] if re.search(r":: 3\.\d+$", one)]
    assert said[0].endswith(lowest)
    assert f"{sys.version_info[0]}.{sys.version_info[1]}" in {
        one.rpartition(" ")[2] for one in said
    }


def test_l_extra_qui_manque_s_ajoute_la_ou_l_on_est(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tmp_path / "venvs" / "dla-docs"
    made.mkdir(parents=True)
    monkeypatch.setattr(sys, "prefix", str(made))
    monkeypatch.setattr(sys, "executable", str(made / "bin" / "python"))
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    assert how_to_add("pptx") == f'{made}/bin/python -m pip install "dla-docs[pptx]"'
    monkeypatch.setenv("VIRTUAL_ENV", str(made))
    assert how_to_add("pptx") == 'pip install "dla-docs[pptx]"'
    (made / "pipx_metadata.json").touch()
    assert how_to_add("pptx") == 'pipx runpip dla-docs install "dla-docs[pptx]"'
