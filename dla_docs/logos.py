"""Les logos d'un document : celui de l'opérateur, puis ceux des financeurs, dans l'ordre du profil."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.files import below, read_bytes
from dla_docs.raw import value_at
from dla_docs.raw.nodes import place_of
from dla_docs.schema import steps
from dla_docs.templating import Image

if TYPE_CHECKING:  # annotations only: logos are looked up by whoever renders
    from dla_docs.document import Document
    from dla_docs.parties.acteurs import Financeur, Logo
    from dla_docs.profil import Profil

HEIGHT_CM = 1.4
LIMIT = 5_000_000  # bytes of one logo


def logos(document: Document, profil: Profil) -> list[Image]:
    """Les images, prêtes à imprimer ; un financeur sans logo n'en donne pas. ``InputError`` quand un fichier cité n'est pas une image."""
    return [_image(content, logo, name) for content, logo, name in _found(document, profil)]


def _found(document: Document, profil: Profil) -> Iterator[tuple[Path, Logo, str]]:
    operateur = getattr(document, "operateur", None)
    if operateur is not None and operateur.logo.fichier:
        yield _beside(document, "operateur.logo.fichier", operateur.logo.fichier), operateur.logo, operateur.nom or ""
    own: tuple[Financeur, ...] = operateur.financeurs if operateur is not None else ()
    for number, funder in enumerate(own):
        if funder.logo.fichier:
            yield _beside(document, f"operateur.financeurs[{number}].logo.fichier", funder.logo.fichier), funder.logo, funder.nom or ""
    for funder in () if own else profil.financeurs:
        if funder.logo.fichier:
            yield below(profil.dossier, funder.logo.fichier), funder.logo, funder.nom or ""


def _beside(document: Any, path: str, file: str) -> Path:
    """A logo stands beside the file that names it."""
    written = place_of(value_at(document._raw, steps(path)))[0]
    beside = Path(written).parent / file if written else document._dossier / file
    return below(document._dossier, os.path.relpath(beside, document._dossier))


def _image(path: Path, logo: Logo, name: str) -> Image:
    from docx.image.exceptions import UnrecognizedImageError
    from docx.image.image import Image as Picture

    content = read_bytes(path, LIMIT)
    try:
        picture = Picture.from_blob(content)
    except (UnrecognizedImageError, ValueError, KeyError, IndexError, OSError):
        raise InputError(Constat(f"Le logo « {path.name} » n'est pas une image PNG ou JPEG.", fichier=path.name, conseil="Enregistrez-le en PNG.")) from None
    width = HEIGHT_CM * picture.px_width / max(picture.px_height, 1)
    return Image(content, width, HEIGHT_CM, logo.texte_alternatif or f"Logo de {name}")
