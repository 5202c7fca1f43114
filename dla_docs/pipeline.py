"""Le chemin d'un document, sur un écran : lire, vérifier, rendre, contrôler, convertir, écrire."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dla_docs.constat import Constat
from dla_docs.errors import InputError, VerificationError
from dla_docs.files import write_atomic
from dla_docs.mission import Mission
from dla_docs.model.document import Document
from dla_docs.profils.grafting import under
from dla_docs.profils.loading import profil_of
from dla_docs.profils.profil import Profil
from dla_docs.stages.checking import check
from dla_docs.stages.envelope import envelope
from dla_docs.stages.loading import load
from dla_docs.stages.rendering import render, template_of
from dla_docs.stages.verification import verify

FORMATS = (".docx", ".pdf", ".odt")


@dataclass(frozen=True)
class Produit:
    """Un fichier écrit, et les constats qui n'ont pas empêché de l'écrire."""

    fichier: Path
    constats: tuple[Constat, ...] = ()


def generate(
    source: Document | str | Path,
    target: str | Path,
    *,
    profil: Profil | str | Path | None = None,
    stade: str | None = None,
    brouillon: bool = False,
    modele: str | Path | None = None,
) -> Produit:
    """Produit un document dans ``target`` (.docx, .pdf ou .odt). Rien n'est écrit quand une étape
    échoue.
    """
    path = Path(target)
    suffix = format_of(path)
    document = source if isinstance(source, Document) else load_document(source, profil)
    octets = produce(document, profil=profil, stade=stade, brouillon=brouillon, modele=modele)
    write_atomic(path, octets if suffix == ".docx" else convert(document, octets, suffix, profil))
    return Produit(path, tuple(check(document, profil, stade)))


def produce(
    document: Document,
    *,
    profil: Profil | str | Path | None = None,
    stade: str | None = None,
    brouillon: bool = False,
    modele: str | Path | None = None,
) -> bytes:
    """Le .docx d'un document, contrôlé après avoir été rendu."""
    octets = render(document, profil, stade=stade, brouillon=brouillon, modele=modele)
    if faults := verify(octets, under(document, profil_of(document, profil))):
        raise VerificationError(faults)
    return octets


def convert(
    document: Document, octets: bytes, suffix: str, profil: Profil | str | Path | None = None
) -> bytes:
    """Le PDF (ou l'ODT) d'un .docx ; les données du document sont jointes au PDF."""
    from dla_docs import pdf

    return pdf.convert(
        octets,
        suffix.removeprefix("."),
        data=attached(document, profil) if suffix == ".pdf" else None,
    )


def attached(document: Document, profil: Profil | str | Path | None = None) -> bytes:
    """Les données d'un document, telles qu'elles sont jointes à son PDF (JSON, UTF-8)."""
    chosen = profil_of(document, profil)
    document = under(document, chosen)
    return (
        envelope(document, str(chosen.cle), "", template_of(type(document)).paths)
        .to_json()
        .encode()
    )


def load_document(source: str | Path, profil: Profil | str | Path | None = None) -> Document:
    """Le document d'un fichier ; une mission est refusée, elle en tient plusieurs."""
    loaded = load(source, profil)
    if isinstance(loaded, Mission):
        raise InputError(
            f"{Path(source).name} tient une mission : « dla-docs dossier » en produit tous les "
            f"documents."
        )
    return loaded


def load_extrait(
    source: str | Path, cle: str, profil: Profil | str | Path | None = None
) -> Document:
    """L'extrait, pour un prestataire, du document d'un fichier, ou de celui d'une mission qui parle
    de plusieurs prestataires.
    """
    loaded = load(source, profil)
    if not isinstance(loaded, Mission):
        return loaded.vu_par(cle)
    held = (document for documents in loaded.documents.values() for document in documents)
    shared = next(
        (document for document in held if type(document).vu_par is not Document.vu_par), None
    )
    if shared is None:
        raise InputError(
            f"{Path(source).name} ne tient aucun document dont on fasse un extrait par "
            f"prestataire, telle la grille de lecture."
        )
    return shared.vu_par(cle)


def format_of(path: Path) -> str:
    """Le format demandé par un nom de fichier."""
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise InputError(
            f"« {path.name} » : le format « {path.suffix or 'sans extension'} » n'est pas connu ; "
            f"écrivez {', '.join(FORMATS)}."
        )
    return suffix
