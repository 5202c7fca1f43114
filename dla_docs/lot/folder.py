"""Le dossier que remplit un lot : sur le disque, ou à une adresse que fsspec sait ouvrir
(``s3://…``, ``memory://…``).
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from inspect import signature
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from dla_docs.constat import Constat
from dla_docs.disk.temporaries import HELD, clear_leftovers, take
from dla_docs.errors import InputError
from dla_docs.file_faults import is_of_the_disk, unwritable, why_unreadable
from dla_docs.files import read_bytes, write_atomic
from dla_docs.resources import how_to_add
from dla_docs.stages.saves import FOLDER, name_of_now
from dla_docs.writing_back.undo import write_kept

LOCK = "verrou"
LIMIT = 1_000_000_000  # bytes: what is read back is what was written here
NO_FSSPEC = Constat(
    "Écrire à une adresse demande fsspec, qui n'est pas installé.",
    conseil=f"Installez-le : « {how_to_add('dask')} ».",
)


class Folder(Protocol):
    """Là où vont les documents ; un nom peut commencer par un sous-dossier :
    « .lot/journal.json »."""

    def prepare(self, sub: str) -> None:
        """Crée le dossier, et son sous-dossier ; ``InputError`` quand il ne peut pas l'être."""

    def names(self, sub: str = "") -> set[str]:
        """Les noms des fichiers du dossier, ou d'un de ses sous-dossiers."""

    def read(self, name: str) -> bytes:
        """Les octets d'un fichier ; vide quand il n'y est pas."""

    def open(self, name: str) -> BinaryIO:
        """Un fichier qui y est, à lire par morceaux."""

    def write(self, name: str, data: bytes | Iterable[bytes]) -> None:
        """Écrit tout ou rien ; ``InputError`` quand l'écriture est impossible."""

    def replace(self, name: str, data: bytes) -> None:
        """Écrit à la place du travail de quelqu'un, dont une copie est gardée."""

    def remove(self, name: str) -> None:
        """Efface un fichier, s'il est là et se laisse effacer."""

    def place(self, name: str) -> str:
        """Où un fichier se trouve, tel qu'on le dit."""


def folder_at(place: str | Path) -> Folder:
    """Le dossier d'un chemin ou d'une adresse."""
    if "://" not in str(place):
        return _Local(Path(place).absolute(), Path(place))
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise InputError(NO_FSSPEC) from error
    files, root = _guarded(str(place), lambda: url_to_fs(str(place)))
    return _Remote(files, root.rstrip("/"), str(place).rstrip("/"))


@dataclass(frozen=True)
class _Local:
    root: Path
    said: Path  # the same, as it was given

    def prepare(self, sub: str) -> None:
        try:
            (self.root / sub).mkdir(parents=True, exist_ok=True)
        except (OSError, ValueError) as error:
            if is_of_the_disk(error):
                raise unwritable(self.said, error) from error
            raise InputError(
                f"Le dossier « {self.said} » ne peut pas être créé : choisissez-en un autre, ou "
                f"vérifiez vos droits."
            ) from None
        clear_leftovers(self.root)
        clear_leftovers(self.root / sub)

    def names(self, sub: str = "") -> set[str]:
        folder = self.root / sub
        try:
            return (
                {path.name for path in folder.iterdir() if path.is_file()}
                if folder.is_dir()
                else set()
            )
        except OSError:
            raise InputError(
                f"Le dossier « {self.said} » ne peut pas être lu : vérifiez vos droits."
            ) from None

    def read(self, name: str) -> bytes:
        path = self.root / name
        return read_bytes(path, LIMIT) if path.is_file() else b""

    def open(self, name: str) -> BinaryIO:
        try:
            return open(self.root / name, "rb")
        except OSError as error:
            message, conseil = why_unreadable(error)
            raise InputError(Constat(message, fichier=self.place(name), conseil=conseil)) from error

    def write(self, name: str, data: bytes | Iterable[bytes]) -> None:
        write_atomic(self.root / name, data)

    def replace(self, name: str, data: bytes) -> None:
        write_kept(self.root / name, {self.root / name: data})

    def remove(self, name: str) -> None:
        with suppress(OSError):  # somebody has it open: it is looked at again next time
            (self.root / name).unlink(missing_ok=True)

    def place(self, name: str) -> str:
        return str(self.said / name)


