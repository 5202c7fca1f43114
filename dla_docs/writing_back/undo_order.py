"""Le fichier que citent deux missions, et que chacune a écrit : la dernière à l'avoir fait se
défait la première.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from os.path import isdir
from pathlib import Path

from dla_docs.constat import Constat
from dla_docs.raw.quoting import argument
from dla_docs.stages.saves import FOLDER, Kept, Save, data_of, saves

Turns = list[tuple[Path, int]]  # in order, a mission and how many of its commands are to undo


def later_elsewhere(mission: Path, last: Sequence[Save], file: Path) -> Turns:
    """Ce qui se défait d'abord dans les missions qui ont écrit ce fichier depuis ; rien quand elles
    n'expliquent pas à elles seules ce qu'il est devenu.
    """
    left = [one.after for kept in last for one in kept.files() if one.file == file]
    if not file.is_file() or not left:
        return []
    end, state, told = data_of(left[0]), data_of(file), Counter[Path]()
    turns: Turns = []
    for save, kept in _writings(file, mission, last[0].folder.name):
        if state == end:
            break
        if state == data_of(kept.after):
            state = data_of(kept.before)
            number = _turn(save) - told[save.mission]
            told[save.mission] += number
            turns += [(save.mission, number)] if number else []
    return turns if state == end else []


def _writings(file: Path, mission: Path, after: str) -> Iterator[tuple[Save, Kept]]:
    """Those of other missions, the last one first. What a mission cites is below its folder."""
    own = mission.resolve()
    held = [parent / FOLDER for parent in file.resolve().parents if isdir(parent / FOLDER)]
    others = [beside.parent / one.name for beside in held for one in beside.iterdir()]
    found = [save for other in others if other != own for save in _done(other)]
    for save in sorted(found, key=lambda one: one.folder.name, reverse=True):
        if save.folder.name > after:
            yield from ((save, one) for one in save.files() if one.file == file.resolve())


def _done(mission: Path) -> list[Save]:
    return [one for one in saves(mission) if not (one.is_undone or one.is_open)]


def _turn(save: Save) -> int:
    """How many commands are to undo in its mission, from the last one to the one of this save."""
    commands = dict.fromkeys(one.command for one in reversed(_done(save.mission)))
    return [*commands].index(save.command) + 1


def to_undo_first(file: Path, turns: Turns) -> Constat:
    """Ce qu'il faut défaire avant, dans l'ordre."""
    told = [
        f"« dla-docs annuler {argument(one)} »{f' ({number} fois)' if number > 1 else ''}"
        for one, number in turns
    ]
    return Constat(
        f"Ce fichier est cité par {len(dict(turns)) + 1} missions, et une autre l'a écrit depuis : "
        "défaire d'abord cette écriture-ci perdrait la sienne.",
        fichier=str(file),
        conseil=f"Lancez d'abord {', puis '.join(told)}, puis recommencez.",
    )
