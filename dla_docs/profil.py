"""Le profil d'une région ou d'un DLA : quels guides il suit, ce qu'il y change, et ce qui lui est propre. C'est une donnée, jamais du code."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import PrivateAttr

from dla_docs.champs import champ
from dla_docs.constat import Constat
from dla_docs.document import Bloc
from dla_docs.errors import InputError
from dla_docs.exigence import Exigence, Force, referentiel
from dla_docs.files import below
from dla_docs.parties.acteurs import Financeur
from dla_docs.profil_references import faults
from dla_docs.raw import RawMap, load_raw, overlay
from dla_docs.reglages import FichesDesParticipants, JeuDeLogos, Reglages
from dla_docs.resources import profile_path
from dla_docs.valeurs import Choix, Entier, Texte
from dla_docs.validation import validated

PROFILS = ("national", "centre", "npdc", "paca")


class Profil(Bloc):
    """Ce qu'une région demande, et ce qu'un DLA y ajoute."""

    cle: Texte = champ("Clé du profil")
    nom: Texte = champ("Nom du profil")
    herite: Texte = champ("Profil dont celui-ci part")
    lignee: tuple[str, ...] = champ("Le profil et ceux dont il hérite", defaut=())
    guides: tuple[str, ...] = champ("Guides suivis", defaut=())
    exigences: dict[str, str] = champ("Forces changées", defaut={})
    financeurs: tuple[Financeur, ...] = champ("Financeurs")
    mention_des_financeurs: Texte = champ("Mention portée au-dessus des logos des financeurs")
    jeux_de_logos: tuple[JeuDeLogos, ...] = champ("Financeurs d'un temps : ils remplacent les autres tant qu'ils valent")
    sollicites_minimum: Entier = champ("Nombre de prestataires sollicités, au moins")
    sollicites_maximum: Entier = champ("Nombre de prestataires sollicités, au plus")
    participants: Choix[FichesDesParticipants] = champ("Fiches des participants : nommées ou anonymes", defaut=FichesDesParticipants.NOMMEES)
    documents: tuple[Reglages, ...] = champ("Ce qui change dans chaque document")

    _dossiers: tuple[Path, ...] = PrivateAttr(default=(Path(),))  # its own, then those of the profiles that it starts from
    _classes: dict[type, type] = PrivateAttr(default_factory=dict)  # the documents as this profile has them, made when first asked for

    def __getstate__(self) -> dict[Any, Any]:
        """Les classes faites sous ce profil ne voyagent pas d'un processus à l'autre, qui les refait."""
        state = super().__getstate__()
        return state | {"__pydantic_private__": {**(state["__pydantic_private__"] or {}), "_classes": {}}}

    @property
    def dossier(self) -> Path:
        """Le dossier du profil."""
        return self._dossiers[0]

    def logo(self, file: str) -> Path:
        """Le fichier d'un logo, à côté du profil ou de celui dont il hérite ; ``InputError`` quand il sort de ce dossier."""
        places = [below(folder, file) for folder in self._dossiers]
        return next((place for place in places if place.exists()), places[0])

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
        """Vrai quand un guide suivi la demande et qu'elle n'est pas propre à une autre région ; un DLA est le guide de ses propres ajouts."""
        regions = set(re.findall(r"profil (\w+)", exigence.condition))
        return bool(set(exigence.guides) & {*self.guides, *self.lignee}) and (not regions or bool(regions & set(self.lignee)))

    def reglages(self, slug: str) -> Reglages | None:
        """Ce que ce profil règle d'un document, ou ``None``."""
        return next((held for held in self.documents if held.cle == slug), None)

    def logos_du(self, day: date | None) -> JeuDeLogos:
        """Les financeurs et leur mention, tels qu'ils valent ce jour-là ; le jeu le plus récent d'abord."""
        dated = [held for held in self.jeux_de_logos if held.vaut(day)]
        usual = JeuDeLogos(financeurs=self.financeurs, mention=self.mention_des_financeurs)
        return max(dated, key=lambda held: held.valable_du or date.min, default=usual)


def profil_of(target: Any, asked: Profil | str | Path | None = None) -> Profil:
    """Le profil demandé, sinon celui que dit le document, sinon celui de sa mission, sinon ``national``.

    Le fichier qu'un document ou une mission nomme est cherché à côté du sien.
    """
    for holder in () if asked else (target, getattr(target, "_mission", None)):
        if holder is not None and holder.profil:
            return profil_named(holder.profil, holder._dossier)
    return load_profil(asked)


def profil_named(name: Any, folder: Path) -> Profil:
    """Le profil qu'un fichier de ``folder`` nomme : un profil livré, ou un fichier à côté du sien."""
    said = str(name or "national")
    return load_profil(said if said in PROFILS else folder / said)


def load_profil(profil: Profil | str | Path | None) -> Profil:
    """Un profil livré (``"centre"``), celui d'un fichier, ou ``national`` quand rien n'est demandé."""
    if isinstance(profil, Profil):
        return profil
    name = str(profil or "national")
    path = profile_path(name) if name in PROFILS else Path(name)
    if name not in PROFILS and path.suffix not in {".yaml", ".yml", ".json"}:
        raise InputError(f"Le profil « {name} » est inconnu ; les profils livrés sont {', '.join(PROFILS)}, ou donnez le chemin d'un fichier .yaml.")
    return _load(path, _written(path))


def _written(path: Path) -> int:
    """When it was last written: a notebook sees the profile that was just mended."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0  # the reading says what is wrong


@cache
def _load(path: Path, written: int) -> Profil:
    raw = load_raw(path)
    profil = _inherit(raw, path, ())
    if found := list(faults(profil, raw)):
        raise InputError(found)
    return profil


def _inherit(raw: RawMap, path: Path, heirs: tuple[Path, ...]) -> Profil:
    own: dict[str, Any] = {"cle": path.stem, "lignee": [path.stem]}
    folders: tuple[Path, ...] = (path.parent,)
    if name := raw.get("herite"):
        parent = _parent(str(name), raw, path, (*heirs, path))
        own = {**parent.model_dump(exclude={"herite"}), **own, "lignee": [path.stem, *parent.lignee]}
        folders += parent._dossiers
    profil = validated(Profil, overlay(own, raw), raw)
    profil._dossiers = folders
    return profil


def _parent(name: str, raw: RawMap, path: Path, heirs: tuple[Path, ...]) -> Profil:
    if name in PROFILS:
        return load_profil(name)
    found = path.parent / name
    if found.resolve() in {heir.resolve() for heir in heirs}:
        line = raw.key_lines.get("herite")
        raise InputError(Constat(f"Le profil « {name} » hérite de lui-même.", chemin="herite", fichier=path.name, ligne=line, conseil="Héritez d'un autre."))
    return _inherit(load_raw(found), found, heirs)
