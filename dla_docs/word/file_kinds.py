"""Ce qu'est un fichier donné pour un .docx et qui n'en est pas un : à chacun sa phrase et son
remède.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from io import BytesIO
from zipfile import BadZipFile, ZipFile

Refusal = tuple[str, str]  # message, conseil

AGAIN = "Demandez qu'on vous le renvoie, ou téléchargez-le de nouveau."
SAVE_AS = "Ouvrez ce fichier, puis enregistrez-le au format « Document Word (.docx) »."
SAVE_OR_COPY = (
    f"{SAVE_AS[:-1]} ; d'un formulaire, ce format a perdu les champs : recopiez ses réponses dans "
    f"celui qui a été envoyé."
)
ASK_WORD = "Demandez le fichier Word lui-même (.docx)."
UNZIP = "Décompressez-la et indiquez le document qu'elle contient."
ATTACHMENT = "Ouvrez le message et enregistrez sa pièce jointe."
NO_PASSWORD = "Retirez le mot de passe dans Word (Fichier, Informations) et enregistrez-le."
ODF = "C'est un document LibreOffice (OpenDocument : .odt, .ods…), et non un document Word."
WORD, MAIN_ENTRY = "C'est un document Word (.docx)", "word/document.xml"
NO_WORD = "Ce n'est pas un document Word (.docx)."
IMAGE = "C'est une image (photo ou numérisation), et non un document Word."

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The name of a stream, and what the file then is; a message comes first, as it may hold any of the
# others
OLE_STREAMS = (
    (
        "__properties_version1.0",
        "C'est un message Outlook (.msg), et non un document Word.",
        ATTACHMENT,
    ),
    ("EncryptedPackage", "Ce fichier est protégé par un mot de passe.", NO_PASSWORD),
    ("WordDocument", "C'est un document Word d'avant 2007 (.doc).", SAVE_OR_COPY),
    ("Workbook", "C'est un classeur Excel (.xls), et non un document Word.", ASK_WORD),
    (
        "PowerPoint Document",
        "C'est une présentation PowerPoint (.ppt), et non un document Word.",
        ASK_WORD,
    ),
)
BEGINNINGS = (  # what the first kilobyte matches, and what the file then is
    (rb"\0+\Z", "Ce fichier ne contient que des zéros : sa copie a échoué.", AGAIN),
    (rb"\s*\{\\rtf", "C'est un document RTF, et non un document Word (.docx).", SAVE_OR_COPY),
    (rb".*?%PDF-", "C'est un PDF, et non un document Word.", ASK_WORD),
    (
        rb"\xff\xd8\xff|\x89PNG|GIF8|II\*\0|MM\0\*|BM.{4}\0{4}|RIFF.{4}WEBP|.{4}ftyp(hei|mif|avi)",
        IMAGE,
        ASK_WORD,
    ),
    (
        rb".*?(<pkg:package|schemas\.microsoft\.com/office/word/2003)",
        "C'est un document Word enregistré en XML, et non en .docx.",
        SAVE_AS,
    ),
    (rb".*?urn:oasis:names:tc:opendocument", ODF, SAVE_AS),
    (
        rb"(?i)(\xef\xbb\xbf)?\s*<(.*?<)?(!doctype )?(html|body|table)\b",
        "C'est une page web (HTML), et non un document Word.",
        SAVE_AS,
    ),
    (
        rb"(From|To|Date|Subject|Received|Return-Path|MIME-Version|X-[\w-]+): ",
        "C'est un message électronique, et non un document Word.",
        ATTACHMENT,
    ),
    (rb"Rar!|7z\xbc\xaf|\x1f\x8b", "C'est une archive compressée, et non un document Word.", UNZIP),
    (
        rb"\x00\x05\x16\x07",
        "C'est un fichier caché de macOS (« ._… »), et non le document.",
        "Indiquez le fichier du même nom sans « ._ ».",
    ),
)
ENTRIES = (  # the name of an entry in a zip, and what the archive then is
    (
        r"xl/workbook\.(xml|bin)",
        "C'est un classeur Excel (.xlsx), et non un document Word.",
        ASK_WORD,
    ),
    (
        r"ppt/presentation\.xml",
        "C'est une présentation PowerPoint (.pptx), et non un document Word.",
        ASK_WORD,
    ),
    (r"content\.xml", ODF, SAVE_AS),
    (
        r"(.*/)?Index(\.zip|/.*\.iwa)",
        "C'est un document Pages d'Apple, et non un document Word.",
        "Exportez-le au format Word (Fichier, Exporter vers).",
    ),
    (
        r"(?i).*\.(docx|dotx|doc|odt|rtf|pdf)",
        "C'est une archive zip qui contient des documents.",
        UNZIP,
    ),
)


def refusal_of_bytes(data: bytes) -> Refusal | None:
    """Pourquoi ces octets ne sont pas un .docx ; ``None`` s'ils forment une archive zip, comme un
    .docx.
    """
    if not data:
        return "Ce fichier est vide.", AGAIN
    if data.startswith(OLE):
        return _refusal_of_ole(data)
    if data.startswith((b"PK\3\4", b"PK\5\6")):
        return None
    for pattern, message, conseil in BEGINNINGS:
        if re.match(pattern, data[:1024], re.DOTALL):
            return message, conseil
    return NO_WORD, ASK_WORD


def other_kind(data: bytes, wanted: str) -> str:
    """Ce qu'est un fichier qui n'est pas du texte, donné pour autre chose (``wanted``), en une
    phrase ; rien d'un texte, ni de ce qui ne se reconnaît pas.
    """
    if not (b"\0" in data or data.startswith((b"%PDF-", b"{\\rtf"))):
        return ""
    refusal = refusal_of_bytes(data)
    if refusal is None:
        names = _entries(data)
        refusal = (WORD, "") if MAIN_ENTRY in names else refusal_of_entries(names)
    what = refusal[0].partition(", et non")[0].rstrip(".")
    return f"{what}, et non {wanted}." if what.startswith("C'est ") else ""


def _entries(data: bytes) -> list[str]:
    try:
        with ZipFile(BytesIO(data)) as archive:
            return archive.namelist()
    except (BadZipFile, ValueError, OSError):
        return []


def refusal_of_entries(names: Iterable[str]) -> Refusal:
    """Ce qu'est une archive zip sans document Word, d'après les noms qu'elle contient."""
    names = list(names)
    for pattern, message, conseil in ENTRIES:
        if any(re.fullmatch(pattern, name) for name in names):
            return message, conseil
    if "[Content_Types].xml" in names:
        return "Ce document Word est incomplet : son texte manque.", AGAIN
    return "C'est une archive zip, et non un document Word.", ASK_WORD


def _refusal_of_ole(data: bytes) -> Refusal:
    for stream, message, conseil in OLE_STREAMS:
        if stream.encode("utf-16-le") in data:
            return message, conseil
    return "C'est un ancien fichier Office, et non un document Word (.docx).", SAVE_AS
