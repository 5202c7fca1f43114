"""Le validateur Open XML SDK (le regard de Word sur un fichier), installé par ``make test`` dans
.ci/validateur.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

INSTALLED = Path(__file__).parent.parent / ".ci" / "validateur" / "node_modules" / "@xarsh"


@dataclass(frozen=True)
class OoxmlError:
    """Une erreur du validateur ; deux erreurs sont égales quand elles disent la même chose de la
    même partie, où que ce soit dans cette partie.
    """

    part: str
    id: str
    description: str
    xpath: str = field(compare=False)

    def __str__(self) -> str:
        return f"{self.part} {self.xpath} : {self.description} ({self.id})"


def validate_ooxml(paths: Iterable[Path]) -> dict[Path, list[OoxmlError]]:
    """Les erreurs de chaque fichier, liste vide quand il est bon ; l'essai est passé, et le dit,
    quand le validateur n'est pas installé.
    """
    program = find_validator()
    if program is None:
        pytest.skip(
            "Le validateur Open XML n'est pas installé : « make test » l'installe (npm et un "
            "accès à Internet sont nécessaires)."
        )
    files = list(paths)
    # The program takes one file at a time.
    with ThreadPoolExecutor(max_workers=2) as pool:
        return dict(zip(files, pool.map(lambda path: _validate(program, path), files), strict=True))


def added_errors(template: Path, output: Path) -> list[OoxmlError]:
    """Les erreurs du document produit que son modèle n'a pas."""
    found = validate_ooxml([template, output])
    return list((Counter(found[output]) - Counter(found[template])).elements())


def find_validator() -> Path | None:
    """Le programme, ou ``None`` ; ``OOXML_VALIDATOR_CLI`` peut en désigner un autre."""
    chosen = os.environ.get("OOXML_VALIDATOR_CLI")
    if chosen:
        return Path(chosen)
    # The package's own launcher needs node and starts slower; the program beside it stands alone.
    return next(
        (
            path
            for path in INSTALLED.glob("ooxml-validator-*/ooxml-validator*")
            if path.suffix in ("", ".exe")
        ),
        None,
    )


def _validate(program: Path, path: Path) -> list[OoxmlError]:
    answer = subprocess.run([program, path], capture_output=True, check=True, timeout=120)
    report = json.loads(answer.stdout)  # the exit code is 0 whatever was found
    if report["ok"] == bool(report["errors"]):
        raise AssertionError(f"Réponse incompréhensible du validateur pour {path} : {report}")
    return [_as_error(error) for error in report["errors"]]


def _as_error(error: dict[str, Any]) -> OoxmlError:
    return OoxmlError(
        part=error["path"] or "",
        id=error["id"] or error["errorType"],
        description=error["description"],
        xpath=error["xPath"] or "",
    )
