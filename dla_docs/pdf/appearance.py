"""Ce qu'un champ de PDF montre avant que personne ne l'ait touché : son fond, et ce qu'il tient
déjà, coupé aux mots.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from dla_docs.pdf.font import EM, coded, width_of

SIZE, SMALLEST, LEADING, PADDING = 9.5, 5.0, 11.0, 2.0  # points
# Of an answer that may be long: its sizes where two lines are all that a field holds, and at least,
# in points, from one tried to the next, and between its lines, which readers set closer.
LOW, LEAST, STEP, TIGHT = 9.0, 7.0, 0.5, 1.06
LONG_WORD = "institutionnalisation"
LONG_ANSWER = "Directrice du développement local, chargée de la vie associative et des partenaires"
FONT = "/Saisie"
TINT = (
    1.0,
    0.98,
    0.906,
)  # a cream that says « write here » on the screen, and nearly nothing on paper
CROSSED = 2.5  # points between a box and its cross
EDGE, THICK = (0.29, 0.357, 0.416), 0.75  # the border: a slate that contrasts 7 to 1 with white


def ink(size: float = SIZE) -> str:
    """La police d'un champ, en opérateurs PDF."""
    return f"0 0 0 rg {FONT} {size:.1f} Tf"


def size_for(words: Sequence[str], width: float) -> float:
    """La taille, assez petite pour que chacun de ces mots tienne dans ``width`` points."""
    widest = max(map(text_width, words), default=0)
    return max(SMALLEST, min(SIZE, SIZE * (width - 2 * PADDING) / widest)) if widest else SIZE


def free_size(width: float, height: float) -> float:
    """La taille d'un texte libre : une réponse assez longue y est vue entière, sur les lignes que
    tient le champ, et un long mot d'un seul tenant.
    """
    most = min(size_for((LONG_WORD,), width), SIZE if height > 3 * LEADING else LOW)
    sizes = (most - STEP * rank for rank in range(1 + int((most - LEAST) / STEP)))
    fits = (
        size
        for size in sizes
        if lines_of(LONG_ANSWER, width * SIZE / size) * size * TIGHT <= height - PADDING
    )
    return next(fits, min(LEAST, most))


def appearance(width: float, height: float, text: str, wraps: bool, size: float = SIZE) -> bytes:
    """Le dessin d'un champ, en opérateurs PDF : ``width`` et ``height`` en points."""
    tint, edge = (" ".join(f"{part:g}" for part in colour) for colour in (TINT, EDGE))
    leading = LEADING if size == SIZE else size * TIGHT
    breadth = (width - 2 * PADDING) * SIZE / size
    lines = list(_wrapped(text, breadth)) if wraps else [" ".join(text.split("\n"))]
    alone = len(lines) == 1 and height < 3 * LEADING
    centred = (height - size) / 2 + 0.22 * size
    first = centred if alone or not wraps else height - PADDING - size
    room = max(1, int((height - PADDING) / leading))
    shown = b" T* ".join(b"(" + _encoded(line) + b") Tj" for line in islice(lines, room))
    opening = (
        f"q {tint} rg {edge} RG {THICK:g} w {THICK / 2:g} {THICK / 2:g} {width - THICK:.3f} "
        f"{height - THICK:.3f} re B Q /Tx BMC q 0 0 {width:.3f} {height:.3f} "
        f"re W n BT {ink(size)} {leading:g} TL"
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
