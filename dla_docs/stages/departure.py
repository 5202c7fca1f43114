"""La page telle qu'elle est partie, jointe au document : ce à quoi se voit, plus tard, ce qu'une
main y a fait.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from collections.abc import Mapping

from dla_docs.errors import PackageError
from dla_docs.stages.envelope import NAMESPACE, Enveloppe
from dla_docs.word.archive import deflate
from dla_docs.word.package import parse_part
from dla_docs.word.page import is_story

LEFT = re.compile(rb' depart="([A-Za-z0-9+/=]*)"')
MOST = 60 * 1024 * 1024  # bytes, unpacked: what a Word part may be


def with_departure(sent: Enveloppe, parts: Mapping[str, bytes]) -> bytes:
    """La partie XML des données, où voyage aussi la page : les parties de ``parts`` qui se
    lisent.
    """
    said = {name: parts[name].decode() for name in sorted(parts) if is_story(name)}
    packed = base64.b64encode(deflate(json.dumps(said, ensure_ascii=False).encode())).decode()
    opening = f'<dla xmlns="{NAMESPACE}"'
    return sent.to_xml().replace(opening.encode(), f'{opening} depart="{packed}"'.encode(), 1)


def carries(data: bytes, sent: Enveloppe, parts: Mapping[str, bytes]) -> bool:
    """Vrai d'une partie XML qui porte ces données et cette page, quoi qui l'ait comprimée."""
    found = LEFT.search(data)
    left = _unpacked(found[1]) if found else {}
    return LEFT.sub(b"", data, count=1) == sent.to_xml() and left == {
        name: content for name, content in parts.items() if is_story(name)
    }


def departed(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Les parties de la page d'un document Word telles qu'elles sont parties ; rien quand il ne les
    porte pas, ou plus.
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
        unpacker = zlib.decompressobj(-15)
        said = json.loads(unpacker.decompress(base64.b64decode(packed, validate=True), MOST))
        return {str(name): str(text).encode() for name, text in said.items()}
    except (binascii.Error, zlib.error, ValueError, AttributeError, RecursionError):
        return {}
