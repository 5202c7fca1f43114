"""Ce que les gens et les programmes font à un formulaire Word avant de le rendre."""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import groupby, islice
from pathlib import Path

from docx import Document as docx_file
from lxml import etree

from dla_docs import trame
from dla_docs.model.document import Document
from dla_docs.registry import FORMULAIRES
from dla_docs.word.boxes import path_of
from dla_docs.word.names import W
from tests.formulaire.formulaires import (
    BODY,
    another,
    answers,
    edited,
    fillable,
    form,
    held,
    without_controls,
    without_tags,
    xml,
)
from tests.pdf_forms import other_answers
from tests.word_forms import converted_many, fill, parts_of, resaved_by_word, zipped


@dataclass(frozen=True)
class Envoi:
    """Un formulaire parti, et ce qu'on veut y répondre, par champ."""

    slug: str
    docx: bytes
    typed: Mapping[str, str]

    @property
    def model(self) -> type[Document]:
        """La classe du document."""
        return FORMULAIRES[self.slug]

    @cached_property
    def filled(self) -> bytes:
        """Le même, rempli dans ses champs."""
        return fill(self.docx, self.typed)


@dataclass(frozen=True)
class Retour:
    """Un fichier revenu, et ce qui y a été répondu, par champ. ``rows`` : ce que disent des lignes
    de plus, chacune sous le chemin de celle dont elle est la copie ; ``beside`` : des textes qui
    n'ont pas de champ.
    """

    envoi: Envoi
    data: bytes
    typed: Mapping[str, str]
    rows: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    beside: Sequence[str] = ()


Facon = Callable[[Sequence[str]], Iterator[Retour]]
"""Les fichiers que rendent, d'une même façon, les formulaires de ces sortes."""


@cache
def full(slug: str) -> Envoi:
    """L'exemple de cette sorte, où chaque champ reçoit une autre réponse, qui n'est qu'à lui."""
    shown = {tag: held(slug)[tag] for tag in fillable(slug)}
    return Envoi(slug, form(slug), other_answers(FORMULAIRES[slug], shown))


@cache
def same_words(slug: str) -> Envoi:
    """Le même, où des champs différents reçoivent les mêmes mots."""
    return Envoi(slug, form(slug), {tag: another(slug, tag) for tag in fillable(slug)})


@cache
def blank(slug: str) -> Envoi:
    """Le formulaire vierge, dont chaque champ vide reçoit une réponse."""
    docx = form(slug) if slug == "controle" else trame(slug)
    empty = {control.tag: "" for control in answers(docx) if not control.text}
    return Envoi(slug, docx, other_answers(FORMULAIRES[slug], empty))


# Le fichier est rempli, puis changé


def after(change: Callable[[bytes], bytes], sent: Callable[[str], Envoi] = full) -> Facon:
    """Chaque formulaire rempli, puis changé ainsi."""

    def way(slugs: Sequence[str]) -> Iterator[Retour]:
        for envoi in map(sent, slugs):
            yield Retour(envoi, change(envoi.filled), envoi.typed)

    return way


def on_page(edit: Callable[[etree._Element], object]) -> Callable[[bytes], bytes]:
    """Le même fichier, son corps changé."""
    return lambda docx: edited(docx, edit)


def mark_left(root: etree._Element) -> None:
    """Un programme remplit et laisse la marque du contrôle vide."""
    for properties in root.iter(f"{W}sdtPr"):
        if properties.find(f"{W}showingPlcHdr") is None:
            properties.append(xml("<w:showingPlcHdr/>"))


def struck(root: etree._Element) -> None:
    """L'ancien texte barré devant le nouveau."""
    for content in root.iter(f"{W}sdtContent"):
        if (run := next(content.iter(f"{W}r"), None)) is not None:
            run.addprevious(xml("<w:r><w:rPr><w:strike/></w:rPr><w:t>Ancien</w:t></w:r>"))


def wrapped(root: etree._Element) -> None:
    """Google Docs : les contrôles ôtés, chaque cellule et chaque texte enveloppés."""
    without_controls(root)
    for rank, cell in enumerate([*root.iter(f"{W}tc"), *root.iterfind(f".//{W}p/{W}r")]):
        tag = f'<w:sdtPr><w:tag w:val="goog_rdk_{rank}"/></w:sdtPr>'
        around = xml(f"<w:sdt>{tag}<w:sdtContent/></w:sdt>")
        copy = deepcopy(cell)
        around[1].append(copy)
        parent = cell.getparent()
        if parent is not None:
            parent.replace(cell, around)


