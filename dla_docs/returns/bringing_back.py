"""Le retour d'un formulaire dans sa mission : de qui il vient, ce qui est pris, ou laissé."""

from __future__ import annotations

import contextlib
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from hashlib import sha256
from os.path import isdir
from pathlib import Path
from typing import TypeVar

from dla_docs.constat import Constat, Gravite
from dla_docs.errors import DlaDocsError, InputError, PackageError
from dla_docs.file_faults import not_a_folder
from dla_docs.files import MAX_TEXT, read_bytes, read_text, visible_entries, visible_files
from dla_docs.forms.answers_taken import judge
from dla_docs.forms.reader import Changement, Lecture, read
from dla_docs.model.document import Document
from dla_docs.pdf.opening import UnopenedPdfError
from dla_docs.profils.profil import Profil
from dla_docs.raw import load_raw
from dla_docs.raw.quoting import quoted
from dla_docs.returns.contributions import cited
from dla_docs.returns.folder import CONVERTED, FORMS
from dla_docs.returns.lost_data import without_its_data
from dla_docs.returns.merging import reunir
from dla_docs.returns.provenance import (
    Base,
    missions_of,
    refuse_other_mission,
    refuse_other_prestataire,
)
from dla_docs.stages.envelope import data_of
from dla_docs.stages.loading import no_mission
from dla_docs.word.file_kinds import ASK_WORD
from dla_docs.word.package import MAX_FILE
from dla_docs.writing_back.undo import as_one_command, finish, last_save
from dla_docs.writing_back.writing import FactPlace, base_in, claims, write

Found = TypeVar("Found", bound=Lecture)
Chosen = Profil | str | Path | None
YAML = (".yaml", ".yml")
STRAY = "Si c'est un formulaire, demandez-le en Word (.docx) ou en PDF ; sinon, laissez-le là."


class Sort(StrEnum):
    """Ce qu'il est advenu d'un fichier revenu."""

    PRIS = "pris"
    A_REGARDER = "à regarder"
    PAS_A_NOUS = "pas à nous"
    ILLISIBLE = "illisible"


@dataclass(frozen=True)
class Retour:
    """Un fichier revenu, et son sort. ``lecture`` : ce qui y a été lu ; ``ecrits`` : le nombre de
    changements que sa mission a pris ; ``constats`` : ce qu'il faut regarder.
    """

    fichier: Path
    sort: Sort
    mission: Path | None = None
    ecrits: int = 0
    constats: tuple[Constat, ...] = ()
    lecture: Lecture | None = None


def take_in(
    source: Path,
    mission: Path,
    profil: Chosen = None,
    forces: Collection[str] = (),
    laisses: Mapping[str, Constat] | None = None,
) -> tuple[Lecture, int]:
    """Écrit dans une mission ce qu'un formulaire y change ; rend ce qui a été lu, ce qui n'est pas
    pris dans ses ``refus``, et le nombre de changements écrits. ``laisses`` : les chemins à ne pas
    prendre, et ce qu'il faut en dire.

    ``InputError`` quand rien ne peut en être pris : un autre document, une autre mission, des
    données changées.
    """
    finish(mission)
    lecture = _compared(source, base_in(mission, profil), profil, forces)
    apart = [change for change in lecture.changements if change.chemin in (laisses or {})]
    said = [(laisses or {})[change.chemin] for change in apart]
    lecture = replace(
        lecture,
        changements=tuple(change for change in lecture.changements if change not in apart),
        refus=(*lecture.refus, *said),
    )
    try:
        taken = put_in(lecture, mission, profil)
    except InputError as error:  # what the form holds besides is not lost with it
        raise InputError(
            dict.fromkeys((*error.constats, *lecture.refus, *lecture.laisses))
        ) from error
    return taken, len(taken.changements)


