"""Ce qu'une mission attend, et pour quel jour : une date qu'elle écrit, et que rien ne montre
tenue.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from dla_docs.documents.demande_de_modification import DemandeDeModification
from dla_docs.documents.grille_de_suivi import (
    Etape,
    GrilleDeSuivi,
    Modification,
    a_eu_lieu,
    nomme_l_etape,
)
from dla_docs.documents.proposition import propositions_retenues
from dla_docs.documents.rapport_final import RapportFinal
from dla_docs.dossier.consultation import answer_of
from dla_docs.mission import Mission
from dla_docs.mission.vues import lignes_de_tous
from dla_docs.model.bloc import is_blank
from dla_docs.model.document import Document
from dla_docs.model.formats import jour
from dla_docs.model.values.dates import days_in
from dla_docs.parties.modification import NatureModification
from dla_docs.registry import DOCUMENTS
from dla_docs.spelling import fold

DATE, END = NatureModification.DATE, NatureModification.FIN_DE_MISSION
UNTOLD = "modification acceptée, le nouveau jour ne s'y lit pas"
SOONER = re.compile(r"(?<!l')(?<!en )\b(?:avance|ramene|anticipe)[er]?s?\b")
SPAN = re.compile(r"\b(?:jours?|semaines?|quinzaine|mois)\b")  # « reportée de deux semaines »


@dataclass(frozen=True, order=True)
class Echeance:
    """Ce que la mission attend pour un jour."""

    le: date
    quoi: str


def echeances(mission: Mission) -> Iterator[Echeance]:
    """Toutes, passées et à venir ; d'une mission arrêtée, aucune étape ni aucun rapport d'après
    l'arrêt.
    """
    yield from _answers(mission)
    yield from _reports(mission)
    for grid, seen in _grids(mission):
        yield from _until_stopped(seen, _steps(grid, seen))
    yield from _payments(mission)
    for slug, held in mission.documents.items():
        for one in held if not DOCUMENTS[slug].un_par_sollicite else ():
            stage, day = one.stade_dans(mission), one.a_rendre_le
            if day and stage is not None and stage < max(type(stage)):
                yield Echeance(day, f"Retour : {short(type(one))}")


def short(model: type[Document]) -> str:
    """Le nom d'une sorte de document, là où la place est comptée."""
    return model.titre_court or model.titre


def _until_stopped(seen: Mission, due: Iterable[Echeance]) -> Iterator[Echeance]:
    stopped = seen.arretee_le
    return (one for one in due if stopped is None or one.le <= stopped)


def _answers(mission: Mission) -> Iterator[Echeance]:
    """Those who were asked, and have not answered, as long as nobody is chosen."""
    asked = mission.mise_en_concurrence
    for row in asked.sollicites if not mission.retenus else ():
        if asked.date_limite and answer_of(row, mission) is None:
            yield Echeance(asked.date_limite, f"Réponse de {mission.nom_de(row.cle or '')}")


def _grids(mission: Mission) -> Iterator[tuple[GrilleDeSuivi, Mission]]:
    """Each once, as the one whose it is sees the mission."""
    met: set[int] = set()
    for _, seen in mission.vues_des_retenus():
        grid = seen.premier(GrilleDeSuivi)
        if grid is not None and id(grid) not in met:
            met.add(id(grid))
            yield grid, seen


def _steps(grid: GrilleDeSuivi, mission: Mission) -> Iterator[Echeance]:
    """What the follow-up grid plans and does not say done."""
    offered = lignes_de_tous(propositions_retenues(mission), lambda one: one.etapes)
    end = max((one.le for one in _end(mission)), default=date.min)
    for number, step in enumerate(grid.etapes):
        due = step.prevu.dates
        if due is None or not is_blank(step.realise) or not a_eu_lieu(step, grid):
            continue
        first = offered.get(step.cle or "")
        moved = first is not None and first.periode is not None and first.periode.fin != due.fin
        rows = [row for _, row in _accepted(grid) if nomme_l_etape(row.etape, number, step)]
        day = _new_day(rows, due.fin, mission)
        yield _step_due(step, due.fin, bool(rows) and not moved, day, end)


