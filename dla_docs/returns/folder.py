"""Les formulaires que tient un dossier ; ceux qui sont dans un format qui ne se lit
pas sont nommés.
"""

from __future__ import annotations

from pathlib import Path

from dla_docs.constat import Constat
from dla_docs.errors import InputError, PackageError
from dla_docs.files import read_bytes
from dla_docs.word.package import MAX_FILE, open_package

FORMS = (".docx", ".pdf")
CONVERTED = (".odt", ".rtf", ".doc", ".docm")  # forms that someone saved as something else


def forms_in(folder: Path) -> tuple[list[Path], list[Constat]]:
    """Les formulaires d'un dossier, dans l'ordre de leurs noms, et ce qui se dit de ceux qui ont
    été enregistrés dans un format qui ne se lit pas. Ce que Word laisse à côté d'un fichier ouvert
    n'en est pas un ; ``InputError`` s'il n'y en a aucun.
    """
    forms: list[Path] = []
    said: list[Constat] = []
    for one in sorted(folder.iterdir()):
        suffix = one.suffix.lower()
        if one.name.startswith(("~$", ".")) or suffix not in (*FORMS, *CONVERTED):
            continue
        told = _unread(one) if suffix in CONVERTED else ()
        said += told
        forms += [] if told else [one]
    if not forms:
        none = "Ce dossier ne tient aucun formulaire (.docx, .pdf)."
        raise InputError([Constat(none, fichier=str(folder)), *said])
    return forms, said


def _unread(path: Path) -> tuple[Constat, ...]:
    try:
        open_package(read_bytes(path, MAX_FILE), str(path))
    except (InputError, PackageError) as error:
        return tuple(error.constats)
    return ()
