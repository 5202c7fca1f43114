"""Ce qu'écrivent les commandes « python -m dla_docs… » d'un mainteneur : les pages du dépôt."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

from dla_docs.stages import evidence

ROOT = Path(__file__).parents[2]
WRITTEN = {
    "cli/manual.py": "commandes.md",
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
    monkeypatch.setattr(sys, "argv", ["python -m", str(made)])
    monkeypatch.setattr(evidence, "__file__", str(tmp_path / "evidence.py"))  # beside it, schemas
    runpy.run_path(str(ROOT / "dla_docs" / module), run_name="__main__")
    pages = [made] if made.is_file() else sorted(made.iterdir())
    assert pages
    for page in pages:
        beside = known if made.is_file() else known / page.name
        assert page.read_text(encoding="utf-8") == beside.read_text(encoding="utf-8"), page.name
