"""Chaque exigence du référentiel tient sa place : un seul essai par nature lit le CSV et les
métadonnées, sans liste d'exceptions.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from dla_docs import DOCUMENTS, Document, check, load
from dla_docs.cli.application import run
from dla_docs.manual.requirement_index import carriers, requirements
from dla_docs.model.requirement import GUIDES, referentiel
from dla_docs.parties.processus import SANS_TRACE
from dla_docs.profils.loading import load_profil
from dla_docs.resources import sample_path
from dla_docs.stages.evidence import attest
from dla_docs.stages.loading import load_text
from tests.corpus import PROFILS, specimens, table
from tests.documents.verdict import paths, verdict


@pytest.mark.parametrize("slug", DOCUMENTS)
@pytest.mark.parametrize("profil", PROFILS)
def test_the_samples_lack_nothing(slug: str, profil: str) -> None:
    assert check(reloaded(slug, specimens(slug)[0]), profil) == []


def reloaded(slug: str, data: Any) -> Document:
    """Le document que ces données écrivent."""
    text = yaml.dump(data, Dumper=yaml.CSafeDumper, allow_unicode=True)
    document = load_text(text, sample_path(slug))
    assert isinstance(document, Document)
    return document


@pytest.mark.parametrize("profil", PROFILS)
def test_the_force_is_the_strongest_that_the_followed_guides_give(profil: str) -> None:
    chosen = load_profil(profil)
    for row in (row for row in table() if not row["retiree"]):
        said = dict(one.split(":") for one in row["forces"].split(",") if one)
        given = [said.get(g, row["force"]) for g in row["guides"].split(",") if g in chosen.guides]
        region = re.findall(r"profil (\w+)", row["condition"])
        elsewhere = region and profil not in region
        found = chosen.force(referentiel()[row["id"]])
        expected = None if elsewhere or not given else min(given, key="OSRL".index)
        assert (found and found.value) == expected, row["id"]


@pytest.mark.parametrize("profil", PROFILS)
def test_a_message_cites_only_a_followed_guide_that_says_it(profil: str) -> None:
    chosen = load_profil(profil)
    for row in (row for row in table() if not row["retiree"]):
        exigence = referentiel()[row["id"]]
        if (force := chosen.force(exigence)) is not None:
            said = dict(one.split(":") for one in row["forces"].split(",") if one)
            strong = {
                GUIDES[guide]
                for guide in row["guides"].split(",")
                if guide in chosen.guides and said.get(guide, row["force"]) == force.value
            }
            guide, _, place = chosen.citation(exigence).partition(", « ")
            assert guide in strong, row["id"]
            letter = next(letter for letter, name in GUIDES.items() if name == guide)
            assert f"{letter} · {place.rpartition(' » (')[0]}" in row["source"].split(" + ")


def test_a_withdrawn_id_is_known_only_as_such(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = [row["id"] for row in table() if row["retiree"]]
    assert len(gone) == 12 and not set(gone) & {*referentiel(), *carriers()}
    profil = tmp_path / "mon_dla.yaml"
    profil.write_text("herite: npdc\nexigences: {CV-17: L}\n", encoding="utf-8")
    assert run(["verifier", str(sample_path("proposition")), "--profil", str(profil)]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "« CV-17 » est retirée du référentiel : N ne dit pas d'écrire ces objectifs" in said
    assert "ligne 2" in said


def test_everything_is_carried_or_says_why_no_document_shows_it() -> None:
    """A field, a text, a rule or a step of the process carries each demand; what leaves no trace is
    of the process, and says why.
    """
    asked = {one.id for one in referentiel().values() if one.nature != "alias"}
    assert asked - {*carriers()} == {*SANS_TRACE}
    assert {referentiel()[one].nature for one in SANS_TRACE} == {"processus"}
    said = {row["id"]: row["sans_trace"] for row in requirements() if not row["ou"]}
    assert {one: said[one] for one in SANS_TRACE} == SANS_TRACE


def test_ce_qui_se_verifie_entre_deux_documents_ne_l_est_que_dans_une_mission() -> None:
    """RX-09 rapproche la grille de suivi de la proposition ; RX-08 se voit dans la grille seule."""
    among = attest(load(sample_path("mission_individuelle")), "national")
    assert {"RX-08", "RX-09"} <= {*among.respectees}
    alone = attest(load(sample_path("grille_de_suivi")), "national")
    assert "RX-08" in alone.respectees and "RX-09" not in alone.respectees
    told = {one.exigence: one.raison for one in alone.non_verifiees}
    assert told["RX-09"] == "se vérifie entre les documents d'une mission"


def test_une_colonne_que_rien_ne_remplit_est_dite_absente_une_fois() -> None:
    days = {f"deroulement.phases[{number}].jours": None for number in range(5)}
    assert paths(verdict("monographie", days)) == ["deroulement.phases[0].jours"]
    del days["deroulement.phases[3].jours"]
    assert not [one for one in paths(verdict("monographie", days)) if "phases" in one]
