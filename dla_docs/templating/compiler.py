"""La compilation d'un modèle Word : du paquet à un programme par partie,
et tout ce qui ne va pas."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from dla_docs.model.node import Node
from dla_docs.templating.blocks import Head, Reading, read_blocks
from dla_docs.templating.conclusions import (
    Conclusion,
    concluded,
    conclusion_name,
    drafts_kept,
    package_name,
    sealed_conclusion,
    sealed_drafts,
)
from dla_docs.templating.contexts import locate_prints
from dla_docs.templating.contract import always_printed, check_contract, is_stranger
from dla_docs.templating.controls import MAX_TAG, FieldToFill
from dla_docs.templating.marks import Marks, OnlyIn, Stamp
from dla_docs.templating.own_affairs import without_own_affairs
from dla_docs.templating.parts import Package
from dla_docs.templating.places import Finding, Place
from dla_docs.templating.programs import Program, compile_items
from dla_docs.templating.scope import Scope
from dla_docs.templating.stories import Source, Story, prepared
from dla_docs.templating.stories_kept import name_of, packed, story_of
from dla_docs.templating.tags import mark_texts
from dla_docs.templating.tidying import without_mail_merge
from dla_docs.templating.unfilled import in_other_parts
from dla_docs.word.fetching import fetched
from dla_docs.word.names import is_on, q
from dla_docs.word.package import open_package, parse_part
from dla_docs.word.part import relationships

MAX_MARKS = 20_000
MOMENT = "\N{OBJECT REPLACEMENT CHARACTER}"  # where a date is to be written


Stories = list[tuple[Source, Story]]


@dataclass
class Compilation:
    """Ce que la compilation rend : le paquet, un programme par partie qui change, les contrôles, et
    ce qui ne va pas.
    """

    package: Package
    digest: bytes
    programs: dict[str, Program] = field(default_factory=dict)
    still: set[str] = field(
        default_factory=set
    )  # parts that depend on the mode only, not on the values
    controls: list[FieldToFill] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    paths: set[str] = field(default_factory=set)
    always: frozenset[str] = frozenset()
    depth: int = 0
    next_drawing: int = 1
    control_ids: set[int] = field(default_factory=set)
    drawings: set[str] = field(default_factory=set)
    has_contents: bool = False


def compile_parts(parts: dict[str, bytes], model: Node | None) -> Compilation:
    """Compile toutes les parties d'un modèle ; ne lève rien : ``findings`` dit tout."""
    made = Compilation(Package(parts), _digest(parts))
    drafts = drafts_kept(made.digest)
    if drafts is None:
        made.findings += _around(made.package)
        drafts = says_draft(made.package)
    stories, scope = _stories(made, story_of, drafts), Scope(model)
    known = concluded(_names(made, stories), model) if model else None
    readings = [_read(made, told, story, scope, known is not None) for told, story in stories]
    contract: list[Finding] = []
    if known is None:
        known, contract = _judged(readings, stories, model)
    made.always, made.paths = known.always, {*known.paths}
    made.findings += in_other_parts(made.package.parts, {told.name for told, _ in stories})
    for name in made.package.properties():
        made.paths |= _compile_properties(made, name, scope).known
    made.findings = contract if is_stranger(contract) else [*made.findings, *contract]
    return made


def _around(package: Package) -> Iterator[Finding]:
    """What a template has that no document should, whatever its tags say; part of it is taken
    away.
    """
    yield from without_own_affairs(package)
    yield from check_links(package)
    yield from missing_pictures(package)
    yield from without_mail_merge(package)


def _judged(
    readings: list[Reading], stories: Stories, model: Node | None
) -> tuple[Conclusion, list[Finding]]:
    """What is known of these stories once they are read, and what they lack."""
    paths = frozenset().union(*(reading.known for reading in readings))
    if model is None:
        return Conclusion(paths, frozenset()), []
    printed = [
        reading
        for reading, (told, _) in zip(readings, stories, strict=True)
        if told.title != "commentaires"
    ]
    return Conclusion(paths, always_printed(readings, model)), check_contract(printed, model)


