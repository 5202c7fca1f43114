"""Les fichiers cités : là où le modèle attend une partie ou une ligne, le chemin d'un fichier vaut
son contenu.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import is_
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from dla_docs import files
from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.model.node import Kind, Node
from dla_docs.raw.building import MAX_VALUES
from dla_docs.raw.nodes import FileLine, RawList, RawMap, Step, line_of, place_of, size_of
from dla_docs.raw.overlaying import keyed_rows
from dla_docs.raw.quoting import quoted
from dla_docs.raw.reading import parse_raw

HELD = (Kind.PART, Kind.ROWS)
SUFFIXES = (".yaml", ".yml", ".json")
# What the files that one mission cites may be and hold, each counted as often as it is cited
MAX_READINGS, MAX_CITED = 5_000, MAX_VALUES

Raw = TypeVar("Raw")


Reader = Callable[[Path], str]


def include(raw: Raw, node: Node, folder: Path, root: Path, read: Reader = files.read_text) -> Raw:
    """Les mêmes données, où chaque fichier cité est remplacé par ce qu'il contient ; ``folder`` est
    le dossier du fichier qui les porte.

    ``read`` donne le texte d'un fichier. Un chemin est relatif au fichier qui le cite et reste sous
    ``root``. Les lignes données par clé
    deviennent une liste de lignes.
    ``InputError`` porte tous les fichiers absents ou illisibles.
    """
    start = _Source(folder, place_of(raw)[0], ())
    inclusion = _Inclusion(root, read, start)
    included: Raw = inclusion.whole(raw, node)
    if inclusion.constats:
        raise InputError(inclusion.constats)
    return included


@dataclass(frozen=True)
class _Source:
    """Le fichier en cours de lecture : son dossier, son nom à montrer, et la suite des fichiers
    cités qui y mènent, lui compris.
    """

    folder: Path
    file: str
    chain: tuple[Path, ...]


Part = Callable[[Any, Node, _Source], Any]


class _Inclusion:
    """What cites nothing is left as it is, and not copied."""

    def __init__(self, root: Path, read: Reader, start: _Source) -> None:
        self._root, self._text_of, self._start = root, read, start
        self._read: dict[Path, RawMap | None] = {}  # None: unreadable, already said
        self._sizes: dict[Path, int] = {}  # the values of each
        self._readings = self._values = 0
        self.constats: list[Constat] = []

    def whole(self, raw: Any, node: Node) -> Any:
        """Tout ce qui est à lire, ou ce que tient le fichier qui en tient lieu."""
        if is_citation(raw):
            return self._cited(raw, node, self._start, place_of(raw), self.part)
        return self.part(raw, node, self._start)

    def part(self, raw: Any, node: Node, source: _Source) -> Any:
        """Une partie, ou une ligne, avec ce que tiennent les fichiers qu'elle cite."""
        if not isinstance(raw, Mapping):
            return raw
        known = node.children
        changed = {
            key: found
            for key, value in raw.items()
            if (child := known.get(key)) is not None
            and child.kind in HELD
            and (found := self._child(raw, key, value, child, source)) is not value
        }
        if not changed:
            return raw
        items = {**raw, **changed}
        return raw.with_items(items) if isinstance(raw, RawMap) else items

    def _child(self, raw: Any, key: str, value: Any, node: Node, source: _Source) -> Any:
        reader = self.part if node.kind is Kind.PART else self._rows
        return self._held(raw, key, value, node, source, reader)

    def _held(
        self, raw: Any, step: Step, value: Any, node: Node, source: _Source, reader: Part
    ) -> Any:
        """What stands at this step: its keys, or the path of the file that holds them."""
        if is_citation(value):
            return self._cited(value, node, source, line_of(raw, (step,)), reader)
        return reader(value, node, source)

    def _rows(self, raw: Any, node: Node, source: _Source) -> Any:
        if isinstance(raw, Mapping) and _is_keyed(raw, node):
            return self._keyed_rows(raw, node, source)
        if not isinstance(raw, list | tuple):
            return self.part(raw, node, source)
        items = [
            self._held(raw, rank, row, node, source, self.part) for rank, row in enumerate(raw)
        ]
        if isinstance(raw, list) and all(map(is_, items, raw)):
            return raw
        return raw.with_items(items) if isinstance(raw, RawList) else items

    def _keyed_rows(self, raw: Mapping[str, Any], node: Node, source: _Source) -> Any:
        rows = {key: self._held(raw, key, row, node, source, self.part) for key, row in raw.items()}
        try:
            return keyed_rows(
                raw.with_items(rows) if isinstance(raw, RawMap) else rows, node.children
            )
        except InputError as error:
            self.constats += error.constats
            return raw

    def _cited(self, text: str, node: Node, source: _Source, place: FileLine, reader: Part) -> Any:
        """Ce que tient le fichier dont voici le chemin ; le chemin lui-même quand il ne se lit
        pas, ce que dit un constat.
        """
        target = self._target(text.strip(), source, place)
        if target is None:
            return text
        if target in (self._first, *source.chain):
            self._problem(
                f"{quoted(text)} finit par se citer lui-même.",
                "Écrivez les données dans un seul des deux fichiers.",
                place,
            )
            return text
        shown = _shown_path(source.file, text)
        found = self._content(target, shown, text, place)
        return (
            text
            if found is None
            else reader(found, node, _Source(target.parent, shown, (*source.chain, target)))
        )

    @cached_property
    def _base(self) -> Path:
        return self._root.resolve()

    @cached_property
    def _first(self) -> Path | None:
        """The file that cites all the others."""
        name = PurePosixPath(self._start.file.replace("\\", "/")).name
        return (self._start.folder / name).resolve() if self._start.file else None

    def _target(self, text: str, source: _Source, place: FileLine) -> Path | None:
        relative = text.replace("\\", "/")
        try:
            if not PurePosixPath(relative).is_absolute():
                relative = os.path.normpath(
                    os.path.join(os.path.relpath(source.folder.resolve(), self._base), relative)
                )
            target = files.below(self._root, relative.replace(os.sep, "/"))
            if target.exists():
                return target
            self._problem(
                f"Le fichier {quoted(text)} n'existe pas.",
                "Vérifiez son nom : son chemin part du fichier qui le cite.",
                place,
            )
        except InputError:
            self._problem(
                f"{quoted(text)} sort du dossier de la mission.",
                "Mettez le fichier dans ce dossier, ou copiez-y ses données.",
                place,
            )
        except (OSError, ValueError):  # too long, or a character that no file name can hold
            self._problem(
                f"{quoted(text)} n'est pas un nom de fichier.",
                "Écrivez son chemin depuis le fichier qui le cite.",
                place,
            )
        return None

    def _content(self, target: Path, shown: str, text: str, place: FileLine) -> RawMap | None:
        if target not in self._read:
            self._read[target] = self._parse(target, shown, text, place)
            self._sizes[target] = size_of(self._read[target])
        self._readings, self._values = self._readings + 1, self._values + self._sizes[target]
        if self._readings > MAX_READINGS:
            raise _too_many(f"Plus de {MAX_READINGS} fichiers sont cités.", place)
        if self._values > MAX_CITED:
            raise _too_many(
                f"{quoted(text)} et les autres fichiers cités tiennent trop de valeurs.", place
            )
        return self._read[target]

    def _parse(self, target: Path, shown: str, text: str, place: FileLine) -> RawMap | None:
        try:
            content = self._text_of(target)
        except InputError as error:
            self._cannot_read(error, text, place)
            return None
        try:
            return parse_raw(content, shown)
        except InputError as error:
            self.constats += error.constats
            return None

    def _cannot_read(self, error: InputError, text: str, place: FileLine) -> None:
        for constat in error.constats:
            self._problem(f"{quoted(text)} : {constat.message}", constat.conseil, place)

    def _problem(self, message: str, conseil: str, place: FileLine) -> None:
        self.constats.append(Constat(message, fichier=place[0], ligne=place[1], conseil=conseil))


