"""Une cellule forgée de mille contrôles ne fait pas tomber la lecture."""

from __future__ import annotations

from dla_docs.forms.alignment import extracted
from dla_docs.word.page import Control


def cell_of(count: int) -> tuple[Control | str, ...]:
    return tuple(
        piece for rank in range(count) for piece in (f"m{rank} ", Control(f"champ{rank}", ""))
    )


def test_mille_controles_dans_une_cellule_ne_se_cherchent_pas() -> None:
    said = " ".join(f"m{rank} a{rank}" for rank in range(990))
    assert extracted(cell_of(990), said) is None
    said = " ".join(f"m{rank} a{rank}" for rank in range(20))
    assert extracted(cell_of(20), said) == [f"a{rank}" for rank in range(20)]
