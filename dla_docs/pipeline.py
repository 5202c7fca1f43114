"""Le chemin d'un document, sur un écran : lire, vérifier, rendre, contrôler, convertir."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from dla_docs.constat import Constat
from dla_docs.errors import InputError, VerificationError
from dla_docs.mission import Mission
from dla_docs.model.document import Document
from dla_docs.parties.acteurs import Prestataire
from dla_docs.parties.identite import designes
from dla_docs.profils.profil import Profil
from dla_docs.registry import DOCUMENTS
from dla_docs.stages.loading import load
from dla_docs.stages.quick_verification import proved
from dla_docs.stages.rendering import envelope_of, rendered, template_for
from dla_docs.stages.request import Moteur, Request
from dla_docs.stages.verdict import verdict

FORMATS = (".docx", ".pdf", ".odt")
SLIDES = ".pptx"
OUTPUTS = (*FORMATS, SLIDES)


def made(request: Request, suffix: str) -> tuple[bytes, tuple[Constat, ...]]:
    """Le fichier d'une demande, dans ce format, et son verdict."""
    if suffix == SLIDES and request.moteur is not Moteur.DLA:
        raise InputError(
            Constat(
                f"Le moteur {request.moteur} ne fait pas de présentation.",
                conseil="Retirez « --moteur », ou demandez un .docx, un .pdf ou un .odt.",
            )
        )
    if suffix == SLIDES:
        return produce_slides(request)
    octets, constats = produce(request)
    return octets if suffix == ".docx" else converted(request, octets, suffix), constats


def produce(request: Request, entiere: Request | None = None) -> tuple[bytes, tuple[Constat, ...]]:
    """Le .docx d'une demande, contrôlé après avoir été rendu, et son verdict ; ``entiere`` : celle
    du document entier, qui seul se juge, quand on n'en montre qu'une part.
    """
    constats = verdict(entiere or request)
    octets = rendered(request, constats)
    if faults := proved(octets, request, template_for(request)):
        raise VerificationError(faults)
    return octets, tuple(constats)


def produce_slides(
    request: Request, entiere: Request | None = None
) -> tuple[bytes, tuple[Constat, ...]]:
    """La présentation d'une demande, relue, et son verdict ; ``entiere`` : comme ``produce``."""
    from dla_docs.slides import presented

    constats = verdict(entiere or request)
    return presented(request, constats), tuple(constats)


def converted(request: Request, octets: bytes, suffix: str) -> bytes:
    """Le PDF (ou l'ODT) d'un .docx ; les données du document sont jointes au PDF."""
    from dla_docs import pdf

    data = attached(request) if suffix == ".pdf" else None
    return pdf.convert(octets, suffix.removeprefix("."), data=data)


def attached(request: Request) -> bytes:
    """Les données d'un document, telles qu'elles sont jointes à son PDF (JSON, UTF-8)."""
    return envelope_of(request).to_json().encode()


def load_document(source: str | Path, profil: Profil | str | Path | None = None) -> Document:
    """Le document d'un fichier ; une mission est refusée, elle en tient plusieurs."""
    return _alone(load(source, profil), Path(source).name)


def _alone(loaded: Document, name: str) -> Document:
    if isinstance(loaded, Mission):
        raise InputError(
            f"{name} tient une mission : « dla-docs dossier » en produit tous les documents."
        )
    return loaded


def load_for(
    suffix: str, source: Document | str | Path, profil: Profil | str | Path | None
) -> Document:
    """Le document à produire : celui-ci, ou celui d'un fichier ; d'une mission, pour une
    présentation, celui qui se présente.
    """
    loaded = source if isinstance(source, Document) else load(source, profil)
    name = "Ce qui est donné" if isinstance(source, Document) else Path(source).name
    if suffix != SLIDES:
        return _alone(loaded, name)
    if not isinstance(loaded, Mission):
        return loaded
    held = [one for documents in loaded.documents.values() for one in documents]
    shown = [one for one in held if one.diaporama is not None]
    if len(shown) != 1:
        kinds = " ou ".join(one.titre for one in DOCUMENTS.values() if one.diaporama is not None)
        raise InputError(
            Constat(
                f"{name} ne tient aucun document qui se présente ({kinds})."
                if not shown
                else f"{name} tient {len(shown)} documents qui se présentent.",
                conseil="Donnez le document lui-même.",
            )
        )
    return shown[0]


def load_extrait(
    source: str | Path, prestataire: str, profil: Profil | str | Path | None = None
) -> Document:
    """L'extrait, pour un prestataire (sa clé, son SIRET ou son nom), du document d'un fichier, ou
    de celui d'une mission qui parle de plusieurs prestataires.
    """
    loaded = load(source, profil)
    if not isinstance(loaded, Mission):
        return loaded.vu_par(_key_among(loaded, {}, prestataire))
    held = (document for documents in loaded.documents.values() for document in documents)
    shared = next(
        (document for document in held if type(document).vu_par is not Document.vu_par), None
    )
    if shared is None:
        raise InputError(
            f"{Path(source).name} ne tient aucun document dont on fasse un extrait par "
            f"prestataire, telle la grille de lecture."
        )
    return shared.vu_par(_key_among(shared, loaded.sollicites(), prestataire))


def _key_among(document: Document, sollicites: Mapping[str, Prestataire], said: str) -> str:
    """The key of the one of whom the document speaks by that key, SIRET or name; what was said
    when it is nobody, and ``InputError`` when it may be several.
    """
    known = {
        cle: Prestataire(nom=nom, siret=(sollicites.get(cle) or Prestataire()).siret)
        for _, cle, nom in document.prestataires_cites()
    }
    found = designes(known, said)
    if len(found) > 1:
        raise InputError(
            Constat(
                f"« {said} » peut être plusieurs des prestataires : {', '.join(found)}.",
                conseil="Donnez sa clé.",
            )
        )
    return found[0] if found else said


def format_of(path: Path) -> str:
    """Le format demandé par un nom de fichier."""
    suffix = path.suffix.lower()
    if suffix not in OUTPUTS:
        raise InputError(
            f"« {path.name} » : le format « {path.suffix or 'sans extension'} » n'est pas connu ; "
            f"écrivez {', '.join(OUTPUTS)}."
        )
    return suffix
