"""Les pages d'un PDF, relues par PDFium : leur texte, leur image."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING

from dla_docs.constat import Constat
from dla_docs.errors import ConversionError, InputError
from dla_docs.resources import how_to_add

if TYPE_CHECKING:  # pypdfium2 is an extra
    from pypdfium2 import PdfBookmark, PdfDocument

POINTS_PER_INCH = 72
FOOT = 0.25  # of a page: where a title may be alone
_LOCK = threading.Lock()  # PDFium serves one thread at a time, or the process dies


def need_pypdfium2() -> None:
    """ConversionError si pypdfium2 manque : un PDF que personne n'a relu n'est pas rendu."""
    try:
        import pypdfium2  # noqa: F401 — only its presence matters here
    except ImportError as error:
        raise ConversionError(
            f"Relire un PDF demande pypdfium2 : « {how_to_add('pdf')} » l'installe."
        ) from error


def text(pdf: bytes) -> str:
    """Le texte d'un PDF, page après page. ``InputError`` quand il ne s'ouvre pas."""
    return "\n".join(page_texts(pdf))


def page_texts(pdf: bytes) -> list[str]:
    """Le texte de chaque page d'un PDF. ``InputError`` quand il ne s'ouvre pas."""
    with _opened(pdf) as document:
        return [page.get_textpage().get_text_range() for page in document]


def page_count(pdf: bytes) -> int:
    """Le nombre de pages d'un PDF. ``InputError`` quand il ne s'ouvre pas."""
    with _opened(pdf) as document:
        return len(document)


def below_bookmarks(pdf: bytes, margin: float) -> list[tuple[str, str]]:
    """Chaque signet d'un PDF, et, s'il est au bas de sa page, ce qu'on y lit de lui à ``margin``
    points du bord : lui seul, quand rien ne le suit.
    """
    with _opened(pdf) as document:
        return [(mark.get_title(), _below(document, mark, margin)) for mark in document.get_toc()]


def _below(document: PdfDocument, mark: PdfBookmark, margin: float) -> str:
    place = mark.get_dest()
    if place is None or (number := place.get_index()) is None:
        return ""
    (width, height), top = document.get_page_size(number), (*place.get_view()[1], 0.0, 0.0)[1]
    if not margin < top < FOOT * height:
        return ""
    return str(document[number].get_textpage().get_text_bounded(0, margin, width, top + 1))


def picture(pdf: bytes, page: int = 1, dpi: int = 80) -> bytes:
    """L'image d'une page d'un PDF.

    Arguments :
    - ``pdf`` : les octets du PDF.
    - ``page`` : son rang, à partir de 1.
    - ``dpi`` : la finesse, en points par pouce.

    Rend : les octets d'un PNG.

    Erreurs :
    - ``InputError`` : le PDF ne s'ouvre pas, ou n'a pas cette page.
    - ``ConversionError`` : pypdfium2 manque.
    """
    need_pypdfium2()
    with _opened(pdf) as document:
        if not 1 <= page <= len(document):
            raise InputError(
                Constat(
                    f"Ce PDF n'a pas de page {page} : il en compte {len(document)}.",
                    conseil="Comptez à partir de 1.",
                )
            )
        target = BytesIO()
        document[page - 1].render(scale=dpi / POINTS_PER_INCH).to_pil().save(target, "PNG")
    return target.getvalue()


@contextmanager
def _opened(pdf: bytes) -> Iterator[PdfDocument]:
    from pypdfium2 import PdfDocument, PdfiumError

    with _LOCK:
        try:
            document = PdfDocument(pdf)
        except PdfiumError as error:
            raise InputError(
                Constat(
                    "Ce PDF ne s'ouvre pas : ses pages ne peuvent pas être lues.",
                    conseil="Refaites-le.",
                )
            ) from error
        with document:  # closed, and all that was taken from it, while the lock is held
            yield document
