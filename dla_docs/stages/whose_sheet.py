"""De qui est une fiche, et de laquelle de sa sorte part un formulaire, quand elle n'écrit pas de
clé.

Le rang d'une fiche ne la désigne que tant que la liste est celle de l'envoi : une empreinte de
cette liste voyage avec le formulaire, qui ne dit le nom de personne.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from dla_docs.mission import Mission
from dla_docs.model.document import Document
from dla_docs.raw.overlaying import CLE
from dla_docs.spelling import compact, fold, spaced
from dla_docs.stages.envelope import PlaceDeFiche, data_of

RANKED = re.compile(r"[a-z]+[0-9]+")  # p1, d2: a key that a rank gives
PRESTATAIRE = "prestataire"


class Holder(NamedTuple):
    """De qui est une fiche : sa clé, son nom ; l'un, l'autre, ou rien."""

    cle: str = ""
    nom: str = ""


def holder_in(model: type[Document], data: Mapping[str, Any]) -> Holder:
    """De qui est la fiche que tiennent ces données ; un nom seul, ou une clé seule, y tient lieu
    des deux. Celle que distingue sa propre clé n'est que par elle.
    """
    if model.par_cle:
        return Holder(spaced(data.get(CLE)))
    who = data.get(model.distingue_par)
    if isinstance(who, Mapping):
        return Holder(spaced(who.get(CLE)), fold(str(who.get("nom") or "")))
    return Holder(nom=fold(str(who or "")))


def place_of(document: Document, sent: Mapping[str, Any]) -> PlaceDeFiche | None:
    """La place d'un document parmi les fiches de sa sorte que tient sa mission, quand elle peut en
    tenir plusieurs ; ``sent`` : ce qu'il dit en partant.
    """
    held, rank = _sheets(document), rank_of(document)
    if rank is None or not (document.multiple or len(held) > 1) or not _is_by_rank(held[rank]):
        return None
    said = own_words(type(document), sent)
    others = [one for one in held if one is not held[rank]]
    told = [own_words(type(one), data_of(one)) for one in others]
    named = is_named_alone(held, rank)
    apart = others or not named  # the only one there is told apart from nobody, but by its name
    tells = bool(said and apart) and not any(said <= words for words in told)
    return PlaceDeFiche(mark_of(held, rank), named, tells)


def rank_of(document: Document) -> int | None:
    """Le rang d'un document parmi ceux de sa sorte que tient sa mission ; ``None`` de celui qu'elle
    ne tient pas encore.
    """
    if document._raw is None:
        return None
    ranks = (rank for rank, one in enumerate(_sheets(document)) if one._raw is document._raw)
    return next(ranks, None)


def _sheets(document: Document) -> Sequence[Document]:
    return document._mission.documents.get(document.slug(), ()) if document._mission else ()


def mark_of(held: Sequence[Document], rank: int) -> str:
    """L'empreinte d'une place : qui est là, et avant, quand son nom suffit ; sinon tous ceux qui y
    sont, et son rang.
    """
    names = [_told_of(type(one), data_of(one)) for one in held]
    ours = [at for at, one in enumerate(held) if at == rank or _is_by_rank(one)]
    if is_named_alone(held, rank):
        said: list[Any] = [names[at] for at in ours if at <= rank]
    else:
        said = [*(names[at] for at in ours), ours.index(rank)]
    return sha256(repr(said).encode()).hexdigest()[:16]


def is_named_alone(held: Sequence[Document], rank: int) -> bool:
    """Vrai quand une fiche dit de qui elle est, et qu'aucune autre n'est de la même personne."""
    names = [identity_in(type(one), data_of(one)) for one in held]
    return not held[rank].par_cle and any(names[rank]) and names.count(names[rank]) == 1


def _is_by_rank(document: Document) -> bool:
    key = holder_in(type(document), data_of(document)).cle
    return not key or RANKED.fullmatch(key) is not None


def identity_in(model: type[Document], data: Mapping[str, Any]) -> tuple[str, str]:
    """Le nom et le SIRET de celui dont est une fiche."""
    who = data.get(model.distingue_par)
    said = who if isinstance(who, Mapping) else {"nom": who}
    return fold(str(said.get("nom") or "")), compact(said.get("siret"))


def _told_of(model: type[Document], data: Mapping[str, Any]) -> tuple[str, ...]:
    """That; of one without a name, all that is said of whom it is of."""
    known, who = identity_in(model, data), data.get(model.distingue_par)
    said: dict[str, Any] = {} if any(known) or not isinstance(who, Mapping) else {**who, CLE: None}
    return *known, *(f"{way}{value}" for way, value in sorted(leaves(said)))


Words = set[tuple[tuple[str, ...], str]]


def own_words(model: type[Document], data: Mapping[str, Any]) -> Words:
    """Ce que disent les données d'une fiche, et que ni la mission ni sa place ne disent."""
    lent = {*Mission.partages(), PRESTATAIRE, model.distingue_par, CLE, "profil", "stade"}
    return {one for one in leaves(data) if one[0][0] not in lent and one[0][-1] != CLE}


def words_of_others(words: Sequence[Words], rank: int) -> Words:
    """Ce que disent toutes les fiches sauf celle de ce rang."""
    return {one for other, said in enumerate(words) if other != rank for one in said}


def leaves(data: Any, way: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Chaque valeur de ces données et son chemin, où une ligne est par sa clé, sinon son rang."""
    if isinstance(data, Mapping):
        for name, value in data.items():
            yield from leaves(value, (*way, str(name)))
    elif isinstance(data, list):
        for rank, row in enumerate(data):
            key = row.get(CLE) if isinstance(row, Mapping) else None
            yield from leaves(row, (*way, str(key or f"#{rank}")))
    elif data not in (None, ""):
        yield way, spaced(data)
