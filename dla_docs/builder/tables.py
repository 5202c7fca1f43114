"""Les tableaux : une ligne par élément d'une suite, une ligne par critère d'une grille, une fiche
de libellés et de valeurs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dla_docs.builder.cells import cell_blocks, is_figure
from dla_docs.builder.compact import GAP, compact_blocks
from dla_docs.builder.items import Item, either
from dla_docs.builder.printed_words import typeset
from dla_docs.builder.wml import (
    Element,
    cell,
    gap,
    guarded,
    guarded_rows,
    paragraph,
    restyle,
    row,
    row_directive,
    run,
    table,
    w,
)
from dla_docs.model.layout import Colonne, colonne
from dla_docs.model.node import Kind
from dla_docs.spelling import capitalised

NARROW = 20.0  # cm: the text of a page that stands
SHARES = {"date": 0.8, "nombre": 0.6, "jours": 0.7, "montant": 0.9}
LONG_SHARE, SHORT_SHARE, CRITERION_SHARE = 1.8, 1.0, 2.4
# Of a column of answers, each beside its box on a form, by the letters of the longest.
CHOICE_SHARES, LONG_CHOICE_SHARE = ((20, 0.8), (22, 1.0)), 1.3
# On a form: what a box takes, the letters beside it, what a text needs to be written (cm).
BOX, ANSWERS_PER_CM, MOST_ON_A_LINE, LONG_TEXT, SHORT_TEXT = 4, 6.0, 24, 3.62, 2.0


def rows_table(rows: Item, width: float, closing: Sequence[Item] = ()) -> Element:
    """Le tableau d'une suite de lignes ; ``closing`` : les parties qui le ferment, chacune sur sa
    dernière ligne.
    """
    columns = _columns(rows)
    line, shared = rows.row(), _shared(width, [column.largeur for column in columns])
    wanted = [_answers_room(line, column) for column in columns]
    spare = [_spare(line, *one) for one in zip(columns, shared, strict=True)]
    widths = _roomy(shared, wanted, spare)
    last = [line for part in closing for line in _closing_row(part, columns, widths)]
    lines = [
        _headings([column.titre for column in columns], widths, _figures(rows.row(), columns)),
        *_loop(rows, columns, widths),
        *_missing(rows, widths),
        *last,
    ]
    return table(
        "TableauDLA", widths, lines, rows.label or rows.bloc.titre_de_partie(), header=True
    )


def grid_table(
    parts: Sequence[Item], columns: Sequence[Colonne | str], width: float, caption: str
) -> Element:
    """La grille de critères : une ligne par partie, son libellé dans la première colonne."""
    leaves = min(
        (list(part.answers()) for part in parts), key=len
    )  # a free criterion has one more: its own title
    answers = columns[-len(leaves) :]
    first = columns[0] if len(columns) > len(leaves) else "Critères"
    titles = [
        column.titre if isinstance(column, Colonne) else column for column in (first, *answers)
    ]
    shares = [
        column.largeur if isinstance(column, Colonne) else _share(leaf)
        for column, leaf in zip(answers, leaves, strict=False)
    ]
    widths = _shared(
        width, [first.largeur if isinstance(first, Colonne) else CRITERION_SHARE, *shares]
    )
    lines = [line for part in parts for line in _grid_row(part, widths)]
    return table("TableauDLA", widths, [_headings(titles, widths), *lines], caption, header=True)


def fiche(items: Sequence[Item], width: float, caption: str) -> list[Element]:
    """Un libellé et sa valeur par ligne."""
    label = label_width(width)
    widths = (label, round(width - label, 2))
    lines = [
        line for item in items for line in guarded_rows(item.guard, 2, _fiche_row(item, widths))
    ]
    return guarded(either(items), table("FicheDLA", widths, lines, caption), gap())


def label_width(width: float) -> float:
    """La largeur des libellés d'une page, la même dans toutes ses fiches."""
    return 4.6 if width < NARROW else 5.6


def is_list(rows: Item) -> bool:
    """Vrai pour des lignes d'une seule valeur, qui se lisent mieux en liste qu'en tableau."""
    leaves = list(rows.row().children())
    return len(leaves) == 1 and leaves[0].kind is Kind.LEAF


