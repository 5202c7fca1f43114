"""Un document rempli, Word ou PDF, que juge « dla-docs verifier » : sa relecture, et le
verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dla_docs.constat import Constat
from dla_docs.forms import Lecture, read
from dla_docs.forms.answers_taken import on_its_form, profil_sent
from dla_docs.forms.reader import is_draft
from dla_docs.stages.evidence import Juge, judged
from dla_docs.stages.ledger import Ledger
from dla_docs.stages.request import Request, resolve
from dla_docs.stages.verdict import verdict


@dataclass(frozen=True)
class Rempli:
    """Un document relu."""

    lecture: Lecture

    def requests(self, profil: str | None, stade: str | None, a_jour: bool) -> list[Request]:
        """Le document relu, sous le profil demandé, sinon celui sous lequel il est parti."""
        document = self.lecture.document
        asked = profil or profil_sent(self.lecture.envoi)
        return [resolve(document, asked, stade, a_jour=a_jour)]

    def verdict(self, requests: Sequence[Request], ledger: Ledger | None) -> list[Constat]:
        """Ce qui ne porte aucune exigence a été dit par la relecture elle-même ; le reste est le
        verdict, donné ici pour le profil et le stade qui sont demandés.
        """
        found = on_its_form(self.lecture.document, verdict(requests[0], ledger))
        said = (constat for constat in self.lecture.constats if not constat.exigences)
        whole = dict.fromkeys((*self.lecture.refus, *said, *found))
        return sorted(whole, key=lambda constat: (not is_draft(constat), -constat.gravite))

    def judged(self, requests: Sequence[Request], path: Path) -> Juge:
        """Le document relu, et le fichier qui est revenu."""
        return judged(requests[0], [path])


def read_back(path: Path, profil: str | None) -> Rempli:
    """Le fichier revenu, relu."""
    return Rempli(read(path, profil=profil))
