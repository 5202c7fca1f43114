"""Ce qu'un carnet (Jupyter) montre d'un document, d'une mission ou de constats : un tableau,
lisible sans couleurs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Any

from dla_docs.constat import Constat, Gravite
from dla_docs.model.bloc import Bloc
from dla_docs.model.formats import format_value
from dla_docs.model.node import Kind, Node

MARKS = {Gravite.BLOQUANT: "⛔", Gravite.AVERTISSEMENT: "⚠", Gravite.INFORMATION: "ℹ"}
COLOURS = {
    Gravite.BLOQUANT: "#b3261e",
    Gravite.AVERTISSEMENT: "#8a5a00",
    Gravite.INFORMATION: "#1f5f99",
}
LEFT = 'style="text-align:left;vertical-align:top"'


class Constats(list[Constat]):
    """Des constats, qu'un carnet montre un par ligne, dans l'ordre où ils sont ; « Conforme » quand
    il n'y en a pas.
    """

    def _repr_html_(self) -> str:
        rows = [
            (
                _mark(constat),
                escape(constat.message),
                escape(constat.source),
                escape(constat.conseil),
            )
            for constat in self
        ]
        return (
            _table("", ("", "Constat", "Source", "Que faire"), rows)
            if rows
            else "<p>✔ Conforme : rien à dire.</p>"
        )


def document_html(document: Bloc) -> str:
    """Ce qui est rempli, avec les libellés officiels ; ce qui ne l'est pas n'est pas montré."""
    filled = list(_filled(document, type(document).schema_node(), 0))
    return (
        _table(type(document).titre_de_partie(), ("Champ", "Valeur"), filled)
        if filled
        else (
            f"<p><strong>{escape(type(document).titre_de_partie())}</strong> : rien n'est encore "
            f"rempli.</p>"
        )
    )


def mission_html(mission: Any) -> str:
    """L'en-tête de la mission, puis ses documents."""
    held = [
        (escape(document.titre), escape(document.nom_distinctif or ""))
        for several in mission.documents.values()
        for document in several
    ]
    return document_html(mission) + _table("Documents", ("Document", "De"), held)


def _mark(constat: Constat) -> str:
    return (
        "<span "
        f'style="color:{COLOURS[constat.gravite]};white-space:nowrap">{MARKS[constat.gravite]} '
        f"{escape(str(constat.gravite))}</span>"
    )


def _filled(bloc: Any, node: Node, depth: int) -> Iterator[tuple[str, str]]:
    for child in node.children.values():
        value = getattr(bloc, child.name, None)
        indent = "\N{NO-BREAK SPACE}" * 4 * depth
        if child.kind is Kind.LEAF and child.name != "cle" and value is not None:
            yield (
                f"{indent}{escape(child.label)}",
                escape(format_value(child.format, value)).replace("\n", "<br>"),
            )
        elif child.kind is Kind.PART:
            yield from _titled(
                f"{indent}<strong>{escape(child.label)}</strong>", _filled(value, child, depth + 1)
            )
        elif child.kind is Kind.ROWS:
            for number, row in enumerate(value or (), 1):
                yield from _titled(
                    f"{indent}<strong>{escape(child.label)} {number}</strong>",
                    _filled(row, child, depth + 1),
                )


def _titled(title: str, rows: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    if held := list(rows):
        yield title, ""
        yield from held


def _table(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    caption = (
        f'<caption style="text-align:left"><strong>{escape(title)}</strong></caption>'
        if title
        else ""
    )
    head = "".join(f"<th {LEFT}>{escape(heading)}</th>" for heading in headings)
    body = "".join(f"<tr>{''.join(f'<td {LEFT}>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
