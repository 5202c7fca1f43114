"""Ce qui, dans un document Word, empêche d'annoncer son PDF comme accessible (PDF/UA-1). Chaque
règle est mesurée : voir tests/pdf/test_accessibility.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from dla_docs.constat import Constat, Gravite
from dla_docs.word.package import CORE, open_package, parse_part
from dla_docs.word.part import of_small_parts
from dla_docs.word.style_marks import STYLES

if TYPE_CHECKING:
    from lxml import etree

# ISO 32000-1, 14.8.4, less Caption: LibreOffice turns a style's name into a structure type
STRUCTURE_TYPE = re.compile(
    "Document|Part|Art|Sect|Div|BlockQuote|TOC|TOCI|Index|NonStruct|Private|P|H[1-6]?|L|LI|Lbl|LBody|Table|TR|TH|TD|THead|TBody|TFoot|Span|Quote|Note|Reference|BibEntry|Code|Link|Annot|Ruby|RB|RT|RP|Warichu|WT|WP|Figure|Formula|Form"
)
CONTENT = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
PAGE_MARGINS = re.compile(r"word/(header|footer)[^/]*\.xml")
VML_SHAPES = (
    "shape",
    "rect",
    "roundrect",
    "oval",
    "line",
    "polyline",
    "curve",
    "arc",
    "group",
    "image",
)
TITLE = "{http://purl.org/dc/elements/1.1/}title"
SOURCE = "PDF/UA-1 (ISO 14289-1)."

constat = partial(Constat, gravite=Gravite.AVERTISSEMENT, source=SOURCE)


def accessibility(docx: bytes | Mapping[str, bytes]) -> list[Constat]:
    """Ce qui empêche le PDF d'un document Word (octets, ou parties ouvertes) d'être accessible ;
    son PDF n'annonce PDF/UA-1 que si rien n'est trouvé.
    """
    parts = open_package(docx) if isinstance(docx, bytes) else docx
    content = [parse_part(parts[name], name) for name in CONTENT if name in parts]
    margins = [
        parse_part(parts[name], name) for name in sorted(parts) if PAGE_MARGINS.fullmatch(name)
    ]
    names, levels = _styles(parts[STYLES], STYLES) if STYLES in parts else ({}, {})
    found = [
        *_title(parts),
        *_headings(content[:1], levels),
        *_style_names(content, names),
    ]
    for root in content:
        found += [*_images(root), *_links(root)]
    for root in margins:
        found += _margin_links(root)
    return list(dict.fromkeys(found))


def title_of(parts: Mapping[str, bytes]) -> str:
    """Le titre que disent les propriétés d'un document Word ; vide s'il n'y en a pas."""
    core = parts.get(CORE)
    return parse_part(core, CORE).findtext(TITLE, "") if core else ""


def _title(parts: Mapping[str, bytes]) -> Iterator[Constat]:
    if not title_of(parts).strip():
        yield constat(
            "Le document n'a pas de titre dans ses propriétés.",
            conseil="Remplissez la propriété « Titre » (Fichier, Informations).",
        )


def _headings(body: list[etree._Element], levels: Mapping[str, int]) -> Iterator[Constat]:
    above = 0
    for paragraph in (paragraph for root in body for paragraph in root.iter("{*}p")):
        level = _level(paragraph, levels)
        if not level or not (text := _text(paragraph)):
            continue
        if level > above + 1:
            yield constat(
                f"Le titre « {text[:60]} » est de niveau {level} alors que celui d'avant est de "
                f"niveau {above}."
                if above
                else f"Le premier titre, « {text[:60]} », est de niveau {level}.",
                conseil=(
                    f"Donnez-lui le style « Titre {above + 1} », ou ajoutez le titre qui manque "
                    f"au-dessus."
                ),
            )
        above = level


def _style_names(content: list[etree._Element], names: Mapping[str, str]) -> Iterator[Constat]:
    used = [_value(mark, "val") for root in content for mark in root.iter("{*}pStyle", "{*}rStyle")]
    for name in sorted(
        filter(STRUCTURE_TYPE.fullmatch, {names.get(identifier, "") for identifier in used})
    ):
        yield constat(
            f"Le style « {name} » porte le nom d'un élément de structure PDF.",
            conseil="Renommez-le, par exemple « Remarque » ou « Citation DLA ».",
        )


def _images(root: etree._Element) -> Iterator[Constat]:
    for drawing in root.iter("{*}docPr"):
        if not _described(drawing, "descr", "title") and not any(
            _value(mark, "val") in ("1", "true") for mark in drawing.iter("{*}decorative")
        ):
            yield _undescribed(drawing.get("name", ""))
    for shape in root.iter(*(f"{{urn:schemas-microsoft-com:vml}}{kind}" for kind in VML_SHAPES)):
        # A Fallback repeats, for old readers, the drawing just seen; in a group, the group's text
        # speaks for all.
        if not _described(shape, "alt", "title") and not _inside(shape, "Fallback", "group"):
            yield _undescribed(shape.get("id", ""))


