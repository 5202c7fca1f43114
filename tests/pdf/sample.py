"""Small Word documents to convert: one with all that a form holds and nothing wrong, and its
variants, each with one thing wrong.
"""

from __future__ import annotations

import io
from collections.abc import Callable

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.paragraph import Paragraph
from PIL import Image

CONTROLS = {
    "texte": "<w:text/>",
    "liste": (
        '<w:dropDownList><w:listItem w:displayText="Oui" w:value="oui"/>'
        '<w:listItem w:displayText="Non" w:value="non"/></w:dropDownList>'
    ),
    "date": '<w:date><w:dateFormat w:val="dd/MM/yyyy"/><w:lid w:val="fr-FR"/></w:date>',
}
VML = 'xmlns:v="urn:schemas-microsoft-com:vml"'
A = "http://schemas.openxmlformats.org/drawingml/2006/main"


def conforming() -> WordDocument:
    """Title, language, headings, header, footer, table with its header row, image, links, lists,
    content controls, comment, tracked change.
    """
    document = plain("Fiche d'évaluation individuelle")
    document.add_heading("1) Conditions de réalisation", 2)
    document.add_paragraph("Élève, cœur, 1 234,50 €", style="List Bullet")
    document.sections[0].header.paragraphs[0].text = "Dispositif local d'accompagnement"
    document.sections[0].footer.paragraphs[0].text = "Page"
    add_field(document.sections[0].footer.paragraphs[0], "PAGE", "1")
    add_table(document)
    add_picture(document, descr="Logo du DLA")
    add_link(document.add_paragraph("Voir "), tooltip="Site du DLA")
    add_field(
        document.add_paragraph("Voir "),
        'HYPERLINK "https://exemple.fr" \\o "Site du DLA"',
        "le site",
    )
    for name, kind in CONTROLS.items():
        add_control(document.add_paragraph(f"{name} : "), name, kind)
    document.add_comment(document.paragraphs[0].runs, "à revoir", "C", "C")
    paragraph = document.add_paragraph()
    paragraph._p.append(
        parse_xml(
            f'<w:ins {nsdecls("w")} w:id="90" w:author="A" w:date="2024-01-01T00:00:00Z"><w:r>'
            "<w:t>ajout suivi</w:t></w:r></w:ins>"
        )
    )
    return document


def plain(title: str = "Un titre") -> WordDocument:
    """A French document of one heading and one paragraph."""
    document = untitled_heading(title)
    document.add_heading(title, 1)
    document.add_paragraph("Bonjour à tous.")
    return document


def untitled_heading(title: str = "Un titre") -> WordDocument:
    """A French document that is empty but for its title property."""
    document = Document()
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "fr-FR")
    document.core_properties.title = title
    return document


def saved(document: WordDocument) -> bytes:
    """The document's bytes."""
    output = io.BytesIO()
    document.save(output)
    return output.getvalue()


def add_table(document: WordDocument, header: bool = True) -> None:
    """Two columns, three rows."""
    table = document.add_table(3, 2, style="Table Grid")
    for number, cell in enumerate(cell for row in table.rows for cell in row.cells):
        cell.text = f"case {number}"
    if header:
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def add_picture(document: WordDocument, descr: str = "") -> None:
    """A red rectangle."""
    stream = io.BytesIO()
    Image.new("RGB", (40, 20), (200, 30, 30)).save(stream, "PNG")
    document.add_picture(io.BytesIO(stream.getvalue()))._inline.docPr.set("descr", descr)


def add_link(paragraph: Paragraph, tooltip: str = "", anchor: str = "") -> None:
    """A hyperlink, of Word's usual kind."""
    link = OxmlElement("w:hyperlink")
    if anchor:
        link.set(qn("w:anchor"), anchor)
    else:
        link.set(
            qn("r:id"),
            paragraph.part.relate_to(
                "https://exemple.fr/", RELATIONSHIP_TYPE.HYPERLINK, is_external=True
            ),
        )
    if tooltip:
        link.set(qn("w:tooltip"), tooltip)
    link.append(paragraph.add_run("le site")._r)
    paragraph._p.append(link)


def add_field(paragraph: Paragraph, instruction: str, shown: str) -> None:
    """A complex field, its instruction cut over two runs."""
    half = len(instruction) // 2
    pieces = ["begin", f"={instruction[:half]}", f"={instruction[half:]}", "separate", "", "end"]
    for piece in pieces:
        run = paragraph.add_run("" if piece else shown)
        if piece.startswith("="):
            element = OxmlElement("w:instrText")
            element.text = piece[1:]
            element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            run._r.append(element)
        elif piece:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), piece)
            run._r.append(element)


def add_control(paragraph: Paragraph, tag: str, kind: str) -> None:
    """A content control that holds « Oui »."""
    number = 1000 + list(CONTROLS).index(tag)
    properties = (
        f'<w:sdtPr><w:alias w:val="{tag}"/><w:tag w:val="{tag}"/><w:id w:val="{number}"/>{kind}'
        "</w:sdtPr>"
    )
    paragraph._p.append(
        parse_xml(
            f"<w:sdt {nsdecls('w')}>{properties}<w:sdtContent><w:r><w:t>Oui</w:t></w:r>"
            "</w:sdtContent></w:sdt>"
        )
    )


