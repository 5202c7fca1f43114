"""La pose des champs : la place de chacun se lit dans la page peinte, puis la peinture s'en va."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from dla_docs.constat import Constat
from dla_docs.pdf.appearance import (
    EDGE,
    FONT,
    LEADING,
    THICK,
    TINT,
    appearance,
    free_size,
    ink,
    size_for,
    ticking,
)
from dla_docs.pdf.field_names import named
from dla_docs.pdf.fields import Field, LostFieldsError, place_of, rank_of
from dla_docs.pdf.font import embedded
from dla_docs.pdf.structure import hold_repeated

REQUIRED, MULTILINE, RADIO, COMBO = (
    1 << bit for bit in (1, 12, 15, 17)
)  # ISO 32000-1, tables 221, 226, 228 and 230
SIDE, LETTER = 14.2, 11.0  # points: of a box (5 mm), and of the letters on which it is centred
GAP = 0.8  # points between a field and what is around it; twice as much below another one
TALL = 23.3  # points: 8.2 mm, that a field keeps
UNWANTED = ("/DR", "/DV", "/V", "/T")  # of what LibreOffice wrote; fields are named and filled here

Box = tuple[float, float, float, float]  # left, bottom, right, top, in points


def lay(pdf: bytes, fields: Sequence[Field]) -> bytes:
    """Le PDF dont chaque champ de ``fields`` a sa place, son nom et sa valeur. LostFieldsError s'il
    en manque un.
    """
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        resources = Dictionary(Font={FONT: document.make_indirect(embedded(document))})
        drawn: dict[str, list[pikepdf.Object]] = {}
        for page in document.pages:
            places = _take_places(document, page, frozenset(field.place for field in fields))
            for field, widget in _take_widgets(page, fields):
                box = _box(widget, field, places.get(field.place))
                _clear(widget, field, box)
                dress = _box_to_tick if field.box else _space_to_write
                dress(document, widget, field, box, resources)
                drawn.setdefault(field.name, []).append(widget)
        if missing := [field.label for field in fields if field.name not in drawn]:
            raise LostFieldsError(
                Constat(
                    f"LibreOffice n'a pas posé tous les champs de ce formulaire (« {missing[0]} "
                    f"»).",
                    conseil="Envoyez-le en Word.",
                )
            )
        hold_repeated(document, drawn.values())
        document.Root.AcroForm = Dictionary(
            Fields=named(document, drawn), DR=resources, DA=String(ink()), NeedAppearances=True
        )
        document.save(output)
    return output.getvalue()


def _take_places(
    document: pikepdf.Pdf, page: pikepdf.Page, known: frozenset[int]
) -> dict[int, Box]:
    """The painted places of a page, which are white from now on."""
    places: dict[int, Box] = {}
    written: list[Any] = []
    outer, place, path = list[int](), 0, list[float]()
    for instruction in pikepdf.parse_content_stream(page):
        operands, sign = instruction.operands, str(instruction.operator)
        if sign == "q":
            outer.append(place)
        elif sign == "Q" and outer:
            place = outer.pop()
        elif sign == "rg":
            place = place_of([float(part) for part in operands])
            if place in known:
                instruction = pikepdf.ContentStreamInstruction([1, 1, 1], instruction.operator)
        elif sign in ("re", "m", "l"):
            x, y, width, height = (*map(float, operands), 0.0, 0.0)[:4]
            path += [x, y, x + width, y + height]
        elif sign in ("f", "f*", "S", "n"):
            if sign.startswith("f") and place in known and path:
                places[place] = _around([*places.get(place, ()), *path])
            path = []
        written.append(instruction)
    page.Contents = document.make_stream(pikepdf.unparse_content_stream(written))
    return places


def _around(points: Sequence[float]) -> Box:
    return min(points[::2]), min(points[1::2]), max(points[::2]), max(points[1::2])


def _take_widgets(
    page: pikepdf.Page, fields: Sequence[Field]
) -> list[tuple[Field, pikepdf.Object]]:
    """The fields of a page; one that is not ours leaves it."""
    others, ours = [], []
    for annotation in page.obj.get("/Annots", Array()).as_list():
        if annotation.get("/Subtype") != Name.Widget:
            others.append(annotation)
        elif (rank := rank_of(str(annotation.get("/TU", "")))) is not None:
            ours.append((fields[rank], annotation))
    page.Annots = Array([*others, *(widget for _, widget in ours)])
    page.Tabs = Name.S  # the keyboard goes from field to field in the order of reading
    return ours


def _box(widget: pikepdf.Object, field: Field, place: Box | None) -> Box:
    left, bottom, right, top = (float(side) for side in widget.Rect.as_list())
    if field.box:
        low = bottom - field.sinks - (SIDE - LETTER) / 2
        return left, low, left + SIDE, low + SIDE
    if place is not None and field.whole:
        start = left if field.required else min(left, place[0])  # after its asterisk
        _, bottom, right, top = _around([*place, left, bottom, right, top])
        left = start
    elif place is not None and field.stretches:
        right = max(right, place[2])
    gap = GAP if field.whole else GAP + min(GAP, max(0.0, (top - bottom - TALL) / 2 - GAP))
    return left + GAP, bottom + gap - field.sinks, right - GAP, top - gap - field.sinks


def _clear(widget: pikepdf.Object, field: Field, box: Box) -> None:
    for key in (key for key in UNWANTED if key in widget):
        del widget[key]
    said = f"{field.label}, demandé" if field.required else field.label
    widget.Rect, widget.TU = Array(box), String(said)
    widget.MK, widget.BS = Dictionary(BG=Array(TINT), BC=Array(EDGE)), Dictionary(W=THICK)


def _box_to_tick(
    document: pikepdf.Pdf, widget: pikepdf.Object, field: Field, box: Box, resources: Dictionary
) -> None:
    """One of the boxes of a closed list: the reader ticks one, and unticks it."""
    rank, choice, due = field.box - 1, field.choices[field.box - 1], REQUIRED * field.required
    on, off = Name(f"/{rank}"), Name.Off
    states = {
        str(state): _drawn(document, ticking(SIDE, state == on), (SIDE, SIDE), resources)
        for state in (on, off)
    }
    widget.FT, widget.Ff, widget.Opt = Name.Btn, RADIO | due, Array(map(String, field.choices))
    widget.Contents = String(f"{field.label} : {choice}")
    widget.AP, widget.AS = Dictionary(N=Dictionary(states)), on if field.value == choice else off
    if field.value in field.choices:
        widget.V = Name(f"/{field.choices.index(field.value)}")


def _space_to_write(
    document: pikepdf.Pdf, widget: pikepdf.Object, field: Field, box: Box, resources: Dictionary
) -> None:
    width, height, due = box[2] - box[0], box[3] - box[1], REQUIRED * field.required
    wraps = field.free or _wraps(field, box)
    size = free_size(width, height) if field.free else size_for(field.choices, width)
    widget.DA = String(ink(size))
    if field.choices:
        widget.FT, widget.Ff = Name.Ch, COMBO | due
        widget.Opt = Array(
            [String(choice) for choice in (" ", *field.choices)]
        )  # the blank one takes an answer back
    else:
        widget.FT, widget.Ff = Name.Tx, (MULTILINE if wraps else 0) | due
    if field.value:
        widget.V = String(field.value)
    drawing = appearance(width, height, field.value, wraps, size)
    widget.AP = Dictionary(N=_drawn(document, drawing, (width, height), resources))


def _wraps(field: Field, box: Box) -> bool:
    return field.wraps and box[3] - box[1] > 2 * LEADING


def _drawn(
    document: pikepdf.Pdf, operators: bytes, size: tuple[float, float], resources: Dictionary
) -> pikepdf.Object:
    drawing = document.make_stream(operators)
    drawing.Type, drawing.Subtype, drawing.BBox, drawing.Resources = (
        Name.XObject,
        Name.Form,
        Array([0, 0, *size]),
        resources,
    )
    return drawing
