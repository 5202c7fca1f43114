"""Ce qu'un dossier tient : les missions, et les fichiers qui n'en sont pas. Un fichier qui ne se
lit pas est tenu pour une mission : la lire dira pourquoi, et rien n'est passé sous silence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from os.path import isdir
from pathlib import Path

from dla_docs.constat import Constat
from dla_docs.dossier.folder import MANIFEST
from dla_docs.errors import InputError
from dla_docs.file_faults import not_a_folder
from dla_docs.files import below, name_key, read_text, visible_files
from dla_docs.mission import Mission
from dla_docs.parcours import sommaire_de
from dla_docs.profils.profil import Profil
from dla_docs.raw import load_raw
from dla_docs.registry import FORMULAIRES
from dla_docs.spelling import nearest, slugged
from dla_docs.stages.data_files import PARCOURS
from dla_docs.stages.loading import load_mission, no_mission

DATA = (".yaml", ".yml", ".json")
SAID = re.compile(r"^document[ \t]*:[ \t]*[\"']?(\w+)", re.MULTILINE)  # without reading the rest
OF_A_MISSION = {"documents", "mise_en_concurrence", "evenements"}
Chosen = Profil | str | Path | None


@dataclass(frozen=True)
class Trouvee:
    """Une mission d'un dossier. ``nom`` : ce qui la distingue des autres du dossier, « 2005/alpha »
    ; ``profil`` : celui que lui donne le parcours qui la cite.
    """

    fichier: Path
    nom: str
    profil: Path | str | None = None

    def load(self, profil: Chosen = None) -> Mission:
        """La mission, lue ; ``InputError`` dit tout ce qui ne s'y lit pas, avec le chemin du
        fichier.
        """
        try:
            return load_mission(self.fichier, profil or self.profil)
        except InputError as error:
            raise InputError([placed(one, self.fichier) for one in error.constats]) from error


def placed(constat: Constat, path: Path) -> Constat:
    """Le même, avec le chemin du fichier : un nom seul ne distingue pas deux dossiers."""
    own = constat.fichier in ("", path.name)
    return replace(constat, fichier=str(path)) if own else constat


@dataclass(frozen=True)
class Trouvees:
    """Ce qu'un dossier tient. ``autres`` : les fichiers de données qui ne sont pas des missions ;
    ``fautes`` : pourquoi le profil d'un parcours n'est pas donné à ses missions.
    """

    missions: tuple[Trouvee, ...]
    autres: tuple[Path, ...]
    fautes: tuple[Constat, ...] = ()

    def remede(self, path: Path) -> str:
        """Ce qu'il faut écrire dans un fichier laissé qui a l'air d'une mission (« Document:
        Mission ») ; vide de tout autre.
        """
        try:
            raw = load_raw(path)
        except InputError:
            return ""
        said = {slugged(str(key)): slugged(str(value)) for key, value in (raw or {}).items()}
        near = nearest(said.get("document", ""), (MISSION,))
        return (
            f" (vouliez-vous dire « document: {MISSION} » ?)"
            if near and "document" not in raw
            else ""
        )


def find_missions(folder: str | Path, but: str | Path | None = None) -> Trouvees:
    """Les missions d'un dossier et de ceux qu'il tient, dans l'ordre de leurs noms, sans rien lire
    des dossiers déjà produits ni de ``but``. ``InputError`` quand il n'en tient aucune.
    """
    root = Path(folder)
    if not isdir(root):
        raise InputError(
            Constat(not_a_folder(folder), fichier=str(folder), conseil="Vérifiez son nom.")
        )
    files = [path for path in visible_files(root) if path.suffix.lower() in DATA]
    made = {path.parent for path in files if path.name == MANIFEST}
    if but is not None:
        made.add(Path(but))
    skipped = {path.resolve() for path in made}
    found = [path for path in files if skipped.isdisjoint(path.resolve().parents)]
    kinds = {path: _kind(path) for path in found}
    missions = [path for path in found if kinds[path] == MISSION]
    if not missions:
        raise no_mission(folder)
    faults: list[Constat] = []
    lent = dict(_lent_by((path for path in found if kinds[path] == PARCOURS), faults))
    return Trouvees(
        tuple(
            Trouvee(path, name, lent.get(path.resolve()))
            for path, name in zip(missions, _names(root, missions), strict=True)
        ),
        tuple(path for path in found if kinds[path] != MISSION),
        tuple(faults),
    )


MISSION = "mission"


def _kind(path: Path) -> str:
    """What a file says that it is; what cannot be read, or forgot to say it, is to be looked at."""
    try:
        said = SAID.search(read_text(path)) if path.suffix.lower() != ".json" else None
        raw = None if said else load_raw(path)
    except InputError:
        return MISSION
    kind = said[1] if said else raw.get("document") if raw else None
    if kind is None:
        return MISSION if raw and OF_A_MISSION & raw.keys() else ""
    return str(kind) if kind in FORMULAIRES or kind == PARCOURS else MISSION


def _lent_by(paths: Iterable[Path], faults: list[Constat]) -> Iterator[tuple[Path, Path | str]]:
    """The profil that each parcours gives to the missions that it cites."""
    for path in paths:
        try:
            summary = sommaire_de(path)
            cited = [below(path.parent, one.fichier or "") for one in summary.missions]
        except InputError as error:
            faults += [placed(one, path) for one in error.constats]
            continue
        given = summary.profil
        if given:
            place = path.parent / given if Path(given).suffix else given
            yield from ((one.resolve(), place) for one in cited)


def _names(root: Path, missions: list[Path]) -> list[str]:
    """The path of each without its extension, unless another would have the same."""
    short = [path.relative_to(root).with_suffix("").as_posix() for path in missions]
    times = Counter(map(name_key, short))
    return [
        name if times[name_key(name)] == 1 else path.relative_to(root).as_posix()
        for name, path in zip(short, missions, strict=True)
    ]
