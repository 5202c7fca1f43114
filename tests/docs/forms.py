"""Ce qu'une personne fait dans Word : elle écrit dans les cases ouvertes d'un formulaire, et
l'enregistre.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from lxml import etree

from dla_docs.word.names import W


def fill_form(octets: bytes, answers: Mapping[str, str]) -> bytes:
    """Le même formulaire, chaque case nommée par son étiquette remplie ; une case inconnue fait
    échouer l'essai.
    """
    with zipfile.ZipFile(io.BytesIO(octets)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    body = etree.fromstring(parts["word/document.xml"])
    for tag, text in answers.items():
        _write(
            next(
                sdt
                for sdt in body.iter(f"{W}sdt")
                if sdt.find(f"{W}sdtPr/{W}tag[@{W}val='{tag}']") is not None
            ),
            text,
        )
    parts["word/document.xml"] = etree.tostring(
        body, xml_declaration=True, encoding="UTF-8", standalone=True
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target.getvalue()


def _write(sdt: etree._Element, text: str) -> None:
    placeholder = sdt.find(f"{W}sdtPr/{W}showingPlcHdr")
    if placeholder is not None:
        placeholder.getparent().remove(placeholder)  # type: ignore[union-attr]  # it was found below its parent
    first, *others = sdt.iterfind(f".//{W}sdtContent//{W}t")
    first.text = text
    for other in others:
        other.text = ""
