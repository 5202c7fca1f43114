"""Un parcours : plusieurs missions sous un même plan d'accompagnement, parfois pour plusieurs DLA
et plusieurs années.

Source : guide de Provence-Alpes-Côte d'Azur, « Une expérience innovante en territoire alpin » (DLA
04 et DLA 05).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from dla_docs.constat import Constat, Gravite
from dla_docs.documents.plan_accompagnement import PlanAccompagnement
from dla_docs.dossier import Dossier, Suivi, make_dossier
from dla_docs.dossier.hands import contradicted
from dla_docs.dossier.recipient import ARCHIVE
from dla_docs.errors import InputError
from dla_docs.files import below
from dla_docs.mission import Mission
from dla_docs.model.bloc import Bloc
from dla_docs.model.fields import champ
from dla_docs.model.validation import validated
from dla_docs.model.values import Texte
from dla_docs.profils.profil import Profil
from dla_docs.stages.data_files import load_data
from dla_docs.stages.ledger import Ledger
from dla_docs.stages.loading import load_mission
from dla_docs.stages.request import Request, resolve
from dla_docs.stages.verdict import verdict

GARDEZ_UN_PLAN = (
    "Écrivez le plan dans un fichier à part, et citez-le dans chaque mission : « "
    "plan_accompagnement: plan.yaml »."
)


class MissionCitee(Bloc):
    """Une mission du parcours : le chemin de son fichier"""

    principal: ClassVar[str] = "fichier"

    fichier: Texte = champ("Fichier de la mission")


class Sommaire(Bloc):
    """Le fichier d'un parcours"""

    document: Texte = champ("Document")
    titre: Texte = champ("Titre")
    profil: Texte = champ("Profil")
    missions: tuple[MissionCitee, ...] = champ("Missions, dans l'ordre")


@dataclass(frozen=True)
class Parcours:
    """Les missions d'un parcours, dans l'ordre, chacune avec le nom de son fichier."""

    titre: str
    profil: str | None
    missions: tuple[tuple[str, Mission], ...]


def sommaire_de(path: str | Path) -> Sommaire:
    """Ce que dit le fichier d'un parcours, sans lire ses missions ; ``InputError`` dit ce qui ne
    s'y lit pas.
    """
    source = Path(path)
    raw = load_data(source)
    summary = validated(Sommaire, raw, raw)
    if not summary.missions:
        raise InputError(
            Constat(
                "Un parcours cite au moins une mission (missions).",
                chemin="missions",
                fichier=source.name,
                conseil="Donnez leurs chemins.",
            )
        )
    return summary


def load_parcours(path: str | Path, profil: Profil | str | Path | None = None) -> Parcours:
    """Le parcours d'un fichier et toutes ses missions. ``InputError`` dit tout ce qui ne s'y lit
    pas.
    """
    source, summary = Path(path), sommaire_de(path)
    problems: list[Constat] = []
    missions = tuple(_missions(source, summary, profil or summary.profil, problems))
    if problems:
        raise InputError(problems)
    return Parcours(summary.titre or source.stem, summary.profil, missions)


def _missions(
    source: Path, summary: Sommaire, profil: Profil | str | Path | None, problems: list[Constat]
) -> Iterator[tuple[str, Mission]]:
    for cited in summary.missions:
        name = cited.fichier or ""
        try:
            yield name, load_mission(below(source.parent, name), profil)
        except InputError as error:
            problems.extend(error.constats)


def check_parcours(parcours: Parcours, profil: Profil | str | Path | None = None) -> list[Constat]:
    """Les constats de chaque mission, puis ceux du parcours entier : un même plan, une référence
    par mission.
    """
    return verdict_of(parcours, requests_of(parcours, profil))


def requests_of(
    parcours: Parcours, profil: Profil | str | Path | None = None, a_jour: bool = False
) -> list[Request]:
    """Ce qui est demandé de chaque mission, dans l'ordre."""
    asked = profil or parcours.profil
    return [resolve(mission, asked, a_jour=a_jour) for _, mission in parcours.missions]


def verdict_of(
    parcours: Parcours, requests: Iterable[Request], ledger: Ledger | None = None
) -> list[Constat]:
    """Le verdict de demandes déjà résolues ; ``ledger`` reçoit ce qu'il a fait de chaque
    exigence.
    """
    found = [
        _in(number, constat)
        for number, request in enumerate(requests)
        for constat in verdict(request, ledger)
    ]
    return sorted([*found, *_across(parcours)], key=lambda constat: -constat.gravite)


def make_dossiers(
    parcours: Parcours,
    folder: str | Path,
    *,
    profil: Profil | str | Path | None = None,
    pdf: bool = False,
    brouillon: bool = False,
    destinataire: str = ARCHIVE,
    suivi: Suivi | None = None,
    remplacer: bool = False,
) -> Dossier:
    """Écrit un dossier par mission, du nom de son fichier, dans ``folder``."""
    make = partial(
        make_dossier,
        profil=profil or parcours.profil,
        pdf=pdf,
        brouillon=brouillon,
        destinataire=destinataire,
        suivi=suivi,
        remplacer=remplacer,
    )
    where = Path(folder)
    made = [(name, make(one, where / Path(name).stem)) for name, one in parcours.missions]
    told = (
        said
        for (_, mission), (_, one) in zip(parcours.missions, made, strict=True)
        for said in contradicted(one.rafraichis, mission)
    )
    return _together(made, (*check_parcours(parcours, profil), *told))


def _together(made: Sequence[tuple[str, Dossier]], told: tuple[Constat, ...]) -> Dossier:
    """One account of the dossiers of several missions, by the names of their files."""
    refused = tuple(
        (f"{Path(name).stem}/{document}", error)
        for name, one in made
        for document, error in one.refus
    )
    fresh = tuple(done for _, one in made for done in one.rafraichis)
    return Dossier(
        tuple(path for _, one in made for path in one.fichiers),
        refused,
        told,
        tuple(path for _, one in made for path in one.pieces),
        tuple(path for _, one in made for path in one.inchanges),
        tuple(path for _, one in made for path in one.anciens),
        any(one.repris for _, one in made),
        fresh,
        tuple(path for _, one in made for path in one.otes),
    )


def _in(number: int, constat: Constat) -> Constat:
    return replace(
        constat,
        chemin=f"missions[{number}].{constat.chemin}" if constat.chemin else f"missions[{number}]",
    )


def _across(parcours: Parcours) -> Iterator[Constat]:
    plans = [mission.premier(PlanAccompagnement) for _, mission in parcours.missions]
    for number, ((name, mission), plan) in enumerate(zip(parcours.missions, plans, strict=True)):
        path = f"missions[{number}]"
        if plan is None or _said(plan) != _said(plans[0]):
            message = (
                f"Parcours : {name} ne suit pas le même plan d'accompagnement que les autres "
                f"missions ({path})."
            )
            yield Constat(message, Gravite.AVERTISSEMENT, path, conseil=GARDEZ_UN_PLAN)
        if (
            mission.reference
            and Counter(one.reference for _, one in parcours.missions)[mission.reference] > 1
        ):
            message = (
                f"Parcours : la référence « {mission.reference} » est celle de plusieurs missions "
                f"({path})."
            )
            yield Constat(
                message,
                Gravite.AVERTISSEMENT,
                path,
                conseil="Donnez une référence à chaque mission.",
            )


def _said(plan: PlanAccompagnement | None) -> dict[str, Any] | None:
    """What makes a plan the same, whoever holds it: its dates, its versions, its actions."""
    return (
        None if plan is None else plan.model_dump(include={"debut", "fin", "versions", "actions"})
    )
