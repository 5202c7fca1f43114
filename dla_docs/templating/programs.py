"""Une partie devient un programme : une suite de textes fixes et de fonctions qui écrivent le
reste.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.templating.blocks import Choice, Guarded, Head, Once, Print, Repeat
from dla_docs.templating.evaluation import ToText
from dla_docs.templating.forms import FORM, blank_texts, head_writer, is_checked
from dla_docs.templating.frame import Frame, Hole, Loop, Said
from dla_docs.templating.guards import EMPTY_PARAGRAPH
from dla_docs.templating.images import Image, drawing
from dla_docs.templating.lookup import Evaluate
from dla_docs.templating.marks import (
    CellEnd,
    ControlId,
    DrawingId,
    GridStart,
    OnlyIn,
    Stamp,
    Tag,
)
from dla_docs.templating.printing import (
    ESCAPES,
    formatter,
    is_special,
    typesetter,
    unprintable,
)

Writer = Callable[[Frame, list[str]], None]
Program = Sequence[str | Writer]
FAULTS = (TypeError, ValueError, AttributeError, ArithmeticError, LookupError)


def compile_items(items: Iterable[Any]) -> Program:
    """Le programme d'une suite d'éléments."""
    program: list[str | Writer] = []
    for item in items:
        made = item if isinstance(item, str) else _writer(item)
        if isinstance(made, str) and program and isinstance(program[-1], str):
            program[-1] += made
        else:
            program.append(made)
    return tuple(program)


def run(program: Program, frame: Frame, out: list[str]) -> None:
    """Écrit un programme à la suite de ``out``."""
    for step in program:
        if step.__class__ is str:
            out.append(step)
        else:
            step(frame, out)  # type: ignore[operator]  # what is no text is a function


def _writer(item: Any) -> str | Writer:
    return _BUILDERS[type(item)](item)


def _print(item: Print) -> Writer:
    text, ref, spot = _text_of(item), item.bound.path, item.printing.spot
    blanks, escape, in_code = blank_texts(item.printing, ref), ESCAPES[spot], spot.is_code
    set_in_type, path_at = typesetter(ref.node if ref else None), _path_of(item)

    def write(
        frame: Frame, out: list[str]
    ) -> None:  # the hottest function: four hundred calls a document
        try:
            value = text(frame)
        except FAULTS as error:
            raise _unprintable(item, frame) from error
        if not isinstance(value, str):
            value = _draw(value, item, frame)
        elif not value or value.isspace():
            known = ref is not None and ref.schema in frame.mode.choices
            value = (
                blanks[-1 if known else frame.blank]
                if frame.blank != FORM or (ref and ref.schema in frame.mode.open_paths)
                else ""
            )
        else:
            said = value = set_in_type(value)
            if in_code or is_special(value):
                value = escape(value, _shown(item, frame))
            if frame.holes is not None:
                value = Said(value)
                hole = Hole(path_at(frame.indices), said)
                value.number = frame.holes.setdefault(hole, len(frame.holes))
        out.append(value)

    return write


def _text_of(item: Print) -> ToText:
    """A date control holds 12/03/2013, whatever the format of its field; a box is ticked or not."""
    head, bound = item.printing.head, item.bound
    if head is not None and head.kind == "checkbox":
        return lambda frame: "☒" if is_checked(bound.evaluate(frame)) else "☐"
    if head is None or head.kind != "date":
        return bound.text
    short = formatter("date")
    return lambda frame: (
        short(value) if isinstance(value := bound.evaluate(frame), date) else bound.text(frame)
    )


def _path_of(item: Print) -> Callable[[list[int]], str]:
    """Where the printed value is from; of a tag that computes, the template's own path."""
    ref, prints = item.bound.path, item.bound.prints
    first = prints[0][0] if prints else ""
    return ref.at if ref else lambda indices: first


def _shown(item: Print, frame: Frame) -> str:
    return item.bound.path.path(frame.indices) if item.bound.path else item.printing.tag.raw


def _unprintable(item: Print, frame: Frame) -> InputError:
    if item.bound.path is None:
        return _uncomputable(item.printing.tag)
    return unprintable(item.bound.path.path(frame.indices), item.bound.evaluate(frame))


def _uncomputable(tag: Tag) -> InputError:
    place = str(tag.place)
    message = (
        f"{place[:1].upper()}{place[1:]} du modèle : « {tag.raw} » ne se calcule pas avec ces "
        f"valeurs."
    )
    return InputError(Constat(message, conseil="Corrigez la balise, ou le type des valeurs."))


def _draw(image: Image, item: Print, frame: Frame) -> str:
    if item.printing.run is None:
        raise InputError(
            Constat(
                f"« {_shown(item, frame)} » est une image, et ne s'imprime que dans un paragraphe.",
                chemin=_shown(item, frame),
            )
        )
    relationship = f"rIdDla{image.name.removeprefix('image_').partition('.')[0]}"
    frame.images[relationship] = image
    return item.printing.run.around(drawing(image, relationship, frame.drawing_number()))


