"""``make dossier`` refait ce qui est là sans rien perdre de ce qu'une main y a écrit."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import docx
import pytest

from tests.docs.trees import tree_with_environment

ADDED = "Les séances se tiennent le jeudi matin."


def make_dossier(tree: Path) -> subprocess.CompletedProcess[str]:
    """La commande, et ce qu'elle dit."""
    return subprocess.run(
        ["make", "dossier"], cwd=tree, capture_output=True, encoding="utf-8", timeout=600
    )


@pytest.mark.lent
def test_un_document_retouche_survit_a_un_second_make_dossier(tmp_path: Path) -> None:
    tree = tree_with_environment(tmp_path)
    (tree / ".ci" / "installer_libreoffice.sh").write_text("exit 1\n", encoding="utf-8")
    for name in ("mission_individuelle.yaml", "mission_collective.yaml"):  # in less time
        shutil.copy(tree / "samples" / "mission_simplifiee.yaml", tree / "samples" / name)
    first = make_dossier(tree)
    assert first.returncode == 0, first.stdout + first.stderr
    retouched = next((tree / "dossiers" / "individuelle").glob("*Grille de lecture.docx"))
    page = docx.Document(str(retouched))
    page.add_paragraph(ADDED)
    page.save(str(retouched))
    second = make_dossier(tree)
    assert second.returncode == 0, second.stdout + second.stderr
    assert ADDED in [one.text for one in docx.Document(str(retouched)).paragraphs]
    assert f"Gardé : « {ADDED} » ajouté" in second.stdout + second.stderr
    assert ".sauvegardes" not in second.stdout.partition("Les dossiers produits")[2]
