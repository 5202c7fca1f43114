"""Ce qu'une main fait d'un document, tiré au sort : mots ajoutés et ôtés, lignes, paragraphes et
champs copiés, déplacés et ôtés, mise en valeur, modifications suivies, tableaux, en-têtes,
sections ; et ce qui demande une partie de plus (``beside``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from random import Random

from lxml import etree

from dla_docs.retouches.skeleton import fields
from dla_docs.retouches.tracking import TRACKED
from dla_docs.word.beyond import MATH
from dla_docs.word.names import W_P, W_R, W_RPR, W_SDT, W_T, W_TR, W
from dla_docs.word.package import MAIN, parse_part
from tests.word_forms import parts_of, zipped

NS = f'xmlns:w="{W[1:-1]}"'
AUTHOR = "Une main"
MARK = "magenta"  # a highlight that no template has


class Hand:
    """Une main, et les mots qu'elle a mis."""

    def __init__(self, octets: bytes, seed: int) -> None:
        self.random, self.words = Random(seed), list[str]()
        self.done = set[str]()
        self.parts = parts_of(octets)
        self.root = parse_part(self.parts[MAIN], MAIN)
        self.body = self.root[0]
        self.number = 5000  # of what a hand marks: no template goes so far

    def retouch(self, times: int, edits: Sequence[Callable[[Hand], None]]) -> bytes:
        """Le document, retouché tant de fois."""
        for _ in range(times):
            edit = self.random.choice(edits)
            edit(self)
            self.done.add(edit.__name__)
        self.parts[MAIN] = etree.tostring(self.root, xml_declaration=True, encoding="UTF-8")
        return zipped(self.parts)

    def did(self, *edits: str) -> bool:
        """Vrai d'une main qui a fait une de ces retouches."""
        return not self.done.isdisjoint(edits)

    def word(self) -> str:
        """Un mot que rien d'autre ne dit."""
        self.words.append(f"Ajout{len(self.words)}x{self.random.randrange(10**6)}")
        return self.words[-1]

    def run(self, marks: str = "") -> etree._Element:
        return etree.fromstring(f"<w:r {NS}>{marks}<w:t>{self.word()}</w:t></w:r>")

    def paragraph(self) -> etree._Element:
        made = etree.fromstring(f"<w:p {NS}/>")
        made.append(self.run())
        return made

    def mark(self, name: str) -> etree._Element:
        """Une modification suivie, vide."""
        self.number += 1
        said = {f"{W}id": str(self.number), f"{W}author": AUTHOR}
        return etree.Element(f"{W}{name}", said)

    def place(self) -> etree._Element:
        """Un bloc du corps, derrière lequel mettre quelque chose."""
        return self.random.choice(list(self.body)[:-1])

    def said(self, inside: bool | None = None) -> list[etree._Element]:
        """Les morceaux de texte qui ne sont pas déjà suivis ; dans un champ, ou hors de tous."""
        return [
            run
            for run in self.body.iter(W_R)
            if run.find(W_T) is not None
            and not any(one.tag in TRACKED for one in run.iterancestors())
            and (inside is None or inside == any(one.tag == W_SDT for one in run.iterancestors()))
        ]

    def inline_controls(self) -> list[etree._Element]:
        """Les champs qui sont dans une phrase."""
        return [
            sdt
            for sdt in fields(self.body)
            if (above := sdt.getparent()) is not None and above.tag == W_P
        ]

    def some(self, *names: str) -> etree._Element | None:
        found = list(self.body.iter(*names))
        return self.random.choice(found) if found else None


def adds_a_paragraph(hand: Hand) -> None:
    hand.place().addnext(hand.paragraph())


def adds_a_paragraph_in_a_cell(hand: Hand) -> None:
    if (cell := hand.some(f"{W}tc")) is not None:
        cell.append(hand.paragraph())


