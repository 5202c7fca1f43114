"""Le verdict d'un exemple dont on a changé quelques champs."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeVar

import yaml

from dla_docs import Constat, Mission, check, load, render
from dla_docs.model.document import Document
from dla_docs.resources import sample_path
from dla_docs.stages.loading import load_text
from tests import as_keyed
from tests.corpus import patched
from tests.word_forms import page_text

Kind = TypeVar("Kind", bound=Document)


def raw(name: str) -> Any:
    """Les données d'un exemple, telles qu'elles sont écrites."""
    return yaml.load(sample_path(name).read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)


def loaded(name: str, changes: dict[str, Any]) -> Any:
    """L'exemple changé, relu comme un fichier posé à côté des autres exemples."""
    said = yaml.dump(patched(raw(name), changes), Dumper=yaml.CSafeDumper, allow_unicode=True)
    return _read(said, name)


@lru_cache(64)  # read once for all the profiles: nobody changes a loaded document
def _read(text: str, name: str) -> Any:
    return load_text(text, sample_path(name))


def mission(nature: str, changes: dict[str, Any]) -> Mission:
    """La mission d'exemple de cette nature, changée."""
    found = loaded(f"mission_{nature}", changes)
    assert isinstance(found, Mission)
    return found


def tenu(found: Kind | None) -> Kind:
    """Le document que la mission tient, quand l'exemple doit le tenir."""
    assert found is not None
    return found


def verdict(
    name: str, changes: dict[str, Any], profil: str = "centre", stade: str | None = None
) -> list[Constat]:
    """Les constats de l'exemple changé."""
    return check(loaded(name, changes), profil, stade)


def named(constats: list[Constat]) -> set[str]:
    """Les exigences que des constats nomment."""
    return {identifiant for constat in constats for identifiant in constat.exigences}


def paths(constats: list[Constat]) -> list[str]:
    """Où tombent des constats."""
    return [constat.chemin for constat in constats]


def page(name: str) -> str:
    """Ce que montre la page de l'exemple."""
    document = load(sample_path(name))
    assert isinstance(document, Document)
    return as_keyed(page_text(render(document))).replace("\N{NO-BREAK SPACE}", " ")
