"""Ce que deux façons d'écrire ont en commun, et le mot connu qui ressemble à celui qu'on a tapé."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches


def unaccented(text: str) -> str:
    """Le texte sans accents ni majuscules : « Vérifier » se comprend comme « verifier »."""
    return _bare_letters(text).casefold()


def _bare_letters(text: str) -> str:
    if text.isascii():
        return text
    # NFD, not NFKD: compatibility forms turn « 12² » into 122 and ½ into 1⁄2.
    letters = unicodedata.normalize("NFD", text)
    return "".join([letter for letter in letters if not unicodedata.combining(letter)])


def fold(text: str) -> str:
    """Le texte sans accents, sans majuscules, ses espaces, tirets et apostrophes ramenés à un seul
    signe, sans ce qui ne se voit pas : ce qui se compare.
    """
    return levelled(text).casefold()


def levelled(text: str) -> str:
    """Comme ``fold``, les majuscules gardées."""
    return " ".join(_bare_letters(text).translate(SAME_SIGNS).split())


UNSEEN = (0x00AD, *range(0x200C, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF)
SAME_SIGNS: dict[int, str | None] = {
    **dict.fromkeys(UNSEEN),
    0x200B: " ",  # where a line may break, between two words as often as within one
    **dict.fromkeys(map(ord, "‐‑‒–—−"), "-"),
    ord("ᵉ"): "e",
    ord("ʳ"): "r",
    ord("ß"): "ss",
    **dict.fromkeys(map(ord, "’ʼ‘`´"), "'"),
}


def capitalised(text: str) -> str:
    """Le même texte, sa première lettre en capitale et rien d'autre."""
    return text[:1].upper() + text[1:]


def counted(number: int, one: str, many: str = "") -> str:
    """Un nombre et son nom : « 1 fichier », « 3 fichiers »."""
    return f"{number} {one if number < 2 else many or f'{one}s'}"


def slugged(text: str) -> str:
    """Le texte comme on nomme un champ ou un document : « Objectif général » vaut
    « objectif_general ».
    """
    return re.sub(r"[\W_]+", "_", unaccented(text)).strip("_")


def spaced(text: object) -> str:
    """Un nom sans majuscules, ses blancs ramenés à une espace ; vide pour ``None``."""
    return " ".join(str(text or "").casefold().split())


def compact(text: object) -> str:
    """Un nom ou un numéro sans majuscules ni blancs ; vide pour ``None``."""
    return spaced(text).replace(" ", "")


def nearest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """Le mot connu qui ressemble le plus à celui-ci, ou rien."""
    return next(iter(get_close_matches(word, list(known), 1, cutoff)), "")


def meant(word: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Les mots connus que celui-ci peut vouloir dire, « cahier » et « cdc » pour
    « cahier_des_charges » : ceux dont il est un bout, ou les initiales ; sinon le plus ressemblant.
    """
    said, slugs = slugged(word), {one: slugged(one) for one in known}
    part = [
        one
        for one, slug in slugs.items()
        if min(len(said), len(slug)) > 2
        and (f"_{said}" in f"_{slug}" or f"_{slug}_" in f"_{said}_")
    ]
    short = [one for one, slug in slugs.items() if said in _initials(slug)]
    near = nearest(said, slugs.values())
    return (part or short or [one for one, slug in slugs.items() if near and slug == near])[:most]


LITTLE = {"a", "au", "d", "de", "des", "du", "et", "l", "la", "le", "les"}


def _initials(slug: str) -> set[str]:
    words = slug.split("_")
    kept = [words, [word for word in words if word not in LITTLE]]
    return {"".join(word[:1] for word in some) for some in kept if len(some) > 1}


def did_you_mean(near: str | list[str], otherwise: str = "") -> str:
    """« Vouliez-vous dire … ? », ou ``otherwise`` quand rien n'est proche."""
    listed = [near] if isinstance(near, str) else near
    quoted = [f"« {one} »" for one in listed if one]
    either = " ou ".join(filter(None, (", ".join(quoted[:-1]), *quoted[-1:])))
    return f"Vouliez-vous dire {either} ?" if quoted else otherwise
