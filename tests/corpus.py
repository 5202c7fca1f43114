"""Les documents d'exemple, et de quoi les abîmer d'une seule façon à la fois."""

from __future__ import annotations

import copy
import csv
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dla_docs import DOCUMENTS, Document, Mission, load, to_yaml
from dla_docs.model import requirement
from dla_docs.model.node import steps
from dla_docs.resources import sample_names, sample_path

PROFILS = ("national", "centre", "npdc", "paca")


@cache
def samples() -> dict[str, Document | Mission]:
    """Tout ce que ``samples/`` tient de documents et de missions, par nom."""
    names = [
        name for name in sample_names() if "/" not in name and not name.startswith("operateur")
    ]
    return {name: load(sample_path(name)) for name in names}


@cache
def specimens(slug: str) -> tuple[dict[str, Any], ...]:
    """Les documents d'exemple de cette sorte, seuls ou dans une mission, en données simples."""
    loaded = samples().values()
    alone = [document for document in loaded if isinstance(document, DOCUMENTS[slug])]
    held = [
        document
        for mission in loaded
        if isinstance(mission, Mission)
        for document in mission.documents.get(slug, ())
    ]
    return tuple(
        yaml.load(to_yaml(document), Loader=yaml.CBaseLoader) for document in (*alone, *held)
    )


@cache
def table() -> list[dict[str, str]]:
    """Le référentiel tel qu'il est écrit, lu sans passer par le code essayé."""
    text = Path(requirement.__file__).with_name("exigences.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter=";"))


def holders(data: Any, path: str) -> list[tuple[str | int, ...]]:
    """Les chemins réels où ``data`` tient quelque chose pour un chemin de modèle
    (``etapes[].prevu``).
    """
    found: list[tuple[str | int, ...]] = [()]
    for name in path.replace("[]", ".*").split("."):
        found = [(*way, step) for way in found for step in _steps(at(data, way), name)]
    return found


def at(data: Any, way: tuple[str | int, ...]) -> Any:
    """La valeur au bout d'un chemin."""
    for step in way:
        data = data[step]
    return data


def without(data: Any, *ways: tuple[str | int, ...]) -> Any:
    """Les mêmes données, un champ effacé, ou plusieurs."""
    changed = copy.deepcopy(data)
    for way in ways:
        at(changed, way[:-1]).pop(way[-1])
    return changed


def patched(data: Any, changes: dict[str, Any]) -> Any:
    """Les mêmes données, des champs changés : ``{"conditions.fin": "01/01/2013"}`` ; ``None``
    efface.
    """
    changed = copy.deepcopy(data)
    for path, value in changes.items():
        *way, last = steps(path)
        place = at(changed, tuple(way))
        if value is None and isinstance(place, list):
            del place[int(last)]
        elif value is None:
            place.pop(last, None)
        else:
            place[last] = value
    return changed


def _steps(value: Any, name: str) -> list[str | int]:
    if name == "*":
        return list(range(len(value))) if isinstance(value, list) else []
    return [name] if isinstance(value, dict) and name in value else []
