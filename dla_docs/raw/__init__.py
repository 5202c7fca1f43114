"""Les données telles qu'elles ont été écrites : du texte, avec le fichier et la ligne de chaque
valeur.

``load_raw`` et ``parse_raw`` lisent YAML et JSON, ``overlay`` pose ce qui a été saisi sur ce qui a
été repris, ``line_of`` retrouve la ligne d'un chemin.
"""

from __future__ import annotations

from dla_docs.raw.nodes import RawList, RawMap, RawText, line_of, value_at
from dla_docs.raw.overlaying import as_in_file, as_written, borrowed, keyed_rows, overlay
from dla_docs.raw.reading import load_raw, parse_raw

__all__ = [
    "RawList",
    "RawMap",
    "RawText",
    "as_in_file",
    "as_written",
    "borrowed",
    "keyed_rows",
    "line_of",
    "load_raw",
    "overlay",
    "parse_raw",
    "value_at",
]
