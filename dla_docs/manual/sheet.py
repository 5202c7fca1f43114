"""La fiche d'une exigence : qui la demande et dans quels mots, sa force sous chaque profil, où elle
porte, ce que dit le verdict quand elle manque. Lue par le catalogue et par la ligne de commande.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from dla_docs.errors import InputError
from dla_docs.manual.cases import CasMontre, cases_of
from dla_docs.mission import Mission
from dla_docs.model.bloc import Bloc, bloc_of, declaration
from dla_docs.model.document import Document
from dla_docs.model.fields import Attendu, Regle
from dla_docs.model.node import Kind, Node, told
from dla_docs.model.requirement import LIBELLE, Exigence, Force, citations, referentiel, retirees
from dla_docs.parties.processus import SANS_TRACE
from dla_docs.profils.loading import PROFILS, load_profil
from dla_docs.profils.profil import Profil
from dla_docs.registry import DOCUMENTS
from dla_docs.stages.wording import ADVICE, absence, awaited, breach

FORCES = {
    Force.OBLIGATOIRE: "obligatoire",
    Force.STRUCTURE: "imprimé dans le formulaire",
    Force.RECOMMANDE: "recommandé",
    Force.LIBRE: "facultatif",
    None: "pas demandé",
}
PREVU = "prévu par le guide"
LETTRES = {
    **{force.value: said for force, said in FORCES.items() if force},
    "S": "prévu",
    "C": "le guide du Centre",
    "P": "le guide de Provence-Alpes-Côte d'Azur",
    "A": "le référentiel d'activités du Centre",
    "N": "le guide du Nord – Pas de Calais",
    "E": "le carnet du CNAR Environnement",
}
LETTRE = re.compile(r"(?<!type )(?<!monographie )\b[OSRLCPANE]\b(?!')")
SELON = re.compile(r"\b(?:en(?= [CPANE]\b)|pour(?= [CPANE] :))")


@dataclass(frozen=True)
class Parole:
    """Ce qu'un guide en dit."""

    guide: str
    rubrique: str
    force: str
    mots: tuple[str, ...]


@dataclass(frozen=True)
class Endroit:
    """Un champ, un texte, une règle ou une étape du processus qui la porte ; sans ``message`` pour
    ce que le modèle Word imprime, ou qui peut rester vide.
    """

    document: str
    chemin: str
    libelle: str
    message: str = ""
    conseil: str = ""


@dataclass(frozen=True)
class FicheDExigence:
    """Tout ce que l'on sait d'une exigence."""

    id: str
    titre: str
    condition: str
    forces: dict[str, str]
    guides: tuple[Parole, ...]
    endroits: tuple[Endroit, ...]
    cas: tuple[CasMontre, ...]  # of what the verdict speaks of
    documents: tuple[str, ...]  # that bear it, or that the reference names
    sans_trace: str | None = None  # why no document can show it

    @property
    def forces_dites(self) -> str:
        """Sa force sous chaque profil : « obligatoire (national, centre), pas demandé (paca) »."""
        said: dict[str, list[str]] = {}
        for name, force in sorted(self.forces.items(), key=lambda one: one[1] == FORCES[None]):
            said.setdefault(force, []).append(name)
        return ", ".join(f"{force} ({', '.join(names)})" for force, names in said.items())

    def to_dict(self) -> dict[str, Any]:
        """Les clés que promet ``dla-docs exigences ID --format json``."""
        return asdict(self)


@cache
def sheet(identifiant: str) -> FicheDExigence:
    """La fiche d'une exigence ; ``InputError`` pour un identifiant inconnu ou retiré."""
    if identifiant in retirees():
        raise InputError(f"L'exigence {identifiant} est retirée : {retirees()[identifiant]}")
    if identifiant not in referentiel():
        raise InputError(
            f"L'exigence « {identifiant} » est inconnue ; « dla-docs exigences » les liste toutes."
        )
    exigence, places = referentiel()[identifiant], _places().get(identifiant, ())
    known = {**DOCUMENTS, "mission": Mission}
    named = [slug for slug in exigence.documents if slug in known]
    return FicheDExigence(
        exigence.id,
        exigence.titre,
        in_words(exigence.condition),
        {name: _under(load_profil(name), exigence) for name in PROFILS},
        tuple(_words(exigence)),
        places,
        cases_of(identifiant) if any(place.message for place in places) else (),
        tuple(dict.fromkeys((*(place.document for place in places), *named))),
        SANS_TRACE.get(identifiant),
    )


def in_words(condition: str) -> str:
    """La condition du référentiel sans ses abréviations : « L en N » y devient « facultatif selon
    le guide du Nord – Pas de Calais ». Les types et les monographies gardent leur lettre.
    """
    return LETTRE.sub(lambda letter: LETTRES[letter[0]], SELON.sub("selon", condition))


def is_identifier(word: str) -> bool:
    """Vrai pour l'identifiant d'une exigence, retirée ou non."""
    return word in referentiel() or word in retirees()


