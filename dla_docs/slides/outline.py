"""Ce que dit une présentation, avant toute mise en page : ce que la classe du document déclare,
rempli des valeurs que son rapport imprime.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dla_docs.builder.compact import GAP
from dla_docs.builder.printed_words import introduced, typeset
from dla_docs.model.bloc import Bloc, bloc_of
from dla_docs.model.document import Document
from dla_docs.model.layout import Colonne, Diapo, Diaporama, Ligne
from dla_docs.model.node import Kind, Node
from dla_docs.model.requirement import COMPELLING, referentiel
from dla_docs.stages.logos import logos
from dla_docs.stages.request import Request
from dla_docs.templating import BROUILLON, DEFINITIF, Image
from dla_docs.templating.printing import escape_plain, formatter, typesetter

FIELD = "champ"  # the nature of a content, in the reference
ASKED = "À dire, d'après le guide : "


@dataclass(frozen=True)
class Passage:
    """Un texte, et le libellé qui l'annonce ; à puce quand il est d'une liste, en gras s'il est
    ``fort``.
    """

    texte: str
    libelle: str = ""
    puce: bool = False
    fort: bool = False


@dataclass(frozen=True)
class Tableau:
    """Un tableau : ses titres, la part de largeur de chaque colonne, ses lignes."""

    entetes: tuple[str, ...]
    largeurs: tuple[float, ...]
    lignes: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """Ce qui se dit sous un titre : des textes ou un tableau, et les notes de l'orateur."""

    titre: str
    passages: tuple[Passage, ...] = ()
    tableau: Tableau | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outline:
    """Une présentation : sa page de garde, ses logos, ce qui la suit."""

    garde: Section
    logos: tuple[Image, ...]
    sections: tuple[Section, ...]


def outline(request: Request, declared: Diaporama) -> Outline:
    """Ce que dit la présentation d'un document ; ce qui n'y a rien à dire n'y est pas."""
    page = _Page(request)
    draft = " – brouillon" if request.mode is BROUILLON else ""
    lines = tuple(filter(None, map(page.line, declared.garde)))
    found = logos(request.document, request.profil, request.mode is DEFINITIF)
    shown = [one for one in (*found.porteurs, *found.financeurs) if isinstance(one, Image)]
    cover = Section(typeset(request.document.titre) + draft, lines)
    sections = tuple(filter(None, map(page.section, declared.diapos)))
    return Outline(cover, tuple(shown), sections)


@dataclass(frozen=True)
class _Page:
    """The values of a document, with what its class says of them."""

    request: Request

    @property
    def model(self) -> type[Document]:
        return type(self.request.document)

    def line(self, line: Ligne) -> Passage | None:
        said = [self._joined(path, line.libelle) for path in line.champs]
        text = line.separateur.join(filter(None, said))
        return Passage(text, fort=line.fort) if text else None

    def _joined(self, path: str, label: bool) -> str:
        node, value = self._node(path), self._value(path)
        if node.kind is Kind.ROWS:
            rows = _rows(self.model, path)
            text = ", ".join(
                filter(None, (self._text(node, rows.principal, one) for one in value or ()))
            )
        else:
            text = self._leaf(node, value)
        return f"{introduced(typeset(node.label))}{text}" if label and text else text

    def section(self, slide: Diapo) -> Section | None:
        several = len(slide.champs) > 1
        passages: list[Passage] = []
        table: Tableau | None = None
        for path in slide.champs:
            columns = self._columns(slide, path)
            label = typeset(self._node(path).label) if several else ""
            if columns:
                table = self._table(path, columns)
            else:
                passages += self._passages(path, label)
        if not passages and table is None:
            return None
        notes = (*self._asked(slide), *self._notes(slide))
        return Section(typeset(slide.titre), tuple(passages), table, notes)

    def _columns(self, slide: Diapo, path: str) -> Sequence[Colonne]:
        if self._node(path).kind is not Kind.ROWS:
            return ()
        own = _rows(self.model, path).colonnes
        return slide.colonnes or [one for one in own if isinstance(one, Colonne)]

    def _passages(self, path: str, label: str) -> Iterator[Passage]:
        node, value = self._node(path), self._value(path)
        if node.kind is Kind.ROWS:
            principal = _rows(self.model, path).principal
            texts = [self._text(node, principal, row) for row in value or ()] or [self._gap(node)]
        else:
            texts = self._leaf(node, value).split("\n")
        for text in filter(None, map(str.strip, texts)):
            yield Passage(text, label, node.kind is Kind.ROWS)
            label = ""

    def _table(self, path: str, columns: Sequence[Colonne]) -> Tableau | None:
        node, rows = self._node(path), self._value(path) or []
        cells = [
            tuple(self._cell(node, column, row, rank) for column in columns)
            for rank, row in enumerate(rows, 1)
        ]
        if gap := "" if rows else self._gap(node):
            cells = [(gap, *("" for _ in columns[1:]))]
        kept = [rank for rank in range(len(columns)) if any(row[rank] for row in cells)]
        if not kept:
            return None
        return Tableau(
            tuple(typeset(columns[rank].titre) for rank in kept),
            tuple(columns[rank].largeur for rank in kept),
            tuple(tuple(row[rank] for rank in kept) for row in cells),
        )

    def _cell(self, node: Node, column: Colonne, row: Mapping[str, Any], rank: int) -> str:
        said = "\n".join(filter(None, (self._text(node, name, row) for name in column.champs)))
        return f"{typeset(f'{column.numero} {rank} :')} {said}" if column.numero else said

    def _asked(self, slide: Diapo) -> Iterator[str]:
        """What the guides that the profile follows want said there."""
        nodes = [below for path in slide.champs for below in self._node(path).walk()]
        keys = dict.fromkeys(
            one.id
            for node in nodes
            for one in node.exigences
            if one.nature == FIELD and self.request.force(one)
        )
        for key in keys:
            yield f"{typeset(ASKED)}{typeset(referentiel()[key].titre)} ({key})"

    def _notes(self, slide: Diapo) -> Iterator[str]:
        for path in slide.notes:
            head, _, name = path.partition(".")
            node = self._node(head)
            for rank, row in enumerate(self._value(head) or (), 1):
                if text := self._text(node, name, row):
                    label = typeset(node.children[name].label)
                    yield f"{introduced(f'{rank}. {label}')}{text}"

    def _text(self, node: Node, name: str, row: Mapping[str, Any]) -> str:
        return self._leaf(node.children[name], row.get(name))

    def _leaf(self, node: Node, value: Any) -> str:
        if value is None:
            return self._gap(node)
        text = typesetter(node)(str(formatter(node.format)(value)))
        escape_plain(text, node.path)  # refused here as in the Word file
        return text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").strip()

    def _gap(self, node: Node) -> str:
        """What a draft says of what is asked for and is not there."""
        due = any(self.request.force(one) in COMPELLING for one in node.exigences)
        return f"[{node.label} : {GAP}]" if due and self.request.mode is BROUILLON else ""

    def _node(self, path: str) -> Node:
        node = self.model.schema_node().find(path)
        assert node is not None, path  # a test holds the declarations to the fields
        return node

    def _value(self, path: str) -> Any:
        value: Any = self.request.values
        for name in path.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
        return value


def _rows(model: type[Bloc], path: str) -> type[Bloc]:
    """The class of the rows that stand at the end of a path."""
    for name in path.split("."):
        held = bloc_of(model, name)
        assert held is not None, path
        model = held
    return model
