"""Ce qu'un prestataire ne doit pas lire des autres : rien de ce qui dirait qui ils sont, ni leur
prix, dans aucun texte qu'il reçoit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dla_docs.constat import Constat
from dla_docs.model import formats
from dla_docs.model.bloc import Bloc, declaration
from dla_docs.model.fields import Champ
from dla_docs.model.recipients import DonneePersonnelle
from dla_docs.parties.acteurs import Personne, Prestataire
from dla_docs.parties.identite import mot_courant, nom_courant, nom_nu
from dla_docs.parties.personnes import DU_PRESTATAIRE
from dla_docs.parties.prix import NO_PRICE, ecrit, prix
from dla_docs.spelling import compact, fold

Hides = Callable[[Champ, DonneePersonnelle | None], bool]
"""Vrai d'un champ que l'on ne lit pas, d'après ce qu'il déclare et la personne dont il parle."""

UN_AUTRE = "un autre prestataire"
JOINDRE = {"telephone": "le téléphone", "courriel": "le courriel"}
NOT_AFTER, APART = r"(?<!\d)", r"[\s./()-]{0,6}"
SIREN = 9  # digits of a company
SANS_LE_NOMMER = "Réécrivez ce texte sans le nommer."
SANS_LE_PRIX = (
    "Réécrivez ce texte sans ce montant ; s'il y dit autre chose que ce prix, écrivez-le en toutes "
    "lettres."
)


@dataclass(frozen=True)
class Marque:
    """Ce qui ferait reconnaître un prestataire : ce qu'une phrase en dit, les façons de l'écrire
    dans un texte sans accents ni majuscules, et ce qu'il faut faire du texte. ``seul`` : le mot
    qu'est tout son nom courant, qui ne le dit qu'avec une majuscule ; ``hors`` : ce où ``forme`` ne
    dit rien.
    """

    dite: str
    forme: re.Pattern[str]
    conseil: str = SANS_LE_NOMMER
    seul: str = ""
    hors: re.Pattern[str] | None = None

    def est_dans(self, text: str) -> bool:
        """Vrai quand ce texte la dit."""
        folded = fold(text)
        if self.forme.search(self.hors.sub(" ", folded) if self.hors else folded):
            return True
        words = re.findall(r"\w+", text) if self.seul and self.seul in folded else ()
        return any(word[0].isupper() and fold(word) == self.seul for word in words)


def texts(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Chaque texte d'un bloc, avec son chemin."""
    if isinstance(value, Bloc):
        for name in type(value).model_fields:
            yield from texts(getattr(value, name), f"{path}.{name}".lstrip("."))
    elif isinstance(value, tuple):
        for number, row in enumerate(value):
            yield from texts(row, f"{path}[{number}]")
    elif isinstance(value, str) and value:
        yield path, value


def nommes(names: Iterable[str | None], siens: Iterable[str | None] = ()) -> dict[str, Marque]:
    """Des prestataires dont on ne sait que le nom ; ``siens`` : les noms de qui le lit."""
    ours = [nom_nu(one) for one in siens]
    return {name: _named(UN_AUTRE, name, ours) for name in names if name}


def des_autres(
    dits: Mapping[str, Collection[Bloc]], allies: Collection[str], communs: Iterable[Bloc] = ()
) -> dict[str, Marque]:
    """Ce qui dirait qui est un prestataire qui n'est pas des ``allies`` (des clés) : son nom, son
    SIRET, les siens et comment les joindre. ``dits`` : par clé, ce qui n'est que de lui.

    Ce qui est aussi d'un allié, ou de ``communs``, n'y est pas : deux cabinets peuvent avoir le
    même consultant.
    """
    ours = [*communs, *(one for cle in allies for one in dits.get(cle, ()))]
    said_of_ours = [row for one in ours for row in texts(one)]
    known = {_bare(text) for _, text in said_of_ours}
    names = [nom_nu(text) for path, text in said_of_ours if path.rpartition(".")[2] == "nom"]
    found = {
        mark: said
        for cle, held in dits.items()
        if cle not in allies
        for one in held
        for mark, said in _marks(one, isinstance(one, Personne))
    }
    return {
        mark: _named(said, mark, names) if said == UN_AUTRE else Marque(said, _shape(mark))
        for mark, said in found.items()
        if _bare(mark) not in known
    }


