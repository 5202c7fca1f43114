"""Le catalogue : quels documents, quelles exigences, où chacune porte. Lu par la ligne de commande, les docs et les tests."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any

from dla_docs.document import Bloc, Document
from dla_docs.documents import DOCUMENTS
from dla_docs.errors import InputError
from dla_docs.exigence import Exigence, referentiel
from dla_docs.mission import Mission


@dataclass(frozen=True)
class DocumentDecrit:
    """Un document, en quatre mots."""

    slug: str
    titre: str
    nature: str
    guides: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Les clés que promet ``dla-docs documents --format json``."""
        return {**asdict(self), "guides": list(self.guides)}


def kind_named(slug: str) -> type[Document]:
    """Le document d'un nom, d'un titre ou d'un alias ; ``InputError`` propose le plus proche."""
    if slug in DOCUMENTS:
        return DOCUMENTS[slug]
    for model in DOCUMENTS.values():
        if slug.casefold() in {name.casefold() for name in (model.titre, *model.alias)}:
            return model
    near = get_close_matches(slug, DOCUMENTS, n=1)
    advice = f"Vouliez-vous dire « {near[0]} » ?" if near else f"Les documents connus sont : {', '.join(DOCUMENTS)}."
    raise InputError(f"Le document « {slug} » est inconnu. {advice}")


def describe(model: type[Document]) -> DocumentDecrit:
    """Ce que la liste des documents dit d'un document."""
    guides = {guide for exigence in _carried(model) for guide in exigence.guides}
    return DocumentDecrit(model.slug(), model.titre, model.nature_du_document.value, tuple(guide for guide in "CPANE" if guide in guides))


def requirements() -> list[dict[str, Any]]:
    """Toutes les exigences, et les chemins, règles ou textes qui portent chacune (``ou``)."""
    places = carriers()
    return [
        {
            "id": exigence.id,
            "documents": list(exigence.documents),
            "nature": exigence.nature,
            "force": exigence.force.value,
            "guides": list(exigence.guides),
            "titre": exigence.titre,
            "source": exigence.source,
            "ou": list(places.get(exigence.id, ())),
        }
        for exigence in referentiel().values()
    ]


@cache
def carriers() -> dict[str, tuple[str, ...]]:
    """Par exigence, ce qui la porte : ``cahier_des_charges.objectifs.general``, ``grille_de_suivi.modification_commentee()``."""
    found: dict[str, list[str]] = {}
    models: dict[str, type[Bloc]] = {**DOCUMENTS, "mission": Mission}
    for slug, model in models.items():
        for place, exigence in _places(model):
            found.setdefault(exigence.id, []).append(f"{slug}.{place}")
    return {key: tuple(value) for key, value in found.items()}


def schema_json(slug: str) -> dict[str, Any]:
    """Le JSON Schema d'un document, ou d'une mission avec tous ses documents."""
    if slug != "mission":
        return _with_key(kind_named(slug).model_json_schema(), kind_named(slug).slug())
    whole = _with_key(Mission.model_json_schema(), "mission")
    definitions = whole.setdefault("$defs", {})
    for name, model in DOCUMENTS.items():
        own = model.model_json_schema(ref_template="#/$defs/{model}")
        definitions |= own.pop("$defs", {})
        definitions[model.__name__] = own
        one = {"$ref": f"#/$defs/{model.__name__}"}
        whole["properties"]["documents"].setdefault("properties", {})[name] = {"anyOf": [one, {"type": "array", "items": one}]}
    whole["properties"]["documents"]["additionalProperties"] = False
    return whole


def _with_key(schema: dict[str, Any], slug: str) -> dict[str, Any]:
    schema["properties"] = {"document": {"const": slug}, **schema["properties"]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _places(model: type[Bloc]) -> list[tuple[str, Exigence]]:
    fields = [(node.path, exigence) for node in model.schema_node().walk() for exigence in node.exigences]
    rules = [(f"{rule.nom}()", exigence) for rule in model.regles() for exigence in rule.exigences]
    return fields + rules


def _carried(model: type[Document]) -> list[Exigence]:
    return [exigence for _, exigence in _places(model)]
