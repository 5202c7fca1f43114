"""La preuve d'une écriture, vue de qui écrit : ce qui découle d'une réponse la suit, ce qui n'en
est pas reste, octet pour octet.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from dla_docs import trame
from dla_docs.cli.application import run
from dla_docs.stages.loading import load_mission
from tests.word_forms import fill

TETE = "document: mission\nnature: individuelle\n"
REFERENCE = "reference: A-1\n"
ANDREA = "      - nom: Andrea Modèle\n        fonction: Présidente\n"
PRESENTS = f"evenements:\n  accueil:\n    presents:\n{ANDREA}      - nom: Camille Exemple\n"
SOLLICITES = """\
mise_en_concurrence:
  sollicites:
    - {cle: alpha, prestataire: {nom: Cabinet Alpha}}
    - {cle: beta, prestataire: {nom: Cabinet Beta}}
"""
RETENU = "  retenu: alpha\n"
CONVENTION = "documents:\n  convention_tripartite: {}\n"


def returned(folder: Path, text: str, slug: str, said: dict[str, str]) -> str:
    """Ce que dit cette mission quand un formulaire, tiré d'elle, y est revenu."""
    mission, form = folder / "mission.yaml", folder / "revenu.docx"
    mission.write_text(text, encoding="utf-8")
    form.write_bytes(fill(trame(slug, load_mission(mission)), said))
    run(["lire", str(form), "--dans", str(mission)])
    return mission.read_text(encoding="utf-8")


def test_une_ligne_videe_n_emporte_pas_ce_qui_est_efface_ailleurs(tmp_path: Path) -> None:
    row = "evenements.accueil.presents[0]"
    erased = {f"{row}.nom": "", f"{row}.fonction": "", "reference": ""}
    text = TETE + REFERENCE + PRESENTS
    kept = text.replace(ANDREA, "").replace(REFERENCE, "")
    assert returned(tmp_path, text, "mission", erased) == kept


def test_un_document_qui_nommera_le_retenu_laisse_le_choisir(tmp_path: Path) -> None:
    """La convention dira son nom, qu'elle n'avait pas et que personne n'a tapé."""
    text = TETE + SOLLICITES + CONVENTION
    chosen = returned(tmp_path, text, "mission", {"mise_en_concurrence.retenu": "alpha"})
    assert chosen == TETE + SOLLICITES + RETENU + CONVENTION


def test_le_nom_d_un_sollicite_est_une_reponse_ou_la_convention_n_est_de_personne(
    tmp_path: Path,
) -> None:
    text = TETE + SOLLICITES + CONVENTION
    told = returned(tmp_path, text, "convention_tripartite", {"prestataire.nom": "Cabinet Beta"})
    assert told == text.replace(" {}\n", "\n    prestataire:\n      nom: Cabinet Beta\n")


def test_le_consultant_porte_le_nom_d_un_autre_sollicite(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ce n'est pas le nom du prestataire : il n'y a rien à refuser."""
    text = TETE + SOLLICITES + RETENU + CONVENTION
    told = returned(tmp_path, text, "convention_tripartite", {"consultant.nom": "Cabinet Beta"})
    assert told == f"{text}consultant:\n  nom: Cabinet Beta\n"
    assert "n'est pas pris" not in capsys.readouterr().err


def test_un_prestataire_designe_par_sa_cle_ne_devient_pas_cette_cle(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Le téléphone du consultant tient à celui de ce nom : le contact ne se change pas dans la
    liste, ni dans la proposition, où « prestataire: alpha » deviendrait son nom.
    """
    contact = ", contact: {nom: Lou Gabarit, telephone: 02 61 91 00 10}"
    offer = "  proposition: {prestataire: alpha, intervenants: [{nom: Lou Gabarit}]}\n"
    named = SOLLICITES.replace("Cabinet Alpha", f"Alpha{contact}")
    text = TETE + named + RETENU + CONVENTION + offer
    said = {"prestataire.contact.nom": "Noa Patron"}
    assert returned(tmp_path, text, "proposition", said) == text
    told = capsys.readouterr().err.replace("\N{NO-BREAK SPACE}", " ")
    assert "ne diraient plus « Téléphone », dans « Convention tripartite »" in told
