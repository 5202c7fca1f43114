"""Rien de ce qui se convertit n'atteint un fichier du disque ni une adresse : une image témoin et
un serveur à l'écoute disent ce qui a été cherché.
"""

from __future__ import annotations

import gzip
import io
import socket
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from dla_docs.errors import ConversionError
from dla_docs.pdf import Office, convert, convert_many
from dla_docs.templating import lint
from tests.word_packages import (
    R_XMLNS,
    REL_TYPE,
    RELS,
    W_XMLNS,
    default_parts,
    with_body,
    zipped,
)

CANARY = (37, 41)  # points: the size of no other picture
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
ASVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
VML = 'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
SVG_TYPES = (
    b'<Default Extension="svg" ContentType="image/svg+xml"/>'
    b'<Default Extension="emf" ContentType="image/x-emf"/>'
    b'<Default Extension="dat" ContentType="application/octet-stream"/>'
)


def svg(address: str) -> bytes:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="90" height="90"><image width="90" height="90" xlink:href="{address}"/></svg>'
    ).encode()


def ruled(address: str) -> bytes:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><style>'
        f'rect {{ fill: u\\72 l({address}#a) }}</style><rect width="90" height="90"/></svg>'
    ).encode()


def styled(address: str, url: str = "url") -> bytes:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90">'
        f'<rect width="90" height="90" style="fill: {url}( {address}#a)"/></svg>'
    ).encode()


def png(size: tuple[int, int]) -> bytes:
    Image.effect_noise(size, 90).convert("RGB").save(target := io.BytesIO(), "PNG")
    return target.getvalue()


def blip(attributes: str = 'r:embed="rIdP"', inner: str = "") -> str:
    return (
        f'<w:p><w:r><w:drawing><wp:inline xmlns:wp="{WP}"><wp:extent cx="900000" cy="900000"/>'
        f'<wp:docPr id="1" name="i" descr="x"/><a:graphic xmlns:a="{A}"><a:graphicData uri="{PIC}">'
        f'<pic:pic xmlns:pic="{PIC}"><pic:nvPicPr><pic:cNvPr id="1" name="i"/><pic:cNvPicPr/>'
        f"</pic:nvPicPr><pic:blipFill><a:blip {attributes}>{inner}</a:blip><a:stretch/>"
        '</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="900000" cy="900000"/>'
        '</a:xfrm><a:prstGeom prst="rect"/></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r></w:p>"
    )


def docx(body: str, links: str = "", **files: bytes) -> bytes:
    """A document of this body; a file « a_svg » is the part « word/media/a.svg »."""
    parts = with_body(f"{body}<w:p><w:r><w:t>fin</w:t></w:r></w:p>", default_parts())
    parts[RELS] = parts[RELS].replace(b"</Relationships>", f"{links}</Relationships>".encode())
    types = parts["[Content_Types].xml"]
    parts["[Content_Types].xml"] = types.replace(b"</Types>", SVG_TYPES + b"</Types>")
    return zipped(
        parts | {f"word/media/{name.replace('_', '.')}": data for name, data in files.items()}
    )


def link(identifier: str, kind: str, target: str, external: bool = False) -> str:
    mode = ' TargetMode="External"' if external else ""
    return f'<Relationship Id="{identifier}" Type="{REL_TYPE}{kind}" Target="{target}"{mode}/>'


def field(code: str) -> str:
    return f"<w:p><w:fldSimple w:instr='{code}'><w:r><w:t>x</w:t></w:r></w:fldSimple></w:p>"


def ole(kind: str) -> str:
    return (
        f'<w:p><w:r><w:object><v:shape {VML} id="s1" style="width:75pt;height:75pt"/><o:OLEObject '
        f'{VML} Type="{kind}" ProgID="Word.Document.12" ShapeID="s1" DrawAspect="Content" '
        'ObjectID="_1" r:id="rIdP"/></w:object></w:r></w:p>'
    )


