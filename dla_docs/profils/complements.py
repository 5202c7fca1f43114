"""Les champs qu'un DLA ajoute à un document : leur type, leur place, à la suite l'un de l'autre."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any

from pydantic import create_model
from pydantic.fields import FieldInfo

from dla_docs.model import values as valeurs
from dla_docs.model.bloc import Bloc
from dla_docs.model.document import Document
from dla_docs.model.fields import Champ
from dla_docs.model.requirement import Force, exigence_propre
from dla_docs.profils.settings import Ajout, Complement, TypeDeComplement

COMPLEMENTS = "complements"  # the part where what a DLA adds lives
NAMED: Mapping[TypeDeComplement, Any] = {
    TypeDeComplement.TEXTE: valeurs.Texte,
    TypeDeComplement.TEXTE_LONG: valeurs.TexteLong,
    TypeDeComplement.DATE: valeurs.Jour,
    TypeDeComplement.NOMBRE: valeurs.Nombre,
    TypeDeComplement.ENTIER: valeurs.Entier,
    TypeDeComplement.ANNEE: valeurs.Annee,
    TypeDeComplement.JOURS: valeurs.Jours,
    TypeDeComplement.MONTANT: valeurs.Montant,
    TypeDeComplement.POURCENTAGE: valeurs.Pourcentage,
    TypeDeComplement.OUI_NON: valeurs.OuiNon,
    TypeDeComplement.COURRIEL: valeurs.Courriel,
    TypeDeComplement.TELEPHONE: valeurs.Telephone,
}

LISTED: Mapping[TypeDeComplement | None, Any] = {
    TypeDeComplement.CHOIX: valeurs.Choix,
    TypeDeComplement.CHOIX_MULTIPLE: valeurs.ChoixMultiple,
}


def complements_of(model: type[Document], added: Iterable[Complement], profil: str) -> type[Bloc]:
    fields: dict[str, Any] = {
        str(one.cle): (_type_of(one), _complement(model, one, profil)) for one in chained(added)
    }
    return create_model(
        "Complements",
        __base__=Bloc,
        __module__=model.__module__,
        __doc__="Compléments du DLA",
        **fields,
    )


def chained(added: Iterable[Complement]) -> list[Complement]:
    """Les champs ajoutés, chacun derrière celui qu'il suit, à la place de celui-ci sur la page ;
    ``LookupError`` quand une suite ne mène à aucun.
    """
    placed: list[Complement] = []
    waiting = list(added)
    while waiting:
        ready = [one for one in waiting if leader(one) in {"", *(done.cle for done in placed)}]
        if not ready:
            raise LookupError(waiting[0].cle)
        for one in ready:
            waiting.remove(one)
            placed.insert(_after(placed, one), _in_its_place(placed, one))
    return placed


def leader(added: Complement) -> str:
    """La clé du champ ajouté que celui-ci suit ; vide quand il en suit un des guides."""
    part, _, key = (added.apres or "").partition(".")
    return key if part == COMPLEMENTS else ""


def _after(placed: list[Complement], added: Complement) -> int:
    keys = [one.cle for one in placed]
    return keys.index(leader(added)) + 1 if leader(added) else len(keys)


def _in_its_place(placed: list[Complement], added: Complement) -> Complement:
    led = next((one for one in placed if one.cle == leader(added)), added)
    return added.model_copy(update={"apres": led.apres})


def _type_of(added: Complement) -> Any:
    if added.type in LISTED:
        members = {f"choix_{rank}": text for rank, text in enumerate(added.choix, 1)}
        return LISTED[added.type][Enum(str(added.cle), members)]
    return NAMED[added.type or TypeDeComplement.TEXTE]


def _complement(model: type[Document], added: Complement, profil: str) -> FieldInfo:
    stage = (
        model.stades[added.des_le_stade.upper()] if model.stades and added.des_le_stade else None
    )
    return field_of(
        added,
        Champ(
            own_exigence(added, model.slug(), profil),
            roles_of(added),
            des=stage,
            apres=added.apres or "",
        ),
        added.aide,
    )


def own_exigence(added: Ajout, slug: str, profil: str) -> tuple[Any, ...]:
    return (
        exigence_propre(
            profil,
            slug,
            str(added.cle),
            str(added.libelle),
            added.force or Force.OBLIGATOIRE,
            added.par,
        ),
    )


def roles_of(added: Ajout) -> frozenset[str]:
    return frozenset() if added.par is None else frozenset({added.par.value})


def field_of(added: Ajout, declared: Champ, help: str | None = None) -> FieldInfo:
    return FieldInfo(
        default=None, title=added.libelle, description=help, json_schema_extra=declared
    )
