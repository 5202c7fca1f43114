"""Les JSON Schemas d'un document : ce qu'on peut écrire dans son fichier, le formulaire à l'écran
qui s'en fait, et ce qu'un modèle Word peut en imprimer.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic.json_schema import models_json_schema

from dla_docs.manual.requirement_index import named
from dla_docs.mission import Mission
from dla_docs.model.document import Document
from dla_docs.model.node import Kind, Node
from dla_docs.profils.grafting import adapted
from dla_docs.profils.loading import load_profil
from dla_docs.profils.profil import Profil
from dla_docs.registry import DOCUMENTS
from dla_docs.resources import installed_version
from dla_docs.stages.charts import charted
from dla_docs.templating.frame import DAY

DIALECT = "https://json-schema.org/draft/2020-12/schema"
LONG = {"format": "textarea", "x-format": "textarea"}  # a text of several lines, to form makers
TEXT = {"type": ["string", "null"]}
BOUNDS = ("minimum", "maximum", "exclusiveMaximum")
PRINTED = {"type": ["string", "number", "null"]}
WRITTEN_BY_US = {"default", "examples"}  # left out when they say nothing
SAYS_NOTHING = "Un texte"
PAGE: dict[str, Any] = {
    "profil": {
        "title": "Le profil",
        "type": "object",
        "properties": {
            "nom": TEXT,
            "mention_des_financeurs": TEXT,
            "pied_de_page": TEXT,
            "date": TEXT,
            "reference": TEXT,
            "suivies": {"type": "array", "items": {"type": "string"}},
            "logos": {"type": "array", "items": {"type": "string"}},
            "logos_financeurs": {"type": "array", "items": {"type": "string"}},
        },
        "additionalProperties": False,
    },
    "brouillon": {"title": "C'est un brouillon", "type": "boolean"},
    "formulaire": {"title": "C'est un formulaire à remplir", "type": "boolean"},
    DAY: {"title": "La date du document", **TEXT},
}
"""What every template may print, besides the document (``Request.printable``)."""


def schema_json(slug: str, profil: Profil | str | Path | None = None) -> dict[str, Any]:
    """Ce qu'on peut écrire dans le fichier d'un document, ou d'une mission avec tous ses
    documents ; avec ce qu'un DLA y ajoute, sous son profil.
    """
    chosen = load_profil(profil)
    model = adapted(named(slug), chosen)
    kinds = (
        {kind: adapted(one, chosen) for kind, one in DOCUMENTS.items()}
        if issubclass(model, Mission)
        else {}
    )
    models: tuple[type[Document], ...] = (model, *kinds.values())
    # Together, so that two rows of the same name in two documents stay two definitions.
    made, whole = models_json_schema([(one, "validation") for one in models])
    definitions = whole["$defs"]
    refs = {one: made[(one, "validation")] for one in models}
    for one in models:
        _annotate(definitions, refs[one], one.schema_node())
    for definition in definitions.values():
        _accept_written_forms(definition)
    if kinds:
        mission = definitions[_name(refs[model])]
        mission["properties"]["documents"] = _documents_schema(
            {kind: refs[one] for kind, one in kinds.items()}
        )
    own = definitions.pop(_name(refs[model]))
    kind = {"title": "Document", "const": model.slug()}
    own["properties"] = {"document": kind, **own["properties"]}
    cited = _cited(own, definitions)
    kept = {name: one for name, one in definitions.items() if name in cited}
    return {**_head(model, chosen, "saisie"), **own, "type": "object", "$defs": kept}


def _cited(schema: Any, definitions: dict[str, Any]) -> set[str]:
    """The definitions that a schema cites, one through the other: pydantic leaves those whose value
    we describe ourselves.
    """
    found: set[str] = set()
    left = [schema]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            name = _name(one) if isinstance(one.get("$ref"), str) else ""
            left += one.values()
            if name and name not in found:
                found.add(name)
                left.append(definitions[name])
        elif isinstance(one, list):
            left += one
    return found


def asked_json(slug: str, profil: Profil | str | Path | None = None) -> dict[str, Any]:
    """Ce qu'un formulaire à l'écran demande pour un document : de ce qu'on peut écrire, une seule
    forme par réponse, qu'une bibliothèque sait dessiner sans qu'on choisisse d'abord un type.
    """
    asked: dict[str, Any] = _asked(schema_json(slug, profil))
    asked["$id"] = asked["$id"].replace(":saisie:", ":formulaire:")
    asked["properties"]["document"] |= {"type": "string", "default": slug, "readOnly": True}
    for part in (asked, *asked["$defs"].values()):
        for said in part["properties"].values():
            if said.get("default") and "items" in said:
                row = asked["$defs"][_name(said["items"])]
                said["default"] = [_whole(row, given) for given in said["default"]]
    return asked


def _whole(row: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """A row written beforehand, with a place for what is still to be answered."""
    blank = {key: "" for key, one in row["properties"].items() if one.get("type") == "string"}
    return {**blank, **given}


def printed_json(slug: str, profil: Profil | str | Path | None = None) -> dict[str, Any]:
    """Ce qu'un modèle Word d'un document peut imprimer : ses champs, les textes qu'il imprime, et
    ce que toute page peut dire (son profil, si elle est un brouillon).
    """
    chosen = load_profil(profil)
    model = adapted(named(slug), chosen)
    own = _printed(model.schema_node())
    properties = {**own["properties"], **PAGE, "graphiques": _drawn(model)}
    return {**_head(model, chosen, "impression"), **own, "properties": properties}


def _drawn(model: type[Document]) -> dict[str, Any]:
    """The images of a document, each at the place of what it draws."""
    whole: dict[str, Any] = {"type": "object", "properties": {}, "additionalProperties": False}
    for way in charted(model):
        place = whole
        for name in way[:-1]:
            empty = {"type": "object", "properties": {}, "additionalProperties": False}
            place = place["properties"].setdefault(name, empty)
        place["properties"][way[-1]] = TEXT
    return {"title": "Les images dessinées", **whole}


def _head(model: type[Document], profil: Profil, use: str) -> dict[str, Any]:
    return {
        "$schema": DIALECT,
        "$id": name_of_schema(model, profil, use),
        "title": model.titre,
    }


def name_of_schema(model: type[Document], profil: Profil, use: str) -> str:
    """Le nom d'un schéma : deux qui diffèrent en ont deux, où sont la version et le profil."""
    return f"urn:dla-docs:{model.slug()}:{use}:{installed_version() or '0'}:{profil.cle}"


