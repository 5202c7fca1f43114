"""``python -m dla_docs.cli.manual [PAGE]`` : récrit ``docs/commandes.md``, la ligne de commande,
d'après l'aide des commandes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from dla_docs.cli.application import application
from dla_docs.cli.help import description, examples, sections, usage
from dla_docs.manual.pages import cell, table

INTRODUCTION = """# La ligne de commande

<!-- Écrit par « python -m dla_docs.cli.manual » : corrigez l'aide, pas cette page. -->

`dla-docs COMMANDE --aide` dit la même chose dans un terminal. Ni les accents ni les majuscules
d'un nom ne comptent. Une commande sort par 0 (fait et conforme), 1 (fait autant que possible : ce
qui reste est dit) ou 2 (rien n'est fait).
"""


def page() -> str:
    """La page, en Markdown : une partie par commande, dans l'ordre où on les rencontre."""
    root = typer.main.get_command(application())
    context = root.context_class(root, info_name="dla-docs", **root.context_settings)
    told = ("\n".join(_command(one, below)).strip() for one, below in _commands(root, context))
    return "\n\n".join((INTRODUCTION.strip(), *told)) + "\n"


def _commands(group: Any, context: Any) -> Iterator[tuple[Any, Any]]:
    """The commands, each with its context; a group is only the way to its own."""
    for name, command in group.commands.items():
        below = type(context)(command, info_name=name, parent=context)
        if hasattr(command, "commands"):
            yield from _commands(command, below)
        else:
            yield command, below


def _command(command: Any, context: Any) -> Iterator[str]:
    yield from (f"## `{context.command_path}`", "", description(command), "")
    yield from (f"`{usage(command, context)}`", "")
    held = {title: list(rows) for title, rows in sections(command, context)}
    rows = [*held["À donner"], *(row for row in held["Options"] if "--aide" not in row[0])]
    if rows:
        yield from table(
            ("Mot", "Ce qu'il veut dire"), ((f"`{name}`", cell(said)) for name, said in rows)
        )
        yield ""
    if shown := examples(command):
        yield from ("```text", *shown, "```")


if __name__ == "__main__":
    where = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/commandes.md")
    where.write_text(page(), encoding="utf-8", newline="\n")
