"""Qui signe, et où : des cadres en fin de fiche, ceux d'un contrat, le bas d'une lettre."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dla_docs.builder.compact import inline_if
from dla_docs.builder.control import control
from dla_docs.builder.items import Item, find
from dla_docs.builder.printed_words import introduced, typeset
from dla_docs.builder.wml import (
    Element,
    cell,
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
from dla_docs.model.node import Kind

HEIGHT, CONTRACT_HEIGHT = 2.2, 3.5  # cm
DOTS = "…" * 8  # a place to write by hand
NAMES_SHARE = 0.4  # of the width of a page, beside a signature


def boxes(names: Sequence[str], width: float) -> list[Element]:
    """Un cadre par signataire, sous un titre."""
    share = round(width / max(len(names), 2), 2)
    signed = introduced("Date et signature").rstrip()
    spaces = (
        cell(share, [paragraph("TexteTableau", run(signed, "LibelleEnLigne"))]) for _ in names
    )
    lines = [_heads(names, share), row(*spaces, height=HEIGHT)]
    title = "Signatures" if len(names) > 1 else "Signature"
    return [
        paragraph("Titre1", run(title)),
        table("TableauDLA", [share] * len(names), lines, title, header=True),
        gap(),
    ]


def _heads(names: Iterable[str], share: float) -> Element:
    cells = (
        cell(share, [paragraph("TitreColonne", run(typeset(name)))], shaded=True) for name in names
    )
    return row(*cells, header=True)


def contract_boxes(model: type[Document], items: Sequence[Item], width: float) -> list[Element]:
    """Les cadres d'un contrat : le jour où chacun signe, son nom et sa qualité ; de plusieurs
    structures, la première y est, les autres ont chacune leur ligne au-dessous, comme les parties
    dont la classe ne dit pas le jour.
    """
    signers = model.signataires
    share = round(width / len(signers), 2)
    holders = [find(items, signer.partie) for signer in signers]
    named = [*zip(signers, holders, strict=True)]
    heads = _heads([signer.titre for signer in signers], share)
    days = row(*(cell(share, _day(find(items, signer.le))) for signer in signers))
    spaces = (
        cell(share, [*_named(one.personne, item, _first(item)), _signature()])
        for one, item in named
    )
    lines = [heads, days, row(*spaces, height=CONTRACT_HEIGHT)]
    others = [
        made
        for one, item in named
        if item.kind is Kind.ROWS
        for made in _others(item, one.personne, width, 1)
    ]
    unsaid = [
        made
        for item in items
        if item.kind is Kind.ROWS and item.bloc.signe_par and item not in holders
        for made in guarded(item.guard, *_others(item, item.bloc.signe_par, width, 0))
    ]
    widths = [share] * len(signers)
    return [table("TableauDLA", widths, lines, "Signatures", header=True), gap(), *others, *unsaid]


def _first(holder: Item) -> str:
    return f"{holder.path}[0]" if holder.kind is Kind.ROWS else holder.path


def _others(rows: Item, person: str, width: float, boxed: int) -> list[Element]:
    """Each of them on a row of its own, but those that ``boxed`` counts above: no box of another is
    empty beside it.
    """
    widths = (round(width * NAMES_SHARE, 2), round(width * (1 - NAMES_SHARE), 2))
    named = _named(person, rows, rows.row().path, ("LibelleTableau", ""))
    line = row(
        cell(widths[0], [*named, paragraph("Intervalle")], shaded=True),
        cell(widths[1], [_by_hand("Signé le"), _signature()]),
        height=CONTRACT_HEIGHT,
    )
    loop = [
        row_directive(rows.loop, 2),
        *guarded_rows(f"loop.index > {boxed}", 2, line),
        row_directive("endfor", 2),
    ]
    made = table("FicheDLA", widths, loop, "Signatures (suite)")
    return guarded(f"{rows.path}|length > {boxed}", ending(), made, gap())  # never alone on a page


def _day(item: Item) -> list[Element]:
    label = run(introduced(item.label), "LibelleEnLigne")
    return [paragraph("TexteTableau", label, control(item), keep=True)]


def _named(
    person: str, owner: Item, path: str, look: tuple[str, str] = ("TexteTableau", "Fort")
) -> list[Element]:
    name = f"{path}.{owner.bloc.principal}"
    return [
        *guarded(name, paragraph(look[0], run("{{ " + name + " }}", look[1]))),
        *_line(f"{path}.{person}.nom", "Nom"),
        *_line(f"{path}.{person}.fonction", "Qualité"),
    ]


def _line(path: str, label: str) -> list[Element]:
    """What is known of who signs; a place to write it by hand where it is not."""
    return [
        *guarded(path, paragraph("TexteTableau", run("{{ " + path + " }}"))),
        *guarded(f"not {path}", _by_hand(label)),
    ]


def _by_hand(label: str) -> Element:
    words = (run(introduced(label), "LibelleEnLigne"), run(DOTS))
    return paragraph("TexteTableau", *words, keep=True)


def _signature() -> Element:
    """With its own room below, however long the names above."""
    return paragraph("PlaceDeSignature", run(introduced("Signature").rstrip(), "LibelleEnLigne"))


def letter_signature(model: type[Document], items: Sequence[Item]) -> list[Element]:
    """Le bas d'une lettre : qui signe, en quelle qualité."""
    [signer] = model.signataires
    person = f"{find(items, signer.partie).path}.{signer.personne}"
    name = inline_if(f"{person}.nom", run("{{ " + person + ".nom }}"))
    quality = f"{person}.fonction"
    known = [*inline_if(quality, run("{{ " + quality + " }}"))]
    usual = inline_if(f"not {quality}", run(typeset(signer.titre)))
    return [
        paragraph("SignatureDeLettre", *known, *usual, keep=True),
        paragraph("NomDeSignature", *name),
    ]
