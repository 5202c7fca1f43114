"""Une cellule forgée de mille contrôles ne fait pas tomber la lecture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dla_docs import read, trame
from dla_docs.errors import InputError
from dla_docs.forms import finder
from dla_docs.forms.alignment import extracted
from dla_docs.word.page import Control, PageLine


def cell_of(count: int) -> tuple[Control | str, ...]:
    return tuple(
        piece for rank in range(count) for piece in (f"m{rank} ", Control(f"champ{rank}", ""))
    )


def test_mille_controles_dans_une_cellule_ne_se_cherchent_pas() -> None:
    said = " ".join(f"m{rank} a{rank}" for rank in range(990))
    assert extracted(cell_of(990), said) is None
    said = " ".join(f"m{rank} a{rank}" for rank in range(20))
    assert extracted(cell_of(20), said) == [f"a{rank}" for rank in range(20)]


def page_of(rows: int) -> list[PageLine]:
    """A table of one row that left, then as many that were typed under it."""
    typed = [PageLine((("a",), (str(rank),))) for rank in range(rows)]
    return [PageLine(((Control("r[0].a", "x"),), (Control("r[0].b", "y"),))), *typed]


def test_des_lignes_ajoutees_ne_se_comptent_pas_deux_a_deux(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried: list[int] = []

    class Taken(dict[tuple[str, int], set[str]]):
        def get(self, key: Any, default: Any = None) -> Any:
            tried.append(1)
            return super().get(key, default)

    made = finder._Numbers.__init__

    def counting(self: Any, *given: Any) -> None:
        made(self, *given)
        self.taken = Taken()

    monkeypatch.setattr(finder._Numbers, "__init__", counting)
    found = finder.located(page_of(0), page_of(300), lambda control, text: True)
    assert {one.tag: one.text for one in found.controls}["r[300].b"] == "299"
    assert len(tried) < 1_000  # it was 45 000


def test_une_page_comme_nul_document_n_en_a_est_refusee(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (path := tmp_path / "forge.docx").write_bytes(trame("fiche_prestataire"))
    monkeypatch.setattr("dla_docs.word.bounds.MOST_CONTROLS", 5)
    with pytest.raises(
        InputError, match=r"forge\.docx : Cette page tient plus de lignes, ou de ch"
    ):
        read(path)
    monkeypatch.setattr("dla_docs.word.bounds.MOST_TAGS", 50)
    with pytest.raises(InputError, match=r"forge\.docx : Cette page est plus longue qu'aucun"):
        read(path)
