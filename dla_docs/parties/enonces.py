"""Combien de propositions tient un texte : de quoi distinguer deux objectifs écrits sur une ligne
d'une énumération honnête.
"""

from __future__ import annotations

import re

from dla_docs.spelling import unaccented

PUCE = re.compile(r"^\s*(?:[-*•–]|\d+[.)°])\s*")
# What parts two propositions on a line; a comma or an « et » never does: they enumerate too often
COUPURE = re.compile(
    r"\s*;\s*|(?<=[.!?])\s+|\s+[/+]\s+|,?\s+(?:et\s+)?d['’]autre part,?\s+|\s*\b[1-9a-c][)°]\s+",
    re.IGNORECASE,
)
ANNONCE = re.compile(r"\b(?:deux|trois|plusieurs|objectifs|axes|volets|themes)\b")
AVANT = re.compile(r"^(?:d['’]une part,? )?(?:et )?(?:de |d['’]|a |se |s['’]|l['’]|mieux |bien )*")
INFINITIF = re.compile(
    r"\w{2,}(?:er|ir|dre|ttre|aitre|ire|ivre|clure|rompre|vaincre)\b(?! (?:est|sont|sera)\b)"
)
NOM_D_ACTION = re.compile(
    r"\w{3,}(?:tion|sion|ment|age|ance)\b|mise (?:en|a)\b|refonte\b|creation\b"
)
NOMS = frozenset(  # that end as a verb does
    {
        *("affaire", "atelier", "avenir", "beneficiaire", "cadre", "cahier", "calendrier"),
        *("chantier", "courrier", "dernier", "dossier", "financier", "formulaire", "foyer"),
        *("histoire", "loisir", "maire", "membre", "memoire", "metier", "ordre", "papier"),
        *("partenaire", "particulier", "premier", "quartier", "repertoire", "salaire"),
        "territoire",
    }
)
JOINT = re.compile(r",?\s+et\s+|,\s+")
VERBE_ET_OBJET = re.compile(
    rf"(?:se |s['’])?{INFINITIF.pattern} "
    r"(?:(?:le|la|les|un|une|des|son|sa|ses|leur|leurs) |l['’])\w"
)
SUBORDONNE = re.compile(r"\b(?:pour|afin de|a|de) (?:se )?\w{2,}(?:er|ir|re)\b")
MOTS = 3  # of a proposition: a verb or a noun of action, and what it bears on


def enonces(texte: str) -> list[str]:
    """Les propositions d'un texte : une par ligne ou par puce, plus celles qu'une ligne met bout à
    bout (« améliorer l'accueil ; développer les partenariats »).
    """
    lines = [PUCE.sub("", line) for line in texte.splitlines() if line.strip()]
    return [part for line in lines for part in _of_a_line(line)]


def _of_a_line(line: str) -> list[str]:
    lead, colon, rest = line.partition(" :")
    if colon and ";" not in lead:
        if not ANNONCE.search(_plain(lead)):
            return [line]  # what follows details the one goal that it introduces
        line = rest
    parts = [part.strip() for part in COUPURE.split(line) if part.strip()]
    verbs = [part for part in parts if _begins(part, INFINITIF, 2)]
    actions = [part for part in parts if _begins(part, NOM_D_ACTION, MOTS)]
    several = verbs + actions
    return several if len(several) > 1 and parts[0] in several else [line]


GROUPE_NOMINAL = re.compile(r"(?:le|la|les|un|une|des) \w|l['’]\w", re.IGNORECASE)


def juxtaposes(texte: str) -> bool:
    """Vrai quand un point-virgule met côte à côte des groupes nominaux entiers, dont chacun ferait
    un thème : « la comptabilité ; la communication ».
    """
    parts = [part.strip() for part in texte.split(";") if part.strip()]
    return len(parts) > 1 and all(map(GROUPE_NOMINAL.match, parts))


def coordonnes(texte: str) -> bool:
    """Vrai quand une ligne joint par « et » ou par une virgule deux verbes qui ont chacun leur
    objet : deux propositions, peut-être.
    """
    return any(_joined(_plain(line)) for line in texte.splitlines())


def _joined(line: str) -> bool:
    first, *others = JOINT.split(line)
    return (
        VERBE_ET_OBJET.match(first) is not None
        and SUBORDONNE.search(first) is None
        and any(VERBE_ET_OBJET.match(part) for part in others)
    )


def _begins(part: str, wanted: re.Pattern[str], words: int) -> bool:
    said = AVANT.sub("", _plain(part))
    first = said.split(" ")[0]
    return len(said.split()) >= words and first not in NOMS and wanted.match(said) is not None


def _plain(text: str) -> str:
    return unaccented(text).casefold()
