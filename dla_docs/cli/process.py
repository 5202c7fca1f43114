"""Le processus ``dla-docs`` : des sorties qui ne cassent pas, un code de sortie, jamais de trace
d'exécution.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
import sys
import warnings
from typing import IO

from dla_docs.cli.application import run
from dla_docs.cli.display import show_error
from dla_docs.cli.refusals import asks_for_details, sentence


def execute(arguments: list[str]) -> int:
    """Exécute une ligne de commande dans un processus à elle ; rend le code de sortie."""
    _prepare_streams()
    if not asks_for_details():
        _silence_libraries()
    try:
        code = run(arguments)
    except OSError:  # the error itself could not be written
        code = 2
    return _flushed(code)


def _prepare_streams() -> None:
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if (
            stream is None or stream.closed
        ):  # by the shell; or a Windows program that has no console
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 — it lives as long as the process
        elif isinstance(stream, io.TextIOWrapper):
            stream = _buffered(stream)
            setattr(sys, name, stream)
            # A terminal knows its encoding; in a pipe Windows would write cp1252, where half of our
            # signs are missing.
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


def _buffered(stream: io.TextIOWrapper) -> io.TextIOWrapper:
    """Under PYTHONUNBUFFERED, what a disk that fills up does not take is lost without a word."""
    raw = stream.buffer
    if not isinstance(raw, io.RawIOBase):
        return stream
    stream.detach()
    return io.TextIOWrapper(io.BufferedWriter(raw), line_buffering=True)


def _silence_libraries() -> None:
    # Their warnings are in English and say nothing to whoever types a command.
    warnings.simplefilter("ignore")
    logging.getLogger().addHandler(logging.NullHandler())


def _flushed(code: int) -> int:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _discard(sys.stdout)
        code = max(code, 1)
    except (OSError, ValueError) as error:  # ValueError: closed meanwhile
        _discard(sys.stdout)
        with contextlib.suppress(OSError):
            show_error(sentence(error))
        code = 2
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.flush()
        return code
    _discard(sys.stderr)
    return code


def _discard(stream: IO[str]) -> None:
    # What is left in the buffer would be written again, and fail again, when Python ends.
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
