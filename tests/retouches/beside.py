"""Ce qu'une main ajoute et qui demande une partie de plus : image, note, commentaire."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

from lxml import etree

from dla_docs.word.names import NAMESPACES, W_P, W
from dla_docs.word.package import CONTENT_TYPES, parse_part
from tests.retouches.hand import EDITS, NS, Hand

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORDS = "application/vnd.openxmlformats-officedocument.wordprocessingml"
RELS = "word/_rels/document.xml.rels"
MEDIA = "word/media/main_"


def picture(number: int) -> bytes:
    """Une image d'un point, qui n'est qu'à ce numéro."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checked)

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    point = zlib.compress(b"\0" + number.to_bytes(3, "big"))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (chunk(b"IHDR", header), chunk(b"IDAT", point), chunk(b"IEND", b""))
    )


def adds_a_picture(hand: Hand) -> None:
    hand.number += 1
    name = f"{MEDIA}{hand.number}.png"
    hand.parts[name] = picture(hand.number)
    _declare(hand, "Default", Extension="png", ContentType="image/png")
    link = _link(hand, "image", name.removeprefix("word/"))
    if (paragraph := hand.some(W_P)) is not None:
        paragraph.append(etree.fromstring(_drawing(hand.number, link)))


def adds_a_footnote(hand: Hand) -> None:
    _note(hand, "footnotes", "footnote", hand.some(W_P))


def adds_an_endnote(hand: Hand) -> None:
    _note(hand, "endnotes", "endnote", hand.some(W_P))


def comments_a_paragraph(hand: Hand) -> None:
    if (paragraph := hand.some(W_P)) is not None:
        number = _written(hand, "comments", "comment")
        paragraph.extend(_around(number))


def comments_a_control(hand: Hand) -> None:
    found = hand.inline_controls()
    if found:
        sdt = hand.random.choice(found)
        _comment(hand, sdt)


def comments_an_answer(hand: Hand) -> None:
    runs = hand.said(inside=True)
    if runs:
        run = hand.random.choice(runs)
        _comment(hand, run)


def _comment(hand: Hand, held: etree._Element) -> None:
    start, *end = _around(_written(hand, "comments", "comment"))
    held.addprevious(start)
    for one in reversed(end):
        held.addnext(one)


def _around(number: str) -> list[etree._Element]:
    said = (
        f'<w:commentRangeStart {NS} w:id="{number}"/>',
        f'<w:commentRangeEnd {NS} w:id="{number}"/>',
        f'<w:r {NS}><w:commentReference w:id="{number}"/></w:r>',
    )
    return list(map(etree.fromstring, said))


def _note(hand: Hand, part: str, name: str, paragraph: etree._Element | None) -> None:
    if paragraph is not None:
        number = _written(hand, part, name)
        paragraph.append(etree.fromstring(f'<w:r {NS}><w:{name}Reference w:id="{number}"/></w:r>'))


def _written(hand: Hand, part: str, name: str) -> str:
    """A note or a comment more, of one word; its number."""
    path = f"word/{part}.xml"
    if path not in hand.parts:
        hand.parts[path] = _empty(part, name)
        _declare(hand, "Override", PartName=f"/{path}", ContentType=f"{WORDS}.{part}+xml")
        _link(hand, part, f"{part}.xml")
    root = parse_part(hand.parts[path], path)
    number = str(1 + max((int(one.get(f"{W}id", "0")) for one in root), default=0))
    made = etree.SubElement(root, f"{W}{name}", {f"{W}id": number})
    if name == "comment":
        made.set(f"{W}author", "Une main")
    made.append(hand.paragraph())
    hand.parts[path] = etree.tostring(root)
    return number


def _empty(part: str, name: str) -> bytes:
    lines = ("separator", "continuationSeparator") if name != "comment" else ()
    said = "".join(
        f'<w:{name} w:type="{line}" w:id="{rank - 1}"><w:p><w:r><w:{line}/></w:r></w:p></w:{name}>'
        for rank, line in enumerate(lines)
    )
    return f"<w:{part} {NS}>{said}</w:{part}>".encode()


def _link(hand: Hand, kind: str, target: str) -> str:
    root = parse_part(hand.parts[RELS], RELS)
    number = f"rIdMain{len(root)}"
    said = {"Id": number, "Type": f"{OFFICE}/{kind}", "Target": target}
    etree.SubElement(root, root[0].tag, said)
    hand.parts[RELS] = etree.tostring(root)
    return number


def _declare(hand: Hand, name: str, **said: str) -> None:
    root = parse_part(hand.parts[CONTENT_TYPES], "")
    if not any(said.items() <= dict(one.items()).items() for one in root):
        space = str(root.tag).rpartition("}")[0]
        made = etree.Element(f"{space}}}{name}", said)
        root.insert(0, made) if name == "Default" else root.append(made)
        hand.parts[CONTENT_TYPES] = etree.tostring(root)


def _drawing(number: int, link: str) -> str:
    spaces = " ".join(f'xmlns:{one}="{NAMESPACES[one]}"' for one in ("w", "wp", "a", "pic", "r"))
    named = f'id="{number}" name="Image {number}" descr="Photographie {number}"'
    return f"""<w:r {spaces}><w:drawing><wp:inline><wp:extent cx="360000" cy="360000"/>
<wp:docPr {named}/><a:graphic><a:graphicData uri="{NAMESPACES["pic"]}"><pic:pic><pic:nvPicPr>
<pic:cNvPr {named}/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{link}"/>
<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>
<a:ext cx="360000" cy="360000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>
</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"""


ALL: tuple[Callable[[Hand], None], ...] = (
    *EDITS,
    adds_a_picture,
    adds_a_footnote,
    adds_an_endnote,
    comments_a_paragraph,
    comments_a_control,
    comments_an_answer,
)
