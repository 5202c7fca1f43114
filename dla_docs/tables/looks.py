"""Ce qu'une cellule d'un classeur montre de sa valeur : un pourcentage, les zéros d'un numéro, un
texte barré.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from dla_docs.raw.quoting import quoted

NEVER = "#CALC!"  # stands for the value that a formula never had
ASIDE = re.compile(r"\[(?![<>=])[^\]]*\]|_.")  # a colour, a language; the room of a sign
NUMBERED = re.compile(r"[^0#?.,/%@*E\[\]]*(?:[0#][^0#?.,/%@*E\[\]]*)+")
LITERAL = re.compile(r'"([^"]*)"|\\(.)')
HIDDEN = {"0": "\ue000", "#": "\ue001"}  # a literal digit is no place of one


class Fault(str):
    """Une cellule qui n'est pas une réponse : ce qu'on en dit."""

    conseil: str
    held: str

    def __new__(cls, message: str, conseil: str, held: str) -> Fault:
        """``message`` la décrit, ``conseil`` est le remède, ``held`` ce qu'on en garde pour qui la
        corrige.
        """
        made = super().__new__(cls, message)
        made.conseil, made.held = conseil, held
        return made


@dataclass(frozen=True)
class Look:
    """Un style : ``digits`` sont les places des chiffres d'un numéro, et ce qui est entre elles."""

    percent: bool = False
    digits: str = ""
    struck: bool = False

    def shown(self, value: Any) -> Any:
        """La valeur telle que la cellule la montre, ou pourquoi elle n'est pas une réponse."""
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if value is None or isinstance(value, Fault):
            return value
        if self.struck:
            return struck(str(value), "")
        if isinstance(value, timedelta):
            minutes = round(value.total_seconds() / 60)
            return f"{minutes // 60}:{minutes % 60:02d}"
        if is_number and self.percent:
            return f"{exact(value * 100):f} %".replace(".", ",")
        if is_number and self.digits and isinstance(value, int) and value >= 0:
            return _numbered(self.digits, value)
        return value


USUAL = Look()


def struck(text: str, kept: str) -> Fault:
    """Le défaut d'un texte barré ; ``kept`` : ce qui ne l'est pas."""
    return Fault(
        f"tient un texte barré, {quoted(text)}",
        "Effacez-le, ou retirez sa mise en forme.",
        kept,
    )


def rich(value: Any) -> Any:
    """Un texte dont les morceaux ont chacun leur mise en forme."""
    from openpyxl.cell.rich_text import CellRichText, TextBlock

    if not isinstance(value, CellRichText):
        return value
    lost = [one.text for one in value if isinstance(one, TextBlock) and one.font.strike]
    kept = [str(one) for one in value if not (isinstance(one, TextBlock) and one.font.strike)]
    return struck("".join(lost), "".join(kept)) if "".join(lost).strip() else "".join(kept)


def looks_of(book: Any) -> dict[int, Look]:
    """Les styles d'un classeur qui changent ce qu'on voit, à leur rang."""
    found = {
        rank: Look(
            "%" in (shape := _format(style.numFmtId, book._number_formats)),
            _digits(shape),
            bool(book._fonts[style.fontId].strike),
        )
        for rank, style in enumerate(book._cell_styles)
    }
    return {rank: look for rank, look in found.items() if look != Look()}


def exact(value: float) -> Decimal:
    """What the spreadsheet shows: it counts on fifteen digits."""
    return Decimal(f"{value:.15g}")


def _format(number: int, own: Any) -> str:
    from openpyxl.styles.numbers import BUILTIN_FORMATS

    if number < 164:
        return str(BUILTIN_FORMATS.get(number, ""))
    return str(own[number - 164]) if number - 164 < len(own) else ""


def _digits(shape: str) -> str:
    """The places of the digits, when that is all that the shape of a number says."""
    plain = LITERAL.sub(
        lambda found: "".join(HIDDEN.get(one, one) for one in found[1] or found[2] or ""),
        ASIDE.sub("", shape.partition(";")[0]),
    )
    return plain if NUMBERED.fullmatch(plain) else ""


def _numbered(places: str, value: int) -> int | str:
    """The number as it stands in these places, when they say more than its digits: « 01000 » for
    1000, « DLA-7 » for 7.
    """
    first = re.search("[0#]", places)
    assert first is not None
    prefix, body = places[: first.start()], places[first.start() :]
    digits, text = list(str(value)), ""
    for place in reversed(body):
        if place not in "0#":
            text = place + text
        elif digits or place == "0":
            text = (digits.pop() if digits else "0") + text
    padded = sum(place in "0#" for place in body) > len(str(value)) and "0" in text[:1]
    if not padded and not re.search(r"[^\W\d_]", prefix):
        return value
    text = prefix + "".join(digits) + text
    for sign, hidden in HIDDEN.items():
        text = text.replace(hidden, sign)
    return text.strip()