def vehicles(address: str) -> dict[str, bytes]:
    """Documents that would fetch the picture of this address, each in its own way."""
    drawn, image = svg(address), link("rIdP", "image", "media/a.png")
    drawing = link("rIdP", "image", "media/a.svg")
    twin = (
        f'<a:extLst><a:ext uri="x"><s:svgBlip xmlns:s="{ASVG}" r:embed="rIdS"/></a:ext></a:extLst>'
    )
    choice = (
        f'<mc:AlternateContent xmlns:mc="{MC}"><mc:Fallback>{{}}</mc:Fallback>'
        "</mc:AlternateContent>"
    )
    return {
        "SVG": docx(blip(), drawing, a_svg=drawn),
        "SVG nommé .png": docx(blip(), image, a_png=drawn),
        "SVG nommé .emf": docx(blip(), link("rIdP", "image", "media/a.emf"), a_emf=drawn),
        "SVG nommé .xml": docx(blip(), link("rIdP", "image", "media/a.xml"), a_xml=drawn),
        "SVG d'une autre sorte de lien": docx(
            blip(), link("rIdP", "x", "media/a.xml"), a_xml=drawn
        ),
        "SVG compressé": docx(blip(), image, a_png=gzip.compress(drawn)),
        "jumeau d'un PNG": docx(
            blip(inner=twin),
            image + link("rIdS", "image", "media/a.svg"),
            a_png=png((5, 5)),
            a_svg=drawn,
        ),
        "style d'un SVG": docx(blip(), drawing, a_svg=styled(address)),
        "style d'un SVG, échappé": docx(blip(), drawing, a_svg=styled(address, r"\75 rl")),
        "style d'un SVG, échappé dans <style>": docx(blip(), drawing, a_svg=ruled(address)),
        "SVG compressé deux fois": docx(blip(), image, a_png=gzip.compress(gzip.compress(drawn))),
        "image liée": docx(blip('r:link="rIdP"'), link("rIdP", "image", address, True)),
        "image liée par un hyperlien": docx(
            blip('r:link="rIdP"'), link("rIdP", "hyperlink", address, True)
        ),
        "contenu de remplacement": docx(
            choice.format(blip('r:link="rIdP"')), link("rIdP", "image", address, True)
        ),
        "image VML": docx(
            f'<w:p><w:r><w:pict><v:shape {VML}><v:imagedata src="{address}"/></v:shape></w:pict>'
            "</w:r></w:p>"
        ),
        "remplissage VML, relatif": docx(
            f'<w:p><w:r><w:pict><v:rect {VML} style="width:75pt;height:75pt"><v:fill type="frame" '
            'src="temoin.png"/></v:rect></w:pict></w:r></w:p>'
        ),
        "objet lié": docx(ole("Link"), link("rIdP", "oleObject", address, True)),
        "cadre web": docx("", link("rIdP", "frame", address, True)),
        "sous-document": docx(
            '<w:subDoc r:id="rIdP"/>', link("rIdP", "subDocument", address, True)
        ),
        "document à importer": docx(
            '<w:altChunk r:id="rIdP"/>',
            link("rIdP", "x", "media/d.dat"),
            d_dat=docx(blip(), drawing, a_svg=drawn),
        ),
        **{
            code: docx(field(f'{code} "{address}"'))
            for code in ("INCLUDEPICTURE", "INCLUDETEXT", "DDE", "DDEAUTO", "LINK", "DATABASE")
        },
    }


SECTION = (
    '<w:p><w:pPr><w:sectPr><w:{0}Reference w:type="default" r:id="rIdH"/></w:sectPr></w:pPr></w:p>'
)
NOTE = '<w:p><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
STORIES = {  # the part, its root, how the body shows it
    "en-tête": ("header", "hdr", SECTION.format("header")),
    "pied de page": ("footer", "ftr", SECTION.format("footer")),
    "note": ("footnotes", "footnotes", NOTE),
}
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
CHART = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
C = "http://schemas.openxmlformats.org/drawingml/2006/chart"


def beside(name: str, content: str, body: str, links: str, **files: bytes) -> bytes:
    """A document with one more part, « header », « footnotes » or « chart », and its own links."""
    with zipfile.ZipFile(
        io.BytesIO(docx(body, link("rIdH", name, f"{name}9.xml"), **files))
    ) as all_:
        parts = {one: all_.read(one) for one in all_.namelist()}
    kind = CHART if name == "chart" else f"{WORD}{name}+xml"
    about = f'<Override PartName="/word/{name}9.xml" ContentType="{kind}"/></Types>'
    types = parts["[Content_Types].xml"].replace(b"</Types>", about.encode())
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return zipped(
        parts
        | {
            "[Content_Types].xml": types,
            f"word/{name}9.xml": content.encode(),
            f"word/_rels/{name}9.xml.rels": (
                f'<Relationships xmlns="{space}">{links}</Relationships>'
            ).encode(),
        }
    )


