"""La police des champs d'un formulaire PDF : celle des pages, tenue tout entière par le fichier,
car on y tapera des lettres que personne n'a encore écrites.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pikepdf import Dictionary, Pdf

FIRST, LAST = 32, 255  # the codes of Windows-1252
EM = 1000  # a font of PDF is measured in thousandths of its size
ASCENT, DESCENT, CAPITALS, BOX = 750, -250, 642, (-115, -172, 1006, 884)  # of the font, likewise
STEM, NONSYMBOLIC = 80, 1 << 5
UNKNOWN = "\N{REPLACEMENT CHARACTER}"
LATIN = re.compile(
    "LATIN (?P<case>CAPITAL|SMALL) LETTER (?:DOTLESS )?(?P<letter>[A-Z])(?: WITH .*)?"
)


def embedded(document: Pdf) -> Dictionary:
    """La police, dans ce PDF."""
    from pikepdf import Array, Dictionary, Name

    program = _program()
    held = document.make_stream(program)
    held.Length1 = len(program)
    name = Name.SaisieDLA
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=name,
        Flags=NONSYMBOLIC,
        FontBBox=Array(BOX),
        ItalicAngle=0,
        Ascent=ASCENT,
        Descent=DESCENT,
        CapHeight=CAPITALS,
        StemV=STEM,
        FontFile2=held,
    )
    widths = _widths()
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.TrueType,
        BaseFont=name,
        Encoding=Name.WinAnsiEncoding,
        FirstChar=FIRST,
        LastChar=LAST,
        Widths=Array([round(widths.get(sign, 0)) for sign in _signs()]),
        FontDescriptor=document.make_indirect(descriptor),
    )


def width_of(sign: str) -> float:
    """La largeur d'une lettre, en millièmes du corps ; celle d'un chiffre si la police ne l'a
    pas.
    """
    known = _widths()
    return known.get(sign) or known.get(_nearest(sign), known["0"])


def coded(text: str) -> bytes:
    """Un texte aux codes de cette police ; une lettre qu'elle n'a pas y perd son accent."""
    known = _widths()
    near = "".join(sign if sign in known else _nearest(sign) for sign in text)
    return near.encode("cp1252", errors="replace")


def _nearest(sign: str) -> str:
    """The letter that this one is, its accent or its stroke aside."""
    bare = unicodedata.normalize("NFD", sign)[0]
    said = LATIN.fullmatch(unicodedata.name(bare, ""))
    if said is None:
        return bare
    return said["letter"] if said["case"] == "CAPITAL" else said["letter"].lower()


@cache
def _widths() -> Mapping[str, float]:
    from io import BytesIO

    from PIL import ImageFont

    font = ImageFont.truetype(BytesIO(_program()), EM)
    return {sign: font.getlength(sign) for sign in _signs() if sign != UNKNOWN}


@cache
def _program() -> bytes:
    return (resources.files(__package__) / "font_files" / "saisie.ttf").read_bytes()


def _signs() -> str:
    return bytes(range(FIRST, LAST + 1)).decode("cp1252", errors="replace")
