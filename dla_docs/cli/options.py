"""Les paramètres que plusieurs commandes partagent,
et ce qu'on vérifie d'eux avant de commencer."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from dla_docs.errors import InputError
from dla_docs.model.requirement import Role, role_named
from dla_docs.resources import profile_names


class Format(StrEnum):
    """Comment le résultat s'écrit."""

    TEXTE = "texte"
    JSON = "json"


def format_named(word: str) -> Format:
    """Le format d'un mot ; ``InputError`` dit lesquels existent."""
    if word.lower() not in set(Format):
        raise InputError(
            f"Le format « {word} » n'existe pas ; écrivez « --format texte » ou « --format json »."
        )
    return Format(word.lower())


# typer checks that a file can be read, and says it in English: the reading itself says it better.
FILE: dict[str, Any] = {"readable": False}


def _or_standard_input(path: Path | None) -> Path | None:
    """« - » is what another program gives: read once, and spoken of by what it is."""
    if path is None or str(path) != "-":
        return path
    from dla_docs.files import MAX_TEXT, give

    data = sys.stdin.buffer.read(MAX_TEXT + 1)
    name = "entrée standard"
    return give(f"{name}.json" if data.lstrip()[:1] == b"{" else name, data)


INPUT: dict[str, Any] = {**FILE, "callback": _or_standard_input}


SCREEN = "-"  # after « -o »: where a command that writes one text writes it


def _not_the_screen(folder: Path | str) -> Path | str:
    """Several files have no place there, and no folder takes its name."""
    if str(folder) == SCREEN:
        raise InputError(
            f"« {folder} » : cette commande écrit un dossier ; écrivez par exemple « sortie/ »."
        )
    return folder


FOLDER: dict[str, Any] = {**FILE, "callback": _not_the_screen}


# A command that has no data of its own has nothing to do for it: what it writes and says is kept
# (dla_docs.cli.report).
FormatOption = Annotated[
    Format,
    typer.Option(
        "--format",
        parser=format_named,
        autocompletion=lambda: list(Format),
        help="texte, ou json pour un programme.",
        metavar="FORMAT",
    ),
]
RoleOption = Annotated[
    Role | None,
    typer.Option(
        "--pour",
        parser=role_named,
        autocompletion=lambda: [role.value for role in Role],
        help="À qui le formulaire est envoyé : seuls ses champs sont ouverts.",
        metavar="ROLE",
    ),
]


def _kinds() -> list[str]:
    from dla_docs.registry import DOCUMENTS

    return list(DOCUMENTS)


Slug = Annotated[
    str,
    typer.Argument(
        help="Le nom d'un document, tel que « dla-docs documents » l'écrit.",
        metavar="DOCUMENT",
        autocompletion=_kinds,
    ),
]
SlugOrMission = Annotated[
    str,
    typer.Argument(
        help="Le nom d'un document, ou « mission ».",
        metavar="DOCUMENT",
        autocompletion=lambda: [*_kinds(), "mission"],
    ),
]
ProfilOption = Annotated[
    str | None,
    typer.Option(
        "--profil",
        autocompletion=lambda: list(profile_names()),
        help="national, centre, npdc, paca, ou le fichier d'un profil.",
        metavar="PROFIL",
    ),
]
StadeOption = Annotated[
    str | None,
    typer.Option(
        "--stade", help="Le stade du remplissage, quand le document en a.", metavar="STADE"
    ),
]
BrouillonOption = Annotated[
    bool,
    typer.Option(
        "--brouillon",
        help="Produit même s'il manque un contenu obligatoire, et montre les manques.",
    ),
]


def _engine(word: str) -> str:
    """An engine is named in full, before anything is read."""
    from dla_docs.stages.request import engine_named

    return str(engine_named(word))


MoteurOption = Annotated[
    str | None,
    typer.Option(
        "--moteur",
        parser=_engine,
        autocompletion=lambda: ["dla", "docxtpl"],
        help="Ce qui remplit votre modèle Word : dla, ou docxtpl pour un modèle fait pour lui.",
        metavar="MOTEUR",
    ),
]
RemplacerOption = Annotated[
    bool,
    typer.Option(
        "--remplacer",
        help="Écrit même sur un fichier rempli, retouché ou d'ailleurs ; une copie en est gardée.",
    ),
]


def check_output(path: Path, suffixes: tuple[str, ...], *inputs: Path | None) -> None:
    """Refuse une sortie dont l'extension ne convient pas, ou qui écraserait un fichier que la
    commande lit.
    """
    if path.suffix.lower() not in suffixes:
        example = f"{path.stem.strip('-') or 'sortie'}{suffixes[0]}"
        listed = " ou ".join(filter(None, (", ".join(suffixes[:-1]), suffixes[-1])))
        raise InputError(
            f"« {path.name or path} » : cette commande écrit un fichier {listed} ; écrivez par "
            f"exemple « {example} »."
        )
    for given in inputs:
        if given is not None and _same(path, given):
            raise InputError(
                f"« {path.name} » est aussi le fichier à lire : il serait écrasé. Donnez un autre "
                f"nom à la sortie."
            )


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except (OSError, ValueError):  # one of them is not there
        return False
