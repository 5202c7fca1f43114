"""Un acteur en quelques lignes dans une cellule : ses champs bout à bout, les absents sans laisser
de trace.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dla_docs.builder.control import control
from dla_docs.builder.items import Item
from dla_docs.builder.printed_words import introduced
from dla_docs.builder.wml import Element, directive, gap, guarded, paragraph, run
from dla_docs.model.layout import Ligne
from dla_docs.model.node import Kind

CELL = "TexteTableau"
GAP = "à compléter"


@dataclass(frozen=True)
class Piece:
    """Un champ d'une ligne, ce qui le sépare du précédent, son libellé s'il est écrit, et celui qui
    l'annonce sur un formulaire.
    """

    item: Item
    separator: str
    label: str = ""
    style: str = ""
    invitation: str = ""


def compact_blocks(item: Item, lines: Sequence[Ligne] | None = None) -> list[Element]:
    """Les paragraphes d'un acteur, ou de chacun d'une suite d'acteurs ; ``lines`` : ce que l'on en
    dit, sinon ``en_bref``.
    """
    lines = item.bloc.en_bref if lines is None else lines
    if item.kind is Kind.PART:
        return compact_lines(item, lines)
    between = guarded("not loop.first", gap()) if len(lines) > 1 else []
    return [
        directive(item.loop),
        *between,
        *compact_lines(item.row(), lines),
        directive("endfor"),
        *reminder(item),
    ]


def reminder(rows: Item) -> list[Element]:
    """Dans un brouillon, la place de lignes qu'un guide demande
    et que personne n'a encore écrites."""
    return (
        guarded(f"brouillon and not {rows.path}", paragraph(CELL, run(GAP, "Manque")))
        if rows.compelled
        else []
    )


def compact_lines(item: Item, lines: Sequence[Ligne]) -> list[Element]:
    """Les paragraphes d'un acteur : un par ligne."""
    return [block for line in lines for block in _line(item, line)]


def _line(owner: Item, line: Ligne) -> list[Element]:
    pieces = list(_pieces(owner, line))
    inline = [
        element for number, piece in enumerate(pieces) for element in _piece(piece, pieces[:number])
    ]
    items = [owner.child(name) for name in line.champs]
    heading = _heading(items, line)
    kept = ["formulaire", *(["brouillon"] if any(item.compelled for item in items) else [])]
    test = " or ".join([*(item.filled for item in items), *kept])
    return guarded(test, paragraph(CELL, *heading, *inline))


def _heading(items: list[Item], line: Ligne) -> list[Element]:
    first = items[0]
    if line.libelle:
        return [] if first.kind is Kind.LEAF else _named(first)
    if first.kind is not Kind.ROWS:
        return []
    asked = next(first.row().leaves())  # names alone say what they are, places to fill do not
    return inline_if("formulaire", run(introduced(asked.label), "LibelleEnLigne"))


def _named(item: Item) -> list[Element]:
    """« Responsable : », but not before a « Chargée de mission DLA » who is the one of the DLA."""
    label = run(introduced(item.label), "LibelleEnLigne")
    if item.kind is Kind.ROWS or not item.bloc.dite_par:
        return [label]
    said = f"{item.path}.{item.bloc.dite_par}"
    forms = (item.label.lower().replace("(e)", one) for one in ("", "e", "(e)"))
    same = " or ".join(f'{said}|lower == "{form}"' for form in dict.fromkeys(forms))
    return inline_if(f"formulaire or not {said} or not ({same})", label)


def _pieces(owner: Item, line: Ligne) -> Iterator[Piece]:
    for number, name in enumerate(line.champs):
        style = "Fort" if line.fort and not number else ""
        item = owner.child(name)
        separator = line.separateur if number else ""
        if item.kind is Kind.PART:
            yield from _flattened(item, separator)
        else:
            label = introduced(item.label) if line.libelle and item.kind is Kind.LEAF else ""
            yield Piece(item, separator, label, style)


def _flattened(part: Item, separator: str) -> Iterator[Piece]:
    invitation = part.label if len(list(part.leaves())) == 1 else ""
    for line in part.bloc.en_bref:
        for number, piece in enumerate(_pieces(part, line)):
            yield replace(
                piece,
                separator=piece.separator if number else separator,
                invitation=invitation or piece.invitation,
            )
        separator = ", "


def _piece(piece: Piece, before: list[Piece]) -> list[Element]:
    return [*_separator(piece, before), *_value(piece)]


def _separator(piece: Piece, before: list[Piece]) -> list[Element]:
    if not before:
        return []
    some = " or ".join(other.item.filled for other in before)
    own = piece.item.filled
    if any(other.item.compelled for other in before):  # whose place a draft keeps
        some += " or brouillon"
    if piece.item.compelled:
        own = f"({own} or brouillon)"
    test = f"({own} and ({some})) or formulaire"
    return inline_if(test, run(piece.separator))


def _value(piece: Piece) -> list[Element]:
    if piece.item.kind is Kind.ROWS:
        return _listed(piece.item)
    label = (
        [run(piece.label, "LibelleEnLigne")]
        if piece.label
        else invitation(piece.item, piece.invitation)
    )
    test = "" if piece.item.compelled else f"{piece.item.filled} or formulaire"
    return inline_if(test, *label, control(piece.item, piece.style))


def invitation(item: Item, label: str = "") -> list[Element]:
    """Le libellé d'une valeur qui s'en passe une fois écrite : montré seulement sur un formulaire
    où elle est à remplir.
    """
    return inline_if(
        f"formulaire and not ({item.filled})",
        run(introduced(label or item.label), "LibelleEnLigne"),
    )


def _listed(rows: Item) -> list[Element]:
    """Rows of one value each, on one line: « DDTEFP, Caisse des Dépôts »."""
    leaf = next(rows.row().leaves())
    missing = (
        inline_if(f"brouillon and not {rows.path}", run(GAP, "Manque")) if rows.compelled else []
    )
    return [
        run("{% " + rows.loop + " %}"),
        control(leaf),
        run("{% if not loop.last %}, {% endif %}"),
        run("{% endfor %}"),
        *missing,
    ]


def inline_if(test: str, *inline: Element) -> list[Element]:
    """Des mots que la ligne ne montre que si ``test`` est vrai ; toujours, s'il est vide."""
    return [run("{% if " + test + " %}"), *inline, run("{% endif %}")] if test else list(inline)
