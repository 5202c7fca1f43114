"""Les colonnes d'un document : une ligne d'un tableau devient ses champs, ses champs une ligne d'un
tableau.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

from dla_docs.constat import Constat
from dla_docs.errors import InputError
from dla_docs.model.bloc import Bloc, attribute_at, bloc_of, is_blank, value_type
from dla_docs.model.document import Document
from dla_docs.model.formats import format_value
from dla_docs.model.node import Kind, Node, steps
from dla_docs.model.values.value import AsShown, Shown, Valeur, scalar_text
from dla_docs.raw import RawList, RawMap, RawText
from dla_docs.raw.quoting import quoted
from dla_docs.spelling import fold, nearest
from dla_docs.tables.number_shapes import RETYPE

# What a spreadsheet holds as such
CELL_TYPES = ("date", "nombre", "annee", "montant", "jours", "jours_longs")
SEPARATORS = (
    r"[\n•]",
    r"[;|]",
    r",\s",
)  # of the items that one cell lists: the first that it holds
STRUCTURED = (Mapping, list, tuple)
DASH, NOTHING = re.compile(r"^[-–*]\s+"), re.compile(r"(?!)")
PLACE = re.compile(r"[a-z_]+(\[\d{1,2}\])?(\.[a-z_]+(\[\d{1,2}\])?)*")


@dataclass(frozen=True)
class Column:
    """Une colonne : le chemin de son champ, et le titre qu'on lui donne."""

    path: str
    heading: str
    node: Node
    principal: str = ""  # of rows that one cell lists: the field that each item stands for


@cache
def columns(model: type[Bloc]) -> tuple[Column, ...]:
    """Les colonnes d'un document ou d'une ligne, dans l'ordre du formulaire ; une suite de lignes
    tient dans une cellule, une par élément.
    """
    found = list(_columns(model, model.schema_node(), ()))
    said = [text for node, _, _ in found for text in {_key(node.name), _key(node.label)}]
    short = [_heading(labels, said) for _, labels, _ in found]
    headings = [
        " – ".join(labels) if short.count(one) > 1 else one
        for one, (_, labels, _) in zip(short, found, strict=True)
    ]
    return tuple(
        Column(node.path, heading, node, principal)
        for heading, (node, _, principal) in zip(headings, found, strict=True)
    )


def _columns(
    model: type[Bloc], node: Node, above: tuple[str, ...]
) -> Iterator[tuple[Node, tuple[str, ...], str]]:
    for child in node.children.values():
        if child.kind is Kind.NOTE or child.name in model.hors_page:
            continue
        inner = bloc_of(model, child.name)
        if inner is None:
            yield child, (*above, child.label), ""
        elif child.kind is Kind.PART:
            yield from _columns(inner, child, (*above, child.label))
        elif inner.principal:
            yield child, (*above, child.label), inner.principal


def _heading(labels: tuple[str, ...], said: list[str]) -> str:
    """The label alone where nothing else goes by that name."""
    return (
        " – ".join(dict.fromkeys(labels[-2:])) if said.count(_key(labels[-1])) > 1 else labels[-1]
    )


@lru_cache(4096)
def column_named(model: type[Bloc], heading: str, whole: bool = False) -> Column | None:
    """La colonne d'un titre : le libellé, le chemin ou le nom du champ, accents et majuscules à
    part ; ``None`` quand il n'y en a pas.

    ``structure.nom`` est celui de la première des structures ; ``whole`` admet une partie ou une
    suite entière.
    """
    place = heading.strip().replace(" ", "")
    return (
        _at(model, place, heading, whole)
        or _spellings(model).get(_key(heading))
        or _at(model, fold(place), heading, whole)
    )


def _at(model: type[Bloc], place: str, heading: str, whole: bool) -> Column | None:
    if not PLACE.fullmatch(place):
        return None
    root = model.schema_node()
    first, dot, rest = place.partition(".")
    rows = root.children.get(f"{first}s")
    if rows is not None and rows.kind is Kind.ROWS and first not in root.children:
        place = f"{first}s[0]{dot}{rest}"
    node = root.find(place)
    fits = (
        node is not None
        and (whole or node.kind is Kind.LEAF)
        and node.path.count("[]") == place.count("[")
    )
    return Column(place, heading, node) if node is not None and fits else None


def clashes(
    model: type[Bloc], headings: Iterable[str], whole: bool = False
) -> list[tuple[str, str]]:
    """Les colonnes qui disent le même champ, deux à deux : « Compétences » et « competences », une
    liste et l'une de ses lignes.
    """
    paths = {
        heading: column.path
        for heading in headings
        if (column := column_named(model, heading, whole)) is not None
    }
    ranks = {heading: rank for rank, heading in enumerate(paths)}
    saying: dict[str, str] = {}  # the last heading of each path
    found = []
    for heading, path in paths.items():
        found += [(saying[path], heading)] if path in saying else []
        saying[path] = heading
    for heading, path in paths.items():
        found += [(saying[above], heading) for above in _holding(path) if above in saying]
    ordered = ((one, other) if ranks[one] < ranks[other] else (other, one) for one, other in found)
    return sorted(ordered, key=lambda pair: [ranks[one] for one in pair])


def _holding(path: str) -> Iterator[str]:
    """The paths of what holds this one: ``a[0].b`` is in ``a[0]``, which is in ``a``."""
    return (path[: found.start()] for found in re.finditer(r"[.\[]", path))


