"""Les données personnelles d'un document, d'après ce que ses champs déclarent : la notice et
``dla-docs montrer`` les disent, ``dossier --destinataire`` les tait.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dla_docs.model.document import Document
from dla_docs.model.node import Node
from dla_docs.model.recipients import Destinataire, DonneePersonnelle


@dataclass(frozen=True)
class Donnee:
    """Un champ qui parle d'une personne, là où sa déclaration commence."""

    node: Node
    personal: DonneePersonnelle

    @property
    def label(self) -> str:
        """Son libellé."""
        return self.node.label

    @property
    def de(self) -> str:
        """De qui il parle."""
        return self.personal.de

    @property
    def pour(self) -> str:
        """Pour quoi la personne est nommée."""
        return self.personal.pour

    @property
    def duree(self) -> str:
        """Combien de temps la donnée est gardée."""
        return self.personal.duree

    @property
    def lue_par(self) -> tuple[Destinataire, ...]:
        """Les destinataires d'un dossier qui la lisent."""
        return self.personal.lue_par(self.node.contact)


def personal_data(model: type[Document]) -> Iterator[Donnee]:
    """Chaque champ déclaré, et celles de ses coordonnées que moins de gens lisent."""
    yield from _below(model.schema_node(), None)


def _below(node: Node, whose: DonneePersonnelle | None) -> Iterator[Donnee]:
    for child in node.children.values():
        found = Donnee(child, child.personal) if child.personal is not None else None
        if found and (found.personal != whose or found.lue_par != found.personal.vue_par):
            yield found
        yield from _below(child, child.personal)
