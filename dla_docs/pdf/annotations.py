"""Ce qu'on a posé sur un PDF en dehors de ses champs : annotations, textes dessinés sur la page ou
dans un champ qui ne les tient pas, champs d'un autre formulaire.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING
from unicodedata import normalize

from dla_docs.pdf.opening import opened, refusal
from dla_docs.pdf.pages import page_texts

if TYPE_CHECKING:  # pikepdf is an extra
    import pikepdf

    Instruction = pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage

OURS = {"/Widget", "/Link", "/Popup"}
NAMES = {
    "/FreeText": "un texte posé sur la page",
    "/Text": "une note",
    "/Highlight": "un passage surligné",
    "/Underline": "un passage souligné",
    "/Squiggly": "un passage souligné",
    "/StrikeOut": "un passage barré",
    "/Stamp": "un tampon",
    "/Ink": "un tracé à la main",
    "/FileAttachment": "un fichier joint",
    "/Caret": "une insertion",
}
FAR = 90  # points: beyond, nothing says which field it is about
MOST = 5_000  # annotations: a file made to harm must not fill the screen
MOST_LEVELS = 40
LETTERS, PICTURES = {"Tj", "TJ", "'", '"'}, {"Do", "INLINE IMAGE"}
MARKUP, STRUCK = re.compile("<[^>]*>"), re.compile("text-decoration[^\"';]*line-through")
LONGEST = 100_000  # signs of a text with its looks
OPENING, CLOSING = {"BDC", "BMC"}, "EMC"


@dataclass(frozen=True)
class Added:
    """``what`` : « une note » ; ``text`` : ce qu'elle dit ; ``page`` : son rang, compté de un ;
    ``field`` : le champ le plus proche, s'il y en a un sur cette page.
    """

    what: str
    text: str
    page: int
    field: str = ""


def added_to(pdf: bytes) -> tuple[Added, ...]:
    """Ce qui a été ajouté aux pages d'un formulaire, page par page. InputError si ce n'est pas un
    PDF lisible, ou si cela passe la mesure.
    """
    with opened(pdf) as document:
        form = document.Root.get("/AcroForm")
        fields = None if form is None else form.get("/Fields")
        ours = {field.objgen for field in (fields.as_list() if fields is not None else [])}
        notes = [
            one
            for rank, page in enumerate(document.pages, 1)
            for one in (*_annotations(page, rank), *_strangers(page, rank, ours))
        ]
        notes += [*_only_drawn(document), *_rich(document)]
        if form is not None and "/XFA" in form:
            notes.append(
                Added("un second formulaire (XFA), que certains lecteurs montrent,", "", 1)
            )
        if len(notes) > MOST:
            raise refusal(
                "Ce PDF a un nombre anormal d'annotations.",
                "Ne l'ouvrez pas s'il vient d'un inconnu.",
            )
        drawn = _drawn(document)
    return (*notes, *drawn)


def _annotations(page: pikepdf.Page, rank: int) -> Iterator[Added]:
    listed = [] if "/Annots" not in page else [*page.Annots.as_list()]
    fields = [one for one in listed if str(one.get("/Subtype")) == "/Widget"]
    for one in listed:
        kind = str(one.get("/Subtype"))
        if kind not in OURS:
            text = str(one.get("/Contents", "")).replace("\r", "\n").strip()
            yield Added(NAMES.get(kind, "une annotation"), text, rank, _nearest(one, fields))


def _strangers(page: pikepdf.Page, rank: int, ours: set[tuple[int, int]]) -> Iterator[Added]:
    """The answers of another form, whose pages were put in this file without its fields."""
    for one in [] if "/Annots" not in page else page.Annots.as_list():
        root = [*_upwards(one)][-1]
        if str(one.get("/Subtype")) == "/Widget" and root.objgen not in ours:
            value = next((node.V for node in _upwards(one) if "/V" in node), "")
            if text := str(value).removeprefix("/").strip():
                yield Added("le champ d'un autre formulaire", text, rank)


def _only_drawn(document: pikepdf.Pdf) -> list[Added]:
    """What a field shows and does not hold: a program has drawn the answer, and written it
    nowhere, or has written another. Where viewers are asked to draw anew, what is held is shown.
    """
    form = document.Root.get("/AcroForm")
    settled = form is None or form.get("/NeedAppearances") != True  # noqa: E712
    found = [
        (rank, one)
        for rank, page in enumerate(document.pages, 1)
        for one in ([] if "/Annots" not in page else page.Annots.as_list())
        if (_has_no_value(one) or _is_one_of_several(one) or (settled and _is_text(one)))
        and _draws_letters(one)
    ]
    texts = page_texts(_sheets(document, [one for _, one in found])) if found else []
    return [
        Added("une réponse dessinée, que son champ ne tient pas", text.strip(), rank, _name(one))
        for (rank, one), text in zip(found, texts, strict=True)
        if _is_other(normalize("NFKC", text), normalize("NFKC", _value(one)))
    ]


def _rich(document: pikepdf.Pdf) -> Iterator[Added]:
    """What a field says with looks of its own, and its value does not: viewers show the first."""
    for rank, page in enumerate(document.pages, 1):
        for one in [] if "/Annots" not in page else page.Annots.as_list():
            said = next((_markup(node.RV) for node in _upwards(one) if "/RV" in node), "")
            text = " ".join(unescape(MARKUP.sub(" ", said)).split())
            shown, value = normalize("NFKC", text), normalize("NFKC", _value(one))
            if not _is_text(one) or not text:
                continue
            if STRUCK.search(said):
                yield Added("une réponse dont un texte est barré", text, rank, _name(one))
            elif _is_other(shown, value) or _is_other(value, shown):
                what = "une réponse mise en forme, que son champ ne tient pas"
                yield Added(what, text, rank, _name(one))


def _markup(said: pikepdf.Object) -> str:
    import pikepdf

    if isinstance(said, pikepdf.Stream):
        return said.read_raw_bytes()[:LONGEST].decode(errors="ignore")
    return str(said)[:LONGEST]


def _is_other(text: str, value: str) -> bool:
    """Whether a drawing shows more than its value; a letter that its font lacks is a « ? »."""
    if "".join(text.split()) in "".join(value.split()):
        return False
    return not value or any(word not in value for word in text.split() if "?" not in word)


def _has_no_value(one: pikepdf.Object) -> bool:
    return _is_text(one) and not _value(one).strip()


def _is_one_of_several(one: pikepdf.Object) -> bool:
    """Whether its field is drawn in other places too, each of which may show another answer."""
    above = one.get("/Parent") if "/T" not in one else None
    return above is not None and _is_text(one) and len(above.get("/Kids", ())) > 1


def _is_text(one: pikepdf.Object) -> bool:
    return any(str(node.get("/FT", "")) in ("/Tx", "/Ch") for node in _upwards(one))


def _value(one: pikepdf.Object) -> str:
    said = (str(node["/V"]) for node in _upwards(one) if "/V" in node)
    return next(filter(str.strip, said), "")


def _draws_letters(one: pikepdf.Object) -> bool:
    import pikepdf

    look = one.get("/AP", pikepdf.Dictionary()).get("/N")
    if not isinstance(look, pikepdf.Stream):
        return False
    with suppress(pikepdf.PdfError):
        return any(
            str(instruction.operator) in LETTERS and _says(instruction.operands)
            for instruction in pikepdf.parse_content_stream(look)
        )
    return False


def _says(operands: Iterable[object]) -> bool:
    import pikepdf

    return any(
        _says(one.as_list()) if isinstance(one, pikepdf.Array) else bytes(one).strip()
        for one in operands
        if isinstance(one, pikepdf.Array | pikepdf.String)
    )


def _sheets(document: pikepdf.Pdf, fields: Sequence[pikepdf.Object]) -> bytes:
    """A page of what each field shows, for PDFium to read."""
    import pikepdf

    form = document.Root.get("/AcroForm", pikepdf.Dictionary())  # a field may have lost its own
    fonts = form.get("/DR", pikepdf.Dictionary()).get("/Font")
    with pikepdf.new() as made:
        for one in fields:
            left, low, right, high = (float(side) for side in one.Rect.as_list())
            page = made.add_blank_page(page_size=(abs(right - left) + 9, abs(high - low) + 9))
            page.Resources = pikepdf.Dictionary(
                XObject=pikepdf.Dictionary(Fx=made.copy_foreign(one.AP.N))
            )
            if fonts is not None and fonts.is_indirect:
                page.Resources.Font = made.copy_foreign(fonts)
            page.Contents = made.make_stream(b"/Fx Do")
        made.save(written := io.BytesIO())
    return written.getvalue()


def _upwards(field: pikepdf.Object) -> Iterator[pikepdf.Object]:
    node: pikepdf.Object | None = field
    for _ in range(MOST_LEVELS):
        if node is not None:
            yield node
            node = node.get("/Parent")


def _nearest(one: pikepdf.Object, fields: list[pikepdf.Object]) -> str:
    """The name of the field whose middle is closest to where this one begins."""
    here = _middle(one)
    near = min(fields, key=lambda field: _distance(_middle(field), here), default=None)
    return "" if near is None or _distance(_middle(near), here) > FAR else _name(near)


def _middle(one: pikepdf.Object) -> tuple[float, float]:
    with suppress(TypeError, ValueError, KeyError):
        left, low, right, high = (float(side) for side in one.Rect.as_list())
        return (left + right) / 2, (low + high) / 2
    return 0.0, 0.0


def _distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Two things on one line are near, however far apart on it."""
    return abs(one[0] - other[0]) / 4 + abs(one[1] - other[1])


