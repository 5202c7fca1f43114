"""Les fiches d'une même sorte dans une mission : une par participant, une par prestataire ; ce qui
distingue l'une de l'autre.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.mission import Mission
from dla_docs.model.document import Document
from dla_docs.parties.identite import candidats
from dla_docs.raw.overlaying import CLE
from dla_docs.raw.quoting import quoted
from dla_docs.spelling import fold, spaced
from dla_docs.stages.envelope import data_of

PRESTATAIRE = "prestataire"
NOTHING: Mapping[str, Any] = MappingProxyType({})


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


def holder_of(
    model: type[Document], sent: Mapping[str, Any], back: Mapping[str, Any], mission: Any
) -> Holder:
    """De qui est un formulaire revenu : ce qu'il disait en partant, sinon ce qu'on y a écrit ; un
    prestataire que la mission a sollicité y est par la clé qu'il y a aujourd'hui.
    """
    said = sent if any(holder_in(model, sent)) else back
    who, found = holder_in(model, said), solicited_in(model, said, mission)
    found = found or solicited_in(model, back, mission)  # named anew since it left
    return who if len(found) != 1 else who._replace(cle=spaced(found[0]))


def is_of_a_prestataire(model: type[Document]) -> bool:
    """Vrai quand c'est son prestataire qui distingue une fiche des autres de sa sorte."""
    return model.distingue_par == PRESTATAIRE and not model.par_cle


def solicited_in(model: type[Document], data: Mapping[str, Any], mission: Any) -> list[str]:
    """Les clés des sollicités que peut désigner le prestataire dont parlent ces données, quand
    c'est lui qui distingue une fiche des autres.
    """
    who = data.get(PRESTATAIRE)
    mine = is_of_a_prestataire(model) and isinstance(mission, Mission)
    if not mine or not isinstance(who, Mapping):
        return []
    return candidats(mission.sollicites(), who)


def refuse_stranger(
    model: type[Document], who: Holder, data: Mapping[str, Any], mission: Any, name: str
) -> None:
    """``InputError`` pour un formulaire vierge qui nomme un autre que les sollicités, ou personne
    là où chacun a sa fiche : sans nom, elle serait celle du prestataire retenu. De même pour celui
    dont le prestataire n'est plus, depuis l'envoi, aucun de ceux-là.
    """
    known = mission.sollicites() if isinstance(mission, Mission) else {}
    said = data.get(PRESTATAIRE) or {}
    alone = said or (model.un_par_sollicite and len(known) > 1)
    mine = model.multiple and is_of_a_prestataire(model) and known and alone
    if not mine or who.cle in {spaced(cle) for cle in known}:
        return
    found = solicited_in(model, data, mission)
    named = quoted(str(said.get("nom") or said.get("siret") or ""))
    renamed = (
        f" Si l'un d'eux a été renommé depuis l'envoi, écrivez à sa ligne « cle: {who.cle} »."
        if who.cle
        else ""
    )
    problem = f"{named} peut être plusieurs" if found else f"{named} n'est aucun"
    raise InputError(
        Constat(
            f"{problem if said else 'Ce formulaire ne dit pas lequel est le sien'} des "
            f"prestataires sollicités ({', '.join(map(mission.nom_de, found or known))}) ; rien "
            "n'en est pris.",
            fichier=name,
            conseil="Écrivez-y son nom ou son SIRET tels que la mission les dit, ou ajoutez-le à "
            f"ceux qu'elle a sollicités.{renamed}",
        )
    )


def same_sheet(model: type[Document], one: Holder, other: Holder) -> bool:
    """Vrai quand ce sont deux formulaires d'une même fiche ; un nom ne sépare que celles dont une
    mission tient d'ordinaire plusieurs.
    """
    if model.par_cle or (one.cle and other.cle):
        return one.cle == other.cle
    return one.nom == other.nom or not model.multiple


