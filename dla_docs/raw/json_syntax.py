"""JSON : ``json`` le juge, et ses fautes de syntaxe sont dites en français ; les nombres restent le
texte écrit.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from yaml import Mark, events

from dla_docs.errors import InputError
from dla_docs.raw.building import RawBuilder, input_error
from dla_docs.raw.nodes import RawMap
from dla_docs.raw.quoting import quoted

# Of a text that ``json`` has judged: a string, closed or not; a bracket; any other word
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+\\?"?|[\[\]{}]|[^\s,:\[\]{}"]+', re.DOTALL)
STARTS = {"{": events.MappingStartEvent, "[": events.SequenceStartEvent}
ENDS = {"}": events.MappingEndEvent, "]": events.SequenceEndEvent}
NOT_NUMBERS = ("NaN", "Infinity", "-Infinity")  # admitted by ``json``, not by JSON

Explanation = tuple[str, str]
UNCLOSED = (
    "Un texte entre guillemets n'est pas refermé, ou contient un caractère à échapper.",
    "Un saut de ligne s'écrit \\n, un guillemet \\\" et une barre oblique inverse \\\\.",
)
KEY = 'Écrivez "clé": "valeur".'


def read_json(text: str, file: str) -> RawMap:
    """Les données d'un texte JSON."""
    return RawBuilder(file).build(_events(text, file))


def _events(text: str, file: str) -> Iterator[Any]:
    """Ce qui précède la faute, comme PyYAML le donnerait ; puis ``InputError``."""
    fault = _fault(text)
    stop = fault.pos if fault else len(text)
    line, counted, opened = 0, 0, list[int]()
    for token in TOKEN.finditer(text):
        if token.end() > stop or token[0] in NOT_NUMBERS:
            stop = min(stop, token.start())
            fault = fault or json.JSONDecodeError("Expecting value", text, stop)
            break
        line, counted = line + text.count("\n", counted, token.start()), token.start()
        yield _event(token[0], Mark(file, counted, line, 0, None, 0))
        if token[0] in STARTS:
            opened.append(counted)
        elif token[0] in ENDS:
            opened.pop()
    if fault and text.strip():
        raise _french(fault, stop, opened, file)


def _fault(text: str) -> json.JSONDecodeError | None:
    try:
        json.loads(text, parse_int=str, parse_float=str)
    except json.JSONDecodeError as fault:
        return fault
    except RecursionError:  # what is built of it goes less deep, and says so
        pass
    return None


def _event(token: str, mark: Mark) -> Any:
    if token in STARTS:
        return STARTS[token](None, None, True, mark)
    if token in ENDS:
        return ENDS[token](mark)
    text, style = (json.loads(token), '"') if token[0] == '"' else (token, "'")
    return events.ScalarEvent(
        None, None, (True, True), text, mark, style=None if token == "null" else style
    )


def _french(fault: json.JSONDecodeError, stop: int, opened: list[int], file: str) -> InputError:
    text = fault.doc
    at = re.compile(r"[ \t\r\n]*").match(text, stop).end()  # type: ignore[union-attr]  # matches the empty text
    before = text[:at].rstrip()
    if text[at : at + 1] in ("]", "}") and before.endswith(","):
        at = len(before) - 1  # where the newer Pythons see it too: at the comma
    if at == len(text) and opened:
        line = text.count("\n", 0, opened[-1]) + 1
        message, conseil = (
            f"« {text[opened[-1]]} » ouvert à la ligne {line} n'est jamais refermé.",
            "Vérifiez que le fichier est complet.",
        )
    else:
        message, conseil = _explanation(fault, at)
    return input_error(message, conseil, text.count("\n", 0, at) + 1, file)


def _explanation(fault: json.JSONDecodeError, at: int) -> Explanation:
    text, said = fault.doc, fault.msg
    word = TOKEN.match(text, at)
    found = quoted(word[0] if word else text[at : at + 1])
    comma = re.compile(r",\s*([\]}])").match(text, at)
    if comma:
        return f"Une virgule est en trop avant « {comma[1]} ».", "Retirez-la."
    if word and word[0][0] == '"' and not said.startswith(("Expecting", "Extra")):
        return UNCLOSED
    if at < fault.pos or said.startswith("Expecting value"):
        return (
            f"Une valeur JSON est attendue, et non {found}.",
            'Mettez les textes entre guillemets droits doubles : "…".',
        )
    if said.startswith("Extra"):
        return "Du texte suit la fin des données.", "Retirez-le, ou vérifiez les accolades."
    if said.startswith("Expecting property"):
        return f"Une clé entre guillemets droits est attendue, et non {found}.", KEY
    if said.startswith("Expecting ':'"):
        key = [token[0] for token in TOKEN.finditer(text, 0, at)][-1]
        return f"Il manque « : » après la clé {quoted(json.loads(key))}.", KEY
    return f"Il manque une virgule avant {found}.", "Séparez les valeurs par des virgules."
