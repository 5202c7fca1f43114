"""Des lignes rangées côte à côte : une colonne par projet, une ligne par critère ; autant de
colonnes qu'il y a de projets.
"""

from __future__ import annotations

from itertools import takewhile

from dla_docs.builder.cells import cell_blocks
from dla_docs.builder.items import Item, compels
from dla_docs.builder.printed_words import NBSP, typeset
from dla_docs.builder.tables import criterion
from dla_docs.builder.wml import Element, cell, guarded_rows, paragraph, row, run, table
from dla_docs.model.node import Kind

WIDEST = 5  # columns that a blank page foresees: the first one, and four projects


def columns_table(rows: Item, width: float) -> Element:
    """Le tableau d'une suite dont chaque élément est une colonne ; Word en voit trois cellules par
    ligne, dont deux sont des balises.
    """
    share = round(width / WIDEST, 2)
    children = [child for child in rows.row().children() if child.kind is not Kind.NOTE]
    heads = list(takewhile(lambda child: child.kind is Kind.LEAF, children))
    lines = [
        _header(rows, heads, share),
        *(line for child in children[len(heads) :] for line in _block(rows, child, share)),
    ]
    widths = [share, share, share, round(width - 3 * share, 2)]
    return table("TableauDLA", widths, lines, rows.label, header=True)


def _header(rows: Item, heads: list[Item], share: float) -> Element:
    first, each = rows.bloc.en_colonnes
    title = paragraph("TitreColonne", run(f"{typeset(each)}{NBSP}{{{{ loop.index }}}}"))
    return _line(
        rows,
        cell(share, [paragraph("TitreColonne", run(first))], shaded=True),
        cell(share, [title, *cell_blocks(heads)], shaded=True),
        header=True,
    )


def _block(rows: Item, child: Item, share: float) -> list[Element]:
    """A part is a block of criteria under its title; a value is a row of its own."""
    if child.kind is Kind.LEAF:
        label = paragraph("LibelleTableau", run(child.label))
        return _guarded(
            rows,
            child,
            child.conditional,
            _line(rows, cell(share, [label], shaded=True), cell(share, cell_blocks([child]))),
        )
    inner = [one for one in child.children() if one.kind is not Kind.NOTE]
    title = paragraph("LibelleTableau", run(child.label), keep=True)
    lines = (
        (one, _criterion_row(rows, one, share, [] if rank else [title]))
        for rank, one in enumerate(inner)
    )
    return [
        made
        for one, line in lines
        for made in _guarded(rows, one, child.conditional or one.conditional, line)
    ]


def _criterion_row(rows: Item, item: Item, share: float, title: list[Element]) -> Element:
    said = (
        cell_blocks([item], heading="Appréciation")
        if item.kind is Kind.PART
        else cell_blocks([item])
    )
    return _line(rows, cell(share, [*title, *_label(item)]), cell(share, said))


def _label(item: Item) -> list[Element]:
    if item.node.name in item.owner.sous_points:
        return criterion(item)
    first, *others = item.label.split("\n")
    return [paragraph("TexteTableau", run(text)) for text in (f"– {first}", *others)]


def _line(rows: Item, first: Element, each: Element, header: bool = False) -> Element:
    start, end = (
        cell(0, [paragraph("Balise", run("{%tc " + word + " %}"))])
        for word in (rows.loop, "endfor")
    )
    # Eight projects side by side make a text taller than a page: it goes on to the next one.
    return row(first, start, each, end, header=header, splits=not header)


def _guarded(rows: Item, item: Item, conditional: bool, *lines: Element) -> list[Element]:
    """A criterion is printed where the profile asks for it, or where some project answers it."""
    prefix = f"{rows.row().path}."
    said = [
        f'{rows.path}|join(attribute="{leaf.path.removeprefix(prefix)}")'
        for leaf in ([item] if item.kind is Kind.LEAF else item.leaves())
    ]
    asked = sorted(
        {
            str(exigence)
            for node in item.node.walk()
            for exigence in node.exigences
            if compels((exigence,))
        }
    )
    if asked and not conditional:
        tests = [*(f'"{identifiant}" in profil.suivies' for identifiant in asked), *said]
    else:
        tests = [
            *said,
            f"(formulaire and {rows.path}[0].{item.path.removeprefix(prefix)})"
            if item.kind is Kind.PART
            else "formulaire",
        ]
    return guarded_rows(" or ".join(tests), 4, *lines)
