"""Les parties d'un modèle Word, dans l'ordre du formulaire."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from dla_docs.builder.compact import reminder
from dla_docs.builder.control import control
from dla_docs.builder.items import Item, either
from dla_docs.builder.printed_words import typeset
from dla_docs.builder.side_by_side import columns_table
from dla_docs.builder.tables import fiche, grid_table, is_grid, is_list, rows_table
from dla_docs.builder.wml import (
    Element,
    directive,
    gap,
    guarded,
    paragraph,
    run,
)
from dla_docs.model.layout import Colonne
from dla_docs.model.node import Kind

DEEPEST = 3  # built-in heading levels that the styles of the template define


def flow(
    items: Sequence[Item], width: float, level: int, caption: str = "Renseignements"
) -> list[Element]:
    """Des champs l'un après l'autre : les courts dans une fiche, chaque long sous son titre."""
    closing = _closing(items)
    blocks: list[Element] = []
    for short, group in groupby([item for item in items if not _closes(item)], _is_short):
        if short:
            blocks += fiche(list(group), width, caption)
        else:
            for item in group:
                said = item.label == caption  # by the heading above
                blocks += _block(item, width, level, closing.get(item.node.name, []), said)
    return blocks


def _closing(items: Iterable[Item]) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for item in filter(_closes, items):
        found.setdefault(item.bloc.ligne_de, []).append(item)
    return found


def _closes(item: Item) -> bool:
    return item.kind is Kind.PART and bool(item.bloc.ligne_de)


def _is_short(item: Item) -> bool:
    return item.compact or (item.kind is Kind.LEAF and not item.long)


def _block(
    item: Item, width: float, level: int, closing: Sequence[Item], said: bool
) -> list[Element]:
    if item.kind is Kind.NOTE:
        return guarded(item.guard, _note(item, level))
    heading = [] if said else [_heading(item.label, level)]
    if _says_itself(item):
        heading = [gap()]
    shown = either([item, *closing])
    return guarded(shown, *heading, *_content(item, width, level, closing))


def _note(item: Item, level: int) -> Element:
    style = f"Titre{min(level, DEEPEST)}" if item.node.heading else "Mention"
    return paragraph(style, run("{{ " + item.path + " }}"), keep=item.leading)


def _says_itself(item: Item) -> bool:
    """A table whose first column bears the very title of the table."""
    first = item.bloc.colonnes[:1] if item.kind is Kind.ROWS else ()
    return (
        bool(first)
        and typeset(first[0].titre if isinstance(first[0], Colonne) else first[0]) == item.label
    )


def _heading(label: str, level: int) -> Element:
    # A sentence that introduces what follows is no title.
    style = "Libelle" if label.endswith(":") and level > 1 else f"Titre{min(level, DEEPEST)}"
    return paragraph(style, run(label))


def _content(item: Item, width: float, level: int, closing: Sequence[Item]) -> list[Element]:
    if item.kind is Kind.LEAF:
        return [paragraph("Reponse", control(item))]
    if item.kind is Kind.ROWS:
        return rows_blocks(item, width, level, closing)
    return (
        _grid(item, width, level)
        if is_grid(item)
        else flow(list(item.children()), width, level + 1, item.label)
    )


def _grid(part: Item, width: float, level: int) -> list[Element]:
    blocks: list[Element] = []
    for is_row, group in groupby(part.children(), lambda child: child.kind is Kind.PART):
        items = list(group)
        blocks += (
            [grid_table(items, part.bloc.colonnes, width, part.label), gap()]
            if is_row
            else flow(items, width, level + 1, part.label)
        )
    return blocks


def rows_blocks(
    rows: Item, width: float, level: int, closing: Sequence[Item] = ()
) -> list[Element]:
    """Une suite de lignes : un tableau, une liste, ou une partie par ligne."""
    if rows.bloc.en_colonnes:
        return [columns_table(rows, width), gap()]
    if is_list(rows):
        return _list(rows)
    if not rows.bloc.colonnes and any(
        child.kind in (Kind.ROWS, Kind.PART) and not child.compact
        for child in rows.row().children()
    ):
        return _sheets(rows, width, level)
    return [*_chart(rows), rows_table(rows, width, closing), gap()]


def _chart(rows: Item) -> list[Element]:
    """The picture of a table, where there is something to draw."""
    path = f"graphiques.{rows.path}"
    return (
        guarded(path, paragraph("Logos", run("{{ " + path + " }}"))) if rows.bloc.graphique else []
    )


def _list(rows: Item) -> list[Element]:
    # Within a loop the numbers would go on from one turn to the next.
    bullets = "[]" in rows.node.path or rows.bloc.sans_ordre
    style = "Listepuces" if bullets else "Listenumros"
    return [
        directive(rows.loop),
        paragraph(style, control(next(rows.row().leaves()))),
        directive("endfor"),
        *reminder(rows),
    ]


def _sheets(rows: Item, width: float, level: int) -> list[Element]:
    """Rows too rich for a table: each is a part with its own heading."""
    own = rows.bloc.en_titre
    words = (
        control(rows.row().child(own))
        if own
        else run(typeset(rows.bloc.titre_de_partie()) + " {{ loop.index }}")
    )
    title = paragraph(f"Titre{min(level + 1, DEEPEST)}", words)
    inner = [child for child in rows.row().children() if child.node.name != own]
    return [
        directive(rows.loop),
        title,
        *flow(inner, width, level + 2, rows.label),
        directive("endfor"),
        *reminder(rows),
    ]
