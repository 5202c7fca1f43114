"""Les fiches d'une même sorte dans une mission : une par participant, une par prestataire ; ce qui
distingue l'une de l'autre.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from types import MappingProxyType
from typing import Any

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.mission import Mission
from dla_docs.model.document import Document
from dla_docs.parties.identite import candidats
from dla_docs.raw.overlaying import CLE
from dla_docs.raw.quoting import quoted
from dla_docs.spelling import fold, spaced
from dla_docs.stages.envelope import PlaceDeFiche, data_of
from dla_docs.stages.whose_sheet import (
    PRESTATAIRE,
    Holder,
    holder_in,
    identity_in,
    mark_of,
    own_words,
    words_of_others,
)

NOTHING: Mapping[str, Any] = MappingProxyType({})


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
    left: PlaceDeFiche | None = None,
) -> list[int]:
    """Les rangs, parmi les fiches que tient la mission, de celles qui peuvent être celle-là. La
    seule de sa sorte l'est, sauf quand elle est d'un autre des prestataires retenus, ou que
    l'envoi en comptait d'autres. ``sent`` : ce qu'elle disait à l'envoi ; ``back`` : ce qu'elle dit
    au retour, où un participant que la mission ne connaît plus sous son nom écrit celui qu'il y a ;
    ``left`` : sa place d'alors, quand elle n'écrivait pas de clé.
    """
    known = [holder_in(model, data_of(one)) for one in held]
    if left is not None or model.par_cle:
        if not wanted.cle and model.par_cle:
            return _of_its_prestataire(held, [wanted.nom, *map(_name_in, (sent, back))])
        written = [rank for rank, one in enumerate(known) if wanted.cle and one.cle == wanted.cle]
        found = _without_key(held, known, sent, left or PlaceDeFiche(dite=True))
        # a key that a rank gave may be written since, for a form of another sending
        found = written + found * (left is not None) if written else found
    elif model.multiple or len(held) > 1:
        typed_in = wanted.nom and not any(holder_in(model, sent))  # a name, on a blank form
        found = among(known, wanted) or ([] if typed_in else saying(held, known, sent))
    else:
        return [rank for rank, one in enumerate(held) if not _of_another(one, known[rank], wanted)]
    typed = holder_in(model, back)
    anew = typed.nom and typed.nom != holder_in(model, sent).nom
    renamed = not found and anew and not is_of_a_prestataire(model)
    return among(known, Holder(nom=typed.nom)) if renamed else found


def _without_key(
    held: Sequence[Document], known: Sequence[Holder], sent: Mapping[str, Any], left: PlaceDeFiche
) -> list[int]:
    """A sheet that writes no key: the one at its place in the list as it left, if its name told it
    there; else the one which says all that it said then, and nobody else does; else that place,
    when nothing says that another sheet has taken it: it says what no other does of what it said,
    or all of it.
    """
    free = [rank for rank, one in enumerate(known) if not one.cle]
    here = [rank for rank in free if mark_of(held, rank) == left.marque]
    if left.nommee:
        return here or _named(held, free, sent) or saying(held, known, sent) * left.dite
    said = own_words(type(held[0]), sent) if held else set()
    found = saying(held, known, sent) if left.dite else here
    if len(found) == 1 and found != here:
        return found
    words = [own_words(type(one), data_of(one)) for one in held]
    if len(held) == 1:  # corrected, as long as most of it stands
        return [rank for rank in here if 2 * len(said & words[rank]) >= len(said)]
    proper = {rank: said - words_of_others(words, rank) for rank in here} if left.dite else {}
    return [rank for rank in here if (proper.get(rank) or said) <= words[rank]]


def _named(held: Sequence[Document], ranks: Sequence[int], sent: Mapping[str, Any]) -> list[int]:
    """The only one of the same name, and of no other SIRET."""
    name = holder_in(type(held[0]), sent).nom if held else ""
    found = [
        rank
        for rank in ranks
        if name and _is_same(held[rank], sent) and _name_of(held[rank]) == name
    ]
    return found if len(found) == 1 else []


def saying(held: Sequence[Document], known: Sequence[Holder], sent: Mapping[str, Any]) -> list[int]:
    """Le rang de la seule qui dit encore tout ce qui est parti, et n'est de personne d'autre."""
    said = own_words(type(held[0]), sent) if held else set()
    found = [
        rank
        for rank, one in enumerate(held)
        if said
        and not known[rank].cle
        and _is_same(one, sent)
        and said <= own_words(type(one), data_of(one))
    ]
    return found if len(found) == 1 else []


def _name_of(document: Document) -> str:
    return holder_in(type(document), data_of(document)).nom


def _is_same(one: Document, sent: Mapping[str, Any]) -> bool:
    """Whether nothing that both say of whose it is differs."""
    pairs = zip(*(identity_in(type(one), data) for data in (data_of(one), sent)), strict=True)
    return all(mine == theirs or not (mine and theirs) for mine, theirs in pairs)


def _of_its_prestataire(held: Sequence[Document], names: Iterable[str]) -> list[int]:
    """A page that has lost its key may be any of those of the prestataire whom it names."""
    said = {fold(name) for name in names if name}
    ours = [rank for rank, one in enumerate(held) if fold(_name_in(data_of(one))) in said]
    return ours or [*range(len(held))]


def _name_in(data: Mapping[str, Any]) -> str:
    who = data.get(PRESTATAIRE)
    return str((who.get("nom") if isinstance(who, Mapping) else who) or "")


def refuse_gone(
    model: type[Document],
    wanted: Holder,
    sent: Mapping[str, Any],
    ranks: list[int],
    name: str,
    left: PlaceDeFiche | None = None,
    held: bool = False,
) -> None:
    """``InputError`` pour le formulaire d'une fiche que la mission ne tient plus, ou que plus rien
    ne désigne : ce qu'on y a répondu n'en serait qu'un morceau, ou irait à une autre. ``held`` :
    elle la tenait à l'envoi.
    """
    if ranks or not (left or held or (model.par_cle and own_words(model, sent))):
        return
    key = key_line(model, wanted.cle)
    typed = model.multiple and not model.par_cle and not is_of_a_prestataire(model)
    say = "Écrivez dans le formulaire de qui il est, et redonnez-le ; ou " if typed else ""
    mine = f"écrivez « {key} » à celle des siennes dont il vient" if wanted.cle and key else ""
    again = "demandez-en une autre" + " avec « --nouvelle »" * model.par_cle
    if held and not left:
        say, mine = "", "remettez-la dans la mission, et redonnez le formulaire"
    advice = f"{say}{mine or 'recopiez ses réponses'} ; sinon, {again}."
    raise InputError(
        Constat(
            "La mission ne tient plus la fiche dont ce formulaire est parti, ou rien n'y dit plus "
            "laquelle c'est ; rien n'en est pris.",
            fichier=name,
            conseil=advice[0].upper() + advice[1:],
        )
    )


def key_line(model: type[Document], cle: str) -> str:
    """Ce qu'écrit une fiche pour être celle de cette clé ; rien quand sa sorte n'en a pas."""
    if model.par_cle:
        return f"cle: {cle}"
    return f"{model.distingue_par}: {{cle: {cle}}}" * (model.distingue_par in model.model_fields)


def _of_another(document: Document, holder: Holder, wanted: Holder) -> bool:
    chosen = document._mission.retenus if document._mission is not None else ()
    return holder.cle != wanted.cle and {holder.cle, wanted.cle} <= {*chosen}


def among(known: Sequence[Holder], wanted: Holder) -> list[int]:
    """Les rangs des fiches qui peuvent être celle-là : par la clé ; sinon par le nom, ou parce
    qu'elle est seule. Un rang ne désigne personne : la liste a pu bouger.
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
    if named or wanted.cle:
        return named
    free = [rank for rank, one in enumerate(known) if not one.cle and not (one.nom and wanted.nom)]
    return free if len(known) == 1 else []


