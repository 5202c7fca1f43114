"""Le texte que tiennent des octets, quel que soit le programme qui les a écrits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from dla_docs.constat import Constat
from dla_docs.errors import InputError

BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
UTF_8 = "utf-8"
DOUBLE_UTF8 = re.compile(
    rb"[\xc2\xc3][\x80-\xbf]|\xe2\x80[\x80-\xbf]"
)  # in cp1252, « Ã© », « â€™ »: nobody writes that
NOT_CP1252 = re.compile(r"[a-z][ŽŠ‚‡]|[ƒˆ˜]")  # what the accents of Mac Roman and of DOS look like


def decoded(data: bytes, path: str | Path) -> str:
    """Le texte de ces octets, en UTF-8 (avec ou sans BOM), UTF-16 avec BOM, Windows-1252 ou
    Latin-9 ; ``path`` est le nom à dire. InputError si ce n'est pas du texte.
    """
    text = _decode(path, data)
    if "\0" in text and _is_utf_16(data):
        raise _not_utf_8(path, 1)
    if "\0" in text:  # a lone control character is for the field that holds it to refuse
        raise _not_text(path)
    return text


def _decode(path: str | Path, data: bytes) -> str:
    for bom, encoding in BOMS:
        if data.startswith(bom):
            try:
                return data[len(bom) :].decode(encoding).lstrip("\ufeff")  # written twice
            except UnicodeDecodeError as error:
                raise _not_text(path) from error
    encoding = encoding_of(lambda: [data])
    if encoding != UTF_8 and b"\0" in data and not _is_utf_16(data):
        raise _not_text(path)
    if not encoding:
        raise _not_utf_8(path, _good_lines(data) + 1)
    return data.decode(encoding)


def encoding_of(blocks: Callable[[], Iterable[bytes]]) -> str:
    """Comment se lit un texte sans marque, donné par blocs de lignes entières, autant de fois
    qu'il le faut ; vide quand ses accents ne se lisent pas.
    """
    if all(_reads(block, UTF_8) for block in blocks()):
        return UTF_8
    encoding = "iso8859-15" if _is_latin_9(blocks) else "cp1252"
    return encoding if all(_reads(block, encoding) for block in blocks()) else ""


def _reads(data: bytes, encoding: str) -> bool:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return encoding == UTF_8 or not (DOUBLE_UTF8.search(data) or NOT_CP1252.search(text))


def _good_lines(data: bytes) -> int:
    try:
        data.decode(UTF_8)
    except UnicodeDecodeError as error:
        return data.count(b"\n", 0, error.start)
    return 0


def _is_utf_16(data: bytes) -> bool:
    """Without the mark that says so: one byte in two is nearly always zero, the other never."""
    zeros = sorted((data[0::2].count(0), data[1::2].count(0)))
    return zeros[0] < len(data) / 200 and zeros[1] > len(data) / 4


def _not_utf_8(path: str | Path, line: int) -> InputError:
    return InputError(
        Constat(
            "Ce texte n'est pas en UTF-8 : ses accents ne se lisent pas.",
            fichier=str(path),
            ligne=line,
            conseil="Enregistrez-le de nouveau avec l'encodage UTF-8.",
        )
    )


def _is_latin_9(blocks: Callable[[], Iterable[bytes]]) -> bool:
    """Its euro is what cp1252 calls « ¤ », that nobody types; its 0x80 to 0x9f are free."""
    return any(b"\xa4" in block for block in blocks()) and not any(
        re.search(rb"[\x80-\x9f]", block) for block in blocks()
    )


def _not_text(path: str | Path) -> InputError:
    return InputError(
        Constat(
            "Ce n'est pas un fichier texte.",
            fichier=str(path),
            conseil="Indiquez un fichier .yaml, .json ou .csv.",
        )
    )
