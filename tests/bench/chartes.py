"""``python -m tests.bench.chartes`` : le même dossier sous trois chartes, côte à côte ; récrit
docs/images/chartes.png.
"""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from dla_docs import render
from dla_docs.pdf import convert_many, picture
from tests.test_charte import CHARTES, sample

SHOWN = Path(__file__).parents[2] / "docs" / "images" / "chartes.png"
KINDS = ("rapport_final", "cahier_des_charges", "convention_tripartite")  # one row each
DPI, BETWEEN = 45, 12
PAPER = "#D5DCE1"


def first_pages() -> list[Image.Image]:
    """La première page de chaque sorte sous chaque charte, une sorte après l'autre."""
    asked = {
        f"{slug} {named}": render(sample(slug, charte), brouillon=True)
        for slug in KINDS
        for named, charte in CHARTES.items()
    }
    pages = []
    for name, pdf in convert_many(asked.items()):
        assert isinstance(pdf, bytes), (name, pdf)
        pages.append(Image.open(io.BytesIO(picture(pdf, dpi=DPI))).convert("RGB"))
    return pages


def side_by_side(pages: list[Image.Image], across: int) -> Image.Image:
    """Les pages en rangées de ``across``, sur un fond qui en montre le bord."""
    width, height = (max(side) for side in zip(*(page.size for page in pages), strict=True))
    rows = -(-len(pages) // across)
    size = (BETWEEN + across * (width + BETWEEN), BETWEEN + rows * (height + BETWEEN))
    sheet = Image.new("RGB", size, PAPER)
    for rank, page in enumerate(pages):
        row, column = divmod(rank, across)
        sheet.paste(
            page, (BETWEEN + column * (width + BETWEEN), BETWEEN + row * (height + BETWEEN))
        )
    return sheet


def main() -> None:
    """Fait les pages, les range, écrit l'image."""
    sheet = side_by_side(first_pages(), len(CHARTES))
    few = sheet.quantize(method=Image.Quantize.MAXCOVERAGE)  # each charte keeps its own colours
    few.save(SHOWN, optimize=True)


if __name__ == "__main__":
    main()
