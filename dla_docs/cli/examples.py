"""L'exemple livré, copié avec tout ce qu'il cite : opérateur, prestataires, logos."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dla_docs.files import make_folder
from dla_docs.manual.requirement_index import named
from dla_docs.raw import load_raw
from dla_docs.resources import sample_names, sample_path


def name_of(slug: str) -> str:
    """Le nom de l'exemple d'un document, ou de la mission."""
    missions = [name for name in sample_names() if name.startswith("mission_")]
    if slug in missions:
        return slug
    found = named(slug, missions).slug()
    return "mission_individuelle" if found == "mission" else found


def others(name: str) -> list[str]:
    """Les fichiers qu'un exemple cite, de proche en proche."""
    root = sample_path(name).parent
    return [
        path.relative_to(root).as_posix()
        for path in _with_cited(sample_path(name))
        if path != sample_path(name)
    ]


def copies(name: str, folder: Path) -> dict[Path, bytes]:
    """Un exemple et ce qu'il cite : ce qui s'écrira dans ``folder``, leurs dossiers créés."""
    source = sample_path(name)
    made = {
        folder / path.relative_to(source.parent): path.read_bytes() for path in _with_cited(source)
    }
    for target in made:
        make_folder(target.parent)
    return made


def _with_cited(source: Path) -> list[Path]:
    found = [source]
    for path in found:
        if path.suffix == ".yaml":
            # What is found on the way is looked at in its turn.
            found += [cited for cited in _cited(path) if cited not in found]
    return found


def _cited(path: Path) -> list[Path]:
    """The files that some value of this file names."""
    texts = dict.fromkeys(
        text for text in _texts(load_raw(path)) if "\n" not in text and Path(text).suffix
    )
    return [target for text in texts if (target := path.parent / text).is_file()]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)
