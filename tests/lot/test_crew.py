"""Qui fait les documents : d'autres processus, un Executor, un cluster ; un ouvrier perdu n'en perd
aucun.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest

from dla_docs import load
from dla_docs.errors import InputError
from dla_docs.lot import Resultat, batch
from dla_docs.mission import Mission
from dla_docs.resources import sample_path
from tests.lot.lignes import SLUG, row

EVERY_TWO = 2


@pytest.fixture
def small_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dla_docs.lot.running.CHUNK", EVERY_TWO)


def references(results: list[Resultat]) -> list[str]:
    return [result.reference for result in results if not result.refus]


def made_by(
    executor: Executor | None, folder: Path, count: int = 9, **options: Any
) -> list[Resultat]:
    return list(batch(map(row, range(count)), SLUG, folder, executor=executor, **options))


class Half(Executor):
    """Un Executor dont un groupe sur deux se perd, puis qui ne prend plus rien."""

    def __init__(self, takes: int, lost: BaseException | None = None) -> None:
        self.taken, self.takes = 0, takes
        self.lost = lost or BrokenExecutor("ouvrier perdu")

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.taken += 1
        if self.taken > self.takes:
            raise BrokenExecutor("plus personne")
        future: Future[Any] = Future()
        if self.taken % 2:
            future.set_exception(self.lost)
        else:
            future.set_result(fn(*args, **kwargs))
        return future


@pytest.mark.usefixtures("small_groups")
@pytest.mark.parametrize("lost", [None, asyncio.CancelledError()], ids=["perdu", "annule"])
def test_un_groupe_perdu_est_refait_par_celui_qui_l_a_confie(
    lost: BaseException | None, tmp_path: Path
) -> None:
    results = made_by(Half(3, lost), tmp_path)
    assert references(results) == [f"DLA00-{number:04d}" for number in range(9)]
    assert len(list(tmp_path.glob("*.docx"))) == 9


@pytest.mark.usefixtures("small_groups")
def test_un_executor_ferme_en_chemin_n_en_perd_aucun(tmp_path: Path) -> None:
    threads = ThreadPoolExecutor(1)
    lot = batch(map(row, range(12)), SLUG, tmp_path, executor=threads, ahead=3)
    results = [next(lot)]
    threads.shutdown(cancel_futures=True)
    assert references([*results, *lot]) == [f"DLA00-{number:04d}" for number in range(12)]


@pytest.mark.usefixtures("small_groups")
def test_pas_plus_de_travail_d_avance_que_demande(tmp_path: Path) -> None:
    read: list[int] = []

    def rows() -> Iterator[dict[str, Any]]:
        for number in range(100):
            read.append(number)
            yield row(number)

    with ThreadPoolExecutor(1) as threads:
        lot = batch(rows(), SLUG, tmp_path, executor=threads, ahead=3)
        next(lot)
        assert len(read) <= EVERY_TWO * 5
        lot.close()
    assert len(list(tmp_path.glob("*.docx"))) <= EVERY_TWO * 5


@pytest.mark.lent
@pytest.mark.usefixtures("small_groups")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows n'a pas de SIGKILL.")
def test_deux_processus_dont_l_un_est_tue(tmp_path: Path) -> None:
    psutil = pytest.importorskip("psutil", reason="psutil vient avec Dask.")
    lot = batch(map(row, range(30)), SLUG, tmp_path, processes=2, ahead=2)
    results = [next(lot) for _ in range(4)]
    workers = [
        child for child in psutil.Process().children() if "spawn_main" in " ".join(child.cmdline())
    ]
    workers[0].send_signal(signal.SIGKILL)
    results += lot
    assert references(results) == [f"DLA00-{number:04d}" for number in range(30)]
    assert len(list(tmp_path.glob("*.docx"))) == 30


def test_un_objet_qui_ne_voyage_pas_est_dit(tmp_path: Path) -> None:
    (tmp_path / "mon_dla.yaml").write_text(
        "documents: {cahier_des_charges: {complements: {code: {libelle: Code}}}}\n",
        encoding="utf-8",
    )
    mission = load(
        sample_path("mission_individuelle"), tmp_path / "mon_dla.yaml"
    )  # its documents are of classes made here
    assert isinstance(mission, Mission)
    with (
        ThreadPoolExecutor(1) as threads,
        pytest.raises(InputError, match="Donnez le chemin de son fichier"),
    ):
        batch([row(1)], SLUG, tmp_path, mission=mission, executor=threads)


@pytest.mark.lent
@pytest.mark.usefixtures("small_groups")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows n'a pas de SIGKILL.")
def test_dask_dont_un_ouvrier_est_tue(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own dependencies, in English
        distributed = pytest.importorskip(
            "distributed", reason="Dask manque : « pip install dla-docs[dask] »."
        )
        options = {
            "n_workers": 2,
            "threads_per_worker": 1,
            "processes": True,
            "dashboard_address": None,
            "silence_logs": 50,
            "host": "127.0.0.1",
        }
        with distributed.LocalCluster(**options) as cluster, distributed.Client(cluster) as client:
            victim = next(iter(client.run(os.getpid).values()))
            lot = batch(
                map(row, range(40)), SLUG, tmp_path / "lot", executor=client.get_executor(), ahead=6
            )
            results = [next(lot) for _ in range(4)]
            os.kill(victim, signal.SIGKILL)
            results += lot
    assert references(results) == [f"DLA00-{number:04d}" for number in range(40)]
    assert len(list((tmp_path / "lot").glob("*.docx"))) == 40
    assert lot.erreurs == ""


ENDLESS = """
import sys, time
from pathlib import Path
from dla_docs.lot import workers
if __name__ == "__main__":
    pool = workers.Pool(1)
    print(pool.submit(__import__("os").getpid).result(), flush=True)
    time.sleep(60)
"""


@pytest.mark.lent
@pytest.mark.skipif(sys.platform == "win32", reason="signaux de POSIX")
def test_a_worker_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    (script := tmp_path / "parent.py").write_text(ENDLESS, encoding="utf-8")
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        worker = int(parent.stdout.readline())
        parent.kill()
    deadline = time.monotonic() + 20
    while psutil.pid_exists(worker) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not psutil.pid_exists(worker)


STOPPED = """
import os, signal, sys, time
from dla_docs import cli
from dla_docs.cli import process
process.execute = lambda arguments: (os.kill(os.getpid(), signal.SIGTERM), time.sleep(60))
try:
    cli.main()
finally:
    print("rangé")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signaux de POSIX")
def test_a_stopped_command_clears_up_as_after_ctrl_c() -> None:
    done = subprocess.run(
        [sys.executable, "-c", STOPPED], capture_output=True, text=True, timeout=50, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (2, "rangé\n", "Interrompu.\n")


@pytest.mark.usefixtures("small_groups")
def test_un_executor_ferme_en_route_laisse_le_reste_a_ce_processus(tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as executor:
        made = batch(map(row, range(12)), SLUG, tmp_path, executor=executor, ahead=1)
        first = next(made)
    assert [one.refus for one in (first, *made)] == [()] * 12


def test_deux_lots_a_la_fois_ne_remplissent_pas_un_dossier(tmp_path: Path) -> None:
    made = batch(map(row, range(2)), SLUG, tmp_path)
    next(made)
    with pytest.raises(InputError, match="Un autre lot remplit en ce moment le dossier"):
        list(batch(map(row, range(2, 4)), SLUG, tmp_path))
    made.close()
    assert len(list(batch(map(row, range(2, 4)), SLUG, tmp_path))) == 2
