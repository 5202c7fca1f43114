"""Des jetons aux données : clés en double, renvois et étiquettes y sont jugés, tous les problèmes à
la fois.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.raw.nodes import RawList, RawMap, RawText
from dla_docs.raw.quoting import quoted
from dla_docs.raw.tokens import Token, TokenKind, input_error

MAX_DEPTH = 50
# Values that aliases may repeat in one file: far above honest use, far below what exhausts the
# memory
MAX_COPIED = 20_000
NULLS = frozenset({"", "~", "null", "Null", "NULL"})
TAGS = frozenset(
    {
        "!",
        *(
            f"tag:yaml.org,2002:{name}"
            for name in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq")
        ),
    }
)
MERGE = "<<"


class RawBuilder:
    """Construit les données d'un fichier à partir de ses jetons."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._constats: list[Constat] = []
        self._anchors: dict[
            str, tuple[Any, int] | None
        ] = {}  # value and its size; None while the value is being written
        self._count = 0
        self._copied = 0

    def build(self, tokens: Iterable[Token]) -> RawMap:
        """Les clés du fichier ; ``InputError`` porte tout ce qui a été trouvé, y compris avant une
        faute de syntaxe.
        """
        self._tokens = iter(tokens)
        try:
            value = self._document()
        except InputError as error:
            raise InputError([*self._constats, *error.constats]) from error
        if self._constats:
            raise InputError(self._constats)
        return value

    def _document(self) -> RawMap:
        first = next(self._tokens, None)
        value = self._value(first, 1) if first else None
        for extra in self._tokens:
            raise self._error(
                "Ce fichier contient plusieurs documents.",
                "Gardez-en un, et retirez la ligne « --- » qui les sépare.",
                extra.line,
            )
        if isinstance(value, RawMap):
            return value
        if value is None:
            raise self._error(
                "Ce fichier est vide.",
                "Écrivez-y des clés, par exemple « document: cahier_des_charges ».",
                1,
            )
        message = (
            "Ce fichier doit contenir des clés, et non "
            f"{'une liste' if isinstance(value, RawList) else 'un texte'}."
        )
        raise self._error(
            message,
            "Écrivez par exemple « document: cahier_des_charges », avec une espace après les "
            "deux-points.",
            first.line if first else 1,
        )

    def _value(self, token: Token, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise self._too_deep(token.line)
        self._count += 1
        if token.kind is TokenKind.ALIAS:
            return self._copy(token, depth)
        self._check_tag(token)
        if token.anchor is None:
            return self._content(token, depth)
        before, self._anchors[token.anchor] = self._count, None
        value = self._content(token, depth)
        self._anchors[token.anchor] = (value, self._count - before + 1)
        return value

    def _content(self, token: Token, depth: int) -> Any:
        if token.kind is TokenKind.MAP:
            return self._map(token, depth)
        if token.kind is TokenKind.LIST:
            return self._list(token, depth)
        written_null = (
            token.plain and token.text in NULLS and not (token.tag or "").endswith(":str")
        )
        return (
            None
            if written_null or (token.tag or "").endswith(":null")
            else RawText(token.text, token.line, self._file)
        )

    def _list(self, start: Token, depth: int) -> RawList:
        result = RawList(line=start.line, file=self._file)
        while (token := next(self._tokens)).kind is not TokenKind.END:
            result.append(self._value(token, depth + 1))
        return result

    def _map(self, start: Token, depth: int) -> RawMap:
        result, merged, lines = (
            RawMap(line=start.line, file=self._file),
            list[Any](),
            dict[str, int](),
        )
        while (token := next(self._tokens)).kind is not TokenKind.END:
            key = self._key(token, depth)
            value = self._value(next(self._tokens), depth + 1)
            if key is None or self._written_twice(key, token.line, lines):
                continue
            if key == MERGE and token.plain:
                merged += self._bases(value, token.line)
            else:
                result[key], result.key_lines[key] = value, token.line
        for base in merged:
            result.update({key: value for key, value in base.items() if key not in result})
            result.key_lines = {**base.key_lines, **result.key_lines}
        return result

    def _key(self, token: Token, depth: int) -> str | None:
        value = self._value(token, depth + 1)
        if not isinstance(value, RawText) or not value.strip():
            self._problem("Une clé doit être un mot.", "Écrivez « clé: valeur ».", token.line)
            return None
        if token.plain and value[0].isspace():
            self._problem(
                f"La clé {quoted(value)} suit une espace insécable.",
                "Remplacez-la par une espace ordinaire.",
                token.line,
            )
        return str(value).strip()

    def _written_twice(self, key: str, line: int, lines: dict[str, int]) -> bool:
        if key not in lines:
            lines[key] = line
            return False
        lines_said = f"lignes {lines[key]} et {line}" if lines[key] != line else f"ligne {line}"
        self._problem(
            f"La clé {quoted(key)} est écrite deux fois ({lines_said}).",
            "Gardez-en une seule.",
            line,
        )
        return True

    def _bases(self, value: Any, line: int) -> list[RawMap]:
        bases = value if isinstance(value, RawList) else [value]
        if all(isinstance(base, RawMap) for base in bases):
            return list(bases)
        self._problem(
            "« << » ne peut reprendre que des clés.",
            "Faites-le renvoyer à une partie nommée, par exemple « <<: *modele ».",
            line,
        )
        return []

    def _copy(self, token: Token, depth: int) -> Any:
        name = token.anchor or ""
        if name not in self._anchors:
            self._problem(
                f"{quoted(f'*{name}')} ne renvoie à rien.",
                "Si c'est un texte, mettez-le entre guillemets droits.",
                token.line,
            )
            return None
        anchored = self._anchors[name]
        if anchored is None:
            raise self._error(
                f"{quoted(f'*{name}')} se contient lui-même.", "Retirez ce renvoi.", token.line
            )
        value, size = anchored
        self._count, self._copied = self._count + size, self._copied + size
        if self._copied > MAX_COPIED:
            raise self._error(
                "Les renvois « * » de ce fichier répètent trop de valeurs.",
                "Écrivez les valeurs, ou partagez le fichier.",
                token.line,
            )
        if depth + _height(value) > MAX_DEPTH + 1:
            raise self._too_deep(token.line)
        return value

    def _check_tag(self, token: Token) -> None:
        if token.tag is not None and token.tag not in TAGS:
            shown = token.tag.replace("tag:yaml.org,2002:", "!!")
            self._problem(
                f"L'étiquette {quoted(shown)} n'est pas admise.",
                "Retirez-la ; si c'est un texte, mettez-le entre guillemets.",
                token.line,
            )

    def _too_deep(self, line: int) -> InputError:
        return self._error(
            f"Les données sont imbriquées sur plus de {MAX_DEPTH} niveaux.",
            "Vérifiez les crochets, les accolades et les retraits.",
            line,
        )

    def _problem(self, message: str, conseil: str, line: int) -> None:
        self._constats.append(Constat(message, fichier=self._file, ligne=line, conseil=conseil))

    def _error(self, message: str, conseil: str, line: int) -> InputError:
        return input_error(message, conseil, line, self._file)


def _height(value: Any) -> int:
    values = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(_height, values), default=0)
