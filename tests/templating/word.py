"""De quoi écrire un modèle Word en peu de mots, et lire ce que le moteur en a fait."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

import docx
from lxml import etree

from dla_docs.errors import TemplateError
from dla_docs.model.node import Kind, Node
from dla_docs.templating import DEFINITIF, PrintMode, compile_template, lint
from dla_docs.word.package import open_package
from dla_docs.word.soundness import soundness
from tests.word_packages import MAIN, made_by, with_body, zipped

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
XMLNS = {"w": W[1:-1]}


def r(text: str, properties: str = "") -> str:
    """Une suite de caractères."""
    kept = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{kept}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def p(*content: str) -> str:
    """Un paragraphe ; un texte nu est une suite de caractères."""
    return (
        f"<w:p>{''.join(piece if piece.startswith('<') else r(piece) for piece in content)}</w:p>"
    )


def tc(*content: str) -> str:
    """Une cellule de paragraphes."""
    paragraphs = "".join(
        piece if piece.startswith("<w:p>") or piece.startswith("<w:tbl>") else p(piece)
        for piece in content
    )
    return f'<w:tc><w:tcPr><w:tcW w:w="2000" w:type="dxa"/></w:tcPr>{paragraphs}</w:tc>'


def tr(*cells: str) -> str:
    """Une ligne de tableau."""
    return f"<w:tr>{''.join(cell if cell.startswith('<') else tc(cell) for cell in cells)}</w:tr>"


def tbl(*rows: str, columns: int = 2) -> str:
    """Un tableau."""
    grid = '<w:gridCol w:w="2000"/>' * columns
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid>{grid}'
        f"</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def sdt(
    tag: str, text: str = "", kind: str = "<w:text/>", extra: str = "", properties: str = ""
) -> str:
    """Un contrôle dans une ligne de texte ; il imprime son étiquette si on ne dit pas quoi."""
    content = r(text or f"{{{{ {tag} }}}}", properties)
    return (
        f'<w:sdt><w:sdtPr>{extra}<w:tag w:val="{tag}"/><w:id w:val="12"/>{kind}</w:sdtPr>'
        f"<w:sdtContent>{content}</w:sdtContent></w:sdt>"
    )


def template(*content: str, parts: Mapping[str, bytes] | None = None) -> bytes:
    """Un modèle Word de ce contenu ; un texte nu est un paragraphe."""
    body = "".join(piece if piece.startswith("<") else p(piece) for piece in content)
    return zipped(with_body(body + '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr>', parts))


saved = made_by


def render(
    source: bytes,
    values: Mapping[str, Any] | None = None,
    model: Node | None = None,
    mode: PrintMode = DEFINITIF,
    **options: Any,
) -> bytes:
    """Le document produit, dont tout essai vérifie qu'il est sain et que Word le rouvrira."""
    made = compile_template(source, model).render(values or {}, mode, **options)
    assert_sound(made)
    return made


def assert_sound(made: bytes) -> None:
    """Le paquet respecte ce que Word exige, et python-docx le rouvre."""
    assert [constat.message for constat in soundness(open_package(made))] == []
    docx.Document(io.BytesIO(made))


def part(made: bytes, name: str = MAIN) -> etree._Element:
    """La racine d'une partie du document produit."""
    return etree.fromstring(open_package(made)[name])


def lines(made: bytes, name: str = MAIN) -> list[str]:
    """Le texte de chaque paragraphe, dans l'ordre : ``\\n`` pour une fin de ligne, ``\\t`` pour une
    tabulation.
    """
    return [_text(paragraph) for paragraph in part(made, name).iter(f"{W}p")]


def table_texts(made: bytes, rank: int = 0) -> list[list[str]]:
    """Les textes d'un tableau, ligne par ligne."""
    table = list(part(made).iter(f"{W}tbl"))[rank]
    return [
        ["\n".join(map(_text, cell.findall(f"{W}p"))) for cell in row.findall(f"{W}tc")]
        for row in table.findall(f"{W}tr")
    ]


def text_in(element: etree._Element) -> str:
    """Tout le texte d'un élément."""
    return "".join(map(str, element.itertext()))


def _text(paragraph: etree._Element) -> str:
    glyphs = {f"{W}br": "\n", f"{W}tab": "\t"}
    return "".join(
        glyphs.get(item.tag, item.text or "") for item in paragraph.iter(f"{W}t", *glyphs)
    )


def findings(source: bytes, model: Node | None = None) -> list[str]:
    """Les phrases des défauts d'un modèle ; les mêmes que ``compile_template`` lève."""
    found = lint(source, model)
    try:
        compile_template(source, model)
        raised: tuple[Any, ...] = ()
    except TemplateError as error:
        raised = error.constats
    assert list(raised) == found
    assert all(constat.conseil for constat in found), found
    return [constat.message for constat in found]


def leaf(name: str, **options: Any) -> Node:
    """Une valeur du modèle ; son chemin est posé par ``tree``."""
    return Node(name, name, Kind.LEAF, **options)


def part_node(name: str, *children: Node, **options: Any) -> Node:
    """Une partie."""
    return Node(
        name, name, Kind.PART, children={child.name: child for child in children}, **options
    )


def rows(name: str, *children: Node, **options: Any) -> Node:
    """Une suite de lignes."""
    return Node(
        name, name, Kind.ROWS, children={child.name: child for child in children}, **options
    )


def note(name: str, text: str, **options: Any) -> Node:
    """Un texte imprimé."""
    return Node(name, name, Kind.NOTE, text=text, **options)


def tree(*children: Node, label: str = "Fiche d'essai") -> Node:
    """La racine d'un modèle, où chaque nœud a son chemin."""
    return _with_paths(
        Node("", "", Kind.PART, label, {child.name: child for child in children}), ""
    )


def _with_paths(node: Node, prefix: str) -> Node:
    path = f"{prefix}{node.name}"
    below = "" if not path else f"{path}[]." if node.kind is Kind.ROWS else f"{path}."
    children = {name: _with_paths(child, below) for name, child in node.children.items()}
    return Node(**{**vars(node), "path": path, "children": children})
