"""Les valeurs d'un document telles qu'un modèle docxtpl les reçoit : rien d'autre ne s'y lit que
les champs du document ; chacune s'imprime comme le moteur du projet l'imprime, et sait d'où elle
vient.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dla_docs.model.node import Kind, Node, schema_path
from dla_docs.spelling import did_you_mean, meant
from dla_docs.templating import Image
from dla_docs.templating.operators import COMPARISONS, is_empty, truth
from dla_docs.templating.printing import TEXT, formatter, printed, typesetter
from dla_docs.word.invitations import REMINDER


class Refusal(Exception):
    """Ce qu'un modèle demande et qui lui est refusé : ``message`` et ``conseil`` le disent en
    français.
    """

    def __init__(self, message: str, conseil: str = "") -> None:
        super().__init__(message)
        self.message, self.conseil = message, conseil


@dataclass(eq=False, slots=True)
class Leaf:
    """Une valeur : ``raw`` pour la comparer ou la calculer, ``text`` pour l'imprimer ; ``paths`` :
    les champs dont elle est faite, ``whole`` quand c'est l'un d'eux tel quel.
    """

    raw: Any
    text: str
    paths: tuple[str, ...] = ()
    whole: bool = False

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return truth(self.raw)

    def __hash__(self) -> int:
        return hash(self.raw)

    def __eq__(self, other: object) -> bool:
        return COMPARISONS["eq"](self.raw, raw_of(other))

    def __lt__(self, other: object) -> bool:
        return COMPARISONS["lt"](self.raw, raw_of(other))

    def __le__(self, other: object) -> bool:
        return COMPARISONS["lteq"](self.raw, raw_of(other))

    def __gt__(self, other: object) -> bool:
        return COMPARISONS["gt"](self.raw, raw_of(other))

    def __ge__(self, other: object) -> bool:
        return COMPARISONS["gteq"](self.raw, raw_of(other))

    def __contains__(self, item: object) -> bool:
        return isinstance(self.raw, str) and str(raw_of(item)) in self.raw


@dataclass(eq=False, slots=True)
class Picture:
    """Une image parmi les valeurs."""

    image: Image
    path: str = ""


class Rows(tuple[Any, ...]):
    """Une suite de lignes du document : elle se parcourt, et ne s'imprime pas."""

    __slots__ = ()


@dataclass
class Reading:
    """Ce que le modèle lit : les chemins des champs, sans leurs rangs ; ``draft`` : une absence y
    laisse un rappel.
    """

    draft: bool = False
    paths: set[str] = field(default_factory=set)


@dataclass(eq=False, slots=True)
class Part:
    """Une partie du document, ou une ligne : ses champs, et rien d'autre."""

    held: Mapping[str, Any]
    node: Node | None
    path: str
    reading: Reading

    def __bool__(self) -> bool:
        return bool(self.held)

    def names(self) -> list[str]:
        """Les noms de ses champs, dans l'ordre de la page."""
        return list(self.node.children if self.node else self.held)

    def child(self, name: str) -> Any:
        """Un champ ; ``Refusal`` quand le document n'en a pas de ce nom."""
        known = self.node.children if self.node else self.held
        way = f"{self.path}.{name}" if self.path else name
        if name not in known:
            raise unknown(way, name, known)
        return wrapped(self.held.get(name), self._node_of(name), way, self.reading)

    def _node_of(self, name: str) -> Node | None:
        return self.node.children.get(name) if self.node else None


def unknown(way: str, name: str, known: Mapping[str, Any] | Sequence[str]) -> Refusal:
    """Le refus d'un nom que le document ne connaît pas."""
    advice = did_you_mean(meant(name, known)) or "« dla-docs montrer » dit les champs du document."
    return Refusal(f"le document ne connaît pas « {way} »", advice)


def wrapped(value: Any, node: Node | None, way: str, reading: Reading) -> Any:
    """Une valeur, telle que le modèle la reçoit."""
    if isinstance(value, Image):
        reading.paths.add(schema_path(way))
        return Picture(value, way)
    if value is None and node is not None and node.kind is Kind.ROWS:
        return Rows()
    if isinstance(value, Mapping) or (value is None and node is not None and node.children):
        return Part(value or {}, node, way, reading)
    if isinstance(value, list | tuple):
        return Rows(
            wrapped(row, node if node and node.children else None, f"{way}[{rank}]", reading)
            for rank, row in enumerate(value)
        )
    reading.paths.add(schema_path(way))
    return Leaf(value, _text(value, node, way, reading), (way,), True)


def _text(value: Any, node: Node | None, way: str, reading: Reading) -> str:
    if value is None and reading.draft and node is not None and node.kind is Kind.LEAF:
        return REMINDER
    text = printed(value, formatter(node.format if node else TEXT), way)
    return typesetter(node)(str(text)) if text and not str(text).isspace() else ""


def raw_of(value: Any) -> Any:
    """Une valeur, pour la comparer ou la calculer."""
    return value.raw if isinstance(value, Leaf) else value


def paths_of(value: Any) -> tuple[str, ...]:
    """Les champs dont une valeur est faite."""
    return value.paths if isinstance(value, Leaf) else ()


def text_of(value: Any) -> str:
    """Le texte d'une valeur ; ``Refusal`` de ce qui ne s'imprime pas."""
    if isinstance(value, Leaf):
        return value.text
    if value is None:
        return ""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool | int | float) or is_number(value):
        return str(formatter(TEXT)(value))
    raise Refusal(
        "ce n'est ni un texte, ni un nombre, ni une date : cela ne s'imprime pas",
        "Nommez l'un de ses champs ; une suite se parcourt par {% for %}.",
    )


def is_number(value: Any) -> bool:
    """Vrai d'un nombre, exact ou non."""
    return hasattr(value, "is_finite") or isinstance(value, int | float)


def joined(values: Sequence[Any], separator: str = "") -> Leaf:
    """Des textes bout à bout, qui savent de quels champs ils sont faits."""
    text = separator.join(map(text_of, values))
    return Leaf(text, text, tuple(path for value in values for path in paths_of(value)))


def blank(value: Any) -> bool:
    """Vrai pour ce qui ne dit rien."""
    if isinstance(value, Part):
        return not value.held or is_empty(value.held)
    return is_empty(raw_of(value))


def rows_of(value: Any) -> Iterator[Any]:
    """Ce qui se parcourt ; ``Refusal`` du reste."""
    if value is None or (isinstance(value, Leaf) and value.raw is None):
        return iter(())
    if isinstance(value, list | tuple | range | dict):
        return iter(value)
    if isinstance(value, Part):
        return iter(value.names())
    raise Refusal("ce n'est pas une suite de lignes", "{% for %} parcourt une suite du document.")
