"""Une citation de ce que quelqu'un a écrit : courte, sur une ligne,
sans rien qui ne s'imprime pas."""

from __future__ import annotations

import re
import unicodedata
from itertools import takewhile

LONGEST = 60
READ = 10 * LONGEST
SHARED = 24  # characters of what two texts share, said before what sets them apart
PLAIN = re.compile(r"[\w./:\\~-]+")
MOST = 20_000  # a file made to harm must not fill the screen


def quoted(value: object) -> str:
    """La valeur entre guillemets français, coupée au-delà de 60 caractères."""
    return f"« {shortened(str(value))} »"


def quoted_apart(one: str, other: str) -> tuple[str, str]:
    """Deux valeurs entre guillemets, chacune coupée autour de ce qui l'écarte de l'autre : deux
    textes longs qui commencent de même se citeraient par le même début.
    """
    was, now = (printable(" ".join(text[:MOST].split())) for text in (one, other))
    common = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(was, now, strict=False)))
    if max(len(was), len(now)) <= LONGEST or common <= LONGEST - SHARED:
        return quoted(one), quoted(other)
    start = was.rfind(" ", 0, common - SHARED) + 1
    return _quoted_from(was, start), _quoted_from(now, start)


def _quoted_from(line: str, start: int) -> str:
    end = start + LONGEST
    return f"« {'…' * (start > 0)}{line[start:end]}{'…' * (len(line) > end)} »"


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
