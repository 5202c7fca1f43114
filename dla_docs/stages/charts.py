"""Les graphiques d'un document : chaque suite de lignes qui en porte l'indication devient une
image, tirée de ses seuls chiffres.
"""

from __future__ import annotations

import io
import textwrap
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from dla_docs.model.bloc import Bloc, attribute_at, bloc_of
from dla_docs.model.document import Document
from dla_docs.model.formats import pourcentage
from dla_docs.model.layout import Barres
from dla_docs.model.node import Kind, Node
from dla_docs.model.values.numbers import share
from dla_docs.templating import Image

if TYPE_CHECKING:  # matplotlib is an extra, and takes its time
    from matplotlib.axes import Axes

WIDTH_CM, NARROW_CM = 25.0, 16.5  # on a page that lies, or stands
BAR_CM, LEGEND_CM, HIGHEST_CM = 0.82, 0.9, 12.0  # a page also holds the headings above
MOST_BARS = 20  # more could not be read
DPI, LARGEST = 200, 8.5  # points
LABEL_SHARE, BAR_SHARE = 0.36, 0.36  # of the width; what is written beside the bars has the rest
POINT_CM = 0.02  # the width of a character, by point of its size
LABEL_LINES = ((2, 1.0), (3, 0.78))  # a long label has one more, in smaller letters
COLOURS = (
    "#0072B2",
    "#E69F00",
    "#CCCCCC",
    "#009E73",
)  # told apart by all eyes, and in grey by their hatches
DRAWN = 64  # pictures kept in memory
HATCHES = ("", "///", "...", "xxx")


@dataclass(frozen=True)
class Bar:
    """Une barre : son libellé, une quantité par série, ou ce qui en tient lieu quand il n'y en a
    pas.
    """

    label: str
    counts: tuple[int, ...]
    absent: str = ""

    @property
    def shares(self) -> list[str]:
        """La part de chaque série, à la française."""
        return [pourcentage(share(count, sum(self.counts))) for count in self.counts]


def charts(document: Document) -> dict[str, Any]:
    """Les images d'un document, rangées comme ses champs ; ``None`` là où il n'y a rien à dessiner,
    ou pas de quoi (matplotlib).
    """
    found: dict[str, Any] = {}
    for way in charted(type(document)):
        place, held = found, document
        for name in way[:-1]:
            place, held = place.setdefault(name, {}), getattr(held, name)
        place[way[-1]] = _chart(getattr(held, way[-1]), type(held), way[-1], document.paysage)
    return found


@cache
def charted(model: type[Document]) -> tuple[tuple[str, ...], ...]:
    """Où, dans un document de cette sorte, une image se dessine : le chemin de chacune."""
    return tuple(_ways(model, model.schema_node(), ()))


