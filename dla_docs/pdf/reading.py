"""Le PDF de lecture, quand LibreOffice manque : dxpdf met en page le document Word, et le PDF est
relu mot à mot. Il n'annonce ni PDF/A ni PDF/UA (décision 0021).
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from io import BytesIO

from dla_docs.constat import Constat
from dla_docs.errors import ConversionError
from dla_docs.pdf.accessibility import title_of
from dla_docs.pdf.attachment import attach
from dla_docs.pdf.lost_words import displaced, lost
from dla_docs.pdf.office import AbsentOfficeError, find_office
from dla_docs.pdf.result import is_whole
from dla_docs.pdf.settled_fields import settled
from dla_docs.word.archive import pack_quickly, write_archive
from dla_docs.word.names import W, dissolve
from dla_docs.word.package import open_package, parse_part, serialise
from dla_docs.word.part import is_xml

ENGINE = "dxpdf"
# A process of its own: what it writes to the screen is not ours, what stops it stops nothing else.
COMMAND = "import sys, dxpdf; sys.stdout.buffer.write(dxpdf.convert(sys.stdin.buffer.read()))"
WAIT = 120  # seconds; a document takes less than one
CONTROL, CONTENT = f"{W}sdt", f"{W}sdtContent"
NOTE = (
    "PDF de lecture, fait sans LibreOffice : il n'annonce ni PDF/A, ni PDF/UA. Pour l'archive, "
    "installez LibreOffice et refaites-le."
)


def reads_only() -> bool:
    """Vrai quand LibreOffice manque, et que dxpdf est là : les PDF ne sont que de lecture."""
    if find_spec(ENGINE) is None:
        return False
    try:
        find_office()
    except AbsentOfficeError:
        return True
    except ConversionError:  # one was chosen, or is too old: it is not replaced in silence
        return False
    return False


def is_for_reading(pdf: bytes) -> bool:
    """Vrai d'un PDF qu'a fait ``reading_pdf``."""
    import pikepdf

    with pikepdf.open(BytesIO(pdf)) as document:
        return document.docinfo.get("/Producer") == ENGINE


def reading_pdf(docx: bytes, data: bytes | None = None, name: str = "") -> bytes:
    """Le PDF de lecture d'un document Word, ses données jointes ; ``ConversionError`` quand il ne
    se fait pas, ou qu'un mot n'y est pas, ou n'y est pas à sa place.
    """
    parts = open_package(settled(docx))
    pdf = _laid_out(unwrapped(parts), name)
    gone = lost(parts, pdf) or displaced(parts, pdf)
    if gone:
        raise _error(name, f"Le PDF de lecture n'a pas tout ce document (« {gone[0][:60]} »).")
    return _finished(pdf, parts, data)


def _laid_out(docx: bytes, name: str) -> bytes:
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-c", COMMAND],
            input=docx,
            capture_output=True,
            timeout=WAIT,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _error(name, "Le PDF de lecture de ce document ne se fait pas.") from error
    if done.returncode or not is_whole(done.stdout, "pdf"):
        raise _error(name, "Le PDF de lecture de ce document ne se fait pas.")
    return done.stdout


def unwrapped(parts: Mapping[str, bytes]) -> bytes:
    """Le même document sans ses contrôles de contenu : dxpdf perd ce que tiennent certains."""
    return write_archive(
        pack_quickly(name, _without_controls(name, content) if _is_page(name, content) else content)
        for name, content in parts.items()
    )


def _is_page(name: str, content: bytes) -> bool:
    return is_xml(name) and name.startswith("word/") and b"<w:sdt" in content


def _without_controls(name: str, content: bytes) -> bytes:
    root = parse_part(content, name)
    for control in [*root.iter(CONTROL)]:
        inside = control.find(CONTENT)
        dissolve(control, [] if inside is None else inside)
    return serialise(root)


def _finished(pdf: bytes, parts: Mapping[str, bytes], data: bytes | None) -> bytes:
    import pikepdf

    output = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        document.Root.Lang = pikepdf.String("fr-FR")
        document.docinfo["/Producer"] = ENGINE
        if title := title_of(parts):
            document.docinfo["/Title"] = title
        if data is not None:
            attach(document, data)
        document.save(output)
    return output.getvalue()


def _error(name: str, message: str) -> ConversionError:
    advice = "Installez LibreOffice, ou enregistrez-le en PDF depuis Word."
    return ConversionError(Constat(message, fichier=name, conseil=advice))
