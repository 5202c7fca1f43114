"""Les contrôles de contenu : les champs qu'une personne remplit, et que la relecture retrouve par
leur étiquette.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from dla_docs.model.node import KEPT, Node
from dla_docs.model.typography import typeset_words
from dla_docs.templating.frame import Blank
from dla_docs.templating.lexer import TagKind
from dla_docs.templating.marks import Marks, OnlyIn, Tag
from dla_docs.templating.places import Finding, Place, Places
from dla_docs.word.names import (
    W_R,
    W_RPR,
    W_SDT,
    W_SDTCONTENT,
    W_SDTPR,
    W_T,
    W_VAL,
    ancestor,
    element,
    fragment,
    local_name,
    q,
)

OPEN_LOCK, CLOSED_LOCK = '<w:lock w:val="sdtLocked"/>', '<w:lock w:val="sdtContentLocked"/>'
MAX_TAG = 64  # Word refuses to open a longer one
CHOICES = ("dropDownList", "comboBox")
WRAPPERS = frozenset(
    {
        "docPartObj",
        "docPartList",
        "picture",
        "group",
        "citation",
        "bibliography",
        "equation",
        "repeatingSection",
        "repeatingSectionItem",
    }
)
WRITTEN = frozenset(
    {"date", "checkbox", *CHOICES}
)  # kinds whose properties depend on the field or on its value
HEADERS = frozenset(
    {
        "rPr",
        "alias",
        "tag",
        "id",
        "lock",
        "placeholder",
        "temporary",
        "showingPlcHdr",
        "dataBinding",
        *WRITTEN,
    }
)


@dataclass(frozen=True, slots=True)
class FieldToFill:
    """Un champ à remplir : ``path`` (``etapes[].date_prevue``), ``tag`` tel que l'auteur l'écrit,
    sa place et la nature du contrôle.
    """

    path: str
    node: Node | None
    tag: str
    place: Place
    kind: str


@dataclass(frozen=True, slots=True)
class ControlHead:
    """Les propriétés d'un contrôle du modèle, lues avant d'être récrites pour chaque document."""

    source: str
    place: Place
    kind: str
    alias: str
    run_properties: str
    placeholder: str
    rest: str
    properties: str  # of a list, a date or a box


@dataclass(frozen=True, slots=True)
class Unprinted:
    """Un contrôle étiqueté qui n'imprime rien : une faute si l'étiquette est un champ."""

    source: str
    place: Place


@dataclass(frozen=True, slots=True)
class PrintedTag:
    """Une balise ``{{ }}`` et le contrôle qui la contient."""

    tag: Tag
    head: ControlHead


def mark_controls(root: etree._Element, places: Places, marks: Marks) -> list[Finding]:
    """Remplace les propriétés de chaque champ à remplir par une marque."""
    findings: list[Finding] = []
    for sdt in list(root.iter(W_SDT)):
        properties, content = sdt.find(W_SDTPR), sdt.find(W_SDTCONTENT)
        if properties is None or content is None:
            continue
        if WRAPPERS & {local_name(child) for child in properties}:
            _lock_in_form(properties, content, marks)
        else:
            findings += _mark_control(properties, content, places, marks)
    return findings


def _mark_control(
    properties: etree._Element, content: etree._Element, places: Places, marks: Marks
) -> list[Finding]:
    tag, prints = _value_of(properties, "w:tag").strip(), _prints(content, marks)
    text = "".join(piece.text or "" for piece in content.iter(W_T)) + "".join(
        node.tail or "" for node, _ in prints
    )
    if not prints:
        if tag:
            properties.append(marks.node(Unprinted(tag, _place(properties, content, places))))
        _lock_in_form(properties, content, marks)
        return []
    if (
        len(prints) > 1
        or _holds_blocks(content, marks)
        or (text.strip() and tag != prints[0][1].source)
    ):
        _lock_in_form(properties, content, marks)
        return [_crowded(tag, printed) for _, printed in prints if printed.source == tag][
            :1
        ] or _differing(tag, prints, text)
    node, printed = prints[0]
    findings = _differing(tag, prints, text)
    if text.strip():
        findings.append(_crowded(tag, printed))
    head = _read_head(properties, node, printed)
    marks.change(node, PrintedTag(printed, head))
    sdt = properties.getparent()
    assert sdt is not None
    sdt.replace(properties, marks.node(head))
    return findings


def _lock_in_form(properties: etree._Element, content: etree._Element, marks: Marks) -> None:
    """What is no field is not open in a form; a control around others cannot be locked without
    locking them.
    """
    if next(content.iter(W_SDT), None) is None and properties.find(q("w:lock")) is None:
        before = [
            child for child in properties if local_name(child) in ("rPr", "alias", "tag", "id")
        ]
        properties.insert(
            properties.index(before[-1]) + 1 if before else 0,
            marks.node(OnlyIn(Blank.FORMULAIRE, CLOSED_LOCK)),
        )


def _differing(tag: str, prints: list[tuple[etree._Element, Tag]], text: str) -> list[Finding]:
    printed = prints[0][1]
    if not tag or len(prints) > 1 or "".join(tag.split()) == "".join(printed.source.split()):
        return []
    conseil = (
        f"Donnez au contrôle l'étiquette « {printed.source} » (Développeur, Propriétés), ou "
        f"corrigez la balise."
    )
    return [
        Finding(
            f"le contrôle étiqueté « {tag} » imprime « {printed.source} ».",
            printed.place,
            conseil=conseil,
        )
    ]


def _crowded(tag: str, printed: Tag) -> Finding:
    conseil = (
        "Sortez-en le reste : à la relecture, tout ce que contient le contrôle est la réponse."
    )
    return Finding(
        f"le contrôle étiqueté « {tag} » contient autre chose que « {printed.raw} ».",
        printed.place,
        conseil=conseil,
    )


def _prints(content: etree._Element, marks: Marks) -> list[tuple[etree._Element, Tag]]:
    found = []
    for node in content.iter(etree.ProcessingInstruction):
        meaning = marks.of(node)
        if (
            isinstance(meaning, Tag)
            and meaning.kind is TagKind.PRINT
            and ancestor(node, W_SDTCONTENT) is content
        ):
            found.append((node, meaning))
    return found


def _holds_blocks(content: etree._Element, marks: Marks) -> bool:
    meanings = map(marks.of, content.iter(etree.ProcessingInstruction))
    return any(isinstance(meaning, Tag) and meaning.kind is TagKind.BLOCK for meaning in meanings)


def _place(properties: etree._Element, content: etree._Element, places: Places) -> Place:
    paragraph = ancestor(properties, q("w:p"))
    if paragraph is None:
        paragraph = content.find(f".//{q('w:p')}")
    return places.somewhere() if paragraph is None else places.of(paragraph)


def _read_head(properties: etree._Element, node: etree._Element, printed: Tag) -> ControlHead:
    own, run = properties.find(W_RPR), ancestor(node, W_R)
    if own is None and run is not None:
        own = run.find(W_RPR)  # what the person types will look like what the template prints
    kinds = [child for child in properties if local_name(child) in WRITTEN]
    placeholder = properties.find(q("w:placeholder"))
    others = [
        child
        for child in properties
        if isinstance(child.tag, str) and local_name(child) not in HEADERS
    ]
    return ControlHead(
        source=printed.source,
        place=printed.place,
        kind=local_name(kinds[0])
        if kinds
        else next(
            (local_name(child) for child in others if local_name(child) in ("text", "richText")), ""
        ),
        alias=_value_of(properties, "w:alias"),
        run_properties="" if own is None else fragment(own),
        placeholder="" if placeholder is None else fragment(placeholder),
        rest="".join(map(fragment, others)),
        properties=fragment(kinds[0] if kinds else properties),
    )


def _value_of(properties: etree._Element, name: str) -> str:
    found = properties.find(q(name))
    return "" if found is None else str(found.get(W_VAL, ""))


def list_properties(head: ControlHead, node: Node | None) -> str:
    """La liste déroulante du contrôle : ses choix sont ceux du champ."""
    if node is None or not node.choices:
        return head.properties
    made = element(f"w:{head.kind}")
    for choice in map(typeset_words, node.choices):
        made.append(element("w:listItem", displayText=choice, value=choice))
    return fragment(made)


def date_properties() -> str:
    """Ce que contient ``w:date`` : le jour s'écrit jj/mm/aaaa."""
    wanted = {
        "dateFormat": "dd/MM/yyyy",
        "lid": "fr-FR",
        "storeMappedDataAs": "date",
        "calendar": "gregorian",
    }
    return "".join(fragment(element(f"w:{name}", val=value)) for name, value in wanted.items())


@lru_cache(KEPT)
def control_number(path: str) -> int:
    """Le numéro d'un contrôle : 31 bits tirés de son chemin, les mêmes d'un envoi à l'autre."""
    return zlib.crc32(path.encode()) & 0x7FFFFFFF or 1