def _step_due(step: Etape, planned: date, changed: bool, day: date | None, end: date) -> Echeance:
    """``day``: the one that its changes give; without it, the step is due when the mission ends."""
    what = f"Étape « {step.intitule or step.cle} »"
    if not changed:
        return Echeance(planned, what)
    told = "modification acceptée" if day else UNTOLD
    return Echeance(day or max(planned, end), f"{what} (prévue le {jour(planned)} ; {told})")


def _accepted(grid: GrilleDeSuivi | None) -> list[tuple[date, Modification]]:
    """The changes of a date that the DLA has validated, in the order it did."""
    rows = [(row.validee_dla_le, row) for row in (grid.modifications if grid else ())]
    kept = [(day, row) for day, row in rows if day and row.nature in (DATE, END)]
    return sorted(kept, key=lambda one: one[0])


def _new_day(rows: Iterable[Modification], planned: date, mission: Mission) -> date | None:
    """The day that the last of them gives, in a text: the only one after the day it replaces, or
    the only other one when the text says that it comes sooner.
    """
    due: date | None = planned
    known = planned
    for row in rows:
        text = _asked_for(row, mission)
        again = known if known != planned and not SPAN.search(fold(text)) else None
        due = _told(text, known, again)
        known = due or known
    return due


def _told(text: str, known: date, again: date | None) -> date | None:
    """``again``: the day already given, when saying it once more may confirm it."""
    days = set(days_in(text))
    if days == {again}:
        return again
    others = days - {known}
    if not SOONER.search(fold(text)):
        others = {day for day in others if day > known}
    return others.pop() if len(others) == 1 else None


def _asked_for(row: Modification, mission: Mission) -> str:
    """Without why, when a request tells them apart: the reason may say other days."""
    whole = row.motif or ""
    asked = (one for held in mission.tous(DemandeDeModification) for one in held.changements)
    said = (one.nouveau for one in asked if one.nouveau)
    return next((text for text in said if f"{whole}\n".startswith(f"{text}\n")), whole)


def _reports(mission: Mission) -> Iterator[Echeance]:
    """The final report: one, when nobody has his yet; else that of each who lacks his own."""
    views = [seen for _, seen in mission.vues_des_retenus()]
    lacking = [seen for seen in views if not seen.tous(RapportFinal)]
    ends = [(seen, one) for seen in lacking for one in _until_stopped(seen, _end(seen))]
    if ends and len(lacking) == len(views):
        yield max(one for _, one in ends)
        return
    for seen, one in ends:
        yield replace(one, quoi=f"{one.quoi} de {seen.prestataire.nom}")


def _end(mission: Mission) -> Iterator[Echeance]:
    """The day of the final report: what was offered or planned, unless it was put off since."""
    grid = mission.premier(GrilleDeSuivi)
    offered = [offer.rapport_final_le for offer in propositions_retenues(mission)]
    dates = grid.fin_de_mission.prevu.dates if grid else None
    ends = [day for day in (*offered, dates and dates.fin) if day]
    if not ends:
        return
    planned, what = max(ends), short(RapportFinal)
    rows = [row for _, row in _accepted(grid) if row.nature is END]
    if not rows or planned not in offered:  # the grid has put it off itself
        yield Echeance(planned, what)
        return
    day = _new_day(rows, planned, mission)
    told = f"prévu le {jour(planned)} ; modification acceptée" if day else UNTOLD
    yield Echeance(day or planned, f"{what} ({told})")


def _payments(mission: Mission) -> Iterator[Echeance]:
    for row in mission.paiements:
        if row.prevu_le and row.verse_le is None:
            yield Echeance(row.prevu_le, row.nature.value if row.nature else "Paiement")
