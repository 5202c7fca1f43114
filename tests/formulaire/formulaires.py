"""Tous les formulaires qui voyagent, remplis de leurs exemples ; une autre réponse pour chaque
champ ; ce que les gens font aux fichiers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from lxml import etree

from dla_docs import DOCUMENTS, load
from dla_docs.annexes.controle import FicheDeControle as Fiche
from dla_docs.cli.application import run
from dla_docs.constat import Constat
from dla_docs.forms import Lecture
from dla_docs.model.bloc import value_type
from dla_docs.model.document import Document
from dla_docs.model.formats import format_value
from dla_docs.model.typography import as_typed
from dla_docs.profils.loading import load_profil
from dla_docs.registry import FORMULAIRES
from dla_docs.resources import sample_path
from dla_docs.stages.rendering import fill as render_form
from dla_docs.stages.request import resolve
from dla_docs.word.answers import controls_in
from dla_docs.word.names import W
from dla_docs.word.package import open_package
from dla_docs.word.page import Control
from tests.word_forms import parts_of, zipped

BODY = "word/document.xml"
SPARED = 36  # of so many fields one is changed alone: each form that comes back is read whole
AUTRES = {
    "annee": ("2012",),
    "date": ("02/02/2014",),
    "jours": ("3,25 j",),
    "montant": ("12,34 €",),
    "nombre": ("77",),
    "telephone": ("02 61 91 99 99",),
}


@cache
def sample(slug: str) -> Document:
    """L'exemple de cette sorte."""
    if slug == "controle":
        return Fiche.de(DOCUMENTS["proposition"], load_profil("national"), None)
    document = load(sample_path("mission_individuelle" if slug == "mission" else slug))
    assert isinstance(document, Document)
    return document


@cache
def form(slug: str) -> bytes:
    """L'exemple en formulaire dont tous les champs sont ouverts."""
    leaves = frozenset(node.path for node in FORMULAIRES[slug].schema_node().leaves())
    asked = resolve(sample(slug), "national")
    return render_form(asked.as_form(asked.document, "", leaves))


def send(mission: Path, form: Path) -> None:
    """La grille de suivi d'une mission part chez le prestataire, en Word ou en PDF."""
    words = ["trame", "grille_de_suivi", "--mission", mission, "--pour", "prestataire", "-o", form]
    assert run([*map(str, words)]) == 0


def answers(docx: bytes) -> tuple[Control, ...]:
    """Les contrôles d'un fichier, dans l'ordre de la page."""
    return controls_in(open_package(docx))


@cache
def held(slug: str) -> dict[str, str]:
    """Ce que tient chaque champ du formulaire, dans l'ordre de la page."""
    return {control.tag: control.text for control in answers(form(slug))}


def fillable(slug: str) -> tuple[str, ...]:
    """Les champs du formulaire, mais les clés, qui ne se changent pas."""
    return tuple(tag for tag in held(slug) if not tag.endswith(".cle"))


@cache
def another(slug: str, tag: str) -> str:
    """Une réponse que le champ sait lire, autre que celle qu'il porte."""
    node, mark = FORMULAIRES[slug].schema_node().find(tag), value_type(FORMULAIRES[slug], tag)
    assert node is not None
    others = (*node.choices, *mark.examples, *AUTRES.get(node.format, ("Autre chose",)))
    return next(text for text in others if mark.load(text) != mark.load(held(slug)[tag]))


def as_read(slug: str, tag: str, text: str) -> str:
    """Ce que la relecture dit d'un champ sans rien savoir de ce qui fut imprimé : ses mots tels
    qu'un clavier les écrit, un nombre ou une date dans leur format.
    """
    node, mark = FORMULAIRES[slug].schema_node().find(tag), value_type(FORMULAIRES[slug], tag)
    assert node is not None
    return format_value(node.format, mark.load(as_typed(text)))


def own(constats: Iterable[Constat]) -> list[str]:
    """Ce que la relecture constate du fichier, et non du dossier : ce qu'aucune exigence ne
    demande, ni le document lui-même.
    """
    words = (
        "étiquette",
        "fixe",
        "page",
        "tableau",
        "à côté",
        "disparu",
        "données",
        "ouvert",
        "deux réponses",
        "rien n'était demandé",
    )
    return [
        str(constat)
        for constat in constats
        if not constat.exigences and any(word in constat.message for word in words)
    ]


def changed(lecture: Lecture) -> dict[str, str]:
    """Les champs changés, et ce qu'ils tiennent."""
    return {change.chemin: change.apres for change in lecture.changements}


def edited(docx: bytes, edit: Callable[[etree._Element], object]) -> bytes:
    """Le même fichier, son corps changé."""
    parts = parts_of(docx)
    root = etree.fromstring(parts[BODY])
    edit(root)
    return zipped(
        {
            **parts,
            BODY: etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True),
        }
    )


def without_tags(root: etree._Element) -> None:
    """Ce que fait LibreOffice 7.4 : les contrôles restent, leurs étiquettes tombent."""
    for tag in list(root.iter(f"{W}tag")):
        _parent(tag).remove(tag)


def without_controls(root: etree._Element) -> None:
    """Ce que font d'autres encore : il ne reste que le texte."""
    for sdt in list(root.iter(f"{W}sdt")):
        content, parent = sdt.find(f"{W}sdtContent"), _parent(sdt)
        place = parent.index(sdt)
        parent[place : place + 1] = [] if content is None else list(content)


def row_of(root: etree._Element, tag: str) -> etree._Element:
    """La ligne du tableau qui tient ce champ."""
    return _above(control_of(root, tag), "tr")


def paragraph_of(root: etree._Element, tag: str) -> etree._Element:
    """Le paragraphe qui tient ce champ."""
    return _above(control_of(root, tag), "p")


def control_of(root: etree._Element, tag: str) -> etree._Element:
    """Le contrôle de ce champ."""
    return next(
        sdt
        for sdt in root.iter(f"{W}sdt")
        if sdt.find(f"{W}sdtPr/{W}tag[@{W}val='{tag}']") is not None
    )


def paragraph_saying(root: etree._Element, text: str) -> etree._Element:
    """Le premier paragraphe qui commence par ce texte, ou sinon le contient."""
    said = [("".join(str(t.text or "") for t in p.iter(f"{W}t")), p) for p in root.iter(f"{W}p")]
    begun = (p for words, p in said if words.startswith(text))
    found = next(begun, None)
    return next(p for words, p in said if text in words) if found is None else found


def xml(body: str) -> etree._Element:
    """Un morceau de page : ``<w:r><w:t>…</w:t></w:r>``."""
    return etree.fromstring(f'<w:x xmlns:w="{W[1:-1]}">{body}</w:x>')[0]


def removed(element: etree._Element) -> None:
    """L'ôte de la page."""
    _parent(element).remove(element)


def _above(element: etree._Element, name: str) -> etree._Element:
    return next(above for above in element.iterancestors() if above.tag == f"{W}{name}")


def _parent(element: etree._Element) -> etree._Element:
    parent = element.getparent()
    assert parent is not None
    return parent
