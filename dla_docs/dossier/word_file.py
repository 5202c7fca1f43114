"""Un document Word du dossier, le PDF et les diapositives qui en sont faits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dla_docs.dossier.names import DASH, REFERENCE, shortened
from dla_docs.pipeline import SLIDES
from dla_docs.retouches.target import digest
from dla_docs.stages.manifest import Etat, FichierDuDossier
from dla_docs.stages.request import Request
from dla_docs.templating import BROUILLON


@dataclass
class WordFile:
    """Un document du dossier, fait et pas encore écrit ; ``rank`` : son numéro, quand il est de la
    mission.
    """

    name: str
    request: Request
    octets: bytes
    rank: int = 0
    extrait: bool = False
    pdf: bytes | None = None
    slides: bytes | None = None

    def heading(self, reference: str | None) -> str:
        """Ce que le contenu en dit : la référence y est dite une fois, en tête."""
        if not self.rank:
            return self.request.document.titre
        return self.name.removeprefix(f"{shortened(reference or '', REFERENCE)}{DASH}")

    def files(self) -> Iterator[tuple[bytes, FichierDuDossier]]:
        """Ses fichiers, et ce que le manifeste en dira."""
        draft = self.request.mode is BROUILLON
        etat = Etat.EXTRAIT if self.extrait else Etat.BROUILLON if draft else Etat.DEFINITIF
        sorte, word = self.request.document.slug(), digest(self.octets)
        name = f"{self.name}.docx"
        yield self.octets, FichierDuDossier(nom=name, sha256=word, sorte=sorte, etat=etat)
        if self.pdf is not None:
            from dla_docs.pdf import norms_of

            yield (
                self.pdf,
                FichierDuDossier(
                    nom=f"{self.name}.pdf",
                    sha256=digest(self.pdf),
                    sorte=sorte,
                    etat=etat,
                    fait_de=word,
                    normes=norms_of(self.pdf),
                ),
            )
        if self.slides is not None:
            name, mark = f"{self.name}{SLIDES}", digest(self.slides)
            yield self.slides, FichierDuDossier(nom=name, sha256=mark, sorte=sorte, etat=etat)