def cut(root: etree._Element) -> None:
    """Un texte collé : mis en forme, coupé en morceaux."""
    for text in [*root.iter(f"{W}t")]:
        run = text.getparent()
        if run is not None and text.text and len(text.text) > 2 and len(run.findall(f"{W}t")) == 1:
            run.addnext(second := deepcopy(run))
            for piece, said in ((text, text.text[:2]), (second.find(f"{W}t"), text.text[2:])):
                if piece is not None:
                    piece.text = said
                    piece.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def tracked(root: etree._Element) -> None:
    """Corrigé en suivi des modifications : l'ancien texte supprimé, le nouveau inséré."""
    for content in root.iter(f"{W}sdtContent"):
        for rank, run in enumerate([*content.iter(f"{W}r")]):
            if run.find(f"{W}t") is None:
                continue
            added = xml(f'<w:ins w:id="{rank}" w:author="Alix"/>')
            run.addprevious(added)
            added.append(run)
            added.addprevious(gone := xml(f'<w:del w:id="9{rank}" w:author="Alix"><w:r/></w:del>'))
            gone[0].append(xml("<w:delText>Ancien</w:delText>"))


def highlighted(root: etree._Element) -> None:
    """Chaque réponse surlignée, soulignée, et un signet posé autour."""
    for rank, content in enumerate(root.iter(f"{W}sdtContent")):
        for run in content.iter(f"{W}r"):
            for old in run.findall(f"{W}rPr"):
                run.remove(old)
            run.insert(0, xml('<w:rPr><w:highlight w:val="yellow"/><w:u w:val="single"/></w:rPr>'))
        for first in islice(content.iter(f"{W}r"), 1):
            first.addprevious(xml(f'<w:bookmarkStart w:id="7{rank}" w:name="vu_{rank}"/>'))
            first.addnext(xml(f'<w:bookmarkEnd w:id="7{rank}"/>'))


def resaved_by_python_docx(docx: bytes) -> bytes:
    """Ouvert et enregistré par python-docx."""
    docx_file(io.BytesIO(docx)).save(output := io.BytesIO())
    return output.getvalue()


# Tapé à côté


def typed_at(put: Callable[[etree._Element, etree._Element], bool], filled: bool = False) -> Facon:
    """Ce qui devait aller dans un champ, tapé à côté : ``put`` pose ce texte près du contrôle, ou
    de la première case d'un choix, ou ne le peut pas. ``filled`` : les champs qui disaient déjà
    quelque chose, et non ceux qui sont vides.
    """

    def way(slugs: Sequence[str]) -> Iterator[Retour]:
        for slug in slugs:
            envoi = full(slug) if filled else blank(slug)
            wanted = {
                tag: text for tag, text in envoi.typed.items() if not filled or held(slug)[tag]
            }
            root = etree.fromstring(parts_of(envoi.docx)[BODY])
            controls = first_controls(root)
            taken = {tag: text for tag, text in wanted.items() if put(controls[tag], words(text))}
            data = zipped({**parts_of(envoi.docx), BODY: etree.tostring(root)})
            yield Retour(envoi, data, taken)

    return way


def first_controls(root: etree._Element) -> dict[str, etree._Element]:
    """Le contrôle de chaque champ ; d'un choix en cases, celui de la première."""
    found: dict[str, etree._Element] = {}
    for sdt in root.iter(f"{W}sdt"):
        if (tag := sdt.find(f"{W}sdtPr/{W}tag")) is not None:
            found.setdefault(path_of(str(tag.get(f"{W}val"))), sdt)
    return found


def words(text: str) -> etree._Element:
    """Un texte de la page."""
    run = xml('<w:r><w:t xml:space="preserve"/></w:r>')
    run[0].text = f" {text} "
    return run


def just_before(sdt: etree._Element, run: etree._Element) -> bool:
    """Dans la même cellule, devant le contrôle."""
    sdt.addprevious(run)
    return True


def just_after(sdt: etree._Element, run: etree._Element) -> bool:
    """Dans la même cellule, derrière le contrôle."""
    sdt.addnext(run)
    return True