def nearest_heading(model: type[Bloc], heading: str) -> str:
    """Le titre connu qui ressemble le plus à celui-ci, ou rien."""
    known = _spellings(model)
    near = nearest(_key(heading), known)
    return known[near].heading if near else ""


@cache
def _spellings(model: type[Bloc]) -> dict[str, Column]:
    held = columns(model)
    said: dict[str, list[Column]] = {}
    for column in held:
        for text in {_key(column.node.name), _key(column.node.label)}:
            said.setdefault(text, []).append(column)
    sure = {text: found[0] for text, found in said.items() if len(found) == 1}
    return sure | {_key(text): column for column in held for text in (column.heading, column.path)}


def _key(text: str) -> str:
    """The letters of a heading, its plurals as singulars."""
    return "".join(
        word if len(word) < 4 else word.rstrip("sx") for word in re.split(r"[\W_]+", fold(text))
    )


def row_to_data(model: type[Bloc], cells: Mapping[str, Any], line: int, file: str) -> RawMap:
    """Les données d'une ligne d'un tableau, telles qu'un fichier YAML les aurait données : chaque
    valeur sait d'où elle vient. ``InputError`` d'une cellule dont le champ prendrait autre chose
    que ce qu'elle montre.
    """
    data = RawMap({}, line, file)
    for heading, value in cells.items():
        column = column_named(model, heading, is_structured(value))
        if column is not None:
            if isinstance(value, Shown | AsShown) and not column.principal:
                _check_shown(value, value_type(model, column.path), heading, line, file)
            put(data, steps(column.path), _written(value, column, line, file), line, file)
    return data


def _check_shown(value: Shown | AsShown, field: Valeur, heading: str, line: int, file: str) -> None:
    """``InputError`` d'une cellule qui montre autre chose que ce que le champ en prendrait."""
    held, text, typed = (
        (value.value, str(value), str(value))
        if isinstance(value, AsShown)
        else (+value, value.text, value.typed)
    )
    if not isinstance(held, field.native) or not re.search(r"[^\W_]", typed):
        return
    try:
        same = field.load(typed) == field.load(held)
    except ValueError:
        same = not _is_read(field, held)
    if not same:
        message = f"La cellule « {heading} » montre {quoted(text)} et vaut {scalar_text(held)}."
        raise InputError(Constat(message, fichier=file, ligne=line, conseil=RETYPE))


def _is_read(field: Valeur, value: Any) -> bool:
    try:
        return field.load(value) is not None
    except ValueError:
        return False


def is_structured(value: Any) -> bool:
    """Vrai pour ce qu'une cellule ne peut tenir, et qu'un programme peut donner : des clés, une
    liste.
    """
    return not isinstance(value, str) and isinstance(value, STRUCTURED)


def _written(value: Any, column: Column, line: int, file: str) -> Any:
    if not column.principal or is_structured(value):
        return _text(value, line, file)
    items = (
        _items(value, column.node.children[column.principal])
        if isinstance(value, str)
        else [scalar_text(value)]
    )
    return RawList([_text(item, line, file) for item in items], line, file)


def _items(text: str, leaf: Node) -> list[str]:
    known = SEPARATORS[:-1] if leaf.multiline else SEPARATORS  # a sentence has commas of its own
    separator = next((one for one in known if re.search(one, text)), known[0])
    dash = NOTHING if "•" in text else DASH
    return [item for one in re.split(separator, text) if (item := dash.sub("", one.strip()))]


def _text(value: Any, line: int, file: str) -> Any:
    return RawText(value, line, file) if isinstance(value, str) else value


def put(data: Any, way: tuple[str | int, ...], value: Any, line: int, file: str) -> None:
    """Pose une valeur au bout d'un chemin, parties et lignes faites en passant."""
    for step, following in pairwise(way):
        if isinstance(step, int):
            data.extend(RawMap({}, line, file) for _ in range(step + 1 - len(data)))
        else:
            data.key_lines[step] = line
            if step not in data:
                rows = isinstance(following, int)
                data[step] = RawList([], line, file) if rows else RawMap({}, line, file)
        data = data[step]
    data[way[-1]] = value
    if isinstance(data, RawMap):
        data.key_lines[str(way[-1])] = line


def data_to_row(document: Document) -> list[Any]:
    """Les cellules d'un document, dans l'ordre de ses colonnes ; ``None`` pour ce qui est vide."""
    return [
        _cell(attribute_at(document, column.path), column) for column in columns(type(document))
    ]


def _cell(value: Any, column: Column) -> Any:
    if is_blank(value):
        return None
    if isinstance(value, tuple):
        return _listed([_in_brief(row, column) for row in value])
    if column.node.format in CELL_TYPES:
        return value
    return format_value(column.node.format, value).replace("\N{NO-BREAK SPACE}", " ")


def _listed(items: list[str]) -> str:
    """One item a line, with bullets where the text alone would be read otherwise."""
    doubtful = any(map(DASH.match, items)) or (
        len(items) == 1 and any(re.search(one, items[0]) for one in SEPARATORS)
    )
    return "\n".join(f"• {item}" if doubtful else item for item in items)


def _in_brief(row: Bloc, column: Column) -> str:
    """What a row says first, then the rest of it."""
    leaves = [
        child
        for child in column.node.children.values()
        if child.kind is Kind.LEAF and child.name != "cle"
    ]
    ordered = sorted(leaves, key=lambda leaf: leaf.name != column.principal)
    said = (format_value(leaf.format, getattr(row, leaf.name)) for leaf in ordered)
    return ", ".join(" ".join(text.split()) for text in said if text)
