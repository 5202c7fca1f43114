"""La preuve d'un verdict : selon quel référentiel et quel profil il a été rendu, sur quoi, et ce
qu'il a fait de chaque exigence. Sa forme publique est ``conformite.schema.json``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path, PurePath
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from dla_docs.constat import Constat, bloquants
from dla_docs.files import MAX_TEXT, read_bytes
from dla_docs.mission import Mission
from dla_docs.model.document import Document
from dla_docs.model.requirement import (
    DATE_DU_REFERENTIEL,
    VERSION_DU_REFERENTIEL,
    Force,
    referentiel,
    retirees,
)
from dla_docs.model.versions import Nouveaute, depuis
from dla_docs.profils.loading import PROFILS
from dla_docs.profils.profil import Profil
from dla_docs.raw import RawList, RawMap
from dla_docs.resources import installed_version
from dla_docs.stages.envelope import data_of
from dla_docs.stages.ledger import Ledger, Motif
from dla_docs.stages.request import Request, resolve
from dla_docs.stages.unchecked import concerned, unchecked
from dla_docs.stages.verdict import verdict

SCHEMA_ID = "urn:dla-docs:conformite:1"


class Partie(BaseModel):
    """Une partie de la preuve."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    def to_json(self) -> bytes:
        """Les octets du fichier JSON qui la garde."""
        text = json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=2)
        return f"{text}\n".encode()


class FichierLu(Partie):
    """Un fichier, et l'empreinte de ses octets : celle que donne « sha256sum »."""

    nom: str
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class VersionDuReferentiel(Partie):
    """La table des exigences."""

    version: int
    date: date
    selon: int = Field(description="La version sous laquelle la mission a commencé")


class ProfilSuivi(Partie):
    """Le profil ; ``fichiers`` : le sien et ceux dont il hérite, quand c'est celui d'un DLA."""

    cle: str
    nom: str
    guides: tuple[str, ...]
    fichiers: tuple[FichierLu, ...] = ()


class Juge(Partie):
    """Ce qui a été jugé ; ``sha256`` : de ses données, quel que soit le fichier qui les porte."""

    sorte: str
    titre: str
    reference: str | None = None
    structures: tuple[str, ...] = Field(default=(), description="Celles qui sont accompagnées")
    stade: str | None = None
    documents: tuple[str, ...] = Field(default=(), description="Ceux que tient la mission")
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    fichiers: tuple[FichierLu, ...] = ()


class ConstatEcrit(Partie):
    """Un problème, tel que ``Constat.to_dict`` l'écrit."""

    exigences: tuple[str, ...]
    gravite: Literal["bloquant", "avertissement", "information"]
    chemin: str
    fichier: str = Field(description="Celui dont est la ligne : l'un de ceux qui ont été lus")
    ligne: int | None
    message: str
    conseil: str
    source: str


class NonVerifiee(Partie):
    """Une exigence que le verdict n'a pas eu à vérifier, et pourquoi."""

    exigence: str
    motif: Motif
    raison: str


class ForceChangee(Partie):
    """Une exigence dont la force a changé."""

    exigence: str
    avant: Force
    apres: Force


class MiseAJour(Partie):
    """Ce que la version la plus récente demanderait en plus de celle de la mission."""

    ajoutees: tuple[str, ...]
    retirees: tuple[str, ...]
    forces: tuple[ForceChangee, ...]
    constats: tuple[ConstatEcrit, ...]


class Conformite(Partie):
    """La preuve d'un verdict. Chaque exigence de ce qui est jugé est respectée, dans un constat, ou
    non vérifiée.

    ``profil`` et ``juge`` manquent quand le fichier ne se lit pas : ses constats disent pourquoi.
    D'un dossier remis, ``destinataire`` dit à qui : elle ne porte que sur ce qu'il y lit.
    """

    conforme: bool
    constats: tuple[ConstatEcrit, ...]
    verifie_le: date
    dla_docs: str
    referentiel: VersionDuReferentiel
    profil: ProfilSuivi | None = None
    juge: Juge | None = None
    respectees: tuple[str, ...] = ()
    non_verifiees: tuple[NonVerifiee, ...] = ()
    a_jour: MiseAJour | None = None
    destinataire: str | None = Field(
        default=None,
        description="À qui est remis le dossier, sur les seuls documents duquel elle porte",
    )

    def to_dict(self) -> dict[str, Any]:
        """Ce que promet ``dla-docs verifier --format json``."""
        return self.model_dump(mode="json")


