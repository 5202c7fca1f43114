"""Le portrait d'un document : ses champs comme on les écrit, ce qu'on y met, qui les remplit, les
exigences et les règles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from dla_docs.cli.display import (
    say,
    say_folded,
    say_gap,
    say_part,
    say_title,
    show_table,
    terminal,
)
from dla_docs.manual.personal import personal_data
from dla_docs.model.bloc import Bloc
from dla_docs.model.document import Document
from dla_docs.model.node import Kind, Node
from dla_docs.model.recipients import said
from dla_docs.model.requirement import (
    DATE_DU_REFERENTIEL,
    VERSION_DU_REFERENTIEL,
    Exigence,
    Force,
)
from dla_docs.profils.profil import Profil

if TYPE_CHECKING:  # rich is imported where something is drawn
    from rich.text import Text

    from dla_docs.manual.sheet import FicheDExigence

FORCES = (
    "O obligatoire · S prévu par le guide ou son formulaire · R recommandé · L facultatif · "
    "– pas demandé par ce profil"
)
COLOURS = {
    Force.OBLIGATOIRE: "red",
    Force.STRUCTURE: "yellow",
    Force.RECOMMANDE: "cyan",
    Force.LIBRE: "dim",
}
VALUES = {
    "periode": "période",
    "annee": "année",
    "date_longue": "date",
    "montant_ht": "montant HT",
    "telephone": "téléphone",
    "jours": "nombre de jours",
    "jours_longs": "nombre de jours",
}


def show(model: type[Document], profil: Profil) -> None:
    """Écrit le portrait d'un document ; chaque force est celle du profil."""
    _say_who(model)
    nodes = [node for node in model.schema_node().walk() if node.path and node.path != "documents"]
    if terminal():
        usual = model.schema_node().roles
        say(f"Rempli par : {_roles(usual)}, sauf mention.\n")
        show_table(("Clé", "Libellé", "Valeur", "Exigences"), _drawn_rows(nodes, usual, profil))
    else:
        say("")
        rows = (
            (
                node.path,
                node.label or node.text,
                _value(node),
                _roles(node.roles),
                _forces(node.exigences, node.path, profil),
            )
            for node in nodes
        )
        show_table(("Champ", "Libellé", "Valeur", "Rempli par", "Exigences"), rows)
    _say_rules(model, profil)
    _say_process(model, profil)
    _say_personal(model)
    say("")
    say_folded(FORCES)


def show_requirements(rows: list[dict[str, Any]], slug: str | None) -> None:
    """Écrit une liste d'exigences ; quand ce sont celles d'un document, ses chemins s'abrègent."""
    places = [
        [place for place in row["ou"] if slug is None or place.startswith(f"{slug}.")]
        for row in rows
    ]
    first = [(row["id"], row["force"] or "–", ",".join(row["guides"])) for row in rows]
    day = f"{DATE_DU_REFERENTIEL:%d/%m/%Y}"
    if terminal():
        drawn = [
            (*head, _drawn_requirement(row["titre"], ou or [row["sans_trace"] or ""], slug))
            for head, row, ou in zip(first, rows, places, strict=True)
        ]
        show_table(("Exigence", "Force", "Guides", "Ce qui est demandé, et où"), drawn, whole=3)
    else:
        plain = [
            (*head, row["titre"], " ".join(row["ou"]) or row["sans_trace"] or "")
            for head, row in zip(first, rows, strict=True)
        ]
        show_table(("Exigence", "Force", "Guides", "Titre", "Où"), plain)
    say(f"\nRéférentiel, version {VERSION_DU_REFERENTIEL} du {day}.")
    say_folded(FORCES)


