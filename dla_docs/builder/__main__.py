"""``python -m dla_docs.builder [DOSSIER]`` : récrit le modèle Word livré de chaque document."""

from __future__ import annotations

import sys
from pathlib import Path

from dla_docs.builder import build_template
from dla_docs.registry import MODELES


def main(target: Path) -> None:
    """Écrit ``<nom>.docx`` pour tout ce qui a un modèle Word."""
    target.mkdir(parents=True, exist_ok=True)
    for slug, model in MODELES.items():
        (target / f"{slug}.docx").write_bytes(build_template(model))
        print(target / f"{slug}.docx")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "templates_docx"))
