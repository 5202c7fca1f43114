"""Des mutants, essayés l'un après l'autre par un pytest qui a déjà tout importé : chacun a son
processus, né de celui-là, où le code du mutant prend la place de l'autre dans les fonctions en
mémoire. Le relancer pour chacun coûterait dix fois plus.

    python -m tests.bench.greffe TRAVAIL.json   # dans une copie du dépôt : le mutant y est écrit

Chaque essai est d'abord passé sans mutant, pour savoir quelles lignes il exécute : un mutant n'a
affaire qu'à ceux qui passent par la sienne, et à leurs voisins de fichier.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import _lru_cache_wrapper
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import coverage
import pytest

from tests.bench.resultats import measure

TUE, SURVIVANT, TROP_LONG = "tué", "survivant", "trop long"
SANS_ESSAI, IMPOSSIBLE = "sans essai", "impossible"
UNGRAFTED = 2  # a code of exit
SORTS = {0: SURVIVANT, UNGRAFTED: IMPOSSIBLE}
TIMES, WALL = 4, 20  # times what the tests take of computing; times that, awake
MEMORY = 4 << 30  # bytes
MOST = 30  # seconds of tests that a mutant is given to


@dataclass(frozen=True)
class Job:
    """Ce qu'on demande : des mutants, les modules dont ils sont, où noter ce qu'on en trouve."""

    mutants: dict[str, dict[str, Any]]  # by name: module, line, source
    modules: list[str]
    essais: list[str]
    resultats: Path
    passages: Path  # which lines each test goes through
    brouillon: Path
    lents: Sequence[str] = ()  # how those begin that are long and count all the same
    least: int = 10  # seconds of computing that any mutant may take


class Grafts:
    """Le greffon de pytest : à la place des essais, il passe les mutants."""

    def __init__(self, job: Job) -> None:
        self.job = job

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        taken = tuple(self.job.lents)
        items[:] = [
            one
            for one in items
            if one.get_closest_marker("lent") is None or one.nodeid.startswith(taken)
        ]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"  # the bytes of a mutant would outlive it
        runs = _Runs(session, self.job)
        measure(
            self.job.mutants, lambda name: runs.fate(self.job.mutants[name]), self.job.resultats
        )
        return True


class _Runs:
    def __init__(self, session: pytest.Session, job: Job) -> None:
        self.session, self.job = session, job
        self.items = {item.nodeid: item for item in session.items}
        self.ways = self._ways()

    def _ways(self) -> dict[str, dict[str, Any]]:
        """Par essai : ce qu'il prend de calcul, et les lignes de chaque module qu'il exécute."""
        code = "".join(Path(one).read_text(encoding="utf-8") for one in self.job.modules)
        names: dict[str, list[str]] = {}
        for file, items in groupby(self.session.items, key=lambda item: item.nodeid.split("::")[0]):
            said = Path(file).read_text(encoding="utf-8")
            stem = f"{file} {sha256((code + said).encode()).hexdigest()[:16]}"
            names[stem] = [item.nodeid for item in items]
        found = measure(names, lambda name: self._traced(names[name]), self.job.passages)
        return {nodeid: way for name in names for nodeid, way in found[name].items()}

    def _traced(self, nodeids: list[str]) -> dict[str, dict[str, Any]]:
        out = self.job.brouillon / "passage.json"
        out.unlink(missing_ok=True)
        self._apart(lambda: out.write_text(json.dumps(self._trace(nodeids))), 3600)
        return json.loads(out.read_text()) if out.is_file() else {}

    def _trace(self, nodeids: list[str]) -> dict[str, dict[str, Any]]:
        paths = {str(Path(one).resolve()): one for one in self.job.modules}
        tracer = coverage.Coverage(data_file=None, include=list(paths), config_file=False)
        ways: dict[str, dict[str, Any]] = {}
        tracer.start()
        for nodeid, after in self._followed(nodeids):
            tracer.switch_context(nodeid)
            before, failed = time.process_time(), self.session.testsfailed
            self._run(nodeid, after)
            if self.session.testsfailed == failed:  # what fails on its own says nothing
                ways[nodeid] = {"secondes": time.process_time() - before, "lignes": {}}
        tracer.stop()
        for path, module in paths.items():
            for line, contexts in tracer.get_data().contexts_by_lineno(path).items():
                for nodeid in ways.keys() & set(contexts):
                    ways[nodeid]["lignes"].setdefault(module, []).append(line)
        return ways

    def fate(self, mutant: dict[str, Any]) -> dict[str, Any]:
        """Ce que devient un mutant, et l'essai qui l'a tué."""
        module, nodeids = Path(mutant["module"]), self._through(mutant["module"], mutant["line"])
        if not nodeids:
            return {"sort": SANS_ESSAI, "essai": "", "passes": 0}
        last = self.job.brouillon / "dernier"
        last.write_text("")
        seconds = self.job.least + TIMES * sum(self.ways[nodeid]["secondes"] for nodeid in nodeids)
        with written(module, mutant["source"]) as before:
            status = self._apart(
                lambda: self._kill(module, before, mutant["source"], nodeids, last), int(seconds)
            )
        sort = SORTS.get(status, TROP_LONG if status < 0 else TUE)
        return {"sort": sort, "essai": last.read_text() if status else "", "passes": len(nodeids)}

    def _through(self, module: str, line: int) -> list[str]:
        """Les essais de ces fichiers qui passent par la ligne, puis ceux qui passent ailleurs dans
        le module : ce que deux partagent n'est fait que par le premier. Le temps de calcul d'un
        mutant est compté : ceux qui n'y tiennent plus sont laissés.
        """
        inside = {nodeid: way["lignes"].get(module) for nodeid, way in self.ways.items()}
        direct = {nodeid for nodeid, lines in inside.items() if lines and line in lines}
        files = {nodeid.split("::")[0] for nodeid in direct}
        near = {nodeid for nodeid, way in inside.items() if way and nodeid.split("::")[0] in files}
        costs = {nodeid: way["secondes"] for nodeid, way in self.ways.items()}
        return within(MOST, [*in_turn(direct, costs), *in_turn(near - direct, costs)], costs)

    def _kill(
        self, module: Path, before: str, source: str, nodeids: Sequence[str], last: Path
    ) -> None:
        try:
            graft(module.resolve(), before, source)
        except ValueError:  # a variable more or less from around a function: it cannot be grafted
            os._exit(UNGRAFTED)
        for nodeid, after in self._followed(nodeids):
            last.write_text(nodeid)
            self._run(nodeid, after)
            if self.session.testsfailed:
                os._exit(1)

    def _followed(self, nodeids: Sequence[str]) -> Iterator[tuple[str, str | None]]:
        """Chaque essai, et le suivant : ce qu'ils partagent n'est pas défait entre eux."""
        return zip(nodeids, [*nodeids[1:], None], strict=True)

    def _run(self, nodeid: str, after: str | None) -> None:
        item, following = self.items[nodeid], self.items[after] if after else None
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)

    def _apart(self, run: Callable[[], object], seconds: int) -> int:
        """Le code de fin d'un processus né de celui-ci, négatif quand il a fallu l'arrêter."""
        shutil.rmtree(self.job.brouillon / "essais", ignore_errors=True)
        (self.job.brouillon / "essais").mkdir()
        child = os.fork()
        if not child:
            _alone(run, seconds)
        return _waited(child, seconds * WALL)


def in_turn(nodeids: Iterable[str], costs: Mapping[str, float]) -> list[str]:
    """Les plus courts d'abord, et un cas de chaque essai avant le deuxième d'aucun : cent cas du
    même voient la même chose.
    """
    turns, ranked = Counter[str](), list[tuple[int, float, str]]()
    for nodeid in sorted(nodeids, key=lambda one: (costs[one], one)):
        test = nodeid.partition("[")[0]
        ranked.append((turns[test], costs[nodeid], nodeid))
        turns[test] += 1
    return [nodeid for _, _, nodeid in sorted(ranked)]


def within(most: float, nodeids: Iterable[str], costs: Mapping[str, float]) -> list[str]:
    """Ceux qui tiennent dans ce temps ; l'un, trop long, ne prend pas la place des suivants."""
    kept, spent = list[str](), 0.0
    for nodeid in nodeids:
        if spent + costs[nodeid] <= most:
            kept.append(nodeid)
            spent += costs[nodeid]
    return kept


