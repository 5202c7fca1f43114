"""Ce que dit l'en-tête d'un formulaire à qui le reçoit : qui le remplit, à qui le rendre et quand,
combien de lignes lui restent, comment répondre.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from enum import Enum
from functools import lru_cache

from dla_docs.model.bloc import Bloc, bloc_of, declaration
from dla_docs.model.document import Document
from dla_docs.model.formats import format_value
from dla_docs.model.node import Kind, Node
from dla_docs.model.requirement import Role
from dla_docs.stages.lost_values import way_to
from dla_docs.stages.printable import blank_rows
from dla_docs.stages.request import Request

BY = {
    Role.CHARGE_DE_MISSION.value: "le ou la chargé(e) de mission",
    Role.DLA.value: "le DLA",
    Role.STRUCTURE.value: "la structure",
    Role.PRESTATAIRE.value: "le prestataire",
    Role.PARTICIPANT.value: "le ou la participant(e)",
    Role.COMITE.value: "le comité",
}
OURS = frozenset({Role.CHARGE_DE_MISSION.value, Role.DLA.value})  # who has nobody to return it to
TO_WRITE = 12 * "…"
MOST = 4  # parts named to each of those who fill the form


class Way(Enum):
    """Une façon de remplir, et la phrase qui l'explique."""

    TINTED = "Écrivez dans les cases teintées."
    TICKED = "Devant plusieurs réponses, n'en cochez qu'une."
    MARKED = "L'astérisque (*) marque ce que les guides demandent."


def head_lines(request: Request, ways: Collection[Way]) -> tuple[str, ...]:
    """Les lignes à imprimer sous le titre d'un formulaire qui se remplit de ces façons."""
    how = " ".join(way.value for way in Way if way in ways)
    return tuple(filter(None, (_who(request), _back(request), _rows(request), how)))


def _who(request: Request) -> str:
    if request.role:
        return f"À remplir par {BY[request.role]}."
    opened = [*_open_parts(request)]
    parts = {role: [label for label, roles in opened if role in roles] for role in BY}
    named = {role: labels for role, labels in parts.items() if labels}
    if len(named) == 1:
        return f"À remplir par {BY[next(iter(named))]}."
    said = (f"par {BY[role]}, {_enumerated(labels)}" for role, labels in named.items())
    return f"À remplir : {' ; '.join(said)}." if named else ""


def asked_of(request: Request) -> str:
    """Les parties que remplit celui à qui le formulaire est fait : « Le budget » et « Le calendrier
    » ; vide quand il n'est fait à personne, ou n'a pas de parties.
    """
    labels = [label for label, roles in _open_parts(request) if request.role in roles]
    return _enumerated(labels) if labels else ""


def _open_parts(request: Request) -> Iterator[tuple[str, frozenset[str]]]:
    """The parts of the form, or the fields at its top, that have a name, and who fills them."""
    schema = type(request.document).schema_node()
    roles = _roles(type(request.document), request.mode.open_paths)
    for part in _shown(request.document, schema.children.values(), request):
        if part.label:
            yield part.label.rstrip(" :"), roles[part.name]


@lru_cache(256)
def _roles(model: type[Document], opened: frozenset[str]) -> dict[str, frozenset[str]]:
    """Who fills each part of this document, of which these fields are open."""
    return {
        name: frozenset().union(*(leaf.roles for leaf in part.leaves() if leaf.path in opened))
        for name, part in model.schema_node().children.items()
    }


def _enumerated(labels: list[str]) -> str:
    shown = [f"« {label} »" for label in dict.fromkeys(labels)]
    more = len(shown) - MOST
    if more > 1:
        return f"{', '.join(shown[:MOST])} et {more} autres parties"
    return " et ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _back(request: Request) -> str:
    if request.role in OURS:
        return ""
    document, mission = request.document, request.document._mission
    dla = getattr(document, "operateur", None) or getattr(mission, "operateur", None)
    who = getattr(dla, "charge_de_mission", None)
    held = (getattr(who, "nom", ""), getattr(dla, "nom", ""), getattr(who, "courriel", ""))
    when = document.a_rendre_le
    day = format_value("date_longue", when) if when else TO_WRITE
    return f"À retourner à {', '.join(filter(None, held)) or TO_WRITE} avant le {day}."


def _rows(request: Request) -> str:
    schema = type(request.document).schema_node()
    found = [*_blank(request.document, schema, request)]
    if not found:
        return ""
    told = ", ".join(f"{number} pour « {label} »" for label, number in found)
    return (
        f"Lignes libres : {told}. S'il en faut plus, copiez-en une dans le fichier Word et "
        f"collez-la dessous."
    )


def _blank(bloc: Bloc, node: Node, request: Request) -> Iterator[tuple[str, int]]:
    """The rows left to add, for each list that the recipient may write in."""
    for child in _shown(bloc, node.children.values(), request):
        if child.kind is Kind.PART:
            yield from _blank(getattr(bloc, child.name), child, request)
        elif child.kind is Kind.ROWS:
            held = len(getattr(bloc, child.name))
            number = len(blank_rows(bloc, child, True, held, request.lignes))
            row = bloc_of(type(bloc), child.name)
            if number and child.label and row is not None and not row.en_bref:
                yield child.label.rstrip(" :"), number


def _shown(bloc: Bloc, nodes: Iterable[Node], request: Request) -> Iterator[Node]:
    held = way_to(request.mode.open_paths)
    for node in (node for node in nodes if node.name not in type(bloc).hors_page):
        opened = node.path in held
        condition = declaration(type(bloc), node.name).si if opened else None
        if opened and (condition is None or condition(bloc, request.document)):
            yield node
