"""L'aide d'une commande : comment elle s'écrit, ce qu'elle fait, ce qu'il faut donner, des
exemples.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from dla_docs.cli.display import GAP, console
from dla_docs.cli.refusals import label

if TYPE_CHECKING:  # rich is imported where something is drawn
    from rich.console import Console

NARROWEST, WIDEST = 60, 100  # columns between which frames are pleasant to read

Row = tuple[str, str]


def write_help(command: Any, context: Any) -> str:
    """Le texte de l'aide ; en couleurs et en cadres sur un terminal, sans rien couper ailleurs."""
    screen = console()
    head, text = f"Usage : {usage(command, context)}", description(command)
    listed = [(title, list(rows)) for title, rows in sections(command, context)]
    told = [(title, rows) for title, rows in listed if rows]
    context.color = screen.is_terminal  # or typer would take the colours away again
    if not screen.is_terminal or screen.width < NARROWEST:
        return _plain(head, text, told)
    screen.width = min(screen.width, WIDEST)
    with screen.capture() as drawn:
        _draw(screen, head, text, told)
    return drawn.get()


def description(command: Any) -> str:
    """Ce que fait une commande : le premier paragraphe de sa docstring."""
    return str(command.help or "").split("\n\n")[0].replace("\n", " ").strip()


def examples(command: Any) -> list[str]:
    """Les lignes de commande que la docstring donne en exemple ;
    une ligne coupée y finit par « \\ »."""
    text = re.sub(r"\s*\\\n\s*", " ", str(command.help or ""))
    return [line.strip() for line in text.splitlines() if line.strip().startswith("dla-docs ")]


def usage(command: Any, context: Any) -> str:
    """Comment la commande s'écrit, sur une ligne."""
    params = command.get_params(context)
    arguments = [
        label(param) if param.required else f"[{label(param)}]"
        for param in params
        if param.param_type_name == "argument"
    ]
    needed = [
        label(param) for param in params if param.param_type_name == "option" and param.required
    ]
    below = ["COMMANDE …"] if hasattr(command, "commands") else []
    return " ".join([context.command_path, *arguments, *needed, *below, "[options]"])


def sections(command: Any, context: Any) -> Iterator[tuple[str, Iterator[Row]]]:
    """Ce qui suit, titre par titre : chaque nom, et ce qu'il veut dire."""
    params = command.get_params(context)
    commands = getattr(command, "commands", {})
    yield "Commandes", ((name, description(other)) for name, other in commands.items())
    yield (
        "À donner",
        ((label(param), _said(param)) for param in params if param.param_type_name == "argument"),
    )
    options = sorted(
        (param for param in params if param.param_type_name == "option"),
        key=lambda param: not param.required,
    )
    yield "Options", ((_names(param), _said(param)) for param in options)
    yield "Exemples", ((line, "") for line in examples(command))


def _names(param: Any) -> str:
    names = ", ".join(sorted(param.opts, key=lambda name: (name.startswith("--"), name)))
    return names if param.is_flag else f"{names} {param.metavar}"


def _said(param: Any) -> str:
    needless = not param.required or param.param_type_name == "argument"
    return str(param.help or "") if needless else f"{param.help} (obligatoire)"


def _plain(head: str, text: str, sections: Sequence[tuple[str, list[Row]]]) -> str:
    width = max(len(name) for title, rows in sections for name, said in rows if said)
    lines = [head, "", text]
    for title, rows in sections:
        lines += [
            "",
            title,
            *(f"{GAP}{name.ljust(width)}{GAP}{said}".rstrip() for name, said in rows),
        ]
    return "\n".join(lines)


def _draw(screen: Console, head: str, text: str, sections: Sequence[tuple[str, list[Row]]]) -> None:
    from rich.padding import Padding
    from rich.panel import Panel
    from rich.text import Text

    screen.print(Padding(Text(head, "bold"), (1, 1, 1, 1)))
    screen.print(Padding(Text(text), (0, 1, 1, 1)))
    width = max(len(name) for _, rows in sections for name, said in rows if said)
    for title, rows in sections:
        screen.print(
            Panel(
                _grid(rows, width),
                title=Text(title, "bold"),
                title_align="left",
                border_style="dim",
            )
        )


def _grid(rows: list[Row], width: int) -> Any:
    from rich.table import Table
    from rich.text import Text

    if not any(said for _, said in rows):
        return Text("\n".join(name for name, _ in rows), "cyan")
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="cyan", no_wrap=True, min_width=width)
    grid.add_column()
    for row in rows:
        grid.add_row(*map(Text, row))
    return grid
