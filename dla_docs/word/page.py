"""La page d'un document Word, ligne par ligne : le texte fixe, et les contrôles de contenu avec le
chemin que porte chacun et ce qu'on y a écrit.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain

from lxml import etree

from dla_docs.word.bounds import refuse_long, refuse_many
from dla_docs.word.boxes import UNCHECKED, mark_of, rank_of
from dla_docs.word.cutting import Piece, cut_to_read, once_a_piece, shared_root
from dla_docs.word.invitations import as_drawn, invitation_of, invites, is_blank
from dla_docs.word.names import (
    MC,
    W_P,
    W_R,
    W_SDT,
    W_SDTCONTENT,
    W_SDTPR,
    W_T,
    W_TC,
    W_TR,
    W_VAL,
    W,
    dissolve,
)
from dla_docs.word.package import MAIN, parse_part
from dla_docs.word.part import of_small_parts
from dla_docs.word.signs import FLDCHAR, is_struck, own_text, run_texts

# The same text box once more, for old Words
FALLBACK, CHOICE = f"{MC}Fallback", f"{MC}Choice"
SKIPPED = {
    FALLBACK,
    *(f"{W}{name}" for name in ("del", "sdtPr", "rPr", "pPr", "instrText", "moveFrom", "rt")),
}
MARK = "*\N{NO-BREAK SPACE}"  # before a field that must be filled: no text of the page
LISTED = f"{W}pPr/{W}numPr"
W_TAG, BOX = f"{W}tag", f"{W}txbxContent"
FLDSIMPLE, INSTRTEXT, FLDCHARTYPE = f"{W}fldSimple", f"{W}instrText", f"{W}fldCharType"
WRAPPER = "goog_rdk"  # what Google Docs puts around anything
STORIES = {
    "document": "",
    "header": "en-tête",
    "footer": "pied de page",
    "footnotes": "note",
    "endnotes": "note",
    "comments": "commentaire",
}
COUNTED = re.compile(
    r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES|SECTION|PAGEREF|FILENAME|FILESIZE|TOC|NUMWORDS|NUMCHARS"
    r"|EDITTIME|REVNUM|LASTSAVEDBY)\b"
)
COMPUTED = re.compile(
    rf"{COUNTED.pattern}|\s*(?:DATE|TIME|SAVEDATE|PRINTDATE|CREATEDATE|STYLEREF)\b"
)  # fields whose text is not ours; in the body, a date is an answer like another


@dataclass(frozen=True)
class Control:
    """Un contrôle : son étiquette (le chemin du champ, vide si elle a été perdue) et son texte,
    vide s'il n'est pas rempli. ``invitation`` : ce qu'il montre alors, si on le sait.
    """

    tag: str
    text: str
    invitation: str = field(default="", compare=False)

    @property
    def is_box(self) -> bool:
        """Vrai d'une case à cocher, même quand elle a perdu son étiquette."""
        return bool(rank_of(self.tag)) or self.invitation == UNCHECKED

    def invites(self, text: str) -> bool:
        """Vrai du texte que ce contrôle montre quand il n'est pas rempli."""
        return invites(self.invitation, text)


Cell = tuple[str | Control, ...]
"""Ce que tient une cell, ou un paragraphe : du texte fixe et des contrôles, dans l'ordre."""


@dataclass(frozen=True)
class PageLine:
    """Un paragraphe, ou une ligne de tableau. ``endroit`` : « en-tête », « pied de page », « note
    », « commentaire », ou rien pour le corps. ``en_liste`` : à puce, ou numéroté.
    """

    cells: tuple[Cell, ...]
    endroit: str = ""
    en_liste: bool = field(default=False, compare=False)

    @cached_property
    def controls(self) -> tuple[Control, ...]:
        """Ses contrôles, dans l'ordre de la page."""
        return tuple(chain.from_iterable(self.by_cell))

    @cached_property
    def by_cell(self) -> tuple[tuple[Control, ...], ...]:
        """De même, cellule par cellule."""
        return tuple(
            tuple(piece for piece in cell if isinstance(piece, Control)) for cell in self.cells
        )

    @cached_property
    def en_json(self) -> str:
        """Comme elle voyage : un formulaire en redit la plupart des lignes d'un autre."""
        cells = ([_packed(piece) for piece in cell] for cell in self.cells)
        return json.dumps([self.endroit, *cells], ensure_ascii=False)


