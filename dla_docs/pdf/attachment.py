"""Les données d'un document, jointes à son PDF comme fichier associé (PDF/A-3), et relues."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from dla_docs.pdf.opening import opened, refusal

if TYPE_CHECKING:  # pikepdf is an extra
    import pikepdf

ATTACHMENT = "dla_docs.json"
DESCRIPTION = "Données du document, pour dla-docs"
MAX_DATA = 50 * 1024 * 1024


def attach(pdf: pikepdf.Pdf, data: bytes) -> None:
    """Joint ``data`` (du JSON) au PDF ouvert, sous le nom ``dla_docs.json``."""
    from pikepdf import Array, AttachedFileSpec, Name

    now = datetime.now(UTC).strftime("D:%Y%m%d%H%M%SZ")
    spec = AttachedFileSpec(
        pdf,
        data,
        filename=ATTACHMENT,
        description=DESCRIPTION,
        mime_type="application/json",
        creation_date=now,
        mod_date=now,
    )
    spec.obj.AFRelationship = Name.Data
    pdf.attachments[ATTACHMENT] = spec
    pdf.Root.AF = Array([pdf.attachments[ATTACHMENT].obj])


def read_attachment(pdf: bytes) -> bytes | None:
    """Les données jointes par dla-docs à un PDF, ou ``None`` s'il n'en porte pas. InputError si ce
    n'est pas un PDF lisible.
    """
    with opened(pdf) as document:
        return _read(document)


def _read(document: pikepdf.Pdf) -> bytes | None:
    if ATTACHMENT not in document.attachments:
        return None
    return _unpacked(document.attachments[ATTACHMENT].get_file().obj)


def _unpacked(stream: pikepdf.Object) -> bytes:
    # Unpacked by hand and within a limit: a few kilobytes of a hostile file can claim gigabytes.
    filters, raw = _filters(stream), bytes(stream.read_raw_bytes())
    if not filters or not raw:
        return raw
    if filters != ["/FlateDecode"] or stream.get("/DecodeParms") is not None:
        raise refusal(
            "Les données jointes à ce PDF sont écrites d'une façon que dla-docs ne connaît pas.",
            "Reprenez le PDF d'origine.",
        )
    unpacker = zlib.decompressobj()
    data = unpacker.decompress(raw, MAX_DATA)
    if unpacker.eof:
        return data
    if len(data) == MAX_DATA:
        raise refusal(
            "Les données jointes à ce PDF sont anormalement grosses.",
            "Ne l'ouvrez pas s'il vient d'un inconnu.",
        )
    raise refusal("Les données jointes à ce PDF sont tronquées.", "Demandez qu'on vous le renvoie.")


def _filters(stream: pikepdf.Object) -> list[str]:
    filters = stream.get("/Filter")
    if filters is None:
        return []
    return (
        [str(name) for name in filters.as_list()]
        if filters._type_name == "array"
        else [str(filters)]
    )
