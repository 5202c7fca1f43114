"""Qui fait les documents : ce processus, d'autres de cette machine, ou ceux d'un Executor ; jamais
plus de travail en attente qu'il n'en faut.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import warnings
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from typing import Self

from dla_docs.lot.making import Job, Made, make
from dla_docs.lot.recipe import Recipe

MOST_PROCESSES = 61  # Windows waits for no more
GRACE = 2  # seconds between the order to end and the end
RENEWALS = 3  # of a pool of ours whose workers die: beyond, this process does the rest

Pending = tuple[Sequence[Job], "Future[list[Made]] | None"]


class Crew:
    """Ceux qui font : ``executor``, sinon ``processes`` processus, sinon celui-ci. ``ahead`` :
    groupes confiés d'avance.
    """

    def __init__(
        self, recipe: Recipe, executor: Executor | None, processes: int, ahead: int
    ) -> None:
        self._recipe, self._processes = recipe, min(processes, MOST_PROCESSES)
        self._given, self._own, self._renewals = (
            executor,
            None if executor or processes < 2 else pool(self._processes),
            0,
        )
        self._ahead = ahead if executor or self._own else 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem: object) -> None:
        if self._own:
            self._own.shutdown(cancel_futures=True)

    def work(self, groups: Iterable[Sequence[Job]]) -> Iterator[list[Made]]:
        """Ce que chaque groupe est devenu, dans l'ordre ; un groupe perdu avec celui qui le faisait
        est refait ici.
        """
        pending: deque[Pending] = deque()
        try:
            for jobs in groups:
                pending.append((jobs, self._submit(jobs)))
                if len(pending) > self._ahead:
                    yield self._collect(*pending.popleft())
            while pending:
                yield self._collect(*pending.popleft())
        finally:  # nobody waits any longer
            for _, future in pending:
                if future:
                    future.cancel()

    def _submit(self, jobs: Sequence[Job]) -> Future[list[Made]] | None:
        executor = self._given or self._own
        if not executor or not jobs:
            return None
        try:
            return executor.submit(make, self._recipe, jobs)
        except BrokenExecutor:
            return self._submit_again(jobs)

    def _submit_again(self, jobs: Sequence[Job]) -> Future[list[Made]] | None:
        if self._own and self._renewals < RENEWALS:
            self._renewals += 1
            self._own.shutdown(wait=False)
            self._own = pool(self._processes)
            return self._submit(jobs)
        return None

    def _collect(self, jobs: Sequence[Job], future: Future[list[Made]] | None) -> list[Made]:
        if future is None:
            return make(self._recipe, jobs)
        try:
            return future.result()
        except Exception:  # each kind of executor says in its own way that a worker was lost
            return make(self._recipe, jobs)


def pool(processes: int) -> ProcessPoolExecutor:
    """Des processus de cette machine, qui finissent avec celui qui les a lancés."""
    # A fork would copy locks that other threads hold.
    return ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), _quiet)


def _quiet() -> None:
    """Ctrl-C is for the one who types it: it reaches the whole family, and the workers finish what
    they hold. A worker whose parent is gone, however it went, ends.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    warnings.simplefilter("ignore")


def _end_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def _end(*_: object) -> None:
    """Leaves by the way of all errors, which ends the converter and clears its folder; the pool
    would catch that and wait for more work, hence the delay.
    """
    last = threading.Timer(GRACE, os._exit, (1,))
    last.daemon = True
    last.start()
    raise SystemExit(1)
