"""YAML : ses jetons, et ses fautes de syntaxe dites en français."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml
from yaml import events

from dla_docs.errors import InputError
from dla_docs.raw.building import RawBuilder
from dla_docs.raw.nodes import RawMap
from dla_docs.raw.tokens import Token, TokenKind, input_error

FAST_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(text: str, file: str) -> RawMap:
    """Les données d'un texte YAML."""
    try:
        return RawBuilder(file).build(_tokens(text, FAST_LOADER))
    except yaml.YAMLError:
        # The fast parser refuses it; the other one says precisely where and why.
        return RawBuilder(file).build(_explained(text, file))


def _explained(text: str, file: str) -> Iterator[Token]:
    try:
        yield from _tokens(text, yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise _french(error, text, file) from error


def _tokens(text: str, loader: Any) -> Iterator[Token]:
    for event in yaml.parse(text, Loader=loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, events.ScalarEvent):
            yield Token(
                TokenKind.TEXT,
                line,
                event.value,
                event.style is None or event.style == "",
                event.anchor,
                event.tag,
            )
        elif isinstance(event, events.AliasEvent):
            yield Token(TokenKind.ALIAS, line, anchor=event.anchor)
        elif isinstance(event, events.CollectionStartEvent):
            kind = TokenKind.MAP if isinstance(event, events.MappingStartEvent) else TokenKind.LIST
            yield Token(kind, line, anchor=event.anchor, tag=event.tag)
        elif isinstance(event, events.CollectionEndEvent):
            yield Token(TokenKind.END, line)


Explanation = tuple[str, str]
QUOTE_IT = (
    'Mettez tout le texte entre guillemets droits, par exemple "Objectif : former l\'équipe".'
)
CLOSE_IT = "Complétez, ou mettez le texte entre guillemets."
ALIGN = "Alignez-la, avec des espaces, sur les autres clés de la même partie."

# What PyYAML says (the problem, or what it was doing), and what a chargé de mission can do about
# it; the first that fits.
EXPLANATIONS: tuple[tuple[str, Explanation], ...] = (
    (
        r"found character '\\t'",
        ("Une tabulation sert de retrait.", "Remplacez-la par des espaces."),
    ),
    (r"cannot start any token", ("Un texte ne peut pas commencer par {char}.", QUOTE_IT)),
    (
        r"sequence entries are not allowed",
        (
            "Un tiret de liste n'est pas attendu.",
            "Mettez la liste à la ligne sous sa clé, ou le texte entre guillemets.",
        ),
    ),
    (r"mapping keys are not allowed", ("Un « ? » n'est pas attendu ici.", QUOTE_IT)),
    (
        r"found unexpected end of stream|document separator",
        ("Un guillemet ouvert ici n'est jamais refermé.", "Ajoutez le guillemet fermant."),
    ),
    (
        r"escape",
        (
            "Une barre oblique inverse « \\ » est mal employée entre guillemets.",
            "Doublez-la, ou mettez le texte entre apostrophes droites.",
        ),
    ),
    (
        r"scanning an (alias|anchor)",
        ("Un texte ne peut pas commencer par « * » ou « & ».", QUOTE_IT),
    ),
    (r"tag", ("Un texte ne peut pas commencer par « ! ».", QUOTE_IT)),
    (
        r"scanning a directive|YAML directive|YAML document",
        ("Une ligne ne peut pas commencer par « % ».", QUOTE_IT),
    ),
    (
        r"block scalar",
        (
            "Un texte suit « | » ou « > » sur la même ligne.",
            "Commencez le texte à la ligne suivante, en retrait.",
        ),
    ),
    (
        r"expected ',' or '\]'",
        ("Une liste entre crochets « [ ] » n'est pas refermée, ou une virgule y manque.", CLOSE_IT),
    ),
    (
        r"expected ',' or '\}'",
        (
            "Des clés entre accolades « {{ }} » ne sont pas refermées, ou une virgule y manque.",
            CLOSE_IT,
        ),
    ),
    (
        r"expected the node content",
        ("Une valeur est attendue ici.", "Écrivez-la, ou retirez la ponctuation en trop."),
    ),
    (
        r"expected '<document start>'",
        (
            "Cette ligne ne fait pas suite à celles qui précèdent.",
            "Alignez-la sur les autres, ou retirez ce qui est en trop.",
        ),
    ),
    (
        r"expected <block end>",
        ("Le retrait de cette ligne ne s'accorde pas avec celles qui précèdent.", ALIGN),
    ),
)
UNREADABLE = (
    "Cette ligne n'est pas du YAML.",
    "Vérifiez les retraits, les deux-points et les guillemets.",
)
# Where the fault is what was begun and never ended, its place is the beginning.
BEGINNING = re.compile(
    r"could not find expected ':'|found unexpected end of stream|document separator|expected ',' or"
)


def _french(error: yaml.YAMLError, text: str, file: str) -> InputError:
    mark = getattr(error, "problem_mark", None)
    said = f"{getattr(error, 'context', '')} {getattr(error, 'problem', '')}"
    if BEGINNING.search(said):
        mark = getattr(error, "context_mark", None) or mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    written = (text.splitlines() or [""])[line : line + 1] or [""]
    message, conseil = _explanation(said, written[0], column)
    return input_error(message, conseil, line + 1, file)


def _explanation(said: str, written: str, column: int) -> Explanation:
    if "mapping values are not allowed" in said:
        return _stray_colon(written, column)
    if "could not find expected ':'" in said:
        return _no_colon(written)
    if "but found '<scalar>'" in said and written[:column].rstrip().endswith(('"', "'", "]", "}")):
        return "Du texte suit un guillemet ou un crochet fermant.", QUOTE_IT
    for pattern, (message, conseil) in EXPLANATIONS:
        if re.search(pattern, said):
            return message.format(char=f"« {written[column : column + 1]} »"), conseil
    return UNREADABLE


def _stray_colon(written: str, column: int) -> Explanation:
    if re.search(r":\s", written[:column]):
        return "Un texte contient « : » suivi d'une espace.", QUOTE_IT
    return "Cette clé n'est pas attendue ici.", ALIGN


def _no_colon(written: str) -> Explanation:
    if re.match(r"[\s-]*[\w-]+:[^ ]", written):
        return "Il manque une espace après les deux-points.", "Écrivez « clé: valeur »."
    return (
        "Cette ligne n'a pas de deux-points.",
        "Écrivez « clé: valeur », ou mettez ce texte en retrait sous celui qu'il continue.",
    )
