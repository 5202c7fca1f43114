"""Dessine où passe le temps de calcul d'une fiche et d'une mission : ``docs/images/flamme_*.svg``.

``python -m tests.bench.flammes NOM [DOSSIER]`` écrit ``flamme_fiche_NOM.svg`` et
``flamme_mission_NOM.svg`` ; ``DOSSIER`` est une autre copie du dépôt, celle d'avant un changement,
dont le code est alors mesuré. La pile est relevée à chaque milliseconde de calcul ; un étage est
une fonction, sa largeur le temps qu'elle prend, ce qu'elle appelle est au-dessus d'elle.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
EVERY = 0.001  # seconds of CPU
ROUNDS, SHEETS = 20, 20
WIDTH, ROW, LEAST, MARGIN = 1200, 16, 0.004, 24
LETTER = 6.2  # pixels
OURS, BESIDE = ("#f2a65a", "#f6c177"), ("#c9d6df", "#dde6ed")

FLAMES = (
    (
        "fiche",
        "Une fiche de lot",
        "l'impression et sa pagination prennent un tiers du temps, la preuve un cinquième, les "
        "données jointes un dixième",
        "imprimer et prouver en prennent chacun un sixième, mettre la page et joindre les données "
        "chacun un dixième, lire la ligne un quinzième",
    ),
    (
        "mission",
        "Le dossier d'une mission, dans un processus neuf",
        "importer prend un quart du temps, compiler les modèles Word un quart, vérifier un "
        "dixième, lire la mission et bâtir ses classes un sixième",
        "importer prend un quart d'un temps plus court, vérifier un cinquième, compiler un "
        "septième, imprimer et lire la mission chacun un huitième",
    ),
)
"""Ce qui est dessiné, et ce qu'en montre le dessin d'avant, puis celui d'après."""


def page() -> Iterator[str]:
    """Ces dessins, tels que les montre docs/performances.md."""
    yield "## Où passe le temps\n"
    yield (
        "Une colonne est une pile d'appels, une largeur le temps de calcul ; ce qui est du projet "
        "est orange.\n`python -m tests.bench.flammes` les dessine, d'après ce dépôt ou une copie "
        "d'avant. Avant : 32d3d3d ; après : les décisions 0026, 0027, 0030 et 0031."
    )
    for name, what, before, after in FLAMES:
        yield f"\n{what}, avant puis après :\n"
        yield f"![Avant : {before}.](images/flamme_{name}_avant.svg)\n"
        yield f"![Après : {after}.](images/flamme_{name}_apres.svg)"


@dataclass
class Flame:
    """Une fonction, combien de fois on l'a trouvée en cours, et ce qu'elle appelait."""

    name: str
    ours: bool = False
    hits: int = 0
    above: dict[str, Flame] = field(default_factory=dict)

    def add(self, stack: list[tuple[str, bool]]) -> None:
        """Une pile relevée, de la plus ancienne à la plus récente."""
        flame = self
        flame.hits += 1
        for name, ours in stack:
            flame = flame.above.setdefault(name, Flame(name, ours))
            flame.hits += 1

    @property
    def height(self) -> int:
        """Combien d'étages se dessinent."""
        return 1 + max((one.height for one in self.above.values()), default=0)

    def cut(self, least: float) -> Flame:
        """La même, sans ce qui ne se verrait pas."""
        kept = {name: one.cut(least) for name, one in self.above.items() if one.hits >= least}
        return Flame(self.name, self.ours, self.hits, kept)


def sampled(action: Callable[[], object], root: Path) -> Flame:
    """Où passe le temps de calcul de cette action, dont le code est sous ``root``."""
    base = Flame("tout")

    def look(_: int, frame: FrameType | None) -> None:
        stack: list[tuple[str, bool]] = []
        while frame is not None and frame.f_code is not action.__code__:
            if not frame.f_code.co_filename.startswith("<frozen importlib"):
                stack.append(_named(Path(frame.f_code.co_filename), frame.f_code.co_name, root))
            frame = frame.f_back
        if frame is not None:
            base.add(stack[::-1])

    before = signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)
    try:
        action()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    return base.cut(base.hits * LEAST)


