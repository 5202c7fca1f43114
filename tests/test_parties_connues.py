"""Une partie déjà lue n'est pas validée de nouveau : rien de ce qui la distingue n'est oublié."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dla_docs import CahierDesCharges, check, load
from dla_docs.errors import InputError
from dla_docs.model.known_data import LARGEST, wording
from dla_docs.stages.loading import build_document

ALIKE: tuple[tuple[Any, Any], ...] = (
    (Decimal("1.50"), Decimal("1.5")),
    (1, True),
    (1, "1"),
    (None, ""),
    (["a", "b"], ["a", ["b"]]),
    ([["a"], "b"], [["a", "b"]]),
    ({"a": "b"}, ["a", "b"]),
    ({"a": None, "b": "c"}, {"a": {"b": "c"}}),
    ({"a": "1", "b": "2"}, {"b": "2", "a": "1"}),
)


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_two_data_that_could_print_otherwise_are_not_told_alike(one: Any, other: Any) -> None:
    told = wording(one), wording(other)
    assert None not in told and told[0] != told[1]


@pytest.mark.parametrize("data", [{1: "a"}, {"a": object()}, ["a"] * (LARGEST + 1), ("a",)])
def test_what_does_not_say_everything_is_read_each_time(data: Any) -> None:
    assert wording(data) is None


def test_each_document_has_its_own_words() -> None:
    for said, printed in ((Decimal("1.50"), "1,50"), (Decimal("1.5"), "1,5"), (15, "15")):
        made = build_document(None, CahierDesCharges, {"objectifs": {"general": said}})
        assert isinstance(made, CahierDesCharges) and made.objectifs.general == printed


def test_a_part_moved_in_its_file_says_its_new_line(tmp_path: Path) -> None:
    path, said = tmp_path / "cahier.yaml", []
    for above in ("", "# une remarque\n", "\n\n"):
        path.write_text(
            f"{above}document: cahier_des_charges\nobjectifs:\n  general: à compléter\n",
            encoding="utf-8",
        )
        said += [one.ligne for one in check(load(path)) if one.chemin == "objectifs.general"]
    assert said == [3, 4, 5]


def test_a_refusal_is_said_each_time(tmp_path: Path) -> None:
    path = tmp_path / "proposition.yaml"
    said = []
    for above in ("", "", "\n"):
        path.write_text(
            f"{above}document: proposition\nprestataire:\n  contact:\n    courriel: non\n",
            encoding="utf-8",
        )
        with pytest.raises(InputError) as refused:
            load(path)
        said.append([(one.message, one.ligne) for one in refused.value.constats])
    assert said[0] == said[1] and [line + 1 for _, line in said[0] if line] == [
        line for _, line in said[2] if line
    ]