def would_take(source: Path, mission: Path, profil: Chosen = None) -> bool:
    """Vrai quand ``take_in`` y trouverait quelque chose à écrire ; faux aussi quand il refuserait
    le fichier.
    """
    try:
        return bool(_compared(source, base_in(mission, profil), profil, ()).changements)
    except DlaDocsError:
        return False


def put_in(lecture: Found, mission: Path, profil: Chosen = None) -> Found:
    """La même relecture, une fois écrite : ce que le fichier n'a pas pris n'est plus un changement,
    et ce qu'elle dit de plus, les fichiers cités qui ont changé, sont dits. ``InputError`` quand
    rien ne s'écrit.
    """
    before = last_save(mission)
    done, save = write(lecture, mission, profil), last_save(mission)
    kept = (*(one for one in lecture.changements if not done.leaves(one)), *done.autres)
    files = [one.file for one in save.files()] if save and save != before else []
    elsewhere = tuple(file for file in files if file.resolve() != mission.resolve())
    return replace(
        lecture,
        changements=kept,
        refus=(*lecture.refus, *done.laissees),
        constats=tuple(_still(lecture.constats, done.tenu, profil)),
        ailleurs=elsewhere,
    )


def _still(constats: Sequence[Constat], held: Document | None, profil: Chosen) -> Iterator[Constat]:
    """What is still to complete once it is written: another sheet may say what this one does not,
    and the mission lend it.
    """
    lacking = any(one.exigences for one in constats)
    found = judge(held, profil) if held is not None and lacking else constats
    still = {(one.chemin, one.exigences) for one in found}
    yield from (
        one for one in constats if not one.exigences or (one.chemin, one.exigences) in still
    )


def _compared(source: Path, base: Base, profil: Chosen, forces: Collection[str]) -> Lecture:
    """What left, what came back, what the mission says now."""
    lecture = read(source, base, profil)
    if lecture.envoi is not None and lecture.envoi.donnees:
        return reunir([source], base, profil, forces)
    return _without_state(lecture, source, base, forces)


def _without_state(lecture: Lecture, source: Path, base: Base, forces: Collection[str]) -> Lecture:
    """A form that says nothing of what it left with fills what is empty, and overwrites nothing."""
    model, data = type(lecture.document), data_of(lecture.document)
    refuse_other_mission(model, data, base, source.name, lecture.envoi, forces)
    held = next(iter(base.get(model.slug(), ())), None)
    refuse_other_prestataire(model, data, base, held, source.name)
    if lecture.envoi is None:
        return without_its_data(lecture, source.name, base, forces)
    return reunir([source], base, None, forces) if base.get(model.slug()) else lecture


def retours(dossier: str | Path, missions: str | Path, profil: Chosen = None) -> Iterator[Retour]:
    """Prend les formulaires d'un dossier, chacun dans la mission que disent ses données.

    Rien n'est déplacé ni effacé ; un fichier qui ne se lit pas n'arrête pas les autres.

    Arguments :
    - ``dossier`` : celui des fichiers revenus.
    - ``missions`` : celui des missions, sous-dossiers compris.
    - ``profil`` : celui sous lequel ils sont partis, quand c'est celui d'un DLA.

    Rend : un ``Retour`` par fichier du dossier, ou par ce qui y tient lieu de fichier, dans l'ordre
    de leurs noms.

    Erreurs :
    - ``InputError`` : l'un des dossiers n'existe pas, ou aucune mission ne s'y trouve.
    """
    yield from several(_files_of(Path(dossier)), missions_in(Path(missions)), profil)


