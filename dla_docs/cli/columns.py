"""Un tableau sur un terminal : aucun mot n'y est coupé ; quand l'écran est trop étroit pour toutes
ses colonnes, ses lignes s'écrivent l'une sous l'autre.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # rich is imported where something is drawn
    from rich.console import RenderableType
    from rich.text import Text

    Row = Sequence[str | Text]

BETWEEN = 2  # spaces between two columns: one of padding, one of the box


def drawn_table(headings: Row, rows: Iterable[Row], whole: int, room: int) -> RenderableType:
    """Le tableau, dans une largeur de ``room`` ; ses ``whole`` premières colonnes ne se plient
    pas.
    """
    listed = [headings, *rows]
    widths = _widths(listed, whole, room - BETWEEN * (len(headings) - 1))
    return _side_by_side(listed, widths) if widths else _one_below_another(listed)


def _widths(rows: Sequence[Row], whole: int, room: int) -> list[int]:
    """Each column as wide as its longest word, and what is left given to those that want more;
    empty when the words do not fit.
    """
    columns = [[str(cell) for cell in column] for column in zip(*rows, strict=True)]
    full = [_longest(line for cell in column for line in cell.split("\n")) for column in columns]
    words = [_longest(word for cell in column for word in cell.split()) for column in columns]
    least = [*full[:whole], *words[whole:]]
    spare, wanted = room - sum(least), sum(full) - sum(least)
    if spare < 0:
        return []
    share = min(spare / wanted, 1) if wanted else 0
    return [low + int((high - low) * share) for low, high in zip(least, full, strict=True)]


def _longest(words: Iterable[str]) -> int:
    from rich.cells import cell_len

    return max(map(cell_len, words), default=0)


def _side_by_side(rows: Sequence[Row], widths: Sequence[int]) -> RenderableType:
    from rich import box
    from rich.table import Table

    table = Table(
        box=box.SIMPLE_HEAD,
        header_style="bold",
        padding=(0, 1, 0, 0),
        pad_edge=False,
        show_edge=False,
    )
    for heading, width in zip(rows[0], widths, strict=True):
        table.add_column(heading, width=width, overflow="fold")
    for row in rows[1:]:
        table.add_row(*row)
    return table


def _one_below_another(rows: Sequence[Row]) -> RenderableType:
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    drawn: list[RenderableType] = []
    for first, *others in rows[1:]:
        drawn.append(first)
        left = BETWEEN + len(str(first)) - len(str(first).lstrip())
        for heading, cell in zip(rows[0][1:], others, strict=True):
            if str(cell).strip():
                line = Text.assemble((f"{heading} : ", "dim"), cell)
                drawn.append(Padding(line, (0, 0, 0, left), expand=False))
    return Group(*drawn)
