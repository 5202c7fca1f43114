"""Ce que ``dla-docs`` écrit à l'écran : constats, tableaux, JSON. Les résultats sur la sortie, les problèmes sur la sortie d'erreur."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dla_docs.constat import Constat, Gravite
from dla_docs.errors import DlaDocsError

COLOURS = {Gravite.BLOQUANT: "red", Gravite.AVERTISSEMENT: "yellow", Gravite.INFORMATION: "cyan"}


def say(text: str) -> None:
    """Une ligne de résultat."""
    Console(highlight=False, soft_wrap=True).print(escape(text))


def say_raw(text: str) -> None:
    """Un texte tel quel, à rediriger dans un fichier."""
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")


def show_json(data: Any) -> None:
    """Des données, pour un programme."""
    say_raw(json.dumps(data, ensure_ascii=False, indent=2))


def show_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Un tableau."""
    table = Table(*headings, header_style="bold")
    for row in rows:
        table.add_row(*map(escape, row))
    Console(highlight=False).print(table)


def show_constats(constats: Iterable[Constat]) -> None:
    """Les constats, un par ligne, leur gravité en tête."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    for constat in constats:
        colour = COLOURS[constat.gravite]
        console.print(f"[{colour}]{str(constat.gravite).upper()}[/] {escape(str(constat))}")


def show_error(error: DlaDocsError | str) -> None:
    """Une erreur : ses constats, ou sa phrase."""
    if isinstance(error, DlaDocsError):
        show_constats(error.constats)
    else:
        show_constats([Constat(error)])
