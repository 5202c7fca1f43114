"""La forme d'un document : des données brutes vers un modèle, ou tous leurs défauts en français."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import ValidationError

from dla_docs.errors import InputError
from dla_docs.model.bloc import Bloc
from dla_docs.model.messages import constats_from

Model = TypeVar("Model", bound=Bloc)


def validated(model: type[Model], data: Any, raw: Any = None, prefix: str = "") -> Model:
    """Le modèle de ces données. ``raw`` donne les lignes du fichier, ``prefix`` le chemin qui
    précède ; ``InputError`` dit tout à la fois.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise InputError(constats_from(error, raw, prefix, model.schema_node())) from None
