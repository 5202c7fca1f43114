"""Une exigence : ce qu'un guide demande d'un document. Le référentiel est ``exigences.csv`` (et
``citations.csv``, les mots des guides) ; les modèles disent où chacune porte.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from functools import cache
from pathlib import Path

from dla_docs.errors import InputError
from dla_docs.spelling import did_you_mean, meant


class Force(Enum):
    """O obligatoire · S prévu par le guide ou son formulaire · R recommandé · L facultatif."""

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


def role_named(word: str | Role) -> Role:
    """Le rôle d'un mot ; ``InputError`` dit lesquels existent."""
    known = [role.value for role in Role]
    said = (
        word.value
        if isinstance(word, Role)
        else str(word).lower().replace("-", "_").replace(" ", "_")
    )
    if said not in known:
        told = (
            f"Le rôle « {word} » n'existe pas.",
            did_you_mean(meant(said, known)),
            f"Les rôles sont : {', '.join(known)}.",
        )
        raise InputError(" ".join(filter(None, told)))
    return Role(said)


O, S, R, L = Force.OBLIGATOIRE, Force.STRUCTURE, Force.RECOMMANDE, Force.LIBRE  # noqa: E741 — the guides' own letters
COMPELLING = (O, S)
LIBELLE = "libelle"  # the nature of a wording, in the reference

GUIDES = {
    "C": "Guide du Centre",
    "P": "Guide de Provence-Alpes-Côte d'Azur",
    "A": "Référentiel d'activités du Centre",
    "N": "Guide du Nord – Pas de Calais",
    "E": "Carnet de pratiques du CNAR Environnement",
}

FORMULAIRES_IMPRIMES = {
    "C": (
        "Un portefeuille avec quel contenu ?",
        "Exemple d'un plan d'accompagnement",
        "L'appel à compétence simplifié",
        "Grille de lecture",
        "La grille de suivi",
        "La grille d'évaluation",
    ),
    "A": ("En l'état", "Missions 1 à 4 · % temps"),
    "E": ("Critères", "Spécificités à prendre en compte par le prestataire"),  # of its survey
}  # what a guide prints as a form; what it asks for elsewhere, it says in sentences

VERSION_DU_REFERENTIEL, DATE_DU_REFERENTIEL = 2, date(2026, 11, 28)


@dataclass(frozen=True)
class Exigence:
    """Une ligne du référentiel, telle qu'elle porte à un endroit d'un document."""

    id: str
    nature: str  # champ, libelle, regle, processus, alias
    forces: tuple[tuple[str, Force], ...]  # what each guide that says it makes of it
    par: tuple[str, ...]
    titre: str
    condition: str
    documents: tuple[str, ...]
    source: str

    def __str__(self) -> str:
        return self.id

    def __hash__(self) -> int:  # asked for at each field: two that are equal have the same id
        return hash(self.id)

    @property
    def guides(self) -> tuple[str, ...]:
        """Les guides qui la disent."""
        return tuple(guide for guide, _ in self.forces)

    @property
    def force(self) -> Force:
        """La plus forte de celles que les guides lui donnent."""
        return strongest(force for _, force in self.forces)

    @property
    def conditions(self) -> tuple[str, ...]:
        """Ce dont elle dépend, une chose à la fois : « collective », « si type B »."""
        return _conditions(self.condition)

    def selon(self, guides: Collection[str]) -> Force | None:
        """La plus forte de celles que lui donnent ces guides ; ``None`` quand aucun ne la dit."""
        said = [force for guide, force in self.forces if guide in guides]
        return strongest(said) if said else None

    def citation(self, guides: Collection[str] = (), profil: str = "") -> str:
        """La source telle qu'un message la cite : « Guide du Centre, « La commande » (CDC-07). » ;
        voir ``place``.
        """
        guide, place = self.place(guides, profil)
        return f"{guide}, « {place} » ({self.id})."

    def place(self, guides: Collection[str] = (), profil: str = "") -> tuple[str, str]:
        """Le guide qui la demande, et l'endroit où il le fait : parmi ``guides``, celui qui y met
        le plus de force ; celui des cinq quand rien n'est dit. ``profil`` répond quand aucun des
        ``guides`` ne la dit : c'est lui qui la demande.
        """
        if profil and not any(guide in guides for guide in self.guides):
            return f"Profil {profil}", self.titre
        guide, place = self._said_at(guides)
        return GUIDES.get(guide, f"Profil {guide}"), place

    def imprimee(self, guides: Collection[str] = ()) -> bool:
        """Vrai quand le guide qu'un message citerait l'imprime dans un formulaire ; ce qu'un DLA
        demande est toujours dans les siens.
        """
        guide, place = self._said_at(guides)
        return guide not in GUIDES or place.startswith(FORMULAIRES_IMPRIMES.get(guide, ()))

    def _said_at(self, guides: Collection[str]) -> tuple[str, str]:
        followed = [guide for guide in self.guides if guide in guides]
        forces = {
            guide: force for guide, force in self.forces if guide in (followed or self.guides)
        }
        places = [place.partition(" · ") for place in self.source.split(" + ")]
        said = [place for place in places if place[0] in forces]
        guide, _, place = min(said, key=lambda one: _rank(forces[one[0]]))
        return guide, place


