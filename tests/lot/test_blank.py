"""Le tableau vide d'un lot : rempli, il redonne le document."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dla_docs import DOCUMENTS, load
from dla_docs.lot import batch, blank_table
from dla_docs.lot.row_sheets import listing_named, listings
from dla_docs.lot.rows import data_of as data_of_line
from dla_docs.lot.rows import open_table
from dla_docs.model.bloc import Bloc
from dla_docs.model.validation import validated
from dla_docs.resources import sample_path
from dla_docs.stages.envelope import data_of
from dla_docs.tables.columns import column_named, columns, data_to_row

SLUG = "evaluation_individuelle"


def opened(slug: str) -> Any:
    return openpyxl.load_workbook(io.BytesIO(blank_table(DOCUMENTS[slug])))


def headings(sheet: Any) -> list[str]:
    return [cell.value for cell in sheet[1]]


@pytest.mark.parametrize("slug", DOCUMENTS)
def test_chaque_titre_se_relit_et_chaque_feuille_a_sa_suite(slug: str) -> None:
    model, book = DOCUMENTS[slug], opened(slug)
    first, *others = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    said = headings(first)
    assert len(set(said)) == len(said) and set(said) >= {
        column.heading for column in columns(model)
    }
    assert all(heading == "Référence" or column_named(model, heading) for heading in said)
    assert [sheet.title for sheet in others] == [listing.title for listing in listings(model)]
    for sheet in others:
        listing = listing_named(model, sheet.title)
        assert listing is not None and listing == listing_named(model, listing.path)
        assert all(
            heading == "Référence" or column_named(listing.rows, heading)
            for heading in headings(sheet)
        )


def test_une_note_et_une_liste_de_reponses_par_colonne() -> None:
    sheet = opened(SLUG)[SLUG]
    at = {cell.value: cell for cell in sheet[1]}
    note = at["Qualité des échanges – Oui/Non"].comment.text
    assert (
        "relation.echanges.reponse" in note
        and "« Oui », « Non » ou « Sans objet »" in note
        and "EVI-13" in note
    )
    lists = {str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation}
    letter = at["Qualité des échanges – Oui/Non"].column_letter
    choices = sheet.parent["Choix"]
    place = lists[f"{letter}2:{letter}10000"].removeprefix("Choix!").replace("$", "")
    assert [cell.value for (cell,) in choices[place]] == ["Oui", "Non", "Sans objet"]
    assert lists[f"{at['Stade'].column_letter}2:{at['Stade'].column_letter}10000"]
    assert sheet.column_dimensions[at["N° de siret"].column_letter].number_format == "@"
    assert (
        sheet.column_dimensions[at["Date de l'échange d'évaluation"].column_letter].number_format
        == "dd/mm/yyyy"
    )


def filled(slug: str, path: Path) -> Path:
    """The blank table, with the sample in its second line, its rows in the other sheets."""
    document: Any = load(sample_path(slug))
    book = opened(slug)
    said = {
        column.path: value
        for column, value in zip(columns(DOCUMENTS[slug]), data_to_row(document), strict=True)
    }
    reference = getattr(document, "reference", None) or "R1"
    lists = {listing.path for listing in listings(DOCUMENTS[slug])}
    write(
        book.worksheets[0],
        DOCUMENTS[slug],
        {path: value for path, value in said.items() if path not in lists}
        | {"stade": document.stade},
        reference,
    )
    for listing in listings(DOCUMENTS[slug]):
        rows: Any = document
        for name in listing.path.split("."):
            rows = getattr(rows, name)
        for row in rows:
            held = {
                column.path: value
                for column, value in zip(columns(listing.rows), data_to_row(row), strict=True)
            }
            write(book[listing.title], listing.rows, held, reference)
    path.parent.mkdir(exist_ok=True)
    book.save(path)
    return path


def write(sheet: Any, model: type[Bloc], values: dict[str, Any], reference: str) -> None:
    line = sheet.max_row + 1
    for number, heading in enumerate(headings(sheet), 1):
        column = column_named(model, heading)
        sheet.cell(
            line,
            number,
            reference if heading == "Référence" else values.get(column.path if column else ""),
        )


@pytest.mark.parametrize("slug", [slug for slug in DOCUMENTS if slug != "synthese_evaluations"])
def test_rempli_il_redonne_le_document_d_exemple(slug: str, tmp_path: Path) -> None:
    model = DOCUMENTS[slug]
    document = load(sample_path(slug))
    table = open_table(filled(slug, tmp_path / "t.xlsx"), model)
    [line] = table.lines
    data = data_of_line(line, model, "t.xlsx")
    again = data_of(validated(model, data, data))
    told = data_of(document)
    for structure in told.get("structures", ()) if slug in NAMES_ALONE else ():
        structure.pop("adresse")
    assert without_keys(again) == without_keys(told)


NAMES_ALONE = {"notification_de_choix"}  # a letter says of the structures their names


HORS_TABLE = {
    *("cle", "profil", "logo", "logo_dla", "logo_operateur", "fichier"),
    *("recue_le", "voie", "solde_verse_le"),  # the receiver's own, off the page
}


def without_keys(data: Any) -> Any:
    """What a table does not hold: keys of rows, what the page does not show, the profile."""
    if isinstance(data, list):
        return [without_keys(row) for row in data]
    if isinstance(data, dict):
        kept = {name: without_keys(value) for name, value in data.items() if name not in HORS_TABLE}
        return {name: value for name, value in kept.items() if value not in ({}, [])}
    return data


def test_rempli_il_donne_un_document(tmp_path: Path) -> None:
    [made] = batch(filled(SLUG, tmp_path / "t.xlsx"), SLUG, tmp_path / "lot")
    assert (made.refus, Path(made.fichiers[0]).name) == (
        (),
        "R1 - Association intermédiaire Exemple Services - Cabinet Delta Exemple.docx",
    )
