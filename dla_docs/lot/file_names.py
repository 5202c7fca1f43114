"""Le nom des fichiers d'un lot : d'après un patron, permis partout, et jamais le même pour deux
lignes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.files import name_key, numbered, safe_name
from dla_docs.lot.entries import Entries, Entry
from dla_docs.model.document import Document
from dla_docs.model.node import steps
from dla_docs.model.values.value import scalar_text
from dla_docs.raw import value_at
from dla_docs.raw.nodes import MISSING
from dla_docs.spelling import did_you_mean
from dla_docs.tables.columns import column_named, nearest_heading

FIELD = re.compile(r"\{([^{}]*)\}")
GAPS, EDGES = re.compile(r"(\s*[-–_]\s+)(?:[-–_]\s+)+"), " -–_"
LONGEST = 120  # characters: a folder's path has to fit too
USUAL = ("reference", "structure.nom", "prestataire.nom")
Owns = Callable[[str], bool | None]
NUMBER, REFERENCE, TITLE = "ligne", "reference", "document"


class Pattern:
    """Un patron de nom : « {reference} - {structure.nom} ». ``InputError`` quand il nomme un champ
    que le document n'a pas.
    """

    def __init__(self, text: str | None, model: type[Document]) -> None:
        self.text = text.removesuffix(".docx").removesuffix(".pdf") if text else _usual(model)
        self.model = model
        self.places = {name: self._place(name) for name in FIELD.findall(self.text)}

    def _place(self, name: str) -> str:
        column = column_named(self.model, name)
        if column is None and name not in (NUMBER, REFERENCE, TITLE):
            conseil = did_you_mean(
                nearest_heading(self.model, name),
                "Donnez le chemin d'un champ, {reference} ou {ligne}.",
            )
            raise InputError(
                Constat(
                    f"Le nom des fichiers cite « {{{name}}} », qui n'est pas un champ de ce "
                    f"document.",
                    conseil=conseil,
                )
            )
        return column.path if column else ""

    def name(
        self, data: Mapping[str, Any], lent: Mapping[str, Any], number: int, reference: str
    ) -> str:
        """Le nom, sans extension, d'après la ligne et ce que la mission lui donne ; ce qui est vide
        n'y laisse pas de trace.
        """
        own = {NUMBER: f"{number:04d}", REFERENCE: reference, TITLE: self.model.titre}
        said = {
            name: _said(data, path) or _said(lent, path) or own.get(name, "")
            for name, path in self.places.items()
        }
        name = GAPS.sub(r"\1", FIELD.sub(lambda found: said[found[1]], self.text)).strip(EDGES)
        return safe_name(
            name[:LONGEST].strip(EDGES) or f"ligne {number:04d}", suffix=".docx"
        ).removesuffix(".docx")


def _usual(model: type[Document]) -> str:
    return " - ".join(
        f"{{{name}}}" for name in USUAL if name == REFERENCE or column_named(model, name)
    )


def _said(data: Mapping[str, Any], path: str) -> str:
    """The value at the end of a path; a row given by its main text alone is that text."""
    way = steps(path)
    found = value_at(data, way) if path else MISSING
    if found is MISSING and isinstance(shorter := value_at(data, way[:-1]), str):
        found = shorter
    try:
        return found if isinstance(found, str) else scalar_text(found)
    except ValueError:  # a list, nothing
        return ""


class Names:
    """Les noms déjà pris : par les documents des fois d'avant, par ceux de cette fois, par des
    fichiers venus d'ailleurs.
    """

    def __init__(self, known: Entries, strangers: set[str]) -> None:
        self._known = known
        self._strangers = {name_key(name.rpartition(".")[0]) for name in strangers}
        self._next: dict[str, int] = {}  # of those that several rows have asked for

    def claim(
        self, name: str, fingerprint: str, origin: str, owns: Owns = lambda _: None
    ) -> tuple[str, Entry | None]:
        """Le nom d'une ligne, et son document s'il est déjà fait d'après les mêmes données : le
        sien d'abord, sinon le premier libre. ``owns`` dit d'un document retouché s'il est le sien.
        """
        own: str | None = None
        for candidate in self._candidates(name):
            held, entry = self._known.named(candidate) or (candidate, None)
            if entry is not None and entry.empreinte == fingerprint:
                return self._taken(held), entry
            if entry is not None and entry.origine == origin:
                if is_its_own := owns(held):
                    return self._taken(held), None
                own = own or (held if is_its_own is None else None)
            elif entry is None and name_key(candidate) not in self._strangers:
                return self._taken(own or candidate), None
        raise AssertionError("there is always another number")

    def before(self, name: str) -> Entry:
        """Ce que la fois d'avant a fait sous ce nom ; sans fichiers quand elle n'y a rien fait."""
        found = self._known.named(name)
        return found[1] if found else Entry("", "")

    def former(self, fingerprint: str, reference: str, owns: Owns) -> dict[str, Entry]:
        """Les documents des fois d'avant dont la ligne qui reçoit ce nom peut être celle, sous ceux
        qu'elle n'a plus : celui de ses données ; sinon, ceux de sa référence. Aucun ne suit deux
        lignes.
        """
        same = self._known.free(mark=fingerprint)
        own = self._known.free(origin=reference) if reference else {}
        found = sorted(same, key=lambda stem: stem not in own)[:1] or _owned([*own], owns)
        if len(found) == 1:
            self._known.follow(found[0])
        return {stem: (same | own)[stem] for stem in found}

    def _candidates(self, name: str) -> Iterator[str]:
        """The names that this run has not given yet: « A », « A (2) », « A (3) »…"""
        key = name_key(name)
        number = self._next.get(key, 1)
        while self._known.is_claimed(_nth(name, number)):
            number += 1
            self._next[key] = number
        while True:
            candidate = _nth(name, number)
            if not self._known.is_claimed(candidate):
                yield candidate
            number += 1

    def _taken(self, name: str) -> str:
        self._known.claim(name)
        return name


def _owned(stems: Sequence[str], owns: Owns) -> list[str]:
    """That which is the row's own; else all but those of others."""
    said = {stem: owns(stem) for stem in stems}
    return [stem for stem in stems if said[stem]] or [s for s in stems if said[s] is None]


def _nth(name: str, number: int) -> str:
    return name if number == 1 else numbered(f"{name}.docx", number).removesuffix(".docx")