def _packed(piece: str | Control) -> str | list[str]:
    """A field travels with what it shows when it is blank, as the next row of its table may be."""
    if isinstance(piece, str):
        return piece
    return [piece.tag, piece.text, *([piece.invitation] if piece.invitation else ())]


def page_in(parts: Mapping[str, bytes]) -> tuple[PageLine, ...]:
    """Les lignes du corps, puis des en-têtes, pieds de page, notes et commentaires ; ce qui est
    vide n'en est pas. PackageError d'une page comme aucun de nos documents n'en a.
    """
    names = sorted(filter(_story, parts), key=lambda name: (name != MAIN, name))
    refuse_long(parts[name] for name in names)
    found = [line for name in names for line in _lines_of(parts[name], name)]
    refuse_many(len(found), sum(len(line.controls) for line in found))
    # Some word processors write one footer for each kind of page.
    return (
        *(line for line in found if not line.endroit),
        *dict.fromkeys(line for line in found if line.endroit),
    )


@of_small_parts
def _lines_of(data: bytes, name: str) -> tuple[PageLine, ...]:
    cut = cut_to_read(data) if name == MAIN else None
    if cut is None:
        return tuple(_lines(_readable(parse_part(data, name), name), STORIES[_story(name)]))
    return tuple(chain.from_iterable(map(lines_of_piece, cut.pieces())))


@once_a_piece
def lines_of_piece(piece: Piece) -> tuple[PageLine, ...]:
    """Les lignes d'un morceau ; ``PackageError`` s'il est abîmé."""
    root = piece.root() if b"fldSimple" in piece.xml else shared_root(piece)
    return tuple(_lines(_readable(root, MAIN), ""))


def text_of(element: etree._Element) -> str:
    """Le texte d'un morceau de page : un paragraphe par ligne, sans ce qui a été supprimé en suivi
    des modifications.
    """
    return "".join(said_in(element)).strip("\n")


def said_in(element: etree._Element) -> Iterator[str]:
    """Les textes d'un morceau de page, un à un, dans l'ordre."""
    return (str(piece) for piece in _pieces(element, lambda control: False))


def plain(cell: Cell) -> str:
    """Le texte d'une cell, réponses comprises."""
    return "".join(piece if isinstance(piece, str) else piece.text for piece in cell)


def is_story(name: str) -> bool:
    """Vrai d'une partie dont le texte se lit : corps, en-têtes, pieds de page, notes…"""
    return bool(_story(name))


@lru_cache(1024)
def _story(name: str) -> str:
    match = re.fullmatch(r"word/([a-z]+)[0-9]*\.xml", name)
    return match[1] if match and match[1] in STORIES else ""


def _readable(root: etree._Element, name: str) -> etree._Element:
    for text in recomputed(root, name):
        text.text = ""
    return root


def recomputed(root: etree._Element, name: str) -> list[etree._Element]:
    """Les textes d'une partie qu'un traitement de texte récrit en l'enregistrant : ils ne sont de
    personne.
    """
    return [
        text
        for text in computed(root, COMPUTED if STORIES[_story(name)] else COUNTED)
        if not any(map(is_control, text.iterancestors(W_SDT)))
    ]


def computed(root: etree._Element, code: re.Pattern[str]) -> Iterator[etree._Element]:
    """Les textes que calcule le traitement de texte, numéros de page ou dates : ceux des champs
    dont l'instruction a cette forme.
    """
    if next(root.iter(FLDSIMPLE, FLDCHAR), None) is None:
        return
    fields: list[str] = []  # those being open, with their instructions
    for element in root.iter(FLDSIMPLE, FLDCHAR, INSTRTEXT, W_T):
        tag = element.tag
        if tag == W_T:
            if any(map(code.match, fields)):
                yield element
            continue
        step = element.get(FLDCHARTYPE)
        if tag == FLDSIMPLE and code.match(element.get(f"{W}instr", "")):
            yield from element.iter(W_T)
        elif step == "begin":
            fields.append("")
        elif step == "end":
            del fields[-1:]
        elif tag == INSTRTEXT and fields:
            fields[-1] += element.text or ""


def _lines(element: etree._Element, where: str) -> Iterator[PageLine]:
    for child in element:
        cells: tuple[Cell, ...] = ()
        tag = child.tag
        if tag == W_TR:
            cells = () if child.find(f"{W}trPr/{W}del") is not None else tuple(_cells(child))
        elif tag == W_P or (tag == W_SDT and is_control(child)):
            cells = (_cell([child]),)
        elif len(child) and not skips(child):
            yield from _lines(child, where)
        if any(cells):
            yield PageLine(cells, where, child.find(LISTED) is not None)


