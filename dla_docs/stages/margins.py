"""Ce que disent les marges d'une page sans que le document l'imprime : son jour, et la référence de
sa mission quand il n'en porte pas.
"""

from __future__ import annotations

from datetime import date

from dla_docs.mission import is_mission
from dla_docs.model.document import Document
from dla_docs.model.formats import jour


def margins(document: Document) -> dict[str, str | None]:
    """La date du pied de page, et la référence de la mission.

    What nobody has dated says the last day that its mission tells: not the day of its making, which
    would write it anew each time, and would change the bytes of a document that has not changed.
    """
    held = document._mission
    mission = document if is_mission(document) else held
    if not is_mission(mission):
        return {"date": _said(document.jour_signe), "reference": None}
    own = None if document is mission else document.jour_signe
    last = mission.dernier_jour
    known = f"dossier au {jour(last)}" if last else None
    return {"date": _said(own) or known, "reference": mission.reference}


def _said(day: date | None) -> str | None:
    return jour(day) if day else None
