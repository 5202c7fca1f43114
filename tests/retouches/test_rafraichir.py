"""Un document retouché à la main, rafraîchi : les mots de la main et les faits de la mission y sont
tous, une fois. Le banc ``tests.bench.retouches`` en fait cinquante par sorte.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dla_docs import DOCUMENTS, refresh
from dla_docs.stages.envelope import Enveloppe
from tests import one_in
from tests.cli.conftest import Call
from tests.cli.conftest import dla_docs as dla_docs
from tests.cli.test_cibles import HAND, by_hand
from tests.ooxml_validator import validate_ooxml
from tests.retouches.beside import ALL
from tests.retouches.changes import changed
from tests.retouches.hand import Hand
from tests.retouches.outcomes import outcome, sample
from tests.retouches.test_histoires import edited, write
from tests.word_forms import page_text


@pytest.mark.parametrize(
    "slug, seed", one_in(7, [(slug, n) for n in range(2) for slug in DOCUMENTS])
)
def test_les_mots_de_la_main_et_les_faits_de_la_mission_y_sont_tous(slug: str, seed: int) -> None:
    assert outcome(slug, seed).faults == []


@pytest.mark.lent
def test_une_ligne_sans_cle_qui_change_de_rang_n_est_pas_un_fait_perdu() -> None:
    """Le banc la nommait par son rang, et comptait pour perdu un fait qui n'avait pas changé."""
    assert outcome("synthese_evaluations", 14).faults == []


@pytest.mark.lent
def test_un_document_rafraichi_n_a_pas_d_erreur_que_celui_de_la_main_n_avait(
    tmp_path: Path,
) -> None:
    made = {}
    for seed, slug in enumerate([*DOCUMENTS][::5]):
        document, left = sample(slug)
        held, done = tmp_path / f"{slug}.docx", tmp_path / f"{slug} rafraichi.docx"
        held.write_bytes(Hand(left, seed).retouch(6, ALL))
        done.write_bytes(refresh(held.read_bytes(), changed(document, seed, 3)).octets)
        made[held] = done
    found = validate_ooxml([*made, *made.values()])
    assert (
        made
        and {
            done.name: faults
            for held, done in made.items()
            if (faults := [one for one in found[done] if one not in found[held]])
        }
        == {}
    )


def test_un_document_fait_d_un_autre_modele_ne_devient_pas_celui_du_modele_livre(
    dla_docs: Call,
) -> None:
    dla_docs("exemple", "convention_tripartite", "-o", ".")
    dla_docs("modele", "nouveau", "convention_tripartite", "-o", "mod.docx")
    source, made = "convention_tripartite.yaml", Path("c.docx")
    model = Path("mod.docx")
    model.write_bytes(by_hand(model.read_bytes(), "Clause propre à notre maison."))
    words = ("produire", source, "-o", str(made), "--modele", "mod.docx")
    assert dla_docs(*words).code == 0 and "notre maison" in page_text(made)
    made.write_bytes(held := by_hand(made.read_bytes()))
    said = dla_docs("rafraichir", str(made), "--dans", source)
    assert said.code == 2 and "modèle" in said.err and made.read_bytes() == held
    assert len(said.err.strip().splitlines()) == 1
    text = Path(source).read_text(encoding="utf-8")
    Path(source).write_text(text.replace("7 600 € TTC", "8 000 € TTC"), encoding="utf-8")
    said = dla_docs(*words)
    assert said.code == 1 and "laissé tel quel" in said.err and made.read_bytes() == held
    assert "dla-docs rafraichir" not in said.err and "--remplacer" in said.err


def test_un_document_d_un_autre_modele_qui_ne_le_dit_pas_revient_par_annuler(
    dla_docs: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fait par une version d'avant : ses textes deviennent ceux du modèle livré, sa copie reste."""
    dla_docs("exemple", "convention_tripartite", "-o", ".")
    dla_docs("modele", "nouveau", "convention_tripartite", "-o", "mod.docx")
    source, made, model = "convention_tripartite.yaml", Path("c.docx"), Path("mod.docx")
    model.write_bytes(by_hand(model.read_bytes(), "Clause propre à notre maison."))
    said_of = Enveloppe.to_json
    with monkeypatch.context() as before:
        before.setattr(
            Enveloppe,
            "to_json",
            lambda one, indent=1: said_of(replace(one, autre_modele=False), indent),
        )
        dla_docs("produire", source, "-o", str(made), "--modele", "mod.docx")
    made.write_bytes(held := by_hand(made.read_bytes()))
    said = dla_docs("rafraichir", str(made), "--dans", source)
    assert said.code == 0 and HAND in page_text(made) and "Mis à jour : Texte" in said.out
    assert dla_docs("annuler", str(made)).code == 0 and made.read_bytes() == held


def test_lire_n_est_nomme_que_s_il_ecrirait(dla_docs: Call) -> None:
    dla_docs("exemple", "convention_tripartite", "-o", ".")
    source, path = "convention_tripartite.yaml", Path("c.docx")
    dla_docs("produire", source, "-o", str(path))
    path.write_bytes(by_hand(path.read_bytes()))
    refreshed = ("rafraichir", str(path), "--dans", source)
    said = dla_docs(*refreshed)
    assert "1 retouche gardée" in said.out and "dla-docs lire" not in said.out
    path.write_bytes(edited(path.read_bytes(), write("modalites.deroulement", "Une par mois.")))
    reading = f"« dla-docs lire {path} --dans {source} »"
    for words in (refreshed, (*refreshed, "--apercu")):
        assert reading in dla_docs(*words).out
    assert f"« dla-docs lire r.docx --dans {source} »" in dla_docs(*refreshed, "-o", "r.docx").out
    dla_docs("lire", str(path), "--dans", source)
    assert "Une par mois." in Path(source).read_text(encoding="utf-8")
    assert "dla-docs lire" not in dla_docs(*refreshed).out