def _choice(item: Choice) -> Writer:
    def made() -> list[tuple[Evaluate | None, Once[Program]]]:
        return [
            (test().evaluate if test else None, Once(compile_items, body))
            for test, body in item.branches
        ]

    branches = Once(made)

    def write(frame: Frame, out: list[str]) -> None:
        program: Program = ()
        try:
            for test, body in branches():
                if test is None or test(frame):
                    program = body()
                    break
        except FAULTS as error:
            raise _uncomputable(item.tag) from error
        for step in program:  # as ``run`` does: two hundred times a document
            if step.__class__ is str:
                out.append(step)
            else:
                step(frame, out)  # type: ignore[operator]

    return write


def _repeat(item: Repeat) -> Writer:
    rows_of, slot = item.rows.evaluate, item.slot
    body, otherwise = (Once(compile_items, one) for one in (item.body, item.otherwise))

    def write(frame: Frame, out: list[str]) -> None:
        rows = _kept_rows(item, _rows(rows_of(frame), item), frame)
        frame.count_iterations(len(rows))
        loop = Loop(len(rows))
        for loop.index0, (frame.indices[slot], frame.locals[slot]) in enumerate(rows):
            frame.loops[slot] = loop
            run(body(), frame, out)
        if not rows:
            run(otherwise(), frame, out)

    return write


def _rows(value: Any, item: Repeat) -> Sequence[Any]:
    if value is None:
        return ()
    if isinstance(value, list | tuple):
        return value
    raise InputError(
        Constat(
            f"« {item.rows.path.schema if item.rows.path else item.tag.raw} » n'est pas une suite "
            f"de lignes.",
            conseil="Donnez une liste.",
        )
    )


def _kept_rows(item: Repeat, rows: Sequence[Any], frame: Frame) -> list[tuple[int, Any]]:
    """Rows with their rank in the data, which a control's tag must give whatever the condition."""
    if item.test is None:
        return list(enumerate(rows))
    holds, kept = item.test().evaluate, []
    for frame.indices[item.slot], frame.locals[item.slot] in enumerate(rows):
        try:
            if holds(frame):
                kept.append((frame.indices[item.slot], frame.locals[item.slot]))
        except FAULTS as error:
            raise _uncomputable(item.tag) from error
    return kept


def _guarded(item: Guarded) -> Writer:
    body, guard = compile_items(item.body), item.guard
    if isinstance(guard, GridStart):
        return _with_grid(body, guard)

    def write(frame: Frame, out: list[str]) -> None:
        inside: list[str] = []
        run(body, frame, inside)
        out.extend(inside if any(guard.needle in piece for piece in inside) else [guard.fallback])

    return write


def _with_grid(body: Program, guard: GridStart) -> Writer:
    def write(frame: Frame, out: list[str]) -> None:
        inside: list[str] = []
        run(body, frame, inside)
        columns = max(1, _count_columns("".join(inside)))
        grid = f"""<w:gridCol w:w="{guard.width // columns}"/>""" * columns
        out.extend((f"<w:tblGrid>{grid}</w:tblGrid>", *inside))

    return write


_CELLS = re.compile(r'<(/?)w:(tbl|tr|tc)[ >]|<w:gridSpan w:val="(\d+)"')


def _count_columns(rows: str) -> int:
    """The cells of the longest row, spans included, tables within cells aside."""
    depth = widest = current = 0
    for end, name, span in _CELLS.findall(rows):
        if name == "tbl":
            depth += -1 if end else 1
        elif depth == 0:
            current = (
                0
                if name == "tr"
                else current + (1 if name == "tc" and not end else int(span or 1) - 1)
            )
            widest = max(widest, current)
    return widest


def _end_cell(item: CellEnd) -> Writer:
    def write(frame: Frame, out: list[str]) -> None:
        last = next((piece for piece in reversed(out) if piece), "")
        if not last.endswith("</w:p>"):
            out.append(EMPTY_PARAGRAPH)

    return write


def _only_in(item: OnlyIn) -> Writer:
    return lambda frame, out: out.append(item.xml) if frame.blank == item.blank else None


def _stamp(item: Stamp) -> Writer:
    return lambda frame, out: (
        out.append(f"{item.before}{frame.stamp}{item.after}") if frame.stamp else None
    )


_BUILDERS: dict[type, Callable[[Any], str | Writer]] = {
    Print: _print,
    Choice: _choice,
    Repeat: _repeat,
    Guarded: _guarded,
    Head: lambda item: head_writer(item.head, item.bound),
    CellEnd: _end_cell,
    OnlyIn: _only_in,
    DrawingId: lambda item: lambda frame, out: out.append(str(frame.drawing_number())),
    ControlId: lambda item: lambda frame, out: out.append(str(frame.control_number(1))),
    Stamp: _stamp,
}
