"""Les espaces que la typographie française veut insécables."""

from __future__ import annotations

import re

NBSP = "\N{NO-BREAK SPACE}"

_BEFORE = re.compile(r"\s+(?=[:;!?»%€])")
_AFTER = re.compile(r"(?<=«)\s+|(?<=\bn°)\s+", re.IGNORECASE)


def typeset(text: str) -> str:
    """Le texte, ses signes doubles et ses guillemets tenus par une espace insécable ; les mots ne
    changent pas.
    """
    return _AFTER.sub(NBSP, _BEFORE.sub(NBSP, text))


def introduced(label: str) -> str:
    """Un libellé suivi de sa valeur sur la même ligne : « Dates : », mais « Par le DLA le »."""
    joined = label.endswith((":", "?", " le")) or not label
    return f"{label} " if joined else f"{label}{NBSP}: "