def adds_words(hand: Hand) -> None:
    if (paragraph := hand.some(W_P)) is not None:
        paragraph.append(hand.run())


def fixed_text(hand: Hand) -> etree._Element | None:
    texts = [
        text
        for text in hand.body.iter(W_T)
        if len((text.text or "").split()) > 2 and next(text.iterancestors(W_SDT), None) is None
    ]
    return hand.random.choice(texts) if texts else None


def removes_a_word(hand: Hand) -> None:
    if (text := fixed_text(hand)) is not None:
        text.text = " ".join((text.text or "").split()[:-1]) + " "


def rewrites_an_answer(hand: Hand) -> None:
    found = [sdt for sdt in fields(hand.body) if sdt.find(f".//{W_T}") is not None]
    if found:
        texts = list(hand.random.choice(found).iter(W_T))
        texts[0].text = hand.word()
        for more in texts[1:]:
            more.text = ""


def adds_to_an_answer(hand: Hand) -> None:
    runs = hand.said(inside=True)
    if runs:
        hand.random.choice(runs).addnext(hand.run())


def strikes_words_in_an_answer(hand: Hand) -> None:
    """Barrés d'un trait de plume, et non suivis : ils restent, à côté de la réponse."""
    runs = hand.said(inside=True)
    if runs:
        marks = "<w:rPr><w:strike/></w:rPr>"
        hand.random.choice(runs).addnext(hand.run(marks))


def breaks_a_page(hand: Hand) -> None:
    if (paragraph := hand.some(W_P)) is not None:
        paragraph.append(etree.fromstring(f'<w:r {NS}><w:br w:type="page"/></w:r>'))


def adds_an_equation(hand: Hand) -> None:
    if (paragraph := hand.some(W_P)) is not None:
        made = etree.SubElement(paragraph, f"{MATH}oMath")
        etree.SubElement(etree.SubElement(made, f"{MATH}r"), f"{MATH}t").text = hand.word()


def says(run: etree._Element) -> bool:
    """Vrai d'un morceau de texte qui n'est pas vide : le gabarit en laisse que nul ne voit."""
    return any(run.itertext(W_T))


def highlights(hand: Hand) -> None:
    run = hand.some(W_R)
    if run is not None and run.find(W_RPR) is None and says(run):
        run.insert(0, etree.fromstring(f'<w:rPr {NS}><w:highlight w:val="{MARK}"/></w:rPr>'))


def inserts_tracked(hand: Hand) -> None:
    if (paragraph := hand.some(W_P)) is not None:
        held = hand.mark("ins")
        held.append(hand.run())
        paragraph.append(held)


def deletes_tracked(hand: Hand) -> None:
    runs = hand.said()
    if runs:
        run, held = hand.random.choice(runs), hand.mark("del")
        parent = run.getparent()
        assert parent is not None
        parent.replace(run, held)
        held.append(run)
        for text in run.iter(W_T):
            text.tag = f"{W}delText"


def formats_tracked(hand: Hand) -> None:
    runs = [run for run in hand.said() if run.find(W_RPR) is None]
    if runs:
        marks, change = etree.Element(W_RPR), hand.mark("rPrChange")
        etree.SubElement(marks, f"{W}b")
        etree.SubElement(change, W_RPR)
        marks.append(change)
        run = hand.random.choice(runs)
        if says(run):
            run.insert(0, marks)


def adds_a_table(hand: Hand) -> None:
    made = etree.fromstring(
        f'<w:tbl {NS}><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid><w:gridCol '
        f'w:w="2000"/><w:gridCol w:w="2000"/></w:tblGrid></w:tbl>'
    )
    for _ in range(2):
        row = etree.SubElement(made, W_TR)
        for _ in range(2):
            etree.SubElement(row, f"{W}tc").append(hand.paragraph())
    place = hand.place()
    place.addnext(made)
    made.addnext(hand.paragraph())
    place.addnext(hand.paragraph())


