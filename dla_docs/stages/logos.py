"""Les logos d'un document : ceux du DLA et de son opérateur, puis ceux des financeurs, dans l'ordre
où ils sont donnés.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.files import Stamp, below, read_bytes, stamp_of
from dla_docs.model.bloc import attribute_at
from dla_docs.model.document import Document
from dla_docs.model.node import steps
from dla_docs.parties.acteurs import Financeur, Logo
from dla_docs.parties.couverture import jour_des_logos
from dla_docs.profils.profil import Profil
from dla_docs.raw import value_at
from dla_docs.raw.nodes import place_of
from dla_docs.templating import Image

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

HEIGHT_CM, WIDTH_CM = 1.4, 4.2  # the box that each logo fits in
PLACEHOLDERS = Path(__file__).parents[1] / "profils/logos"
LIMIT = 5_000_000  # bytes of one logo
PIXELS = 50_000_000
READ = ("PNG", "JPEG")
STARTS = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"BM": "BMP",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"RIFF": "WebP",
    b"<svg": "SVG",
    b"%PDF": "PDF",
}
OWN = ("couverture.logo_dla", "couverture.logo_operateur", "operateur.logo_dla", "operateur.logo")


@dataclass(frozen=True)
class Logos:
    """Les logos de l'en-tête, prêts à imprimer : une image, ou à défaut un nom."""

    porteurs: list[Image | str]
    financeurs: list[Image | str]


def logos(document: Document, profil: Profil, definitif: bool = False) -> Logos:
    """Les logos d'un document ; ceux de sa page de garde quand il en a une. Qui n'a pas de logo est
    nommé, et l'emplacement d'un logo n'est montré que hors d'un document ``definitif``.
    ``InputError`` quand un fichier cité n'est pas une image.
    """
    cover = getattr(document, "couverture", None)
    own = [path for path in OWN if path.startswith("operateur" if cover is None else "couverture")]
    return Logos(
        [*_images(document, profil, own, definitif)],
        [*_funders(document, profil, "operateur" if cover is None else "couverture", definitif)],
    )


def _images(
    document: Document, profil: Profil, paths: list[str], definitif: bool
) -> Iterator[Image | str]:
    operator = getattr(document, "operateur", None)
    names = (getattr(operator, "nom", None), getattr(operator, "structure_porteuse", None))
    for path, name in zip(paths, names, strict=True):
        logo: Logo | None = attribute_at(document, path)
        if logo is not None and logo.fichier:
            file = _file(document, profil, f"{path}.fichier", logo.fichier)
            yield from filter(None, [_shown(file, logo, name or "", definitif)])


def _funders(
    document: Document, profil: Profil, holder: str, definitif: bool
) -> Iterator[Image | str]:
    given: tuple[Financeur, ...] = attribute_at(document, f"{holder}.financeurs") or ()
    for number, funder in enumerate(given or profil.logos_du(jour_des_logos(document)).financeurs):
        if funder.logo.fichier:
            path = f"{holder}.financeurs[{number}].logo.fichier" if given else ""
            file = _file(document, profil, path, funder.logo.fichier)
            yield _shown(file, funder.logo, funder.nom or "", definitif)
        elif funder.nom:
            yield funder.nom


def _file(document: Document, profil: Profil, path: str, file: str) -> Path:
    """A logo stands beside the file that names it: the mission's, the operator's,
    or the profile."""
    written = place_of(value_at(document._raw, steps(path)))[0] if path else ""
    if not written and not (path and (document._dossier / file).exists()):
        return profil.logo(file)
    beside = Path(written).parent / file if written else document._dossier / file
    about = stamp_of(beside)
    return (_inside if about else _inside.__wrapped__)(document._dossier, beside, about)


@lru_cache(64)
def _inside(folder: Path, beside: Path, about: Stamp) -> Path:
    """Sought again when what is there (``about``) is no more the same file."""
    return below(folder, os.path.relpath(beside, folder))


def _image(path: Path, logo: Logo, name: str) -> Image:
    about = stamp_of(path)
    if not about:
        raise InputError(
            Constat(
                f"Le fichier du logo « {path.name} » n'existe pas.",
                conseil=(
                    f"Mettez-le dans le dossier « {path.parent.name} », ou corrigez son nom là où "
                    f"il est cité."
                ),
            )
        )
    content = _content(path, about)
    if fault := _fault(content):
        raise InputError(
            Constat(f"Le logo « {path.name} » {fault[0]}.", fichier=path.name, conseil=fault[1])
        )
    width, height = _size(content)
    scale = min(HEIGHT_CM / height, WIDTH_CM / width)
    return Image(content, width * scale, height * scale, logo.texte_alternatif or f"Logo : {name}")


@lru_cache(8)
def _content(path: Path, about: Stamp) -> bytes:
    """Read again when it is no more the same file."""
    return read_bytes(path, LIMIT)


def _shown(path: Path, logo: Logo, name: str, definitif: bool) -> Image | str:
    """The place of a logo is for those who have one to put there; a name stands for it."""
    image = _image(path, logo, name)
    return name if definitif and image.content in _placeholders() else image


@lru_cache(maxsize=1)
def _placeholders() -> frozenset[bytes]:
    return frozenset(path.read_bytes() for path in PLACEHOLDERS.glob("*.png"))


def _fault(content: bytes) -> tuple[str, str] | None:
    """What keeps these bytes from being printed, and what to do about it."""
    if len(content) > LIMIT:
        return f"dépasse {LIMIT // 1_000_000} Mo", "Réduisez-le, ou enregistrez-le moins fin."
    found = next((name for start, name in STARTS.items() if content.startswith(start)), "")
    if found not in READ:
        said = f"est un fichier {found} ; il faut une" if found else "n'est pas une"
        return f"{said} image PNG ou JPEG", "Enregistrez-le en PNG."
    try:
        width, height = _size(content)
        if width * height > PIXELS:
            return f"a plus de {PIXELS // 1_000_000} millions de points", "Réduisez-le."
        mode = _decoded(content)
    except Exception:  # each decoder has exceptions of its own for bytes that are damaged
        return f"est un {found} abîmé ou incomplet", "Reprenez-le là d'où il vient."
    if mode == "CMYK":
        return (
            f"est un {found} en quadrichromie (CMJN), fait pour l'imprimeur",
            "Enregistrez-le en PNG, en couleurs RVB.",
        )
    return None


def _opened(content: bytes) -> ImageFile:
    # The classes themselves: Image.open would warn of large pictures before we have refused them.
    from PIL import JpegImagePlugin, PngImagePlugin

    kind = PngImagePlugin.PngImageFile if content[:1] == b"\x89" else JpegImagePlugin.JpegImageFile
    return kind(BytesIO(content))


@lru_cache(maxsize=8)
def _size(content: bytes) -> tuple[int, int]:
    return _opened(content).size


@lru_cache(maxsize=8)
def _decoded(content: bytes) -> str:
    """The colours of a picture read to its last point; a batch prints the same ones in each."""
    picture = _opened(content)
    picture.load()
    return picture.mode
