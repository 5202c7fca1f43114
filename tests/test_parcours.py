"""Un parcours : plusieurs missions sous un même plan ; ce qu'elles doivent avoir en commun."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dla_docs.cli.application import run
from dla_docs.errors import InputError
from dla_docs.parcours import check_parcours, load_parcours, make_dossiers
from dla_docs.resources import sample_path
from dla_docs.stages.loading import load


@pytest.fixture
def path(tmp_path: Path) -> Path:
    source = sample_path("parcours_dla_04_05/parcours")
    shutil.copytree(source.parent, tmp_path / "parcours")
    return tmp_path / "parcours" / source.name


def change(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


@pytest.mark.parametrize("profil", [None, "paca", "national"])
def test_the_case_of_the_guide_is_conforming(path: Path, profil: str | None) -> None:
    held = load_parcours(path)
    assert check_parcours(held, profil) == []
    for _, mission in held.missions:
        assert [mission.operateur.nom, *(other.nom for other in mission.autres_operateurs)] == [
            "DLA 04 (exemple)",
            "DLA 05 (exemple)",
        ]
        assert len(mission.structures) == 2


def test_another_plan_is_said(path: Path) -> None:
    shutil.copy(path.with_name("plan.yaml"), path.with_name("autre.yaml"))
    change(path.with_name("autre.yaml"), "fin: 31/12/2013", "fin: 30/06/2013")
    change(path.with_name("phase_2.yaml"), "plan.yaml", "autre.yaml")
    assert [constat.chemin for constat in check_parcours(load_parcours(path))] == ["missions[1]"]


def test_the_same_reference_twice_is_said_of_both(path: Path) -> None:
    change(
        path.with_name("phase_2.yaml"), "reference: DLA0405-2013-02", "reference: DLA0405-2012-01"
    )
    assert [constat.chemin for constat in check_parcours(load_parcours(path))] == [
        "missions[0]",
        "missions[1]",
    ]


def test_what_a_mission_lacks_is_said_with_its_place(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(
        path.with_name("phase_1.yaml"),
        "    date: 12/11/2012\n",
        "",
    )
    assert [constat.chemin for constat in check_parcours(load_parcours(path))] == [
        "missions[0].evenements.lancement.date"
    ]
    assert run(["verifier", str(path)]) == 0
    out = capsys.readouterr()
    assert "PRO-09" in out.out + out.err and "phase_1.yaml" in out.out + out.err


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("phase_2.yaml", "../phase_2.yaml", "phase_2.yaml"),
        ("phase_2.yaml", "phase_3.yaml", "phase_3.yaml"),
        ("phase_2.yaml", "plan.yaml", "document"),
        ("phase_2.yaml", "parcours.yaml", "parcours"),
        ("titre:", "tire:", "tire"),
    ],
)
def test_a_parcours_that_cannot_be_read_is_refused_in_french(
    path: Path, before: str, after: str, said: str
) -> None:
    change(path, before, after)
    with pytest.raises(InputError) as refused:
        load_parcours(path)
    assert any(said in str(constat) for constat in refused.value.constats)


def test_a_parcours_without_a_mission_is_refused(path: Path) -> None:
    path.write_text("document: parcours\n", encoding="utf-8")
    with pytest.raises(InputError, match="au moins une mission"):
        load_parcours(path)


def test_it_is_no_document(path: Path) -> None:
    with pytest.raises(InputError, match="parcours"):
        load(path)


def test_each_mission_has_its_own_dossier(path: Path, tmp_path: Path) -> None:
    made = make_dossiers(load_parcours(path), tmp_path / "dossiers")
    assert made.refus == ()
    assert {file.parent.name for file in made.fichiers} == {"phase_1", "phase_2"}
    assert run(["dossier", str(path), "-o", str(tmp_path / "encore")]) == 0
    files = [one for one in (tmp_path / "encore").rglob("*") if one.is_file()]
    assert len(files) == len(made.fichiers) + len(made.pieces)
