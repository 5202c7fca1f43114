"""Les nombres, comme on les tape : « 23 824,32 € », « 12,5 % », « 1 200 »."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, NamedTuple

from dla_docs.model import formats
from dla_docs.model.values.value import Valeur, refuse
from dla_docs.raw.quoting import quoted

Number = int | float | Decimal

MOST_DIGITS = 12
MOST_DECIMALS = 2
NOISE = 6
CENT, TENTH = Decimal("0.01"), Decimal("0.1")

SPACED = re.compile(r"[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]+)?")
PLAIN = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
POINTED = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+|[0-9]{1,3}(?:\.[0-9]{3}){2,}")
ENGLISH = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+|[0-9]{1,3}(?:,[0-9]{3}){2,}")
AMBIGUOUS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")

CURRENCY = r"(?:€|euros?|eur)"
EUROS = re.compile(
    rf"^{CURRENCY} ?(?=[0-9+-])| ?{CURRENCY}$", re.IGNORECASE
)  # never inside: « 12€50 » is not 1250
NET = re.compile(
    r" ?(?<![a-z])(?:ttc|t\.t\.c\.?|toutes taxes comprises|nets?(?: de (?:taxe|tva)s?)?)$",
    re.IGNORECASE,
)
BEFORE_TAX = re.compile(r" ?(?<![a-z])(?:ht|h\.t\.?|hors[ -](?:taxes?|tva))$", re.IGNORECASE)
PEOPLE = "personne|structure|association|participant|adhérent|bénévole|salarié"
COUNTED = re.compile(
    rf" ?(?<![a-z])(?:pers\.?|(?:{PEOPLE})(?:\(?e\)?)?(?:s|\(s\))?)$", re.IGNORECASE
)  # « 12 salarié(e)s »
NOBODY = re.compile(
    rf"(?:néant|(?:aucun(?:e|\(e\))?|pas d[e'’])(?: ?(?:{PEOPLE})(?:\(?e\)?)?(?:s|\(s\))?)?)",
    re.IGNORECASE,
)  # « Pas de salariés »
YEARS = re.compile(r" ?(?<![a-z])(?:ans?|années?)(?: d[’']expérience)?$", re.IGNORECASE)
FULL_TIME = re.compile(
    r",? ?(?:\((?:soit )?[0-9]+(?:[.,][0-9]+)? ?e\.?t\.?p\.?s?\)|soit [0-9]+(?:[.,][0-9]+)? ?etp)$",
    re.IGNORECASE,
)  # « 14 (9,5 ETP) »: the heads are counted
A_DAY = re.compile(r" ?(?:/|par|la|le) ?j(?:\.|our|ournée)?(?= (?:ttc|t\.t\.c)|$)", re.IGNORECASE)
PERCENT = re.compile(r" ?(?:%|pour ?cents?)$", re.IGNORECASE)


YEAR = re.compile(r"(?:(?:en|(?:l[’'])?année) )?((?:1[89]|2[01])[0-9]{2})\.?", re.IGNORECASE)


class Expected(NamedTuple):
    """Ce qu'un nombre doit être : la fin de phrase d'un refus, et un exemple."""

    what: str
    example: str


NOMBRE = Expected("n'est pas un nombre", "12,5")
ENTIER = Expected("n'est pas un nombre entier", "22")
MONTANT = Expected("n'est pas un montant en euros", "1 200 €")
MONTANT_HT = Expected("n'est pas un montant en euros", "1 000 € HT")
POURCENTAGE = Expected("n'est pas un pourcentage", "12,5 %")


def read_nombre(value: str | Number) -> Decimal:
    """Un nombre positif ou nul, à deux décimales au plus ; ce qui peut se lire de deux façons est
    refusé.
    """
    return positive(value, NOMBRE, value)


def read_entier(value: str | Number) -> int:
    """Un nombre entier, positif ou nul."""
    said = one_line(value)
    if isinstance(said, str) and NOBODY.fullmatch(said):
        return 0
    number = positive(_without(said, FULL_TIME, COUNTED, YEARS), ENTIER, value)
    if number != int(number):
        raise refuse(value, *ENTIER)
    return int(number)


def read_montant(value: str | Number) -> Decimal:
    """Un montant en euros, toutes taxes comprises ; une mention « HT » est refusée."""
    return _with_tax(one_line(value), value)


def read_montant_par_jour(value: str | Number) -> Decimal:
    """Un montant en euros TTC pour une journée : « 900 €/jour » s'y lit."""
    return _with_tax(_without(one_line(value), A_DAY), value)


