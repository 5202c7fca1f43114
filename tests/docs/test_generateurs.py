"""Ce qu'écrivent les commandes « python -m dla_docs… » d'un mainteneur : les pages du dépôt."""

from __future__ import annotations

import re
import runpy
import sys
from html import unescape
from pathlib import Path

import pytest

from dla_docs.cli.moving_picture import SESSION
from dla_docs.stages import evidence

ROOT = Path(__file__).parents[2]
WRITTEN = {
    "cli/manual.py": "commandes.md",
    "cli/moving_picture.py": "images/terminal.svg",
    "manual/api.py": "api.md",
    "manual/pages.py": "documents",
    "manual/catalogue.py": "exigences",
}


@pytest.mark.lent
@pytest.mark.parametrize(("module", "target"), WRITTEN.items())
def test_la_commande_ecrit_les_pages_du_depot(
    module: str, target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, known = tmp_path / target, ROOT / "docs" / target
    made.parent.mkdir(exist_ok=True)
    monkeypatch.setattr(sys, "argv", ["python -m", str(made)])
    monkeypatch.setattr(evidence, "__file__", str(tmp_path / "evidence.py"))  # beside it, schemas
    runpy.run_path(str(ROOT / "dla_docs" / module), run_name="__main__")
    pages = [made] if made.is_file() else sorted(made.iterdir())
    assert pages
    for page in pages:
        beside = known if made.is_file() else known / page.name
        assert page.read_text(encoding="utf-8") == beside.read_text(encoding="utf-8"), page.name


def test_le_terminal_du_readme_se_lit_sans_mouvement_et_ne_demande_rien_au_dehors() -> None:
    drawn = (ROOT / "docs" / "images" / "terminal.svg").read_text(encoding="utf-8")
    said = unescape("\n".join(re.findall(r"<text style[^>]*>([^<]*)</text>", drawn)))
    said = said.replace("\xa0", " ")
    for typed in SESSION:
        assert typed in said
    assert all(
        word in said for word in ("BLOQUANT", "CDC-16", "Non conforme : 1 bloquant.", "Conforme.")
    )
    assert "prefers-reduced-motion: reduce" in drawn
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)|@import|url\((?!#)", drawn) == []
    starts = [float(one) for one in re.findall(r" ([\d.]+)s backwards", drawn)]
    assert starts and max(starts) < 5
