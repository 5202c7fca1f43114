"""La ressemblance de deux textes : de quoi distinguer un copier-coller d'une reformulation."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dla_docs.spelling import unaccented

WINDOW = 6  # words in a row; honest rewordings rarely share so many
SHARE = 0.5  # of the text's windows found elsewhere
MINIMUM = 8  # words below which a match says nothing


def copied(text: str, sources: Iterable[str]) -> bool:
    """Vrai quand au moins la moitié des suites de six mots de ``text`` se retrouvent telles quelles
    dans ``sources``.
    """
    words = _words(text)
    if len(words) < MINIMUM:
        return False
    known = {window for source in sources for window in _windows(_words(source))}
    own = list(_windows(words))
    return sum(window in known for window in own) >= SHARE * len(own)


def identical(text: str, sources: Iterable[str]) -> bool:
    """Vrai quand ``text``, assez long pour dire quelque chose, est mot pour mot l'un des
    ``sources``.
    """
    words = _words(text)
    return len(words) >= MINIMUM and any(words == _words(source) for source in sources)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", unaccented(text))


def _windows(words: list[str]) -> Iterable[tuple[str, ...]]:
    return (tuple(words[start : start + WINDOW]) for start in range(len(words) - WINDOW + 1))
