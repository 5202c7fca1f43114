"""Ce que LibreOffice ne sait pas dire dans l'arbre de structure d'un PDF, et qui s'y ajoute après
lui : les libellés d'un tableau sont ses en-têtes de ligne, un intervalle n'est pas un paragraphe.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # pikepdf is an extra
    import pikepdf

# LibreOffice names the element of a paragraph after its style
LABELS = ("/Libellé de tableau", "/Sous-point")
GAP = "/Intervalle"


def complete_structure(document: pikepdf.Pdf) -> None:
    """Fait un en-tête de ligne (``TH``, ``Scope`` ``Row``) de chaque cellule qui s'ouvre sur un
    libellé, et retire les intervalles, où il n'y a rien à lire.
    """
    import pikepdf

    scope = pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=pikepdf.Name.Row)
    for element in list(_elements(document)):
        if any(map(_is_gap, _kids(element))):
            element.K = pikepdf.Array([kid for kid in _kids(element) if not _is_gap(kid)])
        if element.get("/S") == pikepdf.Name.TD and _is_label(element):
            element.S = pikepdf.Name.TH
            element.A = pikepdf.Array([*_several(element.get("/A")), scope])


def _elements(document: pikepdf.Pdf) -> Iterator[Any]:
    tree = document.Root.get("/StructTreeRoot")
    waiting = [] if tree is None else [tree]
    while waiting:
        element = waiting.pop()
        yield element
        waiting += [kid for kid in _kids(element) if _is_element(kid)]


def _is_label(cell: Any) -> bool:
    """Whether its first paragraph is a label, and says something."""
    first = next(filter(_is_element, _kids(cell)), None)
    return first is not None and str(first.S) in LABELS and bool(_kids(first))


def _is_gap(kid: Any) -> bool:
    return _is_element(kid) and str(kid.S) == GAP and not _kids(kid)


def _is_element(kid: Any) -> bool:
    import pikepdf

    return isinstance(kid, pikepdf.Dictionary) and "/S" in kid


def _kids(element: Any) -> list[Any]:
    return _several(element.get("/K"))


def _several(held: Any) -> list[Any]:
    import pikepdf

    if held is None:
        return []
    return [*held] if isinstance(held, pikepdf.Array) else [held]
