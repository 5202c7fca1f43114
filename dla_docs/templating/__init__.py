"""Le moteur de modèles Word : un modèle est compilé une fois, puis imprime autant de documents
qu'on veut.
"""

from dla_docs.templating.annotate import annotate
from dla_docs.templating.controls import FieldToFill
from dla_docs.templating.frame import BROUILLON, DAY, DEFINITIF, Blank, Hole, PrintMode, form_mode
from dla_docs.templating.images import Image
from dla_docs.templating.template import (
    CompiledTemplate,
    Drawn,
    HasSchema,
    Template,
    compile_template,
    lint,
)

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
    "annotate",
    "compile_template",
    "form_mode",
    "lint",
]
