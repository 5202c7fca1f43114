"""Les exigences qu'un verdict n'a pas vérifiées, et pourquoi : aucune n'est passée sous silence."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache

from dla_docs.mission import Mission
from dla_docs.model.bloc import Bloc
from dla_docs.model.node import Kind
from dla_docs.model.requirement import Exigence, referentiel
from dla_docs.parties.processus import SANS_TRACE
from dla_docs.registry import FORMULAIRES
from dla_docs.stages.ledger import NO_PART, Ledger, Motif, Reason, why_spared
from dla_docs.stages.request import Request

NO_FIELD = "relève du déroulement de la mission, que les documents ne disent pas"
WITHOUT_TRACE = "ne laisse de trace dans aucun document"
ONLY_A_NAME = "autre nom d'un document, sans rien à vérifier"
PRINTED = "texte du modèle Word, que contrôle la production du document"
ALIAS = "alias"


def concerned(request: Request) -> dict[str, Exigence]:
    """Les exigences de ce qui est jugé : toutes pour une mission ; pour un document, celles qu'il
    porte et celles qui le nomment.
    """
    document = request.document
    table = referentiel()
    if isinstance(document, Mission):
        return dict(table)
    slug = document.slug()
    held = {*_carried(type(document)), *_printed(type(document))}
    return {key: one for key, one in table.items() if key in held or slug in one.documents}


def unchecked(
    universe: dict[str, Exigence], ledger: Ledger, request: Request, faulty: Collection[str]
) -> Iterator[tuple[str, Reason]]:
    """Chaque exigence ni respectée, ni en faute, et la raison la plus générale qu'elle ait."""
    order = list(Motif)
    for identifiant, exigence in universe.items():
        if identifiant not in ledger.passed and identifiant not in faulty:
            reasons = [
                *ledger.spared.get(identifiant, ()),
                *([] if identifiant in ledger.spared else [_reason(exigence, ledger, request)]),
            ]
            yield identifiant, min(reasons, key=lambda reason: order.index(reason[0]))
    elsewhere = {*referentiel(), *ledger.passed, *faulty}
    for identifiant, reasons in ledger.spared.items():  # what the profile of a DLA asks for itself
        if identifiant not in elsewhere:
            yield identifiant, reasons[0]


def _reason(exigence: Exigence, ledger: Ledger, request: Request) -> Reason:
    """Why nothing of what was judged came across this one."""
    spared = why_spared(request, exigence)
    if spared[0] is not Motif.PARTIE:
        return spared
    if exigence.id in SANS_TRACE:
        return Motif.DEROULEMENT, f"{WITHOUT_TRACE} : {SANS_TRACE[exigence.id].rstrip('.')}"
    if exigence.nature == ALIAS:
        return Motif.IMPRIMEE, ONLY_A_NAME
    homes = _homes().get(exigence.id, [])
    named = homes or [slug for slug in exigence.documents if slug in FORMULAIRES]
    held = [slug for slug in named if slug in ledger.kinds]
    if any(exigence.id in _printed(FORMULAIRES[slug]) for slug in held):
        return Motif.IMPRIMEE, PRINTED
    if homes and held:
        return Motif.PARTIE, NO_PART
    if named and not held:
        titles = " ; ".join(FORMULAIRES[slug].titre for slug in named)
        return Motif.PARTIE, f"se lit dans un document qui n'est pas là : {titles}"
    return Motif.DEROULEMENT, NO_FIELD


@cache
def _homes() -> dict[str, list[str]]:
    """By requirement, the kinds that bear it."""
    found: dict[str, list[str]] = {}
    for slug, model in FORMULAIRES.items():
        for identifiant in _carried(model) | _printed(model):
            found.setdefault(identifiant, []).append(slug)
    return found


@cache
def _carried(model: type[Bloc]) -> frozenset[str]:
    """What its fields and its rules bear."""
    nodes = (node for node in model.schema_node().walk() if node.kind is not Kind.NOTE)
    fields = {exigence.id for node in nodes for exigence in node.exigences}
    return frozenset(fields | {one.id for rule in model.regles() for one in rule.exigences})


@cache
def _printed(model: type[Bloc]) -> frozenset[str]:
    notes = (node for node in model.schema_node().walk() if node.kind is Kind.NOTE)
    return frozenset(exigence.id for node in notes for exigence in node.exigences)
