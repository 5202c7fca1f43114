"""Ce qu'une page porte et qu'aucune réponse ne peut tenir : image, équation, objet, dessin, texte
barré ou masqué, glose, signe sans lettre, adresse d'un lien ; nommé avec sa place.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from lxml import etree

from dla_docs.errors import PackageError
from dla_docs.raw.quoting import quoted, whole
from dla_docs.word.bounds import MOST_TAGS
from dla_docs.word.cutting import Piece, cut_to_read, once_a_piece, shared_root
from dla_docs.word.hidden import runs_under
from dla_docs.word.names import NAMESPACES, W_P, W_R, W_SDT, W_T, W_TC, W_TR, W
from dla_docs.word.package import MAIN, parse_part
from dla_docs.word.page import (
    BOX,
    SKIPPED,
    beside_boxes,
    is_control,
    is_transparent,
    lines_of_piece,
    skips,
    text_of,
)
from dla_docs.word.part import DATA, VML, check_part, relationships, root_text
from dla_docs.word.signs import PRIVATE_SIGN, R_FONTS, STRIKES, SYM, is_struck, told, unreadable

MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
OFFICE = "{urn:schemas-microsoft-com:office:office}"
DRAWING, PICT, OBJECT, INK = (f"{W}{name}" for name in ("drawing", "pict", "object", "contentPart"))
GRAPHIC = f"{{{NAMESPACES['a']}}}graphicData"
DOCPR = f"{{{NAMESPACES['wp']}}}docPr"
LINK, LINK_ID = f"{W}hyperlink", f"{{{NAMESPACES['r']}}}id"
INSTRUCTION = f"{W}instrText"
FIELDS = (INSTRUCTION, f"{W}fldSimple")
LINKING = (b"hyperlink", b"instrText", b"fldSimple")
INTO = re.compile(r'HYPERLINK\s+"([^"]+)"')
SCHEME = re.compile("mailto:|https?://")
GRAPHICS = {"picture": "une image", "chart": "un graphique", "diagram": "un schéma"}


@dataclass(frozen=True)
class Beyond:
    """``what`` : « une image ». ``tag`` : le champ qui la tient, s'il y en a un ; ``line`` : sinon,
    ce que dit la ligne où elle est. ``is_hidden`` : vrai d'un texte masqué, qui ne dit ni que la
    réponse change, ni qu'elle s'efface.
    """

    what: str
    tag: str = ""
    line: str = ""
    is_hidden: bool = False


def beyond_in(parts: Mapping[str, bytes]) -> tuple[Beyond, ...]:
    """Ce que le corps d'un document Word porte en plus de ses textes, dans l'ordre de la page ; les
    textes masqués à la fin, où qu'ils soient.
    """
    if MAIN not in parts or _holds_nothing(parts):
        return ()
    root = parse_part(parts[MAIN], MAIN)
    shown = (*_found(root), *_links(parts, root))
    return (
        *(_placed(element, what) for element, what in shown),
        *(_placed(element, what, is_hidden=True) for element, what in _hidden(parts)),
    )


def added_in(parts: Mapping[str, bytes], drawn: Iterable[str]) -> Iterator[Beyond]:
    """Ce qu'il porte de plus que ce que son modèle y avait dessiné, ``drawn``."""
    left = Counter(drawn)
    for found in beyond_in(parts):
        left[found.what] -= 1  # each counts once
        if left[found.what] < 0:
            yield found


def _placed(element: etree._Element, what: str, is_hidden: bool = False) -> Beyond:
    tag = _tag(element)
    return Beyond(what, tag, "" if tag else _line(element), is_hidden)


def _holds_nothing(parts: Mapping[str, bytes]) -> bool:
    """Whether no piece of the body holds anything but words: it is not walked through."""
    cut = cut_to_read(parts[MAIN])
    if cut is None or _links_away(cut.skeleton) or next(runs_under(parts), None) is not None:
        return False
    return not any(map(_tells, cut.pieces()))


def _links_away(xml: bytes) -> bool:
    return any(word in xml for word in LINKING)


@once_a_piece
def _tells(piece: Piece) -> bool:
    lines_of_piece(piece)  # both are asked of all of them, and the piece is analysed once
    return _links_away(piece.xml) or next(_found(shared_root(piece)), None) is not None


def check_read(data: bytes, part: str) -> None:
    """Ce que fait ``check_part``, d'une partie qu'on va lire : un corps qui se lit par morceaux est
    bien formé quand chacun l'est. Chacun y est lu de toutes les façons, et analysé une fois.
    """
    cut = cut_to_read(data) if part == MAIN and len(data) <= MOST_TAGS else None
    if part.startswith(DATA):  # read again if not even that can be
        with suppress(PackageError):
            root_text(data, part)
            return
    if cut is None or b"rsid" in data:  # what is left out is not read by piece
        check_part(data, part)
    if cut is not None:
        for piece in cut.pieces():
            _tells(piece)


