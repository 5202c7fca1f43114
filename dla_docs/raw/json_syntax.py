"""JSON : ses jetons, et ses fautes de syntaxe dites en français ; les nombres restent le texte
écrit.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from dla_docs.errors import InputError
from dla_docs.raw.building import RawBuilder
from dla_docs.raw.nodes import RawMap
from dla_docs.raw.quoting import quoted
from dla_docs.raw.tokens import Token, TokenKind, input_error

SPACE = re.compile(r"[ \t\r\n]*")
STRING = re.compile(r'"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+"')
WORD = re.compile(r'[^\s,:\[\]{}"]+')
LITERAL = re.compile(r"true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")

ESCAPES = "Un saut de ligne s'écrit \\n, un guillemet \\\" et une barre oblique inverse \\\\."


def read_json(text: str, file: str) -> RawMap:
    """Les données d'un texte JSON."""
    return RawBuilder(file).build(JsonScanner(text, file).tokens())


class JsonScanner:
    """Parcourt un texte JSON d'un bout à l'autre."""

    def __init__(self, text: str, file: str) -> None:
        self._text, self._file = text, file
        self._at = 0
        self._line, self._counted = 1, 0

    def tokens(self) -> Iterator[Token]:
        """Les jetons, dans l'ordre ; ``InputError`` à la première faute."""
        if not self._next():
            return
        yield from self._value()
        if self._next():
            raise self._error(
                "Du texte suit la fin des données.", "Retirez-le, ou vérifiez les accolades."
            )

    def _value(self) -> Iterator[Token]:
        char = self._next()
        if char == "{":
            yield from self._items(TokenKind.MAP, "}")
        elif char == "[":
            yield from self._items(TokenKind.LIST, "]")
        elif char == '"':
            yield self._string()
        else:
            yield self._literal(char)

    def _items(self, kind: TokenKind, closing: str) -> Iterator[Token]:
        yield Token(kind, self._here())
        opened, first = self._at, True
        self._at += 1
        while self._next() != closing:
            if not first:
                self._comma(closing, opened)
            if kind is TokenKind.MAP:
                yield self._key(opened)
            if not self._next():
                raise self._unclosed(opened)
            yield from self._value()
            first = False
        self._at += 1
        yield Token(TokenKind.END, self._here())

    def _comma(self, closing: str, opened: int) -> None:
        char = self._next()
        if not char:
            raise self._unclosed(opened)
        if char != ",":
            raise self._error(
                f"Il manque une virgule avant {self._found()}.",
                "Séparez les valeurs par des virgules.",
            )
        self._at += 1
        if self._next() == closing:
            raise self._error(f"Une virgule est en trop avant « {closing} ».", "Retirez-la.")

    def _key(self, opened: int) -> Token:
        char = self._next()
        if not char:
            raise self._unclosed(opened)
        if char != '"':
            raise self._error(
                f"Une clé entre guillemets droits est attendue, et non {self._found()}.",
                'Écrivez "clé": "valeur".',
            )
        key = self._string()
        if self._next() != ":":
            raise self._error(
                f"Il manque « : » après la clé {quoted(key.text)}.", 'Écrivez "clé": "valeur".'
            )
        self._at += 1
        return key

    def _string(self) -> Token:
        match = STRING.match(self._text, self._at)
        if match is None:
            raise self._error(
                "Un texte entre guillemets n'est pas refermé, ou contient un caractère à échapper.",
                ESCAPES,
            )
        token = Token(TokenKind.TEXT, self._here(), json.loads(match[0]))
        self._at = match.end()
        return token

    def _literal(self, char: str) -> Token:
        match = WORD.match(self._text, self._at)
        if match is None or not LITERAL.fullmatch(match[0]):
            raise self._error(
                f"Une valeur JSON est attendue, et non {self._found()}.",
                'Mettez les textes entre guillemets droits doubles : "…".',
            )
        token = Token(TokenKind.TEXT, self._here(), match[0], plain=match[0] == "null")
        self._at = match.end()
        return token

    def _next(self) -> str:
        """Le premier caractère utile, sans le consommer ; vide à la fin."""
        match = SPACE.match(self._text, self._at)
        self._at = match.end() if match else self._at
        return self._text[self._at : self._at + 1]

    def _found(self) -> str:
        word = WORD.match(self._text, self._at) or STRING.match(self._text, self._at)
        found = word[0] if word else self._text[self._at : self._at + 1]
        return quoted(found) if found else "la fin du fichier"

    def _here(self) -> int:
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def _unclosed(self, opened: int) -> InputError:
        char, line = self._text[opened], self._text.count("\n", 0, opened) + 1
        return self._error(
            f"« {char} » ouvert à la ligne {line} n'est jamais refermé.",
            "Vérifiez que le fichier est complet.",
        )

    def _error(self, message: str, conseil: str) -> InputError:
        return input_error(message, conseil, self._here(), self._file)
