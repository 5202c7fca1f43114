"""Un document Word récrit pour typst : ses paragraphes, ses titres et ses tableaux, sans son
dessin ; de quoi mesurer cette voie, et non un produit.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lxml import etree

from dla_docs.word.names import W_VAL, W, children
from dla_docs.word.page import text_of

NORMES = ["a-3b", "ua-1"]
HEAD = """#set document(title: {title}, date: datetime(year: 2005, month: 1, day: 1))
#set text(lang: "fr", size: 10pt, font: ("DejaVu Sans", "Liberation Sans", "Libertinus Serif"))
#set page(paper: "a4", margin: 2cm, numbering: "1 / 1")
#set table(stroke: 0.5pt, inset: 5pt)
#pdf.attach("donnees.json", mime-type: "application/json", relationship: "source",
  description: "Les données")
"""


def library(name: str) -> Any:
    """Une bibliothèque qu'on mesure, d'un environnement à part : le projet n'en dépend pas."""
    return import_module(name)


def write(root: etree._Element, title: str, data: bytes) -> bytes:
    """Le PDF/A-3b et PDF/UA-1 d'un corps de document, ses données jointes."""
    typst = library("typst")
    body = root.find(f"{W}body")
    assert body is not None
    source = HEAD.replace("{title}", _said(title)) + "".join(_blocks(body))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "essai.typ"
        path.write_text(source, encoding="utf-8")
        path.with_name("donnees.json").write_bytes(data)
        made: Any = typst.compile(str(path), format="pdf", pdf_standards=NORMES)
    return bytes(made)


def _blocks(parent: etree._Element) -> Iterator[str]:
    for item in children(parent):
        if item.tag == f"{W}p":
            yield _paragraph(item)
        elif item.tag == f"{W}tbl":
            yield _table(item)
        elif item.tag == f"{W}sdt":
            yield from _blocks(item.find(f"{W}sdtContent"))  # type: ignore[arg-type]


def _paragraph(item: etree._Element) -> str:
    """A heading skips no level: PDF/UA refuses the document otherwise."""
    said = text_of(item).strip()
    if not said:
        return ""
    style = item.find(f"{W}pPr/{W}pStyle")
    named = style is not None and style.get(W_VAL, "").startswith(("Titre", "Heading", "Title"))
    inside = any(above.tag == f"{W}tc" for above in item.iterancestors())
    lines = "#linebreak()".join(f"#{_said(line)}" for line in said.split("\n"))
    return f"#heading(level: 1)[{lines}]\n" if named and not inside else f"#par[{lines}]\n"


def _table(item: etree._Element) -> str:
    widths = [int(one.get(f"{W}w", "1") or 1) for one in item.iterfind(f"{W}tblGrid/{W}gridCol")]
    rows = [_cells(row) for row in item.iterfind(f"{W}tr")]
    most = max((sum(span for span, _ in row) for row in rows), default=1)
    columns = ", ".join(f"{max(one, 1)}fr" for one in (widths + [1000] * most)[:most])
    cells = "".join(
        f"table.cell(colspan: {span})[{content}],\n"
        for row in rows
        for span, content in (*row, *[(1, "")] * (most - sum(span for span, _ in row)))
    )
    return f"#table(columns: ({columns},),\n{cells})\n"


def _cells(row: etree._Element) -> list[tuple[int, str]]:
    found = []
    for cell in row.iter(f"{W}tc"):
        if next(cell.iterancestors(f"{W}tr")) is row:
            span = cell.find(f"{W}tcPr/{W}gridSpan")
            wide = int(span.get(W_VAL, "1")) if span is not None else 1
            found.append((wide, "".join(_blocks(cell))))
    return found


def _said(text: str) -> str:
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}"'