def _styled(
    name: str, kind: WD_STYLE_TYPE = WD_STYLE_TYPE.PARAGRAPH
) -> Callable[[WordDocument], None]:
    def change(document: WordDocument) -> None:
        style = (
            document.styles[name]
            if name in document.styles
            else document.styles.add_style(name, kind)
        )
        paragraph = document.add_paragraph("" if kind is WD_STYLE_TYPE.CHARACTER else "texte")
        if kind is WD_STYLE_TYPE.CHARACTER:
            paragraph.add_run("texte").style = style
        else:
            paragraph.style = style

    return change


def _outlined(document: WordDocument) -> None:
    paragraph = document.add_paragraph("Un titre de niveau 3 sans style de titre")
    level = OxmlElement("w:outlineLvl")
    level.set(qn("w:val"), "2")
    paragraph._p.get_or_add_pPr().append(level)


def _based_on_heading_3(document: WordDocument) -> None:
    style = document.styles.add_style("Intertitre", WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Heading 3"]
    document.add_paragraph("Un intertitre", style="Intertitre")


def _without_title(document: WordDocument) -> None:
    document.core_properties.title = ""


def _vml_shape(document: WordDocument) -> None:
    run = (
        f"<w:r {nsdecls('w')} {VML}><w:pict>"
        '<v:rect id="cadre" style="width:80pt;height:40pt" fillcolor="red"/></w:pict></w:r>'
    )
    document.add_paragraph()._p.append(parse_xml(run))


def _linked_picture(document: WordDocument) -> None:
    add_picture(document, descr="Logo")
    properties = next(iter(document.element.body.iter(qn("wp:docPr"))))
    target = document.part.relate_to(
        "https://exemple.fr/", RELATIONSHIP_TYPE.HYPERLINK, is_external=True
    )
    properties.append(parse_xml(f'<a:hlinkClick xmlns:a="{A}" {nsdecls("r")} r:id="{target}"/>'))


# What forbids PDF/UA-1, each alone in an otherwise good document, and a word of the message that a
# user must see.
OBSTACLES: dict[str, tuple[Callable[[WordDocument], object], str]] = {
    "no title": (_without_title, "propriétés"),
    "heading level skipped": (
        lambda document: document.add_heading("Trop bas", 3),
        "« Trop bas » est de niveau 3",
    ),
    "outline level skipped": (_outlined, "est de niveau 3"),
    "derived heading skipped": (_based_on_heading_3, "« Un intertitre » est de niveau 3"),
    "image without text": (add_picture, "texte de remplacement"),
    "vml shape without text": (_vml_shape, "texte de remplacement"),
    "linked image": (_linked_picture, "porte un lien"),
    "link without tooltip": (
        lambda document: add_link(document.add_paragraph()),
        "« le site » n'a pas d'info-bulle",
    ),
    "anchor without tooltip": (
        lambda document: add_field(document.add_paragraph(), 'HYPERLINK "https://exemple.fr"', "x"),
        "info-bulle",
    ),
    "link in the header": (
        lambda document: add_link(document.sections[0].header.paragraphs[0], tooltip="Site"),
        "en-tête ou le pied",
    ),
    "field link in the footer": (
        lambda document: add_field(
            document.sections[0].footer.paragraphs[0], 'HYPERLINK "https://a.fr" \\o "S"', "x"
        ),
        "en-tête",
    ),
    "style Note": (_styled("Note"), "« Note »"),
    "style Quote": (_styled("Quote"), "« Quote »"),
    "style H": (_styled("H"), "« H »"),
    "character style Link": (_styled("Link", WD_STYLE_TYPE.CHARACTER), "« Link »"),
}

# What looks alike and forbids nothing.
HARMLESS: dict[str, Callable[[WordDocument], object]] = {
    "style Caption": _styled("Caption"),
    "style Title": _styled("Title"),
    "style Note DLA": _styled("Note DLA"),
    "heading in the header": lambda document: document.sections[0].header.add_paragraph(
        "En-tête", style="Heading 3"
    ),
    "image in the header": lambda document: add_picture_to_header(document),
    "empty heading": lambda document: document.add_heading("", 3),
    "reference": lambda document: add_field(document.add_paragraph(), "REF ici \\h", "là"),
    "heading back up": lambda document: (
        document.add_heading("deux", 2),
        document.add_heading("un", 1),
        document.add_heading("deux", 2),
    ),
    "table without header row": lambda document: add_table(document, header=False),
}


def add_picture_to_header(document: WordDocument) -> None:
    """A picture in the margins is an artifact: it needs no text."""
    stream = io.BytesIO()
    Image.new("RGB", (40, 20), (200, 30, 30)).save(stream, "PNG")
    document.sections[0].header.paragraphs[0].add_run().add_picture(io.BytesIO(stream.getvalue()))


def variant(change: Callable[[WordDocument], object]) -> bytes:
    """A plain good document with one change."""
    document = plain()
    change(document)
    return saved(document)
