"""typer parle anglais : ses titres, son aide et ses refus, dits en français."""

from __future__ import annotations

import re

from typer import rich_utils
from typer._click import exceptions

TITLES = {
    "ARGUMENTS_PANEL_TITLE": "Ce qu'il faut donner",
    "OPTIONS_PANEL_TITLE": "Options",
    "COMMANDS_PANEL_TITLE": "Commandes",
    "ERRORS_PANEL_TITLE": "Erreur",
    "DEFAULT_STRING": "[par défaut : {}]",
    "REQUIRED_LONG_STRING": "[obligatoire]",
    "ABORTED_TEXT": "Interrompu.",
    "RICH_HELP": "« {command_path} {help_option} » donne l'aide.",
}


def speak_french() -> None:
    """Pose les titres français de l'aide."""
    for name, text in TITLES.items():
        setattr(rich_utils, name, text)


def usage_sentence(error: Exception) -> str:
    """Le refus d'une ligne de commande, en une phrase ; pour tout autre défaut, comment le signaler."""
    if isinstance(error, exceptions.NoSuchOption):
        return f"L'option « {error.option_name} » n'existe pas ; « --help » les liste."
    if isinstance(error, exceptions.MissingParameter):
        return f"Il manque « {_name(error)} » ; « --help » dit comment l'écrire."
    if isinstance(error, exceptions.BadParameter):
        return f"« {_name(error)} » ne convient pas{_choices(error.message)} ; « --help » dit comment l'écrire."
    if isinstance(error, exceptions.UsageError):
        return _usage(error.message)
    return f"Défaut de dla-docs : {type(error).__name__}. Rien n'a été perdu ; signalez-le avec la commande tapée."


def _name(error: exceptions.BadParameter) -> str:
    return str(getattr(error.param, "metavar", None) or getattr(error.param, "name", None) or "")


def _usage(message: str) -> str:
    if found := re.search(r"No such command '([^']*)'", message):
        return f"La commande « {found[1]} » n'existe pas ; « dla-docs --help » les liste."
    if found := re.search(r"unexpected extra argument\w*\s*\(([^)]*)\)", message):
        return f"« {found[1]} » est en trop ; « --help » dit ce que la commande attend."
    if found := re.search(r"Option '?([-\w]+)'? requires", message):
        return f"L'option « {found[1]} » attend une valeur."
    return "Cette ligne de commande ne se comprend pas ; « dla-docs --help » dit comment l'écrire."


def _choices(message: str) -> str:
    listed = re.findall(r"'([^']+)'", message)
    return f" : « {listed[0]} » n'est pas parmi {', '.join(listed[1:])}" if len(listed) > 1 else ""
