"""Une exigence : ce qu'un guide demande d'un document. Le référentiel est ``exigences.csv`` ; les
modèles disent où chacune porte.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache
from importlib import resources


class Force(Enum):
    """O obligatoire · S imprimé dans le formulaire · R recommandé · L facultatif."""

    OBLIGATOIRE = "O"
    STRUCTURE = "S"
    RECOMMANDE = "R"
    LIBRE = "L"


class Role(Enum):
    """Qui remplit : ``CHARGE_DE_MISSION``, ``STRUCTURE``, ``PRESTATAIRE``, ``PARTICIPANT``,
    ``COMITE`` ou ``DLA``.
    """

    CHARGE_DE_MISSION = "charge_de_mission"
    STRUCTURE = "structure"
    PRESTATAIRE = "prestataire"
    PARTICIPANT = "participant"
    COMITE = "comite"
    DLA = "dla"


O, S, R, L = Force.OBLIGATOIRE, Force.STRUCTURE, Force.RECOMMANDE, Force.LIBRE  # noqa: E741 — the guides' own letters
COMPELLING = (O, S)

GUIDES = {
    "C": "Guide du Centre",
    "P": "Guide de Provence-Alpes-Côte d'Azur",
    "A": "Référentiel d'activités du Centre",
    "N": "Guide du Nord – Pas de Calais",
    "E": "Carnet de pratiques du CNAR Environnement",
}


@dataclass(frozen=True)
class Exigence:
    """Une ligne du référentiel, telle qu'elle porte à un endroit d'un document."""

    id: str
    nature: str  # champ, libelle, regle, processus, alias
    force: Force
    guides: tuple[str, ...]
    par: tuple[str, ...]
    titre: str
    condition: str
    documents: tuple[str, ...]
    source: str

    def __str__(self) -> str:
        return self.id

    def citation(self, guides: tuple[str, ...] = ()) -> str:
        """La source telle qu'un message la cite, prise de préférence dans ``guides`` : « Guide du
        Centre, « La commande » (CDC-07). »
        """
        guide, place = self.place(guides)
        return f"{guide}, « {place} » ({self.id})."

    def place(self, guides: tuple[str, ...] = ()) -> tuple[str, str]:
        """Le guide qui la demande, pris de préférence dans ``guides``,
        et l'endroit où il le fait."""
        places = [
            said
            for said in (place.partition(" · ") for place in self.source.split(" + "))
            if said[0] in self.guides
        ]
        guide, _, place = next((said for said in places if said[0] in guides), places[0])
        return GUIDES.get(guide, f"Profil {guide}"), place


@cache
def referentiel() -> dict[str, Exigence]:
    """Toutes les exigences des cinq guides, par identifiant, dans l'ordre du référentiel."""
    text = (resources.files("dla_docs.model") / "exigences.csv").read_text(encoding="utf-8-sig")
    return {row["id"]: _from_row(row) for row in csv.DictReader(text.splitlines(), delimiter=";")}


def exige(
    identifiant: str, force: Force | None = None, par: Role | None = None, guides: str = ""
) -> Exigence:
    """L'exigence à poser sur un champ, un texte ou une règle ; ``force``, ``par`` et ``guides`` («
    PA ») valent pour cet endroit seulement.
    """
    exigence = referentiel()[identifiant]
    if force is not None:
        exigence = replace(exigence, force=force)
    if guides:
        exigence = replace(exigence, guides=tuple(guides))
    return exigence if par is None else replace(exigence, par=(par.value,))


def exigence_propre(
    profil: str, slug: str, cle: str, libelle: str, force: Force, par: Role | None = None
) -> Exigence:
    """L'exigence d'un DLA sur ce qu'il ajoute à un document : « MON_DLA:code_analytique »."""
    roles = () if par is None else (par.value,)
    return Exigence(
        f"{profil.upper()}:{cle}",
        "champ",
        force,
        (profil,),
        roles,
        libelle,
        "",
        (slug,),
        f"{profil} · {libelle}",
    )


def _from_row(row: dict[str, str]) -> Exigence:
    return Exigence(
        id=row["id"],
        nature=row["nature"],
        force=Force(row["force"]),
        guides=tuple(row["guides"].split(",")),
        par=tuple("dla" if role == "dla_regional" else role for role in row["par"].split(",")),
        titre=row["titre"],
        condition=row["condition"],
        documents=tuple(row["documents"].split(",")),
        source=row["source"],
    )
