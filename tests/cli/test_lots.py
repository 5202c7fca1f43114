"""Les commandes lot et tableau, telles qu'on les tape : ce qu'elles disent, ce qu'elles écrivent,
leur code de sortie.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dla_docs.resources import sample_path
from tests.cli.conftest import Call, without_colours
from tests.lot.lignes import FAULTS, SLUG, row, write_table


def test_un_lot_dit_ce_qui_est_fait_ce_qui_est_refuse_et_ou_le_corriger(
    dla_docs: Call, tmp_path: Path
) -> None:
    write_table(tmp_path / "t.xlsx", [row(1), row(2, **FAULTS[0][0]), row(3)])
    said = dla_docs("lot", "t.xlsx", SLUG, "-o", "lot", "--noms", "{reference}")
    assert said.code == 1
    assert said.out == (
        f"2 documents faits dans lot.\n1 ligne à corriger dans {Path('lot') / 'erreurs.xlsx'} "
        f"; corrigez-le, et donnez-le à la même commande.\n"
    )
    assert (
        said.err.startswith(
            "BLOQUANT t.xlsx, ligne 3 : Structures bénéficiaires, ligne 1 › N° de siret : « 123 »"
        )
        and said.err.count("\n") == 1
    )
    assert sorted(path.name for path in (tmp_path / "lot").glob("*.docx")) == [
        "DLA00-0001.docx",
        "DLA00-0003.docx",
    ]
    again = dla_docs("lot", "t.xlsx", SLUG, "-o", "lot", "--noms", "{reference}")
    assert again.out.startswith("0 document fait, 2 déjà faits dans lot.\n")


def test_le_compte_rendu_d_un_lot_nomme_le_classeur_a_corriger(
    dla_docs: Call, tmp_path: Path
) -> None:
    write_table(tmp_path / "t.xlsx", [row(1), row(2, **FAULTS[0][0])])
    words = ("lot", "t.xlsx", SLUG, "-o", "lot", "--format", "json")
    errors = Path("lot") / "erreurs.xlsx"  # the whole path, which the fixture shortens
    first = json.loads(dla_docs(*words).out)
    made = [str(one) for one in Path("lot").glob("*.docx")]
    assert (first["code"], first["fichiers"]) == (1, [*made, str(errors)]) and errors.is_file()
    write_table(tmp_path / "t.xlsx", [row(1), row(2)])
    mended = json.loads(dla_docs(*words).out)
    assert mended["code"] == 0 and not errors.exists()
    assert {*mended["fichiers"]} == {str(one) for one in Path("lot").glob("*.docx")} != {*made}


def test_un_tableau_refuse_en_entier_sort_par_2_et_n_ecrit_rien(
    dla_docs: Call, tmp_path: Path
) -> None:
    (tmp_path / "t.csv").write_text("Référence;Ligne libre critere oui\nA;B\n", encoding="utf-8")
    said = dla_docs("lot", "t.csv", SLUG, "-o", "lot")
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    message = (
        "La colonne « Ligne libre critere oui » n'est pas un champ de ce document. Vouliez-vous "
        "dire « Ligne libre – Critère » ?"
    )
    assert said.err == f"ERREUR t.csv, ligne 1 : {message}\n"
    assert not (tmp_path / "lot").exists()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["absent.csv", SLUG, "-o", "lot"], "absent.csv : Ce fichier n'existe pas."),
        (
            ["t.csv", "evaluation_individuele", "-o", "lot"],
            "Vouliez-vous dire « evaluation_individuelle » ?",
        ),
        (
            ["t.csv", SLUG, "-o", "lot", "--processus", "zéro"],
            "« --processus zéro » : donnez le nombre de processus",
        ),
        (["t.csv", SLUG, "-o", "lot", "--processus", "0"], "« --processus 0 »"),
        (["t.csv", SLUG, "-o", "lot", "--noms", "{zzz}"], "Le nom des fichiers cite « {zzz} »"),
        (
            ["t.csv", SLUG, "-o", "lot", "--mission", "absente.yaml"],
            "absente.yaml : Ce fichier n'existe pas.",
        ),
        (["t.csv", SLUG, "-o", "lot", "--profil", "bretagne"], "bretagne"),
        (["t.csv", SLUG, "-o", "t.csv/lot"], "Le dossier « t.csv/lot » ne peut pas être créé"),
        (["t.csv", SLUG, "-o", "zzz://lot"], "Cette adresse ne répond pas comme attendu."),
    ],
)
def test_une_mauvaise_commande_est_refusee_en_une_phrase(
    words: list[str], expected: str, dla_docs: Call, tmp_path: Path
) -> None:
    (tmp_path / "t.csv").write_text("Référence\nA\n", encoding="utf-8")
    said = dla_docs("lot", *words)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert expected in said.err


def test_la_mission_donne_l_en_tete_et_le_profil_change_le_verdict(
    dla_docs: Call, tmp_path: Path
) -> None:
    (tmp_path / "t.csv").write_text(
        "prestataire.cle;date\nalpha;29/08/2005\nbeta;29/08/2005\n", encoding="utf-8"
    )
    mission = sample_path("mission_individuelle")
    words = ("lot", "t.csv", "notification_de_choix", "-o", "lot", "--mission", mission)
    named = (*words, "--noms", "{prestataire.nom}", "--profil")
    said = dla_docs(*named, "centre")
    assert (said.code, said.err) == (0, "")
    assert sorted(path.name for path in (tmp_path / "lot").glob("*.docx")) == [
        "Cabinet Alpha Exemple.docx",
        "Coopérative Bêta Exemple.docx",
    ]
    again = dla_docs(*named, "npdc")
    assert again.out == "2 documents faits dans lot.\n"


def test_dans_un_journal_une_ligne_de_temps_en_temps(
    dla_docs: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dla_docs.cli.batches.STEP", 2)
    write_table(tmp_path / "t.xlsx", map(row, range(5)))
    said = dla_docs("lot", "t.xlsx", SLUG, "-o", "lot")
    assert said.err == "2 lignes sur 5\n4 lignes sur 5\n"


def test_sur_un_terminal_une_barre(terminal: Call, tmp_path: Path) -> None:
    write_table(tmp_path / "t.xlsx", map(row, range(3)))
    said = terminal("lot", "t.xlsx", SLUG, "-o", "lot")
    assert said.out == "3 documents faits dans lot.\n"
    shown = without_colours(said.err)
    assert "3/3" in shown and "━" in shown and "/s" in shown


def test_peu_de_refus_sont_montres_le_classeur_les_dit_tous(
    dla_docs: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dla_docs.cli.batches.MOST_SHOWN", 3)
    write_table(tmp_path / "t.xlsx", [row(number, date="zzz") for number in range(10)])
    said = dla_docs("lot", "t.xlsx", SLUG, "-o", "lot")
    assert (said.code, said.err.count("\n")) == (1, 3)
    assert "10 lignes à corriger" in said.out


def test_le_tableau_vide_se_fait_et_se_relit(dla_docs: Call, tmp_path: Path) -> None:
    said = dla_docs("tableau", SLUG, "-o", "t.xlsx")
    assert (said.code, said.out) == (0, "t.xlsx\n")
    assert dla_docs("lot", "t.xlsx", SLUG, "-o", "lot").out == "0 document fait dans lot.\n"
    refused = dla_docs("tableau", SLUG, "-o", "t.csv")
    assert refused.code == 2 and "cette commande écrit un fichier .xlsx" in refused.err
