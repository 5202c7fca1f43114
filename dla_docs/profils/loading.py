"""Lire un profil : l'un des quatre livrés, ou le fichier d'un DLA et ceux dont il hérite ; dire
lequel vaut pour un document.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.files import Stamp, below, stamp_of
from dla_docs.model.document import Document
from dla_docs.model.validation import validated
from dla_docs.profils.existence import faults
from dla_docs.profils.profil import Profil
from dla_docs.raw import RawMap, load_raw, overlay
from dla_docs.raw.quoting import quoted
from dla_docs.resources import profile_path
from dla_docs.spelling import did_you_mean, meant, unaccented

PROFILS = ("national", "centre", "npdc", "paca")
DEFAULT = "national"

_LOADED: dict[Path, Profil] = {}


def profil_of(target: Document | None, asked: Profil | str | Path | None = None) -> Profil:
    """Le profil demandé, sinon celui que dit le document, sinon celui de sa mission, sinon
    ``national``.

    Le fichier qu'un document ou une mission nomme est cherché à côté du sien. ``InputError`` quand
    ce n'est ni l'un ni l'autre.
    """
    if target is not None:
        check_document(target)
    mission: Document | None = target._mission if target is not None else None
    for holder in () if asked else (target, mission):
        if holder is not None and holder.profil:
            return profil_named(holder.profil, holder._dossier)
    return load_profil(asked)


def check_document(given: object) -> None:
    """``InputError`` quand ce n'est ni un document ni une mission : un programme sans types donne
    un fichier là où ce qu'il contient est attendu.
    """
    if not isinstance(given, Document):
        said = "Rien" if given is None else quoted(given)
        raise InputError(
            Constat(
                f"{said} n'est ni un document ni une mission.",
                conseil="D'un fichier, « load » donne l'un ou l'autre ; d'une mission, "
                "« mission.documents » tient les siens par nom, chacun dans une liste.",
            )
        )


def profil_named(name: Any, folder: Path) -> Profil:
    """Le profil qu'un fichier de ``folder`` nomme : un profil livré, ou un fichier de ce
    dossier ; ``InputError`` quand il en sort.
    """
    said = name if name and isinstance(name, str) else DEFAULT  # a list is refused by its document
    if delivered(said) or not Path(said).suffix:
        return load_profil(said)
    return load_profil(below(folder, said))


def delivered(name: str) -> str:
    """Le profil livré de ce nom, majuscules et accents à part ; rien quand il n'y en a pas."""
    word = unaccented(name.strip())
    return word if word in PROFILS else ""


def load_profil(profil: Profil | str | Path | None) -> Profil:
    """Le profil d'une région ou d'un DLA.

    Arguments :
    - ``profil`` : un profil livré (« centre »), le fichier d'un DLA (.yaml, .json) ou un
      ``Profil``, rendu tel quel ; ``None`` donne ``national``.

    Rend : un ``Profil``.

    Erreurs :
    - ``InputError`` : le profil est inconnu, ou son fichier ne se lit pas ; tous ses défauts à la
      fois.
    """
    if isinstance(profil, Profil):
        return profil
    name = str(profil or DEFAULT)
    own = delivered(name)
    path = profile_path(own) if own else Path(name)
    if not own and path.suffix not in {".yaml", ".yml", ".json"}:
        raise InputError(
            f"Le profil « {name} » est inconnu ; les profils livrés sont {', '.join(PROFILS)}, ou "
            f"donnez le chemin d'un fichier .yaml. {did_you_mean(meant(name, PROFILS))}".strip()
        )
    held = _LOADED.get(path)
    if held is None or any(stamp_of(file) != stamp for file, stamp in held._fichiers):
        held = _LOADED[path] = _load(path)
    return held


def _load(path: Path) -> Profil:
    written = stamp_of(path)
    raw = load_raw(path)
    profil = _inherit(raw, path, written, ())
    if found := list(faults(profil, raw)):
        raise InputError(found)
    return profil


def _inherit(raw: RawMap, path: Path, written: Stamp, heirs: tuple[Path, ...]) -> Profil:
    own: dict[str, Any] = {"cle": path.stem, "lignee": [path.stem]}
    folders: tuple[Path, ...] = (path.parent,)
    files: tuple[tuple[Path, Stamp], ...] = ((path, written),)
    if (name := raw.get("herite")) and isinstance(name, str):  # else it is refused below
        parent = _parent(name, raw, path, (*heirs, path))
        own = {
            **parent.model_dump(exclude={"herite"}),
            **own,
            "lignee": [path.stem, *parent.lignee],
        }
        folders += parent._dossiers
        files += parent._fichiers
    profil = validated(Profil, overlay(own, raw), raw)
    profil._dossiers, profil._fichiers = folders, files
    return profil


def _parent(name: str, raw: RawMap, path: Path, heirs: tuple[Path, ...]) -> Profil:
    if delivered(name):
        return load_profil(name)
    line = raw.key_lines.get("herite")
    try:
        found = below(path.parent, name)
    except InputError as error:
        raise InputError(
            replace(one, chemin="herite", fichier=path.name, ligne=line) for one in error.constats
        ) from error
    if found in {heir.resolve() for heir in heirs}:
        raise InputError(
            Constat(
                f"Le profil « {name} » hérite de lui-même.",
                chemin="herite",
                fichier=path.name,
                ligne=line,
                conseil="Héritez d'un autre.",
            )
        )
    written = stamp_of(found)
    return _inherit(load_raw(found), found, written, heirs)
