"""La complétion des commandes dans un terminal : le texte à donner à son interpréteur, et ce qu'il
propose ensuite. Le mécanisme est celui de typer.
"""

from __future__ import annotations

import os
from typing import Annotated, Any

import typer

from dla_docs.cli.refusals import asks_for_details, proposal
from dla_docs.errors import InputError

PROGRAM, VARIABLE = "dla-docs", "_DLA_DOCS_COMPLETE"
SHELLS = ("bash", "zsh", "fish", "powershell")


def shell_named(word: str) -> str:
    """L'interpréteur de ce nom ; ``InputError`` dit lesquels sont connus."""
    if word.lower() not in SHELLS:
        raise InputError(
            f"L'interpréteur « {word} » n'est pas connu.{proposal(word, SHELLS)} Ce sont : "
            f"{', '.join(SHELLS)}."
        )
    return word.lower()


def completion(
    ctx: typer.Context,
    interpreteur: Annotated[
        str,
        typer.Argument(
            parser=shell_named,
            help="bash, zsh, fish ou powershell.",
            metavar="INTERPRETEUR",
            autocompletion=lambda: list(SHELLS),
        ),
    ],
) -> int:
    """Écrit ce qui fait compléter les commandes par la touche Tab, à ajouter au fichier que votre
    interpréteur lit en s'ouvrant : ~/.bashrc, ~/.zshrc (après « compinit »),
    ~/.config/fish/completions/dla-docs.fish, ou $PROFILE pour PowerShell.

    dla-docs completion bash
    dla-docs completion powershell
    """
    return _answered(ctx.find_root().command, f"source_{interpreteur}")


def is_asked() -> bool:
    """Vrai quand c'est un interpréteur qui appelle, pour compléter une ligne."""
    return VARIABLE in os.environ


def complete(command: Any) -> int:
    """Ce qui peut suivre la ligne que l'interpréteur complète ; rend le code de sortie."""
    try:
        return _answered(command, os.environ[VARIABLE])
    except Exception:  # what is typed already is wrong, or we are: not in the middle of a line
        if asks_for_details():
            raise
        return 0


def _answered(command: Any, instruction: str) -> int:
    from typer import completion as of_typer

    of_typer.get_completion_inspect_parameters()  # which makes the four shells known
    return of_typer.shell_complete(command, {}, PROGRAM, VARIABLE, instruction)


COMMANDS = (completion,)
