"""Une partie comprise : ses textes fixes, ce qu'elle imprime, ses conditions et ses boucles, dans
l'ordre du document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from dla_docs.model.node import Kind as NodeKind
from dla_docs.templating.contexts import Printing
from dla_docs.templating.controls import ControlHead, Unprinted
from dla_docs.templating.expressions import Bound, Use, bind
from dla_docs.templating.grammar import Parse, parse_loop, parse_print, parse_test, parsed
from dla_docs.templating.lexer import TagKind
from dla_docs.templating.marks import PATTERN, GridStart, Region, RegionEnd, Tag
from dla_docs.templating.places import Finding
from dla_docs.templating.scope import Ref, Scope

MAX_DEPTH, MAX_LOOPS = 20, 5
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


T = TypeVar("T")


class Once(Generic[T]):
    """Ce qui se fait la première fois qu'on le demande : de bien des branches, aucun document ne le
    demande. Deux fils d'exécution peuvent le faire tous deux, à l'identique.
    """

    __slots__ = ("_given", "_made", "_make")

    def __init__(self, make: Callable[..., T], *given: Any) -> None:
        self._make = make
        self._given: tuple[Any, ...] | None = given

    def __call__(self) -> T:
        given = self._given
        if given is not None:
            self._made = self._make(*given)
            self._given = None
        return self._made


Binding = Once[Bound]


@dataclass(frozen=True, slots=True)
class Print:
    """Une valeur imprimée."""

    printing: Printing
    binding: Binding

    @property
    def bound(self) -> Bound:
        """L'expression comprise."""
        return self.binding()


@dataclass(frozen=True, slots=True)
class Choice:
    """``if``, ``elif``, ``else`` : chaque branche avec sa condition ; la dernière peut n'en pas
    avoir.
    """

    tag: Tag
    branches: tuple[tuple[Binding | None, tuple[Any, ...]], ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """``for`` : la case de sa ligne, la suite parcourue, la condition sur chaque ligne, le corps,
    et ce qui s'imprime sans ligne.
    """

    tag: Tag
    slot: int
    rows: Bound
    test: Binding | None
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
    binding: Binding

    @property
    def bound(self) -> Bound:
        """L'expression comprise."""
        return self.binding()


@dataclass
class Reading:
    """Ce que la lecture d'une partie rend : ses éléments, ses contrôles, ses boucles les unes dans
    les autres, et ce qu'elle a de faux.
    """

    items: tuple[Any, ...] = ()
    heads: list[Head] = field(default_factory=list)
    depth: int = 0
    findings: list[Finding] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)


def read_blocks(
    xml: str,
    meanings: Sequence[object],
    scope: Scope,
    parse: Parse = parsed,
    checked: bool = False,
) -> Reading:
    """Coupe une partie à ses marques, emboîte ses blocs, attache ses expressions au modèle ;
    ``parse`` : ce qui rend l'arbre d'une expression ; ``checked`` : on sait déjà ce que lisent ses
    expressions, et qu'elles n'ont rien de faux.
    """
    reader = _Reader(_pieces(DECLARATION + xml, meanings), parse, checked)
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

    def __init__(self, pieces: Iterator[Any], parse: Parse, checked: bool) -> None:
        self.pieces = list(pieces)
        self.parse = parse
        self.checked = checked
        self.position = 0
        self.reading = Reading()
        self._known: dict[tuple[str, int, Use], tuple[Scope, Binding]] = {}

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
            yield self._print(piece, scope)
        elif isinstance(piece, ControlHead):
            self.reading.heads.append(Head(piece, self._binding(piece.source, scope)))
            yield self.reading.heads[-1]
        elif isinstance(piece, Unprinted):
            self._check_unprinted(piece, scope)
        elif isinstance(piece, Region | GridStart):
            yield Guarded(piece, tuple(self.body(scope, depth + 1)))
            self._skip(RegionEnd)
        elif isinstance(piece, Tag) and piece.kind is TagKind.BLOCK:
            yield from self._block(piece, scope, depth)
        elif isinstance(piece, Tag):
            yield self._print(Printing(piece, None), scope)
        elif not isinstance(piece, RegionEnd):
            yield piece

    def _print(self, printing: Printing, scope: Scope) -> Print:
        binding = self._binding(printing.tag.source, scope)
        self._check(binding, printing.tag)
        return Print(printing, binding)

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
        branches: list[tuple[Binding | None, tuple[Any, ...]]] = []
        current: Tag | None = tag
        while current is not None:
            test = None
            if current.keyword != "else":
                source = current.source.removeprefix(current.keyword).strip()
                test = self._binding(source, scope, Use.TEST)
                self._check(test, current)
            branches.append((test, tuple(self.body(scope, depth + 1))))
            current = self._take("elif", "else")
        self._take("endif")
        return Choice(tag, tuple(branches))

    def _repeat(self, tag: Tag, scope: Scope, depth: int) -> Repeat:
        loop = parse_loop(tag.source.removeprefix("for").strip(), self.parse)
        if not isinstance(loop, tuple):
            rows, test, inner = Once(bind, loop, scope, Use.ROWS), None, scope
            self._check(rows, tag)
        else:
            name, rows_tree, test_tree = loop
            rows = Once(bind, rows_tree, scope, Use.ROWS)
            self._check(rows, tag)
            inner = self._enter(name, rows(), scope, tag)
            test = None if test_tree is None else Once(bind, test_tree, inner, Use.TEST)
            if test is not None:
                self._check(test, tag)
        self.reading.depth = max(self.reading.depth, inner.loops)
        body = tuple(self.body(inner, depth + 1))
        otherwise = tuple(self.body(scope, depth + 1)) if self._take("else") else ()
        self._take("endfor")
        return Repeat(tag, inner.loops, rows(), test, body, otherwise)

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
        ref = self._binding(control.source, scope)().path
        if ref is not None and ref.node is not None and ref.node.kind is NodeKind.LEAF:
            conseil = f"Écrivez {{{{ {control.source} }}}} dans le contrôle."
            message = f"le contrôle étiqueté « {control.source} » n'imprime pas son champ."
            self.reading.findings.append(
                Finding(message, control.place, ref.schema, conseil=conseil)
            )

    def _binding(self, source: str, scope: Scope, use: Use = Use.PRINT) -> Binding:
        """A control and its tag say the same, and so do many conditions: each is understood once.
        What is kept keeps its scope, whose id stays its own.
        """
        key = (source, id(scope), use)
        if key not in self._known:
            self._known[key] = scope, Once(_bound, source, scope, use, self.parse)
        return self._known[key][1]

    def _check(self, binding: Binding, tag: Tag) -> None:
        if self.checked:
            return
        self.reading.known |= binding().reads
        for problem in binding().problems:
            self._problem(problem.message, tag, problem.advice)
            if problem.misfit:
                self.reading.unknown.add(tag.raw)

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


def _bound(source: str, scope: Scope, use: Use, parse: Parse) -> Bound:
    read = parse_test if use is Use.TEST else parse_print
    return bind(read(source, parse), scope, use)
