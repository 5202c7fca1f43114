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
from dla_docs.model.layout import Signataire
from dla_docs.model.node import Kind

HEIGHT, CONTRACT_HEIGHT = 2.2, 3.5  # cm


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
    """Les cadres d'un contrat : le jour où chacun signe, son nom et sa qualité ; une ligne par
    structure, quand elles sont plusieurs à signer.
    """
    signers, count = model.signataires, len(model.signataires)
    share = round(width / count, 2)
    holders = [find(items, signer.partie) for signer in signers]
    rows = next((item for item in holders if item.kind is Kind.ROWS), None)
    named = zip(signers, holders, strict=True)
    line = row(
        *(cell(share, _box(*one, rows is not None)) for one in named), height=CONTRACT_HEIGHT
    )
    lines = [line]
    if rows is not None:
        blank = row(*(cell(share, [_signature()]) for _ in signers), height=CONTRACT_HEIGHT)
        loop = [row_directive(rows.loop, count), line, row_directive("endfor", count)]
        lines = [*loop, *guarded_rows(f"not {rows.path}", count, blank)]
    heads = _heads([signer.titre for signer in signers], share)
    days = row(*(cell(share, _day(find(items, signer.le))) for signer in signers))
    widths = [share] * count
    return [table("TableauDLA", widths, [heads, days, *lines], "Signatures", header=True), gap()]


def _day(item: Item) -> list[Element]:
    label = run(introduced(item.label), "LibelleEnLigne")
    return [paragraph("TexteTableau", label, control(item), keep=True)]


def _box(signer: Signataire, holder: Item, in_rows: bool) -> list[Element]:
    """Where each structure has a row, what is said once is said on the first."""
    owner = holder.row() if holder.kind is Kind.ROWS else holder
    person = f"{owner.path}.{signer.personne}"
    said = [
        *_line(f"{owner.path}.{owner.bloc.principal}", "Fort"),
        *_line(f"{person}.nom"),
        *_line(f"{person}.fonction"),
        _signature(),
    ]
    once = in_rows and holder.kind is not Kind.ROWS
    return [*guarded("loop.first", *said), paragraph("Intervalle")] if once else said


def _line(path: str, style: str = "") -> list[Element]:
    return guarded(path, paragraph("TexteTableau", run("{{ " + path + " }}", style)))


def _signature() -> Element:
    """With its own room below, however long the names above."""
    return paragraph("PlaceDeSignature", run(introduced("Signature").rstrip(), "LibelleEnLigne"))


def letter_signature(model: type[Document], items: Sequence[Item]) -> list[Element]:
    """Le bas d'une lettre : qui signe, en quelle qualité."""
    [signer] = model.signataires
    person = f"{find(items, signer.partie).path}.{signer.personne}"
    name = inline_if(f"{person}.nom", run("{{ " + person + ".nom }}"))
    return [
        paragraph("SignatureDeLettre", run(typeset(signer.titre)), keep=True),
        paragraph("NomDeSignature", *name),
    ]
