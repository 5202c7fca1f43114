"""Les premières réponses à un document que la mission ne tient pas encore : ce qu'elle sait y est
déjà, ce qu'un autre en répétait n'est pas perdu, ce qu'elle prête n'est pas dit manquer.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dla_docs.cli.application import run
from dla_docs.documents.demande_de_modification import DemandeDeModification
from dla_docs.documents.grille_de_suivi import GrilleDeSuivi
from dla_docs.parties.modification import Accord
from dla_docs.stages.loading import load_mission
from tests.formulaire.formulaires import answers
from tests.word_forms import fill

CONCURRENCE = """\
document: mission
nature: individuelle
mise_en_concurrence:
  sollicites:
    - {cle: alpha, prestataire: {nom: Alpha Exemple}, reponse: proposition}
  retenu: alpha
documents:
  proposition: {prestataire: alpha, recue_le: 01/02/2005}
"""
DEMANDE = """\
document: mission
nature: collective
documents:
  demande_de_modification:
    - changements: [{etape: e1, nature: contenu, nouveau: Une journée de plus}]
  grille_de_suivi:
    etapes: {e1: {intitule: Séminaire}}
"""
COLLECTIVE = "document: mission\nnature: collective\nstructures: [{nom: Réseau Exemple}]\n"


def write(folder: Path, text: str) -> Path:
    mission = folder / "mission.yaml"
    mission.write_text(text, encoding="utf-8")
    return mission


def sent(mission: Path, *words: str) -> Path:
    """Un formulaire fait par la commande, en un seul fichier."""
    form = mission.with_name("formulaire.docx")
    assert run(["trame", *words, "--mission", str(mission), "-o", str(form)]) == 0
    return form


@pytest.mark.lent
def test_le_formulaire_d_un_seul_fichier_sait_ce_que_la_mission_dit_du_retenu(
    tmp_path: Path,
) -> None:
    form = sent(write(tmp_path, CONCURRENCE), "notification_de_choix")
    said = {one.tag: one.text for one in answers(form.read_bytes())}
    assert said["prestataire.nom"] == "Alpha Exemple"
    assert said["proposition_recue_le"] == "01/02/2005"


@pytest.mark.lent
def test_refuser_une_demande_est_une_premiere_reponse_comme_une_autre(tmp_path: Path) -> None:
    """La grille de suivi ne répète plus une demande refusée, qui le dit encore."""
    mission = write(tmp_path, DEMANDE)
    grid = load_mission(mission).premier(GrilleDeSuivi)
    assert grid is not None and grid.modifications
    form = sent(mission, "demande_de_modification")
    form.write_bytes(fill(form.read_bytes(), {"decision.accord": "Refusée"}))
    assert run(["lire", str(form), "--dans", str(mission)]) in (0, 1)
    after = load_mission(mission)
    asked, grid = after.premier(DemandeDeModification), after.premier(GrilleDeSuivi)
    assert asked is not None and asked.decision.accord is Accord.REFUSEE
    assert grid is not None and not grid.modifications


@pytest.mark.lent
def test_ce_que_dit_la_premiere_fiche_pour_toutes_ne_manque_pas_a_la_seconde(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mission = write(tmp_path, COLLECTIVE)
    blank = sent(mission, "evaluation_collective", "--pour", "charge_de_mission").read_bytes()
    first, second = tmp_path / "a.docx", tmp_path / "b.docx"
    first.write_bytes(
        fill(blank, {"participant.nom": "Charlie Épreuve", "conditions.delais.reponse": "Oui"})
    )
    second.write_bytes(fill(blank, {"participant.nom": "Élie Calque"}))
    capsys.readouterr()
    words = ["reunir", str(first), str(second), "--dans", str(mission), "--format", "json"]
    assert run(words) in (0, 1)
    _, elie = json.loads(capsys.readouterr().out)
    lacking = {one["chemin"] for one in elie["constats"]}
    assert "conditions.contenu" in lacking  # nobody has said it yet
    assert "conditions.delais" not in lacking


@pytest.mark.lent
def test_un_formulaire_donne_deux_fois_dit_une_fois_ce_qu_il_change(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mission = write(tmp_path, CONCURRENCE)
    form = sent(mission, "mission")
    form.write_bytes(fill(form.read_bytes(), {"reference": "A-1"}))
    capsys.readouterr()
    assert run(["lire", str(form), str(form), "--dans", str(mission)]) == 0
    [line] = capsys.readouterr().out.splitlines()
    assert line.endswith("1 changement écrit")


@pytest.mark.lent
@pytest.mark.parametrize("word", ["05/05/2005", "Gamma Exemple"], ids=["sa date", "son nom"])
def test_une_ligne_neuve_corrigee_depuis_n_est_pas_doublee_sans_un_mot(
    word: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Le formulaire qui l'a ajoutée est relu : c'est la même ligne, et ce qui y diffère est dit."""
    mission = write(tmp_path, CONCURRENCE)
    form, row = sent(mission, "mission"), "mise_en_concurrence.sollicites[1]"
    typed = {f"{row}.prestataire.nom": "Gamma Exemple", f"{row}.date": "05/05/2005"}
    form.write_bytes(fill(form.read_bytes(), typed))
    command = ["lire", str(form), "--dans", str(mission)]
    assert run(command) in (0, 1)
    text = mission.read_text(encoding="utf-8")
    now = {"05/05/2005": "06/05/2005", "Gamma Exemple": "Société Delta"}[word]
    mission.write_text(corrected := text.replace(word, now), encoding="utf-8")
    capsys.readouterr()
    assert run(command) in (1, 2)
    said = capsys.readouterr().err.replace("\N{NO-BREAK SPACE}", " ")
    assert f"« {word} » dans formulaire.docx" in said and f"le document dit « {now} »" in said
    assert mission.read_text(encoding="utf-8") == corrected
