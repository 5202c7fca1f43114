"""Un modèle Word fait pour docxtpl : relu en entier avant de servir, puis rempli ; il rend ce que
rend un modèle du projet, pour les mêmes étapes.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree

from dla_docs.constat import Constat, bloquants
from dla_docs.docxtpl_engine.preparing import (
    Prepared,
    fill_properties,
    mend,
    place_of,
    prepared,
    unshown,
)
from dla_docs.docxtpl_engine.values import Part, Reading, Refusal
from dla_docs.errors import DlaDocsError, InputError, TemplateError
from dla_docs.files import read_bytes
from dla_docs.model.node import Node
from dla_docs.resources import how_to_add
from dla_docs.templating import BROUILLON, DAY, DEFINITIF, Drawn, HasSchema, PrintMode
from dla_docs.templating.contract import unprinted
from dla_docs.templating.parts import Package
from dla_docs.templating.places import Finding, Place
from dla_docs.templating.scope import RESERVED, Scope
from dla_docs.templating.shell import Shell
from dla_docs.templating.template import as_node, stamp_of
from dla_docs.word.archive import pack_quickly, write_archive
from dla_docs.word.package import MAX_FILE, unpacked
from dla_docs.word.soundness import soundness

if TYPE_CHECKING:
    from dla_docs.docxtpl_engine.filling import Filler

FIX = "Corrigez la balise dans le modèle Word."


class DocxtplTemplate:
    """Un modèle prêt à être rempli par docxtpl. ``always`` : rien n'y est promis d'avance, chaque
    rendu vérifie ce qu'il a imprimé.
    """

    always: frozenset[str] = frozenset()

    def __init__(self, held: Prepared, model: Node | None, folder: Path) -> None:
        self._held, self._model, self._folder = held, model, folder

    def drawn(self, values: Mapping[str, Any], mode: PrintMode = DEFINITIF) -> Drawn:
        """Le document de ces valeurs, ses valeurs à part ; ``TemplateError`` dit ce que le modèle
        n'a pas le droit de faire, ou n'imprime pas.
        """
        from dla_docs.docxtpl_engine.filling import with_values

        draft = mode is BROUILLON
        with refusing(self._held):
            filler = self._filler(draft)
        reading = Reading(draft)
        known = self._names(values, reading, draft)
        with refusing(self._held, filler):
            parts = filler.filled(known)
        package = Package(parts)
        mend(package)
        fill_properties(package, self._held, stamp_of(_day(values)))
        holes = tuple(filler.holes)
        stories = [name for name, _ in package.stories()] + package.properties()
        numbered = {name: package.parts[name] for name in stories}
        self._check(values, filler, numbered)
        printed = {
            name: with_values(part, holes, name.startswith("docProps/"))
            for name, part in numbered.items()
        }
        shell = Shell(package, self._held.digest, self._held.has_contents, set(printed))
        return Drawn(printed, numbered, holes, shell, tuple(sorted(reading.paths)))

    def tried(self, values: Mapping[str, Any]) -> list[Constat]:
        """Ce qui arrêterait le rendu de ces valeurs : un fichier absent, un calcul, une place, un
        contenu demandé qui n'est pas imprimé, un fichier produit qui serait abîmé.
        """
        try:
            drawn = self.drawn(values)
            made = self.written({**drawn.printed, **drawn.around(DEFINITIF, None)})
        except DlaDocsError as error:
            return [*error.constats]
        return soundness(unpacked(made))

    def written(self, parts: Mapping[str, bytes]) -> bytes:
        """Le fichier de ces parties."""
        return write_archive(pack_quickly(name, content) for name, content in parts.items())

    def faults(self) -> Iterator[Finding]:
        """Tout ce que ses balises ont de faux, sans le remplir."""
        from dla_docs.docxtpl_engine.sandbox import FaultyTemplate

        filler = self._filler(False)
        sources = filler.sources()
        while True:
            name, source = "", ""
            try:
                name, source = next(sources)
                filler.sandbox.parsed(source)
            except StopIteration:
                return
            except FaultyTemplate as found:
                for fault in found.faults:
                    place = place_of(self._held, name, source, fault.line)
                    yield Finding(f"{fault.message}.", place, conseil=fault.conseil)
            except Exception as error:
                yield _finding(error, place_of(self._held, name, source, _line(error)))
                if not name:  # this part cannot even be read: those that follow it neither
                    return

    def _filler(self, draft: bool) -> Filler:
        from dla_docs.docxtpl_engine.filling import Filler

        return Filler(self._held.draft if draft else self._held.plain, self._scope(), self._folder)

    def _scope(self) -> Scope:
        return Scope(self._model)

    def _names(self, values: Mapping[str, Any], reading: Reading, draft: bool) -> dict[str, Any]:
        root = Part(values, self._model, "", reading)
        reserved = Part({**values, "brouillon": draft, "formulaire": False}, None, "", Reading())
        own = [name for name in root.names() if name not in RESERVED]
        return {name: root.child(name) for name in own} | {
            name: reserved.child(name) for name in RESERVED if name in values
        }

    def _check(
        self, values: Mapping[str, Any], filler: Filler, numbered: Mapping[str, bytes]
    ) -> None:
        text = " ".join(
            "".join(map(str, etree.fromstring(part).itertext())) for part in numbered.values()
        )
        found = [
            *unshown(numbered, tuple(filler.holes), filler.spent, self._held),
            *(unprinted(values, self._model, filler.made_of, text) if self._model else ()),
        ]
        if found:
            raise TemplateError(one.constat(self._held.name) for one in found)


def compile_docxtpl(
    source: bytes | str | Path, model: Node | type[HasSchema] | None, folder: Path
) -> DocxtplTemplate:
    """Un modèle fait pour docxtpl ; ``folder`` : le dossier où ses balises prennent leurs fichiers.
    ``TemplateError`` dit tout ce qu'il a de faux, ``PackageError`` s'il ne s'ouvre pas,
    ``InputError`` quand docxtpl n'est pas installé.
    """
    made, constats = _examined(source, model, folder)
    if bloquants(constats):
        raise TemplateError(constats)
    return made


def lint_docxtpl(
    source: bytes | str | Path,
    model: Node | type[HasSchema] | None,
    folder: Path,
    values: Mapping[str, Any] | None = None,
) -> list[Constat]:
    """Tout ce que ``compile_docxtpl`` reprocherait à ce modèle, sans le lever ; puis ce qui
    arrêterait le rendu de ces ``values``.
    """
    made, constats = _examined(source, model, folder)
    return constats if values is None or bloquants(constats) else [*constats, *made.tried(values)]


def _examined(
    source: bytes | str | Path, model: Node | type[HasSchema] | None, folder: Path
) -> tuple[DocxtplTemplate, list[Constat]]:
    if importlib.util.find_spec("docxtpl") is None:
        raise InputError(
            Constat(
                "Le moteur docxtpl n'est pas installé.",
                conseil=f"Installez-le : « {how_to_add('docxtpl')} ».",
            )
        )
    content = source if isinstance(source, bytes) else read_bytes(source, MAX_FILE)
    name = "" if isinstance(source, bytes) else Path(source).name
    held, findings = prepared(content, name, sha256(content).digest())
    made = DocxtplTemplate(held, as_node(model), folder)
    constats = (one.constat(name) for one in (*findings, *made.faults()))
    return made, list(dict.fromkeys(constats))


@contextmanager
def refusing(held: Prepared, filler: Filler | None = None) -> Iterator[None]:
    """Toute erreur d'un rendu, en une phrase : un modèle peut en faire lever de toutes sortes."""
    try:
        yield
    except DlaDocsError:
        raise
    except Exception as error:
        part = filler.where if filler else ""
        where = Place(part, held.titles.get(part, part)) if part else None
        raise TemplateError(_finding(error, where).constat(held.name)) from error


def _finding(error: Exception, place: Place | None) -> Finding:
    if isinstance(error, Refusal):
        return Finding(f"{error.message}.", place, conseil=error.conseil or FIX)
    kind = type(error).__name__
    if kind in ("TemplateSyntaxError", "TemplateAssertionError"):
        return Finding("une balise ne se lit pas.", place, conseil=FIX)
    if kind in ("RecursionError", "MemoryError", "SyntaxError"):
        return Finding("une balise est trop longue ou trop imbriquée.", place, conseil=FIX)
    return Finding(
        f"une balise ne se calcule pas avec ces valeurs ({kind}).",
        place,
        conseil="Une valeur y est comparée, calculée ou appelée pour ce qu'elle n'est pas.",
    )


def _line(error: Exception) -> int:
    return int(getattr(error, "lineno", 0) or 0)


def _day(values: Mapping[str, Any]) -> date | None:
    day = values.get(DAY)
    return day if isinstance(day, date) else None
