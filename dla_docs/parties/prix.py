"""Le prix qu'un document dit dans ses champs, et les façons dont un texte l'écrirait."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from dla_docs.model.bloc import Bloc
from dla_docs.model.values.value import Printed

MONTANTS = ("montant", "montant_ht")
ALONE = 1000  # euros: below, a number without its sign may be that of anything
YEARS = range(1900, 2100)
THOUSANDS = "[ .,'·_]?"
EURO = r"(?:€|(?:d'|d )?euros?\b|eur\b|t\.?t\.?c\b|h\.?t\b|nets?\b)"
EURO_OR_E = rf"(?:{EURO}|e(?![\w-]))"  # « 950e » is a price, « 20e » the twentieth
RANKS = 100
THOUSAND = r" ?(?:k ?€|k ?euros?\b|k ?eur\b|ke?\b|mille\b|milliers?\b)"
NOT_INSIDE = r"(?<!\d)(?<!\d[.,])"
NOT_A_GROUP = "".join(rf"(?<!\b{digits}[ .,'·_])" for digits in (r"\d", r"\d\d", r"\d\d\d"))
NO_MORE = r"(?!\d|[.,]\d|[ '·]\d{3}(?!\d))"
REFERENCE = r"(?<![a-z]-)(?<!\b\d\d-)(?<!\b20\d\d-)"  # « 9500-9800 » is of two prices
IBANS = {
    **{"be": 12, "ch": 17, "de": 18, "es": 20, "fr": 23, "it": 23, "lu": 16, "mc": 23, "pt": 21}
}  # by country, what follows its key
STREET = (
    r"(?:\b\d+(?: ?(?:bis|ter|quater))?,? (?:rue|avenue|av|bd|boulevard|place|chemin|route|impasse"
    r"|allees?|quai|cours|square|passage|montee|faubourg)|\b(?:bp|cs|tsa) ?\d+|\blieu-dit)\b"
)
STANDS = (
    r"\b(?:adresse|siege|sise?|domicilie|situe|installe|implante|demeur|habit|resid)\w*"
    r"(?:[ :,]{1,3}(?:est|social|postale|a|au|en|dans)\b)*[ :,]{1,3}"
)  # what a postcode follows
A_TOWN = r"(?= (?!(?:pour|par|de|des|du|a|en|au|aux|et|ou|soit|est|sur|ht|ttc|eur)\b|nets?\b)[a-z])"
MEASURE = (
    r" ?(?:(?:k|c|m|h)?m[²³23]|km|kg|ha|kwh|metres?|kilometres?|hectares?|tonnes?|litres?|kilos?"
    r"|heures?|habitants?|adherents?|salaries|personnes|visiteurs|exemplaires)(?!\w)"
)
NO_PRICE = re.compile(
    "|".join(
        (
            *(rf"\b{country}\d\d(?: ?[a-z\d]){{{more}}}\b" for country, more in IBANS.items()),
            rf"{STREET}[^.;:!?€]{{1,60}}?\b\d{{5}}{A_TOWN}",
            rf"{STANDS}\d{{5}}{A_TOWN}",
            r"\b(?:bp|cs|tsa) ?\d\d? ?\d{3}\b",
            rf"\b(?:articles? [lrd]\.?|[lrd]\.) ?\d{{3,5}}(?:-\d+)*(?![\d-]| ?{EURO})",
        )
    )
)
"""Ce qui, dans un texte sans accents ni majuscules, tient des nombres qui ne sont d'aucun prix : un
IBAN ; une adresse, jusqu'à son code postal ; un article de loi.
"""
SHARE = r"/(?! ?(?:an|mois|j|jours?|journees?|h|heures?|missions?|personnes?|structures?)\b)"
POSTCODE = r"(?!(?<=\A)\d{5}\Z)"


def prix(bloc: Bloc) -> Iterator[Decimal]:
    """Chaque montant que disent les champs d'un bloc, et ceux de ses lignes ; 0 n'en est pas un."""
    for name, declared in type(bloc).model_fields.items():
        value = getattr(bloc, name)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Bloc):
                yield from prix(one)
            elif isinstance(one, Decimal) and one and _is_an_amount(declared.metadata):
                yield one


def _is_an_amount(metadata: list[object]) -> bool:
    return any(isinstance(mark, Printed) and mark.format in MONTANTS for mark in metadata)


def ecrit(montant: Decimal) -> re.Pattern[str]:
    """Les façons d'écrire un montant dans un texte sans accents ni majuscules (``fold``) : avec son
    signe, en milliers d'euros, et sans signe à partir de 1 000.
    """
    ways = [*_with_sign(montant), *_in_thousands(montant), *_alone(montant)]
    return re.compile("|".join(ways))


def _with_sign(montant: Decimal) -> Iterator[str]:
    """A price with cents is also told without them: cut, or rounded."""
    yield f"{_exact(montant)} ?{EURO_OR_E if montant >= RANKS else EURO}"
    yield f"(?:€|eur(?:os?)?) ?{_exact(montant)}"
    whole, cents = divmod(montant, 1)
    yield f"{_grouped(int(whole))} ?(?:€|euros?) ?{int(cents * 100):02}{NO_MORE}"
    for rounding in (ROUND_FLOOR, ROUND_HALF_UP):
        if cents and (near := montant.quantize(Decimal(1), rounding)):
            yield f"{_exact(near)} ?{EURO}(?! ?\\d\\d(?!\\d))"


def _in_thousands(montant: Decimal) -> Iterator[str]:
    thousands = (montant / 1000).normalize()
    if montant >= ALONE:
        whole, _, decimals = f"{thousands:f}".partition(".")
        rest = f"[.,]{decimals}0*" if decimals else "(?:[.,]0+)?"
        yield f"{_grouped(int(whole))}{rest}{THOUSAND}"
        if decimals:  # « 3k5 »
            yield f"{_grouped(int(whole))} ?k ?€?{decimals}0*(?![\\w.,]\\d|\\w)"
        if left := montant % ALONE:  # « 11 k€ 200 », « 12 mille 500 euros »
            told = f"0*{int(left)}{_end(left)}"
            yield f"{_grouped(int(whole))}{THOUSAND},? ?(?:et )?{told}"


def _alone(montant: Decimal) -> Iterator[str]:
    """Nor a date, a reference, a share, a measure; the year 2000 is no price, 2 000 may be one."""
    if montant < ALONE:
        return
    said = _exact(montant)
    if montant in YEARS and montant == int(montant):
        said = said.replace(THOUSANDS, "[ .,']")
    yield rf"(?<![\w/]){REFERENCE}{POSTCODE}{said}(?!\w|{SHARE}| ?%|{MEASURE})"


def _exact(montant: Decimal) -> str:
    return f"{_grouped(int(montant))}{_end(montant)}"


def _end(montant: Decimal) -> str:
    """Its cents, and nothing more."""
    cents = montant % 1
    said = f"{int(cents * 100):02}"
    end = rf"[.,]{said.removesuffix('0')}0?" if cents else "(?:[.,]0{1,2})?"
    return f"{end}{NO_MORE}"


def _grouped(whole: int) -> str:
    """Its thousands apart or not; a first group of three may be the end of a greater number."""
    first, *others = f"{whole:_}".split("_")
    before = NOT_INSIDE + (NOT_A_GROUP if len(first) == len("000") else "")
    return before + THOUSANDS.join((first, *others))
