"""Les manières de la ligne de commande : ce qu'elle comprend à demi-mot, où elle dit avoir écrit,
ce qu'elle lit d'un autre programme, ce qu'elle lui répond.
"""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from dla_docs.cli.application import run
from dla_docs.cli.completion import SHELLS, VARIABLE
from dla_docs.resources import sample_path
from dla_docs.stages import report
from tests.cli.commandes import command_named, english_in, every_command
from tests.cli.conftest import Call, without_colours
from tests.word_forms import fill

CAHIER = "cahier_des_charges"
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000) + "WordDocument".encode("utf-16-le")


@pytest.fixture
def cahier(dla_docs: Call) -> Path:
    """L'exemple d'un cahier des charges, dans le dossier de l'essai."""
    assert dla_docs("exemple", CAHIER, "-o", ".").code == 0
    return Path(f"{CAHIER}.yaml")


NEAR = [
    (["exemple", "cahier"], f"« {CAHIER} »"),
    (["trame", "cdc", "-o", "x.docx"], f"« {CAHIER} »"),
    (["montrer", "evaluations"], "« synthese_evaluations »"),
    (["montrer", "grille"], "« grille_de_lecture », « grille_de_suivi » ou"),
    (["montrer", "mision"], "« mission »"),
    (["exemple", "mission_indiv"], "« mission_individuelle »"),
    (["exigences", "cdc 7"], "« CDC-07 »"),
    (["verifier", f"{CAHIER}.yaml", "--profil", "Centr"], "« centre »"),
    (["verifier", CAHIER], f"« {CAHIER}.yaml »"),
    (["verifier", "cahier_de_charge.yaml"], f"« {CAHIER}.yaml »"),
    (["trame", "grille_de_suivi", "-o", "x.docx", "--stade", "prevision"], "« previsionnel »"),
    (["completion", "bach"], "« bash »"),
    (["dossier", "m.yaml", "-o", "x", "--pfd"], "« --pdf »"),
]


@pytest.mark.parametrize(("words", "near"), NEAR, ids=lambda one: " ".join(one)[:40])
def test_un_mot_voisin_propose_le_bon(
    words: list[str], near: str, cahier: Path, dla_docs: Call
) -> None:
    said = dla_docs(*words)
    assert said.code == 2 and f"Vouliez-vous dire {near}" in said.err


@pytest.mark.parametrize("command", ["schema", "montrer"])
def test_un_parcours_n_est_pas_pris_pour_un_document_voisin(command: str, dla_docs: Call) -> None:
    said = dla_docs(command, "parcours")
    assert said.code == 2 and "note_mi_parcours" not in said.err
    assert "cite plusieurs missions" in " ".join(said.err.split())
    assert "docs/premiers_pas.md" in said.err


def test_un_profil_se_nomme_sans_egard_aux_majuscules(cahier: Path, dla_docs: Call) -> None:
    assert dla_docs("verifier", cahier, "--profil", "Centre").code == 0
    text = cahier.read_text(encoding="utf-8")
    cahier.write_text(text.replace("profil: centre", "profil: CENTRE"), encoding="utf-8")
    assert dla_docs("verifier", cahier).code == 0


def test_la_version_se_dit_aussi_par_une_lettre(dla_docs: Call) -> None:
    assert dla_docs("-V").out == dla_docs("--version").out != ""