def strongest(forces: Iterable[Force]) -> Force:
    """La plus forte de ces forces, dans l'ordre O, S, R, L."""
    return min(forces, key=_rank)


def weakest(*forces: Force) -> Force:
    """La moins forte de ces forces."""
    return max(forces, key=_rank)


@cache
def _conditions(condition: str) -> tuple[str, ...]:
    return tuple(re.split(" ; | et ", condition))


def _rank(force: Force) -> int:
    return list(Force).index(force)


@cache
def referentiel() -> dict[str, Exigence]:
    """Toutes les exigences des cinq guides, par identifiant, dans l'ordre du référentiel."""
    return {row["id"]: _from_row(row) for row in rows("exigences.csv") if not row["retiree"]}


@cache
def retirees() -> dict[str, str]:
    """Les identifiants retirés du référentiel, et pourquoi ; aucun ne resservira."""
    return {row["id"]: row["retiree"] for row in rows("exigences.csv") if row["retiree"]}


@cache
def citations() -> dict[str, tuple[tuple[str, int, str], ...]]:
    """Par exigence, ce qu'en disent les guides : le guide, la ligne et les mots."""
    found: dict[str, list[tuple[str, int, str]]] = {}
    for row in rows("citations.csv"):
        said, guide, line = found.setdefault(row["id"], []), row["guide"], int(row["ligne"])
        words = row["mots"]
        if said and said[-1][:2] == (guide, line - 1) and said[-1][2].endswith("-"):
            guide, line, begun = said.pop()
            words = begun.removesuffix("-") + words
        said.append((guide, line, words))
    return {
        key: tuple((guide, line, _quotable(words)) for guide, line, words in said)
        for key, said in found.items()
    }


def _quotable(words: str) -> str:
    """The words of a guide without the marks of their transcription: bold, a bar read for an « l »,
    a word that the end of the line has cut.
    """
    return " ".join(CUT_WORD.sub("…", words.replace("**", "").replace("|’", "l’")).split())


CUT_WORD = re.compile(r"\s\S+-$")


def exige(
    identifiant: str, force: Force | None = None, par: Role | None = None, guides: str = ""
) -> Exigence:
    """L'exigence à poser sur un champ, un texte ou une règle ; ``force``, ``par`` et ``guides`` («
    PA ») valent pour cet endroit seulement.
    """
    exigence = referentiel()[identifiant]
    forces = tuple(
        (guide, force or said) for guide, said in exigence.forces if not guides or guide in guides
    )
    exigence = replace(exigence, forces=forces)
    return exigence if par is None else replace(exigence, par=(par.value,))


def exigence_propre(
    profil: str,
    slug: str,
    cle: str,
    libelle: str,
    force: Force,
    par: Role | None = None,
    nature: str = "champ",
) -> Exigence:
    """L'exigence d'un DLA sur ce qu'il ajoute à un document : « MON_DLA:code_analytique »."""
    roles = () if par is None else (par.value,)
    return Exigence(
        f"{profil.upper()}:{cle}",
        nature,
        ((profil, force),),
        roles,
        libelle,
        "",
        (slug,),
        f"{profil} · {libelle}",
    )


def rows(name: str) -> Iterator[dict[str, str]]:
    """Les lignes d'une table livrée avec le référentiel, colonne par colonne."""
    text = Path(__file__).with_name(name).read_text(encoding="utf-8-sig")
    return csv.DictReader(text.splitlines(), delimiter=";")


def _from_row(row: dict[str, str]) -> Exigence:
    own = dict(said.split(":") for said in row["forces"].split(",") if said)
    return Exigence(
        id=row["id"],
        nature=row["nature"],
        forces=tuple(
            (guide, Force(own.get(guide, row["force"]))) for guide in row["guides"].split(",")
        ),
        par=tuple("dla" if role == "dla_regional" else role for role in row["par"].split(",")),
        titre=row["titre"],
        condition=row["condition"],
        documents=tuple(row["documents"].split(",")),
        source=row["source"],
    )
