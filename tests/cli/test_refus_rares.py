"""Des lignes de commande que l'on tape rarement : un refus dit quoi écrire, et rien n'est fait."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from dla_docs.cli import process
from dla_docs.cli.production import _progress
from dla_docs.errors import InputError
from dla_docs.manual.sheet import sheet
from dla_docs.missions import make_dossiers
from dla_docs.resources import sample_path
from dla_docs.stages.loading import load_mission
from tests.cli.conftest import Call, refused

SHEET, REPORT = sample_path("fiche_prestataire"), sample_path("rapport_final")
INDIVIDUAL, SIMPLE = sample_path("mission_individuelle"), sample_path("mission_simplifiee")
REFUSED: dict[str, tuple[list[str], str]] = {
    "un dossier de formulaires neufs": (
        ["trame", "cahier_des_charges", "-o", "sorties", "--nouvelle"],
        "donnez un fichier à « -o »",
    ),
    "un stade sans stades": (
        ["trame", "cahier_des_charges", "-o", "c.docx", "--stade", "emis"],
        "Un stade ne vaut pas pour « Cahier des charges » : seul un document qui se remplit par",
    ),
    "une liste parmi plusieurs": (
        ["trame", "mission", "-o", "m.docx", "--lignes", "presents=3"],
        "« presents » peut être plusieurs listes de « Fiche de la mission ». Écrivez le chemin de "
        "l'une : evenements.",
    ),
    "plusieurs formulaires sans mission": (
        ["lire", "a.docx", "b.docx"],
        "Plusieurs formulaires se relisent dans leur mission : ajoutez « --dans MISSION ».",
    ),
    "des processus pour une mission": (
        ["dossier", str(INDIVIDUAL), "-o", "d", "--processus", "2"],
        "« --processus » ne sert qu'à un dossier de missions",
    ),
    "une présentation par docxtpl": (
        ["produire", str(REPORT), "-o", "r.pptx", "--moteur", "docxtpl", "--modele", "a.docx"],
        "Le moteur docxtpl ne fait pas de présentation.",
    ),
    "une présentation de rien": (
        ["produire", str(SIMPLE), "-o", "r.pptx"],
        "ne tient aucun document qui se présente (Rapport final)",
    ),
    "l'extrait d'un document sans extrait": (
        ["extrait", str(sample_path("cahier_des_charges")), "alpha", "-o", "e.docx"],
        "« Cahier des charges » n'a pas d'extrait par prestataire.",
    ),
    "rafraîchir ce qui n'est pas un document": (
        ["rafraichir", "a.docx", "--dans", str(INDIVIDUAL)],
        "a.docx : Ce n'est pas un document Word (.docx).",
    ),
    "un profil inconnu pour des dossiers": (
        ["dossier", "missions", "-o", "d", "--profil", "inconnu"],
        "Le profil « inconnu » est inconnu",
    ),
    "un profil inconnu pour un tableau de bord": (
        ["tableau-de-bord", "missions", "-o", "bord.html", "--profil", "inconnu"],
        "Le profil « inconnu » est inconnu",
    ),
}


@pytest.mark.parametrize(("words", "said"), REFUSED.values(), ids=list(REFUSED))
def test_un_refus_dit_quoi_ecrire(words: list[str], said: str, dla_docs: Call) -> None:
    Path("a.docx").write_bytes(b"pas un document")
    Path("b.docx").write_bytes(b"pas un document")
    Path("missions").mkdir()
    refused(dla_docs, words, said)


def test_aucune_mission_d_un_dossier_n_est_faite(dla_docs: Call) -> None:
    Path("missions").mkdir()
    Path("missions/m.yaml").write_text("document: mission\ncle_inconnue: 1\n", encoding="utf-8")
    said = dla_docs("dossier", "missions", "-o", "d")
    assert said.code == 2 and "0 dossier dans d, 1 mission refusée." in said.out
    assert "clé inconnue « cle_inconnue »" in said.err


def test_ce_qu_un_appel_de_python_refuse() -> None:
    with pytest.raises(InputError, match="L'exigence « XX-99 » est inconnue"):
        sheet("XX-99")
    with pytest.raises(InputError, match="ne tient qu'un document ; une mission commence par"):
        load_mission(SHEET)
    with pytest.raises(InputError, match="Le profil « inconnu » est inconnu"):
        make_dossiers(INDIVIDUAL.parent, "d", profil="inconnu")


def test_la_fiche_d_une_exigence_se_lit_par_un_programme(dla_docs: Call) -> None:
    said = dla_docs("exigences", "CDC-01", "--format", "json")
    assert said.code == 0 and '"id": "CDC-01"' in said.out and '"forces"' in said.out


# Outputs that break


def ended(stream: Any, monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Le code de sortie d'un programme dont la sortie est celle-ci."""
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setenv("DLA_DOCS_TRACE", "1")
    return process.execute([*words])


def test_un_lecteur_parti_avant_la_fin_ne_fait_rien_dire(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w", encoding="utf-8") as broken:
        assert ended(broken, monkeypatch, "profils") == 1
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="demande /dev/full")
def test_un_disque_plein_est_dit(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        assert ended(full, monkeypatch, "profils") == 2
    assert "le disque est plein" in capsys.readouterr().err
    with open("/dev/full", "w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stderr", full)
        assert ended(io.StringIO(), monkeypatch, "veriffier") == 2


def test_une_barre_montre_ou_en_sont_les_pdf(
    terminal: Call, capsys: pytest.CaptureFixture[str]
) -> None:
    with _progress(pdf=True) as advance:
        assert advance is not None
        advance("PDF", 1, 3)
    assert "PDF" in capsys.readouterr().err
