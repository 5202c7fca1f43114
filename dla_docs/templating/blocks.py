"""Une partie comprise : ses textes fixes, ce qu'elle imprime, ses conditions et ses boucles, dans
l'ordre du document.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from dla_docs.model.node import Kind as NodeKind
from dla_docs.templating.contexts import Printing
from dla_docs.templating.controls import ControlHead, Unprinted
from dla_docs.templating.expressions import Bound, Use, bind
from dla_docs.templating.grammar import Parse, parse_loop, parse_print, parse_test, parsed
from dla_docs.templating.lexer import TagKind
from dla_docs.templating.marks import PATTERN, GridStart, Region, RegionEnd, Tag
from dla_docs.templating.places import Finding, Place
from dla_docs.templating.scope import Ref, Scope

MAX_DEPTH, MAX_LOOPS = 20, 5
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True, slots=True)
class Print:
    """Une valeur imprimée."""

    printing: Printing
    bound: Bound


@dataclass(frozen=True, slots=True)
class Choice:
    """``if``, ``elif``, ``else`` : chaque branche avec sa condition ; la dernière peut n'en pas
    avoir.
    """

    tag: Tag
    branches: tuple[tuple[Bound | None, tuple[Any, ...]], ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """``for`` : la case de sa ligne, la suite parcourue, la condition sur chaque ligne, le corps,
    et ce qui s'imprime sans ligne.
    """

    tag: Tag
    slot: int
    rows: Bound
    test: Bound | None
    body: tuple[Any, ...]
    otherwise: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Guarded:
    """Un passage dont le contenu produit sera regardé avant d'être gardé."""

    guard: Region | GridStart
    body: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """Les propriétés d'un contrôle, à l'endroit où elles s'écrivent."""

    head: ControlHead
    bound: Bound


@dataclass
class Reading:
    """Ce que la lecture d'une partie rend : ses éléments, et ce qu'elle a de faux."""

    items: tuple[Any, ...] = ()
    findings: list[Finding] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)


def read_blocks(
    xml: str, meanings: Sequence[object], scope: Scope, parse: Parse = parsed
) -> Reading:
    """Coupe une partie à ses marques, emboîte ses blocs, attache ses expressions au modèle ;
    ``parse`` : ce qui rend l'arbre d'une expression.
    """
    reader = _Reader(_pieces(DECLARATION + xml, meanings), parse)
    reader.reading.items = tuple(reader.body(scope, 0))
    return reader.reading


def _pieces(xml: str, meanings: Sequence[object]) -> Iterator[Any]:
    position = 0
    for found in PATTERN.finditer(xml):
        if found.start() > position:
            yield xml[position : found.start()]
        yield meanings[int(found.group(1) or found.group(2))]
        position = found.end()
    yield xml[position:]


def _ends(piece: Any) -> bool:
    """What ends or continues the block around."""
    if piece.__class__ is Tag:
        return piece.kind is TagKind.BLOCK and piece.keyword not in ("if", "for")
    return piece.__class__ is RegionEnd


