"""Les fichiers du disque : lire sans surprise, écrire sans rien perdre, nommer sans heurt."""

from __future__ import annotations

import contextlib
import io
import os
import re
import stat
import sys
import time
import unicodedata
from collections.abc import Iterable
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from dla_docs.constat import Constat
from dla_docs.decoding import decoded
from dla_docs.disk.temporaries import clear_leftovers, temporary_file
from dla_docs.errors import InputError
from dla_docs.file_faults import is_of_the_disk, resolved, unwritable, why_unreadable
from dla_docs.spelling import did_you_mean, nearest

MAX_TEXT = 50 * 1024 * 1024  # bytes
MAX_NAME = 255  # bytes of UTF-8: the strictest of the usual file systems
MANY, NEARLY = 2000, 0.75  # files that are looked at, and how alike two names are, for a proposal
RETRIES, PAUSE = 10, 0.1  # an antivirus or a synchroniser lets go within a second; Word does not

FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\ud800-\udfff]')
INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)  # they can make « docx.exe » read « exe.docx »
DEVICE = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(\.|$)", re.IGNORECASE
)
ABSOLUTE = re.compile(r"[/\\]|[A-Za-z]:")
SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,5}$")

Stamp = tuple[int, ...]  # what the disk says of a file: it changes when the file does

_GIVEN: dict[str, bytes] = {}


def give(name: str, data: bytes) -> Path:
    """Des octets qui ne sont dans aucun fichier, à lire sous ce nom comme s'ils y étaient : ce
    qu'un autre programme donne par l'entrée standard. Les chemins qu'ils citent partent du dossier
    courant.
    """
    _GIVEN[name] = data
    return Path(name)


def read_bytes(path: str | Path, limit: int) -> bytes:
    """Les octets d'un fichier, au plus ``limit + 1`` : à l'appelant de refuser ce qui dépasse.
    InputError s'il ne se lit pas.
    """
    if str(path) in _GIVEN:
        return _GIVEN[str(path)][: limit + 1]
    try:
        kind = os.stat(path).st_mode
        if stat.S_ISDIR(kind):
            raise _input_error(
                path, "C'est un dossier, et non un fichier.", "Indiquez un fichier de ce dossier."
            )
        if not stat.S_ISREG(kind):  # opening a pipe might wait for ever
            raise _input_error(
                path, "Ce n'est pas un fichier ordinaire.", "Indiquez un fichier enregistré."
            )
        with open(path, "rb") as stream:
            size = os.fstat(stream.fileno()).st_size  # room is made for what is asked, all of it
            found = stream.read(min(limit, size) + 1)
            return found if len(found) <= size else found + stream.read(limit + 1 - len(found))
    except (OSError, ValueError) as error:  # ValueError: a NUL or a lone surrogate in the path
        message, conseil = why_unreadable(error)
        if isinstance(error, FileNotFoundError) and not Path(path).is_symlink():
            conseil = did_you_mean(_files_like(Path(path)), conseil)
        raise _input_error(path, message, conseil) from error


def opened(path: str | Path) -> BinaryIO:
    """Un fichier ouvert, à lire par morceaux ; InputError s'il ne se lit pas."""
    read_bytes(path, 0)  # says why when there is nothing to open
    given = _GIVEN.get(str(path))
    return open(path, "rb") if given is None else io.BytesIO(given)


def digest(octets: bytes) -> str:
    """L'empreinte d'un fichier."""
    return sha256(octets).hexdigest()


def stamp_of(path: str | Path) -> Stamp:
    """Quel fichier c'est, sa taille, quand il a été écrit et touché : un fichier changé, même sous
    sa date d'avant, se voit. Vide quand il ne se lit pas.
    """
    try:
        held = os.stat(path)
    except (OSError, ValueError):  # a NUL in its name
        return ()
    return held.st_dev, held.st_ino, held.st_size, held.st_mtime_ns, held.st_ctime_ns


