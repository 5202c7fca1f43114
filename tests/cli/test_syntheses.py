"""La commande synthese."""

from __future__ import annotations

import importlib.util
import io
from pathlib import Path

import openpyxl
import pytest

from dla_docs import read
from tests.cli.conftest import Call
from tests.synthese.fiches import individuelle, write


@pytest.fixture
def retours(tmp_path: Path) -> Path:
    folder = tmp_path / "retours"
    folder.mkdir()
    for number in range(6):
        write(individuelle(number, "oui" if number else "non"), folder / f"fiche_{number}.yaml")
    return folder


def test_la_synthese_s_ecrit_et_dit_combien_de_fiches(dla_docs: Call, retours: Path) -> None:
    said = dla_docs("synthese", retours, "-o", "s.docx", "--au", "2 juin 2014")
    assert (said.code, said.out, said.err) == (0, "s.docx : 6 fiches.\n", "")
    made = read("s.docx").document
    assert made.model_dump()["individuelles"]["criteres"][0]["chiffres"]["oui"] == 5
    assert f"{made.date:%d/%m/%Y}" == "02/06/2014"  # type: ignore[attr-defined]  # the kind is known


def test_le_classeur_s_ecrit_aussi(dla_docs: Call, retours: Path) -> None:
    assert dla_docs("synthese", retours, "-o", "s.xlsx").code == 0
    assert (
        openpyxl.load_workbook(io.BytesIO(Path("s.xlsx").read_bytes()))["Individuelles"]["D2"].value
        == 5
    )


def test_le_seuil_se_choisit(dla_docs: Call, retours: Path) -> None:
    assert dla_docs("synthese", retours, "-o", "s.docx", "--seuil", "7").code == 0
    assert (
        read("s.docx").document.model_dump()["individuelles"]["criteres"][0]["chiffres"]["note"]
        == "moins de 7 réponses"
    )
    said = dla_docs("synthese", retours, "-o", "t.docx", "--seuil", "0")
    assert said.code == 2 and "seuil d'anonymat" in said.err and not Path("t.docx").exists()


def test_un_fichier_illisible_est_dit_et_la_synthese_se_fait(dla_docs: Call, retours: Path) -> None:
    (retours / "abimee.docx").write_bytes(b"rien")
    said = dla_docs("synthese", retours, "-o", "s.docx")
    assert said.code == 1 and said.out == "s.docx : 6 fiches, 1 fichier non lu.\n"
    assert said.err.count("\n") == 1 and "abimee.docx" in said.err
    assert Path("s.docx").exists()


def test_aucune_fiche_rien_n_est_ecrit(dla_docs: Call) -> None:
    Path("vide").mkdir()
    said = dla_docs("synthese", "vide", "-o", "s.docx")
    assert (said.code, said.out) == (2, "") and "Aucune fiche" in said.err
    assert not Path("s.docx").exists()


def test_une_sortie_inconnue_ou_parmi_les_fiches_est_refusee(dla_docs: Call, retours: Path) -> None:
    assert "Aucun" not in dla_docs("synthese", retours, "-o", "s.txt").err
    one = retours / "fiche_1.docx"
    one.write_bytes(b"x")
    assert dla_docs("synthese", one, "-o", one).code == 2 and one.read_bytes() == b"x"


def test_sans_matplotlib_elle_le_dit(
    dla_docs: Call, retours: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = importlib.util.find_spec
    monkeypatch.setattr(
        "dla_docs.stages.charts.find_spec",
        lambda name: None if name == "matplotlib" else known(name),
    )
    said = dla_docs("synthese", retours, "-o", "s.docx")
    assert said.code == 0 and "sans graphiques" in said.err and "dla-docs[lot]" in said.err