def _named(path: Path, function: str, root: Path) -> tuple[str, bool]:
    """A function, and whether it is of the project."""
    package = root / "dla_docs"
    ours = path.is_relative_to(package)
    home = str(path.relative_to(package).with_suffix("")) if ours else path.stem
    return f"{function} · {home.replace(os.sep, '.')}", ours


def drawn(flame: Flame, title: str) -> str:
    """Le dessin, en SVG."""
    high = flame.height * ROW + MARGIN
    boxes = "\n".join(_boxes(flame, 0.0, WIDTH / flame.hits, high - ROW))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{high}" role="img" '
        f'font-family="sans-serif" font-size="11">\n<title>{escape(title)}</title>\n'
        f'<rect width="100%" height="100%" fill="#ffffff"/>\n'
        f'<text x="4" y="15" font-size="13">{escape(title)}</text>\n{boxes}\n</svg>\n'
    )


def _boxes(flame: Flame, left: float, scale: float, top: int) -> Iterator[str]:
    width = flame.hits * scale
    colour = (OURS if flame.ours else BESIDE)[len(flame.name) % 2]
    shown = flame.name[: int((width - 6) / LETTER)] if width > 20 else ""
    yield (
        f"<g><title>{escape(flame.name)} : {100 * flame.hits * scale / WIDTH:.1f} %</title>"
        f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{ROW - 1}" fill="{colour}"/>'
        f'<text x="{left + 3:.1f}" y="{top + 12}">{escape(shown)}</text></g>'
    )
    for one in sorted(flame.above.values(), key=lambda one: one.name):
        yield from _boxes(one, left, scale, top - ROW)
        left += one.hits * scale


def sheets() -> Callable[[], object]:
    """Des fiches d'un lot, toutes différentes."""
    from dla_docs.lot import batch
    from tests.lot.lignes import SLUG, row

    lots = [[row(SHEETS * rank + one) for one in range(SHEETS)] for rank in range(ROUNDS)]

    def make() -> None:
        for rows in lots:
            with tempfile.TemporaryDirectory() as folder:
                assert all(result.fichiers for result in batch(rows, SLUG, folder))

    return make


def mission() -> Callable[[], object]:
    """Le dossier de la mission d'exemple, dans un processus neuf."""
    sample = Path.cwd() / "samples" / "mission_individuelle.yaml"

    def make() -> None:
        from dla_docs.dossier import make_dossier
        from dla_docs.stages.loading import load_mission

        with tempfile.TemporaryDirectory() as folder:
            make_dossier(load_mission(sample), folder)

    return make


DRAWN = {"fiche": sheets, "mission": mission}
TOLD = {"fiche": "Une fiche de lot", "mission": "Le dossier d'une mission", "apres": "après"}


ALONE = """
import importlib.util, sys
found = importlib.util.spec_from_file_location("flammes", {!r})
sys.modules["flammes"] = module = importlib.util.module_from_spec(found)
found.loader.exec_module(module)
module.draw({!r}, {!r}, {!r})
"""  # the code that is measured is that of the folder; what measures it is this file


def main() -> None:
    """Dessine l'un et l'autre, chacun dans un processus neuf."""
    name, *rest = sys.argv[1:]
    home = Path(rest[0]) if rest else ROOT
    for what in DRAWN:
        target = IMAGES / f"flamme_{what}_{name}.svg"
        code = ALONE.format(__file__, what, name, str(target))
        subprocess.run([sys.executable, "-c", code], cwd=home, check=True)
        print(target.relative_to(ROOT))


def draw(what: str, name: str, target: str) -> None:
    """Mesure dans ce processus, et écrit le dessin."""
    flame = sampled(DRAWN[what](), Path.cwd())
    Path(target).write_text(drawn(flame, f"{TOLD[what]}, {TOLD.get(name, name)}"), encoding="utf-8")


if __name__ == "__main__":
    main()
