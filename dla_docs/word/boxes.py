"""Les cases à cocher d'une liste fermée : une par réponse, chacune un contrôle dont l'étiquette est
le chemin du champ et le rang de la réponse, « conditions.delais.reponse#2 ».
"""

from __future__ import annotations

import re
from functools import lru_cache

MOST_KEPT = 8192  # tags
MOST = 5  # answers that are shown as boxes; a longer list drops down
CHECKED, UNCHECKED = "☒", "☐"  # as Word draws them
MARKS = re.compile(r"[xXvV✓✔✕✖✗✘☑☒]")  # what people put in a box
EMPTY = re.compile(r"[☐□◻▢]?")
BOX = re.compile(rf"(.+)#([1-{MOST}])")


def box_tag(path: str, rank: int) -> str:
    """L'étiquette de la case d'une réponse, ``rank`` compté de un."""
    return f"{path}#{rank}"


@lru_cache(MOST_KEPT)
def rank_of(tag: str) -> int:
    """Le rang de la réponse dont c'est la case ; 0 quand cette étiquette n'est pas d'une case."""
    found = BOX.fullmatch(tag)
    return int(found[2]) if found else 0


@lru_cache(MOST_KEPT)
def path_of(tag: str) -> str:
    """Le chemin du champ que désigne une étiquette, de case ou non."""
    found = BOX.fullmatch(tag)
    return found[1] if found else tag


def mark_of(text: str) -> str:
    """Ce qui est écrit dans une case : rien quand elle est vide."""
    return "" if EMPTY.fullmatch(text.strip()) else text.strip()