def is_grid(part: Item) -> bool:
    """Vrai pour une partie dont chaque sous-partie est une ligne de grille."""
    return part.kind is Kind.PART and bool(part.bloc.colonnes)


def _columns(rows: Item) -> list[Colonne]:
    fields = [child for child in rows.row().children() if child.kind is not Kind.NOTE]
    if rows.bloc.colonnes:
        return [
            title if isinstance(title, Colonne) else colonne(title, fields[rank].node.name)
            for rank, title in enumerate(rows.bloc.colonnes)
        ]
    return [colonne(child.label, child.node.name, largeur=_share(child)) for child in fields]


def _share(item: Item) -> float:
    if item.node.choices:
        longest = max(map(len, item.node.choices))
        return next((it for most, it in CHOICE_SHARES if longest <= most), LONG_CHOICE_SHARE)
    return (
        LONG_SHARE
        if item.long or item.kind is not Kind.LEAF
        else SHARES.get(item.node.format, SHORT_SHARE)
    )


def _shared(width: float, shares: Sequence[float]) -> list[float]:
    widths = [round(width * share / sum(shares), 2) for share in shares[:-1]]
    return [*widths, round(width - sum(widths), 2)]  # every table ends on the same margin


def _answers_room(line: Item, column: Colonne) -> float:
    """What the longest answer of a column wants; 0 when it has none, or none that holds."""
    held = [leaf for name in column.champs for leaf in _leaves(line.child(name))]
    longest = max((len(one) for leaf in held for one in leaf.node.choices), default=0)
    return (longest + BOX) / ANSWERS_PER_CM if 0 < longest <= MOST_ON_A_LINE else 0.0


def _spare(line: Item, column: Colonne, width: float) -> float:
    """What a column may give: a text keeps room to be written, a date or a figure all it has."""
    held = [leaf for name in column.champs for leaf in _leaves(line.child(name))]
    if any(leaf.node.choices or leaf.node.format != "texte" for leaf in held):
        return 0.0
    return max(0.0, width - (LONG_TEXT if any(leaf.long for leaf in held) else SHORT_TEXT))


def _leaves(item: Item) -> Iterable[Item]:
    if item.kind is Kind.LEAF:
        return [item]
    held = item.row() if item.kind is Kind.ROWS else item
    return [leaf for child in held.children() for leaf in _leaves(child)]


def _roomy(widths: list[float], wanted: Sequence[float], spare: Sequence[float]) -> list[float]:
    """An answer stands on one line beside its box; the columns that can give way."""
    lacks = [max(0.0, room - width) for room, width in zip(wanted, widths, strict=True)]
    given = min(sum(lacks), sum(spare))
    if not given:
        return widths
    made = [
        round(width + given * (lack / sum(lacks) - free / sum(spare)), 2)
        for width, lack, free in zip(widths, lacks, spare, strict=True)
    ]
    made[-1] = round(sum(widths) - sum(made[:-1]), 2)
    return made


def _headings(
    titles: Iterable[str], widths: Sequence[float], figures: frozenset[int] = frozenset()
) -> Element:
    return row(
        *(
            cell(width, _on_the_right(blocks) if rank in figures else blocks, shaded=True)
            for rank, (blocks, width) in enumerate(zip(map(_heading, titles), widths, strict=True))
        ),
        header=True,
    )


def _figures(line: Item, columns: Sequence[Colonne]) -> frozenset[int]:
    """The ranks of the columns of amounts: their units stand below each other."""
    return frozenset(
        rank
        for rank, column in enumerate(columns)
        if is_figure(line.child(name) for name in column.champs)
    )


def _on_the_right(blocks: list[Element]) -> list[Element]:
    for block in blocks:
        block[0].append(w("jc", val="right"))
    return blocks


def _heading(title: str) -> list[Element]:
    first, *others = typeset(capitalised(title)).split("\n")
    return [
        paragraph("TitreColonne", run(first)),
        *(paragraph("SousTitreColonne", run(other)) for other in others),
    ]


