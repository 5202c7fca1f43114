"""``python -m dla_docs.cli.moving_picture [IMAGE]`` : récrit ``docs/images/terminal.svg``, un
terminal où les premières commandes se tapent, avec ce qu'elles écrivent vraiment.

L'image ne demande rien au dehors, dure moins de cinq secondes, puis reste entière ; qui a demandé
moins de mouvement la voit entière aussitôt.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

WIDTH, NAME, PROMPT = 104, "ecran", "$ "
MISSION, COST = "mission_individuelle.yaml", "      cout_moyen: 900 €\n"
SESSION = (
    "dla-docs exemple mission -o essai && cd essai",
    f"# Dans {MISSION}, le coût moyen est effacé",
    f"dla-docs verifier {MISSION}",
    "# Il est remis",
    f"dla-docs verifier {MISSION}",
    f"dla-docs trame grille_de_suivi -o grille.docx --mission {MISSION} --pour prestataire",
)
"""Ce qui se tape ; une remarque dit ce qu'une main fait du fichier, la première fois l'ôte, la
seconde le remet.
"""
TYPED, READ = 0.4, 0.4  # seconds: a command, then what it wrote; less than five in all
INK, PAPER = (226, 232, 238), (28, 34, 41)
RED, GREEN, YELLOW, CYAN = (255, 123, 114), (126, 231, 135), (242, 204, 96), (118, 227, 234)
DARK = TerminalTheme(PAPER, INK, [PAPER, RED, GREEN, YELLOW, CYAN, CYAN, CYAN, INK])
FORMAT = """\
<svg class="terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-size: {char_height}px; }}
text {{ font-family: ui-monospace, Menlo, Consolas, monospace; }}
@keyframes tape {{ from {{ clip-path: inset(0 100% 0 0); }} to {{ clip-path: inset(0); }} }}
@keyframes montre {{ from {{ visibility: hidden; }} }}
@media (prefers-reduced-motion: reduce) {{ text {{ animation: none !important; }} }}
{styles}
</style>
<defs>{lines}</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})"><g class="{unique_id}-matrix">{matrix}</g></g>
</svg>
"""
DRAWN = re.compile(rf"<text (?=[^>]*#{NAME}-line-(\d+)\))")


def played(folder: Path) -> Iterator[list[str]]:
    """Pour chaque commande tapée dans ce dossier, les lignes du terminal, couleurs comprises."""
    where = folder
    for typed in SESSION:
        if typed.startswith("#"):
            _edit(where / MISSION)
            yield [f"\x1b[2m{PROMPT}{typed}\x1b[0m"]
        else:
            command, _, entered = typed.partition(" && cd ")
            written = _written(shlex.split(command)[1:], where)
            where /= entered
            yield [f"{PROMPT}\x1b[1m{typed}\x1b[0m", *written.splitlines()]


def _edit(path: Path) -> None:
    """Takes the cost out, or puts it back where it was."""
    text = path.read_text(encoding="utf-8")
    before = "      jours_maximum: 10 j\n"
    shorter, longer = before, before + COST
    old, new = (longer, shorter) if longer in text else (shorter, longer)
    path.write_text(text.replace(old, new), encoding="utf-8")


def _written(words: list[str], folder: Path) -> str:
    screen = {"FORCE_COLOR": "1", "TERM": "xterm-256color", "COLUMNS": str(WIDTH)}
    kept = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    done = subprocess.run(
        [sys.executable, "-m", "dla_docs", *words],
        cwd=folder,
        env=kept | screen | {"PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    # Commands say whole paths; a picture shows them from the folder where one works.
    return done.stdout.replace(f"{folder}{os.sep}", "")


def svg(steps: list[list[str]]) -> str:
    """Le terminal dessiné, chaque commande et ce qu'elle écrit à leur tour."""
    screen = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    moves = []
    for rank, (typed, *written) in enumerate(steps):
        start = rank * (TYPED + READ)
        for line in (typed, *written):
            screen.print(Text.from_ansi(line), soft_wrap=True)
        how = f"tape {TYPED}s steps({len(SESSION[rank])}) {start:.1f}s backwards"
        moves += [how, *[f"montre 1ms {start + TYPED:.1f}s backwards"] * len(written)]
    drawn = screen.export_svg(title="dla-docs", theme=DARK, code_format=FORMAT, unique_id=NAME)
    return DRAWN.sub(lambda one: f'<text style="animation: {moves[int(one[1])]}" ', drawn)


def main(target: Path) -> None:
    """Joue les commandes, écrit l'image."""
    with TemporaryDirectory() as folder:
        steps = list(played(Path(folder).resolve()))
    target.write_text(svg(steps), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/images/terminal.svg"))
