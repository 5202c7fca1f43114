"""``python -m tests.bench.modeles_docxtpl DOSSIER RÉVISION`` : chaque modèle Word d'un dossier
(ceux des essais de docxtpl) rempli par les deux moteurs ; récrit docs/docxtpl.md.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import docxtpl
from jinja2 import Environment, TemplateError, nodes
from lxml import etree

from dla_docs.docxtpl_engine import compile_docxtpl
from dla_docs.errors import DlaDocsError
from dla_docs.templating.frame import DEFINITIF
from dla_docs.templating.template import compile_template

PAGE = Path(__file__).parents[2] / "docs" / "docxtpl.md"
STORY = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HEAD = """# Les modèles de docxtpl dans les deux moteurs

Le {day}, les {total} modèles Word des essais publics de docxtpl (dépôt
[python-docx-template](https://github.com/elapouya/python-docx-template), révision `{commit}`)
ont été remplis par le moteur du projet et par docxtpl {version}, dans son environnement clos.
Les valeurs sont inventées d'après les balises : un texte par nom, deux lignes par boucle, vrai par
condition. Ce qui attend un objet de Python (sous-document, `RichText`, image) reçoit donc un texte,
et se voit refusé par l'un ou par l'autre : ces refus-là ne disent rien du modèle. Les mots du
corps, des en-têtes, des pieds de page et des notes sont comparés ; ni la mise en forme, ni les
images.

{totals}.

| Modèle | Résultat | Pourquoi |
|---|---|---|
"""
LONGEST = 160  # signs of a reason, on the page


@dataclass
class Shape:
    """Ce qu'un modèle lit d'un nom : des champs, des lignes, une condition."""

    fields: dict[str, Shape] = field(default_factory=dict)
    rows: Shape | None = None
    condition: bool = False

    def value(self, name: str) -> Any:
        """Une valeur de cette forme."""
        if self.rows is not None:
            return [self.rows.value(f"{name} {rank}") for rank in (1, 2)]
        if self.fields:
            return {key: held.value(f"{name} {key}") for key, held in self.fields.items()}
        return True if self.condition else f"Texte {name}"


def read(node: nodes.Node, names: dict[str, Shape]) -> Shape:
    """La forme que lit une expression."""
    if isinstance(node, nodes.Name):
        return names.setdefault(node.name, Shape())
    if isinstance(node, nodes.Getattr):
        return read(node.node, names).fields.setdefault(node.attr, Shape())
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        held = read(node.node, names)
        if isinstance(node.arg.value, str):
            return held.fields.setdefault(node.arg.value, Shape())
    for child in node.iter_child_nodes():
        walk(child, names)
    return Shape()


def walk(node: nodes.Node, names: dict[str, Shape]) -> None:
    """Ajoute à ``names`` tout ce que lit cet arbre."""
    if isinstance(node, nodes.For):
        source = read(node.iter, names)
        source.rows = source.rows or Shape()
        inner = Inner(names)
        inner["loop"] = Shape()
        if isinstance(node.target, nodes.Name):
            inner[node.target.name] = source.rows
        for child in (*node.body, *node.else_):
            walk(child, inner)
    elif isinstance(node, nodes.If):
        read(node.test, names).condition = True
        for child in (*node.body, *node.elif_, *node.else_):
            walk(child, names)
    elif isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
        read(node, names)
    else:
        for child in node.iter_child_nodes():
            walk(child, names)


class Inner(dict[str, Shape]):
    """Les noms d'une boucle : les siens, puis ceux qui l'entourent."""

    def __init__(self, outer: dict[str, Shape]) -> None:
        super().__init__()
        self.outer = outer

    def setdefault(self, key: str, default: Shape) -> Shape:
        """Le sien, ou celui d'autour."""
        return self[key] if key in self else self.outer.setdefault(key, default)


def sources(template: docxtpl.DocxTemplate) -> Iterator[str]:
    """Ce que docxtpl donne à Jinja."""
    template.init_docx()
    yield template.patch_xml(template.get_xml())
    for kind in (template.HEADER_URI, template.FOOTER_URI):
        for _, part in template.get_headers_footers(kind):
            yield template.patch_xml(template.get_part_xml(part))
    for part in template.docx.part.package.parts:
        if str(part.partname) == "/word/footnotes.xml":
            yield template.patch_xml(part.blob.decode())


def values_for(content: bytes) -> dict[str, Any]:
    """Des valeurs pour tout ce que lit ce modèle."""
    names: dict[str, Shape] = {}
    for source in sources(docxtpl.DocxTemplate(io.BytesIO(content))):
        try:
            walk(Environment(autoescape=True).parse(source), names)
        except TemplateError:
            continue  # both engines will say it
    return {name: held.value(name) for name, held in names.items()}


def words(parts: Mapping[str, bytes]) -> list[str]:
    """Les mots imprimés, histoire par histoire, paragraphe par paragraphe."""
    found = []
    for name in sorted(filter(STORY.fullmatch, parts)):
        for paragraph in etree.fromstring(parts[name]).iter(f"{WORD}p"):
            runs = paragraph.iter(f"{WORD}t", f"{WORD}tab", f"{WORD}br")
            found += "".join(
                (one.text or "") if one.tag == f"{WORD}t" else " " for one in runs
            ).split()
    return found


def difference(ours: list[str], theirs: list[str]) -> str:
    """Le premier mot qui diffère, dit en une phrase ; vide quand les mots sont les mêmes."""
    if ours == theirs:
        return ""
    same = next(
        (rank for rank, pair in enumerate(zip(ours, theirs, strict=False)) if pair[0] != pair[1]),
        min(len(ours), len(theirs)),
    )
    mine, its = (" ".join(said[same : same + 4]) or "rien" for said in (ours, theirs))
    return f"le nôtre imprime « {mine} », docxtpl « {its} »"


def outcome(path: Path) -> tuple[str, str]:
    """Le résultat d'un modèle et sa raison."""
    content, made, refusals = path.read_bytes(), [], []
    values = values_for(content)
    for engine in ("le nôtre", "docxtpl"):
        try:
            if engine == "docxtpl":
                drawn = compile_docxtpl(content, None, path.parent).drawn(values)
            else:
                drawn = compile_template(content).drawn(values)
            made.append({**drawn.around(DEFINITIF, None), **drawn.printed})
        except DlaDocsError as error:
            refusals.append(f"{engine} : {str(error).strip().splitlines()[0]}")
    if refusals:
        return ("refusé par les deux" if len(refusals) == 2 else "refusé"), " ; ".join(refusals)
    if said := difference(*map(words, made)):
        return "diffère", said
    return ("égal" if values else "égal, sans valeur"), ""


def shortened(why: str) -> str:
    """Une raison, telle qu'une case de la page la tient."""
    said = why if len(why) <= LONGEST else f"{why[:LONGEST].rsplit(' ', 1)[0]}…"
    return said.replace("|", "\\|").replace("{", "&#123;").replace("<", "&lt;")


def main(folder: str, commit: str) -> None:
    """Récrit la page."""
    paths = sorted(Path(folder).glob("*.docx"))
    found = [(path.name, *outcome(path)) for path in paths]
    kinds = ("égal", "égal, sans valeur", "diffère", "refusé", "refusé par les deux")
    totals = " ; ".join(f"{kind} : {sum(k == kind for _, k, _ in found)}" for kind in kinds)
    head = HEAD.format(
        day=date.today().strftime("%d/%m/%Y"),
        total=len(found),
        commit=commit[:12],
        version=version("docxtpl"),
        totals=totals.capitalize(),
    )
    rows = (f"| `{n}` | {k} | {shortened(w)} |\n" for n, k, w in found)
    PAGE.write_text(head + "".join(rows), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
