"""Mille évaluations d'un classeur, dont dix-sept lignes gâtées de dix-sept façons ; corrigées,
elles seules sont faites.
"""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from dla_docs.cli.application import run
from dla_docs.word.answers import controls_in
from dla_docs.word.package import open_package
from tests import as_keyed
from tests.lot.lignes import FAULTS, SLUG, row, write_table

FAULTY = {7 + 58 * rank: rank for rank in range(len(FAULTS))}


def lot(table: Path, folder: Path) -> int:
    return run(["lot", str(table), SLUG, "-o", str(folder), "--processus", "2"])


def written(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("*.docx")}


@pytest.mark.lent
def test_983_documents_puis_les_17_seules_corrigees(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "evaluations"
    rows = [
        row(number, **(FAULTS[FAULTY[number]][0] if number in FAULTY else {}))
        for number in range(1000)
    ]
    assert lot(write_table(tmp_path / "evaluations.xlsx", rows), folder) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"983 documents faits dans {folder}.",
        f"17 lignes à corriger dans {folder / 'erreurs.xlsx'} ; corrigez-le, et donnez-le à la "
        f"même commande.",
    ]
    first = written(folder)
    assert len(first) == 983
    sheet = folder / "DLA00-0500 - Association Exemple n° 500 - Cabinet Delta Exemple.docx"
    shown = {one.tag: as_keyed(one.text) for one in controls_in(open_package(sheet))}
    assert (
        shown["relation.echanges.commentaire"]
        == "Échange n° 500 : « à l'écoute » & précis <toujours>"
    )
    assert shown["resultats[0].intitule"] == "Un plan de développement pour l'association 500"

    mend(folder / "erreurs.xlsx")
    assert lot(folder / "erreurs.xlsx", folder) == 0
    assert capsys.readouterr().out == f"17 documents faits dans {folder}.\n"
    second = written(folder)
    assert len(second) == 1000
    assert {name: second[name] for name in first} == first
    assert (
        lot(
            write_table(tmp_path / "evaluations.xlsx", [row(number) for number in range(1000)]),
            folder,
        )
        == 0
    )
    assert capsys.readouterr().out == f"0 document fait, 1000 déjà faits dans {folder}.\n"
    assert written(folder) == second


def mend(path: Path) -> None:
    """What a person does: reads the reason, puts right the cell, saves."""
    book = openpyxl.load_workbook(path)
    sheet = book.active
    headings = [cell.value for cell in sheet[1]]
    assert headings[0] == "Ce qui ne va pas" and headings[-1] == "Ligne d'origine"
    lines = list(sheet.iter_rows(min_row=2))
    assert len(lines) == len(FAULTS)
    for cells, number in zip(lines, FAULTY, strict=True):
        changes, reason = FAULTS[FAULTY[number]]
        assert reason in str(cells[0].value), cells[0].value
        good = row(number)
        for heading in changes:
            cells[headings.index(heading)].value = good.get(heading)
    book.save(path)
