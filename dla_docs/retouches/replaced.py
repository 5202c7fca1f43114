"""Les images d'une page qu'une main y a mises ou remplacées : le lien de chacune de celles qui
étaient parties dit l'empreinte de ses octets.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping

from lxml import etree

from dla_docs.stages.surroundings import OWN_IMAGE
from dla_docs.word.names import BLIP, EMBED, NAMESPACES
from dla_docs.word.package import parse_part
from dla_docs.word.page import is_story
from dla_docs.word.part import relationships

COMPRESSED = (96, 150, 220, 330)  # points per inch: what Word brings an image down to
NEARLY = 0.03
PER_INCH = 914_400
EXTENT = f"{{{NAMESPACES['wp']}}}extent"
Parts = Mapping[str, bytes]


def put_by_hand(left: Parts, held: Parts, name: str) -> frozenset[str]:
    """Les liens, dans cette partie, des images qui n'étaient pas parties avec la page."""
    ours = {*_marks(left)}
    return frozenset(
        link
        for link, blip, content in _shown(held, name)
        if _mark(content) not in ours and not _is_compressed(content, blip)
    )


def replaced(left: Parts, held: Parts) -> int:
    """Combien d'images de la page du départ en ont une autre à leur place."""
    stories = [name for name in held if is_story(name)]
    there = {_mark(content) for name in stories for _, _, content in _shown(held, name)}
    put = sum(len(put_by_hand(left, held, name)) for name in stories)
    return min(len({*_marks(left)} - there), put)


def _shown(parts: Parts, name: str) -> Iterator[tuple[str, etree._Element, bytes]]:
    """Each picture that a part shows: its link, where it is drawn, its bytes."""
    if b":embed=" not in parts[name]:
        return
    targets = {one.id: one.target for one in relationships(parts, name) if not one.external}
    for blip in parse_part(parts[name], name).iter(BLIP):
        link = blip.get(EMBED, "")
        if (content := parts.get(targets.get(link, ""))) is not None:
            yield link, blip, content


def _mark(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def _marks(parts: Parts) -> Iterator[str]:
    for name, part in parts.items():
        if is_story(name):
            yield from OWN_IMAGE.findall(part.decode("utf-8", "replace"))


def _is_compressed(content: bytes, blip: etree._Element) -> bool:
    """Word, when it saves, makes a picture of ours smaller, which is nobody's doing."""
    from PIL import Image, UnidentifiedImageError  # few pages need it

    drawn = next((one for one in blip.iterancestors() if one.find(EXTENT) is not None), None)
    try:
        size = Image.open(io.BytesIO(content)).size
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError):
        return False
    extent = None if drawn is None else drawn.find(EXTENT)
    if extent is None:
        return False
    inches = [int(extent.get(side, "0")) / PER_INCH for side in ("cx", "cy")]
    return any(
        all(
            abs(pixels - points * there) <= 1 + NEARLY * points * there
            for pixels, there in zip(size, inches, strict=True)
        )
        for points in COMPRESSED
    )