def _too_many(message: str, place: FileLine) -> InputError:
    return InputError(
        Constat(message, fichier=place[0], ligne=place[1], conseil="Partagez la mission.")
    )


def parts_like(raw: Mapping[str, Any], node: Node) -> list[Node]:
    """Les parties d'un modèle dont un fichier peut être le contenu, d'après ses clés ; la plus
    proche d'abord.
    """
    parts = (one for one in node.walk() if one.kind in (Kind.PART, Kind.ROWS) and one is not node)
    found = [one for one in parts if raw and raw.keys() <= one.children.keys()]
    return sorted(found, key=lambda one: len(one.children))


def is_citation(raw: Any) -> bool:
    """Vrai pour un texte d'une ligne qui finit comme un nom de fichier de données."""
    return (
        isinstance(raw, str) and "\n" not in raw.strip() and raw.strip().lower().endswith(SUFFIXES)
    )


def _is_keyed(raw: Mapping[str, Any], node: Node) -> bool:
    # With a key of the model it is a single row; with a plain value it is no row at all, and the
    # model says so.
    return not raw.keys() & node.children.keys() and all(
        row is None or isinstance(row, Mapping) or is_citation(row) for row in raw.values()
    )


def _shown_path(citing: str, text: str) -> str:
    folder = PurePosixPath(citing.replace("\\", "/")).parent
    return os.path.normpath(folder / text.strip().replace("\\", "/")).replace(os.sep, "/")
