"""Le dossier sur le disque : ce qui y était, ce qui change, ce qui n'est plus fait."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from dla_docs.constat import Constat
from dla_docs.disk.temporaries import temporary_folder
from dla_docs.dossier.mission_data import MISSION
from dla_docs.dossier.recipient import Remise, mot_tape
from dla_docs.errors import InputError
from dla_docs.file_faults import unwritable
from dla_docs.files import MAX_TEXT, digest, name_key, read_bytes, write_atomic
from dla_docs.mission import Mission
from dla_docs.registry import DOCUMENTS
from dla_docs.resources import installed_version
from dla_docs.stages.evidence import Partie
from dla_docs.stages.manifest import FichierDuDossier, FichierEcrit, Inacheve, Manifeste
from dla_docs.stages.saves import FOLDER as COPIES

MANIFEST = "manifeste.json"
SUMMARY, PROOF, WHOLE = "00 \N{EN DASH} Sommaire", "conformite", "dossier complet"
UNDER_WAY = "dossier inachevé.json"
TO_BE_DONE = (
    "L'écriture de ce dossier n'est pas finie, ou a été coupée : ses fichiers ne vont pas "
    "ensemble. Refaites-le par la même commande, qui l'achève et ôte ce fichier."
)
UNSHOWN = (".", "~$")  # what the machine, or Word while it is open, puts beside the files
SHOWN = 3  # of the files that are not of it, the message names so many
P = TypeVar("P", bound=Partie)


def is_about_a_dossier(path: Path) -> bool:
    """Vrai d'un fichier où un dossier parle de lui-même : son sommaire, sa preuve, sa mission."""
    return path.stem in (SUMMARY, PROOF, MISSION) and (path.parent / MANIFEST).exists()


def last_manifest(where: Path) -> Manifeste | None:
    """Le manifeste de la fois d'avant ; ``None`` quand il n'y en a pas, ou qu'il ne se lit pas."""
    return _read(Manifeste, where / MANIFEST)


def under_way(where: Path) -> Inacheve | None:
    """Ce qu'une écriture coupée allait mettre dans ce dossier ; ``None`` quand il n'y en a pas."""
    return _read(Inacheve, where / UNDER_WAY)


def _read(kind: type[P], path: Path) -> P | None:
    try:
        return kind.model_validate_json(read_bytes(path, MAX_TEXT))
    except (InputError, ValidationError):
        return None


def begin(where: Path, remise: Remise, files: Iterable[tuple[bytes, FichierDuDossier]]) -> None:
    """Dit dans le dossier ce qui va y changer, avant que rien n'y change : une écriture coupée se
    voit, et la suivante sait ce qui vient d'elle. Rien, quand rien ne change. ``DiskError`` quand
    tout ce qui change n'a pas la place.
    """
    changed = [(octets, row) for octets, row in files if _held(where / row.nom) != octets]
    if not changed:
        return
    rows = [row for _, row in changed]
    left = under_way(where)
    told = [FichierEcrit(nom=one.nom, sha256=one.sha256, retouche=one.retouche) for one in rows]
    told += left.fichiers if left else ()
    said = Inacheve(message=TO_BE_DONE, destinataire=remise.mot, fichiers=tuple(told))
    note = said.to_json()
    _check_room(where, [note, *(octets for octets, _ in changed)])
    write_atomic(where / UNDER_WAY, note)


def _check_room(where: Path, contents: Iterable[bytes]) -> None:
    """By writing them all apart, then taking them away: what a disk keeps for itself, and what is
    left of a quota, cannot be known.
    """
    try:
        with temporary_folder(where / UNDER_WAY) as trial:
            for number, octets in enumerate(contents):
                (trial / str(number)).write_bytes(octets)
    except OSError as error:
        raise unwritable(where, error) from error


def finish(where: Path) -> None:
    """L'écriture est allée au bout."""
    with suppress(OSError):
        (where / UNDER_WAY).unlink(missing_ok=True)


NOT_HANDED = {
    "brouillon": Constat(
        "Un brouillon ne se remet pas : l'archive seule en garde.",
        conseil="Retirez « --brouillon », ou « --destinataire ».",
    ),
    "remplacer": Constat(
        "« --remplacer » garde dans le dossier une copie de ce qu'il remplace : le destinataire la "
        "lirait.",
        conseil="Retirez « --remplacer », et ôtez vous-même le fichier dont vous ne voulez plus.",
    ),
}


def check_recipient(
    where: Path, remise: Remise, mission: Mission, *, brouillon: bool, remplacer: bool
) -> None:
    """``InputError`` quand ce dossier est déjà celui d'un autre, ou tient ce que le destinataire
    n'a pas à lire, ou quand ce qu'on remet n'est qu'un brouillon.
    """
    asked = {"brouillon": brouillon, "remplacer": remplacer}
    if not remise.entiere and (no := [NOT_HANDED[name] for name, said in asked.items() if said]):
        raise InputError(no)
    known = {one.destinataire for one in (last_manifest(where), under_way(where)) if one}
    for other in known - {remise.mot}:
        raise InputError(
            Constat(
                f"« {where.name} » tient déjà le dossier d'un autre destinataire "
                f"({mot_tape(other)}) : celui-ci ({remise.tape}) y lirait ses fichiers.",
                conseil="Donnez un autre dossier.",
            )
        )
    if not remise.entiere:
        _check_only_its_own(where, mission)


