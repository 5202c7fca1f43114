"""Les balises d'un texte : où elles sont, ce qu'elles disent une fois la typographie de Word
réparée.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum


class TagKind(Enum):
    """Ce qu'est une balise."""

    PRINT = "{{"
    BLOCK = "{%"
    COMMENT = "{#"
    ESCAPE = "{_{"
    BROKEN = ""


@dataclass(frozen=True, slots=True)
class RawTag:
    """Une balise trouvée dans un texte : ``start`` et ``end`` en caractères ; ``level`` : ce
    qu'elle emporte (p, tr, tc, r).
    """

    kind: TagKind
    start: int
    end: int
    source: str = ""
    level: str = ""
    raw: str = ""


ESCAPES = {"{_{": "{{", "}_}": "}}", "{_%": "{%", "%_}": "%}"}
CLOSERS = {"{{": "}}", "{%": "%}", "{#": "#}"}
_DELIMITER = re.compile("|".join(map(re.escape, (*ESCAPES, *CLOSERS, *CLOSERS.values()))))
_LEVEL = re.compile(r"(p|tr|tc|r)\s+")

MAX_TAG = 4000  # characters: beyond, a tag is not closed

SINGLE, DOUBLE = "'‘’‚‛", '"“”„‟'
QUOTES = dict.fromkeys(SINGLE, SINGLE) | dict.fromkeys(DOUBLE, DOUBLE) | {"«": "»", "‹": "›"}
SPACES = dict.fromkeys(
    "\t\n\r\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}"
    "\N{EN SPACE}\N{EM SPACE}\N{FIGURE SPACE}",
    " ",
)
DASHES = dict.fromkeys("–—−‑", "-")
INVISIBLE = dict.fromkeys(
    "\N{ZERO WIDTH SPACE}\N{SOFT HYPHEN}\N{ZERO WIDTH NO-BREAK SPACE}\N{WORD JOINER}", ""
)
REPAIRS = SPACES | DASHES | INVISIBLE
_REPAIRED = str.maketrans(REPAIRS)
_PLAIN = re.compile(f"[^{{}}%#{re.escape(''.join(QUOTES))}]+")  # neither a quote nor a delimiter
_SPACES = re.compile(r"\s*")
_BLANKS = " " + "".join(SPACES)

_OPERAND_EXPECTED = re.compile(r"([(\[,:|=<>!+*/%~-]|\b(and|or|not|in|is|if|elif|else))\Z")
_OPERAND_ENDED = re.compile(r"\s*($|[)\]},:|=!<>+*/%~–-])|\s+(and|or|not|in|is|if|else)\b")


def scan(text: str) -> list[RawTag]:
    """Les balises d'un texte, dans l'ordre ; une balise jamais fermée, ou jamais ouverte, est
    ``BROKEN``.
    """
    tokens: list[RawTag] = []
    position = 0
    while found := _DELIMITER.search(text, position):
        token = _token_at(text, found.start(), found.group())
        around = _trimmed(text, position, token)
        tokens += around
        position = around[-1].end
    return tokens


def _trimmed(text: str, position: int, token: RawTag) -> list[RawTag]:
    """A tag, and the blanks that its dashes take away, as Jinja does."""
    if token.kind not in (TagKind.PRINT, TagKind.BLOCK, TagKind.COMMENT):
        return [token]
    inside = token.raw[2:-2].translate(_REPAIRED)
    before, after = inside.startswith("-"), inside.endswith("-")
    start = len(text[position : token.start].rstrip()) + position if before else token.start
    spaces = _SPACES.match(text, token.end) if after else None
    end = spaces.end() if spaces else token.end
    blanks = [RawTag(TagKind.COMMENT, start, token.start), RawTag(TagKind.COMMENT, token.end, end)]
    return [one for one in (blanks[0], token, blanks[1]) if one.end > one.start]


