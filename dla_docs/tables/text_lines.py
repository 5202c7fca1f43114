"""Un long texte, lu ligne par ligne sans être tenu entier."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from dla_docs.decoding import BOMS, encoding_of
from dla_docs.files import MAX_TEXT, opened, read_text

BLOCK = 1 << 18  # bytes that are seen together


def text_lines(path: str | Path) -> Iterator[str]:
    """Les lignes du texte que donne ``read_text``, chacune avec ce qui la finit."""
    with opened(path) as stream:

        def blocks() -> Iterator[bytes]:
            stream.seek(0)
            return iter(lambda: b"".join(stream.readlines(BLOCK)), b"")

        start = next(blocks(), b"")
        marks = [encoding for mark, encoding in BOMS if start.startswith(mark)]
        odd = any(b"\0" in block for block in blocks()) or stream.tell() > MAX_TEXT
        encoding = "" if odd else encoding_of(blocks)
        if not encoding or marks not in ([], [encoding]):  # in UTF-16, or to be refused
            yield from io.StringIO(read_text(path), newline="")
            return
        stream.seek(0)
        lines = io.TextIOWrapper(stream, encoding, newline="")
        yield next(lines, "").lstrip("\ufeff")
        yield from lines
