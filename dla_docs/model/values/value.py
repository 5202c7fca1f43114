"""Une valeur : ce qu'un champ accepte, comment elle se lit, comment elle s'imprime. Tous les types
de valeur sont faits de ``Valeur``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Any, get_args

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from dla_docs.model import formats
from dla_docs.raw.quoting import quoted


@dataclass(frozen=True)
class Printed:
    """Comment une valeur s'imprime : un format de ``dla_docs.model.formats``, sur plusieurs lignes
    ou non, parmi quels choix.
    """

    format: str = "texte"
    multiline: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Valeur(Printed):
    """Ce qui fait d'une annotation un type de valeur : ``Jour = Annotated[date | None,
    Valeur(read=…, format="date")]``.

    ``read`` reçoit un texte nettoyé, jamais vide, ou un objet d'un type de ``native`` ; il lève
    ``ValueError`` avec un bout de phrase française.
    """

    read: Callable[[Any], Any]
    native: tuple[type, ...] = ()
    width: int = 0  # digits of an identifier whose leading zeros a spreadsheet may have eaten
    dump: Callable[[Any], Any] | None = (
        None  # to JSON, where pydantic's own way could not be read back
    )
    description: str = ""
    examples: tuple[str, ...] = ()
    accepts: Mapping[str, Any] = field(
        default_factory=lambda: {"type": ["string", "null"]}, hash=False
    )  # JSON Schema of what is read
    returns: Mapping[str, Any] = field(
        default_factory=dict, hash=False
    )  # JSON Schema of what is dumped, where it says more

    def load(self, value: Any) -> Any:
        """La valeur typée, ou ``None`` pour une absence (``None``, texte blanc) ; lève
        ``ValueError`` en français.
        """
        if isinstance(value, str) and not isinstance(value, Enum):
            kept = self.read is not str and len(value) <= SHORT
            return (_read_again if kept else _read)(self.read, str(value))
        if value is None:
            return None
        if (
            isinstance(value, int) and value.bit_length() > LARGEST_BITS
        ):  # Python itself refuses to write it down
            raise ValueError("ce nombre est trop grand")
        return self.read(
            value
            if isinstance(value, self.native) and not isinstance(value, bool)
            else self._as_text(value)
        )

    def _as_text(self, value: Any) -> str:
        bare = self.width and isinstance(value, Shown)  # a number that a spreadsheet cut
        text = scalar_text(+value if bare else value)
        missing = self.width - len(text)
        return (
            text.zfill(self.width) if 0 < missing <= MOST_ZEROS_EATEN and text.isdecimal() else text
        )

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        serialization = (
            core_schema.plain_serializer_function_ser_schema(
                self.dump, when_used="json-unless-none"
            )
            if self.dump
            else None
        )
        return core_schema.no_info_before_validator_function(
            self.load, handler(source), serialization=serialization
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        shape = self.returns if handler.mode == "serialization" and self.returns else self.accepts
        return {**shape, "description": self.description, "examples": list(self.examples)}


MOST_ZEROS_EATEN = 2
LARGEST_BITS = 1024
DIGITS = re.compile(r"[0-9](?:[0-9 \u00a0\u202f.,'’]*[0-9])?")
SHORT = 64  # characters of a text whose value is kept

PRIVATE = re.compile("[\ue000-\uf8ff]")  # signs that one font of symbols alone draws
FORBIDDEN = re.compile(
    f"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]|{PRIVATE.pattern}"
)  # what XML 1.0 cannot hold, and what would be printed as an empty square

# Zero-width spaces count as blank too: pages copied from the web carry them
BLANKS = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\u200b\u2060\ufeff"


def _read(read: Callable[[Any], Any], text: str) -> Any:
    return read(said) if (said := clean(text)) else None


_read_again = lru_cache(2048)(_read)
"""A mission says the same telephone, the same date in each of its documents: what never changes is
read once. A refusal is not kept."""


def parse(alias: Any, value: Any) -> Any:
    """La valeur qu'un texte (une cellule de formulaire) donne à un type de valeur : ``parse(Jour,
    "1er mars 2013")`` ; lève ``ValueError``.
    """
    for mark in get_args(alias):
        if isinstance(mark, Valeur):
            return mark.load(value)
    raise TypeError(f"{alias} n'est pas un type de valeur de dla_docs")


def clean(text: str) -> str:
    """Le texte sans blancs autour, une fin de ligne valant LF ; lève ``ValueError`` pour un
    caractère qu'un document Word ne peut contenir, ou ne montrerait pas.
    """
    if text.isascii() and text.isprintable():
        return str(text).strip()
    if illegal := FORBIDDEN.search(text):
        sign = illegal.group()
        what = "signe d'une police de symboles" if PRIVATE.match(sign) else "caractère de contrôle"
        raise ValueError(
            f"{quoted(text)} contient un {what} interdit (U+{ord(sign):04X}) ; effacez-le ou "
            f"retapez le texte"
        )
    return str(text).replace("\r\n", "\n").replace("\r", "\n").strip(BLANKS)


class Shown(Decimal):
    """Un nombre et le texte que sa cellule montre, « 1 200 € » : ce qu'on en lit là où un texte est
    attendu ; ``shape`` : le format qui le montre.
    """

    text: str
    shape: str

    def __new__(cls, number: Decimal, text: str, shape: str = "") -> Shown:
        """``number``, que ``text`` montre."""
        made = super().__new__(cls, number)
        made.text, made.shape = text, shape
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return Shown, (+self, self.text, self.shape)

    @property
    def typed(self) -> str:
        """Le texte, comme on l'aurait tapé : son nombre sans séparateur de milliers."""
        return DIGITS.sub(lambda _: scalar_text(abs(+self)), self.text, count=1)


class AsShown(str):
    """Le texte que montre une cellule dont la valeur (``value``) en dit plus, ou autre chose :
    « mars 2013 », « env. 12 ».
    """

    value: Any

    def __new__(cls, text: str, value: Any) -> AsShown:
        """``value``, que ``text`` montre."""
        made = super().__new__(cls, text)
        made.value = value
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return AsShown, (str(self), self.value)


def scalar_text(value: Any) -> str:
    """Le texte d'une valeur Python isolée, tel qu'on l'aurait tapé ; une liste ou un objet est
    refusé.
    """
    if isinstance(value, bool | Enum):
        return formats.texte(value)
    if isinstance(value, Shown):
        return value.text
    if isinstance(value, float):
        value = Decimal(str(value))
    if isinstance(value, Decimal):
        whole = (
            value.is_finite()
            and value.adjusted() < LARGEST_BITS
            and value == value.to_integral_value()
        )
        return str(int(value)) if whole else str(value).replace(".", ",")
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime) and value.time() != time():
        return f"{formats.jour(value)} {value:%H:%M}"
    if isinstance(value, date | time):
        return formats.jour(value) if isinstance(value, date) else formats.heure(value)
    raise ValueError(f"une seule valeur est attendue ici, pas {_kind(value)}")


def refuse(value: Any, what: str, example: str) -> ValueError:
    """L'erreur qui cite la valeur, dit ce qui ne va pas et donne un exemple."""
    return ValueError(f"{quoted(value)} {what} ; écrivez par exemple {example}")


def _kind(value: Any) -> str:
    if isinstance(value, Mapping):
        return "un ensemble de clés"
    if isinstance(value, list | tuple | set | frozenset):
        return "une liste"
    return "autre chose"


def as_date(value: date) -> date:
    """Le jour d'une date ou d'un instant (un tableur donne des instants)."""
    return value.date() if isinstance(value, datetime) else value