def _cells(row: etree._Element) -> Iterator[Cell]:
    for child in row:
        if child.tag == W_TC:
            yield _cell(child)
        elif is_control(child):
            yield _cell([child])
        elif len(child) and not skips(child):
            yield from _cells(child)


def skips(element: etree._Element) -> bool:
    """Vrai de ce qui ne se lit pas : propriétés, texte supprimé, barré, ou dit une seconde fois."""
    tag = element.tag
    if tag == FALLBACK:
        above = element.getparent()
        return above is not None and above.find(CHOICE) is not None
    return tag in SKIPPED or (tag == W_R and is_struck(element))


def beside_boxes(element: etree._Element) -> str:
    """Ce que dit un morceau de page hors de ses zones de texte."""
    bare = deepcopy(element)
    for box in [*bare.iter(BOX)]:
        dissolve(box)
    return text_of(bare)


def is_transparent(sdt: etree._Element) -> bool:
    """Vrai d'un contrôle qu'un programme met autour de n'importe quoi : il n'est pas un champ."""
    return tag_of(sdt).startswith(WRAPPER)


def tag_of(sdt: etree._Element) -> str:
    """L'étiquette d'un contrôle ; vide s'il n'en a pas."""
    about = next(sdt.iterchildren(W_SDTPR), None)
    tag = None if about is None else next(about.iterchildren(W_TAG), None)
    return "" if tag is None else str(tag.get(W_VAL, ""))


def is_control(element: etree._Element) -> bool:
    """Vrai d'un contrôle qui tient une réponse : celui qui en entoure d'autres n'en est pas une."""
    if element.tag != W_SDT:
        return False
    content = next(element.iterchildren(W_SDTCONTENT), None)
    if content is None or is_transparent(element):
        return False
    return all(map(is_transparent, content.iter(W_SDT)))


def _cell(elements: etree._Element | list[etree._Element]) -> Cell:
    pieces: list[str | Control] = []
    for piece in _pieces(elements):
        last = pieces[-1] if pieces else None
        if type(piece) is str:  # what is typed behind the mark may go on in its run
            piece = piece.removeprefix(MARK)
        elif type(last) is str:
            pieces[-1] = last.removesuffix(MARK)
        if type(piece) is str and type(last) is str:
            pieces[-1] = last + piece
        else:
            pieces.append(piece)
    if pieces and type(pieces[0]) is str:
        pieces[0] = pieces[0].lstrip("\n")
    if pieces and type(pieces[-1]) is str:
        pieces[-1] = pieces[-1].rstrip("\n")
    return tuple(piece for piece in pieces if piece != "")


def _pieces(
    elements: Iterable[etree._Element], is_answer: Callable[[etree._Element], bool] = is_control
) -> Iterator[str | Control]:
    """``is_answer``: which controls are told apart from the texts."""
    for child in elements:
        tag = child.tag
        if tag == W_R:
            for piece in run_texts(child):
                if isinstance(piece, str):
                    yield as_drawn(child, piece)
                else:
                    yield from _pieces([piece], is_answer)
        elif tag in SKIPPED and skips(child):
            continue
        elif tag == W_SDT and is_answer(child):
            yield _control(child)
        elif (text := own_text(child)) is not None:
            yield text
        else:
            yield from _pieces(child, is_answer)
            if tag == W_P:
                yield "\n"


def _control(sdt: etree._Element) -> Control:
    about, content = _about(sdt), next(sdt.iterchildren(W_SDTCONTENT), None)
    path = about[W_TAG].get(W_VAL, "") if W_TAG in about else ""
    text, invitation = "" if content is None else _answer(content), invitation_of(about)
    if rank_of(path) or invitation == UNCHECKED:  # a box, even when it has lost its tag
        return Control(path, mark_of(text), UNCHECKED)
    return Control(path, "" if is_blank(sdt, about, text, invitation) else text, invitation)


def _answer(content: etree._Element) -> str:
    """A text box drawn in an answer is no part of it, unless nothing else is written there."""
    own = "" if next(content.iter(BOX), None) is None else beside_boxes(content)
    return own if own.strip() else text_of(content)


def _about(sdt: etree._Element) -> dict[object, etree._Element]:
    """The properties of a control, by name; the first of several."""
    held = next(sdt.iterchildren(W_SDTPR), None)
    return {} if held is None else {one.tag: one for one in held.iterchildren(reversed=True)}
