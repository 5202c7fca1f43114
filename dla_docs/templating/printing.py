"""Une valeur devient le texte imprimé, puis le XML de ce texte."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Any

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.model.formats import FORMATS
from dla_docs.model.node import Kind, Node
from dla_docs.model.typography import typeset, typeset_words
from dla_docs.templating.images import Image
from dla_docs.word.field_codes import LOOSE, Spot, argument

Printable = str | Image
PLAIN = (int, float, Decimal, date, time)
Formatter = Callable[[Any], Printable]

is_special = re.compile(
    '[&<>"\x00-\x1f\ud800-\udfff\ufffe\uffff]'
).search  # true of a text that cannot enter the XML, or an attribute, as it is
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
BREAK = '</w:t><w:br/><w:t xml:space="preserve">'
TAB = '</w:t><w:tab/><w:t xml:space="preserve">'


TEXT = "texte"  # the format of what has no other


@lru_cache
def formatter(name: str) -> Formatter:
    """Ce qui imprime les valeurs d'un champ de ce format ; une liste se sépare par des virgules,
    une absence n'imprime rien.
    """
    scalar = _scalar_formatter(name)

    def to_text(value: Any) -> Printable:
        if value is None:
            return ""
        if isinstance(value, Image):
            return value
        if isinstance(value, Enum):
            return to_text(value.value)
        if isinstance(value, list | tuple):
            return ", ".join(str(to_text(item)) for item in value)
        if isinstance(value, str):
            return _text_as_given(value, scalar)
        if isinstance(value, PLAIN):
            return scalar(value)
        raise TypeError  # a part, or an object that would print its own innards

    return to_text


def _text_as_given(text: str, scalar: Callable[[Any], str]) -> str:
    """A format of texts (SIRET, téléphone) applies to a text; any other leaves what is already in
    words.
    """
    try:
        return scalar(text)
    except (TypeError, ValueError, AttributeError, ArithmeticError):
        return text


@lru_cache
def _scalar_formatter(name: str) -> Callable[[Any], str]:
    """Babel takes longer over one amount than the engine over a page:
    each value is formatted once."""
    return lru_cache(maxsize=1024, typed=True)(FORMATS[name])


def typesetter(node: Node | None) -> Callable[[str], str]:
    """Ce qui met un texte dans la typographie de la page ; un texte imprimé ou un choix sont les
    mots d'un guide.
    """
    of_a_guide = node is not None and (node.kind is Kind.NOTE or node.choices)
    return typeset_words if of_a_guide else typeset


def printed(value: Any, to_text: Formatter, path: str) -> Printable:
    """Le texte d'une valeur ; InputError nomme le champ dont la valeur ne s'imprime pas."""
    try:
        return to_text(value)
    except (TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise unprintable(path, value) from error


def unprintable(path: str, value: Any) -> InputError:
    """L'erreur d'une valeur qui n'est pas de celles qu'un document imprime."""
    return InputError(
        Constat(
            f"La valeur de « {path} » ne s'imprime pas : {_shown(value)}.",
            chemin=path,
            conseil="Donnez une valeur du type de ce champ.",
        )
    )


def escape_run(text: str, path: str) -> str:
    """Le XML d'un texte dans une suite de caractères : fins de ligne et tabulations deviennent
    celles de Word.
    """
    return escape_plain(text, path).replace("\n", BREAK).replace("\t", TAB)


def escape_attribute(text: str, path: str) -> str:
    """Le XML d'un texte dans un attribut ou une propriété : sur une ligne."""
    return escape_plain(text, path).replace('"', "&quot;").replace("\n", " ").replace("\t", " ")


def escape_code(text: str, path: str) -> str:
    """Le XML d'un texte entre les guillemets du code d'un champ."""
    return escape_attribute(argument(text), path)


def escape_bare(text: str, path: str) -> str:
    """Le même, hors des guillemets ; InputError quand Word ne l'y lirait pas entier."""
    if LOOSE.search(text):
        raise InputError(
            Constat(
                f"Le modèle imprime « {path} » dans le code d'un champ, hors des guillemets : Word "
                f"n'y lirait pas « {text[:60]} » en entier.",
                chemin=path,
                conseil='Dans le modèle, mettez la balise entre guillemets droits : "{{ … }}".',
            )
        )
    return escape_attribute(text, path)


ESCAPES = {
    Spot.RUN: escape_run,
    Spot.LINE: escape_attribute,
    Spot.QUOTED: escape_code,
    Spot.BARE: escape_bare,
}


def escape_plain(text: str, path: str) -> str:
    """Le XML d'un texte ; InputError nomme le champ qui contient un caractère que Word n'accepte
    pas.
    """
    if found := _FORBIDDEN.search(text.replace("\r", "")):
        raise InputError(
            Constat(
                f"Le texte de « {path} » contient un caractère invisible que Word refuse "
                f"(U+{ord(found.group()):04X}).",
                chemin=path,
                conseil="Effacez ce caractère, ou tapez de nouveau le passage.",
            )
        )
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _shown(value: Any) -> str:
    return (
        f"« {str(value)[:60]} »"
        if isinstance(value, str | int | float)
        else "ce n'est pas un texte, un nombre, une date ou une réponse"
    )
