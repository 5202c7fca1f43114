"""Ce que ``dla-docs`` écrit à l'écran : phrases, tableaux, constats, JSON. En couleurs sur un
terminal ; ailleurs, une ligne par chose, entière.
"""

from __future__ import annotations

import json
import os
import re
import sys
import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dla_docs.cli.columns import drawn_table
from dla_docs.cli.report import current, keep_file, whole_path
from dla_docs.constat import Constat, Gravite
from dla_docs.errors import DlaDocsError, NonConformityError
from dla_docs.spelling import counted

if TYPE_CHECKING:  # rich is imported where something is drawn
    from rich.console import Console
    from rich.text import Text

COLOURS = {
    Gravite.BLOQUANT: "bold red",
    Gravite.AVERTISSEMENT: "bold yellow",
    Gravite.INFORMATION: "bold cyan",
}
UNSHOWN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]"
)  # a file name or a document must not drive the terminal
FORCED = {"FORCE_COLOR", "TTY_COMPATIBLE"}  # what makes rich take anything for a terminal
GAP = "  "
CUT = (
    "La fois d'avant avait été coupée pendant qu'elle écrivait : ce dossier est de nouveau entier."
)
OLD = "D'une fois d'avant, et qui ne se fait plus : {}"
TAKEN_AWAY = "Ôté, le destinataire n'a plus à le lire : {}"
GLUE, GLUED = re.compile("(?<=«) | (?=[»:;!?])"), "\ue000"


def console(error: bool = False) -> Console:
    """Là où l'on écrit : la sortie, ou la sortie d'erreur."""
    from rich.console import Console

    return Console(stderr=error, highlight=False, emoji=False, markup=False)


def terminal(error: bool = False) -> Console | None:
    """Le terminal où l'on écrit ; ``None`` quand ce n'en est pas un, et rich ne se charge pas."""
    stream = sys.stderr if error else sys.stdout
    if not stream.isatty() and os.environ.keys().isdisjoint(FORCED):
        return None
    screen = console(error)
    return screen if screen.is_terminal else None


def say_title(text: str) -> None:
    """Une ligne de titre."""
    if screen := terminal():
        screen.print(text, style="bold", soft_wrap=True)
    else:
        say(text)


def say(text: str, error: bool = False) -> None:
    """Une ligne, telle quelle ; à la sortie d'erreur quand des données sont demandées."""
    print(_shown(text), file=sys.stderr if error or current().asked else sys.stdout)


def say_written(path: Path | str, more: str = "") -> None:
    """Un fichier écrit, ou déjà ainsi : où il est, d'où qu'on le cherche."""
    keep_file(path)
    say(f"{whole_path(path)}{more}")


def say_each_written(paths: Iterable[Path]) -> None:
    """Plusieurs fichiers, tels qu'ils ont été demandés, puis leur nombre et leur dossier."""
    found = list(paths)
    if len(found) == 1:
        say_written(found[0])
        return
    for path in found:
        keep_file(path)
        say(str(path))
    if found:
        folder = os.path.commonpath([os.path.dirname(whole_path(path)) for path in found])
        say(f"{counted(len(found), 'fichier')} dans {folder}.")


def say_part(head: str, text: str) -> None:
    """Une ligne « tête : texte », pliée sur un terminal ; rien quand il n'y a pas de texte."""
    if text:
        say_folded(f"{head} : {text}")


def say_folded(text: str, error: bool = False) -> None:
    """Une phrase ; un terminal la plie entre deux mots, et retire ses lignes suivantes."""
    if screen := terminal(error):
        first, *rest = _wrapped(text, screen.width - len(GAP))
        say("\n".join([first, *(f"{GAP}{more}" for more in rest)]), error)
    else:
        say(_one_line(text), error)


def say_gap() -> None:
    """Une ligne vide entre deux parties, à l'écran seulement."""
    if terminal():
        say("")