def prix_des_autres(
    dits: Mapping[str, Collection[Bloc]], siens: Collection[str], communs: Iterable[Bloc] = ()
) -> dict[str, Marque]:
    """Les montants d'un prestataire qui n'est pas de ``siens`` (des clés) ; ni ceux qui sont aussi
    des leurs, ou que disent les champs de ``communs``.
    """
    ours = [*communs, *(one for cle in siens for one in dits.get(cle, ()))]
    known = {montant for one in ours for montant in prix(one)}
    found = {
        montant
        for cle, held in dits.items()
        if cle not in siens
        for one in held
        for montant in prix(one)
    }
    return {
        formats.montant(montant): Marque(
            f"un prix d'{UN_AUTRE}", ecrit(montant), SANS_LE_PRIX, hors=NO_PRICE
        )
        for montant in sorted(found - known)
    }


def personnes_tues(
    blocs: Iterable[Bloc], hides: Hides, lus: Iterable[Bloc] = ()
) -> dict[str, Marque]:
    """Ceux que ces blocs nomment, et comment les joindre, dans les champs que cache ``hides`` ; ni
    ce que disent aussi les champs de ``lus``.
    """
    known = {_bare(text) for one in lus for _, text in texts(one)}
    found = {mark: of for one in blocs for mark, of in _people(one, hides, None)}
    return {
        mark: Marque(of, _shape(mark)) for mark, of in found.items() if _bare(mark) not in known
    }


def _people(bloc: Bloc, hides: Hides, whose: DonneePersonnelle | None) -> Iterator[tuple[str, str]]:
    for name in type(bloc).model_fields:
        value, declared = getattr(bloc, name), declaration(type(bloc), name)
        who = declared.personnelle or whose
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Bloc):
                yield from _people(one, hides, who)
            elif who is not None and isinstance(one, str) and hides(declared, who):
                if name in JOINDRE:
                    yield one, f"{JOINDRE[name]} ({who.de})"
                elif name == "nom" and len(one.split()) > 1:
                    yield one, f"quelqu'un ({who.de})"


def cited(said: Iterable[tuple[str, str]], marks: Mapping[str, Marque], what: str) -> list[Constat]:
    """Ce que ces textes, chacun avec son chemin, citeraient de ``marks``. ``what`` : ce qui les
    porte, tel qu'une phrase le dit (« Le document »).
    """
    return [
        Constat(
            f"{what} citerait {one.dite}, « {mark} »{f' ({path})' if path else ''}.",
            chemin=path,
            conseil=one.conseil,
        )
        for path, text in said
        for mark, one in marks.items()
        if one.est_dans(text)
    ]


def _marks(bloc: Bloc, is_person: bool) -> Iterator[tuple[str, str]]:
    """``is_person``: the field that holds it declares someone of the prestataire."""
    if isinstance(bloc, Prestataire):
        yield from ((one, UN_AUTRE) for one in [bloc.nom] if one)
        yield from ((one, f"le SIRET d'{UN_AUTRE}") for one in [bloc.siret] if one)
    for name in type(bloc).model_fields:
        value = getattr(bloc, name)
        declared = declaration(type(bloc), name).personnelle in DU_PRESTATAIRE
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Bloc):
                yield from _marks(one, is_person or declared)
            elif isinstance(one, str) and (is_person or declared):
                yield from _of_a_person(name, one, declared)


def _of_a_person(name: str, said: str, whole: bool) -> Iterator[tuple[str, str]]:
    """``whole``: the field is that person, and says nothing but the name."""
    if name in JOINDRE:
        yield said, f"{JOINDRE[name]} d'{UN_AUTRE}"
    elif (whole or name == "nom") and len(said.split()) > 1:  # « Alix » alone is a word of French
        yield said, f"quelqu'un d'{UN_AUTRE}"


def _bare(mark: str) -> str:
    return compact(fold(mark))


def _named(said: str, name: str, ours: Sequence[str]) -> Marque:
    """As it is called too, unless one of ours is."""
    short, alone = (
        "" if any(f" {one} " in f" {our} " for our in ours) else one
        for one in (nom_courant(name), mot_courant(name))
    )
    return Marque(said, _shape(name, short), seul=alone)


def _shape(mark: str, everyday: str = "") -> re.Pattern[str]:
    """As it may be written: a number whatever parts it, a name without what says that it is a
    company, when enough is left of it, or as it is called.
    """
    digits = re.sub(r"\D", "", mark)
    if re.fullmatch(r"\+\d+", mark):
        return _dialled(mark)
    if re.fullmatch(r"[\d\s]+", mark) and len(digits) > SIREN:
        return re.compile(f"{NOT_AFTER}{APART.join(digits[:SIREN])}")
    bare = nom_nu(mark).split() if "@" not in mark else []
    forms = (bare, everyday.split())
    said = [re.escape(fold(mark)), *(r"\W+".join(one) for one in forms if len(one) > 1)]
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
