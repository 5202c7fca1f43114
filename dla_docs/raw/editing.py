"""Retoucher un texte YAML en place : ce qui change est récrit, tout le reste demeure octet pour
octet.

Un chemin est une suite de clés et de rangs, celle du texte tel qu'il est écrit. Une valeur est un
texte, un dictionnaire, une liste, ou ``None`` pour ôter ce qui s'y trouve.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import yaml

from dla_docs.raw.dumping import dumped
from dla_docs.raw.nodes import Step
from dla_docs.raw.yaml_syntax import FAST_LOADER

Way = tuple[Step, ...]
BOM = "\ufeff"
STEP = 2  # columns: how far a new part stands under its key when the file does not show it
Value = Any  # str, dict, list, None


class UneditableError(ValueError):
    """Ce texte ne peut pas être retouché à cet endroit sans être récrit."""


@dataclass(slots=True)
class Written:
    """Un nœud du texte : où il commence, où il finit, ce qu'il tient."""

    kind: str  # scalar, map, list, alias
    start: int
    end: int
    column: int = 0
    flow: bool = False
    style: str | None = None
    value: str = ""
    anchor: str | None = None
    tagged: bool = False
    items: list[tuple[Written | None, Written]] = field(default_factory=list)

    def child(self, step: Step) -> Written | None:
        """Ce qu'il tient sous une clé ou à un rang ; ``None`` s'il n'y a rien."""
        if isinstance(step, int):
            listed = self.kind == "list" and step < len(self.items)
            return self.items[step][1] if listed else None
        found = (one for key, one in self.items if key is not None and key.value == step)
        return next(found, None) if self.kind == "map" else None


def edited(text: str, way: Way, value: Value) -> str:
    """Le texte où la valeur est posée au bout du chemin ; les parties qui manquent sont faites.

    Une ancre que d'autres endroits citent est d'abord défaite : ce qui change ici ne change rien
    ailleurs. ``UneditableError`` quand le texte ne s'y prête pas.
    """
    body = text.removeprefix(BOM)
    wanted = _with(_whole(body), way, value)
    for blocks in (True, False):  # a comment below may stand where a block would take it in
        found = _Text(body, blocks).set(way, value)
        if _reads_as(found, wanted):
            return text[: len(text) - len(body)] + found
    raise UneditableError("the text would not read as it should")


def anchored(root: Written, anchor: str | None) -> Written | None:
    """Le nœud qui porte cette ancre, ou ``None``."""
    found = (one for _, one in _walk(root, ()) if one.kind != "alias" and one.anchor == anchor)
    return next(found, None)


def _walk(node: Written, way: Way) -> Iterator[tuple[Way, Written]]:
    yield way, node
    for number, (key, item) in enumerate(node.items):
        yield from _walk(item, (*way, number if key is None else key.value))


@lru_cache(maxsize=8)
def read_nodes(text: str) -> Written:
    """L'arbre des nœuds d'un texte, que personne ne change : chaque réponse relit celui d'avant.
    ``UneditableError`` s'il ne se lit pas.
    """
    try:
        events = [
            event
            for event in yaml.parse(text.removeprefix(BOM), Loader=FAST_LOADER)
            if isinstance(event, yaml.NodeEvent | yaml.CollectionEndEvent)
        ]
    except yaml.YAMLError as error:
        raise UneditableError(str(error)) from None
    if not events:
        return Written("map", len(text), len(text))
    node, rest = _node(events, 0, text)
    if rest != len(events):
        raise UneditableError("several documents")
    return node


def _node(events: Sequence[Any], at: int, text: str) -> tuple[Written, int]:
    event = events[at]
    start, stop = event.start_mark, event.end_mark
    begins, column, anchor = start.index, start.column, event.anchor
    if isinstance(event, yaml.ScalarEvent):
        end = stop.index
        if event.style in ("|", ">"):
            end = len(text[:end].rstrip("\r\n "))
        style, value, tagged = event.style, event.value, event.tag is not None
        return Written("scalar", begins, end, column, False, style, value, anchor, tagged), at + 1
    if isinstance(event, yaml.AliasEvent):
        return Written("alias", begins, stop.index, column, anchor=anchor), at + 1
    kind = "map" if isinstance(event, yaml.MappingStartEvent) else "list"
    flow, tagged = bool(event.flow_style), event.tag is not None
    node = Written(kind, begins, begins, column, flow, anchor=anchor, tagged=tagged)
    at += 1
    while not isinstance(events[at], yaml.CollectionEndEvent):
        key = None
        if kind == "map":
            key, at = _node(events, at, text)
        item, at = _node(events, at, text)
        node.items.append((key, item))
    last = node.items[-1] if node.items else None
    ends = (
        max((one.end for one in last if one is not None), default=start.index)
        if last
        else start.index
    )
    node.end = events[at].end_mark.index if node.flow else ends
    return node, at + 1