def _token_at(text: str, start: int, opener: str) -> RawTag:
    if opener in ESCAPES:
        return RawTag(TagKind.ESCAPE, start, start + len(opener), ESCAPES[opener], raw=opener)
    if opener not in CLOSERS:
        return RawTag(TagKind.BROKEN, start, start + len(opener), raw=opener)
    if opener == "{#":
        return _comment(text, start)
    return _tag(text, start, opener)


def _comment(text: str, start: int) -> RawTag:
    end = text.find("#}", start, start + MAX_TAG)
    if end < 0:
        return _unclosed(text, start)
    level = _LEVEL.match(text, start + 2)
    raw = text[start : end + 2]
    return RawTag(TagKind.COMMENT, start, end + 2, level=level.group(1) if level else "", raw=raw)


def _tag(text: str, start: int, opener: str) -> RawTag:
    body = _read_body(text, start + 2, CLOSERS[opener]) or _read_plainly(
        text, start + 2, CLOSERS[opener]
    )
    if body is None:
        return _unclosed(text, start)
    source, end = body
    source = source.removeprefix("-").removesuffix("-")
    level = _LEVEL.match(source)
    stripped = source[level.end() :] if level else source
    return RawTag(
        TagKind(opener),
        start,
        end,
        stripped.strip(),
        level.group(1) if level else "",
        text[start:end],
    )


def _unclosed(text: str, start: int) -> RawTag:
    following = _DELIMITER.search(text, start + 2)
    return RawTag(
        TagKind.BROKEN,
        start,
        following.start() if following else len(text),
        raw=text[start : start + 40].split("\n")[0],
    )


def _read_plainly(text: str, start: int, closer: str) -> tuple[str, int] | None:
    """The tag up to its first closer, whatever its quotes: the expression's own error will be more
    useful than ours.
    """
    end = text.find(closer, start, start + MAX_TAG)
    following = re.compile(r"\{\{|\{%").search(text, start, start + MAX_TAG)
    if end < 0 or (following and following.start() < end):
        return None
    return "".join(REPAIRS.get(char, char) for char in text[start:end]), end + len(closer)


def _read_body(text: str, start: int, closer: str) -> tuple[str, int] | None:
    done: list[str] = []
    position, last = start, min(len(text), start + MAX_TAG)
    while position < last:
        if plain := _PLAIN.match(text, position, last):
            done.append(plain.group().translate(_REPAIRED))
            position = plain.end()
            continue
        if text.startswith(closer, position):
            return "".join(done), position + len(closer)
        if text.startswith(("{{", "{%"), position):
            return None
        char = text[position]
        if char in QUOTES and _expects_operand("".join(done)):
            literal = _read_literal(text, position, closer)
            if literal is None:
                return None
            piece, position = literal
            done.append(piece)
        else:
            done.append(REPAIRS.get(char, char))
            position += 1
    return None


def _expects_operand(done: str) -> bool:
    """The longest word that one follows has four letters: the end of the text says it."""
    said = done.rstrip()
    return not said or _OPERAND_EXPECTED.search(said[-8:]) is not None


def _read_literal(text: str, start: int, closer: str) -> tuple[str, int] | None:
    opener = text[start]
    straight = (
        re.compile(rf"(?:[^\\{opener}]|\\.)*{opener}").match(text, start + 1, start + MAX_TAG)
        if opener in "'\""
        else None
    )
    if straight and not re.search(r"\{\{|\{%", straight.group()):
        return text[start : straight.end()], straight.end()
    for end in range(start + 1, min(len(text), start + MAX_TAG)):
        if text.startswith(("{{", "{%"), end):
            return None
        if text[end] in QUOTES[opener] and _ends_operand(text, end + 1, closer):
            return _quoted(text[start + 1 : end], opener), end + 1
    return None


def _ends_operand(text: str, position: int, closer: str) -> bool:
    return bool(_OPERAND_ENDED.match(text, position)) or text[position : position + 100].lstrip(
        _BLANKS
    ).startswith(closer)


def _quoted(content: str, opener: str) -> str:
    if opener in "«‹":  # French quotation marks stand off from what they quote
        content = content.strip(_BLANKS)
    return '"' + content.replace("\\", "\\\\").replace('"', '\\"') + '"'
