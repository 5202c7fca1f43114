"""Le registre d'un verdict : ce qu'il a fait de chaque exigence, tenu pendant l'unique passage qui
donne les constats.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from dla_docs.model.requirement import Exigence


class Motif(StrEnum):
    """Pourquoi une exigence n'a pas été vérifiée, du plus général au plus particulier."""

    PROFIL = "profil"
    VERSION = "version"
    FACULTATIVE = "facultative"
    CONDITION = "condition"
    STADE = "stade"
    PARTIE = "partie"
    IMPRIMEE = "imprimee"
    DEROULEMENT = "deroulement"


Reason = tuple[Motif, str]


@dataclass
class Ledger:
    """``passed`` : vérifiées là où rien ne manquait ; ``spared`` : laissées, et pourquoi. Une même
    exigence peut être des deux, à deux endroits.
    """

    passed: dict[str, Exigence] = field(default_factory=dict)
    spared: dict[str, list[Reason]] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)  # of the documents that were judged

    def passes(self, exigences: Iterable[Exigence]) -> None:
        """Ces exigences sont respectées ici."""
        self.passed.update((exigence.id, exigence) for exigence in exigences)

    def spares(self, exigences: Iterable[Exigence], motif: Motif, sentence: str) -> None:
        """Ces exigences ne valent pas ici."""
        for exigence in exigences:
            held = self.spared.setdefault(exigence.id, [])
            if (motif, sentence) not in held:
                held.append((motif, sentence))
