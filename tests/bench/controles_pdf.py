"""Ce que trois contrôles indépendants disent des PDF de chaque sorte : le document, son brouillon
vide et son formulaire.

    python -m tests.bench.controles_pdf DOSSIER   # écrit docs/accessibilite.md

DOSSIER : où sont les commandes pdfua et outloud, par exemple le dossier bin d'un environnement où
« pip install pdfua outloud » les a mises.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
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
HEAD = (f"{TABLE} page-validation | pdfua | outloud |", "|---|---|---|---|---|")


def pdfs() -> Iterator[tuple[str, str, bytes]]:
    """Le nom, la nature et les octets de chaque PDF, les documents d'abord."""
    documents: dict[str, bytes] = {}
    for slug in DOCUMENTS:
        document = load(sample_path(slug))
        assert isinstance(document, Document)
        documents[f"{slug}|document"] = render(document, brouillon=True)
        documents[f"{slug}|brouillon vide"] = render(type(document)(), brouillon=True)
    for rank, slug in enumerate(DOCUMENTS):  # each profile prints texts of its own
        profil = PROFILS[1:][rank % len(PROFILS[1:])]
        documents[f"{slug}|à imprimer, profil {profil}"] = trame(slug, profil=profil)
    for name, pdf in convert_many(documents.items()):
        assert isinstance(pdf, bytes), pdf
        slug, nature = name.split("|")
        yield slug, nature, pdf
    for slug in DOCUMENTS:
        yield slug, "formulaire", to_pdf(trame(slug))


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
    lines = []
    for slug, nature, pdf in pdfs():
        found = said(tools, pdf, nature == "formulaire")
        cells = [
            ", ".join(f"{rule} × {number}" for rule, number in sorted(one.items())) or "rien"
            for one in found.values()
        ]
        lines.append(f"| {slug} | {nature} | {' | '.join(cells)} |")
        print(lines[-1], flush=True)
    text = PAGE.read_text(encoding="utf-8").partition(TABLE)[0]
    PAGE.write_text(text + "\n".join([*HEAD, *sorted(lines)]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
