"""Un lot en PDF : un mauvais document ne coûte que lui-même,
et sans LibreOffice le Word est fait."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dla_docs.errors import ConversionError
from dla_docs.lot import batch
from dla_docs.pdf import OFFICE_VARIABLE, read_attachment
from tests.lot.lignes import SLUG, row
from tests.offices import need_office
from tests.pdf_checks import check_pdf, claims


def test_chaque_ligne_a_son_word_et_son_pdf(tmp_path: Path) -> None:
    need_office()
    made = list(batch(map(row, (1, 2, 3)), SLUG, tmp_path, pdf=True, noms="{reference}"))
    assert [tuple(Path(file).name for file in result.fichiers) for result in made] == [
        (f"DLA00-000{n}.docx", f"DLA00-000{n}.pdf") for n in (1, 2, 3)
    ]
    octets = (tmp_path / "DLA00-0002.pdf").read_bytes()
    assert "Association Exemple n° 2" in (read_attachment(octets) or b"").decode()
    check_pdf(octets)
    assert claims(octets)


def outcomes(monkeypatch: pytest.MonkeyPatch) -> None:
    def converted(given: Any, **options: Any) -> Any:
        for name, _ in given:
            yield name, ConversionError(f"{name} : trop compliqué.") if "0002" in name else b"%PDF"

    monkeypatch.setattr("dla_docs.pdf.convert_many", converted)


def test_un_pdf_manque_est_dit_le_word_garde_et_la_fois_suivante_le_refait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcomes(monkeypatch)
    lot = batch(map(row, (1, 2, 3)), SLUG, tmp_path, pdf=True, noms="{reference}")
    made = list(lot)
    assert [bool(result.refus) for result in made] == [False, True, False]
    assert [Path(file).name for file in made[1].fichiers] == ["DLA00-0002.docx"]
    assert (
        openpyxl.load_workbook(lot.erreurs).active["A2"].value
        == "DLA00-0002.docx : trop compliqué."
    )
    monkeypatch.setattr(
        "dla_docs.pdf.convert_many", lambda given, **options: ((name, b"%PDF") for name, _ in given)
    )
    again = list(batch(map(row, (1, 2, 3)), SLUG, tmp_path, pdf=True, noms="{reference}"))
    assert [result.deja_fait for result in again] == [True, False, True]
    assert sorted(path.name for path in tmp_path.glob("DLA*")) == [
        f"DLA00-000{n}.{suffix}" for n in (1, 2, 3) for suffix in ("docx", "pdf")
    ]


def test_un_lot_en_word_se_complete_en_pdf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    list(batch([row(1)], SLUG, tmp_path))
    outcomes(monkeypatch)
    [made] = batch([row(1)], SLUG, tmp_path, pdf=True)
    assert not made.deja_fait and len(made.fichiers) == 2
    [made] = batch([row(1)], SLUG, tmp_path)
    assert made.deja_fait and len(list(tmp_path.glob("*.docx"))) == 1


def test_sans_libreoffice_les_word_sont_faits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(OFFICE_VARIABLE, "/nulle/part/soffice")
    made = list(batch(map(row, (1, 2)), SLUG, tmp_path, pdf=True))
    assert len(list(tmp_path.glob("*.docx"))) == 2
    assert all(OFFICE_VARIABLE in str(result.refus[0]) for result in made)
