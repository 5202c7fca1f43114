"""Le dossier temporaire d'un programme : à lui tant qu'il vit ; celui d'un mort est ôté par le
suivant.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dla_docs.disk.temporaries import take

PREFIX = "dla_docs_"
LOCK = "verrou"
TRIES = 3


@contextmanager
def own_folder(parent: Path | None = None) -> Iterator[Path]:
    """Un dossier que personne d'autre ne lit, ôté à la fin ; ceux que des programmes tués ont
    laissés dans ``parent`` le sont avant. OSError s'il ne peut pas être fait.
    """
    where = parent or Path(tempfile.gettempdir())
    clear_dead(where)
    folder, lock = _made(where)
    try:
        yield folder
    finally:
        with suppress(OSError):
            os.close(lock)
        shutil.rmtree(folder, ignore_errors=True)


def clear_dead(parent: Path) -> None:
    """Ôte de ``parent`` les dossiers dont le programme n'est plus ; jamais ceux d'un vivant, ni
    ceux d'un autre utilisateur.
    """
    with suppress(OSError):
        for folder in parent.glob(f"{PREFIX}*"):
            with suppress(OSError):
                _clear(folder)


def _made(parent: Path) -> tuple[Path, int]:
    """The folder and its lock, which the system lets go when its owner ends, however it ends: a
    number of process may be that of another, or of another machine that shares the disk.
    """
    for _ in range(TRIES - 1):
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent)).resolve()
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        # Another may have taken it for a dead one's between these two lines and this one.
        if _take(lock) and (folder / LOCK).exists():
            return folder, lock
        os.close(lock)
        shutil.rmtree(folder, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent)).resolve()  # a disk without locks
    return folder, os.open(os.devnull, os.O_RDONLY)


def _clear(folder: Path) -> None:
    if folder.is_symlink() or not folder.is_dir() or not _is_ours(folder):
        return
    lock = os.open(folder / LOCK, os.O_RDWR)
    try:
        if not _take(lock):
            return
        for held in folder.iterdir():  # the lock last: what could not go is tried again next time
            if held.name != LOCK:
                shutil.rmtree(held) if held.is_dir() and not held.is_symlink() else held.unlink()
        if sys.platform != "win32":  # which removes no open file
            (folder / LOCK).unlink()
    finally:
        os.close(lock)
    shutil.rmtree(folder)


def _is_ours(folder: Path) -> bool:
    return sys.platform == "win32" or folder.stat().st_uid == os.geteuid()


def _take(lock: int) -> bool:
    try:
        take(lock)
    except OSError:
        return False
    return True
