"""L'alignement de deux pages : quelle ligne de celle qui revient est quelle ligne de celle qui
était partie, quoi qu'on y ait écrit, ajouté ou ôté.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import NamedTuple

from dla_docs.raw.overlaying import CLE
from dla_docs.word.boxes import mark_of
from dla_docs.word.invitations import INVITATIONS
from dla_docs.word.page import MARK, Cell, Control, PageLine, plain


class Pair(NamedTuple):
    """Une ligne partie et la même revenue ; ``None`` d'un côté pour ce qui a été ôté ou ajouté.
    ``moved`` : elle n'est plus à sa place parmi les autres.
    """

    sent: PageLine | None
    back: PageLine | None
    moved: bool = False


Tags = tuple[str, ...]

MOST_PAIRS = 400_000  # beyond, the two pages have nothing to do with each other
MOST_ROW = 100  # what a row says counts less than one of its tags
LEAST = 0.25  # two lines less alike than this are two lines


def aligned(sent: Sequence[PageLine], back: Sequence[PageLine]) -> list[Pair] | None:
    """Les lignes deux à deux, dans l'ordre de la page ;
    ``None`` quand les pages n'ont rien à voir."""
    twins = _twins(back)
    start = _common(sent, back, twins)
    end = _common(sent[start:][::-1], back[start:][::-1], twins)
    left, right = sent[start : len(sent) - end], back[start : len(back) - end]
    if len(left) * len(right) > MOST_PAIRS:
        return None
    return [
        *map(Pair, sent[:start], back[:start]),
        *_rejoined([*_matched(left, right, _whole(right, twins))], twins),
        *map(Pair, sent[len(sent) - end :], back[len(back) - end :]),
    ]


def extracted(
    cell: Cell, text: str, reads: Callable[[Control, str], bool] = lambda control, text: True
) -> list[str] | None:
    """Les réponses d'une cellule dont on n'a plus que le texte, son texte fixe servant de bornes ;
    ``None`` quand il ne s'y retrouve pas.

    Quand le texte fixe revient dans une réponse, on s'écarte le moins de ce qui était parti et de
    ce que ``reads`` sait lire.
    """
    bounds, controls = _bounds(cell), controls_of(cell)
    opening = _bound(bounds[0].strip()).match(text) if bounds else None
    if opening is None or len(controls) > MOST_CONTROLS:
        return None

    @cache
    def best(rank: int, start: int) -> tuple[int, tuple[str, ...]] | None:
        if rank == len(controls):
            return (0, ()) if start == len(text) else None
        found = []
        for end, following in _ends(bounds[rank + 1], text, start, rank + 1 == len(controls)):
            rest = best(rank + 1, following)
            value = _answer(controls[rank], text[start:end])
            if rest:
                cost = (
                    0
                    if value == controls[rank].text
                    else 1
                    if reads(controls[rank], value)
                    else MISREAD
                )
                found.append((rest[0] + cost, (value, *rest[1])))
        return min(found, key=lambda one: one[0], default=None)

    answer = best(0, opening.end())
    return list(answer[1]) if answer else None


def controls_of(cell: Cell) -> list[Control]:
    """Les contrôles d'une cellule."""
    return [piece for piece in cell if isinstance(piece, Control)]


MISREAD = 4  # answers changed, rather than one that cannot be read
MOST_CONTROLS = 100  # in one cell: beyond, no form of ours
MOST_ENDS = 12  # places where an answer may end


def _bounds(cell: Cell) -> list[str]:
    """The fixed texts around the answers, but for what parts none: two fields that touch cannot be
    told apart.
    """
    bounds, after_control = [""], False
    for piece in cell:
        if isinstance(piece, str):
            bounds[-1] += piece
        elif after_control:
            return []
        else:
            bounds.append("")
        after_control = isinstance(piece, Control)
    return bounds


def _ends(bound: str, text: str, start: int, is_last: bool) -> Iterator[tuple[int, int]]:
    """Where the answer that starts here may end, and the next one start."""
    if is_last and not bound.strip():
        yield len(text), len(text)
    elif is_last:
        yield from (
            match.span()
            for match in _bound(bound).finditer(text, start)
            if match.end() == len(text)
        )
    else:
        yield from (
            match.span() for match in islice(_bound(bound).finditer(text, start), MOST_ENDS)
        )


def _answer(control: Control, text: str) -> str:
    """A field that left filled showed no invitation: what it says is an answer, whatever it is."""
    said = text.strip().removeprefix(MARK)
    if control.is_box:
        return mark_of(said)
    return "" if not control.text and control.invites(said) else said


def same_text(one: str, other: str) -> bool:
    """Vrai quand deux textes ne diffèrent que par leurs blancs."""
    return _flat(one) == _flat(other)


@cache
def _bound(piece: str) -> re.Pattern[str]:
    words = r"\s+".join(map(re.escape, piece.split()))
    if not words and piece:
        return re.compile(r"\n\s*" if "\n" in piece else r"\s+")
    return re.compile(words + r"\s*")


@cache
def _flat(text: str) -> str:
    return " ".join(text.split())


def _twins(back: Sequence[PageLine]) -> frozenset[str]:
    """The tags that several lines carry: a row and its copies."""
    found = Counter(tag for line in back for tag in {control.tag for control in line.controls})
    return frozenset(tag for tag, times in found.items() if tag and times > 1)


def _whole(back: Sequence[PageLine], twins: frozenset[str]) -> frozenset[Tags]:
    """The rows that stand on the page with all their tags, wherever they are."""
    found = (_tags(line) for line in back)
    return frozenset(tags for tags in found if any(tags) and twins.isdisjoint(tags))


