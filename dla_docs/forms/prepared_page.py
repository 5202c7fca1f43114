"""Le formulaire Word dont on fera un PDF, préparé : ses champs ouverts tiennent chacun sur leur
ligne, ses lignes de tableau chacune sur une page.
"""

from __future__ import annotations

from lxml import etree

from dla_docs.builder.wml import keep_whole, properties_of, w
from dla_docs.stages.form_page import TINT
from dla_docs.word.names import W, dissolve, insert_ordered
from dla_docs.word.order import PARAGRAPH_PROPERTIES

MANY = 5  # fields of a cell that may go on over the page
HALF_PAGE = 16  # lines, some of them high enough for a pen
P, TC, TR, SDT, CONTENT = (f"{W}{name}" for name in ("p", "tc", "tr", "sdt", "sdtContent"))


def prepare(root: etree._Element, is_body: bool, headings: bool) -> None:
    """Apprête une partie du document, sur place.

    Args:
        root: le corps, un en-tête ou un pied de page.
        is_body: faux où personne n'écrit ; rien n'y reste ouvert.
        headings: les en-têtes de tableau se répètent d'une page à l'autre.
    """
    _close(root, everything=not is_body)
    _bleach(root)
    _hold_rows(root, headings)


def _close(root: etree._Element, everything: bool) -> None:
    """Leaves of a control that no one fills here its text alone; those that are open stand in a
    paragraph.
    """
    for sdt in [*root.iter(SDT)]:
        lock = sdt.find(f"{W}sdtPr/{W}lock")
        if everything or lock is None or lock.get(f"{W}val") != "sdtLocked":
            dissolve(sdt, sdt.find(CONTENT))
        else:
            _inline(sdt)


def _inline(sdt: etree._Element) -> None:
    """A control around a cell or a paragraph, or inside a link, moves to the line itself."""
    content = sdt.find(CONTENT)
    paragraphs = [] if content is None else [*content.iter(P)]
    if paragraphs:
        dissolve(sdt, content)
        for other in paragraphs[1:]:
            dissolve(other)
        paragraphs[0].append(sdt)
    while (
        (parent := sdt.getparent()) is not None
        and parent.tag != P
        and next(parent.iterancestors(P), None) is not None
    ):
        dissolve(parent, parent)


def _bleach(root: etree._Element) -> None:
    """The fields have a tint of their own."""
    for shade in [*root.iter(f"{W}shd")]:
        if shade.get(f"{W}fill") == TINT:
            dissolve(shade)


def _hold_rows(root: etree._Element, headings: bool) -> None:
    """A field does not go on over the page, nor does its row."""
    for row in root.iter(TR):
        hold(row)
        if not headings:
            _loosen(row, properties_of(row, "trPr"))


def hold(row: etree._Element | None) -> None:
    """Une ligne de tableau, s'il y en a une, ne se coupe pas au bout d'une page, sauf si une de ses
    cellules tient beaucoup de champs.
    """
    if row is None or any(len([*cell.iter(SDT)]) >= MANY for cell in row.iterfind(TC)):
        return
    keep_whole(row)


def let_tall_rows_go_on(root: etree._Element) -> None:
    """Une ligne de tableau d'une demi-page et de beaucoup de champs se coupe entre deux : tenue
    entière, elle laisserait vide le bas de la page d'avant.
    """
    for row in root.iter(TR):
        lines = [_lines(cell) for cell in row.iterfind(TC) if len([*cell.iter(SDT)]) >= MANY]
        if max(lines, default=0) > HALF_PAGE:
            for held in row.findall(f"{W}trPr/{W}cantSplit"):
                dissolve(held)


def end_together(root: etree._Element) -> None:
    """La dernière ligne du tableau qui ferme la page n'est pas seule sur la dernière, quand celle
    d'avant peut l'y suivre.
    """
    tables = [*root.iterfind(f"{W}body/{W}tbl")][-1:]
    rows = [row for table in tables for row in table.iterfind(TR)]
    told = [row for row in rows if row.find(f"{W}trPr/{W}tblHeader") is None]
    for paragraph in told[-2].iter(P) if len(told) > 1 else ():
        insert_ordered(properties_of(paragraph, "pPr"), w("keepNext"), PARAGRAPH_PROPERTIES)


def _lines(cell: etree._Element) -> int:
    return len([*cell.iter(P)]) + len([*cell.iter(f"{W}br")])


def _loosen(row: etree._Element, properties: etree._Element) -> None:
    """Neither repeated nor kept with the next: LibreOffice loses rows of some tables that are."""
    for heading in properties.findall(f"{W}tblHeader"):
        properties.remove(heading)
    for own in (properties_of(paragraph, "pPr") for paragraph in row.iter(P)):
        insert_ordered(own, w("keepNext", val=0), PARAGRAPH_PROPERTIES)