def copies_a_paragraph(hand: Hand) -> None:
    found = [one for one in hand.body.iterchildren(W_P) if one.find(f".//{W}sectPr") is None]
    if found:
        copy = deepcopy(hand.random.choice(found))
        copy.append(hand.run())
        hand.place().addnext(copy)


def moves_a_paragraph(hand: Hand) -> None:
    found = [one for one in hand.body.iterchildren(W_P) if one.find(f".//{W}sectPr") is None]
    if found:
        moved, place = hand.random.choice(found), hand.place()
        if moved is not place:
            place.addnext(moved)


def copies_a_control(hand: Hand) -> None:
    _control_elsewhere(hand, copied=True)


def moves_a_control(hand: Hand) -> None:
    _control_elsewhere(hand, copied=False)


def _control_elsewhere(hand: Hand, copied: bool) -> None:
    found = hand.inline_controls()
    if found:
        sdt = hand.random.choice(found)
        paragraph = hand.paragraph()
        hand.place().addnext(paragraph)
        paragraph.append(deepcopy(sdt) if copied else sdt)


def removes_a_paragraph(hand: Hand) -> None:
    found = [one for one in hand.body.iterchildren(W_P) if one.find(f"{W}pPr/{W}sectPr") is None]
    if len(found) > 3:
        hand.body.remove(hand.random.choice(found))


def copies_a_row(hand: Hand) -> None:
    if (row := hand.some(W_TR)) is not None:
        copy = deepcopy(row)
        row.addnext(copy)
        next(copy.iter(W_P)).append(hand.run())


def moves_a_row(hand: Hand) -> None:
    row = hand.some(W_TR)
    above = None if row is None else row.getprevious()
    if row is not None and above is not None and above.tag == W_TR:
        above.addprevious(row)


def removes_a_row(hand: Hand) -> None:
    row = hand.some(W_TR)
    table = None if row is None else row.getparent()
    if row is not None and table is not None and len(table.findall(W_TR)) > 2:
        table.remove(row)


def removes_a_control(hand: Hand) -> None:
    found = hand.inline_controls()
    if found:
        sdt = hand.random.choice(found)
        parent = sdt.getparent()
        assert parent is not None
        parent.remove(sdt)


def starts_a_section(hand: Hand) -> None:
    made = etree.fromstring(
        f'<w:p {NS}><w:pPr><w:sectPr><w:type w:val="continuous"/></w:sectPr></w:pPr></w:p>'
    )
    made.append(hand.run())
    hand.place().addnext(made)


def writes_in_a_header(hand: Hand) -> None:
    _in_a_header(hand, lambda root: root.append(hand.paragraph()))


def adds_words_in_a_header(hand: Hand) -> None:
    _in_a_header(hand, lambda root: hand.random.choice(list(root.iter(W_P))).append(hand.run()))


def _in_a_header(hand: Hand, edit: Callable[[etree._Element], None]) -> None:
    names = sorted(name for name in hand.parts if name.startswith(("word/header", "word/footer")))
    if names:
        name = hand.random.choice(names)
        root = parse_part(hand.parts[name], name)
        edit(root)
        hand.parts[name] = etree.tostring(root)


EDITS: tuple[Callable[[Hand], None], ...] = (
    adds_a_paragraph,
    adds_a_paragraph_in_a_cell,
    adds_words,
    removes_a_word,
    rewrites_an_answer,
    adds_to_an_answer,
    highlights,
    inserts_tracked,
    deletes_tracked,
    formats_tracked,
    adds_a_table,
    copies_a_paragraph,
    moves_a_paragraph,
    copies_a_control,
    moves_a_control,
    removes_a_paragraph,
    copies_a_row,
    moves_a_row,
    removes_a_row,
    removes_a_control,
    starts_a_section,
    writes_in_a_header,
    adds_words_in_a_header,
    strikes_words_in_an_answer,
    breaks_a_page,
    adds_an_equation,
)