def elsewhere(address: str) -> dict[str, bytes]:
    """The same pictures, linked from a header, a footer, a note, a chart."""
    linked = link("rIdP", "image", address, True)
    drawn = {"a_svg": svg(address)}
    inside = link("rIdP", "image", "media/a.svg")
    made = {}
    for title, (name, root, body) in STORIES.items():
        for what, shown, links, files in (
            ("image liée", blip('r:link="rIdP"'), linked, {}),
            ("SVG", blip(), inside, drawn),
            ("INCLUDEPICTURE", field(f'INCLUDEPICTURE "{address}"'), "", {}),
        ):
            held = f'<w:footnote w:id="2">{shown}</w:footnote>' if root == "footnotes" else shown
            part = f"<w:{root} {W_XMLNS} {R_XMLNS}>{held}</w:{root}>"
            made[f"{what}, {title}"] = beside(name, part, body, links, **files)
    for what, how, links, files in (
        ("image liée", "link", linked, {}),
        ("SVG", "embed", inside, drawn),
    ):
        chart = CHARTED.format(blip=f'<a:blip {R_XMLNS} r:{how}="rIdP"/>')
        made[f"{what}, graphique"] = beside("chart", chart, SHOWN, links, **files)
    return made


CHARTED = (
    f'<c:chartSpace xmlns:c="{C}" xmlns:a="{A}"><c:chart><c:plotArea><c:layout/><c:barChart>'
    '<c:barDir val="col"/><c:ser><c:idx val="0"/><c:order val="0"/><c:val><c:numLit><c:ptCount '
    'val="1"/><c:pt idx="0"><c:v>3</c:v></c:pt></c:numLit></c:val></c:ser><c:axId val="1"/>'
    '<c:axId val="2"/></c:barChart><c:catAx><c:axId val="1"/><c:crossAx val="2"/></c:catAx>'
    '<c:valAx><c:axId val="2"/><c:crossAx val="1"/></c:valAx></c:plotArea></c:chart><c:spPr>'
    "<a:blipFill>{blip}<a:stretch/></a:blipFill></c:spPr></c:chartSpace>"
)
SHOWN = (
    f'<w:p><w:r><w:drawing><wp:inline xmlns:wp="{WP}"><wp:extent cx="3000000" cy="3000000"/>'
    f'<wp:docPr id="1" name="g"/><a:graphic xmlns:a="{A}"><a:graphicData uri="{C}"><c:chart '
    f'xmlns:c="{C}" r:id="rIdH"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>'
)


@pytest.fixture
def canary(tmp_path: Path) -> str:
    """The address of a picture of this disk that no document may show."""
    (path := tmp_path / "temoin.png").write_bytes(png(CANARY))
    return path.as_uri()


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield listening


def sizes(pdf: bytes) -> set[tuple[int, int]]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return {
            (int(one.Width), int(one.Height))
            for one in document.objects
            if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"
        }


def test_the_vehicles_are_refused_when_a_template_is_compiled(canary: str) -> None:
    hostile = {**vehicles(canary), **elsewhere(canary)}
    said = {name: "\n".join(map(str, lint(data))) for name, data in hostile.items()}
    assert [
        name
        for name, text in said.items()
        if "ce modèle va chercher ailleurs une image ou un fichier" not in text
    ] == []
    assert "Partie word/media/a.png :" in said["SVG nommé .png"]
    assert (
        f"Corps : ce modèle va chercher ailleurs une image ou un fichier (« {canary} »)."
        in (said["image liée"])
    )
    assert "Insérez-le dans le modèle au lieu de le lier" in said["image liée"]


def test_a_document_held_inside_is_not_said_to_be_elsewhere() -> None:
    held = docx('<w:altChunk r:id="rIdP"/>', link("rIdP", "aFChunk", "media/d.htm"), d_htm=b"<p>")
    [told] = map(str, lint(held))
    assert "contient un document inséré (« word/media/d.htm »)" in told
    assert "Ouvrez le modèle dans Word et enregistrez-le" in told and "ailleurs" not in told


