"""Les fichiers que le projet livre : modèles Word, exemples, profils ; les mêmes noms dans le dépôt
et dans le paquet installé. Ce qui ajoute un extra à l'environnement où l'on est.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.spelling import did_you_mean, nearest

PACKAGE = Path(__file__).parent
OF_PIPX = "pipx_metadata.json"  # at the root of each environment that pipx makes


def template_path(slug: str) -> Path:
    """Le modèle Word livré d'un genre de document ; ``InputError`` quand il n'y en a pas."""
    return _find("templates_docx", ".docx", slug, "modèle Word")


def sample_path(name: str) -> Path:
    """L'exemple livré sous ce nom (``cahier_des_charges``, ``mission_individuelle``,
    ``prestataires/alpha``) ; ``InputError`` quand il n'y en a pas.
    """
    return _find("samples", ".yaml", name, "exemple")


def profile_path(name: str) -> Path:
    """Le profil régional livré sous ce nom (``national``, ``centre``…) ; ``InputError`` quand il
    n'y en a pas.
    """
    return _find("profils", ".yaml", name, "profil")


def template_names() -> tuple[str, ...]:
    """Les genres de documents qui ont un modèle Word livré."""
    return tuple(_shelf("templates_docx", ".docx"))


def sample_names() -> tuple[str, ...]:
    """Les exemples livrés, sous-dossiers compris."""
    return tuple(_shelf("samples", ".yaml"))


def profile_names() -> tuple[str, ...]:
    """Les profils régionaux livrés."""
    return tuple(_shelf("profils", ".yaml"))


@cache
def installed_version() -> str:
    """La version de dla_docs ; vide quand il est lancé sans être installé."""
    from importlib import metadata  # reads e-mail headers: only whoever asks pays for it

    try:
        return metadata.version("dla-docs")
    except metadata.PackageNotFoundError:
        return ""


def _find(folder: str, suffix: str, name: str, noun: str) -> Path:
    shelf = _shelf(folder, suffix)
    if name in shelf:
        return shelf[name]
    advice = did_you_mean(nearest(name, shelf), f"Noms connus : {', '.join(shelf) or 'aucun'}.")
    raise InputError(Constat(f"Aucun {noun} livré ne porte le nom « {name} ».", conseil=advice))


@cache
def _shelf(folder: str, suffix: str) -> dict[str, Path]:
    """The files of a folder by name; looked up in this list, a name can never lead out of it. What
    is delivered does not change while it is used.
    """
    root = _root(folder)
    files = sorted(
        path for path in root.rglob(f"*{suffix}") if not path.name.startswith(("~$", "."))
    )
    return {path.relative_to(root).as_posix().removesuffix(suffix): path for path in files}


def _root(folder: str) -> Path:
    # In the checkout templates_docx/ and samples/ stand beside the package, where people open them;
    # the wheel carries them inside it.
    inside = PACKAGE / folder
    return inside if inside.is_dir() else PACKAGE.parent / folder


def how_to_add(extra: str) -> str:
    """La commande qui ajoute cet extra, telle qu'elle se tape : « pip » n'est pas celui d'un
    environnement que pipx a fait, ni d'un autre qui n'est pas activé ; sans guillemets zsh cherche
    un fichier de ce nom.
    """
    here = Path(sys.prefix)
    if (here / OF_PIPX).is_file():
        adds = f"pipx runpip {here.name} install"
    elif sys.prefix in (sys.base_prefix, os.environ.get("VIRTUAL_ENV")):
        adds = "pip install"
    else:  # an environment that the terminal is not in: its « pip » is another's
        python = f'"{sys.executable}"' if " " in sys.executable else sys.executable
        adds = f"{python} -m pip install"
    return f'{adds} "dla-docs[{extra}]"'
