"""Les mêmes noms partout : ceux de l'en-tête et ceux de chaque document."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Any

from dla_docs.mission.contenu import key_of
from dla_docs.mission.vues import VuesDesRetenus
from dla_docs.model.document import Document
from dla_docs.model.fields import regle
from dla_docs.model.requirement import exige

IDENTIFIANTS = ("structures", "prestataire", "consultant", "reference_convention")


class MemesIdentifiants(VuesDesRetenus):
    """Les règles qui comparent les noms des documents à ceux de la mission."""

    @regle(
        exige("RX-36"),
        porte_sur="documents.grille_de_suivi",
        conseil="N'écrivez ces noms qu'une fois, en tête de la mission.",
    )
    def identifiants_de_la_convention(self) -> Iterator[str]:
        """Prestataire, consultant, référence de la convention et structure de la grille de suivi
        sont ceux de la convention.
        """
        return self._disagreeing({"grille_de_suivi"})

    @regle(porte_sur="documents", conseil="N'écrivez ces noms qu'une fois, en tête de la mission.")
    def memes_identifiants(self) -> Iterator[str]:
        """Structure, prestataire, consultant et référence de convention sont les mêmes dans tous
        les documents.
        """
        return self._disagreeing({*self.documents} - {"grille_de_suivi"})

    def _disagreeing(self, slugs: Container[str]) -> Iterator[str]:
        named: dict[str | None, dict[str, set[str]]] = {}
        for slug, documents in self.documents.items():
            if slug not in slugs:
                continue
            for number, document in enumerate(documents):
                place = f"documents.{slug}[{number}]" if len(documents) > 1 else f"documents.{slug}"
                cle = key_of(document)
                if cle not in named:
                    seen = self.aupres_de(cle)
                    named[cle] = {name: _names(getattr(seen, name)) for name in IDENTIFIANTS}
                yield from (
                    f"{place}.{name}"
                    for name, shared in named[cle].items()
                    if not _agrees(document, name, shared)
                )


def _agrees(document: Document, name: str, shared: set[str]) -> bool:
    if name == "prestataire" and document.multiple:
        return True  # each proposition has its own
    said = _names(getattr(document, name, None))
    return not said or not shared or said <= shared


def _names(value: Any) -> set[str]:
    """The names that a header field holds."""
    found = (
        [value]
        if isinstance(value, str)
        else [
            getattr(row, "nom", None) for row in (value if isinstance(value, tuple) else (value,))
        ]
    )
    return {name.casefold() for name in found if name}
