"""L'examen d'un tableau : le verdict de chaque ligne, et rien d'écrit."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import pytest

from dla_docs import batch, examine
from dla_docs.errors import InputError
from dla_docs.resources import sample_path

TABLE = sample_path("mission_individuelle").parent / "evaluations.csv"
SLUG = "evaluation_individuelle"


def test_chaque_ligne_a_le_verdict_que_le_lot_rendrait(tmp_path: Path) -> None:
    examined = examine(TABLE, SLUG, profil="centre")
    made = list(batch(TABLE, SLUG, tmp_path, profil="centre"))
    said = [
        [(one.ligne, *(constat.message for constat in one.refus)) for one in found]
        for found in (examined, made)
    ]
    assert said[0] == said[1]
    assert (len(examined.conformes), len(examined.refusees)) == (10, 2)


def test_rien_n_est_ecrit(tmp_path: Path) -> None:
    table = tmp_path / "evaluations.csv"
    table.write_bytes(TABLE.read_bytes())
    examine(table, SLUG)
    assert [path.name for path in tmp_path.iterdir()] == ["evaluations.csv"]


def test_ce_qui_manque_arrete_une_ligne() -> None:
    [line] = examine([{"reference_convention": "C1"}], SLUG, profil="centre")
    assert any(
        "obligatoire absent" in constat.message or "demandé par le formulaire" in constat.message
        for constat in line.refus
    )


def test_un_carnet_le_montre_en_mots_autant_qu_en_couleurs() -> None:
    shown = unescape(examine(TABLE, SLUG, profil="centre")._repr_html_())
    assert shown.count("✔ conforme") == 10 and shown.count("⛔ à corriger") == 2
    assert "« 31/02/2013 » n'est pas une date" in shown


def test_il_dit_de_qui_est_chaque_ligne_la_fautive_aussi() -> None:
    examined = examine(TABLE, SLUG, profil="centre")
    shown = unescape(examined._repr_html_())
    for line in examined:
        structure, _, prestataire = line.nom.partition(" - ")
        assert structure and prestataire and f">{line.nom}</td>" in shown
    assert "Théâtre de l'Exemple - Cabinet Delta Exemple" in shown


def test_une_colonne_inconnue_est_refusee() -> None:
    with pytest.raises(InputError, match="couleur"):
        examine([{"couleur": "bleu"}], SLUG)
