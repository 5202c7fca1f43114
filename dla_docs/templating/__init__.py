"""Le moteur de modèles Word : un modèle est compilé une fois, puis imprime autant de documents
qu'on veut. Un verdict ne compile rien : le compilateur se charge quand on le demande.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from dla_docs.templating.frame import BROUILLON, DAY, DEFINITIF, Blank, Hole, PrintMode, form_mode
from dla_docs.templating.images import Image

# What type checkers and editors see; the names themselves are loaded by __getattr__
if TYPE_CHECKING:
    from dla_docs.templating.controls import FieldToFill
    from dla_docs.templating.template import (
        CompiledTemplate,
        Drawn,
        HasSchema,
        Template,
        compile_template,
        lint,
    )

_HOMES = {
    "CompiledTemplate": "template",
    "Drawn": "template",
    "FieldToFill": "controls",
    "HasSchema": "template",
    "Template": "template",
    "compile_template": "template",
    "lint": "template",
}

__all__ = [
    "BROUILLON",
    "DAY",
    "DEFINITIF",
    "Blank",
    "CompiledTemplate",
    "Drawn",
    "FieldToFill",
    "HasSchema",
    "Hole",
    "Image",
    "PrintMode",
    "Template",
    "compile_template",
    "form_mode",
    "lint",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"dla_docs.templating n'a pas de « {name} »")
    globals()[name] = getattr(import_module(f"dla_docs.templating.{_HOMES[name]}"), name)
    return globals()[name]
