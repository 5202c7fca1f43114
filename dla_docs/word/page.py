"""La page d'un document Word, ligne par ligne : le texte fixe, et les contrôles de contenu avec le
chemin que porte chacun et ce qu'on y a écrit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

from lxml import etree

from dla_docs.spelling import fold
from dla_docs.word.bounds import refuse_long, refuse_many
from dla_docs.word.boxes import UNCHECKED, mark_of, rank_of
from dla_docs.word.cutting import Piece, cut_body, of_small_pieces
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
    q,
)
from dla_docs.word.package import MAIN, parse_part
from dla_docs.word.part import of_small_parts
from dla_docs.word.signs import FLDCHAR, OFF, is_struck, own_text, run_texts

# The same text box once more, for old Words
FALLBACK, CHOICE = f"{MC}Fallback", f"{MC}Choice"
SKIPPED = {
    FALLBACK,
    *(f"{W}{name}" for name in ("del", "sdtPr", "rPr", "pPr", "instrText", "moveFrom", "rt")),
}
TO_FILL, A_DATE, TO_CHOOSE = "À remplir", "jj/mm/aaaa", "Choisir"
INVITATIONS = (TO_FILL, A_DATE, TO_CHOOSE, UNCHECKED)  # what an open blank shows
INVITES = {
    q("w14:checkbox"): UNCHECKED,
    f"{W}date": A_DATE,
    f"{W}dropDownList": TO_CHOOSE,
    f"{W}comboBox": TO_CHOOSE,
    f"{W}text": TO_FILL,
}  # by the kind of its control; the first of several
MARK = "*\N{NO-BREAK SPACE}"  # before a field that must be filled: no text of the page
REMINDER = "à compléter"  # what a blank of a draft shows
OF_WORD = re.compile(
    r"(?:cliquez (?:ou appuyez )?ici pour (?:taper|entrer|saisir) (?:du texte|une date)"
    r"|choisissez un élément"
    r"|click (?:or tap )?(?:here )?to enter (?:text|a date)|choose an item)\.?",
    re.IGNORECASE,
)  # what Word shows again in a control that someone empties
GREY = "808080"
W_TAG, ALIAS = f"{W}tag", f"{W}alias"
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
COUNTED = re.compile(r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES|SECTION|FILENAME|TOC)\b")
COMPUTED = re.compile(
    rf"{COUNTED.pattern}|\s*(?:DATE|TIME|SAVEDATE|PRINTDATE)\b"
)  # fields whose text is not ours; in the body, a date is an answer like another


@dataclass(frozen=True)
class Control:
    """Un contrôle : son étiquette (le chemin du champ, vide si elle a été perdue) et son texte,
    vide s'il n'est pas rempli. ``invitation`` : ce qu'il montre alors, si on le sait.
    """

    tag: str
    text: str
    invitation: str = field(default="", compare=False)

    def invites(self, text: str) -> bool:
        """Vrai du texte que ce contrôle montre quand il n'est pas rempli."""
        return text == self.invitation if self.invitation else text in INVITATIONS


Cell = tuple[str | Control, ...]
"""Ce que tient une cell, ou un paragraphe : du texte fixe et des contrôles, dans l'ordre."""


@dataclass(frozen=True)
class PageLine:
    """Un paragraphe, ou une ligne de tableau. ``endroit`` : « en-tête », « pied de page », « note
    », « commentaire », ou rien pour le corps.
    """

    cells: tuple[Cell, ...]
    endroit: str = ""

    @cached_property
    def controls(self) -> tuple[Control, ...]:
        """Ses contrôles, dans l'ordre de la page."""
        return tuple(piece for cell in self.cells for piece in cell if isinstance(piece, Control))


def page_in(parts: Mapping[str, bytes]) -> tuple[PageLine, ...]:
    """Les lignes du corps, puis des en-têtes, pieds de page, notes et commentaires ; ce qui est
    vide n'en est pas. PackageError d'une page comme aucun de nos documents n'en a.
    """
    names = sorted(filter(_story, parts), key=_body_first)
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
    cut = cut_body(data) if name == MAIN else None
    if cut is None:
        return tuple(_lines(_readable(parse_part(data, name), name), STORIES[_story(name)]))
    return tuple(chain.from_iterable(map(_lines_of_piece, cut.pieces())))


@of_small_pieces
def _lines_of_piece(piece: Piece) -> tuple[PageLine, ...]:
    return tuple(_lines(_readable(piece.root(), MAIN), ""))


def text_of(element: etree._Element) -> str:
    """Le texte d'un morceau de page : un paragraphe par ligne, sans ce qui a été supprimé en suivi
    des modifications.
    """
    return "".join(said_in(element)).strip("\n")


def said_in(element: etree._Element) -> Iterator[str]:
    """Les textes d'un morceau de page, un à un, dans l'ordre."""
    return (str(piece) for piece in _pieces(element, _no_answer))


def plain(cell: Cell) -> str:
    """Le texte d'une cell, réponses comprises."""
    return "".join(piece if isinstance(piece, str) else piece.text for piece in cell)


def is_story(name: str) -> bool:
    """Vrai d'une partie dont le texte se lit : corps, en-têtes, pieds de page, notes…"""
    return bool(_story(name))


def _story(name: str) -> str:
    match = re.fullmatch(r"word/([a-z]+)[0-9]*\.xml", name)
    return match[1] if match and match[1] in STORIES else ""


def _body_first(name: str) -> tuple[bool, str]:
    return name != "word/document.xml", name


def _readable(root: etree._Element, name: str) -> etree._Element:
    for text in list(computed(root, COMPUTED if STORIES[_story(name)] else COUNTED)):
        if not any(map(_is_control, text.iterancestors(W_SDT))):
            text.text = ""
    return root


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
        elif tag == W_P or (tag == W_SDT and _is_control(child)):
            cells = (_cell([child]),)
        elif not skips(child):
            yield from _lines(child, where)
        if any(cells):
            yield PageLine(cells, where)