def _check_only_its_own(where: Path, mission: Mission) -> None:
    """``InputError`` quand le destinataire y lirait aussi les fichiers d'une autre mission, ou de
    qui l'on ne sait pas.
    """
    before, cut = last_manifest(where), under_way(where)
    if before is not None and _is_of_another(before, mission):
        raise InputError(
            Constat(
                f"« {where.name} » tient le dossier d'une autre mission : le destinataire de "
                "celle-ci y lirait ses fichiers.",
                conseil="Donnez un autre dossier.",
            )
        )
    known = {name_key(one.nom) for one in _told(before, cut)}
    if before is not None:  # what was left alone is named, each time
        known |= {name_key(name) for name in before.anciens}
        known |= {name_key(one.nom) for one in before.pas_produits}
    known |= {name for name, one in ((MANIFEST, before), (UNDER_WAY, cut)) if one is not None}
    there = sorted(one.name for one in where.iterdir()) if where.is_dir() else []
    hidden = () if known else (COPIES,)  # of his own folder, they are of what was his
    others = [
        one
        for one in there
        if name_key(one) not in known and (one in hidden or not one.startswith(UNSHOWN))
    ]
    if others:
        more = f" et {len(others) - SHOWN} de plus" if len(others) > SHOWN else ""
        raise InputError(
            Constat(
                f"« {where.name} » tient déjà ce que son manifeste ne nomme pas : le destinataire "
                f"le lirait ({', '.join(others[:SHOWN])}{more}).",
                conseil="Donnez un autre dossier, ou ôtez-en ces fichiers.",
            )
        )


def _is_of_another(before: Manifeste, mission: Mission) -> bool:
    """True when neither the reference nor the structures are those of this one."""
    held = before.mission
    if held is None:
        return False
    if held.reference and mission.reference:
        return held.reference != mission.reference
    if not held.structures:  # it was not for its recipient to read
        return False
    return set(held.structures).isdisjoint(one.nom for one in mission.structures)


def check_same_mission(
    where: Path, before: Manifeste | None, now: Iterable[FichierDuDossier], mission: Mission
) -> None:
    """``InputError`` quand le manifeste d'un dossier remis ne dit pas de quelle mission il est, et
    qu'aucun de ses documents n'est de ceux qui se font maintenant : rien n'est écrit.
    """
    held = before.mission if before is not None else None
    if held is None or before is None or held.structures or (held.reference and mission.reference):
        return
    old = {one.sha256 for one in before.fichiers if one.sorte in DOCUMENTS}
    if old and old.isdisjoint(one.sha256 for one in now):
        raise InputError(
            Constat(
                f"« {where.name} » tient un dossier dont le manifeste ne dit ni la référence ni la "
                "structure, et aucun de ses documents n'est de cette mission telle qu'elle est : "
                "c'est peut-être celui d'une autre.",
                conseil="Donnez un autre dossier ; si c'est bien celui-ci, videz-le d'abord.",
            )
        )


def pdf_made_of(mark: str, name: str, where: Path, before: Manifeste | None) -> bytes | None:
    """Le PDF de la fois d'avant, quand il est resté tel que cette version l'a fait de ce qui a
    cette empreinte.
    """
    same = before is not None and before.dla_docs == installed_version()
    rows = before.fichiers if before is not None and same else ()
    known = next((one for one in rows if one.nom == name), None)
    if known is None or known.fait_de != mark:
        return None
    held = _held(where / name)
    return held if held is not None and digest(held) == known.sha256 else None


def marks_of(where: Path, before: Manifeste | None, cut: Inacheve | None) -> set[tuple[str, str]]:
    """Le nom et l'empreinte de chaque fichier que les fois d'avant ont écrits, finies ou coupées,
    et qui ne tient rien d'une main ; leur manifeste aussi, puisqu'il s'est lu.
    """
    marks = {(one.nom, one.sha256) for one in _told(before, cut) if not one.retouche}
    if before is not None:
        marks.add((MANIFEST, digest(_held(where / MANIFEST) or b"")))
    return marks


def _told(before: Manifeste | None, cut: Inacheve | None) -> Iterator[FichierEcrit]:
    for one in (before, cut):
        yield from one.fichiers if one is not None else ()


def left_over(
    where: Path, before: Manifeste | None, cut: Inacheve | None, now: Iterable[FichierDuDossier]
) -> tuple[str, ...]:
    """Les fichiers des fois d'avant qui ne se font plus, et sont restés."""
    made = {name_key(one.nom) for one in now}
    known = [*(one.nom for one in _told(before, cut)), *(before.anciens if before else ())]
    return tuple(
        name
        for name in dict.fromkeys(known)
        if name_key(name) not in made and Path(name).name == name and (where / name).is_file()
    )


def _held(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