def ranks_of(
    model: type[Document],
    held: Sequence[Document],
    wanted: Holder,
    sent: Mapping[str, Any] = NOTHING,
    back: Mapping[str, Any] = NOTHING,
) -> list[int]:
    """Les rangs, parmi les fiches que tient la mission, de celles qui peuvent être celle-là. La
    seule de sa sorte l'est, sauf quand elle est d'un autre des prestataires retenus. ``sent`` : ce
    qu'elle disait à l'envoi ; ``back`` : ce qu'elle dit au retour, où un participant que la mission
    ne connaît plus sous son nom écrit celui qu'il y a.
    """
    known = [holder_in(model, data_of(one)) for one in held]
    if model.par_cle:
        if not wanted.cle:
            return _of_its_prestataire(held, [wanted.nom, *map(_name_in, (sent, back))])
        return _by_key(held, known, wanted, sent)
    if model.multiple or len(held) > 1:
        found = _moved(held, known, wanted, sent, among(known, wanted))
        renamed = not found and back and not is_of_a_prestataire(model)
        return among(known, holder_in(model, back)) if renamed else found
    return [rank for rank, one in enumerate(held) if not _of_another(one, known[rank], wanted)]


def _by_key(
    held: Sequence[Document], known: Sequence[Holder], wanted: Holder, sent: Mapping[str, Any]
) -> list[int]:
    """By the key that it writes; else by that of its rank, unless it has moved since it left: what
    it said then is what tells it.
    """
    written = [rank for rank, one in enumerate(known) if one.cle == wanted.cle]
    free = [rank for rank, one in enumerate(known) if not one.cle]
    if written or not re.fullmatch(r"[a-z]+[0-9]+", wanted.cle):
        return written
    mine = [rank for rank in free if _same_prestataire(sent, data_of(held[rank]))]
    here = [rank for rank in mine if rank_key(type(held[rank]), rank) == wanted.cle]
    said, best = _nearest(held, mine, sent)
    if here and (here[0] in best or not said or len(held) == 1):
        return here
    return best if said else mine * (len(mine) == 1)


def _of_its_prestataire(held: Sequence[Document], names: Iterable[str]) -> list[int]:
    """A page that has lost its key may be any of those of the prestataire whom it names."""
    said = {fold(name) for name in names if name}
    ours = [rank for rank, one in enumerate(held) if fold(_name_in(data_of(one))) in said]
    return ours or [*range(len(held))]


def _name_in(data: Mapping[str, Any]) -> str:
    who = data.get(PRESTATAIRE)
    return str((who.get("nom") if isinstance(who, Mapping) else who) or "")


def _moved(
    held: Sequence[Document],
    known: Sequence[Holder],
    wanted: Holder,
    sent: Mapping[str, Any],
    found: list[int],
) -> list[int]:
    """Those found, unless it is by their rank alone and others say more of what left: rows have
    been moved since.
    """
    free = [rank for rank, one in enumerate(known) if one == Holder()]
    if len(found) != 1 or found[0] not in free or wanted.cle != _key_of(found[0]):
        return found
    _, best = _nearest(held, free, sent)
    return best if best and found[0] not in best else found


def _nearest(
    held: Sequence[Document], ranks: Sequence[int], sent: Mapping[str, Any]
) -> tuple[bool, list[int]]:
    """Whether what left with a form tells these sheets apart, and which still say the most of it,
    if any does.
    """
    told = {rank: _own_words(data_of(held[rank])) for rank in ranks}
    common = set.intersection(*told.values()) if len(told) > 1 else set()
    said = _own_words(sent) - common
    kept = {rank: len(said & words) for rank, words in told.items()}
    return bool(said), [rank for rank in ranks if kept[rank] and kept[rank] == max(kept.values())]


