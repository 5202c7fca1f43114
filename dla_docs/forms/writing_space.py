"""La page d'un formulaire PDF : le formulaire Word dont chaque champ ouvert a reçu la place où
écrire, car un champ de PDF ne grandit pas.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from math import ceil

from lxml import etree

from dla_docs.builder.wml import properties_of, run, w
from dla_docs.forms.answers_taken import leaf
from dla_docs.forms.field_label import label_of
from dla_docs.forms.prepared_page import (
    SDT,
    TC,
    TR,
    P,
    end_together,
    hold,
    let_tall_rows_go_on,
    prepare,
)
from dla_docs.forms.ticks import answers_in
from dla_docs.model.bloc import value_type
from dla_docs.model.document import Document
from dla_docs.model.node import Node
from dla_docs.model.typography import typeset_words
from dla_docs.pdf import LEADING, Field, alias, colour, lines_of
from dla_docs.stages.boxes import LEAST, LETTER, NARROW, indents, line_width, room
from dla_docs.stages.form_page import LINE, SINK
from dla_docs.word.archive import pack_quickly, write_archive
from dla_docs.word.boxes import path_of, rank_of
from dla_docs.word.names import W, insert_ordered
from dla_docs.word.order import PARAGRAPH_PROPERTIES
from dla_docs.word.package import MAIN, parse_part, serialise
from dla_docs.word.page import MARK, tag_of, text_of

BLANK = "\N{FIGURE SPACE}"  # never cut at the end of a line, and LibreOffice makes a field of it
USUAL_ANSWER, SHORT_ANSWER, BOX = 24, 12, 3  # letters: of a name; of a figure; of a box
LINES_OF_TEXT, LINES_IN_CELL, MOST_LINES = 5, 4, 30  # of a long answer; beyond, it scrolls
LONG_ANSWER = 8  # lines: a field that holds as many is given no more than it holds
PLAIN_SPACES = dict.fromkeys(
    map(ord, "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"), " "
)  # the others are blanks to some readers of PDF
BETWEEN = 4  # letters, from a field to the next label
SEPARATORS = " ,;–-\N{NO-BREAK SPACE}\N{MIDDLE DOT}"
PITCH = 11.8  # points: of a line of a cell, the lowest; those of a field are LEADING apart
SIZE = 21  # halves of a point: of a page, in whose titles too a blank is as wide as LARGE
TALL = LINE // 240  # usual lines in one that is high enough for a pen
T, BREAK = f"{W}t", f"{W}br"


@dataclass(frozen=True)
class Page:
    """Un document Word à convertir, et ses champs, chacun à son rang."""

    docx: bytes
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class _Blank:
    """An open control, what stands before it on its line, and the letters and lines that its answer
    wants.
    """

    sdt: etree._Element
    before: Sequence[etree._Element]
    field: Field
    letters: int
    lines: int
    alone: bool = False  # on its lines, below its label

    @property
    def lead(self) -> int:
        return _lead(self.before)


def place_fields(parts: Mapping[str, bytes], model: type[Document], headings: bool = True) -> Page:
    """La page où chaque champ ouvert du corps a sa place ; ce qui n'est pas ouvert y est un texte
    comme un autre.

    ``headings`` : les en-têtes de tableau se répètent d'une page à l'autre.
    """
    stories = {
        name: parse_part(data, name)
        for name, data in parts.items()
        if name.startswith("word/") and b"<w:sdt>" in data
    }
    for name, root in stories.items():
        prepare(root, name == MAIN, headings)
    found = answers_in(parts, model)
    answers = {control.tag: control.text for control in reversed(found)}
    layout = _Layout(model, answers, indents(parts))
    for paragraph in [*stories[MAIN].iter(P)] if MAIN in stories else []:
        layout.take(paragraph)
    if MAIN in stories:
        let_tall_rows_go_on(stories[MAIN])
        end_together(stories[MAIN])
    written = {name: serialise(root) for name, root in stories.items()}
    return Page(
        write_archive(
            pack_quickly(name, content) for name, content in {**parts, **written}.items()
        ),
        tuple(layout.fields),
    )


def shown(answer: str) -> str:
    """Une réponse, telle que la montre un champ de PDF."""
    return answer.translate(PLAIN_SPACES)


class _Layout:
    """The fields of a page, and the numbered places that hold them."""

    def __init__(
        self, model: type[Document], answers: Mapping[str, str], indents: Mapping[str, int]
    ) -> None:
        self.model, self.answers, self.indents = model, answers, indents
        self.fields, self.places = list[Field](), 0

    def take(self, paragraph: etree._Element) -> None:
        cell, width = next(paragraph.iterancestors(TC), None), room(paragraph, self.indents)
        tall = _tall(paragraph)
        blanks, after = self._blanks(
            paragraph, width, LINES_OF_TEXT if cell is None else LINES_IN_CELL
        )
        blanks = [replace(one, lines=-(-one.lines // TALL)) if tall else one for one in blanks]
        if not blanks:
            return
        self.places += 1
        properties_of(paragraph, "pPr").append(w("keepLines"))
        if any(blank.lines > 1 for blank in blanks):
            hold(next(paragraph.iterancestors(TR), None))
        if cell is not None and len(blanks) == 1 and _is_all(cell, blanks[0].sdt):
            _paint(cell, "tcPr", self.places)
            _on_the_left(paragraph)
            self._put(blanks[0], LEAST, whole=True)
        else:
            _paint(paragraph, "pPr", self.places)
            self._in_rows(_rows(blanks, width), width, goes_on=bool(_text(after).strip()))
            self._sink(len(blanks) if tall else 0)

    def _blanks(
        self, paragraph: etree._Element, room: int, least: int
    ) -> tuple[list[_Blank], list[etree._Element]]:
        blanks: list[_Blank] = []
        before: list[etree._Element] = []
        for child in paragraph:
            if child.tag == SDT:
                blanks.append(self._blank(child, before, room, least))
                before = []
            elif child.tag != f"{W}pPr":
                before.append(child)
        return blanks, before

    def _blank(
        self, sdt: etree._Element, before: Sequence[etree._Element], room: int, least: int
    ) -> _Blank:
        tag = tag_of(sdt)
        path, rank = path_of(tag), rank_of(tag)
        node, value = leaf(self.model, path), shown(self.answers.get(path, ""))
        choices = () if node is None else tuple(map(shown, map(typeset_words, node.choices)))
        required = bool(before) and _text(before).endswith(MARK)
        label = label_of(self.model.schema_node(), path)
        field = Field(path, label, value, choices, box=rank, required=required)
        if rank:
            said = shown(typeset_words(value))
            return _Blank(sdt, before, replace(field, value=said), BOX, 1)
        letters = _letters(self.model, node, field)
        breadth = line_width(sdt, self.indents) or room * LETTER
        held = lines_of(value, breadth / 20)
        lines = 1 if choices else _lines(node, held, letters, room, least)
        lead = _lead(before)
        alone = lines > 1 or (lead > 1 and lead + letters > room)
        made = replace(field, wraps=lines > 1, free=_is_free(self.model, node, field))
        return _Blank(sdt, before, made, letters, lines, alone)

    def _in_rows(self, rows: Sequence[Sequence[_Blank]], room: int, goes_on: bool) -> None:
        for number, row in enumerate(rows):
            if number:
                _begin_line(row[0])
            for blank, letters in zip(row, _shared(row, room), strict=True):
                if blank is not row[0] and not blank.field.box:
                    _part(blank)
                if blank.alone and blank.lead > 1:
                    _set_below(blank)
                ends = blank is row[-1] and not (goes_on and number == len(rows) - 1)
                least = min(LEAST, letters)
                beside = 1 if blank.alone else blank.lead
                self._put(
                    blank,
                    max(least, min(letters, room - beside - 1)),
                    stretches=ends and not blank.field.box,
                )

    def _sink(self, number: int) -> None:
        """The last fields stand in lines higher than their labels."""
        for rank in range(len(self.fields) - number, len(self.fields)):
            if not self.fields[rank].box:
                self.fields[rank] = replace(self.fields[rank], sinks=SINK / 20)

    def _put(
        self, blank: _Blank, letters: int, whole: bool = False, stretches: bool = False
    ) -> None:
        properties = w("sdtPr", w("alias", val=alias(len(self.fields))), w("text"))
        blanks = run("\n".join([BLANK * letters] * blank.lines))
        if next(blank.sdt.iterancestors(TC), None) is None:
            blanks.insert(0, w("rPr", w("b", val=0), w("sz", val=SIZE)))
        blank.sdt[:] = [properties, w("sdtContent", blanks)]
        self.fields.append(
            replace(blank.field, place=self.places, whole=whole, stretches=stretches)
        )


def _is_free(model: type[Document], node: Node | None, field: Field) -> bool:
    """Whether nothing bounds an answer, as a list, a format or a number of digits do."""
    if node is None or field.choices:
        return not field.choices
    return node.format == "texte" and not value_type(model, node.path).width


def _lines(node: Node | None, said: int, letters: int, room: int, least: int) -> int:
    if node is not None and node.format != "texte":
        return 1 + letters // room
    further = 1 < said < LONG_ANSWER  # a line to go on
    needed = ceil((said + further) * LEADING / PITCH)
    usual = least if node is not None and node.multiline else 2 if room < NARROW else 1
    return min(MOST_LINES, max(usual, needed))


def _rows(blanks: Sequence[_Blank], room: int) -> list[list[_Blank]]:
    """As many on a line as it holds; a long answer has its lines for itself."""
    rows: list[list[_Blank]] = []
    taken = 0
    for blank in blanks:
        wanted = blank.lead + blank.letters + 1
        held = bool(rows) and (blank.field.box or rows[-1][-1].field.box)  # where the page set it
        full = not rows or blank.alone or rows[-1][-1].alone or taken + wanted > room
        if full and not held:
            rows.append([])
            taken = 0
        rows[-1].append(blank)
        taken += wanted
    return rows


def _shared(row: Sequence[_Blank], room: int) -> list[int]:
    """The letters of each field of a line: what several leave of it goes to those that may be long,
    for the last one takes it otherwise, be it a postal code.
    """
    free = sum(blank.field.free for blank in row) if len(row) > 1 else 0
    left = room - sum(blank.lead + blank.letters + BETWEEN for blank in row)
    share = max(0, left) // free if free else 0
    return [blank.letters + share * blank.field.free for blank in row]


def _begin_line(blank: _Blank) -> None:
    """Breaks the line there; a comma does not begin one."""
    _strip(blank)
    (blank.before[0] if blank.before else blank.sdt).addprevious(run("\n"))


def _set_below(blank: _Blank) -> None:
    """The label that opens a paragraph is one by itself, whose lines are not high for a pen."""
    paragraph = blank.sdt.getparent()
    if paragraph is None or not all(
        one.tag == f"{W}pPr" or one in blank.before
        for one in blank.sdt.itersiblings(preceding=True)
    ):
        blank.sdt.addprevious(run("\n"))
        return
    own = deepcopy(properties_of(paragraph, "pPr"))
    label = w("p", own, *blank.before)
    if next(paragraph.iterancestors(TR), None) is None:  # there, it would hold the whole row
        insert_ordered(own, w("keepNext"), PARAGRAPH_PROPERTIES)
    insert_ordered(own, w("spacing", after=0), PARAGRAPH_PROPERTIES)
    for shade in own.findall(f"{W}shd"):
        own.remove(shade)
    paragraph.addprevious(label)


def _lead(before: Sequence[etree._Element]) -> int:
    """The letters that stand before a field, on its own line."""
    pieces = (piece for one in before for piece in one.iter(T, BREAK))
    text = "".join("\n" if piece.tag == BREAK else piece.text or "" for piece in pieces)
    return len(text.rpartition("\n")[2].removesuffix(MARK).strip(SEPARATORS)) + 1


def _on_the_left(paragraph: etree._Element) -> None:
    """A cell of figures too is wide enough to be written in."""
    own = properties_of(paragraph, "pPr")
    for aligned in own.findall(f"{W}jc"):
        own.remove(aligned)


def _strip(blank: _Blank) -> None:
    for text in (text for element in blank.before for text in element.iter(T)):
        text.text = (text.text or "").lstrip(SEPARATORS)
        if text.text:
            break


def _part(blank: _Blank) -> None:
    """On a line, their borders and a space tell two fields apart."""
    _strip(blank)
    (blank.before[0] if blank.before else blank.sdt).addprevious(run(3 * "\N{NO-BREAK SPACE}"))


def _tall(paragraph: etree._Element) -> bool:
    """Whether its lines are high enough for a pen."""
    return _number(paragraph.find(f"{W}pPr/{W}spacing"), "line") == LINE


def _letters(model: type[Document], node: Node | None, field: Field) -> int:
    examples = () if node is None else value_type(model, node.path).examples
    usual = [len(text) + 2 for text in (*field.choices, *examples)] or [
        USUAL_ANSWER if node is None or node.format == "texte" else SHORT_ANSWER
    ]
    return max(*usual, LEAST, *(len(line) + 1 for line in field.value.split("\n")))


def _number(element: etree._Element | None, name: str) -> int:
    value = "" if element is None else str(element.get(f"{W}{name}", ""))
    return int(value) if value.isdecimal() else 0


def _is_all(cell: etree._Element, sdt: etree._Element) -> bool:
    """Whether a cell holds this control and nothing else."""
    fixed = [text.text for text in cell.iter(T) if sdt not in text.iterancestors(SDT)]
    said = "".join(filter(None, fixed)).strip()
    return said in ("", MARK.strip()) and len([*cell.iter(SDT)]) == 1


def _paint(element: etree._Element, name: str, place: int) -> None:
    properties = properties_of(element, name)
    for shade in properties.findall(f"{W}shd"):
        properties.remove(shade)
    properties.append(w("shd", val="clear", color="auto", fill=colour(place)))


def _text(elements: Sequence[etree._Element]) -> str:
    return "".join(map(text_of, elements))
