"""La page de garde : les logos et la mention que demande le guide du Nord – Pas de Calais, repris
de la fiche de l'opérateur.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, ClassVar, Protocol

from dla_docs.model.bloc import bloc_of, is_blank
from dla_docs.model.document import Document
from dla_docs.model.layout import Ligne
from dla_docs.parties.acteurs import Financeur, Operateur
from dla_docs.spelling import fold

MENTION = "Accompagnement DLA financé par :"
FINANCEURS = (  # those that the guide names, under their name of then or of now
    r"\b(ddtefp|direccte|dreets|ddets|etat|ministere|prefecture)\b",
    r"\b(caisse des depots|banque des territoires)\b",
    r"\bregion(al)?\b",
    r"\b(conseil (general|departemental)|departement)\b",
)


class OperateurDeCouverture(Operateur):
    """L'opérateur DLA."""

    en_bref: ClassVar[tuple[Ligne, ...]] = tuple(
        line for line in Operateur.en_bref if "financeurs" not in line.champs
    )
    hors_page: ClassVar[tuple[str, ...]] = ("financeurs",)  # the cover names them


def couverture_reprise(
    model: type[Document], entete: Mapping[str, Any], financeurs: Iterable[Financeur]
) -> dict[str, Any]:
    """La page de garde d'un document : les logos et les financeurs de l'opérateur, que dit
    l'en-tête de la mission ; à défaut, les financeurs de son profil.
    """
    written = entete.get("operateur")
    operator = written if isinstance(written, Mapping) else {}
    funders = operator.get("financeurs") or [funder.model_dump() for funder in financeurs]
    known = {
        "logo_dla": operator.get("logo_dla"),
        "logo_operateur": operator.get("logo"),
        "mention": MENTION if funders else None,
        "financeurs": funders,
    }
    cover = bloc_of(model, "couverture")
    return {name: value for name, value in known.items() if cover and name in cover.model_fields}


def jour_des_logos(document: Document) -> date | None:
    """Le jour qui choisit les financeurs d'un document : le sien, sinon celui de sa mission ;
    l'inverse quand il a une page de garde, que la mission remplit.
    """
    mission = document._mission
    days = [document.jour, mission.jour if mission is not None else None]
    if "couverture" in type(document).model_fields:
        days.reverse()
    return next(filter(None, days), None)


class PageDeGarde(Protocol):
    """La page de garde d'un document."""

    @property
    def financeurs(self) -> tuple[Financeur, ...]: ...


class AvecCouverture(Protocol):
    """Un document qui a une page de garde."""

    @property
    def couverture(self) -> PageDeGarde: ...
    @property
    def operateur(self) -> Operateur: ...


def financeurs_absents(document: AvecCouverture) -> Iterator[str]:
    """Les financeurs cités sans logo ; tous, quand il en manque un ou que le Conseil Général est
    celui d'un autre département.
    """
    cover = document.couverture
    for number, funder in enumerate(cover.financeurs):
        if is_blank(funder.logo.fichier):
            yield f"couverture.financeurs[{number}].logo"
    if cover.financeurs and not _are_those_of(
        (funder.nom for funder in cover.financeurs), document.operateur.departement
    ):
        yield "couverture.financeurs"


def mention_changee(mention: str | None) -> bool:
    """Vrai quand la mention n'est pas celle du guide."""
    return mention is not None and _words(mention) != _words(MENTION)


def _are_those_of(names: Iterable[str | None], departement: str | None) -> bool:
    said = [_words(name or "") for name in names]
    found = [[name for name in said if re.search(family, name)] for family in FINANCEURS]
    council = _words(re.sub(r"\(.*?\)|\d+", "", departement or ""))
    return all(found) and any(council in name for name in found[-1])


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))
