"""Le nom des champs d'un PDF : chacun de ses niveaux est un nœud d'un arbre."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pikepdf
from pikepdf import Array, Dictionary, String

SHARED = (
    "/FT",
    "/Ff",
    "/Opt",
    "/V",
    "/TU",
    "/DA",
)  # said once by a field that is drawn several times


def named(document: pikepdf.Pdf, drawn: Mapping[str, Sequence[pikepdf.Object]]) -> Array:
    """La racine de l'arbre où chaque champ, dessiné une fois ou plusieurs, a son nom."""
    tree = _Tree(document)
    for name, widgets in drawn.items():
        tree.hang(widgets[0] if len(widgets) == 1 else _one(document, widgets), name)
    return tree.roots


class _Tree:
    """The nodes of all names, each made when a name first needs it."""

    def __init__(self, document: pikepdf.Pdf) -> None:
        self.document, self.roots = document, Array()
        self.levels: dict[str, pikepdf.Object] = {}

    def hang(self, node: pikepdf.Object, name: str) -> None:
        above, _, last = name.rpartition(".")
        node.T = String(last)
        if above:
            node.Parent = self._level(above)
            node.Parent.Kids.append(node)
        else:
            self.roots.append(node)

    def _level(self, name: str) -> pikepdf.Object:
        if name not in self.levels:
            self.levels[name] = self.document.make_indirect(Dictionary(Kids=Array()))
            self.hang(self.levels[name], name)
        return self.levels[name]


def _one(document: pikepdf.Pdf, widgets: Sequence[pikepdf.Object]) -> pikepdf.Object:
    """The field that all these show: what is printed on several pages is typed once."""
    field = document.make_indirect(Dictionary(Kids=Array(widgets)))
    for key in SHARED:
        if key in widgets[0]:
            field[key] = widgets[0][key]
    for widget in widgets:
        widget.Parent = field
        for key in SHARED:
            if key in widget:
                del widget[key]
    return field
