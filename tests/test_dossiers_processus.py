"""Combien de LibreOffice tournent à la fois pour un dossier de missions."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from dla_docs import make_dossiers
from dla_docs.pdf import OFFICE_VARIABLE
from dla_docs.pdf.process import cores
from dla_docs.resources import sample_path

COUNTER = """#!{python} -SE
import os, sys, time
if "--version" in sys.argv:
    print("LibreOffice 25.2.3.2 520(Build:2)")
    sys.exit(0)
for what in ("+", "-"):
    with open({log!r}, "a") as log:
        log.write(what)
    time.sleep(0.4 if what == "+" else 0)
"""


@pytest.mark.lent
@pytest.mark.skipif(sys.platform == "win32", reason="le faux LibreOffice est un script Unix")
def test_there_are_no_more_of_them_than_cores_or_missions_at_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, office, missions = tmp_path / "log", tmp_path / "soffice", tmp_path / "m"
    office.write_text(COUNTER.format(python=sys.executable, log=str(log)), encoding="utf-8")
    office.chmod(0o755)
    monkeypatch.setenv(OFFICE_VARIABLE, str(office))
    missions.mkdir()
    for name in ("mission_simplifiee.yaml", "operateur.yaml", "prestataires", "logos"):
        held = sample_path("mission_simplifiee").parent / name
        (shutil.copytree if held.is_dir() else shutil.copy)(held, missions / name)
    shutil.copy(missions / "mission_simplifiee.yaml", missions / "autre.yaml")
    asked = 2
    made = list(make_dossiers(missions, tmp_path / "d", pdf=True, processes=asked))
    assert len(made) == 2 and all(one.refus for one in made)  # it makes nothing, and it is said
    running = most = 0
    for what in log.read_text(encoding="utf-8"):
        running += 1 if what == "+" else -1
        most = max(most, running)
    assert 1 <= most <= max(asked, cores())
