"""Une image imprimée par un modèle : une valeur parmi les autres, posée dans la ligne du texte."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from html import escape

from dla_docs.constat import Constat
from dla_docs.errors import InputError

EMU_PER_CM = 360000
MEDIA_TYPES = {"png": "image/png", "jpeg": "image/jpeg"}


@dataclass(frozen=True, slots=True)
class Image:
    """Une image PNG ou JPEG ; dimensions en centimètres (une seule suffit : l'autre garde les
    proportions), ``alt`` la décrit.
    """

    content: bytes
    width_cm: float | None = None
    height_cm: float | None = None
    alt: str = ""

    @property
    def extension(self) -> str:
        """« png » ou « jpeg », d'après le contenu ; InputError sinon."""
        if self.content.startswith(b"\x89PNG\r\n\x1a\n"):
            return "png"
        if self.content.startswith(b"\xff\xd8\xff"):
            return "jpeg"
        raise InputError(
            Constat(
                "Cette image n'est ni un PNG ni un JPEG.",
                conseil="Enregistrez-la en PNG ou en JPEG.",
            )
        )

    @property
    def name(self) -> str:
        """Le nom de sa partie dans le document : le même pour le même contenu."""
        return f"image_{hashlib.sha256(self.content).hexdigest()[:16]}.{self.extension}"

    def size_emu(self) -> tuple[int, int]:
        """Largeur et hauteur, en unités de Word (360 000 par centimètre)."""
        width, height = self.width_cm, self.height_cm
        if not width or not height:
            across, down = self._pixels()
            if width:
                height = width * down / across
            elif height:
                width = height * across / down
            else:
                width, height = across * 2.54 / 96, down * 2.54 / 96
        return max(1, round(float(width) * EMU_PER_CM)), max(1, round(float(height) * EMU_PER_CM))

    def _pixels(self) -> tuple[int, int]:
        size = _png_pixels(self.content) if self.extension == "png" else _jpeg_pixels(self.content)
        if size is None or 0 in size:
            raise InputError(
                Constat(
                    "Cette image est abîmée : ses dimensions ne se lisent pas.",
                    conseil="Enregistrez-la de nouveau.",
                )
            )
        return size


def drawing(image: Image, relationship: str, number: int) -> str:
    """Le dessin Word d'une image ; ``number`` est unique dans le document."""
    width, height = image.size_emu()
    alt = escape(_clean(image.alt), quote=False).replace('"', "&quot;")
    name = f'name="Image {number}"'
    return (
        "<w:drawing><wp:inline "
        'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
        f'distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/>'
        f'<wp:docPr id="{number}" {name} descr="{alt}"/>'
        '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        f'<pic:nvPicPr><pic:cNvPr id="{number}" {name}/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
        '<a:blip xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
        f'r:embed="{relationship}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr>'
        f'<a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData>'
        "</a:graphic></wp:inline></w:drawing>"
    )


def _clean(text: str) -> str:
    return " ".join(
        "".join(char if char.isprintable() or char.isspace() else " " for char in text).split()
    )


def _png_pixels(content: bytes) -> tuple[int, int] | None:
    return struct.unpack(">II", content[16:24]) if len(content) >= 24 else None


def _jpeg_pixels(content: bytes) -> tuple[int, int] | None:
    position = 2
    while position + 9 <= len(content) and content[position] == 0xFF:
        marker = content[position + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (
            0xC4,
            0xC8,
            0xCC,
        ):  # a frame header holds the size
            height, width = struct.unpack(">HH", content[position + 5 : position + 9])
            return width, height
        position += 2 + int.from_bytes(content[position + 2 : position + 4], "big")
    return None
