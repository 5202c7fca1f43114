"""Les mots d'un modèle Word, tels que la page les imprime."""

from __future__ import annotations

import re

from dla_docs.model import typography
from dla_docs.model.typography import NBSP

__all__ = ["NBSP", "introduced", "typeset"]

YES_NO = re.compile(r"\boui ?/ ?non\b", re.IGNORECASE)  # the guides write it in four ways
TAG = re.compile(r"(\{[{%].*?[%}]\})")


def typeset(text: str) -> str:
    """Le texte, sauf ses balises, dans la typographie de la page ; les mots ne changent pas."""
    return "".join(
        piece if TAG.fullmatch(piece) else typography.typeset_words(YES_NO.sub("Oui/Non", piece))
        for piece in TAG.split(text)
    )


def introduced(label: str) -> str:
    """Un libellé suivi de sa valeur sur la même ligne : « Dates : », mais « Par le DLA le »."""
    joined = label.endswith((":", "?", " le")) or not label
    return f"{label} " if joined else f"{label}{NBSP}: "
