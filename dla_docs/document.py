"""La base des modèles : ``Bloc`` (une partie, une ligne) et ``Document``. La forme y est stricte ; l'absence n'est pas une faute de forme."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Self, get_args, get_origin

from pydantic import BaseModel, ConfigDict, PrivateAttr, ValidationInfo, field_validator, model_validator

from dla_docs.champs import RULE_MARK, Champ, Mention, Nature, Regle, Stade, champ
from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.exigence import Role
from dla_docs.mise_en_page import Barres, Colonne, Ligne
from dla_docs.raw import keyed_rows
from dla_docs.schema import Kind, Node, steps
from dla_docs.valeurs import Printed, Texte, Valeur


class Bloc(BaseModel):
    """Une partie d'un document, ou une ligne d'un tableau. Tout champ peut être absent ; rien d'inconnu n'est accepté."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, ignored_types=(Mention,))

    colonnes: ClassVar[tuple[Colonne | str, ...]] = ()  # of the table; a heading alone stands for the fields in order
    en_bref: ClassVar[tuple[Ligne, ...]] = ()  # the few lines that print the whole block in one cell
    sous_points: ClassVar[tuple[str, ...]] = ()  # criteria of a grid that detail the one above them
    ligne_de: ClassVar[str] = ""  # the rows whose table this part closes, as its last row
    en_colonnes: ClassVar[tuple[str, ...]] = ()  # of rows that the page sets side by side: the headings of the criteria, then of each row
    graphique: ClassVar[Barres | None] = None  # of rows: the chart that the page shows above their table
    en_titre: ClassVar[str] = ""  # of rows too rich for a table: the field that heads each of them
    hauteur: ClassVar[float] = 0.0  # of a row at least, in cm
    hors_page: ClassVar[tuple[str, ...]] = ("cle",)  # fields that the page does not show
    hors_formulaire: ClassVar[tuple[str, ...]] = ()  # fields that are no part of the form at all: they have forms of their own
    lignes_vierges: ClassVar[int] = 3  # rows printed on a blank form
    lignes_en_plus: ClassVar[int] = 1  # rows left to add on a form that already holds some
    lignes_de: ClassVar[Mapping[str, tuple[int, int]]] = {}  # the same two, for a field of this block that wants others
    prefixe: ClassVar[str] = "l"  # of the keys given to rows that have none: e1, e2…
    principal: ClassVar[str] = ""  # the field that a plain text stands for: « - Un plan » for « - intitule: Un plan »

    @model_validator(mode="before")
    @classmethod
    def _expand_text(cls, data: Any) -> Any:
        return {cls.principal: data} if cls.principal and isinstance(data, str) else data

    @field_validator("*", mode="before")
    @classmethod
    def _empty_when_absent(cls, value: Any, info: ValidationInfo) -> Any:
        kind = kind_of(cls, str(info.field_name))
        if value is None:
            return {} if kind is Kind.PART else () if kind is Kind.ROWS else None
        return _rows(value, bloc_of(cls, str(info.field_name))) if kind is Kind.ROWS else value

    @field_validator("*", mode="after")
    @classmethod
    def _drop_blank_rows(cls, value: Any) -> Any:
        return _with_keys(tuple(row for row in value if not is_blank(row))) if isinstance(value, tuple) else value

    @classmethod
    def schema_node(cls) -> Node:
        """L'arbre des champs de ce bloc, lu par le verdict, le contrat du modèle Word et le formulaire."""
        return _root(cls)

    @classmethod
    def titre_de_partie(cls) -> str:
        """Le titre officiel du bloc : la première ligne de sa docstring."""
        return inspect.cleandoc(cls.__doc__ or "").split("\n")[0]

    @classmethod
    def mentions(cls) -> dict[str, Mention]:
        """Les textes imprimés du bloc, par nom, dans l'ordre du formulaire."""
        return {name: value for base in reversed(cls.__mro__) for name, value in vars(base).items() if isinstance(value, Mention)}

    @classmethod
    def regles(cls) -> tuple[Regle, ...]:
        """Les règles que ce bloc déclare, dans l'ordre."""
        found = {name: getattr(value, RULE_MARK) for base in reversed(cls.__mro__) for name, value in vars(base).items() if hasattr(value, RULE_MARK)}
        return tuple(found.values())


