"""Deux textes qui disent la même chose."""

from __future__ import annotations

from dla_docs.model.typography import typeset


def same(one: str, other: str) -> bool:
    """Vrai de deux textes qui ne diffèrent que par leurs blancs."""
    return one.split() == other.split()


def agree(one: str, other: str) -> bool:
    """Vrai de deux textes qui disent de même, à la typographie près : une main tape « L'avis », et
    la page l'imprime autrement.
    """
    return same(typeset(one), typeset(other))
