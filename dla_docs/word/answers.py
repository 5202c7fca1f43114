"""Les réponses d'une page : celle de chaque contrôle, et celle que disent les cases d'un champ."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

from dla_docs.word.boxes import CHECKED, MARKS, box_tag, path_of, rank_of
from dla_docs.word.page import Control, page_in

ENDS = re.compile("\n|\N{NO-BREAK SPACE}{2}|\N{MIDDLE DOT}")  # what ends the words of a box


def controls_in(parts: Mapping[str, bytes]) -> tuple[Control, ...]:
    """Les contrôles du corps, puis des en-têtes et pieds de page, dans l'ordre de la page ; les
    cases d'un champ n'en font qu'un, dont le texte est la réponse cochée.
    """
    page = page_in(parts)
    labels = {
        piece.tag: " ".join(ENDS.split(after.strip())[0].split()) if isinstance(after, str) else ""
        for line in page
        for cell in line.cells
        for piece, after in zip_longest(cell, cell[1:], fillvalue="")
        if isinstance(piece, Control)
    }
    return gathered(
        (control for line in page for control in line.controls),
        lambda path, rank: labels[box_tag(path, rank)],
    )


def gathered(controls: Iterable[Control], answer: Callable[[str, int], str]) -> tuple[Control, ...]:
    """Les mêmes contrôles, les cases d'un champ devenues sa réponse ; ``answer`` : celle du champ
    et du rang donnés. De plusieurs cases cochées, toutes sont dites.
    """
    return tuple(
        held[0] if not path else _gathered(path, held, answer) for path, held in _turns(controls)
    )


def _turns(controls: Iterable[Control]) -> Iterator[tuple[str, list[Control]]]:
    """Each control alone, the boxes of a field together with its path; those that begin again are
    of a row that was copied.
    """
    path, seen, boxes = "", set[int](), list[Control]()
    for control in controls:
        rank = rank_of(control.tag)
        if boxes and (not rank or rank in seen or path_of(control.tag) != path):
            yield path, boxes
            seen, boxes = set(), []
        if rank:
            path = path_of(control.tag)
            seen.add(rank)
            boxes.append(control)
        else:
            yield "", [control]
    if boxes:
        yield path, boxes


def _gathered(path: str, boxes: Sequence[Control], answer: Callable[[str, int], str]) -> Control:
    said = [
        answer(path, rank_of(one.tag)) if MARKS.fullmatch(one.text) else one.text
        for one in boxes
        if one.text
    ]
    text = " ".join(f"{CHECKED} {one}" for one in said) if len(said) > 1 else "".join(said)
    return replace(boxes[0], tag=path, text=text)