@contextmanager
def alone(folder: Folder, sub: str) -> Iterator[None]:
    """Le temps d'un lot, qui est seul à remplir ce dossier ; ``InputError`` quand un autre le
    remplit déjà. Un dépôt d'objets n'a pas de verrou.
    """
    if not isinstance(folder, _Local):
        yield
        return
    with open(folder.root / sub / LOCK, "ab") as file:
        if not _locked(file):
            raise InputError(
                Constat(
                    f"Un autre lot remplit en ce moment le dossier « {folder.said} ».",
                    conseil="Attendez qu'il finisse, ou donnez un autre dossier.",
                )
            )
        yield


def _locked(file: BinaryIO) -> bool:
    """Whether the file is ours alone, until it is closed or the program ends, however it does."""
    try:
        take(file.fileno())
    except OSError as error:
        return error.errno not in HELD  # some network disks have no locks
    return True


@dataclass(frozen=True)
class _Remote:
    """An object store puts a whole file or none: what is written there is complete or absent, as on
    the disk.
    """

    files: Any  # a file system of fsspec, which goes from one process to another
    root: str
    address: str

    def prepare(self, sub: str) -> None:
        _guarded(self.address, lambda: self.files.makedirs(f"{self.root}/{sub}", exist_ok=True))

    def names(self, sub: str = "") -> set[str]:
        folder = f"{self.root}/{sub}".rstrip("/")
        found = _guarded(
            self.address, lambda: self.files.ls(folder, detail=True, refresh=True), absent=[]
        )
        return {entry["name"].rpartition("/")[2] for entry in found if entry["type"] == "file"}

    def read(self, name: str) -> bytes:
        step = partial(self.files.cat_file, f"{self.root}/{name}", **_at_once(self.files))
        return bytes(_guarded(self.place(name), step, absent=b""))

    def open(self, name: str) -> BinaryIO:
        return io.BytesIO(self.read(name))

    def write(self, name: str, data: bytes | Iterable[bytes]) -> None:
        whole = data if isinstance(data, bytes) else b"".join(data)
        _guarded(self.place(name), lambda: self.files.pipe_file(f"{self.root}/{name}", whole))

    def replace(self, name: str, data: bytes) -> None:
        self.prepare(FOLDER)
        self.write(f"{FOLDER}/{name_of_now()} {name}", self.read(name))
        self.write(name, data)

    def remove(self, name: str) -> None:
        path = f"{self.root}/{name}"
        _guarded(self.place(name), lambda: self.files.rm_file(path), absent=None)

    def place(self, name: str) -> str:
        return f"{self.address}/{name}"


def _at_once(files: Any) -> dict[str, int]:
    """One question for one answer: a store that reads a file by parts first asks how long it is.
    Many do not, and know of no such order.
    """
    known = signature(getattr(files, "_cat_file", files.cat_file)).parameters
    return {"max_concurrency": 1} if "max_concurrency" in known else {}


def _guarded(place: str, step: Callable[[], Any], absent: Any = ...) -> Any:
    """What a step gives; ``absent``, where it is said, when what it asks for is not there."""
    try:
        return step()
    except (
        ImportError
    ) as error:  # fsspec knows of this kind of address, and lacks the library that opens it
        raise InputError(
            Constat(
                f"Cette adresse demande le module {error.name}, qui n'est pas installé.",
                fichier=place,
                conseil="Installez-le.",
            )
        ) from error
    except Exception as error:  # the boundary: each store raises types of its own
        if isinstance(error, FileNotFoundError) and absent is not ...:
            return absent
        raise InputError(
            Constat(
                "Cette adresse ne répond pas comme attendu.",
                fichier=place,
                conseil="Vérifiez-la, et vos droits d'y écrire.",
            )
        ) from error
