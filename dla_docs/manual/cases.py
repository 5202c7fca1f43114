"""Les cas des exigences, ``model/cas/<nom>.yaml``, montrés par le catalogue : la ligne d'un exemple
qui fait parler le verdict, et celle qui le fait taire.
"""

from __future__ import annotations

import json
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


def cases_of(identifiant: str) -> tuple[CasMontre, ...]:
    """Les cas d'une exigence."""
    declared = declared_cases().get(identifiant, ())
    return tuple(dict.fromkeys(one for slug, said in declared for one in _shown(slug, said)))


@cache
def declared_cases() -> dict[str, list[tuple[str, str | dict[str, Any]]]]:
    """Les cas tels qu'ils sont écrits, par exigence, chacun avec le document de son fichier."""
    found: dict[str, list[tuple[str, str | dict[str, Any]]]] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        held = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
        for identifiant, several in held.items():
            found.setdefault(identifiant, []).extend((path.stem, said) for said in several)
    return found


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
    held = value_at(_sample(sample), steps(re.sub(r"\[\]", "[0]", path)))
    return "" if held in (MISSING, None) else _one_line(held)


@cache
def _sample(name: str) -> Any:
    return load_raw(sample_path(name))


def _one_line(value: Any) -> str:
    text = "rien" if value is None else _flow(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}…"


def _flow(value: Any) -> str:
    """As one would type it on a line: a text has its quotes where YAML needs them."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_flow(held)}' for key, held in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    if value is None or value == "":
        return ""
    text = " ".join(str(value).split())
    return json.dumps(text, ensure_ascii=False) if QUOTED.search(text) else text


QUOTED = re.compile(r"[,\[\]{}]|: | #|:$|^[\"'&*!|>%@`?-]")
