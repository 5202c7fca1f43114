"""Les façons d'écrire, dans un texte, qui est quelqu'un : un nom et ce qui en reste quand on le
dit, un numéro, une adresse.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from dla_docs.parties.identite import mot_courant, nom_courant, nom_nu
from dla_docs.spelling import compact, fold, levelled

SANS_LE_NOMMER = "Réécrivez ce texte sans le nommer."
NOT_AFTER, APART = r"(?<!\d)", r"[\s./()-]{0,6}"
SIREN = 9  # digits of a company
PARTICULES = frozenset(("d", "da", "de", "des", "du", "l", "la", "le", "les", "van", "von"))
CIVILITE = r"(?:m\.|mm\.|mr\.?|mme\.?|mlle\.?|monsieur|madame|mademoiselle|maitre|dr\.?|docteur)"
INITIALES = r"(?: [a-z]\.(?:[ -]?[a-z]\.)?)?"
POUR_TOUS = frozenset(
    f"{name}.{end}"
    for name, ends in {
        **dict.fromkeys(("gmail", "icloud", "aol", "protonmail", "gmx", "msn"), ("com",)),
        **dict.fromkeys(("hotmail", "outlook", "live", "yahoo"), ("com", "fr")),
        **dict.fromkeys(("orange", "wanadoo", "free", "sfr", "laposte", "neuf"), ("fr", "net")),
        **dict.fromkeys(("bbox", "numericable", "club-internet"), ("fr",)),
    }.items()
    for end in ends
)  # where anybody has an address: it tells nobody


@dataclass(frozen=True)
class Marque:
    """Ce qui ferait reconnaître un prestataire : ce qu'une phrase en dit, les façons de l'écrire
    dans un texte sans accents ni majuscules, et ce qu'il faut faire du texte. ``propre`` : celles
    qui ne le disent qu'avec leurs majuscules ; ``hors`` : ce dans quoi il n'est pas dit.
    """

    dite: str
    forme: re.Pattern[str]
    conseil: str = SANS_LE_NOMMER
    propre: re.Pattern[str] | None = None
    hors: re.Pattern[str] | None = None

    def est_dans(self, text: str) -> bool:
        """Vrai quand ce texte la dit."""
        said = levelled(text)
        folded = said.lower()  # letter for letter
        found = [one.span() for one in self.forme.finditer(folded)]
        if self.propre:
            named = (one.span() for one in self.propre.finditer(folded))
            found += [(start, end) for start, end in named if _has_capitals(said[start:end])]
        if not found or not self.hors:
            return bool(found)
        free = [one.span() for one in self.hors.finditer(folded)]
        return any(not any(a <= start and end <= b for a, b in free) for start, end in found)


def _has_capitals(words: str) -> bool:
    own = [word for word in re.findall(r"\w+", words) if word.casefold() not in PARTICULES]
    return bool(own) and all(word[0].isupper() for word in own)


def nue(mark: str) -> str:
    """Ce à quoi se reconnaît une marque écrite autrement."""
    return compact(fold(mark))


def de_cabinet(dite: str, nom: str, permis: Sequence[str]) -> Marque:
    """Un prestataire, par son nom, et comme on l'appelle si l'un de ``permis`` ne l'est pas aussi ;
    non là où il n'est qu'un bout du nom de l'un d'eux.
    """
    ours = [nom_nu(one) for one in permis]
    short, alone = (
        "" if any(f" {one} " in f" {our} " for our in ours) else one
        for one in (nom_courant(nom), mot_courant(nom))
    )
    return _outside(Marque(dite, forme(nom, short), propre=_proper([alone])), nom, permis)


def de_quelqu_un(dite: str, nom: str, permis: Sequence[str], gens: Iterable[str]) -> Marque:
    """Une personne, par son nom, dans un ordre ou dans l'autre, ou par son nom de famille quand
    aucun de ``permis`` ni de ``gens`` n'a le même.
    """
    said = sans_civilite(nom)
    words = re.findall(r"[a-z0-9]+", fold(said))
    turned = [f"{_spread(words[rank:])},? {_spread(words[:rank])}" for rank in range(1, len(words))]
    others = [f" {nom_nu(one)} " for one in (*permis, *gens)]
    families = [words[rank:] for rank in range(1, len(words)) if words[rank:]]
    free = [one for one in families if not any(f" {' '.join(one)} " in other for other in others)]
    shape = forme(said).pattern
    if free:
        family = f"(?:{'|'.join(map(_spread, free))})"
        initials = rf"{words[0][0]}\.(?:[ -]?[a-z]\.)? ?"
        shape += rf"|(?<!\w)(?:{CIVILITE}{INITIALES} ?|{initials}){family}(?!\w)"
    return _outside(Marque(dite, re.compile(shape), propre=_proper(turned)), said, permis)


def sans_civilite(nom: str) -> str:
    """« Mme Élodie Le Goff » est Élodie Le Goff."""
    first, _, rest = nom.strip().partition(" ")
    return rest.strip() if rest and re.fullmatch(CIVILITE, fold(first)) else nom


def de_numero(dite: str, mark: str, permis: Sequence[str]) -> Marque:
    """Un SIRET, un téléphone, un courriel."""
    return _outside(Marque(dite, forme(mark)), mark, permis)


def de_domaine(dite: str, domaine: str) -> Marque:
    """Un site, ou toute adresse qui y est."""
    said = rf"(?<![\w-])(?<!\w\.)(?:www\.)?{re.escape(fold(domaine))}(?![\w-]|\.\w)"
    return Marque(dite, re.compile(said))


def domaine(said: str) -> str:
    """Le domaine d'un courriel ou d'un site ; vide de tout autre, et là où chacun peut en avoir."""
    held = said.rpartition("@")[2] if "@" in said else urlsplit(said).hostname or ""
    found = fold(held).removeprefix("www.")
    return "" if found in POUR_TOUS or "." not in found else found


def _outside(marque: Marque, mark: str, permis: Sequence[str]) -> Marque:
    """Not said where it is within a longer name that may be read."""
    same = nue(mark)
    within = {one for one in permis if nue(one) != same and marque.est_dans(one)}
    if not within:
        return marque
    longest = sorted(within, key=len, reverse=True)
    hors = re.compile("|".join(forme(one).pattern for one in longest))
    return Marque(marque.dite, marque.forme, marque.conseil, marque.propre, hors)


def _proper(ways: Sequence[str]) -> re.Pattern[str] | None:
    said = [way for way in ways if way]
    return re.compile(rf"(?<!\w)(?:{'|'.join(said)})(?!\w)") if said else None


def _spread(words: Sequence[str]) -> str:
    return r"\W+".join(words)


def forme(mark: str, everyday: str = "") -> re.Pattern[str]:
    """Les façons de l'écrire : un numéro, quoi qui en sépare les chiffres ; un nom, sans ce qui dit
    que c'est un cabinet quand il en reste assez, ou comme on l'appelle (``everyday``).
    """
    digits = re.sub(r"\D", "", mark)
    if re.fullmatch(r"\+\d+", mark):
        return _dialled(mark)
    if re.fullmatch(r"[\d\s]+", mark) and len(digits) > SIREN:
        return re.compile(f"{NOT_AFTER}{APART.join(digits[:SIREN])}")
    bare = nom_nu(mark).split() if "@" not in mark else []
    forms = (bare, everyday.split())
    said = [re.escape(fold(mark)), *(_spread(one) for one in forms if len(one) > 1)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(said)})(?!\w)")


def _dialled(telephone: str) -> re.Pattern[str]:
    """As it is dialled from its country, with what is dialled first there or without it, or from
    any other.
    """
    import phonenumbers

    number = phonenumbers.parse(telephone)
    national = phonenumbers.national_significant_number(number)
    at_home = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    first = APART.join(re.sub(r"\D", "", at_home).removesuffix(national))
    home = f"(?:{first}{APART})?" if first else ""
    abroad = f"(?:00|\\+)?{APART}{APART.join(str(number.country_code))}{APART}"
    return re.compile(f"{NOT_AFTER}(?:{abroad})?{home}{APART.join(national)}(?!\\d)")
