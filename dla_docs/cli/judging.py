"""Ce que « dla-docs verifier » juge : un document ou une mission ; un formulaire relu et un
parcours ont leurs modules, qui ne se chargent que pour eux.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from dla_docs.constat import Constat
from dla_docs.model.document import Document
from dla_docs.stages.ledger import Ledger
from dla_docs.stages.request import Request, resolve
from dla_docs.stages.verdict import verdict

if TYPE_CHECKING:  # the proof is imported where it is asked for
    from dla_docs.stages.evidence import Juge


class Jugeable(Protocol):
    """Ce que tient un fichier à vérifier."""

    def requests(self, profil: str | None, stade: str | None, a_jour: bool) -> list[Request]:
        """Ce qui est demandé : un document, une mission, ou chaque mission d'un parcours."""

    def verdict(self, requests: Sequence[Request], ledger: Ledger | None) -> list[Constat]:
        """Tous les constats."""

    def judged(self, requests: Sequence[Request], path: Path) -> Juge:
        """Ce qui est jugé, et ses empreintes."""


@dataclass(frozen=True)
class Ecrit:
    """Un document ou une mission, en YAML ou en JSON."""

    document: Document

    def requests(self, profil: str | None, stade: str | None, a_jour: bool) -> list[Request]:
        """Le document, sous le profil et au stade demandés."""
        return [resolve(self.document, profil, stade, a_jour=a_jour)]

    def verdict(self, requests: Sequence[Request], ledger: Ledger | None) -> list[Constat]:
        """Le verdict du document."""
        return verdict(requests[0], ledger)

    def judged(self, requests: Sequence[Request], path: Path) -> Juge:
        """Le document jugé, et les fichiers d'où il vient."""
        from dla_docs.stages.evidence import files_of, judged

        return judged(requests[0], files_of(requests[0].document))
