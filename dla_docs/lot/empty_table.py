"""Le tableau vide d'un lot : les libellés du formulaire en titres, les listes de réponses, une note
par colonne, une feuille par suite de lignes.
"""

from __future__ import annotations

from dla_docs.lot.row_sheets import LONGEST, REFERENCE, Listing, has_reference, listings
from dla_docs.model.bloc import Bloc, value_type
from dla_docs.model.document import Document
from dla_docs.tables.columns import Column, columns
from dla_docs.tables.writing import Heading, blank_workbook

FORMS = {
    "date": "dd/mm/yyyy",
    "siret": "@",
    "siren": "@",
    "telephone": "@",
}  # as text, or a spreadsheet eats the zeros
ON_THE_FIRST = (
    "Ce qui désigne cette ligne : dans les autres feuilles, dans le nom du fichier, et d'une fois "
    "sur l'autre."
)
ON_THE_OTHERS = "La référence de la ligne de la première feuille à laquelle celle-ci appartient."


def blank_table(model: type[Document]) -> bytes:
    """Le classeur à remplir d'un document : une ligne par document, puis une feuille par suite de
    lignes.
    """
    own = [] if has_reference(model) else [Heading(REFERENCE, ON_THE_FIRST, (), "@")]
    main = [*own, *_stage(model), *(_heading(model, column) for column in columns(model))]
    return blank_workbook(
        [(model.slug()[:LONGEST], main), *((one.title, _sheet(one)) for one in listings(model))]
    )


def _sheet(listing: Listing) -> list[Heading]:
    return [
        Heading(REFERENCE, ON_THE_OTHERS, (), "@"),
        *(_heading(listing.rows, column) for column in columns(listing.rows)),
    ]


def _stage(model: type[Document]) -> list[Heading]:
    if model.stades is None:
        return []
    known = tuple(str(stade) for stade in model.stades)
    return [
        Heading("Stade", f"stade\n\nOù en est le document ; {known[-1]} s'il n'est pas dit.", known)
    ]


def _heading(model: type[Bloc], column: Column) -> Heading:
    node = column.node
    if column.principal:
        return Heading(
            column.heading,
            f"{column.path}\n\nUn élément par ligne de la cellule, ou séparés par « ; ».",
        )
    value = value_type(model, column.path)
    said = [column.path, value.description, _example(value.examples), _asked(model, column.path)]
    form = "@" if value.width or node.name == "code_postal" else FORMS.get(node.format, "")
    return Heading(column.heading, "\n".join(filter(None, said)), node.choices, form)


def _example(examples: tuple[str, ...]) -> str:
    return f"Exemple : {examples[0]}" if examples else ""


def _asked(model: type[Bloc], path: str) -> str:
    """What asks for a field, or for the part that holds it."""
    names = path.split(".")
    held = (model.schema_node().find(".".join(names[: rank + 1])) for rank in range(len(names)))
    return "\n".join(
        f"{exigence.id} : {exigence.titre}" for node in held if node for exigence in node.exigences
    )
