"""Le suivi sans personne : la trame part de la mission, revient étape par étape, et la mission
finit remplie.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dla_docs import GrilleDeSuivi, Mission, check, load
from dla_docs.cli.application import run
from dla_docs.constat import bloquants
from dla_docs.resources import sample_path
from tests import long
from tests.documents.verdict import tenu
from tests.formulaire.formulaires import send
from tests.word_forms import fill, resaved

Passage = Callable[[bytes, Path], bytes]


def as_sent(docx: bytes, folder: Path) -> bytes:
    return docx


@pytest.fixture
def mission(tmp_path: Path) -> Path:
    """The sample mission, its follow-up not begun."""
    folder = tmp_path / "mission"
    shutil.copytree(sample_path("mission_individuelle").parent, folder)
    path = folder / "mission_individuelle.yaml"
    text = path.read_text(encoding="utf-8")
    begun = text.index("  grille_de_suivi:")
    path.write_text(
        text[:begun] + "  grille_de_suivi:\n    stade: previsionnel   # le stade se change ici\n",
        encoding="utf-8",
    )
    return path


@pytest.mark.lent
@pytest.mark.parametrize(
    "passage",
    [pytest.param(as_sent, id="tel que rempli"), long(resaved, id="repassé par LibreOffice")],
)
def test_the_follow_up_goes_all_the_way_round(
    mission: Path, tmp_path: Path, passage: Passage
) -> None:
    planned = {f"etapes[{n}].prevu.personnes": f"Directeur, groupe {n + 1}" for n in range(4)}
    travel(mission, tmp_path, passage, planned | {"fin_de_mission.prevu.personnes": "Présidente"})
    for n, (stade, date) in enumerate(
        [
            ("en_cours", "23/09/2005"),
            ("en_cours", "21/10/2005"),
            ("en_cours", "25/11/2005"),
            ("final", "16/12/2005"),
        ]
    ):
        advance(mission, stade)
        answers = {
            f"etapes[{n}].realise.dates": date,
            f"etapes[{n}].realise.personnes": "Directeur\nTrois permanents",
            f"etapes[{n}].commentaires": "RAS",
        }
        travel(mission, tmp_path, passage, answers)
    travel(
        mission,
        tmp_path,
        passage,
        {
            "fin_de_mission.realise.dates": "16 décembre 2005",
            "fin_de_mission.realise.personnes": "Présidente",
        },
    )
    loaded = load(mission)
    assert isinstance(loaded, Mission)
    grid = tenu(loaded.premier(GrilleDeSuivi))
    assert [step.realise.personnes for step in grid.etapes] == ["Directeur\nTrois permanents"] * 4
    assert [f"{step.realise.dates.fin:%d/%m/%Y}" for step in grid.etapes if step.realise.dates] == [
        "23/09/2005",
        "21/10/2005",
        "25/11/2005",
        "16/12/2005",
    ]
    assert bloquants(check(grid, "centre")) == ()
    text = mission.read_text(encoding="utf-8")
    assert "# le stade se change ici" in text
    assert "# tous ceux à qui l'on a demandé, et ce qu'il en est advenu" in text
    assert (
        text.index("cahier_des_charges:")
        < text.index("proposition:")
        < text.index("grille_de_suivi:")
    )


def travel(mission: Path, folder: Path, passage: Passage, answers: dict[str, str]) -> None:
    """One sending and its return."""
    form, returned = folder / "trame.docx", folder / "retour.docx"
    send(mission, form)
    returned.write_bytes(passage(fill(form.read_bytes(), answers), folder))
    assert run(["lire", str(returned), "--dans", str(mission)]) in (
        0,
        1,
    )  # 1 while the follow-up is not complete


def advance(mission: Path, stade: str) -> None:
    text = mission.read_text(encoding="utf-8")
    for earlier in ("previsionnel", "en_cours"):
        text = text.replace(f"stade: {earlier}", f"stade: {stade}")
    mission.write_text(text, encoding="utf-8")
