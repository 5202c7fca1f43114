"""Des dossiers entiers et ce que le verdict en dit sous chaque profil : ni plus sévère que le
guide, ni plus indulgent. ``tests/verdict/`` les tient ; chacun n'a qu'une chose d'inhabituelle.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from dla_docs import DOCUMENTS, Constat, Document, InputError, check, load, load_profil, render
from dla_docs.constat import Gravite
from dla_docs.stages.loading import load_text
from dla_docs.word.package import open_package, parse_part
from dla_docs.word.page import text_of
from tests import as_keyed
from tests.corpus import PROFILS, patched

DOSSIER = Path(__file__).parent / "verdict"
RIEN: frozenset[str] = frozenset()
PRECONISATIONS = {"national": {"DP-10"}, "centre": {"DP-10"}}  # C asks for them; not the point here
CONCURRENCE = {"national": {"RX-06"}, "centre": {"RX-06"}}  # an obligation in C alone

SANS_SUITE = {"PRO-11", "SUI-12", "PRO-15", "PRO-24", "EVI-24", "EVI-25"}  # paid, not evaluated
ENQUETES = {
    "national": {"PRO-16", "ES-08"},
    "centre": {"ES-08"},
    "npdc": {"PRO-16"},
    "paca": {"PRO-16", "PRO-17"},
}

# file → profile → what blocks
BLOQUANTS: dict[str, dict[str, set[str]]] = {
    "k02_retard_non_retenu": {},
    "k04_monographie_C_en_commande": {},
    "k07_arretee_avec_rapport": {"national": SANS_SUITE, "centre": SANS_SUITE},
    "k08_absente_avec_motif": CONCURRENCE,
    "k10_etape_en_retard": {},
    "k13_cdc_sans_enjeux": {},
    "k18_une_reponse_par_ligne_du_guide": {},
    "proposition_sans_reception": {},
}
OFFRES, RAPPORT = "documents.proposition", "documents.rapport_final."
GRILLE, PLAN = "documents.grille_de_suivi.", "mise_en_concurrence."


@cache
def raw(name: str) -> Any:
    text = (DOSSIER / f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.CBaseLoader)


def verdict(name: str, profil: str, changes: dict[str, Any] | None = None) -> list[Constat]:
    """What is said of a file, some fields changed."""
    said = json.dumps(patched(raw(name), changes or {}), ensure_ascii=False)
    return check(load_text(said, DOSSIER / f"{name}.yaml"), profil)


def named(constats: list[Constat], gravite: Gravite) -> set[str]:
    return {key for one in constats if one.gravite is gravite for key in one.exigences}


@pytest.mark.lent
@pytest.mark.parametrize("profil", PROFILS)
@pytest.mark.parametrize("name", BLOQUANTS)
def test_a_whole_file_gets_the_verdict_of_the_guides(name: str, profil: str) -> None:
    found = verdict(name, profil)
    assert named(found, Gravite.BLOQUANT) == BLOQUANTS[name].get(profil, RIEN)
    asked = PRECONISATIONS.get(profil, set()) if name.startswith("k") else set()
    if profil == "paca" and name.startswith("k"):
        asked = asked | {"RX-41"}  # these conventions were signed before the launch
    if name.startswith("k07"):
        asked = asked | ENQUETES[profil]
    assert named(found, Gravite.AVERTISSEMENT) == asked


def test_the_bid_that_lost_is_known_and_the_one_that_won_is_judged() -> None:
    name, late = "k02_retard_non_retenu", "30/07/2005"
    found = [one for one in verdict(name, "npdc") if "RX-24" in one.exigences]
    assert [(one.chemin, one.gravite) for one in found] == [
        (f"{OFFRES}[1].recue_le", Gravite.INFORMATION)
    ]
    bare = {f"{OFFRES}[1].budget": None, f"{OFFRES}[1].modalites": None}
    assert named(verdict(name, "npdc", bare), Gravite.BLOQUANT) == RIEN
    assert "RX-24" in named(
        verdict(name, "npdc", {f"{OFFRES}[0].recue_le": late}), Gravite.BLOQUANT
    )
    undecided = {f"{PLAN}retenu": None, "documents.notification_de_choix": None}
    assert "RX-24" in named(verdict(name, "npdc", undecided), Gravite.BLOQUANT)


def test_two_prestataires_may_be_retained() -> None:
    both = {f"{PLAN}retenu": ["alpha", "beta"], "documents.notification_de_choix": None}
    found = verdict("k02_retard_non_retenu", "npdc", both)
    assert [one.gravite for one in found if one.chemin == f"{OFFRES}[1].recue_le"] == [
        Gravite.BLOQUANT
    ]
    unknown = {f"{PLAN}retenu": ["alpha", "omega"]}
    assert any(
        "« omega »" in one.message for one in verdict("k02_retard_non_retenu", "npdc", unknown)
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"documents.demande_de_modification": None},  # nobody stopped it
        {"documents.demande_de_modification[0].decision.suite": None},
        {f"{RAPPORT}etapes.e3.commentaire": None},  # the step does not say so
    ],
)
def test_a_step_without_a_date_is_asked_for_it_unless_the_mission_stopped(
    changes: dict[str, Any],
) -> None:
    found = verdict("k07_arretee_avec_rapport", "npdc", changes)
    assert "RF-13" in named(found, Gravite.BLOQUANT)


def test_an_honest_absence_is_no_worse_than_a_false_competition() -> None:
    name = "k08_absente_avec_motif"
    false = {f"{PLAN}procedure": "normale"}
    for profil in PROFILS:
        honest, other = verdict(name, profil), verdict(name, profil, false)
        assert named(honest, Gravite.BLOQUANT) <= named(other, Gravite.BLOQUANT)
        silent = verdict(name, profil, {f"{PLAN}motif": None})
        assert "RX-05" in named(silent, Gravite.AVERTISSEMENT)


@pytest.mark.parametrize(("profil", "figure"), [("centre", "2 à 3"), ("npdc", "2 à 4")])
def test_the_number_asked_is_the_one_of_the_profile(profil: str, figure: str) -> None:
    found = verdict("k08_absente_avec_motif", profil, {f"{PLAN}motif": None})
    assert [figure in one.message for one in found if "RX-05" in one.exigences] == [True]


def test_a_late_step_wants_a_comment_and_a_late_end_wants_a_contact() -> None:
    name = "k10_etape_en_retard"
    assert "RX-09" in named(
        verdict(name, "centre", {f"{GRILLE}etapes.e3.commentaires": None}), Gravite.BLOQUANT
    )
    late = {f"{GRILLE}fin_de_mission.realise.dates": "20/12/2005"}
    assert "RX-08" in named(verdict(name, "centre", late), Gravite.BLOQUANT)


def test_the_line_above_the_sub_points_is_still_asked() -> None:
    erased = {"documents.evaluation_individuelle.operationnalite.methodologie": None}
    found = verdict("k18_une_reponse_par_ligne_du_guide", "centre", erased)
    assert named(found, Gravite.BLOQUANT) == {"EVI-08"}


def test_what_the_receiver_notes_is_not_on_the_sender_s_page() -> None:
    proposal = load(DOSSIER / "proposition_sans_reception.yaml")
    assert isinstance(proposal, Document)
    part = "word/document.xml"
    shown = text_of(parse_part(open_package(render(proposal, profil="npdc"))[part], part))
    assert "Date d'écriture de la proposition" in as_keyed(shown)
    assert "reçue le" not in shown and "Voie de transmission" not in shown


@pytest.mark.parametrize("stade", ["remise", "recue"])
def test_a_late_proposal_is_told_whatever_the_stage_where_its_sheet_was_left(stade: str) -> None:
    changes = {f"{OFFRES}[0].stade": stade, f"{OFFRES}[0].recue_le": "30/07/2005"}
    found = verdict("k02_retard_non_retenu", "npdc", changes)
    assert {
        key for one in found if one.chemin == f"{OFFRES}[0].recue_le" for key in one.exigences
    } == {"RX-24"}


def test_a_dla_may_empty_what_its_guides_do_not_ask(tmp_path: Path) -> None:
    path = DOSSIER / "profil_sans_clauses_npdc.yaml"
    assert load_profil(path).nom == "Centre sans clauses N"
    refused = tmp_path / "sans_note.yaml"
    refused.write_text(
        "nom: Sans note\nherite: centre\ndocuments: {grille_de_suivi: {formulations: "
        '{note_1: ""}}}\n',
        encoding="utf-8",
    )
    with pytest.raises(InputError, match="SUI-10"):
        load_profil(refused)


def test_a_key_of_an_older_file_is_read_and_told() -> None:
    found = verdict("k13_cdc_sans_enjeux", "npdc")
    assert [(one.chemin, one.gravite) for one in found] == [
        ("documents.cahier_des_charges.commande.specificites", Gravite.INFORMATION),
        ("documents.note_mi_parcours.alerte", Gravite.INFORMATION),
    ]
    assert all(one.ligne and one.conseil for one in found)


def test_ce_qui_manque_a_une_ligne_est_dit_a_sa_ligne_du_fichier(tmp_path: Path) -> None:
    """Les lignes laissées vides au-dessus d'elle n'en sont pas du document, mais sont écrites."""
    path = tmp_path / "mission.yaml"
    path.write_text(
        "document: mission\nnature: individuelle\ndocuments:\n  proposition:\n    etapes:\n"
        "    - {}\n    - intitule: Un\n    - {intitule: ''}\n    - intitule: Deux\n",
        encoding="utf-8",
    )
    mission = load(path)
    asked = {
        constat.ligne
        for constat in check(mission)
        for rank in (0, 1)
        if constat.chemin == f"documents.proposition.etapes[{rank}].contenu"
    }
    assert asked == {7, 9}


def test_what_a_form_prints_is_asked_by_the_form_and_the_rest_by_the_guide() -> None:
    said = {
        one.chemin: one.message
        for slug in ("grille_de_suivi", "enquete_beneficiaire")
        for one in check(DOCUMENTS[slug](), "national")
    }
    assert "contenu demandé par le formulaire absent" in said["consultant"]
    assert "contenu prévu par le guide absent" in said["adressee_le"]
