"""Ce qui se défait : avant chaque écriture dans une mission, une copie datée de ses fichiers."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import unified_diff
from itertools import islice
from pathlib import Path

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.files import MAX_TEXT, make_folder, read_bytes, write_atomic

FOLDER = ".sauvegardes"
KEPT = 20
DONE, UNDONE, NAMES = "faite", "annulee", "fichiers.json"


@dataclass(frozen=True)
class Annulation:
    """Ce qu'une écriture avait changé. ``lignes`` : par fichier, les lignes ôtées (« - ») et mises
    (« + »).
    """

    date: str
    lignes: Mapping[Path, tuple[str, ...]]


def write_kept(mission: Path, texts: Mapping[Path, bytes]) -> None:
    """Écrit ces fichiers d'une mission, une copie datée gardée d'abord : tous, ou aucun.

    Une écriture interrompue laisse chaque fichier entier, et la copie : ``finish`` ou ``annuler``
    remet tout comme avant elle. ``InputError`` si rien ne peut être écrit.
    """
    finish(mission)
    kept = _keep(mission, texts)
    try:
        for file, data in texts.items():
            write_atomic(file, data)
    except BaseException:
        _put_back(mission, kept)
        shutil.rmtree(kept, ignore_errors=True)
        raise
    (kept / DONE).touch()
    for old in _saves(mission)[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)


def finish(mission: Path) -> None:
    """Défait une écriture coupée, dont des fichiers étaient écrits et d'autres non : ce qui se lit
    ensuite est entier. Ce que quelqu'un a changé depuis reste tel quel.
    """
    for kept in _saves(mission)[-1:]:
        if not (kept / DONE).exists() and not (kept / UNDONE).exists():
            _put_back(mission, kept)
            (kept / UNDONE).touch()


def last_save(mission: Path) -> Path | None:
    """La copie gardée par la dernière écriture faite dans une mission."""
    return next(reversed(_saves(mission)), None)


def written_in(mission: Path, kept: Path) -> tuple[Path, ...]:
    """Les fichiers que cette écriture avait touchés : la mission, et ceux qu'elle cite."""
    return tuple(file for file, _, _ in _files(mission, kept))


def annuler(mission: str | Path) -> Annulation:
    """Défait la dernière écriture faite dans une mission : ses fichiers redeviennent, octet pour
    octet, ce qu'ils étaient.

    Arguments :
    - ``mission`` : le fichier .yaml de la mission.

    Rend : l'``Annulation``, qui dit ce que cette écriture avait changé.

    Erreurs :
    - ``InputError`` : rien n'est à annuler, ou un fichier a changé depuis cette écriture.
    """
    target = Path(mission)
    kept = next((one for one in reversed(_saves(target)) if not (one / UNDONE).exists()), None)
    if kept is None:
        raise InputError(
            Constat(
                "Il n'y a rien à annuler : aucune copie d'avant n'est gardée.",
                fichier=str(target),
                conseil=f"Les copies sont faites à chaque écriture, dans « {FOLDER} ».",
            )
        )
    files = _files(target, kept)
    changed = [
        Constat(
            "Ce fichier a changé depuis la dernière écriture : l'annuler perdrait ces changements.",
            fichier=str(file),
            conseil=f"La copie d'avant est « {before} ».",
        )
        for file, before, after in files
        if read_bytes(file, MAX_TEXT) not in (_data(before), _data(after))
    ]
    if changed:
        raise InputError(changed)
    said = {file: _lines(_data(before), _data(after)) for file, before, after in files}
    _put_back(target, kept)
    (kept / UNDONE).touch()
    return Annulation(kept.name, said)


def _keep(mission: Path, texts: Mapping[Path, bytes]) -> Path:
    """The copies, under their name only once they are all there."""
    folder = make_folder(_folder(mission))
    making = make_folder(folder / f".{os.getpid()}.tmp")
    try:
        for number, (file, data) in enumerate(texts.items()):
            write_atomic(making / f"{number}.avant", read_bytes(file, MAX_TEXT))
            write_atomic(making / f"{number}.apres", data)
        root = mission.resolve().parent
        names = [Path(os.path.relpath(file, root)).as_posix() for file in texts]
        write_atomic(making / NAMES, json.dumps(names, ensure_ascii=False).encode())
        kept = folder / f"{datetime.now():%Y-%m-%d %Hh%Mm%S,%f}"
        os.rename(making, kept)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    return kept


def _put_back(mission: Path, kept: Path) -> None:
    for file, before, after in _files(mission, kept):
        if read_bytes(file, MAX_TEXT) == _data(after):
            write_atomic(file, _data(before))


def _saves(mission: Path) -> list[Path]:
    folder = _folder(mission)
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted(one for one in found if (one / NAMES).is_file() and one.name[0] != ".")


def _folder(mission: Path) -> Path:
    target = mission.resolve()
    return target.parent / FOLDER / target.name


def _files(mission: Path, kept: Path) -> list[tuple[Path, Path, Path]]:
    """Each file that was written, its copy from before and the one from after."""
    names = json.loads(_data(kept / NAMES))
    return [
        (mission.resolve().parent / name, kept / f"{number}.avant", kept / f"{number}.apres")
        for number, name in enumerate(names)
    ]


def _data(path: Path) -> bytes:
    return read_bytes(path, MAX_TEXT)


def _lines(before: bytes, after: bytes) -> tuple[str, ...]:
    was, now = (data.decode("utf-8", "replace").splitlines() for data in (before, after))
    changed = unified_diff(was, now, lineterm="", n=0)
    return tuple(line for line in islice(changed, 2, None) if line[0] in "+-")
