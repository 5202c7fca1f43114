"""Le contrat d'un modèle avec son document : tout ce qui doit être imprimé l'est, sans condition
étrangère.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from html import unescape
from typing import Any

from dla_docs.model.node import Kind, Node, schema_path
from dla_docs.model.requirement import COMPELLING, LIBELLE, Exigence
from dla_docs.raw import value_at
from dla_docs.templating.blocks import Choice, Guarded, Print, Reading, Repeat
from dla_docs.templating.conditions import ALWAYS, are_about
from dla_docs.templating.operators import is_empty
from dla_docs.templating.places import Finding
from dla_docs.word.field_codes import Spot

MANY = 3  # unknown paths from which a template may be that of another document


def check_contract(readings: list[Reading], model: Node) -> list[Finding]:
    """Ce que le modèle Word n'imprime pas et que son document doit imprimer ; un modèle d'un autre
    document est un seul constat.
    """
    known = {path for reading in readings for path in reading.known if model.find(path) is not None}
    unknown = {tag for reading in readings for tag in reading.unknown}
    if len(unknown) >= MANY and len(unknown) > len(known):
        return [_stranger(len(unknown), len(unknown) + len(known), model)]
    printed = _Coverage(model)
    sure = set().union(*(printed.of(reading.items) for reading in readings))
    return [
        _missing(node, printed.seen)
        for node in model.walk()
        if is_demanded(node) and not _is_covered(node, sure)
    ]


def unprinted(
    values: Mapping[str, Any], model: Node, printed: Collection[str], text: str
) -> list[Finding]:
    """Ce que le document doit imprimer, qui est rempli, et qu'un rendu n'a pas imprimé.
    ``values`` : ce qui lui a été donné ; ``printed`` : les champs qu'il a imprimés, rangs compris ;
    ``text`` : les mots de la page, où un texte d'un guide peut être recopié.
    """
    said = _squeeze(text)
    filled = [*_filled(values, model, "")]
    notes = {way for way, node, value in filled if node.kind is Kind.NOTE and _says(said, value)}
    due = {node.path for _, node, _ in filled}
    kept_back = {node.path for way, node, _ in filled if way not in printed and way not in notes}
    pictures = {_row(node.picture) for node in model.walk() if node.picture}
    shown = {schema_path(way) for way in printed} | (pictures - _pictured(values, model))
    sure = (due | shown) - kept_back
    return [
        _missing(node, ())
        for node in model.walk()
        if is_demanded(node)
        and any(below.path in due for below in node.walk())
        and not _is_covered(node, sure)
    ]


def _says(text: str, note: Any) -> bool:
    return _squeeze(str(note)) in text


def _pictured(values: Mapping[str, Any], model: Node) -> set[str]:
    """The lists of pictures that have one to show."""
    lists = {node.picture for node in model.walk() if node.picture}
    return {_row(way) for way in lists if value_at(values, way.split("."), None)}


def _filled(values: Any, node: Node, above: str) -> Iterator[tuple[str, Node, Any]]:
    for name, child in node.children.items() if isinstance(values, Mapping) else ():
        value, way = values.get(name), f"{above}{name}"
        if child.kind in (Kind.LEAF, Kind.NOTE):
            if not is_empty(value):
                yield way, child, value
        elif child.kind is Kind.PART:
            yield from _filled(value, child, f"{way}.")
        else:
            for rank, row in enumerate(value or ()):
                yield from _filled(row, child, f"{way}[{rank}].")


def always_printed(readings: Iterable[Reading], model: Node) -> frozenset[str]:
    """Les champs qu'une balise imprime tels quels dès qu'ils sont remplis, sur chaque ligne :
    aucune condition ne porte sur autre chose.
    """
    printed = _Coverage(model, computed=False)
    return frozenset().union(*(printed.of(reading.items) for reading in readings))


def is_stranger(findings: Iterable[Finding]) -> bool:
    """Vrai quand le contrat a conclu que le modèle est celui d'un autre document."""
    return any(finding.message.startswith(STRANGER) for finding in findings)


STRANGER = "ce modèle Word n'est pas celui"


def _stranger(unknown: int, total: int, model: Node) -> Finding:
    label = f" du document « {model.label} »" if model.label else " de ce document"
    return Finding(
        f"{STRANGER}{label} : il y manque {unknown} des {total} champs qu'il imprime.",
        conseil="Choisissez le modèle de ce document.",
    )


def is_demanded(node: Node) -> bool:
    """Vrai de ce qu'un guide veut sur la page."""
    return bool(_demanded(node)) and (node.kind is not Kind.NOTE or bool(node.text))


def _demanded(node: Node) -> list[Exigence]:
    """What a guide wants on the page; of a text, its own wording."""
    return [
        exigence
        for exigence in node.exigences
        if exigence.force in COMPELLING
        and (node.kind is not Kind.NOTE or exigence.nature == LIBELLE)
    ]


def _is_covered(node: Node, sure: set[str]) -> bool:
    if any(_row(picture) not in sure for picture in _pictures(node)):
        return False
    if node.picture:
        return True
    if node.kind in (Kind.LEAF, Kind.NOTE):
        return node.path in sure
    # The title of a part is not yet what the part asks for.
    return any(
        inner.path in sure
        for inner in node.walk()
        if inner.kind is Kind.LEAF or (inner.kind is Kind.NOTE and not inner.heading)
    )