class Document(Bloc):
    """Un document du DLA. Sa classe porte son titre officiel, sa source et sa nature ; son module porte son nom."""

    titre: ClassVar[str]
    source: ClassVar[str]
    nature_du_document: ClassVar[Nature] = Nature.TEXTE
    stades: ClassVar[type[Stade] | None] = None
    alias: ClassVar[tuple[str, ...]] = ()
    paysage: ClassVar[bool] = False  # the page lies on its long side
    multiple: ClassVar[bool] = False  # a mission may hold several: one per prestataire, per participant
    distingue_par: ClassVar[str] = "prestataire"  # of a kind that is multiple: the part that tells one sheet from the others
    anonymes: ClassVar[tuple[str, ...]] = ()  # the parts that say whose sheet it is, left out where the profile wants that
    page_de_garde: ClassVar[bool] = False  # title and identity have the first page for themselves
    signatures: ClassVar[tuple[str, ...]] = ()  # who signs at the end
    hors_page: ClassVar[tuple[str, ...]] = ("profil", "stade")

    profil: Texte = champ("Profil")
    stade: Texte = champ("Stade")

    _mission: Any = PrivateAttr(default=None)
    _raw: Any = PrivateAttr(default=None)
    _dossier: Path = PrivateAttr(default=Path())

    @field_validator("stade", mode="after")
    @classmethod
    def _known_stade(cls, value: str | None) -> str | None:
        names = [str(stade) for stade in cls.stades or ()]
        if value is not None and value.casefold() not in names:
            known = f"ceux de ce document sont {', '.join(names)}" if names else "ce document n'en a pas"
            raise ValueError(f"le stade « {value} » n'existe pas ; {known}")
        return value and value.casefold()

    @classmethod
    def slug(cls) -> str:
        """Le nom du document sur toutes les étagères : celui de son module."""
        return cls.__module__.rpartition(".")[2]

    @classmethod
    def depuis(cls, mission: Any) -> dict[str, Any]:
        """Ce que ce document reprend de la mission, outre son en-tête ; rien par défaut."""
        return {}

    @classmethod
    def pour(cls, mission: Any, cle: str) -> dict[str, Any]:
        """Ce qu'il reprend de plus quand il est fait pour un prestataire, désigné par sa clé ; rien par défaut."""
        return {}

    @classmethod
    def tenu_par(cls, mission: Any) -> Any:
        """Ce que la mission tient déjà de ce document, ou ``None`` : celui du prestataire retenu quand chacun fait le sien."""
        return mission.retenue(cls.slug()) if "prestataire" in cls.model_fields else mission.premier(cls.slug())

    def vu_par(self, cle: str) -> Self:
        """Ce que le prestataire de cette clé peut voir d'un document qui parle de plusieurs ; ``InputError`` pour les autres documents."""
        raise InputError(f"« {self.titre} » n'a pas d'extrait par prestataire.")

    def avant_l_envoi(self, role: Role) -> Iterator[Constat]:
        """Ce qui devrait être fait avant que ce rôle reçoive le formulaire ; rien par défaut."""
        return iter(())

    def constats_propres(self) -> Iterator[Constat]:
        """Ce que ce document constate de lui-même, en plus de ce que les exigences de sa classe font constater ; rien par défaut."""
        return iter(())

    @property
    def stade_courant(self) -> Stade | None:
        """Le stade du remplissage ; le dernier quand le document ne le dit pas."""
        if self.stades is None:
            return None
        return self.stades[self.stade.upper()] if self.stade else max(self.stades)

    @property
    def nom_distinctif(self) -> str | None:
        """Ce qui distingue ce document des autres de sa sorte dans une mission : le nom de son prestataire ou de son participant, sinon sa clé."""
        who = getattr(self, self.distingue_par, None) if self.multiple else None
        return getattr(who, "nom", None) or getattr(who, "cle", None)

    def _repr_html_(self) -> str:
        from dla_docs.html import document_html  # only a notebook asks

        return document_html(self)

    @property
    def jour(self) -> date | None:
        """Le jour du document : la première date de son en-tête ; ``None`` tant qu'il n'en a pas."""
        return next((value for value in vars(self).values() if isinstance(value, date)), None)

    def placed(self, mission: Any = None, raw: Any = None, dossier: Path | None = None) -> Self:
        """Le même document, qui connaît sa mission (règles entre documents), sa source (lignes) et son dossier (logos)."""
        self._mission, self._raw, self._dossier = mission, raw, dossier or Path()
        return self


def is_blank(value: Any) -> bool:
    """Vrai pour ce qui ne dit rien : absence, texte vide, partie ou suite dont tout est vide (la clé d'une ligne ne dit rien)."""
    if isinstance(value, Bloc):
        return all(is_blank(getattr(value, name)) for name in type(value).model_fields if name != "cle")
    if isinstance(value, tuple):
        return all(is_blank(item) for item in value)
    return value is None or value == ""


