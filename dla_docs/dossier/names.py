"""Le nom des fichiers d'un dossier : « DLA00-2005-07 – 14 – Grille d'évaluation – Cabinet Alpha »,
assez court pour que Windows le prenne où qu'on le range.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dla_docs.files import safe_name, unique_names
from dla_docs.model.document import Document

REFERENCE, TITLE, WHO = 24, 40, 40  # characters: 120 in all, where Windows takes 260 with the path
DASH, AND, WORD = " \N{EN DASH} ", " et ", ".docx"


def names(
    reference: str | None, documents: Sequence[Document], retenus: Sequence[str] = ()
) -> list[str]:
    """Le nom de chaque document, sans son extension ; son numéro est son rang. ``retenus`` : les
    noms des prestataires retenus, que porte ensemble un document qui leur est commun.
    """
    known = {*retenus, *(one.nom_distinctif or "" for one in documents)}
    asked = [
        safe_name(_name(reference or "", number, document, retenus, known), suffix=WORD)
        for number, document in enumerate(documents, 1)
    ]
    return [name.removesuffix(WORD) for name in unique_names(asked)]


def _name(
    reference: str, number: int, document: Document, retenus: Sequence[str], known: Iterable[str]
) -> str:
    """Who it is of has all the room that the others leave: it tells two files apart."""
    called = shortened(reference, REFERENCE)
    title = shortened(document.titre_court or document.titre, TITLE)
    room = WHO + REFERENCE - len(called) + TITLE - len(title)
    said = document.nom_distinctif or ""
    whose = retenus if said == AND.join(retenus) and len(said) > room else [said]
    each = (room - len(AND) * (len(whose) - 1)) // len(whose)
    who = AND.join(_told_apart(one, each, known) for one in whose)
    return DASH.join(filter(None, (called, f"{number:02d}", title, who)))


def _told_apart(text: str, room: int, known: Iterable[str]) -> str:
    """Its first word and where it parts from another that would be cut to the same."""
    kept, words = _both_ends(text, room), text.split()
    alike = [one.split() for one in known if one != text and _both_ends(one, room) == kept]
    common = [_common(words, other) for other in alike]
    same = max((number for number in common if number < len(words)), default=0)
    if not same or len(words[0]) > room // 3:
        return kept
    return f"{words[0]}… {shortened(' '.join(words[same:]), room - len(words[0]) - 2)}"


def _common(words: Sequence[str], others: Sequence[str]) -> int:
    """How many words begin both."""
    pairs = zip(words, others, strict=False)
    return next((rank for rank, (one, other) in enumerate(pairs) if one != other), len(words))


def _both_ends(text: str, room: int) -> str:
    """Its middle left out when it is too long: « Société coopérative… – Alpha » and « … – Bêta »
    begin alike.
    """
    flat = " ".join(text.split())
    if len(flat) <= room:
        return flat
    end = flat[-(room // 2) :]
    tail = end.partition(" ")[2] if " " in end and flat[-len(end) - 1] != " " else end
    return f"{shortened(flat, room - len(tail) - 1)} {tail}"


def shortened(text: str, room: int) -> str:
    """Le texte, coupé entre deux mots quand il n'y tient pas."""
    flat = " ".join(text.split())
    if len(flat) <= room:
        return flat
    cut = flat[: room - 1]
    whole = cut if flat[room - 1] == " " or " " not in cut else cut.rpartition(" ")[0]
    return whole.rstrip(" ,;:.-") + "…"
