"""Toutes les commandes de ``dla-docs``, et de quoi reconnaître l'anglais de ses bibliothèques."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import typer

from dla_docs.cli.application import application

ENGLISH = {
    *(
        "the",
        "this",
        "that",
        "is",
        "are",
        "was",
        "and",
        "of",
        "with",
        "for",
        "from",
        "not",
        "does",
        "must",
        "got",
        "such",
        "one",
    ),
    *(
        "show",
        "exit",
        "missing",
        "invalid",
        "value",
        "required",
        "default",
        "error",
        "aborted",
        "file",
        "directory",
        "exist",
        "exists",
    ),
    *(
        "choose",
        "try",
        "unexpected",
        "extra",
        "usage:",
        "argument:",
        "takes",
        "requires",
        "mean",
        "possible",
        "parameter",
        "command",
        "help.",
    ),
    *(
        "input",
        "should",
        "valid",
        "string",
        "readable",
        "writable",
        "unknown",
        "open",
        "could",
        "range",
        "bool",
        "path>",
        "options]",
        "args",
    ),
}


def every_command() -> list[tuple[str, ...]]:
    """Les mots de chaque commande et de chaque groupe : ``()``, ``("verifier",)``, ``("modele",
    "nouveau")``.
    """
    return [(), *_below(typer.main.get_command(application()), ())]


def command_named(words: tuple[str, ...]) -> Any:
    """La commande de ces mots."""
    command: Any = typer.main.get_command(application())
    for word in words:
        command = command.commands[word]
    return command


def _below(group: Any, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for name, command in getattr(group, "commands", {}).items():
        yield (*words, name)
        yield from _below(command, (*words, name))


def english_in(text: str) -> set[str]:
    """Les mots et les phrases d'anglais qui se trouvent dans un texte."""
    words = set(re.findall(r"[^\s«»(),;\"']+", text.casefold()))
    stripped = {word.strip(".:!?") for word in words}
    return (ENGLISH & (words | stripped)) | {
        phrase for phrase in library_phrases() if phrase in text
    }


@cache
def library_phrases() -> frozenset[str]:
    """Les bouts de phrase, de deux mots au moins, que typer tient prêts dans son code."""
    # typer carries its own copy of click; older ones import the real one.
    folders = {
        Path(typer.__file__).parent,
        Path(str(sys.modules[typer.BadParameter.__module__].__file__)).parent,
    }
    literals = (
        text for folder in folders for path in folder.rglob("*.py") for text in _literals(path)
    )
    pieces = (
        piece.strip(" \n\t.:([%") for text in literals for piece in re.split(r"\{[^}]*\}|%\w", text)
    )
    return frozenset(piece for piece in pieces if re.fullmatch(r"[A-Za-z][a-z]+( [a-z]+)+", piece))


def _literals(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
