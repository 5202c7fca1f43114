"""La page d'un document Word, ligne par ligne : le texte fixe, et les contrôles de contenu avec le
chemin que porte chacun et ce qu'on y a écrit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from dla_docs.word.names import MC, W
from dla_docs.word.package import parse_part

# The same text box once more, for old Words
FALLBACK = f"{MC}Fallback"
SKIPPED = {
    FALLBACK,
    *(f"{W}{name}" for name in ("del", "sdtPr", "rPr", "pPr", "instrText", "moveFrom")),
}
BREAKS = {f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": "\t", f"{W}noBreakHyphen": "-"}
INVITATIONS = TO_FILL, A_DATE, TO_CHOOSE = (
    "À remplir",
    "jj/mm/aaaa",
    "Choisir",
)  # what an open blank shows
STORIES = {
    "document": "",
    "header": "en-tête",
    "footer": "pied de page",
    "footnotes": "note",
    "endnotes": "note",
    "comments": "commentaire",
}
COMPUTED = re.compile(
    r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES|SECTION|DATE|TIME|SAVEDATE|PRINTDATE|FILENAME|TOC)\b"
)  # fields whose text is not ours


@dataclass(frozen=True)
class Control:
    """Un contrôle : son étiquette (le chemin du champ, vide si elle a été perdue) et son texte,
    vide s'il n'est pas rempli.
    """

    tag: str
    text: str


Cell = tuple[str | Control, ...]
"""Ce que tient une cell, ou un paragraphe : du texte fixe et des contrôles, dans l'ordre."""


@dataclass(frozen=True)
class PageLine:
    """Un paragraphe, ou une ligne de tableau. ``endroit`` : « en-tête », « pied de page », « note
    », « commentaire », ou rien pour le corps.
    """

    cells: tuple[Cell, ...]
    endroit: str = ""

    @property
    def controls(self) -> tuple[Control, ...]:
        """Ses contrôles, dans l'ordre de la page."""
        return tuple(piece for cell in self.cells for piece in cell if isinstance(piece, Control))


def page_in(parts: Mapping[str, bytes]) -> tuple[PageLine, ...]:
    """Les lignes du corps, puis des en-têtes, pieds de page, notes et commentaires ; ce qui est
    vide n'en est pas.
    """
    names = sorted(filter(_story, parts), key=_body_first)
    found = [
        line for name in names for line in _lines(_readable(parts, name), STORIES[_story(name)])
    ]
    # Some word processors write one footer for each kind of page.
    return (
        *(line for line in found if not line.endroit),
        *dict.fromkeys(line for line in found if line.endroit),
    )


def controls_in(parts: Mapping[str, bytes]) -> tuple[Control, ...]:
    """Les contrôles du corps, puis des en-têtes et pieds de page, dans l'ordre de la page."""
    return tuple(control for line in page_in(parts) for control in line.controls)


def text_of(element: etree._Element) -> str:
    """Le texte d'un morceau de page : un paragraphe par ligne, sans ce qui a été supprimé en suivi
    des modifications.
    """
    return "".join(_texts(element)).strip("\n")


def plain(cell: Cell) -> str:
    """Le texte d'une cell, réponses comprises."""
    return "".join(piece if isinstance(piece, str) else piece.text for piece in cell)


def _story(name: str) -> str:
    match = re.fullmatch(r"word/([a-z]+)[0-9]*\.xml", name)
    return match[1] if match and match[1] in STORIES else ""


def _body_first(name: str) -> tuple[bool, str]:
    return name != "word/document.xml", name


def _readable(parts: Mapping[str, bytes], name: str) -> etree._Element:
    root = parse_part(parts[name], name)
    for text in list(_computed(root)):
        text.text = ""
    return root


def _computed(root: etree._Element) -> Iterator[etree._Element]:
    """The texts that the word processor computes: page numbers, dates."""
    fields: list[str] = []  # those being open, with their instructions
    for element in root.iter(f"{W}fldSimple", f"{W}fldChar", f"{W}instrText", f"{W}t"):
        step = element.get(f"{W}fldCharType")
        if element.tag == f"{W}fldSimple" and COMPUTED.match(element.get(f"{W}instr", "")):
            yield from element.iter(f"{W}t")
        elif step == "begin":
            fields.append("")
        elif step == "end":
            del fields[-1:]
        elif element.tag == f"{W}instrText" and fields:
            fields[-1] += element.text or ""
        elif element.tag == f"{W}t" and any(map(COMPUTED.match, fields)):
            yield element


def _lines(element: etree._Element, where: str) -> Iterator[PageLine]:
    for child in element:
        cells: tuple[Cell, ...] = ()
        if child.tag == f"{W}tr":
            cells = () if child.find(f"{W}trPr/{W}del") is not None else tuple(_cells(child))
        elif child.tag == f"{W}p" or _is_control(child):
            cells = (_cell([child]),)
        elif child.tag not in SKIPPED:
            yield from _lines(child, where)
        if any(cells):
            yield PageLine(cells, where)


def _cells(row: etree._Element) -> Iterator[Cell]:
    for child in row:
        if child.tag == f"{W}tc" or _is_control(child):
            yield _cell([child] if _is_control(child) else child)
        elif child.tag not in SKIPPED:
            yield from _cells(child)


def _is_control(element: etree._Element) -> bool:
    """A control around others is no answer."""
    return (
        element.tag == f"{W}sdt"
        and element.find(f"{W}sdtContent") is not None
        and element.find(f"{W}sdtContent//{W}sdt") is None
    )


def _cell(elements: etree._Element | list[etree._Element]) -> Cell:
    pieces: list[str | Control] = []
    for piece in _pieces(elements):
        if isinstance(piece, str) and pieces and isinstance(pieces[-1], str):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    if pieces and isinstance(pieces[0], str):
        pieces[0] = pieces[0].lstrip("\n")
    if pieces and isinstance(pieces[-1], str):
        pieces[-1] = pieces[-1].rstrip("\n")
    return tuple(piece for piece in pieces if piece != "")


def _pieces(elements: etree._Element | list[etree._Element]) -> Iterator[str | Control]:
    for child in elements:
        if child.tag in SKIPPED:
            continue
        if _is_control(child):
            yield _control(child)
        elif child.tag == f"{W}t" or child.tag in BREAKS:
            yield child.text or "" if child.tag == f"{W}t" else BREAKS[str(child.tag)]
        else:
            yield from _pieces(child)
            if child.tag == f"{W}p":
                yield "\n"


def _control(sdt: etree._Element) -> Control:
    tag, content = sdt.find(f"{W}sdtPr/{W}tag"), sdt.find(f"{W}sdtContent")
    text = "" if content is None else text_of(content)
    # Some word processors keep the invitation and lose the mark that it is one.
    blank = sdt.find(f"{W}sdtPr/{W}showingPlcHdr") is not None or text in INVITATIONS
    return Control("" if tag is None else tag.get(f"{W}val", ""), "" if blank else text)


def _texts(element: etree._Element) -> Iterator[str]:
    for child in element:
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag in BREAKS:
            yield BREAKS[str(child.tag)]
        elif child.tag not in SKIPPED:
            yield from _texts(child)
            if child.tag == f"{W}p":
                yield "\n"
