"""D'où viennent les fiches d'un portefeuille : un tableau, une fiche, un formulaire Word revenu, un
dossier de tout cela.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from os.path import isdir
from pathlib import Path

from dla_docs.constat import Constat, Gravite, bloquants
from dla_docs.documents.fiche_prestataire import FichePrestataire
from dla_docs.errors import InputError
from dla_docs.files import read_bytes, visible_files
from dla_docs.model.document import Document
from dla_docs.model.validation import validated
from dla_docs.spelling import did_you_mean
from dla_docs.stages.loading import load
from dla_docs.tables.columns import clashes, column_named, nearest_heading, row_to_data
from dla_docs.tables.hopeless import check_hope
from dla_docs.tables.reading import OTHERS, SUFFIXES, TABLE, Row, read_sheets

Found = Iterator[FichePrestataire | Constat]

KNOWN = f"Indiquez {TABLE}, une fiche (.yaml, .json, .docx) ou un dossier de fiches."


def read_source(source: Path) -> Found:
    """Les fiches d'un fichier ou d'un dossier, et un constat pour ce qui ne se lit pas ;
    ``InputError`` quand il n'y a rien à lire.
    """
    if not isdir(source):
        yield from _reader(source)(source)
        return
    files = [path for path in visible_files(source) if path.suffix.lower() in READERS]
    if not files:
        raise InputError(
            Constat("Ce dossier ne contient aucune fiche.", fichier=str(source), conseil=KNOWN)
        )
    for path in files:
        yield from _kept_apart(path)


def _reader(path: Path) -> Callable[[Path], Found]:
    read_bytes(path, 0)  # says why when there is nothing to open
    if path.suffix.lower() in OTHERS:
        return _read_table
    if path.suffix.lower() not in READERS:
        raise InputError(
            Constat("Ce fichier n'est pas un portefeuille.", fichier=str(path), conseil=KNOWN)
        )
    return READERS[path.suffix.lower()]


def _kept_apart(path: Path) -> Found:
    """A file that cannot be read leaves the others of its folder."""
    try:
        yield from READERS[path.suffix.lower()](path)
    except InputError as error:
        yield from (
            replace(constat, fichier=constat.fichier or str(path)) for constat in error.constats
        )


def _read_table(path: Path) -> Found:
    sheet = read_sheets(path)[0]
    headings, rows = sheet.table()
    unknown = [heading for heading in headings if column_named(FichePrestataire, heading) is None]
    if len(unknown) == len(headings):
        conseil = (
            "La première ligne d'un portefeuille porte les titres des champs de la fiche : « Nom "
            "du prestataire », « N° de siret », « Compétences »…"
        )
        raise InputError(
            Constat(
                "Aucune colonne de ce tableau n'est un champ de la fiche prestataire.",
                fichier=str(path),
                ligne=sheet.titled,
                conseil=conseil,
            )
        )
    if twice := clashes(FichePrestataire, headings):
        conseil = "Gardez une colonne par champ."
        raise InputError(
            Constat(
                f"Les colonnes « {a} » et « {b} » disent le même champ.",
                fichier=str(path),
                ligne=sheet.titled,
                conseil=conseil,
            )
            for a, b in twice
        )
    yield from sheet.unseen(str(path))
    yield from (_unknown(heading, path) for heading in unknown)
    yield from _hopeful([*_read_row(row, path)] for row in rows)


def _hopeful(read: Iterable[list[FichePrestataire | Constat]]) -> Found:
    """What each row gave; what the first ones were refused for is said once, with the table."""
    told = refused = 0
    held: list[Constat] = []
    for found in read:
        why = [one for one in found if isinstance(one, Constat)]
        told, refused = told + bool(found), refused + bool(bloquants(why))
        if refused == told:
            held += why
            check_hope(refused, told, held)
            continue
        yield from held
        held.clear()
        yield from found
    yield from held


def _unknown(heading: str, path: Path) -> Constat:
    conseil = did_you_mean(
        nearest_heading(FichePrestataire, heading),
        "Donnez-lui le libellé d'un champ de la fiche, ou laissez-la.",
    )
    return Constat(
        f"La colonne « {heading} » n'est pas un champ de la fiche : elle n'est pas lue.",
        Gravite.AVERTISSEMENT,
        "",
        (),
        str(path),
        None,
        conseil,
    )


def _read_row(row: Row, path: Path) -> Found:
    yield from row.faults
    if row.faults:
        return
    if row.stray:
        message = "Une cellule de cette ligne est dans une colonne sans titre : elle n'est pas lue."
        yield Constat(
            message,
            Gravite.AVERTISSEMENT,
            fichier=str(path),
            ligne=row.line,
            conseil="Donnez un titre à sa colonne, ou effacez-la.",
        )
    try:
        data = row_to_data(FichePrestataire, row.cells, row.line, str(path))
        if not data:
            return
        yield validated(FichePrestataire, data, data).placed(None, data, path.parent)
    except InputError as error:
        yield from error.constats


def _read_data(path: Path) -> Found:
    yield from _if_fiche(load(path), path)


def _read_word(path: Path) -> Found:
    from dla_docs.forms import read

    lecture = read(path)
    yield from (replace(constat, fichier=str(path)) for constat in lecture.refus)
    yield from _if_fiche(lecture.document, path)


def _if_fiche(document: Document, path: Path) -> Found:
    if isinstance(document, FichePrestataire):
        yield document
    else:
        conseil = "Sortez-le du portefeuille s'il n'y a pas sa place."
        yield Constat(
            f"C'est « {document.titre} », et non une fiche prestataire : laissé de côté.",
            Gravite.INFORMATION,
            fichier=str(path),
            conseil=conseil,
        )


READERS: dict[str, Callable[[Path], Found]] = {
    **dict.fromkeys(SUFFIXES, _read_table),
    **dict.fromkeys((".yaml", ".yml", ".json"), _read_data),
    ".docx": _read_word,
}