def _digest(parts: dict[str, bytes]) -> bytes:
    digest = hashlib.sha256()
    for name in sorted(parts):
        digest.update(name.encode() + b"\0" + parts[name])
    return digest.digest()


def _stories(
    made: Compilation, prepare: Callable[[bytes, Source], Story], drafts: frozenset[str]
) -> Stories:
    stories = []
    for name, title in made.package.stories():
        told = Source(name, title, name in drafts, frozenset(made.drawings))
        story = prepare(made.package.parts[name], told)
        made.has_contents = made.has_contents or story.has_contents
        made.drawings = {*story.drawings}
        made.next_drawing = max(made.next_drawing, story.next_drawing)
        made.control_ids |= story.control_ids
        stories.append((told, story))
    return stories


def _names(made: Compilation, stories: Stories) -> list[str]:
    return [name_of(made.package.parts[told.name], told) for told, _ in stories]


def _read(made: Compilation, told: Source, story: Story, scope: Scope, checked: bool) -> Reading:
    reading = read_blocks(story.xml, story.meanings, scope, story.parse, checked)
    made.findings += (*story.findings, *reading.findings)
    if len(story.meanings) > MAX_MARKS:
        made.findings.append(
            Finding(
                f"ce modèle a plus de {MAX_MARKS} balises.",
                Place(told.name, told.title),
                conseil="Partagez-le en plusieurs modèles.",
            )
        )
    _keep(made, told.name, reading, changes=bool(story.meanings) or story.rewritten)
    return reading


def ready(source: Path, model: Node) -> Iterator[tuple[str, bytes]]:
    """Ce que ce modèle a de prêt à livrer, fait de nouveau : chaque partie sous son nom, et ce que
    l'on sait de lui quand il n'a rien de faux.
    """
    parts = open_package(source, attached=True)
    made, scope = Compilation(Package(parts), _digest(parts)), Scope(model)
    drafts = says_draft(made.package)
    if not [*_around(made.package)] and made.package.parts == parts:
        yield package_name(made.digest), sealed_drafts(drafts)
    stories = _stories(made, prepared, drafts)
    names = _names(made, stories)
    for name, (_, story) in zip(names, stories, strict=True):
        if not story.findings:
            yield name, packed(story)
    readings = [_read(made, told, story, scope, checked=False) for told, story in stories]
    known, lacking = _judged(readings, stories, model)
    if not made.findings and not lacking:
        yield conclusion_name(names, model), sealed_conclusion(known)


def _compile_properties(made: Compilation, name: str, scope: Scope) -> Reading:
    root, marks = parse_part(made.package.parts[name], name), Marks()
    place = Place(name, "propriétés du document")
    made.findings += mark_texts(root, place, marks)
    for moment in ("created", "modified"):
        for found in [*root.iter(q(f"dcterms:{moment}"))]:
            found.text = MOMENT
            written = etree.tostring(found, encoding="unicode", with_tail=False)
            found.addprevious(marks.node(Stamp(*written.split(MOMENT))))
            root.remove(found)
    locate_prints(root, marks)
    reading = read_blocks(etree.tostring(root, encoding="unicode"), marks.meanings, scope)
    made.findings += reading.findings
    _keep(made, name, reading, changes=bool(len(marks)) or marks.rewritten)
    return reading


def _keep(made: Compilation, name: str, reading: Reading, changes: bool) -> None:
    if not changes:
        return
    made.programs[name] = compile_items(reading.items)
    if all(isinstance(item, str | OnlyIn) for item in reading.items):
        made.still.add(name)
    made.depth = max(made.depth, reading.depth)
    for head in reading.heads:
        _keep_control(made, head)


