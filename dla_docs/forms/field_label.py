"""Le nom d'un champ de formulaire PDF, pour qui ne voit pas la page."""

from __future__ import annotations

from dla_docs.model.node import Node, steps

HINTS = {
    "date": "jj/mm/aaaa",
    "periode": "dates",
    "siret": "14 chiffres",
    "jours": "en jours",
    "jours_longs": "en jours",
    "montant": "en euros",
}


def label_of(root: Node, tag: str) -> str:
    """Ce qu'un lecteur d'écran en dit : sa ligne, sa partie, son libellé, et comment il s'écrit."""
    said: list[str] = []
    node: Node | None = root
    for step in steps(tag):
        if isinstance(step, int):
            said[-1] = f"{said[-1]}, ligne {step + 1}"
        elif node is not None and (node := node.children.get(step)) is not None:
            said.append(node.label)
    label = " – ".join(dict.fromkeys(filter(None, said[-3:])))
    hint = HINTS.get(node.format, "") if node is not None else ""
    return f"{label or tag} ({hint})" if hint else label or tag
