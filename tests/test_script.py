"""Le script du client : un dossier de missions devient un dossier de dossiers, et une mission
illisible n'arrête pas les autres.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from dla_docs.resources import sample_path


def test_a_folder_of_missions_becomes_a_folder_of_dossiers(tmp_path: Path) -> None:
    missions = tmp_path / "missions"
    shutil.copytree(sample_path("mission_individuelle").parent, missions)
    (missions / "mission_illisible.yaml").write_text(
        "document: mission\nnature: [\n", encoding="utf-8"
    )
    script = sample_path("mission_individuelle").parent / "generer_dossiers.py"
    done = subprocess.run(
        [sys.executable, str(script), str(missions), str(tmp_path / "dossiers")],
        capture_output=True,
        text=True,
        check=True,
    )
    readable = {
        path.stem for path in sample_path("mission_individuelle").parent.glob("mission_*.yaml")
    }
    assert done.stdout.count("0 refusé(s)") == len(readable) >= 2
    assert "ligne" in next(line for line in done.stdout.splitlines() if "illisible" in line)
    assert {
        path.name for path in (tmp_path / "dossiers").iterdir() if any(path.glob("*.docx"))
    } == readable