def _loop(rows: Item, columns: Sequence[Colonne], widths: Sequence[float]) -> list[Element]:
    line = rows.row()
    figures = _figures(line, columns)
    held = [[line.child(name) for name in column.champs] for column in columns]
    said = [
        cell_blocks(fields, typeset(column.titre), typeset(column.numero))
        for fields, column in zip(held, columns, strict=True)
    ]
    cells = [
        cell(width, _on_the_right(blocks) if rank in figures else blocks)
        for rank, (blocks, width) in enumerate(zip(said, widths, strict=True))
    ]
    body = _or_heading(line, held, widths, row(*cells, height=rows.bloc.hauteur))
    return [row_directive(rows.loop, len(columns)), *body, row_directive("endfor", len(columns))]


def _or_heading(
    line: Item, held: Sequence[Sequence[Item]], widths: Sequence[float], body: Element
) -> list[Element]:
    """A row; or, where it lacks what makes it one, the heading of those below it."""
    if not line.bloc.intertitre:
        return [body]
    whole = f"{line.child(line.bloc.intertitre).filled} or formulaire"
    cells = (
        cell(width, restyle(cell_blocks(fields), "LibelleTableau"), shaded=True)
        for fields, width in zip(held, widths, strict=True)
    )
    return [
        row_directive(f"if {whole}", len(widths)),
        body,
        row_directive("else", len(widths)),
        row(*cells),
        row_directive("endif", len(widths)),
    ]


def _missing(rows: Item, widths: Sequence[float]) -> list[Element]:
    """The reminder of a table without rows is a row."""
    if not rows.compelled:
        return []
    first = cell(widths[0], [paragraph("TexteTableau", run(GAP, "Manque"))])
    others = [cell(width, [paragraph("TexteTableau")]) for width in widths[1:]]
    return guarded_rows(f"brouillon and not {rows.path}", len(widths), row(first, *others))


def _closing_row(part: Item, columns: Sequence[Colonne], widths: Sequence[float]) -> list[Element]:
    held = {child.node.name: child for child in part.children()}
    heading = cell(
        widths[0], [paragraph("LibelleTableau", run(part.label), keep=True)]
    )  # a note on the table follows
    others = [
        cell(
            width,
            cell_blocks(
                [held[name] for name in column.champs if name in held], typeset(column.titre)
            )
            or [paragraph("TexteTableau")],
        )
        for column, width in zip(columns[1:], widths[1:], strict=True)
    ]
    guard = part.guard if part.conditional else ""  # as in a grid
    return guarded_rows(guard, len(columns), row(heading, *others, height=part.bloc.hauteur))


def _grid_row(part: Item, widths: Sequence[float]) -> list[Element]:
    leaves = list(part.answers())
    own, answers = leaves[: 1 - len(widths)], leaves[1 - len(widths) :]
    heading = [*criterion(part), *(block for leaf in own for block in cell_blocks([leaf]))]
    cells = [
        cell(width, cell_blocks([leaf])) for leaf, width in zip(answers, widths[1:], strict=True)
    ]
    guard = part.guard if part.conditional else ""  # a grid shows all its criteria
    if own:  # but the free one, that nobody has named
        guard = f"{part.filled} or formulaire"
    return guarded_rows(
        guard, len(widths), row(cell(widths[0], heading), *cells, height=part.bloc.hauteur)
    )


def criterion(part: Item) -> list[Element]:
    """Le libellé d'un critère dans la première colonne ; un critère qui en détaille un autre est un
    sous-point.
    """
    first, *others = part.label.split("\n")
    if part.node.name in part.owner.sous_points:
        return [paragraph("SousPoint", run(f"– {part.label}"))]
    return [
        paragraph("LibelleTableau", run(first)),
        *(paragraph("TexteTableau", run(other)) for other in others),
    ]


def _fiche_row(item: Item, widths: Sequence[float]) -> Element:
    return row(
        cell(widths[0], [paragraph("LibelleTableau", run(item.label))], shaded=True),
        cell(widths[1], _content(item)),
        splits=item.kind is Kind.ROWS,
    )


def _content(item: Item) -> list[Element]:
    if item.compact:
        return compact_blocks(item)
    return cell_blocks([item])
