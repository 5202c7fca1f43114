"""Ce qu'un prestataire ne doit pas lire des autres : rien de ce qui dirait qui ils sont, ni leur
prix, dans aucun texte qu'il reçoit.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dla_docs.constat import Constat
from dla_docs.model import formats
from dla_docs.model.bloc import Bloc, declaration
from dla_docs.model.fields import Champ
from dla_docs.model.recipients import DonneePersonnelle
from dla_docs.model.values.value import Printed
from dla_docs.parties.acteurs import Personne, Prestataire
from dla_docs.parties.identite import se_ressemblent
from dla_docs.parties.personnes import DU_PRESTATAIRE
from dla_docs.parties.prix import NO_PRICE, ecrit, prix
from dla_docs.parties.reconnaitre import (
    Marque,
    de_cabinet,
    de_domaine,
    de_numero,
    de_quelqu_un,
    domaine,
    nue,
    sans_civilite,
)

Hides = Callable[[Champ, DonneePersonnelle | None], bool]
"""Vrai d'un champ que l'on ne lit pas, d'après ce qu'il déclare et la personne dont il parle."""

UN_AUTRE, QUELQU_UN = "un autre prestataire", "quelqu'un"
UN_SOLLICITE = "un prestataire sollicité"  # said to who is none of them
JOINDRE = {"telephone": "le téléphone", "courriel": "le courriel"}
NUMEROS = (*JOINDRE, "siret", "site")
SANS_LE_PRIX = (
    "Réécrivez ce texte sans ce montant ; s'il y dit autre chose que ce prix, écrivez-le en toutes "
    "lettres."
)


@dataclass(frozen=True)
class Permis:
    """Ce que disent de qui est qui les champs déclarés pour le dire ; un texte libre n'en dit rien,
    quoi qu'il contienne. ``noms`` : des cabinets et des gens ; ``gens`` : d'eux seuls.
    """

    noms: tuple[str, ...] = ()
    gens: tuple[str, ...] = ()
    numeros: tuple[str, ...] = ()

    @property
    def nues(self) -> frozenset[str]:
        """Chacun, tel qu'il se compare."""
        return frozenset(map(nue, (*self.noms, *map(sans_civilite, self.gens), *self.numeros)))

    @property
    def domaines(self) -> frozenset[str]:
        """Ceux des courriels et des sites."""
        return frozenset(map(domaine, self.numeros)) - {""}


def permis(blocs: Iterable[Bloc]) -> Permis:
    """Ceux que nomment les champs déclarés de ces blocs, et comment les joindre."""
    found = {row for one in blocs for row in _declared(one, None)}
    gens = tuple(sorted(said for kind, said in found if kind == QUELQU_UN))
    noms = tuple(sorted(said for kind, said in found if kind == "nom"))
    numeros = tuple(sorted(said for kind, said in found if kind in NUMEROS))
    return Permis((*noms, *gens), gens, numeros)


def _declared(bloc: Bloc, whose: DonneePersonnelle | None) -> Iterator[tuple[str, str]]:
    for name in type(bloc).model_fields:
        value, personal = getattr(bloc, name), declaration(type(bloc), name).personnelle
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Bloc):
                yield from _declared(one, personal or whose)
            elif isinstance(one, str) and one:
                if name in NUMEROS:
                    yield name, one
                elif name == "nom":
                    yield (QUELQU_UN if whose or isinstance(bloc, Personne) else name), one
                elif personal and not _is_free(bloc, name):
                    yield QUELQU_UN, one


def _is_free(bloc: Bloc, name: str) -> bool:
    """Of several lines: a text that speaks of people, and does more than name one."""
    held = type(bloc).model_fields[name].metadata
    return any(isinstance(mark, Printed) and mark.multiline for mark in held)


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
    ours = [one for one in siens if one]
    return {name: de_cabinet(UN_AUTRE, name, ours) for name in names if name}


