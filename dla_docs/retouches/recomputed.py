"""Les numéros de page, les dates du jour : le traitement de texte les récrit en enregistrant, et la
fusion ne les lit pas. Chacun reste dans son morceau de page, et y revient.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lxml import etree

from dla_docs.word.names import W_T, W
from dla_docs.word.page import recomputed

ASIDE = "resultat"  # an attribute: copied with its text, taken away before anything is written


@contextmanager
def set_aside(held: etree._Element, *others: etree._Element, name: str) -> Iterator[None]:
    """Le temps d'une fusion, ces parties ne disent pas ce qui se calcule ; ``held``, celle qui
    reste, le dit de nouveau ensuite. ``name`` : celui d'une partie de leur sorte.
    """
    for root in (held, *others):
        for text in recomputed(root, name):
            text.set(ASIDE, text.text or "")
            text.text = ""
    yield
    for text in held.iter(W_T, f"{W}delText"):
        if ASIDE in text.attrib:
            text.text = str(text.attrib.pop(ASIDE))
