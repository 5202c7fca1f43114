"""Les logos qu'un fichier cite et qui ne sont pas là : la page ne se ferait pas."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dla_docs.constat import Constat, Gravite
from dla_docs.model.bloc import attribute_at
from dla_docs.model.document import Document
from dla_docs.model.node import steps
from dla_docs.raw import line_of, value_at
from dla_docs.raw.nodes import place_of

OWN = ("operateur.logo_dla", "operateur.logo")


def logos_absents(document: Document) -> Iterator[Constat]:
    """Un constat par fichier de logo que l'opérateur cite et qui n'existe pas. Ce qui n'a pas été
    lu d'un fichier n'a pas de dossier où le chercher.
    """
    funders = attribute_at(document, "operateur.financeurs") or ()
    for holder in (*OWN, *(f"operateur.financeurs[{rank}].logo" for rank in range(len(funders)))):
        path = f"{holder}.fichier"
        name: str | None = attribute_at(document, path)
        written = place_of(value_at(document._raw, steps(path)))[0]
        if not name or not written or (Path(written).parent / name).exists():
            continue
        file, line = line_of(document._raw, steps(path))
        yield Constat(
            f"Le fichier du logo « {name} » n'existe pas : aucun document qui le montre ne se fera "
            f"({path}).",
            Gravite.AVERTISSEMENT,
            path,
            (),
            file,
            line,
            "Mettez-le à sa place, ou corrigez son nom.",
        )
