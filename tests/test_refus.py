"""La liste des refus de docs/fiabilite.md : chaque phrase y est jugée, une nouvelle s'y dit."""

from __future__ import annotations

from tests.bench.fiabilite import part
from tests.bench.ouverture import TO_JUDGE, Outcome, refusals


def outcome(said: str, door: str = "lignes lues", fate: str = "refusé") -> Outcome:
    return Outcome("projet", "t 2.xlsx", door, fate, 0.1, said)


def row_of(rows: list[str], dit: str) -> list[str]:
    [row] = [row for row in rows if dit in row]
    return [cell.strip() for cell in row.strip("|").split("|")]


def test_une_phrase_connue_compte_ses_fichiers_et_dit_ce_qui_en_a_ete_juge() -> None:
    found = [outcome("3 4\n/ici/t 2.xlsx : Ce tableau est vide. Sa première ligne…")]
    assert row_of(refusals(found), "Ce tableau est vide")[1:3] == ["1", "vrai"]


def test_une_phrase_nouvelle_est_a_juger_sans_ce_qui_est_de_son_fichier() -> None:
    rows = refusals([outcome("/ici/t 2.xlsx, ligne 7 : Le titre « Nom » a 12 fautes.")])
    assert row_of(rows, "Le titre") == ["« Le titre « … » a N fautes »", "1", TO_JUDGE, ""]
    assert "/ici" not in "\n".join(rows)


def test_ce_qui_est_lu_et_les_portes_qui_refusent_tout_n_y_sont_pas() -> None:
    found = [
        outcome("/ici/t 2.xlsx : Mystère.", door="lot"),
        outcome("/ici/t 2.docx : Mystère.", door="modele verifier", fate="lu"),
    ]
    assert "Mystère" not in "\n".join(refusals(found))


def test_ce_qu_un_tableau_lu_n_admet_pas_y_est() -> None:
    found = [outcome("3 4\nLa cellule « Nom » montre une erreur du tableur, « #N/A ».", fate="lu")]
    assert row_of(refusals(found), "montre une erreur du tableur »")[1:3] == ["1", "vrai"]


def test_toute_phrase_de_la_page_est_jugee() -> None:
    said = part("ouverture")
    assert "### Leurs refus, un par un" in said and f"| {TO_JUDGE} |" not in said
