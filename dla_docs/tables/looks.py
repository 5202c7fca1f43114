"""Ce qu'une cellule d'un classeur montre de sa valeur : un pourcentage, les zéros d'un numéro, un
texte barré.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from dla_docs.model.values.value import AsShown
from dla_docs.raw.quoting import quoted
from dla_docs.tables.day_shapes import Part, day_as_it_shows, parts_of
from dla_docs.tables.faults import Fault
from dla_docs.tables.number_shapes import (
    Sections,
    as_it_reads,
    as_it_shows,
    sections_of,
    words_of,
    words_shown,
)

ASIDE = re.compile(r"\[(?![<>=])[^\]]*\]|_.")  # a colour, a language; the room of a sign
NUMBERED = re.compile(r"[^0#?.,/%@*E\[\]]*(?:[0#][^0#?.,/%@*E\[\]]*)+")
LITERAL = re.compile(r'"([^"]*)"|\\(.)')
# A literal sign is no place of a digit, and no percentage
HIDDEN = {sign: chr(0xE000 + rank) for rank, sign in enumerate("0#?.,/%@*E[];_")}
SIGNS = {ord(hidden): sign for sign, hidden in HIDDEN.items()}
ERROR = re.compile(
    r"#(N/A|N/D|(REF|VALUE|VALEUR|DIV/0|NUM|NOMBRE|NULL|NUL|SPILL|CALC)\s?!|(NAME|NOM)\s?\?)"
    r"|Err\s?:\d{3}"
)
# The letters of French that were read in another encoding than theirs, and those that were lost
SECOND = {
    one: bytes(range(0x80, 0xC0)).decode(one, "ignore")
    for one in ("latin-1", "cp1252", "mac_roman", "cp850")
}
GARBLED = re.compile(
    f"[ÂÃ][{SECOND['latin-1']}{SECOND['cp1252']}]|â€|√[{SECOND['mac_roman']}]"
    f"|├[{SECOND['cp850']}]"
    "|\N{REPLACEMENT CHARACTER}"
)
NUMBERS = (int, float)  # a union would be made at each cell
MISSING = frozenset(("NULL", "NaN", "nan", "NaT", "<NA>", "undefined"))
# A number with more to see than its digits: « 01000 », « +33 6… », « DLA-7 »
LETTERED, PADDED, DECIMAL = re.compile(r"[^0-9]*[^\W\d_]"), re.compile(r"[0+]"), re.compile("[.,]")


NEVER = Fault(
    "tient une formule que le tableur n'a jamais calculée",
    "Ouvrez le classeur dans le tableur, et enregistrez-le.",
    "#CALC!",
)
STALE = Fault(
    "tient une formule dont le classeur dit qu'elle reste à calculer",
    "Ouvrez le classeur dans le tableur, et enregistrez-le.",
    "#CALC!",
)
NO_DAY = Fault(  # what a formula makes of an empty cell: « 00/01/1900 »
    "est au format Date et vaut moins d'un jour",
    "Retapez la date, ou effacez-la.",
    "00/01/1900",
)
# The currency of the machine that shows them, which the file does not say
MONEY = dict.fromkeys((5, 6, 42), "#,##0") | dict.fromkeys((7, 8, 44), "#,##0.00")


@dataclass(frozen=True)
class Look:
    """Un style : ``digits`` sont les places des chiffres d'un numéro, et ce qui est entre elles ;
    ``day`` les morceaux d'un format de dates ; ``words`` ceux du format d'un texte.
    """

    percent: bool = False
    digits: str = ""
    struck: bool = False
    day: tuple[Part, ...] = ()
    shape: str = ""
    sections: Sections = ()
    words: tuple[str | None, ...] = ()

    def shown(self, value: Any) -> Any:
        """La valeur telle que la cellule la montre, ou pourquoi elle n'est pas une réponse."""
        is_number = isinstance(value, NUMBERS) and not isinstance(value, bool)
        if value is None or isinstance(value, Fault):
            return value
        if self.struck:
            return struck(str(value), "")
        if self.day and isinstance(value, datetime):
            return day_as_it_shows(value, self.day)
        if self.day and isinstance(value, time):
            return value if any(one.letter == "h" for one in self.day) else NO_DAY
        if isinstance(value, timedelta):
            minutes = round(value.total_seconds() / 60)
            return f"{minutes // 60}:{minutes % 60:02d}"
        if isinstance(value, str) and self.words:
            return words_shown(value, self.words)
        if not is_number:
            return value
        if self.digits and isinstance(value, int) and value >= 0:
            text = _placed(self.digits, value)
            found = as_shown(value, text)
            if isinstance(found, str):
                return found
            if not self.sections:
                return as_it_reads(exact(value), text, self.shape)
        if self.sections:
            return as_it_shows(exact(value), self.sections, self.shape)
        return percentage(value) if self.percent else value


USUAL = Look()


