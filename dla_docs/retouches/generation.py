"""Un document produit d'un bout à l'autre, jusqu'au fichier : ce qu'une main y a fait demeure."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dla_docs.constat import Constat
from dla_docs.model.document import Document
from dla_docs.pipeline import format_of, load_for, made
from dla_docs.profils.profil import Profil
from dla_docs.retouches.target import write_over
from dla_docs.stages.request import resolve


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
    moteur: str | None = None,
    remplacer: bool = False,
) -> Produit:
    """Produit un document ; rien n'est écrit quand une étape échoue, et le travail de quelqu'un
    n'est pas écrasé.

    Arguments :
    - ``source`` : un document, ou son fichier (.yaml, .json).
    - ``target`` : le fichier à écrire, .docx, .pdf ou .odt ; .pptx, d'un rapport final : sa
      présentation.
    - ``profil`` : un profil livré (« centre »), le fichier d'un DLA ou un ``Profil`` ; sans lui,
      celui du document, sinon celui de sa mission, sinon ``national``.
    - ``stade`` : le nom du stade d'un document qui se remplit par étapes ; sans lui, celui du
      document.
    - ``brouillon`` : produit le document malgré ce qui manque, et le montre à sa place.
    - ``modele`` : le modèle Word de l'opérateur (.docx), ou sa présentation (.pptx) ; sans lui,
      celui qui est livré.
    - ``moteur`` : ce qui remplit ce modèle Word, « dla » (sans lui) ou « docxtpl ».
    - ``remplacer`` : écrit aussi sur un fichier qu'une main a retouché, ou qui n'est pas de nous ;
      une copie en est gardée.

    Rend : un ``Produit``.

    Erreurs :
    - ``InputError`` : la source, la sortie, le profil, le stade ou le modèle n'existe pas, ou ne se
      lit ou ne s'écrit pas ; la source est une mission, et ce n'est pas sa présentation qu'on veut.
    - ``TemplateError`` : le modèle ne s'accorde pas avec le document.
    - ``NonConformityError`` : un bloquant demeure, et ce n'est pas un brouillon.
    - ``VerificationError`` : le fichier produit n'est pas fidèle à ses données.
    - ``ConversionError`` : LibreOffice manque, ou n'a pas rendu de PDF ou d'ODT.
    - ``TargetError`` : le fichier à écrire tient le travail de quelqu'un (décision 0018).
    """
    path = Path(target)
    suffix = format_of(path)
    document = load_for(suffix, source, profil)
    request = resolve(document, profil, stade, brouillon=brouillon, modele=modele, moteur=moteur)
    octets, constats = made(request, suffix)
    named = None if isinstance(source, Document) else source
    write_over(path, octets, remplacer=remplacer, dans=named)
    return Produit(path, constats)
