"""La vérification de ce qui vient d'être produit : le fichier est sain, chaque valeur et chaque
texte y sont, aucune balise n'y reste.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from dla_docs.constat import Constat
from dla_docs.model.document import Document
from dla_docs.model.formats import format_value
from dla_docs.model.node import Kind, Node, schema_path, steps
from dla_docs.raw import value_at
from dla_docs.stages.request import resolve
from dla_docs.word.package import open_package, parse_part
from dla_docs.word.page import controls_in, text_of
from dla_docs.word.soundness import soundness

LEFTOVER = re.compile(r"\{[{%].*?[%}]\}")


def verify(
    octets: bytes, document: Document, printed: Mapping[str, object] | None = None
) -> list[Constat]:
    """Les constats d'un .docx produit : il est sain, et fidèle à ses données.

    Arguments :
    - ``octets`` : le .docx.
    - ``document`` : ce qu'il devait dire.
    - ``printed`` : les valeurs qui ont été imprimées ; sans elles, celles du document,
      sous son profil.

    Rend : une liste de ``Constat``, vide quand tout y est.

    Erreurs :
    - ``PackageError`` : ces octets ne sont pas un fichier Word, ou ne s'ouvrent pas sans danger.
    """
    parts = open_package(octets)
    text = _text(parts)
    printed = resolve(document).values if printed is None else printed
    node = type(document).schema_node()
    return [
        *soundness(parts),
        *_values(parts, printed, node),
        *_notes(printed, node, text),
        *_tags(text, printed),
    ]


def _text(parts: Mapping[str, bytes]) -> str:
    stories = [
        name
        for name in sorted(parts)
        if re.fullmatch(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml", name)
    ]
    return "\n".join(text_of(parse_part(parts[name], name)) for name in stories)


def _values(
    parts: Mapping[str, bytes], printed: Mapping[str, object], node: Node
) -> Iterator[Constat]:
    shown = {control.tag: control.text for control in controls_in(parts)}
    controlled = {schema_path(tag) for tag in shown}
    for path, leaf, value in _leaves(printed, node, ""):
        expected = _flat(format_value(leaf.format, value))
        if not expected or leaf.path not in controlled:
            continue
        if _flat(shown.get(path, "")) != expected:
            yield Constat(
                f"{leaf.label} : « {expected[:60]} » n'est pas dans le document produit ({path}).",
                chemin=path,
            )


def _notes(printed: Mapping[str, object], node: Node, text: str) -> Iterator[Constat]:
    flat = _flat(text)
    for note in (
        child for child in node.walk() if child.kind is Kind.NOTE and "[]" not in child.path
    ):
        said = value_at(printed, steps(note.path), None)
        if isinstance(said, str) and note.exigences and _flat(said) not in flat:
            yield Constat(
                f"Le texte « {said[:60]}… » n'est pas imprimé ({note.path}).",
                chemin=note.path,
                exigences=tuple(e.id for e in note.exigences),
            )


def _tags(text: str, printed: Mapping[str, object]) -> Iterator[Constat]:
    data = str(printed)
    for left in dict.fromkeys(LEFTOVER.findall(text)):
        if left not in data:
            yield Constat(
                f"La balise « {left} » est restée dans le document.",
                conseil="Corrigez le modèle Word : « dla-docs modele verifier » dit où.",
            )


def _leaves(printed: object, node: Node, path: str) -> Iterator[tuple[str, Node, object]]:
    if not isinstance(printed, Mapping):
        return
    for child in node.children.values():
        value, way = printed.get(child.name), f"{path}{child.name}"
        if child.kind is Kind.LEAF:
            yield way, child, value
        elif child.kind is Kind.PART:
            yield from _leaves(value, child, f"{way}.")
        elif isinstance(value, list):
            for number, row in enumerate(value):
                yield from _leaves(row, child, f"{way}[{number}].")


def _flat(text: str) -> str:
    return " ".join(text.split())