def _name(field: pikepdf.Object) -> str:
    return ".".join(reversed([str(node.T) for node in _upwards(field) if "/T" in node]))


def _drawn(document: pikepdf.Pdf) -> list[Added]:
    """What is drawn outside of what LibreOffice has tagged: it tags all that it writes."""
    import pikepdf

    if "/StructTreeRoot" not in document.Root:
        return []
    drew = []
    for page in document.pages:
        try:
            kept, signs = _untagged(page)
        except pikepdf.PdfError:  # a page that draws nonsense still has fields to read
            kept, signs = [], set()
        drew.append(signs)
        page.Contents = document.make_stream(pikepdf.unparse_content_stream(kept))
        if "/Annots" in page:
            del page.Annots
    if not any(drew):
        return []
    document.save(written := io.BytesIO())
    texts = [text.strip() for text in page_texts(written.getvalue())]
    return [
        Added("un texte écrit sur la page" if text else "une image posée sur la page", text, rank)
        for rank, (text, signs) in enumerate(zip(texts, drew, strict=True), 1)
        if text or signs & PICTURES
    ]


def _untagged(page: pikepdf.Page) -> tuple[list[Instruction], set[str]]:
    """What a page draws outside of its tags, and the signs that draw letters or pictures there."""
    import pikepdf

    kept: list[Instruction] = []
    depth, drew = 0, set[str]()
    for instruction in pikepdf.parse_content_stream(page):
        sign = str(instruction.operator)
        depth += (sign in OPENING) - (sign == CLOSING)
        if depth <= 0 or sign not in LETTERS | PICTURES:
            kept.append(instruction)
            drew |= {sign} & (LETTERS | PICTURES) if depth <= 0 else set()
    return kept, drew
