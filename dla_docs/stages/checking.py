"""Le verdict : ce qui manque à un document, ou ce qui s'y contredit, exigence par exigence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dla_docs.constat import Constat, Gravite
from dla_docs.mission import Mission
from dla_docs.model.bloc import Bloc, declaration, is_blank
from dla_docs.model.document import Document
from dla_docs.model.fields import Champ, Nature, Regle, Stade
from dla_docs.model.html import Constats
from dla_docs.model.node import Kind, Node, steps
from dla_docs.model.requirement import Exigence, Force
from dla_docs.profils.profil import Profil
from dla_docs.raw import line_of
from dla_docs.raw.quoting import quoted
from dla_docs.stages.request import Request, resolve


def check(
    target: Document | Mission, profil: Profil | str | Path | None = None, stade: str | None = None
) -> Constats:
    """Tous les constats d'un document ou d'une mission, les plus graves d'abord.

    Arguments :
    - ``target`` : le document ou la mission ; de la mission, tous les documents sont vus aussi.
    - ``profil`` : un profil livré (« centre »), le fichier d'un DLA ou un ``Profil`` ; sans lui,
      celui du document, sinon celui de sa mission, sinon ``national``.
    - ``stade`` : le nom du stade d'un document qui se remplit par étapes ; sans lui, celui du
      document.

    Rend : une liste de ``Constat``, vide quand tout y est.

    Erreurs :
    - ``InputError`` : le profil ou le stade n'existe pas.
    """
    return verdict(resolve(target, profil, stade))


def verdict(request: Request) -> Constats:
    """Le verdict d'une demande déjà résolue."""
    return Constats(sorted(_found(request), key=lambda constat: -constat.gravite))


def _found(request: Request, prefix: str = "") -> Iterator[Constat]:
    document = request.document
    held = _Verdict(request, prefix)
    yield from held.contents(document, type(document).schema_node(), "")
    yield from held.rules()
    yield from document.constats_propres()
    if isinstance(document, Mission):
        for way, one in _held_by(document):
            yield from _found(request.of(one), way)


def _held_by(mission: Mission) -> Iterator[tuple[str, Document]]:
    """Each document of a mission, with the way to it."""
    for slug, documents in mission.documents.items():
        for number, document in enumerate(documents):
            rank = f"[{number}]" if len(documents) > 1 else ""
            yield f"documents.{slug}{rank}.", document