def several(
    files: Sequence[Path],
    missions: Sequence[Path],
    profil: Chosen = None,
    forces: Collection[str] = (),
    sure: bool = False,
) -> list[Retour]:
    """Des fichiers revenus, chacun écrit dans la mission qui est la sienne ; ni leur ordre ni leur
    nom n'y change rien. ``sure`` : la seule mission donnée a été nommée, et n'est pas à deviner.

    Un fait auquel deux d'entre eux répondent autrement n'est pris d'aucun.
    """
    for mission in missions:
        finish(mission)
    homes, disputed = _before_any(files, missions, profil, forces, sure)
    take = partial(_placed, missions=missions, profil=profil, forces=forces, sure=sure)
    # One mission after the other: a file that two of them cite is undone in one order.
    once = sorted({*files}, key=lambda path: (str(homes.get(path, "")), _content(path), path))
    with as_one_command():
        done = {path: _guarded(take, path, disputed.get(path, {})) for path in once}
    return [done[path] for path in dict.fromkeys(files)]  # given twice, it is read once


def _content(path: Path) -> bytes:
    try:
        return sha256(read_bytes(path, MAX_FILE)).digest()
    except InputError:  # what cannot be read changes nothing
        return b""


def _before_any(
    files: Sequence[Path],
    missions: Sequence[Path],
    profil: Chosen,
    forces: Collection[str],
    sure: bool,
) -> tuple[dict[Path, Path], dict[Path, dict[str, Constat]]]:
    """By file, its mission; and the paths of the facts that another one answers differently."""
    homes: dict[Path, Path] = {}
    answers: dict[FactPlace, dict[Path, Changement]] = defaultdict(dict)
    for path in files:
        with contextlib.suppress(Exception):  # its turn comes, and says what is wrong with it
            lecture = read(path, None, profil)
            mine = list(missions) if sure else missions_of(lecture, missions, profil)
            if len(mine) == 1:
                homes[path] = mine[0]
                taken = _compared(path, base_in(mine[0], profil), profil, forces)
                for place, change in claims(taken, mine[0], profil).items():
                    answers[place][path] = change
    found: dict[Path, dict[str, Constat]] = defaultdict(dict)
    for said in answers.values():
        if len({change.apres for change in said.values()}) > 1:
            for path, change in said.items():
                found[path][change.chemin] = _dispute(path, change, said)
    return homes, found


def _dispute(path: Path, change: Changement, said: Mapping[Path, Changement]) -> Constat:
    files = sorted(said)
    told = ", ".join(
        f"{quoted(said[file].apres)} dans « {name} »"
        for file, name in zip(files, cited(files), strict=True)
    )
    number = "deux" if len(said) == 2 else f"{len(said)} fichiers"
    return Constat(
        f"{change.libelle} : {told} ; le fait n'est pris d'aucun des {number} ({change.chemin}).",
        chemin=change.chemin,
        fichier=path.name,
        conseil="Demandez-leur laquelle est la bonne, puis relisez seul le formulaire qui la dit.",
    )


def _guarded(
    take: Callable[[Path, Mapping[str, Constat]], Retour],
    path: Path,
    disputed: Mapping[str, Constat],
) -> Retour:
    try:
        return take(path, disputed)
    except Exception as error:  # the boundary: whatever one file does, the others are read
        said = _said(
            path,
            f"Défaut de dla-docs devant ce fichier ({type(error).__name__}) : il n'a pas été pris.",
            "Relisez-le à part, avec « dla-docs lire », et signalez-le.",
        )
        return Retour(path, Sort.A_REGARDER, constats=said)


def _placed(
    path: Path,
    disputed: Mapping[str, Constat],
    missions: Sequence[Path],
    profil: Chosen,
    forces: Collection[str],
    sure: bool,
) -> Retour:
    if is_lock(path):
        return Retour(path, Sort.PAS_A_NOUS, constats=(_lock(path),))
    try:
        lecture = read(path, None, profil)
    except (PackageError, InputError) as error:
        return Retour(path, *_unread(path, error))
    mine = list(missions) if sure else missions_of(lecture, missions, profil)
    if len(mine) != 1:
        return Retour(path, *_unplaced(path, lecture, mine), lecture=lecture)
    try:
        lecture, written = take_in(path, mine[0], profil, forces, disputed)
    except InputError as error:
        return Retour(path, Sort.A_REGARDER, mine[0], 0, error.constats, lecture)
    sort = Sort.A_REGARDER if lecture.refus or lecture.laisses else Sort.PRIS
    said = (constat for constat in lecture.constats if not constat.exigences)
    return Retour(path, sort, mine[0], written, (*lecture.refus, *said), lecture)


