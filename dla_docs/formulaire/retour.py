"""Le retour dans la mission : les réponses d'un formulaire, écrites dans le fichier de mission sans toucher au reste."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import LiteralScalarString

from dla_docs.constat import Constat
from dla_docs.document import Document
from dla_docs.ecriture import typed
from dla_docs.errors import InputError
from dla_docs.files import read_text, write_atomic
from dla_docs.formulaire.lecture import Changement, Lecture
from dla_docs.loading import load, load_text
from dla_docs.mission import Mission
from dla_docs.raw.inclusion import is_citation
from dla_docs.schema import steps


def base_in(path: str | Path) -> dict[str, tuple[Document, ...]]:
    """Les documents que le fichier tient déjà, par nom : ce à quoi comparer un formulaire qui a perdu ses données."""
    loaded = load(path)
    return loaded.documents if isinstance(loaded, Mission) else {type(loaded).slug(): (loaded,)}


def write_back(lecture: Lecture, path: str | Path) -> None:
    """Écrit les changements dans la mission ; ses commentaires et son ordre restent. Rien n'est écrit si le résultat ne se relit pas."""
    target = Path(path)
    if target.suffix.lower() == ".json":
        raise InputError(Constat("Les réponses s'écrivent dans un fichier YAML, pas JSON.", fichier=target.name, conseil="Relisez vers un fichier avec -o."))
    yaml = _yaml()
    tree = yaml.load(read_text(target))
    place = _place(tree, lecture.document, target.name)
    for change in lecture.changements:
        _write(place, change, lecture.document)
    text = io.StringIO()
    yaml.dump(tree, text)
    load_text(text.getvalue(), target)
    write_atomic(target, text.getvalue().encode())


def _yaml() -> YAML:
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _place(tree: Any, document: Document, name: str) -> Any:
    """Where the mission holds this document; made when it is not there yet."""
    slug = type(document).slug()
    if tree.get("document") == slug:
        return tree
    held = _under(tree, "documents", CommentedMap())
    found = _under(held, slug, CommentedMap())
    if isinstance(found, CommentedSeq):
        return _among(found, document, name)
    if not isinstance(found, CommentedMap):
        raise InputError(Constat(f"Ce document est tenu par le fichier « {found} » : relisez le formulaire dans ce fichier-là.", fichier=name))
    return found


def _among(found: CommentedSeq, document: Document, name: str) -> Any:
    key = getattr(getattr(document, "prestataire", None), "cle", None)
    matching = [item for item in found if key is not None and item.get("prestataire") == key]
    if len(matching or found) != 1:
        raise InputError(Constat("La mission tient plusieurs de ces documents et rien ne dit lequel est revenu.", fichier=name))
    return (matching or found)[0]


def _write(place: Any, change: Changement, document: Document) -> None:
    *way, last = _keyed(change.chemin, document)
    for step in way:
        place = _row(place, step) if isinstance(step, _Row) else _part(place, step)
    if change.apres:
        node = type(document).schema_node().find(change.chemin)
        text = typed(change.apres, node) if node else change.apres
        place[last.name] = LiteralScalarString(text) if "\n" in text else text
    else:
        place.pop(last.name, None)


class _Part:
    """A step to a part, or to rows; ``principal``: the field that a plain text in its place stands for."""

    def __init__(self, name: str, principal: str) -> None:
        self.name, self.principal = name, principal


class _Row:
    """A step to a row: its key, and its place where the file gives none."""

    def __init__(self, cle: str, number: int, principal: str) -> None:
        self.cle, self.number, self.principal = cle, number, principal


def _keyed(path: str, document: Document) -> Iterator[Any]:
    value: Any = document
    for step in steps(path):
        if isinstance(step, int):
            row = value[step] if step < len(value) else None
            yield _Row(getattr(row, "cle", None) or f"{step + 1}", step, getattr(row, "principal", ""))
            value = row
        else:
            value = getattr(value, step, None)
            yield _Part(step, getattr(value, "principal", ""))


def _part(place: Any, step: _Part) -> Any:
    held = place.get(step.name)
    if isinstance(held, str) and is_citation(held):
        raise InputError(f"« {step.name} » est tenu par le fichier « {held} » : corrigez-le dans ce fichier, les autres missions le citent aussi.")
    if isinstance(held, str) and step.principal:
        place[step.name] = CommentedMap({step.principal: held})
    return _under(place, step.name, CommentedMap())


def _row(rows: Any, step: _Row) -> Any:
    if isinstance(rows, CommentedSeq):
        return _listed(rows, step)
    return _under(rows, step.cle, CommentedMap())


def _listed(rows: CommentedSeq, step: _Row) -> Any:
    for number, item in enumerate(rows):
        known = item.get("cle") if isinstance(item, CommentedMap) else None
        if known == step.cle or (known is None and number == step.number):
            if not isinstance(item, CommentedMap):
                rows[number] = CommentedMap({step.principal: item})
            return rows[number]
    rows.append(CommentedMap({"cle": step.cle}))
    return rows[-1]


def _under(place: Any, key: str, empty: Any) -> Any:
    if place.get(key) is None:
        place[key] = empty
    return place[key]
