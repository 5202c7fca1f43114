"""Un modèle Word compilé : immuable, partagé par les fils d'exécution, il imprime un document par
appel.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from dla_docs.constat import Constat, bloquants
from dla_docs.errors import InputError, TemplateError
from dla_docs.files import read_bytes
from dla_docs.model.node import Node
from dla_docs.templating.column_widths import fitted
from dla_docs.templating.compiler import Compilation, compile_parts
from dla_docs.templating.controls import FieldToFill
from dla_docs.templating.frame import DAY, DEFINITIF, Blank, Frame, Hole, PrintMode, Said
from dla_docs.templating.images import Image
from dla_docs.templating.marks import as_text
from dla_docs.templating.pagination import kept_whole
from dla_docs.templating.programs import run
from dla_docs.templating.shell import Images, Shell
from dla_docs.word.archive import PackedPart, pack, pack_quickly, write_archive
from dla_docs.word.package import MAX_FILE, open_package

KEPT = 64  # compiled templates kept in memory


class HasSchema(Protocol):
    """Ce qui sait dire l'arbre de ses champs : une classe de document."""

    @classmethod
    def schema_node(cls) -> Node:
        """L'arbre des champs."""
        ...


Model = Node | type[HasSchema] | HasSchema


@dataclass(frozen=True)
class Drawn:
    """Un document imprimé, ses valeurs à part : ses parties ; les mêmes, un numéro
    (``marks.as_text``) à la place de chaque valeur ; ces valeurs, dans l'ordre des numéros ; ce qui
    entoure ces parties ; les chemins que le modèle lit des données ; les images de chaque partie.
    """

    printed: dict[str, bytes]
    numbered: dict[str, bytes]
    holes: tuple[Hole, ...]
    shell: Shell
    paths: tuple[str, ...]
    images: Images = field(default_factory=dict)

    def around(self, mode: PrintMode, data: bytes | None) -> dict[str, bytes]:
        """Les parties qui entourent la page ; ``data`` : les données qui voyagent avec elle."""
        return self.shell.parts(mode.is_form, data, self.images)


class Template(Protocol):
    """Ce qu'un moteur fait d'un modèle Word. ``always`` : ce qu'il imprime tel quel dès que c'est
    rempli, pour ce qu'on en sait d'avance.
    """

    always: frozenset[str]

    def drawn(self, values: Mapping[str, Any], mode: PrintMode = DEFINITIF) -> Drawn:
        """Le document de ces valeurs, ses valeurs à part."""
        ...

    def written(self, parts: Mapping[str, bytes]) -> bytes:
        """Le fichier de ces parties."""
        ...


def _numbered(pieces: Iterable[str]) -> bytes:
    told = [as_text(one.number) if one.__class__ is Said else one for one in pieces]
    return "".join(told).encode()


