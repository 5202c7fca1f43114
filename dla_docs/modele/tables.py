"""Les tableaux : une ligne par élément d'une suite, une ligne par critère d'une grille, une fiche de libellés et de valeurs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dla_docs.mise_en_page import Colonne, colonne
from dla_docs.modele.cells import cell_blocks
from dla_docs.modele.compact import compact_blocks
from dla_docs.modele.controls import control
from dla_docs.modele.items import Item
from dla_docs.modele.typography import typeset
from dla_docs.modele.wml import Element, cell, guarded, guarded_rows, paragraph, row, row_directive, run, table
from dla_docs.schema import Kind

LABEL_SHARE = 0.36
SHARES = {"date": 0.8, "nombre": 0.6, "jours": 0.7, "montant": 0.9}
LONG_SHARE, SHORT_SHARE = 1.8, 1.0


def rows_table(rows: Item, width: float, closing: Sequence[Item] = ()) -> Element:
    """Le tableau d'une suite de lignes ; ``closing`` : les parties qui le ferment, chacune sur sa dernière ligne."""
    columns = _columns(rows)
    widths = _shared(width, [column.largeur for column in columns])
    last = [line for part in closing for line in _closing_row(part, columns, widths)]
    lines = [_headings([column.titre for column in columns], widths), *_loop(rows, columns, widths), *_missing(rows, len(columns)), *last]
    return table("TableauDLA", widths, lines, rows.label or rows.bloc.titre_de_partie(), header=True)


def grid_table(parts: Sequence[Item], columns: Sequence[Colonne | str], width: float, caption: str) -> Element:
    """La grille de critères : une ligne par partie, son libellé dans la première colonne."""
    answers = [column if isinstance(column, Colonne) else colonne(column) for column in columns]
    leaves = [leaf.node.name for leaf in parts[0].leaves()]
    titles = [column.titre for column in answers]
    if len(titles) <= len(leaves):
        titles, shares = ["Critères", *titles], [2.0, *(column.largeur for column in answers)]
    else:
        shares = [max(2.0, answers[0].largeur), *(column.largeur for column in answers[1:])]
    widths = _shared(width, shares)
    lines = [line for part in parts for line in _grid_row(part, leaves[: len(widths) - 1], widths)]
    return table("TableauDLA", widths, [_headings(titles, widths), *lines], caption, header=True)


def fiche(items: Sequence[Item], width: float, caption: str) -> list[Element]:
    """Un libellé et sa valeur par ligne."""
    widths = (round(width * LABEL_SHARE, 2), round(width * (1 - LABEL_SHARE), 2))
    lines = [line for item in items for line in guarded_rows(item.guard, 2, _fiche_row(item, widths))]
    test = " or ".join([*(item.filled for item in items), "formulaire"]) if all(item.guard for item in items) else ""
    return guarded(test, table("FicheDLA", widths, lines, caption))


def identity(items: Sequence[Item], width: float, paired: bool, caption: str) -> Element:
    """Le tableau d'identité : les valeurs courtes, et tout le reste si la page est large, deux par ligne."""
    label = 3.3
    widths = (label, round(width / 2 - label, 2), label, round(width / 2 - label, 2))
    lines: list[Element] = []
    for group in _pairs(items, paired):
        lines += guarded_rows("" if len(group) == 2 else group[0].guard, 4, _identity_row(group, widths))
    return table("FicheDLA", widths, lines, caption)


def is_list(rows: Item) -> bool:
    """Vrai pour des lignes d'une seule valeur, qui se lisent mieux en liste qu'en tableau."""
    leaves = list(rows.row().children())
    return len(leaves) == 1 and leaves[0].kind is Kind.LEAF


def is_grid(part: Item) -> bool:
    """Vrai pour une partie dont chaque sous-partie est une ligne de grille."""
    return part.kind is Kind.PART and bool(part.bloc.colonnes)


def _columns(rows: Item) -> list[Colonne]:
    if rows.bloc.colonnes:
        names = [child.node.name for child in rows.row().children()]
        return [
            column if isinstance(column, Colonne) else colonne(column, names[number]) for number, column in enumerate(rows.bloc.colonnes) if number < len(names)
        ]
    return [colonne(child.label, child.node.name, largeur=_share(child)) for child in rows.row().children()]


