"""mypy voit les fautes de frappe d'une règle et de ce qu'elle appelle : chacune de celles qui sont
semées est trouvée à sa ligne, et le même texte sans faute n'en a aucune.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from subprocess import run

import pytest

from tests.docs.pages import ROOT

RIGHT = """
from dla_docs import CahierDesCharges, Mission, Profil, Proposition, check, render
from dla_docs import FichePrestataire, PlanAccompagnement, RapportFinal, SuiviPostAccompagnement
from dla_docs import ConventionTripartite, DemandeDeModification, EvaluationCollective
from dla_docs import EvaluationIndividuelle, GrilleDeLecture, GrilleDeSuivi, NotificationDeChoix
from dla_docs.documents.grille_de_suivi import Etape
from dla_docs.mission.vues import lignes_de_tous
from dla_docs.parties import tenus
from dla_docs.parties.acteurs import AvecOperateurs
from dla_docs.parties.collectif import DeNature
from dla_docs.parties.couverture import AvecCouverture
from dla_docs.parties.ingenierie import NatureIngenierie
from dla_docs.parties.modification import DansUneMission, DemandeEtudiee
from dla_docs.profils.loading import profil_of


def regle(self: CahierDesCharges, mission: Mission, profil: Profil) -> None:
    self.conditions.jours_minimum
    mission.premier(CahierDesCharges)
    mission.paiements
    profil.sollicites_minimum
    if (offer := mission.retenue(Proposition)) is not None:
        offer.budget.jours
    mission.premier(Proposition)
    NatureIngenierie.COLLECTIVE
    check(self, profil="centre")
    render(self)


def vues(
    a: CahierDesCharges,
    b: PlanAccompagnement,
    c: RapportFinal,
    d: SuiviPostAccompagnement,
    e: FichePrestataire,
) -> None:
    commande: tenus.Commande = a
    plan: tenus.Plan = b
    rapport: tenus.Rapport = c
    suivi: tenus.SuiviPost = d
    fiche: tenus.Fiche = e


def parties(mission: tenus.MissionTenue, offre: tenus.Offre, demande: DemandeEtudiee) -> None:
    mission.mise_en_concurrence.procedure
    mission.solde_verse_le
    offre.calendrier.debut
    demande.demande.objet
    lignes_de_tous((), etapes)["e1"].objectif
    profil_of(None).sollicites_minimum


def etapes(suivie: GrilleDeSuivi) -> tuple[Etape, ...]:
    return suivie.etapes


def tenues(
    a: Mission,
    b: Proposition,
    c: GrilleDeLecture,
    d: NotificationDeChoix,
    e: ConventionTripartite,
    f: EvaluationIndividuelle,
    g: EvaluationCollective,
    h: DemandeDeModification,
    i: RapportFinal,
) -> None:
    mission: tenus.MissionTenue = a
    offre: tenus.Offre = b
    lecture: tenus.Lecture = c
    choix: tenus.ChoixNotifie = d
    convention: tenus.Convention = e
    evaluations: tuple[tenus.Evaluation, ...] = (f, g)
    demande: DemandeEtudiee = h
    dans_une_mission: DansUneMission = h
    couvertures: tuple[AvecCouverture, ...] = (b, i)
    associes: tuple[AvecOperateurs, ...] = (c, d, h, i)
    natures: tuple[DeNature, ...] = (a, c)
"""
TYPOS = {
    "self.conditions.jours_minimum": "self.conditions.jour_minimum",
    "mission.premier(CahierDesCharges)": "mission.premiere(CahierDesCharges)",
    "mission.paiements": "mission.paiement",
    "profil.sollicites_minimum": "profil.sollicite_minimum",
    "offer.budget.jours": "offer.budget.jour",
    "mission.premier(Proposition)": 'mission.premier("proposition")',
    "NatureIngenierie.COLLECTIVE": "NatureIngenierie.COLECTIVE",
    'check(self, profil="centre")': 'check(self, profile="centre")',
    "render(self)": "render([self])",
    "mission.mise_en_concurrence.procedure": "mission.mise_en_concurrence.procedures",
    "mission.solde_verse_le": "mission.solde_verse",
    "offre.calendrier.debut": "offre.calendrier.debute",
    "demande.demande.objet": "demande.demande.objets",
    'lignes_de_tous((), etapes)["e1"].objectif': 'lignes_de_tous((), etapes)["e1"].objectifs',
    "profil_of(None).sollicites_minimum": "profil_of(None).sollicite_minimum",
}


def lines_at_fault(path: Path, text: str) -> set[str]:
    """Les lignes que mypy refuse."""
    path.write_text(text, encoding="utf-8")
    made = run(
        [sys.executable, "-m", "mypy", "--no-error-summary", str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert made.stderr == ""
    found = re.findall(rf"^.*{path.name}:(\d+): error: ", made.stdout, re.MULTILINE)
    return {text.splitlines()[int(line) - 1].strip() for line in found}


@pytest.mark.lent
def test_mypy_sees_each_typo_of_a_rule_on_its_line(tmp_path: Path) -> None:
    wrong = RIGHT
    for right, typo in TYPOS.items():
        assert wrong.count(right) == 1
        wrong = wrong.replace(right, typo)
    assert lines_at_fault(tmp_path / "fautes.py", wrong) == set(TYPOS.values())


def test_mypy_has_nothing_against_the_right_twin(tmp_path: Path) -> None:
    assert lines_at_fault(tmp_path / "justes.py", RIGHT) == set()
