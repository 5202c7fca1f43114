"""Un document du dossier que quelqu'un a retouché : il est rafraîchi, sa page garde ce que la main
y a mis et dit ce que la mission dit maintenant ; ce qu'elle dit autrement est un constat.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dla_docs.dossier.recipient import Remise, cited_others, part_of
from dla_docs.errors import InputError, TargetError
from dla_docs.files import read_bytes
from dla_docs.mission import Mission
from dla_docs.model.document import Document
from dla_docs.model.validation import validated
from dla_docs.stages.envelope import Enveloppe, open_envelope
from dla_docs.word.names import W_P
from dla_docs.word.package import MAX_FILE, open_package, parse_part
from dla_docs.word.page import is_story

if TYPE_CHECKING:  # what reads and refreshes a page is imported when a hand has been there
    from dla_docs.retouches.refresh import Rafraichi

Kept = Callable[[bytes, bytes], str]


@dataclass(frozen=True)
class Retouche:
    """``avant`` : les octets de la main, à cette ``place``, dont ``fait`` est tiré ; ``reste`` :
    faux quand la mission dit maintenant tout ce que la main avait dit, et que la page est la
    sienne.
    """

    place: Path
    avant: bytes
    fait: Rafraichi
    reste: bool = True


@dataclass(frozen=True)
class Fiche:
    """Un document que l'on vient de faire, ``vu`` par son destinataire ; ``parmi`` : ceux de sa
    sorte, lui compris.
    """

    entier: Document
    vu: Document
    octets: bytes
    parmi: Sequence[Document]


def retouched(
    path: Path, fiche: Fiche, kept_of: Kept, mission: Mission, remise: Remise
) -> Retouche | None:
    """Le fichier retouché qui est à cette place, rafraîchi ; ``None`` quand il n'y en a pas, ou
    rien d'une main. ``TargetError`` quand il ne peut pas l'être, et reste tel quel. ``kept_of`` :
    ce qu'il tient de quelqu'un, et qu'écrire ces octets perdrait.
    """
    held = read_bytes(path, MAX_FILE) if path.is_file() else b""
    if not (kept := kept_of(held, fiche.octets)):
        return None
    from dla_docs.retouches.refresh import merged
    from dla_docs.retouches.target import left_alone
    from dla_docs.retouches.work import is_retouched, work_in

    if not is_retouched(kept):
        return None
    try:
        sent = open_envelope(open_package(held))
        assert sent is not None
        _check_sheet(sent, fiche)
        _check_shown(sent, type(fiche.vu), mission, remise)
        made = merged(held, fiche.octets, fiche.vu)
        _check_words(made.octets, mission, remise)
    except Exception as error:  # whatever a hand has done of one page, the others are made
        from dla_docs.lot.refusing import refusal  # a dossier loads no batch unless it must

        why = " ".join(one.message for one in refusal(error))
        raise TargetError(left_alone(kept, str(path), why)) from error
    if work_in(made.octets):
        return Retouche(path, held, made)
    return Retouche(path, held, replace(made, octets=fiche.octets), reste=False)


def is_page_of(held: bytes, fiche: Fiche) -> bool:
    """Vrai d'un fichier parti comme la page de ce document, ou dont on ne sait plus de qui, parmi
    ceux de sa sorte, il est la page.
    """
    from dla_docs.retouches.whose import ranks_among

    sent = open_envelope(open_package(held))
    if sent is None or sent.slug != fiche.entier.slug():
        return False
    found = [fiche.parmi[rank] for rank in ranks_among(sent, fiche.parmi)]
    return len(found) != 1 or found[0] is fiche.entier


def _check_sheet(sent: Enveloppe, fiche: Fiche) -> None:
    """``InputError`` quand c'est la page d'une autre fiche, ou d'une autre mission."""
    from dla_docs.retouches.whose import check_mission, ranks_among

    if sent.slug == fiche.entier.slug():
        check_mission(sent, fiche.entier)
        found = [fiche.parmi[rank] for rank in ranks_among(sent, fiche.parmi)]
        if len(found) != 1 or found[0] is not fiche.entier:
            raise InputError("C'est la page d'une autre fiche de la mission, ou on ne sait de qui.")


def _check_shown(sent: Enveloppe, model: type[Document], mission: Mission, remise: Remise) -> None:
    """``InputError`` quand elle était partie avec ce que ce destinataire ne lit pas : un passage
    retouché y resterait, barré.
    """
    if remise.entiere:
        return
    past = validated(model, dict(sent.donnees))
    part = part_of(past, mission, remise)
    if part is None or part.vu.model_dump() != past.model_dump():
        raise InputError("Cette page tient ce que ce destinataire ne lit pas.")


def _check_words(octets: bytes, mission: Mission, remise: Remise) -> None:
    parts = open_package(octets)
    pages = (parse_part(parts[name], name) for name in parts if is_story(name))
    lines = ("".join(map(str, line.itertext())) for page in pages for line in page.iter(W_P))
    said = (("", " ".join(line.split())) for line in lines)
    if others := cited_others(said, mission, remise):
        raise InputError(others)
