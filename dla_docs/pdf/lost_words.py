"""Ce que LibreOffice a perdu en chemin : il lui arrive d'ôter sans un mot des lignes de tableau à
la fin d'une page.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from lxml import etree

from dla_docs.pdf.pages import text
from dla_docs.word.archive import pack_quickly, write_archive
from dla_docs.word.names import W, ancestor
from dla_docs.word.package import MAIN, open_package, parse_part
from dla_docs.word.page import COMPUTED, SKIPPED, computed

# Letters at most by which a paragraph is looked for, at its beginning or at its end: a page may
# break between
TOLD = 24
BY_FIELD = re.compile(rf"{COMPUTED.pattern}|\s*(?:REF|PAGEREF|NOTEREF|STYLEREF|SEQ)\b")
ACCENTS = re.compile(r"[\u0300-\u036f]")

Change = Callable[[bytes], bytes]


def lost(parts: Mapping[str, bytes], pdf: bytes) -> list[str]:
    """Les paragraphes du document Word qui ne sont pas dans le PDF, autant de fois qu'ils le
    devraient, ou dont un mot n'y est pas autant de fois que dans le document, le plus sûr d'abord ;
    aucun quand tout y est.
    """
    times = Counter(_paragraphs(parts))
    words = {one: said for one in times if (said := _words(one))}
    due = Counter[str]()
    for one, said in words.items():
        for word in said:
            due[word] += times[one]
    page = letters(text(pdf))
    # Of lines that say the same, as those of a form do, only the number of their words tells
    short = {word for word, number in due.items() if page.count(word) < number}
    gone = [
        one
        for one, said in words.items()
        if not _is_there("".join(said), page, times[one]) or not short.isdisjoint(said)
    ]
    return sorted(gone, key=lambda one: len({*words[one]} - short))


def displaced(parts: Mapping[str, bytes], pdf: bytes) -> list[str]:
    """Le premier paragraphe du document Word qui n'est pas dans le PDF après ceux qui le
    précèdent ; aucun quand tous y sont dans l'ordre. D'une ligne de tableau qui passe d'une page à
    l'autre, chaque case se lit dans son ordre.
    """
    page = letters(text(pdf))
    opened = 0  # where the last cell begins
    ends: dict[etree._Element | None, int] = {}
    for paragraph, one in _told(parts):
        cell = ancestor(paragraph, f"{W}tc")
        found = _found(letters(one), page, max(ends.get(cell, 0), opened))
        if found is None:
            return [one]
        if cell not in ends or cell is None:
            opened = found[0]
        ends[cell] = found[1]
    return []


def _found(said: str, page: str, after: int) -> tuple[int, int] | None:
    """Where it begins and ends: a page may break inside a paragraph of several lines."""
    pieces = (said,) if len(said) < 2 * TOLD else (said[:TOLD], said[-TOLD:])
    places = [(page.find(part, after), len(part)) for part in pieces]
    held = [(place, place + length) for place, length in places if place >= 0]
    return min(held, default=None)


def remedies(docx: bytes) -> Iterator[bytes]:
    """Le même document, mis en page de façons où LibreOffice ne perd rien ; la plus proche de ce
    qu'on voulait d'abord.
    """
    changes: tuple[Change, ...] = (
        _first_rows_may_split,
        partial(_without, b"<w:cantSplit/>"),
        partial(_without, b"<w:tblHeader/>"),
    )
    parts = open_package(docx)
    for change in changes:
        yield write_archive(
            pack_quickly(name, change(content) if name == MAIN else content)
            for name, content in parts.items()
        )


def _is_there(said: str, page: str, times: int) -> bool:
    told = min(TOLD, -(-len(said) // 2))
    return page.count(said[:told]) >= times or page.count(said[-told:]) >= times


def _paragraphs(parts: Mapping[str, bytes]) -> Iterator[str]:
    return (said for _, said in _told(parts))


def _told(parts: Mapping[str, bytes]) -> Iterator[tuple[etree._Element, str]]:
    root = parse_part(parts[MAIN], MAIN)
    apart = {*computed(root, BY_FIELD)}
    for paragraph in root.iter(f"{W}p"):
        yield (
            paragraph,
            "".join(
                run.text or ""
                for run in paragraph.iter(f"{W}t")
                if run not in apart
                and not any(above.tag in SKIPPED for above in run.iterancestors())
            ),
        )


def letters(said: str) -> str:
    """Les lettres latines d'un texte, sans accent, et ses chiffres : ni espace, ni trait d'union,
    ni ligature n'empêchent d'y trouver un mot.
    """
    return "".join(_words(said))


def _words(said: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", said).casefold()
    return re.findall("[a-z0-9]+", ACCENTS.sub("", plain))


def _first_rows_may_split(document: bytes) -> bytes:
    """What it loses follows a heading repeated on each page, when the first row below may not split
    either.
    """
    return re.sub(
        rb"(<w:tblHeader/>.*?</w:tr>.*?<w:tr[ >].*?)<w:cantSplit/>",
        rb"\1",
        document,
        flags=re.DOTALL,
    )


def _without(mark: bytes, document: bytes) -> bytes:
    return document.replace(mark, b"")