def _anchors(root: Written) -> dict[str | None, Written]:
    return {one.anchor: one for _, one in _walk(root, ()) if one.kind != "alias" and one.anchor}


def _whole(text: str) -> Value:
    root = read_nodes(text)
    return _value_of(root, _anchors(root))


def _reads_as(text: str, wanted: Value) -> bool:
    try:
        return bool(_whole(text) == wanted)
    except UneditableError:
        return False


def _with(data: Value, way: Way, value: Value) -> Value:
    """The same data, with the value at the end of the way."""
    if not way:
        return value
    step, *rest = way
    if isinstance(step, int):
        rows = list(data) if isinstance(data, list) else []
        below = _with(rows[step] if step < len(rows) else None, tuple(rest), value)
        kept = [below] if rest or value is not None else []
        return [*rows[:step], *kept, *rows[step + 1 :]]
    held = dict(data) if isinstance(data, dict) else {}
    below = _with(held.get(step), tuple(rest), value)
    if not rest and value is None:
        held.pop(step, None)
        return held
    return {**held, step: below}


class _Text:
    def __init__(self, text: str, blocks: bool) -> None:
        self.text, self.blocks = text, blocks
        self.eol = "\r\n" if "\r\n" in text else "\n"

    def set(self, way: Way, value: Value) -> str:
        self._detach(way)
        node, held = read_nodes(self.text), 0
        holder = node
        while held < len(way) and (child := holder.child(way[held])) is not None:
            holder, held = child, held + 1
        if held == len(way):
            self._replace(node, way, holder, value)
        elif value is not None:
            self._add(node, way, held, holder, value)
        return self.text

    # An anchor that is cited elsewhere, on the way to what changes.

    def _detach(self, way: Way) -> None:
        while True:
            root = read_nodes(self.text)
            anchored = _anchors(root)
            cited = self._cited(root, way)
            if cited is None:
                return
            source = anchored.get(cited.anchor)
            if source is None:
                raise UneditableError("unknown anchor")
            self._splice(cited.start, cited.end, _flow(_value_of(source, anchored)))

    @staticmethod
    def _cited(root: Written, way: Way) -> Written | None:
        """The first citation to undo: one on the way, or one of an anchor that stands on it."""
        node, wanted = root, {root.anchor}
        for step in way:
            child = node.child(step)
            if child is None:
                break
            if child.kind == "alias":
                return child
            wanted.add(child.anchor)
            node = child
        else:  # what is replaced may hold anchors too
            wanted |= {one.anchor for _, one in _walk(node, ()) if one.kind != "alias"}
        wanted.discard(None)
        return next(
            (one for _, one in _walk(root, ()) if one.kind == "alias" and one.anchor in wanted),
            None,
        )

    # What is there already.

    def _replace(self, root: Written, way: Way, node: Written, value: Value) -> None:
        if value is None:
            self._remove(root, way)
        elif isinstance(value, str) and node.kind == "scalar":
            self._rewrite(node, value, *self._context(root, way))
        else:
            self._put_whole(root, way, node, value)

    def _rewrite(self, node: Written, value: str, flow: bool, indent: int) -> None:
        if node.start == node.end:  # « cle: » and nothing after
            self._splice(
                node.start,
                node.end,
                f" {_scalar(value, flow or not self.blocks, indent, self.eol)}",
            )
        else:
            said = _scalar(value, flow or not self.blocks, indent, self.eol, node.style)
            self._splice(node.start, node.end, said)

    def _put_whole(self, root: Written, way: Way, node: Written, value: Value) -> None:
        flow, indent = self._context(root, way)
        lead = "" if node.start < node.end else " "
        if not way or flow or (node.flow and not value) or (node.kind == "scalar" and not value):
            self._splice(node.start, node.end, lead + _flow(value))
        elif isinstance(way[-1], int):  # after its dash
            said = _block(value, node.column if node.start < node.end else indent, self.eol)
            self._splice(
                node.start,
                node.end,
                lead + (said.lstrip(" ") if value and self.blocks else _flow(value)),
            )
        else:
            whole = self.blocks and value
            said = f"{self.eol}{_block(value, indent, self.eol)}" if whole else f" {_flow(value)}"
            self._splice(self._colon(root, way), node.end, said)

    def _colon(self, root: Written, way: Way) -> int:
        """Where what a key holds may begin."""
        holder = root
        for step in way[:-1]:
            holder = holder.child(step) or holder
        key, item = holder.items[self._rank(holder, way[-1])]
        assert key is not None
        after = self.text.index(":", key.end) + 1
        if self.text[after : item.start].strip():
            raise UneditableError("a comment, a tag or an anchor stands before the part")
        return after

    def _context(self, root: Written, way: Way) -> tuple[bool, int]:
        """Whether the value stands between braces, and the column of what would stand under it."""
        node, flow, column = root, root.flow, 0
        for step in way:
            flow = flow or node.flow
            column = self._column_of(node, step)
            child = node.child(step)
            if child is None:
                break
            node = child
        return flow, column + STEP

    def _column_of(self, node: Written, step: Step) -> int:
        """The column of a key, or of the dash of a row."""
        if isinstance(step, str):
            for key, _ in node.items:
                if key is not None and key.value == step:
                    return key.column
        return node.column

    def _remove(self, root: Written, way: Way) -> None:
        holder = root
        for step in way[:-1]:
            child = holder.child(step)
            if child is None:
                return
            holder = child
        rank = self._rank(holder, way[-1])
        key, item = holder.items[rank]
        if holder.flow:
            self._remove_in_flow(holder, rank, item.start if key is None else key.start, item.end)
            return
        start = self._dash(item) if key is None else key.start
        if len(holder.items) == 1:
            self._put_whole(root, way[:-1], holder, [] if holder.kind == "list" else {})
        else:
            self._remove_lines(holder, start, item.end)

    def _rank(self, holder: Written, step: Step) -> int:
        if isinstance(step, int):
            return step
        keys = [key.value if key is not None else None for key, _ in holder.items]
        return keys.index(step)

    def _dash(self, item: Written) -> int:
        return self.text.rindex("-", 0, item.start + 1 if item.start == item.end else item.start)

    def _remove_in_flow(self, holder: Written, rank: int, start: int, end: int) -> None:
        if rank + 1 < len(holder.items):
            key, item = holder.items[rank + 1]
            self._splice(start, key.start if key is not None else item.start, "")
        elif rank:
            self._splice(holder.items[rank - 1][1].end, end, "")
        else:
            self._splice(start, end, "")

    def _remove_lines(self, holder: Written, start: int, end: int) -> None:
        first = self.text.rfind("\n", 0, start) + 1
        after = self.text.find("\n", end)
        if self.text[first:start].strip():  # the first key of a row stands after its dash
            key, item = holder.items[1]
            self._splice(start, self._dash(item) if key is None else key.start, "")
        else:
            self._splice(first, len(self.text) if after < 0 else after + 1, "")

    # What is not there yet.

    def _add(self, root: Written, way: Way, held: int, holder: Written, value: Value) -> None:
        nested = _nested(way[held + 1 :], value)
        step = way[held]
        if holder.kind == "scalar" and not holder.value and not holder.style:
            self._replace(root, way[:held], holder, _nested(way[held:], value))
            return
        if holder.kind != ("map" if isinstance(step, str) else "list"):
            raise UneditableError("a value stands where a part is wanted")
        flow, _ = self._context(root, way[:held])
        entry = {step: nested} if isinstance(step, str) else [nested]
        if holder.flow or flow:
            self._add_in_flow(holder, entry)
        elif not holder.items:
            self._replace(root, way[:held], holder, entry) if way[:held] else self._append(
                0, entry, holder.end
            )
        else:
            self._append(holder.column, entry, holder.end)

    def _add_in_flow(self, holder: Written, entry: Value) -> None:
        inner = _flow(entry)[1:-1]
        at = holder.items[-1][1].end if holder.items else holder.start + 1
        self._splice(at, at, f", {inner}" if holder.items else inner)

    def _append(self, column: int, entry: Value, end: int) -> None:
        """After the last line of what the holder has, comments at its end included."""
        said = _block(entry, column, self.eol)
        after = self.text.find("\n", end)
        if not self.text.strip():
            self._splice(len(self.text), len(self.text), said + self.eol)
        elif after < 0:
            self._splice(len(self.text), len(self.text), f"{self.eol}{said}")
        else:
            self._splice(after + 1, after + 1, f"{said}{self.eol}")

    def _splice(self, start: int, end: int, said: str) -> None:
        comment, end = self._comment(start, end, said)
        self.text = f"{self.text[:start]}{_commented(said, comment, self.eol)}{self.text[end:]}"

    def _comment(self, start: int, end: int, said: str) -> tuple[str, int]:
        """The comment of the line, which a text on several lines would swallow or leave behind."""
        header = re.match(r"[|>][-+0-9]*([ \t]+#[^\r\n]*)", self.text[start:end])
        if header:
            return header[1], end
        within = end > 0 and self.text[end - 1] not in "\r\n"  # a line that begins is another's
        after = re.match(r"[ \t]+#[^\r\n]*", self.text[end:]) if within else None
        return (after[0], end + len(after[0])) if after and "\n" in said else ("", end)


