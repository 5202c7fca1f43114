"""Les champs qu'un formulaire sans ses données n'a plus : sa page les imprime toujours, et ceux
d'à côté y sont encore.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from dla_docs.constat import Constat, Gravite
from dla_docs.model.document import Document
from dla_docs.stages.rendering import template_of
from dla_docs.word.boxes import path_of


def without_data(model: type[Document], tags: Collection[str]) -> Iterator[Constat]:
    """Ce qui se dit d'un fichier dont plus rien ne dit ce qu'il était à l'envoi ; une ligne de
    liste, ou une partie entière, s'y retire sans laisser de trace.
    """
    yield Constat(
        "Le fichier a perdu ses données jointes ; seuls les champs visibles ont été relus, et une "
        "ligne ou une partie ôtée tout entière ne se verrait pas.",
        Gravite.INFORMATION,
    )
    if gone := _gone(model, tags):
        yield Constat(
            f"Des champs ont disparu du fichier : {', '.join(gone)}.",
            Gravite.INFORMATION,
            gone[0],
            conseil="La mission les garde tels quels ; demandez-les s'ils devaient y être.",
        )


def _gone(model: type[Document], tags: Collection[str]) -> list[str]:
    """A part that is not there at all may not be for this mission, or for this recipient."""
    present = {path_of(tag) for tag in tags}
    parts = {path.partition(".")[0] for path in present}
    printed = frozenset(template_of(model, None, None).paths)
    fixed = (node.path for node in model.schema_node().leaves() if "[" not in node.path)
    return [
        path
        for path in fixed
        if path in printed
        and path not in present
        and ("." not in path or path.partition(".")[0] in parts)
    ]
