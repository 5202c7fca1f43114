"""De quel document d'une mission un fichier retouché est la page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.forms.answers_taken import before
from dla_docs.forms.sheets import holder_of, key_line, ranks_of
from dla_docs.mission import Mission
from dla_docs.model.document import Document
from dla_docs.model.validation import validated
from dla_docs.profils.profil import Profil
from dla_docs.retouches.refresh import AGAIN
from dla_docs.stages.envelope import (
    RECONNUE_A,
    Enveloppe,
    data_of,
    empreintes,
    marked,
    open_envelope,
)
from dla_docs.stages.loading import load
from dla_docs.stages.whose_sheet import holder_in
from dla_docs.word.package import open_package


def document_of(
    octets: bytes, mission: str | Path, profil: Profil | str | Path | None = None
) -> Document:
    """Le document de cette mission (ou ce document) dont ces octets sont la page retouchée ;
    ``InputError`` quand elle n'en tient aucun, ou qu'on ne sait lequel.
    """
    loaded, sent = load(mission, profil), open_envelope(open_package(octets))
    if sent is None:
        raise InputError("Ce fichier n'est pas un document de dla-docs, ou a perdu ses données.")
    held = loaded.documents.get(sent.slug, ()) if isinstance(loaded, Mission) else (loaded,)
    if not held:
        raise InputError(
            Constat(
                f"La mission ne tient pas ce document (documents.{sent.slug}).",
                fichier=str(mission),
                conseil="Donnez la mission dont il vient.",
            )
        )
    ranks = ranks_among(sent, held)
    if len(ranks) != 1:
        names = ", ".join(str(one.nom_distinctif or rank) for rank, one in enumerate(held, 1))
        raise InputError(
            Constat(
                f"On ne sait pas de quelle fiche de la mission ce fichier est la page : {names}.",
                fichier=str(mission),
                conseil=_told_apart(type(held[0]), sent),
            )
        )
    check_mission(sent, held[ranks[0]], mission)
    return _as_it_left(held[ranks[0]], sent)


def check_mission(sent: Enveloppe, document: Document, path: str | Path = "") -> None:
    """``InputError`` d'une page partie d'une autre mission que celle de ce fichier : rien de ce à
    quoi elle se reconnaît n'est le même, et deux choses au moins diffèrent ; une seule a pu être
    corrigée.
    """
    left = _known_by(sent.donnees, sent.mission)
    here = _known_by(data_of(document), empreintes(document._mission))
    apart = [left[name].isdisjoint(here[name]) for name in RECONNUE_A if left[name] and here[name]]
    if len(apart) > 1 and all(apart):
        raise InputError(
            Constat(
                "Ce fichier est la page d'une autre mission : ni sa référence ni sa structure ne "
                "sont celles d'ici.",
                fichier=str(path),
                conseil=f"Donnez la sienne. Si c'est elle, corrigée depuis : {AGAIN}",
            )
        )


def _known_by(
    data: Mapping[str, Any], mission: Mapping[str, tuple[str, ...]]
) -> dict[str, set[str]]:
    return {name: {*marked(data.get(name)), *mission.get(name, ())} for name in RECONNUE_A}


def _told_apart(model: type[Document], sent: Enveloppe) -> str:
    """What makes it known again: the key that it left with, written where it is wanted."""
    left = holder_in(model, before(model, sent)).cle
    key = key_line(model, left) if left else ""
    return f"Écrivez « {key} » à celle dont il vient. Sinon : {AGAIN}" if key else AGAIN


def ranks_among(sent: Enveloppe, held: Sequence[Document]) -> list[int]:
    """Les rangs, parmi les fiches de cette sorte, de celles dont ce peut être la page ; un
    prestataire y est à la clé que la mission lui donne aujourd'hui.
    """
    model = type(held[0])
    left = before(model, sent)
    return ranks_of(model, held, holder_of(model, left, left, held[0]._mission), left)


def _as_it_left(document: Document, sent: Enveloppe) -> Document:
    """An extract for one prestataire stays one: it never shows the others."""
    if type(document).vu_par is Document.vu_par:
        return document
    left = validated(type(document), dict(sent.donnees))
    cited = {cle for _, cle, _ in left.prestataires_cites()}
    everyone = {cle for _, cle, _ in document.prestataires_cites()}
    return document.vu_par(cited.pop()) if len(cited) == 1 < len(everyone) else document
