"""La typographie française de la page : espaces insécables, apostrophes courbes, capitales
accentuées. Chaque signe en remplace un autre, un pour un : ce qui avait été tapé se retrouve.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache

NBSP, NARROW = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"
APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"

UNITS = "j|jours?|h|heures?|min|minutes?|mois|ans?|km|m²|ETP|°C|[kM]?€|euros?|%|‰"
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip
SPACE = f"[ {NBSP}{NARROW}]"
OF_MONTHS = "|".join(rf"(?<=\b{month}{SPACE})" for month in MONTHS)
# No apostrophe is changed inside an address, a file name or a path, which hold no space
KEPT = (
    r"(?<!\S)(?:\S*(?:://|@|www\.|\\)\S*"
    r"|\S+\.(?:docx?|xlsx?|pptx?|pdf|od[pst]|ya?ml|json|csv|txt|png|jpe?g|svg|zip|html?)\b\S*)"
)
# Each begins with the sign that it replaces: a search goes from one to the next at once
SPACES = re.compile(
    rf"{SPACE}(?:{SPACE}*(?:(?P<narrow>(?=[;!?]))|(?=[:»%‰€]))"
    rf"|(?=(?P<year>{SPACE}*)\d{{4}}\b)(?:{OF_MONTHS})(?P=year)"  # « juin 2005 »
    rf"|(?<=[«°\dhr€]{SPACE})(?:(?:(?<=«{SPACE})|(?<=\b[nN]°{SPACE})){SPACE}*"
    rf"|(?<=\d{SPACE}){SPACE}*(?=(?:{UNITS})(?!\w))"  # « 2 j », « 12 ans »
    rf"|(?<=\d{SPACE}h{SPACE}){SPACE}*(?=\d\d\b)"  # « 9 h 30 »
    rf"|(?:(?<=\b\d{SPACE})|(?<=\b\d\d{SPACE})|(?<=\b1er{SPACE})){SPACE}*"
    rf"(?=(?:{'|'.join(MONTHS)})\b)"  # « 14 juin »
    rf"|(?<=€{SPACE}){SPACE}*(?=(?:HT|TTC)\b)"
    rf"|(?<=\d{SPACE})(?=\d{{3}}(?:{SPACE}\d{{3}})*(?:,\d+)?{SPACE}?(?:{UNITS})(?!\w))))"
)
ELISION = r"'(?<=[^\W\d_]')(?=[\w«“\"(])"
ELISIONS, OUTSIDE_ADDRESSES = re.compile(ELISION), re.compile(f"{KEPT}|(?P<elision>{ELISION})")
# Most values are a single word; of the others, most have no space to replace, nor any address
IS_TOUCHED = re.compile(rf"['{SPACE[1:-1]}]").search
HAS_SPACES = re.compile(r"[;!?:«»%‰€°\d]").search
HAS_ADDRESS = re.compile(r"[@\\]|://|www\.|\.\w").search

# The guides wrote « A noter », « Etape »: their typewriter had no accented capitals
CAPITALS = re.compile(
    r"(?<=[A-Z]{3})E(?=E\b)|(?<=\bR)E(?=PONSE\b)"
    r"|\b(?:E(?=tape|tat|ch[ée]anc|tude|valu|laboration|quipe|conomi|cart|nonc|l[ée]ment"
    r"|change|tabli|cri[tv]|chelle)"
    r"|A(?= (?:noter|venir|propos|la|le|vérifier|partir|compléter|remplir|remettre|retourner|qui"
    r"|quel|quoi|savoir|titre|ce|cet|cette|défaut|signer|l['’])))"
)
ACCENTED = {"A": "À", "E": "É"}

TEXTS_KEPT = 2048  # texts; a whole mission says fewer, and a row a few dozen
WORDS = re.compile(r"\s|\S+")  # each space alone: one that is added leaves its neighbour as it was
PLAIN = str.maketrans({NBSP: " ", NARROW: " ", APOSTROPHE: "'"})


@lru_cache(maxsize=TEXTS_KEPT)
def typeset(text: str) -> str:
    """Le texte tel que la page l'imprime ; aussi long, et le même quand il l'est déjà."""
    if not IS_TOUCHED(text):
        return text
    if HAS_SPACES(text):
        text = SPACES.sub(_space, text)
    if "'" not in text:
        return text
    return OUTSIDE_ADDRESSES.sub(_elided, text) if HAS_ADDRESS(text) else _curled(text)


@lru_cache(maxsize=TEXTS_KEPT)
def typeset_words(text: str) -> str:
    """Les mots d'un guide tels que la page les imprime, leurs capitales accentuées."""
    return typeset(accented(text))


def accented(text: str) -> str:
    """Les mots d'un guide tels qu'un écran les dit : leurs capitales accentuées, rien d'autre."""
    return CAPITALS.sub(lambda found: ACCENTED[found.group()], text)


def as_typed(text: str, was: str | None = None) -> str:
    """Un texte lu sur la page, tel qu'on l'avait tapé.

    ``was`` : ce qui avait été imprimé là ; les mots qui n'ont pas changé sont les siens, signe pour
    signe, et les autres restent ceux de la page. Sans lui, le texte comme un clavier l'écrit.
    """
    if was is None:
        return text.translate(PLAIN)
    if text == typeset(was):
        return was
    if not was:
        return text
    ours, theirs = WORDS.findall(was), WORDS.findall(text)
    plain = [[word.translate(PLAIN) for word in words] for words in (ours, theirs)]
    made: list[str] = []
    matcher = SequenceMatcher(None, plain[0], plain[1], False)
    for step, low, high, first, last in matcher.get_opcodes():
        made += ours[low:high] if step == "equal" else theirs[first:last]
    return "".join(made)


def _space(found: re.Match[str]) -> str:
    return (NBSP if found["narrow"] is None else NARROW) * len(found.group())


def _curled(text: str) -> str:
    return ELISIONS.sub(APOSTROPHE, text)


def _elided(found: re.Match[str]) -> str:
    return APOSTROPHE if found["elision"] else found.group()
