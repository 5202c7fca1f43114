"""Un .docx est-il sain ? Les règles de structure qu'aucun schéma ne vérifie et que Word impose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from dla_docs.constat import Constat, Gravite
from dla_docs.errors import PackageError
from dla_docs.word.names import DOC_PR, MC, W_P, W_SDTCONTENT, W_SDTPR, W_TBL, W_TC, W_TR, W
from dla_docs.word.package import parse_part, relationships, rels_of
from dla_docs.word.package_soundness import package_soundness
from dla_docs.word.part import is_xml, of_small_parts


def w(name: str) -> str:
    """``p`` → ``{espace de noms de Word}p``."""
    return W + name


VAL, ID, TYPE, W_TAG = w("val"), w("id"), w("fldCharType"), w("tag")

STORY_KINDS = {"header", "footer", "footnotes", "endnotes", "comments"}
STORIES = tuple(
    w(name)
    for name in (
        "body",
        "hdr",
        "ftr",
        "footnote",
        "endnote",
        "comment",
        "txbxContent",
        "docPartBody",
    )
)
WRAPPERS = {w("sdt"), w("sdtContent"), w("customXml"), f"{MC}AlternateContent", f"{MC}Choice"}
BLOCKS = {w("p"), w("tbl"), w("altChunk")} | WRAPPERS
STYLE_USES = tuple(
    w(name)
    for name in (
        "pStyle",
        "rStyle",
        "tblStyle",
        "basedOn",
        "next",
        "link",
        "styleLink",
        "numStyleLink",
    )
)
NOTES = {
    w("footnoteReference"): (
        "footnotes",
        "footnote",
        "La note de bas de page n° {} est appelée et n'existe pas",
    ),
    w("endnoteReference"): (
        "endnotes",
        "endnote",
        "La note de fin n° {} est appelée et n'existe pas",
    ),
    w("commentReference"): (
        "comments",
        "comment",
        "Le commentaire n° {} est appelé et n'existe pas",
    ),
}
FIX = "Ouvrez le modèle dans Word, corrigez cet endroit et enregistrez-le."


def soundness(parts: Mapping[str, bytes]) -> list[Constat]:
    """Ce qui ferait dire à Word que le fichier est abîmé (bloquant) ou lui ferait perdre son aspect
    (avertissement).
    """
    roots, constats = _parse_all(parts)
    constats += package_soundness(parts, roots)
    for part, root in roots.items():
        if root.tag in (w("document"), w("glossaryDocument")):
            constats += _Text(parts, part, roots).soundness()
    return constats


def _parse_all(parts: Mapping[str, bytes]) -> tuple[dict[str, etree._Element], list[Constat]]:
    roots: dict[str, etree._Element] = {}
    constats: list[Constat] = []
    for part in filter(is_xml, parts):
        try:
            roots[part] = _root(parts[part], part)
        except PackageError as error:
            constats += error.constats
    return roots, constats


@of_small_parts
def _root(data: bytes, part: str) -> etree._Element:
    """What is read of a part, and never changed: Word reads the choice only; its fallback repeats
    the same identifiers.
    """
    root = parse_part(data, part)
    etree.strip_elements(root, f"{MC}Fallback", with_tail=False)
    return root


@dataclass(frozen=True)
class _Text:
    """A main part, or the glossary, with the parts that share its styles, its lists and its
    identifiers.
    """

    parts: Mapping[str, bytes]
    main: str
    roots: Mapping[str, etree._Element]

    def soundness(self) -> Iterator[Constat]:
        for part, root in self._stories.items():
            yield from _tables(root, part)
            yield from _controls(root, part)
            yield from _empty_stories(root, part)
            yield from _fields(root, part)
            yield from _drawings(root, part)
            yield from self._notes(root, part)
        yield from self._control_ids()
        yield from self._styles()
        yield from self._lists()

    @cached_property
    def _by_kind(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for link in (
            relationships(self.parts, self.main) if rels_of(self.main) in self.roots else []
        ):
            if link.target in self.roots:
                found.setdefault(link.kind, []).append(link.target)
        return found

    @cached_property
    def _stories(self) -> dict[str, etree._Element]:
        others = [part for kind in STORY_KINDS for part in self._by_kind.get(kind, [])]
        return {part: self.roots[part] for part in [self.main, *sorted(others)]}

    def _of_kind(self, kind: str) -> list[etree._Element]:
        return [self.roots[part] for part in self._by_kind.get(kind, [])]

    def _notes(self, root: etree._Element, part: str) -> Iterator[Constat]:
        for tag, (kind, note, sentence) in NOTES.items():
            known = {
                element.get(ID) for notes in self._of_kind(kind) for element in notes.iter(w(note))
            }
            for identifier in {reference.get(ID): None for reference in root.iter(tag)}:
                if identifier not in known:
                    yield _bloquant(sentence.format(identifier), part)

    def _control_ids(self) -> Iterator[Constat]:
        controls: dict[str, list[str]] = {}
        for properties in (
            properties for root in self._stories.values() for properties in root.iter(w("sdtPr"))
        ):
            identifier = next(properties.iterchildren(ID), None)
            if identifier is not None:
                controls.setdefault(identifier.get(VAL, ""), []).append(_tag(properties))
        for number, tags in controls.items():
            if len(tags) > 1:
                yield _bloquant(
                    f"{len(tags)} champs à remplir portent le même identifiant {number} : "
                    f"{_quoted(tags)}",
                    self.main,
                )

    def _styles(self) -> Iterator[Constat]:
        known = {
            style.get(w("styleId"), "")
            for root in self._of_kind("styles")
            for style in root.iter(w("style"))
        }
        used = [
            *self._stories.items(),
            *(
                (part, self.roots[part])
                for kind in ("styles", "numbering")
                for part in self._by_kind.get(kind, [])
            ),
        ]
        missing = {
            element.get(VAL, ""): part
            for part, root in used
            for element in root.iter(*STYLE_USES)
            if element.get(VAL, "") not in known
        }
        for style, part in missing.items():
            yield _avertissement(f"Le style « {style} » est employé et n'est pas défini", part)

    def _lists(self) -> Iterator[Constat]:
        roots = self._of_kind("numbering")
        known = {"0"} | {
            number.get(w("numId"), "") for root in roots for number in root.iter(w("num"))
        }
        used = [
            *self._stories.items(),
            *((part, self.roots[part]) for part in self._by_kind.get("styles", [])),
        ]
        missing = {
            number.get(VAL, ""): part
            for part, root in used
            for number in root.iter(w("numId"))
            if number.get(VAL, "") not in known
        }
        for identifier, part in missing.items():
            yield _avertissement(
                f"La liste n° {identifier} est employée et n'est pas définie", part
            )
        abstract = {
            element.get(w("abstractNumId"))
            for root in roots
            for element in root.iter(w("abstractNum"))
        }
        for pointer in [
            pointer
            for root in roots
            for pointer in root.iterfind(f"{w('num')}/{w('abstractNumId')}")
        ]:
            if pointer.get(VAL) not in abstract:
                yield _avertissement(
                    f"La présentation de liste n° {pointer.get(VAL)} est employée et n'est pas "
                    f"définie",
                    self._by_kind["numbering"][0],
                )


def _tables(root: etree._Element, part: str) -> Iterator[Constat]:
    faults = [
        (table, "n'a aucune ligne")
        for table in root.iter(W_TBL)
        if next(table.iter(W_TR), None) is None
    ]
    faults += [
        (row, "n'a aucune cellule") for row in root.iter(W_TR) if next(row.iter(W_TC), None) is None
    ]
    faults += [
        (cell, "ne finit pas par un paragraphe")
        for cell in root.iter(W_TC)
        if not (len(cell) and cell[-1].tag == W_P) and not _ends_with_paragraph(cell)
    ]
    places = _places(root) if faults else {}
    for element, fault in faults:
        yield _bloquant(
            f"{places.get(element, 'Hors de tout tableau, une ligne ou une cellule')} {fault}", part
        )


def _ends_with_paragraph(container: etree._Element) -> bool:
    last = next(
        (child for child in container.iterchildren(reversed=True) if child.tag in BLOCKS), None
    )
    if last is None or last.tag == W_TBL:
        return False
    return last.tag not in WRAPPERS or _ends_with_paragraph(last)


def _places(root: etree._Element) -> dict[etree._Element, str]:
    """How a sentence names each table, row and cell."""
    places = {}
    for t, table in enumerate(root.iter(w("tbl")), 1):
        places[table] = f"Le tableau {t}"
        for r, row in enumerate(_own(table, "tr", "tbl"), 1):
            places[row] = f"Tableau {t} : la ligne {r}"
            for c, cell in enumerate(_own(row, "tc", "tr"), 1):
                places[cell] = f"Tableau {t}, ligne {r} : la cellule {c}"
    return places


def _own(container: etree._Element, name: str, level: str) -> Iterator[etree._Element]:
    """A table's rows or a row's cells, whatever wraps them, without those of the tables nested
    inside.
    """
    return (
        element
        for element in container.iter(w(name))
        if next(element.iterancestors(w(level))) is container
    )


def _controls(root: etree._Element, part: str) -> Iterator[Constat]:
    for control in root.iter(w("sdt")):
        content = next(control.iterchildren(W_SDTCONTENT), None)
        if content is None or not len(content):
            yield _bloquant(
                f"Le champ à remplir « {_tag(control.find(W_SDTPR))} » n'a pas de contenu", part
            )


def _tag(properties: etree._Element | None) -> str:
    tag = None if properties is None else next(properties.iterchildren(W_TAG), None)
    return "sans nom" if tag is None else tag.get(VAL, "")


def _empty_stories(root: etree._Element, part: str) -> Iterator[Constat]:
    for story in root.iter(w("txbxContent"), w("footnote"), w("endnote"), w("comment")):
        if not any(child.tag in BLOCKS for child in story):
            yield _bloquant(
                "Une zone de texte, une note ou un commentaire n'a aucun paragraphe", part
            )


def _fields(root: etree._Element, part: str) -> Iterator[Constat]:
    opened: dict[
        etree._Element, list[str]
    ] = {}  # each story has its own: a text box stands inside the field of no other
    for mark in root.iter(w("fldChar")):
        fields = opened.setdefault(next(mark.iterancestors(*STORIES), root), [])
        kind = mark.get(TYPE, "")
        if kind == "begin":
            fields.append(kind)
        elif not fields or fields[-1] == kind:
            yield _bloquant(
                "Un champ calculé (page, date, sommaire…) finit sans avoir commencé", part
            )
        elif kind == "end":
            fields.pop()
        else:
            fields[-1] = kind
    for _ in [field for fields in opened.values() for field in fields]:
        yield _bloquant("Un champ calculé (page, date, sommaire…) commence et ne finit pas", part)


def _drawings(root: etree._Element, part: str) -> Iterator[Constat]:
    counts = Counter(drawing.get("id", "") for drawing in root.iter(DOC_PR))
    for number, count in counts.items():
        if count > 1:
            yield _bloquant(f"{count} images ou dessins portent le même identifiant {number}", part)


def _quoted(names: list[str]) -> str:
    return ", ".join(f"« {name} »" for name in dict.fromkeys(names))


def _bloquant(what: str, part: str) -> Constat:
    return Constat(f"{what} ({part}).", conseil=FIX)


def _avertissement(what: str, part: str) -> Constat:
    return Constat(f"{what} ({part}).", Gravite.AVERTISSEMENT, conseil=FIX)
