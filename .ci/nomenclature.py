"""La nomenclature (SBOM, CycloneDX) du paquet, que hatchling range dans ``.dist-info/sboms/``
(PEP 770) : ce que fixe requirements-dossier.lock, et à quoi chaque bibliothèque sert.
"""

import json
import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from packaging.utils import canonicalize_name

LOCK = "requirements-dossier.lock"
PROJECT = "dla-docs"
MARKER = "dla-docs:condition"  # the environment marker that the lock writes, PEP 508


class CustomBuildHook(BuildHookInterface[Any]):
    """Ce que hatchling appelle avant d'écrire le paquet."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Ajoute la nomenclature au paquet ; une installation éditable n'en porte pas."""
        if version == "editable":
            return
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name, "sbom.cdx.json")
        lock = pins(Path(self.root, LOCK).read_text(encoding="utf-8"))
        needed = self.metadata.core.dependencies_complex.values()
        required = {canonicalize_name(requirement.name) for requirement in needed}
        said = nomenclature(lock, required, self.itself())
        path.write_text(json.dumps(said, indent=1), encoding="utf-8")
        build_data["sbom_files"].append(str(path))

    def itself(self) -> dict[str, Any]:
        """Le paquet, comme composant."""
        known = self.metadata.core
        return {
            "type": "library",
            "bom-ref": PROJECT,
            "name": PROJECT,
            "version": self.metadata.version,
            "licenses": [{"expression": known.license_expression}],
        }

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Efface le fichier de passage."""
        if version != "editable":
            self.folder.cleanup()


@dataclass  # no deferred annotations here: hatchling runs this file without making it a module
class Pin:
    """Une ligne du verrou : ce qu'elle fixe, et qui l'a demandé."""

    name: str
    version: str
    marker: str | None = None
    parents: list[str] = field(default_factory=list)

    @property
    def purl(self) -> str:
        """L'adresse de paquet, celle des nomenclatures."""
        return f"pkg:pypi/{self.name}@{self.version}"


def pins(lock: str) -> list[Pin]:
    """Les lignes du verrou ; uv écrit sous chacune, après « # via », qui l'a demandée."""
    found: list[Pin] = []
    for line in lock.splitlines():
        if pinned := re.match(r"([a-z0-9-]+)==([^ ]+)(?: ; (.+?))?(?: \\)?$", line):
            found.append(Pin(*pinned.groups()))
        elif found and (parent := re.match(r" +# (?:via)? +(?!-c )(.+)", line)):
            found[-1].parents.append(parent[1])
    return found


def nomenclature(lock: list[Pin], required: set[str], itself: dict[str, Any]) -> dict[str, Any]:
    """Le document CycloneDX : le paquet, ses composants, et qui demande qui."""
    asked = {pin.name for pin in lock if f"{PROJECT} (pyproject.toml)" in pin.parents}
    always, used = reached(lock, asked & required), reached(lock, asked)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": itself},
        "components": [component(pin, scope(pin.name, always, used)) for pin in lock],
        "dependencies": [
            {"ref": PROJECT, "dependsOn": [pin.purl for pin in lock if pin.name in asked]},
            *(
                {
                    "ref": pin.purl,
                    "dependsOn": [one.purl for one in lock if pin.name in one.parents],
                }
                for pin in lock
            ),
        ],
    }


def scope(name: str, always: set[str], used: set[str]) -> str:
    """La portée que dit CycloneDX : ``excluded``, pour ce qui construit le paquet seulement."""
    return "required" if name in always else "optional" if name in used else "excluded"


def component(pin: Pin, scope: str) -> dict[str, Any]:
    """Une bibliothèque, comme CycloneDX la décrit, et sa condition."""
    only = [{"name": MARKER, "value": pin.marker}] if pin.marker else []
    return {
        "type": "library",
        "bom-ref": pin.purl,
        "name": pin.name,
        "version": pin.version,
        "purl": pin.purl,
        "scope": scope,
        **({"properties": only} if only else {}),
    }


def reached(lock: list[Pin], names: set[str]) -> set[str]:
    """Ces bibliothèques, et celles qu'elles demandent, de proche en proche."""
    further = {pin.name for pin in lock if names & set(pin.parents)} | names
    return names if further == names else reached(lock, further)
