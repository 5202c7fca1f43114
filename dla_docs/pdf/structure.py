"""Ce que LibreOffice ne sait pas dire dans l'arbre de structure d'un PDF, et qui s'y ajoute après
lui : les libellés d'un tableau sont ses en-têtes de ligne, un intervalle n'est pas un paragraphe.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # pikepdf is an extra
    import pikepdf

# LibreOffice names the element of a paragraph after its style
LABELS = {
    "/Libellé de tableau": "/Row",
    "/Sous-point": "/Row",
    "/Titre de colonne": "/Column",  # of a table whose headings do not repeat
}
GAP = "/Intervalle"


def complete_structure(document: pikepdf.Pdf) -> None:
    """Fait un en-tête (``TH``) de chaque cellule qui s'ouvre sur un libellé ou un titre de colonne,
    et retire les intervalles, où il n'y a rien à lire.
    """
    import pikepdf

    for element in list(_elements(document)):
        if any(map(_is_gap, _kids(element))):
            element.K = pikepdf.Array([kid for kid in _kids(element) if not _is_gap(kid)])
        if element.get("/S") == pikepdf.Name.TD and (scope := _scope(element)):
            said = pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=pikepdf.Name(scope))
            element.S = pikepdf.Name.TH
            element.A = pikepdf.Array([*_several(element.get("/A")), said])


def _elements(document: pikepdf.Pdf) -> Iterator[Any]:
    tree = document.Root.get("/StructTreeRoot")
    waiting = [] if tree is None else [tree]
    while waiting:
        element = waiting.pop()
        yield element
        waiting += [kid for kid in _kids(element) if _is_element(kid)]


def _scope(cell: Any) -> str:
    """What a cell heads: its row or its column, when its first paragraph is a label that says
    something.
    """
    first = next(filter(_is_element, _kids(cell)), None)
    return LABELS.get(str(first.S), "") if first is not None and _kids(first) else ""


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
