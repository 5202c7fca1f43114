"""Le contenu d'une cellule : une valeur, une partie, plusieurs champs l'un sous l'autre."""

from __future__ import annotations

from collections.abc import Iterable

from dla_docs.builder.compact import CELL, compact_blocks, inline_if
from dla_docs.builder.control import control
from dla_docs.builder.items import Item
from dla_docs.builder.printed_words import introduced
from dla_docs.builder.wml import Element, directive, guarded, paragraph, run
from dla_docs.model.node import Kind

FIGURES = frozenset({"nombre", "montant", "montant_ht", "jours", "jours_longs", "pourcentage"})


def is_figure(items: Iterable[Item]) -> bool:
    """Vrai d'une cellule qui ne tient qu'un montant ou un nombre."""
    fields = [leaf for item in items for leaf in _fields(item)]
    return len(fields) == 1 and fields[0].kind is Kind.LEAF and fields[0].node.format in FIGURES


def cell_blocks(items: Iterable[Item], heading: str = "", number: str = "") -> list[Element]:
    """Les paragraphes d'une cellule ; un libellé que le titre de la colonne (``heading``) dit déjà
    n'est pas redit.
    """
    fields = [leaf for item in items for leaf in _fields(item)]
    alone = len(fields) == 1 and not number
    return [
        block
        for rank, field in enumerate(fields)
        for block in _field(
            field, "" if alone else _label(field, heading, rank, number), alone, rank, number
        )
    ]


def _fields(item: Item) -> list[Item]:
    """What is printed on a line of its own."""
    if item.kind is Kind.PART and not item.compact:
        return [field for child in item.children() for field in _fields(child)]
    return [item]


def _label(field: Item, heading: str, rank: int, number: str) -> str:
    said = field.label.casefold() in heading.casefold() or (number and not rank)
    return "" if said and not rank else introduced(field.label)


def _field(field: Item, label: str, alone: bool, rank: int, number: str) -> list[Element]:
    start = (
        [run(f"{number} {{{{ loop.index }}}}\N{NO-BREAK SPACE}: ", "Fort")]
        if number and not rank
        else []
    )
    start += _labelled(field, label)
    if field.kind is Kind.NOTE:
        return guarded(field.guard, paragraph(CELL, run("{{ " + field.path + " }}")))
    if field.compact:
        return [*([paragraph(CELL, *start)] if start else []), *compact_blocks(field)]
    if field.kind is Kind.ROWS:
        return guarded(field.guard, *([paragraph(CELL, *start)] if start else []), *_rows(field))
    if alone:  # the cell stands whatever it says
        return [paragraph(CELL, *start, *_quiet(field))]
    return guarded(field.guard, paragraph(CELL, *start, control(field)))


def _labelled(field: Item, label: str) -> list[Element]:
    choices = field.node.choices
    if label and choices and all(choice.startswith(field.node.label) for choice in choices):
        return []  # « Ingénierie individuelle » says itself what it is, beside its box too
    return [run(label, "LibelleEnLigne")] if label else []


def _rows(rows: Item) -> list[Element]:
    line = [
        run("– "),
        *(piece for leaf in rows.row().leaves() for piece in (control(leaf), run(" "))),
    ]
    return [directive(rows.loop), paragraph(CELL, *line[:-1]), directive("endfor")]


def _quiet(field: Item) -> list[Element]:
    """A cell that nobody has to fill is no gap, even in a draft."""
    return inline_if(
        f"{field.filled} or formulaire" if field.node.column else field.guard, control(field)
    )
