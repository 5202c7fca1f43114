"""Le registre des documents : un nom, un module, une classe ; chargés quand on les demande."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the registry is what `import dla_docs` reads first: the models, with pydantic, come when asked for
    from dla_docs.document import Document

CLASSES = {
    "cahier_des_charges": "CahierDesCharges",
    "proposition": "Proposition",
    "grille_de_suivi": "GrilleDeSuivi",
}
"""Les documents dans l'ordre du déroulement d'une mission : chacun peut reprendre des faits de ceux qui le précèdent."""


class _Registry(Mapping[str, "type[Document]"]):
    """Les documents par nom ; une classe est importée la première fois qu'on la demande."""

    def __getitem__(self, slug: str) -> type[Document]:
        module = import_module(f"dla_docs.documents.{slug}") if slug in CLASSES else None
        if module is None:
            raise KeyError(slug)
        model: type[Document] = getattr(module, CLASSES[slug])
        return model

    def __iter__(self) -> Iterator[str]:
        return iter(CLASSES)

    def __len__(self) -> int:
        return len(CLASSES)


DOCUMENTS = _Registry()
