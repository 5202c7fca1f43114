"""Le validateur doit voir les fautes, sinon les essais qui s'en servent ne prouvent rien."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement

from tests.ooxml_validator import added_errors, validate_ooxml


def _write(path: Path, *, cell_without_paragraph: bool = False) -> Path:
    document = docx.Document()
    cell = document.add_table(rows=1, cols=1).cell(0, 0)
    if cell_without_paragraph:
        cell._tc.append(OxmlElement("w:tcW"))
    document.save(str(path))
    return path


def test_un_document_sain_n_a_pas_d_erreur_et_un_fichier_abime_en_a(tmp_path: Path) -> None:
    sound = _write(tmp_path / "sain.docx")
    broken = tmp_path / "abîmé, tronqué.docx"
    broken.write_bytes(sound.read_bytes()[:500])
    found = validate_ooxml([sound, broken])
    assert found[sound] == []
    assert len(found[broken]) == 1


@pytest.mark.lent
def test_seules_les_erreurs_que_le_modele_n_a_pas_sont_comptees(tmp_path: Path) -> None:
    sound, faulty = (
        _write(tmp_path / "sain.docx"),
        _write(tmp_path / "fautif.docx", cell_without_paragraph=True),
    )
    assert [error.part for error in added_errors(sound, faulty)] == ["/word/document.xml"]
    assert added_errors(faulty, faulty) == []