def des_autres(
    dits: Mapping[str, Collection[Bloc]],
    allies: Collection[str],
    communs: Iterable[Bloc] = (),
    ailleurs: Iterable[Bloc] = (),
    qui: str = UN_AUTRE,
) -> dict[str, Marque]:
    """Ce qui dirait qui est un prestataire qui n'est pas des ``allies`` (des clés) : son nom, son
    SIRET, les siens et comment les joindre. ``dits`` : par clé, ce qui n'est que de lui.

    Ce qui est aussi d'un allié, ou de ``communs``, n'y est pas : deux cabinets peuvent avoir le
    même consultant. ``ailleurs`` : ce qui nomme d'autres gens, dont l'un peut avoir le même nom de
    famille ; ``qui`` : comment le dire à celui qui lit.
    """
    ours = permis([*communs, *(one for cle in allies for one in dits.get(cle, ()))])
    found = {
        mark: said
        for cle, held in dits.items()
        if cle not in allies
        for one in held
        for mark, said in _marks(one, isinstance(one, Personne), qui)
    }
    told = {mark: said for mark, said in found.items() if nue(sans_civilite(mark)) not in ours.nues}
    theirs = [mark for mark, said in told.items() if said.startswith(QUELQU_UN)]
    gens = [
        one
        for one in permis(ailleurs).gens
        if not any(se_ressemblent(sans_civilite(one), sans_civilite(mark)) for mark in theirs)
    ]
    marks = {
        mark: de_cabinet(said, mark, ours.noms) if said == qui else _marque(said, mark, ours, gens)
        for mark, said in told.items()
    }
    sites = {domaine(mark) for mark in told} - ours.domaines - {""}
    return marks | {
        one: de_domaine(f"le site ou les adresses d'{qui}", one) for one in sorted(sites)
    }


def _marque(said: str, mark: str, ours: Permis, gens: Sequence[str] = ()) -> Marque:
    if said.startswith(QUELQU_UN):
        return de_quelqu_un(said, mark, ours.noms, gens)
    return de_numero(said, mark, ours.numeros)


def prix_des_autres(
    dits: Mapping[str, Collection[Bloc]],
    siens: Collection[str],
    communs: Iterable[Bloc] = (),
    qui: str = UN_AUTRE,
) -> dict[str, Marque]:
    """Les montants d'un prestataire qui n'est pas de ``siens`` (des clés) ; ni ceux qui sont aussi
    des leurs, ou que disent les champs de ``communs``. ``qui`` : comment le dire à celui qui lit.
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
            f"un prix d'{qui}", ecrit(montant), SANS_LE_PRIX, hors=NO_PRICE
        )
        for montant in sorted(found - known)
    }


def personnes_tues(
    blocs: Iterable[Bloc], hides: Hides, lus: Iterable[Bloc] = ()
) -> dict[str, Marque]:
    """Ceux que ces blocs nomment, et comment les joindre, dans les champs que cache ``hides`` ; ni
    ceux que nomment les champs déclarés de ``lus``.
    """
    ours = permis(lus)
    found = {mark: of for one in blocs for mark, of in _people(one, hides, None)}
    return {
        mark: _marque(of, mark, ours)
        for mark, of in found.items()
        if nue(sans_civilite(mark)) not in ours.nues
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
                    yield one, f"{QUELQU_UN} ({who.de})"


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


def _marks(bloc: Bloc, is_person: bool, qui: str) -> Iterator[tuple[str, str]]:
    """``is_person``: the field that holds it declares someone of the prestataire."""
    if isinstance(bloc, Prestataire):
        yield from ((one, qui) for one in [bloc.nom] if one)
        yield from ((one, f"le SIRET d'{qui}") for one in [bloc.siret] if one)
    for name in type(bloc).model_fields:
        value = getattr(bloc, name)
        declared = declaration(type(bloc), name).personnelle in DU_PRESTATAIRE
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Bloc):
                yield from _marks(one, is_person or declared, qui)
            elif isinstance(one, str) and (is_person or declared):
                yield from _of_a_person(name, one, declared, qui)


def _of_a_person(name: str, said: str, whole: bool, qui: str) -> Iterator[tuple[str, str]]:
    """``whole``: the field is that person, and says nothing but the name."""
    if name in JOINDRE:
        yield said, f"{JOINDRE[name]} d'{qui}"
    elif (whole or name == "nom") and len(said.split()) > 1:  # « Alix » alone is a word of French
        yield said, f"{QUELQU_UN} d'{qui}"
