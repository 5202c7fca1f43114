"""docxtpl, conduit : il ordonne la page, et c'est un numéro qu'il y pose à la place de chaque
valeur ; les valeurs y entrent ensuite, échappées selon l'endroit. Rien de ce qu'une personne a tapé
ne passe par lui.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import docxtpl
from markupsafe import Markup

from dla_docs.docxtpl_engine.bounds import check_size
from dla_docs.docxtpl_engine.brought_styles import complete
from dla_docs.docxtpl_engine.calls import Calls
from dla_docs.docxtpl_engine.sandbox import Sandbox
from dla_docs.docxtpl_engine.values import Leaf, Picture, Refusal, text_of
from dla_docs.templating import Hole
from dla_docs.templating.marks import CLOSE, OPEN, as_text
from dla_docs.templating.printing import ESCAPES
from dla_docs.templating.scope import Scope
from dla_docs.word.field_codes import Spot, spot_in
from dla_docs.word.package import unpacked
from dla_docs.word.style_marks import STYLES

TAG = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)
NUMBER = re.compile(f"{OPEN}([0-9]+){CLOSE}")
WRITTEN = re.compile(f'(<w:(gridSpan) w:val="|<w:(shd) [^>]*w:fill="){NUMBER.pattern}(?=")')
TAKES = {  # what docxtpl makes an attribute of, which docxtpl itself then reads
    "gridSpan": (re.compile("[1-9]|[1-5][0-9]|6[0-3]"), "colspan", "un nombre de colonnes, 1 à 63"),
    "shd": (re.compile("[0-9A-Fa-f]{6}|auto"), "cellbg", "une couleur de six signes, « FFC000 »"),
}
PROPERTIES = {  # those that docxtpl fills
    "author": "auteur",
    "comments": "commentaires",
    "identifier": "identifiant",
    "language": "langue",
    "subject": "sujet",
    "title": "titre",
}
FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
DRAWN = (docxtpl.RichText, docxtpl.RichTextParagraph)


class Filler(docxtpl.DocxTemplate):  # type: ignore[misc]  # docxtpl carries no types
    """Un rendu de docxtpl. ``holes`` : les valeurs, dans l'ordre de leurs numéros ; ``made_of`` :
    les champs dont elles sont faites ; ``spent`` : les numéros dont une case a pris son allure.
    """

    def __init__(self, source: bytes, scope: Scope, folder: Path) -> None:
        super().__init__(io.BytesIO(source))
        self.holes: dict[Hole, int] = {}
        self.made_of: set[str] = set()
        self.spent: set[int] = set()
        self.where = ""
        self.calls = Calls(self, self._hole, folder)
        self.sandbox = Sandbox(scope, self.calls.named(), self._printed)
        self.init_docx()

    def sources(self) -> Iterator[tuple[str, str]]:
        """Ce que docxtpl donnera à Jinja, par partie."""
        check_size(body := self.get_xml())
        yield "word/document.xml", self.patch_xml(body)
        for kind in (self.HEADER_URI, self.FOOTER_URI):
            for _, part in self.get_headers_footers(kind):
                check_size(xml := self.get_part_xml(part))
                yield str(part.partname).lstrip("/"), self.patch_xml(xml)
        for part in self.docx.part.package.parts:
            if part.content_type == FOOTNOTES:
                check_size(xml := part.blob.decode())
                yield str(part.partname).lstrip("/"), self.patch_xml(xml)
        for name, french in PROPERTIES.items():
            check_size(said := getattr(self.docx.core_properties, name))
            yield f"propriétés du document, {french}", said

    def filled(self, values: Mapping[str, Any]) -> dict[str, bytes]:
        """Les parties du document, un numéro à la place de chaque valeur."""
        self.render(dict(values), self.sandbox, autoescape=True)
        made = io.BytesIO()
        self.save(made)
        parts = unpacked(made.getvalue())
        if self.calls.brought and STYLES in parts:
            parts[STYLES] = complete(parts[STYLES], self.calls.brought)
        return parts

    def patch_xml(self, src_xml: str) -> str:
        """Les balises d'une partie comme Jinja les lit ; docxtpl y laisserait « &amp; » pour « & »,
        et « R&D » ne s'y retrouverait pas.
        """
        return TAG.sub(
            lambda tag: tag.group().replace("&amp;", "&"), str(super().patch_xml(src_xml))
        )

    def render_xml_part(self, src_xml: str, part: Any, *given: Any) -> str:
        """Une partie, dont on retient le nom."""
        self.where = str(part.partname).lstrip("/")
        return WRITTEN.sub(self._written, str(super().render_xml_part(src_xml, part, *given)))

    def _written(self, found: re.Match[str]) -> str:
        number, (wanted, tag, what) = int(found[4]), TAKES[found[2] or found[3]]
        text = list(self.holes)[number].text
        if not wanted.fullmatch(text):
            raise Refusal(
                f"« {{% {tag} … %}} » n'a pas « {text[:60]} » pour valeur", f"Donnez-y {what}."
            )
        self.spent.add(number)
        return f"{found[1]}{text}"

    def _printed(self, value: Any) -> Markup:
        if isinstance(value, Markup):
            return value
        if isinstance(value, DRAWN) or hasattr(value, "subdocx"):
            return Markup(str(value))
        if isinstance(value, Picture):
            self.made_of.add(value.path)
            return self.calls.drawn(value.image)
        return Markup(self._hole(value))

    def _hole(self, value: Any) -> str:
        text = text_of(value)
        if not text:
            return ""
        paths = value.paths if isinstance(value, Leaf) else ()
        self.made_of |= {*paths}
        whole = isinstance(value, Leaf) and value.whole and bool(value.raw is not None)
        hole = Hole(paths[0] if whole or len(paths) == 1 else "", text)
        return as_text(self.holes.setdefault(hole, len(self.holes)))


def with_values(content: bytes, holes: tuple[Hole, ...], of_properties: bool) -> bytes:
    """Une partie, chaque valeur à la place de son numéro, échappée selon l'endroit."""
    page = content.decode()

    def said(found: re.Match[str]) -> str:
        hole, here = holes[int(found[1])], found.start()
        escape = ESCAPES[Spot.LINE if of_properties else spot_in(page, here)]
        return escape(hole.text, hole.path or "une balise du modèle")

    return NUMBER.sub(said, page).encode()