def _with_tax(text: str | Number, shown: object) -> Decimal:
    if isinstance(text, str) and BEFORE_TAX.search(text):
        raise refuse(
            shown, "est un montant hors taxes, le montant TTC est attendu", MONTANT.example
        )
    return positive(_without(text, NET, EUROS), MONTANT, shown).quantize(CENT)


def read_montant_ht(value: str | Number) -> Decimal:
    """Un montant en euros, hors taxes ; une mention « TTC » est refusée."""
    text = one_line(value)
    if isinstance(text, str) and NET.search(text):
        raise refuse(
            value, "est un montant TTC, le montant hors taxes est attendu", MONTANT_HT.example
        )
    return positive(_without(text, BEFORE_TAX, EUROS), MONTANT_HT, value).quantize(CENT)


def read_pourcentage(value: str | Number) -> Decimal:
    """Un pourcentage, de 0 à 100 ; « 12,5 % » vaut ``Decimal("12.5")``."""
    number = positive(_without(one_line(value), PERCENT), POURCENTAGE, value)
    if number > 100:
        raise refuse(value, "dépasse 100 %", POURCENTAGE.example)
    return number


def read_annee(text: str) -> int:
    """Une année, en quatre chiffres."""
    if match := YEAR.fullmatch(text):
        return int(match[1])
    raise refuse(text, "n'est pas une année", "2013")


def share(count: int, total: int) -> Decimal:
    """La part d'un nombre dans un total, en centièmes, au dixième près ; 0 d'un total nul."""
    found = (Decimal(100 * count) / (total or 1)).quantize(TENTH, ROUND_HALF_UP)
    return Decimal(int(found)) if found == int(found) else found  # « 100 % », as it is read back


def positive(value: str | Number, expected: Expected, shown: object) -> Decimal:
    """Le nombre, positif ou nul, à deux décimales au plus ; ``shown`` est ce que cite le refus."""
    number = _from_text(value, expected, shown) if isinstance(value, str) else _exact(value)
    if not number.is_finite():
        raise refuse(shown, *expected)
    if number < 0:
        raise refuse(shown, f"{expected.what} positif", expected.example)
    if number >= 10**MOST_DIGITS:
        raise refuse(shown, "est un nombre trop grand", expected.example)
    if number != round(number, MOST_DECIMALS):
        raise refuse(shown, f"a plus de {MOST_DECIMALS} décimales", expected.example)
    return abs(number)


def one_line(value: str | Number) -> str | Number:
    """Le texte d'un nombre, ses espaces ramenées à une seule sorte, sans point final."""
    return " ".join(value.split()).removesuffix(".") if isinstance(value, str) else value


def _without(value: str | Number, *units: re.Pattern[str]) -> str | Number:
    for unit in units:
        value = unit.sub("", value, count=1) if isinstance(value, str) else value
    return value


def _exact(value: Number) -> Decimal:
    # A spreadsheet's sums carry the noise of binary floats: 0.1 + 0.2.
    return Decimal(str(round(value, NOISE))) if isinstance(value, float) else Decimal(value)