def encoded(address: str) -> dict[str, bytes]:
    """The same drawing as its reader may, or may not, understand it."""
    text = '<?xml version="1.0" encoding="{}"?>' + svg(address).decode()
    return {
        "cp037": text.format("IBM037").encode("cp037"),
        "UTF-7": text.format("UTF-7").encode("utf-7"),
        "UTF-7 entier": text.format("UTF-7").encode("utf-7").replace(b"<", b"+ADw-"),
        "UTF-16": text.format("UTF-16").encode("utf-16"),
    }


def in_codes(address: str) -> dict[str, bytes]:
    """Documents that show these drawings."""
    drawing = link("rIdP", "image", "media/a.svg")
    return {name: docx(blip(), drawing, a_svg=drawn) for name, drawn in encoded(address).items()}


@pytest.mark.parametrize("kind", ["a.svg", "a.png", "a.dat"])
def test_a_drawing_that_is_not_plainly_read_is_refused(kind: str, canary: str) -> None:
    for name, drawn in encoded(canary).items():
        file = {kind.replace(".", "_"): drawn}
        said = list(map(str, lint(docx(blip(), link("rIdP", "image", f"media/{kind}"), **file))))
        assert any(
            "aller" in one or "irait chercher" in one or "ailleurs" in one for one in said
        ), name


def test_a_packed_metafile_is_a_plain_picture() -> None:
    packed = gzip.compress(b"\1\0\0\0" + bytes(84))
    assert lint(docx(blip(), link("rIdP", "image", "media/a.dat"), a_dat=packed)) == []


def test_a_picture_that_is_not_there_is_said_when_compiled() -> None:
    [told] = map(str, lint(docx(blip(), link("rIdP", "image", "media/a.png"))))
    assert "Corps : l'image « word/media/a.png » manque dans le fichier." in told


def test_an_svg_with_a_doctype_or_postscript_is_refused() -> None:
    doctype = b'<!DOCTYPE svg SYSTEM "x.dtd">' + svg("#a")
    for drawn in (doctype, b"%!PS-Adobe-3.0 EPSF-3.0\n(x) run"):
        found = lint(docx(blip(), link("rIdP", "image", "media/a.png"), a_png=drawn))
        assert "va chercher ailleurs" in str(found[0])


def test_nothing_is_fetched_by_what_is_converted(
    office: Office, canary: str, listener: socket.socket
) -> None:
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/temoin.png"
    hostile = {
        f"{name} {kind}": data
        for kind, where in (("fichier", canary), ("réseau", address))
        for name, data in {**vehicles(where), **elsewhere(where), **in_codes(where)}.items()
    }
    inner = docx(blip(), link("rIdP", "image", "media/a.svg"), a_svg=svg(canary))
    hostile["objet incorporé"] = docx(
        ole("Embed"), link("rIdP", "package", "media/d.dat"), d_dat=inner
    )
    made = dict(convert_many(hostile.items()))
    converted = {name: pdf for name, pdf in made.items() if isinstance(pdf, bytes)}
    assert set(converted) == {"objet incorporé"}
    assert CANARY not in sizes(converted["objet incorporé"])
    with pytest.raises(BlockingIOError):  # nobody came
        listener.accept()


def test_an_svg_that_stays_within_itself_is_converted(office: Office) -> None:
    drawn = (
        b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink" '
        b'width="90" height="90"><defs><clipPath id="c"><rect width="9" height="9"/></clipPath>'
        b'</defs><rect id="r" width="50" height="50" clip-path="url(#c)"/><use x:href="#r"/></svg>'
    )
    within = docx(blip(), link("rIdP", "image", "media/a.svg"), a_svg=drawn)
    assert lint(within) == []
    assert convert(within).startswith(b"%PDF-")


def test_the_refusal_names_the_target(office: Office, canary: str) -> None:
    drawn = docx(blip(), link("rIdP", "image", "media/a.png"), a_png=svg(canary))
    with pytest.raises(ConversionError, match=canary):
        convert(drawn, name="bilan.docx")
