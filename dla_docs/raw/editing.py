"""Retoucher un texte YAML en place : ce qui change est récrit, tout le reste demeure octet pour
octet.

Un chemin est une suite de clés et de rangs, celle du texte tel qu'il est écrit. Une valeur est un
texte, un dictionnaire, une liste, ou ``None`` pour ôter ce qui s'y trouve.
"""

from __future__ import annotations

import re

import yaml

from dla_docs.raw.dumping import dumped
from dla_docs.raw.nodes import Step
from dla_docs.raw.written import (
    BOM,
    UneditableError,
    Value,
    Written,
    nodes_below,
    read_nodes,
    value_of,
)

Way = tuple[Step, ...]
STEP = 2  # columns: how far a new part stands under its key when the file does not show it


def edited(text: str, way: Way, value: Value) -> str:
    """Le texte où la valeur est posée au bout du chemin ; les parties qui manquent sont faites.

    Ce que d'autres endroits citent ou reprennent par « << » y est d'abord écrit : ce qui change ici
    ne change rien ailleurs. ``UneditableError`` quand le texte ne s'y prête pas.
    """
    body = text.removeprefix(BOM)
    root = read_nodes(body)
    wanted = _with(value_of(root), way, value)
    if value is None and _is_taken_up(root, way):  # to say nothing there is to say so
        wanted = _with(value_of(root), way[:-1], {**value_of(_at(root, way[:-1])), way[-1]: None})
    for blocks in (True, False):  # a comment below may stand where a block would take it in
        found = _Text(body, blocks).set(way, value)
        if _reads_as(found, wanted):
            return text[: len(text) - len(body)] + found
    raise UneditableError("the text would not read as it should")


def _at(root: Written, way: Way) -> Written:
    """The node at the end of a way that is there."""
    for step in way:
        child = root.child(step)
        assert child is not None
        root = child
    return root


def _is_taken_up(root: Written, way: Way) -> bool:
    """Whether a key is said by what its holder takes up with « << » : without it there, it would
    still be said.
    """
    holder = root
    for step in way[:-1]:
        child = holder.child(step)
        if child is None or child.kind == "alias":
            return False
        holder = child
    return bool(way) and any(base.held(way[-1]) is not None for base in holder.bases)


def _reads_as(text: str, wanted: Value) -> bool:
    try:
        return bool(value_of(read_nodes(text)) == wanted)
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
    if value is None and step not in held:
        return data  # nothing is taken away from nothing
    below = _with(held.get(step), tuple(rest), value)
    if not rest and value is None:
        held.pop(step, None)
        return held
    return {**held, step: below}


