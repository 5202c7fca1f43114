"""Un programme surveillé : il avance, ou il est arrêté avec tous ceux qu'il a lancés. Seul endroit
qui sache comment chaque système tue.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from time import monotonic

PERIOD = 0.2  # seconds between two looks
MOST_WAITS = 60  # a program that always has a little more to write does not advance either
WATCHED = """\
exec 3<&0 </dev/null
(read -r _ <&3; kill -KILL 0) &
"$@" 3<&-
code=$?
kill -KILL $!
exit $code
"""
"""The shell that runs a program until it ends, or until whoever started it is gone, however it
went: its standard input is a pipe that nobody writes to, and that ends with its other side.
"""


class Stalled(Exception):
    """Le programme n'avançait plus ; il a été arrêté."""


class Cancelled(Exception):
    """Plus personne n'attend le résultat ; le programme a été arrêté."""


def supervise(
    command: Sequence[str],
    env: Mapping[str, str],
    timeout: float,
    progress: Callable[[], object],
    cancel: threading.Event,
) -> int:
    """Le code de sortie du programme, arrêté s'il passe ``timeout`` secondes sans que
    ``progress()`` change, ou ``MOST_WAITS`` fois ce temps en tout. Stalled, Cancelled, OSError.
    """
    process = _start(command, env)
    code = -1
    try:
        code = _wait(process, timeout, progress, cancel)
    finally:
        if code != 0:  # killing the launcher alone would leave soffice.bin at work
            _kill(process)
        if process.stdin:
            process.stdin.close()
    return code


def said_by(command: Sequence[str], most: int, timeout: float) -> bytes:
    """Ce qu'un programme écrit sur sa sortie, au plus ``most`` octets ; il est arrêté s'il en dit
    davantage, ou passé ``timeout`` secondes. OSError.
    """
    process = _start(command, os.environ, subprocess.PIPE)
    late = threading.Timer(timeout, _kill, (process,))
    late.start()
    try:
        with process.stdout or open(os.devnull, "rb") as said:
            return said.read(most)
    finally:
        late.cancel()
        _kill(process)
        if process.stdin:
            process.stdin.close()


def cores() -> int:
    """Combien de programmes peuvent tourner à la fois sur cette machine."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _start(
    command: Sequence[str], env: Mapping[str, str], stdout: int = subprocess.DEVNULL
) -> subprocess.Popen[bytes]:
    quiet = subprocess.DEVNULL
    if sys.platform == "win32":
        return subprocess.Popen(
            command,
            env=env,
            stdin=quiet,
            stdout=stdout,
            stderr=quiet,
            creationflags=subprocess.CREATE_NO_WINDOW,
        )
    # Its own session, so that the whole family can be killed.
    return subprocess.Popen(
        ["/bin/sh", "-c", WATCHED, "sh", *command],
        env=env,
        stdin=subprocess.PIPE,
        stdout=stdout,
        stderr=quiet,
        start_new_session=True,
    )


def _wait(
    process: subprocess.Popen[bytes],
    timeout: float,
    progress: Callable[[], object],
    cancel: threading.Event,
) -> int:
    seen, deadline = progress(), monotonic() + timeout
    last = monotonic() + MOST_WAITS * timeout
    while True:
        with suppress(subprocess.TimeoutExpired):
            return process.wait(PERIOD)
        if cancel.is_set():
            raise Cancelled
        if (now := progress()) != seen:
            seen, deadline = now, min(monotonic() + timeout, last)
        if monotonic() > deadline:
            raise Stalled


def _kill(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        subprocess.run(
            ["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False
        )
    else:
        with suppress(
            ProcessLookupError, PermissionError
        ):  # macOS answers « not permitted » for a group already dead
            os.killpg(process.pid, signal.SIGKILL)
    with suppress(subprocess.TimeoutExpired):
        process.wait(10)
