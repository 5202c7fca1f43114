"""Les cas des exigences, ``model/cas/<nom>.yaml``, montrés par le catalogue : la ligne d'un exemple
qui fait parler le verdict, et celle qui le fait taire.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from dla_docs.model.node import steps
from dla_docs.raw import load_raw, value_at
from dla_docs.raw.nodes import MISSING
from dla_docs.resources import PACKAGE, sample_path

FOLDER = PACKAGE / "model" / "cas"
LONGEST = 160  # of a value that a page shows


@dataclass(frozen=True)
class CasMontre:
    """Un exemple livré, la ligne changée qui ne convient pas, et la sienne, qui convient."""

    document: str
    exemple: str
    fautive: str
    juste: str


@cache
def cases() -> dict[str, tuple[CasMontre, ...]]:
    """Les cas, par exigence."""
    found: dict[str, list[CasMontre]] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        for identifiant, held in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            shown = (one for said in held for one in _shown(path.stem, said))
            found.setdefault(identifiant, []).extend(dict.fromkeys(shown))
    return {key: tuple(shown) for key, shown in found.items()}


def _shown(slug: str, said: str | dict[str, Any]) -> Iterator[CasMontre]:
    """A path alone is that of what is erased; a printed text that a profile empties is no line of a
    file.
    """
    case: dict[str, Any] = {"efface": said} if isinstance(said, str) else said
    sample = str(case.get("exemple", slug))
    erased = case.get("efface", ())
    ways = [erased] if isinstance(erased, str) else erased
    changes = dict.fromkeys(ways) | case.get("change", {})
    if changes:
        wrong = (f"{path} : {_one_line(value)}" for path, value in changes.items())
        right = (f"{path} : {before}" for path in changes if (before := _written(sample, path)))
        yield CasMontre(slug, sample, " ; ".join(wrong), " ; ".join(right))


def _written(sample: str, path: str) -> str:
    """What the sample says there, of its first row; nothing where another file is cited."""
    held = value_at(load_raw(sample_path(sample)), steps(re.sub(r"\[\]", "[0]", path)))
    return "" if held in (MISSING, None) else _one_line(held)


def _one_line(value: Any) -> str:
    if value is None:
        return "rien"
    text = yaml.safe_dump(
        _plain(value), allow_unicode=True, default_flow_style=True, sort_keys=False, width=10**6
    )
    text = text.removesuffix("...\n").strip()
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}…"


def _plain(value: Any) -> Any:
    """Texts that know their line are, for YAML, texts."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else _text(value)


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value
