"""Ce qui s'écrit de deux façons se reconnaît ; ce qui est mal tapé trouve le mot le plus proche."""

from __future__ import annotations

import pytest

from dla_docs import DlaDocsError
from dla_docs.cli.application import run
from dla_docs.manual.requirement_index import kind_named
from dla_docs.raw.quoting import LONGEST, quoted, quoted_apart
from dla_docs.spelling import compact, did_you_mean, fold, nearest, slugged, spaced, unaccented


@pytest.mark.parametrize(
    ("folding", "text", "said"),
    [
        (unaccented, "Vérifier À NEUF", "verifier a neuf"),
        (fold, "  L’Été — 1ᵉʳ\n  jour ", "l'ete - 1er jour"),
        (fold, "12² et ½", "12² et ½"),
        (slugged, " Objectif  général (« à venir ») ", "objectif_general_a_venir"),
        (spaced, " Cabinet\u00a0 ALPHA\tExemple ", "cabinet alpha exemple"),
        (spaced, None, ""),
        (compact, "000 000\u00a0067 00017", "00000006700017"),
    ],
)
def test_chaque_facon_d_ecrire_se_ramene_a_une_seule(folding, text, said) -> None:  # type: ignore[no-untyped-def]  # one function a row
    assert folding(text) == said


def test_le_mot_le_plus_proche_est_propose_ou_le_remede() -> None:
    known = ("cahier_des_charges", "proposition")
    assert nearest("cahier_de_charges", known) == "cahier_des_charges"
    assert nearest("zzz", known) == ""
    assert nearest("propos", known, cutoff=0.95) == ""
    assert did_you_mean("proposition", "Autre.") == "Vouliez-vous dire « proposition » ?"
    assert did_you_mean("", "Autre.") == "Autre."


def test_un_nom_mal_tape_est_propose_partout(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = "Vouliez-vous dire « cahier_des_charges » ?"
    with pytest.raises(DlaDocsError, match=r"Vouliez-vous dire « cahier_des_charges » \?"):
        kind_named("Cahier des charge")
    assert run(["exemple", "cahier_de_charges"]) != 0
    assert said in capsys.readouterr().err
    assert run(["verifer", "x"]) != 0
    assert "Vouliez-vous dire « verifier » ?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("un\n  texte", "« un texte »"),
        (12, "« 12 »"),
        ("a\x07b", "« a\ufffdb »"),
        ("x" * 61, f"« {'x' * 60}… »"),
        ("x" * 60, f"« {'x' * 60} »"),
        (" " * 5000 + "x", "« … »"),
    ],
)
def test_une_citation_tient_sur_une_ligne(value: object, said: str) -> None:
    assert quoted(value) == said


def test_deux_longs_textes_se_citent_autour_de_ce_qui_les_ecarte() -> None:
    start = "Les parties conviennent que l'accompagnement se déroule par étapes, "
    was, now = quoted_apart(f"{start}une par mois.", f"{start}une par semaine.")
    assert was == "« …déroule par étapes, une par mois. »"
    assert now == "« …déroule par étapes, une par semaine. »"
    was, now = quoted_apart(start.strip(" ,"), f"{start}{'et ainsi de suite, ' * 9}")
    assert was == "« …l'accompagnement se déroule par étapes »"
    assert now.startswith("« …l'accompagnement se déroule par étapes, et")
    assert now.endswith("… »") and len(now) < LONGEST + 10
    assert quoted_apart("Un début", f"{start}") == ("« Un début »", quoted(start))
