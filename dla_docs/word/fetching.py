"""Ce qu'ouvrir un fichier Word irait chercher hors de lui : liens, champs, documents à importer,
dessins SVG. LibreOffice suit les liens d'un dessin SVG quels que soient ses réglages.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from dla_docs.errors import PackageError
from dla_docs.word.names import NAMESPACES, W
from dla_docs.word.part import (
    VML,
    is_xml,
    owner_of,
    parse_part,
    relationships,
    rels_of,
    root_tag,
)

FETCHING_FIELD = re.compile(
    r"\s*([^=\s]*\{…\}|(INCLUDE(TEXT)?|IMPORT|LINK|DDE(AUTO)?|RD|DATABASE)\s"
    r'|INCLUDEPICTURE\s+(?!"?cid:))',  # cid: an e-mail's own image
    re.IGNORECASE,
)
UNNAMED, COMPUTED = re.compile(r"\s*[^=\s]*"), "{…}"  # a name that another field makes up
IMPORTED = ("aFChunk", "subDocument")  # whole documents, with links of their own
MERGED = ("mailMergeSource", "mailMergeHeaderSource")  # Word asks before it reads them
CLICKED = re.compile(r"hyperlink|hlink\w+")  # the elements whose link waits for a click
RELATION = f"{{{NAMESPACES['r']}}}"
STRANGE_ENCODING = re.compile(rb"encoding=[\"'](?!utf-8[\"']|us-ascii[\"'])", re.IGNORECASE)
SVG = "{http://www.w3.org/2000/svg}"
GZIP, MAX_DRAWING = b"\x1f\x8b", 10 * 1024 * 1024
# Pictures that are only points or strokes: nothing in them names a file.
PLAIN_PICTURES = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF8",
    b"BM",
    b"II*\0",
    b"MM\0*",
    b"II\xbc\x01",
    b"\1\0\0\0",
    b"\xd7\xcd\xc6\x9a",
    b"\1\0\x09\0",
)
WEBP = re.compile(rb"RIFF....WEBP", re.DOTALL)
POSTSCRIPT = (b"%!PS", b"\xc5\xd0\xd3\xc6")


@dataclass(frozen=True, slots=True)
class Fetched:
    """``part`` : la partie qui irait chercher ; ``target`` : ce qu'elle nomme ; ``inside`` : un
    document entier que le fichier tient déjà, et que Word fond dans son texte en l'ouvrant ;
    ``opaque`` : une image qui ne se lit pas, dont rien ne dit ce qu'elle irait chercher.
    """

    part: str
    target: str
    inside: bool = False
    opaque: bool = False


def fetched(parts: Mapping[str, bytes], merging: bool = True) -> list[Fetched]:
    """Ce qu'ouvrir le document irait chercher ailleurs (images, objets, fichiers liés ou importés),
    sans les liens hypertextes ; ni la source d'un publipostage, si ``merging`` est faux.
    """
    found = [
        *(one for rels in parts if _is_rels(rels) for one in _by_link(parts, rels, merging)),
        *(
            Fetched(part, target)
            for part in parts
            if is_xml(part)
            for target in _by_text(parts, part)
        ),
        *(
            Fetched(part, target)
            for part, content in parts.items()
            if not is_xml(part) or _is_drawing(content, part)
            for target in _by_picture(content, part)
        ),
        *(
            Fetched(part, part, opaque=True)
            for part in sorted(_pictures(parts))
            if _is_opaque(parts[part], part)
        ),
    ]
    return list(dict.fromkeys(found))


def external_links(parts: Mapping[str, bytes]) -> list[str]:
    """Ce que ``fetched`` trouve, sans dire où."""
    return list(dict.fromkeys(one.target for one in fetched(parts)))


def _is_rels(part: str) -> bool:
    return part.casefold().endswith(".rels")


def _by_link(parts: Mapping[str, bytes], rels: str, merging: bool) -> Iterator[Fetched]:
    owner = owner_of(rels)
    # under the usual name: a reader may not mind the case
    for link in relationships({rels_of(owner): parts[rels]}, owner):
        if link.kind in MERGED and not merging:
            continue
        if (link.external and link.kind != "hyperlink") or link.kind in IMPORTED:
            yield Fetched(owner, link.target, inside=not link.external)


def _by_text(parts: Mapping[str, bytes], part: str) -> Iterator[str]:
    """Field codes, VML images, imported documents, and a clickable address that a picture uses."""
    data = parts[part]
    marks = (b"instr", b"vml", b"altChunk", b"subDoc", b"\0")  # NUL: UTF-16
    links = relationships(parts, part)
    addresses = {
        link.id: link.target for link in links if link.external and link.kind == "hyperlink"
    }
    if not (
        addresses or any(mark in data for mark in marks) or STRANGE_ENCODING.search(data[:200])
    ):
        return
    root = parse_part(data, part)
    yield from (code.strip() for code in _field_codes(root) if FETCHING_FIELD.match(f"{code} "))
    for element in root.iter(f"{{{VML}}}*"):
        if source := element.get("src", ""):  # relative too: to the folder of the document
            yield source
    by_link = {link.id for link in links if link.kind in IMPORTED}  # said of the link itself
    for element in root.iter(f"{W}altChunk", f"{W}subDoc"):
        if (name := element.get(f"{RELATION}id", "")) not in by_link:
            yield f"{etree.QName(element).localname} {name}"
    yield from _misused(root, addresses)


def _misused(root: etree._Element, addresses: Mapping[str, str]) -> Iterator[str]:
    if not addresses:
        return
    for element in root.iter("{*}*"):
        if not CLICKED.fullmatch(etree.QName(element).localname):
            yield from (
                addresses[str(value)]
                for name, value in element.items()
                if str(name).startswith(RELATION) and value in addresses
            )


def _field_codes(root: etree._Element) -> Iterator[str]:
    """Whole codes: Word cuts a code into runs, and nests a field in another's code."""
    opened: list[str] = []
    shown: list[bool] = []  # of each, whether its code has ended
    for element in root.iter(f"{W}fldChar", f"{W}instrText", f"{W}fldSimple"):
        kind = element.get(W + "fldCharType")
        if kind == "begin":
            if opened and not shown[-1] and UNNAMED.fullmatch(opened[-1]):
                opened[-1] += COMPUTED
            opened.append("")
            shown.append(False)
        elif kind == "separate" and opened:
            shown[-1] = True
        elif kind == "end" and opened:
            shown.pop()
            yield opened.pop()
        elif kind is None and opened:
            opened[-1] += element.text or ""
        yield element.get(W + "instr", "")
    yield from opened


