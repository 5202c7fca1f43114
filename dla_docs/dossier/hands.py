"""Ce que des mains ont fait des fichiers d'un dossier, d'une fois à l'autre : rafraîchi quand cela
se peut, et jamais compté parmi ce que l'on a écrit seul.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dla_docs.constat import Constat
from dla_docs.dossier.recipient import Remise
from dla_docs.dossier.retouched import Fiche, Retouche, contradictions, retouched
from dla_docs.errors import DlaDocsError, TargetError
from dla_docs.mission import Mission
from dla_docs.retouches.refresh import Rafraichi
from dla_docs.retouches.target import put_refreshed, write_over


@dataclass
class Hands:
    """``marks`` : le nom et l'empreinte de ce que les fois d'avant ont écrit seules."""

    where: Path
    marks: set[tuple[str, str]]
    mission: Mission
    remise: Remise
    remplacer: bool
    refreshed: dict[str, Retouche] = field(default_factory=dict)
    left: dict[str, TargetError] = field(default_factory=dict)

    def take(self, name: str, fiche: Fiche) -> Retouche | None:
        """Le fichier de ce nom, rafraîchi ; ``None`` quand rien n'y est d'une main, ou qu'il reste
        tel quel.
        """
        if self.remplacer:
            return None
        try:
            made = retouched(self.where / name, fiche, self._known(name), self.mission, self.remise)
        except TargetError as error:
            self.left[name] = error
            return None
        except DlaDocsError:
            return None  # it cannot be read: writing it says so
        if made is not None:
            self.refreshed[name] = made
        return made

    def put(self, name: str, octets: bytes) -> bool:
        """Écrit ce fichier ; faux quand il y était déjà. ``TargetError`` quand il reste tel
        quel.
        """
        path = self.where / name
        if name in self.left:
            raise self.left[name]
        if name in self.refreshed:
            return put_refreshed(path, self.refreshed[name].avant, octets)
        return write_over(path, octets, remplacer=self.remplacer, connus=self._known(name))

    def done(self, written: set[str]) -> tuple[tuple[Path, Rafraichi], ...]:
        """Ce qui a été rafraîchi, parmi ces noms."""
        return tuple(
            (self.where / name, one.fait) for name, one in self.refreshed.items() if name in written
        )

    def _known(self, name: str) -> list[str]:
        return [mark for one, mark in self.marks if one == name]


def contradicted(done: tuple[tuple[Path, Rafraichi], ...]) -> Iterator[Constat]:
    """Ce que ces pages disent autrement que la mission."""
    for path, made in done:
        yield from contradictions(path, made)
