"""La forme d'un document : des données brutes vers un modèle, ou tous leurs défauts en français."""

from __future__ import annotations

from functools import partial
from typing import Any, TypeVar

from pydantic import ValidationError

from dla_docs.errors import InputError
from dla_docs.model.bloc import Bloc, row_prefixes
from dla_docs.model.messages import constats_from
from dla_docs.raw import as_in_file

Model = TypeVar("Model", bound=Bloc)


def validated(
    model: type[Model], data: Any, raw: Any = None, prefix: str = "", typed: Any = None
) -> Model:
    """Le modèle de ces données. ``raw`` donne les lignes du fichier, ``prefix`` le chemin qui
    précède, ``typed`` ce que le fichier en dit lui-même ; ``InputError`` dit tout à la fois.
    """
    written = partial(as_in_file, raw, typed, prefixes=row_prefixes(model))
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise InputError(constats_from(error, raw, prefix, model.schema_node(), written)) from None