def _undescribed(name: str) -> Constat:
    return constat(
        f"L'image ou la forme « {name} » n'a pas de texte de remplacement.",
        conseil="Dites ce qu'elle montre (clic droit, Texte de remplacement).",
    )


def _links(root: etree._Element) -> Iterator[Constat]:
    for link in root.iter("{*}hyperlink"):
        if not _value(link, "tooltip").strip():
            yield constat(
                f"Le lien « {_text(link)[:60]} » n'a pas d'info-bulle.",
                conseil="Ajoutez-la (Modifier le lien, Info-bulle).",
            )
    for instruction in _instructions(root):
        if not re.search(r'\\o\s+"?\s*[^\s"]', instruction):
            yield constat(
                f"Le lien du champ « {instruction[:60]} » n'a pas d'info-bulle.",
                conseil="Ajoutez-la (Modifier le lien, Info-bulle).",
            )
    for link in root.iter("{*}hlinkClick"):
        name = above.get("name", "") if (above := link.getparent()) is not None else ""
        yield constat(
            f"L'image « {name} » porte un lien.",
            conseil="Retirez le lien de l'image et mettez-le sur un texte à côté d'elle.",
        )


def _margin_links(root: etree._Element) -> Iterator[Constat]:
    texts = (
        [_text(link) for link in root.iter("{*}hyperlink")]
        + list(_instructions(root))
        + ["image" for link in root.iter("{*}hlinkClick")]
    )
    for text in texts:
        yield constat(
            f"L'en-tête ou le pied de page contient un lien (« {text[:60]} »).",
            conseil="Écrivez-le sans lien, ou mettez le lien dans le corps.",
        )


def _instructions(root: etree._Element) -> Iterator[str]:
    # One instruction may be cut over several runs.
    for paragraph in root.iter("{*}p"):
        written = [
            "".join(mark.text or "" for mark in paragraph.iter("{*}instrText")),
            *(_value(field, "instr") for field in paragraph.iter("{*}fldSimple")),
        ]
        for instruction in written:
            yield from (f"HYPERLINK{rest}".strip() for rest in instruction.split("HYPERLINK")[1:])


@of_small_parts
def _styles(data: bytes, part: str) -> tuple[Mapping[str, str], Mapping[str, int]]:
    """The name, and the outline level, that each style gives: a template's are its documents'."""
    found = {_value(style, "styleId"): style for style in parse_part(data, part).iter("{*}style")}
    return (
        {identifier: _child_value(style, "name") for identifier, style in found.items()},
        {identifier: _style_level(found, identifier) for identifier in found},
    )


def _style_level(styles: Mapping[str, etree._Element], identifier: str) -> int:
    for _ in styles:  # never longer than there are styles: a chain may loop
        if (style := styles.get(identifier)) is None:
            return 0
        if (own := _outline(style)) is not None:
            return own
        if match := re.fullmatch(r"heading ([1-9])", _child_value(style, "name").lower()):
            return int(match[1])
        identifier = _child_value(style, "basedOn")
    return 0


def _level(paragraph: etree._Element, levels: Mapping[str, int]) -> int:
    own = _outline(paragraph)
    if own is not None:
        return own
    style = _property(paragraph, "pStyle")
    return 0 if style is None else levels.get(_value(style, "val"), 0)


def _outline(element: etree._Element) -> int | None:
    mark = _property(element, "outlineLvl")
    return (
        None
        if mark is None or not (value := _value(mark, "val")).isdigit()
        else (int(value) + 1) % 10
    )


def _property(element: etree._Element, name: str) -> etree._Element | None:
    """Of a paragraph or a style; four times as fast as a path."""
    properties = element.iterchildren("{*}pPr")
    return next((one for held in properties for one in held.iterchildren(f"{{*}}{name}")), None)


def _described(element: etree._Element, *attributes: str) -> bool:
    return any(element.get(name, "").strip() for name in attributes)


def _inside(element: etree._Element, *names: str) -> bool:
    return any(
        isinstance(above.tag, str) and above.tag.rsplit("}")[-1] in names
        for above in element.iterancestors()
    )


def _text(element: etree._Element) -> str:
    return "".join(mark.text or "" for mark in element.iter("{*}t")).strip()


def _child_value(element: etree._Element, name: str) -> str:
    child = element.find(f"{{*}}{name}")
    return "" if child is None else _value(child, "val")


def _value(element: etree._Element, name: str) -> str:
    # The attribute's namespace is that of its element in both dialects of the format; drawings have
    # none.
    return next(
        (
            str(value)
            for key, value in element.attrib.items()
            if str(key).rpartition("}")[2] == name
        ),
        "",
    )
