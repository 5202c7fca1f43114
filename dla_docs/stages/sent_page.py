"""La page telle qu'elle est partie, jointe au document avec le titre et l'auteur du fichier et
l'allure de ses styles : ce à quoi se voit, plus tard, ce qu'une main y a fait.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from collections.abc import Mapping
from functools import lru_cache

from lxml import etree
from pydantic_core import to_json

from dla_docs.errors import PackageError
from dla_docs.stages.envelope import NAMESPACE, Enveloppe
from dla_docs.word.archive import deflate
from dla_docs.word.package import CORE, parse_part
from dla_docs.word.page import is_story

OPENING = f'<dla xmlns="{NAMESPACE}"'.encode()
LEFT = re.compile(rb' depart="([A-Za-z0-9+/=]*)"')
DC = "http://purl.org/dc/elements/1.1/"
OF_THE_FILE = ("title", "creator")
LOOK = "allure"  # no part of a Word file
MOST = 60 * 1024 * 1024  # bytes, unpacked: what a Word part may be


def with_departure(sent: Enveloppe, parts: Mapping[str, bytes], look: str) -> bytes:
    """La partie XML des données, où voyage aussi la page : les parties de ``parts`` qui se
    lisent, et leur allure (``templating.looks``).
    """
    packed = base64.b64encode(deflate(_page_of(parts, look)))
    return sent.to_xml().replace(OPENING, b'%s depart="%s"' % (OPENING, packed), 1)


def carries(data: bytes, sent: Enveloppe, parts: Mapping[str, bytes], look: str) -> bool:
    """Vrai d'une partie XML qui porte ces données et cette page, quoi qui l'ait comprimée, et rien
    de plus.
    """
    before, opening, after = data.partition(OPENING)
    found = LEFT.match(after)
    if found is None or before + opening + after[found.end() :] != sent.to_xml():
        return False
    try:
        return _inflated(found[1]) == _page_of(parts, look)
    except DAMAGED:
        return False


def _page_of(parts: Mapping[str, bytes], look: str) -> bytes:
    stories = ((name, parts[name]) for name in sorted(parts) if is_story(name))
    return _packed_page((*stories,), parts.get(CORE), look)


@lru_cache(1)  # the page that leaves with a document is the one it is then compared with
def _packed_page(stories: tuple[tuple[str, bytes], ...], core: bytes | None, look: str) -> bytes:
    said: dict[str, str | bytes] = dict(stories)
    if core is not None:
        said[CORE] = _about(core)
    said[LOOK] = look
    # pydantic_core escapes a text five times faster than json, in the same way
    return b"{%s}" % b", ".join(b"%s: %s" % (to_json(name), to_json(said[name])) for name in said)


def _about(core: bytes) -> str:
    """What a hand may rewrite of it; not the day of the rendering."""
    root, made = parse_part(core, CORE), etree.Element("about", nsmap={"dc": DC})
    for name in OF_THE_FILE:
        etree.SubElement(made, f"{{{DC}}}{name}").text = root.findtext(f"{{{DC}}}{name}")
    return etree.tostring(made, encoding="unicode")


def departed(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Les parties de la page d'un document Word telles qu'elles sont parties, et sous ``LOOK`` leur
    allure ; rien quand il ne les porte pas, ou plus.
    """
    for name in sorted(parts):
        if name.startswith("customXml/") and NAMESPACE.encode() in parts[name]:
            try:
                return _unpacked(parse_part(parts[name], name).get("depart", "").encode())
            except PackageError:
                return {}
    return {}


def _unpacked(packed: bytes) -> dict[str, bytes]:
    """Nothing when somebody has damaged it."""
    try:
        said = json.loads(_inflated(packed))
        return {str(name): str(text).encode() for name, text in said.items()}
    except DAMAGED:
        return {}


def _inflated(packed: bytes) -> bytes:
    """``ValueError`` when something hides behind it."""
    unpacker, kept = zlib.decompressobj(-15), base64.b64decode(packed, validate=True)
    said = unpacker.decompress(kept, MOST)
    if unpacker.unused_data or not unpacker.eof or base64.b64encode(kept) != packed:
        raise ValueError("more than a page")
    return said


DAMAGED = (binascii.Error, zlib.error, ValueError, AttributeError, RecursionError)
