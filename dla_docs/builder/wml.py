"""Le vocabulaire de Word, en quelques gestes : une suite de caractères, un paragraphe, une cellule,
un tableau.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lxml import etree

from dla_docs.builder.printed_words import typeset
from dla_docs.word.names import NAMESPACES, W

NSMAP = {"w": NAMESPACES["w"], "r": NAMESPACES["r"]}
TWIPS_PER_CM = 567

Element = etree._Element


def w(name: str, *content: Element | None, **attributes: str | int) -> Element:
    """Un élément de Word ; ses attributs ont le préfixe ``w``,
    ce qui est ``None`` n'y entre pas."""
    made = etree.Element(q(name), nsmap=NSMAP)
    for key, value in attributes.items():
        made.set(q(key), str(value))
    made.extend([child for child in content if child is not None])
    return made


def q(name: str) -> str:
    """Le nom complet d'un élément ou d'un attribut de Word."""
    return W + name


def properties_of(element: Element, name: str) -> Element:
    """Les propriétés d'un élément (``pPr``, ``trPr``…), posées en tête quand il n'en avait pas."""
    properties = element.find(q(name))
    if properties is None:
        element.insert(0, properties := w(name))
    return properties


def keep_whole(row: Element) -> None:
    """Une ligne de tableau qui ne se coupe pas au bout d'une page."""
    properties = properties_of(row, "trPr")
    if properties.find(q("cantSplit")) is None:
        properties.insert(0, w("cantSplit"))


def twips(cm: float) -> int:
    """Des centimètres en vingtièmes de point, l'unité de Word."""
    return round(cm * TWIPS_PER_CM)


def run(text: str, style: str = "") -> Element:
    """Du texte, dans la typographie de la page et dans un style de caractère."""
    made = w("r", w("rPr", w("rStyle", val=style)) if style else None)
    for number, line in enumerate(typeset(text).split("\n")):
        if number:
            made.append(w("br"))
        made.append(_text(line))
    return made


def _text(text: str) -> Element:
    made = w("t")
    made.text = text
    made.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return made


def paragraph(style: str, *inline: Element, keep: bool = False) -> Element:
    """Un paragraphe dans un style nommé ; ``keep`` le garde sur la page du suivant."""
    return w("p", w("pPr", w("pStyle", val=style), w("keepNext") if keep else None), *inline)


def field(instruction: str) -> Element:
    """Un champ que Word calcule : le numéro de page, le nombre de pages."""
    return w("fldSimple", run("1"), instr=f" {instruction} ")


def on_next_page(blocks: list[Element]) -> list[Element]:
    """Ce qui ouvre une page, à la hauteur où commencent les autres : un titre n'y a rien au-dessus
    de lui ; à la suite d'une page pleine, il n'en laisse pas une blanche.
    """
    opening = w("spacing", before=0, after=0, line=20, lineRule="exact")
    first = next(block for block in blocks if not is_blank(block))
    first[0].append(w("spacing", before=0))
    return [w("p", w("pPr", w("pStyle", val="Intervalle"), w("pageBreakBefore"), opening)), *blocks]


def gap() -> Element:
    """Ce qui sépare un tableau de ce qui suit : Word joindrait deux tableaux voisins, et veut un
    paragraphe après le dernier.

    Il est si bas que le pied d'une page l'accueille toujours : il n'en ouvre pas une pour lui seul.
    """
    return paragraph("Intervalle")


def closing() -> Element:
    """Ce qui ferme une cellule qui peut ne rien dire, car Word y veut un paragraphe : il n'y prend
    pas de place.
    """
    return w("p", w("pPr", w("pStyle", val="Intervalle"), w("spacing", after=0)))


def ending() -> Element:
    """Ce qui ouvre la fin d'un document : elle n'est pas seule sur sa page, ce qui la précède l'y
    suit (``templating.pagination``).
    """
    return paragraph("Intervalle", keep=True)


