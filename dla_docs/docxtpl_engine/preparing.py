"""Un modèle Word avant docxtpl, et ce qu'il en rend : ce qu'il irait chercher ailleurs, ce que rien
ne remplirait, ce qui s'imprimerait hors du texte.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass

from lxml import etree

from dla_docs.templating import Hole
from dla_docs.templating.compiler import check_links, missing_pictures, says_draft
from dla_docs.templating.frozen_fields import frozen, in_codes
from dla_docs.templating.marks import CLOSE, OPEN
from dla_docs.templating.own_affairs import without_own_affairs
from dla_docs.templating.parts import Package
from dla_docs.templating.places import Finding, Place, Places
from dla_docs.templating.stories import DRAFT, has_contents
from dla_docs.templating.tidying import tidy, without_mail_merge
from dla_docs.templating.tree import LEVELS, VISIBLE, draws, ends_line, taken_along
from dla_docs.templating.unfilled import LEFTOVER, deleted, in_other_parts, out_of_reach
from dla_docs.word.archive import pack_quickly, write_archive
from dla_docs.word.names import W_P, W_T, W_VAL, ancestor, q, with_word_prefix
from dla_docs.word.package import CORE, open_package, parse_part, serialise

MOMENTS = ("dcterms:created", "dcterms:modified")
FILLED_BY_DOCXTPL = ("corps", "en-tête", "pied de page", "notes de bas de page")
OF_CORE = frozenset(("creator", "description", "identifier", "language", "subject", "title"))
OF_A_LEVEL = re.compile(r"\{[{%](p|tr|tc)\s.*?[}%]\}", re.DOTALL)
TAG_START = re.compile(r"\{[{%]")
CUT = re.compile(r"\{(?:[{%](?:(?![}%]\}).)*)?$", re.DOTALL)
STOPS = frozenset((W_T, q("w:tab"), q("w:sectPr"), *VISIBLE))
NUMBER = re.compile(f"{OPEN}([0-9]+){CLOSE}")


@dataclass(frozen=True)
class Prepared:
    """Un modèle prêt pour docxtpl : ses octets, les mêmes avec la mention d'un brouillon, le titre
    de chaque partie ; ``has_core`` : il a une fiche de propriétés.
    """

    name: str
    digest: bytes
    plain: bytes
    draft: bytes
    titles: Mapping[str, str]
    has_contents: bool
    has_core: bool


def prepared(content: bytes, name: str, digest: bytes) -> tuple[Prepared, list[Finding]]:
    """Un modèle prêt, et tout ce qui empêche de s'en servir."""
    package = Package(open_package(content, name, attached=True))
    found = [*without_own_affairs(package), *check_links(package), *missing_pictures(package)]
    found += without_mail_merge(package)
    stories, drawings, contents = package.stories(), set[str](), False
    drafts = says_draft(package)
    draft: dict[str, bytes] = {}
    for part, title in stories:
        root = with_word_prefix(parse_part(package.parts[part], part))
        found += _reserved(root, part, title)
        places = Places(root, part, title)
        found += deleted(root, places)
        if title.startswith(FILLED_BY_DOCXTPL):
            found += [*frozen(root, places), *in_codes(root, places)]
            found += out_of_reach(root, places, {*root.iter(W_T)})
        found += _taken_away(root, places)
        found += _merged_away(root, places)
        tidy(root, drawings)
        contents = contents or has_contents(root)
        package.parts[part] = serialise(root)
        draft[part] = serialise(_with_mention(root)) if part in drafts else package.parts[part]
    filled = {part for part, title in stories if title.startswith(FILLED_BY_DOCXTPL)}
    found += in_other_parts(package.parts, filled)
    found += _in_properties(package)
    held = Prepared(
        name,
        digest,
        _zipped(package.parts),
        _zipped({**package.parts, **draft}),
        dict(stories),
        contents,
        CORE in package.parts,
    )
    return held, found