def _commented(said: str, comment: str, eol: str) -> str:
    if not comment:
        return said
    first, newline, rest = said.partition(eol)
    if not newline or not first.strip() or re.fullmatch(r"(.*[ ])?[|>][-+0-9]*", first):
        return f"{first}{comment}{newline}{rest}"
    return f"{said}{eol}{comment.strip()}"


def _nested(way: Way, value: Value) -> Value:
    for step in reversed(way):
        value = {step: value} if isinstance(step, str) else [value]
    return value


def value_of(node: Written) -> Value:
    """Ce que dit un nœud qui ne cite aucune ancre."""
    return _value_of(node, {})


def _value_of(node: Written, anchored: dict[str | None, Written]) -> Value:
    if node.kind == "alias":
        return _value_of(anchored[node.anchor], anchored)
    if node.kind == "scalar":
        return node.value if node.value or node.style else None
    if node.kind == "list":
        return [_value_of(item, anchored) for _, item in node.items]
    return {key.value: _value_of(item, anchored) for key, item in node.items if key is not None}


def _flow(value: Value) -> str:
    """On one line, between braces when it is a part."""
    if isinstance(value, str):
        return _scalar(value, True, 0, "\n")
    if isinstance(value, dict):
        inner = (f"{_scalar(key, True, 0, '')}: {_flow(item)}" for key, item in value.items())
        return f"{{{', '.join(inner)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    return "null"


