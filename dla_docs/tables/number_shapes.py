"""Ce qu'un nombre montre dans sa cellule : le format d'un classeur dit quel texte, ce texte dit
quel nombre ; ce qu'ils n'ont pas de commun n'est pas une réponse.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from dla_docs.model.values.value import Shown, scalar_text
from dla_docs.raw.quoting import quoted
from dla_docs.tables.faults import Fault

TOKEN = re.compile(
    r'"(?P<text>[^"]*)"|\\(?P<sign>.)|\[(?:\$(?P<money>[^\]-]*)(?:-[^\]]*)?'
    r"|(?P<test>[<>=]+)\s*(?P<bound>-?[0-9]+(?:\.[0-9]*)?)|[^\]]*)\]|_.|\*."
    r"|(?P<general>General|Standard)|(?P<digits>[0#?][0#?,]*(?:\.[0#?]*)?,*|\.[0#?]+,*)"
    r"|(?P<percent>%)|(?P<end>;)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
TESTS = {
    "=": Decimal.__eq__,
    "<>": Decimal.__ne__,
    "<": Decimal.__lt__,
    ">": Decimal.__gt__,
    "<=": Decimal.__le__,
    ">=": Decimal.__ge__,
}
NOT_PLAIN = re.compile("[/@a-zA-Z]")  # a fraction, a power of ten, a text, a date
NUMBER = re.compile(r"[0-9]+(?:([ \u00a0\u202f.,'’])[0-9]{3}(?![0-9]))*(?:[.,][0-9]+)?|[.,][0-9]+")
MANY = re.compile(r"[.,][0#?0-9]{13,}")  # decimals: beyond, a number is as exact as it is
POWER = re.compile(r"[0-9]+[.,]?[0-9]*E[+-]?[0-9]+", re.IGNORECASE)
FRACTION = re.compile(r"\d+/\d+")
SPACED = re.compile(r"\(?[0-9]+(?:[ \u00a0\u202f.()-]{1,2}[0-9]+)*")
NEGATIVE = re.compile("[-−(]")
GROUP = " "
LONGEST, LARGEST = 255, 15  # signs of a format, digits of a number: a spreadsheet has no more
RETYPE = "Tapez la réponse telle qu'elle doit se lire, dans une cellule au format Standard."


@dataclass(frozen=True)
class Section:
    """Une des formes d'un format, et quand elle sert. ``pieces`` : ses textes, et ``None`` où sont
    les chiffres, qu'il y en ait (``digits``) ou que ce soient ceux du nombre (« General »).
    """

    pieces: tuple[str | None, ...] = ()
    digits: str = ""
    percent: int = 0
    test: tuple[str, Decimal] | None = None

    def fits(self, value: Decimal) -> bool:
        """Vrai d'un nombre que sa condition admet."""
        return self.test is None or bool(
            TESTS.get(self.test[0], Decimal.__eq__)(value, self.test[1])
        )

    def text(self, value: Decimal) -> str:
        """Ce que montre un nombre positif."""
        return "".join(self._number(value) if one is None else one for one in self.pieces)

    @property
    def is_words(self) -> bool:
        """Vrai d'une forme qui ne montre aucun chiffre du nombre."""
        return None not in self.pieces

    def _number(self, value: Decimal) -> str:
        if not self.digits:
            return scalar_text(value)
        places = self.digits.rstrip(",")
        whole, _, after = places.partition(".")
        scaled = value * 100**self.percent / 1000 ** (len(self.digits) - len(places))
        rounded = scaled.quantize(Decimal(1).scaleb(-len(after)), ROUND_HALF_UP)
        said, _, decimals = f"{rounded:f}".partition(".")
        while decimals and len(decimals) > after.count("0") and decimals.endswith("0"):
            decimals = decimals[:-1]
        said = said.lstrip("0").rjust(whole.count("0"), "0")
        if "," in whole:
            said = f"{int(said):,}".replace(",", GROUP) if said else ""
        return said + ("," + decimals if decimals else "")


Sections = tuple[Section, ...]


def sections_of(shape: str) -> Sections:
    """Les formes d'un format de nombres ; rien d'un autre, ou que l'on ne sait pas montrer."""
    if not shape or len(shape) > LONGEST or shape.lower() in ("general", "standard"):
        return ()
    found = [_section(one) for one in _cut(shape)][:3]
    return () if None in found else tuple(one for one in found if one is not None)


def words_of(shape: str) -> tuple[str | None, ...]:
    """Ce qu'un format montre d'un texte, ``None`` où il va ; rien, quand c'est le texte même."""
    if not shape or len(shape) > LONGEST:
        return ()
    forms = [*_cut(shape)]
    last = next((one for one in forms if any(token["other"] == "@" for token in one)), None)
    if last is None and len(forms) < 4:
        return ()
    pieces = [
        None
        if token["other"] == "@" or token["general"]
        else token["text"] or token["sign"] or token["money"] or ""
        for token in last or forms[3]
    ]
    plain = [one for one in pieces if one != ""] == [None]
    return () if plain else (*pieces, "")


def words_shown(value: str, words: tuple[str | None, ...]) -> str:
    """Un texte comme sa cellule le montre, ou le défaut de celle qui n'en montre rien."""
    text = "".join(value if one is None else one for one in words)
    return text if text.strip() or not value.strip() else unseen(value)


