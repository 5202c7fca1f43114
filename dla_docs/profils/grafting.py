"""Un document tel qu'un DLA le veut : sa classe, plus ce que le profil y ajoute. Verdict, modèle
Word, formulaire et relecture n'en savent rien.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Annotated, Any, TypeVar

from pydantic import create_model
from pydantic.fields import FieldInfo

from dla_docs.model.bloc import Bloc, bloc_of, declaration, kind_of
from dla_docs.model.document import Document
from dla_docs.model.fields import Mention, mention
from dla_docs.model.layout import Colonne
from dla_docs.model.node import Kind, Node
from dla_docs.model.requirement import LIBELLE, Force, exigence_propre
from dla_docs.model.validation import validated
from dla_docs.profils.complements import (
    COMPLEMENTS,
    complements_of,
    field_of,
    own_exigence,
    roles_of,
)
from dla_docs.profils.profil import Profil
from dla_docs.profils.settings import Clause, Critere, Reglages
from dla_docs.registry import FORMULAIRES

Model = TypeVar("Model", bound=Document)
Part = TypeVar("Part", bound=Bloc)


def adapted(model: type[Model], profil: Profil) -> type[Model]:
    """La classe d'un document sous un profil ; elle-même quand le profil n'y règle rien."""
    settings = profil.reglages(model.slug())
    if settings is None:
        return model
    if model not in profil._classes:
        grown = _grown(model, _grafts(model, settings, profil))
        grown.titre = settings.titre or model.titre
        grown.titre_court = "" if settings.titre else model.titre_court
        profil._classes[model] = grown
    return profil._classes[model]


def demanded(model: type[Document], profil: Profil) -> Node:
    """L'arbre des champs d'un document, avec les seules exigences que le profil demande."""
    if model not in profil._vus:
        profil._vus[model] = _seen(model.schema_node(), profil)
    return profil._vus[model]


def _seen(node: Node, profil: Profil) -> Node:
    found = (profil.vue(exigence, node.path) for exigence in node.exigences)
    children = {name: _seen(child, profil) for name, child in node.children.items()}
    return replace(node, exigences=tuple(filter(None, found)), children=children)


def under(document: Document, profil: Profil) -> Any:
    """Le même document sous un profil : avec la place de ce que le profil ajoute, sans celle de ce
    qu'un autre ajoutait.
    """
    official = FORMULAIRES.get(document.slug())
    model = adapted(official, profil) if official else type(document)
    if model is type(document):
        return document
    apart = type(document).hors_formulaire
    moved = validated(model, known_to(model, document.model_dump(exclude={*apart})))
    return moved.model_copy(update={name: getattr(document, name) for name in apart}).placed(
        document._mission, document._raw, document._dossier, document._typed
    )


def is_official(model: type[Document]) -> bool:
    """Vrai pour la classe d'un document telle que les guides la font, sans rien qu'un DLA y ait
    réglé.
    """
    return FORMULAIRES.get(model.slug(), model) is model


@dataclass
class _Graft:
    """What is added to one class, and to the classes of its fields below."""

    fields: list[tuple[str, Any, FieldInfo, str]] = field(
        default_factory=list
    )  # name, type, field, the one that it follows
    texts: dict[str, Mention] = field(default_factory=dict)
    rows: dict[str, Any] = field(default_factory=dict)  # what a list holds at the start
    labels: dict[str, str] = field(default_factory=dict)
    below: dict[str, _Graft] = field(default_factory=dict)

    def at(self, way: Iterable[str]) -> _Graft:
        graft = self
        for name in way:
            graft = graft.below.setdefault(name, _Graft())
        return graft


def _grafts(model: type[Document], settings: Reglages, profil: Profil) -> _Graft:
    whole, key = _Graft(), str(profil.cle)
    if settings.complements:
        whole.fields.append(
            (
                COMPLEMENTS,
                complements_of(model, settings.complements, key),
                FieldInfo(default=None),
                "",
            )
        )
    for added in settings.criteres:
        *way, last = _way(added.apres)
        whole.at(way).fields.append(
            _criterion(block_at(model, way), last, added, model.slug(), key)
        )
    for clause in settings.clauses:
        *way, last = _way(
            clause.apres
            or [*model.model_fields, *([COMPLEMENTS] if settings.complements else [])][-1]
        )
        whole.at(way).texts |= _clause(clause, last, model.slug(), key)
    for path, text in settings.formulations.items():
        if path in model.textes_retires:
            continue
        *way, last = _way(path)
        whole.at(way).texts[last] = _reworded(block_at(model, way).mentions()[last], text, profil)
    for path, rows in settings.lignes.items():
        *way, last = _way(path)
        whole.at(way).rows[last] = rows
    for path, label in settings.libelles.items():
        *way, last = _way(path)
        whole.at(way).labels[last] = label
    return whole


def _reworded(held: Mention, text: str, profil: Profil) -> Mention:
    """A text that no followed guide asks for is, once written again, the DLA's own."""
    own = () if not any(map(profil.follows, held.exigences)) else held.exigences
    return replace(held, texte=text, exigences=own)


