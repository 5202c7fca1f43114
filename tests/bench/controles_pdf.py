"""Ce que trois contrôles indépendants disent des PDF de chaque sorte, sous chaque profil : le
document, son brouillon vide et son formulaire.

    python -m tests.bench.controles_pdf DOSSIER   # écrit docs/accessibilite.md

DOSSIER : où sont les commandes pdfua et outloud, par exemple le dossier bin d'un environnement où
« pip install pdfua outloud » les a mises.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from dla_docs import DOCUMENTS, load, render, trame
from dla_docs.forms.pdf_form import to_pdf
from dla_docs.model.document import Document
from dla_docs.pdf import convert_many
from dla_docs.resources import sample_path
from tests.corpus import PROFILS
from tests.pdf_checks import check_standard

PAGE = Path(__file__).parents[2] / "docs" / "accessibilite.md"
TABLE = "| document | nature |"
HEAD = (f"{TABLE} profils | page-validation | pdfua | outloud |", "|---|---|---|---|---|---|")
FORM = "formulaire"


@dataclass(frozen=True)
class Sheet:
    """Un fichier Word, et tous les profils sous lesquels il est le même."""

    slug: str
    nature: str
    docx: bytes
    profils: tuple[str, ...]


def sheets(slug: str) -> Iterator[Sheet]:
    """Ce qu'une sorte a de pages différentes."""
    document = load(sample_path(slug))
    assert isinstance(document, Document)
    made: dict[str, Callable[[str], bytes]] = {
        "document": lambda profil: render(document, profil, brouillon=True),
        "brouillon vide": lambda profil: render(type(document)(), profil, brouillon=True),
        FORM: lambda profil: trame(slug, profil=profil),
        "à imprimer": lambda profil: trame(slug, profil=profil),
    }
    for nature, render_under in made.items():
        same: dict[bytes, tuple[bytes, list[str]]] = {}
        for profil in PROFILS:
            docx = render_under(profil)
            same.setdefault(_body(docx), (docx, []))[1].append(profil)
        for docx, profils in same.values():
            yield Sheet(slug, nature, docx, tuple(profils))


def _body(docx: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        return package.read("word/document.xml")


def pdfs() -> Iterator[tuple[Sheet, bytes]]:
    """Chaque page différente et son PDF, ceux des documents d'abord."""
    every = [sheet for slug in DOCUMENTS for sheet in sheets(slug)]
    plain = [sheet for sheet in every if sheet.nature != FORM]
    named = {str(rank): sheet.docx for rank, sheet in enumerate(plain)}
    for rank, pdf in convert_many(named.items()):
        assert isinstance(pdf, bytes), pdf
        yield plain[int(rank)], pdf
    for sheet in every:
        if sheet.nature == FORM:
            yield sheet, to_pdf(sheet.docx, sheet.profils[0])


def said(tools: Path, pdf: bytes, form: bool) -> dict[str, Counter[str]]:
    """Les règles que chaque contrôle dit fautives, et combien de fois : « ERROR 15-003 »."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "essai.pdf"
        path.write_bytes(pdf)
        standards = ["PDF/UA-1"] if form else ["PDF/UA-1", "PDF/A-3b"]
        page = [one for standard in standards for one in check_standard(pdf, standard)]
        return {
            "page-validation": Counter(f"ERROR {one.partition(':')[0]}" for one in page),
            "pdfua": _rules([tools / "pdfua", "check", "--format", "json", path]),
            "outloud": _rules([tools / "outloud", "--json", "-", "--no-info", "-q", path]),
        }


def _rules(command: list[str | Path]) -> Counter[str]:
    shown = json.loads(subprocess.run(command, capture_output=True, check=False).stdout)
    findings = (shown.get("results") or [shown])[0]["findings"]
    return Counter(
        f"{one['severity'].upper()} {one.get('rule_id') or one['rule']}" for one in findings
    )


def main() -> None:
    tools = Path(sys.argv[1])
    found: dict[tuple[str, str, str], list[str]] = {}
    for sheet, pdf in pdfs():
        cells = [
            ", ".join(f"{rule} × {number}" for rule, number in sorted(one.items())) or "rien"
            for one in said(tools, pdf, sheet.nature == FORM).values()
        ]
        key = (sheet.slug, sheet.nature, " | ".join(cells))
        found.setdefault(key, []).extend(sheet.profils)
        print(*key, flush=True)
    lines = [
        f"| {slug} | {nature} | {', '.join(sorted(profils, key=PROFILS.index))} | {cells} |"
        for (slug, nature, cells), profils in sorted(found.items())
    ]
    text = PAGE.read_text(encoding="utf-8").partition(TABLE)[0]
    PAGE.write_text(text + "\n".join([*HEAD, *lines]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
