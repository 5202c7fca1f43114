"""Ce qu'un programme tué laisse à côté de ce qu'il écrivait : ôté par le suivant, tout de suite ;
et jamais ce qu'un vivant écrit.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dla_docs.disk.temporaries import temporary_file, temporary_folder
from dla_docs.files import make_folder

WRITING = """
import os, signal, sys
from pathlib import Path
import dla_docs.files, dla_docs.dossier.folder
from dla_docs.dossier import make_dossier
from dla_docs.resources import sample_path

def killed(*args):
    os.kill(os.getpid(), signal.SIGKILL)

{patch} = killed
make_dossier(sample_path("mission_simplifiee"), sys.argv[1], destinataire="prestataire:beta")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
@pytest.mark.parametrize("patch", ["dla_docs.files.os.replace", "Path.write_bytes"])
def test_what_a_killed_run_left_is_cleared_by_the_next_at_once(patch: str, tmp_path: Path) -> None:
    """Un fichier, ou le dossier où la place est mesurée, qui tient tous les documents."""
    script = WRITING.format(patch=patch)
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)
    left = [path for path in tmp_path.iterdir() if path.name.startswith(".dla-")]
    assert len(left) == 1 and left[0].is_dir() is (patch == "Path.write_bytes")
    make_folder(tmp_path)
    assert [path for path in tmp_path.iterdir() if path.name.startswith(".dla-")] == []


def test_what_a_living_one_writes_stays(tmp_path: Path) -> None:
    target = tmp_path / "x.docx"
    with temporary_file(target) as (path, stream), temporary_folder(target) as folder:
        stream.write(b"x")
        (folder / "0").write_bytes(b"x")
        make_folder(tmp_path)
        assert path.exists() and (folder / "0").exists()
    assert [*tmp_path.iterdir()] == []
