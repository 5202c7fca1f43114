"""Le code d'un champ de Word : où une balise s'y trouve, et comment une valeur s'y écrit."""

from __future__ import annotations

import re
from enum import Enum
from html import unescape

QUOTE = re.compile(r'(?<!\\)(?:\\\\)*"')
NAMED = re.compile(r'\s*(=|[^\s"]+[\s"])')  # a formula has no other name
LOOSE = re.compile(r'[\s"\\]')  # what ends an argument that has no quotation marks
BEGIN, MARKUP = 'fldCharType="begin"', re.compile("<[^<>]*>")
IN_ATTRIBUTE = re.compile(r'\sw:instr="([^"]*)\Z')
IN_ELEMENT = re.compile(r"<(\w+:)?instrText[\s>]")


class Spot(Enum):
    """Où une valeur s'imprime : dans un texte de la page ; dans un attribut, sur une ligne ; dans
    le code d'un champ, entre des guillemets ou non.
    """

    RUN = "run"
    LINE = "line"
    QUOTED = "quoted"
    BARE = "bare"

    @property
    def is_code(self) -> bool:
        """Vrai dans le code d'un champ."""
        return self in (Spot.QUOTED, Spot.BARE)


def spot_after(code: str) -> Spot:
    """La place de ce qui suit ce début de code."""
    return Spot.QUOTED if len(QUOTE.findall(code)) % 2 else Spot.BARE


def is_named(code: str) -> bool:
    """Vrai quand ce début de code dit déjà ce que fait le champ."""
    return NAMED.match(code) is not None


def argument(text: str) -> str:
    """Un texte dans les guillemets d'un code."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def spot_in(page: str, here: int) -> Spot:
    """La place de ce qui est au rang ``here`` du XML d'une partie."""
    opened, closed = page.rfind("<", 0, here), page.rfind(">", 0, here)
    if opened > closed:
        attribute = IN_ATTRIBUTE.search(page, opened, here)
        return spot_after(unescape(attribute[1])) if attribute else Spot.LINE
    if not IN_ELEMENT.match(page, page.rfind("<", 0, max(closed, 0))):
        return Spot.RUN
    code = page[max(page.rfind(BEGIN, 0, here), 0) : here].partition(">")[2]
    return spot_after(unescape(MARKUP.sub("", code)))
