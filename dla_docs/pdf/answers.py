"""Ce qu'on a tapé dans les champs d'un PDF, quel que soit le logiciel qui l'a enregistré."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dla_docs.pdf.opening import opened, refusal
from dla_docs.word.boxes import CHECKED

if TYPE_CHECKING:  # pikepdf is an extra
    import pikepdf

MOST_NODES = 20_000  # of a form: a file made to harm must not fill the memory
LONGEST = 1_000_000  # bytes of an answer
MOST_PACKED = (
    100_000  # bytes of an answer as the file holds it: it unpacks to a thousand times that
)
UNTICKED = ("", "Off")  # the states of a box that is not
PICTURES, LETTERS = {"Do", "INLINE IMAGE"}, {"Tj", "TJ", "'", '"'}  # the operators that draw them


def read_fields(pdf: bytes) -> tuple[tuple[str, str], ...]:
    """Le nom entier et le texte de chaque champ, dans l'ordre du formulaire. InputError si ce n'est
    pas un PDF lisible.
    """
    with opened(pdf) as document:
        form = document.Root.get("/AcroForm")
        return () if form is None else tuple(_walk(form.get("/Fields"), "", set()))


def holds_only_pictures(pdf: bytes) -> bool:
    """Vrai pour des pages numérisées : des images, et pas une lettre."""
    with opened(pdf) as document:
        signs = {sign for page in document.pages for sign in _operators(page)}
    return bool(signs & PICTURES) and not signs & LETTERS


def _operators(page: pikepdf.Page) -> set[str]:
    import pikepdf

    return {str(instruction.operator) for instruction in pikepdf.parse_content_stream(page)}


def _walk(
    nodes: pikepdf.Object | None, above: str, seen: set[tuple[int, int]]
) -> Iterator[tuple[str, str]]:
    for node in _listed(nodes):
        if "/T" not in node or node.objgen in seen:
            continue
        if node.is_indirect:
            seen.add(node.objgen)
        if len(seen) > MOST_NODES:
            raise refusal(
                "Ce PDF a un nombre anormal de champs.", "Ne l'ouvrez pas s'il vient d'un inconnu."
            )
        name = ".".join(filter(None, (above, str(node.T))))
        if any("/T" in kid for kid in _listed(node.get("/Kids"))):
            yield from _walk(node.Kids, name, seen)
        else:
            yield from ((name, text) for text in _texts(node))


def _texts(field: pikepdf.Object) -> list[str]:
    """What it says; twice, when it is drawn in two places that were filled differently."""
    if str(field.get("/FT", "")) == "/Btn":
        return [_ticked(field)]
    # Some programs write the answer on the drawn field, below the one that has the name.
    values = (holder["/V"] for holder in (field, *_listed(field.get("/Kids"))) if "/V" in holder)
    texts = (_as_text(one).replace("\r\n", "\n").replace("\r", "\n") for one in values)
    return [*dict.fromkeys(filter(str.strip, texts))] or [""]


def _ticked(field: pikepdf.Object) -> str:
    """The answer whose box is ticked; all of them, when a program has ticked several."""
    choices = [str(one) for one in _listed(field.get("/Opt"))]
    drawn = [str(kid.get("/AS", "")).removeprefix("/") for kid in _listed(field.get("/Kids"))]
    states = list(dict.fromkeys(state for state in drawn if state not in UNTICKED))
    if len(states) < 2:
        said = _as_text(field["/V"]) if "/V" in field else "".join(states)
        states = [] if said in UNTICKED else [said]
    answers = [
        choices[int(state)] if state.isdecimal() and int(state) < len(choices) else state
        for state in states
    ]
    return "".join(answers) if len(answers) < 2 else " ".join(f"{CHECKED} {one}" for one in answers)


def _as_text(value: pikepdf.Object | None) -> str:
    import pikepdf

    if value is None:
        return ""
    if isinstance(value, pikepdf.Array):  # of texts: arrays within arrays would never end
        return "\n".join(
            _as_text(one)
            for one in value.as_list()[:MOST_NODES]
            if not isinstance(one, pikepdf.Array)
        )
    if isinstance(value, pikepdf.Stream):  # allowed for a very long answer
        return _unpacked(value)
    if isinstance(value, pikepdf.Dictionary):
        return ""
    return str(value).removeprefix("/") if isinstance(value, pikepdf.Name) else str(value)


def _unpacked(value: pikepdf.Stream) -> str:
    import pikepdf

    twice = isinstance(value.get("/Filter"), pikepdf.Array) and len(value.Filter) > 1
    if twice or len(value.read_raw_bytes()) > MOST_PACKED:
        raise refusal(
            "Ce PDF a une réponse anormalement longue.", "Ne l'ouvrez pas s'il vient d'un inconnu."
        )
    return str(pikepdf.String(value.read_bytes()[:LONGEST]))


def _listed(nodes: pikepdf.Object | None) -> list[pikepdf.Object]:
    """What a list holds; a program that removes fields may leave nulls in their place."""
    return [] if nodes is None else [one for one in nodes.as_list() if one is not None]
