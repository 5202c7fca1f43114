"""Chaque ligne que l'aide donne en exemple a été tapée : toutes se suivent dans un même dossier."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import pytest

from dla_docs.cli.help import examples
from dla_docs.writing_back.undo import write_kept
from tests.cli.commandes import command_named, every_command
from tests.cli.conftest import Call


def test_chaque_commande_a_son_exemple() -> None:
    without = [
        words
        for words in every_command()
        if not examples(command_named(words)) and words not in {("modele",), ("portefeuille",)}
    ]
    assert without == []


@pytest.mark.lent
def test_les_exemples_de_l_aide_marchent_tels_quels(dla_docs: Call) -> None:
    assert dla_docs("exemple", "cahier_des_charges", "-o", ".").code == 0
    lines = [line for words in every_command() for line in examples(command_named(words))]
    for line in sorted(
        lines, key=lambda line: ("modele nouveau" not in line, "exemple" not in line)
    ):
        words = shlex.split(line)[1:]
        if words[0] == "retours":  # what came back by mail
            Path("revenus").mkdir()
            shutil.copy("suivi.docx", "revenus")
        if words[0] == "annuler":  # something was written
            mission = Path(words[1])
            write_kept(mission, {mission: mission.read_bytes() + b"# relu\n"})
        said = dla_docs(*words)
        # A form that nobody has filled yet comes back with what it lacks.
        assert said.code == (1 if line.startswith("dla-docs lire cahier_a_remplir") else 0), (
            f"{line}\n{said.err}"
        )
        if "-o" in words:
            assert Path(words[words.index("-o") + 1]).exists()
