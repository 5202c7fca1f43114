"""``python -m dla_docs.builder [DOSSIER]`` : récrit le modèle Word livré de chaque document ; sans
dossier, ce qui en est livré prêt aussi.
"""

from __future__ import annotations

import sys
from pathlib import Path

from dla_docs.builder import build_template
from dla_docs.registry import MODELES
from dla_docs.resources import template_path
from dla_docs.templating.compiler import ready
from dla_docs.templating.stories_kept import SHELF


def main(target: Path) -> None:
    """Écrit ``<nom>.docx`` pour tout ce qui a un modèle Word."""
    target.mkdir(parents=True, exist_ok=True)
    for slug, model in MODELES.items():
        (target / f"{slug}.docx").write_bytes(build_template(model))
        print(target / f"{slug}.docx")


def write_stories() -> None:
    """Récrit les parties prêtes des modèles livrés, et ôte celles qui ne servent plus."""
    SHELF.mkdir(exist_ok=True)
    made = {
        name: octets
        for slug, model in MODELES.items()
        for name, octets in ready(template_path(slug), model.schema_node())
    }
    for one in SHELF.iterdir():
        if one.name not in made:
            one.unlink()
    for name, octets in made.items():
        (SHELF / name).write_bytes(octets)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "templates_docx"))
    if len(sys.argv) == 1:
        write_stories()
