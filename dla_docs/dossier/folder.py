"""Le dossier sur le disque : ce qui y était, ce qui change, ce qui n'est plus fait."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from dla_docs.constat import Constat
from dla_docs.dossier.recipient import Remise
from dla_docs.errors import InputError
from dla_docs.files import MAX_TEXT, name_key, read_bytes
from dla_docs.resources import installed_version
from dla_docs.retouches.target import digest
from dla_docs.stages.manifest import FichierDuDossier, Manifeste

MANIFEST = "manifeste.json"
SUMMARY, PROOF, WHOLE = "00 \N{EN DASH} Sommaire", "conformite", "dossier complet"


def is_about_a_dossier(path: Path) -> bool:
    """Vrai d'un fichier où un dossier parle de lui-même : son sommaire, sa preuve."""
    return path.stem in (SUMMARY, PROOF) and (path.parent / MANIFEST).exists()


def last_manifest(where: Path) -> Manifeste | None:
    """Le manifeste de la fois d'avant ; ``None`` quand il n'y en a pas, ou qu'il ne se lit pas."""
    try:
        return Manifeste.model_validate_json(read_bytes(where / MANIFEST, MAX_TEXT))
    except (InputError, ValidationError):
        return None


def check_recipient(where: Path, remise: Remise, brouillon: bool) -> None:
    """``InputError`` quand ce dossier est déjà celui d'un autre, qui lirait ses fichiers, ou quand
    ce qu'on remet n'est qu'un brouillon.
    """
    if brouillon and not remise.entiere:
        raise InputError(
            Constat(
                "Un brouillon ne se remet pas : l'archive seule en garde.",
                conseil="Retirez « --brouillon », ou « --destinataire ».",
            )
        )
    before = last_manifest(where)
    if before is not None and before.destinataire != remise.mot:
        raise InputError(
            Constat(
                f"« {where.name} » tient déjà le dossier d'un autre destinataire "
                f"({before.destinataire}) : celui-ci ({remise.mot}) y lirait ses fichiers.",
                conseil="Donnez un autre dossier.",
            )
        )


def pdf_made_of(word: bytes, name: str, where: Path, before: Manifeste | None) -> bytes | None:
    """Le PDF de la fois d'avant, quand il est resté tel que cette version l'a fait de ce même
    document Word.
    """
    same = before is not None and before.dla_docs == installed_version()
    rows = before.fichiers if before is not None and same else ()
    known = next((one for one in rows if one.nom == name), None)
    if known is None or known.fait_de != digest(word):
        return None
    held = _held(where / name)
    return held if held is not None and digest(held) == known.sha256 else None


def marks_of(where: Path, before: Manifeste | None) -> dict[str, str]:
    """L'empreinte de chaque fichier que la fois d'avant a écrits, par nom ; son manifeste aussi,
    puisqu'il s'est lu.
    """
    if before is None:
        return {}
    held = _held(where / MANIFEST)
    return {one.nom: one.sha256 for one in before.fichiers} | {MANIFEST: digest(held or b"")}


def left_over(
    where: Path, before: Manifeste | None, now: Iterable[FichierDuDossier]
) -> tuple[str, ...]:
    """Les fichiers d'une fois d'avant qui ne se font plus, et sont restés."""
    if before is None:
        return ()
    made = {name_key(one.nom) for one in now}
    known = [*(one.nom for one in before.fichiers), *before.anciens]
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
