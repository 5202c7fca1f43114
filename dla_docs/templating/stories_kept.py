"""Les parties des modèles livrés, prêtes d'avance : des données, faites par ``python -m
dla_docs.builder`` et livrées avec les modèles (``stories/``). Chacune a pour nom l'empreinte de ce
dont elle est faite : un modèle venu d'ailleurs n'en a pas, et se prépare. Une donnée abîmée, ou
d'une autre forme, vaut une donnée absente.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import Enum
from hashlib import sha256
from pathlib import Path
from typing import Any

from dla_docs.templating.contexts import Printing, RunContext
from dla_docs.templating.controls import ControlHead, Unprinted
from dla_docs.templating.frame import Blank
from dla_docs.templating.lexer import TagKind
from dla_docs.templating.marks import (
    CellEnd,
    ControlId,
    DrawingId,
    GridStart,
    OnlyIn,
    Region,
    RegionEnd,
    Tag,
)
from dla_docs.templating.places import Place
from dla_docs.templating.stories import Source, Story, prepared

SHELF = Path(__file__).parent / "stories"
KINDS: dict[str, Callable[..., object]] = {
    one.__name__: one
    for one in (
        Blank,
        CellEnd,
        ControlHead,
        ControlId,
        DrawingId,
        GridStart,
        OnlyIn,
        Place,
        Printing,
        Region,
        RegionEnd,
        RunContext,
        Tag,
        TagKind,
        Unprinted,
    )
}
SUM = sha256().digest_size  # bytes before the data: their own sum
UNREADABLE = (OSError, zlib.error, ValueError, TypeError, KeyError, IndexError)


def story_of(content: bytes, source: Source) -> Story:
    """La partie prête à être lue : celle qui est livrée, sinon celle que l'on prépare."""
    return kept(content, source) or prepared(content, source)


def name_of(content: bytes, source: Source) -> str:
    """L'empreinte de tout ce dont une partie prête est faite."""
    said = [source.name, source.title, source.drafted, sorted(source.drawings)]
    return sha256(json.dumps(said).encode() + b"\0" + content).hexdigest()[:40]


def kept(content: bytes, source: Source) -> Story | None:
    """La partie livrée prête ; ``None`` quand il n'y en a pas, ou qu'elle est abîmée."""
    try:
        return unpacked((SHELF / name_of(content, source)).read_bytes())
    except UNREADABLE:
        return None


def packed(story: Story) -> bytes:
    """Les octets d'une partie prête ; elle n'a rien de faux."""
    table: dict[str, tuple[int, list[Any]]] = {}
    ranks = [_rank(one, table) for one in story.meanings]
    said = [
        story.xml,
        [row for _, row in table.values()],
        ranks,
        story.rewritten,
        story.has_contents,
        story.next_drawing,
        sorted(story.control_ids),
        sorted(story.drawings),
    ]
    data = zlib.compress(json.dumps(said, ensure_ascii=False).encode(), 9)
    return sha256(data).digest() + data


def _rank(value: Any, table: dict[str, tuple[int, list[Any]]]) -> int:
    """The place of a value in the table, that says once what is said often; what it holds is
    before it, and is named there by its place, in a list.
    """
    if isinstance(value, Enum):
        row = [type(value).__name__, value.value]
    else:
        held = [getattr(value, field.name) for field in fields(value)]
        row = [
            type(value).__name__,
            *([_rank(one, table)] if _is_held(one) else one for one in held),
        ]
    return table.setdefault(json.dumps(row), (len(table), row))[0]


def _is_held(value: Any) -> bool:
    return isinstance(value, Enum) or is_dataclass(value)


def unpacked(octets: bytes) -> Story:
    """La partie prête de ces octets ; lève l'une d'``UNREADABLE`` quand ils sont abîmés."""
    data = octets[SUM:]
    if sha256(data).digest() != octets[:SUM]:
        raise ValueError("this is not what was written")
    xml, table, ranks, rewritten, contents, drawing, controls, drawings = json.loads(
        zlib.decompress(data)
    )
    held: list[object] = []
    for kind, *said in table:
        held.append(KINDS[kind](*[held[one[0]] if one.__class__ is list else one for one in said]))
    return Story(
        xml,
        tuple(held[rank] for rank in ranks),
        rewritten,
        contents,
        drawing,
        frozenset(controls),
        frozenset(drawings),
    )