def _found(element: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    struck: list[etree._Element] = []
    for child in element:
        if is_struck(child):
            struck.append(child)
            continue
        if struck and child.tag == W_R:
            yield from _quoted(struck, STRUCK)
            struck = []
        if child.tag not in SKIPPED or not skips(child):
            yield from ((child, what) for what in _named(child))
            if child.tag not in WHOLE and _may_hold(child):
                yield from _found(child)
    yield from _quoted(struck, STRUCK)


def _links(
    parts: Mapping[str, bytes], root: etree._Element
) -> Iterator[tuple[etree._Element, str]]:
    """The addresses that the page does not show: « notre site » leads somewhere."""
    links = (one for one in relationships(parts, MAIN) if one.kind == "hyperlink" and one.external)
    targets = {one.id: one.target for one in links}
    for element in root.iter(LINK, *FIELDS):
        code = INTO.search(element.get(f"{W}instr") or element.text or "")
        address = code[1] if code else targets.get(element.get(LINK_ID, ""), "")
        place = element if element.tag != INSTRUCTION else next(element.iterancestors(W_P), element)
        if address and _bare(address) not in "".join(text_of(place).split()).casefold():
            yield element, f"un lien vers {whole(address)}"


def _bare(address: str) -> str:
    return SCHEME.sub("", "".join(address.split()).casefold()).rstrip("/")


def _hidden(parts: Mapping[str, bytes]) -> Iterator[tuple[etree._Element, str]]:
    """Runs that follow each other make one text; one that is struck as well is told already."""
    held: list[etree._Element] = []
    for run in runs_under(parts):
        if held and next(run.itersiblings(W_R, preceding=True), None) is not held[-1]:
            yield from _quoted(held, HIDDEN)
            held = []
        held += [] if is_struck(run) else [run]
    yield from _quoted(held, HIDDEN)


def _may_hold(element: etree._Element) -> bool:
    """Most of a page is words alone: it is not walked through."""
    return (
        next(element.iter(*TELLING), None) is not None
        or PRIVATE_SIGN.search("".join(map(str, element.itertext(W_T)))) is not None
    )


def _quoted(runs: list[etree._Element], what: str) -> Iterator[tuple[etree._Element, str]]:
    if (text := told(runs)).strip():
        yield runs[0], f"{what}, {whole(text)},"


STRUCK, HIDDEN = "un texte barré", "un texte masqué"


def _named(element: etree._Element) -> list[str]:
    if element.tag in (W_T, SYM):
        return unreadable(element)
    name = NAMED.get(str(element.tag))
    said = name(element) if name else ""
    return [said] if said else []


def _drawing(drawing: etree._Element) -> str:
    if _box_says_something(drawing):
        return _boxed(drawing)
    graphic = next(drawing.iter(GRAPHIC), None)
    kind = "" if graphic is None else str(graphic.get("uri", "")).rpartition("/")[2]
    about = next(drawing.iter(DOCPR), None)
    title = "" if about is None else str(about.get("descr") or about.get("title") or "")
    if graphic is None:  # a program that only half writes it
        return f"une image ou un dessin{_titled(title)}"
    return f"{GRAPHICS.get(kind, 'un dessin')}{_titled(title)}"


def _pict(pict: etree._Element) -> str:
    if _box_says_something(pict):
        return _boxed(pict)
    if any(shape.get(f"{OFFICE}hr") for shape in pict.iter(f"{{{VML}}}rect")):
        return ""
    art = next((str(path.get("string", "")) for path in pict.iter(f"{{{VML}}}textpath")), "")
    if art:
        return f"un texte dessiné{_titled(art)}"
    image = next(pict.iter(f"{{{VML}}}imagedata"), None)
    shape = next(pict.iter(f"{{{VML}}}shape"), None)
    title = "" if shape is None else str(shape.get("alt", ""))
    return f"{'un dessin' if image is None else 'une image'}{_titled(title)}"


def _object(embedded: etree._Element) -> str:
    ole = next(embedded.iter(f"{OFFICE}OLEObject"), None)
    program = "" if ole is None else str(ole.get("ProgID", ""))
    return f"un objet incorporé{_titled(program)}"


def _equation(math: etree._Element) -> str:
    said = "".join(text.text or "" for text in math.iter(f"{MATH}t"))
    return f"une équation, {whole(said)}," if said.strip() else "une équation"


def _ruby(ruby: etree._Element) -> str:
    said = "".join(text.text or "" for text in ruby.iterfind(f"{W}rt//{W}t"))
    return f"une glose au-dessus du texte, {whole(said)}," if said.strip() else ""


NAMED: dict[str, Callable[[etree._Element], str]] = {
    DRAWING: _drawing,
    PICT: _pict,
    OBJECT: _object,
    f"{MATH}oMath": _equation,
    f"{W}ruby": _ruby,
    INK: lambda ink: "une écriture à la main",
    f"{W}altChunk": lambda chunk: "un document inséré",
    f"{W}subDoc": lambda chunk: "un document inséré",
}
TELLING = (*NAMED, SYM, R_FONTS, *STRIKES)
WHOLE = frozenset({OBJECT, f"{MATH}oMath"})


def _titled(title: str) -> str:
    return f" ({quoted(title)})" if title.strip() else ""


def _box_says_something(drawn: etree._Element) -> bool:
    return any(text_of(box).strip() for box in drawn.iter(BOX))


def _boxed(drawn: etree._Element) -> str:
    """A text box is read as the text it holds, but in an answer that says something else."""
    field = next(filter(is_control, drawn.iterancestors(W_SDT)), None)
    if field is None or not beside_boxes(field).strip():
        return ""
    return f"une zone de texte, {whole(text_of(drawn))},"


def _tag(element: etree._Element) -> str:
    held = (
        mark.get(f"{W}val", "")
        for sdt in element.iterancestors(W_SDT)
        if not is_transparent(sdt)
        for mark in sdt.findall(f"{W}sdtPr/{W}tag")
    )
    return str(next(held, ""))


def _line(element: etree._Element) -> str:
    """What its row says first, or its paragraph, or the last one above that says something."""
    row = next(element.iterancestors(W_TR), None)
    cell = None if row is None else next(row.iter(W_TC), None)
    own = next(element.iterancestors(W_P), element)
    for place in (cell, own):
        if place is not None and (said := text_of(place).strip()):
            return said
    start = own if row is None else row
    above = (text_of(before).strip() for before in start.itersiblings(W_P, preceding=True))
    return next(filter(None, above), "")