def _ways(model: type[Bloc], node: Node, above: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Rows of rows have no chart: a page shows one above a table."""
    for name, child in node.children.items():
        inner = bloc_of(model, name) if child.kind in (Kind.PART, Kind.ROWS) else None
        if inner is not None and child.kind is Kind.ROWS and inner.graphique:
            yield (*above, name)
        elif inner is not None and child.kind is Kind.PART:
            yield from _ways(inner, child, (*above, name))


def _chart(rows: Sequence[Bloc], owner: type[Bloc], name: str, wide: bool) -> Image | None:
    node, model = owner.schema_node().children[name], bloc_of(owner, name)
    if not rows or model is None or model.graphique is None:
        return None
    hint = model.graphique
    series = [_label(node, path) for path in hint.series]
    bars = [_bar(row, hint) for row in rows]
    if not any(sum(bar.counts) for bar in bars):
        return None
    return draw(node.label, series, bars, WIDTH_CM if wide else NARROW_CM)


def _label(node: Node, path: str) -> str:
    found = node.find(path)
    return found.label if found else path


def _bar(row: Bloc, hint: Barres) -> Bar:
    counts = tuple(attribute_at(row, path) or 0 for path in hint.series)
    absent = str((hint.absent and attribute_at(row, hint.absent)) or "aucune réponse")
    return Bar(str(attribute_at(row, hint.libelle) or ""), counts, "" if sum(counts) else absent)


def draw(title: str, series: Sequence[str], bars: Sequence[Bar], width_cm: float) -> Image | None:
    """Des barres horizontales, empilées jusqu'à 100 %, leurs parts écrites à côté ; ``None`` sans
    matplotlib.
    """
    if not can_draw():
        return None
    shown = tuple(bars[:MOST_BARS])
    height_cm = min(LEGEND_CM + BAR_CM * len(shown), HIGHEST_CM)
    picture = _painted(tuple(series), shown, width_cm, height_cm)
    return Image(picture, width_cm, height_cm, alternative(title, series, bars))


@lru_cache(DRAWN)
def _painted(
    series: tuple[str, ...], bars: tuple[Bar, ...], width_cm: float, height_cm: float
) -> bytes:
    """Drawn once: its document is rendered, proved, and often made again with the same figures."""
    import matplotlib.style

    with (
        matplotlib.style.context("default"),
        warnings.catch_warnings(),
    ):  # whatever a notebook has set
        warnings.simplefilter(
            "ignore"
        )  # matplotlib's remarks, in English, on a sign that its font lacks
        return _figure(series, bars, width_cm, height_cm)


def _figure(series: Sequence[str], bars: Sequence[Bar], width_cm: float, height_cm: float) -> bytes:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width_cm / 2.54, height_cm / 2.54))
    axes = figure.add_axes((LABEL_SHARE, 0.0, BAR_SHARE, 1 - LEGEND_CM / height_cm))
    _stack(axes, series, bars)
    _dress(axes, bars, LARGEST * min(1, (height_cm - LEGEND_CM) / len(bars) / BAR_CM), width_cm)
    target = io.BytesIO()
    figure.savefig(
        target, format="png", dpi=DPI, metadata={"Software": None}
    )  # the same bytes for the same figures
    return target.getvalue()


def can_draw() -> bool:
    """Vrai quand matplotlib est installé."""
    return find_spec("matplotlib") is not None


def _stack(axes: Axes, series: Sequence[str], bars: Sequence[Bar]) -> None:
    left = [0.0] * len(bars)
    for number, name in enumerate(series):
        widths = [100 * bar.counts[number] / (sum(bar.counts) or 1) for bar in bars]
        colour, hatch = COLOURS[number % len(COLOURS)], HATCHES[number % len(HATCHES)]
        axes.barh(
            range(len(bars)),
            widths,
            left=left,
            height=0.62,
            label=name,
            color=colour,
            hatch=hatch,
            edgecolor="#333333",
            linewidth=0.5,
        )
        left = [before + width for before, width in zip(left, widths, strict=True)]
    axes.legend(
        loc="lower left", bbox_to_anchor=(0, 1), ncols=len(series), frameon=False, fontsize=9
    )


def _dress(axes: Axes, bars: Sequence[Bar], size: float, width_cm: float) -> None:
    labels = [_wrapped(bar.label, size, width_cm) for bar in bars]
    axes.set_xlim(0, 100)
    axes.set_ylim(len(bars) - 0.5, -0.5)  # the first row on top, as in the table
    axes.set_xticks([])
    axes.set_yticks(
        range(len(bars)),
        [text for text, _ in labels],
        linespacing=0.9,
        parse_math=False,
    )
    for drawn, (_, own) in zip(axes.get_yticklabels(), labels, strict=True):
        drawn.set_fontsize(own)
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)
    for number, bar in enumerate(bars):
        total = sum(bar.counts)
        beside = (
            f"{' · '.join(bar.shares)}   ({total} réponse{'s' if total > 1 else ''})"
            if total
            else bar.absent
        )
        axes.text(
            101.5 if total else 1,
            number,
            beside,
            va="center",
            fontsize=size,
            color="#222222",
            parse_math=False,
        )


def _wrapped(label: str, size: float, width_cm: float) -> tuple[str, float]:
    """The lines of a label and the size of their letters; beyond, the table says the rest."""
    for most, scale in LABEL_LINES:
        characters = int(width_cm * LABEL_SHARE / (POINT_CM * size * scale))
        lines = textwrap.wrap(label, characters)
        if len(lines) <= most:
            break
    said = "\n".join(lines[:most])
    whole = said if len(lines) <= most else said[: characters * most - 2].rstrip(" ,;") + " …"
    return whole, size * scale


def alternative(title: str, series: Sequence[str], bars: Sequence[Bar]) -> str:
    """Ce qu'en lit quelqu'un qui ne voit pas l'image : de quoi elle parle, et ses deux extrêmes ;
    le tableau qui suit a tous les chiffres.
    """
    said = [bar for bar in bars if sum(bar.counts)]
    ranked = sorted(said, key=lambda bar: bar.counts[0] / sum(bar.counts))
    low, high = (
        f"« {' '.join(bar.label.split())} » ({bar.shares[0]})" for bar in (ranked[0], ranked[-1])
    )
    drawn = (
        f"les {MOST_BARS} premières lignes du tableau"
        if len(bars) > MOST_BARS
        else f"{len(said)} ligne{'s' if len(said) > 1 else ''}"
    )
    extremes = (
        f" Le plus de {series[0]} : {high} ; le moins : {low}."
        if len(said) > 1
        else f" {series[0]} : {high}."
    )
    return (
        f"{title} : graphique en barres empilées, parts de {', '.join(series)}, "
        f"{drawn}.{extremes} Les chiffres sont dans le tableau qui suit."
    )
