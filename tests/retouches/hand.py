"""Ce qu'une main fait d'un document, tiré au sort : mots ajoutés et ôtés, lignes copiées, déplacées
et ôtées, gras, commentaires, modifications suivies, en-têtes, sections.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from random import Random

from lxml import etree

from dla_docs.retouches.skeleton import fields
from dla_docs.word.names import W_P, W_R, W_RPR, W_SDT, W_T, W_TR, W
from dla_docs.word.package import MAIN, parse_part
from tests.word_forms import parts_of, zipped

NS = f'xmlns:w="{W[1:-1]}"'


class Hand:
    """Une main, et les mots qu'elle a mis."""

    def __init__(self, octets: bytes, seed: int) -> None:
        self.random, self.words = Random(seed), list[str]()
        self.parts = parts_of(octets)
        self.root = parse_part(self.parts[MAIN], MAIN)
        self.body = self.root[0]

    def retouch(self, times: int) -> bytes:
        """Le document, retouché tant de fois."""
        for _ in range(times):
            self.random.choice(EDITS)(self)
        self.parts[MAIN] = etree.tostring(self.root, xml_declaration=True, encoding="UTF-8")
        return zipped(self.parts)

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

    def some(self, *names: str) -> etree._Element | None:
        found = list(self.body.iter(*names))
        return self.random.choice(found) if found else None


def adds_a_paragraph(hand: Hand) -> None:
    place = hand.random.choice(list(hand.body)[:-1])
    place.addnext(hand.paragraph())


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


def puts_in_bold(hand: Hand) -> None:
    run = hand.some(W_R)
    if run is not None and run.find(W_RPR) is None:
        run.insert(0, etree.fromstring(f"<w:rPr {NS}><w:b/></w:rPr>"))


def inserts_tracked(hand: Hand) -> None:
    paragraph = hand.some(W_P)
    if paragraph is not None:
        held = etree.SubElement(
            paragraph, f"{W}ins", {f"{W}id": str(len(hand.words) + 1), f"{W}author": "Une main"}
        )
        held.append(hand.run())


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
    found = [(one, above) for one in fields(hand.body) if (above := one.getparent()) is not None]
    if found:
        sdt, parent = hand.random.choice(found)
        if parent.tag == W_P:
            parent.remove(sdt)


def starts_a_section(hand: Hand) -> None:
    made = etree.fromstring(
        f'<w:p {NS}><w:pPr><w:sectPr><w:type w:val="continuous"/></w:sectPr></w:pPr></w:p>'
    )
    made.append(hand.run())
    hand.random.choice(list(hand.body)[:-1]).addnext(made)


def writes_in_a_header(hand: Hand) -> None:
    names = sorted(name for name in hand.parts if name.startswith(("word/header", "word/footer")))
    if names:
        name = hand.random.choice(names)
        root = parse_part(hand.parts[name], name)
        root.append(hand.paragraph())
        hand.parts[name] = etree.tostring(root)


EDITS: tuple[Callable[[Hand], None], ...] = (
    adds_a_paragraph,
    adds_a_paragraph_in_a_cell,
    adds_words,
    removes_a_word,
    rewrites_an_answer,
    puts_in_bold,
    inserts_tracked,
    removes_a_paragraph,
    copies_a_row,
    moves_a_row,
    removes_a_row,
    removes_a_control,
    starts_a_section,
    writes_in_a_header,
)