def sheets(mission: Mission, slug: str) -> tuple[Document, ...]:
    """Les fiches de cette sorte que tient la mission ; celle qui n'a pas de clé reçoit celle de son
    rang (p1, p2…), sinon, quand une autre l'écrit, celle d'un rang que nulle n'a.
    """
    held = mission.documents.get(slug, ())
    written = {holder_in(type(one), data_of(one)).cle for one in held}
    free = (rank for rank in count(len(held)) if _rank_key_of(held[0], rank) not in written)
    keys = (_rank_key_of(one, rank) for rank, one in enumerate(held))
    return tuple(
        _keyed(one, _rank_key_of(one, next(free)) if key in written else key)
        for one, key in zip(held, keys, strict=True)
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


def _keyed(document: Document, given: str) -> Document:
    if document.par_cle:
        return document.model_copy(update={CLE: getattr(document, CLE) or given})
    who = getattr(document, document.distingue_par, None)
    if getattr(who, "cle", "") is not None or who is None:
        return document
    return document.model_copy(
        update={document.distingue_par: who.model_copy(update={"cle": given})}
    )


def _rank_key_of(document: Document, rank: int) -> str:
    return rank_key(type(document), rank) if document.par_cle else f"p{rank + 1}"


def anonymous(document: Document) -> Document:
    """La même fiche, sans ce qui dit de qui elle est ; sa clé reste, qui la ramène à sa place."""
    parts = {name: getattr(document, name) for name in document.anonymes}
    return document.model_copy(
        update={name: type(part)(cle=part.cle) for name, part in parts.items()}
    )
