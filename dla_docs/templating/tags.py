"""Les balises d'une partie : trouvées à travers les découpes de Word, réunies chacune en une marque
dans l'arbre.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree

from dla_docs.templating.frozen_fields import frozen
from dla_docs.templating.lexer import CLOSERS, ESCAPES, RawTag, TagKind, scan
from dla_docs.templating.marks import Marks, Tag
from dla_docs.templating.places import Finding, Place, Places
from dla_docs.templating.unfilled import out_of_reach
from dla_docs.word.field_codes import Spot, is_named, spot_after
from dla_docs.word.names import W_P, W_R, W_T, XML_SPACE, q

# What the text of a paragraph runs through. Tracked deletions (w:del, w:moveFrom) are not there:
# their text is gone.
INLINE = frozenset(
    map(
        q,
        [
            "w:ins",
            "w:moveTo",
            "w:hyperlink",
            "w:smartTag",
            "w:sdt",
            "w:sdtContent",
            "w:fldSimple",
            "w:bdo",
            "w:dir",
            "w:customXml",
        ],
    )
)
GLYPHS = {
    q("w:tab"): " ",
    q("w:br"): " ",
    q("w:cr"): " ",
    q("w:noBreakHyphen"): "-",
    q("w:softHyphen"): "",
}
INSTRUCTION = q("w:instrText")
OPENED = re.compile(r"\{[{%#_]")


@dataclass(frozen=True, slots=True)
class Atom:
    """Un morceau du texte d'un paragraphe et l'élément qui le porte ; ``code`` : ce qui le précède
    dans le code de son champ.
    """

    element: etree._Element
    text: str
    start: int
    code: str | None = None

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def mark_tags(root: etree._Element, places: Places, marks: Marks) -> list[Finding]:
    """Remplace chaque balise de ``root`` par une marque ; rend ce qui ne se lit pas, et ce que rien
    ne remplira.
    """
    findings = [*frozen(root, places)]
    read: set[etree._Element] = set()
    for paragraph in list(root.iter(W_P)):
        for atoms in (_atoms(paragraph, {W_T, *GLYPHS}), _codes(paragraph)):
            read.update(atom.element for atom in atoms)
            findings += _mark_paragraph(atoms, places, paragraph, marks)
    findings += _mark_attributes(root, places, marks)
    return [*findings, *out_of_reach(root, places, read)]


def mark_texts(root: etree._Element, place: Place, marks: Marks) -> list[Finding]:
    """La même chose pour une partie sans paragraphe (fiche du document) : une balise tient dans un
    seul texte.
    """
    findings: list[Finding] = []
    for element in list(root.iter("*")):
        if element.text and "{" in element.text:
            atom = Atom(element, element.text, 0)
            tokens = [replace(token, level="") for token in scan(element.text)]
            findings += _problems(tokens, place)
            _rewrite(atom, tokens, place, marks)
    return findings


def _mark_paragraph(
    atoms: list[Atom], places: Places, paragraph: etree._Element, marks: Marks
) -> list[Finding]:
    text = "".join(atom.text for atom in atoms)
    if not ("{" in text or "}" in text):
        return []
    tokens = scan(text)
    if not tokens:
        return []
    place = places.of(paragraph)
    for atom in atoms:
        _rewrite(atom, tokens, place, marks)
    return [*_problems(tokens, place), *_unnamed(atoms, tokens, place)]


def _atoms(paragraph: etree._Element, kinds: set[str]) -> list[Atom]:
    atoms: list[Atom] = []
    position = 0
    for element in _texts(paragraph):
        if element.tag in kinds:
            text = GLYPHS.get(element.tag, element.text or "")
            atoms.append(Atom(element, text, position))
            position += len(text)
    return atoms


def _codes(paragraph: etree._Element) -> list[Atom]:
    """The instructions of its fields; what a program keeps in its own ones is no tag."""
    foreign: set[etree._Element] = set()
    before: dict[etree._Element, str] = {}
    opened: list[str] = [""]  # the code of each, as far as it is read; first, of one begun above
    for element in _texts(paragraph):
        step = element.get(q("w:fldCharType"))
        if step == "begin":
            opened.append("")
        elif step == "end":
            opened = opened[:-1] or [""]
        elif element.tag == INSTRUCTION:
            before[element] = opened[-1]
            opened[-1] += element.text or ""
            if any(code.lstrip().startswith("ADDIN") for code in opened[1:]):
                foreign.add(element)
    return [
        replace(atom, code=before[atom.element])
        for atom in _atoms(paragraph, {INSTRUCTION})
        if atom.element not in foreign
    ]


def _texts(parent: etree._Element) -> Iterator[etree._Element]:
    for child in parent:
        if child.tag == W_R:
            yield from child
        elif child.tag in INLINE:
            yield from _texts(child)


def _problems(tokens: list[RawTag], place: Place) -> list[Finding]:
    return [_broken(token, place) for token in tokens if token.kind is TagKind.BROKEN]


def _broken(token: RawTag, place: Place) -> Finding:
    if token.raw in CLOSERS.values():
        printed = f"{token.raw[0]}_{token.raw[1]}"
        conseil = (
            f"Retirez-le ; pour l'imprimer, écrivez « {printed} »."
            if printed in ESCAPES
            else "Retirez-le, ou ouvrez la remarque par « {# »."
        )
        return Finding(
            f"« {token.raw} » ferme une balise que rien n'ouvre.", place, conseil=conseil
        )
    closer = CLOSERS[token.raw[:2]]
    return Finding(
        f"la balise « {token.raw} » n'est pas fermée.",
        place,
        conseil=f"Ajoutez « {closer} » dans le même paragraphe.",
    )


def _rewrite(atom: Atom, tokens: list[RawTag], place: Place, marks: Marks) -> None:
    """Take the tags out of one text; a tag is put back, as a mark, in the text where it begins."""
    inside = [token for token in tokens if token.start < atom.end and token.end > atom.start]
    if not inside:
        return
    marks.rewritten = True
    if atom.element.tag in GLYPHS:
        _drop_glyph(atom.element)
        return
    pieces: list[str | etree._Element] = []
    position = atom.start
    for token in inside:
        pieces.append(atom.text[position - atom.start : max(token.start, position) - atom.start])
        if token.start >= atom.start:
            pieces += _replacement(token, place, marks, _spot(atom, token))
        position = min(token.end, atom.end)
    pieces.append(atom.text[position - atom.start :])
    _fill(atom.element, pieces)


def _replacement(
    token: RawTag, place: Place, marks: Marks, spot: Spot
) -> list[str | etree._Element]:
    takes_away = token.kind is TagKind.COMMENT and token.level in ("p", "tr", "tc")
    if token.kind in (TagKind.PRINT, TagKind.BLOCK) or takes_away:
        return [marks.node(Tag(token.kind, token.source, token.level, token.raw, place, spot))]
    return [token.source]  # nothing for another comment, the delimiter itself for an escape


def _spot(atom: Atom, token: RawTag) -> Spot:
    return Spot.RUN if atom.code is None else spot_after(_code_before(atom, token))


def _code_before(atom: Atom, token: RawTag) -> str:
    """The code of a field up to a tag, without those that come before."""
    return _bare(f"{atom.code or ''}{atom.text[: token.start - atom.start]}")


def _bare(text: str) -> str:
    for token in reversed(scan(text)):
        text = text[: token.start] + text[token.end :]
    return text


def _unnamed(atoms: list[Atom], tokens: list[RawTag], place: Place) -> Iterator[Finding]:
    """The tags that would make what their field does depend on the data."""
    for atom in atoms:
        for token in tokens if atom.code is not None else ():
            if atom.start <= token.start < atom.end and token.kind is TagKind.PRINT:
                yield from _nameless(token, _code_before(atom, token), place)


def _nameless(token: RawTag, code: str, place: Place) -> Iterator[Finding]:
    if not is_named(code):
        yield Finding(
            f"« {token.raw} » commence le code d'un champ, qui ferait ce que disent les données.",
            place,
            conseil="Écrivez d'abord le nom du champ : QUOTE, HYPERLINK…",
        )


def _fill(element: etree._Element, pieces: list[str | etree._Element]) -> None:
    element.text = ""
    last: etree._Element | None = None
    for piece in pieces:
        if not isinstance(piece, str):
            element.append(piece)
            last = piece
        elif last is None:
            element.text += piece
        else:
            last.tail = (last.tail or "") + piece
    if element.tag in (W_T, INSTRUCTION):
        element.set(XML_SPACE, "preserve")


def _drop_glyph(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _mark_attributes(root: etree._Element, places: Places, marks: Marks) -> list[Finding]:
    """Alternative texts and titles of drawings, mostly."""
    findings: list[Finding] = []
    for element in root.iter("*"):
        for name, given in element.items():
            value = str(given)
            if OPENED.search(value) and element.tag != q("w:tag"):
                place = _nearest(element, places)
                tokens = scan(value)
                findings += [*_problems(tokens, place), *_blocks_in_attribute(tokens, place)]
                if name == q("w:instr"):
                    for token in tokens:
                        findings += _nameless(token, _bare(value[: token.start]), place)
                element.set(name, _marked(value, tokens, place, marks, name == q("w:instr")))
                marks.rewritten = True
    return findings


def _blocks_in_attribute(tokens: list[RawTag], place: Place) -> list[Finding]:
    message = "« {} » ne peut pas se trouver dans un texte de remplacement ou un réglage."
    return [
        Finding(message.format(token.raw), place, conseil="Gardez-y les {{ }} seuls.")
        for token in tokens
        if token.kind is TagKind.BLOCK
    ]


def _marked(value: str, tokens: list[RawTag], place: Place, marks: Marks, is_code: bool) -> str:
    done, position = "", 0
    for token in tokens:
        done += value[position : token.start]
        spot = spot_after(_bare(value[: token.start])) if is_code else Spot.LINE
        done += (
            marks.text(Tag(token.kind, token.source, "", token.raw, place, spot))
            if token.kind is TagKind.PRINT
            else token.source
        )
        position = token.end
    return done + value[position:]


def _nearest(element: etree._Element, places: Places) -> Place:
    paragraph = next(element.iterancestors(W_P), None)
    return places.somewhere() if paragraph is None else places.of(paragraph)
