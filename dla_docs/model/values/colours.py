"""Les couleurs, comme un logiciel de mise en page les donne : « #1D3A57 »."""

from __future__ import annotations

import re
from typing import Annotated

from dla_docs.model.values.value import Valeur, refuse

EXAMPLE = "#1D3A57"


def read_couleur(text: str) -> str:
    """La couleur, son dièse et ses six chiffres hexadécimaux en majuscules."""
    found = re.fullmatch(r"#?\s*([0-9a-fA-F]{6})", text)
    if found is None:
        raise refuse(text, "n'est pas une couleur (un dièse et six chiffres, de 0 à F)", EXAMPLE)
    return f"#{found[1].upper()}"


Couleur = Annotated[
    str | None,
    Valeur(
        read=read_couleur,
        description="Une couleur : un dièse et six chiffres hexadécimaux",
        examples=(EXAMPLE,),
        accepts={"type": ["string", "null"], "pattern": r"^\s*#?\s*[0-9A-Fa-f]{6}\s*$"},
        returns={"type": ["string", "null"], "pattern": "^#[0-9A-F]{6}$"},
    ),
]
"""Une couleur."""
