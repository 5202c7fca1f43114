"""La conversion d'un document Word en PDF ou en ODT, un par un ou par centaines ; rien de ce que
rend LibreOffice n'est cru sur parole.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice

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


@dataclass(frozen=True)
class _ToConvert:
    """Un document à convertir : son nom (pour les messages), ses octets, ce qu'il faut joindre à
    son PDF.
    """

    name: str
    docx: bytes
    data: bytes | None


# Whether its PDF may claim to be accessible, and what LibreOffice made of it, if it was asked
_Made = tuple[_ToConvert, bool, bytes | Failure | ConversionError]


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
        [made] = _convert_group(converter, [source])
        _, outcome = _proved(converter, made)
    if isinstance(outcome, ConversionError):
        raise outcome
    return outcome


def convert_many(
    documents: Iterable[tuple[str, bytes]],
    to: str = "pdf",
    *,
    data: Callable[[str], bytes | None] | None = None,
    processes: int | None = None,
    chunk: int = 50,
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
    refused = _checked(source, "pdf")
    if isinstance(refused, ConversionError):
        return refused
    try:
        return reading_pdf(source.docx, source.data, source.name)
    except ConversionError as error:
        return error


def _stream(
    converter: Converter, sources: Iterator[_ToConvert], processes: int, chunk: int
) -> Iterator[Converted]:
    # Threads wait for LibreOffice and no more: PDFium serves one thread at a time, and who asks for
    # these documents may use it as well. It is only called where they are.
    pending: deque[Future[list[_Made]]] = deque()
    with ThreadPoolExecutor(processes) as pool:
        try:
            for group in _groups(sources, processes, chunk):
                pending.append(pool.submit(_convert_group, converter, group))
                if len(pending) > processes:
                    yield from (_proved(converter, one) for one in pending.popleft().result())
            while pending:
                yield from (_proved(converter, one) for one in pending.popleft().result())
        finally:  # nobody waits any longer: neither the groups to come nor those at work
            converter.cancel.set()
            for future in pending:
                future.cancel()


def _groups(
    sources: Iterator[_ToConvert], processes: int, chunk: int
) -> Iterator[list[_ToConvert]]:
    # When few are left, every core gets its share of them.
    while block := list(islice(sources, processes * chunk)):
        size = -(-len(block) // processes)
        yield from (block[start : start + size] for start in range(0, len(block), size))


def _convert_group(converter: Converter, sources: Sequence[_ToConvert]) -> list[_Made]:
    checked = [_checked(source, converter.extension) for source in sources]
    outcomes = iter(
        converter.convert(
            [
                settled(source.docx)
                for source, verdict in zip(sources, checked, strict=True)
                if isinstance(verdict, bool)
            ]
        )
    )
    return [
        (source, verdict, next(outcomes)) if isinstance(verdict, bool) else (source, False, verdict)
        for source, verdict in zip(sources, checked, strict=True)
    ]


def _proved(converter: Converter, made: _Made) -> Converted:
    source, accessible, outcome = made
    if isinstance(outcome, ConversionError):
        return source.name, outcome
    return source.name, _faithful(converter, source, outcome, accessible)


def _faithful(
    converter: Converter, source: _ToConvert, outcome: bytes | Failure, accessible: bool
) -> bytes | ConversionError:
    """The file, once its text has been found in it; otherwise laid out anew, in ways that cost less
    than a lost line.
    """
    gone = _lost(converter, source, outcome)
    if not gone:
        outcome = _with_titles_held(converter, source, outcome)
        return _finished(source, outcome, converter.extension, accessible)
    for docx in remedies(settled(source.docx)):
        [other] = converter.convert([docx])
        if isinstance(other, bytes) and not _lost(converter, source, other):
            return _finished(source, other, converter.extension, accessible)
    return _error(
        source,
        f"LibreOffice a perdu une partie de ce document (« {gone[0][:60]} »).",
        "Enregistrez-le en PDF depuis Word.",
    )


def _with_titles_held(
    converter: Converter, source: _ToConvert, outcome: bytes | Failure
) -> bytes | Failure:
    """The PDF in which no title that is kept with what follows is alone at the foot of a page. One
    at a time: moved, a title moves those below it, and one that would cost a page stays.
    """
    if isinstance(outcome, Failure) or converter.filter != FILTERS["pdf"]:
        return outcome
    moved, tried = list[int](), set[int]()
    while ranks := [one for one in stranded(source.docx, outcome) if one not in tried]:
        tried.add(ranks[0])
        docx = brought_down(settled(source.docx), [*moved, ranks[0]])
        [other] = converter.convert([docx]) if docx else [None]
        if isinstance(other, Failure | None) or _lost(converter, source, other):
            continue
        if page_count(other) <= page_count(outcome):
            outcome = other
            moved.append(ranks[0])
    return outcome


def _lost(converter: Converter, source: _ToConvert, outcome: bytes | Failure) -> list[str]:
    if isinstance(outcome, Failure) or converter.filter != FILTERS["pdf"]:
        return []
    return lost(open_package(source.docx), outcome)


def _checked(source: _ToConvert, extension: str) -> bool | ConversionError:
    # Whether its PDF may claim to be accessible, or why it is not converted.
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
        return extension == "pdf" and not accessibility(parts)
    except DlaDocsError as error:
        return ConversionError(
            replace(constat, fichier=constat.fichier or source.name) for constat in error.constats
        )


def _finished(
    source: _ToConvert, outcome: bytes | Failure, extension: str, accessible: bool
) -> bytes | ConversionError:
    if isinstance(outcome, Failure):
        return _error(source, *outcome.value)
    if extension != "pdf":
        return outcome
    try:
        return finished(outcome, source.data, accessible)
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
