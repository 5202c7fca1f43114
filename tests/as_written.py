"""Un fichier YAML comme un éditeur qui en propose les clés le voit : des textes, des absences."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


def as_written(file: Path | str) -> Any:
    """Ce que dit un fichier, ou son texte, sans rien deviner : 01/02/2003 n'y devient pas une
    date.
    """
    text = file if isinstance(file, str) else file.read_text(encoding="utf-8")
    return yaml.load(text, _AsWritten)


class _AsWritten(yaml.SafeLoader):
    """Without the guesses of YAML."""


_AsWritten.yaml_implicit_resolvers = {
    sign: [(tag, form) for tag, form in held if tag == "tag:yaml.org,2002:null"]
    for sign, held in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