def _files_like(path: Path) -> list[str]:
    """Those beside it whose name is nearly the same, written as it was: « base », base.yaml."""
    with contextlib.suppress(OSError, ValueError):
        beside = [
            one.name
            for one in islice(path.parent.iterdir(), MANY)
            if one.name[:1] not in ".~" and not (path.suffix and one.is_dir())
        ]
        stems = {name_key(Path(name).stem): name for name in beside}
        same = [name for name in beside if name_key(Path(name).stem) == name_key(path.stem)]
        near = same or filter(None, [stems.get(nearest(name_key(path.stem), stems, NEARLY))])
        return [str(path.with_name(name)) for name in near][:3]
    return []


def read_text(path: str | Path) -> str:
    """Le texte d'un fichier en UTF-8 (avec ou sans BOM), UTF-16 avec BOM, Windows-1252 ou
    Latin-9. InputError s'il ne se lit pas.
    """
    data = read_bytes(path, MAX_TEXT)
    if len(data) > MAX_TEXT:
        raise _input_error(
            path, f"Ce fichier dépasse {MAX_TEXT // 1024**2} Mo.", "Indiquez un fichier texte."
        )
    return decoded(data, path)


def write_atomic(path: str | Path, data: bytes | Iterable[bytes]) -> None:
    """Écrit tout ou rien : jusqu'au bout, l'ancien fichier reste. InputError si l'écriture est
    impossible, DiskError si c'est le disque qui n'en peut plus.
    """
    try:
        target = Path(os.path.realpath(path))  # a symbolic link stays a link
        mode = _check_target(path, target)
        with temporary_file(target) as (temporary, stream):
            _write_synced(stream, data)
            if mode is not None:
                os.chmod(temporary, mode)
            _put_in_place(temporary, target, path)
        _sync_folder(target.parent)
    except (OSError, ValueError) as error:
        raise unwritable(path, error) from error


def make_folder(folder: str | Path) -> Path:
    """Le dossier où écrire, créé s'il n'y est pas, sans ce qu'un programme tué y a laissé ;
    InputError si c'est impossible.
    """
    where = Path(folder)
    try:
        where.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:  # ValueError: a NUL in its name
        why = "choisissez-en un autre, ou vérifiez vos droits."
        if file := _file_in_the_way(where):
            why = f"« {file} » est un fichier ; indiquez un autre dossier."
        elif is_of_the_disk(error):
            raise unwritable(where, error) from error
        raise InputError(f"Le dossier « {where} » ne peut pas être créé : {why}") from None
    clear_leftovers(where)
    return where


def _file_in_the_way(folder: Path) -> Path | None:
    return next((one for one in (folder, *folder.parents) if os.path.isfile(one)), None)


def visible_files(folder: Path) -> list[Path]:
    """Les fichiers d'un dossier et de ceux qu'il tient, dans l'ordre ; ni ceux qui sont cachés (les
    copies d'avant, « .sauvegardes »), ni ceux que Word pose à côté de ce qu'il ouvre (« ~$ »).
    """
    return [path for path in visible_entries(folder) if path.is_file()]


def visible_entries(folder: Path) -> list[Path]:
    """Les mêmes, et tout ce qui n'est pas un fichier et où rien ne sera lu : un tube, un lien qui
    ne mène à rien ou mène à un dossier, un dossier interdit.
    """
    return [
        path
        for path in sorted(folder.rglob("*"))
        if (path.is_symlink() or not path.is_dir() or not os.access(path, os.R_OK | os.X_OK))
        and not path.name.startswith("~$")
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]


def below(folder: str | Path, relative: str) -> Path:
    """Le chemin d'un fichier donné par rapport à un dossier, liens suivis ; InputError s'il en
    sort.
    """
    root = resolved(Path(folder))
    path = resolved(root / relative.replace("\\", "/"), relative)
    if path == root or not path.is_relative_to(root) or ABSOLUTE.match(relative):
        message = (
            f"Le chemin « {relative} » ne désigne pas, depuis le dossier « {root.name or root} », "
            f"un fichier de ce dossier."
        )
        raise InputError(
            Constat(
                message,
                conseil=(
                    "Mettez le fichier dans ce dossier, et donnez son chemin sans disque ni « .. »."
                ),
            )
        )
    return path


