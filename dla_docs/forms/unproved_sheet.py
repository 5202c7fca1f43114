"""Un formulaire pris pour celui d'une fiche que rien ne prouve être la sienne : ce qu'il faut y
regarder, et quand il est refusé.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any

from dla_docs.constat import Constat, Gravite
from dla_docs.errors import InputError
from dla_docs.forms.sheets import is_of_a_prestataire, key_line, rank_key, saying
from dla_docs.mission import Mission
from dla_docs.model.document import Document
from dla_docs.parties.identite import nom_nu, se_ressemblent
from dla_docs.raw.quoting import quoted
from dla_docs.spelling import compact, fold, spaced
from dla_docs.stages.envelope import PlaceDeFiche, data_of
from dla_docs.stages.whose_sheet import (
    PRESTATAIRE,
    RANKED,
    Holder,
    holder_in,
    own_words,
    words_of_others,
)


def told_by_rank(
    held: Sequence[Document],
    one: Document,
    sent: Mapping[str, Any],
    left: PlaceDeFiche | None,
    name: str,
) -> tuple[Constat, ...]:
    """Ce qu'il faut regarder d'un formulaire pris pour celui d'une fiche que seul son rang désigne
    : l'une a pu être ôtée, une autre, qui dit comme elle, ajoutée.
    """
    model, said = type(one), [data_of(document) for document in held]
    rank = next(rank for rank, document in enumerate(held) if document is one)
    known = [holder_in(model, data) for data in said]
    if left is None or left.nommee or known[rank].cle or len(held) == 1:
        return ()
    others = words_of_others([own_words(model, data) for data in said], rank)
    if left.dite and (saying(held, known, sent) or own_words(model, sent) - others):
        return ()
    key = key_line(model, holder_in(model, sent).cle)
    return (
        Constat(
            f"Ce formulaire est pris pour celui de la fiche de même rang (n° {rank + 1} de sa "
            "sorte) : rien d'autre ne dit laquelle est la sienne.",
            Gravite.AVERTISSEMENT,
            fichier=name,
            conseil="Si l'une a été ôtée ou ajoutée depuis l'envoi, défaites l'écriture avec « "
            f"dla-docs annuler », écrivez « {key} » à la sienne, et redonnez-le.",
        ),
    )


def told_by_nothing(
    held: Sequence[Document],
    one: Document,
    sent: Mapping[str, Any],
    back: Mapping[str, Any],
    name: str,
) -> tuple[Constat, ...]:
    """Ce qu'il faut regarder d'un formulaire vierge pris pour celui de la seule fiche de sa sorte,
    quand l'un des deux ne dit pas de qui il est : un autre a pu y répondre déjà.
    """
    model, said = type(one), data_of(one)
    apart = model.multiple and not model.par_cle and not is_of_a_prestataire(model)
    blank = not own_words(model, sent) and not any(holder_in(model, sent))
    named = any(holder_in(model, said)) and any(holder_in(model, back))
    if len(held) > 1 or not (apart and blank) or named or not own_words(model, said):
        return ()
    whose = f"« {model.distingue_par}: {{nom: …}} »"
    return (
        Constat(
            "Ce formulaire vierge est pris pour celui de la seule fiche de sa sorte, où l'on a "
            "déjà répondu ; rien ne dit que c'est la sienne.",
            Gravite.AVERTISSEMENT,
            fichier=name,
            conseil="S'il est d'un autre, défaites l'écriture avec « dla-docs annuler », écrivez "
            f"{whose} à cette fiche, son nom dans le formulaire, et redonnez-le.",
        ),
    )


def is_another(
    model: type[Document],
    sent: Mapping[str, Any],
    back: Mapping[str, Any],
    said: Mapping[str, Any],
    role: str,
) -> bool:
    """Vrai quand un formulaire vierge peut ne pas être celui de la fiche de sa clé, que seul son
    rang lui a donnée : un second, parti avant que le premier ne revienne, a la même. ``said`` : ce
    que dit cette fiche, que ``role`` aurait pu répondre aussi ; ce qu'il ne pouvait pas le
    complète.
    """
    key, mine, theirs = holder_in(model, sent).cle, own_words(model, back), own_words(model, said)
    if not (model.par_cle and RANKED.fullmatch(key)) or own_words(model, sent) or mine <= theirs:
        return False
    return any(_could_say(model, role, way) for way, _ in theirs - mine)


def _could_say(model: type[Document], role: str, way: Sequence[str]) -> bool:
    node = model.schema_node()
    for step in way:  # the key of a row is no field
        node = node.children.get(step, node)
    return not role or role in node.roles


def same_key(
    model: type[Document], key: str, held: Sequence[Document], name: str, others: Sequence[str]
) -> Constat:
    """Ce qu'il faut regarder de ce formulaire-là. ``others`` : les exemplaires donnés avec lui ;
    sinon, c'est la mission qui tient déjà la fiche de cette clé.
    """
    taken = {holder_in(model, data_of(one)).cle for one in held} | {key}
    free = next(one for one in (rank_key(model, n) for n in count(1)) if one not in taken)
    if others:
        who = f"Il est réuni à {', '.join(map(quoted, others))}, parti"
        do = f"relisez l'un seul, écrivez « cle: {free} » à sa fiche, puis relisez l'autre"
    else:
        who = "Il est pris pour celui d'une fiche où l'on a répondu autre chose, partie"
        do = f"écrivez « cle: {free} » à celle que la mission tient, et redonnez-le"
    return Constat(
        f"{who} vierge comme lui : seule leur clé ({key}), que tous deux ont reçue d'un rang, le "
        "dit.",
        Gravite.AVERTISSEMENT,
        fichier=name,
        conseil=f"S'il est d'une autre demande, défaites l'écriture avec « dla-docs annuler », "
        f"{do}. Pour en demander une de plus : « --nouvelle ».",
    )


def told_alike(
    model: type[Document], sent: Mapping[str, Any], name: str, known: Iterable[str], file: str
) -> tuple[Constat, ...]:
    """Ce qu'il faut regarder d'une fiche nouvelle, née d'un nom tapé sur un formulaire vierge :
    celles que la mission tient déjà, de ces noms, et dont le sien ne diffère que par l'écriture.
    """
    if any(holder_in(model, sent)) or is_of_a_prestataire(model) or model.par_cle:
        return ()
    alike = [one for one in dict.fromkeys(known) if se_ressemblent(one, name)]
    if not alike or fold(name) in map(fold, alike):  # the very name: it is that sheet
        return ()
    told = ", ".join(map(quoted, alike))
    return (
        Constat(
            f"Une fiche est faite pour {quoted(name)}, et il y en a une pour {told} : seule "
            "l'écriture du nom les sépare.",
            Gravite.AVERTISSEMENT,
            fichier=file,
            conseil="Si c'est la même personne, défaites l'écriture avec « dla-docs annuler », "
            f"écrivez {quoted(alike[0])} dans ce formulaire, et redonnez-le.",
        ),
    )


def refuse_another_person(
    model: type[Document], who: Holder, sent: Mapping[str, Any], mission: Any, name: str
) -> None:
    """``InputError`` quand la clé d'un formulaire est, depuis l'envoi, celle d'un autre : ni le nom
    ni le SIRET ne sont les siens, ou d'autres portent le même nom et rien ne dit lequel il est.
    """
    said = sent.get(PRESTATAIRE)
    if not (isinstance(mission, Mission) and is_of_a_prestataire(model)):
        return
    known = {spaced(cle): one for cle, one in mission.sollicites().items()}
    if not isinstance(said, Mapping) or not said.get("nom") or who.cle not in known:
        return
    now, siret = known[who.cle], compact(said.get("siret"))
    named = nom_nu(str(said["nom"]))
    alike = sum(nom_nu(one.nom) == named for one in known.values())
    is_named = nom_nu(now.nom) == named
    is_numbered = bool(siret and now.siret) and siret == now.siret
    if is_numbered or (is_named and alike == 1) or not now.nom:
        return
    if not is_named and not (siret and now.siret):  # renamed since
        return
    raise InputError(
        Constat(
            f"Ce formulaire est parti pour {quoted(str(said['nom']))}"
            f"{f' (SIRET {siret})' if siret else ''}, et la mission a aujourd'hui, à cette place, "
            f"{quoted(str(now.nom))}{f' (SIRET {now.siret})' if now.siret else ''} ; rien n'en est "
            "pris.",
            fichier=name,
            conseil="Si c'est bien lui, corrigez son SIRET ou son nom dans la mission ; sinon, "
            "écrivez « cle: … » à la ligne de chacun des prestataires sollicités, et demandez-lui "
            "un nouveau formulaire.",
        )
    )
