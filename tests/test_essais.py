"""``make test`` et ``make test-complet`` se partagent les essais : aucun n'est oublié."""

from __future__ import annotations

import re
import shlex
from itertools import product
from pathlib import Path

import pytest

from tests import apart, one_in

ROOT = Path(__file__).parent.parent
MARKS = ("lent", "hypothesis")


def selections() -> dict[str, str]:
    """Ce que chaque cible du Makefile choisit de passer : ``{"test": "not lent", …}``."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return {
        target: shlex.split(options)[1]
        for target, options in re.findall(
            r"^(test[-\w]*):.*\n(?:\t.*\n)*?\t\$\(PYTEST\) (-m .*)$", makefile, flags=re.MULTILINE
        )
    }


def test_each_test_is_in_one_half_or_the_other() -> None:
    assert set(selections()) == {"test", "test-complet"}
    for marked in product((False, True), repeat=len(MARKS)):
        marks = dict(zip(MARKS, marked, strict=True))
        # The words of pytest's « -m » are those of Python.
        assert any(eval(words, {}, marks) for words in selections().values()), marks


def test_nothing_else_leaves_a_test_aside() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    lines = [line for line in makefile.splitlines() if "pytest " in line or "$(PYTEST)" in line]
    words = {word for line in lines for word in line.split()}
    assert not {
        word for word in words if word.startswith(("-k", "--ignore", "--deselect", "tests"))
    }


def test_the_continuous_integration_runs_both_halves() -> None:
    run = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert re.findall(r"^(?:exec )?make (\S+)", run, flags=re.MULTILINE) == [
        "test",
        "docs",
        "test-complet",
    ]


def test_hypothesis_goes_further_in_the_long_half() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.findall(r"--hypothesis-profile=(\w+)", makefile) == ["court", "complet"]
    assert "hypothesis" in selections()["test-complet"]


def test_one_case_in_so_many_is_short() -> None:
    params = one_in(3, [(rank,) for rank in range(7)])
    assert [param.values for param in params] == [(rank,) for rank in range(7)]
    assert [param.values for param in params if param.marks == ()] == [(0,), (3,), (6,)]
    assert {mark.name for param in params for mark in param.marks} == {pytest.mark.lent.name}


@pytest.mark.parametrize("many", [1, 2, 3, 7, 64, 65])
def test_each_name_is_once_without_each_other(many: int) -> None:
    names = [f"champ {rank}" for rank in range(many)]
    groups = apart(names)
    assert {name for group in groups for name in group} == set(names)
    for one, other in product(names, names):
        assert one == other or any(one in group and other not in group for group in groups)