def safe_name(text: str, suffix: str = "") -> str:
    """Un nom de fichier permis par Windows, macOS et Linux, d'au plus 255 octets ; ``suffix`` («
    .docx ») le termine, entier.
    """
    name = unicodedata.normalize(
        "NFC", FORBIDDEN.sub("-", re.sub(r"\s+", " ", INVISIBLE.sub("", text)))
    )
    name = name.lstrip(" .~").rstrip(" .") or "sans nom"
    if DEVICE.match(name):
        name = f"_{name}"
    return _shortened(name, suffix)


def unique_names(names: Iterable[str]) -> list[str]:
    """Les mêmes noms dans le même ordre, les doublons numérotés « (2) », « (3) » : aucun disque ne
    les confond.
    """
    names = list(names)
    taken = {name_key(name) for name in names}
    counts: dict[str, int] = {}
    unique = []
    for name in names:
        key = name_key(name)
        counts[key] = counts.get(key, 0) + 1
        while counts[key] > 1 and name_key(name_tried := numbered(name, counts[key])) in taken:
            counts[key] += 1
        unique.append(name if counts[key] == 1 else name_tried)
        taken.add(name_key(unique[-1]))
    return unique


def numbered(name: str, number: int) -> str:
    """Le même nom, numéroté : « Fiche (2).docx »."""
    found = SUFFIX.search(name)
    suffix = found.group() if found else ""
    return _shortened(name.removesuffix(suffix), f" ({number}){suffix}")


def name_key(name: str) -> str:
    """Ce que deux noms ont en commun quand un disque les confond."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())


def _shortened(name: str, suffix: str) -> str:
    if not suffix and (found := SUFFIX.search(name)):
        name, suffix = name[: found.start()], found.group()
    room = MAX_NAME - len(suffix.encode())
    return name.encode()[:room].decode(errors="ignore").rstrip(" .") + suffix


def _check_target(path: str | Path, target: Path) -> int | None:
    """The mode of the file that is there, ``None`` when there is none."""
    if not target.parent.is_dir():
        if file := _file_in_the_way(target.parent):
            raise _input_error(
                path,
                f"« {file.name} » est un fichier, et non un dossier.",
                "Indiquez un autre dossier.",
            )
        raise _input_error(
            path,
            f"Le dossier « {target.parent.name} » n'existe pas.",
            "Créez-le, ou indiquez-en un autre.",
        )
    if not target.exists():
        return None
    mode = os.stat(target).st_mode
    if stat.S_ISDIR(mode):
        raise _input_error(
            path,
            "C'est un dossier : rien ne peut s'y écrire sous ce nom.",
            "Indiquez un nom de fichier.",
        )
    if not stat.S_ISREG(mode):
        raise _input_error(path, "Ce n'est pas un fichier ordinaire.", "Indiquez un autre nom.")
    if not os.access(target, os.W_OK):
        raise _input_error(
            path,
            "Ce fichier est en lecture seule.",
            "Retirez cette protection, ou indiquez un autre nom.",
        )
    return stat.S_IMODE(mode)


def _write_synced(stream: BinaryIO, data: bytes | Iterable[bytes]) -> None:
    stream.writelines([data] if isinstance(data, bytes) else data)
    stream.flush()
    os.fsync(stream.fileno())
    if sys.platform == "win32":  # which puts no open file in place of another
        stream.close()


def _put_in_place(temporary: Path, target: Path, path: str | Path) -> None:
    for _ in range(RETRIES):
        try:
            os.replace(temporary, target)
            return
        except PermissionError:  # Windows, while another program holds the file open
            time.sleep(PAUSE)
    kept = _free_name(target)
    os.rename(temporary, kept)
    message = (
        "Ce fichier est protégé, ou ouvert dans un autre programme : il ne peut pas être remplacé."
    )
    raise _input_error(
        path,
        message,
        f"Fermez le document dans Word et recommencez ; la nouvelle version est gardée sous « "
        f"{kept.name} ».",
    )


def _free_name(target: Path) -> Path:
    number = 2
    while (
        free := target.with_name(_shortened(target.stem, f" ({number}){target.suffix}"))
    ).exists():
        number += 1
    return free


def _sync_folder(folder: Path) -> None:
    # Windows opens no folder, some network disks sync none: the file itself is already safe.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _input_error(path: str | Path, message: str, conseil: str) -> InputError:
    return InputError(Constat(message, fichier=str(path), conseil=conseil))
