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
OF_MONTHS = "".join(f"|(?<=\\b{month})" for month in MONTHS)[1:]
SPACE = f"[ {NBSP}{NARROW}]"
# Nothing is changed inside an address, a file name or a path
KEPT = (
    r"(?<!\S)(?:\S*(?:://|@|www\.|\\)\S*"
    r"|\S+\.(?:docx?|xlsx?|pptx?|pdf|od[pst]|ya?ml|json|csv|txt|png|jpe?g|svg|zip|html?)\b\S*)"
)
RULES = re.compile(
    rf"(?P<kept>{KEPT})"
    rf"|(?P<narrow>{SPACE}+(?=[;!?]))"
    rf"|(?P<space>{SPACE}+(?=[:»%‰€])|(?<=«){SPACE}+|(?<=\b[nN]°){SPACE}+"
    rf"|(?<=\d){SPACE}+(?=(?:{UNITS})(?!\w))"  # « 2 j », « 12 ans »
    rf"|(?<=\d{SPACE}h){SPACE}+(?=\d\d\b)"  # « 9 h 30 »
    rf"|(?:(?<=\b\d)|(?<=\b\d\d)|(?<=\b1er)){SPACE}+(?=(?:{'|'.join(MONTHS)})\b)"  # « 14 juin »
    rf"|(?:{OF_MONTHS}){SPACE}+(?=\d{{4}}\b)"  # « juin 2005 »
    rf"|(?<=€){SPACE}+(?=(?:HT|TTC)\b)"
    rf"|(?<=\d){SPACE}(?=\d{{3}}(?:{SPACE}\d{{3}})*(?:,\d+)?{SPACE}?(?:{UNITS})(?!\w)))"
    r"|(?P<apostrophe>(?<=[^\W\d_])'(?=[\w«“\"(]))"
)
SIGNS = {"narrow": NARROW, "space": NBSP, "apostrophe": APOSTROPHE}
IS_TOUCHED = re.compile(rf"['{SPACE[1:-1]}]").search  # most values are a single word

# The guides wrote « A noter », « Etape »: their typewriter had no accented capitals
CAPITALS = re.compile(
    r"(?<=[A-Z]{3})E(?=E\b)|(?<=\bR)E(?=PONSE\b)"
    r"|\b(?:E(?=tape|tat|ch[ée]anc|tude|valu|laboration|quipe|conomi|cart|nonc|l[ée]ment"
    r"|change|tabli|cri[tv]|chelle)"
    r"|A(?= (?:noter|venir|propos|la|le|vérifier|partir|compléter|remplir|remettre|retourner|qui"
    r"|quel|quoi|savoir|titre|ce|cet|cette|défaut|signer|l['’])))"
)
ACCENTED = {"A": "À", "E": "É"}

WORDS = re.compile(r"\s|\S+")  # each space alone: one that is added leaves its neighbour as it was
PLAIN = str.maketrans({NBSP: " ", NARROW: " ", APOSTROPHE: "'"})


@lru_cache(maxsize=8192)
def typeset(text: str) -> str:
    """Le texte tel que la page l'imprime ; aussi long, et le même quand il l'est déjà."""
    return RULES.sub(_sign, text) if IS_TOUCHED(text) else text


@lru_cache(maxsize=8192)
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


def _sign(found: re.Match[str]) -> str:
    kind = str(found.lastgroup)
    return SIGNS[kind] * len(found.group()) if kind in SIGNS else found.group()
