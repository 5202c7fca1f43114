"""Les lignes tapées sur les lignes vierges d'un formulaire : ce qu'elles disent, et quelles lignes
du document elles peuvent être.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dla_docs.constat import Constat, Gravite
from dla_docs.forms.answers_taken import Changement
from dla_docs.model.node import Node, dotted, steps
from dla_docs.parties.identite import nom_nu
from dla_docs.raw.overlaying import CLE
from dla_docs.raw.quoting import quoted, whole
from dla_docs.spelling import fold, nearest

Way = tuple[str | int, ...]
Texts = Mapping[Way, str]


@dataclass
class AddedRow:
    """Une ligne que le document ne tient pas encore : ce que dit chacun de ses champs, et qui l'a
    dit. ``rank`` : sa place sur le formulaire ; ``sent`` : les lignes parties avec lui.

    ``copies`` : les formulaires où elle est, par leur rang ; ``sendings`` : leurs envois, et
    ``roles`` : pour qui ; ``loose`` : d'un formulaire vierge, parti de nulle mission.
    """

    rank: int
    sent: list[Mapping[str, Any]]
    said: dict[Way, Changement] = field(default_factory=dict)
    authors: set[str] = field(default_factory=set)
    copies: set[int] = field(default_factory=set)
    sendings: set[str] = field(default_factory=set)
    roles: set[str] = field(default_factory=set)
    loose: bool = False

    def texts(self) -> dict[Way, str]:
        """Ce que dit chacun de ses champs."""
        return {way: change.apres for way, change in self.said.items()}

    def is_blind(self, known: int) -> bool:
        """Vrai quand le document tient des lignes (``known``) et que son formulaire n'en montrait
        aucune : elle peut être l'une d'elles.
        """
        return known > 0 and not self.sent

    def is_rival_of(self, other: AddedRow) -> bool:
        """Vrai de deux lignes que deux exemplaires d'un même envoi ne disent pas tous deux : l'une
        peut corriger l'autre.
        """
        return not self.sendings.isdisjoint(other.sendings) and self.copies.isdisjoint(other.copies)

    def is_same_as(self, other: AddedRow) -> bool:
        """Vrai de deux lignes qui n'en font qu'une : elles se complètent à la même place, ou deux
        exemplaires d'un même envoi disent la même.
        """
        one, said = self.texts(), other.texts()
        completes = self.rank == other.rank and agree(one, said)
        if self.is_rival_of(other):
            return one == said or (completes and not one.keys().isdisjoint(said))
        return completes

    def join(self, other: AddedRow) -> None:
        """Prend ce qu'une autre, qui est la même, dit de plus."""
        self.said = {**other.said, **self.said}
        self.authors, self.copies = self.authors | other.authors, self.copies | other.copies
        self.sendings, self.roles = self.sendings | other.sendings, self.roles | other.roles
        self.sent = [*self.sent, *other.sent]


def joined(added: Iterable[AddedRow]) -> list[AddedRow]:
    """Ces lignes, chacune une fois, dans un ordre qui ne dépend pas du leur."""
    kept: list[AddedRow] = []
    for row in sorted(
        added, key=lambda row: (row.rank, str(sorted(map(str, row.texts().items()))))
    ):
        twin = next((other for other in kept if other.is_same_as(row)), None)
        if twin is None:
            kept.append(row)
        else:
            twin.join(row)
    return kept


def agree(one: Texts, other: Texts, but: Way = ()) -> bool:
    """Vrai quand rien de ce que dit l'une n'est contredit par l'autre, en ``but`` excepté."""
    return all(other.get(way, text) == text for way, text in one.items() if way != but)


def same_name(way: Way, now: str, wanted: Iterable[str]) -> bool:
    """Vrai d'un champ qui est un nom, quand tous ne diffèrent que par les accents, les majuscules
    ou la forme juridique.
    """
    return way[-1] == NOM and {nom_nu(one) for one in wanted} == {nom_nu(now)}


