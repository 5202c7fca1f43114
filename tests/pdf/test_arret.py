"""Un programme arrêté ou tué pendant qu'il convertit : personne ne reste au travail, et aucune
copie de document ne reste sur le disque.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from dla_docs.pdf import OFFICE_VARIABLE
from dla_docs.pdf.own_folder import PREFIX, own_folder
from dla_docs.resources import sample_path
from tests.docs.pages import ROOT
from tests.lot.lignes import SLUG, row, write_table

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signaux de POSIX")

SLEEPER = """#!/bin/sh
[ "$1" = --version ] && echo LibreOffice 25.2.3.2 && exit
sleep 600 &
sleep 600
"""
STOPPED = "ERREUR Interrompu ; les fichiers déjà écrits sont entiers.\n"


class Run:
    """Une commande qui convertit sans fin, et tous ceux qu'elle a lancés."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        (office := folder / "soffice").write_text(SLEEPER, encoding="utf-8")
        office.chmod(0o755)
        (folder / "temporaires").mkdir()
        self.temporary = folder / "temporaires"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "dla_docs", *arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            cwd=folder,
            start_new_session=True,
            env=os.environ
            | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "TMPDIR": str(self.temporary)}
            | {OFFICE_VARIABLE: str(office)},
        )

    def wait_for_converter(self) -> list[psutil.Process]:
        """Toute la famille, une fois un convertisseur au travail."""
        while self.process.poll() is None:
            family: list[psutil.Process] = psutil.Process(self.process.pid).children(recursive=True)
            if any(_name(one) == "sleep" for one in family):
                return family
            time.sleep(0.05)
        raise AssertionError(self.process.communicate())

    def end(self, kill: Callable[[int], None]) -> str:
        kill(self.process.pid)
        said: str = self.process.communicate(timeout=60)[1]
        return said

    def folders(self) -> list[str]:
        return [one.name for one in self.temporary.iterdir() if one.name.startswith(PREFIX)]


def _name(process: psutil.Process) -> str:
    try:
        return str(process.name())
    except psutil.Error:
        return ""


def terminate(pid: int) -> None:
    os.kill(pid, signal.SIGTERM)


def terminate_twice_all(pid: int) -> None:
    """Comme « timeout » : au programme, puis à tout son groupe."""
    os.kill(pid, signal.SIGTERM)
    os.killpg(pid, signal.SIGTERM)


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def dossier(folder: Path) -> Run:
    return Run(folder, "dossier", str(sample_path("mission_individuelle")), "-o", "d", "--pdf")


def lot(folder: Path) -> Run:
    """Un ouvrier au travail, l'autre qui attend."""
    table = write_table(folder / "t.xlsx", map(row, range(2)))
    return Run(folder, "lot", str(table), SLUG, "-o", "lot", "--pdf", "--processus", "2")


@pytest.mark.lent
@pytest.mark.parametrize(
    ("start", "stop"),
    [(dossier, terminate), (lot, terminate_twice_all)],
)
def test_un_programme_arrete_ne_laisse_rien(
    tmp_path: Path, start: Callable[[Path], Run], stop: Callable[[int], None]
) -> None:
    run = start(tmp_path)
    family, began = run.wait_for_converter(), time.monotonic()
    assert run.end(stop).endswith(STOPPED)
    assert run.process.returncode == 2 and time.monotonic() - began < 9
    assert psutil.wait_procs(family, timeout=5)[1] == []
    assert run.folders() == [] and not [*tmp_path.rglob("*.docx"), *tmp_path.rglob("*.tmp")]


@pytest.mark.lent
@pytest.mark.parametrize("start", [dossier, lot])
def test_un_programme_tue_ne_laisse_personne_et_le_suivant_range(
    tmp_path: Path, start: Callable[[Path], Run]
) -> None:
    run = start(tmp_path)
    family = run.wait_for_converter()
    run.end(kill)
    assert psutil.wait_procs(family, timeout=15)[1] == []
    with own_folder(run.temporary) as folder:
        assert run.folders() == [folder.name]


HOLDER = """
import sys, time
from pathlib import Path
from dla_docs.pdf.own_folder import own_folder
with own_folder(Path(sys.argv[1])) as folder:
    (folder / "in").mkdir()
    (folder / "in" / "0.docx").write_bytes(b"PK")
    print(folder, flush=True)
    time.sleep(60)
"""


def test_le_dossier_d_un_mort_est_ote_et_jamais_celui_d_un_vivant(tmp_path: Path) -> None:
    holders = [
        subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    try:
        dead, alive = (Path(one.stdout.readline().strip()) for one in holders if one.stdout)
        (foreign := tmp_path / f"{PREFIX}autre").mkdir()
        (linked := tmp_path / f"{PREFIX}lien").symlink_to(tmp_path)
        holders[0].kill()
        holders[0].wait()
        with own_folder(tmp_path) as folder:
            assert set(tmp_path.iterdir()) == {alive, foreign, linked, folder}
            assert (alive / "in" / "0.docx").is_file()
        assert not folder.exists() and not dead.exists()
    finally:
        for one in holders:
            one.kill()
            one.communicate()


def test_ce_qui_est_dedans_et_ne_s_ote_pas_n_arrete_personne(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (dead := tmp_path / f"{PREFIX}mort").mkdir()
    (dead / "verrou").touch()
    (dead / "0.docx").touch()

    def refused(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(path)

    with monkeypatch.context() as stuck:
        stuck.setattr(Path, "unlink", refused)
        with own_folder(tmp_path):
            assert (dead / "verrou").exists()
    with own_folder(tmp_path) as folder:
        assert set(tmp_path.iterdir()) == {folder}
