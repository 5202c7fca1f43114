"""Un document Word du dossier, le PDF et les diapositives qui en sont faits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dla_docs.dossier.names import DASH, REFERENCE, shortened
from dla_docs.dossier.retouched import Retouche
from dla_docs.files import digest
from dla_docs.pipeline import SLIDES
from dla_docs.stages.manifest import Etat, FichierDuDossier
from dla_docs.stages.request import Request
from dla_docs.templating import BROUILLON


@dataclass
class WordFile:
    """Un document du dossier, fait et pas encore écrit ; ``rank`` : son numéro, quand il est de la
    mission ; ``retouche`` : la page de la main dont ses octets sont tirés.
    """

    name: str
    request: Request
    octets: bytes
    rank: int = 0
    extrait: bool = False
    pdf: bytes | None = None
    slides: bytes | None = None
    retouche: Retouche | None = None

    def heading(self, reference: str | None) -> str:
        """Ce que le contenu en dit : la référence y est dite une fois, en tête."""
        if not self.rank:
            return self.request.document.titre
        return self.name.removeprefix(f"{shortened(reference or '', REFERENCE)}{DASH}")

    @property
    def by_hand(self) -> bool:
        """Vrai quand sa page garde ce qu'une main y a mis."""
        return self.retouche is not None and self.retouche.reste

    @property
    def contents(self) -> dict[str, bytes]:
        """Ses fichiers, par nom : le document Word, puis ce qui en est fait."""
        made = {".docx": self.octets, ".pdf": self.pdf, SLIDES: self.slides}
        return {f"{self.name}{end}": octets for end, octets in made.items() if octets is not None}

    def files(self) -> Iterator[tuple[bytes, FichierDuDossier]]:
        """Ses fichiers, et ce que le manifeste en dira."""
        draft = self.request.mode is BROUILLON
        etat = Etat.EXTRAIT if self.extrait else Etat.BROUILLON if draft else Etat.DEFINITIF
        for name, octets in self.contents.items():
            yield (
                octets,
                FichierDuDossier(
                    nom=name,
                    sha256=digest(octets),
                    sorte=self.request.document.slug(),
                    etat=etat,
                    **(self._of_a_pdf(octets) if octets is self.pdf else {}),
                    **(self._of_a_hand() if octets is self.octets else {}),
                ),
            )

    def _of_a_hand(self) -> dict[str, Any]:
        if self.retouche is None or not self.by_hand:
            return {}
        from dla_docs.retouches.contradictions import contradictions, of_mission

        told = contradictions(Path(f"{self.name}.docx"), self.retouche.fait, of_mission())
        return {"retouche": True, "ecarts": tuple(one.message for one in told)}

    def _of_a_pdf(self, octets: bytes) -> dict[str, Any]:
        from dla_docs.pdf import norms_of

        return {"fait_de": digest(self.octets), "normes": norms_of(octets)}