@dataclass(frozen=True)
class Identity:
    """Les champs qui disent qui, ou ce qu'est, une ligne : sa clé, un SIRET, son nom."""

    keys: tuple[Way, ...]
    name: Way
    label: str = ""  # of the name, as the page says it

    @classmethod
    def of(cls, rows: Node) -> Identity:
        """Celle des lignes de cette suite : leur nom est leur premier texte."""
        below = {leaf.path.removeprefix(f"{rows.path}[]."): leaf for leaf in rows.leaves()}
        own = {steps(path): leaf for path, leaf in below.items() if "[" not in path}
        named = [way for way in own if way[-1] not in IDENTIFIERS]
        texts = [way for way in named if own[way].format == "texte"]
        keys = tuple(way for way in own if way[-1] in IDENTIFIERS)
        name = next(iter(texts or named), (CLE,))
        return cls(keys, name, own[name].label)

    def says(self, texts: Texts) -> bool:
        """Vrai quand une ligne dit l'un de ces champs."""
        return any(texts.get(way) for way in (*self.keys, self.name))

    def same(self, one: Texts, other: Texts) -> bool:
        """Vrai quand deux lignes ont la même clé, sinon le même SIRET, sinon le même nom et rien
        qui les distingue.
        """
        said = [way for way in self.keys if one.get(way) and other.get(way)]
        if said:
            return self.alike(said[0], one, other)
        return self.alike(self.name, one, other) and agree(one, other, self.name)

    def twin(self, one: Texts, other: Texts) -> bool:
        """Vrai quand deux lignes ont le même nom, et aucun identifiant qui les sépare, quoi
        qu'elles disent d'autre.
        """
        pairs = ((one.get(way), other.get(way)) for way in self.keys)
        apart = any(mine and theirs and fold(mine) != fold(theirs) for mine, theirs in pairs)
        return not apart and self.alike(self.name, one, other)

    def corrected(self, one: Texts, other: Texts) -> bool:
        """Vrai quand deux lignes de même place n'en font qu'une, dont le nom a été corrigé : tout
        le reste est déjà là, ou il n'y a qu'un nom, qui se ressemble. Rien de ce que dit l'une
        n'irait à l'autre.
        """
        rest = [way for way in one if way != self.name and one[way]]
        said, told = one.get(self.name, ""), other.get(self.name, "")
        close = bool(said and told) and bool(nearest(fold(said), [fold(told)], CLOSE))
        return all(other.get(way) == one[way] for way in rest) and (close or bool(rest))

    def resembles(self, one: Texts, other: Texts) -> bool:
        """Vrai quand l'une peut être l'autre, corrigée : son nom, ou tout sauf lui."""
        return self.alike(self.name, one, other) or self.corrected(one, other)

    def alike(self, way: Way, one: Texts, other: Texts) -> bool:
        """Vrai quand deux lignes disent là le même identifiant ; un nom l'est aux accents, aux
        majuscules et à la forme juridique près.
        """
        if way not in (*self.keys, self.name) or not one.get(way):
            return False
        bare = nom_nu if way[-1] == NOM else fold
        return bare(one[way]) == bare(other.get(way, ""))


CLOSE = 0.8  # how alike two names are when one corrects the other
IDENTIFIERS = (CLE, "siret")
NOM = "nom"


def other_spelling(way: Way, claims: list[tuple[str, Changement]], now: str) -> Constat:
    """Le constat d'un nom qui dit de qui est le formulaire, et ne corrige rien."""
    path = dotted(way)
    return Constat(
        f"{claims[0][1].libelle} : {quoted(claims[0][1].apres)} est {quoted(now)}, écrit autrement "
        f"; le nom reste celui de la mission ({path}).",
        Gravite.INFORMATION,
        path,
        fichier=listed(author for author, _ in claims),
        conseil=f"Pour prendre celui du formulaire : « --forcer {path} ».",
    )


def nameless(change: Changement, row: AddedRow, identity: Identity) -> Constat:
    """Le constat d'une réponse dont la ligne ne dit pas laquelle elle est."""
    message = (
        f"{change.libelle} : {quoted(change.apres)} est sur une ligne qui ne dit pas laquelle de "
        f"celles du document elle est ({change.chemin})."
    )
    return Constat(
        message,
        chemin=change.chemin,
        fichier=listed(row.authors),
        conseil=(
            f"Remplissez-y « {identity.label} » ; si c'est celle de même rang dans le document : "
            f"« --forcer {change.chemin} »."
        ),
    )


def namesake(row: AddedRow, held: Texts, path: str) -> Constat:
    """Le constat d'une ligne ajoutée à côté d'une autre, que son formulaire ne montrait pas."""
    return Constat(
        f"La ligne {_shown(row.texts())} est ajoutée à côté de {_shown(held)}, que ce formulaire "
        f"ne montrait pas : rien ne dit si l'une corrige l'autre ({path}).",
        Gravite.AVERTISSEMENT,
        path,
        fichier=listed(row.authors),
        conseil="Si ce n'en est qu'une, effacez du fichier celle qui serait de trop ; sinon, elles "
        "y sont toutes deux.",
    )


def rivals(rows: Sequence[AddedRow], label: str, path: str) -> Iterator[Constat]:
    """Le constat des lignes que deux exemplaires d'un même envoi ne disent pas tous deux."""
    apart = [row for row in rows if any(row.is_rival_of(other) for other in rows)]
    if apart:
        said = " ; ".join(f"{_shown(row.texts())} dans {listed(row.authors)}" for row in apart)
        yield Constat(
            f"{label} : {listed({author for row in apart for author in row.authors})} ont ajouté "
            f"chacun leur ligne sur un exemplaire du même envoi, et rien ne dit si l'une corrige "
            f"l'autre : {said}. Elles sont gardées toutes ({path}).",
            Gravite.AVERTISSEMENT,
            path,
            conseil="Demandez-leur ; si ce n'en est qu'une, effacez du fichier celle qui serait de "
            "trop.",
        )


def _shown(texts: Texts) -> str:
    return whole(" | ".join(text for way, text in texts.items() if text and way != (CLE,)))


def listed(authors: Iterable[str]) -> str:
    """Ces noms, en une phrase."""
    *others, last = sorted(authors)
    return f"{', '.join(others)} et {last}" if others else last