def _tags(line: PageLine) -> Tags:
    return tuple(control.tag for control in line.controls)


def _rejoined(pairs: Sequence[Pair], twins: frozenset[str]) -> Iterator[Pair]:
    """The same pairs, a row that was moved beside itself: its tags tell it, or its key."""
    added = {id(pair.back): pair.back for pair in pairs if pair.sent is None and pair.back}
    found: dict[int, PageLine] = {}
    for pair in pairs:
        if pair.sent is not None and pair.back is None:
            same = (rank for rank, back in added.items() if _is_moved(pair.sent, back, twins))
            if (rank := next(same, None)) is not None:
                found[rank] = pair.sent
                del added[rank]
    gone = {id(sent) for sent in found.values()}
    for pair in pairs:
        if pair.sent is None and id(pair.back) in found:
            yield Pair(found[id(pair.back)], pair.back, moved=True)
        elif pair.back is not None or id(pair.sent) not in gone:
            yield pair


def _is_moved(sent: PageLine, back: PageLine, twins: frozenset[str]) -> bool:
    tags, theirs = _tags(sent), _tags(back)
    if any(theirs):
        return tags == theirs and twins.isdisjoint(tags)
    return _same_key(sent, back) is True


def _same_key(sent: PageLine, back: PageLine) -> bool | None:
    """Whether a row shows again the key that it left with; ``None`` when it shows none."""
    if sent.endroit != back.endroit or len(sent.cells) != len(back.cells):
        return None
    for cell, other in zip(sent.cells, back.cells, strict=True):
        for rank, control in enumerate(controls_of(cell)):
            if control.tag.endswith(CLE) and control.text:
                found = extracted(cell, plain(other))
                return found[rank] == control.text if found and found[rank] else None
    return None


def _common(sent: Sequence[PageLine], back: Sequence[PageLine], twins: frozenset[str]) -> int:
    return next(
        (
            rank
            for rank, (one, other) in enumerate(zip(sent, back, strict=False))
            if not _is_same(one, other)
            or (one != other and not twins.isdisjoint(control.tag for control in other.controls))
        ),
        min(len(sent), len(back)),
    )


def _is_same(sent: PageLine, back: PageLine) -> bool:
    """Beyond doubt: the same fields around the same texts, or the same text all through."""
    if sent == back:
        return True
    if sent.endroit != back.endroit or len(sent.cells) != len(back.cells):
        return False
    tags = [control.tag for control in sent.controls]
    if tags and tags == [control.tag for control in back.controls]:
        return True
    return not any(control.tag for control in back.controls) and all(
        map(_same_cell, sent.cells, back.cells)
    )


def _same_cell(sent: Cell, back: Cell) -> bool:
    text = plain(back)
    if same_text(plain(sent), text):
        return True
    return any(one in text for one in INVITATIONS) and extracted(sent, text) == [
        control.text for control in controls_of(sent)
    ]


def _matched(
    sent: Sequence[PageLine], back: Sequence[PageLine], whole: frozenset[Tags]
) -> Iterator[Pair]:
    """The pairs of the best total likeness; of two that are worth the same, the one that comes
    first. A row whose tags are all elsewhere (``whole``) is not one that has lost them.
    """
    bare = [not any(_tags(other)) for other in back]
    likeness = [
        [
            0.0 if away and is_bare else _likeness(one, other)
            for other, is_bare in zip(back, bare, strict=True)
        ]
        for one, away in ((one, _tags(one) in whole) for one in sent)
    ]
    best = [[0.0] * (len(back) + 1) for _ in range(len(sent) + 1)]
    for i in reversed(range(len(sent))):
        for j in reversed(range(len(back))):
            paired = likeness[i][j] + best[i + 1][j + 1] if likeness[i][j] else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    i = j = 0
    while i < len(sent) or j < len(back):
        if (
            i < len(sent)
            and j < len(back)
            and likeness[i][j]
            and best[i][j] == likeness[i][j] + best[i + 1][j + 1]
        ):
            yield Pair(sent[i], back[j])
            i, j = i + 1, j + 1
        elif j == len(back) or (i < len(sent) and best[i][j] == best[i + 1][j]):
            yield Pair(sent[i], None)
            i += 1
        else:
            yield Pair(None, back[j])
            j += 1


def _likeness(sent: PageLine, back: PageLine) -> float:
    if sent.endroit != back.endroit:
        return 0.0
    tags = {control.tag for control in sent.controls}
    theirs = {control.tag for control in back.controls} - {""}
    if theirs:  # of a row and its copy, the one that says what left
        same = set(sent.controls) & set(back.controls)
        return (2.0 * len(tags & theirs) + len(same) / MOST_ROW) / len(tags | theirs)
    if len(sent.cells) != len(back.cells) or (same_key := _same_key(sent, back)) is False:
        return 0.0
    if same_key:
        return 1.0
    parts = [_cell_likeness(one, other) for one, other in zip(sent.cells, back.cells, strict=True)]
    total = sum(parts) / len(parts)
    return total if total >= LEAST else 0.0


def _cell_likeness(sent: Cell, back: Cell) -> float:
    if _same_cell(sent, back):
        return 1.0
    fixed = [piece for piece in sent if isinstance(piece, str) and piece.strip()]
    if len(fixed) < len(sent) and extracted(sent, plain(back)) is not None:
        return 0.8 if fixed else 0.5
    ours, theirs = _words(plain(sent)), _words(plain(back))
    return len(ours & theirs) / max(len(ours | theirs), 1)


@cache
def _words(text: str) -> frozenset[str]:
    return frozenset(text.casefold().split())
