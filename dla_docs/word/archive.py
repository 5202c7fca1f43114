"""L'écriture d'un .docx : un petit zip, dont les parties fixes sont compressées une fois pour
toutes. Mêmes parties, mêmes octets.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module

STORED, DEFLATED = 0, 8
DATE = (1 << 5) | 1  # 1 January 1980, the first day a zip knows
UTF8 = 0x800
BEST = 9

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")


@dataclass(frozen=True, slots=True)
class PackedPart:
    """Une partie prête à écrire : ``local`` est son en-tête et ses octets compressés, ``crc``,
    ``size`` et ``packed`` les décrivent.
    """

    name: bytes
    local: bytes
    method: int
    crc: int
    packed: int
    size: int


def pack(name: str, data: bytes) -> PackedPart:
    """Une partie fixe, compressée au mieux."""
    deflater = zlib.compressobj(BEST, zlib.DEFLATED, -15)
    return _entry(name, data, deflater.compress(data) + deflater.flush())


def pack_quickly(name: str, data: bytes) -> PackedPart:
    """Une partie propre à un document, compressée vite (``isal`` s'il est installé)."""
    return _entry(name, data, deflate(data))


def write_archive(entries: Iterable[PackedPart]) -> bytes:
    """Le zip : la table des types d'abord, puis les relations, puis le reste par ordre
    alphabétique.
    """
    ordered = sorted(
        entries,
        key=lambda entry: (
            entry.name != b"[Content_Types].xml",
            entry.name != b"_rels/.rels",
            entry.name,
        ),
    )
    pieces: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for entry in ordered:
        pieces.append(entry.local)
        directory.append(_central(entry, offset))
        offset += len(entry.local)
    size = sum(map(len, directory))
    return b"".join(
        (
            *pieces,
            *directory,
            _END.pack(b"PK\5\6", 0, 0, len(ordered), len(ordered), size, offset, 0),
        )
    )


def _entry(name: str, data: bytes, packed: bytes) -> PackedPart:
    method = DEFLATED
    if len(packed) >= len(data):  # pictures are compressed already
        method, packed = STORED, data
    encoded, crc = name.encode(), zlib.crc32(data)
    header = _LOCAL.pack(
        b"PK\3\4",
        20,
        _flags(encoded),
        method,
        0,
        DATE,
        crc,
        len(packed),
        len(data),
        len(encoded),
        0,
    )
    return PackedPart(encoded, header + encoded + packed, method, crc, len(packed), len(data))


def _central(entry: PackedPart, offset: int) -> bytes:
    sizes = (entry.crc, entry.packed, entry.size, len(entry.name), 0, 0, 0, 0, 0, offset)
    return (
        _CENTRAL.pack(b"PK\1\2", 20, 20, _flags(entry.name), entry.method, 0, DATE, *sizes)
        + entry.name
    )


def _flags(name: bytes) -> int:
    return 0 if name.isascii() else UTF8


def deflate_with_zlib(data: bytes) -> bytes:
    """La compression de la bibliothèque standard, à son niveau habituel."""
    deflater = zlib.compressobj(6, zlib.DEFLATED, -15)
    return deflater.compress(data) + deflater.flush()


def _choose_deflate() -> Callable[[bytes], bytes]:
    """isal's fastest level beats zlib tenfold for a file a tenth larger; the extra « rapide »
    installs it.
    """
    try:
        isal = import_module("isal.isal_zlib")
    except ImportError:
        return deflate_with_zlib
    return lambda data: bytes(isal.compress(data, 1, -15))


deflate = _choose_deflate()
