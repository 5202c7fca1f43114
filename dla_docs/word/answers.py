"""Les réponses d'une page : celle de chaque contrôle, et celle que disent les cases d'un champ."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby, zip_longest

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
        one
        for (path, is_box, _), group in groupby(_turns(controls), lambda pair: pair[0])
        for one in (_gathered(path, group, answer) if is_box else (found for _, found in group))
    )


def _turns(controls: Iterable[Control]) -> Iterator[tuple[tuple[str, bool, int], Control]]:
    """Each control, its field, and how often the boxes of that field have begun again: a row that
    was copied has the same.
    """
    path, seen, turn = "", set[int](), 0
    for control in controls:
        rank = rank_of(control.tag)
        if path_of(control.tag) != path or rank in seen:
            path, seen, turn = path_of(control.tag), set(), turn + 1
        seen.add(rank)
        yield (path, rank > 0, turn), control


def _gathered(
    path: str, group: Iterable[tuple[object, Control]], answer: Callable[[str, int], str]
) -> Iterator[Control]:
    boxes = [control for _, control in group]
    said = [
        answer(path, rank_of(one.tag)) if MARKS.fullmatch(one.text) else one.text
        for one in boxes
        if one.text
    ]
    text = " ".join(f"{CHECKED} {one}" for one in said) if len(said) > 1 else "".join(said)
    yield replace(boxes[0], tag=path, text=text)