def _with_keys(rows: tuple[Any, ...]) -> tuple[Any, ...]:
    keyed = tuple(
        row.model_copy(update={"cle": f"{row.prefixe}{number}"}) if getattr(row, "cle", "") is None else row for number, row in enumerate(rows, 1)
    )
    keys = [row.cle for row in keyed if hasattr(row, "cle")]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise ValueError(f"la clé « {twice[0]} » est donnée à plusieurs lignes ; donnez à chacune la sienne")
    return keyed


def declaration(model: type[Bloc], name: str) -> Champ:
    """Ce que le champ déclare : exigences, rôle, condition, stade."""
    extra = model.model_fields[name].json_schema_extra
    return extra if isinstance(extra, Champ) else Champ()


def applies(bloc: Bloc, name: str, document: Document) -> bool:
    """Vrai quand le champ est demandé : il n'a pas de condition, ou elle est vraie."""
    condition = declaration(type(bloc), name).si
    return condition is None or condition(bloc, document)


@cache
def bloc_of(model: type[Bloc], name: str) -> type[Bloc] | None:
    """La classe de la partie ou des lignes que tient un champ ; ``None`` pour une valeur."""
    annotation = model.model_fields[name].annotation
    inner = get_args(annotation)[0] if get_origin(annotation) is tuple else annotation
    return inner if isinstance(inner, type) and issubclass(inner, Bloc) else None


@cache
def kind_of(model: type[Bloc], name: str) -> Kind:
    """Valeur, partie ou lignes."""
    if bloc_of(model, name) is None:
        return Kind.LEAF
    return Kind.ROWS if get_origin(model.model_fields[name].annotation) is tuple else Kind.PART


def _rows(value: Any, model: type[Bloc] | None) -> Any:
    """Rows may be given by key; a row that is null is no row."""
    if isinstance(value, Mapping) and model is not None:
        value = keyed_rows(value, model.model_fields, model.principal)
    return [row for row in value if row is not None] if isinstance(value, list) else value


def value_type(model: type[Bloc], path: str) -> Valeur:
    """Comment se lit la valeur au bout d'un chemin."""
    *way, last = (step for step in steps(path) if isinstance(step, str))
    for name in way:
        model = bloc_of(model, name) or model
    return next(mark for mark in model.model_fields[last].metadata if isinstance(mark, Valeur))


@cache
def row_prefixes(model: type[Bloc]) -> dict[str, str]:
    """Le préfixe des clés de chaque suite de lignes, par nom de champ."""
    found: dict[str, str] = {}
    for name in model.model_fields:
        if inner := bloc_of(model, name):
            found |= row_prefixes(inner)
            found |= {name: inner.prefixe} if kind_of(model, name) is Kind.ROWS else {}
    return found


@cache
def _root(model: type[Bloc]) -> Node:
    label = model.titre if issubclass(model, Document) else model.titre_de_partie()
    roles = frozenset({Role.CHARGE_DE_MISSION.value})
    return Node(name="", path="", kind=Kind.PART, label=label, children=_children(model, "", roles), roles=roles)


def _children(model: type[Bloc], path: str, roles: frozenset[str]) -> dict[str, Node]:
    return {node.name: node for node in _nodes(model, path, roles)}


def _nodes(model: type[Bloc], path: str, roles: frozenset[str]) -> Iterator[Node]:
    yield from _notes(model, path, after="")
    for name in model.model_fields:
        if name not in model.hors_formulaire:
            yield _field_node(model, name, f"{path}{name}", roles)
            yield from _notes(model, path, after=name)


def _notes(model: type[Bloc], path: str, after: str) -> Iterator[Node]:
    for name, text in model.mentions().items():
        if text.apres == after:
            yield Node(name=name, path=f"{path}{name}", kind=Kind.NOTE, text=text.texte, exigences=text.exigences, heading=text.titre)


def _field_node(model: type[Bloc], name: str, path: str, inherited: frozenset[str]) -> Node:
    declared, inner, kind = declaration(model, name), bloc_of(model, name), kind_of(model, name)
    roles = declared.par or _roles_of(declared) or inherited
    printed = next((mark for mark in model.model_fields[name].metadata if isinstance(mark, Printed)), Printed("texte"))
    return Node(
        name=name,
        path=path,
        kind=kind,
        label=model.model_fields[name].title or (inner.titre_de_partie() if inner else name),
        children=_children(inner, f"{path}[]." if kind is Kind.ROWS else f"{path}.", roles) if inner else {},
        format=printed.format,
        choices=printed.choices,
        exigences=declared.exigences,
        roles=roles,
        multiline=printed.multiline,
        column=declared.colonne,
    )


def _roles_of(declared: Champ) -> frozenset[str]:
    return frozenset(role for exigence in declared.exigences for role in exigence.par)