def block_at(model: type[Bloc], way: Iterable[str]) -> type[Bloc]:
    """La classe de la partie, ou des lignes, au bout d'un chemin ; ``LookupError`` quand il n'y
    mène pas.
    """
    for name in way:
        below = bloc_of(model, name) if name in model.model_fields else None
        if below is None:
            raise LookupError(name)
        model = below
    return model


def _way(path: str | None) -> list[str]:
    return (path or "").replace("[]", "").split(".")


def _criterion(
    block: type[Bloc], follows: str, added: Critere, slug: str, profil: str
) -> tuple[str, Any, FieldInfo, str]:
    """A criterion has the form of the one that it follows, and is asked for when that one is."""
    shaped = block.model_fields[follows]
    told = declaration(block, follows)
    roles = (
        roles_of(added)
        or told.par
        or frozenset(role for exigence in told.exigences for role in exigence.par)
    )
    made = field_of(added, replace(told, exigences=own_exigence(added, slug, profil), par=roles))
    return str(added.cle), _annotated(shaped), made, follows


def _annotated(shaped: FieldInfo) -> Any:
    """The type with its marks, which pydantic keeps apart."""
    return (
        Annotated[(shaped.annotation, *shaped.metadata)] if shaped.metadata else shaped.annotation
    )


def _clause(clause: Clause, follows: str, slug: str, profil: str) -> dict[str, Mention]:
    name = str(clause.cle)
    asked = exigence_propre(
        profil, slug, name, clause.titre or name, Force.OBLIGATOIRE, nature=LIBELLE
    )
    heading = (
        {f"titre_{clause.cle}": mention(clause.titre, apres=follows, titre=True)}
        if clause.titre
        else {}
    )
    return {**heading, f"clause_{clause.cle}": mention(str(clause.texte), asked, apres=follows)}


def _grown(model: type[Part], graft: _Graft) -> type[Part]:
    """The class with its grafts: same name, same module, same titles; its parts grow in the same
    way.
    """
    changed = {
        name: _changed(model, name, graft)
        for name in dict.fromkeys((*graft.below, *graft.rows, *graft.labels))
    }
    added: dict[str, Any] = {name: (annotation, made) for name, annotation, made, _ in graft.fields}
    grown = create_model(
        model.__name__,
        __base__=model,
        __module__=model.__module__,
        __doc__=model.__doc__,
        **changed,
        **added,
    )
    for name, text in graft.texts.items():
        setattr(grown, name, text)
    grown.colonnes = _headed(model.colonnes, graft.labels)
    _reorder(grown, [(name, follows) for name, _, _, follows in graft.fields if follows])
    return grown


def _changed(model: type[Bloc], name: str, graft: _Graft) -> Any:
    shaped = model.model_fields[name]
    annotation = _annotated(shaped)
    if name in graft.below:
        part = _grown(block_at(model, [name]), graft.below[name])
        annotation = tuple[part, ...] if kind_of(model, name) is Kind.ROWS else part  # type: ignore[valid-type]  # made here
    default = (
        _rows(block_at(model, [name]), graft.rows[name]) if name in graft.rows else shaped.default
    )
    return annotation, FieldInfo(
        default=default,
        title=graft.labels.get(name, shaped.title),
        description=shaped.description,
        json_schema_extra=shaped.json_schema_extra,
    )


def _headed(columns: tuple[Any, ...], labels: Mapping[str, str]) -> tuple[Any, ...]:
    """A column has the label of the field that it shows first."""
    return tuple(
        replace(column, titre=labels[column.champs[0]])
        if isinstance(column, Colonne) and column.champs and column.champs[0] in labels
        else column
        for column in columns
    )


def _rows(model: type[Bloc], rows: Any) -> Any:
    """Rows as a model holds them: each has its key."""
    if not isinstance(rows, list):
        return rows
    plain = [
        {model.principal: row} if model.principal and isinstance(row, str) else row for row in rows
    ]
    return tuple(
        {"cle": f"{model.prefixe}{rank}", **row} if isinstance(row, dict) else row
        for rank, row in enumerate(plain, 1)
    )


def _reorder(model: type[Bloc], added: list[tuple[str, str]]) -> None:
    """pydantic puts what a class adds after what it inherits; the form has each criterion after the
    one that it follows.
    """
    order = list(model.model_fields)
    for name, follows in reversed(
        added
    ):  # several that follow the same one stand in the order in which they were written
        order.remove(name)
        order.insert(order.index(follows) + 1, name)
    fields = dict(model.model_fields)
    model.__pydantic_fields__.clear()
    model.__pydantic_fields__.update({name: fields[name] for name in order})
    model.model_rebuild(force=True)


def known_to(model: type[Bloc], data: Any) -> Any:
    """Ces données, sans ce que la classe ne connaît pas : ce qu'un autre profil ajoutait."""
    if isinstance(data, list | tuple):
        return [known_to(model, row) for row in data]
    if not isinstance(data, Mapping):
        return data  # of another form: the validation says so
    parts = parts_of(model)
    return {
        name: known_to(part, value) if (part := parts[name]) else value
        for name, value in data.items()
        if name in parts
    }


@lru_cache(512)
def parts_of(model: type[Bloc]) -> dict[str, type[Bloc] | None]:
    """Les champs d'une classe ; pour une partie ou une suite de lignes, ce qu'elle tient."""
    return {name: bloc_of(model, name) for name in model.model_fields}
