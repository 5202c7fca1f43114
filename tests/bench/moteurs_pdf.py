"""Les moteurs qui font un PDF d'un document Word sans LibreOffice, mesurés sur chaque sorte.

    python -m tests.bench.moteurs_pdf PAQUETS   # écrit la table de docs/decisions/0021

PAQUETS : le dossier site-packages d'un environnement où « pip install dxpdf office2pdf-python
typst » les a mis ; aucun n'est une dépendance du projet.
"""

from __future__ import annotations

import io
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from time import process_time

import pikepdf

from dla_docs import DOCUMENTS, load, render
from dla_docs.model.document import Document
from dla_docs.pdf import convert_many
from dla_docs.pdf.lost_words import displaced, lost
from dla_docs.pdf.pages import text
from dla_docs.pdf.reading import unwrapped
from dla_docs.resources import sample_path
from dla_docs.word.names import W
from dla_docs.word.package import MAIN, open_package, parse_part
from dla_docs.word.page import text_of
from tests.bench.ecrivain_typst import library, write
from tests.pdf_checks import check_standard, claims

DECISIONS = Path(__file__).parents[2] / "docs" / "decisions"
PAGE = DECISIONS / "0021-pdf-sans-libreoffice.md"
BEGIN = "<!-- écrit par tests/bench/moteurs_pdf.py -->\n"
Engine = Callable[[bytes, Document], bytes]


@dataclass(frozen=True)
class Mesure:
    """Ce qu'un moteur fait d'un document. ``tenues`` : les normes annoncées et tenues."""

    pages: int
    perdus: int  # paragraphs that are not there as they should, the project's own check
    ordonnes: bool  # each paragraph after those that are before it
    mots: int  # words that are not there in the same order, those of a page's foot among them
    secondes: float
    octets: int
    annonce: tuple[str, ...]
    tenues: tuple[str, ...]


def dxpdf(docx: bytes, _: Document) -> bytes:
    """Ses contrôles de contenu ôtés : dxpdf n'en montre pas le contenu."""
    return bytes(library("dxpdf").convert(unwrapped(open_package(docx))))


def office2pdf(docx: bytes, _: Document) -> bytes:
    """Les mêmes contrôles ôtés ; il ne sait annoncer que PDF/A-2b, qu'on ne lui demande pas."""
    return bytes(library("office2pdf").convert_bytes(unwrapped(open_package(docx)), "docx").pdf)


def typst(docx: bytes, document: Document) -> bytes:
    """Le même texte, écrit directement."""
    root = parse_part(open_package(docx)[MAIN], MAIN)
    return write(root, document.titre, b"{}")


ENGINES: dict[str, Engine] = {"dxpdf": dxpdf, "office2pdf": office2pdf, "typst": typst}


def measured(docx: bytes, pdf: bytes, seconds: float) -> Mesure:
    """La mesure d'un PDF."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        pages = len(opened.pages)
    said = tuple(sorted(claims(pdf)))
    kept = tuple(one for one in said if not check_standard(pdf, one))
    parts = open_package(docx)
    return Mesure(
        pages,
        len(lost(parts, pdf)),
        not displaced(parts, pdf),
        out_of_order(docx, pdf),
        seconds,
        len(pdf),
        said,
        kept,
    )


def out_of_order(docx: bytes, pdf: bytes) -> int:
    """Les mots du document Word qui ne sont pas dans le PDF, dans le même ordre."""
    root = parse_part(open_package(docx)[MAIN], MAIN)
    words = " ".join(text_of(one) for one in root.iter(f"{W}p")).split()
    matcher = SequenceMatcher(None, words, text(pdf).split(), autojunk=False)
    return len(words) - sum(block.size for block in matcher.get_matching_blocks())


def documents() -> Iterator[tuple[str, Document, bytes]]:
    """Chaque sorte, remplie."""
    for slug in DOCUMENTS:
        document = load(sample_path(slug))
        assert isinstance(document, Document)
        yield slug, document, render(document, brouillon=True)


Held = list[tuple[str, Document, bytes]]


def by_office(held: Held) -> dict[str, Mesure]:
    """Ce qu'en fait LibreOffice, qui reste la référence ; son temps n'est pas celui de ce
    processus.
    """
    made = convert_many((slug, docx) for slug, _, docx in held)
    found = {}
    for (slug, _, docx), (_, pdf) in zip(held, made, strict=True):
        assert isinstance(pdf, bytes), pdf
        found[slug] = measured(docx, pdf, 0)
    return found


def by_engine(engine: Engine, held: Held) -> dict[str, Mesure | str]:
    """Ce qu'un moteur fait de chacun, ou pourquoi il n'en fait rien."""
    found: dict[str, Mesure | str] = {}
    for slug, document, docx in held:
        try:
            start = process_time()
            pdf = engine(docx, document)
            spent = process_time() - start
        except Exception as error:  # each has exceptions of its own
            found[slug] = " ".join(str(error).split())[:80].replace("|", " ")
        else:
            found[slug] = measured(docx, pdf, spent)
        print(slug, found[slug], flush=True, file=sys.stderr)
    return found


def table(name: str, office: dict[str, Mesure], found: dict[str, Mesure | str]) -> Iterator[str]:
    """Un moteur, sorte par sorte, puis ce qu'il en est de toutes."""
    made = {slug: one for slug, one in found.items() if isinstance(one, Mesure)}
    same = sum(one.pages == office[slug].pages for slug, one in made.items())
    whole = sum(not one.perdus for one in made.values())
    ordered = sum(one.ordonnes for one in made.values())
    norms = Counter(" et ".join(one.annonce) or "aucune norme" for one in made.values())
    kept = Counter(" et ".join(one.tenues) or "aucune" for one in made.values())
    yield f"## {name}"
    yield ""
    yield (
        f"{len(made)} documents faits sur {len(found)} ; {whole} sans rien de perdu ; {ordered} "
        f"dans l'ordre ; {same} ont le nombre de pages de LibreOffice ; "
        f"{sum(one.secondes for one in made.values()):.1f} s et "
        f"{sum(one.octets for one in made.values()) // 1024} ko en tout."
    )
    yield f"Annonce : {_counted(norms)} ; tient : {_counted(kept)}."
    yield ""
    yield "| document | pages (LibreOffice) | paragraphes perdus | mots hors d'ordre | s | ko |"
    yield "|---|---|---|---|---|---|"
    for slug, one in found.items():
        if isinstance(one, str):
            yield f"| {slug} | refusé : {one} | | | | |"
        else:
            yield (
                f"| {slug} | {one.pages} ({office[slug].pages}) | {one.perdus} | {one.mots} "
                f"({office[slug].mots}) | {one.secondes:.2f} | {one.octets // 1024} |"
            )
    yield ""


def _counted(times: Counter[str]) -> str:
    return ", ".join(f"{what} ({number})" for what, number in times.most_common())


def main() -> None:
    sys.path.append(sys.argv[1])
    held = list(documents())
    office = by_office(held)
    lines = [
        line
        for name, engine in ENGINES.items()
        for line in table(name, office, by_engine(engine, held))
    ]
    head, _, _ = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    PAGE.write_text(head + BEGIN + "\n".join(["", *lines]), encoding="utf-8")


if __name__ == "__main__":
    main()
