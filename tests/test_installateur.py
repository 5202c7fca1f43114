"""L'installateur de Windows et de macOS : tout ce qu'il emporte y est compilé, et au verrou."""

from __future__ import annotations

import csv
import re
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.tags import compatible_tags, cpython_tags, mac_platforms
from packaging.utils import canonicalize_name, parse_wheel_filename

from tests.docs.pages import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
APP = PROJECT["tool"]["briefcase"]["app"]["dla-docs"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
TABLE = list(csv.DictReader((ROOT / ".ci/roues.csv").read_text(encoding="utf-8").splitlines()))
PLATFORMS = {"win_amd64": ["win_amd64"], "macos_arm64": list(mac_platforms((15, 0), "arm64"))}


def hashes_of(name: str, version: str) -> set[str]:
    """Les empreintes que le verrou donne à une bibliothèque."""
    found = re.search(rf"^{re.escape(name)}=={re.escape(version)}\b(?:.*\\\n)+.*", LOCK, re.M)
    assert found, f"{name} {version} n'est pas dans le verrou : « make verrou »"
    return set(re.findall(r"sha256:([0-9a-f]{64})", found.group()))


@pytest.mark.parametrize("system", PLATFORMS)
def test_each_library_of_the_installer_is_a_wheel_of_the_lock(system: str) -> None:
    platforms = PLATFORMS[system]
    known = {
        *cpython_tags((3, 13), platforms=platforms),
        *compatible_tags((3, 13), platforms=platforms),
    }
    rows = [row for row in TABLE if row["systeme"] == system]
    for row in rows:
        name, version, _, tags = parse_wheel_filename(row["roue"])
        assert (name, str(version)) == (row["bibliotheque"], row["version"])
        assert tags & known, row["roue"]
        assert row["sha256"] in hashes_of(row["bibliotheque"], row["version"])


@pytest.mark.parametrize("system", PLATFORMS)
def test_the_table_holds_all_that_the_installer_asks_for(system: str) -> None:
    listed = {row["bibliotheque"] for row in TABLE if row["systeme"] == system}
    asked: set[str] = {
        canonicalize_name(Requirement(one).name)
        for one in (*PROJECT["project"]["dependencies"], *APP["requires"])
    }
    assert asked <= listed
    needed = _needed(asked) - {"python"}
    assert needed <= listed, needed - listed


def _needed(asked: set[str]) -> set[str]:
    """Ce que le verrou dit que ces bibliothèques demandent, sans fin : ses lignes « via »."""
    text = (ROOT / "requirements-dossier.lock").read_text(encoding="utf-8")
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for name, marker, said in re.findall(
        r"^([a-z0-9-]+)==\S+( ; .*?)? \\\n(?:    --hash.*\n)+((?:    #.*\n)*)", text, re.M
    ):
        if not marker:  # what one system alone asks for is in the table of that one
            for parent in re.findall(r"#\s+(?:via )?([a-z0-9-]+)$", said, re.M):
                wanted[parent].add(name)
    found, ahead = set(asked), list(asked)
    while ahead:
        new = wanted[ahead.pop()] - found
        found |= new
        ahead += new
    return found


def test_what_the_installer_takes_along_is_there() -> None:
    assert all(Path(ROOT, source).is_dir() for source in APP["sources"])
    extras = PROJECT["project"]["optional-dependencies"]
    assert set(APP["requires"]) == {*extras["pdf"], *extras["lot"], *extras["pptx"]}
    constraints = APP["requirement_installer_args"]
    assert Path(ROOT, constraints[constraints.index("--constraint") + 1]).is_file()
