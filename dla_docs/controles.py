"""Les contrôles de contenu d'un document Word : le chemin que porte chacun, et ce qu'on y a écrit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from dla_docs.package import parse_part
from dla_docs.templating.forms import INVITATIONS

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SKIPPED = {f"{W}{name}" for name in ("del", "sdtPr", "rPr", "pPr", "instrText", "moveFrom")}
BREAKS = {f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": "\t", f"{W}noBreakHyphen": "-"}


@dataclass(frozen=True)
class Controle:
    """Un contrôle : son étiquette (le chemin du champ, vide si elle a été perdue) et son texte, vide s'il n'est pas rempli."""

    tag: str
    text: str


def controls_in(parts: Mapping[str, bytes]) -> tuple[Controle, ...]:
    """Les contrôles du corps, puis des en-têtes et pieds de page, dans l'ordre de la page."""
    names = sorted((name for name in parts if name.startswith("word/") and name.endswith(".xml") and _is_story(name)), key=_body_first)
    return tuple(control for name in names for control in _controls(parse_part(parts[name], name)))


def _is_story(name: str) -> bool:
    return name.removeprefix("word/").rstrip("0123456789.xml") in {"document", "header", "footer", "footnotes", "endnotes"}


def _body_first(name: str) -> tuple[bool, str]:
    return name != "word/document.xml", name


def _controls(root: etree._Element) -> Iterator[Controle]:
    for sdt in root.iter(f"{W}sdt"):
        content = sdt.find(f"{W}sdtContent")
        if content is not None and content.find(f".//{W}sdt") is None:
            tag = sdt.find(f"{W}sdtPr/{W}tag")
            text = text_of(content)
            # Some word processors keep the invitation and lose the mark that it is one.
            blank = sdt.find(f"{W}sdtPr/{W}showingPlcHdr") is not None or text in INVITATIONS
            yield Controle("" if tag is None else tag.get(f"{W}val", ""), "" if blank else text)


def text_of(element: etree._Element) -> str:
    """Le texte d'un morceau de page : un paragraphe par ligne, sans ce qui a été supprimé en suivi des modifications."""
    return "".join(_pieces(element)).strip("\n")


def _pieces(element: etree._Element) -> Iterator[str]:
    for child in element:
        if child.tag in SKIPPED:
            continue
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag in BREAKS:
            yield BREAKS[str(child.tag)]
        else:
            yield from _pieces(child)
            if child.tag == f"{W}p":
                yield "\n"
