"""De quoi parle le document : en tête, ce qui le nomme en quelques lignes ; à la fin, comment
joindre chacun.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import chain, takewhile

from dla_docs.builder.cells import cell_blocks
from dla_docs.builder.compact import CELL, compact_blocks, compact_lines, invitation
from dla_docs.builder.control import control
from dla_docs.builder.items import Item, either, find, items_of, one_of
from dla_docs.builder.tables import label_width
from dla_docs.builder.wml import (
    Element,
    cell,
    closing,
    ending,
    gap,
    guarded,
    guarded_rows,
    paragraph,
    row,
    row_directive,
    run,
    table,
)
from dla_docs.model.document import Document
from dla_docs.model.layout import Ligne
from dla_docs.model.node import Kind
from dla_docs.templating.page_parts import LETTERS_PER_CM

FOLLOWED = "Suivi de la fiche"
BOX = 4  # letters: a box and what surrounds it


def printed_items(model: type[Document]) -> list[Item]:
    """Les champs d'un document, sans celui que dit son sous-titre."""
    return [item for item in items_of(model) if item.node.name != model.nomme_par]


def leading(model: type[Document]) -> list[Item]:
    """Les champs courts et les acteurs qui ouvrent un document."""
    items = printed_items(model)
    return list(
        takewhile(lambda item: item.compact or (item.kind is Kind.LEAF and not item.long), items)
    )


def subject(model: type[Document], items: Iterable[Item]) -> list[Element]:
    """Sous le titre : le nom du document, ou ce qui le distingue des autres de sa sorte dans une
    mission, quand l'identité ne le nomme pas sur une ligne.
    """
    if model.nomme_par:
        own = find(items_of(model), model.nomme_par)
        return guarded(own.guard, paragraph("SousTitre", *invitation(own), control(own)))
    said = {item.node.name for item in items if item.compact and item.bloc.en_tete}
    if not model.multiple or model.distingue_par in said:
        return []
    named = f"{model.distingue_par}.nom"
    return guarded(named, paragraph("SousTitre", run("{{ " + named + " }}")))


def identity(model: type[Document], items: Sequence[Item], width: float) -> list[Element]:
    """Le tableau d'identité : une ligne par acteur, les valeurs courtes deux par ligne."""
    elsewhere = (*model.a_joindre, *model.en_fin)
    here = [item for item in items if item.node.name not in elsewhere]
    return _two_by_two(model, here, width, "Identité du document")


def followed(model: type[Document], items: Sequence[Item], width: float) -> list[Element]:
    """Ce que devient la fiche une fois remplie : la fin le dit, la première page la nomme."""
    last = [item for item in items if item.node.name in model.en_fin]
    title = paragraph("Titre1", run(FOLLOWED))
    return guarded(either(last), title, *_two_by_two(model, last, width, FOLLOWED)) if last else []


def _two_by_two(
    model: type[Document], items: Sequence[Item], width: float, caption: str
) -> list[Element]:
    label = label_width(width)
    widths = (label, round(width / 2 - label, 2), label, round(width / 2 - label, 2))
    lines: list[Element] = []
    shown: list[str] = []
    for group in _pairs(items, model, widths[1]):
        found = [_reasons(item, model) for item in group]
        reasons = [*chain(*found)] if all(found) else []
        lines += guarded_rows(one_of(reasons), 4, _row(group, widths, model.en_entier))
        shown += reasons or ["true"]
    guard = "" if "true" in shown else one_of(shown)
    return guarded(guard, table("FicheDLA", widths, lines, caption), gap())


def _reasons(item: Item, model: type[Document]) -> list[str]:
    """What makes that an item is named: of an actor, what its lines say here."""
    short = item.kind is Kind.PART and item.bloc.en_tete and item.node.name not in model.en_entier
    if not short or item.conditional:
        return item.reasons
    names = [name for line in item.bloc.en_tete for name in line.champs]
    said = {fact for name in names for fact in item.child(name).facts}
    return [one for one in item.reasons if one in said or one not in item.facts]


def contacts(model: type[Document], items: Sequence[Item], width: float) -> list[Element]:
    """Les coordonnées que le tableau d'identité ne donne pas."""
    found = [
        item
        for item in items
        if item.compact
        and item.node.name not in model.en_entier
        and (item.bloc.en_tete or item.node.name in model.a_joindre)
    ]
    if not found:
        return []
    label = label_width(width)
    widths = (label, round(width - label, 2))
    lines = [
        line
        for rank, item in enumerate(found)
        # A table has a row at least.
        for line in guarded_rows(item.guard if rank else "", 2, *_contact_rows(item, widths))
    ]
    return guarded(
        _reachable(found),
        ending(),
        paragraph("Titre1", run("Coordonnées")),
        table("FicheDLA", widths, lines, "Coordonnées"),
        gap(),
    )


