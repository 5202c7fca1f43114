"""Le dossier d'une mission : tous ses documents, numérotés dans l'ordre du déroulement ; ce qui
manque est dit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dla_docs.constat import Constat
from dla_docs.errors import ConversionError, DlaDocsError
from dla_docs.files import make_folder, safe_name, unique_names, write_atomic
from dla_docs.mission import Mission
from dla_docs.model.document import Document
from dla_docs.pipeline import attached, produce
from dla_docs.profils.profil import Profil
from dla_docs.registry import DOCUMENTS
from dla_docs.stages.loading import load_mission
from dla_docs.stages.request import Request, resolve
from dla_docs.stages.verdict import verdict


@dataclass(frozen=True)
class Dossier:
    """Ce qui a été écrit, et ce qui ne l'a pas été : ``refus`` associe à chaque nom la raison."""

    fichiers: tuple[Path, ...]
    refus: tuple[tuple[str, DlaDocsError], ...]
    constats: tuple[Constat, ...]


def make_dossier(
    mission: Mission | str | Path,
    folder: str | Path,
    *,
    profil: Profil | str | Path | None = None,
    pdf: bool = False,
    brouillon: bool = False,
) -> Dossier:
    """Écrit le dossier d'une mission ; un document refusé n'empêche pas les autres.

    Arguments :
    - ``mission`` : la mission, ou son fichier (.yaml, .json).
    - ``folder`` : le dossier à remplir, fait s'il n'existe pas.
    - ``profil`` : un profil livré (« centre »), le fichier d'un DLA ou un ``Profil`` ; sans lui,
      celui de la mission, sinon ``national``.
    - ``pdf`` : produit aussi chaque document en PDF.
    - ``brouillon`` : produit les documents malgré ce qui manque, et le montre à sa place.

    Rend : un ``Dossier`` ; ses ``refus`` disent ce qui n'a pas été produit, et pourquoi.

    Erreurs :
    - ``InputError`` : la mission ou le profil ne se lit pas, ou le dossier ne peut pas être fait.
    """
    held = mission if isinstance(mission, Mission) else load_mission(mission, profil)
    asked = resolve(held, profil, brouillon=brouillon)
    where = make_folder(folder)
    written: list[Path] = []
    refused: list[tuple[str, DlaDocsError]] = []
    words: list[tuple[str, bytes, Request]] = []
    for name, document in _named(held):
        try:
            request = asked.of(document)
            octets, _ = produce(request)
            write_atomic(where / f"{name}.docx", octets)
        except DlaDocsError as error:
            refused.append((name, error))
            continue
        written.append(where / f"{name}.docx")
        words.append((name, octets, request))
    if pdf:
        _convert(words, where, written, refused)
    return Dossier(tuple(written), tuple(refused), tuple(verdict(asked)))


def _named(mission: Mission) -> Iterator[tuple[str, Document]]:
    """Each document with the name of its file: « 02 - Proposition d'intervention - Alpha »."""
    held = [
        (number, document)
        for number, slug in enumerate(DOCUMENTS, 1)
        for document in mission.documents.get(slug, ())
    ]
    names = unique_names(
        [safe_name(_name(number, document), suffix=".docx") for number, document in held]
    )
    for name, (_, document) in zip(names, held, strict=True):
        yield name.removesuffix(".docx"), document


def _name(number: int, document: Document) -> str:
    return " - ".join(
        part for part in (f"{number:02d}", document.titre, document.nom_distinctif) if part
    )


def _convert(
    words: list[tuple[str, bytes, Request]],
    where: Path,
    written: list[Path],
    refused: list[tuple[str, DlaDocsError]],
) -> None:
    from dla_docs import pdf

    data = {name: attached(request) for name, _, request in words}
    try:
        for name, result in pdf.convert_many(
            [(name, octets) for name, octets, _ in words], "pdf", data=data.get
        ):
            if isinstance(result, ConversionError):
                refused.append((f"{name}.pdf", result))
            else:
                write_atomic(where / f"{name}.pdf", result)
                written.append(where / f"{name}.pdf")
    except ConversionError as error:
        refused.append(("PDF", error))
