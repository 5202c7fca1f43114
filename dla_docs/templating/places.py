"""Où se trouve une balise, dit comme une personne la chercherait dans Word."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from dla_docs.constat import Constat, Gravite
from dla_docs.word.names import W_P, W_T, W_TBL, W_TC, W_TR, ancestor, q


@dataclass(frozen=True, slots=True)
class Place:
    """Un endroit d'un modèle : ``part`` est le nom de la partie, ``paragraph`` le rang de son
    paragraphe (à partir de 0 ; -1 : nulle part).
    """

    part: str
    text: str
    paragraph: int = -1

    def __str__(self) -> str:
        return self.text


class Places:
    """Les places d'une partie, comptées avant que la compilation ne change l'arbre."""

    def __init__(self, root: etree._Element, part: str, title: str) -> None:
        self.part, self.title = part, title
        self._paragraphs = {paragraph: rank for rank, paragraph in enumerate(root.iter(W_P))}
        self._tables = {table: rank for rank, table in enumerate(root.iter(W_TBL), 1)}
        self._free = {
            paragraph: rank
            for rank, paragraph in enumerate((p for p in self._paragraphs if _is_free(p)), 1)
        }

    def of(self, paragraph: etree._Element) -> Place:
        """La place d'un paragraphe : tableau et ligne, ou rang et premiers mots."""
        return Place(
            self.part,
            ", ".join((self.title, *self._within(paragraph))),
            self._paragraphs[paragraph],
        )

    def somewhere(self) -> Place:
        """La partie, sans plus."""
        return Place(self.part, self.title)

    def _within(self, paragraph: etree._Element) -> list[str]:
        row = ancestor(paragraph, W_TR)
        table = None if row is None else ancestor(row, W_TBL)
        if row is not None and table is not None:
            return [
                f"tableau {self._tables[table]}",
                f"ligne {sum(1 for _ in row.itersiblings(W_TR, preceding=True)) + 1}",
            ]
        if ancestor(paragraph, q("w:txbxContent")) is not None:
            return ["zone de texte" + _beginning(paragraph)]
        return [f"paragraphe {self._free[paragraph]}" + _beginning(paragraph)]


def _is_free(paragraph: etree._Element) -> bool:
    return ancestor(paragraph, W_TC) is None and ancestor(paragraph, q("w:txbxContent")) is None


def _beginning(paragraph: etree._Element) -> str:
    text = " ".join("".join(piece.text or "" for piece in paragraph.iter(W_T)).split())
    if not text:
        return ""
    return f" (« {text} »)" if len(text) <= 40 else f" (« {text[:38].rstrip()}… »)"


@dataclass(frozen=True, slots=True)
class Finding:
    """Ce qui ne va pas dans un modèle, et où ;
    ``place`` est ``None`` pour ce qui manque partout."""

    message: str
    place: Place | None = None
    path: str = ""
    exigences: tuple[str, ...] = ()
    conseil: str = ""
    source: str = ""
    gravite: Gravite = Gravite.BLOQUANT

    def constat(self, fichier: str = "") -> Constat:
        """Le constat montré à la personne qui a écrit le modèle."""
        message = f"{self.place} : {self.message}" if self.place else self.message
        return Constat(
            message[:1].upper() + message[1:],
            self.gravite,
            chemin=self.path,
            exigences=self.exigences,
            fichier=fichier,
            conseil=self.conseil,
            source=self.source,
        )
