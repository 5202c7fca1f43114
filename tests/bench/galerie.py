"""``python -m tests.bench.galerie`` : quatre premières pages de la galerie, côte à côte ; récrit
docs/images/galerie.png.
"""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from dla_docs.gallery import KEPT, Shown, pictured
from tests.bench.chartes import side_by_side

IMAGE = Path(__file__).parents[2] / "docs" / "images" / "galerie.png"
FOUR = (
    Shown("diagnostic_partage", "centre", blank=False),
    Shown("proposition", "national", blank=True),
    Shown("convention_tripartite", "npdc", blank=False),
    Shown("monographie", "national", blank=False),
)
WIDTH = 300


def main() -> None:
    """Fait ce qui manque de la galerie, range les quatre, écrit l'image."""
    drawn = pictured({one: one.made() for one in FOUR}, KEPT)
    pages = [Image.open(io.BytesIO(drawn[one][0])).convert("RGB") for one in FOUR]
    for page in pages:
        page.thumbnail((WIDTH, 2 * WIDTH))
    side_by_side(pages, len(pages)).quantize(64).save(IMAGE, optimize=True)


if __name__ == "__main__":
    main()
