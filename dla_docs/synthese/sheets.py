"""Une fiche d'évaluation vue par la synthèse : ses lignes, lues d'après ce que sa classe déclare,
et ce qui permet de la ranger.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from dla_docs.model.bloc import Bloc
from dla_docs.model.document import Document, applies
from dla_docs.model.node import Kind, Node
from dla_docs.model.values import Reponse
from dla_docs.parties.evaluation import GrilleDEvaluation
from dla_docs.raw.overlaying import CLE

ANSWERS = tuple(str(answer) for answer in Reponse)
REMARK, OWN_TITLE = (
    "commentaire",
    "intitule",
)  # how the grids name a comment, and the title that someone gives to a line


@dataclass(frozen=True)
class LigneDeGrille:
    """Une ligne d'une grille. ``libre`` : la fiche lui donne son titre (``intitule``) ;
    ``resultat`` : c'est un résultat attendu.
    """

    chemin: str
    partie: str
    libelle: str
    libre: bool = False
    intitule: str = ""
    resultat: bool = False
    question: bool = True  # it holds an answer, and not only comments
    reponse: Reponse | None = None
    remarques: tuple[tuple[str, str], ...] = ()  # who, and what they wrote

    @property
    def part(self) -> str:
        """La part du document où elle est."""
        return self.chemin.partition(".")[0]

    @property
    def dite(self) -> bool:
        """Vrai quand quelqu'un y a écrit."""
        return self.reponse is not None or bool(self.remarques)


@dataclass(frozen=True)
class Fiche:
    """Une fiche d'évaluation, d'où elle vient, et le thème de sa mission quand on le sait.

    ``ailleurs`` : les parts que toutes les fiches de sa mission disent d'une même voix, et qu'une
    autre compte.
    """

    document: GrilleDEvaluation
    origine: str = ""
    theme: str = ""
    ailleurs: tuple[str, ...] = ()

    @cached_property
    def lignes(self) -> tuple[LigneDeGrille, ...]:
        """Les lignes de sa grille, dans l'ordre du formulaire."""
        found = _lines(self.document, type(self.document).schema_node(), self.document, "")
        return tuple(
            replace(line, reponse=None, remarques=()) if line.part in self.ailleurs else line
            for line in found
        )

    @property
    def reponses(self) -> int:
        """Combien de lignes ont une réponse."""
        return sum(line.reponse is not None for line in self.lignes)

    @property
    def repondant(self) -> str:
        """Le nom de la personne qui l'a remplie, quand la fiche est personnelle et le dit."""
        return getattr(getattr(self.document, "participant", None), "nom", None) or ""

    @property
    def prestataire(self) -> str:
        """Le nom du prestataire évalué."""
        return self.document.prestataire.nom or ""

    @property
    def structure(self) -> str:
        """La structure qui répond : celle du participant, sinon celles de la fiche ; rien d'un
        participant qui ne dit pas la sienne.
        """
        who = getattr(self.document, "participant", None)
        if who is not None:
            return who.structure or ""
        return ", ".join(structure.nom for structure in self.document.structures if structure.nom)

    @property
    def annee(self) -> str:
        """L'année de l'échange d'évaluation, sinon celle de la première date de la fiche."""
        day = self.document.date or self.document.jour
        return str(day.year) if day else ""


def blank_lines(model: type[Document]) -> list[LigneDeGrille]:
    """Les lignes d'une grille vierge, sans réponse, dans l'ordre du formulaire."""
    empty = model()
    return list(_lines(empty, model.schema_node(), empty, "", everything=True))


def _lines(
    bloc: Bloc, node: Node, document: Document, part: str, everything: bool = False
) -> Iterator[LigneDeGrille]:
    for name, child in node.children.items():
        if child.kind not in (Kind.PART, Kind.ROWS) or not (
            everything or applies(bloc, name, document)
        ):
            continue
        value, title = getattr(bloc, name), _label(bloc, child)
        for row in value if child.kind is Kind.ROWS else (value,):
            if _is_line(child):
                yield _line(row, child, document, part or child.label, title)
            else:
                yield from _bare_answers(row, child, document, part or child.label)
            yield from _lines(row, child, document, part or child.label, everything)


def _label(bloc: Bloc, node: Node) -> str:
    """A criterion that details the one above it says so."""
    return f"– {node.label}" if node.name in bloc.sous_points else node.label


def _is_line(node: Node) -> bool:
    """A line has one answer at most, what was written beside it, and perhaps a title of its own."""
    leaves = [child for child in node.children.values() if child.kind is Kind.LEAF]
    answers = [leaf for leaf in leaves if leaf.choices == ANSWERS]
    remarks = [leaf for leaf in leaves if _is_remark(leaf)]
    others = [
        leaf
        for leaf in leaves
        if leaf not in answers + remarks and leaf.name not in (OWN_TITLE, CLE)
    ]
    return len(answers) <= 1 and bool(answers or remarks) and not others


def _bare_answers(bloc: Bloc, node: Node, document: Document, part: str) -> Iterator[LigneDeGrille]:
    """Questions that stand among other fields, each under its own label: those that a DLA adds."""
    for name, leaf in node.children.items():
        if leaf.choices == ANSWERS:
            yield LigneDeGrille(
                leaf.path,
                part,
                leaf.label,
                reponse=getattr(bloc, name) if applies(bloc, name, document) else None,
            )


def _answer(node: Node) -> Node | None:
    return next((child for child in node.children.values() if child.choices == ANSWERS), None)


def _is_remark(node: Node) -> bool:
    return node.kind is Kind.LEAF and node.name.startswith(REMARK)


def _line(bloc: Bloc, node: Node, document: Document, part: str, label: str) -> LigneDeGrille:
    answer = _answer(node)
    given = getattr(bloc, answer.name) if answer and applies(bloc, answer.name, document) else None
    remarks = tuple(
        (_role(child), str(text))
        for child in node.children.values()
        if _is_remark(child) and (text := getattr(bloc, child.name))
    )
    own = " ".join((getattr(bloc, OWN_TITLE, None) or "").split())
    return LigneDeGrille(
        node.path,
        part,
        label,
        OWN_TITLE in node.children,
        own,
        node.kind is Kind.ROWS,
        answer is not None,
        given,
        remarks,
    )


def _role(node: Node) -> str:
    return " ou ".join(WHO.get(role, role) for role in sorted(node.roles))


WHO = {
    "charge_de_mission": "Chargé(e) de mission DLA",
    "structure": "Structure",
    "participant": "Participant(e)",
    "prestataire": "Prestataire",
}
