"""Une citation de ce que quelqu'un a écrit : courte, sur une ligne,
sans rien qui ne s'imprime pas."""

from __future__ import annotations

import unicodedata

LONGEST = 60


def quoted(text: str) -> str:
    """Le texte entre guillemets français, coupé au-delà de 60 caractères."""
    return f"« {shortened(text)} »"


def shortened(text: str) -> str:
    """Le texte sur une ligne, coupé au-delà de 60 caractères."""
    line = printable(" ".join(text[: 10 * LONGEST].split()))
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"


def printable(text: str) -> str:
    """Le même texte, où un caractère qu'on ne peut pas imprimer est montré par « � »."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(char) in ("Cc", "Cs") else char
        for char in text
    )
