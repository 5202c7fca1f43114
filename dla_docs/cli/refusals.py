"""Ce que ``dla-docs`` répond quand une commande ne se comprend pas, ou qu'il se trompe lui-même :
une phrase, jamais une trace.
"""

from __future__ import annotations

import errno
import os
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from dla_docs.resources import how_to_add
from dla_docs.spelling import did_you_mean, meant

TRACE_VARIABLE = "DLA_DOCS_TRACE"


def asks_for_details() -> bool:
    """Vrai quand la variable ``DLA_DOCS_TRACE`` demande la trace d'exécution."""
    return bool(os.environ.get(TRACE_VARIABLE))


def sentence(error: BaseException) -> str:
    """Une erreur qui n'est pas des nôtres, en une phrase."""
    # typer carries its own copy of click, older ones the real one: the names are the same in both.
    for kind in type(error).__mro__:
        if kind.__name__ in SENTENCES:
            return SENTENCES[kind.__name__](error)
    return _defect(error)


def proposal(word: str, known: Iterable[str]) -> str:
    """« Vouliez-vous dire … ? » après une espace, ou rien quand aucun mot connu ne ressemble."""
    said = did_you_mean(meant(word, known))
    return f" {said}" if said else ""


def see_help(context: Any) -> str:
    """Où lire comment la commande s'écrit."""
    return f"« {context.command_path if context else 'dla-docs'} --aide » dit comment l'écrire."


def label(param: Any) -> str:
    """Un paramètre comme l'aide l'écrit : « MISSION », « -o SORTIE », « --pdf »."""
    if param.param_type_name == "argument":
        return str(param.metavar or param.name.upper())
    return " ".join(
        filter(None, (min(param.opts, key=len), None if param.is_flag else param.metavar))
    )


def _no_option(error: Any) -> str:
    command = error.ctx.command if error.ctx else None
    known = (
        [name for param in command.get_params(error.ctx) for name in param.opts] if command else []
    )
    below = getattr(command, "commands", {}).values()
    if any(error.option_name in param.opts for other in below for param in other.params):
        return (
            f"L'option « {error.option_name} » se place après le nom de la commande. "
            f"{see_help(error.ctx)}"
        )
    return (
        f"L'option « {error.option_name} » n'existe pas.{proposal(error.option_name, known)} "
        f"{see_help(error.ctx)}"
    )


def _missing(error: Any) -> str:
    help_text = str(getattr(error.param, "help", None) or "")
    said = f" ({help_text[0].lower()}{help_text[1:].rstrip('.')})" if help_text else ""
    return f"Il manque « {label(error.param)} »{said}. {see_help(error.ctx)}"


def _bad_value(error: Any) -> str:
    return (
        f"« {label(error.param)} » n'a pas la valeur attendue. {see_help(error.ctx)}"
        if error.param
        else _usage(error)
    )


def _bad_option(error: Any) -> str:
    if "not take" in error.message:
        return f"L'option « {error.option_name} » s'écrit seule, sans valeur. {see_help(error.ctx)}"
    return f"L'option « {error.option_name} » attend une valeur. {see_help(error.ctx)}"


def _usage(error: Any) -> str:
    return f"Cette ligne de commande ne se comprend pas. {see_help(getattr(error, 'ctx', None))}"


def _interrupted(error: Any) -> str:
    return "Interrompu ; les fichiers déjà écrits sont entiers."


def _system(error: Any) -> str:
    place = f"« {error.filename} » : " if error.filename else "Lecture ou écriture impossible : "
    return (
        f"{place}{SYSTEM.get(error.errno or 0, 'le système a refusé')}. Vérifiez ce fichier, vos "
        f"droits et la place sur le disque."
    )


def _too_big(error: Any) -> str:
    return "La mémoire de cette machine ne suffit pas ; fermez d'autres programmes et recommencez."


def _absent_module(error: Any) -> str:
    extra = EXTRAS.get((error.name or "").partition(".")[0])
    if extra is None:
        return _defect(error)
    return (
        f"Le module {error.name}, dont cette commande a besoin, n'est pas installé. Installez-le "
        f": « {how_to_add(extra)} »."
    )


def _defect(error: BaseException) -> str:
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if "dla_docs" in Path(frame.filename).parts
    ]
    place = f", {Path(frames[-1].filename).name} ligne {frames[-1].lineno}" if frames else ""
    advice = "" if asks_for_details() else f" ; la variable {TRACE_VARIABLE}=1 en montre le détail"
    return (
        f"Défaut de dla-docs ({type(error).__name__}{place}) : signalez-le avec la commande "
        f"tapée{advice}."
    )


SYSTEM = {
    errno.ENOSPC: "le disque est plein",
    errno.EACCES: "l'accès est refusé",
    errno.EPERM: "l'accès est refusé",
    errno.EROFS: "le disque est en lecture seule",
    errno.EMFILE: "trop de fichiers sont ouverts",
}
EXTRAS = {
    "pikepdf": "pdf",
    "pypdfium2": "pdf",
    "dxpdf": "lecture",
    "openpyxl": "lot",
    "matplotlib": "lot",
    "isal": "rapide",
    "distributed": "dask",
    "fsspec": "dask",
    "pptx": "pptx",
    "nbformat": "notebook",
    "nbclient": "notebook",
    "docxtpl": "docxtpl",
    "docx": "docxtpl",
}
SENTENCES: dict[str, Callable[[Any], str]] = {
    "NoSuchOption": _no_option,
    "MissingParameter": _missing,
    "BadOptionUsage": _bad_option,
    "BadParameter": _bad_value,
    "UsageError": _usage,
    "ClickException": _usage,
    "Abort": _interrupted,
    "KeyboardInterrupt": _interrupted,
    "EOFError": _interrupted,
    "MemoryError": _too_big,
    "ModuleNotFoundError": _absent_module,
    "OSError": _system,
}
