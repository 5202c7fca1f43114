"""``python -m tests.bench.mesures_pages`` : les pages des deux dossiers d'exemple et de tous les
formulaires, mesurées ; récrit docs/pages.md.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pikepdf

from dla_docs import DOCUMENTS, read
from dla_docs.cli.application import run
from dla_docs.model.layout import Genre
from dla_docs.pdf import read_fields
from dla_docs.pdf.pages import page_texts
from dla_docs.resources import sample_path
from tests.bench.pages import (
    Pages,
    across,
    badly_broken,
    badly_typed,
    each_pdf,
    headless,
    measure,
    outside,
)
from tests.formulaire.formulaires import changed, form
from tests.formulaire.test_cases import WITH_BOXES, other_answers
from tests.formulaire.test_pdf_formulaire import MM, box_of, colour_of, contrast, is_box
from tests.pdf_forms import FORMS, drawn, fill_pdf, pdf_form
from tests.word_forms import fill, resaved_many

PAGE = Path(__file__).parents[2] / "docs" / "pages.md"
TABLE = "| mesure |"
MISSIONS = ("mission_individuelle", "mission_collective")
GARDES = tuple(  # a cover and a letter do not open on a section
    model.titre for model in DOCUMENTS.values() if model.genre in (Genre.DOSSIER, Genre.LETTRE)
)


def of_folder(folder: Path) -> dict[str, str]:
    """Ce qui se mesure d'un dossier : un chiffre par ligne."""
    paths = each_pdf(folder)
    measured, pdfs = [measure(path) for path in paths], [path.read_bytes() for path in paths]
    sheets = [pdf for path, pdf in zip(paths, pdfs, strict=True) if "Grille d'éval" in path.name]
    last = [one.used[-1] for one in measured if len(one.used) > 1]
    return {
        "documents, pages": f"{len(paths)}, {sum(len(one.used) for one in measured)}",
        "sans rubrique en page 1 (ni garde ni lettre)": str(sum(map(_late, measured))),
        "pages à moins de 40 %, la dernière à part": str(sum(len(o.half_empty) for o in measured)),
        "dernières pages à moins d'un tiers": str(sum(share < 1 / 3 for share in last)),
        "titres seuls au bas d'une page": str(sum(len(one.orphans) for one in measured)),
        "petits tableaux coupés": str(sum(len(one.cut) for one in measured)),
        "apostrophes droites, espaces simples devant « : ; ! ? »": str(
            sum(len(badly_typed(path.read_bytes())) for path in folder.glob("*.docx"))
        ),
        **_text(pdfs),
        "fiches d'évaluation, premières pages différentes": (
            f"{len(sheets)}, {len({page_texts(pdf)[0] for pdf in sheets})}"
        ),
    }


def of_forms() -> dict[str, str]:
    """Ce qui se mesure des formulaires PDF, un par sorte."""
    pdfs = [pdf_form(name) for name in FORMS]
    heights: dict[bool, list[float]] = {True: [], False: []}
    contrasts = []
    for pdf in pdfs:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            for _, widget in drawn(document):
                _, bottom, _, top = box_of(widget)
                heights[is_box(widget)].append((top - bottom) / MM)
                edge, tint = (colour_of(widget.MK[key]) for key in ("/BC", "/BG"))
                contrasts.append(min(contrast(edge, (1, 1, 1)), contrast(edge, tint)))
    return {
        "documents, pages": f"{len(pdfs)}, {sum(len(page_texts(pdf)) for pdf in pdfs)}",
        **_text(pdfs),
        "champs ; le moins haut": f"{len(heights[False])} ; {_figure(min(heights[False]))} mm",
        "cases ; la moins haute": f"{len(heights[True])} ; {_figure(min(heights[True]))} mm",
        "contraste d'un bord, au moins": f"{_figure(min(contrasts))} pour 1",
    }


def of_boxes() -> dict[str, str]:
    """Combien de réponses cochées se relisent, de toutes les sortes qui en ont : le fichier Word
    enregistré par LibreOffice, le PDF rempli comme un lecteur de PDF le remplit.
    """
    ticked = {slug: other_answers(slug) for slug in WITH_BOXES}
    with TemporaryDirectory() as folder:
        filled = {slug: fill(form(slug), ticked[slug]) for slug in WITH_BOXES}
        in_word = _read_back(resaved_many(filled, Path(folder)), ticked)
    pdfs = {slug: pdf_form(slug) for slug in WITH_BOXES}
    fields = {slug: dict(read_fields(pdf)) for slug, pdf in pdfs.items()}
    asked = {
        slug: {tag: said for tag, said in own.items() if fields[slug].get(tag, said) != said}
        for slug, own in ticked.items()
    }
    in_pdf = _read_back({slug: fill_pdf(pdfs[slug], asked[slug]) for slug in pdfs}, asked)
    sorts = sum(map(bool, ticked.values()))
    return {
        f"réponses cochées puis relues, de {sorts} sortes : LibreOffice ; lecteur de PDF": (
            f"{in_word} ; {in_pdf}"
        )
    }


def _read_back(returned: Mapping[str, bytes], ticked: Mapping[str, Mapping[str, str]]) -> str:
    found = {slug: changed(read(data)) for slug, data in returned.items()}
    right = sum(
        found[slug].get(tag) == said for slug in ticked for tag, said in ticked[slug].items()
    )
    return f"{right} sur {sum(map(len, ticked.values()))}"


def _late(one: Pages) -> bool:
    named = one.title.replace("’", "'")
    return one.starts_late and not named.startswith(GARDES)


def _text(pdfs: list[bytes]) -> dict[str, str]:
    return {
        "mots hors des marges": str(sum(len(outside(pdf)) for pdf in pdfs)),
        "lettres sur le bord d'une cellule": str(sum(len(across(pdf)) for pdf in pdfs)),
        "tableaux sans cellule d'en-tête": str(sum(len(headless(pdf)) for pdf in pdfs)),
        "lignes qui commencent par » : ; ! ?": str(sum(len(badly_broken(pdf)) for pdf in pdfs)),
    }


def _figure(number: float) -> str:
    return f"{number:.1f}".replace(".", ",")


def main() -> None:
    """Fait les dossiers et les formulaires, les mesure, récrit le tableau."""
    columns: list[dict[str, str]] = []
    for name in MISSIONS:
        with TemporaryDirectory() as folder:
            run(["dossier", str(sample_path(name)), "-o", folder, "--pdf"])
            columns.append(of_folder(Path(folder)))
    columns.append({**of_forms(), **of_boxes()})
    names = dict.fromkeys(name for column in columns for name in column)
    lines = [
        f"{TABLE} dossier individuel | dossier collectif | formulaires |",
        "|---|---|---|---|",
        *(
            f"| {name} | {' | '.join(column.get(name, '') for column in columns)} |"
            for name in names
        ),
    ]
    text = PAGE.read_text(encoding="utf-8").partition(TABLE)[0]
    PAGE.write_text(text + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
