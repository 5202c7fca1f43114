"""Un dossier de missions devient un dossier de dossiers, par la commande et par le script du client
: une mission illisible n'arrête pas les autres, et ce qui est fait ne l'est pas deux fois.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from runpy import run_path
from typing import Any

import psutil
import pytest
import yaml

from dla_docs import make_dossiers
from dla_docs.errors import InputError
from dla_docs.missions.finding import find_missions
from dla_docs.resources import sample_path
from tests.cli.commandes import english_in

SAMPLES = sample_path("mission_individuelle").parent
SCRIPT = SAMPLES / "generer_dossiers.py"
PHASE = "phase_1.yaml"


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *map(str, words)], capture_output=True, text=True, encoding="utf-8"
    )


def mission(folder: Path, name: str, **changes: str) -> Path:
    """A mission of the sample parcours, some words of it changed, with the files that it cites."""
    source = SAMPLES / "parcours_dla_04_05"
    folder.mkdir(parents=True, exist_ok=True)
    for cited in ("dla_04", "cycle", "capitalisation", "plan"):
        shutil.copy(source / f"{cited}.yaml", folder)
    text = (source / PHASE).read_text(encoding="utf-8")
    for old, new in changes.items():
        text = re.sub(rf"(?m)^{old}: .*$", f"{old}: {new}", text)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def broken(folder: Path) -> dict[str, tuple[str, str]]:
    """Three missions that cannot be read: for each, the line that says so and what to do."""
    (folder / "casse_syntaxe.yaml").write_text("document: mission\nnature: [\n", encoding="utf-8")
    mission(folder, "casse_valeur.yaml", nature="individuel")
    mission(folder, "casse_chemin.yaml", operateur="absent.yaml")
    return {
        "casse_syntaxe.yaml": ("ligne 3", "Écrivez-la"),
        "casse_valeur.yaml": ("ligne 6", "individuelle"),
        "casse_chemin.yaml": ("ligne 8", "absent.yaml"),
    }


def manifest(folder: Path) -> dict[str, str]:
    told = json.loads((folder / "manifeste.json").read_text(encoding="utf-8"))
    return {one["nom"]: one["sha256"] for one in told["fichiers"]}


def is_whole(folder: Path) -> bool:
    """Nothing but what the manifest tells, and all of that."""
    held = {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    held.pop("manifeste.json")
    return held == manifest(folder)


def test_sans_argument_le_script_dit_en_francais_comment_s_en_servir(capsys: Any) -> None:
    main = run_path(str(SCRIPT))["main"]  # in this process: another takes seconds to start
    for words in ([], ["missions"], ["missions", "dossiers", "--pdfs"], ["m", "d", "--processus"]):
        assert main(words) == 2
        said = capsys.readouterr()
        assert not said.out and said.err.count("Usage : python generer_dossiers.py") == 1
        assert not english_in(said.err)


@pytest.mark.lent
def test_le_script_nomme_ce_qu_il_laisse_et_ce_qu_il_fait_en_partie(tmp_path: Path) -> None:
    missions, out = tmp_path / "missions", tmp_path / "dossiers"
    missions.mkdir()
    data = yaml.safe_load((SAMPLES / "mission_simplifiee.yaml").read_text(encoding="utf-8"))
    del data["documents"]["appel_a_competences"][0]["intervention"]
    (missions / "bonne.json").write_text(json.dumps(data, default=str), encoding="utf-8")
    for cited in ("operateur.yaml", "logos", "prestataires"):
        copied = shutil.copytree if (SAMPLES / cited).is_dir() else shutil.copy
        copied(SAMPLES / cited, missions / cited)
    (missions / "capitale.yaml").write_text("Document: Mission\nreference: DLA00-9\n", "utf-8")
    (missions / "note.yaml").write_text("a: b\n", "utf-8")
    told = run(SCRIPT, missions, out)
    assert told.returncode == 1, told.stdout
    assert f"laissé : {missions / 'capitale.yaml'} (vouliez-vous dire « document: mission » ?)" in (
        told.stdout
    )
    assert f"laissé : {missions / 'note.yaml'}\n" in told.stdout
    assert "bonne.json : fait en partie\n" in told.stdout
    assert "1 dont 1 en partie ; missions refusées : 0" in told.stdout


@pytest.mark.lent
def test_le_script_nomme_ce_qu_il_refuse_et_fait_le_reste(tmp_path: Path) -> None:
    missions, out = tmp_path / "missions", tmp_path / "dossiers"
    mission(missions, "bonne.yaml")
    faults = broken(missions)
    said = run(SCRIPT, missions, out)
    assert (said.returncode, said.stderr) == (1, "")
    assert said.stdout.startswith("Missions : 4 ; autres fichiers : 4\n")
    for name, words in faults.items():
        told = said.stdout.partition(f"{name} : pas fait\n")[2].splitlines()[0]
        assert name in told and all(word in told for word in words), told
    assert is_whole(out / "bonne") and not (out / "casse_valeur").exists()
    again = run(SCRIPT, missions, out)
    assert (again.returncode, again.stdout.count("déjà fait")) == (1, 1)
    assert run(SCRIPT, tmp_path / "nulle part", out).returncode == 2


def test_deux_missions_de_meme_reference_ont_chacune_leur_dossier(tmp_path: Path) -> None:
    one = mission(tmp_path / "2012", "mission.yaml", reference="DLA00-1")
    other = mission(tmp_path / "2013", "mission.yaml", reference="DLA00-1")
    out = tmp_path / "dossiers"
    first, second = make_dossiers(tmp_path, out)
    assert (first.dossier, second.dossier) == (out / "2012" / "mission", out / "2013" / "mission")
    assert is_whole(first.dossier) and is_whole(second.dossier)
    assert first.entier and second.entier  # it is to be looked at, and stops nothing
    (twice,) = (constat for constat in second.constats if constat.chemin == "reference")
    assert str(one) in twice.message and twice.fichier == str(other)
    assert [fait.deja_fait for fait in make_dossiers(tmp_path, out)] == [True, True]


def test_ce_qui_change_est_refait(tmp_path: Path) -> None:
    path, out = mission(tmp_path, "mission.yaml"), tmp_path / "dossiers"

    def again(brouillon: bool = False) -> bool:
        (fait,) = make_dossiers(tmp_path, out, brouillon=brouillon)
        assert is_whole(fait.dossier)
        return not fait.deja_fait

    assert again() and not again()
    path.write_text(path.read_text(encoding="utf-8").replace("Consultante", "Gérante"), "utf-8")
    assert again() and not again()
    next((out / "mission").glob("*Plan*.docx")).unlink()
    assert again() and not again()
    assert again(brouillon=True)


def test_un_dossier_dit_tout_ce_qu_il_tient(tmp_path: Path) -> None:
    shutil.copytree(SAMPLES, tmp_path / "essai")
    (tmp_path / "essai" / "oubli.yaml").write_text("evenements: {}\n", encoding="utf-8")
    (tmp_path / "essai" / "faute.json").write_text('{"document": "misson"}', encoding="utf-8")
    (tmp_path / "essai" / "oubli.json").write_text('{"nature": ', encoding="utf-8")
    found = find_missions(tmp_path / "essai")
    assert [one.nom for one in found.missions] == [
        "faute",
        "mission_collective",
        "mission_individuelle",
        "mission_simplifiee",
        "oubli.json",
        "oubli.yaml",
        "parcours_dla_04_05/phase_1",
        "parcours_dla_04_05/phase_2",
    ]
    assert {path.name for path in found.autres} >= {"cahier_des_charges.yaml", "operateur.yaml"}
    for one in found.missions:
        if one.fichier.name.startswith(("faute", "oubli")):
            with pytest.raises(InputError, match=re.escape(str(one.fichier))):
                one.load()
    with pytest.raises(InputError, match="ne tient aucune mission"):
        find_missions(tmp_path / "essai" / "prestataires")


def test_un_parcours_donne_son_profil_a_ses_missions(tmp_path: Path) -> None:
    shutil.copytree(SAMPLES / "parcours_dla_04_05", tmp_path / "parcours")
    path = tmp_path / "parcours" / "phase_1.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("profil: paca\n", ""), "utf-8")
    summary = tmp_path / "parcours" / "parcours.yaml"
    first, _ = find_missions(tmp_path).missions
    assert first.profil == "paca"
    summary.write_text("document: parcours\nmission: phase_1.yaml\n", encoding="utf-8")
    (fault,) = find_missions(tmp_path).fautes
    assert fault.fichier == str(summary) and fault.ligne == 2


@pytest.mark.lent
def test_cent_missions_dont_trois_cassees_tuees_a_mi_chemin(tmp_path: Path) -> None:
    missions, out = tmp_path / "missions", tmp_path / "dossiers"
    for number in range(97):
        mission(missions, f"m{number:03d}.yaml", reference=f"DLA00-2012-{number % 96:02d}")
    faults = broken(missions)
    words = ("-m", "dla_docs", "dossier", str(missions), "-o", str(out), "--processus", "2")
    told = _killed_at(50, words)
    done = [out / name for name in re.findall(r"\d+/100 (m\d+)\.yaml : \d+ fichiers", told)]
    assert len(done) == 50 - len(faults)
    assert all(map(is_whole, done))
    before = {path: path.stat().st_mtime_ns for one in done for path in one.iterdir()}

    said = run(*words)

    assert said.returncode == 1 and not english_in(said.stderr)
    assert {path.name for path in out.iterdir()} == {".lot"} | {f"m{n:03d}" for n in range(97)}
    assert all(is_whole(out / f"m{number:03d}") for number in range(97))
    assert not [path for path in out.rglob("*") if path.name.startswith((".~", "~", ".tmp"))]
    assert said.stdout.count("déjà fait (") >= len(done)
    assert {path: path.stat().st_mtime_ns for path in before} == before
    for name, marks in faults.items():
        assert f" {name} : pas fait\n" in said.stderr
        (line,) = (
            one for one in said.stderr.splitlines() if one.startswith("ERREUR") and name in one
        )
        assert all(mark in line for mark in marks), line
    (twice,) = (line for line in said.stderr.splitlines() if "est aussi celle de" in line)
    assert "m096.yaml" in twice and "m000.yaml" in twice
    assert said.stdout.splitlines()[-1].startswith("97 dossiers dans ")
    assert said.stdout.rstrip().endswith("3 missions refusées.")


def _killed_at(number: int, words: tuple[str, ...]) -> str:
    """What the command had said of so many missions when it was killed, with all its processes."""
    told: list[str] = []
    with subprocess.Popen(
        [sys.executable, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    ) as running:
        assert running.stdout
        for line in running.stdout:
            told.append(line)
            if f"{number}/100 " in line:
                break
        family = psutil.Process(running.pid).children(recursive=True)
        running.kill()
    psutil.wait_procs(family, timeout=30)
    return "".join(told)