def say_raw(text: str) -> None:
    """Un texte entier, à rediriger dans un fichier."""
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")


def show_json(data: Any) -> None:
    """Des données, pour un programme."""
    current().shown = True
    say_raw(json.dumps(data, ensure_ascii=False, indent=2))


def show_table(
    headings: Sequence[str], rows: Iterable[Sequence[str | Text]], whole: int = 1
) -> None:
    """Un tableau ; sur un terminal, seules les ``whole`` premières colonnes ne se plient pas."""
    if screen := terminal():
        screen.print(drawn_table(headings, rows, whole, screen.width))
    else:
        _print_columns([headings, *rows])


def _print_columns(rows: Sequence[Sequence[str | Text]]) -> None:
    from rich.cells import cell_len

    plain = [[_one_line(str(cell)) for cell in row] for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(*plain, strict=True)]
    for row in plain:
        padded = (
            cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)
        )
        say(GAP.join(padded).rstrip())


def show_constats(constats: Iterable[Constat], error: bool = True) -> None:
    """Les constats, leur gravité en tête ; hors d'un terminal, un par ligne."""
    error = error or current().asked
    for constat in constats:
        current().constats[constat] = None
        _show(constat, str(constat.gravite).upper(), COLOURS[constat.gravite], error)


def show_error(error: DlaDocsError | str) -> None:
    """Une erreur : ses constats, ou sa phrase ; ce qu'elle dit de plus sans que ce soit une faute
    a sa gravité en tête.
    """
    if isinstance(error, NonConformityError):
        show_constats(error.constats)
        return
    for constat in error.constats if isinstance(error, DlaDocsError) else (Constat(error),):
        current().constats[constat] = None
        is_fault = constat.gravite is Gravite.BLOQUANT
        head = "ERREUR" if is_fault else str(constat.gravite).upper()
        _show(constat, head, COLOURS[constat.gravite], error=True)


def _show(constat: Constat, head: str, colour: str, error: bool) -> None:
    if screen := terminal(error):
        screen.print(_drawn_constat(constat, head, colour, screen.width), soft_wrap=True)
    else:
        say(_one_line(f"{head} {constat}"), error)


def _drawn_constat(constat: Constat, head: str, colour: str, width: int) -> Text:
    from rich.text import Text

    place = ", ".join(
        part
        for part in (_shown(constat.fichier), f"ligne {constat.ligne}" if constat.ligne else "")
        if part
    )
    if not place:
        drawn = Text(_indented(f"{head}{GAP}{constat.message}", width).strip())
        drawn.stylize(colour, 0, len(head))
    else:
        drawn = Text.assemble(
            (head, colour), GAP, (place, "dim"), _indented(constat.message, width)
        )
    drawn.append(_indented(constat.source, width), "dim")
    return drawn.append(_indented(f"→ {constat.conseil}" if constat.conseil else "", width))


def _indented(text: str, width: int) -> str:
    return "".join(f"\n{GAP}{line}" for line in _wrapped(text, width - len(GAP)))


def _wrapped(text: str, width: int) -> list[str]:
    """Lines that never part « from its word, nor : from the one before."""
    glued = GLUE.sub(GLUED, _shown(text))
    return [
        line.replace(GLUED, " ")
        for line in textwrap.wrap(
            glued, max(width, 20), break_long_words=False, break_on_hyphens=False
        )
    ]


def summary(constats: Iterable[Constat]) -> str:
    """Le nombre de constats par gravité : « 2 bloquants, 1 avertissement » ; vide quand il n'y en a
    pas.
    """
    found = Counter(constat.gravite for constat in constats)
    return ", ".join(
        counted(found[gravite], str(gravite)) for gravite in sorted(found, reverse=True)
    )


def _shown(text: str) -> str:
    return UNSHOWN.sub("?", text)


def _one_line(text: str) -> str:
    return re.sub(r"[ \t]*[\r\n]+[ \t]*", " ", text)
