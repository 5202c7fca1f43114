"""``make mutation`` : le tirage est toujours le même, une faute mise exprès est vue, ce qui survit
est dit dans docs/fiabilite.md avec sa raison.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench import fiabilite, mutation, survivants
from tests.bench.greffe import in_turn, within
from tests.bench.mutants import Mutant, mutants_of, sample
from tests.bench.mutation import PIECES, Essai
from tests.bench.resultats import known
from tests.bench.survivants import explained, page, told
from tests.docs.pages import ROOT

CODE = """\
def least(values: list[int] | None) -> int:
    found = 0
    for one in values or []:
        if one < found:
            found = one
    while found < -9:
        found = found + 1
    return found
"""
TESTS = """\
from planted.code import least

def test_least() -> None:
    assert least([3, -2]) == -2

def test_deep() -> None:
    assert least([-20]) == -9
"""


def planted(line: int, words: str, kind: str = "core/AddNot", column: int = 4) -> Mutant:
    return Mutant("planted/code.py", ((line, column), (line, column + 3)), kind, 0, words)


def lines_of(code: str) -> list[Mutant]:
    return [
        planted(number, words.strip(), kind, column)
        for number, words in enumerate(code.splitlines(), start=1)
        for column in (4, 9)
        for kind in ("core/AddNot", "core/ReplaceComparisonOperator_Lt_LtE")
    ]


def test_a_sample_is_always_the_same_and_takes_one_mutant_a_place() -> None:
    mutants = lines_of(CODE)
    drawn = sample(mutants, 1, 6)
    assert drawn == sample(mutants[::-1], 1, 6)
    assert drawn != sample(mutants, 2, 6)
    assert set(drawn) < set(sample(mutants, 1, 7))
    assert len({one.span for one in drawn}) == len(drawn) == 6


def test_a_sample_stays_when_lines_move() -> None:
    moved = sample(lines_of(f'"""Une ligne de plus."""\n{CODE}'), 1, 6)
    kept = {(one.words, one.kind) for one in sample(lines_of(CODE), 1, 6)}
    assert len(kept & {(one.words, one.kind) for one in moved}) >= 5


@pytest.mark.lent
@pytest.mark.skipif(not hasattr(os, "fork"), reason="les mutants naissent d'un « fork ».")
def test_a_planted_fault_is_seen_and_what_changes_nothing_survives(tmp_path: Path) -> None:
    tree = tmp_path / "depot"
    (tree / "planted").mkdir(parents=True)
    (tree / "planted" / "code.py").write_text(CODE, encoding="utf-8")
    (tree / "planted" / "test_code.py").write_text(TESTS, encoding="utf-8")
    (tree / "pyproject.toml").write_text('[tool.pytest.ini_options]\nmarkers = ["lent: long"]\n')
    changes = {
        "vu": (4, "one < found", "one > found"),
        "sans effet": (4, "one < found", "one <= found"),
        "sans fin": (7, "found + 1", "found - 0"),
    }
    job = {
        "mutants": {
            name: {"module": "planted/code.py", "line": line, "source": CODE.replace(old, new)}
            for name, (line, old, new) in changes.items()
        },
        "modules": ["planted/code.py"],
        "essais": ["planted/test_code.py"],
        "resultats": str(tmp_path / "resultats.jsonl"),
        "passages": str(tmp_path / "passages.jsonl"),
        "brouillon": str(tmp_path / "brouillon"),
        "least": 1,
    }
    (tmp_path / "travail.json").write_text(json.dumps(job), encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "tests.bench.greffe", str(tmp_path / "travail.json")],
        cwd=tree,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
    )
    found = known(tmp_path / "resultats.jsonl")
    assert {name: said["sort"] for name, said in found.items()} == {
        "vu": "tué",
        "sans effet": "survivant",
        "sans fin": "trop long",
    }
    assert found["vu"]["essai"].startswith("planted/test_code.py::")
    assert (tree / "planted" / "code.py").read_text(encoding="utf-8") == CODE


def test_un_cas_de_chaque_essai_passe_avant_le_deuxieme_d_aucun() -> None:
    """Et un essai trop long pour ce qui reste de temps n'en prive pas les suivants."""
    costs = {"a::cas[1]": 1.0, "a::cas[2]": 1.0, "a::cas[3]": 1.0, "b::long": 9.0, "b::seul": 2.0}
    ranked = in_turn(costs, costs)
    assert ranked == ["a::cas[1]", "b::seul", "b::long", "a::cas[2]", "a::cas[3]"]
    assert within(5, ranked, costs) == ["a::cas[1]", "b::seul", "a::cas[2]", "a::cas[3]"]


def test_the_page_says_each_score_and_each_survivor_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mutation, "PLACE", tmp_path)
    monkeypatch.setattr(survivants, "EXPLIQUES", tmp_path / "survivants.yaml")
    mutants = {str(line): planted(line, f"ligne {line}") for line in range(4)}
    sorts = dict(zip(mutants, ("tué", "survivant", "sans essai", "trop long"), strict=True))
    rows = [json.dumps([name, {"sort": sort}]) for name, sort in sorts.items()]
    (tmp_path / "verdict.jsonl").write_text("\n".join(rows), encoding="utf-8")
    (tmp_path / "survivants.yaml").write_text(
        f"Le changement ne change rien ici:\n- {json.dumps(told(mutants['1']))}\n", encoding="utf-8"
    )
    essai = Essai("verdict", mutants, 9)
    said = page([essai], 1, 4)
    assert "| Verdict | 9 | 4 | 2 | 2 | 1 | 50,0 % | 66,7 % |" in said
    assert "| Toutes | 18 | 8 | 4 | 4 | 2 | 50,0 % | 66,7 % |" in page([essai, essai], 1, 4)
    reasoned, _, unexplained = said.partition("Survivants que rien n’explique encore :")
    assert "Le changement ne change rien ici :\n\n- `planted/code.py, AddNot : ligne 1`" in reasoned
    assert "- `planted/code.py, AddNot : ligne 2`" in unexplained
    monkeypatch.setattr(fiabilite, "PAGE", tmp_path / "page.md")
    fiabilite.PAGE.write_text("# Fiabilité\n", encoding="utf-8")
    fiabilite.write_part("mutation", said)
    assert fiabilite.part("mutation").startswith("## Des fautes mises exprès")


def test_each_room_has_its_modules_and_its_tests() -> None:
    for piece in PIECES.values():
        assert piece.files() and piece.tests()
    assert all(explained().values())


def test_only_what_runs_in_a_function_is_changed(tmp_path: Path) -> None:
    pytest.importorskip("cosmic_ray", reason="« make mutation » l'installe.")
    (tmp_path / "code.py").write_text(f"MOST = 3 < 4\n{CODE}", encoding="utf-8")
    mutants = list(mutants_of(tmp_path, "code.py"))
    assert {one.span[0][0] for one in mutants} == {3, 4, 5, 7, 8}
    swapped = next(one for one in mutants if one.kind == "ComparisonOperator_Lt_LtE")
    assert "if one <= found:" in swapped.source(tmp_path)
