"""L'écriture d'un .docx : un petit zip, dont les parties fixes sont compressées une fois pour
toutes. Mêmes parties, mêmes octets.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable
from functools import lru_cache
from importlib import import_module
from typing import NamedTuple

STORED, DEFLATED = 0, 8
DATE = (1 << 5) | 1  # 1 January 1980, the first day a zip knows
UTF8 = 0x800
BEST = 9
LARGEST, MOST_KEPT = 64 * 1024, 128  # bytes of a part that is remembered, and how many of them

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")


class PackedPart(NamedTuple):
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
            _ending(len(ordered), size, offset),
        )
    )


def _entry(name: str, data: bytes, packed: bytes) -> PackedPart:
    method = DEFLATED
    if len(packed) >= len(data):  # pictures are compressed already
        method, packed = STORED, data
    encoded, crc = name.encode(), zlib.crc32(data)
    made = PackedPart(encoded, b"", method, crc, len(packed), len(data))
    return made._replace(local=_header(made) + encoded + packed)


def _header(entry: PackedPart) -> bytes:
    sizes = (entry.crc, entry.packed, entry.size, len(entry.name), 0)
    return _LOCAL.pack(b"PK\3\4", 20, _flags(entry.name), entry.method, 0, DATE, *sizes)


def _ending(count: int, size: int, offset: int) -> bytes:
    return _END.pack(b"PK\5\6", 0, 0, count, count, size, offset, 0)


class Written(NamedTuple):
    """Une partie d'un zip, telle que ``entries_of`` la trouve ; ``start`` et ``stop`` : ses octets,
    comprimés ou non, dans le fichier.
    """

    name: str
    method: int
    crc: int
    size: int
    start: int
    stop: int

    def read(self, octets: bytes) -> bytes | None:
        """Ce qu'elle tient ; ``None`` quand ce n'est pas ce qu'elle dit tenir."""
        read = _read_again if self.size <= LARGEST else _read
        return read(octets[self.start : self.stop], self.method, self.size, self.crc)


def _read(packed: bytes, method: int, size: int, crc: int) -> bytes | None:
    content = packed if method == STORED else _inflated(packed, size)
    if content is None or (len(content), zlib.crc32(content)) != (size, crc):
        return None
    return content


_read_again = lru_cache(MOST_KEPT)(_read)  # styles and pictures are those of other files


def entries_of(octets: bytes) -> list[Written] | None:
    """Les parties d'un zip écrit comme ``write_archive`` les écrit : l'une après l'autre, rien
    avant, entre ni après, chacune dite de même devant elle et à la fin. ``None`` de tout autre.
    """
    try:
        end = len(octets) - _END.size
        size, start = _END.unpack_from(octets, end)[5:7]
        at, offset, found, said = start, 0, {}, []
        while at < end:
            entry = _CENTRAL.unpack_from(octets, at)
            method, crc, packed, whole, letters = entry[4], *entry[7:11]
            at += _CENTRAL.size + letters
            name = octets[at - letters : at]
            body = offset + _LOCAL.size + letters
            part = PackedPart(name, octets[offset : body + packed], method, crc, packed, whole)
            if part.local[: _LOCAL.size + letters] != _header(part) + name:
                return None
            said.append(_central(part, offset))
            found[name.decode()] = Written(name.decode(), method, crc, whole, body, body + packed)
            offset = body + packed
    except (struct.error, UnicodeDecodeError):
        return None
    ending = b"".join((*said, _ending(len(said), size, start)))
    usual = offset == start and octets[start:] == ending and len(found) == len(said)
    return [*found.values()] if usual else None


def _inflated(packed: bytes, size: int) -> bytes | None:
    """``None`` of what is damaged, longer than it says, or followed by something else."""
    unpacker = zlib.decompressobj(-15)
    try:
        content = unpacker.decompress(packed, size + 1)
    except zlib.error:
        return None
    return content if unpacker.eof and not unpacker.unused_data else None


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