def _cells(row: etree._Element) -> Iterator[Cell]:
    for child in row:
        if child.tag == W_TC:
            yield _cell(child)
        elif _is_control(child):
            yield _cell([child])
        elif not skips(child):
            yield from _cells(child)


def skips(element: etree._Element) -> bool:
    """Vrai de ce qui ne se lit pas : propriétés, texte supprimé, barré, ou dit une seconde fois."""
    tag = element.tag
    if tag == FALLBACK:
        above = element.getparent()
        return above is not None and above.find(CHOICE) is not None
    return tag in SKIPPED or (tag == W_R and is_struck(element))


def is_transparent(sdt: etree._Element) -> bool:
    """Vrai d'un contrôle qu'un programme met autour de n'importe quoi : il n'est pas un champ."""
    return tag_of(sdt).startswith(WRAPPER)


def tag_of(sdt: etree._Element) -> str:
    """L'étiquette d'un contrôle ; vide s'il n'en a pas."""
    about = next(sdt.iterchildren(W_SDTPR), None)
    tag = None if about is None else next(about.iterchildren(W_TAG), None)
    return "" if tag is None else str(tag.get(W_VAL, ""))


def _is_control(element: etree._Element) -> bool:
    """A control around others is no answer."""
    if element.tag != W_SDT:
        return False
    content = next(element.iterchildren(W_SDTCONTENT), None)
    if content is None or is_transparent(element):
        return False
    return all(map(is_transparent, content.iter(W_SDT)))


def _cell(elements: etree._Element | list[etree._Element]) -> Cell:
    pieces: list[str | Control] = []
    for piece in _pieces(elements):
        if isinstance(piece, str):  # what is typed behind the mark may go on in its run
            piece = piece.removeprefix(MARK)
        elif pieces and isinstance(pieces[-1], str):
            pieces[-1] = pieces[-1].removesuffix(MARK)
        if isinstance(piece, str) and pieces and isinstance(pieces[-1], str):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    if pieces and isinstance(pieces[0], str):
        pieces[0] = pieces[0].lstrip("\n")
    if pieces and isinstance(pieces[-1], str):
        pieces[-1] = pieces[-1].rstrip("\n")
    return tuple(piece for piece in pieces if piece != "")


def _pieces(
    elements: Iterable[etree._Element], is_answer: Callable[[etree._Element], bool] = _is_control
) -> Iterator[str | Control]:
    """``is_answer``: which controls are told apart from the texts."""
    for child in elements:
        tag = child.tag
        if tag == W_R:
            for piece in run_texts(child):
                if isinstance(piece, str):
                    yield piece
                else:
                    yield from _pieces([piece], is_answer)
        elif tag == W_SDT and is_answer(child):
            yield _control(child)
        elif skips(child):
            continue
        elif (text := own_text(child)) is not None:
            yield text
        else:
            yield from _pieces(child, is_answer)
            if tag == W_P:
                yield "\n"


def _no_answer(control: etree._Element) -> bool:
    return False


def _control(sdt: etree._Element) -> Control:
    about, content = _about(sdt), next(sdt.iterchildren(W_SDTCONTENT), None)
    path = about[W_TAG].get(W_VAL, "") if W_TAG in about else ""
    text, invitation = "" if content is None else text_of(content), _invitation(about)
    if rank_of(path) or invitation == UNCHECKED:  # a box, even when it has lost its tag
        return Control(path, mark_of(text), UNCHECKED)
    return Control(path, "" if _is_blank(sdt, about, text, invitation) else text, invitation)


def _about(sdt: etree._Element) -> dict[object, etree._Element]:
    """The properties of a control, by name; the first of several."""
    held = next(sdt.iterchildren(W_SDTPR), None)
    return {} if held is None else {one.tag: one for one in held.iterchildren(reversed=True)}


def _invitation(about: Mapping[object, etree._Element]) -> str:
    """What this control shows when nobody has filled it; nothing when it says no kind."""
    return next((shown for kind, shown in INVITES.items() if kind in about), "")


def _is_blank(
    sdt: etree._Element, about: Mapping[object, etree._Element], text: str, invitation: str
) -> bool:
    """What is marked as an invitation and says one of ours, or of Word; any other text, with or
    without the mark, is an answer.
    """
    mark = about.get(f"{W}showingPlcHdr")
    marked = mark is not None and mark.get(W_VAL, "1") not in OFF
    said = text.strip()
    if marked and OF_WORD.fullmatch(said):
        return True
    label = about[ALIAS].get(W_VAL, "") if ALIAS in about else ""
    ours = _reminds(said, label) or Control("", "", invitation).invites(said)
    return ours and (marked or _is_drawn_as_blank(sdt))


def _reminds(said: str, label: str) -> bool:
    """Whether this is the reminder of a draft; Word's titles are cut where the label is long."""
    if not said.startswith(REMINDER):
        return False
    wanted, said = fold(f"{REMINDER} : {label.removesuffix(CUT)}"), fold(said)
    return said in (fold(REMINDER), wanted) or (label.endswith(CUT) and said.startswith(wanted))


CUT = "…"


def _is_drawn_as_blank(sdt: etree._Element) -> bool:
    """Some word processors lose the mark and keep what it looks like."""
    return all(
        run.find(f"{W}rPr/{W}color[@{W}val='{GREY}']") is not None
        or run.find(f"{W}rPr/{W}highlight") is not None
        for run in sdt.iter(W_R)
        if "".join(text.text or "" for text in run.iter(W_T)).strip()
    )
