"""La nomenclature du paquet dit à quoi sert chaque bibliothèque, et qui la demande."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def nomenclature(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Celle que porte le paquet construit."""
    folder = tmp_path_factory.mktemp("paquet")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        name = next(name for name in wheel.namelist() if ".dist-info/sboms/" in name)
        read: dict[str, Any] = json.loads(wheel.read(name))
    return read


def scopes(nomenclature: dict[str, Any], wanted: str) -> set[str]:
    """Les composants de cette portée."""
    return {one["name"] for one in nomenclature["components"] if one["scope"] == wanted}


def named(requirements: list[str]) -> set[str]:
    """Les noms que citent ces exigences."""
    return {canonicalize_name(Requirement(text).name) for text in requirements}


def test_le_paquet_s_y_nomme(nomenclature: dict[str, Any]) -> None:
    itself = nomenclature["metadata"]["component"]
    assert (itself["name"], itself["version"]) == ("dla-docs", PROJECT["project"]["version"])
    assert itself["licenses"] == [{"expression": PROJECT["project"]["license"]}]


def test_une_dependance_est_obligatoire_avec_tout_ce_qu_elle_demande(
    nomenclature: dict[str, Any],
) -> None:
    required = scopes(nomenclature, "required")
    assert named(PROJECT["project"]["dependencies"]) <= required
    assert {"markupsafe", "dnspython", "annotated-types"} <= required


def test_ce_qu_un_extra_apporte_est_facultatif(nomenclature: dict[str, Any]) -> None:
    optional = scopes(nomenclature, "optional")
    assert named(PROJECT["project"]["optional-dependencies"]["pdf"]) <= optional


def test_ce_qui_construit_le_paquet_n_en_fait_pas_partie(nomenclature: dict[str, Any]) -> None:
    excluded = scopes(nomenclature, "excluded")
    assert named(PROJECT["dependency-groups"]["build"]) <= excluded
    assert "pathspec" in excluded


def test_chacun_y_dit_qui_il_demande(nomenclature: dict[str, Any]) -> None:
    edges = {one["ref"]: one["dependsOn"] for one in nomenclature["dependencies"]}
    known = {one["bom-ref"]: one["name"] for one in nomenclature["components"]}
    asked = {known[ref] for ref in edges["dla-docs"]}
    extras = PROJECT["project"]["optional-dependencies"]
    of_a_dossier = [*PROJECT["project"]["dependencies"], *extras["pdf"], *extras["pptx"]]
    assert asked == named(of_a_dossier)
    jinja = next(ref for ref, name in known.items() if name == "jinja2")
    assert [known[ref] for ref in edges[jinja]] == ["markupsafe"]


def test_ce_qui_ne_s_installe_que_sous_windows_y_porte_sa_condition(
    nomenclature: dict[str, Any],
) -> None:
    conditions = {
        one["name"]: one["properties"][0]["value"]
        for one in nomenclature["components"]
        if "properties" in one
    }
    lock = (ROOT / "requirements-dossier.lock").read_text(encoding="utf-8")
    assert conditions == dict(re.findall(r"^([a-z0-9-]+)==\S+ ; (.+?) \\$", lock, re.MULTILINE))
    assert conditions["colorama"] == "sys_platform == 'win32'"
