"""``dla-docs modele nouveau`` : le modèle Word complet d'un document, bâti sur ce que sa classe
déclare, prêt à retoucher dans Word.
"""

from __future__ import annotations

from dla_docs.model.document import Document

__all__ = ["build_template"]

PAGE = (21.0, 29.7)  # A4, in cm
MARGIN = 2.0


def build_template(model: type[Document]) -> bytes:
    """Le modèle Word d'un document (octets d'un .docx) : mêmes octets pour la même classe."""
    from dla_docs.builder.docx_file import package, section
    from dla_docs.builder.genres import body
    from dla_docs.builder.margins import file_author, file_title, first_header, footer, next_header
    from dla_docs.builder.wml import twips, w

    width, height = reversed(PAGE) if model.paysage else PAGE
    text = width - 2 * MARGIN
    document = w(
        "document",
        w(
            "body",
            *body(model, text),
            section(model.paysage, (twips(width), twips(height)), twips(MARGIN)),
        ),
    )
    return package(
        (file_title(model), file_author(model)),
        document,
        {
            "header1": first_header(model),
            "header2": next_header(model, text),
            "footer1": footer(model, text),
        },
    )
