"""La conversion d'un document Word en PDF ou en ODT, un par un ou par centaines ; rien de ce que
rend LibreOffice n'est cru sur parole.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from queue import SimpleQueue

from dla_docs.constat import Constat
from dla_docs.errors import ConversionError, DlaDocsError
from dla_docs.pdf.accessibility import accessibility
from dla_docs.pdf.conversion import Converter, Failure
from dla_docs.pdf.fields import Field
from dla_docs.pdf.lost_words import lost, remedies
from dla_docs.pdf.office import find_office
from dla_docs.pdf.pages import need_pypdfium2, page_count
from dla_docs.pdf.process import cores
from dla_docs.pdf.reading import reading_pdf, reads_only
from dla_docs.pdf.result import finished, need_pikepdf
from dla_docs.pdf.settled_fields import settled
from dla_docs.pdf.stranded import brought_down, stranded
from dla_docs.word.fetching import external_links
from dla_docs.word.package import open_package

PDF_OPTIONS = {  # PDF/A-3b and PDF/UA-1; a form field or a Word comment would break PDF/A
    "SelectPdfVersion": {"type": "long", "value": "3"},
    "PDFUACompliance": {"type": "boolean", "value": "true"},
    "UseTaggedPDF": {"type": "boolean", "value": "true"},
    "ExportFormFields": {"type": "boolean", "value": "false"},
    "ExportNotes": {"type": "boolean", "value": "false"},
}
FORM_OPTIONS = {
    **PDF_OPTIONS,
    "SelectPdfVersion": {"type": "long", "value": "17"},
    "ExportFormFields": {"type": "boolean", "value": "true"},
}
FILTERS = {
    "pdf": f"pdf:writer_pdf_Export:{json.dumps(PDF_OPTIONS)}",
    # A PDF whose fields are still to be laid
    "formulaire": f"pdf:writer_pdf_Export:{json.dumps(FORM_OPTIONS)}",
    "odt": "odt:writer8",
}

Converted = tuple[str, bytes | ConversionError]
Parts = Mapping[str, bytes]


@dataclass(frozen=True)
class _ToConvert:
    """Un document à convertir : son nom (pour les messages), ses octets, ce qu'il faut joindre à
    son PDF.
    """

    name: str
    docx: bytes
    data: bytes | None


_Numbered = tuple[int, _ToConvert]


def convert(
    docx: bytes, to: str = "pdf", *, data: bytes | None = None, timeout: float = 120, name: str = ""
) -> bytes:
    """Un document Word converti par LibreOffice ; sans lui, un PDF de lecture quand dxpdf est là.

    Arguments :
    - ``docx`` : les octets du document Word.
    - ``to`` : « pdf » (PDF/A-3b), « odt », ou « formulaire » (un PDF où poser les champs).
    - ``data`` : les octets à joindre au PDF.
    - ``timeout`` : les secondes sans progrès après lesquelles LibreOffice est arrêté.
    - ``name`` : le nom du document, pour les messages.

    Rend : les octets du PDF ou de l'ODT.

    Erreurs :
    - ``ConversionError`` : le format n'existe pas, LibreOffice ou pikepdf manque, ou le document ne
      se convertit pas.
    """
    source = _ToConvert(name, docx, data)
    if to == "pdf" and reads_only():
        _need_readers()
        outcome = _read(source)
    else:
        converter = _converter(to, timeout)
        outcome = _ready(source, converter.extension)
        if isinstance(outcome, bytes):
            outcome = _proved(converter, source, outcome, converter.convert_one(outcome))
    if isinstance(outcome, ConversionError):
        raise outcome
    return outcome


def convert_many(
    documents: Iterable[tuple[str, bytes]],
    to: str = "pdf",
    *,
    data: Callable[[str], bytes | None] | None = None,
    processes: int | None = None,
    chunk: int = 200,
    timeout: float = 120,
) -> Iterator[Converted]:
    """Des documents ``(nom, octets)`` convertis à mesure, dans l'ordre : ``(nom, octets ou
    ConversionError)``. Sans LibreOffice, des PDF de lecture quand dxpdf est là ; sinon
    ConversionError.

    ``data`` : nom → données à joindre ; ``processes`` : LibreOffice à la fois (un par cœur) ;
    ``chunk`` : documents par LibreOffice.
    """
    sources = (_ToConvert(name, docx, data(name) if data else None) for name, docx in documents)
    if to == "pdf" and reads_only():
        _need_readers()
        return ((source.name, _read(source)) for source in sources)
    converter = _converter(to, timeout)
    return _stream(converter, sources, max(1, processes or cores()), max(1, chunk))


def with_fields(pdf: bytes, fields: Sequence[Field]) -> bytes:
    """Le formulaire PDF dont chaque champ, désigné par son rang dans ``fields``, a son nom, sa
    place et sa valeur. LostFieldsError s'il en manque un.
    """
    from dla_docs.pdf.layout import lay

    return lay(pdf, fields)


def _converter(to: str, timeout: float) -> Converter:
    if to not in FILTERS:
        raise ConversionError(f"Le format « {to} » n'existe pas : choisissez pdf ou odt.")
    extension = "odt" if to == "odt" else "pdf"
    if extension == "pdf":
        _need_readers()
    return Converter(find_office(), extension, FILTERS[to], timeout)


def _need_readers() -> None:
    need_pikepdf()
    need_pypdfium2()


def _read(source: _ToConvert) -> bytes | ConversionError:
    """Its PDF for reading, where LibreOffice is missing."""
    opened = _opened(source, "pdf")
    if isinstance(opened, ConversionError):
        return opened
    try:
        return reading_pdf(source.docx, source.data, source.name)
    except ConversionError as error:
        return error


def _stream(
    converter: Converter, sources: Iterator[_ToConvert], processes: int, chunk: int
) -> Iterator[Converted]:
    # Threads wait for LibreOffice and no more: PDFium serves one thread at a time, and who asks for
    # these documents may use it as well. It is only called where they are.
    pending: deque[Sequence[_Numbered]] = deque()
    with ThreadPoolExecutor(processes) as pool:
        try:
            line = _Line(converter, pool)
            for group in _groups(enumerate(sources), processes, chunk):
                line.begin(group)
                pending.append(group)
                if len(pending) > processes:
                    yield from line.handed_over(pending.popleft())
            while pending:
                yield from line.handed_over(pending.popleft())
        finally:  # nobody waits any longer: neither the groups to come nor those at work
            converter.cancel.set()
            pool.shutdown(wait=False, cancel_futures=True)


def _groups(
    sources: Iterator[_Numbered], processes: int, chunk: int
) -> Iterator[Sequence[_Numbered]]:
    # When few are left, every core gets its share of them.
    while block := list(islice(sources, processes * chunk)):
        size = -(-len(block) // processes)
        yield from (block[start : start + size] for start in range(0, len(block), size))


class _Line:
    """Documents that LibreOffice converts by groups: each is proved as it comes, while the next
    ones are made, and waits for its turn.
    """

    def __init__(self, converter: Converter, pool: ThreadPoolExecutor) -> None:
        self.converter, self.pool = converter, pool
        self.arrived: SimpleQueue[tuple[int, bytes | Failure] | Future[None]] = SimpleQueue()
        self.asked: dict[int, tuple[_ToConvert, bytes]] = {}
        self.known: dict[int, bytes | ConversionError] = {}

    def begin(self, group: Sequence[_Numbered]) -> None:
        documents: dict[int, bytes] = {}
        for rank, source in group:
            ready = _ready(source, self.converter.extension)
            if isinstance(ready, bytes):
                documents[rank], self.asked[rank] = ready, (source, ready)
            else:
                self.known[rank] = ready
        work = self.pool.submit(self.converter.convert, documents, self._told)
        work.add_done_callback(self.arrived.put)

    def _told(self, rank: int, outcome: bytes | Failure) -> None:
        self.arrived.put((rank, outcome))

    def handed_over(self, group: Sequence[_Numbered]) -> Iterator[Converted]:
        for rank, source in group:
            while rank not in self.known:
                self._prove(self.arrived.get())
            yield source.name, self.known.pop(rank)

    def _prove(self, one: tuple[int, bytes | Failure] | Future[None]) -> None:
        if isinstance(one, Future):
            one.result()  # of a group that came to its end; what stopped another is said
        else:
            rank, outcome = one
            self.known[rank] = _proved(self.converter, *self.asked.pop(rank), outcome)


def _proved(
    converter: Converter, source: _ToConvert, ready: bytes, outcome: bytes | Failure
) -> bytes | ConversionError:
    """What is handed over of what LibreOffice has made."""
    if isinstance(outcome, Failure):
        return _error(source, *outcome.value)
    if converter.extension != "pdf":
        return outcome
    parts = open_package(source.docx)
    if converter.filter == FILTERS["pdf"]:
        found = _faithful(converter, source, ready, parts, outcome)
        if isinstance(found, ConversionError):
            return found
        outcome = found
    return _finished(source, parts, outcome)


def _faithful(
    converter: Converter, source: _ToConvert, ready: bytes, parts: Parts, pdf: bytes
) -> bytes | ConversionError:
    """The file, once its text has been found in it; otherwise laid out anew, in ways that cost less
    than a lost line.
    """
    gone = lost(parts, pdf)
    if not gone:
        return _with_titles_held(converter, ready, parts, pdf)
    for docx in remedies(ready):
        other = converter.convert_one(docx)
        if isinstance(other, bytes) and not lost(parts, other):
            return other
    return _error(
        source,
        f"LibreOffice a perdu une partie de ce document (« {gone[0][:60]} »).",
        "Enregistrez-le en PDF depuis Word.",
    )


def _with_titles_held(converter: Converter, ready: bytes, parts: Parts, pdf: bytes) -> bytes:
    """The PDF in which no title that is kept with what follows is alone at the foot of a page. One
    at a time: moved, a title moves those below it, and one that would cost a page stays.
    """
    moved, tried = list[int](), set[int]()
    while ranks := [one for one in stranded(parts, pdf) if one not in tried]:
        tried.add(ranks[0])
        docx = brought_down(ready, [*moved, ranks[0]])
        other = converter.convert_one(docx) if docx else None
        if isinstance(other, Failure | None) or lost(parts, other):
            continue
        if page_count(other) <= page_count(pdf):
            pdf = other
            moved.append(ranks[0])
    return pdf


def _opened(source: _ToConvert, extension: str) -> Parts | ConversionError:
    """Its parts, or why it is not converted."""
    if extension != "pdf" and source.data is not None:
        return _error(source, "Un ODT ne porte pas de données jointes.", "Demandez un PDF.")
    try:
        parts = open_package(source.docx, source.name)
        if links := external_links(parts):
            listed = ", ".join(links[:3]) + (", …" if len(links) > 3 else "")
            return _error(
                source,
                f"Ce document va chercher ailleurs une image ou un fichier ({listed}).",
                "Insérez-le dans le document au lieu de le lier ; un dessin SVG, en image PNG.",
            )
        return parts
    except DlaDocsError as error:
        return ConversionError(
            replace(constat, fichier=constat.fichier or source.name) for constat in error.constats
        )


def _ready(source: _ToConvert, extension: str) -> bytes | ConversionError:
    """What LibreOffice is given of it."""
    parts = _opened(source, extension)
    return parts if isinstance(parts, ConversionError) else settled(source.docx, parts)


def _finished(source: _ToConvert, parts: Parts, pdf: bytes) -> bytes | ConversionError:
    try:
        return finished(pdf, source.data, not accessibility(parts))
    except Exception as error:  # pikepdf and qpdf raise a dozen types
        failed = _error(
            source,
            "Le PDF de ce document n'a pas pu recevoir ses données.",
            "Recommencez ; si cela persiste, signalez-le.",
        )
        failed.__cause__ = error
        return failed


def _error(source: _ToConvert, message: str, conseil: str) -> ConversionError:
    return ConversionError(Constat(message, fichier=source.name, conseil=conseil))