def _same_prestataire(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    keys = [spaced((data.get(PRESTATAIRE) or {}).get(CLE)) for data in (one, other)]
    return keys[0] == keys[1] or not all(keys)


def _own_words(data: Mapping[str, Any]) -> set[tuple[tuple[str, ...], str]]:
    """What a sheet says that neither the mission nor its place tells."""
    lent = {*Mission.partages(), PRESTATAIRE, CLE, "profil", "stade"}
    return {one for one in leaves(data) if one[0][0] not in lent and one[0][-1] != CLE}


def refuse_gone(
    model: type[Document], wanted: Holder, sent: Mapping[str, Any], ranks: list[int], name: str
) -> None:
    """``InputError`` pour le formulaire d'une fiche que sa clé distingue, et que la mission ne
    tient plus : ce qu'on y a répondu n'en serait qu'un morceau.
    """
    if not model.par_cle or ranks or not _own_words(sent):
        return
    raise InputError(
        Constat(
            "La mission ne tient plus la fiche dont ce formulaire est parti, ou rien n'y dit plus "
            "laquelle c'est ; rien n'en est pris.",
            fichier=name,
            conseil=f"Si c'est l'une des siennes, écrivez-y « cle: {wanted.cle} » ; sinon, "
            "demandez-en une autre avec « --nouvelle ».",
        )
    )


def leaves(data: Any, way: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Chaque valeur de ces données et son chemin, où une ligne est par sa clé, sinon son rang."""
    if isinstance(data, Mapping):
        for name, value in data.items():
            yield from leaves(value, (*way, str(name)))
    elif isinstance(data, list):
        for rank, row in enumerate(data):
            key = row.get(CLE) if isinstance(row, Mapping) else None
            yield from leaves(row, (*way, key or f"#{rank}"))
    elif data not in (None, ""):
        yield way, spaced(data)


def _of_another(document: Document, holder: Holder, wanted: Holder) -> bool:
    chosen = document._mission.retenus if document._mission is not None else ()
    return holder.cle != wanted.cle and {holder.cle, wanted.cle} <= {*chosen}


def among(known: Sequence[Holder], wanted: Holder) -> list[int]:
    """Les rangs des fiches qui peuvent être celle-là : par la clé ; sinon par le nom ; sinon par le
    rang que la clé donnée à l'envoi rappelle.
    """
    if wanted == Holder() and len(known) < 2:
        return list(range(len(known)))
    keyed = [
        rank for rank, one in enumerate(known) if wanted.cle and wanted.cle in (one.cle, one.nom)
    ]
    if keyed:
        return keyed
    named = [
        rank
        for rank, one in enumerate(known)
        if wanted.nom and one.nom == wanted.nom and not (one.cle and wanted.cle)
    ]
    if len(named) == 1:
        return named
    free = named or [
        rank for rank, one in enumerate(known) if not one.cle and not (one.nom and wanted.nom)
    ]
    ranked = [rank for rank in free if wanted.cle == _key_of(rank)]
    return ranked or named or (free if len(known) == 1 else [])


def sheets(mission: Mission, slug: str) -> tuple[Document, ...]:
    """Les fiches de cette sorte que tient la mission ; celle qui n'a pas de clé reçoit celle de son
    rang (p1, p2…).
    """
    return tuple(
        _keyed(document, rank) for rank, document in enumerate(mission.documents.get(slug, ()))
    )


def new_key(model: type[Document], mission: Mission) -> str:
    """La clé d'une fiche de plus, que la mission ne tient pas encore. Nul ne sait combien d'autres
    sont parties sans être encore revenues : une marque, qu'aucune n'a, la sépare de celles-là.
    """
    rank = len(mission.documents.get(model.slug(), ()))
    return f"{rank_key(model, rank)}_{secrets.token_hex(3)}"


def rank_key(model: type[Document], rank: int) -> str:
    """La clé d'une fiche qui n'en écrit pas : celle de son rang."""
    return f"{model.prefixe}{rank + 1}"


def _keyed(document: Document, rank: int) -> Document:
    if document.par_cle:
        key = getattr(document, CLE) or rank_key(type(document), rank)
        return document.model_copy(update={CLE: key})
    who = getattr(document, document.distingue_par, None)
    if getattr(who, "cle", "") is not None or who is None:
        return document
    return document.model_copy(
        update={document.distingue_par: who.model_copy(update={"cle": _key_of(rank)})}
    )


def _key_of(rank: int) -> str:
    return f"p{rank + 1}"


def anonymous(document: Document) -> Document:
    """La même fiche, sans ce qui dit de qui elle est ; sa clé reste, qui la ramène à sa place."""
    parts = {name: getattr(document, name) for name in document.anonymes}
    return document.model_copy(
        update={name: type(part)(cle=part.cle) for name, part in parts.items()}
    )
