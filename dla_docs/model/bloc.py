"""La base des modèles, ``Bloc`` : une partie, une ligne. La forme y est stricte ; l'absence n'est
pas une faute de forme.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from types import FunctionType
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, get_args, get_origin

from pydantic import (
    BaseModel,
    ConfigDict,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
    model_validator,
)

from dla_docs.model.fields import RULE_MARK, Attendu, Champ, Mention, Regle
from dla_docs.model.known_data import known, wording
from dla_docs.model.layout import Barres, Colonne, Ligne
from dla_docs.model.node import KEPT, Kind, Node, schema_path, steps
from dla_docs.model.recipients import DonneePersonnelle
from dla_docs.model.requirement import Role
from dla_docs.model.values import Printed, Valeur
from dla_docs.raw import borrowed, keyed_rows
from dla_docs.raw.overlaying import CLE

Validator = TypeVar("Validator", bound=Callable[..., Any])


def _signed(validator: Validator) -> Validator:
    """Its signature is written on it: pydantic asks for it again for each field of each class."""
    validator.__signature__ = inspect.signature(validator)  # type: ignore[attr-defined]
    return validator


class Bloc(BaseModel):
    """Une partie d'un document, ou une ligne d'un tableau. Tout champ peut être absent ; rien
    d'inconnu n'est accepté.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        validate_default=True,
        ignored_types=(Mention,),
        defer_build=True,  # a part is built within what holds it, and seldom alone
    )

    colonnes: ClassVar[
        tuple[Colonne | str, ...]
    ] = ()  # of the table; a heading alone stands for the fields in order
    en_bref: ClassVar[
        tuple[Ligne, ...]
    ] = ()  # the few lines that print the whole block in one cell
    en_tete: ClassVar[
        tuple[Ligne, ...]
    ] = ()  # what the identity block says of it; the rest of « en_bref » stands at the end
    sans_ordre: ClassVar[bool] = False  # rows of one value, that a list need not number
    dite_par: ClassVar[str] = ""  # the field that may say what its label says already
    en_image: ClassVar[str] = ""  # what a template prints to show its image, none of its words
    en_garde: ClassVar[int] = 0  # its name stands in large letters on a cover, in the margins in
    # this rank: the structure first, wherever the official form names it
    pied_de_garde: ClassVar[bool] = False  # it stands at the foot of a cover
    signe_par: ClassVar[str] = ""  # of a party that the class of a contract gives no box: its hand
    sous_points: ClassVar[tuple[str, ...]] = ()  # criteria of a grid that detail the one above them
    ligne_de: ClassVar[str] = ""  # the rows whose table this part closes, as its last row
    en_colonnes: ClassVar[
        tuple[str, ...]
        # Of rows that the page sets side by side: the headings of the criteria, then of each row
    ] = ()
    graphique: ClassVar[Barres | None] = (
        None  # of rows: the chart that the page shows above their table
    )
    cles_retirees: ClassVar[
        tuple[str, ...]
    ] = ()  # what an older file may still hold: read, neither kept nor printed, and said so
    un_suffit: ClassVar[bool] = False  # one of its fields filled is enough for the guide
    intertitre: ClassVar[str] = ""  # of rows in a table: without this field, a row heads the next
    en_titre: ClassVar[str] = ""  # of rows too rich for a table: the field that heads each of them
    hauteur: ClassVar[float] = 0.0  # of a row at least, in cm
    attendus: ClassVar[
        tuple[Attendu, ...]
    ] = ()  # what the process wants to find in it, stage after stage
    hors_page: ClassVar[tuple[str, ...]] = ("cle",)  # fields that the page does not show
    hors_formulaire: ClassVar[
        tuple[str, ...]
    ] = ()  # fields that are no part of the form at all: they have forms of their own
    lignes_vierges: ClassVar[int] = (
        3  # blank rows of a form: the guide's, after those that are known
    )
    lignes_closes: ClassVar[bool] = False  # no row is added to those that are known
    lignes_de: ClassVar[
        Mapping[str, int]
    ] = {}  # the number of blank rows, for a field of this block that wants another
    prefixe: ClassVar[str] = "l"  # of the keys given to rows that have none: e1, e2…
    enonce: ClassVar[str] = ""  # of a row, the question: the others' form prints it as a text
    principal: ClassVar[str] = (
        ""  # the field that a plain text stands for: « - Un plan » for « - intitule: Un plan »
    )

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        _settle(cls)

    if not TYPE_CHECKING:  # or any name would be allowed

        def __getattr__(self, name: str) -> Any:
            """Une valeur privée, que pydantic cherche plus longtemps : ce pourrait y être un
            descripteur.
            """
            if name[:1] == "_":
                private = object.__getattribute__(self, "__pydantic_private__")
                if private and name in private:
                    return private[name]
            return super().__getattr__(name)

    def cle_propre(self) -> str:
        """La clé qu'une ligne tire de ce qu'elle dit ; sans elle, son rang la lui donne."""
        return ""

    @model_validator(mode="before")
    @classmethod
    @_signed
    def _as_fields(cls, data: Any) -> Any:
        """A plain text is what its ``principal`` says; what is retired is left."""
        if isinstance(data, str):
            return {cls.principal: data} if cls.principal else data
        gone = _retired(cls)
        if not gone or not isinstance(data, Mapping) or gone.isdisjoint(data):
            return data
        return {name: value for name, value in data.items() if name not in gone}

    @field_validator("*", mode="wrap")
    @classmethod
    @_signed
    def _read_once(
        cls, value: Any, read: ValidatorFunctionWrapHandler, info: ValidationInfo
    ) -> Any:
        held = _held_in(cls, str(info.field_name))
        if held is None:
            return _kept_rows(read(value))
        kind, inner, is_plain = held
        if value is None:
            value = {} if kind is Kind.PART else ()
        elif kind is Kind.ROWS and not isinstance(value, str):
            value = _rows(value, inner)
        words = wording(value) if is_plain else None
        if words is None:
            return _kept_rows(read(value))
        made = known(inner, kind is Kind.ROWS, words)
        if not made:
            made.append(_kept_rows(read(value)))
        return made[0]

    def __eq__(self, other: object) -> bool:
        """La même classe et les mêmes champs ; la mission, le fichier et le dossier d'où ils
        viennent ne comptent pas, ni dans le ``hash``.
        """
        if not isinstance(other, Bloc) or type(self) is not type(other):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in fields_of(type(self)))

    def __hash__(self) -> int:
        values = (getattr(self, name) for name in fields_of(type(self)))
        return hash((type(self), *(one for one in values if not isinstance(one, dict))))

    @classmethod
    def schema_node(cls) -> Node:
        """L'arbre des champs de ce bloc, lu par le verdict, le contrat du modèle Word et le
        formulaire.
        """
        return _root(cls)

    @classmethod
    def titre_de_partie(cls) -> str:
        """Le titre officiel du bloc : le premier paragraphe de sa docstring."""
        return inspect.cleandoc(cls.__doc__ or "").split("\n\n")[0].replace("\n", " ")

    @classmethod
    def mentions(cls) -> dict[str, Mention]:
        """Les textes imprimés du bloc, par nom, dans l'ordre du formulaire."""
        return dict(_mentions(cls))

    @classmethod
    def regles(cls) -> tuple[Regle, ...]:
        """Les règles que ce bloc déclare, dans l'ordre."""
        return _rules(cls)


