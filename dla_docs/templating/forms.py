"""Un contrôle de contenu dans le document produit : étiquette absolue, numéro, verrou, invite."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from dla_docs.model.node import Kind, Node
from dla_docs.model.typography import NBSP, typeset_words
from dla_docs.templating.contexts import Printing
from dla_docs.templating.controls import (
    CHOICES,
    CLOSED_LOCK,
    MAX_TAG,
    OPEN_LOCK,
    ControlHead,
    control_number,
    date_properties,
    list_properties,
)
from dla_docs.templating.expressions import Bound
from dla_docs.templating.frame import Blank, Frame
from dla_docs.templating.operators import is_empty
from dla_docs.templating.printing import escape_attribute
from dla_docs.templating.scope import Ref
from dla_docs.word.invitations import A_DATE, REMINDER, TO_CHOOSE, TO_FILL
from dla_docs.word.names import element, fragment

SHOWING = "<w:showingPlcHdr/>"
OF_A_VALUE = ("date", "checkbox")  # whose properties say it
FORM, DRAFT = int(Blank.FORMULAIRE), int(Blank.BROUILLON)


def head_writer(head: ControlHead, bound: Bound) -> Callable[[Frame, list[str]], None]:
    """Ce qui écrit ``w:sdtPr`` : tout y est fixe, sauf l'étiquette et le numéro de chaque ligne, le
    verrou, l'invite et la date.
    """
    ref = bound.path or Ref(None, head.source, (head.source,))
    label = escape_attribute(head.alias or (ref.node.label if ref.node else "") or ref.schema, "")
    opening = f'<w:sdtPr>{head.run_properties}<w:alias w:val="{label[:MAX_TAG]}"/>'
    path_at, wanted = ref.at, control_number(ref.still) if ref.still else 0
    type_of_control, closing = _type_writer(head, ref.node), f"{_rest(head, ref.node)}</w:sdtPr>"

    def written(path: str, number: int, more: str, end: str) -> str:
        return f'{opening}<w:tag w:val="{path}"/><w:id w:val="{number}"/>{more}{end}'

    usual = (  # of a document that is no form, whatever the value
        written(ref.still, wanted, f"{head.placeholder}{type_of_control(None)}", closing)
        if wanted and head.kind not in OF_A_VALUE
        else ""
    )

    def write(frame: Frame, out: list[str]) -> None:
        if usual and not frame.blank and wanted not in frame.control_ids:
            frame.control_ids.add(wanted)
            out.append(usual)
            return
        path, value, lock, showing = path_at(frame.indices), bound.evaluate(frame), "", ""
        shape, end = type_of_control, closing
        if frame.blank == FORM:
            is_open = ref.schema in frame.mode.open_paths
            if is_open and (known := frame.mode.choices.get(ref.schema)):
                shape, end = _list_of(known), _TEXT.sub("", closing)
            lock = OPEN_LOCK if is_open else CLOSED_LOCK
            showing = SHOWING if is_open and is_empty(value) else ""
        elif frame.blank == DRAFT and is_empty(value):
            showing = SHOWING
        number = frame.control_number(wanted or control_number(path))
        out.append(written(path, number, f"{lock}{head.placeholder}{showing}{shape(value)}", end))

    return write


_TEXT = re.compile(r"<w:text(\s[^>]*)?/>")


def _list_of(known: Sequence[str]) -> Callable[[Any], str]:
    """A text that is one of those: they are chosen rather than typed."""
    made = element("w:dropDownList")
    for one in known:
        made.append(element("w:listItem", displayText=one, value=one))
    return lambda value: fragment(made)


def _type_writer(head: ControlHead, node: Node | None) -> Callable[[Any], str]:
    if head.kind in CHOICES:
        choices = list_properties(head, node)
        return lambda value: choices
    if head.kind == "date":
        inner = date_properties()
        return lambda value: f"<w:date{_full_date(value)}>{inner}</w:date>"
    if head.kind == "checkbox":
        box = head.properties
        return lambda value: _CHECKED.sub(rf"\g<1>{int(is_checked(value))}\g<2>", box)
    return lambda value: ""


_CHECKED = re.compile(r'(<w14:checked w14:val=")[^"]*(")')


def is_checked(value: Any) -> bool:
    """Vrai pour une réponse affirmative."""
    return value is True or value == "Oui"


def _full_date(value: Any) -> str:
    return (
        f' w:fullDate="{value:%Y-%m-%d}T00:00:00Z"'
        if isinstance(value, date) and value.year >= 1000
        else ""
    )


def _rest(head: ControlHead, node: Node | None) -> str:
    multiline = node is not None and node.multiline
    return _TEXT.sub('<w:text w:multiLine="1"/>', head.rest) if multiline else head.rest


def blank_texts(printing: Printing, ref: Ref | None) -> tuple[str, str, str, str]:
    """Ce qu'imprime une absence, selon ``Blank`` : rien ; « à compléter », surligné ; l'invite d'un
    champ à remplir ; et celle d'un champ dont les réponses sont connues d'avance.
    """
    run = printing.run
    if run is None or (
        ref is not None and (ref.reserved or (ref.node is not None and ref.node.kind is Kind.NOTE))
    ):
        return "", "", "", ""
    label = typeset_words(ref.node.label if ref and ref.node else "") or (ref.schema if ref else "")
    reminder = (
        REMINDER if run.in_cell or not label else f"{REMINDER}{NBSP}: {escape_attribute(label, '')}"
    )
    said = (_invitation(printing.head, ref), TO_CHOOSE) if printing.head else ("", "")
    invitation, choice = (run.text(one, run.grey) if one else "" for one in said)
    return "", run.text(reminder, run.highlighted), invitation, choice


def _invitation(head: ControlHead, ref: Ref | None) -> str:
    if head.kind == "date":
        return A_DATE
    return TO_CHOOSE if head.kind in CHOICES and ref and ref.node and ref.node.choices else TO_FILL
