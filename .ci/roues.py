"""La table des roues de l'installateur, ``.ci/roues.csv`` : pour chaque bibliothèque qu'il emporte
et chaque système, le fichier compilé que le verrou connaît, par son empreinte. « make verrou »
l'écrit ; tests/test_installateur.py la tient pour vraie.
"""

import csv
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.markers import Marker
from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms
from packaging.utils import parse_wheel_filename

TABLE = Path(__file__).with_name("roues.csv")
HEADINGS = ("bibliotheque", "version", "systeme", "roue", "sha256")
PYTHON = (3, 13)  # that briefcase puts in the installer where it runs on it
SYSTEMS = {
    "win_amd64": ("win32", "AMD64", ["win_amd64"]),
    "macos_arm64": ("darwin", "arm64", list(mac_platforms((15, 0), "arm64"))),
}


def tags(platforms: list[str]) -> frozenset[Tag]:
    """Ce que le Python de l'installateur sait charger sur ces plates-formes."""
    return frozenset(
        (*cpython_tags(PYTHON, platforms=platforms), *compatible_tags(PYTHON, platforms=platforms))
    )


def rows(lock: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """Une ligne par bibliothèque d'un verrou PEP 751 et par système qui la demande ; celle qui n'y
    a pas de roue l'a vide.
    """
    version = ".".join(map(str, PYTHON))
    for package in (one for one in lock["packages"] if "version" in one):  # not the project itself
        for system, (platform, machine, platforms) in SYSTEMS.items():
            here = {
                "sys_platform": platform,
                "platform_machine": machine,
                "python_version": version,
                "python_full_version": f"{version}.0",
            }
            if "marker" in package and not Marker(package["marker"]).evaluate(dict(here)):
                continue
            yield package["name"], package["version"], system, *_wheel(package, tags(platforms))


def _wheel(package: dict[str, Any], known: frozenset[Tag]) -> tuple[str, str]:
    for wheel in package.get("wheels", ()):
        name = wheel["url"].rpartition("/")[2]
        if parse_wheel_filename(name)[3] & known:
            return name, wheel["hashes"]["sha256"]
    return "", ""


def main(source: str) -> None:
    """Écrit la table d'un verrou PEP 751."""
    lock = tomllib.loads(Path(source).read_text(encoding="utf-8"))
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([HEADINGS, *rows(lock)])


if __name__ == "__main__":
    main(sys.argv[1])
