"""Les textes : une ligne, un texte long, la clé d'une ligne."""

from __future__ import annotations

import re
from typing import Annotated

from dla_docs.model.values.value import Valeur, refuse

LONGEST_KEY = 40


def read_cle(text: str) -> str:
    """La clé d'une ligne : des lettres sans accent, des chiffres, ``-`` et ``_``."""
    if len(text) > LONGEST_KEY or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", text):
        raise refuse(
            text,
            f"n'est pas une clé (lettres sans accent, chiffres, « - » et « _ », {LONGEST_KEY} "
            f"signes au plus)",
            "e1 ou alpha",
        )
    return text


SCALAR = {"type": ["string", "number", "boolean", "null"]}

Texte = Annotated[str | None, Valeur(read=str, description="Un texte", accepts=SCALAR)]
"""Un texte court ; les retours à la ligne qu'il contient sont gardés."""

TexteLong = Annotated[
    str | None,
    Valeur(
        read=str,
        multiline=True,
        description="Un texte, sur plusieurs lignes ou paragraphes",
        accepts=SCALAR,
    ),
]
"""Un texte de plusieurs lignes."""

Cle = Annotated[
    str | None,
    Valeur(
        read=read_cle,
        description=(
            "Ce qui désigne une ligne d'un document à l'autre : lettres sans accent, chiffres, - "
            "et _"
        ),
        examples=("e1", "alpha"),
        accepts={
            "type": ["string", "integer", "null"],
            "pattern": r"^\s*[A-Za-z0-9][A-Za-z0-9_\-]*\s*$",
        },
    ),
]
"""La clé stable d'une ligne."""