def _settle(model: type[Bloc]) -> None:
    """What a class declares without its being a field is known once the class is made; pydantic
    would evaluate it again, from its text, for each class made from it.
    """
    said = model.__annotations__  # its own: those of the classes above are theirs
    for name in model.__class_vars__ & said.keys():
        del said[name]


_settle(Bloc)


@cache
def _mentions(model: type[Bloc]) -> dict[str, Mention]:
    return {
        name: value
        for base in reversed(model.__mro__)
        for name, value in vars(base).items()
        if isinstance(value, Mention)
    }


@cache
def _rules(model: type[Bloc]) -> tuple[Regle, ...]:
    found = {
        name: getattr(value, RULE_MARK)
        for base in reversed(model.__mro__)
        for name, value in vars(base).items()
        if isinstance(value, FunctionType) and hasattr(value, RULE_MARK)
    }
    return tuple(found.values())


@cache
def _retired(model: type[Bloc]) -> frozenset[str]:
    return frozenset(model.cles_retirees) - model.model_fields.keys()


@cache
def _speaking(model: type[Bloc]) -> tuple[str, ...]:
    """The fields that may say something: the key of a row does not."""
    return tuple(name for name in fields_of(model) if name != CLE)


def is_blank(value: Any) -> bool:
    """Vrai pour ce qui ne dit rien : absence, texte vide, partie ou suite dont tout est vide (la
    clé d'une ligne ne dit rien).
    """
    if value is None:
        return True
    if isinstance(value, str):
        return not value
    if isinstance(value, Bloc):
        for name in _speaking(value.__class__):  # asked of each part by all that hold it
            said = getattr(value, name)
            if said is not None and (said if said.__class__ is str else not is_blank(said)):
                return False
        return True
    return isinstance(value, tuple) and all(map(is_blank, value))