def _from_text(value: str, expected: Expected, shown: object) -> Decimal:
    text = str(one_line(value)).replace("\N{MINUS SIGN}", "-")
    sign, digits = (
        "-" if text.startswith("-") else "",
        text.removeprefix("-").removeprefix("+").lstrip(),
    )
    if AMBIGUOUS.fullmatch(digits):
        whole, decimals = re.sub("[.,]", "", digits), digits[:-1].replace(".", ",")
        raise ValueError(
            f"{quoted(shown)} se lit de deux façons ; écrivez par exemple "
            f"{formats.nombre(int(whole))} ou {decimals}"
        )
    if SPACED.fullmatch(digits) or PLAIN.fullmatch(digits):
        return Decimal(sign + digits.replace(" ", "").replace(",", "."))
    if POINTED.fullmatch(digits):
        return Decimal(sign + digits.replace(".", "").replace(",", "."))
    if ENGLISH.fullmatch(digits):
        return Decimal(sign + digits.replace(",", ""))
    raise refuse(shown, *expected)


NUMBERS = (int, float, Decimal)
EITHER = {"type": ["string", "number", "null"], "minimum": 0, "exclusiveMaximum": 10**MOST_DIGITS}
WHOLE = {**EITHER, "type": ["string", "integer", "null"]}
WRITTEN = {"type": ["string", "null"]}  # pydantic writes a Decimal as text

Entier = Annotated[
    int | None,
    Valeur(
        format="nombre",
        read=read_entier,
        native=NUMBERS,
        description="Un nombre entier",
        examples=("22",),
        accepts=WHOLE,
        returns={"type": ["integer", "null"]},
    ),
]
"""Un nombre entier, positif ou nul."""

Annee = Annotated[
    int | None,
    Valeur(
        format="annee",
        read=read_annee,
        description="Une année",
        examples=("2013",),
        accepts={**WHOLE, "minimum": 1800, "maximum": 2199},
        returns={"type": ["integer", "null"]},
    ),
]
"""Une année, imprimée sans espace : « 2013 »."""

Nombre = Annotated[
    Decimal | None,
    Valeur(
        format="nombre",
        read=read_nombre,
        native=NUMBERS,
        description="Un nombre, à deux décimales au plus",
        examples=("3,5",),
        accepts=EITHER,
        returns=WRITTEN,
    ),
]
"""Un nombre positif ou nul, à deux décimales au plus."""

Montant = Annotated[
    Decimal | None,
    Valeur(
        format="montant",
        read=read_montant,
        native=NUMBERS,
        description="Un montant en euros, toutes taxes comprises",
        examples=("23 824,32 €", "1200"),
        accepts=EITHER,
        returns=WRITTEN,
    ),
]
"""Un montant en euros TTC, imprimé « 23 824,32 € »."""

MontantParJour = Annotated[
    Decimal | None,
    Valeur(
        format="montant",
        read=read_montant_par_jour,
        native=NUMBERS,
        description="Un montant en euros pour une journée, toutes taxes comprises",
        examples=("900 €", "900 €/jour"),
        accepts=EITHER,
        returns=WRITTEN,
    ),
]
"""Un montant d'une journée en euros TTC, imprimé « 900,00 € »."""

MontantHt = Annotated[
    Decimal | None,
    Valeur(
        format="montant_ht",
        read=read_montant_ht,
        native=NUMBERS,
        description="Un montant en euros, hors taxes",
        examples=("1 000 € HT", "1000"),
        accepts=EITHER,
        returns=WRITTEN,
    ),
]
"""Un montant en euros hors taxes, imprimé « 1 000,00 € HT »."""

Pourcentage = Annotated[
    Decimal | None,
    Valeur(
        format="pourcentage",
        read=read_pourcentage,
        native=NUMBERS,
        description="Un pourcentage, de 0 à 100",
        examples=("12,5 %", "20"),
        accepts={**EITHER, "maximum": 100},
        returns=WRITTEN,
    ),
]
"""Un pourcentage, imprimé « 12,5 % »."""
