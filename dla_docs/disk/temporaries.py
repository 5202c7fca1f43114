"""Ce qui n'est pas encore entier, à côté de ce qu'il deviendra : à un programme tant qu'il vit ; ce
que laisse un mort est ôté par le suivant.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

HELD = (errno.EACCES, errno.EAGAIN, errno.EDEADLK, errno.EWOULDBLOCK)  # by somebody else
LEFTOVER = 60  # seconds: all that tells a dead one's, where nothing can be held
TRIES = 3


def temporary_beside(target: Path) -> Path:
    """Un nom libre à côté de ``target``, pour ce qui n'est pas encore entier."""
    return target.with_name(f".dla-{secrets.token_hex(8)}.tmp")


@contextmanager
def temporary_file(target: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """Un fichier neuf à côté de ``target``, et de quoi l'écrire ; ôté à la fin, s'il est encore
    là. OSError s'il ne peut pas être fait.
    """
    path, stream = _begun(target)
    try:
        yield path, stream
    finally:
        with suppress(OSError):
            stream.close()
        with suppress(OSError):
            path.unlink(missing_ok=True)


@contextmanager
def temporary_folder(target: Path) -> Iterator[Path]:
    """De même, un dossier."""
    path = temporary_beside(target)
    path.mkdir()
    descriptor = _opened(path)
    try:
        if descriptor is not None:
            _is_taken(descriptor)
        yield path
    finally:
        if descriptor is not None:
            os.close(descriptor)
        shutil.rmtree(path, ignore_errors=True)


def clear_leftovers(folder: Path) -> None:
    """Ôte d'un dossier ce qu'un programme tué en cours d'écriture y a laissé ; jamais ce qu'un
    vivant écrit.
    """
    with suppress(OSError):
        for left in folder.glob(".dla-*.tmp"):
            with suppress(OSError):
                _clear(left)


def take(descriptor: int) -> None:
    """Prend pour soi un fichier ouvert, tant qu'il l'est, quoi qui arrive à ce programme ;
    ``OSError`` quand un autre l'a pris, ou que ce disque n'a pas de verrous.
    """
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _begun(target: Path) -> tuple[Path, BinaryIO]:
    """Its maker holds it until the system lets it go, however that maker ends. Another may have
    taken it for a dead one's before it was held.
    """
    for _ in range(TRIES):
        path = temporary_beside(target)
        stream = open(path, "xb")  # noqa: SIM115 — it lives as long as the one who writes
        if _is_taken(stream.fileno()) is not False and path.exists():
            break
        stream.close()
    return path, stream


def _is_taken(descriptor: int) -> bool | None:
    """``None``: this disk has no locks."""
    try:
        take(descriptor)
    except OSError as error:
        return False if error.errno in HELD else None
    return True


def _clear(left: Path) -> None:
    descriptor = _opened(left)
    taken = None if descriptor is None else _is_taken(descriptor)
    if descriptor is not None and (sys.platform == "win32" or taken is not True):
        os.close(descriptor)  # Windows removes no open file
        descriptor = None
    if taken is None:
        taken = time.time() - left.stat().st_mtime > LEFTOVER
    try:
        if taken:
            shutil.rmtree(left) if left.is_dir() else left.unlink()
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _opened(path: Path) -> int | None:
    """``None`` of what cannot be: Windows opens no folder."""
    try:
        return os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    except OSError:
        return None
