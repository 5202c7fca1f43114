"""Un parcours, que juge « dla-docs verifier » : toutes ses missions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dla_docs.constat import Constat
from dla_docs.parcours import Parcours, load_parcours, requests_of, verdict_of
from dla_docs.stages.evidence import Juge, judged_together
from dla_docs.stages.ledger import Ledger
from dla_docs.stages.request import Request, no_stage


@dataclass(frozen=True)
class Enchaine:
    """Les missions d'un parcours."""

    parcours: Parcours

    def requests(self, profil: str | None, stade: str | None, a_jour: bool) -> list[Request]:
        """Chacune de ses missions, dans l'ordre ; ``InputError`` : elles n'ont pas de stade."""
        if stade is not None:
            raise no_stage(self.parcours.titre)
        return requests_of(self.parcours, profil, a_jour)

    def verdict(self, requests: Sequence[Request], ledger: Ledger | None) -> list[Constat]:
        """Les constats de chaque mission, puis ceux du parcours entier."""
        return verdict_of(self.parcours, requests, ledger)

    def judged(self, requests: Sequence[Request], path: Path) -> Juge:
        """Toutes ses missions, et leurs fichiers."""
        return judged_together(self.parcours.titre, requests, path)


def of_parcours(path: Path, profil: str | None) -> Enchaine:
    """Le parcours de ce fichier, avec ses missions."""
    return Enchaine(load_parcours(path, profil))
