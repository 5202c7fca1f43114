"""Ce que LibreOffice a rendu : est-ce bien un document entier, et que peut-il annoncer ?"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from dla_docs.errors import ConversionError
from dla_docs.pdf.attachment import attach
from dla_docs.pdf.opening import NEED_PIKEPDF
from dla_docs.pdf.structure import complete_structure

if TYPE_CHECKING:  # pikepdf is an extra
    import pikepdf
    from pikepdf.models import PdfMetadata as Metadata

ODT = b"application/vnd.oasis.opendocument.text"
VOID = "0000-00-00"  # a day that LibreOffice was not given


def need_pikepdf() -> None:
    """ConversionError si pikepdf manque : un PDF que rien ne vérifie n'est pas rendu."""
    try:
        import pikepdf  # noqa: F401 — only its presence matters here
    except ImportError as error:
        raise ConversionError(NEED_PIKEPDF) from error


def is_whole(data: bytes, target: str) -> bool:
    """Vrai si ``data`` est un PDF d'une page au moins, ou un ODT, complet."""
    return _is_pdf(data) if target == "pdf" else _is_odt(data)


def finished(pdf: bytes, data: bytes | None, accessible: bool) -> bytes:
    """Le PDF avec sa structure complétée et ses données jointes, et sans l'annonce PDF/UA-1 si son
    document ne la permet pas.
    """
    import pikepdf

    from dla_docs.pdf.repeated import own_what_repeats

    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        complete_structure(document)
        own_what_repeats(document)
        with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            say_title(document, metadata)
            drop_void_dates(document, metadata)
            if not accessible:
                withdraw_claim(metadata)
        if data is not None:
            attach(document, data)
        document.save(output)
    return output.getvalue()


def say_title(document: pikepdf.Pdf, metadata: Metadata) -> None:
    """Met dans les métadonnées d'un PDF le titre que dit le fichier : LibreOffice y écrit
    « d&apos;appui ».
    """
    title = str(document.docinfo.get("/Title", ""))
    if title and metadata.get("dc:title") != title:
        metadata["dc:title"] = title


def drop_void_dates(document: pikepdf.Pdf, metadata: Metadata) -> None:
    """Retire d'un PDF la date d'un document qui n'en a pas : LibreOffice y écrit l'an zéro et le
    moment de la conversion.
    """
    void = [name for name, value in metadata.items() if VOID in str(value)]
    for name in void:
        del metadata[name]
    for name in ("/CreationDate", "/ModDate"):
        if void and name in document.docinfo:
            del document.docinfo[name]


def withdraw_claim(metadata: Metadata) -> None:
    """Retire d'un PDF l'annonce qu'il est accessible (PDF/UA-1)."""
    if "pdfuaid:part" in metadata:
        del metadata["pdfuaid:part"]


def _is_pdf(data: bytes) -> bool:
    if not data.startswith(b"%PDF-") or b"%%EOF" not in data[-1024:]:
        return False
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            return len(document.pages) > 0
    except Exception:  # whatever qpdf objects to, the file is not to be handed over
        return False


def _is_odt(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.read("mimetype") == ODT and archive.testzip() is None
    except Exception:  # zipfile raises a dozen unrelated types on damaged bytes
        return False
