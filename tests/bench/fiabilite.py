"""La page docs/fiabilite.md : une part par tableau, que chacun récrit sans toucher aux autres."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "fiabilite.md"


def part(name: str) -> str:
    """Ce que la page dit sous ce nom."""
    found = _marked(name).search(PAGE.read_text(encoding="utf-8"))
    assert found is not None, f"la page n'a pas de part « {name} »"
    return found[1]


def write_part(name: str, said: str) -> None:
    """Récrit cette part de la page, ou l'ajoute à la fin ; le reste n'y change pas."""
    page, written = PAGE.read_text(encoding="utf-8"), _between(name, said.strip("\n"))
    marked = _marked(name)
    if marked.search(page):
        page = marked.sub(lambda _: written, page)
    else:
        page = f"{page.rstrip()}\n\n{written}\n"
    PAGE.write_text(page, encoding="utf-8")


def table_of(name: str) -> list[list[str]]:
    """Les lignes du tableau de cette part, son en-tête ôté."""
    rows = [line for line in part(name).splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


def _between(name: str, said: str) -> str:
    return f"<!-- {name} : écrit par « python -m tests.bench.{name} » -->\n\n{said}\n\n<!-- fin -->"


def _marked(name: str) -> re.Pattern[str]:
    opening = re.escape(_between(name, "").partition("\n")[0])
    return re.compile(rf"{opening}\n\n(.*?)\n\n<!-- fin -->", re.DOTALL)
