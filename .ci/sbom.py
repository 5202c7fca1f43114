"""L'inventaire (CycloneDX) de ce qu'un verrou installe : il voyage dans le paquet.

``python .ci/sbom.py VERROU CIBLE`` ; ``make verrou`` l'appelle.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

PIN = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)(?P<rest>(?:[^\n]*\\\n)*[^\n]*)", re.M
)


def inventory(lock: str) -> dict[str, Any]:
    """Les composants d'un verrou : nom, version, adresse de paquet, empreintes."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "library", "name": "dla-docs"}},
        "components": [_component(pin) for pin in PIN.finditer(lock)],
    }


def _component(pin: re.Match[str]) -> dict[str, Any]:
    name, version = pin["name"].lower(), pin["version"]
    found = re.findall(r"sha256:([0-9a-f]{64})", pin["rest"])
    return {
        "type": "library",
        "name": name,
        "version": version,
        "purl": f"pkg:pypi/{name}@{version}",
        "hashes": [{"alg": "SHA-256", "content": one} for one in sorted(found)],
    }


if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:])
    said = json.dumps(inventory(source.read_text(encoding="utf-8")), indent=1, ensure_ascii=False)
    target.write_text(said + "\n", encoding="utf-8")
