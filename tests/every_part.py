"""Tout ce que disent les fichiers d'un dossier, partie par partie : ce qu'un lecteur verrait, et ce
qu'il trouverait à fouiller.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from zipfile import ZipFile, is_zipfile

import pikepdf

from tests import as_keyed
from tests.pdf_checks import pdf_text

Said = Iterator[tuple[str, str]]
DRAWN_AT_RANDOM = ("/ID", "/DocChecksum", "/CheckSum")  # digits where any number may be found
OF_THE_MAKING = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])|D:\d{14}")
"""Une empreinte et l'instant d'une conversion : autres à chaque fois, et n'importe quel nombre peut
s'y lire.
"""


def everything(folder: Path) -> Said:
    """Chaque partie de chaque fichier d'un dossier et de ceux qu'il tient, cachés compris : où elle
    est, et ce qu'elle dit.
    """
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        yield f"le nom de {name}", name
        if path.is_file():
            yield from parts_of(path.read_bytes(), name)


def parts_of(content: bytes, name: str) -> Said:
    """Les parties d'un fichier, et des fichiers qu'il tient."""
    if content.startswith(b"%PDF"):
        yield from _in_pdf(content, name)
    elif is_zipfile(io.BytesIO(content)):
        with ZipFile(io.BytesIO(content)) as package:
            for part in package.namelist():
                yield f"{name} > {part}", part
                yield from parts_of(package.read(part), f"{name} > {part}")
    else:
        text = OF_THE_MAKING.sub(" ", unescape(_decoded(content)))
        markup = "</" in text or "/>" in text
        yield name, f"{text}\n{re.sub('<[^>]+>', '', text)}" if markup else text


def _in_pdf(content: bytes, name: str) -> Said:
    """Ses pages, puis chaque texte et chaque flux de chacun de ses objets : les propriétés, les
    métadonnées, les signets, les champs, les annotations, la structure, les pièces jointes.
    """
    yield f"{name} > pages", pdf_text(content)
    with pikepdf.open(io.BytesIO(content)) as document:
        said = {key: one for key, one in document.trailer.items() if key not in DRAWN_AT_RANDOM}
        yield f"{name} > trailer", "\n".join([*said, *_below(said.values())])
        drawn = {one.objgen for page in document.pages for one in _drawings(page.obj)}
        for number, one in enumerate(document.objects, 1):
            place = f"{name} > objet {number}"
            yield place, OF_THE_MAKING.sub(" ", "\n".join(_strings(one)))
            if isinstance(one, pikepdf.Stream) and not (one.objgen in drawn or _is_coded(one)):
                yield from parts_of(one.read_bytes(), place)


def _strings(value: Any) -> Iterator[str]:
    """Les textes et les noms d'un objet, sans suivre ce qu'il désigne : chaque objet a son tour."""
    if isinstance(value, pikepdf.String | pikepdf.Name):
        yield str(value)
    elif isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
        yield from value.keys()
        yield from _below(one for key, one in value.items() if key not in DRAWN_AT_RANDOM)
    elif isinstance(value, pikepdf.Array):
        yield from _below(value)


def _below(values: Any) -> Iterator[str]:
    for one in values:
        if isinstance(one, pikepdf.Object) and not one.is_indirect:
            yield from _strings(one)


def _drawings(page: Any) -> list[Any]:
    """Ce qui dessine une page : les lettres n'y sont que des rangs, et la page est lue."""
    held = page.get("/Contents", [])
    return list(held) if isinstance(held, pikepdf.Array) else [held]


def _is_coded(stream: pikepdf.Stream) -> bool:
    """Vrai d'une image, d'une police et de sa table de lettres, d'un profil de couleurs."""
    kinds = ("/Image", "/CIDFontType0C", "/OpenType", "/Form")
    keys = ("/Length1", "/N", "/FunctionType")
    return (
        stream.get("/Subtype") in kinds
        or any(key in stream for key in keys)
        or b"begincmap" in stream.read_bytes()
    )


def _decoded(content: bytes) -> str:
    marked = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        return content.decode("utf-16" if marked else "utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def word_in(word: str, text: str) -> bool:
    """Vrai quand un texte dit ce mot, quels que soient ses espaces et ses capitales."""
    return flat(word) in flat(text)


def flat(text: str) -> str:
    """Un texte tel qu'on l'y cherche."""
    return "".join(as_keyed(text).split()).casefold()
