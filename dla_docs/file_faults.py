"""Ce qui empêche de lire ou d'écrire un fichier, dit en français : le problème et le remède."""

from __future__ import annotations

import errno
import sys
from pathlib import Path

from dla_docs.constat import Constat
from dla_docs.errors import DiskError, InputError

FULL, READ_ONLY = ("ENOSPC", "EDQUOT", "EFBIG"), "EROFS"


def is_of_the_disk(error: OSError | ValueError) -> bool:
    """Vrai de ce qui empêche d'écrire tout fichier, et non celui-là seul."""
    return _code(error) in (*FULL, READ_ONLY)


def why_unreadable(error: OSError | ValueError) -> tuple[str, str]:
    """Pourquoi un fichier ne se lit pas, et que faire."""
    if isinstance(error, FileNotFoundError) and _is_dead_link(error.filename):
        return (
            "C'est un raccourci vers un fichier qui n'existe plus.",
            "Indiquez le fichier lui-même, ou refaites le raccourci.",
        )
    if isinstance(error, FileNotFoundError) and str(error.filename) == "-":
        return (
            "L'entrée standard ne se lit pas ici.",
            "Écrivez d'abord le fichier, et donnez son nom.",
        )
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return "Ce fichier n'existe pas.", "Vérifiez le nom et le dossier."
    if isinstance(error, PermissionError):
        return (
            "Vous n'avez pas le droit de lire ce fichier.",
            "Fermez-le s'il est ouvert ailleurs, ou demandez-en l'accès.",
        )
    return _why(error, "Ce fichier ne se lit pas", "Copiez-le sur votre disque et recommencez.")


def unwritable(path: str | Path, error: OSError | ValueError) -> InputError:
    """Ce qui est dit d'un fichier, ou d'un dossier, qui ne s'écrit pas : ``DiskError`` quand le
    disque n'en écrirait aucun.
    """
    message, conseil = _why_unwritable(error)
    kind = DiskError if is_of_the_disk(error) else InputError
    return kind(Constat(message, fichier=str(path), conseil=conseil))


def _why_unwritable(error: OSError | ValueError) -> tuple[str, str]:
    if isinstance(error, PermissionError):
        return (
            "Vous n'avez pas le droit d'écrire dans ce dossier.",
            "Indiquez un autre dossier, ou demandez-en l'accès.",
        )
    if _code(error) in FULL:
        return "Le disque est plein : rien n'a été écrit.", "Libérez de la place et recommencez."
    if _code(error) == READ_ONLY:
        return "Ce disque est en lecture seule.", "Indiquez un autre dossier."
    return _why(error, "Ce fichier ne s'écrit pas", "Indiquez un autre nom ou un autre dossier.")


def resolved(path: Path, written: str = "") -> Path:
    """Le même chemin, liens suivis ; ``InputError`` quand il ne mène à rien, qui le dit tel qu'il a
    été écrit.
    """
    try:
        found = path.resolve()
        if sys.version_info >= (3, 13) and any(map(Path.is_symlink, (found, *found.parents))):
            raise RuntimeError("a loop of symbolic links")  # older ones refuse it themselves
    except (OSError, ValueError, RuntimeError) as error:  # a NUL; a loop of symbolic links
        told = f"Le chemin « {written or path} » ne mène à rien."
        raise InputError(Constat(told, conseil="Vérifiez-le.")) from error
    return found


def not_a_folder(path: str | Path) -> str:
    """Ce qui est dit de ce qui devait être un dossier, et ne l'est pas."""
    return (
        "C'est un fichier, et non un dossier."
        if Path(path).is_file()
        else "Ce dossier n'existe pas."
    )


def _is_dead_link(path: object) -> bool:
    return isinstance(path, str | Path) and Path(path).is_symlink()


def _why(error: OSError | ValueError, what: str, conseil: str) -> tuple[str, str]:
    if isinstance(error, ValueError):
        return "Ce nom de fichier contient un caractère interdit.", "Tapez-le de nouveau."
    if _code(error) == "ENAMETOOLONG":
        return "Ce nom de fichier est trop long.", "Raccourcissez-le."
    return f"{what} (erreur {_code(error)} du système).", conseil


def _code(error: OSError | ValueError) -> str:
    number = getattr(error, "errno", None)
    return errno.errorcode.get(number or 0, str(number))