def next_cell(sdt: etree._Element, run: etree._Element) -> bool:
    """Au bout de la cellule suivante, s'il y en a une."""
    cell = next(sdt.iterancestors(f"{W}tc"), None)
    other = None if cell is None else cell.getnext()
    if other is None:
        return False
    [*other.iter(f"{W}p")][-1].append(run)
    return True


def next_line(sdt: etree._Element, run: etree._Element) -> bool:
    """Dans un paragraphe de plus, sous celui du contrôle."""
    paragraph = next(sdt.iterancestors(f"{W}p"))
    paragraph.addnext(added := xml("<w:p/>"))
    added.append(run)
    return True


# Les lignes d'un tableau


OUTER = re.compile(r"(.*?)\[([0-9]+)\]\..*")  # the first list of a path, and the rank in it
INNER = re.compile(r"(.*)\[([0-9]+)\]\.[^\[]*")  # the last one
Rows = list[etree._Element]


@dataclass(frozen=True)
class Item:
    """Ce qui porte, dans un tableau, une ligne d'une liste : une ligne de la page, ou plusieurs."""

    path: str
    rows: Rows

    @property
    def tags(self) -> set[str]:
        """Les champs qu'elle tient."""
        return {tag for row in self.rows for tag in _tags(row)}


def lists_in(root: etree._Element) -> list[list[Item]]:
    """Les listes des tableaux, ligne par ligne."""
    return [
        found for table in root.iter(f"{W}tbl") for found in _lists(table.iterfind(f"{W}tr"), INNER)
    ]


def sheets_in(root: etree._Element) -> list[list[Item]]:
    """Les listes du corps, dont chaque fiche prend plusieurs paragraphes ou tableaux."""
    found = _lists(root[0], OUTER)
    return [items for items in found if any(len(item.rows) > 1 for item in items)]


def _lists(blocks: Iterable[etree._Element], level: re.Pattern[str]) -> Iterator[list[Item]]:
    items: list[Item] = []
    between: Rows = []
    for block in blocks:
        path = _path(block, level)
        if not path:
            between.append(block)
        elif items and items[-1].path == path:
            items[-1].rows.extend((*between, block))
            between = []
        else:
            items.append(Item(path, [block]))
            between = []
    for _, group in groupby(items, lambda item: item.path.rpartition("[")[0]):
        found = [*group]
        if len({item.path for item in found}) == len(found):
            yield found


def _path(block: etree._Element, level: re.Pattern[str]) -> str:
    matches = [level.fullmatch(tag) for tag in _tags(block)]
    paths = {f"{match[1]}[{match[2]}]" if match else "" for match in matches}
    return paths.pop() if len(paths) == 1 else ""


def _tags(row: etree._Element) -> list[str]:
    return [str(tag.get(f"{W}val")) for tag in row.iterfind(f".//{W}sdtPr/{W}tag")]


def moved(root: etree._Element) -> None:
    """La dernière ligne de chaque liste mise la première."""
    for items in lists_in(root):
        for row in items[-1].rows:
            items[0].rows[0].addprevious(row)


def copied(
    below: bool,
    found: Callable[[etree._Element], list[list[Item]]] = lists_in,
    spoil: Callable[[etree._Element], object] = lambda root: None,
) -> Facon:
    """Une ligne de chaque liste copiée au-dessous ou au-dessus de la sienne, et la copie remplie ;
    la première reste telle qu'elle était partie.
    """

    def way(slugs: Sequence[str]) -> Iterator[Retour]:
        for envoi in map(full, slugs):
            root = etree.fromstring(parts_of(envoi.docx)[BODY])
            chosen = [items[-1 if below else 0] for items in found(root)]
            rows = {
                item.path: {tag: text for tag, text in envoi.typed.items() if tag in item.tags}
                for item in chosen
            }
            left = {tag for said in rows.values() for tag in said}
            typed = {tag: text for tag, text in envoi.typed.items() if tag not in left}

            def copy(root: etree._Element, rows: Mapping[str, Mapping[str, str]] = rows) -> None:
                for items in found(root):
                    item = items[-1 if below else 0]
                    _copy(item.rows, rows[item.path], below, spoil)

            yield Retour(envoi, edited(fill(envoi.docx, typed), copy), typed, rows)

    return way


