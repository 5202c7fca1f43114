"""Deux exemplaires d'un même envoi : ce que tous deux disent est pris une fois, ce que l'un dit
autrement que l'autre est montré, jamais pris des deux sans un mot.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from dla_docs import trame
from dla_docs.cli.application import run
from dla_docs.forms import Lecture
from dla_docs.model.requirement import Role
from dla_docs.returns import reunir_par_fiche
from dla_docs.returns.bringing_back import put_in, take_in
from dla_docs.stages.loading import load_mission
from dla_docs.writing_back.writing import base_in
from tests.word_forms import fill

TETE = """document: mission
nature: individuelle
reference: A-1
structures: [{nom: Calque}]
mise_en_concurrence:
  sollicites: [{cle: alpha, prestataire: {nom: Cabinet Pochoir}}]
  retenu: alpha
documents:
"""
UNE = "\n      - {intitule: Un livret}"
Rows = Mapping[int, Mapping[str, str]]  # by rank on the form, what each field says
PLAN = {"intitule": "Un plan", "modalites": "En réunion"}
CORRIGE = {"intitule": "Un plan", "modalites": "Par courrier"}
RENOMME = {"intitule": "Un plan complet", "modalites": "En réunion"}
AUTRE = {"intitule": "Une note"}
SEULE = {"modalites": "Par courrier"}
MEME: dict[str, tuple[Rows, Rows, list[str]]] = {  # two copies, the rows that the mission takes
    "la même": ({1: PLAN}, {1: PLAN}, ["Un plan"]),
    "la même, plus bas": ({1: PLAN}, {2: PLAN}, ["Un plan"]),
    "complétée": ({1: {"intitule": "Un plan"}}, {1: PLAN}, ["Un plan"]),
    "une de plus": ({1: PLAN}, {1: PLAN, 2: AUTRE}, ["Un plan", "Une note"]),
}
AUTREMENT: dict[str, tuple[Rows, Rows, tuple[str, str]]] = {  # and what is told of both
    "corrigée": ({1: PLAN}, {1: CORRIGE}, ("En réunion", "Par courrier")),
    "au nom corrigé": ({1: PLAN}, {1: RENOMME}, ("Un plan", "Un plan complet")),
    "plus bas": ({1: PLAN, 2: AUTRE}, {1: AUTRE, 2: RENOMME}, ("Un plan", "Un plan complet")),
    "deux personnes": ({1: PLAN}, {1: AUTRE}, ("Un plan", "Une note")),
    "rien de commun": ({1: {"intitule": "Un plan"}}, {1: SEULE}, ("Un plan", "Par courrier")),
}


@cache
def sent(text: str) -> bytes:
    """Le formulaire d'une proposition parti de la mission que dit ce texte."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "mission.yaml"
        path.write_text(text, encoding="utf-8")
        return trame("proposition", load_mission(path), Role.PRESTATAIRE)


def copies(path: Path, *said: Rows) -> list[Path]:
    """Des exemplaires de ce formulaire, chacun rempli à sa façon."""
    docx = sent(path.read_text(encoding="utf-8"))
    forms = [path.with_name(f"{name}.docx") for name in "ab"]
    for form, rows in zip(forms, said, strict=True):
        typed = {
            f"productions[{rank}].{name}": text
            for rank, row in rows.items()
            for name, text in row.items()
        }
        form.write_bytes(fill(docx, typed))
    return forms


def titles(path: Path) -> list[str]:
    """Les lignes que la mission tient de plus."""
    [document] = load_mission(path).documents["proposition"]
    rows = document.productions  # type: ignore[attr-defined]  # the kind is known
    return sorted(row.intitule for row in rows if row.intitule not in (None, "Un livret"))


def mission(tmp_path: Path, held: str) -> Path:
    """Une mission dont la proposition part avec cette ligne, ou sans."""
    path = tmp_path / "mission.yaml"
    held = f"    productions:{held}\n" if held else ""
    path.write_text(f"{TETE}  proposition:\n    prestataire: alpha\n{held}", encoding="utf-8")
    return path


def taken(path: Path, forms: list[Path], together: bool) -> list[str]:
    """Ce qui est dit de ces formulaires, pris ensemble ou l'un après l'autre, hors de ce qui ne
    demande pas qu'on regarde.
    """
    if together:
        [found] = [put_in(one, path) for one in reunir_par_fiche(forms, base_in(path))]
        lectures: list[Lecture] = [found]
    else:
        lectures = [take_in(form, path)[0] for form in forms]
    said = (str(constat) for one in lectures for constat in (*one.refus, *one.laisses))
    return [one.replace("\N{NO-BREAK SPACE}", " ") for one in said]


BOTH = pytest.mark.parametrize("together", [False, True], ids=["l'un après l'autre", "ensemble"])


@BOTH
@pytest.mark.parametrize("name", MEME)
def test_ce_que_les_deux_disent_est_pris_une_fois(
    name: str, together: bool, tmp_path: Path
) -> None:
    one, other, expected = MEME[name]
    path = mission(tmp_path, UNE)
    forms = copies(path, one, other)
    assert taken(path, forms, together) == []
    assert titles(path) == expected


@BOTH
@pytest.mark.parametrize(
    ("name", "held"), [*((name, UNE) for name in AUTREMENT), ("deux personnes", "")]
)
def test_ce_qui_differe_est_montre(name: str, held: str, together: bool, tmp_path: Path) -> None:
    """Et rien n'est pris de plus quand on les redonne."""
    one, other, words = AUTREMENT[name]
    path = mission(tmp_path, held)
    forms = copies(path, one, other)
    said = " ".join(taken(path, forms, together))
    ways = ("« %s »", "« %s | ", " | %s »")
    assert all(any(way % word in said for way in ways) for word in words)
    after = path.read_bytes()
    taken(path, forms, together)
    assert path.read_bytes() == after


def test_un_dossier_de_retours_le_met_a_regarder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, folder = mission(tmp_path, ""), tmp_path / "revenus"
    folder.mkdir()
    for form in copies(path, {2: PLAN}, {2: AUTRE}):
        form.rename(folder / form.name)
    assert run(["retours", str(folder), "--dans", str(path.parent)]) == 1
    out, err = capsys.readouterr()
    assert out.count("à regarder") == 1 and "si l'une corrige l'autre" in err.replace("’", "'")
    assert titles(path) == ["Un plan", "Une note"]
