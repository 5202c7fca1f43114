"""La réunion : les formulaires d'un document, revenus de plusieurs personnes, font un seul document
; chacun sur ses champs, rien n'est écrasé.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.forms.answers_taken import Lecture, judge, keys_made, left_aside, row_keys
from dla_docs.forms.sheets import (
    ranks_of,
    refuse_gone,
    refuse_stranger,
)
from dla_docs.forms.unproved_sheet import (
    is_another,
    refuse_another_person,
    same_key,
    told_alike,
    told_by_nothing,
    told_by_rank,
)
from dla_docs.mission import Mission
from dla_docs.model.document import Document
from dla_docs.model.node import Kind, Node
from dla_docs.model.validation import validated
from dla_docs.profils.profil import Profil
from dla_docs.raw import overlay
from dla_docs.returns.contribution_merge import STADE, Fusion
from dla_docs.returns.contributions import (
    Contribution,
    Source,
    by_sheet,
    contributions,
)
from dla_docs.returns.provenance import (
    MISSION,
    Base,
    mission_in,
    other_reference,
    refuse_other_mission,
    refuse_other_prestataire,
)
from dla_docs.spelling import fold
from dla_docs.stages.envelope import data_of
from dla_docs.stages.whose_sheet import PRESTATAIRE, holder_in


@dataclass(frozen=True)
class Reunion(Lecture):
    """Un document réuni. ``refus`` : tout ce qui n'est pas repris, cellules illisibles, champs d'un
    autre, réponses qui se contredisent.

    ``auteurs`` : les fichiers réunis, chacun avec le rôle de qui l'a rempli.
    """

    auteurs: tuple[str, ...] = ()


def reunir(
    sources: Iterable[Source],
    base: Base | None = None,
    profil: Profil | str | Path | None = None,
    forces: Collection[str] = (),
) -> Reunion:
    """Réunit les formulaires d'un même document, partis pour des rôles différents ; leur ordre ne
    change rien, un doublon non plus.

    Arguments :
    - ``sources`` : des fichiers .docx ou .pdf, ou leurs octets.
    - ``base`` : les documents de la mission, par nom (``mission.documents``) ; la réponse qu'ils
      tiennent déjà n'est pas écrasée.
    - ``profil`` : celui sous lequel ils sont partis, quand c'est celui d'un DLA.
    - ``forces`` : les chemins où la réponse l'emporte, bien qu'elle soit dans un champ fermé ou que
      le document ait changé depuis ; « mission », quand le formulaire est bien de celle-ci.

    Rend : une ``Reunion`` ; ses ``refus`` disent les désaccords et ce qui n'est pas repris.

    Erreurs :
    - ``InputError`` : un fichier ne se lit pas, ou ils ne sont pas d'un même document.
    """
    found = reunir_par_fiche(sources, base, profil, forces)
    if len(found) > 1:
        told = ", ".join(f"« {one.document.nom_distinctif or one.auteurs[0]} »" for one in found)
        raise InputError(
            Constat(
                f"Ces formulaires sont ceux de {len(found)} fiches différentes : {told}.",
                conseil="Réunissez-les dans leur mission.",
            )
        )
    return found[0]


def reunir_par_fiche(
    sources: Iterable[Source],
    base: Base | None = None,
    profil: Profil | str | Path | None = None,
    forces: Collection[str] = (),
) -> tuple[Reunion, ...]:
    """Comme ``reunir``, pour les formulaires de plusieurs fiches d'une même mission : une réunion
    par participant, ou par prestataire.
    """
    mission = mission_in(base or {})
    chosen = mission.retenus if isinstance(mission, Mission) else ()
    sheets = by_sheet(contributions(sources, base or {}, profil, forces), chosen)
    held = [_held(sheet[0], base or {}) for sheet in sheets]
    new = [sheet[0] for sheet, ours in zip(sheets, held, strict=True) if ours is None]
    found = (
        _reunion(sheet, ours, base or {}, [one for one in new if one not in sheet])
        for sheet, ours in zip(sheets, held, strict=True)
    )
    return tuple(
        sorted(found, key=lambda one: (fold(one.document.nom_distinctif or ""), one.auteurs))
    )


def _reunion(
    sheet: Sequence[Contribution], ours: Document | None, base: Base, new: Sequence[Contribution]
) -> Reunion:
    """``base`` : where the answers go; it may not hold the document yet, nor the ``new`` ones."""
    model = sheet[0].model
    before = _sent(sheet) if ours is None else data_of(ours)
    known = chain.from_iterable(base.values())
    fusion = Fusion(model, before, sheet[0].forces, ours, known)
    fusion.take(sheet)
    if fusion.changes and (ours is None or fusion.data.get(STADE)):  # without: it is at its last
        absent = bool(base) and ours is None
        fusion.reach(_stages(sheet), None if absent else fusion.data.get(STADE))
    keys = row_keys(fusion.data, model)
    document = validated(model, fusion.data)
    refused = [*(constat for one in sheet for constat in one.refused()), *fusion.refused]
    said = [*(constat for one in sheet for constat in one.constats), *fusion.constats]
    said += [constat for one in sheet for constat in _to_look_at(one, ours, base)]
    said += [*_alike(sheet[0], base, new)] if ours is None else []
    said += islice(_told_by_key(sheet, ours, base), 1)
    verdict = judge(document, sheet[0].profil)
    auteurs = tuple(sorted(one.auteur for one in sheet))
    return Reunion(
        document,
        tuple(fusion.changes),
        _sorted(refused),
        (*_sorted(said), *keys_made(model, before, fusion.data), *verdict),
        keys,
        sheet[0].envoi,
        left_aside(_sorted(said)),
        auteurs=auteurs,
    )


def _to_look_at(one: Contribution, ours: Document | None, base: Base) -> Iterator[Constat]:
    """What it is taken for, and nothing proves."""
    if MISSION not in one.forces:
        yield from other_reference(one.model, one.parti, base, one.auteur, one.envoi)
    if ours is not None:
        held = base.get(one.model.slug(), ())
        left, back = one.envoi.place, data_of(one.lecture.document)
        yield from told_by_rank(held, ours, one.parti, left, one.auteur)
        if left is None:
            yield from told_by_nothing(held, ours, one.parti, back, one.auteur)


def _told_by_key(
    sheet: Sequence[Contribution], ours: Document | None, base: Base
) -> Iterator[Constat]:
    """Two requests that left blank under one key, before any of them came back."""
    held = base.get(sheet[0].model.slug(), ())
    told = [(each, data_of(each.lecture.document)) for each in sheet]
    known = [] if ours is None else [data_of(ours)]
    for one, back in told:
        is_apart = partial(is_another, one.model, one.parti, back, role=one.envoi.role)
        others = [each.auteur for each, said in told if is_apart(said)]
        if others or any(map(is_apart, known)):
            yield same_key(one.model, one.holder.cle, held, one.auteur, others)


def _alike(one: Contribution, base: Base, new: Sequence[Contribution]) -> tuple[Constat, ...]:
    """Those who have a sheet already, or who get one with it, under almost the same name."""
    others = (other.lecture.document for other in new)
    known = (each.nom_distinctif or "" for each in (*base.get(one.model.slug(), ()), *others))
    name = one.lecture.document.nom_distinctif or ""
    return told_alike(one.model, one.parti, name, known, one.auteur)


def _stages(sheet: Sequence[Contribution]) -> list[str]:
    return [said for one in sheet if (said := one.parti.get(STADE))]


def _sorted(constats: Iterable[Constat]) -> tuple[Constat, ...]:
    return tuple(
        sorted(
            dict.fromkeys(constats),
            key=lambda constat: (constat.fichier, constat.chemin, constat.message),
        )
    )


def _held(one: Contribution, base: Base) -> Document | None:
    """The document of the mission that this form was made from; ``None`` when the mission does not
    hold it yet.
    """
    refuse_other_mission(one.model, one.parti, base, one.auteur, one.envoi, one.forces)
    back, mission = data_of(one.lecture.document), mission_in(base)
    documents = base.get(one.envoi.slug, ())
    left = one.envoi.place
    known = ranks_of(one.model, documents, one.holder, one.parti, back, left)
    if mission is not None:
        refuse_gone(one.model, one.holder, one.parti, known, one.auteur, left, one.envoi.tenu)
        refuse_another_person(one.model, one.holder, one.parti, mission, one.auteur)
    blank = not any(holder_in(one.model, one.parti))
    if blank or not known:
        refuse_stranger(one.model, one.holder, back if blank else one.parti, mission, one.auteur)
    if len(known) > 1:
        message = (
            f"La mission tient plusieurs fois « {one.lecture.document.titre} », et rien ne dit "
            f"duquel vient ce formulaire."
        )
        raise InputError(
            Constat(
                message, fichier=one.auteur, conseil="Relisez-le à part, avec « dla-docs lire »."
            )
        )
    held = documents[known[0]] if known else None
    said = one.parti if one.parti.get(PRESTATAIRE) else back
    refuse_other_prestataire(one.model, said, base, held, one.auteur)
    return held


def _sent(sheet: Sequence[Contribution]) -> dict[str, Any]:
    """What left with these forms: the same for all, or more in those that left later."""
    data: Any = {}
    for number, one in enumerate(sheet):
        for other in sheet[:number]:
            if told := _disagreement(one.model.schema_node(), other.parti, one.parti):
                message = (
                    f"« {other.auteur} » et « {one.auteur} » ne sont pas partis du même état du "
                    f"document : {told}."
                )
                raise InputError(
                    Constat(
                        message,
                        conseil=(
                            "Donnez la mission avec « --dans » : elle dit lequel vaut aujourd'hui."
                        ),
                    )
                )
        data = overlay(data, one.parti)
    return dict(data)


def _disagreement(node: Node, one: Any, other: Any) -> str:
    """A field that both hold, and not with the same value."""
    for child in node.children.values():
        mine, theirs = one.get(child.name), other.get(child.name)
        if child.kind is Kind.PART:
            told = _disagreement(child, mine or {}, theirs or {})
        elif child.kind is Kind.ROWS:
            told = next(
                filter(
                    None,
                    (_disagreement(child, *pair) for pair in _joined(mine or [], theirs or [])),
                ),
                "",
            )
        else:
            told = (
                f"{child.label}, « {mine} » ou « {theirs} »"
                if mine is not None and theirs is not None and mine != theirs
                else ""
            )
        if told:
            return told
    return ""


def _joined(
    rows: list[dict[str, Any]], others: list[dict[str, Any]]
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    keyed = {row.get("cle") or rank: row for rank, row in enumerate(others)}
    return [
        (row, keyed[key])
        for rank, row in enumerate(rows)
        if (key := row.get("cle") or rank) in keyed
    ]
