"""Ce qu'une longue mesure a déjà trouvé, une ligne de JSON par chose mesurée : elle se reprend où
elle en était, et plusieurs processus s'en partagent le reste.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any


def known(path: Path) -> dict[str, Any]:
    """Ce que tient le fichier, par nom ; la dernière ligne d'un nom l'emporte, une ligne coupée
    n'en est pas une.
    """
    found: dict[str, Any] = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        try:
            name, said = json.loads(line)
        except ValueError:  # the process was stopped while it wrote
            continue
        found[name] = said
    return found


def measure(names: Iterable[str], one: Callable[[str], Any], path: Path) -> dict[str, Any]:
    """Ce que tient le fichier, une fois mesuré ce de ces noms qui n'y était pas ; chaque ligne est
    écrite aussitôt.
    """
    done = known(path)
    with path.open("a", encoding="utf-8") as file:
        for name in names:
            if name not in done:
                done[name] = one(name)
                file.write(f"\n{json.dumps([name, done[name]], ensure_ascii=False)}\n")
                file.flush()
    return done