def _pictures(parts: Mapping[str, bytes]) -> set[str]:
    """The parts that the file shows as pictures, whatever their names."""
    return {
        link.target
        for rels in parts
        if _is_rels(rels)
        for link in relationships({rels_of(owner_of(rels)): parts[rels]}, owner_of(rels))
        if link.kind == "image" and not link.external and link.target in parts
    }


def _is_opaque(content: bytes, part: str) -> bool:
    """True of what is neither a picture made of points or strokes, nor a plain SVG drawing."""
    if content.startswith(GZIP):  # a metafile, mostly
        unpacked = zlib.decompressobj(wbits=31)
        try:
            content = unpacked.decompress(content, MAX_DRAWING)
        except zlib.error:
            return True
    if not content or content.startswith((*PLAIN_PICTURES, *POSTSCRIPT)) or WEBP.match(content):
        return False
    try:
        content.decode("utf-8")
        return root_tag(content, part).rpartition("}")[2] != "svg"
    except (UnicodeDecodeError, PackageError):
        return True


def _is_drawing(content: bytes, part: str) -> bool:
    """True of a drawing that goes by the name of a part of text."""
    return _may_be_svg(content) and root_tag(content, part).rpartition("}")[2] == "svg"


def _may_be_svg(content: bytes) -> bool:
    return (
        b"svg" in content.lower()
        or b"\0" in content
        or bool(STRANGE_ENCODING.search(content[:200]))
    )


def _by_picture(content: bytes, part: str) -> Iterator[str]:
    """The addresses of an SVG drawing, whatever its name; and any drawing that is a program."""
    if content.startswith(GZIP):
        unpacked = zlib.decompressobj(wbits=31)
        try:
            content = unpacked.decompress(content, MAX_DRAWING)
        except zlib.error:
            return
        if unpacked.unconsumed_tail:
            yield part
            return
    if content.startswith(PLAIN_PICTURES):
        return
    if content.startswith((GZIP, *POSTSCRIPT)):  # packed twice
        yield part
    elif _may_be_svg(content):
        yield from _addresses(content, part)


def _addresses(content: bytes, part: str) -> Iterator[str]:
    try:
        root = parse_part(content, part, remarks=True)
    except PackageError:  # a DOCTYPE, or what another reader might make sense of
        if content.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<"):
            yield part
        return
    for element in root.iter():
        if not isinstance(element.tag, str):
            if isinstance(element, etree._ProcessingInstruction):
                yield part
            continue
        for name, value in element.items():
            local = etree.QName(name).localname
            if local in ("href", "src", "base") and not str(value).startswith("#"):
                yield str(value)[:200]
            yield from _named_in(str(value))
        if element.tag == f"{SVG}style":
            yield from _named_in("".join(map(str, element.itertext())))


def _named_in(style: str) -> Iterator[str]:
    """What a style names beyond its own drawing."""
    if "@import" in style.lower() or "\\" in style:  # an escape hides any word
        yield style[:200]
    for named in re.findall(r"url\(\s*[\"']?([^)\"']*)", style, re.IGNORECASE):
        if not named.startswith("#"):
            yield named[:200]
