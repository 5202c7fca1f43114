"""Les commandes du portefeuille : chercher, verifier, catalogue, modele."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from dla_docs.resources import sample_path
from dla_docs.word.package import open_package
from tests.cli.conftest import Call, without_colours


@pytest.fixture
def fiches(tmp_path: Path) -> Path:
    folder = tmp_path / "fiches"
    folder.mkdir()
    (folder / "delta.yaml").write_bytes(sample_path("fiche_prestataire").read_bytes())
    return folder


def test_chercher_montre_qui_repond(dla_docs: Call, fiches: Path) -> None:
    said = dla_docs(
        "portefeuille",
        "chercher",
        fiches,
        "--competence",
        "COMPTABILITE",
        "--zone",
        "val d'exemple",
        "--au",
        "1er mars 2013",
    )
    assert (said.code, said.err) == (0, "")
    assert (
        "Cabinet Delta Exemple" in said.out
        and "02 61 91 00 80" in said.out.replace("\u00a0", " ")
        and "14/01/2013" in said.out
    )
    assert said.out.endswith("1 fiche sur 1.\n") and "plus d'un an" not in said.out
    assert (
        "14/01/2013 (plus d'un an)"
        in dla_docs("portefeuille", "chercher", fiches, "--au", "01/03/2014").out
    )


def test_chercher_sans_reponse_le_dit(dla_docs: Call, fiches: Path) -> None:
    said = dla_docs("portefeuille", "chercher", fiches, "--secteur", "sidérurgie")
    assert (said.code, said.out, said.err) == (0, "0 fiche sur 1.\n", "")


def test_chercher_pour_un_programme(dla_docs: Call, fiches: Path) -> None:
    [found] = json.loads(
        dla_docs("portefeuille", "chercher", fiches, "--format", "json", "--au", "01/03/2014").out
    )
    assert found["prestataire"]["siret"] == "00000007500010" and found["a_mettre_a_jour"] is True


def test_sur_un_terminal_la_recherche_tient_dans_80_colonnes(terminal: Call, fiches: Path) -> None:
    plain = without_colours(terminal("portefeuille", "chercher", fiches).out)
    assert max(map(len, plain.splitlines())) <= 80
    assert "Delta" in plain


def test_verifier_compte_les_incompletes_et_les_perimees(dla_docs: Call, fiches: Path) -> None:
    said = dla_docs("portefeuille", "verifier", fiches, "--au", "01/03/2013")
    assert (said.code, said.out, said.err) == (
        0,
        "1 fiche : 0 incomplète, 0 de plus d'un an.\n",
        "",
    )
    (fiches / "vide.yaml").write_text(
        "document: fiche_prestataire\nprestataire: {nom: Vide}\n", encoding="utf-8"
    )
    said = dla_docs("portefeuille", "verifier", fiches, "--au", "01/03/2014", "--profil", "npdc")
    assert said.code == 1
    assert said.out.endswith("2 fiches : 1 incomplète, 1 de plus d'un an.\n")
    assert "Vide : Identité › N° de siret : contenu obligatoire absent" in said.out
    held = json.loads(
        dla_docs("portefeuille", "verifier", fiches, "--au", "01/03/2014", "--format", "json").out
    )
    assert (
        held["conforme"] is False
        and held["incompletes"] == ["Vide"]
        and held["a_mettre_a_jour"] == ["Cabinet Delta Exemple"]
    )
    assert {
        *("exigences", "gravite", "chemin", "fichier", "ligne"),
        *("message", "conseil", "source"),
    } == set(held["constats"][0])


def test_une_mauvaise_ligne_laisse_chercher_et_sort_par_un(dla_docs: Call, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("Nom du prestataire;SIRET\nAlpha;\nBêta;12\n", encoding="utf-8")
    said = dla_docs("portefeuille", "chercher", "p.csv")
    assert said.code == 1 and "Alpha" in said.out and "BLOQUANT p.csv, ligne 3 :" in said.err
    assert dla_docs("portefeuille", "verifier", "p.csv").out.endswith(", 1 défaut de lecture.\n")


@pytest.mark.parametrize("suffix", [".docx", ".xlsx"])
def test_le_catalogue_s_ecrit_et_dit_combien(
    suffix: str, dla_docs: Call, fiches: Path, tmp_path: Path
) -> None:
    said = dla_docs(
        "portefeuille", "catalogue", fiches, "-o", f"c{suffix}", "--secteur", "insertion"
    )
    assert (said.code, said.err, said.out) == (0, "", f"c{suffix} : 1 fiche.\n")
    assert (tmp_path / f"c{suffix}").read_bytes().startswith(b"PK")


def test_le_modele_du_catalogue_s_habille(dla_docs: Call, fiches: Path, tmp_path: Path) -> None:
    assert dla_docs("portefeuille", "modele", "-o", "m.docx").code == 0
    assert (
        dla_docs("portefeuille", "catalogue", fiches, "-o", "c.docx", "--modele", "m.docx").code
        == 0
    )
    assert b"Cabinet Delta Exemple" in open_package(tmp_path / "c.docx")["word/document.xml"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["chercher", "absent.xlsx"], "ERREUR absent.xlsx : Ce fichier n'existe pas."),
        (["chercher", "fiches", "--au", "31/02/2013"], "ERREUR « 31/02/2013 » n'est pas une date"),
        (
            ["catalogue", "fiches", "-o", "c.txt"],
            "cette commande écrit un fichier .docx, .pdf ou .xlsx",
        ),
        (
            ["catalogue", "fiches/delta.yaml", "-o", "fiches/delta.yaml/c.docx"],
            "« fiches/delta.yaml » est un fichier",
        ),
        (["verifier", "fiches", "--profil", "zzz"], "Le profil « zzz » est inconnu"),
    ],
)
def test_ce_qui_ne_se_peut_est_dit_en_une_phrase(
    words: list[str], said: str, dla_docs: Call, fiches: Path
) -> None:
    found = dla_docs("portefeuille", *words)
    assert (found.code, found.out) == (2, "") and said in found.err and found.err.count("\n") == 1


def test_sans_openpyxl_la_phrase_dit_quoi_installer(
    dla_docs: Call, fiches: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("openpyxl", "openpyxl.styles"):
        monkeypatch.setitem(sys.modules, name, None)
    said = dla_docs("portefeuille", "catalogue", fiches, "-o", "c.xlsx")
    assert said.code == 2 and 'pip install "dla-docs[lot]"' in said.err