def _pictures(node: Node) -> list[str]:
    """What shows the image of a part, or of each row of a list."""
    shown = [node, *(node.children.values() if node.kind is Kind.ROWS else ())]
    return [one.picture for one in shown if one.picture]


def _row(rows: str) -> str:
    return f"{rows}[]"


def _missing(node: Node, seen: Container[str]) -> Finding:
    demanded = _demanded(node)
    label = f"« {node.label or node.text[:60] or node.name} »"
    path = node.picture or node.path
    if (_row(path) if node.picture else path) in seen:
        message = f"{label} ne s'imprime que sous une condition qui porte sur autre chose."
        conseil = f"Imprimez « {path} » sans condition, ou sous {{% if %}} sur lui-même."
    elif node.kind is Kind.NOTE:
        message, conseil = (
            f"le texte {label} doit être imprimé et ne l'est pas.",
            f"Recopiez-le dans le modèle, ou écrivez {{{{ {node.path} }}}}.",
        )
    else:
        message, conseil = f"{label} doit être imprimé et ne l'est pas.", _advice(node)
    return Finding(
        message,
        None,
        node.path,
        tuple(exigence.id for exigence in demanded),
        conseil,
        demanded[0].citation(),
    )


def _advice(node: Node) -> str:
    if pictures := _pictures(node):
        return f"Ajoutez une boucle sur « {pictures[0]} » qui imprime {{{{ logo }}}}."
    leaf = node if node.kind is Kind.LEAF else next(node.leaves(), node)
    rows, _, name = leaf.path.rpartition("[].")
    if rows:
        return f"Ajoutez une boucle sur « {rows} » qui imprime {{{{ ligne.{name} }}}}."
    return f"Ajoutez {{{{ {leaf.path} }}}}."


class _Coverage:
    """What a sequence of items surely prints; ``seen`` gathers what is printed at all. What a tag
    computes, or prints of one row alone, counts unless ``computed`` is false.
    """

    def __init__(self, model: Node, computed: bool = True) -> None:
        self.computed = computed
        self.notes = {
            node.path: _squeeze(node.text)
            for node in model.walk()
            if computed and node.kind is Kind.NOTE and node.text
        }
        self.seen: set[str] = set()

    def of(self, items: Iterable[Any]) -> set[str]:
        sure: set[str] = set()
        text: list[str] = []
        for item in self._flat(items):
            if item.__class__ is str:  # half of them
                text.append(item)
            elif isinstance(item, Print):
                text.append(" ")
                sure |= self._printed(item)
            elif isinstance(item, Choice):
                sure |= self._choice(item)
            elif isinstance(item, Repeat):
                sure |= self._repeat(item)
        sure |= self._notes_in("".join(text))
        self.seen |= sure
        return sure

    def _flat(self, items: Iterable[Any]) -> Iterator[Any]:
        for item in items:
            if item.__class__ is Guarded:
                yield from self._flat(item.body)
            else:
                yield item

    def _printed(self, item: Print) -> set[str]:
        if item.printing.spot is not Spot.RUN:  # an address, an alternative text: not the page
            return set()
        if not self.computed and (item.bound.path is None or item.bound.path.has_rank):
            return set()
        self.seen |= {path for path, _ in item.bound.prints}
        return {path for path, conditions in item.bound.prints if are_about(conditions, path)}

    def _choice(self, item: Choice) -> set[str]:
        printed: list[set[str]] = []
        sure: set[str] = set()
        before = ALWAYS  # what the earlier branches read, and found false
        for test, body in item.branches:
            conditions = before | test().holds if test else before
            before = before | test().fails if test else before
            printed.append(self.of(body))
            sure |= {path for path in printed[-1] if are_about(conditions, path)}
        return sure | set.intersection(*printed) if item.branches[-1][0] is None else sure

    def _repeat(self, item: Repeat) -> set[str]:
        body = self.of(item.body)
        self.of(item.otherwise)
        conditions = item.rows.fails | (item.test().holds if item.test else ALWAYS)
        return {path for path in body if are_about(conditions, path)}

    def _notes_in(self, xml: str) -> set[str]:
        if not self.notes:
            return set()
        text = _squeeze(unescape(_TAGS.sub(" ", _UNPRINTED.sub(" ", xml))))
        found: set[str] = set()
        for note in sorted(set(self.notes.values()), key=len, reverse=True):
            if note in text:  # and a shorter one that it contains is still to be found elsewhere
                found.add(note)
                text = text.replace(note, "\0")
        return {path for path, note in self.notes.items() if note in found}


_UNPRINTED = re.compile(r"<w:(delText|instrText)[ >].*?</w:\1>", re.S)
_TAGS = re.compile(r"<[^>]*>")
_TYPOGRAPHY = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "–": "-",
        "—": "-",
        "‑": "-",
        "…": "...",
        "•": "",
        "\N{SOFT HYPHEN}": "",
        "É": "E",
        "À": "A",
    }
)


def _squeeze(text: str) -> str:
    """The letters of a text, so that neither spaces nor quotation marks keep a note from being
    found.
    """
    return "".join(text.translate(_TYPOGRAPHY).split())
