"""Ce qui est propre à la synthèse des évaluations :
ce qu'elle demande dépend de ce qui a été reçu."""

from __future__ import annotations

import pytest

from dla_docs import SyntheseEvaluations
from dla_docs.constat import Constat, Gravite
from tests.documents.verdict import named, page, verdict

SLUG = "synthese_evaluations"


@pytest.mark.parametrize(("received", "asked"), [("12", {"EVC-21"}), ("0", set()), (None, set())])
def test_les_fiches_des_participants_ne_se_synthetisent_que_si_on_en_a_recu(
    received: str | None, asked: set[str]
) -> None:
    assert named(verdict(SLUG, {"fiches_collectives": received, "collectives": None})) == asked


def test_une_synthese_que_personne_ne_recoit_se_dit() -> None:
    assert [
        (constat.gravite, constat.exigences) for constat in verdict(SLUG, {"destinataires": None})
    ] == [(Gravite.AVERTISSEMENT, ("EVI-23",))]
    assert verdict(SLUG, {"destinataires": None}, "npdc") == []


def test_ce_qui_n_a_pas_ete_lu_se_dit_sans_empecher() -> None:
    made = SyntheseEvaluations().depouillee(
        (Constat("Illisible."), Constat("Deux fois.", Gravite.INFORMATION))
    )
    assert [constat.gravite for constat in made.constats_propres()] == [
        Gravite.AVERTISSEMENT,
        Gravite.INFORMATION,
    ]


def test_le_texte_sur_l_anonymat_ne_s_imprime_que_s_il_y_a_un_seuil() -> None:
    assert "sous le seuil d'anonymat" in page(SLUG)


def test_un_critere_porte_le_titre_de_ses_commentaires() -> None:
    shown = page(SLUG)
    assert shown.index("Les commentaires, critère par critère") < shown.index(
        "Trop serré pour des bénévoles."
    )
    assert "Commentaires 1" not in shown