def _under(profil: Profil, exigence: Exigence) -> str:
    return _said(exigence, profil.force(exigence), profil.imprimee(exigence))


def _said(exigence: Exigence, force: Force | None, imprimee: bool) -> str:
    """A force in words: only a field or a text stands in a form, and not every guide has one."""
    printed = imprimee and exigence.nature in ("champ", LIBELLE)
    return PREVU if force is Force.STRUCTURE and not printed else FORCES[force]


def _words(exigence: Exigence) -> Iterator[Parole]:
    said: dict[str, list[str]] = {}
    for guide, _, words in citations().get(exigence.id, ()):
        said.setdefault(guide, []).append(words)
    for guide, several in said.items():
        name, heading = exigence.place([guide])
        force = _said(exigence, exigence.selon([guide]), exigence.imprimee([guide]))
        yield Parole(name, heading, force, tuple(_each_once(several)))


def _each_once(quotations: list[str]) -> Iterator[str]:
    """What a guide says in a table after a sentence: the whole sentence is enough."""
    several = list(dict.fromkeys(quotations))
    for one in several:
        if not any(one.casefold() in other.casefold() for other in several if other != one):
            yield one


@cache
def _places() -> dict[str, tuple[Endroit, ...]]:
    found: dict[str, list[Endroit]] = {}
    models: dict[str, type[Document]] = {**DOCUMENTS, "mission": Mission}
    for model in models.values():
        for identifiant, place in _of_kind(model):
            found.setdefault(identifiant, []).append(place)
    return {key: tuple(places) for key, places in found.items()}


def _of_kind(model: type[Document]) -> Iterator[tuple[str, Endroit]]:
    for owner, node in _nodes(model, model.schema_node()):
        for exigence in node.exigences:
            yield exigence.id, _field(model, owner, node, exigence)
    for rule in model.regles():
        for exigence in rule.exigences:
            yield exigence.id, _rule(model.slug(), rule, exigence)
    for step in model.attendus:
        for exigence in step.exigences:
            yield exigence.id, _step(model.slug(), step, exigence)


def _nodes(owner: type[Bloc], node: Node) -> Iterator[tuple[type[Bloc], Node]]:
    for child in node.children.values():
        yield owner, child
        if child.kind is not Kind.NOTE and (inner := bloc_of(owner, child.name)):
            yield from _nodes(inner, child)


def _field(model: type[Document], owner: type[Bloc], node: Node, exigence: Exigence) -> Endroit:
    slug, root = model.slug(), model.schema_node()
    if node.kind is Kind.NOTE:
        return Endroit(slug, node.path, f"texte imprimé : « {node.text} »")
    declared, profil = declaration(owner, node.name), _asking(exigence, node.path, node.exigences)
    label = node.label or node.name
    if profil is None or declared.rubrique:
        return Endroit(slug, node.path, label)
    asked = {one: force for one in node.exigences if (force := profil.force(one, node.path))}
    said = absence(told(root, node.path), asked, profil)
    message = f"{said} ({node.path}). {profil.citation(exigence)}"
    return Endroit(slug, node.path, label, message, declared.conseil or ADVICE[node.kind])


def _rule(slug: str, rule: Regle, exigence: Exigence) -> Endroit:
    profil = _asking(exigence, rule.porte_sur)
    if profil is None:
        return Endroit(slug, rule.porte_sur, rule.phrase)
    message = f"{breach(rule.selon(profil), True)} ({rule.porte_sur}). {profil.citation(exigence)}"
    return Endroit(slug, rule.porte_sur, "règle", message, rule.conseil)


def _step(slug: str, step: Attendu, exigence: Exigence) -> Endroit:
    profil = _asking(exigence, step.chemin, step.exigences)
    if profil is None:
        return Endroit(slug, step.chemin, step.quoi)
    asked = {one: force for one in step.exigences if (force := profil.force(one, step.chemin))}
    message = f"{awaited(step, asked, profil)} ({step.chemin}). {profil.citation(exigence)}"
    return Endroit(slug, step.chemin, "processus", message, step.conseil)


def _asking(exigence: Exigence, path: str, beside: Iterable[Exigence] = ()) -> Profil | None:
    """The first shipped profile under which the verdict would speak of it, with its own force
    rather than that of another of the same place.
    """
    speaking = [one for one in map(load_profil, PROFILS) if one.force(exigence, path) not in SILENT]
    firsts = (one for one in speaking if _leads(one, exigence, path, beside))
    return next(firsts, next(iter(speaking), None))


def _leads(profil: Profil, exigence: Exigence, path: str, beside: Iterable[Exigence]) -> bool:
    strongest = min((profil.force(one, path) for one in beside), key=WEIGHTS.index, default=None)
    return WEIGHTS.index(profil.force(exigence, path)) <= WEIGHTS.index(strongest)


SILENT = (None, Force.LIBRE)
WEIGHTS = (*Force, None)  # the strongest first