def _share(item: Item) -> float:
    return LONG_SHARE if item.long or item.kind is not Kind.LEAF else SHARES.get(item.node.format, SHORT_SHARE)


def _shared(width: float, shares: Sequence[float]) -> list[float]:
    return [round(width * share / sum(shares), 2) for share in shares]


def _headings(titles: Iterable[str], widths: Sequence[float]) -> Element:
    return row(*(cell(width, _heading(title), shaded=True) for title, width in zip(titles, widths, strict=True)), header=True)


def _heading(title: str) -> list[Element]:
    first, *others = typeset(title).split("\n")
    return [paragraph("TitreColonne", run(first)), *(paragraph("SousTitreColonne", run(other)) for other in others)]


def _loop(rows: Item, columns: Sequence[Colonne], widths: Sequence[float]) -> list[Element]:
    line = rows.row()
    cells = [
        cell(width, cell_blocks([line.child(name) for name in column.champs], typeset(column.titre), typeset(column.numero)))
        for column, width in zip(columns, widths, strict=True)
    ]
    body = row(*cells, height=rows.bloc.hauteur)
    return [row_directive(rows.loop, len(columns)), body, row_directive("endfor", len(columns))]


def _missing(rows: Item, columns: int) -> list[Element]:
    """In a draft, the place of rows that a guide asks for and that nobody has written yet."""
    if not rows.compelled:
        return []
    reminder = cell(0, [paragraph("Manque", run("à compléter"))], span=columns)
    return guarded_rows(f"brouillon and not {rows.path}", columns, row(reminder))


def _closing_row(part: Item, columns: Sequence[Colonne], widths: Sequence[float]) -> list[Element]:
    held = {child.node.name: child for child in part.children()}
    heading = cell(widths[0], [paragraph("LibelleTableau", run(part.label))])
    others = [
        cell(width, cell_blocks([held[name] for name in column.champs if name in held], typeset(column.titre)) or [paragraph("TexteTableau")])
        for column, width in zip(columns[1:], widths[1:], strict=True)
    ]
    return guarded_rows(part.guard, len(columns), row(heading, *others, height=part.bloc.hauteur))


def _grid_row(part: Item, names: Sequence[str], widths: Sequence[float]) -> list[Element]:
    first, *others = part.label.split("\n")
    heading = [paragraph("LibelleTableau", run(first)), *(paragraph("TexteTableau", run(other)) for other in others)]
    answers = [cell(width, cell_blocks([part.child(name)])) for name, width in zip(names, widths[1:], strict=True)]
    return guarded_rows(part.guard, len(widths), row(cell(widths[0], heading), *answers, height=part.bloc.hauteur))


def _fiche_row(item: Item, widths: Sequence[float]) -> Element:
    return row(_label_cell(item, widths[0]), cell(widths[1], _content(item)), splits=item.kind is Kind.ROWS)


def _identity_row(group: Sequence[Item], widths: Sequence[float]) -> Element:
    alone = len(group) == 1
    cells = []
    for item in group:
        cells += [_label_cell(item, widths[0]), cell(sum(widths[1:]) if alone else widths[1], _content(item), span=3 if alone else 1)]
    return row(*cells, splits=any(item.kind is Kind.ROWS for item in group))


def _label_cell(item: Item, width: float) -> Element:
    return cell(width, [paragraph("LibelleTableau", run(item.label))], shaded=True)


def _content(item: Item) -> list[Element]:
    if item.compact:
        return compact_blocks(item)
    return [paragraph("TexteTableau", control(item))]


def _pairs(items: Sequence[Item], paired: bool) -> list[list[Item]]:
    """Two by two what is always printed and, on a narrow page, short."""
    groups: list[list[Item]] = []
    for item in items:
        fits = not item.guard and (paired or (item.kind is Kind.LEAF and not item.long))
        if fits and groups and len(groups[-1]) == 1 and _fits(groups[-1][0], paired):
            groups[-1].append(item)
        else:
            groups.append([item])
    return groups


def _fits(item: Item, paired: bool) -> bool:
    return not item.guard and (paired or (item.kind is Kind.LEAF and not item.long))