def missions_in(folder: Path) -> list[Path]:
    """Les fichiers de mission d'un dossier, sous-dossiers compris ; ``InputError`` s'il n'y en a
    pas.
    """
    found = [path for path in visible_files(folder) if path.suffix.lower() in YAML]
    missions = [path for path in found if is_mission(path) or _would_be_one(path)]
    if not missions:
        raise no_mission(folder)
    return missions


def is_mission(path: Path) -> bool:
    """Vrai pour le fichier d'une mission ; un fichier qui ne se lit pas n'en est pas un."""
    try:
        return path.is_file() and load_raw(path).get("document") == "mission"
    except InputError:
        return False


def _would_be_one(path: Path) -> bool:
    """A mission that a mistake keeps from being read: it is named, when a form comes back to it."""
    try:
        load_raw(path)
    except InputError:
        with contextlib.suppress(InputError):
            return MISSION_FILE.search(read_text(path)) is not None
    return False


MISSION_FILE = re.compile(r"^document\s*:\s*[\"']?mission\b", re.MULTILINE)


def _files_of(folder: Path) -> list[Path]:
    if not isdir(folder):
        raise InputError(
            Constat(not_a_folder(folder), fichier=str(folder), conseil="Vérifiez son nom.")
        )
    locks = (path for path in folder.rglob(f"{LOCK}*") if path.is_file())
    return sorted([*visible_entries(folder), *locks])


def is_lock(path: Path) -> bool:
    """Vrai de ce que Word pose à côté d'un fichier tant qu'il est ouvert."""
    return path.name.startswith(LOCK)


LOCK = "~$"


def _lock(path: Path) -> Constat:
    return Constat(
        "C'est la marque que Word pose à côté d'un fichier ouvert ; elle est à laisser.",
        Gravite.INFORMATION,
        fichier=str(path),
    )


def _can_be_opened(path: Path) -> bool:
    try:
        return bool(read_bytes(path, MAX_TEXT))
    except InputError:
        return False


def _said(path: Path, message: str, conseil: str) -> tuple[Constat, ...]:
    return (Constat(message, fichier=str(path), conseil=conseil),)


def _unread(
    path: Path, error: PackageError | InputError
) -> tuple[Sort, None, int, tuple[Constat, ...]]:
    """A file that no form is, and why; whoever put it there may have thought it was one."""
    if path.suffix.lower() not in (*FORMS, *CONVERTED):
        said = [
            replace(
                one, fichier=str(path), conseil=STRAY if one.conseil == ASK_WORD else one.conseil
            )
            for one in error.constats
        ]
        return Sort.PAS_A_NOUS, None, 0, tuple(said)
    is_text = not isinstance(error, PackageError | UnopenedPdfError) and _can_be_opened(path)
    return Sort.PAS_A_NOUS if is_text else Sort.ILLISIBLE, None, 0, tuple(error.constats)


def _unplaced(
    path: Path, lecture: Lecture, mine: Sequence[Path]
) -> tuple[Sort, None, int, tuple[Constat, ...]]:
    sort, named = Sort.A_REGARDER, "Donnez la bonne avec « dla-docs lire … --dans »."
    if mine:
        told = ", ".join(f"« {one} »" for one in mine)
        message = f"Plusieurs missions peuvent être la sienne : {told}."
    elif lecture.envoi is None or not lecture.envoi.donnees:
        message = "Ce formulaire ne dit pas de quelle mission il vient."
    else:
        message = "Aucune mission de ce dossier n'est la sienne, d'après ses données."
        sort = Sort.PAS_A_NOUS
    return sort, None, 0, _said(path, message, named)
