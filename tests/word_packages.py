"""De quoi fabriquer, pour les essais, des fichiers Word sains puis les abîmer."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import docx
from docx.document import Document

W_XMLNS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R_XMLNS = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
REL_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
MAIN = "word/document.xml"
RELS = "word/_rels/document.xml.rels"


def default_docx() -> bytes:
    """Le document vide de python-docx."""
    return made_by(docx.Document())


def made_by(document: Document) -> bytes:
    """Les octets d'un document de python-docx, sans l'auteur ni l'image qu'il a de lui."""
    stream, links = io.BytesIO(), document.part.package.rels
    if document.core_properties.author == "python-docx":
        document.core_properties.author = ""
    for number in [one for one in links if links[one].reltype.endswith("/thumbnail")]:
        links.pop(number)
    document.save(stream)
    return stream.getvalue()


def default_parts() -> dict[str, bytes]:
    """Ses parties."""
    with zipfile.ZipFile(io.BytesIO(default_docx())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(
    parts: Mapping[str, bytes] | Iterable[tuple[str, bytes]],
    compression: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """Une archive de ces parties, les noms tels quels, doublons compris."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in parts.items() if isinstance(parts, Mapping) else parts:
            info = zipfile.ZipInfo(name)
            info.filename = name  # ZipInfo mends the names that the tests want bad
            info.compress_type = compression
            archive.writestr(info, content)
    return stream.getvalue()


def with_body(xml: str, parts: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
    """Les parties d'un document dont le corps est ``xml``."""
    document = f"<w:document {W_XMLNS} {R_XMLNS}><w:body>{xml}</w:body></w:document>"
    return {**(parts or default_parts()), MAIN: document.encode()}


def with_relationship(
    kind: str, target: str, *, external: bool = False, part: str = MAIN, identifier: str = "rIdX"
) -> dict[str, bytes]:
    """Les parties du document vide, avec un lien de plus."""
    parts = default_parts()
    folder, _, base = part.rpartition("/")
    rels = f"{folder}/_rels/{base}.rels".lstrip("/")
    mode = ' TargetMode="External"' if external else ""
    link = (
        f'<Relationship Id="{identifier}" Type="{REL_TYPE}{kind}" Target="{target}"{mode}/>'
        "</Relationships>"
    )
    empty = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    parts[rels] = parts.get(rels, empty).replace(b"</Relationships>", link.encode())
    return parts


def saved(folder: Path, data: bytes, name: str = "retour.docx") -> Path:
    """Un fichier de ces octets."""
    path = folder / name
    path.write_bytes(data)
    return path
