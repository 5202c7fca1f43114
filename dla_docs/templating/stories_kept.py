"""Les parties des modèles livrés, prêtes d'avance : des données, faites par ``python -m
dla_docs.builder`` et livrées avec les modèles (``stories/``). Chacune a pour nom l'empreinte de ce
dont elle est faite : un modèle venu d'ailleurs n'en a pas, et se prépare. Une donnée abîmée, ou
d'une autre forme, vaut une donnée absente.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from enum import Enum
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import nodes

from dla_docs.templating.blocks import read_blocks
from dla_docs.templating.contexts import Printing, RunContext
from dla_docs.templating.controls import ControlHead, Unprinted
from dla_docs.templating.frame import Blank
from dla_docs.templating.grammar import Body, Problem, parsed
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
from dla_docs.templating.scope import Scope
from dla_docs.templating.stories import Source, Story, prepared
from dla_docs.word.field_codes import Spot

SHELF = Path(__file__).parent / "stories"
TREE = (
    nodes.Add,
    nodes.And,
    nodes.Compare,
    nodes.Concat,
    nodes.CondExpr,
    nodes.Const,
    nodes.Filter,
    nodes.For,
    nodes.Getattr,
    nodes.Getitem,
    nodes.If,
    nodes.Keyword,
    nodes.List,
    nodes.Name,
    nodes.Not,
    nodes.Operand,
    nodes.Or,
    nodes.Output,
    nodes.Sub,
    nodes.Test,
    nodes.Tuple,
)  # what the expressions of a shipped template are made of


def _kind(one: type[Any]) -> str:
    """The name of a kind; of a node, with its fields: a Jinja that gives it others reads anew."""
    return " ".join((one.__name__, *(one.fields if issubclass(one, nodes.Node) else ())))


KINDS: dict[str, Callable[..., object]] = {
    _kind(one): one
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
        Spot,
        Tag,
        TagKind,
        Unprinted,
        *TREE,
    )
}
Table = dict[str, tuple[int, list[Any]]]
SUM = sha256().digest_size  # bytes before the data: their own sum
END = b"\0"  # of the JSON, which never holds it
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
        return unpacked(kept_as(name_of(content, source)))
    except UNREADABLE:
        return None


def kept_as(name: str) -> bytes:
    """Les octets livrés sous ce nom ; lève l'une d'``UNREADABLE`` quand il n'y en a pas."""
    return (SHELF / name).read_bytes()


def sealed(said: list[Any], xml: str = "") -> bytes:
    """Des données, comprimées, précédées de leur somme ; ``xml`` y reste tel quel : JSON en
    écrirait chaque guillemet en deux signes, à relire un à un.
    """
    data = zlib.compress(json.dumps(said, ensure_ascii=False).encode() + END + xml.encode(), 9)
    return sha256(data).digest() + data


def unsealed(octets: bytes) -> tuple[Any, str]:
    """Ce que disent ces octets, et leur XML ; lève l'une d'``UNREADABLE`` quand ils sont abîmés."""
    data = octets[SUM:]
    if sha256(data).digest() != octets[:SUM]:
        raise ValueError("this is not what was written")
    said, _, xml = zlib.decompress(data).partition(END)
    return json.loads(said), xml.decode()


def packed(story: Story) -> bytes:
    """Les octets d'une partie prête ; elle n'a rien de faux."""
    table: Table = {}
    ranks = [_rank(one, table) for one in story.meanings]
    trees = {text: _ranks(tree, table) for text, tree in trees_of(story).items()}
    return sealed(
        [
            [row for _, row in table.values()],
            ranks,
            story.rewritten,
            story.has_contents,
            story.next_drawing,
            sorted(story.control_ids),
            sorted(story.drawings),
            trees,
        ],
        story.xml,
    )


def _rank(value: Any, table: Table) -> int:
    """The place of a value in the table, that says once what is said often; what it holds is
    before it, and is named there by its place, in a list.
    """
    if isinstance(value, Enum):
        held = [value.value]
    elif isinstance(value, nodes.Node):
        held = [getattr(value, name) for name in value.fields]
    else:
        held = [getattr(value, field.name) for field in fields(value)]
    row = [_kind(type(value)), *(_told(one, table) for one in held)]
    return table.setdefault(json.dumps(row), (len(table), row))[0]


def _told(value: Any, table: Table) -> Any:
    """What a row says of something held: its rank in a list, or the list of its ranks."""
    if isinstance(value, list):
        return [_ranks(value, table)]
    is_held = isinstance(value, Enum | nodes.Node) or is_dataclass(value)
    return [_rank(value, table)] if is_held else value


def _ranks(values: Iterable[Any], table: Table) -> list[int]:
    return [_rank(one, table) for one in values]


def trees_of(story: Story) -> dict[str, Body]:
    """Les arbres que demande la lecture de cette partie, par texte."""
    asked: dict[str, Body] = {}

    def heard(text: str, source: str) -> Body | Problem:
        tree = parsed(text, source)
        if not isinstance(tree, Problem):
            asked[text] = tree
        return tree

    read_blocks(story.xml, story.meanings, Scope(), heard)
    return asked


def unpacked(octets: bytes) -> Story:
    """La partie prête de ces octets ; lève l'une d'``UNREADABLE`` quand ils sont abîmés."""
    said, xml = unsealed(octets)
    table, ranks, rewritten, contents, drawing, controls, drawings, trees = said
    held: list[Any] = []
    for kind, *row in table:
        for at, one in enumerate(row):
            if one.__class__ is list:
                row[at] = _meant(one[0], held)
        held.append(KINDS[kind](*row))
    return Story(
        xml,
        tuple(held[rank] for rank in ranks),
        rewritten,
        contents,
        drawing,
        frozenset(controls),
        frozenset(drawings),
        trees={text: _meant(tree, held) for text, tree in trees.items()},
    )


def _meant(said: int | list[int], held: list[Any]) -> Any:
    return [held[one] for one in said] if isinstance(said, list) else held[said]
