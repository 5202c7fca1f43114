"""Le classeur des lignes à corriger : telles qu'elles sont venues, relançable tel quel, jamais
écrit sur le travail de quelqu'un.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.lot import batch
from dla_docs.pipeline import produce
from dla_docs.tables import hopeless
from tests.lot.lignes import SLUG, row, write_table
from tests.lot.test_table import Sheet, shown, workbook


def lot(rows: Any, folder: Path, **options: Any) -> tuple[list[bool], str]:
    """Pour chaque ligne, si elle a son document ; et où est le classeur à corriger."""
    made = batch(rows, SLUG, folder / "lot", **options)
    done = [not result.refus for result in made]
    return done, Path(made.erreurs).name


def cells(path: Path, sheet: str = "À corriger") -> list[list[Any]]:
    return [
        list(values) for values in openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)
    ]


def test_la_ligne_est_gardee_telle_qu_elle_est_venue(tmp_path: Path) -> None:
    given = {
        "Référence": "=A1",
        "structure.siret": "000",
        "date": "03/2013",
        "structures[0].effectif": 12,
        "modalites": "a\nb\x07c",
    }
    assert lot([given], tmp_path) == ([False], "erreurs.xlsx")
    headings, values = cells(tmp_path / "lot" / "erreurs.xlsx")
    assert headings == ["Ce qui ne va pas", *given, "Ligne d'origine"]
    assert values[1:] == ["=A1", "000", "03/2013", 12, "a\nb\N{REPLACEMENT CHARACTER}c", "=A1"]
    reasons = values[0].splitlines()
    assert (
        len(reasons) == 3
        and reasons[0].startswith("Structures bénéficiaires, ligne 1 › N° de siret : « 000 »")
        and "ligne 1 :" not in values[0]
    )


def test_ce_qu_un_programme_a_donne_en_parties_revient_en_colonnes(tmp_path: Path) -> None:
    given = row(1, date="zzz") | {"consultant.nom": None, "prestataire.nom": "Delta"}
    nested = {
        name: value
        for name, value in given.items()
        if value is not None and not name.startswith(("resultats", "consultant"))
    }
    nested |= {
        "consultant": {"nom": "Gaël", "courriel": "g@example.org"},
        "resultats": [{"intitule": "Un plan", "obtenu": "oui"}],
    }
    lot([nested], tmp_path)
    headings, values = cells(tmp_path / "lot" / "erreurs.xlsx")
    assert values[headings.index("consultant.courriel")] == "g@example.org"
    assert values[headings.index("resultats[0].obtenu")] == "oui"
    mended = write_table(
        tmp_path / "mended.xlsx",
        [dict(zip(headings, values, strict=True)) | {"date": "08/10/2013"}],
    )
    assert lot(mended, tmp_path) == ([True], "")


def test_les_autres_feuilles_suivent_leur_ligne(tmp_path: Path) -> None:
    first: Sheet = [
        ["Référence", "structure.nom", "date"],
        ["A", "Alpha", "zzz"],
        ["B", "Bêta", None],
    ]
    results: Sheet = [
        ["Référence", "intitule", "obtenu"],
        ["A", "Un plan", "oui"],
        ["B", "Un site", None],
        ["A", "Un budget", "non"],
    ]
    assert lot(
        workbook(tmp_path / "t.xlsx", Lignes=first, resultats=results), tmp_path, brouillon=True
    ) == ([False, True], "erreurs.xlsx")
    errors = tmp_path / "lot" / "erreurs.xlsx"
    assert cells(errors, "4) Les résultats") == [
        ["Référence", "intitule", "obtenu"],
        ["A", "Un plan", "oui"],
        ["A", "Un budget", "non"],
    ]
    book = openpyxl.load_workbook(errors)
    book["À corriger"]["D2"] = "08/10/2013"
    book.save(errors)
    assert lot(errors, tmp_path, brouillon=True) == ([True], "")
    assert shown(str(tmp_path / "lot" / "A - Alpha.docx"))["resultats[1].intitule"] == "Un budget"
    assert errors.exists()


def test_deux_lignes_sans_reference_du_meme_nom_corrigees_gardent_chacune_leur_fichier(
    tmp_path: Path,
) -> None:
    rows = [
        row(1, **{"Référence": None}),
        row(2, **{"Référence": None, "structure.nom": "Association Exemple n° 1", "date": "zzz"}),
        row(3, date="zzz"),
    ]
    table = write_table(tmp_path / "t.xlsx", rows)
    assert lot(table, tmp_path)[0] == [True, False, False]
    kept = {path: path.read_bytes() for path in (tmp_path / "lot").glob("*.docx")}
    headings, *lines = cells(tmp_path / "lot" / "erreurs.xlsx")
    mended = [dict(zip(headings, values, strict=True)) | {"date": "08/10/2013"} for values in lines]
    assert lot(write_table(tmp_path / "mended.xlsx", mended), tmp_path)[0] == [True, True]
    again = [mended[0] | {"modalites": "Par téléphone"}]
    assert lot(write_table(tmp_path / "mended.xlsx", again), tmp_path)[0] == [True]
    names = sorted(path.name for path in (tmp_path / "lot").glob("*.docx"))
    assert names == [
        "Association Exemple n° 1 - Cabinet Delta Exemple (2).docx",
        "Association Exemple n° 1 - Cabinet Delta Exemple.docx",
        "DLA00-0003 - Association Exemple n° 3 - Cabinet Delta Exemple.docx",
    ]
    assert {path: path.read_bytes() for path in kept} == kept
    assert shown(str(tmp_path / "lot" / names[0]))["modalites"] == "Par téléphone"


def test_le_classeur_que_quelqu_un_corrige_n_est_ni_efface_ni_remplace(tmp_path: Path) -> None:
    bad = [row(1, date="zzz")]
    lot(bad, tmp_path)
    errors = tmp_path / "lot" / "erreurs.xlsx"
    assert lot(bad, tmp_path)[1] == "erreurs.xlsx"
    book = openpyxl.load_workbook(errors)
    book.active["A2"] = "vu"
    book.save(errors)
    mended = errors.read_bytes()
    assert lot(bad, tmp_path)[1] == "erreurs (2).xlsx"
    assert lot(errors, tmp_path)[1] == "erreurs (2).xlsx"
    assert lot([row(1)], tmp_path) == ([True], "")
    assert errors.read_bytes() == mended and not (tmp_path / "lot" / "erreurs (2).xlsx").exists()


def test_un_lot_quitte_en_route_garde_ce_qui_etait_a_corriger(tmp_path: Path) -> None:
    made = batch([row(1, date="zzz"), *map(row, range(2, 50))], SLUG, tmp_path / "lot")
    next(made)
    made.close()
    assert len(cells(tmp_path / "lot" / "erreurs.xlsx")) == 2


def test_un_programme_qui_finit_avant_son_lot_laisse_ce_qui_etait_a_corriger(
    tmp_path: Path,
) -> None:
    (tmp_path / "t.csv").write_text("structure.nom;date\nExemple;zzz\nAutre;zzz\n", "utf-8")
    program = f"made = __import__('dla_docs').batch('t.csv', '{SLUG}', 'lot'); next(made)"
    command = [sys.executable, "-c", program]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, text=True)
    assert ended.stderr == "" and len(cells(tmp_path / "lot" / "erreurs.xlsx")) == 2


def test_un_defaut_de_notre_fait_ne_coute_que_sa_ligne(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(request: Any) -> tuple[bytes, tuple[Constat, ...]]:
        if request.document.structures[0].nom.endswith("2"):
            raise RecursionError("maximum recursion depth exceeded")
        return produce(request)

    monkeypatch.setattr("dla_docs.lot.making.produce", broken)
    assert lot(map(row, (1, 2, 3)), tmp_path)[0] == [True, False, True]
    reason = str(cells(tmp_path / "lot" / "erreurs.xlsx")[1][0])
    assert (
        reason.startswith("Défaut de dla-docs (RecursionError, test_failures.py ligne")
        and "maximum" not in reason
    )


def test_un_tableau_dont_tout_est_refuse_arrete_le_lot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hopeless, "HOPELESS", 3)
    refused = [{**row(rank), "date": "zzz"} for rank in range(8)]
    made = batch(refused, SLUG, tmp_path / "lot")
    told = [next(made) for _ in range(4)]
    with pytest.raises(InputError, match="Les 2\u202f000 premières lignes sont toutes refusées"):
        next(made)
    assert all(one.refus for one in told) and len(cells(Path(made.erreurs))) == 5
    assert lot([row(0), *refused], tmp_path / "b") == ([True] + [False] * 8, "erreurs.xlsx")
