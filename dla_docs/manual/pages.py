"""``python -m dla_docs.manual.pages [DOSSIER]`` : récrit la notice de chaque document,
``docs/documents/<nom>.md``, d'après sa classe.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from dla_docs.manual.personal import personal_data
from dla_docs.model.bloc import Bloc, bloc_of, declaration
from dla_docs.model.document import Document
from dla_docs.model.fields import Champ, Regle
from dla_docs.model.node import Kind, Node
from dla_docs.model.recipients import said
from dla_docs.model.requirement import Exigence, referentiel
from dla_docs.model.values import Valeur
from dla_docs.registry import DOCUMENTS

ROLES = {
    "charge_de_mission": "chargé(e) de mission",
    "structure": "structure",
    "prestataire": "prestataire",
    "participant": "participant",
    "comite": "comité",
    "dla": "DLA",
}
FORCES = {"O": "obligatoire", "S": "imprimé", "R": "recommandé", "L": "facultatif"}


def notice(model: type[Document]) -> str:
    """La notice d'un document, en Markdown : ce qu'il est, ses champs, ses règles, ses textes
    imprimés, ce que les guides demandent.
    """
    sections = (
        _identity(model),
        _fields(model),
        _rules(model.regles()),
        _mentions(model.schema_node()),
        _personal(model),
        _requirements(model),
    )
    return "\n\n".join("\n".join(section) for section in map(list, sections) if section) + "\n"


def main(target: Path) -> None:
    """Écrit ``<nom>.md`` pour tous les documents du registre."""
    target.mkdir(parents=True, exist_ok=True)
    for slug, model in DOCUMENTS.items():
        path = target / f"{slug}.md"
        path.write_text(notice(model), encoding="utf-8", newline="\n")
        print(path)


def _identity(model: type[Document]) -> Iterator[str]:
    slug = model.slug()
    yield f"# {model.titre}\n"
    yield (
        f"<!-- Écrit par « python -m dla_docs.manual.pages » d'après "
        f"dla_docs/documents/{slug}.py : corrigez la classe, pas cette page. -->\n"
    )
    yield f"{_module_docstring(model)}\n"
    yield f"- Nom : `{slug}`"
    yield f"- Nature : {model.nature_du_document.value}"
    yield from (f"- {name} : {said}" for name, said in _particulars(model) if said)
    shelves = (
        f"templates_docx/{slug}.docx",
        f"samples/{slug}.yaml",
        f"dla_docs/documents/{slug}.py",
    )
    yield f"- Fichiers : {', '.join(f'[`{shelf}`](../../{shelf})' for shelf in shelves)}"


def _particulars(model: type[Document]) -> Iterator[tuple[str, str]]:
    yield "Aussi appelé", ", ".join(f"« {name} »" for name in model.alias)
    yield "Stades", " → ".join(f"`{stade}`" for stade in model.stades or ())
    yield "Dans une mission", "un ou plusieurs" if model.multiple else "un seul"
    yield "Reprend de la mission", first_sentence(model.depuis) if "depuis" in vars(model) else ""
    yield "Remis à", model.remis_a()
    yield "Signatures", ", ".join([*model.signatures, *(one.titre for one in model.signataires)])


def _fields(model: type[Document]) -> Iterator[str]:
    yield "## Champs\n"
    yield (
        "`[]` marque les lignes d'une suite. Après chaque exigence, sa force : O obligatoire, S "
        "imprimé, R recommandé, L facultatif.\n"
    )
    yield from table(
        ("Libellé", "Chemin", "Attend", "Rempli par", "Exigences"),
        _field_rows(model, model.schema_node()),
    )


def _field_rows(model: type[Bloc], node: Node) -> Iterator[tuple[str, ...]]:
    for child in _fields_of(node):
        inner = bloc_of(model, child.name)
        label = cell(child.label) if inner is None else f"**{cell(child.label)}**"
        yield (
            label,
            f"`{child.path}`",
            cell(_expected(model, child)),
            _roles(child),
            _forces(child.exigences),
        )
        if inner is not None and not _in_brief(inner, child):
            yield from _field_rows(inner, child)


def _fields_of(node: Node) -> Iterator[Node]:
    return (child for child in node.children.values() if child.kind is not Kind.NOTE)


def _in_brief(model: type[Bloc], node: Node) -> bool:
    """An actor is the same everywhere: one line says its keys,
    unless a guide asks for one of them."""
    return bool(model.en_bref) and not any(
        child.exigences for child in node.walk() if child is not node
    )


def _expected(model: type[Bloc], node: Node) -> str:
    declared, inner = declaration(model, node.name), bloc_of(model, node.name)
    said = (
        _value_type(model, node.name)
        if inner is None
        else {Kind.PART: "une partie", Kind.ROWS: "des lignes"}[node.kind]
    )
    keys = [f"clés {_keys(node)}"] if inner is not None and _in_brief(inner, node) else []
    when = [_condition(declared)] if declared.si else []
    since = [f"dès le stade « {declared.des} »"] if declared.des is not None else []
    return " ; ".join([said, *keys, *when, *since])


def _keys(node: Node) -> str:
    return ", ".join(
        f"{child.name} ({_keys(child)})" if child.children else child.name
        for child in _fields_of(node)
    )


def _condition(declared: Champ) -> str:
    sentence = first_sentence(declared.si)
    return f"si : {sentence[:1].lower()}{sentence[1:]}"


def _value_type(model: type[Bloc], name: str) -> str:
    mark = next(
        (mark for mark in model.model_fields[name].metadata if isinstance(mark, Valeur)), None
    )
    return mark.description[:1].lower() + mark.description[1:] if mark else "un texte"


def _rules(rules: Iterable[Regle]) -> Iterator[str]:
    rows = [
        (
            cell(rule.phrase),
            f"`{rule.porte_sur}`" if rule.porte_sur else "",
            _scope(rule),
            _forces(rule.exigences),
        )
        for rule in rules
    ]
    if rows:
        yield "## Règles\n"
        yield from table(("Règle", "Porte sur", "Se vérifie", "Exigences"), rows)


def _scope(rule: Regle) -> str:
    place = "dans une mission" if rule.avec_mission else "toujours"
    return f"{place}, dès le stade « {rule.des} »" if rule.des is not None else place


def _mentions(root: Node) -> Iterator[str]:
    notes = [node for node in root.walk() if node.kind is Kind.NOTE]
    if notes:
        yield "## Textes imprimés\n"
        yield from table(
            ("Texte", "Chemin", "Exigences"),
            ((cell(note.text), f"`{note.path}`", _forces(note.exigences)) for note in notes),
        )


def _personal(model: type[Document]) -> Iterator[str]:
    rows = [
        (
            cell(one.label),
            f"`{one.node.path}`",
            cell(one.de),
            cell(one.pour),
            cell(one.duree),
            cell(said(one.lue_par)),
        )
        for one in personal_data(model)
    ]
    if rows:
        yield "## Données personnelles\n"
        yield from table(
            ("Champ", "Chemin", "De qui", "Pour", "Durée de conservation", "Lue par"), rows
        )


def _requirements(model: type[Document]) -> Iterator[str]:
    carried = dict.fromkeys(exigence.id for exigence in _carried(model))
    if carried:
        yield "## Ce que les guides demandent\n"
        yield from table(
            ("Exigence", "Force", "Ce qui est demandé", "Source"),
            (_requirement(referentiel()[identifiant]) for identifiant in carried),
        )


def _carried(model: type[Document]) -> Iterator[Exigence]:
    for node in model.schema_node().walk():
        yield from node.exigences
    for rule in model.regles():
        yield from rule.exigences


def _requirement(exigence: Exigence) -> tuple[str, ...]:
    titre = f"{exigence.titre} ({exigence.condition})" if exigence.condition else exigence.titre
    return (
        exigence.id,
        FORCES[exigence.force.value],
        cell(titre),
        cell(exigence.source.replace(" + ", " ; ")),
    )


def table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Les lignes d'un tableau, en Markdown."""
    names = list(headings)
    yield f"| {' | '.join(names)} |"
    yield f"|{'---|' * len(names)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def cell(text: str) -> str:
    """Un texte tel qu'un tableau Markdown le montre sans rien y changer."""
    return (
        " ".join(text.split())
        .replace("\\", "\\\\")
        .replace("|", "\\|")
        .replace("*", "\\*")
        .replace("_", "\\_")
        .replace("<", "\\<")
    )


def _forces(exigences: Iterable[Exigence]) -> str:
    return ", ".join(f"{exigence.id} ({exigence.force.value})" for exigence in exigences)


def _roles(node: Node) -> str:
    return ", ".join(said for role, said in ROLES.items() if role in node.roles)


def _module_docstring(model: type[Document]) -> str:
    """One line a paragraph: the page is not read at the width of the code."""
    paragraphs = inspect.cleandoc(sys.modules[model.__module__].__doc__ or "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def first_sentence(thing: object) -> str:
    """Ce que dit d'abord une docstring, sur une ligne et sans point."""
    return (inspect.getdoc(thing) or "").split("\n\n")[0].replace("\n", " ").rstrip(".")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/documents"))