def show_sheet(one: FicheDExigence) -> None:
    """Écrit tout ce que l'on sait d'une exigence."""
    say_title(f"{one.id} · {one.titre}")
    if one.condition:
        say_part("Précision", one.condition)
    say_part("Force", one.forces_dites)
    for word in one.guides:
        quoted = " ; ".join(f"« {words} »" for words in word.mots)
        say_part(f"{word.guide}, « {word.rubrique} », {word.force}", quoted)
    for place in one.endroits:
        say_gap()
        path = f"{place.document}.{place.chemin}".rstrip(".")
        say_part("Porte sur", f"{path} ({place.libelle})")
        say_part("Message", place.message)
        say_part("Remède", place.conseil)
    for case in one.cas:
        say_gap()
        say_part(f"Fautif, dans {case.exemple}", case.fautive)
        say_part("Juste", case.juste)
    if one.sans_trace:
        say_part("Sans trace dans un document", one.sans_trace)


def _drawn_requirement(title: str, places: list[str], slug: str | None) -> Text:
    from rich.text import Text

    shown = [place.removeprefix(f"{slug}.") for place in places]
    return Text("\n").join([Text(title), *(Text(place, "dim") for place in shown)])


def _say_who(model: type[Document]) -> None:
    say_title(model.titre)
    say_folded(model.source)
    if model.alias:
        say(f"Aussi appelé : {', '.join(model.alias)}")
    if model.communique_a:
        say_part("Remis à", model.remis_a())
    if model.stades:
        say(f"Stades : {', '.join(map(str, model.stades))}")


def _say_rules(model: type[Bloc], profil: Profil) -> None:
    rules = [
        f"  {rule.phrase} ({_forces(rule.exigences, rule.porte_sur, profil)})"
        for rule in model.regles()
        if rule.exigences
    ]
    if rules:
        say("")
        say_title("Règles")
        for rule in rules:
            say_folded(rule)


def _say_personal(model: type[Document]) -> None:
    found = list(personal_data(model))
    if found:
        say("")
        say_title("Données personnelles")
    for one in found:
        whose = f"{one.de}, pour {one.pour} ; conservation {one.duree}"
        say_part(one.node.path, f"{whose} ; lue par {said(one.lue_par)}")


def _say_process(model: type[Bloc], profil: Profil) -> None:
    steps = [
        f"  Dès que {one.des.phrase} : {one.quoi} ({_forces(one.exigences, one.chemin, profil)})"
        for one in model.attendus
    ]
    if steps:
        say("")
        say_title("Ce que le processus attend")
        for step in steps:
            say_folded(step)


def _drawn_rows(
    nodes: Iterable[Node], usual: frozenset[str], profil: Profil
) -> Iterator[tuple[str | Text, ...]]:
    from rich.text import Text

    said = {"": usual}
    for node in nodes:
        parent = node.path.removesuffix(node.name).rstrip(".").removesuffix("[]")
        depth = node.path.count(".")
        key = Text(
            "  " * depth + node.name,
            "" if node.kind is Kind.LEAF else "italic dim" if node.kind is Kind.NOTE else "bold",
        )
        label = Text(node.label or node.text, "italic dim" if node.kind is Kind.NOTE else "")
        said[node.path] = node.roles or said.get(parent, usual)
        if said[node.path] != said.get(parent, usual):
            label.append(f" [{_roles(node.roles)}]", "magenta")
        yield key, label, Text(_value(node), "green"), _drawn_forces(node, profil)


def _value(node: Node) -> str:
    if node.kind is Kind.LEAF:
        return " | ".join(node.choices) or (
            "texte long" if node.multiline else VALUES.get(node.format, node.format)
        )
    return {Kind.ROWS: "liste", Kind.NOTE: "texte imprimé"}.get(node.kind, "")


def _roles(roles: Iterable[str]) -> str:
    return ", ".join(sorted(roles))


def _forces(exigences: Iterable[Exigence], path: str, profil: Profil) -> str:
    return " ".join(f"{one}({letter})" for one, letter, _ in _said(exigences, path, profil))


def _drawn_forces(node: Node, profil: Profil) -> Text:
    from rich.text import Text

    said = _said(node.exigences, node.path, profil)
    return Text("\n").join(Text(f"{one} {letter}", colour) for one, letter, colour in said)


def _said(
    exigences: Iterable[Exigence], path: str, profil: Profil
) -> Iterator[tuple[Exigence, str, str]]:
    for exigence in exigences:
        force = profil.force(exigence, path)
        yield exigence, force.value if force else "–", COLOURS[force] if force else "dim"
