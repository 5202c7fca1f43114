"""YAML : ses fautes de syntaxe, et ce qu'il perdrait d'un texte sans le dire, en français."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml
from yaml.events import ScalarEvent

from dla_docs.errors import InputError
from dla_docs.raw.building import RawBuilder, hard_space, input_error, line_at
from dla_docs.raw.nodes import BREAK, RawMap
from dla_docs.raw.quoting import quoted

FAST_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
LONG = 300_000  # characters
BLOCKS = ("|", ">")
# After a value: « #1 » and « # 1 », where a comment is set apart, « # un » or «   # 1 »
BLANK = re.compile(r"\s*\Z")
LOST = re.compile(r"[ \t]+(#[^\s#].*)|[ ](#[ ][0-9].*)")
HARD_SPACES = "\u00a0\u2007\u202f"
HARD_INDENT = re.compile(rf"[ {HARD_SPACES}-]*[{HARD_SPACES}]\s*(?:([\w-]+)\s*:(?:\s|$)|- )")
WIDEST = 300  # characters of an indent and of its key: what is wider is a text


def read_yaml(text: str, file: str) -> RawMap:
    """Les données d'un texte YAML."""
    if len(text) > LONG:
        return _built(text, file, FAST_LOADER, explained=True)
    try:
        return _built(text, file, FAST_LOADER)
    except yaml.YAMLError:
        # The fast parser refuses it; the other one, much slower, says better where and why.
        return _built(text, file, yaml.SafeLoader, explained=True)


def _built(text: str, file: str, loader: Any, explained: bool = False) -> RawMap:
    builder = RawBuilder(file)
    events = _told(yaml.parse(text, Loader=loader), BREAK.split(text), builder)
    return builder.build(_explained(events, text, file) if explained else events)


def _explained(events: Iterator[Any], text: str, file: str) -> Iterator[Any]:
    try:
        yield from events
    except yaml.YAMLError as error:
        raise _french(error, text, file) from error


def _told(events: Iterator[Any], lines: list[str], builder: RawBuilder) -> Iterator[Any]:
    """Les mêmes événements ; ce que YAML laisserait d'un texte est un problème."""
    marked = frozenset(number for number, line in enumerate(lines) if "#" in line)
    for event in events:
        if isinstance(event, ScalarEvent) and event.style not in BLOCKS:
            for said, line in _lost(event, lines, marked):
                builder.problem(
                    f"{quoted(said)} disparaîtrait du texte : YAML y lit un commentaire.",
                    "Mettez toute la valeur entre guillemets droits ; pour un commentaire, deux "
                    "espaces avant « # » et une après.",
                    line,
                )
            if not event.style and (indent := HARD_INDENT.match(event.value[:WIDEST])):
                builder.problem(*hard_space(indent[1]), line_at(event))
        yield event


def _lost(
    event: ScalarEvent, lines: list[str], marked: frozenset[int]
) -> Iterator[tuple[str, int]]:
    """``marked``: the lines that hold a « # ». All the events of a file may stand on one line: none
    of them reads it whole.
    """
    start, end = event.start_mark, event.end_mark
    if not start or not end or not {end.line, end.line + 1} & marked:  # nearly always
        return
    rest, below = [*lines[end.line : end.line + 2], "", ""][:2]
    if lost := LOST.match(rest, end.column):
        yield lost[1] or lost[2], end.line + 1
    # A line of a text that goes on, in retreat under its key
    goes_on = event.value and not event.style and BLANK.match(rest, end.column)
    if goes_on and (lost := LOST.match(below)):
        margin = len(rest) - len(rest.lstrip(" -")) + (start.line == end.line)
        if lost.start(1) >= margin:
            yield lost[1], end.line + 2


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
    written = text.splitlines()[: line + 1]
    for number, above in reversed([*enumerate(written, 1)][-2:]):
        if indent := HARD_INDENT.match(above[:WIDEST]):  # what follows it cannot be aligned on it
            return input_error(*hard_space(indent[1]), number, file)
    message, conseil = _explanation(said, "".join(written[line:]), column)
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
    if re.match(r"[\s-]*[\w-]+:[^ ]", written[:WIDEST]):
        return "Il manque une espace après les deux-points.", "Écrivez « clé: valeur »."
    return (
        "Cette ligne n'a pas de deux-points.",
        "Écrivez « clé: valeur », ou mettez ce texte en retrait sous celui qu'il continue.",
    )
