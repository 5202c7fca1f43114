"""La lecture d'un fichier YAML ou JSON : chaque valeur reste le texte que les gens ont écrit."""

from __future__ import annotations

import re
from pathlib import Path

from dla_docs import files
from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.raw.nodes import RawMap

ILLEGAL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
HIDDEN_BREAK = re.compile("[\x85\u2028\u2029]")  # a line break for YAML 1.1, for no editor
MAX_CONSTATS = 20


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
    is_json = file.lower().endswith(".json")
    _refuse_characters(text, file, is_json)
    if is_json:
        from dla_docs.raw.json_syntax import read_json

        return read_json(text, file)
    from dla_docs.raw.yaml_syntax import read_yaml

    return read_yaml(text, file)


def _refuse_characters(text: str, file: str, is_json: bool) -> None:
    found = [*ILLEGAL.finditer(text), *([] if is_json else HIDDEN_BREAK.finditer(text))]
    if found:
        raise InputError(_hidden_character(match, file) for match in found[:MAX_CONSTATS])


def _hidden_character(match: re.Match[str], file: str) -> Constat:
    line = len(re.findall("\r\n|\n|\r", match.string[: match.start()])) + 1
    message = f"Un caractère invisible (U+{ord(match[0]):04X}) est interdit dans ce fichier."
    return Constat(
        message,
        fichier=file,
        ligne=line,
        conseil="Effacez-le, puis retapez le texte à cet endroit.",
    )