def restyle(blocks: Iterable[Element], style: str) -> list[Element]:
    """Les mêmes paragraphes dans un autre style ; les balises gardent le leur."""
    changed = list(blocks)
    for block in changed:
        named = block.find(f"{q('pPr')}/{q('pStyle')}")
        if named is not None and not is_blank(block):
            named.set(q("val"), style)
    return changed


def is_blank(block: Element) -> bool:
    """Vrai pour un paragraphe qui n'imprime rien : une balise, un intervalle."""
    style = block.find(f"{q('pPr')}/{q('pStyle')}")
    return style is not None and style.get(q("val")) in ("Balise", "Intervalle")


def keep_with_next(block: Element) -> None:
    """Garde sur la page de ce qui suit un paragraphe, ou les dernières lignes d'un tableau."""
    lines = list(block.iter(q("tr")))
    kept = lines[-2:] or [block]  # the very last one may be the end of a condition
    for properties in (found for part in kept for found in part.iter(q("pPr"))):
        if properties.find(q("keepNext")) is None:
            properties.insert(1, w("keepNext"))  # after the style


def guarded(test: str, *blocks: Element) -> list[Element]:
    """Des paragraphes et des tableaux que le document ne montre que si ``test`` est vrai ;
    toujours, s'il est vide.
    """
    return (
        [directive(f"if {test}"), *blocks, directive("endif")] if test and blocks else list(blocks)
    )


def directive(text: str) -> Element:
    """Une balise qui emporte son paragraphe."""
    return paragraph("Balise", run("{%p " + text + " %}"))


def guarded_rows(test: str, columns: int, *rows: Element) -> list[Element]:
    """La même chose pour des lignes de tableau."""
    return (
        [row_directive(f"if {test}", columns), *rows, row_directive("endif", columns)]
        if test and rows
        else list(rows)
    )


def row_directive(text: str, columns: int) -> Element:
    """Une balise qui emporte sa ligne."""
    properties = w("tcPr", w("gridSpan", val=columns)) if columns > 1 else None
    return w("tr", w("tc", properties, paragraph("Balise", run("{%tr " + text + " %}"))))


def cell(width: float, blocks: Iterable[Element], shaded: bool = False, span: int = 1) -> Element:
    """Une cellule ; ``width`` en centimètres."""
    shade = (
        w("shd", val="clear", color="auto", fill="EAF0F4", themeFill="background2")
        if shaded
        else None
    )
    properties = w(
        "tcPr",
        w("tcW", w=twips(width), type="dxa"),
        w("gridSpan", val=span) if span > 1 else None,
        shade,
    )
    return w("tc", properties, *blocks)


def row(
    *cells: Element, header: bool = False, splits: bool = False, height: float = 0.0
) -> Element:
    """Une ligne ; ``header`` : répétée en haut de chaque page ; ``height`` : au moins, en
    centimètres.
    """
    properties = w(
        "trPr",
        None if splits else w("cantSplit"),
        w("trHeight", val=twips(height), hRule="atLeast") if height else None,
        w("tblHeader") if header else None,
    )
    return w("tr", properties if len(properties) else None, *cells)


def table(
    style: str, widths: Sequence[float], rows: Iterable[Element], caption: str, header: bool = False
) -> Element:
    """Un tableau aux colonnes fixes, larges de ``widths`` centimètres ; ``caption`` le décrit à qui
    ne le voit pas.
    """
    look = {
        "val": "0420" if header else "0480",
        "firstRow": int(header),
        "lastRow": 0,
        "firstColumn": int(not header),
    }
    properties = w(
        "tblPr",
        w("tblStyle", val=style),
        w("tblW", w=sum(map(twips, widths)), type="dxa"),
        w("tblLayout", type="fixed"),
        w("tblLook", **look, lastColumn=0, noHBand=0, noVBand=1),
        w("tblCaption", val=caption),
    )
    return w(
        "tbl", properties, w("tblGrid", *(w("gridCol", w=twips(width)) for width in widths)), *rows
    )
