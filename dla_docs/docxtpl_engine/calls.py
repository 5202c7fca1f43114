"""Ce qu'une balise d'un modèle docxtpl peut appeler : les objets de docxtpl (``RichText``,
``InlineImage``, sous-documents), faits des valeurs du document et des fichiers rangés à côté du
modèle.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import docxtpl
from docx.shared import Cm, Inches, Mm, Pt
from markupsafe import Markup

from dla_docs.docxtpl_engine.operations import counted_range
from dla_docs.docxtpl_engine.values import Leaf, Picture, Refusal, raw_of, text_of
from dla_docs.errors import InputError
from dla_docs.files import below, read_bytes
from dla_docs.raw.quoting import quoted
from dla_docs.resources import how_to_add
from dla_docs.templating import Image
from dla_docs.templating.authors import allowed, tracked
from dla_docs.templating.own_affairs import hidden_words
from dla_docs.templating.unfilled import LEFTOVER
from dla_docs.word.fetching import fetched
from dla_docs.word.names import DOC_PR, q
from dla_docs.word.package import MAIN, MAX_FILE, open_package, parse_part
from dla_docs.word.part import is_xml
from dla_docs.word.style_marks import STYLES

WORD = re.compile(r"[\w .:#-]{1,60}")  # what a property of a text may be
FLAGS = ("bold", "italic", "strike", "subscript", "superscript", "underline", "rtl")
WORDS = ("color", "highlight", "style", "font", "lang", "size", "underline")
LEFT_BEHIND = {
    q("w:endnoteReference"): "une note de fin",
    q("w:commentReference"): "un commentaire",
}
AS_IT_IS = (
    "Un sous-document est pris tel quel : ni balise, ni lien vers un autre fichier, ni texte "
    "masqué, ni modification à accepter, ni note de fin, ni commentaire."
)
SUBDOCUMENTS = "docxcompose"


@dataclass
class Calls:
    """Les appels d'un rendu. ``hole`` : ce qui pose une valeur dans le texte ; ``folder`` : le
    dossier du modèle, le seul où il puisse prendre un fichier ; ``brought`` : les styles des
    sous-documents pris.
    """

    template: docxtpl.DocxTemplate
    hole: Callable[[Any], str]
    folder: Path
    brought: list[bytes] = field(default_factory=list)

    def named(self) -> dict[str, Callable[..., Any]]:
        """Tous, par leur nom."""
        return {
            "RichText": self.rich,
            "R": self.rich,
            "RichTextParagraph": self.paragraph,
            "RP": self.paragraph,
            "Listing": lambda text: text,  # the lines of any text are kept
            "InlineImage": self.picture,
            "new_subdoc": self.subdocument,
            "range": counted_range,
            "Mm": lambda length: Mm(raw_of(length)),
            "Cm": lambda length: Cm(raw_of(length)),
            "Inches": lambda length: Inches(raw_of(length)),
            "Pt": lambda length: Pt(raw_of(length)),
        }

    def rich(self, text: Any = "", **look: Any) -> docxtpl.RichText:
        """``{{r RichText(nom, bold=True) }}``."""
        return docxtpl.RichText(self.hole(text), **dict(map(_property, look.items())))

    def paragraph(self, text: Any = "", parastyle: Any = None) -> docxtpl.RichTextParagraph:
        """``{{p RP(nom, parastyle="Titre 1") }}``."""
        held = text if isinstance(text, docxtpl.RichText) else self.rich(text)
        style = _property(("style", parastyle))[1] if parastyle else None
        return docxtpl.RichTextParagraph(held, parastyle=style)

    def picture(self, source: Any, width: Any = None, height: Any = None) -> Markup:
        """``{{ InlineImage("plan.png", width=Mm(40)) }}``, ou une image du document."""
        if isinstance(source, Picture):
            return self.drawn(source.image, width, height)
        content = read_bytes(self._beside(source), MAX_FILE)
        return self.drawn(Image(content, alt=text_of(source)), width, height)

    def drawn(self, image: Image, width: Any = None, height: Any = None) -> Markup:
        """Une image, dans la ligne du texte, avec les mots qui la disent."""
        image.extension  # noqa: B018  # refused when it is neither a PNG nor a JPEG
        across, down = image.size_emu()
        if width or height:
            across, down = (
                int(width or height * across / down),
                int(height or width * down / across),
            )
        part = self.template.current_rendering_part
        if not hasattr(part, "new_pic_inline"):
            raise Refusal("docxtpl ne met pas d'image ici", "Mettez-la dans le texte.")
        inline = part.new_pic_inline(io.BytesIO(image.content), across, down)
        for described in inline.iter(DOC_PR):
            described.set("descr", image.alt)
        return Markup(
            f"</w:t></w:r><w:r><w:drawing>{inline.xml}</w:drawing></w:r><w:r>"
            '<w:t xml:space="preserve">'
        )

    def subdocument(self, source: Any) -> Any:
        """``{{p new_subdoc("clauses.docx") }}`` : un document rangé à côté du modèle."""
        path = self._beside(source)
        content = read_bytes(path, MAX_FILE)
        parts = open_package(content, path.name)
        if fault := next(_as_it_is(parts), ""):
            raise Refusal(f"le sous-document « {path.name} » {fault}", AS_IT_IS)
        self.brought += [parts[name] for name in parts if name == STYLES]
        try:
            return self.template.new_subdoc(io.BytesIO(content))
        except ModuleNotFoundError as error:
            if error.name != SUBDOCUMENTS:
                raise
            raise Refusal(
                f"un sous-document demande {SUBDOCUMENTS}",
                f"Installez-le : « {how_to_add('docxtpl')} ».",
            ) from error

    def _beside(self, name: Any) -> Path:
        said = text_of(name)
        path = below(self.folder, said)
        if not path.is_file():
            raise InputError(f"« {said} » n'est pas dans le dossier du modèle Word.")
        return path


def _as_it_is(parts: Mapping[str, bytes]) -> Iterator[str]:
    """What would come with a sub-document, or would not, and nobody would have meant."""
    for one in fetched(parts):
        yield f"va chercher « {one.target} »"
    for name in filter(is_xml, parts):
        text = re.sub(r"<[^>]*>", "", parts[name].decode(errors="ignore"))
        yield from (f"tient la balise « {tag} »" for tag in LEFTOVER.findall(text))
    body = parse_part(parts[MAIN], MAIN)
    if words := hidden_words({one: parts[one] for one in (MAIN, STYLES) if one in parts}):
        yield f"tient un texte masqué, {quoted(words[:60])}"
    if next(tracked(body), None) is not None:
        yield "tient une modification suivie"
    for name in allowed(body):
        yield f"tient une exception à la protection, pour {quoted(name[:60])}"
    for mark, what in LEFT_BEHIND.items():
        if next(body.iter(mark), None) is not None:
            yield f"tient {what}, que docxtpl ne reprend pas"


def _property(named: tuple[str, Any]) -> tuple[str, Any]:
    name, value = named[0], raw_of(named[1])
    if name in FLAGS and isinstance(value, bool):
        return name, value
    text = text_of(Leaf(value, str(value)))
    if name not in WORDS or not WORD.fullmatch(text):
        raise Refusal(
            f"RichText n'admet pas {name}={text[:40]!r}",
            f"Écrivez {', '.join(FLAGS)} (True), ou {', '.join(WORDS)} (un mot ou un nombre).",
        )
    return name, text
