"""Le profil d'une région ou d'un DLA : quels guides il suit, ce qu'il y change, et ce qui lui est propre. C'est une donnée, jamais du code."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import PrivateAttr

from dla_docs.champs import champ
from dla_docs.document import Bloc
from dla_docs.errors import InputError
from dla_docs.exigence import GUIDES, Exigence, Force, referentiel
from dla_docs.parties.acteurs import Financeur
from dla_docs.raw import RawMap, load_raw, overlay
from dla_docs.resources import profile_path
from dla_docs.valeurs import Entier, Texte
from dla_docs.validation import validated

PROFILS = ("national", "centre", "npdc", "paca")


class Profil(Bloc):
    """Ce qu'une région demande."""

    cle: Texte = champ("Clé du profil")
    nom: Texte = champ("Nom du profil")
    herite: Texte = champ("Profil dont celui-ci part")
    lignee: tuple[str, ...] = champ("Le profil et ceux dont il hérite", defaut=())
    guides: tuple[str, ...] = champ("Guides suivis", defaut=())
    exigences: dict[str, str] = champ("Forces changées", defaut={})
    financeurs: tuple[Financeur, ...] = champ("Financeurs")
    mention_des_financeurs: Texte = champ("Mention portée au-dessus des logos des financeurs")
    sollicites_minimum: Entier = champ("Nombre de prestataires sollicités, au moins")
    sollicites_maximum: Entier = champ("Nombre de prestataires sollicités, au plus")

    _dossier: Path = PrivateAttr(default=Path())

    @property
    def dossier(self) -> Path:
        """Le dossier du profil : ses logos y sont."""
        return self._dossier

    def force(self, exigence: Exigence, chemin: str = "") -> Force | None:
        """La force d'une exigence à un endroit, ou ``None`` quand ce profil ne la demande pas."""
        place = re.sub(r"\[\d+\]", "[]", chemin)
        changed = self.exigences.get(f"{exigence.id}@{place}") or self.exigences.get(exigence.id)
        if changed:
            return Force(changed)
        return exigence.force if self.follows(exigence) else None

    def suivies(self) -> list[str]:
        """Les exigences que ce profil demande."""
        return [exigence.id for exigence in referentiel().values() if self.force(exigence) is not None]

    def follows(self, exigence: Exigence) -> bool:
        """Vrai quand un guide suivi la demande et qu'elle n'est pas propre à une autre région."""
        regions = set(re.findall(r"profil (\w+)", exigence.condition))
        return bool(set(exigence.guides) & set(self.guides)) and (not regions or bool(regions & set(self.lignee)))


def profil_of(target: Any, asked: Profil | str | Path | None = None) -> Profil:
    """Le profil demandé, sinon celui que dit le document, sinon celui de sa mission, sinon ``national``.

    Le fichier qu'un document ou une mission nomme est cherché à côté du sien.
    """
    for holder in () if asked else (target, getattr(target, "_mission", None)):
        if holder is not None and holder.profil:
            return load_profil(holder.profil if holder.profil in PROFILS else holder._dossier / holder.profil)
    return load_profil(asked)


def load_profil(profil: Profil | str | Path | None) -> Profil:
    """Un profil livré (``"centre"``), celui d'un fichier, ou ``national`` quand rien n'est demandé."""
    if isinstance(profil, Profil):
        return profil
    return _load(str(profil or "national"))


@cache
def _load(name: str) -> Profil:
    path = profile_path(name) if name in PROFILS else Path(name)
    if name not in PROFILS and path.suffix not in {".yaml", ".yml", ".json"}:
        raise InputError(f"Le profil « {name} » est inconnu ; les profils livrés sont {', '.join(PROFILS)}, ou donnez le chemin d'un fichier .yaml.")
    profil = _inherit(load_raw(path), path)
    profil._dossier = path.parent
    _refuse_unknown(profil, path)
    return profil


def _inherit(raw: RawMap, path: Path) -> Profil:
    own: dict[str, Any] = {"cle": path.stem, "lignee": [path.stem]}
    if parent_name := raw.get("herite"):
        parent = _load(parent_name if parent_name in PROFILS else str(path.parent / parent_name))
        own = {**parent.model_dump(exclude={"herite"}), **own, "lignee": [path.stem, *parent.lignee]}
    return validated(Profil, overlay(own, raw), raw)


def _refuse_unknown(profil: Profil, path: Path) -> None:
    unknown = [key for key in profil.exigences if key.split("@")[0] not in referentiel()]
    if unknown:
        raise InputError(f"{path.name} : l'exigence « {unknown[0]} » n'existe pas ; « dla-docs exigences » les liste toutes.")
    if strange := set(profil.guides) - set(GUIDES):
        raise InputError(f"{path.name} : le guide « {strange.pop()} » n'existe pas ; les guides sont {', '.join(GUIDES)}.")
