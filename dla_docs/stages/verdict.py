"""Le verdict : ce qui manque à un document, ou ce qui s'y contredit, exigence par exigence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dla_docs.constat import Constat, Gravite
from dla_docs.mission import is_mission
from dla_docs.model.bloc import (
    Bloc,
    bloc_of,
    declaration,
    fields_of,
    is_blank,
    retirees_de,
    row_prefixes,
)
from dla_docs.model.document import Document
from dla_docs.model.fields import Attendu, Champ, Condition, Nature, Regle, Stade
from dla_docs.model.html import Constats
from dla_docs.model.node import Node, dotted, steps, told
from dla_docs.model.requirement import Exigence, Force, strongest
from dla_docs.parties.charte import couleurs_illisibles
from dla_docs.parties.logos_absents import logos_absents
from dla_docs.parties.processus import montre
from dla_docs.profils.profil import Profil
from dla_docs.raw import as_in_file, as_written, line_of
from dla_docs.raw.quoting import quoted
from dla_docs.stages.ledger import Etape, Issue, Ledger, Motif, eased, why_spared
from dla_docs.stages.request import Request, resolve
from dla_docs.stages.wording import ADVICE, absence, awaited, breach, only_when, says_nothing

if TYPE_CHECKING:  # a document alone has no mission
    from dla_docs.mission import Mission


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


def verdict(request: Request, ledger: Ledger | None = None) -> Constats:
    """Le verdict d'une demande déjà résolue ; ``ledger`` reçoit ce qu'il a fait de chaque
    exigence.
    """
    found = _found(request, "", ledger)
    return Constats(sorted(found, key=lambda constat: -constat.gravite))


def _found(request: Request, prefix: str, ledger: Ledger | None) -> Iterator[Constat]:
    document = request.document
    held = _Verdict(request, prefix, ledger)
    if ledger is not None:
        ledger.kinds.add(document.slug())
    yield from held.contents(document, type(document).schema_node(), "")
    yield from held.withdrawn()
    yield from held.expected()
    yield from held.rules()
    yield from (_within(prefix, one) for one in document.constats_propres())
    if is_mission(document) or document._mission is None:
        yield from couleurs_illisibles(document)  # a mission says it once
        yield from logos_absents(document)
    if is_mission(document):
        for way, one in _held_by(document):
            yield from _found(request.of(one), way, ledger)


def _within(prefix: str, constat: Constat) -> Constat:
    """What a document says of itself, told from the mission that holds it."""
    path = f"{prefix}{constat.chemin}"
    told = constat.message.replace(f"({constat.chemin}).", f"({path}).")
    return replace(constat, message=told, chemin=path)


def _seen_by_each(document: Any, step: Attendu) -> tuple[tuple[str | None, Any], ...]:
    """The mission as each of its chosen prestataires sees it, where a document of his shows the
    step; else the document as it is.
    """
    his = is_mission(document) and any(one.startswith("documents.") for one in step.un_de)
    return document.vues_des_retenus() if his else ((None, document),)


def _held_by(mission: Mission) -> Iterator[tuple[str, Document]]:
    """Each document of a mission, with the way to it."""
    for slug, documents in mission.documents.items():
        for number, document in enumerate(documents):
            rank = f"[{number}]" if len(documents) > 1 else ""
            yield f"documents.{slug}{rank}.", document


@cache
def _asked_of(model: type[Bloc]) -> tuple[tuple[str, Champ], ...]:
    """Its fields that some guide speaks of, them or what they hold: nothing is said of others."""
    declared = ((name, declaration(model, name)) for name in fields_of(model))
    return tuple((name, one) for name, one in declared if one.exigences or _asks(model, name))


def _asks(model: type[Bloc], name: str) -> bool:
    """Whether some guide speaks of what this field holds."""
    inner = bloc_of(model, name)
    return inner is not None and (
        bool(_asked_of(inner)) or any(one.exigences for one in inner.mentions().values())
    )


@dataclass(frozen=True)
class _Verdict:
    """What one document is held against."""

    request: Request
    prefix: str = ""  # the way to the document, in a mission
    ledger: Ledger | None = None  # only who asks for the proof pays for it

    def contents(
        self, bloc: Bloc, node: Node, prefix: str, spared: frozenset[str] = frozenset()
    ) -> Iterator[Constat]:
        """What is absent, in the order of the form; ``spared``: the columns whose cell may be empty
        here.
        """
        if type(bloc).un_suffit and not is_blank(bloc):
            spared = spared | frozenset(fields_of(type(bloc)))
        children = node.children
        for name, declared in _asked_of(type(bloc)):
            child = children.get(name)
            if child is None:
                continue
            if name in spared:
                self._pass(declared.exigences, f"{prefix}{name}")
                continue
            if declared.si is not None and not declared.si(bloc, self.request.document):
                self._spare_unmet(child, declared.si)
                continue
            value = getattr(bloc, name)
            if declared.exigences:
                if lacking := _lacking(value):
                    yield from self._absent(declared, child, f"{prefix}{name}", lacking)
                elif self.ledger is not None:
                    self._pass(declared.exigences, f"{prefix}{name}")
            if isinstance(value, Bloc):
                yield from self.contents(value, child, f"{prefix}{name}.")
            elif isinstance(value, tuple):
                yield from self._rows(value, child, f"{prefix}{name}")

    def _rows(self, rows: tuple[Any, ...], node: Node, path: str) -> Iterator[Constat]:
        if not rows and self.ledger is not None:
            self._spare(node.leaves(), Motif.PARTIE, NO_ROW)
        for number, row in enumerate(rows):
            if isinstance(row, Bloc):
                yield from self.contents(row, node, f"{path}[{number}].", _spared(rows, number))

    def _absent(self, declared: Champ, node: Node, path: str, said: str) -> Iterator[Constat]:
        if declared.rubrique:
            self._pass(declared.exigences, path)
            return
        if self._is_later(declared.des):
            self._spare_later(declared.exigences, path, declared.des)
            return
        asked = self._asked(declared.exigences, path)
        if asked and (gravite := max(self._gravity(force) for force in asked.values())):
            advice = declared.conseil or ADVICE[node.kind]
            yield self._constat(
                absence(told(self._root, path), asked, self.request.profil, said),
                gravite,
                path,
                asked,
                advice,
            )

    def withdrawn(self) -> Iterator[Constat]:
        """What the file still says of what no guide asks for any more."""
        document = self.request.document
        for path in retirees_de(type(document), document._raw):
            yield self._constat(
                f"Aucun guide ne demande plus « {path.rpartition('.')[2]} » : ce que le fichier en "
                f"dit ne s'imprime pas",
                Gravite.INFORMATION,
                path,
                {},
                "Retirez cette clé.",
            )

    def expected(self) -> Iterator[Constat]:
        """What the process asks for at the stage that the mission has reached."""
        document = self.request.document
        for one in document.attendus:
            if self._is_later(one.des):
                self._spare_later(one.exigences, one.chemin, one.des)
                self._note(one, Issue.PLUS_TARD, f"attendu dès que {one.des.phrase}")
                continue
            if one.si is not None and not one.si(document, document):
                self._spare_case(one.exigences, one.chemin, one.si)
                self._note(one, Issue.SANS_OBJET)
                continue
            asked = self._asked(one.exigences, one.chemin)
            lacking = [
                cle
                for cle, seen in _seen_by_each(document, one)
                if not any(montre(seen, place, one.stade) for place in one.un_de)
            ]
            self._note(one, Issue.DUE if lacking else Issue.MONTREE)
            if not lacking:
                self._pass(one.exigences, one.chemin)
            elif asked:
                yield from self._awaited(one, asked, lacking)

    def _note(self, step: Attendu, issue: Issue, reason: str = "") -> None:
        """What becomes of a step; one that is not for this mission, or that no guide of the profile
        asks for, never becomes due.
        """
        if self.ledger is None:
            return
        document = self.request.document
        if step.si is not None and not step.si(document, document):
            issue, reason = Issue.SANS_OBJET, only_when(step.si)
        elif issue is not Issue.MONTREE and not self._asked(step.exigences, step.chemin):
            first, *_ = step.exigences
            reason = f"{why_spared(self.request, first, step.chemin)[1]} ({first.id})"
            issue = Issue.PAS_DEMANDEE
        self.ledger.etapes.append(Etape(step, issue, reason))

    def _awaited(
        self, step: Attendu, asked: dict[Exigence, Force], lacking: list[str | None]
    ) -> Iterator[Constat]:
        """Said once when nobody shows it; else of each chosen prestataire who does not."""
        document: Any = self.request.document
        everybody = len(lacking) == len(_seen_by_each(document, step))
        for cle in [None] if everybody else lacking:
            yield self._constat(
                awaited(step, asked, self.request.profil, document.nom_de(cle) if cle else ""),
                max(self._gravity(force) for force in asked.values()),
                f"{step.chemin}.{cle}" if cle else step.chemin,
                asked,
                step.conseil,
            )

    def rules(self) -> Iterator[Constat]:
        """What contradicts itself, or another document of the mission; a rule that no guide asks
        for is only a warning.
        """
        for rule in type(self.request.document).regles():
            asked = self._asked(rule.exigences, rule.porte_sur)
            if self._is_later(rule.des):
                self._spare_later(asked, rule.porte_sur, rule.des)
            elif asked or rule.partout or not rule.exigences:
                yield from self._faults(rule, asked)

    def _faults(self, rule: Regle, asked: dict[Exigence, Force]) -> Iterator[Constat]:
        gravite = Gravite.BLOQUANT if Force.OBLIGATOIRE in asked.values() else Gravite.AVERTISSEMENT
        document, profil = self.request.document, self.request.profil
        mission = document if is_mission(document) else document._mission
        faults = rule.faults(document, mission, profil)
        if self.ledger is not None and not faults:
            if rule.avec_mission and mission is None:
                self.ledger.spares(asked, Motif.PARTIE, WITHOUT_MISSION)
            else:
                self.ledger.passes(asked)
        for path, more in faults:
            sentence = " : ".join(filter(None, (rule.selon(profil), more)))
            yield self._constat(
                breach(sentence, bool(asked)),
                gravite,
                path,
                asked,
                rule.conseil,
            )

    def _asked(self, exigences: Iterable[Exigence], path: str) -> dict[Exigence, Force]:
        asked: dict[Exigence, Force] = {}
        for exigence in exigences:
            force = self.request.force(exigence, path)
            if force not in (None, Force.LIBRE) and self.request.conditions_fausses.isdisjoint(
                exigence.conditions
            ):
                asked[exigence] = force
            elif self.ledger is not None:
                self.ledger.spares([exigence], *why_spared(self.request, exigence, path))
        return asked

    def _pass(self, exigences: Iterable[Exigence], path: str) -> None:
        if self.ledger is not None and exigences:
            asked = self._asked(exigences, path)
            told = (one for one in exigences if one in asked or eased(self.request, one, path))
            self.ledger.passes(told)

    def _spare_later(self, exigences: Iterable[Exigence], path: str, stade: Stade | None) -> None:
        if self.ledger is not None and stade is not None:
            asked = self._asked(exigences, path)
            self.ledger.spares(asked, Motif.STADE, f"demandée dès que {stade.phrase}")

    def _spare_unmet(self, node: Node, condition: Condition) -> None:
        if self.ledger is not None:
            self._spare(node.walk(), Motif.CONDITION, only_when(condition))

    def _spare_case(self, exigences: Iterable[Exigence], path: str, condition: Condition) -> None:
        if self.ledger is not None:
            asked = self._asked(exigences, path)
            self.ledger.spares(asked, Motif.CONDITION, only_when(condition))

    def _spare(self, nodes: Iterable[Node], motif: Motif, sentence: str) -> None:
        for node in nodes:
            asked = self._asked(node.exigences, node.path)
            if asked and self.ledger is not None:
                self.ledger.spares(asked, motif, sentence)

    @cached_property
    def _root(self) -> Node:
        return type(self.request.document).schema_node()

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
        if is_mission(document) or document.nature_du_document is not Nature.FORMULAIRE:
            return False  # a mission is filled all along: none of its sheets is the last
        return document.stades is None or self.request.stade is max(document.stades)

    def _constat(
        self, message: str, gravite: Gravite, path: str, asked: dict[Exigence, Force], advice: str
    ) -> Constat:
        document = self.request.document
        if document.ecarte and path.startswith(document.offert):
            gravite = Gravite.INFORMATION
        raw = document._raw
        place = (*as_written(raw, steps(path)),)
        file, line = line_of(raw, place)
        own = (*as_in_file(raw, document._typed, place, row_prefixes(type(document))),)
        ids = tuple(exigence.id for exigence in asked)
        binding = [one for one in asked if asked[one] is strongest(asked.values())]
        source = self.request.profil.citation(binding[0]) if binding else ""
        return Constat(
            f"{message} ({self.prefix}{dotted(own)}).",
            gravite,
            f"{self.prefix}{path}",
            ids,
            file,
            line,
            advice,
            source,
        )


def _lacking(value: object) -> str:
    """How what a field should say is said absent; empty when it says something."""
    if is_blank(value):
        return "absent"
    if isinstance(value, str) and says_nothing(value):
        return f"absent, {quoted(value)} n'en est pas un"
    return ""


NO_ROW = "rien n'est inscrit dans la liste où elle porte"
WITHOUT_MISSION = "se vérifie entre les documents d'une mission"


def _spared(rows: tuple[Bloc, ...], number: int) -> frozenset[str]:
    """A column that is asked for is said absent once, in its first row, when no row fills it."""
    columns = _columns(rows[number].__class__)
    return columns and frozenset(
        name for name in columns if number or any(not is_blank(getattr(row, name)) for row in rows)
    )


@cache
def _columns(model: type[Bloc]) -> frozenset[str]:
    return frozenset(name for name in fields_of(model) if declaration(model, name).colonne)
