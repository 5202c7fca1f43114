"""De quoi déclarer un formulaire : ``champ``, ``mention`` et ``regle``, chacun avec les exigences
qu'il porte.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Any, NamedTuple, TypeVar

from pydantic import Field

from dla_docs.model.recipients import DonneePersonnelle
from dla_docs.model.requirement import Exigence, Role

RuleMethod = TypeVar("RuleMethod", bound=Callable[..., Any])


class Nature(Enum):
    """Un formulaire se répond ; un texte se rédige."""

    FORMULAIRE = "formulaire"
    TEXTE = "texte"


class Stade(IntEnum):
    """Les étapes du remplissage d'un document, dans l'ordre ; chaque document progressif énumère
    les siennes.
    """

    def __str__(self) -> str:
        return self.name.lower()

    @property
    def phrase(self) -> str:
        """Ce stade, tel qu'un message le dit."""
        return f"le stade « {self} » est atteint"


Condition = Callable[[Any, Any], bool]
"""Ce qui décide qu'un champ est demandé : reçoit le bloc qui le porte et le document entier."""


@dataclass(frozen=True)
class Champ:
    """Ce qu'un champ déclare en plus de son type ;
    posé dans le ``json_schema_extra`` de pydantic."""

    exigences: tuple[Exigence, ...] = ()
    par: frozenset[str] = frozenset()
    si: Condition | None = None
    des: Stade | None = None
    colonne: bool = False
    rubrique: bool = False
    conseil: str = ""
    apres: str = (
        ""  # the path of the field that this one follows on the page, when it lives elsewhere
    )
    cache_a: frozenset[str] = frozenset()  # the roles whose form does not show what it holds
    personnelle: DonneePersonnelle | None = None  # whom it speaks of, with all that it holds
    coordonnee: bool = False  # it says how to reach a person

    def __call__(self, schema: dict[str, Any]) -> None:
        """Ajoute au JSON Schema du champ les exigences qu'il porte."""
        if self.exigences:
            schema["x-exigence"] = [exigence.id for exigence in self.exigences]


def champ(
    libelle: str = "",
    *exigences: Exigence,
    defaut: Any = None,
    par: Role | tuple[Role, ...] = (),
    si: Condition | None = None,
    des: Stade | None = None,
    colonne: bool = False,
    rubrique: bool = False,
    conseil: str = "",
    aide: str = "",
    exemples: tuple[Any, ...] = (),
    cache_a: tuple[Role, ...] = (),
    personnelle: DonneePersonnelle | None = None,
    coordonnee: bool = False,
) -> Any:
    """Un champ du formulaire : son libellé officiel, puis les exigences qui portent sur lui.

    ``si`` dit quand il est demandé, ``des`` à partir de quel stade, ``par`` qui le remplit quand ce
    n'est pas ce que dit l'exigence ; ``colonne`` : l'exigence porte sur la colonne, une cellule
    peut rester vide ; ``rubrique`` : le guide veut que la rubrique figure, son contenu peut être
    vide ; ``conseil`` : le remède ; ``cache_a`` : ceux dont le formulaire ne montre pas ce qu'il
    tient ; ``personnelle`` : la personne dont il parle, et qui peut la connaître ; ``coordonnee`` :
    il dit comment la joindre.
    """
    roles = (par,) if isinstance(par, Role) else par
    declaration = Champ(
        exigences,
        frozenset(role.value for role in roles),
        si,
        des,
        colonne,
        rubrique,
        conseil,
        cache_a=frozenset(role.value for role in cache_a),
        personnelle=personnelle,
        coordonnee=coordonnee,
    )
    return Field(
        default=defaut,
        title=libelle or None,
        description=aide or None,
        examples=list(exemples) or None,
        json_schema_extra=declaration,
    )


@dataclass(frozen=True)
class Mention:
    """Un texte imprimé tel quel dans le document, et les exigences qui le demandent."""

    texte: str
    exigences: tuple[Exigence, ...] = ()
    si: Condition | None = None
    apres: str = ""
    titre: bool = False

    def __str__(self) -> str:
        return self.texte


