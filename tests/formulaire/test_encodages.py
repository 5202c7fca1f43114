"""Un fichier de données garde son encodage quand une réponse y est écrite."""

from __future__ import annotations

from pathlib import Path

import pytest

from dla_docs import load
from dla_docs.forms import read
from dla_docs.forms.blank_form import form
from dla_docs.profils.loading import load_profil
from dla_docs.resources import sample_path
from dla_docs.writing_back.writing import write_back
from tests.word_forms import fill

NOTE = sample_path("note_mi_parcours")
FIELD = "avancement.difficultes"


@pytest.fixture(scope="module")
def blank() -> bytes:
    """Le formulaire de la note, telle qu'elle est écrite."""
    return form(load(NOTE), None, load_profil("national"))


@pytest.mark.parametrize(
    ("encoding", "answer", "kept"),
    [
        ("utf-16-le", "Les congés d'été.", "utf-16"),
        ("utf-8", "Les congés d'été.", "utf-8-sig"),
        ("cp1252", "Les congés coûtent 3 000 €.", "cp1252"),
        ("cp1252", "Les congés de M. Wałęsa.", "utf-8"),
    ],
)
def test_l_encodage_du_fichier_est_garde(
    encoding: str, answer: str, kept: str, blank: bytes, tmp_path: Path
) -> None:
    """Une lettre que son encodage n'a pas le fait passer en UTF-8."""
    mark = "" if encoding == "cp1252" else "\ufeff"
    note, filled = tmp_path / "note.yaml", tmp_path / "retour.docx"
    note.write_bytes((mark + NOTE.read_text(encoding="utf-8")).encode(encoding, "replace"))
    filled.write_bytes(fill(blank, {FIELD: answer}))
    lecture = read(filled, {"note_mi_parcours": (load(note),)})
    assert write_back(lecture, note) == ()
    assert answer in note.read_bytes().decode(kept).replace("\N{NO-BREAK SPACE}", " ")
    assert load(note).avancement.difficultes == answer  # type: ignore[attr-defined]
