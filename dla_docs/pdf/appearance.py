"""Ce qu'un champ de PDF montre avant que personne ne l'ait touché : son fond, et ce qu'il tient
déjà, coupé aux mots.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from dla_docs.pdf.font import EM, coded, width_of

SIZE, SMALLEST, LEADING, PADDING = 9.5, 5.0, 11.0, 2.0  # points
FONT = "/Saisie"
TINT = (
    1.0,
    0.98,
    0.906,
)  # a cream that says « write here » on the screen, and nearly nothing on paper
CROSSED = 2.5  # points between a box and its cross
EDGE, THICK = (0.29, 0.357, 0.416), 0.75  # the border: a slate that contrasts 7 to 1 with white


def ink(choices: Sequence[str] = (), width: float = 0.0) -> str:
    """La police d'un champ, en opérateurs PDF ; celle d'une liste est assez petite pour que ses
    choix tiennent dans ``width`` points.
    """
    widest = max(map(text_width, choices), default=0)
    size = max(SMALLEST, min(SIZE, SIZE * (width - 2 * PADDING) / widest)) if widest else SIZE
    return f"0 0 0 rg {FONT} {size:.1f} Tf"


def appearance(width: float, height: float, text: str, wraps: bool, ink: str) -> bytes:
    """Le dessin d'un champ, en opérateurs PDF : ``width`` et ``height`` en points."""
    tint, edge = (" ".join(f"{part:g}" for part in colour) for colour in (TINT, EDGE))
    lines = list(_wrapped(text, width - 2 * PADDING)) if wraps else [" ".join(text.split("\n"))]
    first = height - PADDING - SIZE if wraps else (height - SIZE) / 2 + 0.22 * SIZE
    room = max(1, int((height - PADDING) / LEADING))
    shown = b" T* ".join(b"(" + _encoded(line) + b") Tj" for line in islice(lines, room))
    opening = (
        f"q {tint} rg {edge} RG {THICK:g} w {THICK / 2:g} {THICK / 2:g} {width - THICK:.3f} "
        f"{height - THICK:.3f} re B Q /Tx BMC q 0 0 {width:.3f} {height:.3f} "
        f"re W n BT {ink} {LEADING:g} TL"
    )
    return opening.encode() + f" {PADDING:g} {first:.3f} Td ".encode() + shown + b" ET Q EMC"


def lines_of(text: str, width: float) -> int:
    """Le nombre de lignes d'un texte dans un champ large de ``width`` points."""
    return sum(1 for _ in _wrapped(text, width - 2 * PADDING))


def ticking(side: float, ticked: bool) -> bytes:
    """Le dessin d'une case, cochée ou non, en opérateurs PDF."""
    tint, edge = (" ".join(f"{part:g}" for part in colour) for colour in (TINT, EDGE))
    low, high, inner = THICK / 2, side - CROSSED, side - THICK
    cross = (
        f"0 0 0 RG 1.4 w {CROSSED:g} {CROSSED:g} m {high:g} {high:g} l "
        f"{CROSSED:g} {high:g} m {high:g} {CROSSED:g} l S "
    )
    frame = f"q {tint} rg {edge} RG {THICK:g} w {low:g} {low:g} {inner:g} {inner:g} re B "
    return (frame + (cross if ticked else "") + "Q").encode()


def _wrapped(text: str, width: float) -> Iterator[str]:
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if line and text_width(longer) > width:
                yield line
                line = word
            else:
                line = longer
        yield line


def text_width(text: str) -> float:
    """La largeur d'un texte dans un champ, en points."""
    return sum(map(width_of, text)) * SIZE / EM


def _encoded(line: str) -> bytes:
    # A letter that the font lacks shows without its accent until the reader draws the field itself:
    # the value keeps every sign.
    return coded(line).replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