def _keep_control(made: Compilation, item: Head) -> None:
    ref, head = item.bound.path, item.head
    if ref is None:
        if not item.bound.problems:
            made.findings.append(
                Finding(
                    f"le contrôle « {head.source} » doit imprimer un champ, sans calcul.",
                    head.place,
                    conseil="Écrivez le chemin seul.",
                )
            )
        return
    if len(ref.widest) > MAX_TAG:
        message = (
            f"le contrôle « {head.source} » aura une étiquette de plus de {MAX_TAG} caractères (« "
            f"{ref.widest} »), que Word refuse."
        )
        made.findings.append(
            Finding(
                message,
                head.place,
                ref.schema,
                conseil="Raccourcissez les noms de ce chemin, ou imprimez-le sans contrôle.",
            )
        )
    made.controls.append(FieldToFill(ref.schema, ref.node, head.source, head.place, head.kind))


AWAY = (
    "ce modèle va chercher ailleurs une image ou un fichier (« {} »).",
    "Insérez-le dans le modèle au lieu de le lier ; un dessin SVG, en image PNG.",
)
OPAQUE = (
    "l'image « {} » n'est d'aucune sorte connue : rien ne dit ce qu'elle irait chercher.",
    "Remplacez-la par une image PNG ou JPEG.",
)
MISSING = (
    "l'image « {} » manque dans le fichier.",
    "Effacez-la du modèle, ou insérez-la de nouveau.",
)
INSERTED = (
    "ce modèle contient un document inséré (« {} »), que Word ne fond dans le texte qu'à "
    "l'ouverture.",
    "Ouvrez le modèle dans Word et enregistrez-le : le texte y est alors.",
)


def check_links(package: Package) -> Iterator[Finding]:
    """Ce qu'un modèle irait chercher ailleurs, et les balises d'une adresse."""
    stories = package.stories()
    for name, title in stories:
        for link in package.relations(name):
            if re.search(r"\{\{|\{%|%7B%7B|%7B%25", str(link.get("Target", "")), re.IGNORECASE):
                yield Finding(
                    "une balise se trouve dans l'adresse d'un lien.",
                    Place(name, title),
                    conseil="Imprimez l'adresse dans le texte, sans lien.",
                )
    for one in fetched(package.parts, merging=False):
        message, conseil = INSERTED if one.inside else OPAQUE if one.opaque else AWAY
        place = Place(one.part, dict(stories).get(one.part, f"partie {one.part}"))
        yield Finding(message.format(one.target), place, conseil=conseil)


def missing_pictures(package: Package) -> Iterator[Finding]:
    """Les images que ses textes montrent et que le fichier n'a pas."""
    held = {name.casefold() for name in package.parts}
    for name, title in package.stories():
        for link in relationships(package.parts, name):
            if link.kind == "image" and not link.external and link.target.casefold() not in held:
                message, conseil = MISSING
                yield Finding(message.format(link.target), Place(name, title), conseil=conseil)


def says_draft(package: Package) -> frozenset[str]:
    """Les parties où un brouillon se dit : les en-têtes, et le corps quand une page en manque."""
    main = parse_part(package.parts[package.main], package.main)
    covered = _pages_have_headers(main, package.has_even_pages())
    return frozenset(
        name
        for name, title in package.stories()
        if title.startswith("en-tête") or (title == "corps" and not covered)
    )


def _pages_have_headers(document: etree._Element, has_even_pages: bool) -> bool:
    """True when each section has, of its own or from those before it, every header its pages may
    show.
    """
    have: set[str] = set()
    usual = {"default", "even"} if has_even_pages else {"default"}
    sections = list(document.iter(q("w:sectPr")))
    for section in sections:
        have |= {str(header.get(q("w:type"))) for header in section.findall(q("w:headerReference"))}
        if not usual | ({"first"} if is_on(section.find(q("w:titlePg"))) else set()) <= have:
            return False
    return bool(sections)