def attest(
    target: Document | Mission,
    profil: Profil | str | Path | None = None,
    stade: str | None = None,
    *,
    a_jour: bool = False,
) -> Conformite:
    """Le verdict de ``check``, avec sa preuve : ce qui a été vérifié, et ce qui n'avait pas à
    l'être.

    Arguments :
    - ``target`` : le document ou la mission ; de la mission, tous les documents sont vus aussi.
    - ``profil`` : un profil livré (« centre »), le fichier d'un DLA ou un ``Profil`` ; sans lui,
      celui du document, sinon celui de sa mission, sinon ``national``.
    - ``stade`` : le nom du stade d'un document qui se remplit par étapes ; sans lui, celui du
      document.
    - ``a_jour`` : dit aussi ce que demanderait le référentiel le plus récent, quand la mission a
      commencé sous un autre.

    Rend : une ``Conformite``.

    Erreurs :
    - ``InputError`` : le profil ou le stade n'existe pas, ou l'un des fichiers lus n'est plus là.
    """
    ledger, request = Ledger(), resolve(target, profil, stade)
    constats = verdict(request, ledger)
    newest = verdict(resolve(target, profil, stade, a_jour=True)) if a_jour else None
    more = None if newest is None else [one for one in newest if one not in constats]
    return proof(constats, ledger, [request], judged(request, files_of(request.document)), more)


def proof(
    constats: Sequence[Constat],
    ledger: Ledger,
    requests: Sequence[Request],
    juge: Juge,
    newest: Sequence[Constat] | None = None,
) -> Conformite:
    """La preuve d'un verdict déjà rendu ; ``requests`` : une mission, un document, ou les missions
    d'un parcours. ``newest`` : ce que la version la plus récente dit en plus.
    """
    request = requests[0]
    faulty = {identifiant for constat in constats for identifiant in constat.exigences}
    passed = [one for one in ledger.passed if one not in faulty]
    universe = concerned(request)
    begun = min(one.referentiel for one in requests)
    return Conformite(
        **_head(_of_read(constats, juge), begun),
        profil=_profil(request.profil),
        juge=juge,
        respectees=tuple(sorted(passed, key=list(universe | ledger.passed).index)),
        non_verifiees=tuple(
            NonVerifiee(exigence=one, motif=motif, raison=reason)
            for one, (motif, reason) in unchecked(universe, ledger, request, faulty)
        ),
        a_jour=None if newest is None else _update(request, _of_read(newest, juge)),
    )


def unread(constats: Sequence[Constat]) -> Conformite:
    """La preuve d'un fichier qui ne se lit pas : ses défauts de forme."""
    return Conformite(**_head(constats, VERSION_DU_REFERENTIEL) | {"conforme": False})


def schema() -> dict[str, Any]:
    """Le JSON Schema d'une preuve."""
    return schema_of(Conformite, SCHEMA_ID)


