"""Le remède que dit chaque refus de relecture : suivi par les commandes, comme le ferait quelqu'un,
il met fin au message, et la mission dit la réponse.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from dla_docs import Mission, load, trame
from dla_docs.cli.application import run
from dla_docs.model.requirement import Role
from dla_docs.resources import sample_path
from tests.formulaire.formulaires import answers as answers_in
from tests.word_forms import fill, without_data

PRESTATAIRE = Role("prestataire")
RYTHME = {"operationnalite.rythme.commentaire": "Neuf"}
SOLLICITE = "mise_en_concurrence.sollicites[3]"
Depuis = tuple[str, str]  # what the mission said when the form left, and says when it comes back
PAREIL: Depuis = ("", "")
Refus = tuple[str, Role | None, dict[str, str], Depuis, str]
REFUS: dict[str, Refus] = {
    "la nature d'une autre mission": ("mission", None, {"nature": "Ingénierie collective"}, PAREIL,
        "ne diraient plus « Objectif général »"),
    "un autre retenu": ("mission", None, {"mise_en_concurrence.retenu": "beta"}, PAREIL,
        "ne diraient plus « Intitulé de l'étape »"),
    "le solde devient un acompte": ("mission", None, {"paiements[1].nature": "Acompte"}, PAREIL,
        "ne diraient plus « Solde versé le »"),
    "changé des deux côtés": ("evaluation_individuelle", None, RYTHME,
        ("Une séance toutes les deux semaines.", "Autre chose"), "le champ garde"),
    "un champ fermé": ("evaluation_individuelle", PRESTATAIRE, RYTHME, PAREIL,
        "qui n'était pas ouvert"),
    "un envoi plus ancien": ("mission", None, {"paiements[0].montant": "12,34 €"},
        ("montant: 3 520 €", "montant: 3 530 €"), "le champ garde"),
    "une autre mission": ("evaluation_individuelle", None, RYTHME,
        ("Association Exemple Insertion", "Tout autre chose"), "n'est pas celui de cette mission"),
    "sans ses données": ("evaluation_individuelle", None, RYTHME, PAREIL,
        "laquelle des deux est la dernière"),
}  # fmt: skip


@pytest.fixture
def mission(tmp_path: Path) -> Path:
    """Une copie de la mission d'exemple, et de tout ce qu'elle cite."""
    folder = tmp_path / "mission"
    shutil.copytree(sample_path("mission_individuelle").parent, folder)
    return folder / "mission_individuelle.yaml"


def form_of(mission: Path, slug: str, role: Role | None, answers: Mapping[str, str]) -> Path:
    """Un formulaire parti de cette mission, et rempli."""
    loaded, form = load(mission), mission.parent.parent / "revenu.docx"
    assert isinstance(loaded, Mission)
    form.write_bytes(fill(trame(slug, loaded, role), answers))
    return form


def followed(said: str, mission: Path) -> list[str]:
    """Ce qu'un remède fait ajouter à la commande ; le fichier qu'il dit de corriger l'est."""
    if forced := re.search(r"« --forcer (\S+?) »", said):
        return ["--forcer", forced[1]]
    place = re.search(r"(\S+\.yaml), ligne ([0-9]+) :", said)
    answer = re.search(r"écrivez-y « (.+?) » là", said)
    assert place and answer, said
    file = next(mission.parent.rglob(place[1]))
    lines = file.read_text(encoding="utf-8").split("\n")
    number = int(place[2]) - 1
    lines[number] = re.sub(r": *[^#]*?( *#.*)?$", rf": {answer[1]}\1", lines[number])
    file.write_text("\n".join(lines), encoding="utf-8")
    return []


def told(mission: Path, slug: str, path: str) -> str:
    """Ce que la mission dit dans ce champ, d'après le formulaire qu'elle en ferait."""
    loaded = load(mission)
    assert isinstance(loaded, Mission)
    return next(one.text for one in answers_in(trame(slug, loaded)) if one.tag == path)


@pytest.mark.lent
@pytest.mark.parametrize("name", REFUS)
def test_le_remede_suivi_met_fin_au_refus(
    name: str, mission: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    slug, role, answers, (before, since), why = REFUS[name]
    form = form_of(mission, slug, role, answers)
    if name == "sans ses données":
        form.write_bytes(without_data(form.read_bytes()))
    text = mission.read_text(encoding="utf-8")
    assert before in text
    mission.write_text(text.replace(before, since, 1) if before else text, encoding="utf-8")
    command = ["lire", str(form), "--dans", str(mission)]
    assert run(command) in (1, 2)
    said = capsys.readouterr().err.replace("\u00a0", " ").replace("\u202f", " ")
    assert why in said
    more = followed(said, mission)
    assert run([*command, *more]) == 0
    again = capsys.readouterr().err
    assert not re.search("^(ERREUR|BLOQUANT)", again, re.MULTILINE)
    [(path, answer)] = answers.items()
    assert told(mission, slug, path).replace("\u00a0", " ") == answer


@pytest.mark.lent
@pytest.mark.parametrize("cure", [{f"{SOLLICITE}.prestataire.nom": "Cabinet Zêta"}, {}])
def test_une_cle_seule_se_complete_ou_s_efface(
    cure: dict[str, str], mission: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form = form_of(mission, "mission", None, {f"{SOLLICITE}.cle": "zeta"})
    command = ["lire", str(form), "--dans", str(mission)]
    assert run(command) == 2
    assert "Remplissez cette ligne, ou effacez-en la clé." in capsys.readouterr().err
    form.write_bytes(fill(form.read_bytes(), cure or {f"{SOLLICITE}.cle": ""}))
    assert run(command) == 0
    assert "BLOQUANT" not in capsys.readouterr().err
    assert ("cle: zeta" in mission.read_text(encoding="utf-8")) is bool(cure)


@pytest.mark.lent
def test_le_formulaire_d_une_autre_mission_se_lit_dans_la_sienne(mission: Path) -> None:
    form = form_of(mission, "evaluation_individuelle", None, RYTHME)
    other = mission.with_name("autre.yaml")
    text = mission.read_text(encoding="utf-8")
    other.write_text(text.replace("Association Exemple Insertion", "Autre"), encoding="utf-8")
    assert run(["lire", str(form), "--dans", str(other)]) == 2
    assert run(["lire", str(form), "--dans", str(mission)]) == 0


CANAL, PINS = "Association du Canal", "Compagnie des Pins"


@pytest.mark.parametrize(("header", "code"), [(CANAL, 0), (PINS, 2)])
def test_un_document_qui_nomme_une_autre_structure_que_l_en_tete_revient_dans_sa_mission(
    header: str, code: int, tmp_path: Path
) -> None:
    """Celui d'une autre mission, que rien ne rattache à celle-ci, est toujours refusé."""
    folder = tmp_path / "missions"
    folder.mkdir()
    path, other = folder / "mission.yaml", folder / "autre.yaml"
    text = (
        f"document: mission\nnature: individuelle\nstructures: [{{nom: {CANAL}}}]\n"
        f"documents:\n  diagnostic_partage:\n    structures: [{{nom: {PINS}}}]\n"
        "    presentation: Ancien\n"
    )
    path.write_text(text, "utf-8")
    other.write_text(text.replace(CANAL, PINS), "utf-8")
    sent = path if header == CANAL else other
    form = form_of(sent, "diagnostic_partage", None, {"presentation": "Neuf"})
    assert run(["lire", str(form), "--dans", str(path)]) == code
    assert path.read_text("utf-8") == (text.replace("Ancien", "Neuf") if code == 0 else text)
