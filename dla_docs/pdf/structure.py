"""Ce que LibreOffice ne sait pas dire dans l'arbre de structure d'un PDF, et qui s'y ajoute après
lui : les libellés d'un tableau sont ses en-têtes de ligne, un paragraphe vide n'est pas à lire, un
champ répété en haut de chaque page est un champ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # pikepdf is an extra
    import pikepdf

# LibreOffice names the element of a paragraph after its style
LABELS = {
    "/Libellé de tableau": "/Row",
    "/Sous-point": "/Row",
    "/Titre de colonne": "/Column",  # of a table whose headings do not repeat
}
SHORT = 2  # rows whose labels may outnumber what they head


def complete_structure(document: pikepdf.Pdf) -> None:
    """Fait un en-tête (``TH``) de chaque cellule qui s'ouvre sur un libellé ou un titre de colonne,
    et retire les paragraphes vides, où il n'y a rien à lire.
    """
    import pikepdf

    tables = []
    for element, held in elements(document):
        kept = [kid for kid in held if not _is_blank(kid, document)]
        if len(kept) < len(held):
            element.K = pikepdf.Array(kept)
        if element.get("/S") == pikepdf.Name.Table:
            tables.append(element)
    for table in tables:
        _name_cells([row for row in kids(table) if _is_element(row)])


def _name_cells(rows: Sequence[Any]) -> None:
    """Of a table so short that its heads would outnumber what they head, the titles of its columns
    say enough.
    """
    import pikepdf

    cells = [cell for row in rows for cell in kids(row) if _is_element(cell)]
    scopes = {
        rank: scope
        for rank, cell in enumerate(cells)
        if cell.S == pikepdf.Name.TD and (scope := _scope(cell))
    }
    titles = sum(cell.S == pikepdf.Name.TH for cell in cells) + [*scopes.values()].count("/Column")
    labels = [*scopes.values()].count("/Row")
    crowded = titles and len(rows) <= 1 + SHORT and 2 * (titles + labels) > len(cells)
    for rank, scope in scopes.items():
        if scope == "/Column" or not crowded:
            said = pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=pikepdf.Name(scope))
            cells[rank].S = pikepdf.Name.TH
            cells[rank].A = pikepdf.Array([*_several(cells[rank].get("/A")), said])


def hold_repeated(document: pikepdf.Pdf, drawn: Iterable[Sequence[Any]]) -> None:
    """Met dans l'arbre les champs d'un titre de tableau que LibreOffice répète de page en page :
    chacun auprès du premier, qui est le même champ.
    """
    import pikepdf

    holders = {
        kid.Obj.objgen: element
        for element, held in elements(document)
        if element.get("/S") == pikepdf.Name.Form
        for kid in held
        if isinstance(kid, pikepdf.Dictionary) and "/Obj" in kid
    }
    for widgets in drawn:
        held = [holders[one.objgen] for one in widgets if one.objgen in holders]
        for widget in (one for one in widgets if one.objgen not in holders) if held else ():
            _hold(document, widget, held[0])


def _hold(document: pikepdf.Pdf, widget: Any, beside: Any) -> None:
    import pikepdf

    tree, parent = document.Root.StructTreeRoot, beside.P
    known = pikepdf.NumberTree(tree.ParentTree)
    rank = max(known, default=-1) + 1
    shown = pikepdf.Dictionary(Type=pikepdf.Name.OBJR, Obj=widget)
    element = document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.StructElem, S=pikepdf.Name.Form, P=parent, Pg=widget.P, K=shown
        )
    )
    parent.K = pikepdf.Array([*kids(parent), element])
    known[rank], widget.StructParent = element, rank


def elements(document: pikepdf.Pdf) -> Iterator[tuple[Any, list[Any]]]:
    """Les éléments de l'arbre de structure, et ce que tient chacun."""
    tree = document.Root.get("/StructTreeRoot")
    waiting = [] if tree is None else [tree]
    while waiting:
        element = waiting.pop()
        held = kids(element)
        yield element, held
        waiting += [kid for kid in held if _is_element(kid)]


def _scope(cell: Any) -> str:
    """What a cell heads: its row or its column, when its first paragraph is a label that says
    something.
    """
    first = next(filter(_is_element, kids(cell)), None)
    return LABELS.get(str(first.S), "") if first is not None and kids(first) else ""


def _is_blank(kid: Any, document: pikepdf.Pdf) -> bool:
    """Whether an element is a paragraph that shows nothing."""
    if not _is_element(kid) or kids(kid):
        return False
    roles: Any = document.Root.StructTreeRoot.get("/RoleMap", {})
    return "/P" in (str(kid.S), str(roles.get(kid.S)))


def _is_element(kid: Any) -> bool:
    import pikepdf

    return isinstance(kid, pikepdf.Dictionary) and "/S" in kid


def kids(element: Any) -> list[Any]:
    """Ce que tient un élément : d'autres éléments, des contenus marqués."""
    return _several(element.get("/K"))


def _several(held: Any) -> list[Any]:
    import pikepdf

    if held is None:
        return []
    return [*held] if isinstance(held, pikepdf.Array) else [held]
