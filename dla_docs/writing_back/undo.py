"""Ce qui se défait : avant chaque écriture dans une mission, une copie datée de ses fichiers."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from difflib import unified_diff
from itertools import chain, groupby, islice, takewhile
from operator import attrgetter
from pathlib import Path
from uuid import uuid4

from dla_docs.constat import Constat
from dla_docs.disk.temporaries import clear_leftovers, temporary_beside, temporary_folder
from dla_docs.errors import InputError
from dla_docs.file_faults import unwritable
from dla_docs.files import make_folder, read_bytes, write_atomic
from dla_docs.stages.saves import (
    COMMAND,
    DONE,
    FOLDER,
    NAMES,
    UNDONE,
    Save,
    data_of,
    folder_of,
    name_of_now,
    saves,
)
from dla_docs.writing_back.undo_order import later_elsewhere, to_undo_first

KEPT = 20


@dataclass(frozen=True)
class Annulation:
    """Ce qu'une commande avait changé. ``date`` : celle de sa première écriture, « 28/11/2026 à
    20h35 ». ``lignes`` : par fichier, les lignes ôtées (« - ») et mises (« + »). ``ecritures`` :
    combien elle en avait fait dans cette mission.
    """

    date: str
    lignes: Mapping[Path, tuple[str, ...]]
    ecritures: int = 1


_COMMAND: ContextVar[str] = ContextVar("_COMMAND", default="")


@contextlib.contextmanager
def as_one_command() -> Iterator[None]:
    """Ce qui s'écrit dedans est d'une seule commande : ``annuler`` le défait ensemble."""
    token = _COMMAND.set(_COMMAND.get() or uuid4().hex)
    try:
        yield
    finally:
        _COMMAND.reset(token)


def write_kept(mission: Path, texts: Mapping[Path, bytes]) -> None:
    """Écrit ces fichiers d'une mission, une copie datée gardée d'abord : tous, ou aucun.

    Une écriture interrompue laisse chaque fichier entier, et la copie : ``finish`` ou ``annuler``
    remet tout comme avant elle. ``InputError`` si rien ne peut être écrit.
    """
    finish(mission)
    for folder in {folder_of(mission), *(file.resolve().parent for file in texts)}:
        clear_leftovers(folder)
    _gather(mission)
    kept = _keep(mission, texts)
    try:
        for file, data in texts.items():
            write_atomic(file, data)
    except BaseException:
        _put_back(kept)
        _drop(kept.folder)
        raise
    (kept.folder / DONE).touch()
    commands = [[*held] for _, held in groupby(saves(mission), attrgetter("command"))]
    for old in chain.from_iterable(commands[:-KEPT]):
        _drop(old.folder)


def finish(mission: Path) -> None:
    """Défait une écriture coupée, dont des fichiers étaient écrits et d'autres non : ce qui se lit
    ensuite est entier. Celle dont tous l'étaient est faite. Ce que quelqu'un a changé depuis reste
    tel quel.
    """
    for kept in saves(mission):
        if kept.is_open:
            done = all(one.is_after for one in kept.files())
            if not done:
                _put_back(kept)
            (kept.folder / (DONE if done else UNDONE)).touch()


def last_save(mission: Path) -> Save | None:
    """La copie gardée par la dernière écriture faite dans une mission."""
    return next(reversed(saves(mission)), None)


def annuler(mission: str | Path) -> Annulation:
    """Défait la dernière commande qui a écrit dans une mission : ses fichiers redeviennent, octet
    pour octet, ce qu'ils étaient, même si elle les a écrits plusieurs fois.

    Arguments :
    - ``mission`` : le fichier .yaml de la mission, ou le document Word rafraîchi.

    Rend : l'``Annulation``, qui dit ce que cette commande avait changé.

    Erreurs :
    - ``InputError`` : le fichier n'existe pas, rien n'est à annuler, ou un fichier a changé
      depuis cette écriture.
    """
    target = Path(mission)
    done = [one for one in reversed(saves(target)) if not one.is_undone]
    if not done:
        raise _nothing_to_undo(target)
    last = [*takewhile(lambda one: one.command == done[0].command, done)]
    if changed := _changed_since(last):
        raise InputError(_why_not(target, last, changed))
    said = _what_changed(last)
    for kept in last:
        (kept.folder / DONE).unlink(missing_ok=True)  # cut from here on, it is one to undo
        _put_back(kept)
        (kept.folder / UNDONE).touch()
    return Annulation(_day_and_hour(last[-1].begun), said, sum(one.writings for one in last))


def _nothing_to_undo(target: Path) -> InputError:
    read_bytes(target, 0)  # a name misspelt is said to be one
    why = (
        "chaque écriture dont une copie est gardée l'a déjà été"
        if saves(target)
        else "aucune copie d'avant n'est gardée"
    )
    return InputError(
        Constat(
            f"Il n'y a rien à annuler : {why}.",
            fichier=str(target),
            conseil=f"Les copies sont faites à chaque écriture, dans « {FOLDER} ».",
        )
    )


def _why_not(mission: Path, last: Sequence[Save], changed: Mapping[Path, Path]) -> list[Constat]:
    """What another mission has written since is undone there first; what a hand has, is not."""
    waiting = {file: later_elsewhere(mission, last, file) for file in changed}
    first = {file: found for file, found in waiting.items() if found}
    return [*to_undo_first(first)] + [
        Constat(
            "Ce fichier a changé depuis la dernière écriture, ou n'est plus là : l'annuler "
            "perdrait ces changements.",
            fichier=str(file),
            conseil=f"La copie d'avant est « {copy} ».",
        )
        for file, copy in changed.items()
        if not waiting[file]
    ]


def _changed_since(last: Sequence[Save]) -> dict[Path, Path]:
    """From the last writing to the first one, each file is as that one left it, or found it:
    those that are not, and their copies.
    """
    state: dict[Path, bytes | None] = {}
    changed: set[Path] = set()
    copies: dict[Path, Path] = {}
    for one in chain.from_iterable(kept.files() for kept in last):
        there = one.file.is_file()
        now = state.get(one.file, data_of(one.file) if there else None)
        if now not in (data_of(one.before), data_of(one.after)):
            changed.add(one.file)
        state[one.file], copies[one.file] = data_of(one.before), one.before
    return {file: copy for file, copy in copies.items() if file in changed}


def _what_changed(last: Sequence[Save]) -> dict[Path, tuple[str, ...]]:
    """Between the copy of before the first writing and that of after the last one."""
    first: dict[Path, Path] = {}
    after: dict[Path, Path] = {}
    for one in chain.from_iterable(kept.files() for kept in last):
        first[one.file] = one.before
        after.setdefault(one.file, one.after)
    return {file: _lines(data_of(first[file]), data_of(after[file])) for file in first}


def _day_and_hour(name: str) -> str:
    day, _, hour = name.partition(" ")
    return f"{'/'.join(reversed(day.split('-')))} à {hour[:5]}"


def _keep(mission: Path, texts: Mapping[Path, bytes]) -> Save:
    """The copies, under their name only once they are all there."""
    folder = make_folder(folder_of(mission))
    kept = folder / name_of_now()
    try:
        with temporary_folder(kept) as making:
            for number, (file, data) in enumerate(texts.items()):
                write_atomic(making / f"{number}.avant", data_of(file))
                write_atomic(making / f"{number}.apres", data)
            root = mission.resolve().parent
            if command := _COMMAND.get():
                write_atomic(making / COMMAND, command.encode())
            write_atomic(making / NAMES, _names(root, texts))
            os.rename(making, kept)
    except OSError as error:
        raise unwritable(kept, error) from error
    return Save(mission, kept)


def _gather(mission: Path) -> None:
    """The copies of a command are those of before its first writing and of after its last one: they
    end in the folder of the last, which can be undone with the others as well as without them.
    """
    done = [one for one in saves(mission) if not one.is_undone]
    for _, held in groupby(done, attrgetter("command")):
        earlier, *later = held
        for one in later:
            _take_over(one, earlier)
            _drop(earlier.folder)
            earlier = one


def _take_over(later: Save, earlier: Save) -> None:
    """What it holds of before is first there; the names, the last to be written, say it is all."""
    own = later.files()
    more: list[Path] = []
    known = {one.file: one for one in own}
    for one in earlier.files():
        if one.file in known:
            write_atomic(known[one.file].before, data_of(one.before))
            continue
        rank = len(own) + len(more)
        more.append(one.file)
        write_atomic(later.folder / f"{rank}.avant", data_of(one.before))
        write_atomic(later.folder / f"{rank}.apres", data_of(one.after))
    root, files = later.mission.resolve().parent, (*known, *more)
    write_atomic(later.folder / NAMES, _names(root, files))
    number = later.writings + earlier.writings
    said = "\n".join((later.command, str(number), earlier.begun))
    write_atomic(later.folder / COMMAND, said.encode())


def _names(root: Path, files: Iterable[Path]) -> bytes:
    names = [Path(os.path.relpath(file, root)).as_posix() for file in files]
    return json.dumps(names, ensure_ascii=False).encode()


def _drop(kept: Path) -> None:
    """No copy any more, even when it is removed in part only."""
    gone = temporary_beside(kept)
    with contextlib.suppress(OSError):  # someone looks at them: the next writing has its turn
        os.rename(kept, gone)
    shutil.rmtree(gone, ignore_errors=True)


def _put_back(kept: Save) -> None:
    for one in kept.files():
        if one.is_after:
            write_atomic(one.file, data_of(one.before))


def _lines(before: bytes, after: bytes) -> tuple[str, ...]:
    if b"\0" in before + after:  # a document of Word: it is opened, not read line by line
        return ()
    was, now = (data.decode("utf-8", "replace").splitlines() for data in (before, after))
    changed = unified_diff(was, now, lineterm="", n=0)
    return tuple(line for line in islice(changed, 2, None) if line[0] in "+-")
