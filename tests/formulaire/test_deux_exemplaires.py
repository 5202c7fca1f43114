"""Deux exemplaires d'un même envoi : ce que tous deux disent est pris une fois, ce que l'un dit
autrement que l'autre est montré, jamais pris des deux sans un mot.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from dla_docs import trame
from dla_docs.cli.application import run
from dla_docs.model.requirement import Role
from dla_docs.stages.loading import load_mission
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
RENOMME = {"intitule": "Un plan d'action", "modalites": "En réunion"}
AUTRE = {"intitule": "Une note"}
CAS: dict[str, tuple[Rows, Rows, list[str], tuple[str, ...]]] = {
    "la même": ({1: PLAN}, {1: PLAN}, ["Un plan"], ()),
    "la même, plus bas": ({1: PLAN}, {2: PLAN}, ["Un plan"], ()),
    "complétée": ({1: {"intitule": "Un plan"}}, {1: PLAN}, ["Un plan"], ()),
    "une de plus": ({1: PLAN}, {1: PLAN, 2: AUTRE}, ["Un plan", "Une note"], ()),
    "son nom corrigé": ({1: PLAN}, {1: RENOMME}, ["Un plan", "Un plan d'action"],
        ("« Un plan | En réunion »", "« Un plan d'action | En réunion »")),
    "au bas de la page": ({3: PLAN}, {3: RENOMME}, ["Un plan", "Un plan d'action"],
        ("« Un plan | En réunion »", "« Un plan d'action | En réunion »")),
    "deux personnes": ({1: PLAN}, {1: AUTRE}, ["Un plan", "Une note"],
        ("« Un plan | En réunion »", "« Une note »")),
    "à deux rangs": ({1: PLAN, 2: AUTRE}, {1: RENOMME, 2: AUTRE},
        ["Un plan", "Une note", "Un plan d'action"],
        ("« Un plan | En réunion »", "« Un plan d'action | En réunion »")),
    "qui n'ont rien de commun": ({1: {"intitule": "Un plan"}}, {1: {"modalites": "Par courrier"}},
        ["Un plan", ""], ("« Un plan »", "« Par courrier »")),
}  # fmt: skip


def copies(path: Path, *said: Rows) -> list[Path]:
    """Des exemplaires d'une proposition partie de cette mission, chacun rempli à sa façon."""
    sent = trame("proposition", load_mission(path), Role.PRESTATAIRE)
    forms = [path.with_name(f"{name}.docx") for name, _ in zip("abc", said, strict=False)]
    for form, rows in zip(forms, said, strict=True):
        typed = {
            f"productions[{rank}].{name}": text
            for rank, row in rows.items()
            for name, text in row.items()
        }
        form.write_bytes(fill(sent, typed))
    return forms


def titles(path: Path) -> list[str]:
    """Les lignes que la mission tient de plus, dans l'ordre."""
    [document] = load_mission(path).documents["proposition"]
    rows = document.productions  # type: ignore[attr-defined]  # the kind is known
    return [(row.intitule or "").replace("’", "'") for row in rows if row.intitule != "Un livret"]


@pytest.fixture(params=[UNE, ""], ids=["une ligne partie", "aucune"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "mission.yaml"
    held = f"    productions:{request.param}\n" if request.param else ""
    path.write_text(f"{TETE}  proposition:\n    prestataire: alpha\n{held}", encoding="utf-8")
    return path


def read_back(how: str, path: Path, forms: list[Path]) -> None:
    """Les commandes qui les prennent."""
    if how == "retours":
        folder = path.parent / "revenus"
        folder.mkdir(exist_ok=True)
        for form in forms:
            (folder / form.name).write_bytes(form.read_bytes())
        run(["retours", str(folder), "--dans", str(path.parent)])
        return
    given = [[form] for form in forms] if how == "lire" else [forms]
    for files in given:
        run([how, *map(str, files), "--dans", str(path)])


@pytest.mark.parametrize("how", ["lire", "retours", "reunir"])
@pytest.mark.parametrize("name", CAS)
def test_ce_qui_differe_est_montre_et_le_reste_pris_une_fois(
    name: str, how: str, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other, expected, told = CAS[name]
    forms = copies(path, one, other)
    capsys.readouterr()
    read_back(how, path, forms)
    out, err = capsys.readouterr()
    said = err.replace("\N{NO-BREAK SPACE}", " ").replace("’", "'")
    assert sorted(titles(path)) == sorted(expected)
    assert [text in said for text in told] == [True] * len(told)
    warned = [one for one in said.splitlines() if one.startswith("AVERTISSEMENT")]
    assert any("si l'une corrige l'autre" in one for one in warned) is bool(told)
    assert how != "retours" or ("à regarder" in out) is bool(told)
    held = path.read_bytes()
    read_back(how, path, forms)
    assert path.read_bytes() == held