def mention(
    texte: str,
    *exigences: Exigence,
    si: Condition | None = None,
    apres: str = "",
    titre: bool = False,
) -> Mention:
    """Un texte fixe du formulaire, écrit comme le guide l'imprime : en tête de sa partie, ou après
    le champ ``apres``.

    Il ne s'imprime que là où le profil suit l'une de ses exigences ; sans exigence, partout.
    ``titre`` : ce texte est le titre même de sa partie (une exigence de nature « libelle » porte
    sur lui).
    """
    return Mention(texte, exigences, si, apres, titre)


@dataclass(frozen=True)
class Attendu:
    """Ce que le processus veut trouver dans une mission : un document, ou le fait qui le montre."""

    quoi: str
    exigences: tuple[Exigence, ...]
    des: Stade
    un_de: tuple[str, ...]
    si: Condition | None
    stade: str
    chemin: str
    conseil: str


def attendu(
    quoi: str,
    *exigences: Exigence,
    des: Stade,
    un_de: tuple[str, ...],
    si: Condition | None = None,
    stade: str = "",
    chemin: str = "",
    conseil: str,
) -> Attendu:
    """Une étape du processus : ce qui la montre est là dès que la mission en est à ``des``.

    ``un_de`` : les chemins dont un seul, rempli, suffit ; ``si`` dit quand elle est attendue, comme
    pour un champ ; ``stade`` : celui qu'un document doit au moins avoir atteint pour la montrer ;
    ``chemin`` : où le dire, quand ce n'est pas au premier d'``un_de`` ; ``conseil`` : le remède.
    """
    return Attendu(quoi, exigences, des, un_de, si, stade, chemin or un_de[0], conseil)


class Faute(NamedTuple):
    """Un chemin en faute, et ce que le message y précise."""

    chemin: str
    precision: str = ""


@dataclass(frozen=True)
class Regle:
    """Une exigence qui croise plusieurs champs, ou plusieurs documents de la mission."""

    nom: str
    phrase: str
    exigences: tuple[Exigence, ...]
    porte_sur: str
    avec_mission: bool
    des: Stade | None
    conseil: str
    method: Callable[..., bool | Iterator[str | Faute]]
    avec_profil: bool = False
    precision: Callable[[Any], str] | None = None
    partout: bool = False

    def selon(self, profil: Any) -> str:
        """Le message sous ce profil, sans son point : il dit la mesure que le profil donne."""
        said = self.phrase.rstrip(".")
        return f"{said} ({self.precision(profil)})" if self.precision else said

    def faults(self, bloc: Any, mission: Any, profil: Any = None) -> tuple[Faute, ...]:
        """Les fautes ; aucun quand la règle est respectée ou demande une mission qu'on
        n'a pas.
        """
        if self.avec_mission and mission is None:
            return ()
        answer = self.method(
            bloc, *([mission] if self.avec_mission else []), *([profil] if self.avec_profil else [])
        )
        if isinstance(answer, bool):
            return () if answer else (Faute(self.porte_sur),)
        return tuple(one if isinstance(one, Faute) else Faute(one) for one in answer)


def regle(
    *exigences: Exigence,
    porte_sur: str = "",
    des: Stade | None = None,
    conseil: str = "",
    precision: Callable[[Any], str] | None = None,
    partout: bool = False,
) -> Callable[[RuleMethod], RuleMethod]:
    """Une règle : la première phrase de la méthode est le message ; elle rend un booléen, ou les
    chemins en faute.

    Une règle entre documents reçoit la ``mission`` ; hors d'une mission, elle n'est pas vérifiée.
    Celle dont la mesure est une donnée de la région reçoit le ``profil``, en dernier, et
    ``precision`` dit cette mesure dans le message. ``partout`` : une contradiction, à vérifier même
    là où aucun guide suivi ne demande ce qui se contredit.
    """

    def declare(method: RuleMethod) -> RuleMethod:
        phrase = inspect.cleandoc(method.__doc__ or "").split("\n\n")[0].replace("\n", " ")
        _, *others = inspect.signature(method).parameters
        declared = Regle(
            method.__name__,
            phrase,
            exigences,
            porte_sur,
            "mission" in others,
            des,
            conseil,
            method,
            "profil" in others,
            precision,
            partout,
        )
        setattr(method, RULE_MARK, declared)
        return method

    return declare


RULE_MARK = "__regle__"