def error_said(cell: Any) -> Fault | None:
    """Le défaut d'une cellule qui montre « #N/A » ou une autre erreur du tableur."""
    if isinstance(cell, str) and ("#" in cell or "Err" in cell) and ERROR.fullmatch(cell.strip()):
        return error_shown(cell.strip())
    return None


def error_shown(text: str) -> Fault:
    """Le défaut d'une cellule dont le tableur dit que c'est une erreur."""
    return Fault(
        f"montre une erreur du tableur, {quoted(text)}",
        "Corrigez sa formule, ou tapez la réponse.",
        text,
    )


def garbled_said(cell: Any) -> Fault | None:
    """Le défaut d'un texte dont les accents ont été abîmés : « Ã‰tÃ© », « �t� »."""
    if not isinstance(cell, str) or cell.isascii() or not GARBLED.search(cell):
        return None
    return Fault(
        f"a des accents abîmés par un changement d'encodage, {quoted(cell)}",
        "Retapez ce texte, ou exportez de nouveau le tableau en UTF-8.",
        cell,
    )


def missing_said(cell: Any) -> Fault | None:
    """Le défaut d'une cellule où un programme a écrit qu'elle est vide."""
    if not isinstance(cell, str) or cell.strip() not in MISSING:
        return None
    return Fault(
        f"dit {quoted(cell.strip())}, ce qu'un programme écrit d'une case vide",
        "Effacez-le, ou tapez la réponse.",
        cell,
    )


def percentage(value: float) -> str:
    """Une part, telle que le tableur la montre en pourcentage."""
    return f"{exact(value * 100):f} %".replace(".", ",")


def struck(text: str, kept: str) -> Fault:
    """Le défaut d'un texte barré ; ``kept`` : ce qui ne l'est pas."""
    return Fault(
        f"tient un texte barré, {quoted(text)}",
        "Effacez-le, ou retirez sa mise en forme.",
        kept,
    )


def rich(value: Any) -> Any:
    """Un texte dont les morceaux ont chacun leur mise en forme."""
    if not isinstance(value, list):  # openpyxl's own kind of list
        return value
    from openpyxl.cell.rich_text import TextBlock

    lost = [one.text for one in value if isinstance(one, TextBlock) and one.font.strike]
    kept = [str(one) for one in value if not (isinstance(one, TextBlock) and one.font.strike)]
    return struck("".join(lost), "".join(kept)) if "".join(lost).strip() else "".join(kept)


def looks_of(book: Any) -> dict[int, Look]:
    """Les styles d'un classeur qui changent ce qu'on voit, à leur rang."""
    found = {
        rank: Look(
            "%" in (shape := _plain(said := _format(style.numFmtId, book._number_formats))),
            shape if NUMBERED.fullmatch(shape) else "",
            bool(book._fonts[style.fontId].strike),
            parts_of(said),
            said,
            sections_of(said),
            words_of(said),
        )
        for rank, style in enumerate(book._cell_styles)
    }
    return {rank: look for rank, look in found.items() if look != Look(shape=look.shape)}


def exact(value: float) -> Decimal:
    """What the spreadsheet shows: it counts on fifteen digits."""
    return Decimal(f"{value:.15g}")


def _format(number: int, own: Any) -> str:
    from openpyxl.styles.numbers import BUILTIN_FORMATS

    if number < 164:
        return MONEY.get(number, str(BUILTIN_FORMATS.get(number, "")))
    return str(own[number - 164]) if number - 164 < len(own) else ""


def _plain(shape: str) -> str:
    """What the shape of a number says of its digits, its literal signs hidden."""
    literal = LITERAL.sub(
        lambda found: "".join(HIDDEN.get(one, one) for one in found[1] or found[2] or ""), shape
    )
    return ASIDE.sub("", literal.partition(";")[0])


def as_shown(value: int, text: str) -> int | str:
    """Le nombre, ou le texte de sa cellule quand il en dit plus que ses chiffres : « 01000 » pour
    1000, « DLA-7 » pour 7.
    """
    digits = re.sub("[^0-9]", "", text)
    if not digits.endswith(str(value)) or (not value and DECIMAL.search(text)):
        return value
    more = LETTERED.match(text) or (digits != str(value) and PADDED.match(text))
    return AsShown(text, value) if more else value


def _placed(places: str, value: int) -> str:
    """The number as it stands in these places: « 01000 » for 1000, « DLA-7 » for 7."""
    first = re.search("[0#]", places)
    assert first is not None
    prefix, body = places[: first.start()], places[first.start() :]
    digits, text = list(str(value)), ""
    for place in reversed(body):
        if place not in "0#":
            text = place + text
        elif digits or place == "0":
            text = (digits.pop() if digits else "0") + text
    return _written(prefix + "".join(digits) + text).strip()


def _written(literal: str) -> str:
    return literal.translate(SIGNS)
