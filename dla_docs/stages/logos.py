"""Les logos d'un document : ceux du DLA et de son opérateur, puis ceux des financeurs, dans l'ordre
où ils sont donnés.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.files import below, read_bytes
from dla_docs.model.bloc import attribute_at
from dla_docs.model.document import Document
from dla_docs.model.node import steps
from dla_docs.parties.acteurs import Logo
from dla_docs.profils.profil import Profil
from dla_docs.raw import value_at
from dla_docs.raw.nodes import place_of
from dla_docs.templating import Image

HEIGHT_CM = 1.4
LIMIT = 5_000_000  # bytes of one logo
OWN = ("couverture.logo_dla", "couverture.logo_operateur", "operateur.logo_dla", "operateur.logo")


@dataclass(frozen=True)
class Logos:
    """Les images de l'en-tête, prêtes à imprimer."""

    porteurs: list[Image]
    financeurs: list[Image]


def logos(document: Document, profil: Profil) -> Logos:
    """Les logos d'un document ; ceux de sa page de garde quand il en a une. ``InputError`` quand un
    fichier cité n'est pas une image.
    """
    cover = getattr(document, "couverture", None)
    own = [path for path in OWN if path.startswith("operateur" if cover is None else "couverture")]
    return Logos(
        [*_images(document, profil, own)],
        [*_funders(document, profil, "operateur" if cover is None else "couverture")],
    )


def _images(document: Document, profil: Profil, paths: list[str]) -> Iterator[Image]:
    for path in paths:
        logo = attribute_at(document, path)
        if logo is not None and logo.fichier:
            yield _image(_file(document, profil, f"{path}.fichier", logo.fichier), logo, path)


def _funders(document: Document, profil: Profil, holder: str) -> Iterator[Image]:
    given = attribute_at(document, f"{holder}.financeurs") or ()
    for number, funder in enumerate(given or profil.logos_du(document.jour).financeurs):
        if funder.logo.fichier:
            path = f"{holder}.financeurs[{number}].logo.fichier" if given else ""
            yield _image(
                _file(document, profil, path, funder.logo.fichier), funder.logo, funder.nom or ""
            )


def _file(document: Any, profil: Profil, path: str, file: str) -> Path:
    """A logo stands beside the file that names it: the mission's, the operator's,
    or the profile."""
    written = place_of(value_at(document._raw, steps(path)))[0] if path else ""
    if not written and not (path and (document._dossier / file).exists()):
        return profil.logo(file)
    beside = Path(written).parent / file if written else document._dossier / file
    return below(document._dossier, os.path.relpath(beside, document._dossier))


def _image(path: Path, logo: Logo, name: str) -> Image:
    from docx.image.exceptions import UnrecognizedImageError
    from docx.image.image import Image as Picture

    content = read_bytes(path, LIMIT)
    try:
        picture = Picture.from_blob(content)
    except (UnrecognizedImageError, ValueError, KeyError, IndexError, OSError):
        raise InputError(
            Constat(
                f"Le logo « {path.name} » n'est pas une image PNG ou JPEG.",
                fichier=path.name,
                conseil="Enregistrez-le en PNG.",
            )
        ) from None
    width = HEIGHT_CM * picture.px_width / max(picture.px_height, 1)
    return Image(content, width, HEIGHT_CM, logo.texte_alternatif or f"Logo : {name}")
