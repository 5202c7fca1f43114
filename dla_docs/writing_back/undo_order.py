"""Le fichier que citent deux missions, et que chacune a écrit : la dernière à l'avoir fait se
défait la première.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby
from operator import attrgetter
from os.path import isdir
from pathlib import Path

from dla_docs.constat import Constat
from dla_docs.raw.quoting import argument
from dla_docs.stages.saves import FOLDER, Kept, Save, data_of, saves


def later_elsewhere(mission: Path, last: Sequence[Save], file: Path) -> list[Save]:
    """Ce qui se défait d'abord dans les missions qui ont écrit ce fichier depuis, la dernière
    écriture en tête ; rien quand elles n'expliquent pas à elles seules ce qu'il est devenu.
    """
    left = [one.after for kept in last for one in kept.files() if one.file == file]
    if not file.is_file() or not left:
        return []
    end, state = data_of(left[0]), data_of(file)
    found: list[Save] = []
    for save, kept in _writings(file, mission, last[0].folder.name):
        if state == end:
            break
        if state == data_of(kept.after):
            state = data_of(kept.before)
            found.append(save)
    return found if state == end else []


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


def to_undo_first(waiting: Mapping[Path, Sequence[Save]]) -> Iterator[Constat]:
    """Ce qu'il faut défaire avant, dans l'ordre : de chaque fichier, ce qu'on en dit, et pour tous
    le même remède, qui ne se suit qu'une fois.
    """
    told = [
        f"« dla-docs annuler {argument(one)} »{f' ({number} fois)' if number > 1 else ''}"
        for one, number in _turns({*chain.from_iterable(waiting.values())})
    ]
    for file, saves_of_it in waiting.items():
        number = len({save.mission for save in saves_of_it}) + 1
        yield Constat(
            f"Ce fichier est cité par {number} missions, et une autre l'a écrit depuis : défaire "
            "d'abord cette écriture-ci perdrait la sienne.",
            fichier=str(file),
            conseil=f"Lancez d'abord {', puis '.join(told)}, puis recommencez.",
        )


def _turns(found: Iterable[Save]) -> Iterator[tuple[Path, int]]:
    """In order, a mission and how many of its commands are to undo."""
    told = Counter[Path]()
    last_first = sorted(found, key=lambda one: one.folder.name, reverse=True)
    for mission, held in groupby(last_first, attrgetter("mission")):
        number = max(map(_turn, held)) - told[mission]
        if number > 0:
            told[mission] += number
            yield mission, number