def unseen(text: str) -> Fault:
    """Le défaut d'un texte que sa cellule ne montre pas."""
    return Fault(f"ne montre rien et tient {quoted(text)}", RETYPE, text)


def _cut(shape: str) -> Iterator[list[re.Match[str]]]:
    held: list[re.Match[str]] = []
    for token in TOKEN.finditer(shape):
        if token["end"]:
            yield held
            held = []
        else:
            held.append(token)
    yield held


def _section(tokens: list[re.Match[str]]) -> Section | None:
    pieces: list[str | None] = []
    digits, percent, test = "", 0, None
    for token in tokens:
        if token["test"]:
            test = (token["test"], Decimal(token["bound"]))
        elif token["digits"] or token["general"]:
            if None in pieces:  # digits here and there: « 0#" "## »
                return None
            digits, pieces = token["digits"] or "", [*pieces, None]
        elif (other := token["other"]) and NOT_PLAIN.match(other):
            return None
        else:
            percent += bool(token["percent"])
            pieces.append(
                token["text"] or token["sign"] or token["money"] or token["percent"] or other or ""
            )
    if percent > 1 or MANY.search(digits):
        return None
    return Section(tuple(pieces), digits, percent, test)


def as_it_shows(value: Decimal, sections: Sections, shape: str) -> Decimal | str | Fault | None:
    """Ce que montre un nombre sous ces formes."""
    section, signed = _chosen(value, sections)
    if section is None or value.adjusted() >= LARGEST:
        return value
    body = section.text(abs(value))
    text = f"-{body}" if signed and re.search("[1-9]", body) else body
    if section.is_words and any(one.isalpha() for one in text):
        return text.strip()
    return as_it_reads(value, text, shape)


def _chosen(value: Decimal, sections: Sections) -> tuple[Section | None, bool]:
    """The shape of a number, and whether a sign is added to it."""
    if any(one.test for one in sections):
        return next((one for one in sections if one.fits(value)), None), value < 0
    if len(sections) > 2 and value == 0:
        return sections[2], False
    if len(sections) > 1 and value < 0:
        return sections[1], False
    return sections[0], value < 0


def as_it_reads(value: Decimal, text: str, shape: str = "") -> Decimal | str | Fault | None:
    """Ce que dit un nombre dont la cellule montre ce texte : lui-même, arrondi comme il s'y
    montre ; le texte, quand il n'a pas de chiffre.
    """
    said = text.strip()
    if not said:
        return Fault(f"ne montre rien et vaut {scalar_text(value)}", RETYPE, "") if value else None
    found = NUMBER.search(said)
    if found is None:
        return _without_digits(value, said, shape)
    if (
        value.adjusted() >= LARGEST
        or MANY.search(said)
        or POWER.fullmatch(said.lstrip("-−"))
        or FRACTION.search(said)
    ):
        return value
    kept = _rounded(value, said, found)
    if kept is not None:
        return _shown(kept, said, shape or _shape_of(said, found))
    share = _rounded(value * 100, said, found) if said.endswith("%") else None
    if share is not None:
        return f"{share.normalize():f} %".replace(".", ",")
    return value if _is_spaced(value, said) else _unlike(value, said)


def _is_spaced(value: Decimal, said: str) -> bool:
    """« 123 456 789 00012 »: all the digits of a number, in groups of its own."""
    return bool(SPACED.fullmatch(said)) and re.sub("[^0-9]", "", said) == f"{value:f}"


def _without_digits(value: Decimal, said: str, shape: str) -> Decimal | str | Fault:
    """« Oui » is an answer; « - € » is nothing but a zero."""
    if any(one.isalpha() for one in said):
        return said
    return _unlike(value, said) if value else Shown(value, said, shape)


def _rounded(value: Decimal, said: str, found: re.Match[str]) -> Decimal | None:
    """The number that a text shows, when it is this one with fewer decimals."""
    is_negative = bool(NEGATIVE.search(said[: found.start()]))
    for number, places in _read(found[0]):
        rounded = abs(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        if rounded == number and (not number or is_negative == (value < 0)):
            return number if value >= 0 or not number else -number
    return None


def _read(digits: str) -> Iterator[tuple[Decimal, int]]:
    """What digits may say, and with how many decimals: « 1,234 » says two things."""
    yield Decimal(re.sub("[^0-9]", "", digits)), 0
    whole, mark, after = digits.replace(",", ".").rpartition(".")
    if mark:
        yield Decimal(f"{re.sub('[^0-9]', '', whole) or '0'}.{after}"), len(after)


def _shown(number: Decimal, text: str, shape: str) -> Decimal:
    return number if text == scalar_text(number) else Shown(number, text, shape)


def _shape_of(text: str, found: re.Match[str]) -> str:
    """A format that shows this text, for the workbook where it is corrected."""
    digits = re.sub("[0-9]", "0", found[0])
    decimals = re.search("[.,](0{1,2})$", digits)
    grouped = "#,##0" if found[1] else "0"
    body = grouped + (f".{decimals[1]}" if decimals else "")
    before, after = (one.replace('"', "") for one in (text[: found.start()], text[found.end() :]))
    return "".join(f'"{one}"' if one and one != body else one for one in (before, body, after))


def _unlike(value: Decimal, said: str) -> Fault:
    return Fault(f"montre {quoted(said)} et vaut {scalar_text(value)}", RETYPE, said)
