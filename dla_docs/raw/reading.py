"""La lecture d'un fichier YAML ou JSON : chaque valeur reste le texte que les gens ont écrit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path

from dla_docs import files
from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.raw.nodes import BREAK, RawMap, copied

# Told by what YAML does allow, Python takes eight times as long to compile it
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
HIDDEN_BREAK = re.compile("[\x85\u2028\u2029]")  # a line break for YAML 1.1, for no editor
IN_YAML = re.compile(f"{ILLEGAL.pattern}|{HIDDEN_BREAK.pattern}")
MAX_CONSTATS = 20
SMALL, MOST_KEPT = 64 * 1024, 16  # characters of a text that is remembered, how many of them
MAX_DATA = 10_000_000  # characters: the largest missions have a fiftieth of them


def load_raw(path: str | Path, file: str = "") -> RawMap:
    """Les données d'un fichier YAML ou JSON ; ``file`` est le nom à montrer, le chemin par défaut.
    ``InputError`` si elles ne se lisent pas.
    """
    return parse_raw(files.read_text(path), file or str(path))


def parse_raw(text: str, file: str = "") -> RawMap:
    """Les données d'un texte YAML, ou JSON quand ``file`` finit par ``.json`` ; ``InputError``
    porte tous les problèmes trouvés.
    """
    text = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    if len(text) > MAX_DATA:
        raise InputError(
            Constat(
                f"Ce fichier dépasse {MAX_DATA // 1_000_000} Mo de texte.",
                fichier=file,
                conseil="Vérifiez que c'est bien celui d'une mission ou d'un document.",
            )
        )
    if len(text) > SMALL:
        return _read(text, file)
    return copied(_known(text, file))


def _read(text: str, file: str) -> RawMap:
    is_json = file.lower().endswith(".json")
    hidden = islice((ILLEGAL if is_json else IN_YAML).finditer(text), MAX_CONSTATS)
    if found := [*_hidden_characters(hidden, text, file)]:
        raise InputError(found)
    if is_json:
        from dla_docs.raw.json_syntax import read_json

        return read_json(text, file)
    from dla_docs.raw.yaml_syntax import read_yaml

    return read_yaml(text, file)


_known = lru_cache(MOST_KEPT)(_read)  # never handed out: who asks may change what he receives


def _hidden_characters(found: Iterator[re.Match[str]], text: str, file: str) -> Iterator[Constat]:
    line, counted = 1, 0
    for match in found:
        line += sum(1 for _ in BREAK.finditer(text, counted, match.start()))
        counted = match.start()
        yield Constat(
            f"Un caractère invisible (U+{ord(match[0]):04X}) est interdit dans ce fichier.",
            fichier=file,
            ligne=line,
            conseil="Effacez-le, puis retapez le texte à cet endroit.",
        )