class _Reader:
    """Recursive descent over the pieces. Nesting faults were reported on the tree: here they are
    only survived.
    """

    def __init__(self, pieces: Iterator[Any], parse: Parse) -> None:
        self.pieces = list(pieces)
        self.parse = parse
        self.position = 0
        self.reading = Reading()
        self._known: dict[tuple[int, int, Use], tuple[Any, Scope, Bound]] = {}

    def body(self, scope: Scope, depth: int) -> Iterator[Any]:
        """Items up to a tag that ends or continues the block around,
        which is left to the caller."""
        while self.position < len(self.pieces):
            piece = self.pieces[self.position]
            if depth and _ends(piece):
                return
            self.position += 1
            if piece.__class__ is str:  # half of them
                yield piece
            else:
                yield from self._item(piece, scope, depth)

    def _item(self, piece: Any, scope: Scope, depth: int) -> Iterator[Any]:
        if isinstance(piece, Printing):
            yield Print(
                piece,
                self._bind(
                    parse_print(piece.tag.source, self.parse),
                    scope,
                    piece.tag.place,
                    piece.tag.raw,
                    Use.PRINT,
                ),
            )
        elif isinstance(piece, ControlHead):
            source = parse_print(piece.source, self.parse)
            yield Head(piece, self._bound(source, scope, Use.PRINT))
        elif isinstance(piece, Unprinted):
            self._check_unprinted(piece, scope)
        elif isinstance(piece, Region | GridStart):
            yield Guarded(piece, tuple(self.body(scope, depth + 1)))
            self._skip(RegionEnd)
        elif isinstance(piece, Tag) and piece.kind is TagKind.BLOCK:
            yield from self._block(piece, scope, depth)
        elif isinstance(piece, Tag):
            yield Print(
                Printing(piece, None),
                self._bind(
                    parse_print(piece.source, self.parse), scope, piece.place, piece.raw, Use.PRINT
                ),
            )
        elif not isinstance(piece, RegionEnd):
            yield piece

    def _block(self, tag: Tag, scope: Scope, depth: int) -> Iterator[Any]:
        if depth >= MAX_DEPTH or scope.loops > MAX_LOOPS:
            self.reading.findings.append(
                Finding(
                    f"« {tag.raw} » est imbriqué trop profondément.",
                    tag.place,
                    conseil="Simplifiez le modèle.",
                )
            )
        elif tag.keyword == "if":
            yield self._choice(tag, scope, depth)
        elif tag.keyword == "for":
            yield self._repeat(tag, scope, depth)

    def _choice(self, tag: Tag, scope: Scope, depth: int) -> Choice:
        branches: list[tuple[Bound | None, tuple[Any, ...]]] = []
        current: Tag | None = tag
        while current is not None:
            test = None
            if current.keyword != "else":
                test = self._bind(
                    parse_test(current.source.removeprefix(current.keyword).strip(), self.parse),
                    scope,
                    current.place,
                    current.raw,
                    Use.TEST,
                )
            branches.append((test, tuple(self.body(scope, depth + 1))))
            current = self._take("elif", "else")
        self._take("endif")
        return Choice(tag, tuple(branches))

    def _repeat(self, tag: Tag, scope: Scope, depth: int) -> Repeat:
        loop = parse_loop(tag.source.removeprefix("for").strip(), self.parse)
        if not isinstance(loop, tuple):
            rows, test, inner = self._bind(loop, scope, tag.place, tag.raw), None, scope
        else:
            name, rows_tree, test_tree = loop
            rows = self._bind(rows_tree, scope, tag.place, tag.raw)
            inner = self._enter(name, rows, scope, tag)
            if test_tree is None:
                test = None
            else:
                test = self._bind(test_tree, inner, tag.place, tag.raw, Use.TEST)
        body = tuple(self.body(inner, depth + 1))
        otherwise = tuple(self.body(scope, depth + 1)) if self._take("else") else ()
        self._take("endfor")
        return Repeat(tag, inner.loops, rows, test, body, otherwise)

    def _enter(self, name: str, rows: Bound, scope: Scope, tag: Tag) -> Scope:
        ref = rows.path
        if ref is None:
            if not rows.problems:
                self._problem(
                    "une boucle parcourt une suite de lignes, telle que le document la tient",
                    tag,
                    "Écrivez « for ligne in lignes ».",
                )
            return scope.enter(name, Ref(None, name, (name,), reserved=True))
        if ref.node is not None and (
            ref.node.kind is NodeKind.PART
            or ref.node.kind is NodeKind.NOTE
            or (ref.item and ref.node.kind is NodeKind.ROWS)
        ):
            self._problem(
                f"« {ref.schema} » n'est pas une suite de lignes",
                tag,
                "Imprimez ses valeurs sans boucle.",
            )
        return scope.enter(name, ref)

    def _check_unprinted(self, control: Unprinted, scope: Scope) -> None:
        tree = parse_print(control.source, self.parse)
        bound = bind(tree, scope)
        ref = bound.path
        if ref is not None and ref.node is not None and ref.node.kind is NodeKind.LEAF:
            conseil = f"Écrivez {{{{ {control.source} }}}} dans le contrôle."
            message = f"le contrôle étiqueté « {control.source} » n'imprime pas son champ."
            self.reading.findings.append(
                Finding(message, control.place, ref.schema, conseil=conseil)
            )

    def _bound(self, tree: Any, scope: Scope, use: Use) -> Bound:
        """A control and its tag say the same, and so do many conditions: each is understood once.
        What is kept keeps its tree and its scope, whose ids stay their own.
        """
        key = (id(tree), id(scope), use)
        if key not in self._known:
            self._known[key] = tree, scope, bind(tree, scope, use)
        return self._known[key][2]

    def _bind(self, tree: Any, scope: Scope, place: Place, raw: str, use: Use = Use.ROWS) -> Bound:
        bound = self._bound(tree, scope, use)
        self.reading.known |= bound.reads
        for problem in bound.problems:
            self.reading.findings.append(
                Finding(f"{problem.message}, dans « {raw} ».", place, conseil=problem.advice)
            )
            if problem.misfit:
                self.reading.unknown.add(raw)
        return bound

    def _problem(self, message: str, tag: Tag, conseil: str) -> None:
        self.reading.findings.append(
            Finding(f"{message}, dans « {tag.raw} ».", tag.place, conseil=conseil)
        )

    def _take(self, *keywords: str) -> Tag | None:
        piece = self.pieces[self.position] if self.position < len(self.pieces) else None
        if isinstance(piece, Tag) and piece.kind is TagKind.BLOCK and piece.keyword in keywords:
            self.position += 1
            return piece
        return None

    def _skip(self, kind: type) -> None:
        if self.position < len(self.pieces) and isinstance(self.pieces[self.position], kind):
            self.position += 1
