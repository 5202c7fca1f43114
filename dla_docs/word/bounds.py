"""Ce qu'une page peut tenir au plus : la lire coûte à mesure de ce qu'elle tient."""

from __future__ import annotations

from collections.abc import Iterable

from dla_docs.word.part import refusal

# The longest of our documents has a fifth of these
MOST_TAGS, MOST_LINES, MOST_CONTROLS = 1_000_000, 20_000, 10_000
THAN_OURS = "qu'aucun document de dla_docs n'en a"
NOT_OURS = "Demandez le formulaire tel qu'il a été envoyé ; n'ouvrez pas celui d'un inconnu."


def refuse_long(texts: Iterable[bytes]) -> None:
    """PackageError quand ces parties ont trop d'éléments pour être lues."""
    held = [*texts]
    if sum(map(len, held)) > MOST_TAGS and sum(text.count(b"<") for text in held) > MOST_TAGS:
        raise refusal(f"Cette page est plus longue {THAN_OURS}.", NOT_OURS)


def refuse_many(lines: int, controls: int) -> None:
    """PackageError quand une page a trop de lignes, ou trop de champs."""
    if lines > MOST_LINES or controls > MOST_CONTROLS:
        raise refusal(f"Cette page tient plus de lignes, ou de champs, {THAN_OURS}.", NOT_OURS)