class CompiledTemplate:
    """Un modèle prêt à imprimer. ``controls`` : ses champs à remplir ; ``paths`` : ce qu'il lit des
    données ; ``always`` : ce qu'il en imprime tel quel dès que c'est rempli.
    """

    def __init__(self, made: Compilation, recipe: tuple[bytes, Node | None]) -> None:
        self.controls: tuple[FieldToFill, ...] = tuple(made.controls)
        self.paths: tuple[str, ...] = tuple(sorted(made.paths))
        self.always = made.always
        self._recipe = recipe
        self._depth, self._next_drawing, self._control_ids = (
            made.depth,
            made.next_drawing,
            frozenset(made.control_ids),
        )
        self._programs = dict(
            sorted(made.programs.items(), key=lambda item: (item[0] != made.package.main, item[0]))
        )
        self._main = made.package.main
        self._still = frozenset(made.still)
        self._still_parts: dict[tuple[str, Blank], bytes] = {}
        self._shell = Shell(made.package, made.digest, made.has_contents, set(self._programs))
        self._ready = self._shell.ready()

    def __reduce__(self) -> tuple[Any, ...]:
        return (
            compile_template,
            self._recipe,
        )  # functions do not travel between processes: the other side compiles again

    def render(
        self,
        values: Mapping[str, Any],
        mode: PrintMode = DEFINITIF,
        data: bytes | Callable[[Mapping[str, bytes]], bytes] | None = None,
    ) -> bytes:
        """Le document Word de ces valeurs ; ``data``, un document XML, l'accompagne dans le
        fichier, tel quel ou fait des parties imprimées. InputError nomme la valeur fautive.
        """
        return self.written(self.parts(values, mode, data))

    def parts(
        self,
        values: Mapping[str, Any],
        mode: PrintMode = DEFINITIF,
        data: bytes | Callable[[Mapping[str, bytes]], bytes] | None = None,
    ) -> dict[str, bytes]:
        """Les parties de ce document, par nom. Les mêmes erreurs que ``render``."""
        printed, images = self._printed(self._frame(values, mode))
        joined = data(printed) if callable(data) else data
        return printed | self._shell.parts(mode.is_form, joined, images)

    def drawn(self, values: Mapping[str, Any], mode: PrintMode = DEFINITIF) -> Drawn:
        """Ce document, ses valeurs à part. Les mêmes erreurs que ``render``."""
        frame = self._frame(values, mode)
        frame.holes = {}
        numbered: dict[str, bytes] = {}
        printed, images = self._printed(frame, numbered)
        return Drawn(printed, numbered, tuple(frame.holes), self._shell, self.paths, images)

    def written(self, parts: Mapping[str, bytes]) -> bytes:
        """Le fichier de ces parties."""
        return write_archive(self._packed(name, content) for name, content in parts.items())

    @property
    def data_part(self) -> str:
        """Le nom de la partie qui porte les données du document."""
        return self._shell.data_name

    def _frame(self, values: Mapping[str, Any], mode: PrintMode) -> Frame:
        return Frame(
            values,
            mode,
            self._depth,
            self._next_drawing,
            set(self._control_ids),
            stamp_of(values.get(DAY)),
        )

    def _printed(
        self, frame: Frame, numbered: dict[str, bytes] | None = None
    ) -> tuple[dict[str, bytes], Images]:
        """The parts that hold values, and the images that each of them shows; ``numbered`` receives
        the same parts, a number in the place of each value.
        """
        printed: dict[str, bytes] = {}
        images: dict[str, dict[str, Image]] = {}
        for name, program in self._programs.items():
            if name in self._still:
                printed[name] = self._still_part(name, frame)
            else:
                pieces: list[str] = []
                run(program, frame, pieces)
                if name == self._main:
                    pieces = fitted(pieces)
                    if not frame.mode.is_form:  # whose fields have no height yet
                        pieces = kept_whole(pieces)
                printed[name] = "".join(pieces).encode()
            if numbered is not None:
                numbered[name] = printed[name] if name in self._still else _numbered(pieces)
            if frame.images:
                images[name], frame.images = frame.images, {}
        return printed, images

    def _still_part(self, name: str, frame: Frame) -> bytes:
        """A header that holds no value is written, and packed, once per mode: two threads may both
        do it, to the same bytes.
        """
        key = (name, frame.mode.blank)
        if key not in self._still_parts:
            out: list[str] = []
            run(self._programs[name], frame, out)
            content = "".join(out).encode()
            self._ready[name, content] = pack(name, content)
            self._still_parts[key] = content
        return self._still_parts[key]

    def _packed(self, name: str, content: bytes) -> PackedPart:
        known = name not in self._programs or name in self._still
        return (self._ready.get((name, content)) if known else None) or pack_quickly(name, content)


def compile_template(source: bytes | str | Path, model: Model | None = None) -> CompiledTemplate:
    """Compile un modèle Word (une fois par processus et par contenu) ; TemplateError dit tout ce
    qu'il a de faux, PackageError s'il ne s'ouvre pas.
    """
    content = source if isinstance(source, bytes) else read_bytes(source, MAX_FILE)
    key = (sha256(content).digest(), id(model))
    with _LOCK:
        if key not in _CACHE:
            _CACHE[key] = (
                _compile(content, model, source),
                model,
            )  # the model is kept, so that its id stays its own
            while len(_CACHE) > KEPT:
                _CACHE.popitem(last=False)
        _CACHE.move_to_end(key)
        return _CACHE[key][0]


def lint(source: bytes | str | Path, model: Model | None = None) -> list[Constat]:
    """Tout ce que ``compile_template`` reprocherait à ce modèle, sans rien lever."""
    made = compile_parts(open_package(source, attached=True), as_node(model))
    return _constats(made, source)


def as_node(model: Model | None) -> Node | None:
    """L'arbre des champs d'un modèle, donné tel quel ou par sa classe."""
    return model if model is None or isinstance(model, Node) else model.schema_node()


_LOCK = threading.Lock()
_CACHE: OrderedDict[tuple[bytes, int], tuple[CompiledTemplate, Model | None]] = OrderedDict()


def _compile(content: bytes, model: Model | None, source: bytes | str | Path) -> CompiledTemplate:
    node = as_node(model)
    made = compile_parts(open_package(content, _name(source), attached=True), node)
    if faults := bloquants(_constats(made, source)):
        raise TemplateError(faults)
    return CompiledTemplate(made, (content, node))


def _constats(made: Compilation, source: bytes | str | Path) -> list[Constat]:
    return list(dict.fromkeys(finding.constat(_name(source)) for finding in made.findings))


def _name(source: bytes | str | Path) -> str:
    return "" if isinstance(source, bytes) else Path(source).name


def stamp_of(day: date | None) -> str:
    """SOURCE_DATE_EPOCH, sinon le jour du document, dans les mots des propriétés d'un fichier : le
    même document a les mêmes octets, quel que soit le jour où il est fait.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not given:
        return f"{day:%Y-%m-%d}T00:00:00Z" if day else ""
    try:
        return datetime.fromtimestamp(int(given), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError) as error:
        raise InputError(
            Constat(
                f"SOURCE_DATE_EPOCH vaut « {given} », qui n'est pas un nombre de secondes.",
                conseil="Corrigez-la ou retirez-la.",
            )
        ) from error
