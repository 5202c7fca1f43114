"""Ce qu'on dit d'une erreur qui n'a coûté que ce qu'elle a touché."""

from __future__ import annotations

import traceback
from pathlib import Path

from dla_docs.constat import Constat
from dla_docs.errors import DlaDocsError


def refusal(error: Exception) -> tuple[Constat, ...]:
    """Ce qu'on dit d'une erreur qui n'a coûté que sa ligne."""
    return error.constats if isinstance(error, DlaDocsError) else (_defect(error),)


def _defect(error: Exception) -> Constat:
    frames = traceback.extract_tb(error.__traceback__)
    place = f", {Path(frames[-1].filename).name} ligne {frames[-1].lineno}" if frames else ""
    return Constat(
        f"Défaut de dla-docs ({type(error).__name__}{place}).",
        conseil="Signalez-le avec cette ligne ; les autres sont faites.",
    )
