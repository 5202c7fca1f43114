"""Qui fait les documents : ce processus, d'autres de cette machine, ou ceux d'un Executor ; jamais
plus de travail en attente qu'il n'en faut.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
import warnings
from asyncio import CancelledError
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import ParamSpec, Self, TypeVar

from dla_docs.lot.making import Job, Made, make
from dla_docs.lot.recipe import Recipe

MOST_PROCESSES = 61  # Windows waits for no more
GRACE = 10  # seconds between the order to end and the end
RENEWALS = 3  # of a pool of ours whose workers die: beyond, this process does the rest

P = ParamSpec("P")
T = TypeVar("T")
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
            None if executor or processes < 2 else Pool(self._processes),
            0,
        )
        self._ahead = ahead if executor or self._own else 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        place: TracebackType | None,
    ) -> None:
        if self._own:
            self._own.__exit__(kind, problem, place)

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
        except Exception:  # broken, shut down, or its cluster closed: each says it in its own way
            return self._submit_again(jobs)

    def _submit_again(self, jobs: Sequence[Job]) -> Future[list[Made]] | None:
        if self._own and self._renewals < RENEWALS:
            self._renewals += 1
            self._own.shutdown(wait=False)
            self._own = Pool(self._processes)
            return self._submit(jobs)
        return None

    def _collect(self, jobs: Sequence[Job], future: Future[list[Made]] | None) -> list[Made]:
        if future is None:
            return make(self._recipe, jobs)
        try:
            return future.result()
        except (Exception, CancelledError):  # each kind says in its own way that a worker was lost
            return make(self._recipe, jobs)


class Pool(ProcessPoolExecutor):
    """Des processus de cette machine, qui finissent avec celui qui les a lancés, et aussitôt quand
    il s'interrompt.
    """

    def __init__(self, processes: int) -> None:
        spawn = multiprocessing.get_context("spawn")  # a fork would copy locks that threads hold
        # Nothing is said through it: workers end when the other side is closed.
        listening, self._order = spawn.Pipe(duplex=False)
        super().__init__(processes, spawn, _quiet, (listening,))

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        return super().submit(_work, fn, *args, **kwargs)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind:
            self._order.close()
        self.shutdown(cancel_futures=True)


def _quiet(order: Connection) -> None:
    """Ctrl-C is for the one who types it: it reaches the whole family, and the workers wait for
    what their parent decides. A worker whose parent is gone, however it went, ends.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end)
    threading.Thread(target=_end_with_parent, args=(order,), daemon=True).start()
    warnings.simplefilter("ignore")


def _end_with_parent(order: Connection) -> None:
    if parent := multiprocessing.parent_process():
        wait([parent.sentinel, order])
        for _ in range(GRACE):  # a signal that comes just before a lock is awaited is not seen
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(1)
        os._exit(1)


def _end(*_: object) -> None:
    """Leaves by the way of all errors, which ends the converter and clears its folder, and which
    nothing interrupts but its own length.
    """
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    last = threading.Timer(GRACE, os._exit, (1,))
    last.daemon = True
    last.start()
    raise SystemExit(1)


def _work(job: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    try:
        return job(*args, **kwargs)
    except SystemExit:  # all is cleared; the pool would catch this, and wait for more work
        os._exit(1)
