"""La compilation d'un modèle Word : du paquet à un programme par partie, et tout ce qui ne va pas."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from lxml import etree

from dla_docs.package import parse_part
from dla_docs.schema import Node
from dla_docs.templating.blocks import Choice, Guarded, Head, Reading, Repeat, read_blocks
from dla_docs.templating.contexts import locate_prints
from dla_docs.templating.contract import check_contract, is_stranger
from dla_docs.templating.controls import MAX_TAG, Control, mark_controls
from dla_docs.templating.guards import guard, make_repeatable, used_numbers
from dla_docs.templating.marks import DraftOnly, Marks, Stamp
from dla_docs.templating.ooxml import W_P, W_SDT, q
from dla_docs.templating.parts import Package, serialise
from dla_docs.templating.places import Finding, Place, Places
from dla_docs.templating.programs import Program, compile_items
from dla_docs.templating.scope import Scope
from dla_docs.templating.tags import mark_tags, mark_texts
from dla_docs.templating.tree import hoist_blocks

MAX_MARKS = 20_000
DRAFT = (
    '<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:rPr><w:b/><w:color w:val="C00000"/><w:spacing w:val="40"/><w:sz w:val="28"/></w:rPr>'
    "<w:t>BROUILLON</w:t></w:r></w:p>"
)


@dataclass
class Compilation:
    """Ce que la compilation rend : le paquet, un programme par partie qui change, les contrôles, et ce qui ne va pas."""

    package: Package
    digest: bytes
    programs: dict[str, Program] = field(default_factory=dict)
    controls: list[Control] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    paths: set[str] = field(default_factory=set)
    depth: int = 0
    next_drawing: int = 1
    control_ids: set[int] = field(default_factory=set)
    has_contents: bool = False


def compile_parts(parts: dict[str, bytes], model: Node | None) -> Compilation:
    """Compile toutes les parties d'un modèle ; ne lève rien : ``findings`` dit tout."""
    made = Compilation(Package(parts), _digest(parts))
    scope, readings = Scope(model), []
    stories = made.package.stories()
    covered = _pages_have_headers(parse_part(parts[made.package.main], made.package.main))
    for name, title in stories:
        root = parse_part(parts[name], name)
        says_draft = title.startswith("en-tête") or (title == "corps" and not covered)
        readings.append(_compile_story(made, name, title, root, scope, says_draft))
    contract = check_contract([reading for reading, (_, title) in zip(readings, stories, strict=True) if title != "commentaires"], model) if model else []
    for name in made.package.properties():
        readings.append(_compile_properties(made, name, scope))
    made.paths = {path for reading in readings for path in reading.known}
    made.findings = contract if is_stranger(contract) else [*made.findings, *contract]
    return made


def _digest(parts: dict[str, bytes]) -> bytes:
    digest = hashlib.sha256()
    for name in sorted(parts):
        digest.update(name.encode() + b"\0" + parts[name])
    return digest.digest()