@cache
def fields_of(model: type[Bloc]) -> tuple[str, ...]:
    """Les noms de ses champs, dans l'ordre : pydantic les redit plus lentement."""
    return tuple(model.model_fields)


def _free_key(row: Bloc, number: int, taken: set[str]) -> str:
    """The key that a row makes of itself, its rank behind it when another has it already."""
    own = row.cle_propre()
    if not own:
        return f"{row.prefixe}{number}"
    key = f"{own[:36]}_{number}" if own in taken else own
    taken.add(key)
    return key


def _kept_rows(value: Any) -> Any:
    """Rows without those that say nothing, each with its key; anything else as it is."""
    if not isinstance(value, tuple):
        return value
    return _with_keys(tuple(row for row in value if not is_blank(row)))


def _with_keys(rows: tuple[Any, ...]) -> tuple[Any, ...]:
    if not rows:
        return rows
    _refuse_borrowed([row for row in rows if hasattr(row, CLE)])
    taken = {row.cle for row in rows if getattr(row, "cle", None)}
    keyed = tuple(
        row.model_copy(update={"cle": _free_key(row, number, taken)})
        if getattr(row, "cle", "") is None
        else row
        for number, row in enumerate(rows, 1)
    )
    keys = [row.cle for row in keyed if hasattr(row, "cle")]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise ValueError(
            f"la clé « {twice[0]} » est donnée à plusieurs lignes ; donnez à chacune la sienne"
        )
    return keyed


def _refuse_borrowed(rows: Sequence[Bloc]) -> None:
    """A row that takes its key from its rank takes no other's."""
    written = [getattr(row, CLE) or row.cle_propre() for row in rows]
    if found := borrowed(written, rows[0].prefixe if rows else ""):
        raise ValueError(" ; ".join(f"{one} ; {one.remedy}" for one in found))


@cache
def declaration(model: type[Bloc], name: str) -> Champ:
    """Ce que le champ déclare : exigences, rôle, condition, stade."""
    extra = model.model_fields[name].json_schema_extra
    return extra if isinstance(extra, Champ) else Champ()


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


@cache
def _held_in(model: type[Bloc], name: str) -> tuple[Kind, type[Bloc], bool] | None:
    """What a field holds, and whether that class says all of its type; ``None`` for a value."""
    inner = bloc_of(model, name)
    if inner is None:
        return None
    return kind_of(model, name), inner, not model.model_fields[name].metadata


def _rows(value: Any, model: type[Bloc] | None) -> Any:
    """Rows may be given by key; a row that is null is no row."""
    if isinstance(value, Mapping) and model is not None:
        value = keyed_rows(value, model.model_fields, model.principal)
    return [row for row in value if row is not None] if isinstance(value, list) else value


def retirees_de(model: type[Bloc], raw: Any, path: str = "") -> Iterator[str]:
    """Les chemins où un fichier dit encore ce qu'aucun guide ne demande plus."""
    for name in raw if _retires(model) and isinstance(raw, Mapping) else ():
        if name in model.cles_retirees:
            yield f"{path}{name}"
        elif name in model.model_fields and (inner := bloc_of(model, name)):
            yield from retirees_de(inner, raw[name], f"{path}{name}.")


@cache
def _retires(model: type[Bloc]) -> bool:
    """Whether it, or one of its parts, has keys that are retired."""
    below = (inner for name in model.model_fields if (inner := bloc_of(model, name)))
    return bool(model.cles_retirees) or any(map(_retires, below))


def attribute_at(bloc: object, path: str) -> Any:
    """La valeur que tient un bloc au bout d'un chemin sans rang ; ``None`` sous une valeur absente
    ou un nom inconnu.
    """
    value: Any = bloc
    for name in path.split("."):
        value = getattr(value, name, None)
    return value


