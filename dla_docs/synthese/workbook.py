"""Le classeur d'une synthèse : une feuille par vue, les nombres comme des nombres, les parts comme
des pourcentages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from dla_docs.documents.synthese_evaluations import SyntheseEvaluations
from dla_docs.model.formats import format_value
from dla_docs.model.node import Kind
from dla_docs.parties.synthese import Bilan, Chiffres, Critere, Groupe
from dla_docs.tables.writing import Percentage, workbook_of

FIGURES = tuple(node.label for node in Chiffres.schema_node().children.values())
EVERY = "Tous les critères"


Sheet = tuple[str, tuple[str, ...], list[tuple[Any, ...]]]


def workbook(synthese: SyntheseEvaluations) -> bytes:
    """Le classeur d'une synthèse ; il ne montre rien que le document ne montre.

    Arguments :
    - ``synthese`` : ce que ``synthesise`` a rendu.

    Rend : les octets d'un .xlsx.

    Erreurs :
    - ``InputError`` : openpyxl manque.
    """
    return workbook_of(sheet for sheet in _sheets(synthese) if sheet[2])


def _sheets(synthese: SyntheseEvaluations) -> Iterator[Sheet]:
    yield ("Synthèse", ("Renseignement", "Valeur"), list(_identity(synthese)))
    for name, held in (
        ("Individuelles", synthese.individuelles),
        ("Collectives", synthese.collectives),
    ):
        yield (name, ("Partie", "Critère", *FIGURES), [_criterion(row) for row in held.criteres])
        yield (
            f"Résultats {name.lower()}",
            ("Résultat attendu", *FIGURES),
            [(row.intitule, *_figures(row.chiffres)) for row in held.resultats],
        )
        yield (
            f"Commentaires {name.lower()}",
            ("Partie", "Critère", "De", "Commentaire"),
            list(_remarks(held)),
        )
    for name, groups in _views(synthese):
        yield (
            name,
            (name.removeprefix("Par ").capitalize(), "Fiches", "Partie", "Critère", *FIGURES),
            list(_groups(groups)),
        )


def _views(synthese: SyntheseEvaluations) -> Iterator[tuple[str, tuple[Groupe, ...]]]:
    for name, node in type(synthese).schema_node().children.items():
        if node.kind is Kind.ROWS:
            yield node.label, getattr(synthese, name)


def _identity(synthese: SyntheseEvaluations) -> Iterator[tuple[str, Any]]:
    yield "DLA", synthese.operateur.nom
    for name, node in type(synthese).schema_node().children.items():
        if node.kind is Kind.LEAF and name not in synthese.hors_page:
            value = getattr(synthese, name)
            yield (
                node.label,
                value if node.format in ("nombre", "date") else format_value(node.format, value),
            )


def _criterion(row: Critere) -> tuple[Any, ...]:
    return (row.partie, row.critere, *_figures(row.chiffres))


def _figures(figures: Chiffres) -> Iterator[Any]:
    for name in type(figures).model_fields:
        value = getattr(figures, name)
        yield Percentage(value / 100) if name.startswith("part_") and value is not None else value


def _remarks(held: Bilan) -> Iterator[tuple[Any, ...]]:
    for criterion in held.commentaires:
        if criterion.note:
            yield criterion.partie, criterion.critere, None, criterion.note
        yield from (
            (criterion.partie, criterion.critere, remark.auteur, remark.texte)
            for remark in criterion.remarques
        )


def _groups(groups: Iterable[Groupe]) -> Iterator[tuple[Any, ...]]:
    for group in groups:
        yield group.nom, group.fiches, "", EVERY, *_figures(group.chiffres)
        yield from ((group.nom, group.fiches, *_criterion(row)) for row in group.criteres)