def _block(value: Value, column: int, eol: str) -> str:
    lines = dumped(value).split("\n")
    return eol.join(f"{' ' * column}{line}" if line else "" for line in lines)


def _scalar(text: str, flow: bool, indent: int, eol: str, style: str | None = None) -> str:
    """A text as it was quoted before, when it can be so."""
    if "\n" in text and not flow and _fits_a_block(text):
        return f"{_header(text)}{eol}" + eol.join(
            f"{' ' * indent}{line}" if line else "" for line in text.rstrip("\n").split("\n")
        )
    if style == "'" and not re.search(r"[\n\r\x85\u2028\u2029\ufeff]", text) and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    plain = dumped([text], flow=True)[1:-1]
    if (
        style == '"'
        or "\n" in plain
        or (flow and re.search(r"[\n,\[\]{}]", text) and plain[0] not in "'\"")
    ):
        return _double(text)
    return plain


def _fits_a_block(text: str) -> bool:
    lines = text.split("\n")
    return (
        not text.startswith((" ", "\n", "\t"))
        and not re.search(r"[\r\x85\u2028\u2029\ufeff]", text)
        and all(line == line.rstrip() for line in lines)
        and text.replace("\n", "").replace("\t", "").isprintable()
    )


def _header(text: str) -> str:
    trailing = len(text) - len(text.rstrip("\n"))
    return {0: "|-", 1: "|"}.get(trailing, "|+")


def _double(text: str) -> str:
    said = yaml.dump(
        text, Dumper=yaml.SafeDumper, default_style='"', width=1_000_000, allow_unicode=True
    )
    return str(said).rstrip("\n")
