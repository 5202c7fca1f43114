"""Une citation de ce que quelqu'un a écrit : courte, sur une ligne,
sans rien qui ne s'imprime pas."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 60
READ = 10 * LONGEST
PLAIN = re.compile(r"[\w./:\\~-]+")
MOST = 20_000  # a file made to harm must not fill the screen


def quoted(value: object) -> str:
    """La valeur entre guillemets français, coupée au-delà de 60 caractères."""
    return f"« {shortened(str(value))} »"


def whole(text: str) -> str:
    """Le texte entier entre guillemets français, sur une ligne : ce qui n'est pas repris ne se
    retrouve que là.
    """
    return f"« {printable(' '.join(text[:MOST].split()))}{'…' * (len(text) > MOST)} »"


def shortened(text: str) -> str:
    """Le texte sur une ligne, coupé au-delà de 60 caractères."""
    line = printable(" ".join(text[:READ].split()))
    return line if max(len(line) - LONGEST, len(text) - READ) <= 0 else f"{line[:LONGEST]}…"


def argument(path: object) -> str:
    """Un chemin tel qu'il se tape dans une commande : entre guillemets droits, que prennent tous
    les terminaux, dès qu'un caractère l'y couperait.
    """
    return str(path) if PLAIN.fullmatch(str(path)) else f'"{path}"'


def printable(text: str) -> str:
    """Le même texte, où un caractère qu'on ne peut pas imprimer est montré par « � »."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(char) in ("Cc", "Cs") else char
        for char in text
    )
