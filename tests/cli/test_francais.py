"""Tout ce que la ligne de commande dit de sa propre grammaire est en français."""

from __future__ import annotations

import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import long
from tests.cli.commandes import command_named, english_in, every_command, library_phrases
from tests.cli.conftest import Call, without_colours


def test_l_anglais_de_typer_est_reconnu() -> None:
    assert {"Show this message and exit", "No such option"} <= library_phrases()
    assert english_in("Usage: dla-docs [OPTIONS] COMMAND [ARGS]...")
    assert english_in("Missing argument 'FICHIER'.")
    assert not english_in("Usage : dla-docs COMMANDE … [options]")


@pytest.mark.parametrize("words", every_command(), ids=" ".join)
@pytest.mark.parametrize("option", ["--help", long("--aide"), long("-h")])
def test_l_aide_de_chaque_commande_est_en_francais_et_entiere(
    words: tuple[str, ...], option: str, dla_docs: Call
) -> None:
    said = dla_docs(*words, option)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(" ".join(["Usage : dla-docs", *words]))
    assert "--help" in said.out and "Affiche cette aide." in said.out
    assert not english_in(said.out)
    command = command_named(words)
    for param in command.params:
        assert param.help and param.help in said.out
    for name, below in getattr(command, "commands", {}).items():
        assert f"  {name} " in said.out and below.help.split("\n")[0] in said.out


@pytest.mark.parametrize("words", every_command(), ids=" ".join)
def test_sur_un_terminal_l_aide_tient_dans_80_colonnes(
    words: tuple[str, ...], terminal: Call
) -> None:
    said = terminal(*words, "--help")
    assert "\x1b[" in said.out and "╭" in said.out
    plain = without_colours(said.out)
    assert max(map(len, plain.splitlines())) <= 80
    assert not english_in(plain)


def test_sur_un_terminal_etroit_l_aide_n_est_pas_coupee(
    terminal: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    said = terminal("produire", "--help").out
    assert (
        "╭" not in said
        and "Produit même s'il manque un contenu obligatoire, et montre les manques." in said
    )


@pytest.mark.parametrize("words", [(), ("modele",)])
def test_sans_rien_demander_l_aide_s_affiche(words: tuple[str, ...], dla_docs: Call) -> None:
    said = dla_docs(*words)
    assert (said.code, said.err) == (2, "")
    assert said.out.startswith("Usage : dla-docs")


REFUSED = [
    (["veriffier"], "La commande « veriffier » n'existe pas. Vouliez-vous dire « verifier » ?"),
    (["zzz"], "La commande « zzz » n'existe pas. « dla-docs --aide »"),
    ([""], "La commande «  » n'existe pas."),
    (["modele", "neuf"], "La commande « neuf » n'existe pas."),
    (["modele", "--zzz"], "L'option « --zzz » n'existe pas."),
    (["--brouilon"], "L'option « --brouilon » n'existe pas."),
    (
        ["--format", "texte", "documents"],
        "L'option « --format » se place après le nom de la commande.",
    ),
    (
        ["produire", "f.yaml", "--brouilon", "-o", "f.docx"],
        "L'option « --brouilon » n'existe pas. Vouliez-vous dire « --brouillon » ?",
    ),
    (["produire", "f.yaml", "-z"], "L'option « -z » n'existe pas."),
    (["produire"], "Il manque « FICHIER » (un document (.yaml ou .json), ou « - »)."),
    (
        ["produire", "f.yaml"],
        "Il manque « -o SORTIE » (le fichier à écrire : .docx, .pdf ou .odt).",
    ),
    (["produire", "f.yaml", "-o"], "L'option « -o » attend une valeur."),
    (
        ["produire", "f.yaml", "-o", "f.docx", "--brouillon=oui"],
        "L'option « --brouillon » s'écrit seule, sans valeur.",
    ),
    (["produire", "f.yaml", "de", "trop", "-o", "f.docx"], "« de » est en trop."),
    (
        ["documents", "--format", "xml"],
        "Le format « xml » n'existe pas ; écrivez « --format texte » ou « --format json ».",
    ),
    (["documents", "--format", ""], "Le format «  » n'existe pas"),
    (
        ["trame", "proposition", "-o", "f.docx", "--pour", "presta"],
        "Le rôle « presta » n'existe pas. Vouliez-vous dire « prestataire » ?",
    ),
    (
        ["montrer", "proposision"],
        "Le document « proposision » est inconnu. Vouliez-vous dire « proposition » ?",
    ),
    (["schema", "zzz"], "Le document « zzz » est inconnu. Les documents connus sont"),
    (["exigences", "zzz"], "Le document « zzz » est inconnu."),
    (["--", "--"], "La commande « -- » n'existe pas."),
    (["--", "-x"], "La commande « -x » n'existe pas."),
    (
        ["--"],
        "Cette ligne de commande ne se comprend pas. « dla-docs --aide » dit comment l'écrire.",
    ),
]


@pytest.mark.parametrize(
    ("words", "expected"),
    REFUSED,
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_une_ligne_mal_ecrite_est_refusee_en_une_phrase(
    words: list[str], expected: str, dla_docs: Call
) -> None:
    said = dla_docs(*words)
    assert (said.code, said.out) == (2, "")
    assert expected in said.err
    assert said.err.startswith("ERREUR ") and said.err.count("\n") == 1
    assert not english_in(said.err)


@pytest.mark.parametrize(
    ("words", "expected"),
    REFUSED,
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_sur_un_terminal_le_refus_se_plie_sans_couper_les_guillemets(
    words: list[str], expected: str, terminal: Call
) -> None:
    plain = without_colours(terminal(*words).err)
    assert max(map(len, plain.splitlines())) <= 80
    assert not any(
        line.rstrip().endswith("«") or line.lstrip().startswith(("»", ":", ";", "?"))
        for line in plain.splitlines()
    )
    assert " ".join(expected.split()) in " ".join(plain.split())


WORDS = sorted(
    {word for words in every_command() for word in words}
    | {name for words in every_command() for p in command_named(words).params for name in p.opts}
)
ANYTHING = st.one_of(
    st.sampled_from(
        [
            *WORDS,
            "mission",
            "proposition",
            "json",
            "=",
            "--",
            "-",
            "-o",
            "absent.yaml",
            "f.docx",
            "--pdf=1",
            "\ud800",
            "é\x1b[31m",
        ]
    ),
    st.text(string.printable, max_size=6).filter(lambda word: "/" not in word and "\\" not in word),
)


@pytest.mark.lent
@settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(words=st.lists(ANYTHING, max_size=6))
def test_aucune_suite_de_mots_ne_fait_tomber_la_commande(words: list[str], dla_docs: Call) -> None:
    said = dla_docs(*words)
    assert said.code in (0, 1, 2)
    assert "Traceback" not in said.err and "Défaut de dla-docs" not in said.err
    quoted = {piece.casefold() for word in words for piece in word.split()}
    assert not {found for found in english_in(said.err) if found not in quoted}


@pytest.mark.parametrize(
    "words",
    [
        ["vérifier", "absent.yaml"],
        ["MODÈLE", "Vérifier", "absent.docx", "proposition"],
        ["exigences", "--FORMAT", "JSON"],
    ],
)
def test_les_accents_et_les_majuscules_ne_genent_pas(words: list[str], dla_docs: Call) -> None:
    said = dla_docs(*words)
    assert "n'existe pas. Vouliez" not in said.err
    assert said.code == 0 or "absent" in said.err
