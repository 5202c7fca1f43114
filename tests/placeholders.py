"""``python -m tests.placeholders [DOSSIER]`` : dessine les emplacements de logos livrés avec les
profils.

Les vrais logos sont les marques d'autrui ; l'opérateur met les siens à leur place. Demande Pillow
et la police Carlito.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # Pillow is no dependency of the project
    from PIL.ImageDraw import ImageDraw

NAMES = {
    "dla": "DLA",
    "operateur": "Opérateur\ndu DLA",
    "ddtefp": "DDTEFP",
    "caisse_des_depots": "Caisse\ndes Dépôts",
    "conseil_regional": "Conseil\nRégional",
    "conseil_general": "Conseil\nGénéral",
}
SIZE = (440, 240)
INK, RULE, PAPER = "#1D3A57", "#9DB2BF", "#F5F8FA"
DASH, EDGE = 14, 5


def main(target: Path) -> None:
    """Écrit un PNG par emplacement."""
    target.mkdir(parents=True, exist_ok=True)
    for name, title in NAMES.items():
        draw_placeholder(title, target / f"{name}.png")


def draw_placeholder(title: str, path: Path) -> None:
    """Un cadre neutre qui dit de qui le logo est attendu."""
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(picture)
    _frame(pen)
    width, height = SIZE
    pen.text(
        (width / 2, 46),
        "Emplacement du logo",
        INK,
        ImageFont.truetype("Carlito-Regular.ttf", 34),
        anchor="mm",
    )
    pen.multiline_text(
        (width / 2, height / 2 + 22),
        title,
        INK,
        ImageFont.truetype("Carlito-Bold.ttf", 52),
        anchor="mm",
        align="center",
        spacing=14,
    )
    picture.quantize(16).save(path, optimize=True)


def _frame(pen: ImageDraw) -> None:
    width, height = SIZE
    for start in range(0, width, 2 * DASH):
        for top in (0, height - EDGE):
            pen.rectangle((start, top, start + DASH, top + EDGE), RULE)
    for start in range(0, height, 2 * DASH):
        for left in (0, width - EDGE):
            pen.rectangle((left, start, left + EDGE, start + DASH), RULE)


if __name__ == "__main__":
    main(
        Path(sys.argv[1])
        if len(sys.argv) > 1
        else Path(__file__).parent.parent / "dla_docs" / "profils" / "logos"
    )