def _alone(run: Callable[[], object], seconds: int) -> None:
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nothing, stream)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    gc.unfreeze()
    forget()
    try:
        run()
    except BaseException:
        os._exit(1)
    os._exit(0)


def _waited(child: int, seconds: float) -> int:
    late = time.monotonic() + seconds
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended or time.monotonic() > late:
            break
        time.sleep(0.02)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # the programs that a test left behind too
    if not ended:
        _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def forget() -> None:
    """Vide ce que le code gardait d'un appel à l'autre, calculé sans le mutant."""
    for one in gc.get_objects():
        if type(one) is _lru_cache_wrapper and _is_ours(one.__module__):
            one.cache_clear()


def _is_ours(module: str | None) -> bool:
    return (module or "").split(".")[0] in {"dla_docs", "tests"}


def graft(path: Path, before: str, source: str) -> None:
    """Met le code de ``source`` à la place de celui de ``before`` dans les fonctions en mémoire."""
    code = _pairs(compile(before, str(path), "exec"), compile(source, str(path), "exec"))
    changed = {_place(old): new for old, new in code if old != new}
    for one in gc.get_objects():
        if type(one) is FunctionType and one.__code__.co_filename == str(path):
            one.__code__ = changed.get(_place(one.__code__), one.__code__)


def _pairs(old: CodeType, new: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    """Chaque fonction des deux codes, l'une en face de l'autre."""
    yield old, new
    inner = [
        [const for const in one.co_consts if isinstance(const, CodeType)] for one in (old, new)
    ]
    for pair in zip(*inner, strict=False):
        yield from _pairs(*pair)


def _place(code: CodeType) -> tuple[str, int]:
    return code.co_qualname, code.co_firstlineno


@contextmanager
def written(module: Path, source: str) -> Iterator[str]:
    """Le temps d'un mutant, le module sur le disque est le sien : un essai lance aussi des
    commandes.
    """
    before = module.read_text(encoding="utf-8")
    module.write_text(source, encoding="utf-8")
    try:
        yield before
    finally:
        module.write_text(before, encoding="utf-8")


def main(path: str) -> int:
    said = json.loads(Path(path).read_text(encoding="utf-8"))
    job = Job(**said | {one: Path(said[one]) for one in ("resultats", "passages", "brouillon")})
    job.brouillon.mkdir(parents=True, exist_ok=True)
    options = ["-q", "-s", "--hypothesis-profile=court"]
    options += [
        "-W",
        "ignore::pytest.PytestAssertRewriteWarning",
    ]  # tests/__init__ imports hypothesis
    options += ["-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:cov"]
    options += [f"--basetemp={job.brouillon / 'essais'}", *job.essais]
    return pytest.main(options, plugins=[Grafts(job)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