def schema_of(model: type[Partie], identifiant: str) -> dict[str, Any]:
    """Le JSON Schema publié d'une partie, sous son nom."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": identifiant,
        **model.model_json_schema(mode="serialization"),
    }


def judged(request: Request, files: Iterable[Path]) -> Juge:
    """Ce qui est jugé, et ses empreintes."""
    document = request.document
    return Juge(
        sorte=document.slug(),
        titre=document.titre,
        reference=getattr(document, "reference", None),
        structures=tuple(one.nom for one in getattr(document, "structures", ()) if one.nom),
        stade=None if request.stade is None else str(request.stade),
        documents=tuple(document.documents) if isinstance(document, Mission) else (),
        sha256=sha256(_canonical(document)).hexdigest(),
        fichiers=_read(files, document._dossier),
    )


def judged_together(titre: str, requests: Sequence[Request], source: Path) -> Juge:
    """Ce que l'on juge d'un parcours : toutes ses missions."""
    held = (slug for one in requests for slug in getattr(one.document, "documents", ()))
    whole = b"".join(_canonical(one.document) for one in requests)
    cited = (file for one in requests for file in files_of(one.document))
    return Juge(
        sorte="parcours",
        titre=titre,
        documents=tuple(dict.fromkeys(held)),
        sha256=sha256(whole).hexdigest(),
        fichiers=_read(dict.fromkeys((source, *cited)), source.parent),
    )


def files_of(document: Document) -> list[Path]:
    """Les fichiers d'où viennent les données d'un document, dans l'ordre où ils sont cités."""
    return list(dict.fromkeys(Path(file) for file in _written_in(document._raw) if file))


def _written_in(raw: Any) -> Iterator[str]:
    if isinstance(raw, RawMap | RawList):
        yield raw.file
        for below in raw.values() if isinstance(raw, RawMap) else raw:
            yield from _written_in(below)


def _read(files: Iterable[Path], folder: Path) -> tuple[FichierLu, ...]:
    return tuple(
        FichierLu(
            nom=os.path.relpath(path, folder).replace(os.sep, "/"),
            sha256=sha256(read_bytes(path, MAX_TEXT)).hexdigest(),
        )
        for path in files
    )


def _canonical(document: Document) -> bytes:
    """The same bytes for the same data, whatever the order and the layout of the file."""
    said: dict[str, Any] = {"document": document.slug(), "donnees": data_of(document)}
    if isinstance(document, Mission):
        said["documents"] = {
            slug: list(map(data_of, held)) for slug, held in document.documents.items()
        }
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _head(constats: Sequence[Constat], begun: int) -> dict[str, Any]:
    return {
        "conforme": not bloquants(constats),
        "constats": _written(constats),
        "verifie_le": date.today(),
        "dla_docs": installed_version(),
        "referentiel": VersionDuReferentiel(
            version=VERSION_DU_REFERENTIEL, date=DATE_DU_REFERENTIEL, selon=begun
        ),
    }


def _written(constats: Iterable[Constat]) -> tuple[ConstatEcrit, ...]:
    return tuple(ConstatEcrit.model_validate(constat.to_dict()) for constat in constats)


def _of_read(constats: Iterable[Constat], juge: Juge) -> list[Constat]:
    """The same, each naming its file as ``juge`` does: neither where it lies on this machine nor
    from where the command was typed.
    """
    names = sorted((one.nom for one in juge.fichiers), key=len, reverse=True)
    return [replace(one, fichier=_named_as(one.fichier, names)) for one in constats]


def _named_as(file: str, names: Sequence[str]) -> str:
    path = PurePath(file)
    whole = f"/{path.as_posix()}"
    return next((name for name in names if whole.endswith(f"/{name}")), path.name)


def _profil(profil: Profil) -> ProfilSuivi:
    own = [path for path, _ in profil._fichiers if path.stem not in PROFILS]
    return ProfilSuivi(
        cle=str(profil.cle),
        nom=str(profil.nom),
        guides=profil.guides,
        fichiers=_read(own, profil.dossier),
    )


def _update(request: Request, newest: Sequence[Constat]) -> MiseAJour:
    """What its profile asks for; what was withdrawn says no longer who asked for it."""
    asked = {key for key, one in referentiel().items() if request.profil.force(one) is not None}
    changed = [one for one in depuis(request.referentiel) if one.id in asked | retirees().keys()]
    return MiseAJour(
        ajoutees=tuple(one.id for one in changed if one.nouveaute is Nouveaute.AJOUTEE),
        retirees=tuple(one.id for one in changed if one.nouveaute is Nouveaute.RETIREE),
        forces=tuple(
            ForceChangee(exigence=one.id, avant=one.avant, apres=one.apres)
            for one in changed
            if one.avant and one.apres
        ),
        constats=_written(newest),
    )
