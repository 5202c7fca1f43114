"""Le document du banc d'essai : A4, français, logo en en-tête, page en pied, 4 tableaux de 12
lignes et 4 colonnes, 120 balises simples.
"""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from docx import Document
from docx.document import Document as DocumentType
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm
from docx.text.paragraph import Paragraph

TABLES, ROWS, COLUMNS, SCALARS = 4, 12, 4, 120
SPLIT = 10  # one tag in ten is cut over several runs, as Word does


def template() -> bytes:
    """Le modèle, dans le dialecte de docxtpl que le moteur partage."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.header.paragraphs[0].add_run().add_picture(io.BytesIO(_logo()), height=Cm(1.4))
    _page_field(section.footer.paragraphs[0])
    document.styles.element.find(f".//{qn('w:lang')}").set(qn("w:val"), "fr-FR")
    document.add_heading("Évaluation de la mission", 1)
    for number in range(SCALARS):
        _add_tag(
            document.add_paragraph(f"Champ n° {number} : "),
            f"champ_{number}",
            split=number % SPLIT == 0,
        )
    for number in range(TABLES):
        _add_table(document, number)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def values(seed: int = 0) -> dict[str, Any]:
    """Les valeurs d'un document ; d'un ``seed`` à l'autre, elles diffèrent."""
    scalars = {
        f"champ_{number}": (
            f"Réponse {number} de la structure « Les Amis » n° {seed}, en quelques mots"
        )
        for number in range(SCALARS)
    }
    rows = {
        f"lignes_{table}": [_row(table, rank, seed) for rank in range(ROWS)]
        for table in range(TABLES)
    }
    return {**scalars, **rows}


def _row(table: int, rank: int, seed: int) -> dict[str, str]:
    return {
        f"colonne_{column}": f"Étape {table}.{rank}, colonne {column}, dossier {seed}"
        for column in range(COLUMNS)
    }


def _add_tag(paragraph: Paragraph, name: str, split: bool = False) -> None:
    pieces = ("{{ ", name[:3], name[3:], " }}") if split else (f"{{{{ {name} }}}}",)
    for piece in pieces:
        paragraph.add_run(piece)


def _add_table(document: DocumentType, number: int) -> None:
    document.add_heading(f"Tableau {number + 1}", 2)
    table = document.add_table(rows=4, cols=COLUMNS, style="Table Grid")
    for column, cell in enumerate(table.rows[0].cells):
        cell.text = f"Colonne {column + 1}"
    table.cell(1, 0).text = f"{{%tr for ligne in lignes_{number} %}}"
    for column, cell in enumerate(table.rows[2].cells):
        _add_tag(cell.paragraphs[0], f"ligne.colonne_{column}")
    table.cell(3, 0).text = "{%tr endfor %}"


def _page_field(paragraph: Paragraph) -> None:
    paragraph.add_run("Page ")
    for kind, code in (("begin", ""), ("", "PAGE"), ("end", "")):
        mark = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark.text = code
        paragraph.add_run()._r.append(mark)


def _logo() -> bytes:
    """A plain blue rectangle, 120 by 40 pixels."""
    width, height = 120, 40
    pixels = b"".join(b"\0" + b"\x1f\x4e\x79" * width for _ in range(height))
    chunks = (
        (b"IHDR", struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(pixels)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
