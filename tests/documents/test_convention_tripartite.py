"""La convention tripartite : ce qu'elle reprend, son échéancier, et la clause que chaque région
imprime.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from dla_docs import ConventionTripartite, Proposition, render
from tests.documents.verdict import loaded, mission, named, paths, tenu, verdict
from tests.word_forms import page_text

SLUG = "convention_tripartite"
ABSOLUE, LEVEE, REGLEE = (
    "ne devront, en aucun cas, être diffusées",
    "sans accord préalable de la structure",
    "dans le respect des règles définies",
)


def test_it_takes_over_the_retained_proposition_and_the_choice() -> None:
    held = tenu(mission("individuelle", {}).premier(ConventionTripartite))
    assert (held.modalites.nombre_d_etapes, held.prix.montant) == (4, Decimal(7040))
    assert f"{held.annexe.date:%d/%m/%Y}" == "18/07/2005"
    assert f"{held.choix.retenu_le:%d/%m/%Y}" == "28/07/2005"
    assert "situations individuelles" in str(held.confidentialite.regles_de_diffusion)


@pytest.mark.parametrize("nature", ["individuelle", "collective"])
def test_the_schedule_is_the_one_of_the_payments_of_the_mission(nature: str) -> None:
    held = mission(nature, {})
    convention, paid = tenu(held.premier(ConventionTripartite)), held.paiements
    assert [(row.montant, row.prevu_le) for row in convention.prix.versements] == [
        (row.montant, row.prevu_le) for row in paid
    ]
    assert (
        sum(row.montant or 0 for row in paid)
        == convention.prix.montant
        == tenu(held.retenue(Proposition)).budget.montant
    )
    rest = tenu(
        mission(
            nature, {f"documents.{SLUG}.prix": {"versements": {"v2": {"prevu_le": "01/02/2007"}}}}
        ).premier(ConventionTripartite)
    ).prix.versements[1]
    assert (f"{rest.prevu_le:%d/%m/%Y}", rest.montant) == ("01/02/2007", paid[1].montant)


def test_a_schedule_that_the_payments_leave_incomplete_is_named() -> None:
    found = verdict("mission_collective", {"paiements[1].montant": "1 €"}, "centre")
    assert (paths(found), named(found)) == ([f"documents.{SLUG}.prix.versements"], set())
    assert named(
        verdict("mission_collective", {"paiements[1].nature": "intermediaire"}, "npdc")
    ) == {"CV-12", "PRO-20"}


def test_the_payments_end_with_the_balance_and_add_up() -> None:
    [found] = verdict(SLUG, {"prix.versements[1].montant": "1 €"})
    assert (found.chemin, str(found.gravite), found.source) == (
        "prix.versements",
        "avertissement",
        "",
    )
    assert named(verdict(SLUG, {"prix.versements[2].nature": "acompte"}, profil="npdc")) == {
        "CV-12"
    }
    assert verdict(SLUG, {"prix.versements[2].nature": "acompte"}, profil="centre") == []


def test_a_project_is_not_asked_for_its_signatures() -> None:
    assert verdict(SLUG, {"signature": None}, "national", "projet") == []
    assert named(verdict(SLUG, {"signature": None}, "national")) == {"CV-01", "PRO-10"}


def test_only_nord_pas_de_calais_demands_the_note_at_mid_course() -> None:
    assert named(verdict(SLUG, {"engagements.suivi": "grille"}, profil="npdc")) == {"CV-10"}
    assert verdict(SLUG, {"engagements.suivi": "grille"}, profil="centre") == []


@pytest.mark.parametrize(
    ("profil", "diffusion", "text"),
    [("npdc", "aucune", ABSOLUE), ("paca", "sur_accord", LEVEE), ("centre", "regles", REGLEE)],
)
def test_each_region_prints_its_own_limit(profil: str, diffusion: str, text: str) -> None:
    content = render(loaded(SLUG, {"confidentialite.diffusion": diffusion}), profil)
    printed = page_text(content).replace("\N{NO-BREAK SPACE}", " ")
    assert [clause for clause in (ABSOLUE, LEVEE, REGLEE) if clause in printed] == [text]


def test_rules_that_nobody_wrote_limit_nothing() -> None:
    found = verdict(
        SLUG,
        {"confidentialite.diffusion": "regles", "confidentialite.regles_de_diffusion": None},
        profil="centre",
    )
    assert named(found) == {"RX-20"}
