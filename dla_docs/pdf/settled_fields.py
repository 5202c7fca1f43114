"""Les champs que LibreOffice recalculerait pour lui-même (nom et dates de son fichier de travail) :
le PDF montre ce que montre le fichier Word, comme le numéro de la page d'un signet qui n'est plus
là. La date du jour, elle, est celle du jour ; la table des matières, celle de la page.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape

from lxml import etree

from dla_docs.pdf.contents import with_true_contents
from dla_docs.word.archive import pack_quickly, write_archive
from dla_docs.word.names import W_R, W, children, dissolve, local_name
from dla_docs.word.package import open_package, parse_part, serialise
from dla_docs.word.part import is_xml

SETTLED = (
    "FILENAME|FILESIZE|TEMPLATE|SAVEDATE|CREATEDATE|PRINTDATE|EDITTIME|REVNUM|NUMWORDS|"
    "NUMCHARS|USERNAME|USERINITIALS|USERADDRESS|AUTHOR|LASTSAVEDBY|TITLE|SUBJECT|KEYWORDS|COMMENTS|"
    "DOCPROPERTY|INFO|REF|MERGEFIELD"
)
CODE = re.compile(rf"\s*(?:{SETTLED})\b")
MAYBE = re.compile(rf"instr[^>]*>?[^<]*\b(?:{SETTLED}|PAGEREF)\b".encode())
PAGE_OF = re.compile(r"\s*PAGEREF\s+\"?([^\s\"\\]+)")
BOOKMARK = re.compile(rb'bookmarkStart\s[^>]*\bname="([^"]*)"')
FIELD_CHAR, INSTRUCTION, SIMPLE = f"{W}fldChar", f"{W}instrText", f"{W}fldSimple"


def settled(docx: bytes, parts: Mapping[str, bytes] | None = None) -> bytes:
    """Le même document, où ces champs sont devenus le texte qu'ils montrent, et où la table des
    matières dit ses titres ; ``parts`` : les siennes, quand il est déjà ouvert.
    """
    held = open_package(docx) if parts is None else parts
    told = with_true_contents(held)
    due = {name for name, content in told.items() if is_xml(name) and MAYBE.search(content)}
    if not due and told == held:
        return docx
    marks = {
        unescape(mark.decode()).casefold()
        for one in told.values()
        for mark in BOOKMARK.findall(one)
    }
    return write_archive(
        pack_quickly(name, _settled(content, name, marks) if name in due else content)
        for name, content in told.items()
    )


@dataclass
class _Field:
    """A field being read: its marks, what its code says, whether it stands in the code of another,
    or another in its own.
    """

    marks: list[etree._Element] = field(default_factory=list)
    code: str = ""
    shows: bool = False
    nested: bool = False


def _is_settled(code: str, marks: Collection[str]) -> bool:
    page = PAGE_OF.match(code)
    return page[1].casefold() not in marks if page else CODE.match(code) is not None


def _settled(content: bytes, name: str, marks: Collection[str]) -> bytes:
    root = parse_part(content, name)
    for mark in [mark for one in _fields(root, marks) for mark in one.marks]:
        run = mark.getparent()
        if run is not None:
            run.remove(mark)
            _drop_when_empty(run)
    for simple in list(root.iter(SIMPLE)):
        if _is_settled(simple.get(f"{W}instr", ""), marks):
            dissolve(simple, children(simple))
    return serialise(root)


def _fields(root: etree._Element, marks: Collection[str]) -> Iterator[_Field]:
    opened: list[_Field] = []
    for element in root.iter(FIELD_CHAR, INSTRUCTION):
        step = element.get(f"{W}fldCharType")
        if step == "begin":
            inside = bool(opened) and not opened[-1].shows
            if inside:
                opened[-1].nested = True
            opened.append(_Field(nested=inside))
        if not opened:
            continue
        opened[-1].marks.append(element)
        opened[-1].code += (element.text or "") if element.tag == INSTRUCTION else ""
        opened[-1].shows = opened[-1].shows or step == "separate"
        if step == "end":
            done = opened.pop()
            if done.shows and not done.nested and _is_settled(done.code, marks):
                yield done


def _drop_when_empty(run: etree._Element) -> None:
    above = run.getparent()
    if above is not None and run.tag == W_R and {*map(local_name, children(run))} <= {"rPr"}:
        above.remove(run)