def test_le_chemin_entier_de_ce_qui_est_ecrit_est_dit_et_son_dossier_cree(
    cahier: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run(["produire", str(cahier), "-o", "neuf/plus bas/c.docx"]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'neuf' / 'plus bas' / 'c.docx'}\n"
    assert (tmp_path / "neuf" / "plus bas" / "c.docx").is_file()
    assert run(["exemple", "mission", "-o", "essai"]) == 0
    assert capsys.readouterr().out.endswith(f" fichiers dans {tmp_path / 'essai'}.\n")


KINDS = [
    (["verifier", "vieux.doc"], "C'est un document Word d'avant 2007 (.doc). Ouvrez ce fichier"),
    (["produire", "vieux.doc", "-o", "x.docx"], "C'est un document Word d'avant 2007 (.doc), et"),
    (["dossier", "vieux.doc", "-o", "d"], "C'est un document Word d'avant 2007 (.doc), et non des"),
    (
        ["lot", "vieux.doc", CAHIER, "-o", "d"],
        "(.doc), et non un tableau (.csv, .tsv, .xlsx, .xlsm, .ods).",
    ),
    (["produire", "photo.png", "-o", "x.docx"], "C'est une image (photo ou numérisation), et non"),
    (["retours", "vieux.doc", "--dans", "."], "vieux.doc : C'est un fichier, et non un dossier."),
]


@pytest.mark.parametrize(("words", "said"), KINDS, ids=lambda one: " ".join(one)[:40])
def test_un_fichier_d_une_autre_sorte_est_nomme(
    words: list[str], said: str, dla_docs: Call
) -> None:
    Path("vieux.doc").write_bytes(OLD_WORD)
    Path("photo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    found = dla_docs(*words)
    assert found.code == 2 and said in found.err and not english_in(found.err)


def test_un_dossier_n_est_pas_propose_pour_un_fichier(dla_docs: Call) -> None:
    Path("mien").mkdir()
    said = dla_docs("verifier", "rien.yaml")
    assert said.code == 2 and "« mien »" not in said.err


def test_un_formulaire_nomme_comme_des_donnees_ne_mene_pas_a_s_ecraser(dla_docs: Call) -> None:
    assert dla_docs("trame", CAHIER, "-o", "rempli.docx").code == 0
    Path("rempli.docx").rename("rempli.yaml")
    said = dla_docs("verifier", "rempli.yaml")
    assert "« dla-docs lire rempli.yaml -o rempli_lu.yaml »" in said.err
    assert (
        dla_docs("lire", "rempli.yaml", "-o", "rempli_lu.yaml").code == 1
    )  # blank: all is lacking
    assert Path("rempli_lu.yaml").is_file()


@pytest.mark.parametrize("name", ["rempli.docx", "le mien, rempli.docx", "rempli.pdf"])
def test_un_formulaire_a_la_place_de_ses_donnees_mene_a_la_commande_qui_les_en_tire(
    name: str, dla_docs: Call
) -> None:
    if name.endswith(".pdf"):
        Path(name).write_bytes(b"%PDF-1.7\n" + bytes(40))
    else:
        assert dla_docs("trame", CAHIER, "-o", name).code == 0
    said = dla_docs("produire", name, "-o", "c.docx")
    assert said.code == 2 and not Path("c.docx").exists()
    last = re.search(r"puis donnez-les : « dla-docs (.*) »\.\n$", said.err)
    assert last, said.err
    words = shlex.split(last[1])
    assert words == ["lire", name, "-o", str(Path(name).with_suffix(".yaml"))]
    if name.endswith(".docx"):
        assert dla_docs(*words).code == 1  # blank: all is lacking, and the data are there
        assert dla_docs("produire", words[-1], "-o", "c.docx", "--brouillon").code == 1
        assert Path("c.docx").is_file()


def _given(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_l_entree_standard_se_lit_comme_un_fichier(
    dla_docs: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = sample_path(CAHIER).read_bytes()
    _given(monkeypatch, sample)
    assert dla_docs("verifier", "-").out == "Conforme.\n"
    _given(monkeypatch, sample)
    assert dla_docs("produire", "-", "-o", "c.docx").code == 0 and Path("c.docx").is_file()
    _given(monkeypatch, Path("c.docx").read_bytes())
    assert dla_docs("verifier", "-").out == "Conforme.\n"
    _given(monkeypatch, Path("c.docx").read_bytes())
    assert "« dla-docs lire FORMULAIRE.docx -o" in dla_docs("produire", "-", "-o", "d.docx").err
    _given(monkeypatch, sample.replace(b"objectifs:", b"objectif:"))
    assert "entrée standard, ligne " in dla_docs("verifier", "-").err
    _given(monkeypatch, b'{"document": "mission", "reference": 1, "zzz": 2}')
    assert "zzz" in dla_docs("dossier", "-", "-o", "d").err


@pytest.mark.parametrize("words", [["lire", "-"], ["lot", "-", "fiche_prestataire", "-o", "d"]])
def test_ou_l_entree_standard_ne_se_lit_pas_c_est_dit(words: list[str], dla_docs: Call) -> None:
    said = dla_docs(*words)
    assert said.code == 2 and "L'entrée standard ne se lit pas ici. Écrivez d'abord" in said.err


# Reports, and what each holds: the command, its code, how many files, results, constats at least.
MISSION = "essai/mission_individuelle.yaml"
REPORTS: list[tuple[str, int, int, int, int]] = [
    ("exemple mission -o essai", 0, 11, 0, 0),
    (f"trame proposition -o envois --mission {MISSION} --pour prestataire", 0, 2, 0, 0),
    ("retours envois --dans essai", 0, 0, 2, 0),
    (f"extrait {MISSION} beta -o e.docx", 0, 1, 0, 0),
    (f"extrait {MISSION} bet -o e.docx", 2, 0, 0, 1),
    ("exemple enquete_prestataire -o .", 0, 1, 0, 0),
    ("produire enquete_prestataire.yaml -o e.odtx", 2, 0, 0, 1),
    ("tableau fiche_prestataire -o t.xlsx", 0, 1, 0, 0),
    ("lot t.csv fiche_prestataire -o lot --brouillon", 1, 2, 2, 1),
    ("modele nouveau proposition -o m.docx", 0, 1, 0, 0),
    ("lire zzz.docx", 2, 0, 0, 1),
    ("produire", 2, 0, 0, 1),
    ("produire --zzz", 2, 0, 0, 1),
    ("montrer proposition", 2, 0, 0, 1),
]


@pytest.mark.lent
def test_toute_commande_rend_compte_a_un_programme(dla_docs: Call, tmp_path: Path) -> None:
    rows = "prestataire.nom;mise_a_jour\nCabinet Delta Exemple;14/01/2013\nAutre;31/02/2013\n"
    Path("t.csv").write_text(rows, encoding="utf-8")
    validator = jsonschema.Draft202012Validator(report.schema())
    for command, code, files, results, constats in REPORTS:
        said = dla_docs(*command.split(), "--format", "json")
        found: dict[str, Any] = json.loads(said.out)
        assert list(validator.iter_errors(found)) == [], command
        assert (found["code"], said.code) == (code, code), (command, said)
        assert len(found["fichiers"]) == files and len(found["suites"]) == results, command
        assert len(found["constats"]) >= constats and all(map(_exists, found["fichiers"])), command
        assert said.err, command  # the sentences, for whoever looks


def _exists(path: str) -> bool:
    return Path(path).is_file()


@pytest.mark.lent
def test_un_dossier_rend_compte_de_ce_qui_n_est_pas_produit(dla_docs: Call) -> None:
    assert dla_docs("exemple", "mission", "-o", "essai").code == 0
    kept = Path(MISSION).read_text(encoding="utf-8").replace("      cout_moyen: 900 €\n", "")
    Path(MISSION).write_text(kept, encoding="utf-8")
    found = json.loads(dla_docs("dossier", MISSION, "-o", "d", "--format", "json").out)
    [refused] = found["suites"]
    assert (found["code"], refused["sort"]) == (1, "pas produit")
    assert "Cahier des charges" in refused["nom"]
    assert [one["exigences"] for one in refused["constats"]] == [["CDC-16"]]
    assert len(found["fichiers"]) > 15 and all(map(_exists, found["fichiers"]))
    [told] = json.loads(dla_docs("dossier", "essai", "-o", "dd", "--format", "json").out)["suites"]
    assert told["sort"] == "à compléter" and told["nom"] == MISSION


def test_les_commandes_qui_ecrivent_ont_toutes_un_compte_rendu(dla_docs: Call) -> None:
    for words in every_command():
        told = dla_docs(*words, "--help").out
        assert "--remplacer" not in told or "--format" in told, words


@pytest.mark.parametrize("shell", SHELLS)
def test_la_completion_se_donne_a_chaque_interpreteur(
    shell: str, dla_docs: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = dla_docs("completion", shell)
    assert said.code == 0 and VARIABLE in said.out and "dla-docs" in said.out
    line = "dla-docs montrer grille_de_s"
    told = {
        "COMP_WORDS": line,
        "COMP_CWORD": "2",
        "_TYPER_COMPLETE_ARGS": line,
        "_TYPER_COMPLETE_WORD_TO_COMPLETE": "grille_de_s",
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        VARIABLE: f"complete_{shell}",
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    assert "grille_de_suivi" in dla_docs().out and "grille_de_lecture" not in dla_docs().out
    wrong = "dla-docs trame proposition --pour zzz --pro"
    monkeypatch.setenv("COMP_WORDS", wrong)
    monkeypatch.setenv("COMP_CWORD", "5")
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", wrong)
    assert dla_docs().err == ""


@pytest.mark.parametrize(
    "words", [words for words in every_command() if not hasattr(command_named(words), "commands")]
)
def test_chaque_valeur_connue_se_complete(
    words: tuple[str, ...], dla_docs: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    params = command_named(words).params
    named = [param for param in params if param.param_type_name == "argument"]
    asked = [
        [*words, *(["x"] * named.index(param) if param in named else [min(param.opts, key=len)])]
        for param in params
        if param._custom_shell_complete is not None
    ]
    for line in asked:
        monkeypatch.setenv("COMP_WORDS", f"dla-docs {' '.join(line)} ")
        monkeypatch.setenv("COMP_CWORD", str(1 + len(line)))
        monkeypatch.setenv(VARIABLE, "complete_bash")
        said = dla_docs()
        assert said.code == 0 and len(said.out.split()) > 1 and not said.err, line


def test_un_defaut_de_la_completion_n_ecrit_rien_dans_la_ligne(
    dla_docs: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "dla-docs ")
    monkeypatch.setenv("COMP_CWORD", "zzz")
    said = dla_docs()
    assert (said.out, said.err) == ("", "")


@pytest.mark.lent
@pytest.mark.skipif(sys.platform == "win32", reason="bash")
def test_bash_complete_vraiment(tmp_path: Path) -> None:
    program = tmp_path / "dla-docs"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m dla_docs "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    script = (
        'eval "$(dla-docs completion bash)"; COMP_WORDS=(dla-docs prod); COMP_CWORD=1; '
        '_dla_docs_completion dla-docs; echo "${COMPREPLY[*]}"'
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", script],
        env={**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.stdout == "produire\n", done.stderr


@pytest.mark.parametrize("width", [60, 200])
@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["produire", "--help"],
        ["documents"],
        ["montrer", CAHIER],
        ["exigences", "fiche_prestataire"],
        ["profils"],
        ["exigences", "CDC-07"],
        ["verifier", "zzz"],
    ],
    ids=" ".join,
)
def test_a_60_et_200_colonnes_rien_ne_depasse(
    words: list[str], width: int, terminal: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    said = terminal(*words)
    lines = without_colours(said.out + said.err).splitlines()
    assert lines and max(map(len, lines)) <= width


def test_ce_qu_un_formulaire_change_se_plie_entre_deux_mots(
    terminal: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert terminal("trame", CAHIER, "-o", "f.docx").code == 0
    long = "Un texte que la présidente a écrit un peu long, pour qu'il ne tienne pas sur la ligne"
    form = Path("f.docx")
    form.write_bytes(fill(form.read_bytes(), {"demande.enjeux": long}))
    monkeypatch.setenv("COLUMNS", "60")
    lines = without_colours(terminal("lire", form, "-o", "c.yaml").out).splitlines()
    assert max(map(len, lines[:-1])) <= 60 and long in " ".join(map(str.strip, lines))


@pytest.mark.parametrize("width", [60, 80])
def test_dans_un_tableau_etroit_aucun_mot_n_est_coupe(
    width: int, terminal: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    said = without_colours(terminal("documents").out + terminal("montrer", CAHIER).out)
    for word in (
        "Fiche prestataire",
        "formulaire",
        "d'accompagnement",
        "Département",
        "ingénierie",
    ):
        assert word in said
    assert ("  Titre : Fiche prestataire" in said) is (width == 60)