def _reachable(items: Iterable[Item]) -> str:
    """What makes that somebody can be reached: a fact of an actor, a row of several."""
    facts: list[str] = []
    for item in items:
        if item.kind is Kind.ROWS:
            facts.append(item.path)
            continue
        names = (
            name for line in _left(item.bloc.en_bref, item.bloc.en_tete) for name in line.champs
        )
        facts += [fact for name in names for fact in item.child(name).facts]
    return " or ".join([*facts, "formulaire", "brouillon"])


def _contact_rows(item: Item, widths: Sequence[float]) -> list[Element]:
    """A row for the actor, or one for each: its name again, for the identity block holds the field
    itself, and how to reach it.
    """
    if item.kind is Kind.ROWS:
        one = item.row()
        test = f"loop.first or not {one.path}.{item.bloc.principal}"
        line = _contact_row(one, guarded(test, *_title(numbered(item))), widths)
        return [row_directive(item.loop, 2), line, row_directive("endfor", 2)]
    return [_contact_row(item, _title([run(item.label)]), widths)]


def _title(words: list[Element]) -> list[Element]:
    return [paragraph("LibelleTableau", *words)]


def _contact_row(item: Item, title: list[Element], widths: Sequence[float]) -> Element:
    lines = tuple(_left(item.bloc.en_bref, item.bloc.en_tete))
    named = f"{item.path}.{item.bloc.principal}"
    name = guarded(named, paragraph(CELL, run("{{ " + named + " }}")))
    return row(
        cell(
            widths[0],
            [*title, *(name if item.bloc.en_tete else [])],
            shaded=True,
        ),
        cell(widths[1], [*compact_lines(item, lines), closing()]),
    )


def _left(lines: Iterable[Ligne], said: Iterable[Ligne]) -> Iterable[Ligne]:
    gone = {name for line in said for name in line.champs}
    for line in lines:
        if names := tuple(name for name in line.champs if name not in gone):
            yield replace(line, champs=names)


def _row(group: Sequence[Item], widths: Sequence[float], whole: Sequence[str]) -> Element:
    places = (widths[:2], widths[2:]) if len(group) > 1 else ((widths[0], sum(widths[1:])),)
    cells = [
        made
        for item, (label, value) in zip(group, places, strict=True)
        for made in (
            cell(label, _title(numbered(item)), shaded=True),
            cell(value, _content(item, whole), span=1 if len(group) > 1 else 3),
        )
    ]
    return row(*cells, splits=any(item.kind is Kind.ROWS for item in group))


def numbered(item: Item, style: str = "", made: Callable[[str], str] = str) -> list[Element]:
    """Le libellé d'un champ ; de lignes, au singulier ou au pluriel selon leur nombre."""
    one, many = _numbers(item.label)
    if item.kind is not Kind.ROWS or one == many:
        return [run(made(item.label), style)]
    return [
        run("{% if " + item.path + "|length > 1 %}"),
        run(made(many), style),
        run("{% else %}"),
        run(made(one), style),
        run("{% endif %}"),
    ]


def _numbers(label: str) -> tuple[str, str]:
    """« Structures bénéficiaires », of one: « Structure bénéficiaire »; « L'association », of
    several: « Les associations ». What follows a comma is no name: « conduite à plusieurs ».
    """
    name, comma, rest = label.partition(",")
    article = re.match(r"(?:L['’]|Les (?=[aâeéèêioôuyh]))", name)
    if article:
        words = name[article.end() :]
        many = words if re.match(r"\w+s\b", words) else re.sub(r"(?<!s)$", "s", words, count=1)
        one = re.sub(r"^(\w+)s\b", r"\1", words)
        return f"L'{one}{comma}{rest}", f"Les {many}{comma}{rest}"
    one = re.sub(r"s\b", "", name) if re.match(r"\w+s\b", name) else name
    return one + comma + rest, label


def _content(item: Item, whole: Sequence[str]) -> list[Element]:
    if not item.compact:
        return cell_blocks([item])
    named = item.bloc.en_tete if item.node.name not in whole else ()
    return compact_blocks(item, named or item.bloc.en_bref)


def _pairs(items: Sequence[Item], model: type[Document], room: float) -> list[list[Item]]:
    """Two by two, the values that stand on one line; on a wide page, the actors too."""
    groups: list[list[Item]] = []
    for item in items:
        fits = _fits(item, model, room) and bool(groups) and len(groups[-1]) == 1
        if fits and _fits(groups[-1][0], model, room):
            groups[-1].append(item)
        else:
            groups.append([item])
    return groups


def _fits(item: Item, model: type[Document], room: float) -> bool:
    if item.kind is Kind.LEAF:
        longest = max(map(len, item.node.choices), default=0)  # beside its box, on a form
        wide = longest > room * LETTERS_PER_CM - BOX
        return not (item.conditional or wide or item.node.name in model.en_entier)
    return not item.conditional and model.paysage and item.kind is Kind.PART