def _with_mention(root: etree._Element) -> etree._Element:
    made = deepcopy(root)
    top = made.find(q("w:body"))
    space = f' xmlns:w="{q("w:p")[1:-2]}"'
    mention = etree.fromstring(DRAFT.replace("<w:p>", f"<w:p{space}>", 1))
    (made if top is None else top).insert(0, mention)
    return made


def _zipped(parts: Mapping[str, bytes]) -> bytes:
    return write_archive(pack_quickly(name, content) for name, content in parts.items())


def _reserved(root: etree._Element, part: str, title: str) -> Iterator[Finding]:
    if OPEN in etree.tostring(root, encoding="unicode"):
        yield Finding(
            "cette partie contient un caractère réservé (U+FDD0).",
            Place(part, title),
            conseil="Effacez-le.",
        )


def _taken_away(root: etree._Element, places: Places) -> Iterator[Finding]:
    """docxtpl puts such a tag in the place of its paragraph, its row or its cell, and whatever else
    was there goes without a word.
    """
    for paragraph in root.iter(W_P):
        own = [one for one in paragraph.iter(W_T) if ancestor(one, W_P) is paragraph]
        for found in OF_A_LEVEL.finditer("".join(one.text or "" for one in own)):
            element, what = LEVELS[found[1]]
            holder = paragraph if element == W_P else ancestor(paragraph, element)
            if holder is not None and _holds_more(holder, found[0]):
                yield taken_along(found[0], what, places.of(paragraph))


def _merged_away(root: etree._Element, places: Places) -> Iterator[Finding]:
    """« {%- » joins its text to the one before, « -%} » to the one after: docxtpl takes away
    whatever stands between the two, be it words, the end of a table or the page itself.
    """
    pieces = list(_pieces(root))
    held = [one for one, _ in pieces]
    for rank, (one, text) in enumerate(pieces):
        before, dash, _ = text.partition("{%-")
        _, dashed, after = text.rpartition("-%}")
        ahead = [other for other in reversed(held[:rank]) if other.tag in STOPS][:1]
        behind = held[rank + 1 : rank + 2] if TAG_START.search(after) is None else []
        lost = dash and (before.strip() or not ahead or not _beside(ahead[0], one))
        if lost or (dashed and behind and (after.strip() or not _beside(one, behind[0]))):
            paragraph = ancestor(one, W_P)
            assert paragraph is not None
            yield Finding(
                f"le tiret de « {'{%-' if lost else '-%}'} » emporterait ce qui est à côté de sa "
                f"balise.",
                places.of(paragraph),
                conseil="Ôtez le tiret, ou laissez la balise seule dans son paragraphe, entre deux "
                "paragraphes de texte.",
            )


