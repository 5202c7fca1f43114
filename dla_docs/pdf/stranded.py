"""Un titre que LibreOffice laisse seul au bas d'une page, quoiqu'il soit gardé avec ce qu'il
annonce : il s'est vu sur le PDF, et ouvre la page suivante quand le document est mis en page de
nouveau.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from lxml import etree

from dla_docs.pdf.contents import Heading, headings_of
from dla_docs.pdf.lost_words import letters
from dla_docs.pdf.pages import below_bookmarks
from dla_docs.word.archive import pack_quickly, write_archive
from dla_docs.word.lengths import points
from dla_docs.word.names import W_PPR, W_R, W_TC, W_VAL, W, ancestor, element, insert_ordered
from dla_docs.word.order import PARAGRAPH_PROPERTIES
from dla_docs.word.package import MAIN, open_package, parse_part, serialise
from dla_docs.word.style_marks import STYLES

KEPT, SECTION, OFF = f"{W}keepNext", f"{W}sectPr", ("0", "false", "off")


def stranded(parts: Mapping[str, bytes], pdf: bytes) -> list[int]:
    """Les rangs, parmi les titres du document Word, de ceux que rien ne suit sur leur page."""
    root, found = _headings(parts)
    margins = [points(one.get(f"{W}bottom", "")) for one in root.iter(f"{W}pgMar")]
    shown = below_bookmarks(pdf, min(margins, default=0))
    titles = [letters(title) for title, _ in shown]  # an automatic number is no word of the file's
    if len(titles) != len(found) or not all(map(_names, titles, found)):
        return []  # another order: nothing is sure
    said = (letters(below) for _, below in shown)
    return [rank for rank, words in enumerate(said) if words and words == titles[rank]]


def brought_down(docx: bytes, ranks: Sequence[int]) -> bytes | None:
    """Le même document, où chacun de ces titres ouvre une page, avec celui dont il est le premier ;
    ``None`` quand aucun n'est gardé avec la suite.
    """
    parts = open_package(docx)
    root, found = _headings(parts)
    styles = parse_part(parts[STYLES], STYLES) if STYLES in parts else element("w:styles")
    asked = (found[rank].paragraph for rank in ranks)
    kept = [one for one in asked if _is_kept(one, styles) and ancestor(one, W_TC) is None]
    titles = {one.paragraph for one in found}
    for paragraph in kept:
        properties = _first(paragraph, titles).find(W_PPR)
        if properties is not None:
            insert_ordered(properties, element("w:pageBreakBefore"), PARAGRAPH_PROPERTIES)
    return _written(parts, root) if kept else None


def _headings(parts: Mapping[str, bytes]) -> tuple[etree._Element, list[Heading]]:
    root = parse_part(parts[MAIN], MAIN)
    styles = parse_part(parts[STYLES], STYLES) if STYLES in parts else element("w:styles")
    return root, [*headings_of(root, styles)]


def _names(title: str, heading: Heading) -> bool:
    return title.endswith(letters(heading.text))


def _first(paragraph: etree._Element, titles: Collection[etree._Element]) -> etree._Element:
    """The first of the titles that follow one another down to this one, be they set apart by an
    empty paragraph, or by a mark.
    """
    for above in paragraph.itersiblings(preceding=True):
        if above in titles:
            paragraph = above
        elif next(above.iter(W_R, SECTION), None) is not None:
            break
    return paragraph


def _is_kept(paragraph: etree._Element, styles: etree._Element) -> bool:
    """What it says itself of what follows it, else its style, or the one it is based on."""
    known = {str(one.get(f"{W}styleId")): one for one in styles.iter(f"{W}style")}
    one: etree._Element | None = paragraph
    named = paragraph.find(f"{W_PPR}/{W}pStyle")
    for _ in range(len(known) + 1):
        said = None if one is None else one.find(f"{W_PPR}/{KEPT}")
        if said is not None:
            return said.get(W_VAL, "1") not in OFF
        one = None if named is None else known.get(str(named.get(W_VAL)))
        named = None if one is None else one.find(f"{W}basedOn")
    return False


def _written(parts: Mapping[str, bytes], root: etree._Element) -> bytes:
    changed = {**parts, MAIN: serialise(root)}
    return write_archive(pack_quickly(name, content) for name, content in changed.items())