class _Text:
    def __init__(self, text: str, blocks: bool) -> None:
        self.text, self.blocks = text, blocks
        self.eol = "\r\n" if "\r\n" in text else "\n"
        self.flush = False  # the dashes of every list stand right under its key

    def set(self, way: Way, value: Value) -> str:
        self._detach(way)
        node, held = read_nodes(self.text), 0
        self.flush = self._is_flush(node)
        holder, root = node, node
        while held < len(way) and (child := holder.child(way[held])) is not None:
            holder, held = child, held + 1
        if value is None and _is_taken_up(root, way):
            self._blank(root, way, holder)
        elif held == len(way):
            self._replace(node, way, holder, value)
        elif (part := holder.held(way[held])) is not None:  # taken up: it is written whole
            whole = _with(value_of(part), way[held + 1 :], value)
            self._add(node, way[: held + 1], held, holder, whole)
        elif value is not None:
            self._add(node, way, held, holder, value)
        return self.text

    def _blank(self, root: Written, way: Way, holder: Written) -> None:
        """A key that says nothing, over what is taken up."""
        if _at(root, way[:-1]) is holder:
            self._add(root, way, len(way) - 1, holder, None)
        else:
            self._splice(self._colon(root, way), holder.end, " null")

    # What is cited elsewhere, on the way to what changes.

    def _detach(self, way: Way) -> None:
        while True:
            root = read_nodes(self.text)
            cited, merging, key = self._cited(root, way)
            if cited is None:
                return
            part = None if merging is None else merging.held(key)
            if merging is None or part is None:
                self._splice(cited.start, cited.end, _flow(value_of(cited)))
            else:
                self._put_in(merging, {key: value_of(part)})

    @staticmethod
    def _cited(root: Written, way: Way) -> tuple[Written | None, Written | None, Step]:
        """The first citation to undo: one on the way, or one of what stands on it; with the keys
        that take it up with « << », and the one that changes there.
        """
        node, depths = root, {id(root): 0}
        for depth, step in enumerate(way, 1):
            child = node.child(step)
            if child is None:
                break
            if child.kind == "alias":
                return child, None, step
            depths[id(child)] = depth
            node = child
        else:  # what is replaced may hold anchors too
            depths |= {id(one): len(way) for one, _ in nodes_below(node)}
        for one, merging in nodes_below(root):
            if one.target is None or id(one.target) not in depths:
                continue
            depth = depths[id(one.target)]
            if merging is None or depth == len(way):
                return one, None, ""
            if merging.child(way[depth]) is None:  # else it says that key itself
                return one, merging, way[depth]
        return None, None, ""

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
        if self._is_first_of(node, value):
            self._as_first_row(node, value[1:])
            return
        if not way or flow or (node.flow and not value) or (node.kind == "scalar" and not value):
            self._splice(node.start, node.end, lead + _flow(value))
        elif isinstance(way[-1], int):  # after its dash
            said = self._block(value, node.column if node.start < node.end else indent)
            self._splice(
                node.start,
                node.end,
                lead + (said.lstrip(" ") if value and self.blocks else _flow(value)),
            )
        else:
            whole = self.blocks and value
            column = indent - STEP * (self.flush and isinstance(value, list))
            said = f"{self.eol}{self._block(value, column)}" if whole else f" {_flow(value)}"
            self._splice(self._colon(root, way), node.end, said)

    def _is_first_of(self, node: Written, value: Value) -> bool:
        """Whether these keys become the first row of a list, otherwise as they are."""
        block = node.kind == "map" and node.items and not node.flow and not node.anchor
        return bool(block and self.blocks and isinstance(value, list) and value[1:]) and (
            value[0] == value_of(node)
        )

    def _as_first_row(self, node: Written, more: list[Value]) -> None:
        column = self._column(node) - STEP * self.flush
        start = self.text.rfind("\n", 0, node.start) + 1
        lines = self.text[start : node.end].split("\n")
        more_in = "" if self.flush else " " * STEP
        lines = [more_in + line if line.strip() else line for line in lines]
        lines[0] = f"{lines[0][:column]}- {lines[0][column + STEP :]}"
        said = "\n".join(lines)
        self.text = f"{self.text[:start]}{said}{self.text[node.end :]}"
        self._append(column, more, start + len(said))

    def _colon(self, root: Written, way: Way) -> int:
        """Where what a key holds may begin."""
        holder = _at(root, way[:-1])
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
            node = _at(node, (step,))
        return flow, column + STEP

    def _column_of(self, node: Written, step: Step) -> int:
        """The column of a key, or of the dash of a row."""
        if isinstance(step, str):
            for key, _ in node.items:
                if key is not None and key.value == step:
                    return key.column
        return self._column(node) if node.items and not node.flow else node.column

    def _remove(self, root: Written, way: Way) -> None:
        holder = _at(root, way[:-1])
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
        empty = holder.flow and not holder.items  # « {} », « [] »
        if empty and way[:held] and not (flow or holder.anchor):
            self._replace(root, way[:held], holder, entry)
        elif holder.items or flow or holder.flow:
            self._put_in(holder, entry)
        else:  # nothing is written yet
            self._append(0, entry, holder.end)

    def _put_in(self, holder: Written, entry: Value) -> None:
        """One more key, or one more row, after what the holder has."""
        if holder.flow:
            inner = _flow(entry)[1:-1]
            opening = "{" if holder.kind == "map" else "["
            start = self.text.index(opening, holder.start) + 1  # behind its anchor
            at = holder.items[-1][1].end if holder.items else start
            self._splice(at, at, f", {inner}" if holder.items else inner)
        else:
            self._append(self._column(holder), entry, holder.end)

    def _is_flush(self, root: Written) -> bool:
        found = {
            self._column(item) == key.column
            for one, _ in nodes_below(root)
            if one.kind == "map" and not one.flow
            for key, item in one.items
            if key is not None and item.kind == "list" and item.items and not item.flow
        }
        return found == {True}

    def _column(self, holder: Written) -> int:
        """Where its keys or its dashes stand; its anchor may stand elsewhere."""
        key, item = holder.items[0]
        start = self._dash(item) if key is None else key.start
        return start - (self.text.rfind("\n", 0, start) + 1)

    def _append(self, column: int, entry: Value, end: int) -> None:
        """After the last line of what the holder has, comments at its end included."""
        said = self._block(entry, column)
        after = self.text.find("\n", end)
        if not self.text.strip():
            self._splice(len(self.text), len(self.text), said + self.eol)
        elif after < 0:
            self._splice(len(self.text), len(self.text), f"{self.eol}{said}")
        else:
            self._splice(after + 1, after + 1, f"{said}{self.eol}")

    def _block(self, value: Value, column: int) -> str:
        lines = dumped(value, flush=self.flush).split("\n")
        return self.eol.join(f"{' ' * column}{line}" if line else "" for line in lines)

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
