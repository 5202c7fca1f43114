"""Les pages de la documentation, vues par les essais : leurs blocs, dans l'ordre où on les lit."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

FENCE = re.compile(
    r"^```(?P<langue>\w*)(?P<infos>[^\n]*)\n(?P<texte>.*?)^```$", re.MULTILINE | re.DOTALL
)
GESTE = re.compile(
    r"^<!-- (?P<langue>remplir|repondre) (?P<texte>.*?) -->$", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class Bloc:
    """Un bloc d'une page : sa langue, ce que dit la ligne qui l'ouvre, son texte, sa ligne dans la
    page.
    """

    langue: str
    infos: dict[str, str]
    texte: str
    ligne: int

    def commands(self) -> Iterator[tuple[str, list[str]]]:
        """Les commandes d'un bloc ``console``, chacune avec ce que la page dit qu'elle écrit."""
        for said in re.split(r"^\$ ", self.texte, flags=re.MULTILINE)[1:]:
            command, _, output = said.partition("\n")
            yield command, output.splitlines()


def pages() -> list[Path]:
    """README.md et toutes les pages de docs/, sauf celles qui sont écrites par programme."""
    written = {"documents", "exigences"}
    return [
        ROOT / "README.md",
        *sorted(path for path in (ROOT / "docs").rglob("*.md") if path.parent.name not in written),
    ]


def blocs(page: Path) -> list[Bloc]:
    """Les blocs d'une page, et les gestes qu'elle demande à la main (``<!-- remplir … -->``,
    ``<!-- repondre … -->``)."""
    text = page.read_text(encoding="utf-8")
    found = sorted([*FENCE.finditer(text), *GESTE.finditer(text)], key=re.Match.start)
    return [
        Bloc(
            one["langue"],
            _infos(one.groupdict().get("infos") or ""),
            one["texte"],
            text.count("\n", 0, one.start()) + 1,
        )
        for one in found
    ]


def _infos(text: str) -> dict[str, str]:
    return dict(word.split("=", 1) for word in shlex.split(text) if "=" in word)