def _pieces(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """The texts and what stands between them; a tag that Word cut is one text again. The end of a
    line is what a dash is there to take away.
    """
    held: tuple[etree._Element, str] | None = None
    for one in root.iter():
        if ends_line(one) or not (one.tag in STOPS or _opens_like_a_text(one)):
            continue
        text = (one.text or "") if one.tag == W_T else ""
        if held and CUT.search(held[1]) and one.tag == W_T:
            held = held[0], held[1] + text
            continue
        if held:
            yield held
        held = one, text
    if held:
        yield held


def _opens_like_a_text(element: etree._Element) -> bool:
    return str(element.tag).startswith(W_T)  # « <w:tab/> », « <w:tbl> »: docxtpl takes them for one


def _beside(one: etree._Element, other: etree._Element) -> bool:
    """Two texts of the same paragraph, or of two that follow each other."""
    first, second = ancestor(one, W_P), ancestor(other, W_P)
    if {one.tag, other.tag} != {W_T} or first is None or second is None:
        return False
    return first is second or first.getnext() is second


def _holds_more(holder: etree._Element, tag: str) -> bool:
    said = "".join(one.text or "" for one in holder.iter(W_T))
    return bool(said.replace(tag, "", 1).strip()) or draws(holder)


def _in_properties(package: Package) -> Iterator[Finding]:
    """docxtpl fills six properties; a tag in any other would stay."""
    for name in package.properties():
        for element in parse_part(package.parts[name], name).iter("{*}*"):
            local = etree.QName(element).localname
            if name == CORE and local in OF_CORE:
                continue
            for tag in LEFTOVER.findall(element.text or ""):
                yield Finding(
                    f"la balise « {tag} » est dans la propriété « {local} », que docxtpl ne "
                    f"remplit pas.",
                    Place(name, "propriétés du document"),
                    conseil="Retirez-la, ou mettez-la dans le titre ou le sujet.",
                )


def fill_properties(package: Package, held: Prepared, stamp: str) -> None:
    """La fiche du fichier : celle du modèle, au jour du document ; vide quand il n'en avait pas,
    car python-docx en met une de son cru.
    """
    if CORE not in package.parts:
        return
    root = parse_part(package.parts[CORE], CORE)
    if not held.has_core:
        for child in list(root):
            root.remove(child)
    for moment in MOMENTS:
        for found in root.findall(q(moment)):
            if stamp:
                found.text = stamp
            else:
                root.remove(found)
    package.parts[CORE] = serialise(root)


def mend(package: Package) -> None:
    """Renumérote les dessins et les contrôles qu'une boucle de docxtpl a répétés tels quels."""
    drawings: set[str] = set()
    controls: set[int] = set()
    for name, _ in package.stories():
        root = parse_part(package.parts[name], name)
        tidy(root, drawings)
        for mark in root.iterfind(f".//{q('w:sdtPr')}/{q('w:id')}"):
            number = int(mark.get(W_VAL, "") or 0)
            while number in controls:
                number = number % 0x7FFFFFFF + 1
            controls.add(number)
            mark.set(W_VAL, str(number))
        package.parts[name] = serialise(root)


def unshown(
    numbered: Mapping[str, bytes], holes: Sequence[Hole], spent: Iterable[int], held: Prepared
) -> Iterator[Finding]:
    """Les valeurs que docxtpl a posées hors du texte, où Word ne les montre pas, ou perdues ;
    ``spent`` : celles qui n'ont pas à s'y montrer.
    """
    seen = {*map(str, spent)}
    for name, content in numbered.items():
        root = parse_part(content, name)
        for element in root.iter("{*}*"):
            said = "".join(map(str, element.attrib.values()))
            shown = element.tag == W_T or name.startswith("docProps/")
            if shown:
                said += element.text or ""
            seen |= {*NUMBER.findall(said)}
        for loose in _loose(root, name):
            seen.add(loose)
            hole = holes[int(loose)]
            yield Finding(
                f"« {hole.text[:60]} » s'imprime hors du texte.",
                Place(name, held.titles.get(name, name)),
                hole.path,
                conseil="Écrivez {{ … }}, ou {{r RichText(…) }} et {{p RP(…) }}.",
            )
    for number in range(len(holes)):
        if str(number) not in seen:
            yield Finding(
                f"« {holes[number].text[:60]} » est imprimé par le modèle, et docxtpl l'a perdu.",
                path=holes[number].path,
                conseil="Mettez cette balise seule dans son paragraphe ou sa cellule.",
            )


def _loose(root: etree._Element, name: str) -> Iterator[str]:
    if name.startswith("docProps/"):
        return
    for element in root.iter("{*}*"):
        plain = element.tag == W_T and ancestor(element, W_T) is None  # a text in a text is none
        text = "" if plain else element.text or ""
        yield from NUMBER.findall(text + (element.tail or ""))


def place_of(held: Prepared, name: str, source: str, line: int) -> Place | None:
    """La place d'une balise : sa partie, et les mots autour d'elle."""
    if not name:
        return None
    title = held.titles.get(name, name)
    paragraphs = re.split(r"(?=<w:p[ >])", source)
    lines = source.splitlines()
    said = lines[line - 1] if 0 < line <= len(lines) else ""
    words = " ".join(re.sub(r"<[^>]*>", "", said).split()) if len(paragraphs) < 3 else ""
    return Place(name, f"{title} (« {words[:60]} »)" if words else title)