def _name(ref: dict[str, Any]) -> str:
    return str(ref["$ref"]).rpartition("/")[2]


def _annotate(definitions: dict[str, Any], ref: dict[str, Any], node: Node) -> None:
    """Puts on each field what its declaration says and pydantic does not: who fills it, whether
    its text is long. A definition that several places share gets the roles of all.
    """
    properties = definitions[_name(ref)].get("properties", {})
    for name, said in properties.items():
        child = node.children.get(name)
        if child is None:
            continue
        roles = {*said.get("x-par", ()), *child.roles}
        said |= {"x-par": sorted(roles)} if roles else {}
        said |= {"title": child.label} if child.label else {}
        if child.kind is Kind.LEAF:
            said |= _of_value(child)
        elif below := next(_refs(said), None):
            _annotate(definitions, below, child)


def _of_value(node: Node) -> dict[str, Any]:
    said: dict[str, Any] = {**LONG} if node.multiline else {}
    return {**said, "x-choix": list(node.choices)} if node.choices else said


def _refs(said: dict[str, Any]) -> Iterator[dict[str, Any]]:
    held = said.get("items", said)
    if "$ref" in held:
        yield {"$ref": held["$ref"]}


def _accept_written_forms(definition: dict[str, Any]) -> None:
    """A file may also name another file, or a row's key, where a part is due; give rows by key; and
    leave out what it does not know yet. Said by types, and not by alternatives, which no maker of
    forms draws well.
    """
    definition["type"] = ["object", "string", "null"]
    definition.pop("title", None)  # the name of a class: a part is called what its field is
    for rank, value in enumerate(definition.get("properties", {}).values()):
        value["propertyOrder"] = rank
        if "enum" in value:  # which pydantic leaves without a type; a maker of forms asks for one
            value["type"] = ["string", *(["boolean"] if True in value["enum"] else []), "null"]
        for key in WRITTEN_BY_US:
            if value.get(key) in (None, []):
                value.pop(key, None)
        if value.get("description") == SAYS_NOTHING:
            del value["description"]
        if "$ref" in value.get("items", {}):
            value["type"] = ["array", "object", "string", "null"]
            value["additionalProperties"] = value["items"]


def _asked(said: Any) -> Any:
    """A part of a schema, with one form only for each answer: the first, or the list. A choice may
    be left open: a list without an empty line would answer by itself.
    """
    if isinstance(said, list):
        return [_asked(one) for one in said]
    if not isinstance(said, dict):
        return said
    if "anyOf" in said:
        return _asked({**said["anyOf"][-1], **{key: said[key] for key in said if key != "anyOf"}})
    kept = {key: _asked(one) for key, one in said.items()}
    if isinstance(kept.get("type"), list):
        kept["type"] = kept["type"][0]
    if kept.get("type") == "string":  # the bounds are those of a number
        kept = {key: one for key, one in kept.items() if key not in BOUNDS}
    if kept.get("type") == "array":
        kept.pop("additionalProperties", None)
    if "pattern" in kept:
        kept["pattern"] = f"^$|{kept['pattern']}"
    if "enum" in kept:
        kept["enum"] = ["", *kept["x-choix"]]
    return kept


def _documents_schema(refs: dict[str, dict[str, str]]) -> dict[str, Any]:
    """One document of a kind, or several."""
    kinds = {kind: {"anyOf": [ref, {"type": "array", "items": ref}]} for kind, ref in refs.items()}
    return {
        "title": "Documents",
        "type": "object",
        "properties": kinds,
        "additionalProperties": False,
    }


def _printed(node: Node) -> dict[str, Any]:
    head = {"title": node.label} if node.label else {}
    if node.kind is Kind.LEAF:
        return {**head, **PRINTED}
    if node.kind is Kind.NOTE:
        return {"title": node.text, **TEXT}
    inside = {
        **head,
        "type": "object",
        "properties": {name: _printed(child) for name, child in node.children.items()},
        "additionalProperties": False,
    }
    return {**head, "type": "array", "items": inside} if node.kind is Kind.ROWS else inside