def _copy(
    rows: Rows, said: Mapping[str, str], below: bool, spoil: Callable[[etree._Element], object]
) -> None:
    copies = [deepcopy(row) for row in rows]
    for row in copies:
        for sdt in row.iter(f"{W}sdt"):
            tag = sdt.find(f"{W}sdtPr/{W}tag")
            if tag is not None and (text := said.get(str(tag.get(f"{W}val")))):
                rewrite(sdt, text)
        spoil(row)
    for row in reversed(copies) if below else copies:
        (rows[-1].addnext if below else rows[0].addprevious)(row)


def rewrite(sdt: etree._Element, text: str) -> None:
    """Tape cette réponse dans un contrôle."""
    for mark in sdt[0].findall(f"{W}showingPlcHdr"):
        sdt[0].remove(mark)
    content = sdt.find(f"{W}sdtContent")
    assert content is not None
    content[:] = [words(text)]


# LibreOffice


def resaved_as(*suffixes: str) -> Facon:
    """Ouvert par LibreOffice et enregistré dans ces formats, l'un après l'autre."""

    def way(slugs: Sequence[str]) -> Iterator[Retour]:
        for slug, data in zip(slugs, _resaved(tuple(slugs), suffixes), strict=True):
            yield Retour(full(slug), data, full(slug).typed)

    return way


@cache
def _resaved(slugs: tuple[str, ...], suffixes: tuple[str, ...]) -> list[bytes]:
    """All of them by one LibreOffice for each step, which is made once."""
    if not suffixes:
        return [full(slug).filled for slug in slugs]
    *earlier, suffix = suffixes
    before = earlier[-1] if earlier else "docx"
    files = _resaved(slugs, tuple(earlier))
    named = dict(zip((f"{slug}.{before}" for slug in slugs), files, strict=True))
    with tempfile.TemporaryDirectory() as folder:
        return converted_many(named, suffix, Path(folder))


FACONS: dict[str, Facon] = {
    "Tapé dans les champs": after(lambda docx: docx),
    "Enregistré par Word": after(resaved_by_word),
    "Enregistré par python-docx": after(resaved_by_python_docx),
    "Collé, coupé en morceaux": after(on_page(cut)),
    "Surligné, souligné, entre signets": after(on_page(highlighted)),
    "En suivi des modifications": after(on_page(tracked)),
    "Marque du champ vide laissée": after(on_page(mark_left)),
    "Ancien texte barré devant": after(on_page(struck)),
    "Étiquettes perdues": after(on_page(without_tags)),
    "Contrôles perdus": after(on_page(without_controls)),
    "Contrôles perdus, mêmes mots partout": after(on_page(without_controls), same_words),
    "Contrôles perdus, formulaire vierge": after(on_page(without_controls), blank),
    "Enveloppé par Google Docs": after(on_page(wrapped)),
    "Tapé devant le champ resté vide": typed_at(just_before),
    "Tapé derrière le champ resté vide": typed_at(just_after),
    "Tapé dans la cellule suivante": typed_at(next_cell),
    "Tapé à la ligne suivante": typed_at(next_line),
    "Tapé devant un champ rempli": typed_at(just_before, filled=True),
    "Tapé derrière un champ rempli": typed_at(just_after, filled=True),
    "Lignes déplacées": after(on_page(moved)),
    "Lignes copiées au-dessus": copied(below=False),
    "Lignes copiées au-dessous": copied(below=True),
    "Lignes ajoutées au-dessus, sans champs": copied(below=False, spoil=without_controls),
    "Lignes ajoutées au-dessous, sans champs": copied(below=True, spoil=without_controls),
    "Fiches entières copiées": copied(below=True, found=sheets_in),
    "LibreOffice, en .docx": resaved_as("docx"),
    "LibreOffice, en .odt": resaved_as("odt"),
    "LibreOffice, en .odt puis en .docx": resaved_as("odt", "docx"),
    "LibreOffice, en .doc": resaved_as("doc"),
    "LibreOffice, en .doc puis en .docx": resaved_as("doc", "docx"),
    "LibreOffice, en .rtf": resaved_as("rtf"),
    "LibreOffice, en .rtf puis en .docx": resaved_as("rtf", "docx"),
}
