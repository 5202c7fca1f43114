"""Les marges d'un modèle Word : les logos en tête de la première page, le titre et le numéro au
pied de chacune.
"""

from __future__ import annotations

from dla_docs.builder.items import items_of
from dla_docs.builder.typography import typeset
from dla_docs.builder.wml import Element, directive, field, paragraph, run, twips, w
from dla_docs.model.document import Document
from dla_docs.model.node import Kind


def first_header() -> Element:
    """L'en-tête de la première page : les logos du DLA et de l'opérateur, puis la mention et les
    logos des financeurs, s'il y en a.
    """
    return w(
        "hdr",
        *_line_of("profil.logos"),
        directive("if profil.mention_des_financeurs"),
        paragraph("En-tte", run("{{ profil.mention_des_financeurs }}")),
        directive("endif"),
        *_line_of("profil.logos_financeurs"),
        paragraph("En-tte"),
    )


def _line_of(images: str) -> tuple[Element, ...]:
    spaced = (
        "{% for logo in "
        + images
        + " %}{{ logo }}{% if not loop.last %}\N{EM SPACE}\N{EM SPACE}{% endif %}{% endfor %}"
    )
    return directive(f"if {images}"), paragraph("Logos", run(spaced)), directive("endif")


def next_header() -> Element:
    """L'en-tête des pages suivantes, sans logo."""
    return w("hdr", paragraph("En-tte"))


def footer(model: type[Document], width: float) -> Element:
    """Le pied de page : titre et référence à gauche, page X / Y à droite, puis la ligne de la
    charte.
    """
    title = run(typeset(model.titre) + _reference(model))
    pages = (run("Page\N{NO-BREAK SPACE}"), field("PAGE"), run(" / "), field("NUMPAGES"))
    line = paragraph("Pieddepage", title, w("r", w("tab")), *pages)
    line[0].append(w("tabs", w("tab", val="right", pos=twips(width))))
    own = "profil.pied_de_page"  # the line of the operator's charter
    return w(
        "ftr",
        line,
        directive(f"if {own}"),
        paragraph("Pieddepage", run("{{ " + own + " }}")),
        directive("endif"),
    )


def _reference(model: type[Document]) -> str:
    names = [
        item.path
        for item in items_of(model)
        if item.kind is Kind.LEAF and item.path.startswith("reference")
    ]
    return "".join("{% if " + name + " %} – {{ " + name + " }}{% endif %}" for name in names[:1])