@dataclass(frozen=True)
class _Verdict:
    """What one document is held against."""

    request: Request
    prefix: str = ""  # the way to the document, in a mission

    def contents(
        self, bloc: Bloc, node: Node, prefix: str, spared: frozenset[str] = frozenset()
    ) -> Iterator[Constat]:
        """What is absent, in the order of the form; ``spared``: the columns whose cell may be empty
        here.
        """
        if type(bloc).un_suffit and not is_blank(bloc):
            spared = spared | frozenset(type(bloc).model_fields)
        for name in type(bloc).model_fields:
            if name not in node.children or name in spared:
                continue
            declared, value, path = (
                declaration(type(bloc), name),
                getattr(bloc, name),
                f"{prefix}{name}",
            )
            if declared.si is not None and not declared.si(bloc, self.request.document):
                continue
            if is_blank(value):
                yield from self._absent(declared, node.children[name], path, "absent")
            elif isinstance(value, str) and says_nothing(value):
                told = f"absent, {quoted(value)} n'en est pas un"
                yield from self._absent(declared, node.children[name], path, told)
            yield from self._below(value, node.children[name], path)

    def _below(self, value: object, node: Node, path: str) -> Iterator[Constat]:
        if isinstance(value, Bloc):
            yield from self.contents(value, node, f"{path}.")
        elif isinstance(value, tuple):
            for number, row in enumerate(value):
                if isinstance(row, Bloc):
                    yield from self.contents(
                        row, node, f"{path}[{number}].", _spared(value, number)
                    )

    def _absent(self, declared: Champ, node: Node, path: str, told: str) -> Iterator[Constat]:
        if declared.rubrique or self._is_later(declared.des):
            return
        asked = self._asked(declared.exigences, path)
        if asked and (gravite := max(self._gravity(force) for force in asked.values())):
            advice = declared.conseil or ADVICE[node.kind]
            yield self._constat(
                f"{node.label.rstrip(' :')} : contenu {_word(asked.values())} {told}",
                gravite,
                path,
                asked,
                advice,
            )

    def rules(self) -> Iterator[Constat]:
        """What contradicts itself, or another document of the mission; a rule that no guide asks
        for is only a warning.
        """
        for rule in type(self.request.document).regles():
            asked = self._asked(rule.exigences, rule.porte_sur)
            if (asked or not rule.exigences) and not self._is_later(rule.des):
                yield from self._faults(rule, asked)

    def _faults(self, rule: Regle, asked: dict[Exigence, Force]) -> Iterator[Constat]:
        gravite = Gravite.BLOQUANT if Force.OBLIGATOIRE in asked.values() else Gravite.AVERTISSEMENT
        document, profil = self.request.document, self.request.profil
        mission = document if isinstance(document, Mission) else document._mission
        for path in rule.faults(document, mission, profil):
            yield self._constat(
                f"{'Règle non respectée' if asked else 'A vérifier'} : {rule.phrase.rstrip('.')}",
                gravite,
                path,
                asked,
                rule.conseil,
            )

    def _asked(self, exigences: Iterable[Exigence], path: str) -> dict[Exigence, Force]:
        forces = (
            (exigence, self.request.profil.force(exigence, path))
            for exigence in exigences
            if self.request.conditions_fausses.isdisjoint(exigence.conditions)
        )
        return {exigence: force for exigence, force in forces if force not in (None, Force.LIBRE)}

    def _is_later(self, stade: Stade | None) -> bool:
        """What is asked for from a stage that is still to come is not missing yet."""
        now = self.request.stade
        return stade is not None and now is not None and now < stade

    def _gravity(self, force: Force) -> Gravite:
        if force is Force.OBLIGATOIRE or (force is Force.STRUCTURE and self._is_final_form()):
            return Gravite.BLOQUANT
        return Gravite.INFORMATION if force is Force.LIBRE else Gravite.AVERTISSEMENT

    def _is_final_form(self) -> bool:
        document = self.request.document
        if isinstance(document, Mission) or document.nature_du_document is not Nature.FORMULAIRE:
            return False  # a mission is filled all along: none of its sheets is the last
        return document.stades is None or self.request.stade is max(document.stades)

    def _constat(
        self, message: str, gravite: Gravite, path: str, asked: dict[Exigence, Force], advice: str
    ) -> Constat:
        file, line = line_of(self.request.document._raw, steps(path))
        ids = tuple(exigence.id for exigence in asked)
        source = self.request.profil.citation(next(iter(asked))) if asked else ""
        return Constat(
            f"{message} ({self.prefix}{path}).",
            gravite,
            f"{self.prefix}{path}",
            ids,
            file,
            line,
            advice,
            source,
        )


ADVICE = {
    Kind.LEAF: "Remplissez ce champ.",
    Kind.PART: "Remplissez cette partie.",
    Kind.ROWS: "Ajoutez au moins une ligne.",
    Kind.NOTE: "",
}


NOTHING = re.compile(
    r"(?:[\s.…?_/*–—-]+|x{2,}|tbd|[aà] (?:remplir|compl[eé]ter|renseigner)(?: : .*)?)",
    re.IGNORECASE,
)  # what is typed to come back to it later


def says_nothing(value: str) -> bool:
    """Vrai d'un texte qui tient la place d'une réponse : « … », « ? », « à compléter »."""
    return NOTHING.fullmatch(value.strip()) is not None


def _spared(rows: tuple[Any, ...], number: int) -> frozenset[str]:
    """A column that is asked for is said absent once, in its first row, when no row fills it."""
    columns = (
        name
        for name in type(rows[number]).model_fields
        if declaration(type(rows[number]), name).colonne
    )
    return frozenset(
        name for name in columns if number or any(not is_blank(getattr(row, name)) for row in rows)
    )


def _word(forces: Iterable[Force]) -> str:
    present = set(forces)
    if Force.OBLIGATOIRE in present:
        return "obligatoire"
    return "demandé par le formulaire" if Force.STRUCTURE in present else "recommandé"