def days_at(bloc: Bloc, path: str) -> Iterator[date]:
    """Les jours que dit un bloc au bout d'un chemin, ceux de chaque ligne quand il passe par une
    suite (``versions[].date``) ; d'une période, son dernier.
    """
    name, _, rest = path.partition(".")
    value = getattr(bloc, name.removesuffix("[]"), None)
    for one in value if isinstance(value, tuple) else (value,):
        if rest and isinstance(one, Bloc):
            yield from days_at(one, rest)
        elif isinstance(day := getattr(one, "fin", one), date):
            yield day


def value_type(model: type[Bloc], path: str) -> Valeur:
    """Comment se lit la valeur au bout d'un chemin."""
    return _value_type(model, schema_path(path))


@lru_cache(KEPT)
def _value_type(model: type[Bloc], path: str) -> Valeur:
    model, last = _holder(model, path)
    return next(mark for mark in model.model_fields[last].metadata if isinstance(mark, Valeur))


def declared(model: type[Bloc], path: str) -> Champ:
    """Ce que déclare le champ au bout d'un chemin."""
    return declaration(*_holder(model, path))


@lru_cache(KEPT)
def _holder(model: type[Bloc], path: str) -> tuple[type[Bloc], str]:
    """The part that declares the field at the end of a path, and its name there."""
    *way, last = (step for step in steps(path) if isinstance(step, str))
    for name in way:
        model = bloc_of(model, name) or model
    return model, last


def questions(model: type[Bloc], prefix: str = "") -> Iterator[str]:
    """Les chemins des questions écrites d'avance : ``modalites[].question``."""
    if model.enonce:
        yield f"{prefix}{model.enonce}"
    for name in model.model_fields:
        if inner := bloc_of(model, name):
            rows = "[]" if kind_of(model, name) is Kind.ROWS else ""
            yield from questions(inner, f"{prefix}{name}{rows}.")


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
    roles = frozenset({Role.CHARGE_DE_MISSION.value})
    return Node(
        name="",
        path="",
        kind=Kind.PART,
        label=model.titre_de_partie(),
        children=_children(model, "", roles, None),
        roles=roles,
    )


def _children(
    model: type[Bloc], path: str, roles: frozenset[str], personal: DonneePersonnelle | None
) -> dict[str, Node]:
    return {node.name: node for node in _nodes(model, path, roles, personal)}


def _nodes(
    model: type[Bloc], path: str, roles: frozenset[str], personal: DonneePersonnelle | None
) -> Iterator[Node]:
    yield from _notes(model, path, after="")
    for name in model.model_fields:
        if name not in model.hors_formulaire:
            yield _field_node(model, name, f"{path}{name}", roles, personal)
            yield from _notes(model, path, after=name)


def _notes(model: type[Bloc], path: str, after: str) -> Iterator[Node]:
    for name, text in model.mentions().items():
        if text.apres == after:
            yield Node(
                name=name,
                path=f"{path}{name}",
                kind=Kind.NOTE,
                text=text.texte,
                exigences=text.exigences,
                heading=text.titre,
            )


ROWS = "[]"


def _field_node(
    model: type[Bloc],
    name: str,
    path: str,
    inherited: frozenset[str],
    whose: DonneePersonnelle | None,
) -> Node:
    declared, inner, kind = declaration(model, name), bloc_of(model, name), kind_of(model, name)
    roles = declared.par or _roles_of(declared) or inherited
    personal = declared.personnelle or whose
    printed = next(
        (mark for mark in model.model_fields[name].metadata if isinstance(mark, Printed)),
        Printed("texte"),
    )
    return Node(
        name=name,
        path=path,
        kind=kind,
        label=model.model_fields[name].title or (inner.titre_de_partie() if inner else name),
        children=_children(
            inner, f"{path}[]." if kind is Kind.ROWS else f"{path}.", roles, personal
        )
        if inner
        else {},
        format=printed.format,
        choices=printed.choices,
        exigences=declared.exigences,
        roles=roles,
        multiline=printed.multiline,
        personal=personal,
        contact=declared.coordonnee,
        column=declared.colonne,
        picture=inner.en_image if inner else "",
    )


def _roles_of(declared: Champ) -> frozenset[str]:
    return frozenset(role for exigence in declared.exigences for role in exigence.par)
