"""``python -m dla_docs.gallery [PAGES]`` : met dans les pages du site (``make docs``) chaque
document d'exemple et son formulaire vierge, en image sous trois profils, et à télécharger.

Une image est gardée d'une fois à l'autre, au nom de ce qu'elle montre : ne se refait que ce qui a
changé. Sans LibreOffice, les fichiers Word seuls y sont.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from dla_docs.constat import Constat
from dla_docs.errors import ConversionError, InputError
from dla_docs.forms.blank_form import trame
from dla_docs.manual.pages import table
from dla_docs.pdf import convert_many, find_office, picture
from dla_docs.pdf.pages import page_texts
from dla_docs.registry import DOCUMENTS
from dla_docs.resources import sample_path
from dla_docs.stages.loading import load
from dla_docs.stages.rendering import render

PROFILS = ("national", "centre", "npdc")
SHELF, KEPT = "galerie", Path("build/galerie")
DPI, COLOURS = 60, 64
ATTRIBUTES = "{ .page loading=lazy }"


@dataclass(frozen=True)
class Shown:
    """Un document d'exemple, ou un formulaire vierge, sous un profil."""

    slug: str
    profil: str
    blank: bool

    @property
    def name(self) -> str:
        """Le début du nom de ses fichiers."""
        return f"{self.slug}-{self.profil}{'-formulaire' if self.blank else ''}"

    @property
    def whole(self) -> bool:
        """Vrai de ce qui se montre page après page, et non par sa première page seule."""
        return not self.blank and self.profil == PROFILS[0]

    @property
    def said(self) -> str:
        """Ce que c'est, pour qui n'en voit pas l'image."""
        head = "Formulaire vierge" if self.blank else "Exemple"
        return f"{head}, {DOCUMENTS[self.slug].titre}, profil {self.profil}"

    def made(self) -> bytes:
        """Le fichier Word."""
        if self.blank:
            return trame(self.slug, profil=self.profil)
        return render(load(sample_path(self.slug)), self.profil)


ALL = tuple(
    Shown(slug, profil, blank)
    for slug in DOCUMENTS
    for blank in (False, True)
    for profil in PROFILS
)


def main(pages: Path, kept: Path = KEPT) -> None:
    """Écrit les fichiers de la galerie à côté des pages, et ce qui les montre à leur suite ;
    ``InputError``, avant les longues minutes des images, quand il n'y a pas de pages.
    """
    if not (pages / f"{SHELF}.md").is_file():
        raise InputError(
            Constat(
                "Ce dossier ne tient pas les pages du site, que la galerie illustre.",
                fichier=str(pages),
                conseil="« make docs » les écrit d'abord.",
            )
        )
    shelf = pages / SHELF
    shelf.mkdir(parents=True, exist_ok=True)
    made = {one: one.made() for one in ALL}
    for one, octets in made.items():
        (shelf / f"{one.name}.docx").write_bytes(octets)
    counts = {one: _put(shelf, one, images) for one, images in pictured(made, kept).items()}
    for slug in DOCUMENTS:
        _add(pages / "documents" / f"{slug}.md", in_pictures(slug, counts))
        _add(pages / f"{SHELF}.md", _side_by_side(slug, counts))


def pictured(made: Mapping[Shown, bytes], kept: Path) -> dict[Shown, list[bytes]]:
    """Les images de chacun ; aucune, et c'est dit, quand LibreOffice manque."""
    try:
        find_office()
    except ConversionError as missing:
        print(f"Le site n'a pas d'images. {missing}", file=sys.stderr)
        return {}
    folders = {one: kept / sha256(octets).hexdigest()[:32] for one, octets in made.items()}
    lacking: dict[Path, Shown] = {}
    for one, folder in folders.items():  # two profiles may give the same file
        if not folder.is_dir():
            lacking.setdefault(folder, one)
    asked = ((folder.name, made[one]) for folder, one in lacking.items())
    for name, pdf in convert_many(asked):
        if isinstance(pdf, ConversionError):
            raise pdf
        _keep(kept / name, _drawn(pdf, lacking[kept / name]))
    return {one: _held(folder) for one, folder in folders.items()}


def _drawn(pdf: bytes, one: Shown) -> Iterator[bytes]:
    from PIL import Image

    count = len(page_texts(pdf)) if one.whole else 1
    for rank in range(1, count + 1):
        drawn, target = Image.open(io.BytesIO(picture(pdf, rank, DPI))).convert("RGB"), io.BytesIO()
        drawn.quantize(COLOURS).save(target, "PNG", optimize=True)
        yield target.getvalue()


def _keep(folder: Path, images: Iterable[bytes]) -> None:
    """Under its name once it is whole: what was cut short is made again."""
    begun = folder.with_name(f"{folder.name}.part")
    begun.mkdir(parents=True, exist_ok=True)
    for rank, image in enumerate(images, 1):
        (begun / f"{rank:02}.png").write_bytes(image)
    begun.rename(folder)


def _held(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.glob("*.png"))]


def _put(shelf: Path, one: Shown, images: list[bytes]) -> int:
    for rank, image in enumerate(images, 1):
        (shelf / f"{one.name}-{rank}.png").write_bytes(image)
    return len(images)


def in_pictures(slug: str, counts: Mapping[Shown, int]) -> Iterator[str]:
    """Ce qui suit la page d'un document : ses fichiers, et chaque page de l'exemple."""
    sample, blank = (Shown(slug, PROFILS[0], blank) for blank in (False, True))
    yield "## En images\n"
    yield (
        f"Sous le profil {PROFILS[0]} : [l'exemple](../{SHELF}/{sample.name}.docx) et "
        f"[le formulaire vierge](../{SHELF}/{blank.name}.docx), en Word. "
        f"[La galerie](../{SHELF}.md) les montre sous d'autres.\n"
    )
    yield from (_image(f"../{SHELF}", sample, rank) for rank in range(1, counts.get(sample, 0) + 1))


def _side_by_side(slug: str, counts: Mapping[Shown, int]) -> Iterator[str]:
    yield f"## [{DOCUMENTS[slug].titre}](documents/{slug}.md)\n"
    rows = (
        (said, *(_leading(Shown(slug, profil, blank), counts) for profil in PROFILS))
        for said, blank in (("Exemple", False), ("Formulaire vierge", True))
    )
    yield from table(("Profil", *PROFILS), rows)
    yield ""


def _leading(one: Shown, counts: Mapping[Shown, int]) -> str:
    return f"[{_image(SHELF, one, 1) if counts.get(one) else 'Word'}]({SHELF}/{one.name}.docx)"


def _image(shelf: str, one: Shown, rank: int) -> str:
    return f"![{one.said}, page {rank}]({shelf}/{one.name}-{rank}.png){ATTRIBUTES}"


def _add(page: Path, lines: Iterable[str]) -> None:
    text = page.read_text(encoding="utf-8")
    page.write_text("\n".join((text, *lines)) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/docs/pages"))
    except InputError as refusal:
        sys.exit(str(refusal))
