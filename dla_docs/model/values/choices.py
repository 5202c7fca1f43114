"""Les listes fermées : ``Choix[MonEnum]`` lit « Réponse collective », « reponse_collective » ou
« REPONSE COLLECTIVE ».

Les valeurs de l'énumération sont les textes imprimés. ``OuiNon`` est la plus courante : Oui, Non,
Sans objet.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum, StrEnum
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Optional, TypeVar

from dla_docs.model import formats
from dla_docs.model.values.value import Valeur
from dla_docs.raw.quoting import quoted
from dla_docs.spelling import fold

E = TypeVar("E", bound=Enum)


TICKS = "✓✔☑"  # a cross may mean no
CHECKED = "☒"  # before each answer whose box is ticked, when several are
NOT_CONCERNED = tuple(
    f"{no} concerné{ending}" for no in ("non", "pas") for ending in ("", "e", "s", "es", "(e)")
)


class Reponse(StrEnum):
    """La réponse à une question fermée ; « sans objet » en est une."""

    OUI = "Oui"
    NON = "Non"
    SANS_OBJET = "Sans objet"

    @classmethod
    def synonymes(cls) -> dict[str, Reponse]:
        """Les autres façons d'écrire chaque réponse."""
        return (
            dict.fromkeys(("o", "yes", "true", "vrai", *TICKS), cls.OUI)
            | dict.fromkeys(("n", "no", "false", "faux"), cls.NON)
            | dict.fromkeys(("s.o.", "so", "n/a", "non applicable", *NOT_CONCERNED), cls.SANS_OBJET)
        )


def choix(enumeration: type[Enum]) -> Valeur:
    """La marque d'une liste fermée ; ses choix imprimés sont ceux de l'énumération,
    dans son ordre."""
    labels = tuple(formats.texte(member) for member in enumeration)
    return Valeur(
        read=partial(_read, spellings(enumeration), enumeration),
        native=(enumeration,),
        choices=labels,
        dump=formats.texte,
        description=f"Au choix : {_enumerated(labels)}",
        examples=labels,
        accepts={"enum": [*_usual(enumeration), None]},
        returns={"enum": [*labels, None]},
    )


def choix_multiples(enumeration: type[Enum]) -> Valeur:
    """La marque d'une liste où l'on peut choisir plusieurs réponses : « Une ; Deux »."""
    labels = tuple(formats.texte(member) for member in enumeration)
    return Valeur(
        read=partial(_read_several, spellings(enumeration), enumeration),
        native=(list, tuple),
        format="suite",
        dump=lambda chosen: [formats.texte(member) for member in chosen],
        description=f"Un ou plusieurs, séparés par « ; » : {_enumerated(labels)}",
        examples=(" ; ".join(labels),),
        accepts={"type": ["array", "string", "null"], "items": {"enum": _usual(enumeration)}},
        returns={"type": ["array", "null"], "items": {"enum": list(labels)}},
    )


def spellings(enumeration: type[Enum]) -> dict[str, Enum]:
    """Ce qui désigne chaque membre : son texte imprimé, son nom, ses synonymes, sans accents,
    majuscules ni ponctuation.
    """
    found: dict[str, Enum] = {}
    for member in enumeration:
        for text in {_key(formats.texte(member)), _key(member.name)}:
            if found.setdefault(text, member) is not member:
                raise TypeError(f"{enumeration.__name__} : deux choix s'écrivent « {text} »")
    synonymes: Mapping[str, Enum] = getattr(enumeration, "synonymes", dict)()
    return {_key(text): member for text, member in synonymes.items()} | found


def _read(known: Mapping[str, Enum], enumeration: type[Enum], value: Any) -> Enum:
    if isinstance(value, enumeration):
        return value
    if (key := _key(value)) in known:
        return known[key]
    _, *ticked = str(value).split(CHECKED)
    if len(ticked) > 1:
        raise ValueError(
            f"{len(ticked)} cases sont cochées, {_enumerated(tuple(map(str.strip, ticked)), 'et')} "
            f"; n'en laissez qu'une"
        )
    raise ValueError(
        f"{quoted(value)} n'est pas un des choix ; écrivez "
        f"{_enumerated(tuple(formats.texte(member) for member in enumeration))}"
    )


def _read_several(
    known: Mapping[str, Enum], enumeration: type[Enum], value: Any
) -> tuple[Enum, ...] | None:
    """In the order of the list, each once."""
    given = re.split(r"[;\n]", value) if isinstance(value, str) else value
    chosen = {_read(known, enumeration, one) for one in given if str(one).strip()}
    return tuple(member for member in enumeration if member in chosen) or None


def _key(text: str) -> str:
    return re.sub(rf"[^\w{TICKS}]+|_", "", fold(text))


def _enumerated(labels: tuple[str, ...], word: str = "ou") -> str:
    quoted = [f"« {label} »" for label in labels]
    return f" {word} ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def _usual(enumeration: type[Enum]) -> list[Any]:
    labels = [formats.texte(member) for member in enumeration]
    names = [member.name.lower() for member in enumeration]
    booleans: list[Any] = [True, False] if hasattr(enumeration, "synonymes") else []
    return [*dict.fromkeys([*labels, *(label.lower() for label in labels), *names]), *booleans]


if TYPE_CHECKING:
    Choix = Optional[E]  # noqa: UP045 — a generic alias cannot be written E | None before PEP 695
    ChoixMultiple = Optional[tuple[E, ...]]  # noqa: UP045
else:

    class Choix:
        """``Choix[MonEnum]`` : un membre de l'énumération, ou ``None``."""

        def __class_getitem__(cls, enumeration: type[Enum]) -> Any:
            return Annotated[enumeration | None, choix(enumeration)]

    class ChoixMultiple:
        """``ChoixMultiple[MonEnum]`` : des membres de l'énumération, ou ``None``."""

        def __class_getitem__(cls, enumeration: type[Enum]) -> Any:
            return Annotated[tuple[enumeration, ...] | None, choix_multiples(enumeration)]


OuiNon = Choix[Reponse]
"""Oui, Non ou Sans objet."""
