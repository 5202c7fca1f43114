"""Une partie d'un modèle Word, prête à être lue : ses balises trouvées dans l'arbre, ses blocs à
leur place, ses contrôles, ce qui garde une page entière. Rien n'y dépend de ce qu'un document dit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from dla_docs.templating.contexts import locate_prints
from dla_docs.templating.controls import mark_controls
from dla_docs.templating.frame import Blank
from dla_docs.templating.grammar import Body, Problem, parsed
from dla_docs.templating.guards import guard, make_repeatable, used_numbers
from dla_docs.templating.marks import OPEN, Marks, OnlyIn
from dla_docs.templating.places import Finding, Places
from dla_docs.templating.tags import mark_tags
from dla_docs.templating.tidying import tidy
from dla_docs.templating.tree import hoist_blocks
from dla_docs.templating.unfilled import deleted
from dla_docs.word.names import q, with_word_prefix
from dla_docs.word.package import parse_part

DRAFT = (
    '<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:rPr><w:b/><w:color w:val="C00000"/>'
    '<w:spacing w:val="40"/><w:sz w:val="28"/></w:rPr><w:t>BROUILLON</w:t></w:r></w:p>'
)


@dataclass(frozen=True, slots=True)
class Source:
    """D'où vient une partie : son nom, son titre, si un brouillon s'y dit, et les numéros de
    dessins que les parties d'avant ont pris.
    """

    name: str
    title: str
    drafted: bool
    drawings: frozenset[str]


@dataclass(frozen=True, slots=True)
class Story:
    """``xml`` : la partie, un numéro à la place de chaque marque ; ``meanings`` : ce que veut dire
    chaque numéro ; ``drawings`` : les numéros de dessins pris, ceux d'avant compris ; ``trees`` :
    par texte, les arbres de ses expressions que l'on a déjà.
    """

    xml: str
    meanings: tuple[object, ...]
    rewritten: bool
    has_contents: bool
    next_drawing: int
    control_ids: frozenset[int]
    drawings: frozenset[str]
    findings: tuple[Finding, ...] = ()
    trees: Mapping[str, Body] = field(default_factory=dict, compare=False)

    def parse(self, text: str, source: str) -> Body | Problem:
        """L'arbre d'une expression : celui que l'on a, sinon ce que Jinja en rend."""
        return self.trees[text] if text in self.trees else parsed(text, source)


def prepared(content: bytes, source: Source) -> Story:
    """La partie prête à être lue ; ne lève rien que ``PackageError`` : ``findings`` dit tout."""
    root = with_word_prefix(parse_part(content, source.name))
    places, marks, findings = Places(root, source.name, source.title), Marks(), list[Finding]()
    if OPEN in etree.tostring(root, encoding="unicode"):
        findings.append(
            Finding(
                "cette partie contient un caractère réservé (U+FDD0).",
                places.somewhere(),
                conseil="Effacez-le.",
            )
        )
    contents, drawings = has_contents(root), {*source.drawings}
    findings += deleted(root, places)
    tidy(root, drawings)
    findings += mark_tags(root, places, marks)
    findings += hoist_blocks(root, marks)
    findings += mark_controls(root, places, marks)
    drawing, controls = used_numbers(root)
    make_repeatable(root, marks)
    guard(root, marks)
    locate_prints(root, marks)
    if source.drafted:
        _say_draft(root, marks)
    return Story(
        etree.tostring(root, encoding="unicode"),
        marks.meanings,
        marks.rewritten,
        contents,
        drawing,
        frozenset(controls),
        frozenset(drawings),
        tuple(findings),
    )


def _say_draft(root: etree._Element, marks: Marks) -> None:
    top = root.find(q("w:body"))
    (root if top is None else top).insert(0, marks.node(OnlyIn(Blank.BROUILLON, DRAFT)))


def has_contents(root: etree._Element) -> bool:
    """Vrai d'une partie qui a une table des matières."""
    return any(
        (code.text or "").strip().startswith("TOC") for code in root.iter(q("w:instrText"))
    ) or any(
        str(field.get(q("w:instr"), "")).strip().startswith("TOC")
        for field in root.iter(q("w:fldSimple"))
    )
