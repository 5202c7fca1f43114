"""Ce que toutes les lignes d'un lot partagent, qui va d'un processus à l'autre ; et, dans chacun,
ce qu'il a fallu lire pour cuisiner.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

from dla_docs.errors import InputError
from dla_docs.files import below, read_bytes
from dla_docs.lot.folder import Folder
from dla_docs.manual.requirement_index import kind_named
from dla_docs.mission import Mission
from dla_docs.model.document import Document
from dla_docs.profils.grafting import adapted
from dla_docs.profils.loading import load_profil, profil_named, profil_of
from dla_docs.profils.profil import Profil
from dla_docs.raw import RawMap
from dla_docs.resources import template_path
from dla_docs.stages.envelope import VERSION
from dla_docs.stages.handed_down import lent_to
from dla_docs.stages.loading import build_document, load_mission
from dla_docs.stages.request import Request, resolve
from dla_docs.word.package import MAX_FILE


@dataclass(frozen=True)
class Recipe:
    """Ce qu'on demande de chaque ligne. Mission et profil y sont de préférence des fichiers, que
    chaque processus lit pour lui-même.
    """

    slug: str = field(compare=False)
    folder: Folder = field(compare=False)
    base: Path = field(
        default=Path(), compare=False
    )  # where the files that a row names are looked for, without a mission
    mission: Mission | Path | None = field(default=None, compare=False)
    profil: Profil | str | Path | None = field(default=None, compare=False)
    modele: Path | None = field(default=None, compare=False)
    brouillon: bool = field(default=False, compare=False)
    pdf: bool = field(default=False, compare=False)
    remplacer: bool = field(default=False, compare=False)
    offices: int | None = field(default=None, compare=False)  # LibreOffice at once, in one process
    key: str = field(default_factory=lambda: uuid4().hex)

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Les fichiers de chaque document."""
        return (".docx", ".pdf") if self.pdf else (".docx",)


@lru_cache(4)
def kitchen_of(recipe: Recipe) -> Kitchen:
    """Ce qu'il faut pour suivre une recette, lu une fois par processus."""
    return Kitchen(recipe)


class Kitchen:
    """La mission, le profil et la classe du document, lus ; ``document`` en fait un document par
    ligne.
    """

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self.asked = load_profil(recipe.profil) if recipe.profil else None
        held = recipe.mission
        self.mission = load_mission(held, self.asked) if isinstance(held, Path) else held
        self.profil = self.asked or profil_of(self.mission)
        self.model: type[Document] = adapted(kind_named(recipe.slug), self.profil)

    def document(self, data: RawMap) -> Document:
        """Le document d'une ligne, avec ce que la mission lui donne ; ``InputError`` dit tout ce
        qui ne s'y lit pas.
        """
        own = None if self.asked else data.get("profil")
        model = (
            adapted(kind_named(self.recipe.slug), profil_named(own, self.recipe.base))
            if own
            else self.model
        )
        return build_document(self.mission, model, data, folder=self.recipe.base)

    def request(self, data: RawMap) -> Request:
        """Ce qu'une ligne demande ; ``InputError`` dit tout ce qui ne s'y lit pas."""
        recipe = self.recipe
        return resolve(
            self.document(data), self.asked, brouillon=recipe.brouillon, modele=recipe.modele
        )

    def lent(self, data: RawMap) -> Mapping[str, Any]:
        """Ce que la mission donne au document d'une ligne."""
        return lent_to(self.mission, self.model, data) if self.mission else {}

    @cached_property
    def fingerprint(self) -> str:
        """L'empreinte de tout ce qui n'est pas la ligne : modèle Word, profil, mission, logos,
        version de dla_docs.
        """
        recipe = self.recipe
        held = [
            recipe.slug,
            recipe.brouillon,
            VERSION,
            _version(),
            self.profil.model_dump_json(),
            self.mission and self.mission.model_dump_json(),
        ]
        made = sha256(json.dumps(held).encode())
        made.update(read_bytes(recipe.modele or template_path(self.model.slug()), MAX_FILE))
        for content in (
            *logos_in(self.profil.model_dump(), self.profil.logo),
            *self._own_logos(self.lent(RawMap())),
        ):
            made.update(content)
        return made.hexdigest()

    def fingerprint_of(self, data: RawMap) -> str:
        """L'empreinte d'une ligne : elle change quand le document changerait."""
        said = json.dumps([self.fingerprint, data], sort_keys=True, ensure_ascii=False, default=str)
        made = sha256(said.encode(errors="surrogatepass"))
        for content in self._own_logos(data):
            made.update(content)
        return made.hexdigest()[:32]

    def _own_logos(self, data: Mapping[str, Any]) -> Iterator[bytes]:
        folder = self.mission._dossier if self.mission else self.recipe.base
        return logos_in(data, lambda name: below(folder, name))


def portable(profil: Profil | str | Path | None) -> Profil | str | Path | None:
    """Le même profil, que trouve aussi un processus lancé dans un autre dossier."""
    return (
        Path(profil).absolute()
        if isinstance(profil, str | Path) and Path(profil).suffix
        else profil
    )


def logos_in(data: Any, place: Any) -> Iterator[bytes]:
    """Le contenu des images que des données nomment : un nom seul ne dit pas qu'un logo a été
    redessiné. ``place`` dit où est le fichier d'un nom.
    """
    if isinstance(data, list | tuple):
        for item in data:
            if not isinstance(item, str):
                yield from logos_in(item, place)
    elif isinstance(data, Mapping):
        for name, value in data.items():
            if not isinstance(value, str):
                yield from logos_in(value, place)
            elif name == "fichier":
                yield from _content(value, place)


def _content(name: str, place: Any) -> Iterator[bytes]:
    try:
        yield read_bytes(place(name), MAX_FILE)
    except InputError:  # the document that needs it will say so
        yield name.encode(errors="surrogatepass")


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("dla-docs")
    except PackageNotFoundError:  # run without being installed
        return ""
